"""Every GetConnector of the emulator gives the same rows over SOAP and REST as its store holds, in both dialects."""

from __future__ import annotations

import pytest

from afas_soap.client import ProfitClient
from afas_soap.profit.connectors.capabilities import Connectors
from afas_soap.profit.questions.query import Query


@pytest.fixture(params=["soap", "rest"])
def remote(request: pytest.FixtureRequest, profit) -> Connectors:
    """The connectors that go over a wire."""
    return profit.open(request.param)


def names(connectors: Connectors) -> list[str]:
    return [entry.id for entry in connectors.catalogue().get_connectors]


def test_the_same_columns_rows_and_types(remote: Connectors, profit) -> None:
    connectors = names(profit.store)
    assert len(connectors) >= 15
    for name in connectors:
        here, there = profit.store.fields(name), remote.fields(name)
        assert there.names == here.names, name
        assert [field.kind for field in there] == [field.kind for field in here], name
        order_by = [here.names[0]]
        expected = list(ProfitClient(profit.store).rows(name, order_by=order_by))
        found = list(ProfitClient(remote).rows(name, order_by=order_by))
        assert found == expected, name
        assert [list(map(type, row.values())) for row in found] == [list(map(type, row.values())) for row in expected]


def test_every_connector_has_a_row_with_an_empty_field(profit) -> None:
    """An empty field is where protocols differ most: left out over SOAP, null over REST."""
    # But not in lists of files: each has its id and its name.
    listings = {"Profit_Subject_Attachments", "Profit_Subject_Reaction_Attachments", "Emulator_Files"}
    for name in set(names(profit.store)) - listings:
        with profit.store.rows(name, Query(skip=-1, take=-1)) as rows:
            records = list(rows)
        assert not records or any(None in record.values() for record in records), name


def test_the_catalogue_is_the_same_and_soap_has_it_from_rest(profit) -> None:
    rest = profit.open("rest")
    assert sorted(names(rest)) == sorted(names(profit.store))
