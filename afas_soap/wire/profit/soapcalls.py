"""SOAP calls: an operation of a service as an envelope, sent, and its fault as the refusal that it is."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Iterator, Mapping

from afas_soap.errors import ProfitError, SettingsError
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.authorizer import Authorizer
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.refusals import Whom, refused_within
from afas_soap.wire.profit.shipped import document_of
from afas_soap.wire.profit.wsdl import SOAP_VERSIONS, Envelopes

_LOG = logging.getLogger("afas_soap.wire")

Parameters = Mapping[str, object]


class SoapCalls:
    """Calls over SOAP ``1.1`` or ``1.2``, which ``SoapConnectors`` and its siblings share.

    ``token_in_body`` puts the token into the envelope in place of the header, which AFAS discourages and will end
    (profit-wire 1.4); it warns.
    """

    def __init__(self, transport: Transport, *, soap_version: str = "1.1", token_in_body: bool = False) -> None:
        if soap_version not in SOAP_VERSIONS:
            raise SettingsError(f"soap_version is one of {', '.join(SOAP_VERSIONS)}.")
        self.transport = transport
        self._token = _for_the_body(transport.link.authorizer) if token_in_body else None
        self._envelopes = functools.cache(lambda service: Envelopes(document_of(service), soap_version))

    def ask(
        self, service: str, operation: str, connector: str | None, parameters: Parameters, *, asmx: str | None = None
    ) -> Answer:
        """The answer to a read, of which the body is still to be read."""
        return self.transport.ask(self.request(service, operation, connector, parameters, asmx=asmx))

    def request(
        self, service: str, operation: str, connector: str | None, parameters: Parameters, *, asmx: str | None = None
    ) -> Request:
        """The request of an operation of ``service``, a name as in ``wsdl_cache``. Parameters that are None are left
        out. Raises ``QueryError`` for what the WSDL does not know or XML cannot carry."""
        message = self._envelopes(service).message(operation, {"token": self._token, **parameters})
        return Request(
            Accepts.XML,
            operation,
            connector,
            f"{self.transport.link.soap_url}/{asmx or document_of(service).asmx}",
            message.headers,
            message.body,
            sign=self._token is None,
        )

    @contextlib.contextmanager
    def faults(self, answer: Answer, connector: str | None) -> Iterator[None]:
        """A fault in an answer that began as a success is the same refusal as any other."""
        try:
            yield
        except ProfitError as error:
            raise self.refused(error, connector, answer) from None

    def refused(self, error: ProfitError, connector: str | None, answer: Answer, *, read: bool = True) -> ProfitError:
        """``error``, which stood in ``answer``, as the refusal that it would have been with a status of its own."""
        whom = Whom(self.transport.link.environment, connector, read)
        return refused_within(self.transport.masked(error), whom, answer.trace_id)


def _for_the_body(authorizer: Authorizer | None) -> AfasToken:
    """The classic token that signs requests, to go in the envelope instead."""
    if authorizer is None:
        raise SettingsError("token_in_body needs a token, and none is set.")
    if not isinstance(authorizer, ClassicAuthorizer):
        raise SettingsError("token_in_body is for the classic token: an access token goes in the header only.")
    _LOG.warning("token_in_body: the token goes in the SOAP body, which AFAS discourages and will end")
    return authorizer.token
