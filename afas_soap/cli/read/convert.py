"""``afas convert``: a saved answer into another format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.output import output_from, output_options, write
from afas_soap.cli.shared.question import REPLACE_CONTROLS
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.export.saved import open_saved, read_fields
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import MAX_VALUE, Reading


@click.command("convert")
@click.argument("file", type=click.Path(allow_dash=True), default="-")
@click.option("--fields", type=click.Path(path_type=Path), metavar="FILE", help="Types from saved metainfo or an XSD.")
@click.option("--connector", help="Refuse rows of any other connector.")
@click.option("--raw", is_flag=True, help="Every value as the text that came.")
@click.option("--dates", multiple=True, metavar="COLUMN", help="Read this column as a date; midnight is checked.")
@click.option("--files", multiple=True, metavar="COLUMN", help="Read this text as the base64 of a file.")
@click.option("--aware", is_flag=True, help="Date-times with their Amsterdam offset (+00:00 before May 1940).")
@click.option(
    "--max-value",
    type=click.IntRange(min=1),
    default=MAX_VALUE,
    metavar="BYTES",
    help="Largest single value. [default: 64 MiB]",
)
@REPLACE_CONTROLS
@output_options
def command(file: str, fields: Path | None, connector: str | None, **options: Any) -> None:
    """Turn a saved answer into another format: a SOAP envelope, AfasGetConnector XML, what a .NET DataSet made of it,
    REST JSON, and whatever afas get and afas convert write.

    FILE is a path, or - for standard input; it may hold several answers, one behind the other. Types come from the
    schema in the file or from --fields; without either, JSON keeps its own types, XML and CSV values stay text, and
    standard error says so.

    \b
    afas convert saved.xml -o saved.csv
    curl ... | afas convert --format csv
    afas convert saved.json --fields metainfo.json --format xml --schema
    """
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
