"""What may be read and what contradicts itself: refused before any row is asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.query import Condition, Operator, Sort
from afas_soap.profit.rows import Reading
from afas_soap.reading.question import Read, page_size_for

FIELDS = Fields(
    "Profit_Debtor",
    (
        Field("DebtorId"),
        Field("Number", Kind.INT, "int"),
        Field("CreditLimit", Kind.DECIMAL, "decimal"),
        Field("Blocked", Kind.BOOL, "boolean"),
        Field("CreateDate", Kind.DATETIME, "date"),
        Field("Picture", Kind.BYTES, "blob"),
    ),
)


def read(**arguments: object) -> Read:
    return Read(connector="Profit_Debtor", **arguments)


def never() -> Fields:
    raise AssertionError("the columns are not needed to say this")


@pytest.mark.parametrize(
    ("columns", "rows"), [(1, 149_999), (2, 74_999), (3, 49_999), (20, 7_499), (21, 7_142), (74_999, 2), (0, 149_999)]
)
def test_a_page_is_the_most_rows_with_columns_times_rows_below_150000(columns: int, rows: int) -> None:
    """AFAS' guide, profit-wire 2.6: below, so 20 columns are not read 7,500 rows at a time."""
    assert page_size_for(columns) == rows


@given(st.integers(1, 5_000))
def test_one_row_more_would_reach_the_guide(columns: int) -> None:
    assert columns * page_size_for(columns) < 150_000 <= columns * (page_size_for(columns) + 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"skip": -1}, "skip: must be a whole number, 0 or more; everything=True asks for all rows in one call."),
        ({"take": -1}, "take: must be a whole number, 0 or more; everything=True asks for all rows in one call."),
        ({"skip": -2}, "skip: must be a whole number, 0 or more."),
        ({"take": -7}, "take: must be a whole number, 0 or more."),
        ({"skip": None}, "skip: must be a whole number, 0 or more."),
        ({"take": True}, "take: must be a whole number, 0 or more."),
        ({"take": "5"}, "take: must be a whole number, 0 or more."),
        ({"page_size": 0}, "page_size: must be a whole number, 1 or more."),
        ({"page_size": 2.0}, "page_size: must be a whole number, 1 or more."),
        ({"everything": True, "take": 0}, "everything=True is one call for all rows: leave out take."),
        ({"everything": True, "skip": 1}, "everything=True is one call for all rows: leave out skip."),
        (
            {"everything": True, "page_size": 5, "key": "DebtorId"},
            "everything=True is one call for all rows: leave out page_size and key.",
        ),
        ({"key": ""}, "key: name the column to read by."),
        ({"key": "DebtorId", "skip": 1}, "key reads on from the last value in place of skip: leave out skip."),
        (
            {"key": "DebtorId", "order_by": (Sort("City"),)},
            "key='DebtorId' sorts by that column, ascending: leave out order_by.",
        ),
        (
            {"key": "DebtorId", "order_by": (Sort("DebtorId", descending=True),)},
            "key='DebtorId' sorts by that column, ascending: leave out order_by.",
        ),
        (
            {"reading": Reading(typed=False, dates=("CreateDate",))},
            "typed=False gives each value as the text that came: leave out dates, files and aware.",
        ),
        (
            {"reading": Reading(typed=False, aware=True)},
            "typed=False gives each value as the text that came: leave out dates, files and aware.",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(QueryError) as caught:
        read(**arguments)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    "arguments",
    [
        {"take": 0},
        {"key": "DebtorId", "take": 5, "page_size": 2},
        {"key": "DebtorId", "order_by": (Sort("DebtorId"),)},
        {"everything": True, "order_by": (Sort("DebtorId"),)},
        {"reading": Reading(dates=("CreateDate",), aware=True)},
    ],
)
def test_what_goes_together_is_taken(arguments: dict[str, object]) -> None:
    assert read(**arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"filters": ((Condition("DebtorID", Operator.EQUALS, "1"),),)},
            "Profit_Debtor has no column 'DebtorID'. The nearest: DebtorId.",
        ),
        ({"order_by": (Sort("Zzzzz"),)}, "Profit_Debtor has no column 'Zzzzz'."),
        ({"key": "Numbr"}, "Profit_Debtor has no column 'Numbr'. The nearest: Number."),
        (
            {"reading": Reading(dates=("CreatDate",))},
            "Profit_Debtor has no column 'CreatDate'. The nearest: CreateDate.",
        ),
        (
            {"key": "CreditLimit"},
            "key: the column 'CreditLimit' is decimal, and a key is text or a whole number (int).",
        ),
        ({"key": "Blocked"}, "key: the column 'Blocked' is bool, and a key is text or a whole number (int)."),
        ({"key": "CreateDate"}, "key: the column 'CreateDate' is datetime, and a key is text or a whole number (int)."),
        ({"key": "Picture"}, "key: the column 'Picture' is bytes, and a key is text or a whole number (int)."),
        ({"reading": Reading(dates=("DebtorId",))}, "dates: the column 'DebtorId' is str, not a date-time."),
    ],
)
def test_columns_that_are_not_there_or_cannot_be_that_are_refused(arguments: dict[str, object], sentence: str) -> None:
    with pytest.raises(QueryError) as caught:
        read(**arguments).check_columns(FIELDS)
    assert caught.value.message == sentence


