"""KnSubject: attachments have a name and a content, or are a file that was uploaded before (profit-wire 4.5)."""

from __future__ import annotations

from afas_soap.emulator.booking.context import Context, Rule
from afas_soap.emulator.booking.numbering import file_id
from afas_soap.emulator.booking.records import Document, Row
from afas_soap.emulator.booking.validation import of_field
from afas_soap.emulator.refusals import MANDATORY
from afas_soap.profit.schemas.updateschema import FieldRule

_ATTACHMENT = "KnSubjectAttachment"


def settle(context: Context, document: Document) -> None:
    """Check the attachments, and give each file its number. Raises ``Refused``."""
    for row in document.row.parts.get(_ATTACHMENT, []):
        _check(context, row)


def _check(context: Context, row: Row) -> None:
    """What must be there, which the schema does not say."""
    if not row.text("FileName"):
        raise _missing(context, "FileName")
    if not row.text("FileId"):
        if not row.text("FileStream"):
            raise _missing(context, "FileStream")
        row.values.pop("FileId", None)
        row.handed["FileId"] = file_id(_ATTACHMENT, context.numbers.next(_ATTACHMENT, "FileId"))


def _missing(context: Context, code: str) -> Exception:
    shape = context.definition.shape.objects.get(_ATTACHMENT)
    rule = shape.fields.get(code) if shape is not None else None
    return of_field(MANDATORY, rule or FieldRule(code))


RULE = Rule(settle=settle)
