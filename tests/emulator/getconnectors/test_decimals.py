"""Keys sort as the numbers do, exactly, whatever their size."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.emulator.getconnectors.decimals import is_decimal, sort_key

ASCENDING = [
    "-99999999999999999999999999",
    "-1234567.89",
    "-1234567.8899999999",
    "-1.5",
    "-1",
    "-0.55",
    "-0.5",
    "-0.05",
    "-0.0000000001",
    "0",
    "0.0000000001",
    "0.1",
    "0.10000000000000000001",
    "0.3",
    "9.99",
    "10",
    "10.01",
    "9007199254740992",
    "9007199254740993",
    "99999999999999999999999999",
]


@pytest.mark.parametrize(("low", "high"), list(itertools.pairwise(ASCENDING)))
def test_the_lower_number_has_the_lower_key(low: str, high: str) -> None:
    assert sort_key(low) < sort_key(high)


@pytest.mark.parametrize(
    "same",
    [
        ("0", "-0", "0.000", "+0", "000", "-0.0"),
        ("1", "1.0", "01", "+1", "1.0000000000", "1."),
        ("-0.5", "-.5", "-00.50"),
        ("100", "100.00", "0100"),
    ],
)
def test_equal_numbers_have_one_key_however_they_are_spelt(same: tuple[str, ...]) -> None:
    assert len({sort_key(text) for text in same}) == 1


@given(st.decimals(allow_nan=False, allow_infinity=False), st.decimals(allow_nan=False, allow_infinity=False))
def test_the_order_of_keys_is_the_order_of_numbers(one: Decimal, other: Decimal) -> None:
    keys = sort_key(format(one, "f")), sort_key(format(other, "f"))
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (one < other, one == other)


@pytest.mark.parametrize("text", ["", "-", ".", "1e5", "1,5", "1 000", "NaN", "Infinity", "٣", "1.2.3", "9" * 4001])
def test_what_is_no_plain_decimal(text: str) -> None:
    assert not is_decimal(text)


@pytest.mark.parametrize("text", ["0", "-1.5", "+2", ".5", "1.", "9" * 4000])
def test_what_is_a_plain_decimal(text: str) -> None:
    assert is_decimal(text)
