"""The XSD of an UpdateConnector, read into the shape it describes (profit-wire 4.6).

AFAS' schemas have no annotations. What a field is called stands in an XML comment in front of it, what it refers to in
brackets behind that, and its codes in a second comment::

    <!--Prioriteit (verwijzing naar: Prioriteit => AfasKnCodeTableValue)--><!--Values:  H:Hoog   N:Normaal-->

Schemas made from REST's metainfo look the same (``metainfoxsd``); what XSD and the comments cannot say is in attributes
of the namespace ``METAINFO``, which XSD allows on every element.
"""

from __future__ import annotations

import json
import re

from lxml import etree

from afas_soap.errors import AnswerError
from afas_soap.profit import xmlsafe
from afas_soap.profit.schemas.updateschema import TYPES, FieldRule, Shape, UpdateSchema
from afas_soap.profit.updates.moment import MOMENTS

XSD = "http://www.w3.org/2001/XMLSchema"
METAINFO = "urn:afas-soap:metainfo"
"""The namespace of our own attributes: ``mandatory``, and ``codes`` as a JSON list of pairs."""

VALUES = "Values:"
"""What the comment that holds the codes begins with."""

BETWEEN = "   "
"""What stands between two codes in that comment."""

_X = f"{{{XSD}}}"
_INNER = f"{_X}complexType/{_X}sequence/{_X}element"
_KEYS = f"{_X}complexType/{_X}attribute"
_REFERENCE = re.compile(r"(.*?) *\(verwijzing naar: (.*)\)", re.DOTALL)
_ELSEWHERE = ("include", "import", "redefine", "override")
_NONE = "this is no schema of an UpdateConnector"
# Whole numbers all, of which AFAS was seen to use xsd:long alone.
_WHOLE = ("integer", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedLong", "unsignedInt")
# Profit takes six levels; a schema may describe a few more, and nothing says one hundred.
_DEEPEST = 30


def schema_from_xsd(text: str, connector: str) -> UpdateSchema:
    """The schema that this XSD is. The root element's name is taken from it, whatever the connector's id.

    Raises ``AnswerError`` when it is no XML, no schema of an UpdateConnector, or one that needs other documents.
    """
    roots = _document(text).findall(f"{_X}element")
    if len(roots) != 1:
        raise AnswerError(f"{_NONE}: it declares {len(roots)} root elements, and one is expected").about(
            connector=connector
        )
    return UpdateSchema(connector, _shape(roots[0], 1), text)


def relaxed(text: str) -> str:
    """The same XSD with every key optional: AFAS marks keys as required, and inserts leave them out, because Profit
    hands the number out. The comments are gone, and so is every xsd:pattern: AFAS has none, and one of somebody else's
    may take for ever on a text. Raises ``AnswerError`` as ``schema_from_xsd`` does."""
    schema = _document(text)
    for attribute in schema.iter(f"{_X}attribute"):
        if attribute.get("name") != "Action":
            attribute.set("use", "optional")
    etree.strip_tags(schema, etree.Comment)
    etree.strip_elements(schema, f"{_X}pattern", with_tail=False)
    return etree.tostring(schema, encoding="unicode")


def split_codes(comment: str) -> tuple[tuple[str, str], ...]:
    """The codes and texts in a comment that begins with ``VALUES``; () when it does not split cleanly, for half a list
    would be wrong about the other half."""
    body = comment.removeprefix(VALUES).removeprefix("  ")
    pairs = [pair.partition(":") for pair in body.split(BETWEEN)]
    codes = {code for code, colon, _ in pairs if colon and code and code == code.strip()}
    return tuple((code, text) for code, _, text in pairs) if len(codes) == len(pairs) else ()


def _document(text: str) -> etree._Element:
    schema = xmlsafe.parse(text.strip())
    if schema.tag != f"{_X}schema":
        raise AnswerError(_NONE)
    for name in _ELSEWHERE:
        if schema.find(f".//{_X}{name}") is not None:
            raise AnswerError(f"the schema has an xsd:{name}: documents from elsewhere are not read")
    return schema


def _shape(declaration: etree._Element, depth: int) -> Shape:
    if depth > _DEEPEST:
        raise AnswerError(f"the schema describes more than {_DEEPEST} levels")
    name = _name(declaration)
    row = _child(declaration, "Element")
    if row is None:
        raise AnswerError(f"{_NONE}: {name} has no Element")
    fields, objects = _child(row, "Fields"), _child(row, "Objects")
    return Shape(
        name,
        _rules(() if fields is None else fields.findall(_INNER)),
        _rules(row.findall(_KEYS)),
        {_name(part): _shape(part, depth + 1) for part in (() if objects is None else objects.findall(_INNER))},
    )


def _child(declaration: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in declaration.findall(_INNER) if child.get("name") == name), None)


def _name(declaration: etree._Element) -> str:
    name = declaration.get("name")
    if not name:
        raise AnswerError(f"{_NONE}: it declares something without a name")
    return str(name)


def _rules(declarations: list[etree._Element] | tuple[()]) -> dict[str, FieldRule]:
    return {_name(declaration): _rule(declaration) for declaration in declarations}


def _rule(declaration: etree._Element) -> FieldRule:
    label, reference, codes = _told(declaration)
    mandatory = declaration.get(f"{{{METAINFO}}}mandatory")
    kind, either = _type(declaration)
    return FieldRule(
        _name(declaration),
        kind,
        _facet(declaration, "maxLength"),
        _facet(declaration, "totalDigits"),
        _facet(declaration, "fractionDigits"),
        declaration.get("nillable") in ("true", "1"),
        label,
        reference,
        _own_codes(declaration) or codes,
        None if mandatory is None else mandatory == "true",
        either,
    )


def _type(declaration: etree._Element) -> tuple[str, bool]:
    """One of ``TYPES``, a string for what is not known, and whether it may be another of ``MOMENTS``."""
    restriction = declaration.find(f"{_X}simpleType/{_X}restriction")
    declared = declaration.get("type") if restriction is None else restriction.get("base")
    name = _local(declared)
    if name in _WHOLE:
        return "long", False
    union = declaration.find(f"{_X}simpleType/{_X}union")
    members = [] if union is None else [_local(member) for member in str(union.get("memberTypes")).split()]
    if members and set(members) <= set(MOMENTS):
        return members[0], True
    return (name if name in TYPES else "string"), False


def _local(name: str | None) -> str:
    return str(name).rpartition(":")[2]


def _facet(declaration: etree._Element, name: str) -> int:
    facet = declaration.find(f"{_X}simpleType/{_X}restriction/{_X}{name}")
    value = "" if facet is None else str(facet.get("value"))
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def _told(declaration: etree._Element) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """What the comments in front of a field say: its label, what it refers to, and its codes.

    Only the last ones are about it: those of a field that was taken out of the schema stay behind in some.
    """
    comments: list[str] = []
    before = declaration.getprevious()
    while isinstance(before, etree._Comment) and len(comments) < 2:
        comments.append(before.text or "")
        before = before.getprevious()
    codes: tuple[tuple[str, str], ...] = ()
    if comments and comments[0].startswith(VALUES):
        codes = split_codes(comments.pop(0))
    text = comments[0].strip() if comments else ""
    match = _REFERENCE.fullmatch(text)
    return (match[1], match[2], codes) if match is not None else (text, "", codes)


def _own_codes(declaration: etree._Element) -> tuple[tuple[str, str], ...]:
    text = declaration.get(f"{{{METAINFO}}}codes")
    try:
        return tuple((str(code), str(name)) for code, name in json.loads(text or "[]"))
    except (TypeError, ValueError, RecursionError):
        return ()
