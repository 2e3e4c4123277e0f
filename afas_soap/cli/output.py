"""Where rows go: a table on a terminal, otherwise lines of a format to standard output or a file."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

_ENDINGS = {".jsonl": "jsonl", ".json": "json", ".csv": "csv", ".xml": "xml"}

_OPTIONS: tuple[Callable[[Decorated], Decorated], ...] = (
    click.option(
        "--format",
        "format_",
        type=click.Choice(["table", *FORMATS]),
        help="[default: what FILE ends in (.jsonl, .json, .csv, .xml); a table on a terminal; otherwise jsonl]",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, readable=False, allow_dash=True),
        metavar="FILE",
        help="File to write, beside it first and then renamed; - is standard output.",
    ),
    click.option("--delimiter", metavar="SIGN", help=r"Between the values of CSV; \t is a tab. [default: ,]"),
    click.option("--schema", is_flag=True, help="XML with an inline XSD, as a .NET DataSet reads it."),
)


@dataclass(frozen=True, slots=True)
class Output:
    """Where rows go, and as what: ``path`` None is standard output."""

    format_: str
    path: Path | None
    delimiter: str = ","
    schema: bool = False


def output_options(command: Decorated) -> Decorated:
    """Add the options to a command; ``output_from`` takes them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def output_from(options: dict[str, Any]) -> Output:
    """Take the output out of a command's options, before anybody is asked for rows."""
    given, path, delimiter, schema = (options.pop(name) for name in ("format_", "output", "delimiter", "schema"))
    path = None if path == Path("-") else path
    chosen: str = given or _usual(path)
    if chosen == "table" and path is not None:
        raise click.UsageError("a table goes to the terminal: choose --format jsonl, json, csv or xml for a file")
    if delimiter is not None and chosen != "csv":
        raise click.UsageError(f"--delimiter is for --format csv, and this is {chosen}")
    if schema and chosen != "xml":
        raise click.UsageError(f"--schema is for --format xml, and this is {chosen}")
    return Output(chosen, path, "," if delimiter is None else delimiter, schema)


def _usual(path: Path | None) -> str:
    if path is None:
        return "table" if sys.stdout.isatty() else "jsonl"
    return _ENDINGS.get(path.suffix.lower(), "jsonl")


def write(rows: Rows, fields: Fields, output: Output) -> None:
    """Write the rows as the output says."""
    if output.format_ == "table":
        show(rows, fields)
        return
    counted = _Counted(rows)
    text = lines(output.format_, counted, fields, delimiter=output.delimiter, schema=output.schema)
    with _progress(counted):
        if output.path is None:
            write_stream(sys.stdout.buffer, text)
        else:
            write_file(output.path, text)


class _Counted(Iterator[Record]):
    """The rows, counted as they pass."""

    def __init__(self, rows: Iterator[Record]) -> None:
        self._rows = rows
        self.number = 0

    def __next__(self) -> Record:
        record = next(self._rows)
        self.number += 1
        return record


def _progress(counted: _Counted) -> contextlib.AbstractContextManager[object]:
    """Rows so far on stderr while it is a terminal; nothing otherwise: disabled, rich may still end with a line."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    progress = Progress(
        SpinnerColumn(),
        _RowsColumn(counted),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
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
