"""A batch: record after record of a file, with a journal, so that a run that broke off goes on and books nothing twice.

A run goes through the file twice. First every record is read and checked, and held against the journal: a broken line
900 is found before line 1 is sent, and a file whose beginning changed is refused. What may have been booked is looked
up then. Only after that the first record is sent.

Nothing is sent that the journal does not say first, and nothing is sent again that may have been booked.
"""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

from afas_soap.batch.batch import Batch, Summary
from afas_soap.batch.doubts import Doubts
from afas_soap.batch.file import BatchFile, Record, Written, at_line
from afas_soap.batch.journal import BOOKED, DOUBTFUL, Entry, Header, Journal, What
from afas_soap.batch.lookup import Doubtful, scope_of, told_lines
from afas_soap.batch.sending import Calls, Ending, Progress, Sending
from afas_soap.errors import Problem, SettingsError, Uncertain, UpdateError

# More are not told: they are of one kind then.
_MOST_PROBLEMS = 100


def run(batch: Batch[Written], calls: Calls[Written]) -> Summary:
    """Send what is still to be sent, and tell what became of it.

    What stops a run while it sends stands in ``Summary.stopped``. Raised are, before anything is sent: ``UpdateError``
    with the problems of all lines that are wrong; ``SettingsError`` for a file or journal that cannot be used or do not
    belong together; ``Uncertain`` for records that may have been booked and are not looked up, or cannot be; and what
    ``calls.ask`` raises. What is no ``AfasError`` (a signal) passes at any time: what is under way then is uncertain.
    """
    form = batch.form
    header = Header(form.connector, form.action, form.sub_object, batch.environment, batch.path.name)
    with (
        BatchFile(batch.path, form) as file,
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
    stored_before: list[Ending] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)
    """The lines that were corrected although what was left behind of them is still there."""
    left_behind: list[str] = field(default_factory=list)
    """The ids of that."""
    doubtful: list[Doubtful] = field(default_factory=list)
    unproven: list[int] = field(default_factory=list)
    """The lines that an earlier version called refused, which are to be sent again and cannot be looked up."""
    problems: list[Problem] = field(default_factory=list)
    marks: bytearray = field(default_factory=bytearray)
    """The beginning of each record's hash, one behind the other: enough to see that it is still the same one."""


