"""Records as JSON Lines, JSON, CSV and XML, a piece at a time: memory does not grow with the rows.

Every format has the same one spelling per value (``profit.values.spell``): numbers as plain digits and never through
float, no byte order mark, ``\\n`` at the end of every line on every platform.
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
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record, Value
from afas_soap.profit.spelling import xml_document
from afas_soap.profit.values import spell

Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a format can be told: CSV's ``delimiter``, and whether XML carries its ``schema``."""

    delimiter: str = ","
    schema: bool = False


Format = Callable[[Iterable[Record], Fields, Layout], Iterator[str]]


def lines(
    format_: str, rows: Iterable[Record], fields: Fields, *, delimiter: str = ",", schema: bool = False
) -> Iterator[str]:
    """The text of a file in this format (a key of ``FORMATS``), in pieces; a record must have every column.

    Raises ``SettingsError`` at once for an unknown format and for a delimiter that cannot separate.
    """
    if format_ not in FORMATS:
        raise SettingsError(f"format: must be one of {', '.join(FORMATS)}.")
    return FORMATS[format_](rows, fields, Layout(_delimiter(delimiter), schema))


def _delimiter(given: str) -> str:
    r"""One sign that CSV does not use itself; ``\t`` in two signs, as shells pass it on, is a tab."""
    delimiter = "\t" if given == "\\t" else given
    if len(delimiter) != 1 or not (delimiter.isprintable() or delimiter == "\t") or delimiter == '"':
        raise SettingsError('delimiter: must be one printable sign or a tab (\\t), and not ".')
    return delimiter


def _quoted(value: Value) -> str:
    return f'"{spell(value)}"'


_JSON_VALUES: Mapping[type, Callable[..., str]] = {
    str: encode_basestring,
    type(None): lambda _: "null",
    bool: spell,
    int: spell,
    Decimal: spell,
    datetime.datetime: _quoted,
    datetime.date: _quoted,
    bytes: _quoted,
}


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
    pick, spellings = _picker(fields), _JSON_VALUES
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
    special = re.compile(f'["\r\n{re.escape(layout.delimiter)}]').search

    def cell(value: Value) -> str:
        text = value if type(value) is str else spell(value)
        return '"' + text.replace('"', '""') + '"' if special(text) else text

    pick, between = _picker(fields), layout.delimiter
    # A line of one empty cell would be an empty line, which readers take for no row at all.
    empty = '""\n' if len(fields) == 1 else "\n"
    yield between.join(map(cell, fields.names)) + "\n"
    for record in rows:
        line = between.join([cell(value) for value in pick(record)])
        yield line + "\n" if line else empty


def _xml(rows: Iterable[Record], fields: Fields, layout: Layout) -> Iterator[str]:
    # No dialect: our one spelling.
    return xml_document(rows, fields, schema=layout.schema, dialect=None)


FORMATS: Mapping[str, Format] = {"jsonl": _json_lines, "json": _json_array, "csv": _csv, "xml": _xml}
