"""A value in a filter against its column's kind: told before Profit is asked, and nothing that may be right refused."""

from __future__ import annotations

import datetime
import logging
from decimal import Decimal

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.filtervalue import check_values, tell_quotes, terms_told
from afas_soap.profit.questions.query import Condition, Operator
from afas_soap.profit.questions.where import Expression, F, where_filters

FIELDS = Fields(
    "Orders",
    tuple(
        Field(name, kind)
        for name, kind in (
            *(("Name", Kind.TEXT), ("Number", Kind.INT), ("Amount", Kind.DECIMAL), ("Open", Kind.BOOL)),
            *(("Since", Kind.DATETIME), ("Day", Kind.DATE), ("File", Kind.BYTES)),
        )
    ),
)


def refused(column: str, value: str, operator: Operator = Operator.EQUALS) -> str:
    with pytest.raises(QueryError) as caught:
        check_values(((Condition(column, operator, value),),), FIELDS)
    assert caught.value.connector == "Orders"
    return caught.value.message


@pytest.mark.parametrize(
    ("column", "value", "kind", "meant"),
    [
        ("Open", "ja", "a boolean (bool), written as true or false", "Open = true"),
        ("Open", "Nee", "a boolean (bool)", "Open = false"),
        ("Open", "'true'", "a boolean (bool)", "Open = true"),
        ("Open", "perhaps", "a boolean (bool)", ""),
        ("Open", "2", "a boolean (bool)", ""),
        ("Amount", "2.500,00", "a number (decimal), written as digits with a decimal point", "Amount = 2500.00"),
        ("Amount", "-1.234.567", "a number (decimal)", "Amount = -1234567"),
        ("Amount", "12,5", "a number (decimal)", "Amount = 12.5"),
        ("Amount", "2,500.00", "a number (decimal)", "Amount = 2500.00"),
        ("Amount", "2,500", "a number (decimal)", ""),  # two and a half, or two and a half thousand
        ("Amount", "€ 5", "a number (decimal)", ""),
        ("Amount", "1e3", "a number (decimal)", ""),
        ("Amount", "٥", "a number (decimal)", ""),
        ("Amount", " 5", "a number (decimal)", "Amount = 5"),
        ("Amount", '"5"', "a number (decimal)", "Amount = 5"),
        ("Number", "10001a", "a whole number (int), written as digits and nothing between them", ""),
        ("Number", "10.001.000", "a whole number (int)", "Number = 10001000"),
        ("Since", "31-12-2024", "a date-time (datetime)", "Since = 2024-12-31"),
        ("Since", "31/1/2024", "a date-time (datetime)", "Since = 2024-01-31"),
        ("Since", "01-02-2024", "a date-time (datetime)", ""),  # January or February
        ("Since", "2024-02-29 10:00", "a date-time (datetime)", "Since = 2024-02-29T10:00:00"),
        ("Since", "2024-02-29T10:00:00Z", "in Amsterdam time and without a zone", ""),
        ("Since", "2024-02-29T10:00:00+01:00", "in Amsterdam time and without a zone", ""),
        ("Since", "2023-02-29", "a date-time (datetime)", ""),
        ("Since", "2024-02-29T24:00:00", "a date-time (datetime)", ""),
        ("Since", "vandaag", "a date-time (datetime)", ""),
        ("Day", "2024", "a date-time (date)", ""),
    ],
)
def test_what_cannot_be_one_of_its_kind(column: str, value: str, kind: str, meant: str) -> None:
    """Term, column and kind are named; what was meant stands there only where there is no doubt."""
    message = refused(column, value)
    assert message.startswith("The filter ")
    assert f"{column} = {value}" in message
    assert f"does not fit its column: {column} is " in message
    assert kind in message
    assert (f": {meant!r}." in message) is bool(meant)


def test_what_stands_around_a_value_is_told() -> None:
    assert refused("Number", "'7'").endswith(
        ", without the quotes around it, which are part of the value: 'Number = 7'."
    )
    assert refused("Number", "'x'").endswith(", without the quotes around it, which are part of the value.")
    assert refused("Number", " 7 ").endswith(
        ", without the blanks around it, which are part of the value: 'Number = 7'."
    )


@pytest.mark.parametrize("operator", [each for each in Operator if each.sign in ("=", "!=", ">", ">=", "<", "<=")])
def test_every_comparison_is_looked_at(operator: Operator) -> None:
    assert f"'Open {operator.sign} ja'" in refused("Open", "ja", operator)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("Number", text) for text in ("0", "-5", "+5", "007", "5.5", "9999999999999999999999")),
        *(("Amount", text) for text in ("0", "-0.5", "-.5", "5.", "2.500")),
        *(("Open", text) for text in ("true", "FALSE", "1", "0")),
        *(("Since", text) for text in ("2024-02-29", "2024-02-29T10:00:00", "2024-02-29T10:00:00.1234567")),
        *(("Name", text) for text in ("'quoted'", "ja", "2.500,00", "%a%")),
        *(("File", text) for text in ("AAEC", "x")),
        *((name, "%5%") for name in ("Number", "Amount", "Open", "Since")),
    ],
)
def test_what_may_be_right_is_profits_to_judge(column: str, value: str) -> None:
    check_values(((Condition(column, Operator.NOT_EQUAL, value),),), FIELDS)


@pytest.mark.parametrize(
    "expression",
    [
        F.Number == 5,
        F.Number > Decimal("5.5"),
        F.Amount < Decimal("0.00000001"),
        F.Open == True,  # noqa: E712
        F.Since >= datetime.datetime(2024, 2, 29, 10, 0, 0, 123456),
        F.Day == datetime.date(2024, 2, 29),
        F.Number == None,  # noqa: E711
        F.Number.contains("x"),
        F.Since.startswith("2024"),
        F.Elsewhere == "x",
    ],
)
def test_what_a_program_writes_fits(expression: Expression) -> None:
    """Values of Python's own types, a part of a text, an empty field, and a column that is another's business."""
    check_values(where_filters(expression), FIELDS)


def test_a_long_value_is_shown_in_part() -> None:
    message = refused("Number", "x" * 5000)
    assert len(message) < 300
    assert "x" * 60 + "..." in message


def test_terms_behind_a_refusal() -> None:
    filters = where_filters((F.Open == "1") & (F.Name == "x") & (F.Since == None) | (F.Elsewhere == "y"))  # noqa: E711
    assert terms_told(filters, FIELDS) == (
        "'Open = 1' is about a column of kind bool; 'Name = x' is about a column of kind str"
    )


@pytest.mark.parametrize("quotes", ["''", '""', "‘’", "“”"])
def test_quotes_are_told_once_a_column(quotes: str, caplog: pytest.LogCaptureFixture) -> None:
    value = f"{quotes[0]}10001{quotes[1]}"
    where_filters((F.DebtorId == value) | (F.DebtorId == value) | (F.Name.startswith(value)) | (F.Other == "x"))
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    assert "the value of DebtorId in the filter stands in quotes" in caplog.text
    assert "10001" not in caplog.text


@pytest.mark.parametrize("value", ["'t Hoekje", "'", "O'Neill", "'a\"", "5'"])
def test_a_quote_by_itself_is_a_sign_like_any_other(value: str, caplog: pytest.LogCaptureFixture) -> None:
    tell_quotes(((Condition("Name", Operator.EQUALS, value),),))
    assert not caplog.records
