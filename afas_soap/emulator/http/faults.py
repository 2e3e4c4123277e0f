"""Fault injection, on demand: what a client must survive, in the order it is asked for.

A fault in text is ``KIND[:VALUE][,KEY=VALUE...]``:

==================  ===============================================================================================
``503:retry=1``     503 with ``retry_after`` in the body and ``Retry-After`` (``in=body`` or ``in=header``: one only)
``500``             Profit's own "An unexpected error has occurred."
``html``            an HTML page with status 200 (``html:502`` with another status)
``slow:3``          three seconds without a byte, then the answer (``after=2000``: after that many bytes of it)
``cut:2000``        the answer cut off after 2000 bytes (``framing=length``: below its own Content-Length)
``reset``           the connection reset before the answer (``reset:2000``: after that many bytes of it)
``timeout``         Profit's own "Command timeout expired."
==================  ===============================================================================================

What a call was to do is done before its answer is cut, slow or reset in the middle, and before ``timeout``; it is not
done when something else stands in for the answer: ``503``, ``500``, ``html`` and ``reset``. ``done=yes`` and
``done=no`` say otherwise for ``timeout`` and these four. It is the difference between an update that was booked and one
that was not, which nobody can tell by the answer.

Every kind takes ``protocol=soap|rest|sb``, ``path=TEXT`` (somewhere in the path, in any case), ``method=POST`` or
another, ``call=N`` (not the first matching call but the Nth) and ``times=N`` (the next N matching calls from there on).
``retry=1`` may be left out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from afas_soap.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    ``kind`` is ``503``, ``500``, ``html``, ``slow``, ``cut``, ``reset`` or ``timeout``. ``retry_after`` and ``seconds``
    are seconds, ``after`` is bytes of the body as sent. ``told_in`` is ``body``, ``header``, ``both`` or ``neither``.
    ``framing`` is ``chunked`` or ``length``. ``done`` is None for what the kind does by itself.
    """

    kind: str
    status: int = 200
    retry_after: int = 1
    told_in: str = "both"
    seconds: float = 0.0
    after: int = 0
    framing: str = "chunked"
    protocol: str | None = None
    path: str = ""
    method: str = ""
    call: int = 1
    times: int = 1
    done: bool | None = None

    @property
    def resets(self) -> bool:
        """Whether the connection is reset in place of any answer."""
        return self.kind == "reset" and not self.after

    @property
    def works(self) -> bool:
        """Whether the call is worked off all the same."""
        if self.done is not None:
            return self.done
        return not self.resets and self.kind not in ("503", "500", "html")

    def matches(self, protocol: str, path: str, method: str) -> bool:
        """Whether this fault is meant for such a request."""
        meant = self.protocol in (None, protocol) and self.path.lower() in path.lower()
        return meant and self.method in ("", method)


class Faults:
    """Faults in the order they are to happen; ``next`` is asked once per request. Safe for several threads.

    Each request goes to the first fault that matches it: that one happens, or counts the request and waits for a later
    one. A fault that has happened as often as it should is gone.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._waiting = [(fault, fault.call - 1, fault.times) for fault in faults]

    def add(self, fault: Fault) -> None:
        """One more, behind the others."""
        with self._lock:
            self._waiting.append((fault, fault.call - 1, fault.times))

    def next(self, protocol: str, path: str, method: str = "GET") -> Fault | None:
        """What goes wrong with this request; None when nothing does."""
        with self._lock:
            for position, (fault, let_pass, times) in enumerate(self._waiting):
                if not fault.matches(protocol, path, method):
                    continue
                if let_pass:
                    self._waiting[position] = (fault, let_pass - 1, times)
                    return None
                if times > 1:
                    self._waiting[position] = (fault, 0, times - 1)
                else:
                    del self._waiting[position]
                return fault
        return None

    def __len__(self) -> int:
        return len(self._waiting)


def parse_faults(texts: Iterable[str]) -> Faults:
    """The faults that ``texts`` spell, in their order. Raises ``SettingsError``."""
    return Faults(parse_fault(text) for text in texts)


def parse_fault(text: str) -> Fault:
    """The fault that ``text`` spells (see the head of this module). Raises ``SettingsError``."""
    head, *rest = text.strip().split(",")
    kind, _, value = (part.strip() for part in head.partition(":"))
    if kind not in _OWN_KEYS:
        raise SettingsError(f"fault {text!r}: there is no kind {kind!r}; the kinds are {', '.join(_OWN_KEYS)}.")
    own, plain = _OWN_KEYS[kind]
    pairs = [value, *rest] if "=" in value else [f"{plain}={value}" if value else "", *rest]
    changes: dict[str, str] = {}
    for pair in filter(None, map(str.strip, pairs)):
        key, _, argument = pair.partition("=")
        if key not in (*own, *_SHARED_KEYS):
            allowed = ", ".join((*own, *_SHARED_KEYS))
            raise SettingsError(f"fault {text!r}: {kind} takes no {key or 'value'!r}; it takes {allowed}.")
        changes[key] = argument
    return _made(text, kind, changes)


def _made(text: str, kind: str, changes: Mapping[str, str]) -> Fault:
    values: dict[str, object] = {"kind": kind}
    for key, argument in changes.items():
        field, convert, rule = _KEYS[key]
        try:
            values[field] = convert(argument)
        except ValueError:
            raise SettingsError(f"fault {text!r}: {key} must be {rule}.") from None
    if "done" in changes and values.get("after"):
        raise SettingsError(f"fault {text!r}: an answer that breaks off was made, so done has no meaning for it.")
    return Fault(**values)  # type: ignore[arg-type] # the converters stand in the table beside the fields


def _whole(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if number < least:
            raise ValueError
        return number

    return read


def _status(text: str) -> int:
    number = int(text)
    if not 200 <= number <= 599:
        raise ValueError
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 86400:
        raise ValueError
    return number


def _one_of(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError
        return text

    return read


def _yes_or_no(text: str) -> bool:
    return _one_of("yes", "no")(text) == "yes"


_METHODS = ("GET", "POST", "PUT", "DELETE")
# kind: (the keys only it takes, the key that a value without a name stands for)
_OWN_KEYS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "503": (("retry", "in", "done"), "retry"),
    "500": (("done",), ""),
    "html": (("status", "done"), "status"),
    "slow": (("seconds", "after"), "seconds"),
    "cut": (("after", "framing"), "after"),
    "reset": (("after", "done"), "after"),
    "timeout": (("done",), ""),
}
_SHARED_KEYS = ("protocol", "path", "method", "call", "times")
# key: (field of Fault, how it is read, what it must be)
_KEYS: Mapping[str, tuple[str, Callable[[str], object], str]] = {
    "retry": ("retry_after", _whole(0), "whole seconds, 0 or more"),
    "in": ("told_in", _one_of("body", "header", "both", "neither"), "body, header, both or neither"),
    "status": ("status", _status, "an HTTP status from 200 to 599"),
    "seconds": ("seconds", _seconds, "seconds, from 0 to 86400"),
    "after": ("after", _whole(0), "a number of bytes, 0 or more"),
    "done": ("done", _yes_or_no, "yes or no"),
    "framing": ("framing", _one_of("chunked", "length"), "chunked or length"),
    "protocol": ("protocol", _one_of("soap", "rest", "sb"), "soap, rest or sb"),
    "path": ("path", str, "a text"),
    "method": ("method", _one_of(*_METHODS), f"one of {', '.join(_METHODS)}"),
    "call": ("call", _whole(1), "1 for the first matching call, 2 for the second, and so on"),
    "times": ("times", _whole(1), "1 or more"),
}
