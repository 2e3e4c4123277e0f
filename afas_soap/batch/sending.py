"""Sending the records of a batch, one at a time or a few at once, and what became of each.

Before each call the journal says ``sending``, after it the outcome. An error that leaves room for doubt, or that the
next record would meet as well, lets the calls under way end and stops the rest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic

from afas_soap.batch.file import Form, Record, Written, at_line
from afas_soap.batch.journal import DOUBTFUL, Entry, Journal, What
from afas_soap.batch.lookup import Ask
from afas_soap.crew import at_once
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    Fate,
    NotFound,
    SBError,
    SettingsError,
    Uncertain,
    UpdateError,
)
from afas_soap.profit.updates.receipt import Receipt

# The next record would be refused for the same reason.
_FOR_ALL = (AccessDenied, NotFound)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. ``phase`` is ``checking``, ``waiting`` (``seconds`` more, for what may still arrive) or
    ``sending``; ``count`` of ``total`` records were looked at."""

    phase: str
    count: int
    total: int | None
    seconds: float = 0.0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """A record that was not simply booked: where it stands in the file, and the error's sentence."""

    position: int
    line: int
    message: str


def _nothing(_progress: Progress) -> None:
    """Nobody wants to see it."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one record is sent under: the ``identifier`` that each repeat of it carries, ``first`` when it was sent
    first (in seconds since 1970), and ``again``, which is called before a repeat and says so in the journal. A repeat
    for which it raises is not to be made. ``repeated`` is whether it may have arrived before, and ``sought`` whether a
    lookup says that an earlier one, under another identifier, did not."""

    identifier: str
    first: float
    again: Callable[[], None]
    repeated: bool = False
    sought: bool = False


@dataclass(frozen=True)
class Identified(Generic[Written]):
    """What a service adds that tells a repeat by its identifier: ``send`` makes a call and its repeats, ``make`` an
    identifier, and for ``window`` seconds from the first time it is believed to know it."""

    send: Callable[[Written, Ticket], Receipt]
    make: Callable[[], str]
    window: float

    def knows(self, entry: Entry, now: float) -> bool:
        """Whether what may have been booked may be sent once more, and is carried out once. A clock that was set back
        tells nothing."""
        return entry.what in DOUBTFUL and bool(entry.identifier) and 0 <= now - entry.first < self.window


@dataclass(frozen=True)
class Calls(Generic[Written]):
    """What a batch needs from outside.

    ``check`` raises ``UpdateError`` for an update that cannot be sent; it is called for every record before any is
    sent, and so is ``prepare`` where there is none. ``prepare`` gives an update its root, or raises ``UpdateError``; it
    is called before each call, in one thread at a time. ``send`` makes one call, in as many threads as the
    batch may have calls at once; it should not repeat the call by itself, for the journal has the time of the first
    attempt. ``identified`` sends in its place, to a service that tells repeats. ``ask`` looks up; ``now`` is in seconds
    since 1970; ``progress`` may be called in any thread, though in one at a time.
    """

    send: Callable[[Written], Receipt]
    prepare: Callable[[Written], Written]
    ask: Ask | None = None
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[Progress], None] = _nothing
    check: Callable[[Written], object] | None = None
    identified: Identified[Written] | None = None


def outcome(error: AfasError) -> What:
    """What an error of a call says of its record: what became of the write, in the journal's words."""
    return _OUTCOMES[error.outcome]


_OUTCOMES: Mapping[Fate, What] = {
    Fate.NOT_SENT: What.NOT_SENT,
    Fate.REFUSED: What.REFUSED,
    Fate.UNCERTAIN: What.UNCERTAIN,
    Fate.STORED: What.STORED,
}


