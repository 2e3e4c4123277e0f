"""Asking again: exponential backoff with jitter, throttling as the service tells it, and resumption of a broken answer.

Reads are asked again when the service says come back later or the connection broke, writes when they certainly did not
arrive, and nothing else is: a refusal is an answer, and asking again would not change it (profit-wire 3.6).

A read that breaks off within its answer is asked again as well, and goes on behind what was given. The new answer must
begin with the bytes that were given already: their checksum is kept, not they. So whoever reads rows out of the bytes
gets each row once, or an error, and never notices the break.
"""

from __future__ import annotations

import logging
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import tenacity

from afas_soap.errors import AfasError, AnswerError, Busy, Fate, TransportError
from afas_soap.wire.http.network_errors import Silence

_LOG = logging.getLogger("afas_soap.wire")
_Result = TypeVar("_Result")

ATTEMPTS = 3
"""How often one answer that broke off is asked for again."""

# A connection that broke four times in a row is not an accident.
_MOST_BREAKS = 4
_LONGEST_PAUSE = 30.0


class Repeatable(Exception):  # noqa: N818 - it carries the error, it is none
    """An attempt that failed in a way that asking again may cure: the service was away, nothing came back, or it
    refused for a reason that passes, and its caller wants to wait for that."""

    def __init__(self, error: AfasError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Patience:
    """``total`` seconds over all attempts, for a ``read`` or for something that must not happen twice."""

    read: bool
    total: float
    sleep: Callable[[float], None]


def repeated(once: Callable[[], _Result], patience: Patience) -> _Result:
    """The result of the first attempt that succeeds, or the error of the last one."""
    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda problem: _may_repeat(problem, patience)),
        wait=_jittered,
        stop=lambda state: _enough(state, patience),
        sleep=patience.sleep,
        before_sleep=_announce,
        reraise=True,
    )
    error: AfasError
    try:
        return retrying(once)
    except Repeatable as failed:
        error = failed.error
    raise error


def _may_repeat(problem: BaseException, patience: Patience) -> bool:
    if not isinstance(problem, Repeatable):
        return False
    return patience.read or problem.error.outcome in (Fate.NOT_SENT, Fate.REFUSED)


def _enough(state: tenacity.RetryCallState, patience: Patience) -> bool:
    if isinstance(_error(state), TransportError) and state.attempt_number >= _MOST_BREAKS:
        return True
    spent = max(state.seconds_since_start or 0.0, state.idle_for)
    return spent + _pause(state) > patience.total


def _pause(state: tenacity.RetryCallState) -> float:
    """Seconds until the next attempt: as the service said, else doubling from half a second (a break) or one second."""
    error = _error(state)
    told = error.retry_after if isinstance(error, Busy) else None
    if told is not None:
        return max(told, 1.0)
    first = 0.5 if isinstance(error, TransportError) else 1.0
    return float(min(_LONGEST_PAUSE, first * 2 ** (state.attempt_number - 1)))


def _jittered(state: tenacity.RetryCallState) -> float:
    """Never longer than the pause, except that a told pause is never shorter: many clients were told the same."""
    error, pause = _error(state), _pause(state)
    if isinstance(error, Busy) and error.retry_after is not None:
        return pause
    return pause * random.uniform(0.8, 1.0)  # noqa: S311 - spreads load, guards nothing


def _announce(state: tenacity.RetryCallState) -> None:
    upcoming = state.next_action.sleep if state.next_action else 0.0
    _LOG.info("asking again in %.1f s after: %s", upcoming, _error(state))


def _error(state: tenacity.RetryCallState) -> AfasError | None:
    problem = state.outcome.exception() if state.outcome is not None else None
    return problem.error if isinstance(problem, Repeatable) else None


def resumed(chunks: Iterator[bytes], again: Callable[[], Iterator[bytes]], *, service: str) -> Iterator[bytes]:
    """``chunks``, with ``again`` for another try of the same read at ``service``.

    Raises the ``TransportError`` of the last break, or ``AnswerError`` when the new answer begins otherwise.
    """
    # Not a cryptographic hash, which would take a seventh of the time of reading: nobody is to be kept from forging it.
    given, checksum, breaks = 0, 0, 0
    while True:
        try:
            for chunk in chunks:
                given += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                yield chunk
            return
        except TransportError as problem:
            breaks += 1
            if breaks > ATTEMPTS or isinstance(problem, Silence):
                raise
            _LOG.info("broke off after %d bytes, asking again: %s", given, problem.message)
        chunks = _behind(again(), given, checksum, service)


def _behind(chunks: Iterator[bytes], given: int, checksum: int, service: str) -> Iterator[bytes]:
    """What comes after the first ``given`` bytes, which must have this checksum."""
    found, left = 0, given
    rest = b""
    while left:
        chunk = next(chunks, None)
        if chunk is None:
            break
        found = zlib.crc32(chunk[:left], found)
        rest = chunk[left:]
        left = max(0, left - len(chunk))
    if left or found != checksum:
        raise AnswerError(
            f"The connection broke, and asked again {service} gave another answer than before: the data changed "
            "meanwhile. Read again from the beginning."
        )
    if rest:
        yield rest
    yield from chunks
