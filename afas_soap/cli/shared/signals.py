"""Signals that end a command: it tidies up behind itself, whichever of them came."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

# Windows has no SIGHUP.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_ORDINARY = (signal.SIG_DFL, signal.default_int_handler)


class Stopped(BaseException):
    """A signal came. Not an ``Exception``, so that nothing takes it for a fault and goes on."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def code(self) -> int:
        """The exit code that shells give it: 130 for an interrupt."""
        return 128 + self.number

    @property
    def word(self) -> str:
        """What happened."""
        return "interrupted" if self.number == signal.SIGINT else "terminated"


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """While open, a signal raises ``Stopped``; one that is ignored (nohup, a job in the background) stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    ours = [number for number in _SIGNALS if before[number] in _ORDINARY]
    for number in ours:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)
