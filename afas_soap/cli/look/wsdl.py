"""``afas wsdl``: the shipped WSDL documents, and whether a live Profit still offers the same."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.group import Group
from afas_soap.cli.shared.connection import connect, connection_options
from afas_soap.cli.shared.exits import DIFFERENCES, FINE
from afas_soap.cli.shared.output import listing_options, output_from, write_listing
from afas_soap.cli.shared.terminal import printable
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record
from afas_soap.wire.profit.shipped import Shipped, shipped
from afas_soap.wire.profit.wsdlcheck import check_live


@click.group("wsdl", cls=Group)
def command() -> None:
    """List the shipped WSDL documents, or compare them with a live one."""


_FIELDS = Fields("Documents", (Field("name"), Field("file"), Field("known"), Field("inferred")))


@command.command("list")
@listing_options
def list_(**options: Any) -> None:
    """List the shipped documents, and what in each is known and what inferred."""
    output = output_from(options, listing=True)
    records: list[Record] = [{name: getattr(document, name) for name in _FIELDS.names} for document in shipped()]
    write_listing(records, _FIELDS, output, {"table": _table})


def _table() -> str:
    return "".join(f"{one.name}  {one.file}\n  known: {one.known}\n  inferred: {one.inferred}\n" for one in shipped())


@command.command("check")
@click.argument("services", nargs=-1)
@connection_options
def check(services: tuple[str, ...], **options: Any) -> int:
    """Fetch the live ?WSDL of the SERVICES (all by default) and say what differs; exit code 1 when something does.

    \b
    afas wsdl check
    afas wsdl check AppConnectorGet
    """
    documents = _named(services)
    differing = False
    with connect(options) as profit:
        assert profit.opened is not None, "made from settings"
        for document in documents:
            differences = check_live(profit.opened.transport, document)
            differing = differing or bool(differences)
            click.echo(f"{document.name}: {printable('; '.join(differences)) or 'no difference'}")
    return DIFFERENCES if differing else FINE


def _named(services: tuple[str, ...]) -> list[Shipped]:
    """The documents of these services, whatever the case; all of them without names."""
    documents = {document.name.lower(): document for document in shipped()}
    for service in services:
        if service.lower() not in documents:
            there = ", ".join(document.name for document in documents.values())
            raise click.UsageError(f"there is no WSDL document {service!r}; shipped are {there}")
    return [documents[service.lower()] for service in services] or list(documents.values())
