"""The storage layout: how the columns of a connector lie in SQLite, and how a cell is stored.

Text is compared and sorted without regard to case, as SQL Server's usual collations do (inferred: the collation of a
Profit database is not known). NOCASE knows ASCII letters only. A decimal takes two columns: its exact digits, and a key
to compare by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from afas_soap.emulator.getconnectors.decimals import sort_key
from afas_soap.emulator.seed.table import Cell, Cells
from afas_soap.profit.fields import Field, Fields, Kind

ROWS = "rows"

_SQL_TYPES = {
    Kind.TEXT: "TEXT COLLATE NOCASE",
    Kind.INT: "INTEGER",
    Kind.DECIMAL: "TEXT",
    Kind.BOOL: "INTEGER",
    Kind.DATETIME: "TEXT",
    Kind.BYTES: "BLOB",
}


def value_column(position: int) -> str:
    """The SQL column that holds a cell. Names of connectors never get into SQL, only positions."""
    return f"c{position}"


def order_column(position: int, field: Field) -> str:
    """The SQL column by which a column is compared and sorted."""
    return f"k{position}" if field.kind is Kind.DECIMAL else value_column(position)


def _decimals(fields: Fields) -> list[int]:
    return [position for position, field in enumerate(fields) if field.kind is Kind.DECIMAL]


def create_table(fields: Fields) -> str:
    """The statement that makes the table: a column per field, then a key per decimal."""
    values = [f"{value_column(position)} {_SQL_TYPES[field.kind]}" for position, field in enumerate(fields)]
    keys = [f"k{position} TEXT" for position in _decimals(fields)]
    return f"CREATE TABLE {ROWS} ({', '.join(values + keys)})"


def add_index(column: str) -> str:
    """The statement that makes the index on an SQL column, unless it is there."""
    return f"CREATE INDEX IF NOT EXISTS by_{column} ON {ROWS} ({column})"


def insert_row(fields: Fields) -> str:
    """The statement that takes one row of ``stored``."""
    count = len(fields) + len(_decimals(fields))
    return f"INSERT INTO {ROWS} VALUES ({', '.join('?' * count)})"  # noqa: S608 - nothing from outside is in it


def stored(fields: Fields, rows: Iterable[Cells]) -> Iterator[tuple[Cell, ...]]:
    """Rows as ``insert_row`` takes them: an empty text becomes NULL, and the keys of the decimals stand at the end."""
    decimals = _decimals(fields)
    for row in rows:
        cells = tuple([None if cell == "" or cell == b"" else cell for cell in row]) if "" in row or b"" in row else row
        yield cells + tuple([None if (cell := cells[at]) is None else sort_key(str(cell)) for at in decimals])


def changed(fields: Fields, cells: Mapping[str, Cell]) -> tuple[str, tuple[Cell, ...]]:
    """The assignments that give some columns of a row other cells, and their parameters."""
    columns, parameters = [], []
    for name, cell in cells.items():
        position, cell = fields.names.index(name), None if cell == "" or cell == b"" else cell
        columns.append(value_column(position))
        parameters.append(cell)
        if fields[name].kind is Kind.DECIMAL:
            columns.append(order_column(position, fields[name]))
            parameters.append(None if cell is None else sort_key(str(cell)))
    return ", ".join(f"{column} = ?" for column in columns), tuple(parameters)
