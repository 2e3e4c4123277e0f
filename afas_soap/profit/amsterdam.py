"""Amsterdam time, which Profit means by every time, whether a Z stands behind it or not (profit-wire 3.3).

What time-zone data do not agree about is the same on every machine here, and no midnight moves to the day before.
"""

from __future__ import annotations

import bisect
import datetime
import zoneinfo

_KEY = "Europe/Amsterdam"
# Time-zone data agree about Amsterdam from here on. Before, PyPI's tzdata has the offsets of Brussels, and Debian's
# those of Amsterdam: with seconds until 1937, and whole hours since 16 May 1940, which changed at these moments (UTC).
_AGREED = 1947
_CHANGES = (
    datetime.datetime(1940, 5, 15, 23, 40),
    datetime.datetime(1942, 11, 2, 1),
    datetime.datetime(1943, 3, 29, 1),
    datetime.datetime(1943, 10, 4, 1),
    datetime.datetime(1944, 4, 3, 1),
    datetime.datetime(1944, 10, 2, 1),
    datetime.datetime(1945, 4, 2, 1),
    datetime.datetime(1945, 9, 16, 1),
)
_SUMMER, _WINTER = datetime.timedelta(hours=2), datetime.timedelta(hours=1)
_OFFSETS = (_SUMMER, _WINTER) * 4
# As the clock shows them: the hour that comes twice is the first one, as that of later years.
_CLOCKS = tuple(change + _SUMMER for change in _CHANGES)


def zone() -> zoneinfo.ZoneInfo:
    """The zone that Profit means by every time."""
    return zoneinfo.ZoneInfo(_KEY)


def in_amsterdam(value: datetime.datetime) -> datetime.datetime:
    """What the clock in Amsterdam shows then, without a zone; a time without one is Amsterdam's already.

    The same on every machine: before 16 May 1940 the clock is two hours ahead of UTC, so that midnight stays on its
    day, whatever time-zone data it was made with. Raises ``OverflowError`` outside the years 1 to 9999.
    """
    if value.utcoffset() is None or _is_amsterdam(value):
        return value.replace(tzinfo=None)
    return _clock(value, before=_SUMMER)


def clock_of(moment: datetime.datetime) -> datetime.datetime:
    """What the clock shows at a moment that ``iso`` wrote, with whichever offset it is told since; without a zone.

    Raises ``OverflowError`` outside the years 1 to 9999.
    """
    return _clock(moment, before=datetime.timedelta())


def _clock(moment: datetime.datetime, *, before: datetime.timedelta) -> datetime.datetime:
    utc = moment.astimezone(datetime.UTC)
    if utc.year >= _AGREED:
        return utc.astimezone(zone()).replace(tzinfo=None)
    utc = utc.replace(tzinfo=None)
    return utc + _offset(utc, _CHANGES, before=before)


def iso(value: datetime.datetime) -> str:
    """ISO 8601: ``2024-02-01T10:00:00``, with the offset where there is a zone; Amsterdam's is that of ``offset``."""
    if value.tzinfo is not None and value.year < _AGREED and _is_amsterdam(value):
        value = value.replace(tzinfo=datetime.timezone(offset(value.replace(tzinfo=None))))
    return value.isoformat()


def offset(clock: datetime.datetime) -> datetime.timedelta:
    """What is written behind a time that Amsterdam's clock shows, and that has no zone: the same on every machine.

    Before 16 May 1940 it is none: an offset with seconds, as Amsterdam had, is no offset for XML Schema, .NET, pandas
    or JavaScript, and a midnight that a reader turns into local time stays on its day, whatever time-zone data it has.
    """
    if clock.year < _AGREED:
        return _offset(clock, _CLOCKS, before=datetime.timedelta())
    found = clock.replace(tzinfo=zone()).utcoffset()
    assert found is not None, "the zone has one"
    return found


def _offset(
    moment: datetime.datetime, changes: tuple[datetime.datetime, ...], *, before: datetime.timedelta
) -> datetime.timedelta:
    return (before, *_OFFSETS)[bisect.bisect_right(changes, moment)]


def _is_amsterdam(value: datetime.datetime) -> bool:
    return getattr(value.tzinfo, "key", "") == _KEY
