"""``afas wsdl``: the shipped WSDL documents, and whether a live Profit still offers the same."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.connection import connect, connection_options
from afas_soap.cli.exits import DIFFERENCES, FINE
from afas_soap.cli.group import Group
from afas_soap.wire.wsdlcheck import check_live, shipped


@click.group("wsdl", cls=Group)
def command() -> None:
    """List the shipped WSDL documents, or compare them with a live one."""


@command.command("list")
def list_() -> None:
    """List the shipped documents, and what in each is known and what inferred."""
    for document in shipped():
        click.echo(f"{document.name}  {document.file}\n  known: {document.known}\n  inferred: {document.inferred}")


@command.command("check")
@click.argument("services", nargs=-1)
@connection_options
def check(services: tuple[str, ...], **options: Any) -> int:
    """Fetch the live ?WSDL of the SERVICES (all by default) and say what differs; exit code 1 when something does."""
    differing = False
    with connect(options) as profit:
        assert profit.opened is not None, "made from settings"
        for document in shipped():
            if services and document.name.lower() not in {service.lower() for service in services}:
                continue
            differences = check_live(profit.opened.transport, document)
            differing = differing or bool(differences)
            click.echo(f"{document.name}: {'; '.join(differences) or 'no difference'}")
    return DIFFERENCES if differing else FINE
