"""Deserialization of a REST answer: records of its rows, each with every column in column order and its values typed.

Decoded rows are records already but for some columns, such as date-times. So the rows of a batch are looked at
together: that they have the columns in their order, none of them twice, and which columns hold another type than they
are to hold. Only those are read. A batch in which something is unusual or does not fit is put in order row by row.
"""

from __future__ import annotations

import contextlib
import decimal
import functools
import json
import logging
import re
from collections.abc import Callable, Collection, Generator, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import NoReturn, Protocol, cast

from afas_soap.errors import AfasError, AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.jsonpage import OF_REST, Layout
from afas_soap.profit.readers.jsonscanner import decoded
from afas_soap.profit.readers.jsonstream import Decoded, JsonStream
from afas_soap.profit.rows import TYPED, Batch, Reading, Record, Rows, Value
from afas_soap.profit.values import JsonReader, json_reader, text_reader

_LOG = logging.getLogger("afas_soap.profit")

_Hook = Callable[[list[tuple[str, object]]], object]

# What JSON decodes to, for the columns where that is the value.
_DECODED = {Kind.TEXT: str, Kind.INT: int, Kind.DECIMAL: Decimal, Kind.BOOL: bool}
_NOTHING = type(None)
# An escape that may stand for half of a surrogate pair.
SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\.")
_LONGEST_NAME = 100
# The most bytes of a character in UTF-8.
WIDEST = 4
# Profit's own numbers end at 28 digits. A few signs such as 1e999999999 would be a gigabyte when written out.
_DIGITS, _EXPONENT = 4000, 999
# How many date-times of a column are remembered.
DATES = 1024


def json_rows(
    chunks: Iterable[bytes],
    *,
    fields: Fields | None,
    connector: str | None = None,
    reading: Reading = TYPED,
    take: int | None = None,
    layout: Layout = OF_REST,
) -> Rows:
    """The records of ``{"skip":0,"take":2,"rows":[...]}`` as they come. ``connector`` is for errors: no row names one.
    ``layout`` says where else their array may be, and how else they may stand there (``profit.readers.jsonsaved``).

    With ``fields`` a record has every column in column order, None for empty and absent. Without, JSON keeps its own
    types, in REST's own layout a text that is exactly a date-time with a Z is one, and a record has the columns that
    stand in its row.

    The records raise ``CutOff`` when the answer ends before its end, the ``ProfitError`` of an error body in place of
    rows, and ``AnswerError`` when it is no such answer, has a column that has no name or is not in ``fields``, or a
    value that does not fit its type: with row, column and what it is. Also when Profit applied another limit than
    ``take``, the number asked for, and gave as many: that would look like the end of the data (the answer echoes what
    was applied: profit-wire 3.3).
    """
    shown = None if fields is None else reading.columns(fields)
    texts = layout.rows.texts
    shape: Shape = _OwnTypes(reading, texts=texts) if shown is None else _Known(shown, reading, texts=texts)
    columns = () if shown is None else shown.names
    answer = layout.rows(chunks, shape.decoder, reading.max_value, columns, path=layout.path)
    batches = json_batches(answer, shape, connector, lambda number: _refuse_capped(number, answer.applied, take))

    def close() -> None:
        batches.close()
        end = getattr(chunks, "close", None)
        if end is not None:
            end()

    return Rows.of_batches(shown, batches, close)


class Shape(Protocol):
    """How rows become records; ``decoder`` is what decodes them."""

    decoder: json.JSONDecoder

    def settled(self, batch: Decoded) -> bool:
        """Make records of the rows where they stand, if all of them are usual."""
        ...

    def rows(self, batch: Decoded) -> Iterable[object]:
        """The rows of an unusual batch, ``_Doubled`` where a name stands twice."""
        ...

    def record(self, row: object, number: int) -> Record:
        """The record of an unusual row."""
        ...


def json_batches(
    answer: JsonStream, shape: Shape, connector: str | None, ended: Callable[[int], None]
) -> Generator[Batch]:
    """The records of an answer as ``shape`` makes them of its rows; ``ended`` is told how many there were.

    What is whole before an error comes before it is raised; an error knows the ``connector``.
    """
    number = 0
    try:
        for decoded_rows in answer.batches():
            if shape.settled(decoded_rows):
                batch, problem = cast("Batch", decoded_rows.elements), None
            else:
                batch, problem = _one_by_one(decoded_rows, shape, number)
            if batch:
                number += len(batch)
                yield batch
            if problem is not None:
                raise problem
        ended(number)
    except AfasError as error:
        error.about(connector=connector)
        raise


