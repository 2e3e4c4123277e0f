"""A fake clock, one that can be turned: for tests of what happens in an hour, or in thirty days."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since 1970, as ``time.time`` gives them."""


class TurnedClock:
    """The system's clock, put forward or back. Call it for the time."""

    def __init__(self, ahead: float = 0.0) -> None:
        self._ahead = ahead

    def __call__(self) -> float:
        return time.time() + self._ahead

    def turn(self, seconds: float) -> None:
        """Put it forward by ``seconds``; back when they are less than 0."""
        self._ahead += seconds
