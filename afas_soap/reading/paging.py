"""Pagination: many rows in pages, by skip and take or by key, and each page asked again where its answer was cut off.

AFAS' guide is columns times rows under 150,000 a call, and skip beyond 100,000 is slow (profit-wire 2.6). The number of
rows per page never changes during a read; only a last page of which ``take`` wants less is asked for less.

Rows go through in batches, as their reader gave them; nothing here is called for each row. An answer that ends properly
and yet too soon is noticed by the reader of its rows alone: then the page is asked again, and must begin with the rows
already given, of which a running digest is kept. (A connection that breaks is the transport's matter, which goes on
behind the bytes that it gave.)
"""

from __future__ import annotations

import itertools
import logging
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from typing import Protocol

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.rows import Batch, Record, Rows
from afas_soap.reading.digest import Digests, digests_of
from afas_soap.reading.keyset import alike, by_key, refuse_surplus, within
from afas_soap.reading.question import Read

# One call, whose rows are let go of when the block ends.
Ask = Callable[[Query], AbstractContextManager[Rows]]

_LOG = logging.getLogger("afas_soap.rows")

AGAIN = 3
"""How often a page is asked again."""


class Pages:
    """One read: asks page after page, and sees that they belong together."""

    def __init__(self, ask: Ask, read: Read) -> None:
        self._ask = ask
        self._read = read
        self.fields: Fields | None = None

    def batches(self, size: Callable[[], int]) -> Iterator[Batch]:
        """Every row; ``size`` is asked for the rows per page when the first one is needed."""
        if self._read.everything:
            return self._everything()
        if self._read.take == 0:
            # Without a call: SOAP gives none, but REST was measured to give one (profit-wire 3.2).
            return iter(())
        most = size()
        if self._read.one_page_only(most):
            return self._held(most)
        if self._read.key is None:
            return self._by_skip(most)
        return by_key(self._read, most, self._page, lambda: digests_of(self.fields))

    def _everything(self) -> Iterator[Batch]:
        # What AFAS documents as "get all" (profit-wire 2.3): one call, and nothing between the rows and their reader.
        with self._ask(Query(self._read.filters, self._read.order_by, skip=-1, take=-1)) as rows:
            yield from rows.batches()

    def _held(self, size: int) -> Iterator[Batch]:
        """The rows of an answer that one page holds, given when its end is known: without a sort a second page might
        hold rows of the first. Memory is that of a page."""
        read, held, count = self._read, deque[Batch](), 0
        # One more than a page: only so it shows whether there are further rows.
        with closing(self._page(Query(read.filters, skip=read.skip, take=size + 1))) as batches:
            for batch in batches:
                held.append(batch)
                count += len(batch)
                if count > size:
                    read.refuse_pages(size, self.fields)
        while held:
            yield held.popleft()

    def _by_skip(self, most: int) -> Iterator[Batch]:
        read = self._read
        given, warned = 0, False
        last: tuple[object, ...] | None = None
        while read.take is None or given < read.take:
            take = most if read.take is None else min(most, read.take - given)
            count = 0
            query = Query(read.filters, read.order_by, skip=read.skip + given, take=take)
            with closing(self._page(query)) as batches:
                for batch in batches:
                    if not count and not warned and last is not None:
                        warned = self._tied(last, batch[0], query.skip)
                    page = within(batch, count, take)
                    count += len(batch)
                    if page:
                        # Before the row is given away: it belongs to whoever gets it, who may change it.
                        last = self._place(page[-1]) if count >= take else last
                        yield page
                    refuse_surplus(count, take)
            if count < take:
                return
            given += count

    def _place(self, record: Record) -> tuple[object, ...]:
        return tuple(alike(record.get(sort.column)) for sort in self._read.order_by)

    def _tied(self, last: tuple[object, ...], record: Record, number: int) -> bool:
        """Warn when the first row of a page stands where the last one of the page before stood."""
        if last != self._place(record):
            return False
        _LOG.warning(
            "%s: the rows %d and %d, on either side of a page break, are equal in %s, so their order may differ from "
            "call to call: such rows may be lost or doubled. Sort by columns that are unique together, or read by key. "
            "This is said once for each read.",
            self._read.connector,
            number,
            number + 1,
            ", ".join(sort.column for sort in self._read.order_by),
        )
        return True

    def _page(self, query: Query) -> Generator[Batch]:
        return one_page(lambda: self._ask(query), self._columns)

    def _columns(self, fields: Fields | None, *, empty: bool) -> None:
        """See that a page has the columns of the first one; an answer without rows may come without a schema."""
        if fields is None and empty:
            return
        if self.fields is None:
            self.fields = fields
        elif fields is None or fields.columns != self.fields.columns:
            raise AnswerError(
                f"The columns of {self._read.connector} changed between two pages: read it again from the start."
            )


class Columns(Protocol):
    """Told the columns of each answer, and whether it has no rows; raises when they do not fit."""

    def __call__(self, fields: Fields | None, *, empty: bool) -> None: ...


def one_page(ask: Callable[[], AbstractContextManager[Rows]], columns: Columns) -> Generator[Batch]:
    """The rows of one call, asked again when its answer ends before its end, without giving a row twice.

    A page asked again must begin with the rows already given: ``AnswerError`` when it does not. ``CutOff`` when it is
    cut off time and again.
    """
    given = mark = 0
    left = AGAIN
    digests = digests_of(None)
    while True:
        try:
            with ask() as rows:
                batches = filter(None, rows.batches())
                first = _behind(batches, given, mark, digests)
                columns(rows.fields, empty=first is None and not given)
                if first is None:
                    return
                if not given:
                    digests = digests_of(rows.fields)
                for batch in itertools.chain((first,), batches):
                    # Before the rows are given away: they belong to whoever gets them, who may change them.
                    mark = _running(mark, digests(batch))
                    given += len(batch)
                    yield batch
                return
        except CutOff as error:
            if not left:
                raise
            left -= 1
            _LOG.info("asking again for a page that was cut off after %d rows: %s", given, error)


def _behind(batches: Iterator[Batch], given: int, mark: int, digests: Digests) -> Batch | None:
    """The first batch of the rows behind those already given, None when there are none."""
    again, left = 0, given
    rest: Batch = []
    while left and (batch := next(batches, None)):
        again = _running(again, digests(batch[:left]))
        rest = batch[left:]
        left -= min(left, len(batch))
    if again != mark:
        raise AnswerError(
            f"A page was cut off after {given:,} rows, and asked again it does not begin with those rows: the data "
            "changed while it was read. Read again from the start."
        )
    return rest or next(batches, None)


def _running(mark: int, digests: list[int]) -> int:
    for digest in digests:
        mark = hash((mark, digest))
    return mark
