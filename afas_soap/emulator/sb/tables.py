"""The rows of one customer environment in SQLite, a table for each connector: asked, written, and numbered as they
change.

A number is kept as its text and sorts as a number (a collation), so that no cent passes through a float. What others
compute out of these rows stands in views, which sum with ``TOTAL_OF`` for the same reason.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from afas_soap.sb.operation import Column, Kind, Verb
from afas_soap.sb.table import Table

Row = dict[str, object]

_NAMESPACE = uuid.UUID("6f0e1d5a-5b1c-5d0e-9a53-afa500000000")

# The order in which rows came, and the number of the change that touched them last: what a tracking token counts by.
_OWN = '"_row" INTEGER PRIMARY KEY AUTOINCREMENT, "_changed" INTEGER NOT NULL'


class _Total:
    """The sum of numbers that are texts."""

    def __init__(self) -> None:
        self._sum = Decimal(0)

    def step(self, value: object) -> None:
        self._sum += Decimal(str(value or 0))

    def finalize(self) -> Any:
        return str(self._sum)


class Tables:
    """The rows by connector, whose name may be written in any case. Values are text, ``Decimal``, bool, dicts and lists
    of JSON, and None. Safe for several threads; a ``transaction`` has it alone."""

    def __init__(self, operations: Table) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.create_aggregate("TOTAL_OF", 1, _Total)
        self._database.create_function("GUID_OF", -1, guid_of, deterministic=True)
        self._database.create_collation("AS_NUMBER", _compared)
        self._columns: dict[str, dict[str, Column]] = {}
        for operation in operations.operations:
            if operation.verb is Verb.GET:
                known = self._columns.setdefault(operation.connector, {})
                known.update({column.name: column for column in operation.columns if column.name not in known})
        for connector in self._columns:
            self._create(connector)

    def close(self) -> None:
        """Let go of the rows."""
        self._database.close()

    def snapshot(self) -> bytes:
        """All that is here, for ``restore``."""
        with self._lock:
            self._database.execute(f"PRAGMA user_version = {self._changes}")
            return self._database.serialize()

    def restore(self, snapshot: bytes) -> None:
        """Have what a ``snapshot`` holds, of tables and views that were made as these were, in place of what is
        here."""
        with self._lock:
            self._database.deserialize(snapshot)
            (self._changes,) = self._database.execute("PRAGMA user_version").fetchone()

    def columns(self, connector: str) -> Mapping[str, Column]:
        """The columns of a connector, of all its versions."""
        return self._columns[connector]

    def add(self, name: str, *columns: Column) -> None:
        """A table beside those of the connectors, which nobody asks for: what the rows do not show."""
        self._columns[name] = {column.name: column for column in columns}
        self._create(name)

    def view(self, connector: str, query: str) -> None:
        """From now on the rows of ``connector`` are what the SELECT ``query`` gives, which names every column, and the
        two of our own: ``_row`` and ``_changed``."""
        self._database.execute(f"DROP TABLE {_quoted(connector)}")
        self._database.execute(f"CREATE VIEW {_quoted(connector)} AS {query}")

    def index(self, connector: str, *columns: str) -> None:
        """Make rows quick to find by these columns."""
        names = ", ".join(map(_quoted, columns))
        self._database.execute(f"CREATE INDEX {_quoted(f'by {connector} {columns}')} ON {_quoted(connector)} ({names})")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written within, or nothing of it. One within another is a part of it."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._database.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._database.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._database.execute("COMMIT")
            finally:
                self._depth -= 1

    def insert(self, connector: str, row: Mapping[str, object]) -> None:
        """Add a row; a column that it has not is null. ``KeyError`` for one that the connector has not."""
        with self._lock:
            values = self._stored(connector, row)
            names, marks = ", ".join(map(_quoted, values)), ", ".join("?" * len(values))
            self._run(
                f'INSERT INTO {_quoted(connector)} ("_changed", {names}) VALUES (?, {marks})',  # noqa: S608
                (self._next(), *values.values()),
            )

    def change(self, connector: str, where: Mapping[str, object], values: Mapping[str, object]) -> int:
        """Change the rows that have these values in these columns, and say how many."""
        with self._lock:
            stored, found = self._stored(connector, values), self._stored(connector, where)
            told = ", ".join(f"{_quoted(name)} = ?" for name in stored)
            return self._run(
                f'UPDATE {_quoted(connector)} SET "_changed" = ?, {told} WHERE {_equal(found)}',  # noqa: S608
                (self._next(), *stored.values(), *found.values()),
            ).rowcount

    def remove(self, connector: str, where: Mapping[str, object]) -> int:
        """Remove the rows that have these values, and say how many."""
        with self._lock:
            found = self._stored(connector, where)
            query = f"DELETE FROM {_quoted(connector)} WHERE {_equal(found)}"  # noqa: S608
            return self._run(query, tuple(found.values())).rowcount

    def find(self, connector: str, where: Mapping[str, object] | None = None) -> list[Row]:
        """The rows that have these values, in the order they came; all of them without."""
        found = self._stored(connector, where or {})
        return self.select(connector, _equal(found), tuple(found.values()))

    def select(
        self, connector: str, condition: str = "1", values: Sequence[object] = (), *, order: str = "", window: str = ""
    ) -> list[Row]:
        """Rows by SQL behind WHERE, ORDER BY and LIMIT; ``condition`` has a ``?`` for each of ``values``."""
        with self._lock:
            sorting = f"ORDER BY {order}" if order else ""
            query = f"SELECT * FROM {_quoted(connector)} WHERE {condition} {sorting} {window}"  # noqa: S608
            cursor = self._run(query, values)
            names = [description[0] for description in cursor.description]
            columns = self._columns[connector]
            return [
                {
                    name: _read(value, columns[name].kind)
                    for name, value in zip(names, row, strict=True)
                    if name in columns
                }
                for row in cursor
            ]

    @property
    def latest(self) -> int:
        """The number of the latest change in the whole environment."""
        with self._lock:
            return self._changes

    _changes = 0

    def _create(self, name: str) -> None:
        told = ", ".join(f"{_quoted(column.name)} {_type(column.kind)}" for column in self._columns[name].values())
        self._database.execute(f"CREATE TABLE {_quoted(name)} ({_OWN}, {told})")

    def _next(self) -> int:
        self._changes += 1
        return self._changes

    def _run(self, query: str, values: Sequence[object]) -> sqlite3.Cursor:
        return self._database.execute(query, values)

    def _stored(self, connector: str, row: Mapping[str, object]) -> dict[str, object]:
        columns = self._columns[connector]
        return {name: _written(value, columns[name].kind) for name, value in row.items()}


def guid_of(*parts: object) -> str:
    """A GUID that is always the same for the same parts, of the kind that most of AFAS' samples have (version 5)."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(map(str, parts))))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _type(kind: Kind) -> str:
    if kind is Kind.BOOLEAN:
        return "INTEGER"
    return "TEXT COLLATE AS_NUMBER" if kind is Kind.NUMBER else "TEXT COLLATE NOCASE"


def _equal(found: Mapping[str, object]) -> str:
    return " AND ".join(f"{_quoted(name)} IS ?" for name in found) or "1"


def _written(value: object, kind: Kind) -> object:
    if value is None:
        return None
    if kind is Kind.OBJECT:
        return json.dumps(value)
    return int(bool(value)) if kind is Kind.BOOLEAN else str(value)


def _read(value: object, kind: Kind) -> object:
    if value is None:
        return None
    if kind is Kind.OBJECT:
        return json.loads(str(value))
    if kind is Kind.BOOLEAN:
        return bool(value)
    return Decimal(str(value)) if kind is Kind.NUMBER else value


def _compared(one: str, other: str) -> int:
    first, second = Decimal(one), Decimal(other)
    return (first > second) - (first < second)
