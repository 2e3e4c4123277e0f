"""Many rows in pages: by skip and take, or by key. Pure functions over one question: ``Ask`` is a single call.

AFAS' guide is columns times rows under 150,000 a call, and skip beyond 100,000 is slow (profit-wire 2.6). The number of
rows per page never changes during a read; only a last page of which ``take`` wants less is asked for less.
"""

from __future__ import annotations

import itertools
import logging
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query, Sort
from afas_soap.profit.rows import Record, Rows, Value
from afas_soap.reading.onepage import Digest, digest_of, one_page
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

    def records(self, size: Callable[[], int]) -> Iterator[Record]:
        """Every row; ``size`` is asked for the rows per page when the first one is needed."""
        if self._read.everything:
            return self._everything()
        if self._read.take == 0:
            # Without a call: SOAP gives none, but REST was measured to give one (profit-wire 3.2).
            return iter(())
        most = size()
        if self._read.one_page_only(most):
            return self._held(most)
        return self._by_skip(most) if self._read.key is None else self._by_key(self._read.key, most)

    def _everything(self) -> Iterator[Record]:
        # What AFAS documents as "get all" (profit-wire 2.3): one call, and nothing between a row and its reader.
        with self._ask(Query(self._read.filters, self._read.order_by, skip=-1, take=-1)) as rows:
            yield from rows

    def _held(self, size: int) -> Iterator[Record]:
        """The rows of an answer that one page holds, given when its end is known: without a sort a second page might
        hold rows of the first. Memory is that of a page."""
        read = self._read
        # One more than a page: only so it shows whether there are further rows.
        with closing(self._page(Query(read.filters, skip=read.skip, take=size + 1))) as records:
            held = deque(itertools.islice(records, size + 1))
        if len(held) > size:
            read.refuse_pages(size, self.fields)
        while held:
            yield held.popleft()

    def _by_skip(self, most: int) -> Iterator[Record]:
        read = self._read
        given, warned = 0, False
        last: tuple[object, ...] | None = None
        while read.take is None or given < read.take:
            take = most if read.take is None else min(most, read.take - given)
            count = 0
            with closing(self._page(Query(read.filters, read.order_by, skip=read.skip + given, take=take))) as records:
                for count, record in enumerate(records, 1):
                    if count == 1 and not warned and last is not None:
                        warned = self._tied(last, record, read.skip + given)
                    if count >= take:
                        _refuse_surplus(count, take)
                        # Before the row is given away: it belongs to whoever gets it, who may change it.
                        last = self._place(record)
                    yield record
            if count < take:
                return
            given += count

    def _place(self, record: Record) -> tuple[object, ...]:
        return tuple(_alike(record.get(sort.column)) for sort in self._read.order_by)

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

    def _by_key(self, key: str, most: int) -> Iterator[Record]:
        read, given = self._read, 0
        filters, before = read.filters, Counter[int]()
        only_page, empties = True, False
        while True:
            # A first page that take fits suffices; how many rows come again on the others is not known before.
            take = min(most, read.take) if read.take is not None and not given else most
            page = _KeyPage(key, before, lambda: digest_of(self.fields))
            with closing(self._page(Query(filters, (Sort(key),), skip=0, take=take))) as records:
                for record in page.new(records, take):
                    given += 1
                    yield record
                    if given == read.take:
                        return
            empties = empties or page.empties
            if page.count < take:
                break
            page.refuse_standstill()
            from_here = Condition(key, Operator.GREATER_OR_EQUAL, str(page.last))
            filters, before, only_page = _and(read.filters, from_here), page.seen, False
        if not only_page and not empties:
            rest = self._with_empty_key(key, most)
            yield from rest if read.take is None else itertools.islice(rest, read.take - given)

    def _with_empty_key(self, key: str, most: int) -> Iterator[Record]:
        """The rows whose key is empty. SQL Server sorts them first, and then they were given; if a database sorts them
        last, ``key >= value`` has left them out."""
        read, count = self._read, 0
        filters = _and(read.filters, Condition(key, Operator.EMPTY))
        with closing(self._page(Query(filters, (Sort(key),), skip=0, take=most))) as records:
            for record in records:
                count += 1
                yield record
        if count >= most:
            raise AnswerError(f"An empty {key} fills a page of {most:,} rows: take a larger page_size or another key.")

    def _page(self, query: Query) -> Generator[Record]:
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


class _KeyPage:
    """One page by key: ``new`` leaves out the rows that the page before gave, each as often as it was there."""

    def __init__(self, key: str, before: Counter[int], digest: Callable[[], Digest]) -> None:
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
        self._digest = digest

    def new(self, records: Iterator[Record], take: int) -> Iterator[Record]:
        """Those of ``records`` that the page before did not give."""
        digest = digest_of(None)
        for record in records:
            self.count += 1
            _refuse_surplus(self.count, take)
            self.last = record.get(self._key)
            self.empties = self.empties or _alike(self.last) is None
            if self.count == 1:
                self._first, digest = self.last, self._digest()
            mark = digest(record)
            self.seen[mark] += 1
            if self._before[mark] > 0:
                self._before[mark] -= 1
            else:
                self.given += 1
                yield record

    def refuse_standstill(self) -> None:
        """Behind a full page the next one begins with its last key: that must be a value, and not the first one."""
        rows = f"a page of {self.count:,} rows"
        if _alike(self.last) is None:
            raise AnswerError(
                f"The key {self._key} is empty in the last row of {rows}, so there is nothing to read on from: "
                "take a larger page_size, filter on rows that have a key, or read by another key."
            )
        # Without a new row the next page would be this one again: a collation may take more for equal than we do.
        if self.given == 0 or _alike(self.last) == _alike(self._first):
            raise AnswerError(
                f"One value of the key {self._key} fills {rows}, so there may be more of it than can be read: "
                "take a larger page_size, or read by another key."
            )


def _alike(value: Value) -> object:
    """What compares equal when the database may take the values for equal: case and blanks at the end do not count."""
    return (value.casefold().rstrip(" ") or None) if isinstance(value, str) else value


def _refuse_surplus(count: int, take: int) -> None:
    if count > take:
        raise AnswerError(
            f"Profit gave more rows than the {take:,} that were asked for, so pages cannot be told apart."
        )


def _and(filters: tuple[Filter, ...], condition: Condition) -> tuple[Filter, ...]:
    """``filters``, each with a further condition."""
    return tuple((*each, condition) for each in filters or ((),))
