"""Query plan: one question on its way down, with all that it needs: the calls, the known columns, the limits.

A client hands the question in and the rows out. What is asked on the way (columns, the size of a page, whom to ask, how
an error is explained) is asked of the plan, and nothing climbs back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator

from afas_soap.calls import Calls, checked_name
from afas_soap.errors import NotOffered
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.rows import MAX_VALUE, Batch, Rows
from afas_soap.reading.columns import Columns
from afas_soap.reading.paging import Pages
from afas_soap.reading.question import SMALLEST_PAGE, Question, Read, read_of


class Reader:
    """The reads of one client. A value may be ``max_value`` bytes."""

    def __init__(self, calls: Calls, max_value: int = MAX_VALUE) -> None:
        self.columns = Columns(calls)
        self._calls = calls
        self._max_value = max_value

    def rows(self, connector: str, question: Question) -> Rows:
        """The rows of a GetConnector over all pages. Raises ``QueryError`` for a question that cannot be sent."""
        with self._calls.explained("rows", connector):
            read = read_of(checked_name(connector), question, self._max_value)
            known = self.columns.known(connector)
            if known is not None:
                read.check_columns(known)
        return Plan(read, self._calls, self.columns).rows()


class Plan:
    """One read: its pages, asked when they are wanted, and their columns."""

    def __init__(self, read: Read, calls: Calls, columns: Columns) -> None:
        self._read = read
        self._calls = calls
        self._columns = columns
        self._pages = Pages(self._page, read)

    def rows(self) -> Rows:
        """Every row; closing them lets the open call go."""
        batches = self._batches()
        return Rows.of_batches(self._told, batches, batches.close)

    def _told(self) -> Fields:
        """The columns as they are read."""
        return self._pages.fields or self._read.reading.columns(self._columns.if_told(self._read.connector))

    def _batches(self) -> Generator[Batch]:
        read = self._read
        try:
            with self._calls.explained("rows", read.connector):
                yield from self._pages.batches(self._size)
        finally:
            if read.reading.controls is not None:
                read.reading.controls.tell(read.connector)

    @contextlib.contextmanager
    def _page(self, query: Query) -> Iterator[Rows]:
        """One call, open until its rows are let go of."""
        read = self._read
        with (
            self._calls.call("rows", read.connector),
            self._calls.reads("rows").rows(read.connector, query, read.reading) as rows,
        ):
            if rows.fields is not None:
                # With dates or files named, the columns are the caller's and not the connector's.
                if not (read.reading.dates or read.reading.files):
                    self._columns.learn(read.connector, rows.fields)
                read.check_columns(rows.fields)
            yield rows

    def _size(self) -> int:
        try:
            return self._read.size(self._checked)
        except NotOffered:
            # It holds no rows. Should some come meanwhile, this page is not too large for them.
            return SMALLEST_PAGE

    def _checked(self) -> Fields:
        fields = self._columns.of(self._read.connector)
        self._read.check_columns(fields)
        return fields
