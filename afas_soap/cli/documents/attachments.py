"""``afas attachments``: the attachments of a dossier item."""

from __future__ import annotations

from typing import Any

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.streams import tell
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record

_FIELDS = Fields(
    "Attachments",
    (Field("subject", Kind.INT), Field("reaction", Kind.INT), Field("file_id"), Field("name")),
)


def run(subject: int, *, reactions: bool, **options: Any) -> None:
    """The attachments, asked and written."""
    output = output_from(options, listing=True)
    with connect(options) as profit:
        found = profit.attachments(subject, reactions=reactions)
    if not found:
        tell(f"afas: dossier item {subject} has no attachments")
    write_listing(map(_record, found), _FIELDS, output, {"table": lambda: aligned(list(map(_line, found)))})


def _record(attachment: Attachment) -> Record:
    return {
        "subject": attachment.subject,
        "reaction": attachment.reaction,
        "file_id": attachment.file_id,
        "name": attachment.name or None,
    }


def _line(attachment: Attachment) -> tuple[str, str, str]:
    of = "" if attachment.reaction is None else f"reaction {attachment.reaction}"
    return attachment.file_id, attachment.name, of
