"""A serializer of records, as AFAS spells them: the ``AfasGetConnector`` document of SOAP and the rows of REST.

XML has no white space between the tags and one line end behind the root, as recorded (profit-wire 1.3 and 2.4). A
dialect is Profit's own spelling: ``profit6`` (SQL Server built the answers) or ``profit7`` (the application server does
again: profit-wire 2.5). No dialect is our one spelling, ``values.spell``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring

from afas_soap.errors import AnswerError
from afas_soap.profit.amsterdam import iso
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.names import xml_name
from afas_soap.profit.readers.inline import ROOT, file_schema, inline_schema
from afas_soap.profit.rows import Record, Value
from afas_soap.profit.values import spell

NO_ROWS = f"<{ROOT} />\n"
"""The result of a question without metadata that has no rows: no empty text, which a client of many years counts as an
error (profit-wire 15.5)."""

_Speller = Callable[..., str]

# XML's Char production, the other way round; a line feed or tab needs no escape in an element.
_UNFIT = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(f"[&<>\r{_UNFIT}]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one Profit spells a value of each Python type in XML, and a carriage return."""

    spellings: Mapping[type, _Speller]
    carriage_return: str


def xml_document(
    rows: Iterable[Record],
    fields: Fields,
    *,
    schema: bool = True,
    empty: bool = False,
    dialect: str = "profit7",
) -> Iterator[str]:
    """The ``AfasGetConnector`` document, a piece per row.

    ``schema`` puts the inline XSD in front; ``empty`` writes empty fields as ``<Name/>`` (Outputoptions 3) in place of
    leaving them out. A value or name that XML cannot carry raises ``AnswerError`` naming row and column.
    """
    yield from _document(rows, fields, inline_schema(fields) if schema else "", empty=empty, dialect=dialect)


def file_document(
    rows: Iterable[Record], fields: Fields, *, schema: bool = False, aware: bool = False
) -> Iterator[str]:
    """The same in our one spelling, for a file; ``schema`` puts ``inline.file_schema`` in front. ``aware`` says that
    date-times have their zone."""
    yield from _document(rows, fields, file_schema(fields, aware=aware) if schema else "", empty=False, dialect=None)


def _document(
    rows: Iterable[Record], fields: Fields, schema: str, *, empty: bool, dialect: str | None
) -> Iterator[str]:
    if not fields.connector or not all(fields.names):
        raise AnswerError("a column or connector without a name: XML has no name for that; write JSON instead.")
    yield f"<{ROOT}>{schema}"
    tag = xml_name(fields.connector)
    opening, closing = f"<{tag}>", f"</{tag}>"
    cells = [_cell(field, empty=empty) for field in fields]
    spoken = _DIALECTS[dialect]
    for number, record in enumerate(rows, 1):
        yield opening + "".join([_xml(record[name], spoken, cell, name, number) for name, *cell in cells]) + closing
    yield f"</{ROOT}>\n"


def json_document(
    rows: Iterable[Record], fields: Fields, *, skip: int, take: int, dialect: str = "profit7"
) -> Iterator[str]:
    """REST's rows, a piece per row: on one line, or for ``profit6`` pretty-printed (how exactly is not known)."""
    line, indent = ("", "") if dialect != "profit6" else ("\n", "  ")
    colon = ":" if dialect != "profit6" else ": "
    yield f'{{{line}{indent}"skip"{colon}{skip},{line}{indent}"take"{colon}{take},{line}{indent}"rows"{colon}['
    keys = [(name, f"{line}{indent * 3}{encode_basestring(name)}{colon}") for name in fields.names]
    before = f"{line}{indent * 2}{{"
    behind = f"{line}{indent * 2}}}"
    comma = ""
    for record in rows:
        yield comma + before + ",".join([key + _json(record[name]) for name, key in keys]) + behind
        comma = ","
    yield f"{line}{indent}]{line}}}" if comma else f"]{line}}}"


def _cell(field: Field, *, empty: bool) -> tuple[str, str, str, str]:
    """A column's name, its tags, and what stands for an empty field."""
    tag = xml_name(field.name)
    return field.name, f"<{tag}>", f"</{tag}>", f"<{tag}/>" if empty else ""


def _xml(value: Value, dialect: _Dialect, cell: list[str], name: str, number: int) -> str:
    text = "" if value is None else dialect.spellings[type(value)](value)
    if not text:
        return cell[2]
    if _SPECIAL.search(text) is not None:
        text = _escaped(text, dialect.carriage_return, name, number)
    return cell[0] + text + cell[1]


def _escaped(text: str, carriage_return: str, name: str, number: int) -> str:
    def escape(match: re.Match[str]) -> str:
        character = match[0]
        if character == "\r":
            return carriage_return
        if character not in _ESCAPES:
            raise AnswerError(f"row {number}, column {name}: a character that XML cannot carry; write JSON instead")
        return _ESCAPES[character]

    return _SPECIAL.sub(escape, text)


def _digits(value: Value) -> str:
    """All digits of a decimal, as its connector gives them."""
    return format(value, "f")


def _digits_of_6(value: Value) -> str:
    """Without the zero in front of the point: ``-.5`` (profit-wire 2.5). That nought keeps its zero is inferred."""
    text = format(value, "f")
    return text.replace("0.", ".", 1) if value and text.lstrip("-").startswith("0.") else text


def _spellings(decimals: _Speller) -> Mapping[type, _Speller]:
    kinds = (str, int, bool, bytes, datetime.date)
    return {**dict.fromkeys(kinds, spell), Decimal: decimals, datetime.datetime: iso}


_DIALECTS: Mapping[str | None, _Dialect] = {
    None: _Dialect(_spellings(spell), "&#xD;"),
    "profit6": _Dialect(_spellings(_digits_of_6), "&#x0D;"),
    "profit7": _Dialect(_spellings(_digits), "&#xD;"),
}


def _json(value: Value) -> str:
    text = "null" if value is None else _JSON[type(value)](value)
    return text if text != '""' else "null"


# Every date or date-time ends in a Z that means nothing (profit-wire 3.3).
_JSON: Mapping[type, Callable[..., str]] = {
    str: encode_basestring,
    int: str,
    bool: lambda value: "true" if value else "false",
    Decimal: _digits,
    bytes: lambda value: f'"{spell(value)}"',
    datetime.datetime: lambda value: f'"{value.replace(tzinfo=None).isoformat()}Z"',
    datetime.date: lambda value: f'"{value.isoformat()}T00:00:00Z"',
}
