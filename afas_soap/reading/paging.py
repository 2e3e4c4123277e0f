"""Offset pagination (skip and take), and the choice between it and keyset pagination.

AFAS' guide is columns times rows under 150,000 a call, and skip beyond 100,000 is slow (profit-wire 2.6). The number of
rows per page never changes during a read; only a last page of which ``take`` wants less is asked for less.

Rows go through in batches, as their reader gave them; nothing here is called for each row.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.questions.window import EVERYTHING
from afas_soap.profit.rows import Batch, Record, Rows
from afas_soap.reading.keyset import by_key
from afas_soap.reading.page import alike, digests_of, one_page, refuse_surplus, within
from afas_soap.reading.question import Read

# One call, whose rows are let go of when the block ends.
Ask = Callable[[Query], AbstractContextManager[Rows]]

_LOG = logging.getLogger("afas_soap.rows")


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
        with self._ask(Query(self._read.filters, self._read.order_by, EVERYTHING.skip, EVERYTHING.take)) as rows:
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
