"""A document store in one SQLite database: the records of UpdateConnectors, each change safe (WAL) when its call is.

A document is one record with its sub-objects. The values of its keys and of its fields stand together by their codes,
for a key may come as either. A record that was there before any update (a row of the seed) is laid down as soon as an
update touches it, and so is the removal of one, for its row would come back otherwise.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from afas_soap import disk
from afas_soap.errors import SettingsError

# "AFSB" as SQLite's application id: what tells our files from those of other programs.
_OURS = 0x41465342
_VERSION = 1
_TABLES = """
CREATE TABLE documents (id INTEGER PRIMARY KEY, connector TEXT, family TEXT, key TEXT, seeded INTEGER, gone INTEGER,
                        revision INTEGER, body TEXT);
CREATE INDEX by_key ON documents (family, key);
CREATE INDEX by_revision ON documents (connector, revision);
CREATE TABLE marks (document INTEGER, connector TEXT, code TEXT, value TEXT);
CREATE INDEX by_value ON marks (connector, code, value);
CREATE INDEX by_document ON marks (document);
CREATE TABLE counters (name TEXT PRIMARY KEY, last INTEGER);
"""
# Apart from the documents, which are read whole. Later than they, so that an older state gets it when it is opened.
_FILES = "CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, content BLOB)"
_BLOCK = 98_304
_COLUMNS = "id, connector, seeded, gone, body"


@dataclass
class Row:
    """A record, or a row of a sub-object: not frozen, for an update works on it.

    ``values`` are texts by code, None for what was cleared; ``parts`` the rows of each sub-object; ``handed`` what the
    emulator worked out itself, such as numbers and totals.
    """

    values: dict[str, str | None] = field(default_factory=dict, repr=False)
    parts: dict[str, list[Row]] = field(default_factory=dict, repr=False)
    handed: dict[str, str] = field(default_factory=dict, repr=False)

    def text(self, code: str) -> str:
        """The value or number with this code, "" when there is none or it was cleared."""
        return (self.values[code] or "") if code in self.values else self.handed.get(code, "")


@dataclass
class Document:
    """One record of ``connector``. ``seeded`` when a row of the seed shows it, ``gone`` when it was removed, ``id`` 0
    until it is laid down."""

    connector: str
    row: Row
    id: int = 0
    seeded: bool = False
    gone: bool = False


def folded(value: str) -> str:
    """A value as keys are compared: without regard to case, as the GetConnectors do, nor to the braces of a GUID."""
    return value.strip().removeprefix("{").removesuffix("}").casefold()


def key_of(values: Iterable[str]) -> str:
    """The text by which a record is found."""
    return json.dumps([folded(value) for value in values], ensure_ascii=False)


class Records:
    """Documents in the file ``path``, which may be there already when it is one of ours; ``durable`` when every call
    is to outlast a power cut, and the file to be no other emulator's meanwhile.

    Only one thread at a time may write; ``since`` may be asked by any. Raises ``SettingsError`` for a file that cannot
    be opened, is another program's, or is held by another emulator.
    """

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        # ``since`` opens it again, wherever the program has gone; and SQLite must not take a name for one of its own.
        self._path = path.absolute()
        self.revision = 0
        # Under one name only, whatever links lead to it. Whoever closes it may be another thread.
        self._lock = disk.Lock(disk.behind_links(path), mode=None)
        try:
            self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            try:
                self._open(durable=durable)
            except BaseException:
                self.close()
                raise
        except disk.InUseError:
            raise SettingsError(
                f"{path}: another emulator keeps its state there: end it, or name another file."
            ) from None
        except (sqlite3.Error, OSError, NotImplementedError) as error:
            raise SettingsError(
                f"{path}: the emulator cannot keep its state there ({error}): name another file."
            ) from None

    def _open(self, *, durable: bool) -> None:
        # Before the lock as well: nothing is laid beside another program's file.
        self._is_new()
        if durable:
            self._lock.acquire()
        if self._is_new():
            self._connection.executescript(
                f"BEGIN; {_TABLES} PRAGMA application_id = {_OURS}; PRAGMA user_version = {_VERSION}; COMMIT;"
            )
        self._connection.execute(_FILES)
        # From here on it can be read while it is written.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")
        self.revision = self._connection.execute("SELECT coalesce(max(revision), 0) FROM documents").fetchone()[0]

    def _is_new(self) -> bool:
        """Whether nothing was ever laid down; ``SettingsError`` for a file that is not ours."""
        (ours,) = self._connection.execute("PRAGMA application_id").fetchone()
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if (ours, version) == (_OURS, _VERSION):
            return False
        if ours or version or tables:
            raise SettingsError(f"{self._path}: this is no state of this emulator: name a new file.")
        return True

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is saved inside, or nothing of it; ``SettingsError`` when it cannot be written, as on a full
        disk."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            raise SettingsError(
                f"The emulator cannot keep what it booked: {error}. Nothing of that call is kept: make room at "
                f"{self._path}, or have its state elsewhere."
            ) from None
        except BaseException:
            self._roll_back()
            raise
        self.revision += 1

    def _roll_back(self) -> None:
        # SQLite has done it already after some errors, such as a full disk.
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")

    def by_key(self, family: str, key: str) -> Document | None:
        """The record with this key, one that was removed (``gone``), or None when none was ever laid down."""
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE family = ? AND key = ? ORDER BY gone, id DESC LIMIT 1",  # noqa: S608
            (family, key),
        ).fetchone()
        return None if found is None else _document(*found)

    def of(self, connector: str) -> Iterator[Document]:
        """Every record of a connector that is there, in the order of their coming."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE connector = ? AND NOT gone ORDER BY id",  # noqa: S608
            (connector,),
        ).fetchall()
        for row in rows:
            yield _document(*row)

    def marked(self, connector: str, code: str, value: str) -> list[Document]:
        """The records of a connector that have this value in a field they were marked by."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM documents WHERE NOT gone AND id IN "  # noqa: S608
            "(SELECT document FROM marks WHERE connector = ? AND code = ? AND value = ?) ORDER BY id",
            (connector, code, folded(value)),
        )
        return [_document(*row) for row in rows]

    def save(self, document: Document, *, family: str, key: str | None, marks: Iterable[str] = ()) -> None:
        """Lay a document down, or what it has become; ``marks`` are codes it can be found by."""
        values = (
            document.connector, family, key, document.seeded, document.gone, self.revision + 1, _body(document.row)
        )  # fmt: skip
        if document.id:
            self._connection.execute(
                "UPDATE documents SET connector = ?, family = ?, key = ?, seeded = ?, gone = ?, revision = ?, body = ? "
                "WHERE id = ?",
                (*values, document.id),
            )
        else:
            cursor = self._connection.execute(
                "INSERT INTO documents (connector, family, key, seeded, gone, revision, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            document.id = cursor.lastrowid or 0
        self._connection.execute("DELETE FROM marks WHERE document = ?", (document.id,))
        self._connection.executemany(
            "INSERT INTO marks VALUES (?, ?, ?, ?)",
            [
                (document.id, document.connector, code, folded(value))
                for code in marks
                if (value := document.row.text(code))
            ],
        )

    def last(self, counter: str) -> int | None:
        """The last number of a counter; None when it never counted."""
        found = self._connection.execute("SELECT last FROM counters WHERE name = ?", (counter,)).fetchone()
        return None if found is None else found[0]

    def set_last(self, counter: str, number: int) -> None:
        """From here on the counter goes on behind ``number``."""
        self._connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (counter, number))

    def keep_file(self, number: str, content: bytes) -> None:
        """Lay the content of a file down under its number, in place of one that it had."""
        self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, zeroblob(?))", (number, len(content)))
        (row,) = self._connection.execute("SELECT rowid FROM files WHERE id = ?", (number,)).fetchone()
        # Written piece by piece: SQLite would hold a copy of it otherwise.
        with self._connection.blobopen("files", "content", row) as blob:
            for at in range(0, len(content), _BLOCK):
                blob.write(content[at : at + _BLOCK])

    def has_file(self, number: str) -> bool:
        """Whether the content of a file was laid down."""
        return self._connection.execute("SELECT 1 FROM files WHERE id = ?", (number,)).fetchone() is not None

    def file(self, number: str) -> tuple[int, Generator[bytes]] | None:
        """The bytes of a file and how many they are; None when it was not laid down. Any thread may ask, and read them
        while others write. Close what is not read to its end. Raises ``SettingsError`` when it cannot be read."""
        query = "SELECT rowid, length(content) FROM files WHERE id = ?"
        try:
            with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                found = connection.execute(query, (number,)).fetchone()
        except sqlite3.Error as error:
            raise SettingsError(f"{self._path}: the emulator cannot read what it booked: {error}.") from None
        return None if found is None else (found[1], _pieces(self._path, found[0]))

    def since(self, connectors: Iterable[str], revision: int) -> Iterator[tuple[int, Document]]:
        """What changed in these connectors behind a revision, removals too, with the revision of each change.

        Raises ``SettingsError`` when it cannot be read.
        """
        names = tuple(connectors)
        try:
            with contextlib.closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                rows = connection.execute(
                    f"SELECT revision, {_COLUMNS} FROM documents WHERE revision > ? "  # noqa: S608 - question marks only
                    f"AND connector IN ({', '.join('?' * len(names))}) ORDER BY id",
                    (revision, *names),
                )
                for changed, *row in rows:
                    yield changed, _document(*row)
        except sqlite3.Error as error:
            raise SettingsError(f"{self._path}: the emulator cannot read what it booked: {error}.") from None

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        self._connection.close()
        self._lock.release()


def _pieces(path: Path, row: int) -> Generator[bytes]:
    # Begun by one thread and read by another, perhaps; never begun, there is nothing to let go of.
    with (
        contextlib.closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection,
        connection.blobopen("files", "content", row, readonly=True) as blob,
    ):
        while piece := blob.read(_BLOCK):
            yield piece


def _document(number: int, connector: str, seeded: int, gone: int, body: str) -> Document:
    return Document(connector, _row(json.loads(body)), number, bool(seeded), bool(gone))


def _body(row: Row) -> str:
    return json.dumps(_plain(row), ensure_ascii=False, separators=(",", ":"))


def _plain(row: Row) -> dict[str, object]:
    parts = {name: [_plain(inner) for inner in rows] for name, rows in row.parts.items()}
    return {"values": row.values, "parts": parts, "handed": row.handed}


def _row(plain: Mapping[str, dict[str, list[Mapping[str, dict[str, list[object]]]]]]) -> Row:
    parts = {name: [_row(inner) for inner in rows] for name, rows in plain["parts"].items()}  # type: ignore[arg-type]
    return Row(dict(plain["values"]), parts, dict(plain["handed"]))  # type: ignore[arg-type] # as _plain wrote it
