"""One value of an update: how it is spelt, what it may not be, and what is said of it."""

import datetime
import enum
import math
import zoneinfo
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from afas_soap.profit.updates.fieldvalue import FieldValue, fault, field_text, value_kind

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


class Colour(str, enum.Enum):  # noqa: UP042 - one whose str() is not its text
    RED = "rood"


class Count(enum.IntEnum):
    ONE = 1


class Money(Decimal):
    """A number of somebody's own."""


class NoZone(datetime.tzinfo):
    """A zone that does not know how far it is from Greenwich: Python takes a time in it for one without a zone."""

    def utcoffset(self, _at: datetime.datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Offerte", "Offerte"),
        (" ", " "),
        ("\r\n\t", "\r\n\t"),
        (Colour.RED, "rood"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-70001, "-70001"),
        (10**999, "1" + "0" * 999),
        (0.1, "0.1"),
        (1.0, "1.0"),
        (1e22, "10000000000000000000000"),
        (5e-7, "0.0000005"),
        (Decimal("4.00"), "4.00"),
        (Decimal("-0.50"), "-0.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (datetime.date(2023, 1, 22), "2023-01-22"),
        (datetime.datetime(2023, 1, 22, 10, 0, 0), "2023-01-22T10:00:00"),
        (datetime.datetime(2023, 1, 22, 9, 0, 0, tzinfo=datetime.UTC), "2023-01-22T10:00:00"),
        (datetime.datetime(2023, 7, 22, 8, 0, 0, tzinfo=datetime.UTC), "2023-07-22T10:00:00"),
        (datetime.datetime(2023, 12, 31, 20, 0, 0, tzinfo=NEW_YORK), "2024-01-01T02:00:00"),
        (datetime.datetime(1899, 12, 31, 23, 0, 0, tzinfo=datetime.UTC), "1900-01-01T01:00:00"),
        (datetime.datetime(1943, 6, 30, 22, 0, 0, tzinfo=datetime.UTC), "1943-07-01T00:00:00"),
        (datetime.datetime(2023, 1, 22, 10, 0, 0, tzinfo=NoZone()), "2023-01-22T10:00:00"),
        (datetime.datetime.max, "9999-12-31T23:59:59.999999"),
        (datetime.time(10, 0, 0), "10:00:00"),
        (b"\x00\xff", "AP8="),
        (None, None),
        ("", None),
        (b"", None),
    ],
)
def test_spelt(value: FieldValue, text: str | None) -> None:
    """As profit-wire 3.5 has it: decimal points, ISO dates, Amsterdam time, base64; nothing for what is cleared."""
    assert fault(value) is None
    assert field_text(value) == text


@pytest.mark.parametrize(
    ("value", "rule", "words"),
    [
        ("ab\x00", "character", "character 3 is U+0000, which XML cannot carry"),
        ("\x1b[2J", "character", "character 1 is U+001B"),
        ("\x0b", "character", "U+000B"),
        ("a\ud800", "character", "character 2 is U+D800"),
        ("\udfff", "character", "U+DFFF"),
        ("\ufffe", "character", "U+FFFE"),
        ("\uffff", "character", "U+FFFF"),
        (float("nan"), "not-a-number", "NaN, NaT and infinity are no values"),
        (float("-inf"), "not-a-number", "leave the field out"),
        (Decimal("NaN"), "not-a-number", "NaN"),
        (Decimal("sNaN"), "not-a-number", "NaN"),
        (Decimal("Infinity"), "not-a-number", "infinity"),
        (10**1000, "wrong-type", "over 1,000 digits"),
        (-(10**1000), "wrong-type", "over 1,000 digits"),
        (Decimal("1E+1000"), "wrong-type", "over 1,000 digits"),
        (Decimal("1E-1000"), "wrong-type", "over 1,000 digits"),
        (Decimal("1E-999999999"), "wrong-type", "over 1,000 digits"),
        (Decimal("0." + "1" * 1001), "wrong-type", "over 1,000 digits"),
        (datetime.datetime.max.replace(tzinfo=datetime.UTC), "wrong-type", "years 1 to 9999: give a date-time without"),
        (datetime.datetime.min.replace(tzinfo=datetime.timezone.max), "wrong-type", "9999"),
        (datetime.time(10, tzinfo=datetime.UTC), "wrong-type", "give Amsterdam time, without a zone"),
        ([1], "wrong-type", "a list is no value of a field: give text, a number"),
        ({}, "wrong-type", "a dict is no value"),
        (object(), "wrong-type", "an object is no value"),
        (Count.ONE, "wrong-type", "a Count is no value"),
        (Money("1.00"), "wrong-type", "a Money is no value"),
        (bytearray(b"x"), "wrong-type", "a bytearray is no value"),
        (datetime.timedelta(1), "wrong-type", "a timedelta is no value"),
    ],
)
def test_refused(value: object, rule: str, words: str) -> None:
    """With a word to branch on and a sentence that says what to do."""
    found = fault(value)
    assert found is not None
    assert found[0] == rule
    assert words in found[1]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("x", "text of 1 character"),
        ("x" * 3000, "text of 3,000 characters"),
        (b"xy", "2 bytes"),
        (True, "boolean"),
        (0, "whole number"),
        (0.0, "decimal"),
        (Decimal(0), "decimal"),
        (datetime.date(2023, 1, 22), "date"),
        (datetime.datetime(2023, 1, 22), "date-time"),
        (datetime.time(), "time"),
        (None, "nothing"),
        ("", "nothing"),
        (b"", "nothing"),
    ],
)
def test_what_is_said_of_a_value(value: FieldValue, kind: str) -> None:
    """Never the value: it may be personal."""
    assert value_kind(value) == kind


@given(st.text(st.characters()))
def test_libxml2_judges_the_characters(text: str) -> None:
    """What is let through, and nothing else, is what libxml2 can put into a document."""
    element = etree.Element("a")
    try:
        element.text = text
    except ValueError:
        assert fault(text) is not None
    else:
        assert fault(text) is None


DECIMALS = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(digits), exponent)),
    st.integers(0, 1),
    st.lists(st.integers(0, 9), min_size=1, max_size=40),
    st.integers(-900, 900),
)


@given(st.floats(allow_nan=False, allow_infinity=False) | DECIMALS)
def test_numbers_keep_their_value(number: float | Decimal) -> None:
    """Without an exponent, which xs:decimal does not have."""
    text = field_text(number)
    assert fault(number) is None
    assert text is not None
    assert set(text) <= set("-.0123456789")
    assert type(number)(text) == number


def test_a_float_is_spelt_by_the_shortest_digits() -> None:
    """Not by the binary fraction it stands for."""
    assert field_text(2.675) == "2.675"
    assert field_text(math.pi) == "3.141592653589793"
