"""The small values of the interface that every way to Profit answers."""

import pytest

from afas_soap.profit.connectors.capabilities import Catalogue, Entry, GetData


@pytest.mark.parametrize(
    ("options", "operation"),
    [(None, "GetData"), ("", "GetDataWithOptions"), ("<options/>", "GetDataWithOptions")],
)
def test_operation_follows_from_the_options(options: str | None, operation: str) -> None:
    """Options that are given and empty are still options (profit-wire 1.2 has two operations)."""
    assert GetData("Profit_Debtor", options=options).operation == operation


def test_a_catalogue_as_little_as_there_may_be() -> None:
    """What is left out is empty, and the token does not expire (profit-wire 3.4)."""
    catalogue = Catalogue((Entry("Profit_Debtor", "Debiteuren"),), ())
    assert (catalogue.custom_connectors, catalogue.environment_id, catalogue.token_expiry) == ((), "", "0")
