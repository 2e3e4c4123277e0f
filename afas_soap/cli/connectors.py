"""``afas connectors``: what the credentials may use."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from afas_soap.cli.connection import connect, connection_options
from afas_soap.cli.terminal import printable
from afas_soap.profit.connectors import Entry


@click.command("connectors")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@connection_options
def command(format_: str, **options: Any) -> None:
    """List the connectors that your credentials may use.

    Only REST tells them, so REST is asked whatever the protocol.
    """
    with connect(options) as profit:
        catalogue = profit.connectors()
    if format_ == "json":
        click.echo(json.dumps(asdict(catalogue), ensure_ascii=False, indent=2))
        return
    _section("GetConnectors", catalogue.get_connectors)
    _section("UpdateConnectors", catalogue.update_connectors)
    _section("Other connectors", catalogue.custom_connectors)


def _section(title: str, entries: tuple[Entry, ...]) -> None:
    if entries:
        width = max(len(entry.id) for entry in entries)
        click.echo(f"{title}:")
        for entry in entries:
            click.echo(printable(f"  {entry.id:<{width}}  {entry.description}".rstrip()))
