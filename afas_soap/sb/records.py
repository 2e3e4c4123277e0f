"""Deserialization of an answer of SB: its rows as records with typed values, under the names of the resource table.

A row may leave out what is empty, spell a name in another case than AFAS' files do, and hold what no file lists
(small-business.md 2). So the columns of a read are those of the table's newest source, and every further one that the
rows which come first have; a record has all of them, None where the row has none. What a later row has beyond them
stands in its record as well.

Rows that come together are looked at together, as in ``profit.readers.jsonrows``, and one by one where something is
unusual.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from itertools import chain
from typing import cast

from afas_soap.profit import fields as profit
from afas_soap.profit.readers.jsonrows import (
    SURROGATE,
    WIDEST,
    checked_row,
    exact_decoder,
    json_batches,
    json_object,
    quotes,
    read_value,
    shown,
)
from afas_soap.profit.readers.jsonscanner import decoded
from afas_soap.profit.readers.jsonstream import Decoded
from afas_soap.profit.rows import MAX_VALUE, TYPED, Batch, Record
from afas_soap.sb.operation import Column, Operation, Source
from afas_soap.sb.rowsarray import RowsArray
from afas_soap.sb.values import Reader, is_read_key, own_type, reader_of

_LOG = logging.getLogger("afas_soap.sb")
_Row = dict[str, object]
_Names = tuple[str, ...]

_OWN = Reader(profit.Kind.TEXT, frozenset(), own_type)


class Answered:
    """The records of one answer, read once; ``token`` is its tracking token, once ``batches`` came to their end."""

    def __init__(self, chunks: Iterable[bytes], records: Records, ended: Callable[[int], None]) -> None:
        """``ended`` is told how many rows there were, when the answer ended whole."""
        self._array = RowsArray(chunks, records.decoder, records.max_value)
        self.batches: Generator[Batch] = json_batches(self._array, records, records.connector, ended)

    @property
    def token(self) -> str | None:
        """See above; None for an answer without one."""
        return self._array.token


class Records:
    """How the rows of one operation become records, on every page of a read: a ``Shape``. The first rows decide which
    columns it has. ``read_keys`` keeps the read keys of blobs, which are secrets, wherever they stand."""

    def __init__(self, operation: Operation, *, read_keys: bool = False, max_value: int = MAX_VALUE) -> None:
        self.connector = operation.connector
        self.max_value = max_value
        self.decoder = exact_decoder(TYPED, None)
        self._exact = exact_decoder(TYPED, json_object)
        self._operation = operation
        self._read_keys = read_keys
        # In lower case, for the samples differ in it.
        self._names = {column.name.lower(): column.name for column in operation.columns}
        self._columns: dict[str, Reader] = {}
        self._fields: profit.Fields | None = None
        self._told = False

    @property
    def fields(self) -> profit.Fields:
        """The columns, in the table's order, those that no file lists behind them. Ask when the first rows came."""
        if self._fields is None:
            self._fields = self._settled_by(())
        return self._fields

    # -- columns ------------------------------------------------------------------------------------------------------

    def _settled_by(self, names: Iterable[str]) -> profit.Fields:
        """The columns for an answer whose first rows have these names."""
        given = dict.fromkeys(self._names.setdefault(name.lower(), name) for name in names)
        columns = [
            *(column for column in self._operation.columns if _usual(column, self._operation) or column.name in given),
            *(Column(name) for name in given if self._operation.column(name) is None),
        ]
        found = []
        for column in columns:
            if self._hidden(column.name):
                continue
            known = self._operation.column(column.name) is not None
            reader = reader_of(column, read_keys=self._read_keys) if known else _OWN
            self._columns[column.name] = reader
            found.append(profit.Field(column.name, reader.kind, str(column.kind), known))
        return profit.Fields(self.connector, tuple(found))

    def _hidden(self, name: str) -> bool:
        return is_read_key(name) and not self._read_keys

    def _learn(self, rows: Sequence[object]) -> None:
        if self._fields is None:
            names = dict.fromkeys(tuple(row) for row in rows if isinstance(row, dict))
            self._fields = self._settled_by(chain.from_iterable(names))

    def _canonical(self, names: _Names) -> _Names:
        """The names of a row as the table has them; one that is spelt so keeps its place before one that is not."""
        exact = {name for name in names if name in self._columns}
        found = []
        for name in names:
            known = self._names.get(name.lower(), name)
            found.append(name if name in exact or known in exact or known in found else known)
        return tuple(found)

    # -- rows that come together --------------------------------------------------------------------------------------

    def settled(self, batch: Decoded) -> bool:
        """Turn usual rows into records where they stand."""
        given, text = cast("list[_Row]", batch.elements), batch.text
        if set(map(type, given)) != {dict} or len(text) * WIDEST > self.max_value:
            return False
        if "\\" in text and SURROGATE.search(text) is not None:
            return False
        self._learn(given)
        names = [*map(tuple, given)]
        # Rows decoded together share the names, so all but the first are quickly compared.
        same = names.count(names[0]) == len(names)
        spelt = self._canonical(names[0]) if same else self._made_alike(given, names)
        if spelt is None or not self._columns.keys() >= set(spelt):
            return False
        values = [*chain.from_iterable(map(dict.values, given))]
        columns = [_Values(values[at :: len(spelt)]) for at in range(len(spelt))]
        # A name that stands twice leaves no trace in a dict, but two quotes more in the text; so do objects in a row.
        if quotes(text) != 2 * (sum(map(len, names)) + sum(column.texts for column in columns)):
            return False
        if same and spelt != names[0]:
            given[:] = [dict(zip(spelt, row.values(), strict=True)) for row in given]
        try:
            self._settle(given, dict(zip(spelt, columns, strict=True)))
        except (TypeError, ValueError, ArithmeticError):
            return False
        return True

    def _made_alike(self, given: list[_Row], names: list[_Names]) -> _Names | None:
        """Give rows that leave out what is empty every column, and say which those are; None when one has others."""
        known = {shape: self._canonical(shape) for shape in {*names}}
        if not all(self._columns.keys() >= set(spelt) for spelt in known.values()):
            return None
        empty: _Row = dict.fromkeys(self._columns)
        given[:] = [
            {**empty, **dict(zip(known[shape], row.values(), strict=True))}
            for shape, row in zip(names, given, strict=True)
        ]
        return tuple(self._columns)

    def _settle(self, rows: list[_Row], columns: Mapping[str, _Values]) -> None:
        """Put the values of every column into the rows, where they are not what stands there."""
        for name, column in columns.items():
            read = column.read(self._columns[name])
            if read is not None:
                for row, value in zip(rows, read, strict=True):
                    row[name] = value
        for name in self._columns.keys() - columns.keys():
            for row in rows:
                row[name] = None

    # -- rows one by one ----------------------------------------------------------------------------------------------

    def rows(self, batch: Decoded) -> Iterable[object]:
        """The rows of an unusual batch, so decoded that a name which stands twice is seen."""
        rows = cast("list[object]", decoded(f"[{batch.text}]", self._exact))
        self._learn(rows)
        return rows

    def record(self, row: object, number: int) -> Record:
        """One row of any kind, with every column, and what else it has behind them."""
        given = checked_row(row, self.max_value, number)
        found = dict(zip(self._canonical(tuple(given)), given.values(), strict=True))
        record = {
            name: read_value(reader.read, found.get(name), name, number) for name, reader in self._columns.items()
        }
        for name in [name for name in found if name not in self._columns and not self._hidden(name)]:
            self._tell(name)
            record[name] = read_value(own_type, found[name], name, number)
        return record

    def _tell(self, name: str) -> None:
        """Say once that a column came late: what is written already has none for it."""
        if not self._told:
            self._told = True
            _LOG.warning(
                "%s: a later row has the column %s, which the first ones had not: it is in the record, and in none of "
                "the columns that were told before",
                self.connector,
                shown(name),
            )


def _usual(column: Column, operation: Operation) -> bool:
    """Whether a read shows the column although no row may have it: what the newest file that lists them has."""
    newest = next((source for source in (Source.FILE_8, Source.FILE_6) if source in operation.sources), None)
    return newest is None or newest in column.sources


_TEXTS = frozenset({str, type(None)})


class _Values:
    """The values of one column in rows that came together, and what types they have."""

    __slots__ = ("_types", "_values", "texts")

    def __init__(self, values: list[object]) -> None:
        self._values = values
        self._types = {*map(type, values)}
        self.texts = 0
        if str in self._types:
            self.texts = len(values) if len(self._types) == 1 else [*map(type, values)].count(str)

    def read(self, reader: Reader) -> Iterable[object] | None:
        """The values as ``reader`` reads them; None when they are as they are to be."""
        types, values = self._types, self._values
        # Where all count as true there is no empty text.
        if types <= reader.as_it_is and (not self.texts or all(values) or "" not in values):
            return None
        if reader.many is not None and types <= _TEXTS:
            return reader.many(cast("list[str | None]", values))
        return map(reader.read, values)
