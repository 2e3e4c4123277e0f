"""Records from a REST answer: its rows, each with every column in column order and its values typed.

Decoded rows are records already but for some columns, such as date-times. So the rows of a batch are looked at
together: that they have the columns in their order, none of them twice, and which columns hold another type than they
are to hold. Only those are read value by value. A batch in which something is unusual is put in order row by row.
"""

from __future__ import annotations

import contextlib
import decimal
import json
import re
from collections.abc import Callable, Generator, Iterable, Sequence
from decimal import Decimal
from itertools import chain
from typing import NoReturn, Protocol, cast

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.jsonchecks import checked, json_object, misfit, shown
from afas_soap.profit.jsonstream import Batch, RowsArray, decoded
from afas_soap.profit.rows import TYPED, Reading, Record, Rows, Value
from afas_soap.profit.values import JsonReader, json_reader

_Columns = Sequence[tuple[str, JsonReader]]
_Hook = Callable[[list[tuple[str, object]]], object]

# What JSON decodes to, for the columns where that is the value.
_DECODED = {Kind.TEXT: str, Kind.INT: int, Kind.DECIMAL: Decimal, Kind.BOOL: bool}
_NOTHING = type(None)
# An escape that may stand for half of a surrogate pair.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\.")
# The most bytes of a character in UTF-8.
_WIDEST = 4
# Profit's own numbers end at 28 digits. A few signs such as 1e999999999 would be a gigabyte when written out.
_DIGITS, _EXPONENT = 4000, 999


def json_rows(
    chunks: Iterable[bytes], *, fields: Fields | None, connector: str | None = None, reading: Reading = TYPED
) -> Rows:
    """The records of ``{"skip":0,"take":2,"rows":[...]}`` as they come. ``connector`` is for errors: no row names one.

    With ``fields`` a record has every column in column order, None for empty and absent. Without, JSON keeps its own
    types, a text that is exactly a date-time with a Z is one, and a record has the columns that stand in its row.

    The records raise ``CutOff`` when the answer ends before its end, and ``AnswerError`` when it is no such answer, has
    a column that is not in ``fields``, or a value that does not fit its type: with row, column and what it is.
    """
    shown = None if fields is None else fields.with_dates(reading.dates)
    shape: _Shape = _OwnTypes(reading) if shown is None else _Known(shown, reading)
    records = _records(RowsArray(chunks, shape.decoder, reading.max_value), shape, connector)

    def close() -> None:
        records.close()
        end = getattr(chunks, "close", None)
        if end is not None:
            end()

    return Rows(shown, records, close)


class _Shape(Protocol):
    """How rows become records; ``decoder`` is what decodes them."""

    decoder: json.JSONDecoder

    def columns(self, batch: Batch) -> _Columns | None:
        """What to read in the rows of a usual batch, which are records otherwise; None for an unusual one."""
        ...

    def rows(self, batch: Batch) -> Iterable[object]:
        """The rows of an unusual batch, ``Doubled`` where a name stands twice."""
        ...

    def record(self, row: object, number: int) -> Record:
        """The record of an unusual row."""
        ...


def _records(answer: RowsArray, shape: _Shape, connector: str | None) -> Generator[Record, None, None]:
    number = 0
    try:
        for batch in answer.batches():
            columns = shape.columns(batch)
            if columns is None:
                for row in shape.rows(batch):
                    number += 1
                    yield shape.record(row, number)
                continue
            for record in _objects(batch):
                number += 1
                yield _read(record, columns, number)
    except AnswerError as error:
        error.about(connector=connector)
        raise


def _objects(batch: Batch) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", batch.rows)


def _read(record: dict[str, object], columns: _Columns, number: int) -> Record:
    """The record itself, with these columns read."""
    for name, read in columns:
        value = record[name]
        if value is not None:
            try:
                record[name] = read(value) if value != "" else None
            except ValueError as error:
                raise misfit(value, error, name, number) from None
    return cast(Record, record)


