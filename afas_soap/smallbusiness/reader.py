"""Reads of SB: rows in pages, and what changed since a tracking token."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

from afas_soap.errors import AfasError
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Batch, Rows
from afas_soap.sb.filters import query_string
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.records import Answered, Records
from afas_soap.sb.table import Table
from afas_soap.smallbusiness.changes import Answers, Changes
from afas_soap.smallbusiness.cursor import Cursor, Place, check_apart
from afas_soap.smallbusiness.paging import Pages
from afas_soap.smallbusiness.peeked import rows_with
from afas_soap.smallbusiness.question import Read, SbQuestion, Since, check_changes, further, read_of
from afas_soap.wire.sb.calls import SbCalls


class SbReader:
    """The reads of one customer environment, by the table of its operations."""

    def __init__(self, calls: SbCalls, table: Table) -> None:
        self._calls = calls
        self._table = table

    def rows(self, connector: str, question: SbQuestion) -> Rows:
        """The rows of a connector over all pages. Raises ``QueryError`` for a question that cannot be sent."""
        with self._explained(connector):
            operation = self._table.operation(connector, Verb.GET, question.get("version"))
            read = read_of(operation, question)
        records = self._records(operation, read_keys=read.read_keys)
        return rows_with(self._pages(read, records), lambda: records.fields)

    def fields(self, connector: str, version: str | None = None) -> Fields:
        """The columns that the table knows of a connector, without a call."""
        with self._explained(connector):
            return Records(self._table.operation(connector, Verb.GET, version)).fields

    def changes(self, connector: str, question: Since) -> Changes:
        """What changed, and the next token. ``QueryError`` for what cannot be asked, and what a cursor raises."""
        with self._explained(connector):
            operation = self._table.operation(connector, Verb.GET, question.get("version"))
            check_changes(operation, question)
            parameters = dict(further(operation, question.get("query") or {}))
            cursor = self._cursor(operation, parameters, question.get("cursor"))
        since = question.get("since") if cursor is None else cursor.token
        since = None if question.get("full", False) else since
        query = query_string({"TrackingToken": since, **parameters})
        records = self._records(operation, read_keys=question.get("read_keys", False))
        answer = Answers()
        rows = rows_with(self._changed(operation, query, records, answer), lambda: records.fields)
        return Changes(operation, rows, answer, since, cursor)

    def _cursor(self, operation: Operation, query: Mapping[str, object], path: str | Path | None) -> Cursor | None:
        trace = self._calls.transport.link.trace
        if path is not None and trace is not None:
            check_apart(path, trace, "the trace")
        asked = {name: str(value) for name, value in query.items() if value is not None}
        return Cursor.opened(path, Place(self._calls.base, operation.connector, operation.version, asked))

    def _changed(self, operation: Operation, query: str, records: Records, answer: Answers) -> Generator[Batch]:
        with self._explained(operation.connector), self._calls.ask(operation, query) as asked:
            answer.answered = Answered(asked.chunks(), records, answer.ended)
            with asked.rows(Rows.of_batches(None, answer.answered.batches), None) as rows:
                yield from rows.batches()

    def _records(self, operation: Operation, *, read_keys: bool) -> Records:
        return Records(operation, read_keys=read_keys, max_value=self._calls.transport.link.max_value)

    def _pages(self, read: Read, records: Records) -> Generator[Batch]:
        @contextlib.contextmanager
        def ask(skip: int, take: int) -> Iterator[Iterator[Batch]]:
            parameters = {"skip": skip, "take": take, "sort": read.order.sort, "filter": read.filter or None}
            query = query_string({**parameters, **dict(read.further)})
            with self._calls.ask(read.operation, query) as answer:
                answered = Answered(answer.chunks(), records, _nothing)
                with answer.rows(Rows.of_batches(None, answered.batches), None) as rows:
                    yield rows.batches()

        with self._explained(read.operation.connector):
            yield from Pages(ask, read).batches()

    @contextlib.contextmanager
    def _explained(self, connector: str) -> Iterator[None]:
        """Errors leave with what they are about, and without a secret that an answer may have held."""
        try:
            yield
        except AfasError as error:
            self._calls.transport.masked(error)
            error.about(operation="rows", connector=connector, environment=self._calls.environment)
            raise


def _nothing(_number: int) -> None:
    """SB's answers do not say how many rows there are."""
