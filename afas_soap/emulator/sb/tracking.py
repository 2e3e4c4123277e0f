"""Change tracking: tokens that say up to which change the rows of a connector were told. Source: small-business.md 2.1.

A token is ``yyyyMMdd`` and digits of the server's. That one of another connector or environment is refused is inferred.
Answers of SB are cached, so that the same rows may come again within minutes: for ``repeat_seconds`` they do.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.sb.answers import bad

UNKNOWN = "Ongeldig trackingtoken."
"""What is said of a token that was not given here is not known."""


@dataclass(frozen=True, slots=True)
class _Given:
    connector: str
    at: float
    change: int


class Trackers:
    """The tokens that one customer environment gave. ``numbers`` are those of all environments, so that no two give the
    same token."""

    def __init__(self, repeat_seconds: float, clock: Clock, numbers: Iterator[int] | None = None) -> None:
        self._repeat = repeat_seconds
        self._clock = clock
        self._numbers = itertools.count(1) if numbers is None else numbers
        self._lock = threading.Lock()
        self._given: dict[str, _Given] = {}

    def give(self, connector: str, change: int) -> str:
        """A token for the rows of ``connector`` up to this change."""
        now = self._clock()
        with self._lock:
            token = f"{datetime.fromtimestamp(now, UTC):%Y%m%d}{next(self._numbers):07d}"
            self._given[token] = _Given(connector, now, change)
        return token

    def since(self, connector: str, token: str) -> int:
        """The change behind which rows are told to who shows ``token``. Raises ``SbRefusedError``."""
        with self._lock:
            given = self._given.get(token)
            if given is None or given.connector != connector:
                raise bad(UNKNOWN)
            cached = [
                one.change
                for one in self._given.values()
                if one.connector == connector and given.at - self._repeat < one.at <= given.at
            ]
        return min(cached, default=given.change)
