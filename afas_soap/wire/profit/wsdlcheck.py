"""Contract drift: in which operations, parameters, types and bindings a live WSDL differs from the shipped one.

Addresses, documentation and the order of declarations do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from afas_soap.errors import AnswerError, NotFound
from afas_soap.profit.xmlsafe import parse
from afas_soap.wire.http.transport import Accepts, Request, Transport
from afas_soap.wire.profit.shipped import Shipped, shipped

__all__ = ["check_live", "differences", "fetch", "shipped"]

_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_SOAP = {
    "{http://schemas.xmlsoap.org/wsdl/soap/}": "SOAP 1.1",
    "{http://schemas.xmlsoap.org/wsdl/soap12/}": "SOAP 1.2",
}


def fetch(transport: Transport, document: Shipped) -> bytes:
    """The live ``?WSDL`` of a service, from its address or, where that gives 404, from its other one."""
    try:
        return _fetched(transport, document.asmx)
    except NotFound:
        if not document.fallback:
            raise
    return _fetched(transport, document.fallback)


def check_live(transport: Transport, document: Shipped) -> list[str]:
    """What differs between the live WSDL of a service and the shipped one; nothing when they agree."""
    return differences(document.document(), fetch(transport, document))


def differences(shipped: bytes, live: bytes) -> list[str]:
    """What differs, each as one sentence. ``AnswerError`` when ``live`` is no WSDL."""
    ours, theirs = _facts(shipped), _facts(live)
    return [
        *(f"only in the shipped WSDL: {_said(name, ours[name])}" for name in ours if name not in theirs),
        *(f"only in the live WSDL: {_said(name, theirs[name])}" for name in theirs if name not in ours),
        *(
            f"{name}: shipped {ours[name]}, live {theirs[name]}"
            for name in ours
            if name in theirs and ours[name] != theirs[name]
        ),
    ]


def _fetched(transport: Transport, asmx: str) -> bytes:
    request = Request(Accepts.XML, "?WSDL", None, f"{transport.link.soap_url}/{asmx}?WSDL")
    with transport.ask(request) as answer:
        return answer.whole(transport.link.max_document)


def _said(name: str, fact: str) -> str:
    return f"{name} ({fact})" if fact else name


def _facts(document: bytes) -> Mapping[str, str]:
    """Everything that counts, as names and what is said of each."""
    root = parse(document)
    if root.tag != _WSDL + "definitions":
        raise AnswerError("This is no WSDL: its root element is not wsdl:definitions.")
    facts = {"target namespace": root.get("targetNamespace", "")}
    for found in (_elements(root), _messages(root), _port_types(root), _bindings(root), _services(root)):
        facts.update((fact.name, fact.said) for fact in found)
    return facts


@dataclass(frozen=True, slots=True)
class _Fact:
    name: str
    said: str


def _elements(root: etree._Element) -> Iterator[_Fact]:
    for schema in root.iter(_XSD + "schema"):
        yield _Fact("form of elements", schema.get("elementFormDefault", "unqualified"))
        for element in schema.iterfind(_XSD + "element"):
            parameters = list(element.iterfind(f"{_XSD}complexType/{_XSD}sequence/{_XSD}element"))
            name = element.get("name", "")
            yield _Fact(f"element {name}", ", ".join(parameter.get("name", "") for parameter in parameters))
            for parameter in parameters:
                yield _Fact(f"{name}/{parameter.get('name')}", _type(parameter))


def _type(parameter: etree._Element) -> str:
    minimum, maximum = parameter.get("minOccurs", "1"), parameter.get("maxOccurs", "1")
    nillable = ", nillable" if parameter.get("nillable") in ("true", "1") else ""
    return f"{_local(parameter.get('type'))}, {minimum} to {maximum}{nillable}"


def _messages(root: etree._Element) -> Iterator[_Fact]:
    for message in root.iterfind(_WSDL + "message"):
        parts = [f"{part.get('name')}={_local(part.get('element'))}" for part in message.iterfind(_WSDL + "part")]
        yield _Fact(f"message {message.get('name')}", ", ".join(parts))


def _port_types(root: etree._Element) -> Iterator[_Fact]:
    for port_type in root.iterfind(_WSDL + "portType"):
        for operation in port_type.iterfind(_WSDL + "operation"):
            ends = (operation.find(_WSDL + "input"), operation.find(_WSDL + "output"))
            said = " -> ".join("nothing" if end is None else _local(end.get("message")) for end in ends)
            yield _Fact(f"operation {port_type.get('name')}.{operation.get('name')}", said)


def _bindings(root: etree._Element) -> Iterator[_Fact]:
    for binding in root.iterfind(_WSDL + "binding"):
        name = binding.get("name")
        yield _Fact(f"binding {name}", f"{_protocol(binding, 'binding')} for {_local(binding.get('type'))}")
        for operation in binding.iterfind(_WSDL + "operation"):
            yield _Fact(f"binding {name}.{operation.get('name')}", _bound(binding, operation))


def _bound(binding: etree._Element, operation: etree._Element) -> str:
    bound = next((child for child in operation if _namespace(child) in _SOAP), None)
    # The style may stand on the binding, and is "document" where it stands nowhere (WSDL 1.1, 3.3 and 3.4).
    whole = next((child for child in binding if _namespace(child) in _SOAP), None)
    default = "document" if whole is None else whole.get("style", "document")
    action = "" if bound is None else bound.get("soapAction", "")
    style = default if bound is None else bound.get("style", default)
    uses = sorted({str(body.get("use")) for body in operation.iter() if _is_body(body)})
    return f"soapAction {action}, {style}, {'/'.join(uses)}"


def _is_body(element: etree._Element) -> bool:
    return _namespace(element) in _SOAP and etree.QName(element).localname == "body"


def _services(root: etree._Element) -> Iterator[_Fact]:
    for service in root.iterfind(_WSDL + "service"):
        for port in service.iterfind(_WSDL + "port"):
            said = f"{_local(port.get('binding'))}, {_protocol(port, 'address')}"
            yield _Fact(f"port {service.get('name')}.{port.get('name')}", said)


def _protocol(element: etree._Element, local: str) -> str:
    known = (_SOAP[_namespace(child)] for child in element if _namespace(child) in _SOAP and local in str(child.tag))
    return next(known, "no SOAP")


def _namespace(element: etree._Element) -> str:
    tag = element.tag
    return "{" + tag[1:].partition("}")[0] + "}" if isinstance(tag, str) and tag.startswith("{") else ""


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
