"""What a value of each type may look like, as AFAS' own examples send them.

Sources: profit-wire 3.5 and 4.1, and the examples of AFAS' OpenAPI files, some of which have a date with a time where a
date belongs, and a time alone where a date-time does. Whether Profit takes other forms is not known: they are refused,
a date or time with a zone among them.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from afas_soap.emulator.refusals import TYPE_MISMATCH, Refused
from afas_soap.profit.moment import moment_fault
from afas_soap.profit.updateschema import FieldRule

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?P<whole>[0-9]{1,28})(?:\.(?P<fraction>[0-9]{0,28}))?", re.ASCII)
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}
_MOST = 2**63


def fitting(text: str, rule: FieldRule, *, strict: bool) -> str | None:
    """The value as it is kept; None when it is none of the type of ``rule``.

    The number of decimals counts where ``strict`` says that the rule is known so well.
    """
    found = _READERS.get(rule.type, _text)(text)
    if found is None or not strict or rule.type != "decimal":
        return found
    return found if _digits_fit(found, rule) else None


def too_long(text: str, rule: FieldRule) -> bool:
    """Whether a text has more characters than its field takes."""
    return rule.type == "string" and 0 < rule.max_length < len(text)


def amount(text: str) -> Decimal:
    """A number to reckon with, 0 for none. Raises ``Refused`` for a text that is none, which a schema may have let
    pass."""
    if text and not _DECIMAL.fullmatch(text):
        raise Refused(TYPE_MISMATCH)
    return Decimal(text or "0")


def _digits_fit(text: str, rule: FieldRule) -> bool:
    match = _DECIMAL.fullmatch(text)
    assert match is not None
    whole, fraction = match["whole"].lstrip("0"), (match["fraction"] or "").rstrip("0")
    if rule.total_digits and len(whole) > rule.total_digits - rule.fraction_digits:
        return False
    return not rule.total_digits or len(fraction) <= rule.fraction_digits


def _text(text: str) -> str | None:
    return text


def _whole_number(text: str) -> str | None:
    text = text.strip()
    return str(int(text)) if _WHOLE.fullmatch(text) and -_MOST <= int(text) < _MOST else None


def _decimal(text: str) -> str | None:
    text = text.strip()
    return text if _DECIMAL.fullmatch(text) else None


def _boolean(text: str) -> str | None:
    return _BOOLEANS.get(text.strip().lower())


def _moment(declared: str) -> Callable[[str], str | None]:
    return lambda text: text.strip() if moment_fault(text, declared) is None else None


def _base64(text: str) -> str | None:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return text


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "string": _text,
    "long": _whole_number,
    "boolean": _boolean,
    "decimal": _decimal,
    "date": _moment("date"),
    "dateTime": _moment("dateTime"),
    "time": _moment("time"),
    "base64Binary": _base64,
}
