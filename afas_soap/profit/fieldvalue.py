"""One value of an update: what may stand in a field, how it is spelt, and what can be said of it without showing it.

Values on the wire are text or native JSON, both of which AFAS takes (profit-wire 3.5): dates ``2023-01-22``, date-times
``2023-01-22T10:00:00``, times ``10:00:00``, decimals with a point, booleans ``true`` and ``false``.
"""

from __future__ import annotations

import base64
import datetime
import math
import re
import zoneinfo
from collections.abc import Callable, Mapping
from decimal import Decimal

FieldValue = str | int | float | Decimal | bool | datetime.date | datetime.datetime | datetime.time | bytes | None
"""What a field may hold. None, "" and b"" are the same: the field is cleared."""

# Everything that XML's Char production leaves out: control characters, halves of surrogate pairs, two non-characters.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def field_text(value: FieldValue) -> str | None:
    """The text of a value that ``fault`` finds none in; None for a field that is cleared.

    Decimals keep the digits they have, a float the shortest ones that mean it; a date-time with a zone becomes
    Amsterdam time, which is what Profit means by every time (profit-wire 3.3); bytes become base64.
    """
    if isinstance(value, str):
        return value or None
    return None if value is None or value == b"" else _SPELLINGS[type(value)](value)


def _spell_datetime(value: datetime.datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(zoneinfo.ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None)
    return value.isoformat()


_SPELLINGS: Mapping[type, Callable[..., str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    float: lambda value: format(Decimal(repr(value)), "f"),
    Decimal: lambda value: format(value, "f"),
    datetime.datetime: _spell_datetime,
    datetime.date: datetime.date.isoformat,
    datetime.time: lambda value: value.replace(tzinfo=None).isoformat(),
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
}


def fault(value: object) -> tuple[str, str] | None:
    """The rule that a value breaks, and a sentence; None when it can be sent."""
    if value is None or type(value) in (bool, datetime.date, datetime.datetime, datetime.time, bytes):
        return None
    if isinstance(value, str):
        found = _UNFIT.search(value)
        if found is None:
            return None
        return "character", (
            f"character {found.start() + 1} is U+{ord(found[0]):04X}, which XML cannot carry: take it out."
        )
    if type(value) is int:
        # Longer than any number of Profit's, and than what Python turns into text.
        return None if abs(value) < 10**1000 else ("wrong-type", "a number of over 1,000 digits is none of Profit's.")
    if type(value) is float or isinstance(value, Decimal):
        return (
            None if math.isfinite(value) else ("not-a-number", "NaN and infinity are no numbers: leave the field out.")
        )
    return "wrong-type", (
        f"{_a(type(value).__name__)} is no value of a field: give text, a number, a boolean, a date, a time or bytes."
    )


def value_kind(value: FieldValue) -> str:
    """What a value is, without showing it: ``text of 300 characters``, ``whole number``, ``nothing``."""
    if isinstance(value, str) and value:
        return f"text of {len(value):,} character{'s' if len(value) != 1 else ''}"
    if isinstance(value, bytes) and value:
        return f"{len(value):,} bytes"
    return "nothing" if value in (None, "", b"") else _KINDS[type(value)]


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
