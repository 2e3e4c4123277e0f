"""Which rows a skip and a take mean: the oddities of both protocols (profit-wire 2.3 and 3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from afas_soap.emulator.refusals import UNEXPECTED, Refused

OPTIONS_CAP = 1000
"""The largest ``Take`` inside the options; the ``take`` parameter has no such cap."""

REST_TAKE = 100
"""What REST takes when nothing is said."""


@dataclass(frozen=True, slots=True)
class Window:
    """``skip`` and ``take`` are both 0 or more, or both -1 for everything."""

    skip: int
    take: int


EVERYTHING = Window(-1, -1)


def over_soap(skip: int, take: int, option_skip: int | None = None, option_take: int | None = None) -> Window:
    """The window of a SOAP call; 0 is also what ASP.NET makes of a parameter that was left out.

    The parameters win over the options, so an option counts where its parameter is 0 (inferred: ASP.NET cannot tell a 0
    from a parameter left out, and the options do work).
    """
    skip = skip or option_skip or 0
    take = take or min(option_take or 0, OPTIONS_CAP)
    if skip < -1:
        skip = 0 if take else -1
    return _window(skip, take)


def over_rest(skip: int | None, take: int | None) -> Window:
    """The window of a GET. ``take=0`` gives one row, as measured in 2017 (profit-wire 10, conflict 13).

    That -1 for skip alone gives everything, and less than -1 what it gives over SOAP, is inferred from SOAP.
    """
    if skip is None:
        skip = 0
    if skip < -1:
        skip = -1 if take is None else 0
    if take is None:
        take = REST_TAKE
    return _window(skip, take or 1)


def _window(skip: int, take: int) -> Window:
    if skip == -1:
        return EVERYTHING
    if take < 0:
        raise Refused(UNEXPECTED)
    return Window(skip, take)
