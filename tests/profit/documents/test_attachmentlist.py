"""Listings of attachments, over SOAP and out of AFAS' two GetConnectors."""

from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.documents.attachmentlist import attachments_from_info, attachments_from_rows
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.readers.envelope import simple_result

A, B = "5C055C034516ED67972E0A852E03C5B9", "38D436288D83AFE2A62B407A84E76D98"


def test_attachments_over_soap() -> None:
    """In their order; names need not be unique."""
    text = (
        f'<SubjectAttachmentInfo><Attachment fileId="{A}" filename="a &amp; b.pdf"/><Other/>'
        f'<Attachment fileId="{B}" filename="a &amp; b.pdf"/></SubjectAttachmentInfo>'
    )
    assert attachments_from_info(text, 7) == (Attachment(7, A, "a & b.pdf"), Attachment(7, B, "a & b.pdf"))
    assert attachments_from_info(f'<SubjectAttachmentInfo><Attachment fileId="{A}"/></SubjectAttachmentInfo>', 7) == (
        Attachment(7, A, ""),
    )


@pytest.mark.parametrize(
    "text", ["<SubjectAttachmentInfo />", "<SubjectAttachmentInfo></SubjectAttachmentInfo>", " \n"]
)
def test_none(text: str) -> None:
    assert attachments_from_info(text, 7) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<SubjectAttachmentData/>", "the list of attachments is no SubjectAttachmentInfo"),
        ('<SubjectAttachmentInfo><Attachment filename="x"/></SubjectAttachmentInfo>', "item 7 has no file id"),
        ("nonsense", "ends before its end"),
    ],
)
def test_what_is_no_list(text: str, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        attachments_from_info(text, 7)
    with pytest.raises(CutOff):
        attachments_from_info("<SubjectAttachmentInfo>", 7)


def test_the_recorded_lists(afas: Path) -> None:
    for name, found in (("", (Attachment(7, B, "example.pdf"),)), ("_empty", ())):
        data = (afas / "soap" / f"SubjectConnector-GetSubjectAttachmentInfoResponse{name}.xml").read_bytes()
        assert attachments_from_info(simple_result(data), 7) == found


def test_rows_of_the_get_connectors() -> None:
    """``file_size`` is nothing to go by, and what else stands there is passed over."""
    rows = [
        {"attachment_id": 1, "subject_id": 7, "file_id": A, "file_name": "x.pdf"},
        {"reaction_id": 12, "subject_id": 7, "file_id": B, "file_name": None, "file_size": 0},
        {"reaction_id": "13", "file_id": B, "file_name": "x.pdf"},
        {"reaction_id": None, "file_id": A},
    ]
    assert attachments_from_rows(iter(rows), 7) == (
        Attachment(7, A, "x.pdf"),
        Attachment(7, B, "", 12),
        Attachment(7, B, "x.pdf", 13),
        Attachment(7, A, ""),
    )
    assert attachments_from_rows([], 7) == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"file_name": "x"}, "an attachment of dossier item 7 has no file id"),
        ({"file_id": None}, "an attachment of dossier item 7 has no file id"),
        ({"file_id": A, "reaction_id": "x"}, "an attachment of dossier item 7 has a reaction_id that is no number"),
    ],
)
def test_rows_that_are_none(row: dict[str, object], said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        attachments_from_rows([row], 7)