class Sending(Generic[Written]):
    """One pass of sending. ``batch`` is the file's name, ``total`` the number of its records, for what is told."""

    def __init__(self, calls: Calls[Written], journal: Journal, form: Form[Written], *, batch: str, total: int) -> None:
        self._calls = calls
        self._journal = journal
        self._form = form
        self._batch = batch
        self._total = total
        self._turn = threading.Lock()
        self._told = threading.Lock()
        self._done = 0
        self._endings: dict[What, list[Ending]] = {}
        self._stops: list[AfasError] = []
        self._ended = False

    @property
    def stopped(self) -> AfasError | None:
        """What ended the pass before its end; where several things did, all that leave doubt in one error."""
        doubts = [error for error in self._stops if isinstance(error, Uncertain)]
        if len(doubts) > 1:
            return Uncertain(" ".join(error.message for error in doubts)).about(connector=doubts[0].connector)
        return next(iter(doubts + self._stops), None)

    @property
    def done(self) -> int:
        """How many records were booked."""
        return self._done

    def endings(self, what: What) -> tuple[Ending, ...]:
        """The records that came to this, in the order of the file."""
        return tuple(sorted(self._endings.get(what, ()), key=lambda ending: ending.position))

    def run(self, records: Iterator[Record[Written]], parallel: int) -> None:
        """Send them, ``parallel`` at once, in order: a record's call begins after that of the one before it.

        What is no ``AfasError`` passes: a signal at once, without waiting for calls under way.
        """
        if parallel == 1:
            # In this thread, so that a signal ends the call.
            self._work(records)
            return
        # What they still do when a signal ends the process is uncertain.
        at_once(lambda _: self._work(records), parallel, end=self._end)

    def _end(self) -> None:
        """Whoever has the next turn sends nothing more."""
        self._ended = True

    def _work(self, records: Iterator[Record[Written]]) -> None:
        while (begun := self._begun(records)) is not None:
            self._send(*begun)

    def _begun(self, records: Iterator[Record[Written]]) -> tuple[Record[Written], Written, Ticket | None] | None:
        """The next record, once the journal says that it is being sent; None when there is none, or no more may go."""
        with self._turn:
            if self._ended:
                return None
            try:
                record = next(records, None)
                if record is None:
                    return None
                update = self._prepared(record)
                before = self._journal.entries.get(record.position)
                self._journal.sending(record.position, record.hash, self._identifier(record))
            except AfasError as error:
                self._stop(error)
                return None
            return record, update, self._ticket(record, repeated=before is not None and before.what in DOUBTFUL)

    def _ticket(self, record: Record[Written], *, repeated: bool) -> Ticket | None:
        entry = self._journal.entries[record.position]
        if self._calls.identified is None:
            return None

        def again() -> None:
            self._journal.sending(record.position, record.hash, entry.identifier)

        return Ticket(entry.identifier, entry.first, again, repeated, entry.sought)

    def _identifier(self, record: Record[Written]) -> str:
        """What the record is sent under: as before while that is not answered, and else another one."""
        identified, entry = self._calls.identified, self._journal.entries.get(record.position)
        if entry is not None and entry.what is What.STORED:
            # Its own line, so that the journal says who saw to it before it is sent once more.
            self._journal.write(What.ACCEPTED, record.position)
        if identified is None:
            return ""
        if entry is not None and entry.what in DOUBTFUL:
            if not identified.knows(entry, self._calls.now()):
                raise self._too_late(record)
            return entry.identifier
        kept = entry.identifier if entry is not None and entry.what is What.NOT_SENT else ""
        return kept or identified.make()

    def _too_late(self, record: Record[Written]) -> Uncertain:
        return Uncertain(
            f"Line {record.line} of {self._batch} may have been booked, or not, and it is too late to repeat it: "
            f"whether {self._form.service} still knows its identifier is not known. Nothing more is sent."
        ).about(connector=self._form.connector)

    def _prepared(self, record: Record[Written]) -> Written:
        try:
            return self._calls.prepare(record.update)
        except UpdateError as error:
            raise at_line(error, record.line) from None

    def _send(self, record: Record[Written], update: Written, ticket: Ticket | None) -> None:
        identified = self._calls.identified
        try:
            if identified is None or ticket is None:
                receipt = self._calls.send(update)
            else:
                receipt = identified.send(update, ticket)
        except AfasError as error:
            self._failed(record, error)
        else:
            keys = [dict(row) for row in receipt.keys]
            self._tell(record, What.DONE, "", {"keys": keys, "trace": receipt.trace_id})

    def _failed(self, record: Record[Written], error: AfasError) -> None:
        what = outcome(error)
        details = {
            "number": getattr(error, "number", None),
            "log": getattr(error, "log_reference", None),
            "trace": getattr(error, "trace_id", None),
            "kept": _kept(error) if what is What.STORED else None,
        }
        if what is What.UNCERTAIN:
            self._stop(self._uncertain(record, error))
        elif what is What.NOT_SENT or isinstance(error, _FOR_ALL):
            self._stop(error)
        self._tell(record, what, error.message, details)

    def _tell(self, record: Record[Written], what: What, message: str, details: Mapping[str, object]) -> None:
        """Write the outcome down, count it, and show how far we are."""
        try:
            self._journal.write(what, record.position, **details)
        except SettingsError as error:
            self._stop(_unwritten(record, what, details, error))
        with self._told:
            if what is What.DONE:
                self._done += 1
            else:
                self._endings.setdefault(what, []).append(Ending(record.position, record.line, message))
            refused = len(self._endings.get(What.REFUSED, ()))
            self._calls.progress(Progress("sending", record.position + 1, self._total, refused=refused))

    def _stop(self, error: AfasError) -> None:
        self._stops.append(error)
        self._ended = True

    def _uncertain(self, record: Record[Written], error: AfasError) -> Uncertain:
        upcoming = "looks it up (--lookup) before it sends anything"
        if self._calls.identified is not None:
            within = self._calls.identified.window / 60
            upcoming = f"repeats it under the same identifier within {within:.0f} minutes; behind that it is looked up"
        elif not self._form.is_new:
            upcoming = "sends nothing until you have looked, and told the journal what you saw"
        return Uncertain(
            f"Line {record.line} of {self._batch} may have been booked, or not: {error.message} The journal says so, "
            f"and the next run {upcoming}.",
            number=getattr(error, "number", None),
            log_reference=getattr(error, "log_reference", None),
            trace_id=getattr(error, "trace_id", None),
            status=getattr(error, "status", None),
        ).about(operation=error.operation, connector=error.connector, environment=error.environment)


def _kept(error: AfasError) -> list[str]:
    """The ids of what a refusal left behind."""
    return list(error.made) if isinstance(error, SBError) else []


def _unwritten(record: Record[Written], what: What, details: Mapping[str, object], error: SettingsError) -> Uncertain:
    """What a person must know when the journal could not take an outcome: for the next run it is uncertain."""
    keys = details.get("keys")
    told = f", with the keys {keys}" if keys else ""
    return Uncertain(
        f"Line {record.line} was sent and its outcome is known ({_WORDS[what]}{told}), but not written down: "
        f"{error.message} Nothing more is sent, and for the next run that line is uncertain: it must be looked up."
    )


_WORDS: Mapping[What, str] = {
    What.DONE: "booked",
    What.REFUSED: "refused",
    What.STORED: "refused, with something left behind",
    What.NOT_SENT: "not sent",
    What.UNCERTAIN: "not known whether it was booked",
}
