"""Facade of the document calls: arguments checked before any call, one call at a time, and what an error was about."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from afas_soap.calls import Calls
from afas_soap.documents.document import Document
from afas_soap.errors import NotFound, QueryError
from afas_soap.profit.documents.content import Attachment, Content, Facts, Size
from afas_soap.profit.questions.query import Filter
from afas_soap.profit.questions.where import Expression, where_filters

if TYPE_CHECKING:
    from afas_soap.profit.connectors.capabilities import Documents

_ID = re.compile(r"[0-9A-Fa-f]{32}")


class DocumentReader:
    """The documents of one client."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """The attachments of a dossier item."""
        with self._calls.call("attachments", None):
            return self._calls.documents("attachments").attachments(checked_subject(subject))

    def attachment(self, subject: int, file: str | Attachment) -> Document:
        """One attachment: by the id of its file, or as ``attachments`` gave it."""
        known = file if isinstance(file, Attachment) else Attachment(subject, file, "")
        checked_subject(subject)
        checked_id("file", known.file_id)

        def ask(documents: Documents) -> Content:
            try:
                return documents.attachment(subject, known.file_id)
            except NotFound:
                if known.reaction is None:
                    raise
            # AFAS' how-to puts the item's number there, a client in production the reaction's (special-connectors 2).
            return documents.attachment(known.reaction, known.file_id)

        return self._document("attachment", ask, Facts(name=known.name))

    def report(self, report: str, where: Expression | tuple[Filter, ...] | None = None) -> Document:
        """A report of the records that ``where`` lets through."""
        checked_id("report", report)
        filters = where_filters(where)
        return self._document("report", lambda documents: documents.report(report, filters))

    def image(self, image: str, size: Size) -> Document:
        """A picture."""
        if not isinstance(image, str) or not image.strip():
            raise QueryError("image: give the id of a picture, as it stands in a column of a GetConnector.")
        return self._document("image", lambda documents: documents.image(image, size))

    def file(self, file_id: str, name: str) -> Document:
        """A file of a free file field or a project."""
        checked_id("file", file_id)
        return self._document("file", lambda documents: documents.file(file_id, name), Facts(name=name))

    def _document(self, operation: str, ask: Callable[[Documents], Content], known: Facts | None = None) -> Document:
        @contextlib.contextmanager
        def asked() -> Iterator[Content]:
            with self._calls.call(operation, None), ask(self._calls.documents(operation)) as content:
                yield content

        return Document(asked, known)


def checked_subject(subject: int) -> int:
    """``subject``. Raises ``QueryError`` when it is no number of a dossier item."""
    if isinstance(subject, bool) or not isinstance(subject, int) or subject <= 0:
        raise QueryError("subject: give the number of a dossier item (SubjectId), a whole number above 0.")
    return subject


def checked_id(what: str, text: str) -> str:
    """``text``. Raises ``QueryError`` when it is no id as Profit gives them."""
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise QueryError(f"{what}: its id is 32 hexadecimal digits, as Profit gives it.")
    return text
