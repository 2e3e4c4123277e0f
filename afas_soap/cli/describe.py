"""``afas describe``: a connector's columns, or what an UpdateConnector takes."""

from __future__ import annotations

import json
from typing import Any

import click

from afas_soap.cli.connection import connect, connection_options
from afas_soap.cli.terminal import printable
from afas_soap.cli.tree import tree, tree_json
from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AfasError, NotFound, NotOffered
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.updateschema import UpdateSchema


@click.command("describe")
@click.argument("connector")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--update", is_flag=True, help="CONNECTOR is an UpdateConnector. [default: when it is no GetConnector]")
@connection_options
def command(connector: str, format_: str, update: bool, **options: Any) -> None:
    """Show the columns of the GetConnector CONNECTOR, their types here and the names Profit has for them.

    SOAP tells names and types; REST (--protocol rest) also labels, lengths and decimals. Of an UpdateConnector its
    root element, keys (@), fields and sub-objects are shown as a tree; only REST tells which fields are mandatory.

    \b
    afas describe Profit_Debtor --protocol rest
    afas describe KnSubject
    """
    with connect(options) as profit:
        found = profit.update_schema(connector) if update else _either(profit, connector)
    if isinstance(found, UpdateSchema):
        click.echo(tree_json(found) if format_ == "json" else tree(found))
    else:
        click.echo(_json(found) if format_ == "json" else _table(found))


def _either(profit: ProfitClient, connector: str) -> Fields | UpdateSchema:
    """The columns; when there is no such GetConnector, what an UpdateConnector of that name takes."""
    try:
        return profit.fields(connector)
    except (NotFound, AccessDenied, NotOffered) as error:
        refusal = error
    try:
        return profit.update_schema(connector)
    except AfasError:
        raise refusal from None


def _row(field: Field) -> dict[str, object]:
    return {
        "column": field.name,
        "type": str(field.kind),
        "declared": field.declared,
        "known": field.known,
        "label": field.label,
        "length": field.length or None,
        "decimals": field.decimals or None,
        "field_id": field.field_id or None,
    }


def _json(fields: Fields) -> str:
    described = {"connector": fields.connector, "description": fields.description, "columns": list(map(_row, fields))}
    return json.dumps(described, ensure_ascii=False, indent=2)


def _table(fields: Fields) -> str:
    heads = ["column", "type", "declared", "label", "length", "decimals"]
    rows = [heads, *([_cell(_row(field)[head]) for head in heads] for field in fields)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(heads))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    unknown = [printable(field.name) for field in fields if not field.known]
    if unknown:
        lines.append(f"read as text, for their type is in no table: {', '.join(unknown)}")
    return "\n".join(lines)


def _cell(value: object) -> str:
    return "" if value is None else printable(str(value))
