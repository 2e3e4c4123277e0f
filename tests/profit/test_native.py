"""Values of numpy and pandas, as a program reads them out of their tables: taken for what they are, or refused."""

import datetime
import math
import subprocess
import sys
import zoneinfo
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from afas_soap.errors import QueryError, UpdateError
from afas_soap.profit.native import native
from afas_soap.profit.questions.expression import F, wire_value
from afas_soap.profit.questions.query import Condition, Operator
from afas_soap.profit.questions.where import where_filters
from afas_soap.profit.updates.update import Element
from afas_soap.profit.updates.updatejson import update_to_json
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.profit.updates.updatexml import update_to_xml

AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")
NOON = datetime.datetime(2024, 2, 29, 12, 30, 15)


class Moment(datetime.datetime):
    """A date-time of somebody's own."""


class Day(datetime.date):
    """A date of somebody's own."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int64(-5), -5),
        (np.uint8(255), 255),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.bool_(True), True),
        (np.bool_(False), False),
        (np.float64(0.1), 0.1),
        (np.float32(0.1), 0.1),
        (np.float32(1e-7), 1e-7),
        (np.float16(2.5), 2.5),
        (np.longdouble("0.1"), 0.1),
        (np.str_("José"), "José"),
        (np.str_(""), ""),
        (np.bytes_(b"\xff"), b"\xff"),
        (np.datetime64("2024-02-29"), datetime.date(2024, 2, 29)),
        (np.datetime64("2024-02-29T12:30:15"), NOON),
        (np.datetime64("2024-02-29T12:30:15", "ns"), NOON),
        (np.datetime64("2024-02-29T12:30:15.123456789", "ns"), NOON.replace(microsecond=123456)),
        (pd.Timestamp("2024-02-29 12:30:15"), NOON),
        (pd.Timestamp("2024-02-29 12:30:15.123456789"), NOON.replace(microsecond=123456)),
        (pd.Timestamp("2024-07-01", tz="Europe/Amsterdam"), datetime.datetime(2024, 7, 1, tzinfo=AMSTERDAM)),
        (Moment(2024, 2, 29, 12, 30, 15), NOON),
        (Day(2024, 2, 29), datetime.date(2024, 2, 29)),
    ],
    ids=lambda value: f"{type(value).__module__}-{type(value).__name__}",
)  # fmt: skip
def test_taken_for_what_it_is(value: object, expected: object) -> None:
    """Of the very type that Python has for it, and equal."""
    found = native(value)
    assert found == expected
    assert type(found) is type(expected)


def test_the_hour_that_comes_twice_stays_the_one_it_is() -> None:
    """A date-time knows by its fold whether it is the first or the second."""
    for hour, offset in ((0, 2), (1, 1)):
        stamp = pd.Timestamp(f"2024-10-27 0{hour}:30", tz="UTC").tz_convert(AMSTERDAM)
        found = native(stamp)
        assert isinstance(found, datetime.datetime)
        assert found.utcoffset() == datetime.timedelta(hours=offset)


@pytest.mark.parametrize(
    "value",
    [
        "x", 5, 0.1, True, None, b"x", Decimal("1.10"), NOON, NOON.date(), NOON.time(), [1], {}, Fraction(1, 3),
        np.timedelta64(5, "ns"), np.timedelta64(5, "D"), np.complex64(1), np.void(b"x"), np.array(5), np.array([5]),
        np.datetime64("20000-01-01T00:00:00"), pd.Timestamp(np.datetime64("20000-01-01", "s")), pd.Timedelta(5, "s"),
        pd.Period("2024-01"), pd.Series([1]), int, np.int64,
    ],
    ids=lambda value: f"{type(value).__module__}-{type(value).__name__}",
)  # fmt: skip
def test_everything_else_stays_what_it_is(value: object) -> None:
    """Also what numpy counts as a whole number: five days are no 5, and nanoseconds since 1970 no date."""
    assert native(value) is value


MISSING = [
    np.float64("nan"), np.float32("nan"), np.datetime64("NaT"), np.datetime64("NaT", "ns"), np.ma.masked, pd.NaT, pd.NA,
    float("nan"),
]  # fmt: skip


@pytest.mark.parametrize("value", MISSING, ids=lambda value: type(value).__name__)
def test_a_missing_value_is_neither_cleared_nor_left_out(value: object) -> None:
    """Nobody knows which is meant, so the error says how to say either; a filter has its own way of asking for none."""
    found = native(value)
    assert isinstance(found, float)
    assert math.isnan(found)
    with pytest.raises(UpdateError, match="leave the field out, or give None to clear it") as caught:
        update_from_plain("KnSubject", {"Ds": value, "@SbId": value})
    assert [(each.path, each.rule) for each in caught.value.problems] == [
        ("KnSubject/@SbId", "not-a-number"),
        ("KnSubject/Ds", "not-a-number"),
    ]
    with pytest.raises(QueryError, match="NaN, NaT or infinity: compare with None"):
        _ = F.Date > value


def test_rows_of_a_table_are_records() -> None:
    """As ``DataFrame.to_dict`` and ``itertuples`` give them; spelt alike over both protocols."""
    table = pd.DataFrame(
        {
            "StId": np.array([4], dtype="int16"),
            "Da": pd.to_datetime(["2024-02-29T23:00:00Z"]),
            "Ds": ["Offerte"],
            "Am": np.array([0.1], dtype="float32"),
            "St": [True],
        }
    )
    raw = {name: table[name].to_numpy()[0] if name != "Da" else table[name][0] for name in table}
    plain = {"StId": 4, "Da": datetime.datetime(2024, 3, 1), "Ds": "Offerte", "Am": 0.1, "St": True}
    expected = update_from_plain("KnSubject", plain).rooted("KnSubject")
    update = update_from_plain("KnSubject", {"@SbId": np.int64(1957), **raw}).rooted("KnSubject")
    for write in (update_to_json, update_to_xml):
        without_key = update_from_plain("KnSubject", raw).rooted("KnSubject")
        assert write(without_key) == write(expected)
    assert b'"@SbId":1957,' in update_to_json(update)
    assert ' SbId="1957"' in update_to_xml(update)


def test_elements_made_by_hand_take_them_too() -> None:
    """And keep Python's own value, which is what their types promise."""
    element = Element({"Am": np.float32(0.1)}, {"SbId": np.int64(5)})
    assert (element.fields, element.keys) == ({"Am": 0.1}, {"SbId": 5})
    assert type(element.keys["SbId"]) is int


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.int64(5), "5"),
        (np.bool_(True), "true"),
        (np.str_("Ede"), "Ede"),
        (np.datetime64("2024-02-29"), "2024-02-29T00:00:00"),
        (np.datetime64("2024-02-29T12:30:15", "ns"), "2024-02-29T12:30:15"),
        (pd.Timestamp("2024-02-29 12:30:15"), "2024-02-29T12:30:15"),
        (pd.Timestamp("2024-02-29T23:00:00Z"), "2024-03-01T00:00:00"),
    ],
    ids=str,
)
def test_in_a_filter(value: object, text: str) -> None:
    """On either side of a comparison, and in a list of values."""
    assert wire_value(value) == text
    assert (value <= F.X).condition == Condition("X", Operator.GREATER_OR_EQUAL, text)
    assert (value == F.X).condition == Condition("X", Operator.EQUALS, text)
    values = pd.Series([value, value])
    assert [part.condition.value for part in F.X.isin(values).parts] == [text]


@pytest.mark.parametrize("value", [np.float64(0.1), np.float32(0.1)], ids=["float64", "float32"])
def test_a_filter_takes_no_float_of_any_kind(value: object) -> None:
    """As with Python's own: its digits are not exact."""
    with pytest.raises(QueryError, match="use Decimal"):
        F.X.isin([value])


def test_an_expression_is_joined_with_none_of_them() -> None:
    """numpy would call & for its own."""
    with pytest.raises(QueryError, match="each comparison in brackets"):
        where_filters(np.bool_(True) & (F.X == 1))


def test_neither_library_is_imported_for_it() -> None:
    """A program without them pays nothing."""
    code = (
        "import sys; from afas_soap import F, update_from_plain; F.X == 1; update_from_plain('X', {'A': 1}); "
        "print(sorted({'numpy', 'pandas'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
