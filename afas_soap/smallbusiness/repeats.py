"""Idempotent retry: a write that broke off is sent again under the same identifier, while SB still knows that.

Source: small-business.md 3.2. A call that carries the ``Tracking-Identifier`` of one before is carried out once, and
gets the first answer. For how long, and whether that covers failures, is unknown: so a repeat is made only behind a
fault of the way there, soon, and not behind ``limits.SB_REMEMBERS``. What comes of it counts for the write as a whole:
what may have arrived once is not undone by a repeat that did not arrive. Nor by one that is refused, for an SB that has
forgotten the first refuses the second because of it, in words that nobody listed: only what is refused for reasons of
its own, whether or not the first was carried out, was refused both times.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from afas_soap.errors import AfasError, Broken, Fate, SBError, TransportError, Uncertain
from afas_soap.limits import SB_REMEMBERS

_Result = TypeVar("_Result")

# As for a read that breaks off: a connection that broke four times in a row is not an accident.
_MOST = 4
_FIRST_PAUSE = 0.5
# Behind silence the first may still be worked on, and what SB does with a repeat of that is not known.
_BEHIND_SILENCE = 60.0
# Of the texts that are known (3.1), those that the first cannot have led to. The second kind may be about the very
# record that the first took away or changed, so it counts for what is new alone.
_ANYHOW = re.compile(r"FeatureToggle not enabled", re.IGNORECASE)
_ANYHOW_OF_NEW = re.compile(
    r"contains an invalid reference|bevat een verwijzing naar een ongeldige waarde|vóór de beginbalansdatum|"
    r"FeatureToggle not enabled",
    re.IGNORECASE,
)
_NO_SCHEMA = "Invalid JSON request"
# Where a lookup did not find the first, these say that it is there all the same: an entry in error is in no list.
_THERE_BEFORE = re.compile(
    r"\balready\b|\bduplicate|\bunique\b|\bin use\b|bestaat al|\bal (in gebruik|aanwezig|bekend|gebruikt)\b|\breeds\b|"
    r"\bdubbel|\buniek\b|in gebruik",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Repeats:
    """When a write is repeated. ``window`` is for how many seconds behind the first time SB is believed to know it,
    ``patience`` how many a call may take with all its repeats, and ``margin`` how much later than it is begun one may
    still leave. ``now`` is in seconds since 1970."""

    now: Callable[[], float]
    sleep: Callable[[float], None]
    patience: float = 120.0
    margin: float = 0.0
    window: float = SB_REMEMBERS

    def carried_out(
        self,
        once: Callable[[], _Result],
        *,
        first: float,
        again: Callable[[], None] = lambda: None,
        repeated: bool = False,
        sought: bool = False,
    ) -> _Result:
        """What ``once`` gives, called anew where that is safe; ``again`` is called before. ``first`` is when it was
        sent first, and ``repeated`` whether it may have arrived before this; ``sought`` is whether it may have under
        another identifier, and was not found."""
        begun, attempts = self.now(), 0
        doubt: Uncertain | None = None
        while True:
            attempts += 1
            try:
                return once()
            except AfasError as error:
                failure = error
            if repeated or doubt is not None:
                failure = self._of_repeat(failure, doubt)
            elif sought:
                failure = _of_sought(failure)
            if not isinstance(failure, Uncertain):
                break
            doubt = failure
            pause = self._pause(failure, attempts)
            if not self._may_repeat(failure, pause, first=first, begun=begun) or attempts == _MOST:
                break
            self.sleep(pause)
            again()
        raise failure

    def _may_repeat(self, doubt: Uncertain, pause: float, *, first: float, begun: float) -> bool:
        then = self.now() + pause
        # A clock that was set back tells nothing of when it was sent first.
        return (
            doubt.broken is not None
            and first <= then < first + self.window - self.margin
            and (then - begun <= self.patience)
        )

    def _pause(self, doubt: Uncertain, attempts: int) -> float:
        if doubt.broken is Broken.SILENT:
            return _BEHIND_SILENCE
        return float(_FIRST_PAUSE * 2 ** (attempts - 1))

    def _of_repeat(self, error: AfasError, doubt: Uncertain | None) -> AfasError:
        """What an error of a repeat says of the write: a no that the first cannot have led to was its answer as well,
        and all else leaves a doubt."""
        if isinstance(error, Uncertain) or error.outcome is Fate.STORED or _is_refused_anyhow(error):
            return error
        told = "The write may have been carried out before." if doubt is None else doubt.message
        found = _doubted(
            error,
            f"{told} Sent again under the same identifier it ended with: {_said(error)} That may be because it was "
            "carried out the first time.",
        )
        # One that did not arrive may be tried once more; one that was answered may not.
        found.broken = Broken.OFF if isinstance(error, TransportError) else None
        return found


def _is_refused_anyhow(error: AfasError) -> bool:
    if not isinstance(error, SBError) or error.outcome is not Fate.REFUSED:
        return False
    if error.result is None:
        return error.message.startswith(_NO_SCHEMA)
    known = _ANYHOW_OF_NEW if error.operation == "post" else _ANYHOW
    return bool(error.errors) and all(map(known.search, error.errors))


def _of_sought(error: AfasError) -> AfasError:
    """``error``, unless it says that what a lookup did not find is there."""
    texts = (error.message, *error.errors) if isinstance(error, SBError) else ()
    if error.outcome is not Fate.REFUSED or not any(map(_THERE_BEFORE.search, texts)):
        return error
    return _doubted(
        error,
        "The write may have been carried out before, and a lookup did not find it; an entry in error is in no list. "
        f"Sent once more it ended with: {_said(error)} That may be because it was carried out the first time.",
    )


def _doubted(error: AfasError, message: str) -> Uncertain:
    return Uncertain(message, trace_id=getattr(error, "trace_id", None), status=getattr(error, "status", None)).about(
        operation=error.operation, connector=error.connector, environment=error.environment
    )


def _said(error: AfasError) -> str:
    return error.message if error.message.endswith((".", "?", "!")) else f"{error.message}."
