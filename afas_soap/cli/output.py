"""Where rows go: a table on a terminal, otherwise lines of a format to standard output or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from afas_soap.cli.table import show
from afas_soap.export.formats import FORMATS, lines
from afas_soap.export.target import write_file, write_stream
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record, Rows

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OPTIONS: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "--format",
        "format_",
        type=click.Choice(["table", *FORMATS]),
        help="[default: table on a terminal, jsonl otherwise]",
    ),
    click.option(
        "-o", "--output", type=click.Path(path_type=Path), help="File to write: beside it first, then renamed."
    ),
    click.option("--delimiter", default=",", help="Of CSV. [default: ,]"),
    click.option("--schema", is_flag=True, help="XML with an inline XSD, as a .NET DataSet reads it."),
)


def output_options(command: Decorated) -> Decorated:
    """Add the options to a command; ``write`` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def write(rows: Rows, fields: Fields, options: dict[str, Any]) -> int:
    """Write the rows as the options say, and give their number."""
    output: Path | None = options["output"]
    chosen = options["format_"] or ("table" if output is None and sys.stdout.isatty() else "jsonl")
    counted = _Counted(rows)
    if chosen == "table":
        if output is not None:
            raise click.UsageError("a table goes to the terminal: choose --format jsonl, json, csv or xml for a file")
        show(counted, fields)
    else:
        text = lines(chosen, counted, fields, delimiter=options["delimiter"], schema=options["schema"])
        with _progress(counted):
            if output is None:
                write_stream(sys.stdout.buffer, text)
            else:
                write_file(output, text)
    return counted.number


class _Counted(Iterator[Record]):
    """The rows, counted as they pass."""

    def __init__(self, rows: Iterator[Record]) -> None:
        self._rows = rows
        self.number = 0

    def __next__(self) -> Record:
        record = next(self._rows)
        self.number += 1
        return record


def _progress(counted: _Counted) -> Progress:
    """Rows so far on stderr while it is a terminal; nothing otherwise."""
    progress = Progress(
        SpinnerColumn(),
        _RowsColumn(counted),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    progress.add_task("rows", total=None)
    return progress


class _RowsColumn(TextColumn):
    """How many rows passed."""

    def __init__(self, counted: _Counted) -> None:
        super().__init__("{task.description}")
        self._counted = counted

    def render(self, task: Any) -> Any:
        task.description = f"{self._counted.number:,} rows"
        return super().render(task)
