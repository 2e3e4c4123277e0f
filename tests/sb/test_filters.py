"""Filters of SB in OData, against literals out of small-business.md 2, and what is refused before any call."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import Condition, Operator, Sort
from afas_soap.profit.questions.where import Expression, F
from afas_soap.sb.filters import column_of, odata, query_string, sorting
from afas_soap.sb.operation import Column, Kind, Operation, Source, Verb
from afas_soap.sb.table import shipped

GUID = "701b747b-eea2-5ed1-8518-973e5c670252"
ROWS = Operation(
    "rows",
    Verb.GET,
    "1.0",
    Source.FILE_8,
    (
        Column("Id", Kind.UUID),
        Column("CityName"),
        Column("Amount", Kind.NUMBER),
        Column("Count", Kind.INTEGER),
        Column("IsArchived", Kind.BOOLEAN),
        Column("StartDate", Kind.MOMENT),
        Column("Day", Kind.DATE),
        Column("Blob", Kind.OBJECT),
    ),
)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (None, ""),
        (F.CityName == "Harderwijk", "CityName eq 'Harderwijk'"),
        (F.cityname == "'s-Hertogenbosch", "CityName eq '''s-Hertogenbosch'"),
        (F.CityName == "12", "CityName eq '12'"),
        (F.id == GUID, f"Id eq {GUID}"),
        (F.Amount == Decimal("12.50"), "Amount eq 12.5"),
        (F.Amount == "+7", "Amount eq 7"),
        (F.Count == -3, "Count eq -3"),
        (F.IsArchived == False, "IsArchived eq false"),  # noqa: E712 - a filter
        (F.IsArchived == "True", "IsArchived eq true"),
        (F.StartDate == datetime.date(2024, 2, 29), "StartDate eq 2024-02-29T00:00:00Z"),
        (F.StartDate == "2024-02-29", "StartDate eq 2024-02-29T00:00:00Z"),
        (F.StartDate == "2024-02-29T13:30:00Z", "StartDate eq 2024-02-29T13:30:00Z"),
        (F.Day == datetime.date(2024, 2, 29), "Day eq 2024-02-29"),
        ((F.CityName == "Ede") & (F.Count == 1), "CityName eq 'Ede' and Count eq 1"),
        (
            ((F.CityName == "Ede") | (F.CityName == "Epe")) & (F.Count == 1),
            "CityName eq 'Ede' and Count eq 1 or CityName eq 'Epe' and Count eq 1",
        ),
        (F.CityName.isin(["Ede", "Epe"]), "CityName eq 'Ede' or CityName eq 'Epe'"),
    ],
)
def test_what_afas_documents_is_spelt_so(where: Expression | None, expected: str) -> None:
    assert odata(where, ROWS) == expected


def test_filters_of_the_command_line_are_taken_as_well() -> None:
    assert odata(((Condition("CityName", Operator.EQUALS, "Ede"),),), ROWS) == "CityName eq 'Ede'"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (F.Amount != 1, "Amount ne 1"),
        (F.Amount > 1, "Amount gt 1"),
        (F.Amount >= 1, "Amount ge 1"),
        (F.Amount < 1, "Amount lt 1"),
        (F.Amount <= 1, "Amount le 1"),
        (F.CityName == None, "CityName eq null"),  # noqa: E711 - a filter
        (F.Id != None, "Id ne null"),  # noqa: E711 - a filter
        (F.CityName.contains("d'e"), "contains(CityName,'d''e')"),
        (~F.CityName.contains("de"), "not contains(CityName,'de')"),
        (F.CityName.startswith("de"), "startswith(CityName,'de')"),
        (~F.CityName.startswith("de"), "not startswith(CityName,'de')"),
        (F.CityName.endswith("de"), "endswith(CityName,'de')"),
        (~F.CityName.endswith("de"), "not endswith(CityName,'de')"),
    ],
)
def test_other_operators_are_refused_unless_the_caller_says_to_try_them(where: Expression, expected: str) -> None:
    with pytest.raises(QueryError, match=r"AFAS documents = \(eq\) for SB and no other sign.*undocumented=True"):
        odata(where, ROWS)
    assert odata(where, ROWS, undocumented=True) == expected


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (F.Id == "Harderwijk", "does not fit its column, which is uuid: a GUID with its hyphens"),
        (F.Id == f"'{GUID}'", "nothing around it"),
        (F.Amount == "12,50", "which is number: digits with a decimal point"),
        (F.Amount == "1 or 1 eq 1", "which is number"),
        (F.Count == "many", "which is integer"),
        (F.IsArchived == "ja", "which is boolean: true or false"),
        (F.IsArchived == 1, "which is boolean: true or false"),
        (F.StartDate == "yesterday", "which is date-time: 2024-02-29T13:30:00"),
        (F.StartDate == "2024-02-30", "which is date-time"),
        (F.StartDate == "2024-02-28T25:00:00", "which is date-time"),
        (F.Day == "2024-02-30", "which is date: 2024-02-29"),
        (F.Day == "2024-02-28T13:00:00", "which is date"),
        (F.Day == "no day", "which is date"),
        (F.Blob == "x", "which is object: nothing compares"),
        (F.CityNam == "Ede", "rows 1.0 has no column 'CityNam'. Did you mean CityName"),
        (F.Zzzzzz == "Ede", "'afas sb describe rows' lists them"),
        (F.CityName.quick("Ede"), "SB has no quick filter"),
        (F.Amount.contains("1"), "is about a text, and the column is number"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_any_call(where: Expression, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        odata(where, ROWS, undocumented=True)
    assert message in caught.value.message
    assert caught.value.connector == "rows"


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        (None, ""),
        ((), ""),
        (["cityname"], "CityName ascending"),
        (["-CityName"], "CityName descending"),
        ([Sort("Id", descending=True)], "Id descending"),
    ],
)
def test_sorting_names_one_column_and_a_direction(order_by: list[str | Sort] | None, expected: str) -> None:
    assert sorting(order_by, ROWS) == expected


def test_a_second_column_to_sort_by_is_refused_since_no_sign_between_two_is_known() -> None:
    with pytest.raises(QueryError, match="SB sorts by one column, and order_by names 2"):
        sorting(["Id", "CityName"], ROWS)


def test_a_column_of_the_shipped_table_is_found_in_any_case() -> None:
    contacts = shipped().operation("contacts", Verb.GET)
    assert column_of("FIRSTNAME", contacts).name == "Firstname"


def test_a_query_encodes_blanks_as_percent_20_and_leaves_out_what_is_not_given() -> None:
    assert query_string({}) == ""
    assert query_string({"skip": None}) == ""
    told = query_string({"skip": 0, "sort": "Id ascending", "filter": "CityName eq '''s & co+'", "take": None})
    assert told == "?skip=0&sort=Id%20ascending&filter=CityName%20eq%20%27%27%27s%20%26%20co%2B%27"
