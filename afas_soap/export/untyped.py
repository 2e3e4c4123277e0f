"""Columns of rows that come without a schema: those of the whole input, in order of first appearance."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record

_KINDS: dict[type, Kind] = {
    str: Kind.TEXT,
    int: Kind.INT,
    Decimal: Kind.DECIMAL,
    bool: Kind.BOOL,
    datetime.datetime: Kind.DATETIME,
    datetime.date: Kind.DATE,
    bytes: Kind.BYTES,
}


def untyped_fields(rows: Iterable[Record], connector: str) -> Fields:
    """The columns of all rows. The kind is that of the values met: whole numbers among decimals are decimals, any other
    mixture and a column without a value are text."""
    met: dict[str, set[type]] = {}
    for record in rows:
        for name, value in record.items():
            types = met.get(name)
            if types is None:
                types = met[name] = set()
            types.add(type(value))
    return Fields(connector, tuple(_field(name, types) for name, types in met.items()))


def _field(name: str, types: set[type]) -> Field:
    kinds = {_KINDS[found] for found in types if found is not type(None)}
    if kinds == {Kind.INT, Kind.DECIMAL}:
        kinds = {Kind.DECIMAL}
    kind = kinds.pop() if len(kinds) == 1 else Kind.TEXT
    return Field(name, kind, Field(name, kind).xsd_type)


def with_every_column(rows: Iterable[Record], fields: Fields) -> Iterator[Record]:
    """Each record with every column in column order, None where it had none; whole numbers among decimals are decimals
    here."""
    names = fields.names
    decimals = [field.name for field in fields if field.kind is Kind.DECIMAL]
    for record in rows:
        filled = {name: record.get(name) for name in names}
        for name in decimals:
            if type(value := filled[name]) is int:
                filled[name] = Decimal(value)
        if not record.keys() <= filled.keys():
            raise AnswerError("the saved answer changed while it was read: a row has a new column.")
        yield filled
