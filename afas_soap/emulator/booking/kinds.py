"""Data types: what a value is kept as, and what of its rule it breaks (digits of a number, length of a text).

Which texts are a value of a type at all is told by ``profit.schemas.lexical``, which the client's check asks as well.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal

from afas_soap.emulator.refusals import TYPE_MISMATCH, Refused
from afas_soap.profit.schemas.lexical import canonical
from afas_soap.profit.schemas.updateschema import FieldRule

EXACTLY = Context(prec=5000)
"""Sums and products of the widest numbers, and whatever is shown of them: Python's own context has 28 digits in all."""

# How many digits of a number count, before the point and behind it; the widest numbers of AFAS' schemas have 28 digits.
_RECKONED = re.compile(r"[+-]?(?P<whole>[0-9]{1,28})(?:\.(?P<fraction>[0-9]{0,28}))?", re.ASCII)


def fitting(text: str, rule: FieldRule, *, strict: bool) -> str | None:
    """The value as it is kept; None when it is none of the type of ``rule``.

    The number of digits counts where ``strict`` says that the rule is known so well.
    """
    found = canonical(text, rule.type)
    if found is None or rule.type != "decimal":
        return found
    match = _RECKONED.fullmatch(found)
    return found if match is not None and not (strict and _breaks(match, rule)) else None


def too_long(text: str, rule: FieldRule) -> bool:
    """Whether a text has more characters than its field takes."""
    return rule.type == "string" and 0 < rule.max_length < len(text)


def amount(text: str) -> Decimal:
    """A number to reckon with, 0 for none. Raises ``Refused`` for a text that is none, which a schema may have let
    pass."""
    if text and not _RECKONED.fullmatch(text):
        raise Refused(TYPE_MISMATCH)
    return Decimal(text or "0")


def _breaks(match: re.Match[str], rule: FieldRule) -> bool:
    """Whether a number has more digits, or decimals, than its rule allows: as XML Schema counts them, in all and
    without the zeros at either end."""
    whole, fraction = match["whole"].lstrip("0"), (match["fraction"] or "").rstrip("0")
    if rule.total_digits and len(whole) + len(fraction) > rule.total_digits:
        return True
    return bool(rule.total_digits or rule.fraction_digits) and len(fraction) > rule.fraction_digits
