"""Two sides made of lists: every kind of difference, every tolerance, and the window."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.compare import (
    FieldDifference,
    MissingRow,
    OrderDifference,
    Report,
    Side,
    Tolerances,
    TypeDifference,
    compare,
)
from afas_soap.errors import QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record, Rows, Value

COLUMNS = (
    Field("Id"),
    Field("Name"),
    Field("Amount", Kind.DECIMAL),
    Field("Changed", Kind.DATETIME),
    Field("Blocked", Kind.BOOL),
)
NOON = datetime(2024, 2, 1, 12)


def row(key: str, name: Value = "Jansen", amount: Value = Decimal("1.50"), changed: Value = NOON) -> Record:
    return {"Id": key, "Name": name, "Amount": amount, "Changed": changed, "Blocked": False}


def side(name: str, rows: Sequence[Record], columns: tuple[Field, ...] = COLUMNS) -> Side:
    fields = Fields("Test", columns)
    return Side(name, fields, lambda: Rows(fields, iter([{c.name: r.get(c.name) for c in columns} for r in rows])))


def of(left: Sequence[Record], right: Sequence[Record], **how: object) -> Report:
    return compare(side("L", left), side("R", right), **how)


def test_equal_sides_report_their_rows_and_no_difference() -> None:
    report = of([row("1"), row("2")], [row("1"), row("2")])
    assert report.equal
    assert report.rows == [2, 2]
    assert (report.key, report.whole_row, report.notes) == (("Id",), False, [])


def test_a_row_missing_on_either_side_is_named_by_its_key() -> None:
    report = of([row("1"), row("2")], [row("2"), row("3")])
    assert set(report.differences) == {MissingRow("R", ("1",), 1), MissingRow("L", ("3",), 2)}
    assert report.found == 2


def test_a_differing_field_shows_both_typed_values() -> None:
    report = of([row("1", amount=Decimal("1.50"))], [row("1", amount=Decimal("1.51"))])
    assert report.differences == [FieldDifference(("1",), "Amount", Decimal("1.50"), Decimal("1.51"))]


def test_empty_is_not_the_same_as_a_value() -> None:
    report = of([row("1", name=None)], [row("1", name="x")])
    assert report.differences == [FieldDifference(("1",), "Name", None, "x")]


def test_rows_in_another_order_are_told_and_tolerated_by_name() -> None:
    left, right = [row("1"), row("2"), row("3")], [row("2"), row("1"), row("3")]
    assert of(left, right).differences == [OrderDifference(("1",), 1, 2)]
    assert of(left, right, tolerances=Tolerances(order=True)).equal


def test_rows_that_one_side_lacks_do_not_count_as_another_order() -> None:
    left = [row(f"x{n}") for n in range(5)] + [row("1"), row("2")]
    report = of(left, [row("1"), row("2")])
    assert {type(difference) for difference in report.differences} == {MissingRow}


@pytest.mark.parametrize(
    ("left", "right", "tolerances"),
    [
        (row("1", name="Jansen  "), row("1", name="Jansen"), Tolerances(trailing_blanks=True)),
        (row("1", name="  "), row("1", name=None), Tolerances(trailing_blanks=True)),
        (row("1", amount=Decimal("1.504")), row("1", amount=Decimal("1.496")), Tolerances(decimals=2)),
        # Longer than a decimal usually may be.
        (row("1", amount=Decimal("7" * 40 + ".4")), row("1", amount=Decimal("7" * 40 + ".41")), Tolerances(decimals=1)),
        (row("1", changed=NOON), row("1", changed=NOON.replace(second=1)), Tolerances(seconds=True)),
        (row("1", changed=NOON.replace(microsecond=7)), row("1", changed=NOON), Tolerances(seconds=True)),
    ],
)
def test_a_named_tolerance_takes_its_difference_out_and_no_other(
    left: Record, right: Record, tolerances: Tolerances
) -> None:
    assert not of([left], [right]).equal
    assert of([left], [right], tolerances=tolerances).equal
    assert not of([left], [row("1", name="other")], tolerances=tolerances).equal


def test_two_seconds_apart_are_a_difference_whatever_is_tolerated() -> None:
    report = of([row("1")], [row("1", changed=NOON.replace(second=2))], tolerances=Tolerances(seconds=True))
    assert report.found == 1


def test_columns_of_one_side_and_other_types_are_reported_once_not_per_row() -> None:
    left = side("L", [row("1"), row("2")], (Field("Id"), Field("Amount"), Field("Only")))
    right = side("R", [row("1"), row("2")], (Field("Id"), Field("Amount", Kind.DECIMAL), Field("More")))
    left_rows = [{"Id": "1", "Amount": "1.50", "Only": None}, {"Id": "2", "Amount": "1.5", "Only": None}]
    report = compare(Side("L", left.fields, lambda: Rows(left.fields, iter(left_rows))), right)
    assert report.types == [
        TypeDifference("Amount", "str", "decimal"),
        TypeDifference("Only", "str", None),
        TypeDifference("More", None, "str"),
    ]
    assert report.found == 0
    assert not report.equal


def test_a_text_that_is_no_number_differs_from_the_number_of_the_other_side() -> None:
    left = side("L", [{"Id": "1", "Amount": "much"}], (Field("Id"), Field("Amount")))
    right = side("R", [{"Id": "1", "Amount": Decimal(1)}], (Field("Id"), Field("Amount", Kind.DECIMAL)))
    assert compare(left, right).differences == [FieldDifference(("1",), "Amount", "much", Decimal(1))]


def test_two_types_of_which_none_is_text_are_compared_as_they_are_spelt() -> None:
    left = side("L", [{"Id": "1", "N": 2}, {"Id": "2", "N": 3}], (Field("Id"), Field("N", Kind.INT)))
    right = side("R", [{"Id": "1", "N": Decimal("2.00")}, {"Id": "2", "N": 4}], (Field("Id"), Field("N", Kind.DECIMAL)))
    assert compare(left, right).differences == [FieldDifference(("2",), "N", 3, 4)]


def test_a_first_column_that_is_not_unique_makes_the_whole_row_the_key() -> None:
    left = [row("1", name="a"), row("1", name="b")]
    report = of(left, [row("1", name="a"), row("1", name="c")])
    assert report.whole_row
    assert report.notes == ["Id is not unique, so the whole row is its own key"]
    assert {(d.on, d.key[1]) for d in report.differences if isinstance(d, MissingRow)} == {("R", "b"), ("L", "c")}


def test_equal_rows_twice_are_two_rows() -> None:
    assert of([row("1"), row("1")], [row("1"), row("1")]).equal
    assert of([row("1"), row("1")], [row("1")]).found == 1


def test_whole_rows_with_tolerated_seconds_still_find_each_other() -> None:
    left = [row("1", name="a"), row("1", name="b")]
    right = [row("1", name="a", changed=NOON.replace(second=1)), row("1", name="b")]
    report = of(left, right, tolerances=Tolerances(seconds=True))
    assert report.equal
    assert "Changed" not in report.key


def test_a_first_column_that_the_other_side_lacks_makes_the_whole_row_the_key() -> None:
    left = side("L", [{"Id": "1", "Name": "a"}], (Field("Id"), Field("Name")))
    right = side("R", [{"Name": "a"}], (Field("Name"),))
    report = compare(left, right)
    assert (report.whole_row, report.key, report.found) == (True, ("Name",), 0)


def test_a_given_key_that_is_not_unique_pairs_rows_in_their_order_and_says_so() -> None:
    report = of([row("1", name="a"), row("1", name="b")], [row("1", name="a"), row("1", name="c")], key=["Id"])
    assert report.differences == [FieldDifference(("1",), "Name", "b", "c")]
    assert report.notes == ["the key Id is not unique: rows with the same key were paired in the order they came"]


def test_a_composite_key_tells_rows_apart() -> None:
    left = [row("1", name="a"), row("1", name="b")]
    assert of(left, left, key=["Id", "Name"]).notes == []


def test_a_row_that_waited_for_the_whole_window_is_missing() -> None:
    """Its partner comes too late: with a window of three, the fourth waiting row gives the first one up."""
    left = [row("late"), *(row(f"l{n}") for n in range(5))]
    right = [*(row(f"r{n}") for n in range(5)), row("late")]
    names = [(d.on, d.key) for d in of(left, right, window=3).differences if isinstance(d, MissingRow)]
    assert names[0] == ("R", ("late",))
    assert ("L", ("late",)) in names
    wide = [d.key for d in of(left, right, window=100).differences if isinstance(d, MissingRow)]
    assert ("late",) not in wide


def test_only_the_first_thousand_differences_are_kept_and_all_are_counted() -> None:
    left = [row(str(n)) for n in range(1500)]
    report = of(left, [])
    assert (len(report.differences), report.found) == (1000, 1500)


def test_keys_older_than_the_window_are_forgotten() -> None:
    """Memory stays bounded: a key that comes again after the window is not noticed, and pairs as usual."""
    rows = [row("a"), row("b"), row("c"), row("a")]
    report = of(rows, rows, window=2)
    assert report.equal
    assert report.notes == []


@pytest.mark.parametrize("how", [{"key": ["Nope"]}, {"window": 0}])
def test_a_key_or_window_that_cannot_be_is_refused_before_reading(how: dict[str, object]) -> None:
    def explode() -> Iterator[Record]:
        raise AssertionError("read")

    fields = Fields("Test", COLUMNS)
    unread = Side("L", fields, lambda: Rows(fields, explode()))
    with pytest.raises(QueryError):
        compare(unread, unread, **how)


def test_a_connector_without_columns_compares_as_equal() -> None:
    assert compare(side("L", [], ()), side("R", [], ())).equal


@given(st.permutations(range(30)), st.sets(st.integers(0, 29)), st.sets(st.integers(0, 29)))
def test_whatever_the_order_exactly_the_dropped_rows_are_missing(
    order: list[int], not_left: set[int], not_right: set[int]
) -> None:
    left = [row(str(n)) for n in range(30) if n not in not_left]
    right = [row(str(n)) for n in order if n not in not_right]
    report = of(left, right, tolerances=Tolerances(order=True))
    missing = {(d.on, int(str(d.key[0]))) for d in report.differences if isinstance(d, MissingRow)}
    assert missing == {("L", n) for n in not_left - not_right} | {("R", n) for n in not_right - not_left}
    assert len(missing) == report.found
