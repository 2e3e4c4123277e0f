"""Date-times with an offset behind them, as ``--aware`` and .NET write them, back to the clock in Amsterdam.

The wire knows no offsets (profit-wire 3.3: every time on it is Amsterdam's), files do. Amsterdam's own offset says
nothing new, and the clock counts. Any other says one of two things: the moment it names, or nothing at all, because a
.NET ``DataSet`` adds its machine's offset to a time that has none. Only the schema of a file tells which.
"""

from __future__ import annotations

import datetime
import re

from afas_soap.profit.amsterdam import clock_of, offset, zone

_OFFSET = re.compile(
    r"(\d{4}-\d\d-\d\d)(T(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,6})?)?\d{0,3}([+-]\d\d:[0-5]\d(?::[0-5]\d)?)", re.ASCII
)
_HOUR = datetime.timedelta(hours=1)
_MIDNIGHT = datetime.time()
# Of earlier years other programs think otherwise: Windows knows today's summer time alone, and before 1941 time-zone
# data have 20 minutes, or the time of Berlin or London.
_AGREED, _BERLIN_TIME = 1996, 1941


class ForeignOffset(ValueError):  # noqa: N818 - a reason as every reader gives one
    """The offset is not Amsterdam's."""

    def __init__(self) -> None:
        super().__init__(
            "has an offset that is not Amsterdam's then, so that its clock or its moment may be meant (a DataSet adds "
            "its machine's); typed=False gives the text"
        )


def has_offset(text: str) -> bool:
    """Whether this is a date-time, or a date, with an offset such as ``+01:00``."""
    return _OFFSET.fullmatch(text) is not None


def clock(text: str) -> datetime.datetime:
    """What the clock in Amsterdam shows, where that is what the text says.

    Before 1996 an offset that somebody else may take for Amsterdam's is as good, where the clock or the moment is a
    midnight: nearly all such date-times are dates. Raises ``ForeignOffset`` for any other, and ``ValueError`` for what
    has none or is no date-time.
    """
    value, found = _parsed(text)
    shown = value.replace(tzinfo=None)
    if _is_own(shown, found):
        return shown
    if _is_taken_for_own(shown.year, found):
        meant = shown if shown.time() == _MIDNIGHT else clock_of(value)
        if meant.time() == _MIDNIGHT:
            return meant
    raise ForeignOffset


def moment_clock(text: str) -> datetime.datetime:
    """What the clock in Amsterdam shows at the moment that the text names. No offset is foreign; other errors as
    ``clock``.

    Of Amsterdam's own offsets the clock counts: it also stands in the hour that is left out in the spring.
    """
    value, found = _parsed(text)
    shown = value.replace(tzinfo=None)
    # As ``amsterdam.iso`` wrote it.
    return shown if found == offset(shown) else clock_of(value)


def _parsed(text: str) -> tuple[datetime.datetime, datetime.timedelta]:
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ValueError
    value = datetime.datetime.fromisoformat(f"{match[1]}{match[2] or 'T00:00:00'}{match[3]}")
    found = value.utcoffset()
    assert found is not None, "it was parsed with one"
    return value, found


def _is_own(shown: datetime.datetime, found: datetime.timedelta) -> bool:
    """Whether that is Amsterdam's offset when its clock shows this."""
    # Of the hour that comes twice, and of the one that never comes, both are.
    second = shown.replace(tzinfo=zone(), fold=1).utcoffset() if shown.year >= _AGREED else None
    return found in (offset(shown), second)


def _is_taken_for_own(year: int, found: datetime.timedelta) -> bool:
    """Whether other programs may write it behind a time of that year in Amsterdam."""
    if year < _BERLIN_TIME:
        return datetime.timedelta() <= found <= 2 * _HOUR
    return year < _AGREED and found in (_HOUR, 2 * _HOUR)
