"""Deserialising: stored cells -> records with Python values."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from afas_soap.emulator.seed.table import Cell
from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Reading, Record, Value
from afas_soap.profit.values import spell, text_reader

# By the stored form of each kind; the others are their value already.
_STORED: Mapping[Kind, Callable[..., Value]] = {
    Kind.DECIMAL: Decimal,
    Kind.BOOL: bool,
    Kind.DATETIME: datetime.datetime.fromisoformat,
}


def records(rows: Iterable[tuple[Cell, ...]], fields: Fields, reading: Reading) -> Iterator[Record]:
    """A record per row, in column order. Raises ``AnswerError`` for a date-time that was to be a date and is none."""
    names = fields.names
    readers = [(at, reader) for at, field in enumerate(fields) if (reader := _reader(field, reading)) is not None]
    for number, row in enumerate(rows, 1):
        cells: list[Value] = list(row)
        for at, reader in readers:
            if (cell := row[at]) is not None:
                try:
                    cells[at] = reader(cell)
                except ValueError as error:
                    raise AnswerError(f"Row {number}, column {names[at]}: the value {error}.") from None
        yield dict(zip(names, cells, strict=True))


def _reader(field: Field, reading: Reading) -> Callable[..., Value] | None:
    stored = _STORED.get(field.kind)
    if not reading.typed:
        return spell if stored is None else lambda cell: spell(stored(cell))
    if field.kind is Kind.DATE or (field.kind is Kind.DATETIME and reading.aware):
        return text_reader(field, reading)
    return stored if field.kind is not Kind.BYTES else _file(field, reading)


def _file(field: Field, reading: Reading) -> Callable[..., Value]:
    """A file is stored as its bytes; a text that the reader calls one is its base64."""
    read = text_reader(field, reading)
    return lambda cell: cell if isinstance(cell, bytes) or read is None else read(cell)
