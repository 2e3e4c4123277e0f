"""The standard streams, fit for data: UTF-8 with plain line ends, buffered, and there even when they were closed."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import TextIO


@contextlib.contextmanager
def standard_streams() -> Iterator[None]:
    """``sys.stdin``, ``sys.stdout`` and ``sys.stderr`` as commands want them; what stood there comes back."""
    before = sys.stdin, sys.stdout, sys.stderr
    with contextlib.ExitStack() as stand_ins:
        # In this order: what is opened takes the lowest free descriptor, which is that of the closed stream.
        sys.stdin = before[0] or stand_ins.enter_context(_refusing("r"))
        sys.stdout = _plain(before[1] or stand_ins.enter_context(_refusing("w")), "strict")
        sys.stderr = _plain(before[2] or stand_ins.enter_context(_nowhere()), "backslashreplace")
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = before


def settle_output() -> None:
    """After an error that was told: write what is waiting for standard output, or drop what it does not take."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        drop_output()


def drop_output() -> None:
    """Point standard output at nothing, so that no later flush of what it did not take says so once more."""
    _drop(sys.stdout)
    _drop(sys.__stdout__)


def tell(line: str) -> None:
    """A line on standard error; where that takes none, the exit code alone has to tell."""
    try:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        _drop(sys.stderr)
        _drop(sys.__stderr__)


def _drop(stream: TextIO | None) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())  # type: ignore[union-attr]
        os.close(nothing)


def why(error: OSError) -> str:
    """The system's reason, in words that fit a stream."""
    return "it is closed" if error.errno == errno.EBADF else error.strerror or type(error).__name__


def _nowhere() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def _refusing(mode: str) -> TextIO:
    """What stands in for a closed stream: reading and writing are refused, rather than lost without a word."""
    return io.TextIOWrapper(os.fdopen(os.open(os.devnull, os.O_WRONLY if mode == "r" else os.O_RDONLY), f"{mode}b"))


def _plain(stream: TextIO, errors: str) -> TextIO:
    """UTF-8 and ``\\n`` whatever the platform; a stream that a caller replaced may not be able to: it is left alone."""
    if isinstance(getattr(stream, "buffer", None), io.RawIOBase):
        # PYTHONUNBUFFERED: such a stream does not notice when the system takes half of what it is given.
        return os.fdopen(stream.fileno(), "w", encoding="utf-8", errors=errors, newline="\n", closefd=False)
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors=errors, newline="\n")
    return stream
