"""``afas sb scopes``: the customer environments of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afas_soap.cli.shared.connection import connect_sb
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record
from afas_soap.sb.access.scopes import Scope

_FIELDS = Fields("Scopes", (Field("path"), Field("name"), Field("description")))


def run(**options: Any) -> None:
    """Each customer environment: its path, its name and what describes it."""
    output = output_from(options, listing=True)
    with connect_sb(options) as sb:
        found = sb.scopes()
    rows = rows_of(found)
    records: list[Record] = [dict(zip(_FIELDS.names, row, strict=True)) for row in rows]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned(rows)})


def rows_of(scopes: Sequence[Scope]) -> list[tuple[str, str, str]]:
    """A row for each, its path first: that is what an address and an app token want."""
    return [(scope.path, scope.name, scope.description) for scope in scopes]
