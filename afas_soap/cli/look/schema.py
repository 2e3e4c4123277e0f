"""``afas schema``: the XSD of an UpdateConnector."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.connection import connect, connection_options
from afas_soap.cli.shared.terminal import printable
from afas_soap.export.target import write_file, write_stream


@click.command("schema")
@click.argument("connector")
@click.option("--refresh", is_flag=True, help="Ask Profit although one is kept.")
@click.option("-o", "--output", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE", help="File to write.")
@connection_options
def command(connector: str, refresh: bool, output: Path | None, **options: Any) -> None:
    """Print the XSD of the UpdateConnector CONNECTOR, as updates are checked against it.

    Over SOAP it is Profit's own, for which the app connector needs GetXMLSchema; over REST it is made from metainfo,
    which also tells mandatory fields. It is kept for a day; standard error says how old it is.

    \b
    afas schema KnSubject -o KnSubject.xsd
    afas schema FiEntries --protocol rest --refresh
    """
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
