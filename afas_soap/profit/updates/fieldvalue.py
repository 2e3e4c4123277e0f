"""One value of an update: what may stand in a field, how it is spelt, and what can be said of it without showing it.

Values on the wire are text or native JSON, both of which AFAS takes (profit-wire 3.5): dates ``2023-01-22``, date-times
``2023-01-22T10:00:00``, times ``10:00:00``, decimals with a point, booleans ``true`` and ``false``.
"""

from __future__ import annotations

import base64
import datetime
import math
from collections.abc import Callable, Mapping
from decimal import Decimal

from afas_soap.profit.amsterdam import in_amsterdam
from afas_soap.profit.controls import unfit

FieldValue = str | int | float | Decimal | bool | datetime.date | datetime.datetime | datetime.time | bytes | None
"""What a field may hold. None, "" and b"" are the same: the field is cleared."""


def field_text(value: FieldValue) -> str | None:
    """The text of a value that ``fault`` finds none in; None for a field that is cleared.

    Decimals keep the digits they have, a float the shortest ones that mean it; a date-time with a zone becomes
    Amsterdam time, which is what Profit means by every time (profit-wire 3.3); bytes become base64.
    """
    if isinstance(value, str):
        return value or None
    return None if cleared(value) else _SPELLINGS[type(value)](value)


def cleared(value: object) -> bool:
    """Whether a value clears its field. Whatever else it is, it is never asked whether it equals something."""
    return value is None or (isinstance(value, str | bytes) and not value)


def _spell_datetime(value: datetime.datetime) -> str:
    return in_amsterdam(value).isoformat()


_SPELLINGS: Mapping[type, Callable[..., str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    float: lambda value: format(Decimal(repr(value)), "f"),
    Decimal: lambda value: format(value, "f"),
    datetime.datetime: _spell_datetime,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
}


def fault(value: object) -> tuple[str, str] | None:
    """The rule that a value breaks, and a sentence; None when it can be sent."""
    check = _CHECKS.get(str if isinstance(value, str) else type(value))
    if check is not None:
        return check(value)
    return "wrong-type", (
        f"{_a(type(value).__name__)} is no value of a field: give text, a number, a boolean, a date, a time or bytes."
    )


def _fine(_value: object) -> None:
    return None


def _text_fault(value: str) -> tuple[str, str] | None:
    found = unfit().search(value)
    if found is None:
        return None
    return "character", f"character {found.start() + 1} is U+{ord(found[0]):04X}, which XML cannot carry: take it out."


def _int_fault(value: int) -> tuple[str, str] | None:
    return None if abs(value) < 10**_DIGITS else _TOO_MANY_DIGITS


def _decimal_fault(value: Decimal) -> tuple[str, str] | None:
    if not value.is_finite():
        return _NOT_A_NUMBER
    # A number of a few characters, such as 1E-999999999, may be spelt with a milliard of them.
    fits = abs(value.adjusted()) < _DIGITS and len(value.as_tuple().digits) <= _DIGITS
    return None if fits else _TOO_MANY_DIGITS


def _datetime_fault(value: datetime.datetime) -> tuple[str, str] | None:
    try:
        _spell_datetime(value)
    except OverflowError:
        return "wrong-type", "in Amsterdam time this is not in the years 1 to 9999: give a date-time without a zone."
    return None


def _time_fault(value: datetime.time) -> tuple[str, str] | None:
    if value.tzinfo is None:
        return None
    return "wrong-type", "a time with a zone says nothing without a date: give Amsterdam time, without a zone."


# Longer than any number of Profit's, and shorter than what Python refuses to turn into text.
_DIGITS = 1000
_TOO_MANY_DIGITS = ("wrong-type", f"a number of over {_DIGITS:,} digits is none of Profit's.")
_NOT_A_NUMBER = (
    "not-a-number",
    "NaN, NaT and infinity are no values of Profit's: leave the field out, or give None to clear it.",
)
_CHECKS: Mapping[type, Callable[..., tuple[str, str] | None]] = {
    type(None): _fine,
    str: _text_fault,
    bool: _fine,
    int: _int_fault,
    float: lambda value: None if math.isfinite(value) else _NOT_A_NUMBER,
    Decimal: _decimal_fault,
    datetime.datetime: _datetime_fault,
    datetime.date: _fine,
    datetime.time: _time_fault,
    bytes: _fine,
}


def value_kind(value: FieldValue) -> str:
    """What a value is, without showing it: ``text of 300 characters``, ``whole number``, ``nothing``."""
    if isinstance(value, str) and value:
        return f"text of {len(value):,} character{'s' if len(value) != 1 else ''}"
    if isinstance(value, bytes) and value:
        return f"{len(value):,} bytes"
    return "nothing" if cleared(value) else _KINDS[type(value)]


_KINDS: Mapping[type, str] = {
    bool: "boolean",
    int: "whole number",
    float: "decimal",
    Decimal: "decimal",
    datetime.datetime: "date-time",
    datetime.date: "date",
    datetime.time: "time",
}


def _a(name: str) -> str:
    return f"an {name}" if name[:1] in "aeiou" else f"a {name}"
