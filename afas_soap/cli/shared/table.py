"""Rows for a person: a table where its columns can be read side by side, otherwise each row as a block of lines."""

from __future__ import annotations

import io
import itertools
import os
import shutil
import sys
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable
from afas_soap.export.target import write_stream
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record, Value
from afas_soap.profit.values import spell

ROWS = 1000
"""Rows that are shown at most."""

LONGEST = 200
"""Signs of one value that are shown at most."""

# Signs of a column that can still be read; a table that leaves its columns less is none.
_NARROWEST = 16
_BETWEEN, _OUTSIDE = 3, 1


def show(rows: Iterator[Record], fields: Fields) -> bool:
    """The first ``ROWS`` rows on standard output; what is not shown is said on standard error. Gives whether those are
    all rows."""
    records = list(itertools.islice(rows, ROWS))
    cells = [[_cell(record[name]) for name in fields.names] for record in records]
    names = [printable(name) for name in fields.names]
    write_stream(sys.stdout.buffer, [_layout(names, cells, _width())])
    if any(cell.endswith("…") and len(cell) > LONGEST for row in cells for cell in row):
        tell(f"afas: values of more than {LONGEST} signs are cut short (…); --format jsonl or -o FILE gives them whole")
    more = next(rows, None) is not None
    if more:
        tell(f"afas: the table shows the first {ROWS:,} rows; --format jsonl or -o FILE gives all")
    return not more


def _cell(value: Value) -> str:
    text = "" if value is None else spell(value)
    return printable(text) if len(text) <= LONGEST else printable(text[:LONGEST]) + "…"


def _width() -> int | None:
    """The width of the terminal; None where there is none, so that nothing has to fit."""
    if not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        return None
    return shutil.get_terminal_size().columns


def _layout(names: Sequence[str], cells: Sequence[Sequence[str]], width: int | None) -> str:
    widths = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    if not widths:
        return ""
    borders = _BETWEEN * len(widths) + _OUTSIDE
    if width is None:
        return _table(names, cells, sum(widths) + borders)
    if sum(min(one, _NARROWEST) for one in widths) + borders <= width:
        return _table(names, cells, width)
    return "".join(_blocks(names, cells))


def _table(names: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    # As Text, for rich would take ":euro:" in a bare text for a sign of its own.
    table = Table(*(Column(Text(name), overflow="fold") for name in names))
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    drawn = io.StringIO()
    Console(file=drawn, force_terminal=sys.stdout.isatty(), width=width, legacy_windows=False).print(table)
    return drawn.getvalue()


def _blocks(names: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    widest = max(map(cell_len, names))
    padded = [name + " " * (widest - cell_len(name)) for name in names]
    for number, row in enumerate(cells, 1):
        yield f"-- {number} --\n"
        yield from (f"{name}  {cell}".rstrip() + "\n" for name, cell in zip(padded, row, strict=True))
