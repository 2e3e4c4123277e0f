"""A thread pool of daemons: the same work in a few threads, and a signal that need not wait for them.

Not ``concurrent.futures``: its threads are waited for when the process ends, and Ctrl-C would last as long as a call.
A batch sends with one, an export fetches with one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Job = TypeVar("Job")

# How long a thread is waited for before a signal can be seen; only Windows needs it.
_GLANCE = 0.2
# How long jobs under way may take to see that they are to end: until their next piece comes, as a rule.
_FAREWELL = 2.0


def at_once(work: Callable[[int], object], size: int, *, end: Callable[[], object], farewell: float = 0.0) -> None:
    """Do ``work`` in ``size`` threads, each with its number from 0, and wait for them.

    What one of them raises, or a signal, calls ``end``, which is to keep the others from beginning anything more. A
    signal passes behind that, for at most ``farewell`` seconds; what was raised within is raised when all are done.
    """
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as problem:  # noqa: BLE001 - the thread that waits raises it
            end()
            failures.append(problem)

    # Daemons, so that a signal ends the process; what they still do by then nobody waits for.
    threads = [threading.Thread(target=guarded, args=(number,), daemon=True) for number in range(size)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_GLANCE)
    except BaseException:
        end()
        until = time.monotonic() + farewell
        for thread in threads:
            if farewell and thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        raise
    if failures:
        raise failures[0]


class Crew:
    """Does jobs, ``size`` at once. What one of them raises ends them all: no further one begins, those under way see
    ``ended``, and it is raised behind them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._turn = threading.Lock()
        self.ended = False

    def run(self, jobs: Iterable[Job], work: Callable[[int, Job], None]) -> None:
        """Do ``work`` for each job, with the number of who does it, from 0. A signal passes at once, but for a moment
        in which calls under way may tidy up."""
        turns = iter(jobs)

        def in_turn(number: int) -> None:
            while (job := self._next(turns)) is not None:
                work(number, job[0])

        at_once(in_turn, self._size, end=self._end, farewell=_FAREWELL)

    def _end(self) -> None:
        self.ended = True

    def _next(self, turns: Iterator[Job]) -> tuple[Job] | None:
        with self._turn:
            if self.ended:
                return None
            return next(((job,) for job in turns), None)
