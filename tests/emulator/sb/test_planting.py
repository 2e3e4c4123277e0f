"""Seeding: every connector has rows with every column, the same ones each time, and the ledger balances."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest

from afas_soap.emulator.sb.books.books import Books
from afas_soap.emulator.sb.planting import plant
from afas_soap.emulator.sb.tables import Tables
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped

READ = [connector for connector in shipped().connectors if Verb.GET in shipped().verbs(connector)]
LATER = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def planted() -> Tables:
    tables = Tables(shipped())
    plant(tables, Books(tables, now=lambda: LATER))
    return tables


@pytest.fixture(scope="module")
def tables() -> Tables:
    return planted()


@pytest.mark.parametrize("connector", READ)
def test_every_connector_has_three_rows_with_every_column(tables: Tables, connector: str) -> None:
    rows = tables.find(connector)
    assert len(rows) >= 3
    filled = {name: sum(row[name] is not None for row in rows) for name in tables.columns(connector)}
    assert {name: count for name, count in filled.items() if count < 3} == {}


def test_the_same_rows_each_time(tables: Tables) -> None:
    again = planted()
    assert all(tables.find(connector) == again.find(connector) for connector in READ)


def test_each_entry_balances(tables: Tables) -> None:
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for row in tables.find("journalentries"):
        sums[row["HeaderId"]] += Decimal(str(row["AmountDebit"])) - Decimal(str(row["AmountCredit"]))
    assert len(sums) > 20
    assert set(sums.values()) == {Decimal(0)}


def test_what_is_open_is_what_stands_on_the_account_of_debtors(tables: Tables) -> None:
    accounts = {row["Id"] for row in tables.find("ledgeraccounts", {"LedgerAccountNumber": "1300"})}
    totals = sum(row["AmountTotal"] for row in tables.find("journalentries") if row["LedgerAccountId"] in accounts)  # type: ignore[misc]
    assert totals == sum(row["OutstandingAmount"] for row in tables.find("debtorbalance"))  # type: ignore[misc]
    assert totals > 0
