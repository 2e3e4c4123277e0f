"""Records as JSON Lines, JSON, CSV and XML, a piece at a time: memory does not grow with the rows.

Every format has the same one spelling per value (``profit.values.spell``): numbers as plain digits and never through
float, no byte order mark, ``\\n`` at the end of every line on every platform. JSON and CSV carry no types, and whoever
reads them takes a column that begins with 100 for one of whole numbers, and rounds the cents below: decimals always
have a point there (``100.0``, as Json.NET writes them).
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring

from afas_soap.errors import SettingsError
from afas_soap.profit.amsterdam import iso
from afas_soap.profit.fields import Fields
from afas_soap.profit.readers.spelling import file_document
from afas_soap.profit.rows import Record, Value
from afas_soap.profit.values import spell

Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format can be told: CSV's ``delimiter``, whether XML carries its ``schema``, and whether the date-times
    have a zone (``aware``), which that schema says."""

    delimiter: str = ","
    schema: bool = False
    aware: bool = False


Format = Callable[[Iterable[Record], Fields, Layout], Iterator[str]]


def lines(
    format_: str,
    rows: Iterable[Record],
    fields: Fields,
    *,
    delimiter: str = ",",
    schema: bool = False,
    aware: bool = False,
) -> Iterator[str]:
    """The text of a file in this format (a key of ``FORMATS``), in pieces; a record must have every column.

    Raises ``SettingsError`` at once for an unknown format and for a delimiter that cannot separate.
    """
    if format_ not in FORMATS:
        raise SettingsError(f"format: must be one of {', '.join(FORMATS)}.")
    return FORMATS[format_](rows, fields, Layout(_delimiter(delimiter), schema, aware))


def _delimiter(given: str) -> str:
    r"""One sign that CSV does not use itself; ``\t`` in two signs, as shells pass it on, is a tab."""
    delimiter = "\t" if given == "\\t" else given
    if len(delimiter) != 1 or not (delimiter.isprintable() or delimiter == "\t") or delimiter == '"':
        raise SettingsError('delimiter: must be one printable sign or a tab (\\t), and not ".')
    return delimiter


def _quoted(value: Value) -> str:
    return f'"{spell(value)}"'


def _pointed(value: Decimal) -> str:
    """All its digits, with a point: ``100.0``, ``-0.5``."""
    text = format(value, "f")
    if "." not in text:
        text = f"{text}.0"
    elif (text := text.rstrip("0"))[-1] == ".":
        text = f"{text}0"
    return text if text != "-0.0" else "0.0"


_Spellings = Mapping[type, Callable[..., str]]
_JSON: _Spellings = {
    str: encode_basestring,
    type(None): lambda _: "null",
    bool: spell,
    int: str,
    Decimal: _pointed,
    datetime.datetime: lambda value: f'"{iso(value)}"',
    datetime.date: _quoted,
    bytes: _quoted,
}
_CSV: _Spellings = {**dict.fromkeys(_JSON, spell), int: str, Decimal: _pointed, datetime.datetime: iso}
_OF_VALUES = "+-./:="
"""The signs in numbers, times and base64."""


def cell(value: Value) -> str:
    """The text of a value as CSV has it, without quotes."""
    text: str = _CSV[type(value)](value)
    return text


def _picker(fields: Fields) -> Callable[[Record], Values]:
    """The values of a record in column order."""
    names = fields.names
    if len(names) > 1:
        return operator.itemgetter(*names)
    return lambda record: tuple(record[name] for name in names)


def _objects(rows: Iterable[Record], fields: Fields) -> Iterator[str]:
    """Each record as a JSON object on one line, without the line's end. The keys are escaped once, not per row."""
    keys = (encode_basestring(name).replace("%", "%%") for name in fields.names)
    template = "{" + ",".join(f"{key}:%s" for key in keys) + "}"
    pick, spellings = _picker(fields), _JSON
    for record in rows:
        yield template % tuple([spellings[type(value)](value) for value in pick(record)])


def _json_lines(rows: Iterable[Record], fields: Fields, _: Layout) -> Iterator[str]:
    for line in _objects(rows, fields):
        yield line + "\n"


def _json_array(rows: Iterable[Record], fields: Fields, _: Layout) -> Iterator[str]:
    before = "[\n"
    for line in _objects(rows, fields):
        yield before + line
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _csv(rows: Iterable[Record], fields: Fields, layout: Layout) -> Iterator[str]:
    """RFC 4180 but for its line ends. Python's own writer is not used: what it quotes differs by its version."""
    cell, between = _cell(layout.delimiter), layout.delimiter
    pick, spellings = _picker(fields), _cells(layout.delimiter)
    # A line of one empty cell would be an empty line, which readers take for no row at all.
    empty = '""\n' if len(fields) == 1 else "\n"
    yield between.join(map(cell, fields.names)) + "\n"
    for record in rows:
        line = between.join([spellings[type(value)](value) for value in pick(record)])
        yield line + "\n" if line else empty


def _cell(delimiter: str) -> Callable[[str], str]:
    """How a text becomes a cell: in quotes where it must."""
    special = re.compile(f'["\r\n{re.escape(delimiter)}]').search

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if special(text) else text

    return cell


def _cells(delimiter: str) -> _Spellings:
    """How a value of each type becomes a cell. Only a text needs quotes, unless numbers hold the delimiter as well."""
    cell = _cell(delimiter)
    if delimiter.isalnum() or delimiter in _OF_VALUES:
        return {type_: lambda value, spelt=spelt: cell(spelt(value)) for type_, spelt in _CSV.items()}
    return {**_CSV, str: cell}


def _xml(rows: Iterable[Record], fields: Fields, layout: Layout) -> Iterator[str]:
    return file_document(rows, fields, schema=layout.schema, aware=layout.aware)


FORMATS: Mapping[str, Format] = {"jsonl": _json_lines, "json": _json_array, "csv": _csv, "xml": _xml}
