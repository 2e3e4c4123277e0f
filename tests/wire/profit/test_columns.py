"""Names of columns, before the question and after the refusal."""

from __future__ import annotations

import pytest

from afas_soap.errors import AccessDenied, ProfitError, QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.wire.profit.columns import check_columns, explained

FIELDS = Fields("Profit_Article", (Field("ItemCode"), Field("Price", Kind.DECIMAL)))
QUERY = Query(((Condition("Prise", Operator.EQUALS, "1"),),), (Sort("ItemCode"), Sort("Zzz")))
REFUSED = ProfitError("Connector field 'Prise' not found", number=-1, trace_id="spoor")


def test_nothing_known_nothing_checked() -> None:
    check_columns(QUERY, None)
    check_columns(Query(order_by=(Sort("Price"),)), FIELDS)


def test_unknown_names_are_listed_with_the_nearest() -> None:
    with pytest.raises(QueryError) as caught:
        check_columns(QUERY, FIELDS)
    assert caught.value.message == ("Profit_Article has no column 'Prise'. The nearest: Price. It has no column 'Zzz'.")
    assert caught.value.connector == "Profit_Article"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Price desc", "Price"),
        ("ItemCode,Price", "ItemCode, Price"),
        ("ItemCode; Price", "ItemCode, Price"),
        ("Price,", "Price"),
    ],
)
def test_columns_are_named_one_by_one(name: str, meant: str) -> None:
    with pytest.raises(QueryError) as caught:
        check_columns(Query(order_by=(Sort(name),)), FIELDS)
    assert caught.value.message == (
        f"Profit_Article has no column '{name}'. The nearest: {meant}. Columns are named one by one, and a - in front "
        "of one sorts it downwards."
    )


@pytest.mark.parametrize("text", ["Connector field 'Prise' not found", "General message: Invalid Index field."])
def test_a_refusal_about_a_column_is_explained(text: str) -> None:
    """The same error as before the question, with what names it in AFAS' log."""
    error = explained(ProfitError(text, number=-1, trace_id="spoor"), QUERY, lambda: FIELDS)
    with pytest.raises(QueryError) as caught:
        check_columns(QUERY, FIELDS)
    assert (type(error), error.message) == (QueryError, caught.value.message)
    assert error.facts == (("number", "-1"), ("trace id", "spoor"))


@pytest.mark.parametrize("text", ["Type mismatch", "General message: Typen komen niet met elkaar overeen."])
def test_a_refusal_about_a_value_is_explained(text: str) -> None:
    refused = ProfitError(text, number=-1)
    query = Query(((Condition("Price", Operator.EQUALS, "ja"),),))
    error = explained(refused, query, lambda: FIELDS)
    with pytest.raises(QueryError) as caught:
        check_columns(query, FIELDS)
    assert (type(error), error.message) == (QueryError, caught.value.message)
    doubtful = Query(((Condition("Price", Operator.EQUALS, "1"), Condition("ItemCode", Operator.EMPTY)),))
    told = explained(refused, doubtful, lambda: FIELDS)
    assert type(told) is ProfitError
    assert told.message == f"{text.rstrip('.')}: 'Price = 1' is about a column of kind decimal."
    assert explained(refused, Query(), lambda: FIELDS) is refused


def test_what_cannot_be_explained_stays() -> None:
    def denied() -> Fields:
        raise AccessDenied("nee")

    other = ProfitError("iets anders")
    assert explained(other, QUERY, lambda: FIELDS) is other
    assert explained(REFUSED, QUERY, denied) is REFUSED
    assert explained(REFUSED, Query(order_by=(Sort("Price"),)), lambda: FIELDS) is REFUSED
