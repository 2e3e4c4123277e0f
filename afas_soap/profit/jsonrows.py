"""Records from a REST answer: its rows, each with every column in column order and its values typed.

A row is looked at as a whole: the Python types that JSON gave its values are looked up in a table of plans, and a plan
names only the columns that have to be turned into something else. Rows in which something is unusual (another order, a
column left out or there twice, an empty text) are put in order one by one.
"""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, Protocol, cast

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.jsonstream import NO_JSON, UNREADABLE, Batch, RowsArray
from afas_soap.profit.rows import TYPED, Reading, Record, Rows, Value
from afas_soap.profit.values import JsonReader, json_reader

_Types = tuple[type, ...]

# What JSON decodes to, for the columns where that is the value.
_DECODED = {Kind.TEXT: str, Kind.INT: int, Kind.DECIMAL: Decimal, Kind.BOOL: bool}
_NOTHING = type(None)
# An escape that may stand for half of a surrogate pair.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# The most bytes of a character in UTF-8.
_WIDEST = 4
# Profit's own numbers end at 28 digits. A few signs such as 1e999999999 would be a gigabyte when written out.
_DIGITS, _EXPONENT = 4000, 999
_LONGEST_NAME = 100


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
    # Only rows with known columns and types can be taken as plain objects; the others are looked at member by member.
    shape: _Shape = _OwnTypes(reading) if shown is None else _Columns(shown, reading)
    plain = shown is not None and reading.typed
    answer = RowsArray(chunks, _decoder(reading, dict if plain else _Members), reading.max_value)
    records = _records(answer, shape, connector)

    def close() -> None:
        records.close()
        end = getattr(chunks, "close", None)
        if end is not None:
            end()

    return Rows(shown, records, close)


class _Members(list[tuple[str, object]]):
    """An object of the answer as its members, so that a name that stands in it twice shows."""


class _Shape(Protocol):
    """How rows become records."""

    def plans(self, batch: Batch) -> Sequence[_Plan] | None:
        """A plan for each row, when all of them are usual."""
        ...

    def rows(self, batch: Batch) -> Iterable[object]:
        """The rows of an unusual batch, objects as ``_Members``."""
        ...

    def record(self, row: object, number: int) -> Record:
        """The record of an unusual row."""
        ...


@dataclass(frozen=True, slots=True)
class _Plan:
    """For rows whose values have certain types: the columns to turn into something else; and how many are texts."""

    columns: tuple[tuple[str, JsonReader], ...]
    texts: int


def _records(answer: RowsArray, shape: _Shape, connector: str | None) -> Generator[Record, None, None]:
    number = 0
    try:
        for batch in answer.batches():
            plans = shape.plans(batch)
            if plans is None:
                for row in shape.rows(batch):
                    number += 1
                    yield shape.record(row, number)
                continue
            for record, plan in zip(_objects(batch), plans, strict=True):
                number += 1
                yield _convert(record, plan, number)
    except AnswerError as error:
        error.about(connector=connector)
        raise


def _objects(batch: Batch) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", batch.rows)


def _convert(record: dict[str, object], plan: _Plan, number: int) -> Record:
    """The record itself, with the columns of the plan read."""
    for name, read in plan.columns:
        value = record[name]
        try:
            record[name] = read(value)
        except ValueError as error:
            raise _misfit(value, error, name, number) from None
    return cast(Record, record)


class _Columns:
    """Rows with known columns."""

    def __init__(self, fields: Fields, reading: Reading) -> None:
        self._fields = fields
        self._known = frozenset(fields.names)
        self._reading = reading
        self._plans = _Plans(fields, reading)
        self._members_decoder = _decoder(reading, _Members)

    def plans(self, batch: Batch) -> Sequence[_Plan] | None:
        rows, text, names = batch.rows, batch.text, self._fields.names
        # Every row an object with exactly the columns in their order.
        if set(map(type, rows)) != {dict} or [*map(tuple, _objects(batch))].count(names) != len(rows):
            return None
        plans = [self._plans[tuple(map(type, row.values()))] for row in _objects(batch)]
        # A name that stands twice leaves no trace in a dict, but two quotes more in the text.
        quotes = 2 * (len(names) * len(rows) + sum([plan.texts for plan in plans]))
        unusual = (
            text.count('"') != quotes
            or '""' in text
            or len(text) * _WIDEST > self._reading.max_value
            or ("\\" in text and _SURROGATE.search(text) is not None)
        )
        return None if unusual else plans

    def rows(self, batch: Batch) -> Iterable[object]:
        if not self._reading.typed:
            return batch.rows
        try:
            return cast("list[object]", self._members_decoder.decode(f"[{batch.text}]"))
        except UNREADABLE:
            # An object takes more of the stack now than when it was decoded the first time.
            raise AnswerError(NO_JSON) from None

    def record(self, row: object, number: int) -> Record:
        given = _members(row, self._reading.max_value, number)
        if not given.keys() <= self._known:
            name = next(name for name in given if name not in self._known)
            raise AnswerError(f"row {number}: column {_shown(name)} is not among the connector's columns")
        record = {name: given.get(name) for name in self._fields.names}
        return _convert(record, self._plans[tuple(map(type, record.values()))], number)


