"""A deadline for an answer as a whole: a time-out of the socket begins anew with each byte, so an answer that drips
would never end."""

from __future__ import annotations

import contextlib
import math
import os
import socket
import threading
import time


class Deadline:
    """``seconds`` from the last byte of a request to the last byte of its answer; None never ends one.

    It ends an answer by shutting the connection down, which wakes whoever waits for it. ``expired`` says so, for a body
    without a length then looks complete.
    """

    def __init__(self, seconds: float | None) -> None:
        self.expired = False
        self._seconds = seconds
        self._connection: socket.socket | None = None

    def begin(self, connection: object) -> None:
        """The request is out on ``connection``, a socket or what wraps one."""
        # TLS within TLS, to a proxy, has the socket inside.
        inner = getattr(connection, "socket", connection)
        if self._seconds is not None and isinstance(inner, socket.socket):
            self._connection = inner
            _WATCH.add(self, self._seconds)

    def cancel(self) -> None:
        """The answer is at its end, or nobody reads on: the connection may now serve another call."""
        if self._connection is not None:
            _WATCH.remove(self)
            self._connection = None

    def end(self) -> None:
        """Its time is up."""
        assert self._connection is not None, "it has begun"
        self.expired = True
        with contextlib.suppress(OSError):
            # Not SSLSocket's own, which would let what is still in the buffer be read as if it were no TLS.
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


class _Watch:
    """Ends the answers whose time is up, in one thread for all of them: one for each would cost a batch a tenth of its
    CPU time. What was removed is not ended any more."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[Deadline, float] = {}
        self._wakes = math.inf
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, seconds: float) -> None:
        due = time.monotonic() + seconds
        with self._changed:
            self._due[deadline] = due
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="afas-deadlines", daemon=True)
                self._thread.start()
            elif due < self._wakes:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._due.pop(deadline, None)

    def _run(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [each for each, due in self._due.items() if due <= now]:
                    del self._due[deadline]
                    deadline.end()
                self._wakes = min(self._due.values(), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)


_WATCH = _Watch()


def _afresh() -> None:
    """A child has none of its parent's threads, and perhaps a lock that one of them holds."""
    global _WATCH  # noqa: PLW0603 - it is one for the process
    _WATCH = _Watch()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_afresh)
