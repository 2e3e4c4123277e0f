"""Change tracking (change data capture): what changed since a tracking token, in one call, and the next token.

Sources and inferences: small-business.md 2.1. A call without a token gives every row and a token to begin with. Whether
skip and take go with a token is not known, so a set of changes is one answer, and read to its end. Rows that were
removed are not told as far as anybody knows: they are found by a full read. AFAS keeps answers for minutes, so the same
rows may come again.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record, Rows
from afas_soap.sb.operation import Operation
from afas_soap.sb.records import Answered
from afas_soap.smallbusiness.cursor import Cursor


class Answers:
    """The one answer of a set of changes, once it is asked for: whether it ended whole, and with which token."""

    def __init__(self) -> None:
        self.answered: Answered | None = None
        self.whole = False

    def ended(self, _number: int) -> None:
        """Called when the answer ended whole and its last row was given."""
        self.whole = True


class Changes:
    """The records that changed, an iterator, and behind its end ``token``. Close it, or use it in ``with``.

    ``key`` is what names a record, () where nothing does: then there is no telling which of yours a record replaces.
    ``since`` is the token that was asked with, None for every row.
    """

    def __init__(
        self, operation: Operation, rows: Rows, answer: Answers, since: str | None, cursor: Cursor | None = None
    ) -> None:
        self.key = operation.key
        self.since = since
        self.rows = rows
        self._connector = operation.connector
        self._answer = answer
        self._cursor = cursor

    def __iter__(self) -> Iterator[Record]:
        return iter(self.rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def fields(self) -> Fields:
        """The columns; the call is made for them, if it was not."""
        fields = self.rows.fields
        assert fields is not None, "the table has some"
        return fields

    @property
    def token(self) -> str:
        """What to ask with next time. Raises ``QueryError`` before every record was read, and ``AnswerError`` when the
        answer had none."""
        if not self._answer.whole or self._answer.answered is None:
            raise QueryError(
                f"{self._connector}: the token stands behind the last record, and not all of them were read: begin "
                "with the old one next time."
            ).about(connector=self._connector)
        token = self._answer.answered.token
        if token is None:
            raise AnswerError(
                f"{self._connector}: the answer has no TrackingToken, so there is nothing to go on from: read all of "
                "it again next time."
            ).about(connector=self._connector)
        return token

    def taken(self) -> None:
        """Say that the records are yours, wherever they are kept: the cursor moves, and they do not come again.

        Call it when they are safe, and only then. Raises what ``token`` raises, and ``SettingsError`` when the cursor
        cannot be written; it then stays where it was. Without a cursor it only looks.
        """
        token = self.token
        if self._cursor is not None:
            self._cursor.move(token)

    def close(self) -> None:
        """Let go of the call and of the cursor, which stays where it is. Safe to call twice."""
        self.rows.close()
        if self._cursor is not None:
            self._cursor.close()
