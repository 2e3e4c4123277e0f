"""``afas schema``: the XSD of an UpdateConnector."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.terminal import printable
from afas_soap.export.target import write_file, write_stream


def run(connector: str, *, refresh: bool, output: Path | None, **options: Any) -> None:
    """The XSD of an UpdateConnector, and how old it is."""
    with connect(options) as profit:
        kept = profit.kept_schema(connector, refresh=refresh)
    if kept.from_disk:
        age = kept.age(datetime.datetime.now(datetime.UTC))
        click.echo(printable(f"afas: the schema of {connector} is {age} old; --refresh renews it"), err=True)
    pieces = [kept.text if kept.text.endswith("\n") else f"{kept.text}\n"]
    if output is None or output == Path("-"):
        write_stream(sys.stdout.buffer, pieces)
    else:
        write_file(output, pieces)
