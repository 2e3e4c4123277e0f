"""Concurrency limit (a counting semaphore): at most five calls at once to one environment, by all of this process.

AFAS allows five (profit-wire 2.6; another of its pages says eight), and counts those of an environment, not those of an
object here. So clients share what is open by where they ask: by the environment's name where an address tells it, else
by host and port. A client that asks at two addresses, one for SOAP and one for REST, counts at both of them.

Who finds all slots taken waits until a call ends. Nobody waits for what cannot come: a thread whose open calls are what
it would wait for, directly or in a ring of threads, at one environment or several, gets ``QueryError`` at once.
"""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from afas_soap.errors import QueryError
from afas_soap.limits import CALL_SECONDS, CALLS_AT_ONCE
from afas_soap.profit.access.environment import Environment

MOST = CALLS_AT_ONCE
"""Calls at once."""

# As long as a call may be silent (the default read_timeout): who waits longer waits for rows that nobody reads.
PATIENCE = CALL_SECONDS + 60.0

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, eq=False, slots=True)
class _Call:
    """An open call: the thread that began it, which alone can be expected to end it, and through whom."""

    thread: int
    slots: Slots


class _Limit:
    """What is open at one address, and who may ask there."""

    def __init__(self) -> None:
        self.calls: list[_Call] = []
        # Those that are open; one that is forgotten does not count for longer than it lives.
        self.askers: weakref.WeakSet[Slots] = weakref.WeakSet()

    @property
    def most(self) -> int:
        """Of several that ask for different limits the smallest counts."""
        return min((asker.most for asker in self.askers), default=MOST)

    @property
    def free(self) -> bool:
        return len(self.calls) < self.most


class _Process:
    """What this process has open. One lock for all of it, which nobody holds for longer than a look: so a call takes
    its slot at two addresses at once or at neither, and a ring of threads that wait for each other is seen."""

    def __init__(self) -> None:
        # Its lock is re-entrant, as it must be: the garbage collector may end a call in the middle of another's.
        self.changed = threading.Condition()
        self.waiting: list[_Call] = []
        # Those of clients that are in use. An address nobody asks at any more is forgotten by itself.
        self.limits: weakref.WeakValueDictionary[object, _Limit] = weakref.WeakValueDictionary()

    def limit(self, key: object) -> _Limit:
        """The limit of ``key``, made for the first who asks."""
        found = self.limits.get(key)
        if found is None:
            found = self.limits[key] = _Limit()
        return found

    def stuck(self) -> set[int]:
        """The threads that wait for nothing but each other's calls, and their own: none of those will end."""
        waiting = list(self.waiting)
        while True:
            threads = {call.thread for call in waiting}
            still = [call for call in waiting if not call.slots.may_come(threads)]
            if len(still) == len(waiting):
                return threads
            waiting = still

    def begin_anew(self) -> None:
        """In a process that was forked off: the calls are its parent's, and so may be whoever holds the lock."""
        self.changed = threading.Condition()
        self.waiting.clear()
        for limit in list(self.limits.values()):
            limit.calls.clear()


_PROCESS = _Process()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_PROCESS.begin_anew)


def slots_for(*addresses: str, most: int = MOST, patience: float = PATIENCE) -> Slots:
    """The slots of one client that asks at these addresses; empty ones do not count. It shares them with all others of
    this process that ask at one of them, and without any has them for itself.

    ``most`` is how many calls it may add to: of clients that are open at once the smallest number counts for all. Close
    it when its client is closed. Raises ``QueryError`` for a ``most`` below 1.
    """
    return Slots(most, patience, keys=tuple(_key(address) for address in addresses if address))


class Slots:
    """``one()`` is a slot for one call, from its question to the end of its answer.

    Who finds them all taken waits for a call to end. Raises ``QueryError`` at once when none can end, because every
    open call is of this thread or of others that wait as well, and after ``patience`` seconds in any case.
    """

    def __init__(self, most: int = MOST, patience: float = PATIENCE, *, keys: tuple[object, ...] = ()) -> None:
        if most < 1:
            raise QueryError(f"A limit of {most} calls at once allows none: it is 1 or more.")
        self.most = most
        self._patience = patience
        with _PROCESS.changed:
            self._limits = [_PROCESS.limit(key) for key in dict.fromkeys(keys or (object(),))]
            for limit in self._limits:
                limit.askers.add(self)

    @contextlib.contextmanager
    def one(self, *, wait: bool = True) -> Iterator[None]:
        """Hold a slot, one that is free now unless it is worth to ``wait``. It belongs to the thread that took it,
        whichever thread gives it back."""
        call = _Call(threading.get_ident(), self)
        self._take(call, self._patience if wait else 0.0)
        try:
            yield
        finally:
            self._give_back(call)

    def close(self) -> None:
        """What was asked for here counts no more; calls that are open count until they end. Safe to call twice."""
        with _PROCESS.changed:
            for limit in self._limits:
                limit.askers.discard(self)
            _PROCESS.changed.notify_all()

    def may_come(self, threads: set[int]) -> bool:
        """Whether there will be a slot, when none of these threads ever ends a call."""
        return all(limit.free or any(call.thread not in threads for call in limit.calls) for limit in self._limits)

    def _take(self, call: _Call, patience: float) -> None:
        with _PROCESS.changed:
            _PROCESS.waiting.append(call)
            try:
                _PROCESS.changed.wait_for(lambda: self._free or call.thread in _PROCESS.stuck(), patience)
            finally:
                _remove(call, _PROCESS.waiting)
            if not self._free:
                raise QueryError(self._refusal())
            for limit in self._limits:
                limit.calls.append(call)

    def _give_back(self, call: _Call) -> None:
        with _PROCESS.changed:
            for limit in self._limits:
                _remove(call, limit.calls)
            _PROCESS.changed.notify_all()

    @property
    def _free(self) -> bool:
        return all(limit.free for limit in self._limits)

    def _refusal(self) -> str:
        full = next(limit for limit in self._limits if not limit.free)
        number, most = len(full.calls), full.most
        others = sum(call.slots is not self for call in full.calls)
        allowed = f"where {most} at once is what a client of this process allows"
        if number == most == MOST:
            allowed = "which is the most that AFAS allows at once"
        shared = f" Of other clients of this process, which count as well, {others} are open." if others else ""
        return (
            f"{number} calls are open, {allowed}, and none of them ends: "
            f"read rows to their end, or close them (with profit.rows(...) as rows), before you ask for more.{shared}"
        )


def _key(address: str) -> str:
    """The environment's name, or host and port: the same for each of its addresses, however they are spelt."""
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    named = Environment.of_host(host)
    return named.name if named is not None else f"{host}:{parts.port or _PORTS.get(parts.scheme)}"


def _remove(call: _Call, calls: list[_Call]) -> None:
    # In a process that was forked off it may be gone: it was its parent's.
    with contextlib.suppress(ValueError):
        calls.remove(call)
