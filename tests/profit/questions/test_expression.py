"""How a program writes a filter: columns, values, and everything that would quietly drop a condition."""

from __future__ import annotations

import copy
import datetime
import enum
import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.questions.expression import Column, Expression, F, wire_value
from afas_soap.profit.questions.query import Condition, Operator

AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")


class Colour(str, enum.Enum):  # noqa: UP042 - the older way to write one, whose str() is not its text
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Money(Decimal):
    def __format__(self, spec: str, context: object = None) -> str:
        return "EUR"


class Stamp(datetime.datetime):
    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        return "now"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ede", "Ede"),
        (" %a,b;'\"é ", " %a,b;'\"é "),
        (Colour.RED, "red"),
        (5, "5"),
        (-12345678901234567890, "-12345678901234567890"),
        (Level.HIGH, "3"),
        (True, "true"),
        (False, "false"),
        (Decimal("12.50"), "12.5"),
        (Decimal("-0.5"), "-0.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0.00"), "0"),
        (Decimal("100"), "100"),
        (Money("12.50"), "12.5"),
        (Stamp(2017, 7, 1, 0, 0, 2), "2017-07-01T00:00:02"),
        (datetime.datetime(2017, 7, 1, 0, 0, 2), "2017-07-01T00:00:02"),
        (datetime.datetime(2017, 7, 1), "2017-07-01T00:00:00"),
        (datetime.datetime(2017, 7, 1, 0, 0, 2, 120000), "2017-07-01T00:00:02.120000"),
        (datetime.date(2024, 2, 1), "2024-02-01T00:00:00"),
    ],
)
def test_values_as_text(value: object, text: str) -> None:
    """One text per value: a date-time without Z (which Profit refuses), a Decimal in plain digits."""
    assert wire_value(value) == text


@pytest.mark.parametrize(
    ("aware", "text"),
    [
        (datetime.datetime(2024, 1, 31, 23, 0, tzinfo=datetime.UTC), "2024-02-01T00:00:00"),
        (datetime.datetime(2024, 7, 1, 10, 0, tzinfo=datetime.UTC), "2024-07-01T12:00:00"),
        (datetime.datetime(2024, 7, 1, 10, 0, tzinfo=AMSTERDAM), "2024-07-01T10:00:00"),
        # The nights of the clock change: 01:30 does not repeat and 02:30 comes twice.
        (datetime.datetime(2024, 3, 31, 1, 0, tzinfo=datetime.UTC), "2024-03-31T03:00:00"),
        (datetime.datetime(2024, 10, 27, 0, 30, tzinfo=datetime.UTC), "2024-10-27T02:30:00"),
        (datetime.datetime(2024, 10, 27, 1, 30, tzinfo=datetime.UTC), "2024-10-27T02:30:00"),
    ],
)
def test_an_aware_date_time_becomes_amsterdam_time(aware: datetime.datetime, text: str) -> None:
    """Profit compares with Amsterdam time and takes no zone."""
    assert wire_value(aware) == text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.5, "use Decimal"),
        (float("nan"), "compare with None to ask for an empty field"),
        (Decimal("NaN"), "NaN"),
        (Decimal("-Infinity"), "infinity"),
        (b"abc", "not with a value of type bytes"),
        (["a"], "not with a value of type list"),
        (datetime.time(10), "not with a value of type time"),
        (F.Name, "not with another column"),
        (F.Name == 1, "not with a value of type Expression"),
    ],
)
def test_values_that_have_no_text(value: object, reason: str) -> None:
    """A float is refused because its digits are not exact; other types because nothing is known about them."""
    with pytest.raises(QueryError, match=reason):
        _ = F.City == value


COMPARISONS: list[tuple[Callable[[Column], Expression], Operator]] = [
    (lambda column: column == "x", Operator.EQUALS),
    (lambda column: column != "x", Operator.NOT_EQUAL),
    (lambda column: column < "x", Operator.LESS),
    (lambda column: column <= "x", Operator.LESS_OR_EQUAL),
    (lambda column: column > "x", Operator.GREATER),
    (lambda column: column >= "x", Operator.GREATER_OR_EQUAL),
    (lambda column: column.startswith("x"), Operator.STARTS_WITH),
    (lambda column: column.endswith("x"), Operator.ENDS_WITH),
    (lambda column: column.contains("x"), Operator.CONTAINS),
    (lambda column: column.quick("x"), Operator.QUICK_FILTER),
]


@pytest.mark.parametrize(("compare", "operator"), COMPARISONS)
def test_a_comparison_is_one_condition(compare: Callable[[Column], Expression], operator: Operator) -> None:
    """Whatever the name of the column: F.City for a Python name, F["Btw-nummer"] for any."""
    assert compare(F.City).condition == Condition("City", operator, "x")
    assert compare(F["Btw-nummer"]).condition == Condition("Btw-nummer", operator, "x")


@pytest.mark.parametrize("value", ["50%", "%50", "5%0", "%"])
@pytest.mark.parametrize(
    ("say", "sign"),
    [(F.X.startswith, "@"), (F.X.endswith, "&"), (F.X.contains, "*"), (F.X.__ne__, "!=")],
    ids=["startswith", "endswith", "contains", "!="],
)
def test_a_percent_sign_that_profit_takes_for_any_text_is_refused_with_what_helps(
    say: Callable[[str], object], sign: str, value: str
) -> None:
    """profit-wire 15.1: a sign at either end is a wildcard, and nothing says how the sign itself is spelt."""
    with pytest.raises(QueryError, match=rf"'X' has a percent sign.* with '{re.escape(sign)}'.*pick the rows"):
        say(value)


