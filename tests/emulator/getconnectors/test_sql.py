"""The fifteen operators, sorting and windows on a small connector of every type; expectations from profit-wire 2.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort

ROWS = [
    {"Id": 1, "Name": "Jansen", "Amount": 0.1, "Whole": 5, "Flag": True, "Moment": "2024-02-01T10:00:00Z"},
    {"Id": 2, "Name": "de Vries", "Amount": -0.5, "Whole": -3, "Flag": False, "Moment": "2024-02-01T10:00:00.5Z"},
    {"Id": 3, "Name": "JANSEN & Zonen", "Amount": 100, "Whole": 40, "Flag": True, "Moment": "2023-12-31T00:00:00Z"},
    {"Id": 4, "Name": "50% korting_", "Amount": 20.25, "Whole": 0, "Flag": None, "Moment": None},
    {"Id": 5, "Name": None, "Amount": None, "Whole": None, "Flag": None, "Moment": None},
    {"Id": 6, "Name": "Ümit", "Amount": 3, "Whole": 1, "Flag": False, "Moment": "2024-03-31T02:30:00Z"},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("data")
    (folder / "Small.json").write_text(json.dumps(ROWS), encoding="utf-8")
    with Store(data=folder) as store:
        yield store


def ids(store: Store, query: Query) -> list[object]:
    return [row["Id"] for row in store.rows("Small", query)]


def found(store: Store, column: str, operator: Operator, value: str | None = None) -> list[object]:
    return ids(store, Query((((Condition(column, operator, value)),),)))


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (Operator.EQUALS, "jansen", [1]),
        (Operator.EQUALS, "Jans", []),
        (Operator.GREATER_OR_EQUAL, "Jansen", [1, 3, 6]),
        (Operator.LESS_OR_EQUAL, "JANSEN", [1, 2, 4]),
        (Operator.GREATER, "jansen", [3, 6]),
        (Operator.LESS, "jansen", [2, 4]),
        (Operator.CONTAINS, "JANS", [1, 3]),
        (Operator.CONTAINS, "%jans%", [1, 3]),
        (Operator.CONTAINS, "%50%", [4]),
        (Operator.CONTAINS, "0% k", [4]),
        (Operator.CONTAINS, "%", [4]),
        (Operator.CONTAINS, "_", [4]),
        (Operator.CONTAINS, "g_", [4]),
        (Operator.CONTAINS, "ümit", []),  # NOCASE and lower() know ASCII letters only
        (Operator.CONTAINS, "' OR 1=1 --", []),
        (Operator.NOT_EQUAL, "jansen", [2, 3, 4, 5, 6]),
        (Operator.NOT_EQUAL, "%jansen%", [2, 4, 5, 6]),
        (Operator.NOT_EQUAL, "%", [1, 2, 3, 4, 5, 6]),
        (Operator.EMPTY, None, [5]),
        (Operator.NOT_EMPTY, None, [1, 2, 3, 4, 6]),
        (Operator.STARTS_WITH, "jan", [1, 3]),
        (Operator.STARTS_WITH, "ansen", []),
        (Operator.NOT_CONTAINS, "jansen", [2, 4, 5, 6]),
        (Operator.NOT_STARTS_WITH, "JAN", [2, 4, 5, 6]),
        (Operator.ENDS_WITH, "sen", [1]),
        (Operator.ENDS_WITH, "_", [4]),
        (Operator.ENDS_WITH, "x" * 40, []),
        (Operator.ENDS_WITH, "voor jansen", []),
        (Operator.NOT_ENDS_WITH, "SEN", [2, 3, 4, 5, 6]),
        (Operator.QUICK_FILTER, "zonen", [3]),
        (Operator.QUICK_FILTER, "50%", [4]),
        (Operator.EQUALS, "Jan%", []),
    ],
)
def test_text_is_compared_without_regard_to_case_and_denials_hold_for_empty_fields(
    store: Store, operator: Operator, value: str | None, expected: list[int]
) -> None:
    assert found(store, "Name", operator, value) == expected


# Where a sign stands, and the rows in whose name the text stands so: 1 Jansen, 3 JANSEN & Zonen, 4 50% korting_.
WILDCARDS = [("jan%", {1, 3}), ("%sen", {1}), ("%sen%", {1, 3}), ("%ng_", {4}), ("50%%", {4}), ("%0% k%", {4})]
AFFIRMED = [Operator.CONTAINS, Operator.STARTS_WITH, Operator.ENDS_WITH]
DENIED = [Operator.NOT_EQUAL, Operator.NOT_CONTAINS, Operator.NOT_STARTS_WITH, Operator.NOT_ENDS_WITH]


@pytest.mark.parametrize("operator", AFFIRMED + DENIED)
@pytest.mark.parametrize(("value", "named"), WILDCARDS)
def test_a_percent_sign_at_either_end_stands_for_anything_whatever_the_operator(
    store: Store, operator: Operator, value: str, named: set[int]
) -> None:
    """profit-wire 15.1; an empty field is denied as by a bare value."""
    assert set(found(store, "Name", operator, value)) == (named if operator in AFFIRMED else {1, 2, 3, 4, 5, 6} - named)


@pytest.mark.parametrize(
    ("operator", "expected"), [(Operator.STARTS_WITH, []), (Operator.NOT_STARTS_WITH, [1, 2, 3, 4, 5, 6])]
)
def test_a_percent_sign_alone_is_one(store: Store, operator: Operator, expected: list[int]) -> None:
    assert found(store, "Name", operator, "%") == expected


@pytest.mark.parametrize(
    ("column", "operator", "value", "expected"),
    [
        ("Amount", Operator.EQUALS, "0.10", [1]),
        ("Amount", Operator.EQUALS, "0.1000000000000000055511151231257827", []),  # the float nearest to 0.1
        ("Amount", Operator.GREATER, "3", [3, 4]),
        ("Amount", Operator.LESS, "0", [2]),
        ("Amount", Operator.LESS_OR_EQUAL, "-.5", [2]),
        ("Amount", Operator.NOT_EQUAL, "100.00", [1, 2, 4, 5, 6]),
        ("Amount", Operator.EMPTY, None, [5]),
        ("Whole", Operator.LESS, "5", [2, 4, 6]),
        ("Whole", Operator.GREATER_OR_EQUAL, "+5", [1, 3]),
        ("Whole", Operator.STARTS_WITH, "4", [3]),
        ("Flag", Operator.EQUALS, "true", [1, 3]),
        ("Flag", Operator.EQUALS, "0", [2, 6]),
        ("Flag", Operator.NOT_EQUAL, "TRUE", [2, 4, 5, 6]),
        ("Moment", Operator.EQUALS, "2024-02-01T10:00:00", [1]),
        ("Moment", Operator.GREATER, "2024-02-01T10:00:00", [2, 6]),
        ("Moment", Operator.EQUALS, "2024-02-01T10:00:00.500", [2]),
        ("Moment", Operator.LESS_OR_EQUAL, "2023-12-31", [3]),
        ("Moment", Operator.CONTAINS, "2024-02", [1, 2]),
        ("Moment", Operator.CONTAINS, "%00:00", [1, 3]),
        ("Whole", Operator.NOT_EQUAL, "4%", [1, 2, 4, 5, 6]),
    ],
)
def test_numbers_booleans_and_date_times_are_compared_by_value(
    store: Store, column: str, operator: Operator, value: str | None, expected: list[int]
) -> None:
    assert found(store, column, operator, value) == expected


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("Amount", "twaalf"),
        ("Amount", "1,5"),
        ("Whole", "1.5"),
        ("Whole", "9223372036854775808"),
        ("Whole", "9" * 30),
        ("Flag", "ja"),
        ("Moment", "2024-02-01T10:00:00Z"),
        ("Moment", "01-02-2024"),
        ("Moment", "2024-02-30"),
        ("Moment", "2024-02-01T10:00"),
    ],
)
def test_a_value_that_is_none_of_the_columns_type_is_refused(store: Store, column: str, value: str) -> None:
    with pytest.raises(ProfitError, match=r"^Type mismatch ") as raised:
        found(store, column, Operator.EQUALS, value)
    assert raised.value.number == -2147180996


@pytest.mark.parametrize("operator", [Operator.EQUALS, Operator.CONTAINS])
def test_bytes_cannot_be_compared_but_may_be_empty(operator: Operator) -> None:
    with Store() as store:
        with pytest.raises(ProfitError, match="Type mismatch"):
            store.rows("Emulator_Types", Query(((Condition("Picture", operator, "AAAA"),),)))
        empty = Query(((Condition("Picture", Operator.EMPTY),),), take=1)
        assert [row["Picture"] for row in store.rows("Emulator_Types", empty)] == [None]


def test_fields_of_a_filter_are_anded_and_filters_ored(store: Store) -> None:
    jansen_yes = (Condition("Name", Operator.STARTS_WITH, "jansen"), Condition("Whole", Operator.GREATER, "5"))
    empty = (Condition("Name", Operator.EMPTY),)
    assert ids(store, Query((jansen_yes,))) == [3]
    assert ids(store, Query((jansen_yes, empty))) == [3, 5]


def test_two_hundred_filters_of_many_conditions_are_answered(store: Store) -> None:
    """SQLite stops at expressions 1,000 deep, so a long chain must not be one."""
    wide = tuple(Condition("Id", Operator.NOT_EQUAL, str(100 + number)) for number in range(25))
    assert ids(store, Query((wide,) * 200)) == [1, 2, 3, 4, 5, 6]


def test_half_a_surrogate_pair_is_refused(store: Store) -> None:
    with pytest.raises(ProfitError, match="unexpected"):
        found(store, "Name", Operator.EQUALS, "\ud800")


@pytest.mark.parametrize("column", ["name", "Nam", "Name ", "c0", "rowid", 'Name"'])
def test_a_column_that_is_not_there_is_refused_by_its_name(store: Store, column: str) -> None:
    with pytest.raises(ProfitError, match=rf"^Connector field '{column}' not found "):
        found(store, column, Operator.EQUALS, "x")
    with pytest.raises(ProfitError, match=r"^General message: Invalid Index field ") as raised:
        store.rows("Small", Query(order_by=(Sort(column),)))
    assert raised.value.number == -2147180996


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ((), [1, 2, 3, 4, 5, 6]),
        ((Sort("Name"),), [5, 4, 2, 1, 3, 6]),
        ((Sort("Name", True),), [6, 3, 1, 2, 4, 5]),
        ((Sort("Amount"),), [5, 2, 1, 6, 4, 3]),
        ((Sort("Amount", True),), [3, 4, 6, 1, 2, 5]),
        ((Sort("Whole"),), [5, 2, 4, 6, 1, 3]),
        ((Sort("Moment"),), [4, 5, 3, 1, 2, 6]),
        ((Sort("Flag"), Sort("Name", True)), [4, 5, 6, 2, 3, 1]),
        ((Sort("Flag", True), Sort("Id")), [1, 3, 2, 6, 4, 5]),
        ((Sort("Flag"), Sort("Flag", True)), [5, 4, 6, 2, 3, 1]),
    ],
)
def test_sorting_by_several_columns_in_both_directions(
    store: Store, order_by: tuple[Sort, ...], expected: list[int]
) -> None:
    """Empty fields come first, as in SQL Server; amounts by value, text without regard to case."""
    assert ids(store, Query(order_by=order_by)) == expected


@pytest.mark.parametrize(
    ("skip", "take", "expected"),
    [
        (0, None, [1, 2, 3, 4, 5, 6]),
        (2, 3, [3, 4, 5]),
        (0, 0, []),
        (4, 10, [5, 6]),
        (6, 1, []),
        (-1, -1, [1, 2, 3, 4, 5, 6]),
        (-1, 2, [1, 2, 3, 4, 5, 6]),
        (-5, 2, [1, 2]),
        (10**30, 1, []),
        (1, 10**30, [2, 3, 4, 5, 6]),
    ],
)
def test_skip_and_take(store: Store, skip: int, take: int | None, expected: list[int]) -> None:
    assert ids(store, Query(skip=skip, take=take)) == expected


def test_a_negative_take_behind_a_skip_is_an_error(store: Store) -> None:
    """``skip=2&take=-1`` is AFAS' own example of it (profit-wire 2.3)."""
    with pytest.raises(ProfitError, match=r"An unexpected error has occurred\.") as raised:
        store.rows("Small", Query(skip=2, take=-1))
    assert raised.value.number == -2147180999


@given(column=st.sampled_from(["Name", "Whole", "Amount"]), data=st.data())
def test_an_operator_and_its_opposite_share_the_rows_out(store: Store, column: str, data: st.DataObject) -> None:
    """The denials are true complements; comparisons leave out only the rows where the field is empty."""
    operator = data.draw(st.sampled_from([each for each in Operator if each is not Operator.QUICK_FILTER]))
    value = data.draw(st.integers(-5, 50).map(str)) if operator.takes_value else None
    opposite = operator.opposite
    one, other = found(store, column, operator, value), found(store, column, opposite, value)
    assert not set(one) & set(other)
    ordered = {Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL}
    missing = {5} if operator in ordered else set()
    assert set(one) | set(other) == {1, 2, 3, 4, 5, 6} - missing
