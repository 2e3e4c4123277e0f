"""Every GetConnector that comes with the emulator."""

from __future__ import annotations

from collections.abc import Iterable

from afas_soap.emulator.documents import tables as documents
from afas_soap.emulator.seed import employees, finance, items, oddities, places, projects, relations, subjects
from afas_soap.emulator.seed.table import Cells, Table, columns
from afas_soap.profit.fields import Fields

TABLES: tuple[Table, ...] = (
    *relations.TABLES,
    *places.TABLES,
    *finance.TABLES,
    *items.TABLES,
    *projects.TABLES,
    *subjects.TABLES,
    *documents.TABLES,
    *employees.TABLES,
    *oddities.TABLES,
)
"""What is in the seed; ``listing`` makes the one connector that depends on which others there are."""

LISTING = "ProfitGetConnectoren"
"""The connector that lists the others."""


def listing(connectors: Iterable[Fields]) -> Table:
    """ProfitGetConnectoren: these connectors and itself, which nobody has described yet."""
    described = {LISTING: "", **{fields.connector: fields.description for fields in connectors}}
    listed = sorted(described, key=str.lower)

    def row(number: int) -> Cells:
        return described[listed[number]], listed[number], False

    shown = columns(
        LISTING,
        "GetConnector",
        """
        Omschrijving  string80   Description
        Naam          string50!  Name
        Geblokkeerd   boolean    Blocked
        """,
    )
    return Table(shown, len(listed), row)
