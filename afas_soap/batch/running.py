"""A batch: record after record of a file, with a journal, so that a run that broke off goes on and books nothing twice.

A run goes through the file twice. First every record is read and checked, and held against the journal: a broken line
900 is found before line 1 is sent, and a file whose beginning changed is refused. What may have been booked is looked
up then. Only after that the first record is sent.

Nothing is sent that the journal does not say first, and nothing is sent again that may have been booked.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from afas_soap.batch.file import BatchFile, Record, at_line
from afas_soap.batch.journal import BOOKED, DOUBTFUL, Entry, Header, Journal, What
from afas_soap.batch.lookup import Ask, Doubtful, Group, Groups, Lookup, arrived, check_witness, told_lines
from afas_soap.batch.sending import Calls, Ending, Progress, Sending
from afas_soap.errors import AfasError, Problem, SettingsError, Uncertain, UpdateError
from afas_soap.limits import CALL_SECONDS, CALLS_AT_ONCE
from afas_soap.profit.updates.update import Action

SETTLE = CALL_SECONDS
"""Seconds after which work that Profit took on has ended: AFAS' own limit."""

# More are not told: they are of one kind then.
_MOST_PROBLEMS = 100
# So that a wait can be seen to go on, and be broken off.
_STEP = 1.0


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to be sent, and how to go on with it.

    ``path`` is the file, JSON Lines; ``journal`` the file that remembers, which is made when it is not there.
    ``lookup`` tells how to find out whether an uncertain record arrived; it has to be one that was not there before, so
    it is for inserts only. When it is not found, it counts as not arrived ``settle`` seconds after it was sent: until
    then the run waits, or stops when ``wait`` is false. ``retry_refused`` sends again what Profit refused in an earlier
    run, as it stands in the file now; with a lookup it is looked up first. Before version 0.4 other answers were taken
    for refusals as well: what was called refused then, and cannot be looked up, is sent again with ``trust_refused``
    only. Raises ``SettingsError`` for what contradicts itself.
    """

    path: Path
    connector: str
    journal: Path
    environment: str
    action: Action = Action.INSERT
    sub_object: str = ""
    parallel: int = 1
    settle: float = SETTLE
    lookup: Lookup | None = None
    wait: bool = True
    retry_refused: bool = False
    trust_refused: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.parallel <= CALLS_AT_ONCE:
            raise SettingsError(f"parallel: 1 to {CALLS_AT_ONCE} calls at once; AFAS allows no more.")
        if not (math.isfinite(self.settle) and self.settle >= 0):
            raise SettingsError("settle: a number of seconds, 0 or more.")
        if self.lookup is not None and self.action is not Action.INSERT:
            raise SettingsError(
                f"lookup: it finds out whether a new record arrived, and tells nothing about {self.action.value}: "
                "look such records up yourself."
            )


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch.

    ``total`` counts the records of the file; ``done`` those that this run sent and Profit booked; ``done_before`` those
    that earlier runs saw to; ``found`` those that this run looked up and found. ``refused``, ``not_sent`` and
    ``uncertain`` are of this run, ``refused_before`` of earlier ones. ``stopped`` is what ended the run before its end,
    and None when every record was tried.
    """

    total: int
    done: int
    done_before: int
    found: int
    refused: tuple[Ending, ...] = ()
    refused_before: tuple[Ending, ...] = ()
    not_sent: tuple[Ending, ...] = ()
    uncertain: tuple[Ending, ...] = ()
    stopped: AfasError | None = None

    @property
    def booked(self) -> int:
        """How many records Profit has, as far as is known."""
        return self.done + self.done_before + self.found

    @property
    def left(self) -> int:
        """How many records the next run would send, once those that are uncertain were looked up."""
        return self.total - self.booked - len(self.refused) - len(self.refused_before) - len(self.uncertain)


def run(batch: Batch, calls: Calls) -> Summary:
    """Send what is still to be sent, and tell what became of it.

    What stops a run while it sends stands in ``Summary.stopped``. Raised are, before anything is sent: ``UpdateError``
    with the problems of all lines that are wrong; ``SettingsError`` for a file or journal that cannot be used or do not
    belong together; ``Uncertain`` for records that may have been booked and are not looked up, or cannot be; and what
    ``calls.ask`` raises. What is no ``AfasError`` (a signal) passes at any time: what is under way then is uncertain.
    """
    header = Header(batch.connector, batch.action.value, batch.sub_object, batch.environment, batch.path.name)
    with (
        BatchFile(batch.path, batch.connector, action=batch.action, sub_object=batch.sub_object) as file,
        Journal(batch.journal, header, calls.now) as journal,
    ):
        if journal.same_as(file.fileno()):
            raise SettingsError(f"the journal {batch.journal} is the batch file itself: name another one.")
        return _Run(batch, calls, file, journal).summary()


