"""``afas settings``: each value, where it came from, and no secret."""

from __future__ import annotations

import json
import os
from typing import Any

import click

from afas_soap.cli.connection import arguments_from, connection_options
from afas_soap.cli.terminal import printable
from afas_soap.settings import resolve


@click.command("settings")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@connection_options
def command(format_: str, **options: Any) -> None:
    """Show each setting and where it came from, and no secret. Makes no call."""
    shown = resolve(arguments_from(options), os.environ).shown()
    if format_ == "json":
        click.echo(json.dumps([{"name": n, "value": v, "source": s} for n, v, s in shown], indent=2))
        return
    shown = [(name, printable(value), printable(source)) for name, value, source in shown]
    widths = [max(len(row[index]) for row in shown) for index in range(2)]
    for name, value, source in shown:
        click.echo(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {source}".rstrip())
