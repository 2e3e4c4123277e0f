"""Fault injection: the faults of ``faults`` made to happen to an answer."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping

from werkzeug import Response

from afas_soap.emulator.http.answers import bare, json_bytes, page, rest_answer
from afas_soap.emulator.http.faults import Fault

_MAINTENANCE = "Service temporarily unavailable due to scheduled maintenance."
# By how much a cut answer of framing "length" is shorter than it said.
_MISSING = 1000


def stand_in(fault: Fault) -> Response | None:
    """The answer given in place of the right one; None for a fault that befalls the right one."""
    make = _STAND_INS.get(fault.kind)
    return None if make is None else make(fault)


def spoil(answer: Response, fault: Fault, awake: threading.Event) -> None:
    """Let ``fault`` befall ``answer``; ``awake`` ends every wait."""
    if fault.kind in _SPOILERS:
        _SPOILERS[fault.kind](answer, fault, awake)


def reset() -> ConnectionResetError:
    """What the app raises when the connection is to be reset."""
    return ConnectionResetError(errno.ECONNRESET, "the emulator reset the connection, as it was asked to")


def _aborted() -> ConnectionAbortedError:
    return ConnectionAbortedError(errno.ECONNABORTED, "the emulator cut the answer off, as it was asked to")


def _away(fault: Fault) -> Response:
    """503 as AFAS documents it; that SOAP gives the same and no fault is inferred (profit-wire 7)."""
    body: dict[str, object] = {"error": {"code": "503", "message": _MAINTENANCE}}
    if fault.told_in in ("body", "both"):
        body["retry_after"] = fault.retry_after
    answer = rest_answer(json_bytes(body, "profit7"), status=503)
    if fault.told_in in ("header", "both"):
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _page(fault: Fault) -> Response:
    return page(fault.status, "The page cannot be displayed")


def _none(fault: Fault) -> Response | None:
    """Nothing gets out of a connection that is reset at once."""
    return bare(500) if fault.resets else None


def _cut(answer: Response, fault: Fault, _awake: threading.Event) -> None:
    _then(answer, fault.after, _aborted)
    if fault.framing == "length":
        answer.content_length = fault.after + _MISSING


def _reset_later(answer: Response, fault: Fault, _awake: threading.Event) -> None:
    _then(answer, fault.after, reset)


def _slow(answer: Response, fault: Fault, awake: threading.Event) -> None:
    if fault.after:
        answer.response = _pausing(answer.iter_encoded(), fault, awake)
    else:
        awake.wait(fault.seconds)


def _then(answer: Response, size: int, error: Callable[[], Exception]) -> None:
    answer.response = _broken(answer.iter_encoded(), size, error)
    answer.headers.remove("Content-Length")


def _broken(chunks: Iterable[bytes], size: int, error: Callable[[], Exception]) -> Iterator[bytes]:
    for chunk in chunks:
        if len(chunk) >= size:
            yield chunk[:size]
            break
        yield chunk
        size -= len(chunk)
    raise error()


def _pausing(chunks: Iterable[bytes], fault: Fault, awake: threading.Event) -> Iterator[bytes]:
    left = fault.after
    for chunk in chunks:
        if 0 < left <= len(chunk):
            yield chunk[:left]
            awake.wait(fault.seconds)
            chunk, left = chunk[left:], 0
        else:
            left = max(0, left - len(chunk))
        yield chunk


_STAND_INS: Mapping[str, Callable[[Fault], Response | None]] = {"503": _away, "html": _page, "reset": _none}
_SPOILERS: Mapping[str, Callable[[Response, Fault, threading.Event], None]] = {
    "cut": _cut,
    "reset": _reset_later,
    "slow": _slow,
}
