"""A deadline for an answer as a whole: a time-out of the socket begins anew with each byte, so an answer that drips
would never end."""

from __future__ import annotations

import contextlib
import socket
import threading


class Deadline:
    """``seconds`` from the last byte of a request to the last byte of its answer; None never ends one.

    It ends an answer by shutting the connection down, which wakes whoever waits for it. ``expired`` says so, for a body
    without a length then looks complete.
    """

    def __init__(self, seconds: float | None) -> None:
        self.expired = False
        self._seconds = seconds
        self._timer: threading.Timer | None = None

    def begin(self, connection: object) -> None:
        """The request is out on ``connection``, a socket or what wraps one."""
        if self._seconds is not None:
            # TLS within TLS, to a proxy, has the socket inside.
            inner = getattr(connection, "socket", connection)
            self._timer = threading.Timer(self._seconds, self._end, (inner,))
            self._timer.daemon = True
            self._timer.start()

    def cancel(self) -> None:
        """The answer is at its end, or nobody reads on: the connection may now serve another call."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self, connection: socket.socket) -> None:
        self.expired = True
        with contextlib.suppress(OSError):
            # Not SSLSocket's own, which would let what is still in the buffer be read as if it were no TLS.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
