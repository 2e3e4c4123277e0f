"""Names of columns, before the question and after the refusal."""

from __future__ import annotations

import pytest

from afas_soap.errors import AccessDenied, ProfitError, QueryError
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.query import Condition, Operator, Query, Sort
from afas_soap.wire.columns import check_columns, explained

FIELDS = Fields("Profit_Article", (Field("ItemCode"), Field("Price")))
QUERY = Query(((Condition("Prise", Operator.EQUALS, "1"),),), (Sort("ItemCode"), Sort("Zzz")))
REFUSED = ProfitError("Connector field 'Prise' not found", number=-1, trace_id="spoor")


def test_nothing_known_nothing_checked() -> None:
    check_columns(QUERY, None)
    check_columns(Query(order_by=(Sort("Price"),)), FIELDS)


def test_unknown_names_are_listed_with_the_nearest() -> None:
    with pytest.raises(QueryError) as caught:
        check_columns(QUERY, FIELDS)
    assert caught.value.message == ("Profit_Article has no column 'Prise' (the nearest: Price); no column 'Zzz'.")
    assert caught.value.connector == "Profit_Article"


@pytest.mark.parametrize("text", ["Connector field 'Prise' not found", "General message: Invalid Index field."])
def test_a_refusal_about_a_column_is_explained(text: str) -> None:
    error = explained(ProfitError(text, number=-1, trace_id="spoor"), QUERY, lambda: FIELDS)
    assert error.message.startswith(text)
    assert error.message.endswith(". Profit_Article has no column 'Prise' (the nearest: Price); no column 'Zzz'.")
    assert (error.number, error.trace_id) == (-1, "spoor")


def test_what_cannot_be_explained_stays() -> None:
    def denied() -> Fields:
        raise AccessDenied("nee")

    other = ProfitError("iets anders")
    assert explained(other, QUERY, lambda: FIELDS) is other
    assert explained(REFUSED, QUERY, denied) is REFUSED
    assert explained(REFUSED, Query(order_by=(Sort("Price"),)), lambda: FIELDS) is REFUSED
