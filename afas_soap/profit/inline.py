"""The schema inside an answer: the ``xs:schema`` that stands in front of the rows, written and read.

Layout as recorded (profit-wire 2.4): the root's element holds one element named after the connector, and that one
element per column. Prefix and white space differ between recordings.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from afas_soap.errors import AnswerError
from afas_soap.profit import xmlsafe
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.names import column_name, xml_name

ROOT = "AfasGetConnector"
XSD = "http://www.w3.org/2001/XMLSchema"

_ELEMENT = f"{{{XSD}}}element"
_OPENING = (
    f'<xs:schema xmlns:xs="{XSD}"><xs:element name="{ROOT}"><xs:complexType><xs:choice maxOccurs="unbounded">'
    '<xs:element name="{row}"><xs:complexType><xs:sequence>'
)
_CLOSING = "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"


def inline_schema(fields: Fields) -> str:
    """The schema of these columns in AFAS' own layout, which a .NET ``DataSet`` reads with its types."""
    columns = (
        f'<xs:element name="{xml_name(field.name)}" type="xs:{field.xsd_type}" minOccurs="0"/>' for field in fields
    )
    return _OPENING.format(row=xml_name(fields.connector)) + "".join(columns) + _CLOSING


def fields_from_schema(text: str | bytes) -> Fields:
    """The columns an inline schema declares; also reads a whole ``AfasGetConnector`` document that begins with one.

    Raises ``AnswerError`` when it is no schema of one connector's rows.
    """
    root = xmlsafe.parse(text)
    schema = root if root.tag == f"{{{XSD}}}schema" else root.find(f"{{{XSD}}}schema")
    if schema is None:
        raise AnswerError("this XML holds no schema (xs:schema) of a GetConnector's columns")
    return fields_from_element(schema)


def fields_from_element(schema: etree._Element) -> Fields:
    """The columns that an ``xs:schema`` element declares."""
    row = _only(_only(schema, "the schema", "one root element"), "the schema's root", "one kind of row")
    columns = tuple(_column(element) for element in _inside(row))
    names = [field.name for field in columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise AnswerError(f"the schema declares column {twice} twice")
    return Fields(column_name(_name(row)), columns)


def _only(element: etree._Element, what: str, expected: str) -> etree._Element:
    inside = list(_inside(element))
    if len(inside) != 1:
        raise AnswerError(f"{what} declares {len(inside)} elements where {expected} is expected")
    return inside[0]


def _inside(element: etree._Element) -> Iterator[etree._Element]:
    """The element declarations directly below ``element``, whatever complexType and groups lie between.

    No recursion: how deep they lie is for the answer to say.
    """
    waiting = [element]
    while waiting:
        child = waiting.pop()
        if child.tag == _ELEMENT and child is not element:
            yield child
        elif isinstance(child.tag, str):
            waiting.extend(reversed(child))


def _column(element: etree._Element) -> Field:
    """A column, with its type as an attribute or as a restriction of a type."""
    declared = element.get("type")
    if declared is None:
        restriction = element.find(f"{{{XSD}}}simpleType/{{{XSD}}}restriction")
        # A column without a type may hold anything, so it is text.
        declared = "string" if restriction is None else restriction.get("base", "string")
    return Field.from_xsd(column_name(_name(element)), declared)


def _name(element: etree._Element) -> str:
    name = element.get("name")
    if not name:
        raise AnswerError("the schema declares an element without a name")
    return name
