"""``afas sb resources``: the connectors of SB with their verbs and versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from afas_soap.cli.sb.tables import table_from
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record
from afas_soap.profit.values import spell
from afas_soap.sb.operation import Operation
from afas_soap.sb.table import Table

_FIELDS = Fields(
    "Resources",
    (
        Field("connector"),
        Field("verb"),
        Field("version"),
        Field("older"),
        Field("key"),
        Field("tracked", Kind.BOOL),
        Field("admin", Kind.BOOL),
        Field("inferred", Kind.BOOL),
    ),
)


def run(*, openapi: Path | None, **options: Any) -> None:
    """What there is, written."""
    output = output_from(options, listing=True)
    table = table_from(openapi)
    write_listing(_rows(table), _FIELDS, output, {"table": lambda: _table(table)})


def _rows(table: Table) -> Iterator[Record]:
    for connector in table.connectors:
        for verb in table.verbs(connector):
            operation = table.operation(connector, verb)
            yield _row(operation, table.versions(connector, verb)[-2::-1])


def _row(operation: Operation, older: tuple[str, ...]) -> Record:
    return {
        "connector": operation.connector,
        "verb": str(operation.verb),
        "version": operation.version,
        "older": ", ".join(older) or None,
        "key": ", ".join(operation.key) or None,
        "tracked": operation.tracked,
        "admin": operation.admin_only,
        "inferred": operation.inferred,
    }


def _table(table: Table) -> str:
    rows = list(_rows(table))
    heads = ["connector", "verb", "version", "older", "key", "notes"]
    return aligned([heads, *([*(spell(row[head]) for head in heads[:-1]), _notes(row)] for row in rows)])


def _notes(row: Record) -> str:
    return ", ".join(word for word in ("tracked", "admin", "inferred") if row[word])
