"""Every GetConnector that comes with the emulator."""

from __future__ import annotations

from collections.abc import Iterable

from afas_soap.emulator.seed import employees, finance, items, oddities, places, projects, relations, subjects
from afas_soap.emulator.seed.table import Cells, Table, columns

TABLES: tuple[Table, ...] = (
    *relations.TABLES,
    *places.TABLES,
    *finance.TABLES,
    *items.TABLES,
    *projects.TABLES,
    *subjects.TABLES,
    *employees.TABLES,
    *oddities.TABLES,
)
"""What is in the seed; ``listing`` makes the one connector that depends on which others there are."""


def listing(tables: Iterable[Table]) -> Table:
    """ProfitGetConnectoren: these connectors and itself, which nobody has described yet."""
    connector = "ProfitGetConnectoren"
    described = {connector: "", **{table.name: table.fields.description for table in tables}}
    listed = sorted(described, key=str.lower)

    def row(number: int) -> Cells:
        return described[listed[number]], listed[number], False

    fields = columns(
        connector,
        "GetConnector",
        """
        Omschrijving  string80   Description
        Naam          string50!  Name
        Geblokkeerd   boolean    Blocked
        """,
    )
    return Table(fields, len(listed), row, grows=False)