def test_a_percent_sign_is_itself_where_nothing_else_is_known() -> None:
    for expression in (F.X == "50%", F.X > "50%", F.X.quick("50%"), F.X.isin(["50%"]).parts[0]):
        assert expression.condition is not None
        assert expression.condition.value == "50%"
    assert F.X.startswith("a_b").condition == Condition("X", Operator.STARTS_WITH, "a_b")


def test_the_value_may_stand_on_the_left() -> None:
    """Python turns the comparison round."""
    assert ("x" <= F.City).condition == Condition("City", Operator.GREATER_OR_EQUAL, "x")  # noqa: SIM300
    assert ("x" == F.City).condition == Condition("City", Operator.EQUALS, "x")  # noqa: SIM300


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_is_asked_for_with_equals(empty: str | None) -> None:
    """None and the empty text are the same to Profit, and have operators of their own."""
    assert (F.City == empty).condition == Condition("City", Operator.EMPTY)
    assert (F.City != empty).condition == Condition("City", Operator.NOT_EMPTY)


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize(
    "method", ["__lt__", "__le__", "__gt__", "__ge__", "startswith", "endswith", "contains", "quick"]
)
def test_no_other_comparison_takes_an_empty_value(method: str, empty: str | None) -> None:
    """What Profit would make of it is not known."""
    with pytest.raises(QueryError, match="'City' has no value"):
        getattr(F.City, method)(empty)


def test_isin_takes_each_value_once() -> None:
    """None and "" among the values stand for an empty field; the order stays."""
    found = F.City.isin(iter(["Ede", None, 5, "Ede", "", "5"]))
    assert [part.condition for part in found.parts] == [
        Condition("City", Operator.EQUALS, "Ede"),
        Condition("City", Operator.EMPTY),
        Condition("City", Operator.EQUALS, "5"),
    ]


@pytest.mark.parametrize(("values", "reason"), [([], "at least one"), ("Ede", "a list"), (b"Ede", "a list")])
def test_isin_wants_a_list_with_something_in_it(values: object, reason: str) -> None:
    """No row equals one of no values, and a single text is no list of letters."""
    with pytest.raises(QueryError, match=reason):
        F.City.isin(values)


DROPPED: list[Callable[[], object]] = [
    lambda: F.City == "Ede" and F.Name == "x",
    lambda: F.City == "Ede" or F.Name == "x",
    lambda: not F.City == "Ede",  # noqa: SIM201
    lambda: 1 < F.Number < 5,
    lambda: F.City == "Ede" & F.Name == "x",
    lambda: F.City == "Ede" | F.Name == "x",
    lambda: F.City & (F.Name == "x"),
    lambda: F.City | (F.Name == "x"),
    lambda: (F.Name == "x") & F.City,
    lambda: (F.Name == "x") | True,
    lambda: True & (F.Name == "x"),
    lambda: None | (F.Name == "x"),
    lambda: ~F.City,
    lambda: bool(F.City),
    lambda: F.City in ["Ede"],
]


@pytest.mark.parametrize("write", DROPPED)
def test_what_would_drop_a_condition_is_refused(write: Callable[[], object]) -> None:
    """and, or, not, in, chained comparisons and forgotten brackets are explained, not evaluated."""
    with pytest.raises(QueryError, match="each comparison in brackets"):
        write()


def test_in_asks_python_and_not_profit() -> None:
    """The column may hold the text, or be in a list: either is a condition, and ``in`` is none."""
    with pytest.raises(
        QueryError, match=r"F\['Reference'\]\.contains\(text\) .* F\['Reference'\]\.isin\(values\)"
    ) as caught:
        _ = "1400372" in F.Reference
    assert "1400372" not in str(caught.value)
    with pytest.raises(QueryError, match="each comparison in brackets"):
        _ = "Ede" in (F.City == "Ede")


def test_joining_keeps_the_parts() -> None:
    """& | and ~ make an expression of expressions."""
    left, right = F.City == "Ede", F.Name == "x"
    assert (left & right).parts == (left, right)
    assert (left | right).parts == (left, right)
    assert (~left).parts == (left,)


@pytest.mark.parametrize("name", ["__wrapped__", "_repr_html_", "_x"])
def test_f_has_no_private_names(name: str) -> None:
    """Python and notebooks ask for them; a column of that name is had with F[...]."""
    with pytest.raises(AttributeError, match="a column of that name is"):
        getattr(F, name)
    assert F[name].name == name


@pytest.mark.parametrize("name", ["", 0, None])
def test_a_column_is_named_by_text(name: object) -> None:
    """Also, F cannot be run through with a loop."""
    with pytest.raises(QueryError, match="named by its text"):
        F[name]
    with pytest.raises(QueryError, match="named by its text"):
        list(F)


def test_columns_and_f_as_objects() -> None:
    """A column shows its name, cannot be a key (== does not compare it), and F can be copied."""
    assert repr(F["Btw-nummer"]) == "F['Btw-nummer']"
    assert copy.copy(F).City.name == "City"
    with pytest.raises(TypeError, match="unhashable"):
        hash(F.City)


def test_doubling_stops_before_the_memory_does() -> None:
    """An expression that is joined with itself again and again ends in an error, not in a hang."""
    expression = F.City == "Ede"
    for _ in range(16):
        expression = expression & expression
    assert expression.size == 65_536
    with pytest.raises(QueryError, match="more than 100,000 conditions"):
        _ = expression & expression