class _Plans(dict[_Types, _Plan]):
    """The plan for every combination of types that was met."""

    def __init__(self, fields: Fields, reading: Reading) -> None:
        super().__init__()
        self._readers = [(field.name, _as_decoded(field, reading), json_reader(field, reading)) for field in fields]

    def __missing__(self, types: _Types) -> _Plan:
        columns = tuple(
            (name, read)
            for found, (name, fits, read) in zip(types, self._readers, strict=True)
            if found is not fits and found is not _NOTHING
        )
        plan = self[types] = _Plan(columns, types.count(str))
        return plan


class _OwnTypes:
    """Rows of which nothing is known: JSON's own types, and the columns that stand in each row."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._read_datetime = json_reader(Field("", Kind.DATETIME), reading)
        self._read_date = json_reader(Field("", Kind.DATE), reading)

    def plans(self, batch: Batch) -> Sequence[_Plan] | None:
        return None

    def rows(self, batch: Batch) -> Iterable[object]:
        return batch.rows

    def record(self, row: object, number: int) -> Record:
        record: Record = {}
        for name, value in _members(row, self._reading.max_value, number).items():
            try:
                record[name] = self._value(name, value)
            except ValueError as error:
                raise _misfit(value, error, name, number) from None
        return record

    def _value(self, name: str, value: object) -> Value:
        if not self._reading.typed:
            return self._read_datetime(value)
        if name in self._reading.dates:
            return self._read_date(value)
        if isinstance(value, str):
            return self._datetime_or_text(value)
        if isinstance(value, int | Decimal | None):
            return value
        raise ValueError("is no value")

    def _datetime_or_text(self, text: str) -> Value:
        if text[-1:] == "Z" and text[:1].isdigit():
            try:
                return self._read_datetime(text)
            except ValueError:
                pass
        return text


def _members(row: object, max_value: int, number: int) -> dict[str, object]:
    """The members of an unusual row by name, checked, with None for an empty text."""
    if not isinstance(row, _Members):
        raise AnswerError(f"row {number} is no object")
    given: dict[str, object] = {}
    for name, value in row:
        if name in given:
            raise AnswerError(f"row {number}: column {_shown(name)} stands in it twice")
        given[name] = value or None if isinstance(value, str) else value
        _check_text(name, f"row {number}", max_value)
        if isinstance(value, str):
            _check_text(value, f"row {number}, column {_shown(name)}", max_value)
    return given


def _check_text(text: str, where: str, max_value: int) -> None:
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise AnswerError(f"{where}: half of a surrogate pair, which is no character") from None
    if size > max_value:
        raise AnswerError(f"{where}: a value of more than max_value ({max_value:,} bytes)")


def _shown(name: str) -> str:
    """A name that came with the answer, as it may stand in a message."""
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ascii(name[:_LONGEST_NAME])


def _misfit(value: object, error: ValueError, name: str, number: int) -> AnswerError:
    return AnswerError(f"row {number}, column {_shown(name)}: {_noun(value)} {error}")


def _noun(value: object) -> str:
    """What a value is, without saying what it holds."""
    if isinstance(value, str):
        return f"a text of {len(value):,} characters"
    if isinstance(value, bool):
        return str(value).lower()
    return "a number" if isinstance(value, int | Decimal) else "an object or array"


def _as_decoded(field: Field, reading: Reading) -> type | None:
    """The type in which JSON gives this column's values as they are to be."""
    return _DECODED.get(field.kind) if field.known and reading.typed else None


def _decoder(reading: Reading, hook: type[dict[str, object]] | type[_Members]) -> json.JSONDecoder:
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
        object_pairs_hook=None if hook is dict else hook,
    )


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
