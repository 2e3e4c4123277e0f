"""``afas describe``: a connector's columns."""

from __future__ import annotations

import json
from typing import Any

import click

from afas_soap.cli.connection import connect, connection_options
from afas_soap.cli.terminal import printable
from afas_soap.profit.fields import Field, Fields


@click.command("describe")
@click.argument("connector")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@connection_options
def command(connector: str, format_: str, **options: Any) -> None:
    """Show the columns of the GetConnector CONNECTOR, their types here and the names Profit has for them.

    SOAP tells names and types; REST (--protocol rest) also labels, lengths and decimals.
    """
    with connect(options) as profit:
        fields = profit.fields(connector)
    click.echo(_json(fields) if format_ == "json" else _table(fields))


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
