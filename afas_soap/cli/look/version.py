"""``afas version``: Profit's version."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.shared.connection import connect, connection_options
from afas_soap.cli.shared.terminal import printable


@click.command("version")
@connection_options
def command(**options: Any) -> None:
    """Print Profit's version, asked over the chosen protocol."""
    with connect(options) as profit:
        click.echo(printable(profit.version()))