class _Run(Generic[Written]):
    """One run over one file, with its journal open."""

    def __init__(
        self, batch: Batch[Written], calls: Calls[Written], file: BatchFile[Written], journal: Journal
    ) -> None:
        self._batch = batch
        self._calls = calls
        self._file = file
        self._journal = journal
        self._doubts = Doubts(batch, calls, journal)

    def summary(self) -> Summary:
        seen = self._checked()
        found = self._doubts.looked_up(seen.doubtful, self._booked()) if seen.doubtful else 0
        name = self._batch.path.name
        sending = Sending(self._calls, self._journal, self._batch.form, batch=name, total=seen.total)
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
            sending.endings(What.STORED),
            tuple(seen.stored_before),
        )

    def _booked(self) -> Iterator[Record[Written]]:
        """The records that are known as booked."""
        for line in self._file.lines():
            entry = self._journal.entries.get(line.position)
            if entry is not None and entry.what in BOOKED:
                yield self._held(self._file.record(line))

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
            raise UpdateError.of(*seen.problems[:_MOST_PROBLEMS]).about(connector=self._batch.form.connector)
        if any(position >= seen.total for position in self._journal.entries):
            raise self._changed(f"it has {seen.total} records, and the journal knows of more")
        if seen.corrected:
            raise self._still_there(seen.corrected, seen.left_behind)
        if seen.unproven:
            raise self._unproven(seen.unproven)
        return seen

    def _still_there(self, lines: list[int], ids: list[str]) -> SettingsError:
        one, kept = len(ids) == 1, ", ".join(ids[:10]) or "something, and did not say what,"
        return SettingsError(
            f"{told_lines(lines).capitalize()} of {self._batch.path.name} changed, and {self._batch.form.service} kept "
            f"{kept} of what was sent from there: delete that first, where the connector has a delete (afas sb delete "
            f"{self._batch.form.connector} --administration ADMINISTRATION --id {ids[0] if one else 'ID'} --journal "
            f"{shlex.quote(str(self._batch.journal))}), or say --accept (accept) when it is right as it is or was "
            "deleted elsewhere. Nothing is sent."
        )

    def _unproven(self, lines: list[int]) -> Uncertain:
        remedy = "look in Profit yourself and say --yes (trust_refused)"
        if self._batch.lookup is not None:
            remedy = f"the lookup cannot tell, for the line was mended since or has no value to look up by: {remedy}"
        elif self._batch.form.is_new:
            remedy = f"name a lookup (--lookup), or {remedy}"
        return self._doubts.uncertain(
            f"{told_lines(lines).capitalize()} of {self._batch.path.name} may have been booked: an earlier version of "
            "this program called that refused, and took the no of others than Profit for that as well. Nothing is "
            f"sent: {remedy}."
        )

    def _held(self, record: Record[Written]) -> Record[Written]:
        """The record, which is the one that the journal means, where it means one."""
        entry = self._journal.entries.get(record.position)
        if entry is not None and entry.hash != record.hash and not self._may_be_mended(entry):
            raise self._changed(f"line {record.line} is not the record that was sent from there")
        return record

    def _may_be_mended(self, entry: Entry) -> bool:
        """Whether the record may have changed since: it was refused, and is to be sent again."""
        return entry.what in _CLOSED or (self._batch.retry_refused and entry.what is What.REFUSED)

    def _changed(self, how: str) -> SettingsError:
        return SettingsError(
            f"{self._batch.path} is not the file that the journal {self._batch.journal} is about: {how}. Put the file "
            "back as it was (new records go at its end), or name another journal."
        )

    def _look(self, record: Record[Written], seen: _Seen) -> None:
        entry = self._journal.entries.get(record.position)
        if entry is not None and entry.what in BOOKED:
            seen.done_before += 1
        elif entry is not None and entry.what in DOUBTFUL:
            seen.doubtful.append(self._doubtful(record, entry))
        elif entry is not None and self._is_to_go(entry, record) and entry.what is What.REFUSED:
            self._look_at_refused(record, entry, seen)
        if self._is_to_go(entry, record) or (entry is not None and entry.what in DOUBTFUL):
            try:
                (self._calls.check or self._calls.prepare)(record.update)
            except UpdateError as error:
                raise at_line(error, record.line) from None
        elif entry is not None and entry.what not in BOOKED:
            self._look_at_closed(record, entry, seen)

    def _look_at_closed(self, record: Record[Written], entry: Entry, seen: _Seen) -> None:
        """What was refused in an earlier run, and is not to go again."""
        service, ids = self._batch.form.service, ", ".join(entry.kept) or "whose id it did not tell"
        if entry.what is What.STORED:
            told = f"{service} refused it in an earlier run and kept something of it ({ids})."
            seen.stored_before.append(Ending(record.position, record.line, told))
            if entry.hash != record.hash:
                seen.corrected.append(record.line)
                seen.left_behind += entry.kept
            return
        told = f"{service} refused it in an earlier run ({entry.reference or 'without a number'})."
        if entry.what is not What.REFUSED:
            told = f"{service} refused it in an earlier run; what it kept of it was seen to ({ids})."
        seen.refused_before.append(Ending(record.position, record.line, told))

    def _doubtful(self, record: Record[Written], entry: Entry) -> Doubtful:
        lookup, identified = self._batch.lookup, self._calls.identified
        value = None if lookup is None else self._batch.form.value(record.update, lookup.field)
        repeatable = identified is not None and identified.knows(entry, self._calls.now())
        within = "" if lookup is None else scope_of(record.update, lookup, self._batch.form)
        return Doubtful(record.position, record.line, record.hash, entry.sent, value, repeatable, within)

    def _look_at_refused(self, record: Record[Written], entry: Entry, seen: _Seen) -> None:
        """A refused record is looked up like a doubtful one, where that is possible; where it is not, its refusal must
        be Profit's own. Of one that was mended, what was sent then cannot be looked up any more."""
        doubtful = self._doubtful(record, entry)
        if doubtful.value is not None:
            seen.doubtful.append(doubtful)
        if not entry.proven and (doubtful.value is None or entry.hash != record.hash) and not self._batch.trust_refused:
            seen.unproven.append(record.line)

    def _is_to_go(self, entry: Entry | None, record: Record[Written]) -> bool:
        if entry is None or entry.what in (What.NOT_SENT, What.NOT_FOUND):
            return True
        if entry.what is What.REFUSED:
            return self._batch.retry_refused
        corrected = entry.hash != record.hash
        if entry.what is What.STORED:
            return self._batch.accept and corrected
        return entry.what in _CLOSED and (corrected or self._batch.retry_refused)

    # --- the second pass ---

    def _to_send(self, seen: _Seen) -> Iterator[Record[Written]]:
        """What is still to be sent. A line that was put into the file meanwhile would move what was sent already to
        where it looks new, so each record must be the one that was checked."""
        for line in itertools.islice(self._file.lines(), seen.total):
            entry = self._journal.entries.get(line.position)
            if entry is not None and entry.what in BOOKED:
                continue
            record = self._file.record(line)
            # What is doubtful still may be repeated: else the lookup would have said so.
            if self._is_to_go(entry, record) or (entry is not None and entry.what in DOUBTFUL):
                if not seen.marks.startswith(_mark(record), _MARK * record.position):
                    raise self._changed(f"line {record.line} changed while the batch was sent")
                yield record


_MARK = 16
# What was refused with something left behind.
_CLOSED = (What.STORED, What.REMOVED, What.ACCEPTED)


def _mark(record: Record[Written]) -> bytes:
    return bytes.fromhex(record.hash)[:_MARK]
