"""``afas convert``: a saved answer into another format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.output import output_from, write
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.export.saved import open_saved, read_fields
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Reading


def run(file: str, fields: Path | None, connector: str | None, **options: Any) -> None:
    """The rows of a saved answer, written in another format."""
    log_to_stderr(verbose=False)
    controls = Controls() if options.pop("replace_controls") else None
    dates, aware, max_value, files = (options.pop(name) for name in ("dates", "aware", "max_value", "files"))
    reading = Reading(not options.pop("raw"), dates, aware, max_value, files, controls)
    output = output_from(options, aware=reading.aware)
    known = read_fields(fields) if fields else None
    source = sys.stdin.buffer if file == "-" else Path(file)
    with open_saved(source, fields=known, connector=connector, reading=reading, whole=True) as rows:
        assert rows.fields is not None, "read whole, so the columns are known"
        _check_named("--dates", reading.dates, rows.fields)
        _check_named("--files", reading.files, rows.fields)
        write(rows, rows.fields, output)
        if controls is not None:
            controls.tell(rows.fields.connector)


def _check_named(option: str, columns: tuple[str, ...], fields: Fields) -> None:
    """A column that is misspelt would be left as it is, without a word."""
    for column in columns:
        if len(fields) and column not in fields.names:
            raise click.UsageError(f"{option}: the input has no column {column!r}; it has {', '.join(fields.names)}")
