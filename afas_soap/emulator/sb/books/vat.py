"""Value added tax: the rate of a word, the section of the return, and the lines of an invoice with it.

Sections follow the Dutch return: 1a high, 1b low, 1e nil or exempt, 3b within the EU, 2a reverse-charged to us, 5b
input tax. Which of them SB writes on which line is inferred; its words are those of small-business.md 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from afas_soap.emulator.sb.books.ledger import Line

RATES = {"high": Decimal(21), "low": Decimal(9), "special": Decimal(0), "zero": Decimal(0)}
_SALES = {"high": "Rubriek1a", "low": "Rubriek1b", "special": "Rubriek1c", "zero": "Rubriek1e"}
_NIL, _WITHIN_EU, _TO_US, _INPUT = "Rubriek1e", "Rubriek3b", "Rubriek2a", "Rubriek5b"
_UNTAXED = ("reversecharged", "exempt", "novat")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """What a line of an invoice books: on ``account`` without VAT, and the VAT beside it."""

    account: str
    excluding: Decimal
    vat: Decimal
    percentage: Decimal | None
    section: str | None
    description: str = ""

    @property
    def including(self) -> Decimal:
        """With VAT."""
        return self.excluding + self.vat


def cents(amount: Decimal) -> Decimal:
    """Rounded half up, as cash is."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def amount(excluding: Decimal, given: Decimal | None, rate: str, calculation: str) -> Decimal:
    """The VAT of a line: none where it is not charged, the amount that was given, or what the rate makes of it."""
    if calculation in _UNTAXED:
        return Decimal("0.00")
    return cents(given if given is not None else excluding * RATES.get(rate, Decimal(0)) / 100)


def split(including: Decimal, rate: str) -> tuple[Decimal, Decimal]:
    """An amount with VAT as the amount without it and the VAT."""
    vat = cents(including * RATES[rate] / (100 + RATES[rate])) if rate in RATES else Decimal("0.00")
    return including - vat, vat


def sales_section(rate: str, calculation: str, *, within_eu: bool = False) -> str | None:
    """The section of a line that is sold."""
    if within_eu:
        return _WITHIN_EU
    return _NIL if calculation in _UNTAXED else _SALES.get(rate)


def purchase_section(rate: str, calculation: str) -> str | None:
    """The section of a line that is bought."""
    if calculation == "reversecharged":
        return _TO_US
    return _INPUT if rate in ("high", "low") and not calculation else None


def invoice_lines(parts: Sequence[Part], *, control: str, vat_account: str, sign: int) -> list[Line]:
    """An invoice as lines: the relation's on ``control``, and the others against it. ``sign`` is 1 for one that is
    sold, -1 for one that is bought."""
    total = sum((part.including for part in parts), Decimal("0.00"))
    return [Line(control, sign * total), *_against(parts, vat_account, sign)]


def _against(parts: Iterable[Part], vat_account: str, sign: int) -> Iterable[Line]:
    for part in parts:
        yield Line(
            part.account,
            -sign * part.excluding,
            part.description,
            vat_percentage=part.percentage,
            vat_section=part.section,
            vat_amount=part.vat,
        )
        if part.vat:
            yield Line(vat_account, -sign * part.vat, part.description)
