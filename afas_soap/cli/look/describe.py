"""``afas describe``: a connector's columns, or what an UpdateConnector takes."""

from __future__ import annotations

import json
from typing import Any

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.write.tree import TREE_FIELDS, tree, tree_json, tree_rows
from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AfasError, NotFound, NotOffered
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record
from afas_soap.profit.schemas.updateschema import UpdateSchema
from afas_soap.profit.values import spell


def run(connector: str, *, update: bool, **options: Any) -> None:
    """A connector's columns, or what an UpdateConnector takes."""
    output = output_from(options, listing=True)
    with connect(options) as profit:
        found = profit.update_schema(connector) if update else _either(profit, connector)
    if isinstance(found, UpdateSchema):
        shapes = {"table": lambda: tree(found), "json": lambda: tree_json(found)}
        write_listing(tree_rows(found), TREE_FIELDS, output, shapes)
    else:
        shapes = {"table": lambda: _table(found), "json": lambda: _json(found)}
        write_listing(map(_row, found), _FIELDS, output, shapes)


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


_FIELDS = Fields(
    "Columns",
    (
        Field("column"),
        Field("type"),
        Field("declared"),
        Field("known", Kind.BOOL),
        Field("label"),
        Field("length", Kind.INT),
        Field("decimals", Kind.INT),
        Field("field_id"),
    ),
)


def _row(field: Field) -> Record:
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
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


# What SOAP does not tell, and a protocol that does may tell of no column.
_PERHAPS = ("label", "length", "decimals")


def _table(fields: Fields) -> str:
    rows = list(map(_row, fields))
    heads = ["column", "type", "declared", *(head for head in _PERHAPS if any(row[head] for row in rows))]
    cells = ([spell(row[head]) for head in heads] for row in rows)
    unknown = [printable(field.name) for field in fields if not field.known]
    said = f"read as text, for their type is in no table: {', '.join(unknown)}\n" if unknown else ""
    return aligned([heads, *cells]) + said
