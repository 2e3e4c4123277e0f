"""Reconciliation of a batch: the records that may have been booked, each looked up, repeated, or left for a person."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Generic

from afas_soap.batch.batch import Batch
from afas_soap.batch.file import Record, Written
from afas_soap.batch.journal import Journal
from afas_soap.batch.lookup import Ask, Doubtful, Group, Groups, Lookup, arrived, check_witness, told_lines
from afas_soap.batch.sending import Calls, Progress
from afas_soap.errors import Uncertain

# So that a wait can be seen to go on, and be broken off.
_STEP = 1.0


class Doubts(Generic[Written]):
    """What may have been booked. Of a service that tells a repeat by its identifier, what it would still know is left
    to be repeated, unless a lookup finds it."""

    def __init__(self, batch: Batch[Written], calls: Calls[Written], journal: Journal) -> None:
        self._batch = batch
        self._calls = calls
        self._journal = journal

    def looked_up(self, doubtful: list[Doubtful], booked: Iterator[Record[Written]]) -> int:
        """How many of them were found; the journal says so of each, or that it did not arrive. ``booked`` are the
        records that are known as booked."""
        lookup, ask = self._batch.lookup, self._calls.ask
        lost = [each for each in doubtful if not each.repeatable]
        if lookup is None or ask is None:
            if not lost:
                return 0
            lines = told_lines([each.line for each in lost]).capitalize()
            raise self.uncertain(
                f"{lines} of {self._batch.path.name} may have been booked, or not: an earlier run broke off there. "
                f"Nothing more is sent. {self._to_look()}."
            )
        self._check_values(lookup, lost)
        groups = Groups(lookup, [each for each in doubtful if each.value is not None], self._batch.form)
        for record in booked:
            groups.count(record.update)
        return self._settled(groups, ask, lookup)

    def _check_values(self, lookup: Lookup, lost: list[Doubtful]) -> None:
        unknown = [each.line for each in lost if each.value is None]
        if unknown:
            lines = told_lines([each.line for each in lost]).capitalize()
            raise self.uncertain(
                f"{lines} of {self._batch.path.name} may have been booked, or not, and {told_lines(unknown)} cannot be "
                f"looked up: that takes a new record with one value in {lookup.field}, on one line and without blanks "
                f"around it. Nothing more is sent: name another lookup, or look in {self._batch.form.service} yourself."
            )

    def _to_look(self) -> str:
        form = self._batch.form
        if not form.is_new:
            return f"Look in {form.service} yourself, and tell the journal what you saw"
        return f"Name {form.lookup}, or look in {form.service} yourself"

    def uncertain(self, message: str) -> Uncertain:
        """The error that says so."""
        return Uncertain(message).about(connector=self._batch.form.connector)

    def _settled(self, groups: Groups[Written], ask: Ask, lookup: Lookup) -> int:
        """Ask about each group; about those that have not all arrived once more when they had the time to arrive."""
        found, missing, longest = 0, [], 0.0
        for group in groups:
            # Before the question: an answer counts when the time had passed as it was asked for.
            remaining = self._remaining(group)
            count = arrived(group, ask, lookup)
            if not count and not group.known:
                check_witness(groups, ask, lookup)
            if count == len(group.doubtful):
                found += self._tell(group, count)
            elif not count and group.repeatable:
                # Their identifiers tell, also of a call that is still worked on.
                continue
            elif remaining <= 0:
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
            raise self.uncertain(
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
