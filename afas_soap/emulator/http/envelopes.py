"""SOAP envelopes at Profit's end: requests read safely, answers written in the byte layout that was recorded.

Sources: profit-wire 1.3 and 7; what is said of SOAP 1.2 and of ASP.NET's own refusals is inferred.
"""

from __future__ import annotations

import enum
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from afas_soap.emulator.http.answers import blocks
from afas_soap.emulator.refusals import UNKNOWN_ACTION, UNREADABLE, VERSION_MISMATCH, Refused
from afas_soap.errors import AnswerError
from afas_soap.profit.xmlsafe import parse

SERVICES = "urn:Afas.Profit.Services"


class Version(enum.Enum):
    """SOAP 1.1 or 1.2, by the namespace of its envelope."""

    SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
    SOAP12 = "http://www.w3.org/2003/05/soap-envelope"

    @property
    def content_type(self) -> str:
        """What an answer of this version is called."""
        return "application/soap+xml; charset=utf-8" if self is Version.SOAP12 else "text/xml; charset=utf-8"


# The media types a request may have. application/xml stands in AFAS' own sample and says nothing about the version.
_VERSIONS: Mapping[str, Version | None] = {
    "text/xml": Version.SOAP11,
    "application/soap+xml": Version.SOAP12,
    "application/xml": None,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One SOAP request. ``parameters`` holds the token perhaps, so it does not show."""

    version: Version
    operation: str
    parameters: Mapping[str, str] = field(repr=False)


def is_soap(media_type: str) -> bool:
    """Whether a request with this media type can be SOAP."""
    return media_type in _VERSIONS


def version_of(media_type: str) -> Version:
    """The version to answer a request in that could not be read."""
    return _VERSIONS.get(media_type) or Version.SOAP11


def read_request(data: bytes, media_type: str, action: str | None) -> Request:
    """The request in an envelope; ``action`` is SOAPAction or the ``action`` of the media type, None when left out.

    Parameters may stand in any order; of two with one name the last counts. Raises ``Refused`` as ASP.NET would.
    """
    try:
        root = parse(data)
    except AnswerError:
        raise Refused(UNREADABLE, code="Client") from None
    version = _version(root, media_type)
    bodies = [child for child in root if child.tag == f"{{{version.value}}}Body"]
    calls = [child for body in bodies for child in body if isinstance(child.tag, str)]
    if len(calls) != 1:
        raise Refused(UNREADABLE, code="Client")
    call = etree.QName(calls[0])
    operation = call.localname if action is None else _operation(action)
    # ASP.NET goes by the action, and takes parameters only from an element that is called so.
    found = call.namespace == SERVICES and call.localname == operation
    return Request(version, operation, dict(_parameters(calls[0])) if found else {})


def _version(root: etree._Element, media_type: str) -> Version:
    declared = _VERSIONS[media_type]
    for version in Version:
        if root.tag == f"{{{version.value}}}Envelope" and declared in (None, version):
            return version
    raise Refused(VERSION_MISMATCH, code="VersionMismatch")


def _operation(action: str) -> str:
    prefix, _, operation = action.strip().strip('"').rpartition("/")
    if prefix != SERVICES:
        raise Refused(UNKNOWN_ACTION, code="Client")
    return operation


def _parameters(call: etree._Element) -> Iterator[tuple[str, str]]:
    for child in call:
        if isinstance(child.tag, str) and etree.QName(child).namespace == SERVICES:
            yield etree.QName(child).localname, _text(child)


def _text(element: etree._Element) -> str:
    """The text of a parameter, round any comments; XML that was not escaped is no text."""
    if any(isinstance(child.tag, str) for child in element):
        raise Refused(UNREADABLE, code="Client")
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _head(version: Version) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<soap:Envelope xmlns:soap="{version.value}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
    )


_TAIL = "</soap:Body></soap:Envelope>"


def write_answer(version: Version, operation: str, payload: Iterable[str]) -> Generator[bytes, None, None]:
    """The envelope round one result text, in blocks; quotes in the text stay as they are."""
    head = f'{_head(version)}<{operation}Response xmlns="{SERVICES}"><{operation}Result>'
    tail = f"</{operation}Result></{operation}Response>{_TAIL}"
    for number, block in enumerate(blocks(payload)):
        text = escape(block)
        yield (text if number else head + text).encode()
        head = ""
    yield (head + tail).encode()


def write_void(version: Version, operation: str) -> bytes:
    """The envelope of an operation that gives no result."""
    return f'{_head(version)}<{operation}Response xmlns="{SERVICES}" />{_TAIL}'.encode()


def write_fault(version: Version, refused: Refused, *, language: str, reference: str) -> bytes:
    """The fault for a refusal; ``reference`` is its log reference, 32 hex digits.

    A refusal of Profit (code ``Server``) has ``ProfitApplicationException`` as its detail. Its namespace, the number of
    dots and the layout of ``Detail`` are inferred, and so is everything of SOAP 1.2.
    """
    message = escape(refused.message(language))
    detail = _detail(refused.number, message, reference) if refused.code == "Server" else ""
    body = _FAULTS[version](refused.code, message, detail)
    return f"{_head(version)}<soap:Fault>{body}</soap:Fault>{_TAIL}".encode()


def _detail(number: int, message: str, reference: str) -> str:
    return (
        f"<ProfitApplicationException><ErrorNumber>{number}</ErrorNumber><Message>{message}</Message>"
        f"<Detail>Description.....: {message}\nLog reference...: {reference}</Detail></ProfitApplicationException>"
    )


def _fault11(code: str, message: str, detail: str) -> str:
    wrapped = f"<detail>{detail}</detail>" if detail else "<detail />"
    return f"<faultcode>soap:{code}</faultcode><faultstring>{message}</faultstring>{wrapped}"


def _fault12(code: str, message: str, detail: str) -> str:
    value = {"Server": "Receiver", "Client": "Sender"}.get(code, code)
    wrapped = f"<soap:Detail>{detail}</soap:Detail>" if detail else "<soap:Detail />"
    return (
        f"<soap:Code><soap:Value>soap:{value}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="en">{message}</soap:Text></soap:Reason>{wrapped}'
    )


_FAULTS = {Version.SOAP11: _fault11, Version.SOAP12: _fault12}
