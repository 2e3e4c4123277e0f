"""Materialized views, refreshed incrementally: the rows of a GetConnector follow what its UpdateConnectors hold.

It happens when the GetConnector is asked, not when an update comes: nobody may ever ask.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from afas_soap.emulator.booking.kinds import EXACTLY
from afas_soap.emulator.booking.records import Document, Records
from afas_soap.emulator.booking.views.definitions import View, rows_of
from afas_soap.emulator.getconnectors.decimals import is_decimal
from afas_soap.emulator.getconnectors.layout import ROWS, add_index, changed, insert_row, stored, value_column
from afas_soap.emulator.seed.table import Cell
from afas_soap.profit.fields import Fields, Kind

# Which rows came from which record, or were found to be its own: by number, as the rows know nothing of records.
_ORIGINS = (
    "CREATE TABLE IF NOT EXISTS origins (document INTEGER, view INTEGER, line INTEGER, row INTEGER, "
    "PRIMARY KEY (document, view, line))"
)


class MaterializedViews:
    """What a GetConnector shows of ``records``, by ``views``. Only one thread at a time may call it."""

    def __init__(self, records: Records, views: tuple[View, ...]) -> None:
        self._records = records
        self._views = views
        self._seen = 0

    @property
    def behind(self) -> bool:
        """Whether anything was booked since the last time, in these UpdateConnectors or in others."""
        return self._seen < self._records.revision

    def catch_up(self, connection: sqlite3.Connection, fields: Fields) -> None:
        """Bring the rows up to date, in one transaction. Streams that are open go on with the rows they began with."""
        latest = self._records.revision
        connection.execute("BEGIN")
        try:
            connection.execute(_ORIGINS)
            for revision, document in self._records.since({view.update for view in self._views}, self._seen):
                latest = max(latest, revision)
                for number, view in enumerate(self._views):
                    if view.update == document.connector:
                        _ViewRows(connection, fields, number, view).show(document)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        self._seen = latest


class _ViewRows:
    """One view of one GetConnector, while it is brought up to date."""

    def __init__(self, connection: sqlite3.Connection, fields: Fields, number: int, view: View) -> None:
        self._connection = connection
        self._fields = fields
        self._number = number
        self._view = view

    def show(self, document: Document) -> None:
        lines = self._lines(document)
        if document.gone:
            rows: list[Mapping[str, str | None]] = []
        elif self._view.part and document.seeded and self._view.part not in document.row.parts:
            # Nobody changed the lines that the seed has.
            return
        else:
            rows = list(rows_of(self._view, document))
        for line, row in enumerate(rows):
            cells = {name: _cell(self._fields, name, text) for name, text in row.items() if name in self._fields}
            if line < len(lines):
                self._change(lines[line], cells)
            else:
                self._note(document, line, self._add(cells))
        for line in range(len(rows), len(lines)):
            self._connection.execute(f"DELETE FROM {ROWS} WHERE rowid = ?", (lines[line],))  # noqa: S608
            self._connection.execute(
                "DELETE FROM origins WHERE document = ? AND view = ? AND line = ?", (document.id, self._number, line)
            )

    def _lines(self, document: Document) -> list[int]:
        """The rows that are this record's already."""
        found = self._connection.execute(
            "SELECT row FROM origins WHERE document = ? AND view = ? ORDER BY line", (document.id, self._number)
        )
        lines = [row for (row,) in found]
        if not lines and document.seeded:
            lines = self._seeded(document)
            for line, row in enumerate(lines):
                self._note(document, line, row)
        return lines

    def _seeded(self, document: Document) -> list[int]:
        wanted = {
            name: _cell(self._fields, name, document.row.text(code))
            for name, code in self._view.keys.items()
            if name in self._fields
        }
        if not wanted or len(wanted) < len(self._view.keys):
            return []
        columns = [value_column(self._fields.names.index(name)) for name in wanted]
        self._connection.execute(add_index(columns[0]))
        tests = " AND ".join(f"{column} = ?" for column in columns)
        found = self._connection.execute(
            f"SELECT rowid FROM {ROWS} WHERE {tests} AND rowid NOT IN (SELECT row FROM origins WHERE view = ?) "  # noqa: S608
            "ORDER BY rowid",
            (*wanted.values(), self._number),
        )
        return [row for (row,) in found]

    def _note(self, document: Document, line: int, row: int) -> None:
        self._connection.execute("INSERT INTO origins VALUES (?, ?, ?, ?)", (document.id, self._number, line, row))

    def _change(self, row: int, cells: Mapping[str, Cell]) -> None:
        assignments, parameters = changed(self._fields, cells)
        if assignments:
            self._connection.execute(
                f"UPDATE {ROWS} SET {assignments} WHERE rowid = ?",  # noqa: S608 - names of our own
                (*parameters, row),
            )

    def _add(self, cells: Mapping[str, Cell]) -> int:
        whole = tuple(
            cells[field.name] if field.name in cells else _cell(self._fields, field.name, None)
            for field in self._fields
        )
        (row,) = stored(self._fields, [whole])
        return self._connection.execute(insert_row(self._fields), row).lastrowid or 0


def _cell(fields: Fields, name: str, text: str | None) -> Cell:
    """A text as the column keeps it; None for one that the column cannot hold."""
    if not text:
        # A yes/no field of Profit is never empty.
        return False if fields[name].kind is Kind.BOOL else None
    cell = _CELLS.get(fields[name].kind, _text)(text)
    if fields[name].kind is Kind.DECIMAL and cell is not None:
        # All the decimals of the metadata (profit-wire 2.5).
        digits = Decimal(1).scaleb(-fields[name].decimals)
        return format(Decimal(str(cell)).quantize(digits, ROUND_HALF_UP, EXACTLY), "f")
    return cell


def _text(text: str) -> Cell:
    return text


def _whole_number(text: str) -> Cell:
    number = int(text) if text.removeprefix("-").isdecimal() else None
    return number if number is not None and abs(number) < 2**63 else None


def _decimal(text: str) -> Cell:
    return text.removeprefix("+") if is_decimal(text.removeprefix("+")) else None


def _boolean(text: str) -> Cell:
    return text.lower() in ("true", "1")


def _moment(text: str) -> Cell:
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=None).isoformat()
    except ValueError:
        return None


def _nothing(_text: str) -> Cell:
    return None


_CELLS: Mapping[Kind, Callable[[str], Cell]] = {
    Kind.INT: _whole_number,
    Kind.DECIMAL: _decimal,
    Kind.BOOL: _boolean,
    Kind.DATETIME: _moment,
    Kind.BYTES: _nothing,
}
