"""``afas version``: Profit's version."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.terminal import printable


def run(**options: Any) -> None:
    """Profit's version."""
    with connect(options) as profit:
        click.echo(printable(profit.version()))
