"""Batched look-ups (no N+1 queries): the attachments of many dossier items, a call for fifty of them.

The list of an item's attachments is a call over SOAP, and over REST none at all; the GetConnectors of AFAS with the
same list are asked over both, many items in one filter. Without them the client is asked item by item.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, Unpack

from afas_soap.crew import Crew
from afas_soap.errors import AccessDenied, AnswerError, NotFound
from afas_soap.profit.documents.attachmentlist import LISTING, REACTIONS, attachments_from_rows
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Condition, Filter, Operator
from afas_soap.profit.rows import Record, Rows
from afas_soap.reading.question import Question

AT_ONCE = 50
"""Items in one filter: over REST more would not fit the query string."""

_SUBJECT = "subject_id"
_ORDER = (_SUBJECT, "attachment_id")


Document = AbstractContextManager[Iterator[bytes]]
"""A document, which is read once, in ``with``."""


class Client(Protocol):
    """What an export needs of a client."""

    @property
    def environment(self) -> str:
        """The environment's name."""
        ...

    def rows(self, connector: str, **question: Unpack[Question]) -> Rows:
        """The rows of a GetConnector."""
        ...

    def fields(self, connector: str) -> Fields:
        """The columns of a GetConnector."""
        ...

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """The attachments of a dossier item."""
        ...

    def attachment(self, subject: int, file: str | Attachment) -> Document:
        """The content of one of them."""
        ...


class Lists:
    """The attachments of dossier items, asked ``parallel`` calls at once."""

    def __init__(self, client: Client, *, reactions: bool, parallel: int) -> None:
        self._client = client
        self._reactions = reactions
        self._crew = Crew(parallel)
        self._turn = threading.Lock()
        self._found: dict[int, list[Attachment]] = {}
        self._asked = 0
        self._one_by_one = False

    def of(self, subjects: Sequence[int], told: Callable[[int], None]) -> Mapping[int, list[Attachment]]:
        """Those of each item, its own before those of its reactions; items without any are left out. ``told`` learns
        how many items were asked for so far. Raises what the client raises."""
        groups = [subjects[at : at + AT_ONCE] for at in range(0, len(subjects), AT_ONCE)]
        # The first one alone: it tells whether the GetConnector is there to be asked.
        for group in groups[:1]:
            self._ask(group, told)
        self._crew.run(groups[1:], lambda _, group: self._ask(group, told))
        return self._found

    def _ask(self, group: Sequence[int], told: Callable[[int], None]) -> None:
        attachments = [*self._own(group), *(self._listed(REACTIONS, group) if self._reactions else ())]
        with self._turn:
            for attachment in attachments:
                self._found.setdefault(attachment.subject, []).append(attachment)
            self._asked += len(group)
            told(self._asked)

    def _own(self, group: Sequence[int]) -> Iterable[Attachment]:
        if not self._one_by_one:
            try:
                return self._listed(LISTING, group)
            except (AccessDenied, NotFound):
                # Not on the app connector; if that was not the reason, the client says what is.
                self._one_by_one = True
        return [each for subject in group for each in self._client.attachments(subject)]

    def _listed(self, connector: str, group: Sequence[int]) -> list[Attachment]:
        where: tuple[Filter, ...] = tuple((Condition(_SUBJECT, Operator.EQUALS, str(subject)),) for subject in group)
        with self._client.rows(connector, where=where, order_by=_ORDER) as rows:
            return [each for row in rows for each in _attachments(row, _subject(row, connector, group))]


def _attachments(row: Record, subject: int) -> Iterable[Attachment]:
    """The attachment of a row. One without the id of its file cannot be fetched, and is told with the others."""
    if row.get("file_id"):
        return attachments_from_rows((row,), subject)
    (nameless,) = attachments_from_rows(({**row, "file_id": "none"},), subject)
    return (dataclasses.replace(nameless, file_id=""),)


def _subject(row: Record, connector: str, group: Sequence[int]) -> int:
    """The item that a row belongs to."""
    text = str(row.get(_SUBJECT))
    if not (text.isascii() and text.isdigit()) or int(text) not in group:
        raise AnswerError(f"a row has no {_SUBJECT} that was asked for").about(connector=connector)
    return int(text)
