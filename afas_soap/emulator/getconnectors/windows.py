"""Offset pagination: which rows a skip and a take mean, with both protocols' oddities (profit-wire 2.3, 3.2, 15.10)."""

from __future__ import annotations

import re
import urllib.parse

from afas_soap.emulator.refusals import UNEXPECTED, Refused
from afas_soap.limits import REST_TAKE
from afas_soap.profit.questions import window
from afas_soap.profit.questions.window import EVERYTHING, Window


def over_soap(skip: int, take: int, option_skip: int | None = None, option_take: int | None = None) -> Window:
    """The window of a SOAP call; 0 is also what ASP.NET makes of a parameter that was left out."""
    return _refused_if_negative(window.over_soap(skip, take, option_skip, option_take))


def over_rest(skip: int | None, take: int | None) -> Window:
    """The window of a GET. ``take=0`` gives one row, as measured in 2017 (profit-wire 10, conflict 13).

    A skip below -1 counts as 0, and with -1 the take is not looked at (15.10).
    """
    if skip is None or skip < -1:
        skip = 0
    if take is None:
        take = REST_TAKE
    return EVERYTHING if skip == EVERYTHING.skip else _refused_if_negative(Window(skip, take or 1))


_WHOLE_NUMBER = re.compile(r"\s*[+-]?[0-9]+\s*")
_SKIP_OPTION = re.compile(r"(<skip\s*>)([^<]*)(</skip\s*>)", re.IGNORECASE)


def with_whole_skip(query_string: str) -> str:
    """The query string of a GET in which a skip that is no number is the 0 that it counts as (profit-wire 15.10)."""
    pairs = (pair.partition("=") for pair in query_string.split("&"))
    return "&".join(
        "skip=0" if name.lower() == "skip" and not _is_whole(urllib.parse.unquote_plus(value)) else name + sign + value
        for name, sign, value in pairs
    )


def with_whole_skip_option(options: str) -> str:
    """The options of a SOAP call in which a Skip that is no number is one below -1, as which it counts (profit-wire
    15.10)."""
    return _SKIP_OPTION.sub(lambda found: found[0] if _is_whole(found[2]) else f"{found[1]}-2{found[3]}", options)


def _is_whole(text: str) -> bool:
    return _WHOLE_NUMBER.fullmatch(text) is not None


def _refused_if_negative(asked: Window) -> Window:
    if asked.take < 0 and asked != EVERYTHING:
        raise Refused(UNEXPECTED)
    return asked
