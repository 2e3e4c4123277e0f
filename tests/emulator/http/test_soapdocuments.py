"""The subject and the report service over SOAP: the recorded shapes byte for byte, and every way to refuse."""

from __future__ import annotations

import base64
import html
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from afas_soap.emulator.documents.reports import REPORTS
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.store import Store
from afas_soap.profit.documents.content import Attachment, Content, Facts
from tests.emulator.http.conftest import soap_to

SUBJECT, REPORT = "AppConnectorSubject", "AppConnectorReport"
START_SCREEN = next(name for name, report in REPORTS.items() if report.start_screen)


class Recorded(Store):
    """A store whose dossier item 1 has what was recorded, 2 has nothing."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        return (Attachment(1, "38D436288D83AFE2A62B407A84E76D98", "example.pdf"),) if subject == 1 else ()

    def attachment(self, subject: int, file_id: str) -> Content:
        return Content(iter([self.content]), Facts("image.jpg", "image/jpeg"))

    def attachment_data(self, subject: int) -> Any:
        return iter([self.attachment(1, "")] if subject == 1 else [])


def result(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    match = re.search(r"Result>(.*)</\w+Result>", answer.text, re.DOTALL)
    assert match is not None
    return html.unescape(match[1])


@pytest.mark.parametrize(
    ("operation", "subject", "recording"),
    [
        ("GetSubjectAttachmentInfo", 1, "GetSubjectAttachmentInfoResponse"),
        ("GetSubjectAttachmentInfo", 2, "GetSubjectAttachmentInfoResponse_empty"),
        ("GetSubjectAttachmentData", 1, "GetSubjectAttachmentDataResponse"),
        ("GetSubjectAttachmentData", 2, "GetSubjectAttachmentDataResponse_empty"),
        ("GetAttachment", 1, "GetAttachmentResponse"),
    ],
)
def test_answers_are_those_that_were_recorded(afas: Path, operation: str, subject: int, recording: str) -> None:
    recorded = (afas / "soap" / f"SubjectConnector-{recording}.xml").read_bytes()
    match = re.search(rb"(?:&gt;|AttachmentResult>)([A-Za-z0-9+/=]{50,})(?:&lt;|<)", recorded)
    with Recorded(base64.b64decode(match[1]) if match is not None else b"") as store:
        answer = soap_to(Emulator(store))(SUBJECT, operation, subjectID=subject, fileId="x")
        assert answer.data == recorded.rstrip(b"\n")


@pytest.mark.parametrize("name", ["subjectID", "subjectId", "SUBJECTID"])
def test_names_of_parameters_may_come_in_any_case_and_the_log_says_so(
    soap: Any, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level(logging.INFO, "afas_soap.emulator"):
        assert "Jaaropgave 2019.pdf" in result(soap(SUBJECT, "GetSubjectAttachmentInfo", **{name: 25001}))
    told = [record.message for record in caplog.records if "came as" in record.message]
    assert told == (
        [] if name == "subjectID" else [f"the parameter subjectID came as {name}: taken here, and perhaps not at AFAS"]
    )


def test_an_attachment_by_its_id_and_the_first_one_without(soap: Any, store: Store) -> None:
    first, second = store.attachments(25004)
    for file in (first, second):
        wanted = b"".join(store.attachment(25004, file.file_id))
        assert base64.b64decode(result(soap(SUBJECT, "GetAttachment", subjectID=25004, fileId=file.file_id))) == wanted
    without = result(soap(SUBJECT, "GetAttachment", subjectID=" 25004 "))
    assert base64.b64decode(without) == b"".join(store.attachment(25004, first.file_id))


def test_all_attachments_without_their_ids(soap: Any, store: Store) -> None:
    text = result(soap(SUBJECT, "GetSubjectAttachmentData", subjectID=25016))
    assert "fileId" not in text
    assert 'filename="prijs$ @ 2 &lt;concept&gt;.pdf"' in text
    told = [base64.b64decode(each) for each in re.findall("<Data>([^<]*)</Data>", text)]
    assert told == [b"".join(content) for content in store.attachment_data(25016)]
    assert len(told) == 5


def test_a_file_that_is_not_on_disk_is_listed_and_no_more(soap: Any, store: Store) -> None:
    gone, kept = store.attachments(25019)
    assert gone.name == "verdwenen.pdf"
    assert gone.file_id in result(soap(SUBJECT, "GetSubjectAttachmentInfo", subjectID=25019))
    data = result(soap(SUBJECT, "GetSubjectAttachmentData", subjectID=25019))
    assert (gone.name in data, kept.name in data) == (False, True)
    assert "does not exist" in soap(SUBJECT, "GetAttachment", subjectID=25019, fileId=gone.file_id).text


@pytest.mark.parametrize(("subject", "file_id"), [(25002, ""), (25001, "0" * 32), (1, ""), (99999, "0" * 32)])
def test_what_is_not_there_is_a_fault(soap: Any, subject: int, file_id: str) -> None:
    answer = soap(SUBJECT, "GetAttachment", subjectID=subject, fileId=file_id)
    assert answer.status_code == 500
    assert "<ErrorNumber>-2147180996</ErrorNumber>" in answer.text
    assert "The file does not exist" in answer.text


def test_a_subject_that_is_no_number_is_what_asp_net_refuses(soap: Any) -> None:
    answer = soap(SUBJECT, "GetSubjectAttachmentInfo", subjectID="x")
    assert (answer.status_code, "soap:Client" in answer.text) == (500, True)


def test_a_report_tells_its_filters(soap: Any) -> None:
    filters = (
        '<Filters><Filter FilterId="Filter 1"><Field FieldId="U002" OperatorType="1">10001</Field></Filter></Filters>'
    )
    name = next(iter(REPORTS))
    asked = result(soap(REPORT, "Execute", logonAs="", reportID=name, filtersXml=filters))
    content = base64.b64decode(asked)
    assert content.startswith(b"%PDF-1.4\n")
    assert b"(U002 1 10001)" in content
    assert b"U002" not in base64.b64decode(result(soap(REPORT, "Execute", reportID=name.lower())))


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"reportID": START_SCREEN}, "start screen"),
        ({"reportID": "0" * 32}, "does not exist"),
        ({}, "does not exist"),
        ({"reportID": START_SCREEN, "filtersXml": "<Filters"}, "unexpected error"),
    ],
)
def test_a_report_that_is_refused(soap: Any, parameters: dict[str, str], told: str) -> None:
    answer = soap(REPORT, "Execute", **parameters)
    assert (answer.status_code, told in answer.text) == (500, True)


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        (SUBJECT, "GetSubjectAttachmentInfo"),
        (SUBJECT, "GetSubjectAttachmentData"),
        (SUBJECT, "GetAttachment"),
        (REPORT, "Execute"),
    ],
)
def test_what_is_not_on_the_app_connector_is_refused(store: Store, service: str, operation: str) -> None:
    parameters = {"subjectID": 25001, "reportID": next(iter(REPORTS))}
    for allowed, status in (([], 500), ([service.lower()], 200)):
        emulator = Emulator(store, setup=Setup(allowed=allowed))
        answer = soap_to(emulator)(service, operation, **parameters)
        assert answer.status_code == status
        assert ("niet geautoriseerd" in answer.text) == (status == 500)


def test_a_store_without_documents_refuses(emulator: Emulator) -> None:
    answer = soap_to(emulator)(REPORT, "Execute", reportID=next(iter(REPORTS)))
    assert (answer.status_code, "niet geautoriseerd" in answer.text) == (500, True)
