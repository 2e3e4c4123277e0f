"""Decimals go to JSON and come from it with the digits that they have."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.sb.jsonnumbers import dumps, loads


def test_numbers_come_as_decimals_and_integers_and_never_as_floats() -> None:
    assert loads(b'{"a": 40.55, "b": 3, "c": [1e2, true, null]}') == {
        "a": Decimal("40.55"),
        "b": 3,
        "c": [Decimal("1E+2"), True, None],
    }


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "-Infinity", "{", b"\xff"])
def test_what_is_no_json_is_told(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        loads(text)


def test_brackets_without_end_are_told() -> None:
    with pytest.raises(ValueError, match="nested too deep"):
        loads("[" * 100_000)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.07"), "0.07"),
        (Decimal("40.550"), "40.550"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E+99"), "1E+99"),
        (Decimal("-0.1"), "-0.1"),
        (0.1, "0.1"),
        (1e16, "10000000000000000"),
        (True, "true"),
        (None, "null"),
        (12, "12"),
        ('ë"', '"ë\\""'),
        ([], "[]"),
        ({}, "{}"),
        ([1, {"b": [], "a": (Decimal("2.50"),)}], '[1,{"b":[],"a":[2.50]}]'),
    ],
)
def test_a_value_is_written_exactly(value: object, text: str) -> None:
    assert dumps(value) == text.encode()


@pytest.mark.parametrize("value", [Decimal("NaN"), [float("inf")], {"a": b"x"}, {5: 1}, {1, 2}, "\ud800"])
def test_what_json_cannot_say_is_told(value: object) -> None:
    with pytest.raises(ValueError):
        dumps(value)


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8"))
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_what_was_written_is_read_as_the_same(value: object) -> None:
    """Python's own reader judges that it is JSON."""
    written = dumps(value)
    json.loads(written)
    assert loads(written) == value


@pytest.mark.parametrize("text", ["1e9999999999999999999", "[1E-9999999999999999999]"])
def test_a_number_beyond_every_number_is_no_json_of_ours(text: str) -> None:
    with pytest.raises(ValueError, match="beyond every number"):
        loads(text)
