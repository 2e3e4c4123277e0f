"""The schema inside an answer: the ``xs:schema`` that stands in front of the rows, written and read.

Layout as recorded (profit-wire 2.4): the root's element holds one element named after the connector, and that one
element per column. Prefix and white space differ between recordings. What we write to a file says two things more, for
the .NET ``DataSet`` and for validators that read it: how date-times are to be taken, and that no row is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from afas_soap.errors import AnswerError
from afas_soap.profit import xmlsafe
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.names import column_name, xml_name

ROOT = "AfasGetConnector"
XSD = "http://www.w3.org/2001/XMLSchema"

_ELEMENT = f"{{{XSD}}}element"
MSDATA = "urn:schemas-microsoft-com:xml-msdata"
"""The namespace of what a ``DataSet`` writes into a schema."""

_DATETIME_MODE = f"{{{MSDATA}}}DateTimeMode"
_IS_DATASET = f"{{{MSDATA}}}IsDataSet"
_OPENING = (
    '<xs:schema xmlns:xs="{xsd}"{msdata}><xs:element name="{root}"><xs:complexType><xs:choice{least}'
    ' maxOccurs="unbounded"><xs:element name="{row}"><xs:complexType><xs:sequence>'
)
_CLOSING = "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
_MOMENTS = (Kind.DATETIME, Kind.DATE)


def inline_schema(fields: Fields) -> str:
    """The schema of these columns in AFAS' own layout, which a .NET ``DataSet`` reads with its types."""
    return _schema(fields, lambda _: "", msdata="", least="")


def file_schema(fields: Fields, *, aware: bool = False) -> str:
    """The schema that our own files carry, in AFAS' layout.

    Without a word on it, a ``DataSet`` takes a date-time for its machine's time and adds that machine's offset when it
    writes. ``Unspecified`` keeps it from that. Where offsets stand (``aware``) it would drop them, having turned each
    into its machine's time: ``Local`` keeps them, and ``moment_columns`` finds those columns again.
    """
    with_offset = "Local" if aware else "Unspecified"

    def mode(field: Field) -> str:
        if field.kind not in _MOMENTS:
            return ""
        return f' msdata:DateTimeMode="{with_offset if field.kind is Kind.DATETIME else "Unspecified"}"'

    # A namespace that is used nowhere would only puzzle.
    used = any(field.kind in _MOMENTS for field in fields)
    return _schema(fields, mode, msdata=f' xmlns:msdata="{MSDATA}"' if used else "", least=' minOccurs="0"')


def _schema(fields: Fields, more: Callable[[Field], str], *, msdata: str, least: str) -> str:
    opening = _OPENING.format(xsd=XSD, msdata=msdata, root=ROOT, least=least, row=xml_name(fields.connector))
    columns = (
        f'<xs:element name="{xml_name(field.name)}" type="xs:{field.xsd_type}"{more(field)} minOccurs="0"/>'
        for field in fields
    )
    return opening + "".join(columns) + _CLOSING


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


def moment_columns(schema: etree._Element) -> frozenset[str]:
    """The columns in which an offset names the moment, whichever machine wrote it: see ``file_schema``."""
    return frozenset(
        column_name(_name(element)) for element in schema.iter(_ELEMENT) if element.get(_DATETIME_MODE) == "Local"
    )


def declared_dataset(schema: etree._Element) -> str | None:
    """The name of the ``DataSet`` that wrote this schema, which its document has for a root; None for any other."""
    roots = [element for element in schema.iterchildren(_ELEMENT) if element.get(_IS_DATASET) == "true"]
    return _name(roots[0]) if roots else None


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
