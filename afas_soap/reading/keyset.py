"""Keyset pagination: each page begins with the last key of the page before, so that depth costs nothing.

Several rows may have the key at which a page ends, and which of them stand on it is for the database to say. So the
next page asks from that key on, *including* it, and leaves out the rows that were given already, each as often as it
was there. That needs a page with more than one key, and a key in its last row: both are seen to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from afas_soap.errors import AnswerError
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query, Sort
from afas_soap.profit.rows import Batch, Value
from afas_soap.reading.page import Digests, alike, refuse_surplus, within
from afas_soap.reading.question import Read

Page = Callable[[Query], Generator[Batch]]
"""The rows of one call, in batches."""


def by_key(read: Read, most: int, page: Page, digests: Callable[[], Digests]) -> Iterator[Batch]:
    """Every row of ``read``, in pages of ``most`` rows. ``digests`` is asked once the columns are known.

    Raises ``AnswerError`` when there is nothing to read on from, and when Profit gives more than it was asked for.
    """
    assert read.key is not None, "it is read by key"
    key, given, filters = read.key, 0, read.filters
    before, only_page, empties = Counter[int](), True, False
    while True:
        # A first page that take fits suffices; how many rows come again on the others is not known before.
        take = min(most, read.take) if read.take is not None and not given else most
        keyed = _KeyPage(key, before, digests)
        with closing(page(Query(filters, (Sort(key),), skip=0, take=take))) as batches:
            for batch in keyed.new(batches, take):
                if read.take is not None and given + len(batch) >= read.take:
                    yield batch[: read.take - given]
                    return
                given += len(batch)
                yield batch
        empties = empties or keyed.empties
        if keyed.count < take:
            break
        keyed.refuse_standstill()
        from_here = Condition(key, Operator.GREATER_OR_EQUAL, str(keyed.last))
        filters, before, only_page = _and(read.filters, from_here), keyed.seen, False
    if not only_page and not empties:
        yield from _at_most(None if read.take is None else read.take - given, _with_empty_key(read, key, most, page))


def _with_empty_key(read: Read, key: str, most: int, page: Page) -> Iterator[Batch]:
    """The rows whose key is empty. SQL Server sorts them first, and then they were given; if a database sorts them
    last, ``key >= value`` has left them out."""
    count = 0
    filters = _and(read.filters, Condition(key, Operator.EMPTY))
    with closing(page(Query(filters, (Sort(key),), skip=0, take=most))) as batches:
        for batch in batches:
            count += len(batch)
            yield batch
    if count >= most:
        raise AnswerError(f"An empty {key} fills a page of {most:,} rows: take a larger page_size or another key.")


def _at_most(rows: int | None, batches: Iterator[Batch]) -> Iterator[Batch]:
    """The first ``rows`` of what stands in ``batches``; None for all."""
    for batch in batches:
        if rows is not None and len(batch) >= rows:
            yield batch[:rows]
            return
        rows = None if rows is None else rows - len(batch)
        yield batch


class _KeyPage:
    """One page by key: ``new`` leaves out the rows that the page before gave, each as often as it was there."""

    def __init__(self, key: str, before: Counter[int], digests: Callable[[], Digests]) -> None:
        self.count = 0
        self.given = 0
        self.last: Value = None
        self.empties = False
        self.seen = Counter[int]()
        self._key = key
        self._first: Value = None
        # Of all columns and the whole page, not only of the rows with the last key: which keys are equal is for the
        # database's collation to say.
        self._before = before
        # Known with the first row, as the columns are.
        self._digests = digests

    def new(self, batches: Iterator[Batch], take: int) -> Iterator[Batch]:
        """Those of the rows that the page before did not give."""
        for batch in batches:
            wanted = within(batch, self.count, take)
            fresh = self._fresh(wanted) if wanted else []
            self.count += len(batch)
            self.given += len(fresh)
            if fresh:
                yield fresh
            refuse_surplus(self.count, take)

    def _fresh(self, batch: Batch) -> Batch:
        keys = [record.get(self._key) for record in batch]
        if not self.count:
            self._first = keys[0]
        self.last = keys[-1]
        # As ``alike`` has it, without a call for each row.
        empty = [key for key in keys if (not key.rstrip(" ") if type(key) is str else key is None)]
        self.empties = self.empties or bool(empty)
        marks = self._digests()(batch)
        self.seen.update(marks)
        fresh, before = [], self._before
        for record, mark in zip(batch, marks, strict=True):
            again = before.get(mark, 0)
            if again:
                before[mark] = again - 1
            else:
                fresh.append(record)
        return fresh

    def refuse_standstill(self) -> None:
        """Behind a full page the next one begins with its last key: that must be a value, and not the first one."""
        rows = f"a page of {self.count:,} rows"
        if alike(self.last) is None:
            raise AnswerError(
                f"The key {self._key} is empty in the last row of {rows}, so there is nothing to read on from: "
                "take a larger page_size, filter on rows that have a key, or read by another key."
            )
        # Without a new row the next page would be this one again: a collation may take more for equal than we do.
        if self.given == 0 or alike(self.last) == alike(self._first):
            raise AnswerError(
                f"One value of the key {self._key} fills {rows}, so there may be more of it than can be read: "
                "take a larger page_size, or read by another key."
            )


def _and(filters: tuple[Filter, ...], condition: Condition) -> tuple[Filter, ...]:
    """``filters``, each with a further condition."""
    return tuple((*each, condition) for each in filters or ((),))