@dataclass
class _Seen:
    """What the first pass found in the file."""

    total: int = 0
    done_before: int = 0
    refused_before: list[Ending] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    unproven: list[int] = field(default_factory=list)
    """The lines that an earlier version called refused, which are to be sent again and cannot be looked up."""
    problems: list[Problem] = field(default_factory=list)
    marks: bytearray = field(default_factory=bytearray)
    """The beginning of each record's hash, one behind the other: enough to see that it is still the same one."""


class _Run:
    """One run over one file, with its journal open."""

    def __init__(self, batch: Batch, calls: Calls, file: BatchFile, journal: Journal) -> None:
        self._batch = batch
        self._calls = calls
        self._file = file
        self._journal = journal

    def summary(self) -> Summary:
        seen = self._checked()
        found = self._looked_up(seen.doubtful) if seen.doubtful else 0
        sending = Sending(self._calls, self._journal, batch=self._batch.path.name, total=seen.total)
        sending.run(self._to_send(seen), self._batch.parallel)
        return Summary(
            seen.total,
            sending.done,
            seen.done_before,
            found,
            sending.endings(What.REFUSED),
            tuple(seen.refused_before),
            sending.endings(What.NOT_SENT),
            sending.endings(What.UNCERTAIN),
            sending.stopped,
        )

    # --- the first pass ---

    def _checked(self) -> _Seen:
        """Every record read, held against the journal, and checked where it is to be sent."""
        seen = _Seen()
        for line in self._file.lines():
            seen.total += 1
            try:
                record = self._held(self._file.record(line))
                seen.marks += _mark(record)
                self._look(record, seen)
            except UpdateError as error:
                seen.problems += error.problems
            if len(seen.problems) >= _MOST_PROBLEMS:
                break
            self._calls.progress(Progress("checking", seen.total, None))
        if seen.problems:
            raise UpdateError.of(*seen.problems[:_MOST_PROBLEMS]).about(connector=self._batch.connector)
        if any(position >= seen.total for position in self._journal.entries):
            raise self._changed(f"it has {seen.total} records, and the journal knows of more")
        if seen.unproven:
            raise self._unproven(seen.unproven)
        return seen

    def _unproven(self, lines: list[int]) -> Uncertain:
        remedy = "look in Profit yourself and say --yes (trust_refused)"
        if self._batch.lookup is not None:
            remedy = f"the lookup cannot tell, for the line was mended since or has no value to look up by: {remedy}"
        elif self._batch.action is Action.INSERT:
            remedy = f"name a lookup (--lookup), or {remedy}"
        return self._uncertain(
            f"{told_lines(lines).capitalize()} of {self._batch.path.name} may have been booked: an earlier version of "
            "this program called that refused, and took the no of others than Profit for that as well. Nothing is "
            f"sent: {remedy}."
        )

    def _held(self, record: Record) -> Record:
        """The record, which is the one that the journal means, where it means one."""
        entry = self._journal.entries.get(record.position)
        if entry is not None and entry.hash != record.hash and not self._may_be_mended(entry):
            raise self._changed(f"line {record.line} is not the record that was sent from there")
        return record

    def _may_be_mended(self, entry: Entry) -> bool:
        """Whether the record may have changed since: Profit refused it, and it is to be sent again."""
        return self._batch.retry_refused and entry.what is What.REFUSED

    def _changed(self, how: str) -> SettingsError:
        return SettingsError(
            f"{self._batch.path} is not the file that the journal {self._batch.journal} is about: {how}. Put the file "
            "back as it was (new records go at its end), or name another journal."
        )

    def _look(self, record: Record, seen: _Seen) -> None:
        entry = self._journal.entries.get(record.position)
        if entry is not None and entry.what in BOOKED:
            seen.done_before += 1
        elif entry is not None and entry.what in DOUBTFUL:
            seen.doubtful.append(self._doubtful(record, entry))
        elif entry is not None and self._is_to_go(entry) and entry.what is What.REFUSED:
            self._look_at_refused(record, entry, seen)
        if self._is_to_go(entry) or (entry is not None and entry.what in DOUBTFUL):
            try:
                (self._calls.check or self._calls.prepare)(record.update)
            except UpdateError as error:
                raise at_line(error, record.line) from None
        elif entry is not None and entry.what is What.REFUSED:
            told = f"Profit refused it in an earlier run ({entry.reference or 'without a number'})."
            seen.refused_before.append(Ending(record.position, record.line, told))

    def _doubtful(self, record: Record, entry: Entry) -> Doubtful:
        value = None if self._batch.lookup is None else self._batch.lookup.value(record.update)
        return Doubtful(record.position, record.line, record.hash, entry.sent, value)

    def _look_at_refused(self, record: Record, entry: Entry, seen: _Seen) -> None:
        """A refused record is looked up like a doubtful one, where that is possible; where it is not, its refusal must
        be Profit's own. Of one that was mended, what was sent then cannot be looked up any more."""
        doubtful = self._doubtful(record, entry)
        if doubtful.value is not None:
            seen.doubtful.append(doubtful)
        if not entry.proven and (doubtful.value is None or entry.hash != record.hash) and not self._batch.trust_refused:
            seen.unproven.append(record.line)

    def _is_to_go(self, entry: Entry | None) -> bool:
        if entry is None or entry.what in (What.NOT_SENT, What.NOT_FOUND):
            return True
        return entry.what is What.REFUSED and self._batch.retry_refused

    # --- what may have been booked ---

    def _looked_up(self, doubtful: list[Doubtful]) -> int:
        """How many of them were found; the journal says so of each, or that it did not arrive."""
        lookup, ask = self._batch.lookup, self._calls.ask
        lines = told_lines([each.line for each in doubtful]).capitalize()
        if lookup is None or ask is None:
            raise self._uncertain(
                f"{lines} of {self._batch.path.name} may have been booked, or not: an earlier run broke off there. "
                f"Nothing more is sent. {self._to_look()}."
            )
        unknown = [each.line for each in doubtful if each.value is None]
        if unknown:
            raise self._uncertain(
                f"{lines} of {self._batch.path.name} may have been booked, or not, and {told_lines(unknown)} cannot be "
                f"looked up: that takes a new record with one value in {lookup.field}, on one line and without blanks "
                "around it. Nothing more is sent: name another lookup, or look in Profit yourself."
            )
        return self._settled(self._groups(lookup, doubtful), ask, lookup)

    def _to_look(self) -> str:
        if self._batch.action is not Action.INSERT:
            return "Look in Profit yourself, and tell the journal what you saw"
        return "Name a lookup (--lookup CONNECTOR:COLUMN=FIELD), which asks a GetConnector, or look in Profit yourself"

    def _uncertain(self, message: str) -> Uncertain:
        return Uncertain(message).about(connector=self._batch.connector)

    def _groups(self, lookup: Lookup, doubtful: list[Doubtful]) -> Groups:
        groups = Groups(lookup, doubtful)
        for line in self._file.lines():
            entry = self._journal.entries.get(line.position)
            if entry is not None and entry.what in BOOKED:
                groups.count(self._held(self._file.record(line)).update)
        return groups

    def _settled(self, groups: Groups, ask: Ask, lookup: Lookup) -> int:
        """Ask about each group; about those that have not all arrived once more when they had the time to arrive."""
        found, missing, longest = 0, [], 0.0
        for group in groups:
            # Before the question: an answer counts when the time had passed as it was asked for.
            remaining = self._remaining(group)
            count = arrived(group, ask, lookup)
            if not count and not group.known:
                check_witness(groups, ask, lookup)
            if count == len(group.doubtful) or remaining <= 0:
                found += self._tell(group, count)
            else:
                missing.append(group)
                longest = max(longest, remaining)
        if missing:
            self._wait(longest, missing)
        for group in missing:
            found += self._tell(group, arrived(group, ask, lookup))
        return found

    def _remaining(self, group: Group) -> float:
        """Seconds until nothing of it can arrive any more. What was sent in the future (the clock was set back) counts
        as sent now."""
        now = self._calls.now()
        return max(self._batch.settle - max(0.0, now - each.sent) for each in group.doubtful)

    def _wait(self, seconds: float, missing: list[Group]) -> None:
        if not self._batch.wait:
            lines = told_lines(sorted(line for group in missing for line in group.lines)).capitalize()
            raise self._uncertain(
                f"{lines} of {self._batch.path.name} did not arrive so far, and may still do so for "
                f"{math.ceil(seconds)} seconds: go on after that. Nothing more is sent."
            )
        # Counted down rather than read from a clock, which may be set meanwhile.
        while seconds > 0:
            self._calls.progress(Progress("waiting", 0, None, seconds))
            step = min(_STEP, seconds)
            self._calls.sleep(step)
            seconds -= step

    def _tell(self, group: Group, count: int) -> int:
        # Where only some of a group arrived they are equal, so it does not matter which of them are taken for those.
        for number, each in enumerate(group.doubtful):
            self._journal.looked_up(each.position, each.hash, found=number < count)
        return count

    # --- the second pass ---

    def _to_send(self, seen: _Seen) -> Iterator[Record]:
        """What is still to be sent. A line that was put into the file meanwhile would move what was sent already to
        where it looks new, so each record must be the one that was checked."""
        for line in itertools.islice(self._file.lines(), seen.total):
            if self._is_to_go(self._journal.entries.get(line.position)):
                record = self._file.record(line)
                if not seen.marks.startswith(_mark(record), _MARK * record.position):
                    raise self._changed(f"line {record.line} changed while the batch was sent")
                yield record


_MARK = 16


def _mark(record: Record) -> bytes:
    return bytes.fromhex(record.hash)[:_MARK]
