"""KnSubject and reactions: attachments have a name and a content, or are a file that was uploaded before (profit-wire
4.5). The content lies apart from its record, under the number of the file."""

from __future__ import annotations

import binascii
from collections.abc import Callable

from afas_soap.emulator.booking.context import Context, Rule
from afas_soap.emulator.booking.numbering import file_id
from afas_soap.emulator.booking.records import Document, Row
from afas_soap.emulator.booking.validation import of_field
from afas_soap.emulator.refusals import MANDATORY
from afas_soap.profit.schemas.updateschema import FieldRule

ATTACHMENT = "KnSubjectAttachment"
REACTION_ATTACHMENT = "KnReactionAttachment"
REACTIONS = ("KnSubjectReaction", "KnSubjectWorkflowReaction")
ATTACHMENT_ID = "AtId"
"""Our code for the number of an attachment, which no UpdateConnector has and a GetConnector shows."""

# The older way to send one file, beside the record: its name and its content (AFAS' schemas have both).
_BESIDE = {"KnSubject": ("SbPa", "FileStream"), "KnSubjectWorkflowReaction": ("FiNa", "FiDa")}


def _settle(part: str) -> Callable[[Context, Document], None]:
    def settle(context: Context, document: Document) -> None:
        """Check the attachments, and give each its number, and each file. Raises ``Refused``."""
        _gather(document, part)
        for row in document.row.parts.get(part, []):
            _check(context, row, part)

    return settle


def _gather(document: Document, part: str) -> None:
    """A file that was sent beside the record is an attachment like the others (inferred)."""
    row = document.row
    name, content = _BESIDE.get(document.connector, ("", ""))
    if row.text(name) and row.text(content):
        file = Row({"FileName": row.values.pop(name), "FileStream": row.values.pop(content)})
        row.parts.setdefault(part, []).append(file)


def _check(context: Context, row: Row, part: str) -> None:
    """What must be there, which the schema does not say."""
    if not row.text("FileName"):
        raise _missing(context, "FileName", part)
    if not row.text("FileId"):
        if not row.text("FileStream"):
            raise _missing(context, "FileStream", part)
        row.values.pop("FileId", None)
        row.handed["FileId"] = file_id(ATTACHMENT, context.numbers.next(ATTACHMENT, "FileId"))
    if not row.text(ATTACHMENT_ID):
        row.handed[ATTACHMENT_ID] = context.numbers.next(ATTACHMENT, ATTACHMENT_ID)
    content = _decoded(row.text("FileStream"))
    if content:
        row.values.pop("FileStream")
        context.records.keep_file(row.text("FileId"), content)
        row.handed["FileSize"] = str(len(content))


def _decoded(stream: str) -> bytes:
    """What was sent; b"" for a text that is no base64, which AFAS' own example has: what becomes of it is not known."""
    try:
        # Blanks and line ends may stand anywhere in it (profit-wire 2.5).
        return binascii.a2b_base64("".join(stream.split()), strict_mode=True)
    except ValueError:
        return b""


def _missing(context: Context, code: str, part: str) -> Exception:
    shape = context.definition.shape.objects.get(part)
    rule = shape.fields.get(code) if shape is not None else None
    return of_field(MANDATORY, rule or FieldRule(code))


def adopt(context: Context, document: Document) -> None:
    """Fill in the attachments of a dossier item that is in the seed alone."""
    rows = context.seeds.rows("Profit_Subject_Attachments", {"subject_id": document.row.text("SbId")})
    if rows:
        document.row.parts[ATTACHMENT] = [
            Row(
                {"FileName": str(row["file_name"]), "FileId": str(row["file_id"])},
                handed={ATTACHMENT_ID: str(row["attachment_id"])},
            )
            for row in rows
        ]


def _settle_workflow(context: Context, document: Document) -> None:
    """A reaction of a workflow is a reaction, and has a number of the same kind (inferred)."""
    if not document.row.text("Id"):
        document.row.handed["Id"] = context.numbers.next("KnSubjectReaction", "Id")
    _settle(REACTION_ATTACHMENT)(context, document)


RULE = Rule(adopt=adopt, settle=_settle(ATTACHMENT))
REACTION = Rule(settle=_settle(REACTION_ATTACHMENT), marks=("SbId", "Id"))
WORKFLOW_REACTION = Rule(settle=_settle_workflow, marks=("SbId", "Id"))
