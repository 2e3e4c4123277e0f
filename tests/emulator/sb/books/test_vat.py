"""VAT: rounded half up, split out of an amount with it, and its section of the return."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.emulator.sb.books import vat


@pytest.mark.parametrize(
    ("excluding", "given", "rate", "calculation", "charged"),
    [
        ("100.00", None, "high", "", "21.00"),
        ("0.05", None, "low", "", "0.00"),
        ("100.00", "20.99", "high", "", "20.99"),
        ("100.00", "20.99", "high", "exempt", "0"),
        ("0.50", None, "high", "", "0.11"),
        ("-0.50", None, "high", "", "-0.11"),
        ("10", None, "", "", "0"),
    ],
)
def test_the_amount(excluding: str, given: str | None, rate: str, calculation: str, charged: str) -> None:
    found = vat.amount(Decimal(excluding), Decimal(given) if given else None, rate, calculation)
    assert found == Decimal(charged)


def test_an_amount_with_vat_is_split_without_a_rest() -> None:
    assert vat.split(Decimal("121.00"), "high") == (Decimal(100), Decimal(21))
    assert vat.split(Decimal("10.00"), "") == (Decimal(10), Decimal(0))
    assert sum(vat.split(Decimal("0.07"), "low")) == Decimal("0.07")


@pytest.mark.parametrize(
    ("rate", "calculation", "within_eu", "section"),
    [
        ("high", "", False, "Rubriek1a"),
        ("low", "", False, "Rubriek1b"),
        ("zero", "", False, "Rubriek1e"),
        ("high", "reversecharged", False, "Rubriek1e"),
        ("zero", "", True, "Rubriek3b"),
        ("", "", False, None),
    ],
)
def test_the_section_of_a_sale(rate: str, calculation: str, within_eu: bool, section: str | None) -> None:
    assert vat.sales_section(rate, calculation, within_eu=within_eu) == section
