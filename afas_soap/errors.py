"""Every way to fail, and of a write whether it arrived: what at-most-once delivery goes by.

::

    AfasError
      SettingsError        something is missing or contradicts itself, before any call
      QueryError           our side: a question that cannot be sent, or that Profit refused for what could be known
      UpdateError          our side: an update that cannot be sent, or that its schema refuses; .problems
      NotOffered           this protocol has no such operation
      SignInError          nobody is signed in, or AFAS did not let us sign in; .error .error_description
      TransportError       no answer: DNS, TLS, time-out, cut off; .sent says whether the request may have arrived
        Uncertain          a write that may have been booked, or not: nobody may send it again without looking; .broken
      AnswerError          an answer we cannot read
        CutOff             an answer that ends before its end
      ProfitError          Profit answered no: .message .number .log_reference .trace_id, the same for SOAP and REST
        AccessDenied       the credentials, the address they came from, or the app connector do not allow it
        NotFound           no such address, connector or file
        Busy               Profit is away for a while; .retry_after in seconds when it said so
        SBError            AFAS SB answered no, or did a part of it; .result .errors .created_in_error .instances

Each carries ``operation``, ``connector`` and ``environment`` where they are known, and tells them in its text and its
notes; none carries a body, a token or an answer object. ``AfasError`` and its children can be pickled.

An error of a write also says what became of that write, as its ``fate``: it is set where the error is made, and
whoever has to know (what repeats calls, batches, exit codes) reads it and decides nothing anew.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar

from afas_soap.gaveup import gave_up

# A call of that size is refused before anybody reads it (profit-wire 3.6).
_TOO_LARGE = 413
# What names an error in AFAS' own log, and where it happened: attributes, of which not every class has all.
_FOR_AFAS = ("number", "log_reference", "trace_id")
_WHERE = ("connector", "environment", "operation")
_Kind = TypeVar("_Kind", bound="AfasError")
# Of what somebody else said in a message: signs, and no more.
_LONGEST = 2000


class Fate(enum.StrEnum):
    """What became of a write that ended in an error; a write that ended in none is done."""

    NOT_SENT = "not sent"
    """It certainly did not arrive, or was not begun: it may be sent again."""
    REFUSED = "refused"
    """Profit said no, in its own words: nothing was booked, and sending it again changes nothing by itself."""
    UNCERTAIN = "uncertain"
    """Booked or not, nobody knows: it must be looked up before it is sent again."""
    STORED = "stored"
    """AFAS SB said no and kept something of it all the same, a part or an entry in error: that must be corrected or
    deleted, and nothing may be sent again before."""


class AfasError(Exception):
    """Anything that goes wrong here.

    ``message`` is one readable sentence or a few, and nothing else. ``str(error)`` adds in one line what ``facts`` are
    known, and every problem of an update; the notes (PEP 678) say the same for a traceback: often a log has no more.
    ``fate`` is what became of the write that ended so, None for errors of reads. ``outcome`` is the same of an error
    that must be one of a write, although nobody said so: then its class tells.
    """

    _usual: ClassVar[Fate] = Fate.UNCERTAIN

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.fate: Fate | None = None
        self.operation: str | None = None
        self.connector: str | None = None
        self.environment: str | None = None
        self._noted: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = " ".join((self.message, *self._further()))
        known = "; ".join(f"{label} {value}" for label, value in self.facts)
        return f"{told} [{known}]" if known else told

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What names it in AFAS' log, and where it happened: pairs of a label and a value, those that are known."""
        return (*self._known(_FOR_AFAS), *self._known(_WHERE))

    def _known(self, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
        found = ((name.replace("_", " "), getattr(self, name, None)) for name in names)
        return tuple((label, str(value)) for label, value in found if value is not None)

    def _further(self) -> tuple[str, ...]:
        """What else is to be told, of which the message says only how much there is."""
        return ()

    def _note(self) -> None:
        """Renew our own notes; those that somebody else added stay behind them."""
        others = [note for note in getattr(self, "__notes__", ()) if note not in self._noted]
        parts = (("Where", self._known(_WHERE)), ("For AFAS", self._known(_FOR_AFAS)))
        told = [f"{head}: {', '.join(map(' '.join, facts))}" for head, facts in parts if facts]
        self._noted = (*told, *self._further())
        self.__notes__ = [*self._noted, *others]

    def about(
        self,
        *,
        operation: str | None = None,
        connector: str | None = None,
        environment: str | None = None,
    ) -> Self:
        """Fill in what is not known yet, and give the error back: the innermost name stays."""
        self.operation = self.operation or operation
        self.connector = self.connector or connector
        self.environment = self.environment or environment
        self._note()
        return self

    def of_write(self, fate: Fate) -> Self:
        """Say what became of the write that ends so, and give the error back."""
        self.fate = fate
        return self

    @property
    def outcome(self) -> Fate:
        """What became of the write that this error ended."""
        return self.fate or self._by_class()

    def _by_class(self) -> Fate:
        """What such an error says of a write where nothing else is known."""
        return self._usual

    def retold(self, kind: type[_Kind], message: str) -> _Kind:
        """The same error as one of another class and in other words: everything else that it carries goes along."""
        told = kind(message)
        vars(told).update({**vars(self), "message": message})
        told._note()
        return told


class SettingsError(AfasError):
    """Something is missing or contradicts itself, before any call. Of a write that says nothing by itself: a trace may
    be found unwritable after its call."""


class QueryError(AfasError):
    """A question that cannot be sent: an unknown column, sign, value or combination. Where the columns are not known
    before the call, one of a column or a value comes behind Profit's refusal, and is the same."""

    _usual = Fate.NOT_SENT


class Weight(enum.StrEnum):
    """How much a problem counts: an ``error`` keeps an update from being sent, a ``doubt`` is only told."""

    ERROR = "error"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an update.

    ``path`` is where (``FiEntryPar/FiEntries[3]/AmDe``, ``KnSubject/@SbId``), ``rule`` a word to branch on
    (``unknown-field``, ``too-long``), ``message`` a sentence with the rule and the remedy. ``kind`` says what the value
    is ("text of 300 characters"), never the value itself, which may be personal. ``label`` and ``codes`` (pairs of code
    and text) are AFAS' own where they are known.
    """

    path: str
    rule: str
    message: str
    weight: Weight = Weight.ERROR
    kind: str = ""
    label: str = ""
    codes: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        # A name out of a payload may hold what no terminal should obey.
        path = self.path if self.path.isprintable() else ascii(self.path)[1:-1]
        return f"{path}: {self.message}" if path else self.message


class UpdateError(AfasError):
    """An update that cannot be sent, found before any call. ``problems`` holds all of them, the worst first."""

    _usual = Fate.NOT_SENT

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems
        self._note()

    def _further(self) -> tuple[str, ...]:
        return tuple(told for told in map(str, self.problems) if told not in self.message)

    @classmethod
    def of(cls, *problems: Problem) -> Self:
        """The error for these problems: its message tells the first and counts the others."""
        more = len(problems) - 1
        ending = "" if not more else f" And {more} more {'problem' if more == 1 else 'problems'}."
        return cls(f"{problems[0]}{ending}", problems=problems)


class NotOffered(AfasError):  # noqa: N818 - the house's word for it
    """This protocol has no such operation; ``offered_by`` names the one that has, where there is one."""

    _usual = Fate.NOT_SENT

    def __init__(self, message: str, *, offered_by: str | None = None) -> None:
        super().__init__(message)
        self.offered_by = offered_by


class SignInError(AfasError):
    """Nobody is signed in, or AFAS did not let us sign in; the message says what to do.

    ``error`` and ``error_description`` are OAuth's own words, each None where there was none. A call that fails so was
    not accepted: nothing of it is booked.
    """

    _usual = Fate.NOT_SENT

    def __init__(self, message: str, *, error: str | None = None, error_description: str | None = None) -> None:
        super().__init__(message)
        self.error = error
        self.error_description = error_description


class TransportError(AfasError):
    """No answer, or not all of it. ``sent`` is true when the request may have arrived."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent

    def _by_class(self) -> Fate:
        return Fate.UNCERTAIN if self.sent else Fate.NOT_SENT


class Broken(enum.StrEnum):
    """How a write was broken off of which nobody knows what became of it, where it was by the way to the service."""

    OFF = "broken off"
    """The connection or the answer broke, or somebody on the way answered that the service is away."""
    SILENT = "silent"
    """Nothing came in time: the service may still be working on it."""


class Uncertain(TransportError):  # noqa: N818 - the house's word for it
    """A write of which nobody knows whether Profit booked it: its ``sent`` is always true, and nothing repeats it, but
    for a service that tells a repeat by its identifier. ``broken`` is what broke it off, None when it was no fault of
    the way there: an answer that says too little, say.

    ``number``, ``log_reference``, ``trace_id`` and ``status`` are those of ``ProfitError``, where Profit gave any.
    """

    def __init__(
        self,
        message: str,
        *,
        number: int | None = None,
        log_reference: str | None = None,
        trace_id: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, sent=True)
        self.fate = Fate.UNCERTAIN
        self.broken: Broken | None = None
        self.number = number
        self.log_reference = log_reference
        self.trace_id = trace_id
        self.status = status
        self._note()


class AnswerError(AfasError):
    """An answer that cannot be read, or a value that does not fit its declared type."""


class CutOff(AnswerError):  # noqa: N818 - the house's word for it
    """An answer that ends before its end: never the end of the data."""


class ProfitError(AfasError):
    """Profit answered no.

    ``number`` is AFAS' number, ``log_reference`` its 32 hex digits, ``trace_id`` the header ``X-Trace-Identifier``,
    ``status`` the HTTP status; each None where there was none (profit-wire 3.6 and 7).
    """

    _usual = Fate.REFUSED

    def __init__(
        self,
        message: str,
        *,
        number: int | None = None,
        log_reference: str | None = None,
        trace_id: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.number = number
        self.log_reference = log_reference
        self.trace_id = trace_id
        self.status = status
        self._note()

    def _by_class(self) -> Fate:
        if self.status == _TOO_LARGE:
            return Fate.NOT_SENT
        return Fate.UNCERTAIN if gave_up(self.message) else self._usual


class AccessDenied(ProfitError):  # noqa: N818 - the house's word for it
    """The credentials, the address they came from, or the app connector do not allow it. Never repeated."""

    _usual = Fate.NOT_SENT


class NotFound(ProfitError):  # noqa: N818 - the house's word for it
    """No such address, connector or file."""

    _usual = Fate.NOT_SENT


class Busy(ProfitError):  # noqa: N818 - the house's word for it
    """Profit is away for a while. ``retry_after`` in seconds when it said how long."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        trace_id: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, trace_id=trace_id, status=status)
        self.retry_after = retry_after

    def _by_class(self) -> Fate:
        """AFAS documents one 503 as not begun, that which says when to come back; a gateway's says nothing."""
        return Fate.NOT_SENT if self.status == 503 and self.retry_after is not None else Fate.UNCERTAIN


class SBError(ProfitError):
    """AFAS SB answered no, or did a part of it.

    ``result`` is its own word (``Failed``, ``PartiallySucceeded``), None where it refused the request as such.
    ``errors`` are its texts. ``created_in_error`` are the ids of what it kept although it failed, out of those texts,
    and ``instances`` is what it kept of a part: its ``fate`` is ``STORED`` then, and neither status nor ``result`` says
    so (small-business.md 0). ``made`` are all ids that it told of those. A word for ``result`` that is
    not known leaves a write uncertain.
    """

    def __init__(
        self,
        message: str,
        *,
        result: str | None = None,
        errors: tuple[str, ...] = (),
        created_in_error: tuple[str, ...] = (),
        trace_id: str | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message, trace_id=trace_id, status=status)
        self.result = result
        self.errors = errors
        self.created_in_error = created_in_error
        self.instances: tuple[Mapping[str, object], ...] = ()
        self.made = created_in_error

    def _by_class(self) -> Fate:
        if self.made or self.instances or self.result == "PartiallySucceeded":
            return Fate.STORED
        return super()._by_class() if self.result in (None, "Failed") else Fate.UNCERTAIN


def place(problem: BaseException) -> str:
    """The kind of a fault and where it was raised, without its message: that may hold a value."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    # The last part of the path, of whichever system.
    path = "" if trace is None else trace.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return type(problem).__name__ + ("" if trace is None else f" in {path}, line {trace.tb_lineno}")


def printable(text: str) -> str:
    """``text``, which somebody else wrote, as it may stand in a message or a log: on one line, without control
    characters, and not longer than a message may be."""
    clean = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text[: 2 * _LONGEST])
    words = " ".join(clean.split())
    return words if len(words) <= _LONGEST else words[:_LONGEST] + " ..."
