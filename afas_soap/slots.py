"""At most five calls at once: what AFAS allows (profit-wire 2.6; another of its pages says eight)."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from afas_soap.errors import QueryError

MOST = 5
"""Calls at once."""

# As long as a call may be silent (the default read_timeout): who waits longer waits for rows that nobody reads.
PATIENCE = 960.0


class Slots:
    """``one()`` is a slot for one call, from its question to the end of its answer.

    A thread that finds them all taken waits for the calls of other threads, never for its own: a read within the loop
    over another read goes on at once, so that no thread can wait for itself. Raises ``QueryError`` after ``patience``
    seconds, when rows that were begun elsewhere are neither read to their end nor closed.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._most = most
        self._patience = patience
        self._open = Counter[int]()
        self._ended = threading.Condition()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot. It belongs to the thread that took it, whichever thread gives it back."""
        thread = threading.get_ident()
        with self._ended:
            if not self._ended.wait_for(lambda: self._may(thread), self._patience):
                raise QueryError(
                    f"{self._most} calls are open, which is the most that AFAS allows at once, and none of them ended "
                    f"within {self._patience:g} s: read rows to their end, or close them (with ... as rows)."
                )
            self._open[thread] += 1
        try:
            yield
        finally:
            with self._ended:
                self._open[thread] -= 1
                self._open += Counter()  # forgets threads at zero
                self._ended.notify_all()

    def _may(self, thread: int) -> bool:
        return self._open[thread] > 0 or self._open.total() < self._most
