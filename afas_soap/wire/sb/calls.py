"""SB calls: an operation of the table below its base address, asked or written, with the headers that SB wants.

Sources: small-business.md 2 and 3. The version is always sent, since what a call without one gets is not known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from afas_soap.sb.operation import Operation
from afas_soap.sb.results import Result, result_from_json
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport

_Result = TypeVar("_Result")

JSON = "application/json"

# The answer to a write names what was made, and no more.
_LARGEST = 16 * 2**20


class SbCalls:
    """Calls to the customer environment whose address the transport's link has as ``rest_url``
    (``https://demo.afasfocus.nl/enyoi``), or to the Admin Center beside it. ``patient`` false asks each question
    once."""

    def __init__(self, transport: Transport, *, patient: bool = True) -> None:
        self.transport = transport
        self._patient = patient

    @property
    def environment(self) -> str:
        """The environment's name, for errors."""
        return self.transport.link.environment

    @property
    def base(self) -> str:
        """The address of the customer environment, without a slash at its end."""
        return self.transport.link.rest_url

    @property
    def admin(self) -> str:
        """The address of the Admin Center at the same host."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}/admin"

    def ask(self, operation: Operation, query: str = "") -> Answer:
        """The answer to a read, of which the body is still to be read. ``query`` begins with ``?`` or is empty.

        It is not resumed when it breaks off: a tracking token stands in front of the rows and may be another each time.
        """
        base = self.admin if operation.admin_only else self.base
        request = self._read(operation.connector, f"{base}/{operation.path}{query}", operation.version)
        return self.transport.ask(dataclasses.replace(request, resumes=False))

    def write(self, operation: Operation, body: bytes, identifier: str, read: Callable[[Answer], _Result]) -> _Result:
        """What ``read`` makes of the answer to a write with the JSON ``body``. A call that carries the ``identifier``
        (a UUID) of one before is carried out once (3.2). Every error has its fate."""
        return self.transport.write(self.writing(operation, body, identifier), read)

    def writing(self, operation: Operation, body: bytes, identifier: str) -> Request:
        """The request of a write, as ``write`` sends it."""
        headers = {**_headers(operation.version), "Content-Type": JSON, "Tracking-Identifier": identifier}
        return Request(
            Accepts.JSON,
            operation.verb.lower(),
            operation.connector,
            f"{self.base}/{operation.path}",
            headers,
            body=body,
            read=False,
            verb=operation.verb,
            what="write",
        )

    def read(self, name: str, url: str, parse: Callable[[bytes], _Result]) -> _Result:
        """What ``parse`` makes of a small answer from ``url``; ``name`` is what is asked for, for errors."""
        with self.transport.ask(self._read(name, url, "1.0")) as answer:
            return parse(answer.whole(self.transport.link.max_document))

    def _read(self, connector: str, url: str, version: str) -> Request:
        return Request(Accepts.JSON, "get", connector, url, _headers(version), patient=self._patient)


def read_result(answer: Answer) -> Result:
    """The result of a write that its answer holds; see ``sb.results.result_from_json`` for what is raised."""
    return result_from_json(answer.whole(_LARGEST))


def _headers(version: str) -> Mapping[str, str]:
    return {"Accept": JSON, "Accept-Version": version}
