"""What of AFAS' file is neither a read of rows nor a write: signing in, scopes and blobs; and its refusals."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest

from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.signin.clients import DEMO_APP_TOKEN
from tests.emulator.sb.judges.afasfile import FILE, AfasFile, Asked, rows_of
from tests.emulator.sb.judges.conftest import Session

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the genuine AFAS artefacts (../shared/afas) are not here")
CALLED_HERE = {
    *("POST /app/token", "POST /authentication/getaccesstoken", "POST /authentication/getscopes"),
    *("GET /api/blob/{uuid}", "PUT /api/blob/{uuid}"),
}


def asked_as(file: AfasFile, named: str) -> Asked:
    [found] = [one for one in file.operations() if str(one) == named]
    return found


def test_with_reads_and_writes_these_are_all_operations_of_the_file(file: AfasFile) -> None:
    others = {str(one) for one in file.operations() if not re.fullmatch(r"/api/\w+", one.path)}
    assert others == CALLED_HERE


def test_a_refresh_token_gives_an_access_token(session: Session, file: AfasFile) -> None:
    """``expires_in`` was a text in AFAS' pages of that time, and there is no new refresh token."""
    first = session.signed_in("enyoi")
    second = session.asked_for("enyoi", grant_type="refresh_token", refresh_token=first["refresh_token"])
    schema = file.loosened(asked_as(file, "POST /app/token"))
    assert [error.message for error in schema.iter_errors(second)] == []
    assert (second["expires_in"], second["token_type"]) == ("1800", "bearer")
    assert "refresh_token" not in second
    assert second["access_token"] != first["access_token"]


def test_an_app_token_gives_an_access_token(session: Session) -> None:
    document = {"apptoken": DEMO_APP_TOKEN.reveal(), "scope": "enyoi"}
    answer = session.http.post(f"{session.url('enyoi')}/authentication/getaccesstoken", json=document)
    assert answer.status_code == 200
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}", "Accept-Version": "1"}
    assert session.http.get(f"{session.url('enyoi')}/api/vatrate", headers=headers).status_code == 200


def test_the_scopes_of_an_identity_token(session: Session, file: AfasFile) -> None:
    token = session.signed_in("admin")["access_token"]
    address = f"{session.url('admin')}/authentication/getscopes"
    answer = session.http.post(address, headers={"IdentityToken": token})
    assert answer.status_code == 200
    schema = file.loosened(asked_as(file, "POST /authentication/getscopes"))
    assert [error.message for error in schema.iter_errors(answer.json())] == []
    assert len(answer.json()) >= 3


def test_a_blob_goes_up_and_an_invoice_may_name_it(session: Session, file: AfasFile) -> None:
    """One that was never sent is refused there."""
    key, content = str(uuid.uuid4()), b"%PDF-1.7 \x00\xff"
    headers = {
        "Blob-Content-FileName": "invoice.pdf",
        "Blob-Content-Length": str(len(content)),
        "Blob-Content-Type": "application/pdf",
        "Blob-Upload-Type": "blob",
    }
    announced = session.call("PUT", "enyoi", f"/api/blob/{key}", "1", headers=headers)
    assert announced.json() == file.samples_of("PUT /api/blob/{uuid}")["OK"]
    sent = session.call("PUT", "enyoi", f"/api/blob/{key}", "1", headers=headers, files={"file": content})
    assert (sent.status_code, sent.content) == (200, b"")
    body = asked_as(file, "POST /api/salesinvoice").bodies["example"]
    results = []
    for attached in (key, str(uuid.uuid4())):
        attachment = {"Attachments": [{"AttachmentId": attached}]}
        answer = session.call("POST", "enyoi", "/api/salesinvoice", "2", json=plain({**body, **attachment}))
        results.append(answer.json()["result"])
    assert results == ["Succeeded", "Failed"]


def test_the_read_key_of_a_row_brings_a_blob_down(session: Session) -> None:
    rows = rows_of(session.call("GET", "enyoi", "/api/products", "3.0").json())
    blob = next(row["Blob"] for row in rows if row["Blob"])
    down = session.call("GET", "enyoi", f"/api/blob/{blob['Id']}?readkey={blob['ReadKey']}", "1")
    assert (down.status_code, len(down.content)) == (200, blob["ContentLength"])
    assert session.call("GET", "enyoi", f"/api/blob/{blob['Id']}?readkey=x", "1").status_code == 403


def plain(body: object) -> Any:
    return json.loads(json.dumps(body, default=float))


@pytest.mark.parametrize(
    ("sample", "call"),
    [
        ("Ongeldig gebruikersfilter", ("GET", "/api/organisations?filter=Nothing eq 1", "2.0", None, {})),
        ("Bad request - Invalid UUID", ("POST", "/api/phonenumber", "1", {"PhoneNumber": "1", "RelationId": ""}, {})),
        ("Bad Request - Invalid JSON", ("POST", "/api/salesinvoice", "2", {}, {})),
        ("Unauthorized", ("GET", "/api/organisations", "2.0", None, {"Authorization": "Bearer x"})),
    ],
)
def test_a_refusal_has_the_members_of_its_sample(
    sample: str, call: tuple[str, str, str, object, dict[str, str]], session: Session, file: AfasFile
) -> None:
    verb, path, version, body, headers = call
    answer = session.call(verb, "enyoi", path, version, headers=headers, json=body)
    told, shown = answer.json(), file.samples_of("PUT /api/blob/{uuid}")[sample]
    assert answer.status_code == shown["StatusCode"] == told["StatusCode"]
    assert told.keys() == shown.keys()
    assert told["AdditionalInfo"].keys() == shown["AdditionalInfo"].keys()
    assert told["AdditionalInfo"]["ExceptionType"] == shown["AdditionalInfo"]["ExceptionType"]
    assert told["Message"].split(".")[0].split("'")[0].startswith(shown["Message"].split("'")[0].rstrip(".")[:20])


def test_every_failure_of_the_file_stands_under_200_and_here_too(session: Session, file: AfasFile) -> None:
    """Six of them, of which each kind is brought about."""
    failures = [(where, value) for where, status, value in file.samples() if status == "200" and failed(value)]
    assert len(failures) == 6
    assert SbSetup(dialect="6.0").failed_status == 200
    entry = asked_as(file, "POST /api/salesjournalentry").bodies["BTW binnen en buiten EU"]
    sent = [session.call("POST", "enyoi", "/api/salesjournalentry", "2", json=plain(entry)) for _ in range(2)]
    assert sent[1].status_code == 200
    assert "already exists" in sent[1].json()["errors"][0]
    assert sent[1].json().keys() == failures[0][1].keys()
    early = {**entry, "InvoiceNumber": "early", "InvoiceDate": "1999-01-01"}
    kept = session.call("POST", "enyoi", "/api/salesjournalentry", "2", json=plain(early))
    assert kept.status_code == 200
    assert re.search(r"delete SalesJournalEntry with id: [0-9a-f-]{36}$", kept.json()["errors"][0])


def failed(value: object) -> bool:
    return isinstance(value, dict) and value.get("result") == "Failed"
