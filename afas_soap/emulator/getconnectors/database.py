"""A SQLite database for each connector: built when it is first asked, read by several streams at the same time.

A file each, because a stream that is open must not keep another connector from being built. Nothing here is kept in
memory but SQLite's page caches of some 2 MB each.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from afas_soap.emulator.getconnectors.layout import add_index, create_table, insert_row, stored
from afas_soap.emulator.getconnectors.sql import Select, refusal
from afas_soap.emulator.refusals import UNEXPECTED
from afas_soap.emulator.seed.table import Cell, Cells
from afas_soap.errors import SettingsError
from afas_soap.profit.fields import Fields


class Stream(Iterator[tuple[Cell, ...]]):
    """The rows as they come, on a connection of their own, which is closed behind the last one."""

    def __init__(self, connection: sqlite3.Connection, select: Select) -> None:
        self._connection = connection
        self._rows: Iterator[tuple[Cell, ...]] = iter(())
        try:
            self._rows = connection.execute(select.sql, select.parameters)
        except (sqlite3.Error, UnicodeError):
            self.close()
            raise refusal(UNEXPECTED) from None

    def __next__(self) -> tuple[Cell, ...]:
        try:
            return next(self._rows)
        except StopIteration:
            self.close()
            raise
        except sqlite3.Error:
            self.close()
            raise refusal(UNEXPECTED) from None

    def __del__(self) -> None:
        # Python 3.13 warns of a connection that nobody closed, and a stream may be forgotten half-way. Whichever thread
        # collects the garbage comes here, and some connections are their own thread's.
        with contextlib.suppress(sqlite3.ProgrammingError):
            self._connection.close()

    def close(self) -> None:
        """Throw away what was not read. Safe to call twice."""
        self._rows = iter(())
        self._connection.close()


class Changes(Protocol):
    """What happened to the rows since they were laid down."""

    @property
    def behind(self) -> bool:
        """Whether ``catch_up`` may find anything to do."""
        ...

    def catch_up(self, connection: sqlite3.Connection, fields: Fields) -> None:
        """Bring the rows up to date, in a transaction of its own."""
        ...


class Database:
    """The rows of a connector in the file ``path``, which must not exist yet. Safe for several threads.

    ``rows`` is called when the first question comes, or ``build``; ``changes`` before every question.
    """

    def __init__(
        self, fields: Fields, rows: Callable[[], Iterable[Cells]], path: Path, changes: Changes | None = None
    ) -> None:
        self.fields = fields
        self._rows = rows
        self._path = path
        self._changes = changes
        self._lock = threading.Lock()
        self._indexed: set[str] = set()
        self._writer: sqlite3.Connection | None = None
        self._closed = False

    def read(self, select: Select) -> Stream:
        """The rows of one question.

        Raises ``SettingsError`` when the rows cannot be laid down, as on a full disk, and when this is closed;
        ``ProfitError`` when SQLite cannot answer, as for more conditions than it takes.
        """
        self._prepare(select.index)
        return Stream(_connect(self._path), select)

    def build(self) -> None:
        """Lay the rows down now: what ``rows`` raises comes out here."""
        self._prepare(None)

    def _prepare(self, column: str | None) -> None:
        """Build what is missing: the rows, what changed, and the index on a column that is sorted by for the first
        time."""
        with self._lock:
            if self._closed:
                raise SettingsError("The emulator's store is closed: it answers no more questions.")
            try:
                if self._writer is None:
                    self._writer = _built(self.fields, self._rows(), self._path)
                if self._changes is not None and self._changes.behind:
                    self._changes.catch_up(self._writer, self.fields)
                if column is not None and column not in self._indexed:
                    self._writer.execute(add_index(column))
                    self._indexed.add(column)
            except sqlite3.OperationalError as error:
                raise SettingsError(
                    f"The emulator cannot lay down {self.fields.connector} in its temporary folder: {error}. "
                    "Make room there, or name another folder by TMPDIR."
                ) from None

    def close(self) -> None:
        """Let go of the file. Streams that are still open may go on reading."""
        with self._lock:
            self._closed = True
            if self._writer is not None:
                self._writer.close()


def _connect(path: Path) -> sqlite3.Connection:
    # A stream may be begun by one thread and read by another, though never by two at once.
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)


def _built(fields: Fields, rows: Iterable[Cells], path: Path) -> sqlite3.Connection:
    """All rows in one go. Nothing has to survive a crash, so nothing is made safe against one."""
    path.unlink(missing_ok=True)
    connection = _connect(path)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(create_table(fields))
        connection.execute("BEGIN")
        connection.executemany(insert_row(fields), stored(fields, rows))
        connection.execute("COMMIT")
        # From here on an index can be made while others read.
        connection.execute("PRAGMA journal_mode = WAL")
    except BaseException:
        connection.close()
        raise
    return connection
