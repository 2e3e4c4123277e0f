"""zeep on the shipped WSDL documents: it writes envelopes, and neither loads nor sends anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

import zeep
import zeep.exceptions
from zeep.wsdl.utils import etree_to_string

from afas_soap.errors import QueryError, SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.profit.shipped import Shipped

# Nobody's host (RFC 2606): what is not shipped must not be looked for anywhere.
_PREFIX = "https://wsdl-cache.invalid/"
_PORT_ENDINGS = {"1.1": "Soap", "1.2": "Soap12"}
SOAP_VERSIONS = tuple(_PORT_ENDINGS)


@dataclass(frozen=True, slots=True)
class Message:
    """An envelope, and the headers that say what it is. The token may stand in it, so it does not show."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]


class ShippedOnly:
    """A zeep transport that loads one shipped document and refuses everything else."""

    def __init__(self, document: Shipped) -> None:
        self._document = document
        self.location = _PREFIX + document.file

    def load(self, url: str) -> bytes:
        """The shipped document at ``location``."""
        if url != self.location:
            raise SettingsError("A WSDL refers to another document, and none is ever fetched.")
        return self._document.document()

    def post(self, address: str, message: object, headers: object) -> NoReturn:
        """Refused: envelopes are sent by ``wire.http.transport``."""
        raise SettingsError("zeep sends nothing here: envelopes go through wire.transport.")

    post_xml = get = post


class Envelopes:
    """Writes the envelopes of one service, in SOAP ``1.1`` or ``1.2``."""

    def __init__(self, document: Shipped, soap_version: str) -> None:
        self._version = soap_version
        transport = ShippedOnly(document)
        settings = zeep.Settings(strict=True, forbid_dtd=True, forbid_entities=True)
        port = document.service + _PORT_ENDINGS[soap_version]
        self._client = zeep.Client(  # type: ignore[no-untyped-call]
            transport.location,
            transport=transport,
            settings=settings,
            service_name=document.service,
            port_name=port,
        )
        self._binding = self._client.wsdl.services[document.service].ports[port].binding

    def message(self, operation: str, parameters: Mapping[str, object]) -> Message:
        """The envelope of a call, its parameters in the WSDL's order; those that are None are left out.

        ``QueryError`` for a parameter that the WSDL does not know, or a text that XML cannot carry.
        """
        try:
            # No name for the texts: a token among them would show where a traceback shows what names stand for.
            envelope = self._client.create_message(  # type: ignore[no-untyped-call]
                self._client.service,
                operation,
                **{name: _text(value) for name, value in parameters.items() if value is not None},
            )
        except (zeep.exceptions.Error, TypeError, ValueError):
            # zeep's and lxml's own words may hold the value.
            failure = QueryError(
                f"{operation}: a parameter is missing, unknown, of the wrong type, or holds a character that XML "
                "cannot carry, such as a control character."
            )
        else:
            return Message(etree_to_string(envelope), self._headers(operation))  # type: ignore[no-untyped-call]
        raise failure

    def _headers(self, operation: str) -> Mapping[str, str]:
        # Quoted and unquoted actions both work (profit-wire 1.3); quoted is what SOAP 1.1 prescribes.
        action = f'"{self._binding.get(operation).soapaction}"'
        if self._version == "1.2":
            return {"Content-Type": f"application/soap+xml; charset=utf-8; action={action}"}
        return {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": action}


def _text(value: object) -> object:
    """What is hidden is revealed here, where it is written, and has no name before."""
    if isinstance(value, Secret):
        return value.reveal()
    return value.xml() if isinstance(value, AfasToken) else value
