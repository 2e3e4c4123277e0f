"""A thread pool of daemons: a few jobs at once, each begun in its turn, and a signal that need not wait for them.

Not ``concurrent.futures``: its threads are waited for when the process ends, and Ctrl-C would last as long as a file.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Job = TypeVar("Job")

# How long a thread is waited for before a signal can be seen; only Windows needs it.
_GLANCE = 0.2
# How long calls under way may take to see that they are to end: until their next piece comes, as a rule.
_FAREWELL = 2.0


class Crew:
    """Does jobs, ``size`` at once. What one of them raises ends them all: no further one begins, those under way see
    ``ended``, and it is raised behind them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._turn = threading.Lock()
        self._failures: list[BaseException] = []
        self.ended = False

    def run(self, jobs: Iterable[Job], work: Callable[[int, Job], None]) -> None:
        """Do ``work`` for each job, with the number of who does it, from 0. A signal passes at once, but for a moment
        in which calls under way may tidy up."""
        turns = iter(jobs)
        threads = [
            threading.Thread(target=self._work, args=(number, turns, work), daemon=True) for number in range(self._size)
        ]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(_GLANCE)
        except BaseException:
            self.ended = True
            until = time.monotonic() + _FAREWELL
            for thread in threads:
                if thread.ident is not None:
                    thread.join(max(0.0, until - time.monotonic()))
            raise
        if self._failures:
            raise self._failures[0]

    def _work(self, number: int, turns: Iterator[Job], work: Callable[[int, Job], None]) -> None:
        try:
            while (job := self._next(turns)) is not None:
                work(number, job[0])
        except BaseException as problem:  # noqa: BLE001 - whoever waits raises it
            self.ended = True
            self._failures.append(problem)

    def _next(self, turns: Iterator[Job]) -> tuple[Job] | None:
        with self._turn:
            if self.ended:
                return None
            return next(((job,) for job in turns), None)
