"""Seed data to look up: the rows that were there before any update, by column and value."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from afas_soap.emulator.getconnectors.database import Database
from afas_soap.emulator.getconnectors.layout import ROWS, order_column, value_column
from afas_soap.emulator.getconnectors.sql import Select, select
from afas_soap.emulator.seed.table import Cell
from afas_soap.errors import ProfitError
from afas_soap.profit.questions.query import Condition, Operator, Query


class Seeds:
    """Reads the GetConnectors in ``databases``. One that is not there, or has other columns, shows nothing: a file of
    your own may have taken its place."""

    def __init__(self, databases: Mapping[str, Database]) -> None:
        self._databases = databases
        self._largest: dict[tuple[str, str], str] = {}

    def rows(self, connector: str, wanted: Mapping[str, str]) -> list[Mapping[str, Cell]]:
        """The rows in which each column has the value wanted, with their cells by column."""
        database = self._databases.get(connector)
        if database is None or database.fields.unknown(wanted):
            return []
        names = database.fields.names
        conditions = tuple(Condition(name, Operator.EQUALS, value) for name, value in wanted.items())
        try:
            question = select(database.fields, Query(filters=(conditions,)))
        except ProfitError:
            # A text where a number belongs: no row has it.
            return []
        column = next(iter(wanted))
        index = order_column(names.index(column), database.fields[column])
        stream = database.read(dataclasses.replace(question, index=index))
        return [dict(zip(names, cells, strict=True)) for cells in stream]

    def largest(self, connector: str, column: str) -> str:
        """The largest number in a column of numbers, with what stands before its digits; "" when there is none."""
        if (connector, column) not in self._largest:
            self._largest[connector, column] = self._find_largest(connector, column)
        return self._largest[connector, column]

    def _find_largest(self, connector: str, column: str) -> str:
        database = self._databases.get(connector)
        if database is None or column not in database.fields:
            return ""
        name = value_column(database.fields.names.index(column))
        # Names of columns never get into SQL, only their positions. The longest number is the largest.
        sql = f"SELECT {name} FROM {ROWS} WHERE {name} IS NOT NULL ORDER BY length({name}) DESC, {name} DESC LIMIT 1"  # noqa: S608
        stream = database.read(Select(sql, (), None))
        found = next(stream, None)
        stream.close()
        return "" if found is None else str(found[0])
