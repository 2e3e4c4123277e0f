"""``afas wsdl``: the shipped WSDL documents, and whether a live Profit still offers the same."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.exits import DIFFERENCES, FINE
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.terminal import printable
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record
from afas_soap.wire.profit.shipped import Shipped, shipped
from afas_soap.wire.profit.wsdlcheck import check_live

_FIELDS = Fields("Documents", (Field("name"), Field("file"), Field("known"), Field("inferred")))


def list_(**options: Any) -> None:
    """The shipped documents."""
    output = output_from(options, listing=True)
    records: list[Record] = [{name: getattr(document, name) for name in _FIELDS.names} for document in shipped()]
    write_listing(records, _FIELDS, output, {"table": _table})


def _table() -> str:
    return "".join(f"{one.name}  {one.file}\n  known: {one.known}\n  inferred: {one.inferred}\n" for one in shipped())


def check(services: tuple[str, ...], **options: Any) -> int:
    """What differs in the live documents; gives the exit code."""
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
