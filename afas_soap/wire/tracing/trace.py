"""The trace: each exchange appended to a file as it happens, with secrets masked.

AFAS never logs bodies, so this file is what a question to AFAS, or to us, starts from.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
import os
import stat
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, cast

import requests

from afas_soap.errors import SettingsError
from afas_soap.wire.tracing.masking import MASK, MaskedMembers, Masker

_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR
_HIDDEN = frozenset(
    {"authorization", "dpop", "proxy-authorization", "cookie", "set-cookie", "identitytoken", "accesstoken"}
)


class Trace:
    """The trace file of one transport. Raises ``SettingsError`` when it cannot be written."""

    def __init__(self, path: Path, environment: str, masker: Masker) -> None:
        self.masker = masker
        self._path = path
        self._environment = environment
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._writing: Exchange | None = None
        self._file = self._opened()

    def begin(self, attempt: int) -> Exchange:
        """A new exchange."""
        return Exchange(self, next(self._numbers), f"environment {self._environment}, attempt {attempt}")

    def write(self, exchange: Exchange, data: bytes) -> None:
        """Append to what ``exchange`` wrote before, and say so when another one wrote meanwhile."""
        with self._lock:
            try:
                if exchange.begun and self._writing is not exchange:
                    self._file.write(f"\n=== {exchange.number} continued\n".encode())
                self._writing, exchange.begun = exchange, True
                self._file.write(data)
                self._file.flush()
            except (OSError, ValueError) as problem:
                failure = self._refused(problem)
            else:
                return
        raise failure

    def close(self) -> None:
        """Close the file. What it did not take was told when it was written."""
        with contextlib.suppress(OSError):
            self._file.close()

    def _opened(self) -> BinaryIO:
        try:
            return _open_for_owner(self._path)
        except OSError as problem:
            failure = self._refused(problem)
        raise failure

    def _refused(self, problem: Exception) -> SettingsError:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else "it was closed"
        return SettingsError(f"trace: the file {str(self._path)!r} cannot be written ({reason}).")


class Exchange:
    """One request and its answer."""

    def __init__(self, trace: Trace, number: int, title: str) -> None:
        self.number = number
        self.begun = False
        self._trace = trace
        self._title = title
        self._members = MaskedMembers()
        self._body = trace.masker.stream()

    def request(self, request: requests.PreparedRequest, shown: bytes | None = None) -> None:
        """Write the request, with ``shown`` in place of its body where that may not show. Nothing of it gets a name
        here: a traceback may show what names stand for."""
        self._write(self._head("request", f"{request.method} {request.url}", request.headers))
        if shown is not None:
            self._write(shown + b"\n")
        elif isinstance(request.body, bytes):
            self._write(self._trace.masker.bytes(request.body) + b"\n")
        else:
            self._pieces(request)

    def _pieces(self, request: requests.PreparedRequest) -> None:
        """Write a body that is not held whole, in its pieces; an empty line for none."""
        masked = self._trace.masker.stream()
        for piece in cast("Iterable[bytes]", request.body or ()):
            self._write(masked.feed(piece))
        self._write(masked.flush() + b"\n")

    def answer(self, status: str, headers: Mapping[str, str]) -> None:
        """Write how the answer begins."""
        self._write(self._head("answer", status, headers))

    def chunk(self, data: bytes) -> None:
        """Write a piece of the answer's body."""
        self._write(self._body.feed(self._members.feed(data)))

    def end(self, how: str) -> None:
        """Write how the exchange ended."""
        self._write(self._body.feed(self._members.flush()))
        self._write(self._body.flush() + self._trace.masker.bytes(f"\n=== {self.number} end: {how}\n".encode()))

    def _head(self, what: str, first: str, headers: Mapping[str, str]) -> bytes:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        lines = [f"=== {self.number} {what}, {now}, {self._title}", first]
        lines += [f"{name}: {header_shown(name, value)}" for name, value in headers.items()]
        members = MaskedMembers()
        return self._trace.masker.bytes(members.feed("\n".join([*lines, "", ""]).encode()) + members.flush())

    def _write(self, data: bytes) -> None:
        self._trace.write(self, data)


def open_trace(path: Path | None, environment: str, masker: Masker) -> Trace | None:
    """The trace in ``path``, if there is to be one."""
    return None if path is None else Trace(path, environment, masker)


def header_shown(name: str, value: str) -> str:
    """The value of a header without a credential, of which only the scheme is left."""
    if name.lower() not in _HIDDEN:
        return value
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} {MASK}" if blank and name.lower() == "authorization" else MASK


def _open_for_owner(path: Path) -> BinaryIO:
    """Append to ``path``, readable for its owner only: bodies hold personal data. Windows keeps its own rules."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), _OWNER_ONLY)
    if stat.S_ISREG(os.fstat(descriptor).st_mode) and hasattr(os, "fchmod"):
        os.fchmod(descriptor, _OWNER_ONLY)
    return os.fdopen(descriptor, "ab")
