"""Idempotency keys: a write under the same ``Tracking-Identifier`` is done once, and a repeat gets the first answer.

How long SB remembers is not known, nor what it does with another body under the same one (small-business.md 3.2).
Here it remembers for a stated time from the first answer on, failed answers too, and refuses another request.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

SECONDS = 900.0
"""How long an answer is remembered unless told otherwise: a quarter of an hour, ours."""

_Answer = TypeVar("_Answer")


class IdentifierReusedError(Exception):
    """The identifier was used before, for another request."""


@dataclass(slots=True)
class _Kept(Generic[_Answer]):
    """The first request under an identifier. ``answers`` is empty until it was answered, or when it broke off."""

    request: bytes
    done: threading.Event = field(default_factory=threading.Event)
    answers: list[_Answer] = field(default_factory=list)
    until: float = 0.0


class Memory(Generic[_Answer]):
    """The answers of one environment by identifier, for ``seconds`` by ``clock``. Safe for several threads."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept[_Answer]] = {}

    def once(self, identifier: str, request: bytes, work: Callable[[], _Answer]) -> _Answer:
        """What ``work`` gives, which is done unless it was done under this identifier. A repeat that comes while the
        first still runs waits for it. Nothing is remembered of work that raised: the next one does it.

        ``request`` is what has to be the same: verb, path and body. Raises ``IdentifierReusedError``.
        """
        while True:
            kept, is_first = self._kept_for(identifier.lower(), request)
            if is_first:
                return self._first(identifier.lower(), kept, work)
            kept.done.wait()
            if kept.answers:
                return kept.answers[0]

    def _kept_for(self, identifier: str, request: bytes) -> tuple[_Kept[_Answer], bool]:
        with self._lock:
            self._forget()
            kept = self._kept.get(identifier)
            if kept is None or self._is_over(kept):
                self._kept.pop(identifier, None)
                kept = self._kept[identifier] = _Kept(request)
                return kept, True
        if kept.request != request:
            raise IdentifierReusedError(identifier)
        return kept, False

    def _first(self, identifier: str, kept: _Kept[_Answer], work: Callable[[], _Answer]) -> _Answer:
        try:
            answer = work()
            kept.answers.append(answer)
        finally:
            with self._lock:
                kept.until = self._clock() + self._seconds
                if not kept.answers:
                    del self._kept[identifier]
            kept.done.set()
        return answer

    def _forget(self) -> None:
        """Drop what is too old, from the front: one that took long keeps those behind it a little longer."""
        for identifier, _ in list(itertools.takewhile(lambda one: self._is_over(one[1]), self._kept.items())):
            del self._kept[identifier]

    def _is_over(self, kept: _Kept[_Answer]) -> bool:
        return kept.done.is_set() and kept.until <= self._clock()
