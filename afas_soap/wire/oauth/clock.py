"""Our clock against the server's, of which the ``Date`` header of its answers tells.

Client assertions and DPoP proofs carry a time, which AFAS compares with its own (``limits.CLOCK_SKEW``).
"""

from __future__ import annotations

import email.utils
import logging
import time
from collections.abc import Callable

from afas_soap.limits import CLOCK_SKEW

_LOG = logging.getLogger("afas_soap.wire")

AGAIN = 5
"""How often a request that was refused for its time, or for a nonce, is signed anew: of calls at once each answer may
tell another one, a late one also the time from before the clock was set."""

Now = Callable[[], float]


class Clock:
    """Seconds since 1970, by our own clock and as the server sees them."""

    def __init__(self, now: Now = time.time) -> None:
        self.now = now
        self._off = 0.0

    def hear(self, date: str | None) -> bool:
        """Take the ``Date`` of an answer; whether it tells that what was sent before it carried a wrong time."""
        try:
            theirs = email.utils.parsedate_to_datetime(date or "").timestamp()
        except (TypeError, ValueError, OverflowError):
            return False
        difference = theirs - self.now()
        off = difference if abs(difference) > CLOCK_SKEW else 0.0
        changed = abs(off - self._off) > CLOCK_SKEW
        if changed:
            self._off = off
            if off:
                _LOG.warning("%s", self.complaint())
        return changed

    def is_wrong(self, issued: int) -> bool:
        """Whether ``issued`` is another time than theirs of now. ``hear`` does not tell: of several threads that sent a
        wrong time, only one hears of it first."""
        return abs(self.theirs() - issued) > CLOCK_SKEW

    def theirs(self) -> int:
        """The time as the server sees it, in whole seconds."""
        return int(self.now() + self._off)

    def complaint(self) -> str:
        """A sentence about a clock that is off; empty when it is right."""
        if not self._off:
            return ""
        way = "slow" if self._off > 0 else "fast"
        off = round(abs(self._off), -1)
        rule = f"which allows {CLOCK_SKEW:.0f}: set it right."
        return f"This machine's clock is about {off:.0f} seconds {way} by the server's, {rule}"
