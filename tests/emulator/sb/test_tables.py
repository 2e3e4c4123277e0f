"""The rows of an environment: kept exactly, sorted as what they are, all or nothing, and viewed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from afas_soap.emulator.sb.tables import Tables, guid_of
from afas_soap.sb.operation import Column, Kind
from afas_soap.sb.table import shipped


@pytest.fixture
def tables() -> Iterator[Tables]:
    made = Tables(shipped())
    yield made
    made.close()


def test_values_come_back_as_they_were(tables: Tables) -> None:
    row = {"Id": "A", "Description": "Laptop", "PriceExcludingVAT": Decimal("0.07"), "IsBlocked": False}
    tables.insert("products", {**row, "Blob": {"Id": "b"}, "Barcode": None})
    (found,) = tables.find("products", {"Id": "a"})
    assert found.items() >= {**row, "Blob": {"Id": "b"}, "Barcode": None}.items()
    assert set(found) == set(tables.columns("products"))


def test_a_column_that_there_is_not(tables: Tables) -> None:
    with pytest.raises(KeyError):
        tables.insert("vatrate", {"Unheard": 1})


def test_numbers_sort_as_numbers_in_a_view_too(tables: Tables) -> None:
    for amount in ("9", "100.5", "-2", "10"):
        row = {"AdministrationId": amount, "RelationId": "r", "OutstandingAmount": Decimal(amount)}
        tables.insert("debtorinvoicebalance", row)
    amounts = 'TOTAL_OF("OutstandingAmount") COLLATE AS_NUMBER AS "OutstandingAmount"'
    query = f'SELECT 1 AS "_row", 1 AS "_changed", {amounts} FROM debtorinvoicebalance GROUP BY AdministrationId'
    tables.view("debtorbalance", query)
    for connector in ("debtorinvoicebalance", "debtorbalance"):
        found = tables.select(connector, order='"OutstandingAmount"')
        assert [row["OutstandingAmount"] for row in found] == [-2, 9, 10, Decimal("100.5")]
        assert len(tables.select(connector, '"OutstandingAmount" = ?', ("9.00",))) == 1


def test_a_change_is_numbered_and_told(tables: Tables) -> None:
    tables.insert("vatrate", {"Id": "a", "Description": "Hoog"})
    before = tables.latest
    assert tables.change("vatrate", {"Id": "a"}, {"Description": "Laag"}) == 1
    assert tables.latest == before + 1
    assert tables.select("vatrate", '"_changed" > ?', (before,)) == [{"Id": "a", "Description": "Laag"}]
    assert tables.remove("vatrate", {"Id": "a"}) == 1
    assert tables.find("vatrate") == []


def test_a_transaction_is_all_or_nothing_with_one_within(tables: Tables) -> None:
    def broken() -> None:
        with tables.transaction():
            tables.insert("vatrate", {"Id": "a"})
            with tables.transaction():
                tables.insert("vatrate", {"Id": "b"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert tables.find("vatrate") == []
    with tables.transaction():
        tables.insert("vatrate", {"Id": "c"})
    assert len(tables.find("vatrate")) == 1


def test_a_table_of_our_own_has_an_index(tables: Tables) -> None:
    tables.add("_own", Column("Id", Kind.UUID), Column("Total", Kind.NUMBER))
    tables.index("_own", "Id")
    tables.insert("_own", {"Id": "A", "Total": 3})
    assert tables.find("_own", {"Id": "a"}) == [{"Id": "A", "Total": Decimal(3)}]


def test_a_guid_is_the_same_for_the_same_parts() -> None:
    assert guid_of("a", 1) == guid_of("a", "1") != guid_of("a1")
    assert guid_of("a", 1)[14] == "5"


def test_a_snapshot_is_restored_with_the_number_of_its_latest_change() -> None:
    """And what is restored changes by itself."""
    tables, other = Tables(shipped()), Tables(shipped())
    tables.insert("vatrate", {"Id": "1", "Description": "Hoog"})
    other.restore(tables.snapshot())
    other.insert("vatrate", {"Id": "2", "Description": "Laag"})
    assert [row["Id"] for row in other.find("vatrate")] == ["1", "2"]
    assert [row["Id"] for row in tables.find("vatrate")] == ["1"]
    assert (tables.latest, other.latest) == (1, 2)