def _one_by_one(decoded_rows: Decoded, shape: Shape, number: int) -> tuple[Batch, AnswerError | None]:
    """The records of an unusual batch behind row ``number``, as far as they can be read, and why not further."""
    records: Batch = []
    try:
        for row in shape.rows(decoded_rows):
            records.append(shape.record(row, number + len(records) + 1))
    except AnswerError as error:
        return records, error
    return records, None


def _refuse_capped(rows: int, applied: int | None, take: int | None) -> None:
    if take is not None and applied is not None and 0 < applied < take and rows >= applied:
        raise AnswerError(
            f"Profit was asked for {take:,} rows, says that it gives {applied:,} at most, and gave {rows:,}: "
            f"ask for pages of {applied:,} rows (page_size)."
        )


@dataclass(frozen=True, slots=True)
class Column:
    """``decoded`` is the type in which JSON gives the value as it is to be; ``read`` takes null and "" as well.

    ``read_again`` is the same for values that come again and again; it raises ``TypeError`` for an object or array.
    """

    name: str
    decoded: type | None
    read: JsonReader
    read_again: JsonReader


class _Known:
    """Rows with known columns."""

    def __init__(self, fields: Fields, reading: Reading, *, texts: bool) -> None:
        self._names = fields.names
        self._connector = fields.connector
        self._told = False
        self._max_value = reading.max_value
        self._columns = {field.name: _column(field, reading, texts=texts) for field in fields}
        self._exact = exact_decoder(reading, json_object)
        # Numbers that stay text would be taken for texts in quotes.
        self._counted = reading.typed
        self.decoder = exact_decoder(reading, None) if self._counted else self._exact

    def settled(self, batch: Decoded) -> bool:
        """Turn rows that have every column in its place into records as they stand."""
        rows, text = cast("list[dict[str, object]]", batch.elements), batch.text
        if not self._have_all_columns(rows) or len(text) * WIDEST > self._max_value:
            return False
        if "\\" in text and SURROGATE.search(text) is not None:
            return False
        values = [*chain.from_iterable(map(dict.values, rows))]
        types: list[object] = [*map(type, values)]
        # A name that stands twice leaves no trace in a dict, but two quotes more in the text. Counting them takes half
        # the time of a look at the members of every object.
        if self._counted and quotes(text) != 2 * (len(types) + types.count(str)):
            return False
        width = len(self._names)
        try:
            for at, column in enumerate(self._columns.values()):
                settle(rows, column, values[at::width], types[at::width])
        except (TypeError, ValueError):
            return False
        return True

    def _have_all_columns(self, rows: list[dict[str, object]]) -> bool:
        """Whether each row is an object with exactly the columns in their order."""
        if set(map(type, rows)) != {dict}:
            return False
        # Rows decoded together share the names, so all but the first are quickly compared.
        names = tuple(rows[0])
        return names == self._names and [*map(tuple, rows)].count(names) == len(rows)

    def rows(self, batch: Decoded) -> Iterable[object]:
        return cast("list[object]", decoded(f"[{batch.text}]", self._exact)) if self._counted else batch.elements

    def record(self, row: object, number: int) -> Record:
        """One row of any kind, with every column in column order."""
        given = checked_row(row, self._max_value, number)
        if not given.keys() <= self._columns.keys():
            name = next(name for name in given if name not in self._columns)
            raise AnswerError(f"row {number}: column {shown(name)} is not among the connector's columns")
        if len(given) < len(self._columns) and not self._told:
            self._tell(given)
        return {name: read_value(column.read, given.get(name), name, number) for name, column in self._columns.items()}

    def _tell(self, given: Collection[str]) -> None:
        """Say once that columns are missing: REST gives empty ones as null (profit-wire 3.3), so they may be gone."""
        self._told = True
        absent = ", ".join(name for name in self._columns if name not in given)
        _LOG.warning("%s: the answer leaves out columns, which are read as empty: %s", self._connector, absent)


def _column(field: Field, reading: Reading, *, texts: bool) -> Column:
    read = _or_none(_also_texts(field, reading) if texts else json_reader(field, reading))
    if not reading.typed:
        return Column(field.name, None, read, read)
    read_again = functools.lru_cache(maxsize=DATES)(read) if field.kind is Kind.DATETIME else read
    return Column(field.name, _DECODED.get(field.kind) if field.known else None, read, read_again)


def _also_texts(field: Field, reading: Reading) -> JsonReader:
    """A reader that takes the text of any value as well."""
    from_json, from_text = json_reader(field, reading), text_reader(field, reading)
    if from_text is None:
        return from_json
    return lambda value: from_text(value) if isinstance(value, str) else from_json(value)


def _or_none(read: JsonReader) -> JsonReader:
    return lambda value: None if value is None or value == "" else read(value)


