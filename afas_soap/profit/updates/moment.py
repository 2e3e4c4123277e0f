"""A date, a date-time or a time as the text of an update.

Sources: profit-wire 3.5 (the forms), 3.3 (the Z behind REST's times is to be ignored) and 2.1 (a filter with a Z is
refused). What Profit makes of a zone in an update is not known, and if it lets go of it, as of its own Z, midnight of
29 February as JavaScript spells it (``2024-02-28T23:00:00.000Z``) is booked a day early: here a zone is an error.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

MOMENTS = ("date", "dateTime", "time")
"""The XSD types of a field that this is about."""

# With four digits of a year, a T, and seconds, of which .NET and SQL Server know seven decimals at most.
_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?"
_FORM = re.compile(rf"(?P<day>{_DAY})(?:T(?P<clock>{_CLOCK}))?|{_CLOCK}", re.ASCII)
_ZONE = re.compile(
    r"(?:\d-\d\d-\d\d|:\d\d(?:[.,]\d{1,9})?) ?(?:Z|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?|UTC|GMT|CES?T)(?: ?[\[(].*)?\Z",
    re.ASCII | re.IGNORECASE,
)
_HOUR_24 = re.compile(rf"{_DAY}T24:00:00(?:\.0+)?", re.ASCII)
# A longer text is no date or time, and is not searched for a zone.
_LONGEST = 100
# What XML lets stand around a value.
_BLANK = " \t\r\n"

_TAKEN: Mapping[str, tuple[str, ...]] = {"date": ("date", "dateTime"), "dateTime": MOMENTS, "time": ("time",)}


def form(text: str) -> str:
    """Which of ``MOMENTS`` a text is the form of, that exists and has no zone; "" for none."""
    text = text.strip(_BLANK)
    match = _FORM.fullmatch(text)
    if match is None:
        return ""
    if match["day"] is None:
        return "time"
    try:
        datetime.date.fromisoformat(match["day"])
    except ValueError:
        return ""
    return "date" if match["clock"] is None else "dateTime"


def moment_fault(text: str, declared: str) -> tuple[str, str] | None:
    """The rule that a text breaks in a field of this type, and a sentence, "" where the type says it all.

    ``declared`` is one of ``MOMENTS``, "" for metainfo's ``date``, which may be any of them. A date where a date-time
    belongs is its midnight, and AFAS' own examples have a date-time where a date belongs and times where AFAS declares
    date-times: over REST nobody can tell them apart, so over SOAP they are taken as well.
    """
    if form(text) in _TAKEN.get(declared, MOMENTS):
        return None
    text = text.strip(_BLANK)
    if len(text) <= _LONGEST and _ZONE.search(text) is not None:
        return "zone", _NO_ZONE
    return "wrong-type", _NO_HOUR_24 if _HOUR_24.fullmatch(text) is not None else ""


def moment_doubt(text: str, declared: str) -> tuple[str, str] | None:
    """The rule and the sentence of a doubt about a text in which ``moment_fault`` finds none."""
    if text.strip(_BLANK).startswith(_NO_DAY):
        return "no-date", _NO_DATE
    return ("time-alone", _TIME_ALONE) if declared == "dateTime" and form(text) == "time" else None


_NO_DAY = "0001-01-01"
_NO_ZONE = (
    "a zone (Z or an offset) stands behind this date or time, and Profit knows none: even AFAS' own Z is no UTC, and "
    "another day or hour might be booked. Give Amsterdam time without a zone, such as 2024-02-29T00:00:00, or from "
    "Python a datetime with its zone."
)
_NO_HOUR_24 = "hour 24 stands here, which not every reader takes: midnight is T00:00:00 of the next day."
_NO_DATE = "1 January of the year 1 is how .NET spells a date that was never set: leave the field out, or clear it."
_TIME_ALONE = "a time alone stands here, where a date and time belongs, and the day is not told: give both."
