"""What a value of each type may look like."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.emulator.booking.kinds import amount, fitting, too_long
from afas_soap.emulator.refusals import Refused
from afas_soap.profit.updateschema import TYPES, FieldRule

TAKEN = [
    ("string", "", ""), ("string", " a ", " a "),
    ("long", "7", "7"), ("long", "-7", "-7"), ("long", "007", "7"), ("long", " 7 ", "7"),
    ("long", "9223372036854775807", "9223372036854775807"),
    ("boolean", "true", "true"), ("boolean", "TRUE", "true"), ("boolean", "0", "false"), ("boolean", "False", "false"),
    ("decimal", "1.50", "1.50"), ("decimal", "-0.5", "-0.5"), ("decimal", "12", "12"), ("decimal", "5.", "5."),
    ("date", "2023-01-22", "2023-01-22"), ("date", "2023-01-22T00:00:00", "2023-01-22T00:00:00"),
    ("date", "2022-06-30T14:47:59", "2022-06-30T14:47:59"), ("date", " 2023-01-22\n", "2023-01-22"),
    ("dateTime", "2023-01-22", "2023-01-22"),
    ("dateTime", "09:30:00", "09:30:00"), ("dateTime", "2023-01-22T10:00:00.1234567", "2023-01-22T10:00:00.1234567"),
    ("time", "10:00:00", "10:00:00"), ("time", "23:59:59.5", "23:59:59.5"),
    ("base64Binary", "aGFs\nbG8=", "aGFs\nbG8="), ("base64Binary", "", ""),
]  # fmt: skip
REFUSED = [
    ("long", "1.0"), ("long", "true"), ("long", "9223372036854775808"), ("long", "zeven"), ("long", "١"),
    ("boolean", "ja"), ("boolean", "2"), ("boolean", "-1"),
    ("decimal", "45,00"), ("decimal", "false"), ("decimal", "1.234,00"), ("decimal", "1e3"), ("decimal", "."),
    ("date", "31-02-2023"), ("date", "2023-02-31"), ("date", "2023-1-2"), ("date", "10:00:00"), ("date", "20230122"),
    ("dateTime", "2023-01-22T25:00:00"), ("dateTime", "25:00"), ("dateTime", "9:30"), ("time", "half tien"),
    ("date", "2023-01-22T10:00:00Z"), ("date", "2023-01-22Z"), ("dateTime", "2023-01-22T10:00:00.000Z"),
    ("dateTime", "2023-01-22T10:00:00+01:00"), ("dateTime", "2023-01-22 10:00:00"), ("dateTime", "2023-01-22T10:00"),
    ("dateTime", "2023-01-22T24:00:00"), ("time", "10:00"), ("time", "10:00:00Z"), ("time", "1900-01-01T10:00:00"),
    ("base64Binary", "a"), ("base64Binary", "é==="),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "kept"), TAKEN)
def test_taken(kind: str, text: str, kept: str) -> None:
    assert fitting(text, FieldRule("X", kind), strict=True) == kept


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_refused(kind: str, text: str) -> None:
    assert fitting(text, FieldRule("X", kind), strict=False) is None


def test_every_type_is_known() -> None:
    assert {kind for kind, *_ in TAKEN} == set(TYPES)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("12345678.90", True), ("1.5000", True), ("00012345678.9", True), ("123456789", False), ("1.555", False)],
)
def test_digits_count_where_they_are_known(text: str, fits: bool) -> None:
    rule = FieldRule("X", "decimal", total_digits=10, fraction_digits=2)
    assert (fitting(text, rule, strict=True) is not None) is fits
    assert fitting(text, rule, strict=False) == text


def test_only_texts_are_too_long() -> None:
    assert too_long("abc", FieldRule("X", max_length=2))
    assert not too_long("é☕", FieldRule("X", max_length=2))
    assert not too_long("abc", FieldRule("X"))
    assert not too_long("123", FieldRule("X", "long", max_length=2))


def test_amounts_to_reckon_with() -> None:
    assert (amount("1.50"), amount("")) == (Decimal("1.50"), Decimal(0))
    with pytest.raises(Refused, match="Type mismatch"):
        amount("een euro")
