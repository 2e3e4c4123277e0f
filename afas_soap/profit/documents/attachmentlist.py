"""Listings of attachments: ``GetSubjectAttachmentInfo`` over SOAP, and rows of AFAS' two GetConnectors."""

from __future__ import annotations

import re
from collections.abc import Iterable

from afas_soap.errors import AnswerError
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.rows import Record
from afas_soap.profit.xmlsafe import parse

LISTING = "Profit_Subject_Attachments"
"""The GetConnector with the attachments of dossier items (special-connectors 2)."""

REACTIONS = "Profit_Subject_Reaction_Attachments"
"""The GetConnector with the attachments of reactions."""

_ROOT = "SubjectAttachmentInfo"
_NUMBER = re.compile("[0-9]{1,18}")


def attachments_from_info(text: str, subject: int) -> tuple[Attachment, ...]:
    """``<SubjectAttachmentInfo><Attachment fileId="..." filename="..."/></SubjectAttachmentInfo>``; () for none.

    An empty result is an answer without attachments, as one of a GetConnector is one without rows. Raises
    ``AnswerError`` for anything else.
    """
    if not text.strip():
        return ()
    root = parse(text)
    if root.tag != _ROOT:
        raise AnswerError(f"the list of attachments is no {_ROOT}")
    found = [(each.get("fileId", ""), each.get("filename", "")) for each in root.iterchildren("Attachment")]
    return tuple(_attachment(subject, file_id, name) for file_id, name in found)


def attachments_from_rows(rows: Iterable[Record], subject: int) -> tuple[Attachment, ...]:
    """Rows of ``LISTING`` or ``REACTIONS``, which have a ``reaction_id`` beside ``file_id`` and ``file_name``.

    Raises ``AnswerError`` for a row without the id of its file. ``file_size`` is nothing to go by: AFAS' own sample has
    0 there for a real file.
    """
    return tuple(
        _attachment(subject, str(row.get("file_id") or ""), str(row.get("file_name") or ""), row.get("reaction_id"))
        for row in rows
    )


def _attachment(subject: int, file_id: str, name: str, reaction: object = None) -> Attachment:
    if not file_id:
        raise AnswerError(f"an attachment of dossier item {subject} has no file id")
    return Attachment(subject, file_id, name, None if reaction is None else _number(subject, str(reaction)))


def _number(subject: int, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise AnswerError(f"an attachment of dossier item {subject} has a reaction_id that is no number")
    return int(text)
