"""The subject, report, image and file connectors over REST: shapes, escaping, bytes on demand, and refusals."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from afas_soap.emulator.documents.files import FREE_FILES, free_file
from afas_soap.emulator.documents.images import image_id
from afas_soap.emulator.documents.reports import REPORTS
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.store import Store
from tests.emulator.http.conftest import rest_to

REPORT = next(iter(REPORTS))
START_SCREEN = next(name for name, report in REPORTS.items() if report.start_screen)
FILE = free_file(0)
BINARY = {"SendFileAsBinary": "1"}


def document(answer: TestResponse) -> dict[str, str]:
    assert (answer.status_code, answer.content_type) == (200, "application/json; charset=utf-8"), answer.text
    return json.loads(answer.text)


def test_an_attachment_by_its_path_and_by_parameters(rest: Any, store: Store) -> None:
    file = store.attachments(25001)[2]
    told = document(rest(f"subjectconnector/25001/{file.file_id}"))
    assert list(told) == ["filename", "mimetype", "filedata"]
    assert (told["filename"], told["mimetype"]) == ("pasfoto.png", "image/png")
    assert base64.b64decode(told["filedata"]) == b"".join(store.attachment(25001, file.file_id))
    for address in (
        f"SubjectConnector?SubjectId=25001&FileId={file.file_id}",
        f"subjectconnector/25001/{file.file_id.lower()}/",
    ):
        assert document(rest(address)) == told


def test_an_attachment_of_a_reaction_by_either_number(rest: Any, store: Store) -> None:
    rows = document(rest("connectors/Profit_Subject_Reaction_Attachments?skip=-1&take=-1"))["rows"]
    for row in rows:
        told = [
            document(rest(f"subjectconnector/{row[name]}/{row['file_id']}")) for name in ("subject_id", "reaction_id")
        ]
        assert told[0] == told[1]
        assert told[0]["filename"] == row["file_name"]
        assert row["file_size"] in (0, len(base64.b64decode(told[0]["filedata"])))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"subjectconnector/25001/{'0' * 32}", 404),
        (f"subjectconnector/25002/{'0' * 32}", 404),
        (f"subjectconnector/1/{'0' * 32}", 404),
        (f"subjectconnector/x/{'0' * 32}", 400),
        ("subjectconnector/25001", 404),
        ("subjectconnector", 404),
        ("subjectconnector?SubjectId=25001", 404),
        ("subjectconnector/25001/%FF", 404),
        (f"reportconnector/{'0' * 32}", 404),
        ("reportconnector", 404),
        (f"reportconnector/{REPORT}/x", 404),
        (f"reportconnector/{REPORT}?filterfieldids=U002", 400),
        (f"imageconnector/{'0' * 32}?format=0", 404),
        (f"imageconnector/{image_id(0)}", 400),
        (f"imageconnector/{image_id(0)}?format=3", 400),
        (f"imageconnector/{image_id(0)}/x?format=0", 404),
        (f"fileconnector/{FILE.file_id}/andere.pdf", 404),
        (f"fileconnector/{'0' * 32}/{FILE.name}", 404),
        (f"fileconnector/{FILE.file_id}", 404),
        (f"fileconnector/{FILE.file_id}/a/b", 404),
        ("nietsconnector/x", 404),
    ],
)
def test_what_is_not_there(rest: Any, address: str, status: int) -> None:
    answer = rest(address)
    assert (answer.status_code, answer.data) == (status, b"")


def test_a_report_has_no_name_and_its_filters_come_in_both_spellings(rest: Any) -> None:
    told = document(rest(f"reportconnector/{REPORT}?filterfieldids=U002,U003&filtervalues=10001,x&operatortypes=1,6"))
    assert list(told) == ["filedata", "mimetype"]
    assert told["mimetype"] == "application/pdf"
    content = base64.b64decode(told["filedata"])
    assert b"(U002 1 10001)" in content
    assert b"(U003 6 x)" in content
    field = {"@FieldId": "KnSbjSbId", "@OperatorType": 1, "#text": "25001"}
    asked = json.dumps({"Filters": {"Filter": [{"@FilterId": "Filter1", "Field": [field]}]}})
    content = base64.b64decode(document(rest(f"reportconnector/{REPORT}?filterjson={quote(asked)}"))["filedata"])
    assert b"(KnSbjSbId 1 25001)" in content


def test_a_report_with_a_start_screen(rest: Any) -> None:
    answer = rest(f"reportconnector/{START_SCREEN}")
    assert (answer.status_code, json.loads(answer.text)["errorNumber"]) == (500, -2147180996)


def test_a_picture_in_three_sizes(rest: Any) -> None:
    told = [document(rest(f"imageconnector/{image_id(3)}?format={size}")) for size in range(3)]
    assert [list(each) for each in told] == [["filedata", "mimetype"]] * 3
    assert len({each["filedata"] for each in told}) == 3
    assert {each["mimetype"] for each in told} == {"image/png"}


# As AFAS' table escapes them, and what clients in production send instead (special-connectors 4).
ADDRESSES = [
    ("handleiding.pdf", "handleiding.pdf", 200),
    ("plattegrond_begane-grond.png", "plattegrond_5Fbegane_2Dgrond.png", 200),
    ("plattegrond_begane-grond.png", "plattegrond_5fbegane-grond.png", 200),
    ("plattegrond_begane-grond.png", "plattegrond_5fbegane%2Dgrond.png", 200),
    ("plattegrond_begane-grond.png", "plattegrond_begane-grond.png", 404),
    ("Regel één & twee + drie.txt", "Regel%20%C3%A9%C3%A9n%20_26%20twee%20_2B%20drie.txt", 200),
    ("Regel één & twee + drie.txt", "Regel%20%C3%A9%C3%A9n%20%26%20twee%20%2B%20drie.txt", 404),
    ("50%~korting!.pdf", "50_25_7Ekorting_21.pdf", 200),
    ("50%~korting!.pdf", "50_25~korting_21.pdf", 200),
    ("50%~korting!.pdf", "50%25~korting_21.pdf", 404),
    ("l'été #1 @ 2.txt", "l_27%C3%A9t%C3%A9%20_231%20_40%202.txt", 200),
    ("l'été #1 @ 2.txt", "l%27%C3%A9t%C3%A9%20_231%20_40%202.txt", 200),
    ("a_2Db.txt", "a_5F2Db.txt", 200),
    ("a_2Db.txt", "a_2Db.txt", 404),
    ("Offerte, versie 2.pdf", "Offerte%2C%20versie%202.pdf", 404),
    ("Offerte, versie 2.pdf", "Offerte,%20versie%202.pdf", 404),
    ("Offerte, versie 2.pdf", "Offerte_2C%20versie%202.pdf", 404),
    (" blanco rondom .txt", "%20blanco%20rondom%20.txt", 200),
    (" blanco rondom .txt", "blanco%20rondom%20.txt", 404),
    ("prijs$*<>:?.txt", "prijs_24_2A_3C_3E_3A_3F.txt", 200),
    ("3/4.txt", "3_2F4.txt", 200),
    ("3/4.txt", "3%2F4.txt", 404),
    ("HOOFDLETTERS.PDF", "hoofdletters.pdf", 404),
]


@pytest.mark.parametrize(("name", "sent", "status"), ADDRESSES)
def test_names_of_files_in_addresses(rest: Any, name: str, sent: str, status: int) -> None:
    file = next(file for file in map(free_file, range(FREE_FILES)) if file.name == name)
    answer = rest(f"fileconnector/{file.file_id}/{sent}")
    assert answer.status_code == status
    if status == 200:
        told = document(answer)
        assert list(told) == ["filename", "mimetype", "filedata"]
        assert told["filename"] == name
        assert file.content is not None
        assert base64.b64decode(told["filedata"]) == file.content()


def test_a_file_by_parameters(rest: Any) -> None:
    assert document(rest(f"fileconnector?fileid={FILE.file_id}&filename={FILE.name}"))["filename"] == FILE.name


def test_a_file_that_is_not_on_disk_is_a_server_error_with_the_page_of_a_404(rest: Any) -> None:
    file = next(file for file in map(free_file, range(FREE_FILES)) if file.content is None)
    answer = rest(f"fileconnector/{file.file_id}/{file.name}")
    assert (answer.status_code, answer.content_type) == (500, "text/html; charset=utf-8")
    assert "404 - File or directory not found." in answer.text


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"reportconnector/{REPORT}", "application/pdf"),
        (f"imageconnector/{image_id(0)}?format=1", "image/png"),
        (f"fileconnector/{FILE.file_id}/{FILE.name}", "application/pdf"),
    ],
)
def test_the_bytes_themselves_on_demand(rest: Any, address: str, kind: str) -> None:
    answer = rest(address, BINARY)
    assert (answer.status_code, answer.content_type) == (200, kind)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.data == base64.b64decode(document(rest(address, {"SendFileAsBinary": "0"}))["filedata"])


def test_an_attachment_stays_json_whatever_is_demanded(rest: Any, store: Store) -> None:
    file = store.attachments(25001)[0]
    assert document(rest(f"subjectconnector/25001/{file.file_id}", BINARY))["filename"] == file.name


def test_before_profit_7_json_stands_on_several_lines() -> None:
    with Store(dialect="profit6") as store:
        answer = rest_to(Emulator(store, dialect="profit6"))(f"imageconnector/{image_id(0)}?format=1")
    assert answer.text.startswith('{\n  "filedata": "')
    assert answer.text.endswith('",\n  "mimetype": "image/png"\n}')
    assert set(json.loads(answer.text)) == {"filedata", "mimetype"}


@pytest.mark.parametrize(
    ("address", "connector"),
    [
        ("subjectconnector/25001/{file}", "AppConnectorSubject"),
        (f"fileconnector/{FILE.file_id}/{FILE.name}", "AppConnectorSubject"),
        (f"reportconnector/{REPORT}", "AppConnectorReport"),
    ],
)
def test_404_for_what_is_not_on_the_app_connector(store: Store, address: str, connector: str) -> None:
    address = address.format(file=store.attachments(25001)[0].file_id)
    assert rest_to(Emulator(store, setup=Setup(allowed=[])))(address).status_code == 404
    assert rest_to(Emulator(store, setup=Setup(allowed=[connector])))(address).status_code == 200


def test_pictures_need_nothing_on_the_app_connector(store: Store) -> None:
    answer = rest_to(Emulator(store, setup=Setup(allowed=[])))(f"imageconnector/{image_id(0)}?format=0")
    assert answer.status_code == 200


def test_a_store_without_documents_has_none(emulator: Emulator) -> None:
    assert rest_to(emulator)(f"reportconnector/{REPORT}").status_code == 404
