"""Values of other libraries as Python's own: numpy's scalars, pandas' ``Timestamp``, date-times derived from Python's.

They are known by what they are derived from, so that no library is imported for them.
"""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

_OWN = frozenset((str, int, float, bool, bytes, Decimal, type(None), datetime.datetime, datetime.date, datetime.time))
# pandas' NaT is a date-time, its NA nothing at all; numpy's masked is an array, and 0.0 to whoever asks for its item.
_MISSING = frozenset(("NaTType", "NAType", "MaskedConstant"))


def native(value: object) -> object:
    """The value of a built-in type that ``value`` stands for; ``value`` itself where it stands for none.

    A number of numpy's keeps its digits: a float of less than double precision becomes the one with the same shortest
    digits. What another library has for a missing value (``NaT``, ``NA``, ``masked``) becomes NaN, which is refused
    wherever a value is wanted: it is not known whether it means to clear a field or to leave it alone.
    """
    kind: type = type(value)
    return value if kind in _OWN else _turner(kind)(value)


@functools.lru_cache(maxsize=256)
def _turner(kind: type) -> Callable[[Any], object]:
    if kind.__name__ in _MISSING:
        return lambda _missing: math.nan
    if any((base.__module__, base.__name__) == ("numpy", "generic") for base in kind.__mro__):
        return _scalar
    return next((turn for derived_from, turn in _DERIVED if issubclass(kind, derived_from)), _as_it_is)


def _as_it_is(value: object) -> object:
    return value


def _scalar(value: Any) -> object:
    kind = value.dtype.kind
    if kind in "biuSU":
        return value.item()
    if kind == "f":
        # Not item(): the double next to float32's 0.1 is 0.10000000149011612.
        return float(str(value))
    return _moment(value) if kind == "M" else value


def _moment(value: Any) -> object:
    """numpy's ``datetime64``: a date where its unit is a day or more, a date-time to the microsecond otherwise."""
    found = value.item()
    if isinstance(found, int):  # of a unit below that, or in a year that Python does not know
        found = value.astype("datetime64[us]").item()
    if found is None:
        return math.nan
    return value if isinstance(found, int) else found


def _datetime(value: datetime.datetime) -> object:
    try:
        date = datetime.date(value.year, value.month, value.day)
        time = datetime.time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold)
    except ValueError:  # pandas goes on behind the year 9999
        return value
    return datetime.datetime.combine(date, time)


_DERIVED: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (datetime.datetime, _datetime),
    (datetime.date, lambda value: datetime.date(value.year, value.month, value.day)),
)