@pytest.mark.parametrize(
    "arguments",
    [
        {"key": "DebtorId", "filters": ((Condition("Blocked", Operator.EQUALS, "true"),),)},
        {"key": "Number"},
        {"order_by": (Sort("Picture", descending=True),), "reading": Reading(dates=("CreateDate",))},
    ],
)
def test_columns_that_are_there_are_taken(arguments: dict[str, object]) -> None:
    read(**arguments).check_columns(FIELDS)
    # The columns of an answer are dates already where dates were asked for.
    dated = read(**arguments)
    dated.check_columns(FIELDS.with_dates(dated.reading.dates))


@pytest.mark.parametrize("most", [10, 24_999])
def test_several_pages_without_a_sort_are_refused_and_the_first_column_named(most: int) -> None:
    with pytest.raises(QueryError) as caught:
        read().refuse_pages(most, FIELDS)
    assert caught.value.message == (
        f"Profit_Debtor is read in pages of {most:,} rows, and pages without a sort lose and double rows: sort by "
        'columns that are unique together, such as order_by=["DebtorId"] (--order-by DebtorId), read by a key '
        f'(key="DebtorId", --key DebtorId), or take at most {most:,} rows.'
    )


@pytest.mark.parametrize("fields", [None, Fields("X", ())])
def test_without_columns_there_is_none_to_name(fields: Fields | None) -> None:
    with pytest.raises(QueryError, match=r'such as order_by=\["COLUMN"\]'):
        read().refuse_pages(10, fields)


@pytest.mark.parametrize(
    ("arguments", "only"),
    [
        ({}, True),
        ({"take": 11}, True),
        ({"skip": 3}, True),
        ({"take": 10}, False),
        ({"take": 0}, False),
        ({"order_by": (Sort("DebtorId"),)}, False),
        ({"key": "DebtorId"}, False),
        ({"everything": True}, False),
    ],
)
def test_a_sort_a_key_one_call_or_a_take_that_fits_one_page_allow_more_than_one(
    arguments: dict[str, object], only: bool
) -> None:
    assert read(**arguments).one_page_only(10) is only


@pytest.mark.parametrize(
    ("arguments", "columns", "size"),
    [
        ({"page_size": 3}, never, 3),
        ({"page_size": 3, "take": 2}, never, 3),
        ({"take": 5}, never, 5),
        ({"take": 37}, lambda: FIELDS, 24_999),
        ({}, lambda: FIELDS, 24_999),
    ],
)
def test_the_page_size_asks_for_columns_only_when_it_depends_on_them(
    arguments: dict[str, object], columns: Callable[[], Fields], size: int
) -> None:
    assert read(**arguments).size(columns) == size
