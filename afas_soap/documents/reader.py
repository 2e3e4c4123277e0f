"""Facade of the document calls: arguments checked before any call, one call at a time, and what an error was about."""

from __future__ import annotations

import contextlib
import functools
import logging
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from afas_soap.calls import Calls
from afas_soap.documents.document import Document
from afas_soap.errors import AfasError, Busy, ProfitError, QueryError
from afas_soap.profit.documents.attachmentlist import REACTIONS, attachments_from_rows
from afas_soap.profit.documents.content import Attachment, Content, Facts, Size
from afas_soap.profit.documents.filename import escaped_name
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query
from afas_soap.profit.questions.where import Expression, where_filters

if TYPE_CHECKING:
    from afas_soap.profit.connectors.capabilities import Documents

_LOG = logging.getLogger("afas_soap.documents")

_DATA = "attachment_data"
_ALL = -1
_OF_THE_CREDENTIAL = (401, 403)
_ID = re.compile(r"[0-9A-Fa-f]{32}")


class DocumentReader:
    """The documents of one client."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def attachments(self, subject: int, *, reactions: bool = False) -> tuple[Attachment, ...]:
        """The attachments of a dossier item, and with ``reactions`` those of its reactions behind them."""
        checked_subject(subject)
        with self._calls.call("attachments", None):
            found = self._calls.documents("attachments").attachments(subject)
        return found + self._of_reactions(subject) if reactions else found

    def attachment(self, subject: int, file: str | Attachment) -> Document:
        """One attachment: by the id of its file, or as ``attachments`` gave it."""
        known = file if isinstance(file, Attachment) else Attachment(subject, file, "")
        checked_subject(subject)
        checked_id("file", known.file_id)

        def ask(documents: Documents) -> Content:
            try:
                return documents.attachment(subject, known.file_id)
            except ProfitError as error:
                if known.reaction is None or not _may_be_elsewhere(error):
                    raise
            # AFAS' how-to puts the item's number there, a client in production the reaction's (special-connectors 2).
            return documents.attachment(known.reaction, known.file_id)

        return self._document("attachment", ask, Facts(name=known.name), named=lambda: self._name_of(known))

    def attachment_data(self, subject: int) -> Iterator[Document]:
        """All attachments of a dossier item in one call, each to be read before the next."""
        checked_subject(subject)
        return self._data(subject)

    def report(self, report: str, where: Expression | tuple[Filter, ...] | None = None) -> Document:
        """A report of the records that ``where`` lets through."""
        checked_id("report", report)
        filters = where_filters(where)
        return self._document("report", lambda documents: documents.report(report, filters), named=lambda: report)

    def image(self, image: str, size: Size) -> Document:
        """A picture."""
        if not isinstance(image, str) or not image.strip():
            raise QueryError("image: give the id of a picture, as it stands in a column of a GetConnector.")
        return self._document("image", lambda documents: documents.image(image, size), named=lambda: image)

    def file(self, file_id: str, name: str) -> Document:
        """A file of a free file field or a project."""
        checked_id("file", file_id)
        escaped_name(name)
        return self._document("file", lambda documents: documents.file(file_id, name), Facts(name=name))

    def _document(
        self,
        operation: str,
        ask: Callable[[Documents], Content],
        known: Facts | None = None,
        *,
        named: Callable[[], str] | None = None,
    ) -> Document:
        @contextlib.contextmanager
        def asked() -> Iterator[Content]:
            with self._calls.call(operation, None), ask(self._calls.documents(operation)) as content:
                yield content

        return Document(asked, known, named=named)

    def _data(self, subject: int) -> Iterator[Document]:
        with self._calls.call(_DATA, None):
            contents = self._calls.documents(_DATA).attachment_data(subject)
            try:
                for content in contents:
                    yield Document(functools.partial(self._part, content), content.facts)
            finally:
                if callable(close := getattr(contents, "close", None)):
                    close()

    @contextlib.contextmanager
    def _part(self, content: Content) -> Iterator[Content]:
        # The call is the one for all of them, which is open.
        with self._calls.explained(_DATA, None), content:
            yield content

    def _of_reactions(self, subject: int) -> tuple[Attachment, ...]:
        condition = Condition("subject_id", Operator.EQUALS, str(subject))
        with (
            self._calls.call("rows", REACTIONS),
            self._calls.reads("rows").rows(REACTIONS, Query(((condition,),), (), _ALL, _ALL)) as rows,
        ):
            return attachments_from_rows(rows, subject)

    def _name_of(self, attachment: Attachment) -> str:
        """Over SOAP an attachment is bytes alone. Where nobody tells its name the file is called by its id: what came
        whole is not given up for that."""
        try:
            found = self.attachments(attachment.subject, reactions=attachment.reaction is not None)
        except AfasError as error:
            _LOG.info("no name for file %s: %s", attachment.file_id, error.message)
            found = ()
        same = (each.name for each in found if each.file_id.upper() == attachment.file_id.upper())
        return next(same, "") or attachment.file_id


def _may_be_elsewhere(error: ProfitError) -> bool:
    """Whether the same file may be found below the reaction: REST says 404, and SOAP refuses it in words of its own,
    which may be about a right to it. Not what is said of the token or the machine."""
    return not isinstance(error, Busy) and error.status not in _OF_THE_CREDENTIAL


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
