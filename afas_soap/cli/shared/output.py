"""Where rows go: a table on a terminal, otherwise lines of a format to standard output or a file."""

from __future__ import annotations

import contextlib
import importlib
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.streams import tell
from afas_soap.export.formats import lines
from afas_soap.export.target import write_file, write_stream
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record, Rows

# With rich, which draws them: for whoever looks on.
_TABLE, _PROGRESS = "afas_soap.cli.shared.table", "afas_soap.cli.shared.progress"
_ENDINGS = {".jsonl": "jsonl", ".json": "json", ".csv": "csv", ".xml": "xml"}


@dataclass(frozen=True, slots=True)
class Output:
    """Where rows go, and as what: ``path`` None is standard output; ``aware`` says that date-times have a zone."""

    format_: str
    path: Path | None
    delimiter: str = ","
    schema: bool = False
    aware: bool = False


def output_from(options: dict[str, Any], *, listing: bool = False, aware: bool = False) -> Output:
    """Take the output out of a command's options, before anybody is asked for rows.

    Raises ``UsageError`` for a file whose name says no format while no option says one, and for options that would
    have no effect; ``SettingsError`` for a delimiter that is none.
    """
    given, path, delimiter, schema = (options.pop(name) for name in ("format_", "output", "delimiter", "schema"))
    path = None if path == Path("-") else path
    chosen: str = given or (_usual(listing=listing) if path is None else format_of(path, _ENDINGS))
    if chosen == "table" and path is not None:
        raise click.UsageError("a table goes to the terminal: choose --format jsonl, json, csv or xml for a file")
    if delimiter is not None and chosen != "csv":
        raise click.UsageError(f"--delimiter is for --format csv, and this is {chosen}")
    if schema and chosen != "xml":
        raise click.UsageError(f"--schema is for --format xml, and this is {chosen}")
    output = Output(chosen, path, "," if delimiter is None else delimiter, schema, aware)
    if chosen != "table":
        # Nothing is written yet: a delimiter that cannot separate is refused.
        _lines((), Fields("", ()), output)
    return output


def _usual(*, listing: bool) -> str:
    return "table" if listing or sys.stdout.isatty() else "jsonl"


def format_of(path: Path, endings: Mapping[str, str]) -> str:
    """The format that a file's name says, by ``endings``; the first one for what is no file (``/dev/stdout``, a pipe).

    Raises ``UsageError`` for any other ending: nobody expects JSON Lines in a file that is called otherwise.
    """
    if path.parts[:2] == ("/", "dev") or (path.exists() and not path.is_file()):
        return next(iter(endings.values()))
    if path.suffix.lower() not in endings:
        *others, last = dict.fromkeys(endings.values())
        raise click.UsageError(
            f"{path.name}: {f'{path.suffix} is' if path.suffix else 'without an ending it says'} no format that is "
            f"written here: choose --format {', '.join(others)} or {last}, or a name that ends in {', '.join(endings)}"
        )
    return endings[path.suffix.lower()]


def write(rows: Rows, fields: Fields, output: Output) -> None:
    """Write the rows as the output says, and say on standard error how many there were; what fails before the first row
    leaves nothing, not even a header."""
    counted = _Counted(rows)
    if output.format_ == "table":
        if importlib.import_module(_TABLE).show(counted, fields):
            _tell_number(counted.number)
        return
    with _progress(counted):
        first = [*itertools.islice(counted, 1)]
        put(_lines(itertools.chain(first, counted), fields, output), output.path)
    _tell_number(counted.number)


def _tell_number(rows: int) -> None:
    """To whoever looks on; that there were none always, for an empty file may as well be a mistake in the question."""
    if rows == 0 or sys.stderr.isatty():
        tell(f"afas: {f'{rows:,}' if rows else 'no'} row{'' if rows == 1 else 's'}")


def write_listing(
    records: Iterable[Record], fields: Fields, output: Output, shapes: Mapping[str, Callable[[], str]]
) -> None:
    """Write what a command lists; ``shapes`` has the formats that it spells by itself, ``table`` among them."""
    if output.format_ in shapes:
        put([text] if (text := shapes[output.format_]()) else (), output.path)
    else:
        put(_lines(records, fields, output), output.path)


def put(pieces: Iterable[str], path: Path | None) -> None:
    """Write text to a file, whole or not at all, or to standard output where ``path`` is None."""
    if path is None:
        write_stream(sys.stdout.buffer, pieces)
    else:
        write_file(path, pieces)


def _lines(records: Iterable[Record], fields: Fields, output: Output) -> Iterator[str]:
    delimiter, schema, aware = output.delimiter, output.schema, output.aware
    return lines(output.format_, records, fields, delimiter=delimiter, schema=schema, aware=aware)


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
    shown: contextlib.AbstractContextManager[object] = importlib.import_module(_PROGRESS).rows_so_far(
        lambda: counted.number
    )
    return shown
