"""Limit and offset (take and skip): which rows they mean over SOAP, where 0 and -1 mean something of their own.

Source: profit-wire 2.3. A take of 0 gives no rows, and a skip of -1 everything whatever the take is. A skip below -1 is
0, or everything where there is no take either. A negative take beside any other skip means nothing: Profit refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass

from afas_soap.limits import OPTIONS_TAKE


@dataclass(frozen=True, slots=True)
class Window:
    """``skip`` and ``take`` are both 0 or more, or both -1 for everything. A take below 0 with another skip is an error
    that is Profit's to tell."""

    skip: int
    take: int

    @property
    def asks_for_rows(self) -> bool:
        """Whether it may give any."""
        return self.take != 0


EVERYTHING = Window(-1, -1)
"""What AFAS documents as "get all"."""


def over_soap(skip: int, take: int, option_skip: int | None = None, option_take: int | None = None) -> Window:
    """The window of a SOAP call with these parameters, and ``Skip`` and ``Take`` in its options.

    The parameters win over the options, so an option counts where its parameter is 0 (inferred: ASP.NET makes a 0 of a
    parameter left out and cannot tell them apart, and the options do work).
    """
    skip = skip or option_skip or 0
    take = take or min(option_take or 0, OPTIONS_TAKE)
    if skip < EVERYTHING.skip:
        skip = 0 if take else EVERYTHING.skip
    return EVERYTHING if skip == EVERYTHING.skip else Window(skip, take)