def settle(rows: list[dict[str, object]], column: Column, values: list[object], types: list[object]) -> None:
    """Put the column's values into the rows, if they are not what stands there."""
    as_it_is = types.count(column.decoded) + types.count(_NOTHING) == len(types)
    # Where all count as true there is no empty text.
    if as_it_is and (column.decoded is not str or all(values) or "" not in values):
        return
    for row, value in zip(rows, map(column.read_again, values), strict=True):
        row[column.name] = value


def read_value(read: JsonReader, value: object, name: str, number: int) -> Value:
    """What ``read`` makes of the value of one column in row ``number``; ``AnswerError`` for what it refuses."""
    try:
        return read(value)
    except ValueError as error:
        problem = misfit(value, error, name, number)
    raise problem


class _OwnTypes:
    """Rows of which nothing is known: JSON's own types, and the columns that stand in each row."""

    def __init__(self, reading: Reading, *, texts: bool) -> None:
        self._reading = reading
        self._texts = texts
        self._text = _or_none(json_reader(Field("", Kind.TEXT), reading))
        self._datetime = _or_none(json_reader(Field("", Kind.DATETIME), reading))
        self._date = _or_none(json_reader(Field("", Kind.DATE), reading))
        self._file = _or_none(json_reader(Field("", Kind.BYTES), reading))
        self.decoder = exact_decoder(reading, json_object)

    def settled(self, batch: Decoded) -> bool:
        return False

    def rows(self, batch: Decoded) -> Iterable[object]:
        return batch.elements

    def record(self, row: object, number: int) -> Record:
        given = checked_row(row, self._reading.max_value, number)
        return {name: read_value(self._reader(name), value, name, number) for name, value in given.items()}

    def _reader(self, name: str) -> JsonReader:
        if not self._reading.typed:
            return self._text
        if name in self._reading.files:
            return self._file
        return self._date if name in self._reading.dates else self._own_type

    def _own_type(self, value: object) -> Value:
        if isinstance(value, str):
            return self._datetime_or_text(value) or None
        if isinstance(value, int | Decimal | None):
            return value
        raise ValueError("is no value")

    def _datetime_or_text(self, text: str) -> Value:
        # A Z is behind every date-time of REST, and behind none that afas writes: there it belongs to a text.
        if not self._texts and text[-1:] == "Z" and text[:1].isdigit():
            with contextlib.suppress(ValueError):
                return self._datetime(text)
        return text


def quotes(text: str) -> int:
    """How many quotes begin or end a string in this JSON."""
    return text.count('"') - (_ESCAPE.findall(text).count('\\"') if "\\" in text else 0)


def exact_decoder(reading: Reading, hook: _Hook | None) -> json.JSONDecoder:
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


@dataclass(frozen=True, slots=True)
class _Doubled:
    """What stands for an object in which this name stands twice: as a dict it would show no trace of that."""

    name: str


def json_object(members: list[tuple[str, object]]) -> object:
    """An object of JSON from its members: a dict, or ``_Doubled``."""
    found = dict(members)
    if len(found) == len(members):
        return found
    names = [name for name, _ in members]
    return _Doubled(next(name for name in found if names.count(name) > 1))


def checked_row(row: object, max_value: int, number: int) -> dict[str, object]:
    """An unusual row, its names and texts checked."""
    if isinstance(row, _Doubled):
        raise AnswerError(f"row {number}: column {shown(row.name)} stands in it twice")
    if not isinstance(row, dict):
        raise AnswerError(f"row {number} is no object")
    for name, value in row.items():
        if not name:
            raise AnswerError(f"row {number}: holds a column without a name")
        _check_text(name, f"row {number}", max_value)
        if isinstance(value, str):
            _check_text(value, f"row {number}, column {shown(name)}", max_value)
    return row


def _check_text(text: str, where: str, max_value: int) -> None:
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        problem = AnswerError(f"{where}: half of a surrogate pair, which is no character")
    else:
        if size <= max_value:
            return
        problem = AnswerError(f"{where}: a value of more than max_value ({max_value:,} bytes)")
    raise problem


def shown(name: str) -> str:
    """A name that came with the answer, as it may stand in a message."""
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ascii(name[:_LONGEST_NAME])


def misfit(value: object, error: ValueError, name: str, number: int) -> AnswerError:
    """The error for a value that a reader refused with ``error``."""
    return AnswerError(f"row {number}, column {shown(name)}: {_noun(value)} {error}")


def _noun(value: object) -> str:
    """What a value is, without saying what it holds."""
    if isinstance(value, str):
        return f"a text of {len(value):,} characters"
    if isinstance(value, bool):
        return "a boolean"
    return "a number" if isinstance(value, int | Decimal) else "an object or array"
