"""At most five calls at once: what AFAS allows (profit-wire 2.6; another of its pages says eight)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from afas_soap.errors import QueryError
from afas_soap.limits import CALL_SECONDS, CALLS_AT_ONCE

MOST = CALLS_AT_ONCE
"""Calls at once."""

# As long as a call may be silent (the default read_timeout): who waits longer waits for rows that nobody reads.
PATIENCE = CALL_SECONDS + 60.0


class Slots:
    """``one()`` is a slot for one call, from its question to the end of its answer.

    Who finds them all taken waits for a call to end. Raises ``QueryError`` at once when none can end, because every
    open call is of this thread or of others that wait here as well, and after ``patience`` seconds in any case.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self._most = most
        self._patience = patience
        # Its lock is re-entrant, as it must be: the garbage collector may end a call in the middle of another's.
        self._changed = threading.Condition()
        self._holders: list[int] = []
        self._waiting: list[int] = []

    @contextlib.contextmanager
    def one(self, *, wait: bool = True) -> Iterator[None]:
        """Hold a slot, one that is free now unless it is worth to ``wait``. It belongs to the thread that took it,
        whichever thread gives it back."""
        thread = threading.get_ident()
        self._take(thread, self._patience if wait else 0.0)
        try:
            yield
        finally:
            with self._changed:
                self._holders.remove(thread)
                self._changed.notify_all()

    def _take(self, thread: int, patience: float) -> None:
        with self._changed:
            self._waiting.append(thread)
            try:
                self._changed.wait_for(lambda: self._free or self._hopeless, patience)
            finally:
                self._waiting.remove(thread)
            if not self._free:
                raise QueryError(
                    f"{self._most} calls are open, which is the most that AFAS allows at once, and none of them ends: "
                    "read rows to their end, or close them (with profit.rows(...) as rows), before you ask for more."
                )
            self._holders.append(thread)

    @property
    def _free(self) -> bool:
        return len(self._holders) < self._most

    @property
    def _hopeless(self) -> bool:
        return all(thread in self._waiting for thread in tuple(self._holders))
