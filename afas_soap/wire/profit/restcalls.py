"""REST calls: a path below the service's address, asked, and its error body as the refusal that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from afas_soap.errors import AnswerError, Busy, ProfitError, QueryError
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.updates.restcall import segment
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.refusals import Whom, refused_within

_Parsed = TypeVar("_Parsed")


class RestCalls:
    """Calls over REST, which ``RestConnectors`` and its siblings share. ``patient`` false asks each question once."""

    def __init__(self, transport: Transport, *, patient: bool = True) -> None:
        self.transport = transport
        self._patient = patient

    def ask(self, operation: str, connector: str | None, path: str) -> Answer:
        """The answer to a read, of which the body is still to be read."""
        url = f"{self.transport.link.rest_url}/{path}"
        headers = {"Accept": "application/json"}
        return self.transport.ask(Request(Accepts.JSON, operation, connector, url, headers, patient=self._patient))

    def ask_document(self, operation: str, path: str, *, binary: bool = False) -> Answer:
        """The same for a document: ``binary`` asks for it as it is, and not in JSON (special-connectors 2)."""
        if not binary:
            return self.ask(operation, None, path)
        url = f"{self.transport.link.rest_url}/{path}"
        headers = {"Accept": "*/*", "SendFileAsBinary": "1"}
        return self.transport.ask(Request(Accepts.BYTES, operation, None, url, headers, patient=self._patient))

    def read(self, operation: str, connector: str | None, path: str, parse: Callable[[bytes], _Parsed]) -> _Parsed:
        """What ``parse`` makes of a small answer. An error body that came as a success is Profit's refusal."""
        with self.ask(operation, connector, path) as answer:
            data = answer.whole(self.transport.link.max_document)
            try:
                return parse(data)
            except AnswerError:
                body = error_from_json(data)
                if body is None:
                    raise
            raise self.refused(body.error(), connector, answer)

    def refused(self, error: ProfitError, connector: str | None, answer: Answer) -> ProfitError:
        """``error``, which stood in ``answer``, as the refusal that it would have been with a status of its own."""
        self.transport.masked(error)
        if isinstance(error, Busy):
            return error
        return refused_within(error, Whom(self.transport.link.environment, connector), answer.trace_id)


def connector_segment(connector: str) -> str:
    """``connector`` as one part of a path. Raises ``QueryError`` for what is no name."""
    if connector in ("", ".", ".."):
        raise QueryError("The name of a connector is empty or is none.")
    return segment(connector)
