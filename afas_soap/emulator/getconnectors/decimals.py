"""An order-preserving encoding of decimals: texts that sort as numbers, for SQLite to compare amounts exactly.

SQLite's own numbers are floats beyond 64 bits, and an amount of Profit has up to 26 digits. A key is a sign, how many
digits stand before the point, and the digits; those of negative numbers are turned round.
"""

from __future__ import annotations

import re

# Room for the exponent on both sides. Profit itself ends at 28 digits.
_MIDDLE = 5000
LONGEST = 4000
"""More characters than this are no decimal here."""

_ZERO = "1"
_TURNED = str.maketrans("0123456789", "9876543210")
# Higher than any digit: of two negative numbers of which one continues the other, the longer is the lower.
_END = "~"
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)


def is_decimal(text: str) -> bool:
    """Whether ``text`` is digits with at most one point and one sign, and of a length that ``sort_key`` takes."""
    return len(text) <= LONGEST and _PLAIN.fullmatch(text) is not None


def sort_key(text: str) -> str:
    """The key of plain digits such as ``-1234.50``: equal for equal numbers, and in the order of the numbers."""
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole = whole.lstrip("0")
    if whole:
        exponent, digits = len(whole), (whole + fraction).rstrip("0")
    else:
        digits = fraction.lstrip("0")
        exponent, digits = len(digits) - len(fraction), digits.rstrip("0")
    if not digits:
        return _ZERO
    key = f"{_MIDDLE + exponent}{digits}"
    return "0" + key.translate(_TURNED) + _END if text[0] == "-" else "2" + key