class _Known:
    """Rows with known columns."""

    def __init__(self, fields: Fields, reading: Reading) -> None:
        self._names = fields.names
        self._known = frozenset(fields.names)
        self._max_value = reading.max_value
        self._columns = [(field.name, json_reader(field, reading)) for field in fields]
        # By column the types of which JSON gives the value as it is to be.
        self._as_it_is = [frozenset((_NOTHING, _as_decoded(field, reading))) for field in fields]
        self._exact = _decoder(reading, json_object)
        # Numbers that stay text would be taken for texts in quotes.
        self._counted = reading.typed
        self.decoder = _decoder(reading, None) if self._counted else self._exact

    def columns(self, batch: Batch) -> _Columns | None:
        rows, text = batch.rows, batch.text
        # Every row an object with exactly the columns in their order.
        if set(map(type, rows)) != {dict} or [*map(tuple, _objects(batch))].count(self._names) != len(rows):
            return None
        if len(text) * _WIDEST > self._max_value or ("\\" in text and _SURROGATE.search(text) is not None):
            return None
        types = [*map(type, chain.from_iterable(map(dict.values, _objects(batch))))]
        # A name that stands twice leaves no trace in a dict, but two quotes more in the text. Counting them takes half
        # the time of a look at the members of every object.
        if self._counted and _quotes(text) != 2 * (len(types) + types.count(str)):
            return None
        empty = '""' in text
        return [
            column
            for at, (column, as_it_is) in enumerate(zip(self._columns, self._as_it_is, strict=True))
            if (empty and str in as_it_is) or not as_it_is.issuperset(types[at :: len(self._names)])
        ]

    def rows(self, batch: Batch) -> Iterable[object]:
        return cast("list[object]", decoded(f"[{batch.text}]", self._exact)) if self._counted else batch.rows

    def record(self, row: object, number: int) -> Record:
        given = checked(row, self._max_value, number)
        if not given.keys() <= self._known:
            name = next(name for name in given if name not in self._known)
            raise AnswerError(f"row {number}: column {shown(name)} is not among the connector's columns")
        return _read({name: given.get(name) for name in self._names}, self._columns, number)


class _OwnTypes:
    """Rows of which nothing is known: JSON's own types, and the columns that stand in each row."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text = json_reader(Field("", Kind.TEXT), reading)
        self._datetime = json_reader(Field("", Kind.DATETIME), reading)
        self._date = json_reader(Field("", Kind.DATE), reading)
        self.decoder = _decoder(reading, json_object)

    def columns(self, batch: Batch) -> _Columns | None:
        return None

    def rows(self, batch: Batch) -> Iterable[object]:
        return batch.rows

    def record(self, row: object, number: int) -> Record:
        given = checked(row, self._reading.max_value, number)
        return _read(given, [(name, self._reader(name)) for name in given], number)

    def _reader(self, name: str) -> JsonReader:
        if not self._reading.typed:
            return self._text
        return self._date if name in self._reading.dates else self._value

    def _value(self, value: object) -> Value:
        if isinstance(value, str):
            return self._datetime_or_text(value)
        if isinstance(value, int | Decimal):
            return value
        raise ValueError("is no value")

    def _datetime_or_text(self, text: str) -> Value:
        if text[-1:] == "Z" and text[:1].isdigit():
            with contextlib.suppress(ValueError):
                return self._datetime(text)
        return text


def _quotes(text: str) -> int:
    """How many quotes begin or end a string in this JSON."""
    return text.count('"') - (_ESCAPE.findall(text).count('\\"') if "\\" in text else 0)


def _as_decoded(field: Field, reading: Reading) -> type | None:
    """The type in which JSON gives this column's values as they are to be."""
    return _DECODED.get(field.kind) if field.known and reading.typed else None


def _decoder(reading: Reading, hook: _Hook | None) -> json.JSONDecoder:
    """Numbers as exact decimals, or as their text; nothing that is not JSON."""
    decimals = decimal.Context(
        prec=_DIGITS,
        Emax=_EXPONENT,
        Emin=-_EXPONENT,
        traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow],
    )
    return json.JSONDecoder(
        parse_float=decimals.create_decimal if reading.typed else str,
        parse_int=None if reading.typed else str,
        parse_constant=_refuse,
        object_pairs_hook=hook,
    )


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
