"""What a value is kept as, and the limits of its rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.emulator.booking.kinds import amount, fitting, too_long
from afas_soap.emulator.refusals import Refused
from afas_soap.profit.schemas.updateschema import FieldRule


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("string", " a ", " a "),
        ("long", " 007 ", "7"),
        ("boolean", "TRUE", "true"),
        ("decimal", "1.50", "1.50"),
        ("date", " 2023-01-22T00:00:00", "2023-01-22T00:00:00"),
        ("base64Binary", "aGFs\nbG8=", "aGFs\nbG8="),
        ("long", "1.0", None),
        ("boolean", "ja", None),
        ("decimal", ".5", None),
        ("decimal", "9" * 29, None),
        ("date", "2023-02-31", None),
        ("base64Binary", "aGFsbG8", None),
    ],
)
def test_kept(kind: str, text: str, kept: str | None) -> None:
    for strict in (False, True):
        assert fitting(text, FieldRule("X", kind), strict=strict) == kept


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("12345678.90", True),
        ("1.5000", True),
        ("00012345678.9", True),
        ("1234567890", True),
        ("123456789.01", False),
        ("12345678901", False),
        ("1.555", False),
    ],
)
def test_digits_count_where_they_are_known(text: str, fits: bool) -> None:
    rule = FieldRule("X", "decimal", total_digits=10, fraction_digits=2)
    assert (fitting(text, rule, strict=True) is not None) is fits
    assert fitting(text, rule, strict=False) == text


def test_decimals_alone_may_be_known() -> None:
    rule = FieldRule("X", "decimal", fraction_digits=2)
    assert fitting("1.50", rule, strict=True) == "1.50"
    assert fitting("1.555", rule, strict=True) is None
    assert fitting("1.555", FieldRule("X", "decimal"), strict=True) == "1.555"


def test_only_texts_are_too_long() -> None:
    assert too_long("abc", FieldRule("X", max_length=2))
    assert not too_long("é☕", FieldRule("X", max_length=2))
    assert not too_long("abc", FieldRule("X"))
    assert not too_long("123", FieldRule("X", "long", max_length=2))


def test_amounts_to_reckon_with() -> None:
    assert (amount("1.50"), amount("")) == (Decimal("1.50"), Decimal(0))
    with pytest.raises(Refused, match="Type mismatch"):
        amount("een euro")
