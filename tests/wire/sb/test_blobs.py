"""Documents of SB: whole or an error, read by a key that shows nowhere, and uploaded in the form that was chosen."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    CutOff,
    Fate,
    NotFound,
    QueryError,
    SBError,
    SettingsError,
    TransportError,
    Uncertain,
)
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.rows import Rows
from afas_soap.sb.blobs import Blob
from afas_soap.smallbusiness.blobs import Documents
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.sb.calls import SbCalls
from afas_soap.wire.sb.judge import SB

LinkTo = Callable[..., Link]

ID = "7c3d0d6e-38ee-4b4a-8c7f-0a7a3f0f7f11"
OLD, NEW = "eyJ0eXAi.old-key.signature", "eyJ0eXAi.new+key.signature"
DENIED = '{"StatusCode":403,"Message":"De ingelogde gebruiker heeft niet voldoende rechten."}'
TAKEN = '{"BlobAccepted":true,"ChunkSize":8}'


def blob(key: str = OLD, length: int | None = 4) -> Blob:
    return Blob(ID, Secret(key), "a.pdf", "application/pdf", length)


@pytest.fixture
def rows() -> list[dict[str, object]]:
    """The rows of every connector."""
    return [{"Id": "x", "Blob": json.dumps([{"Id": ID, "ReadKey": NEW, "FileName": "a.pdf", "ContentLength": 4}])}]


@pytest.fixture
def made(fixed: Any, link_to: LinkTo, rows: list[dict[str, object]]) -> Iterator[Callable[..., Documents]]:
    with contextlib.ExitStack() as closing:

        def make(**options: Any) -> Documents:
            link = {name: options.pop(name) for name in ("trace",) if name in options}
            transport = closing.enter_context(Transport(link_to(fixed, **link), SB, sleep=lambda _: None))
            return Documents(SbCalls(transport), lambda _: _as_rows(rows), **options)

        yield make


def _as_rows(rows: list[dict[str, object]]) -> Rows:
    def batches() -> Iterator[list[Any]]:
        yield list(rows)

    return Rows.of_batches(None, batches())


def pdf(fixed: Any, body: bytes = b"%PDF", *headers: str) -> None:
    fixed.reply(body, "application/pdf", "200 OK", *headers)


# --- down ---


def test_a_document_by_its_key(fixed: Any, made: Callable[..., Documents], tmp_path: Path) -> None:
    pdf(fixed)
    saved = made().opened(blob(), of=None).save(tmp_path)
    assert (saved.name, saved.read_bytes()) == ("a.pdf", b"%PDF")
    assert fixed.requests[0].startswith(f"GET /ProfitRestServices/api/blob/{ID}?readkey={OLD} HTTP/1.1".encode())


def test_a_document_by_the_row_that_names_it(fixed: Any, made: Callable[..., Documents]) -> None:
    pdf(fixed)
    assert made().document(ID.upper(), of="salesinvoices").read() == b"%PDF"
    assert b"readkey=eyJ0eXAi.new%2Bkey.signature" in fixed.requests[0]
    with pytest.raises(NotFound, match="No row of products names a document"):
        made().document("9a1b1c1d-0000-4000-8000-0123456789ab", of="products")
    with pytest.raises(QueryError):
        made().document("x", of="products")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "400 Bad Request"])
def test_a_key_that_ran_out_is_read_anew_from_the_row_once(
    fixed: Any, made: Callable[..., Documents], status: str
) -> None:
    fixed.json(DENIED, status)
    pdf(fixed)
    assert made().opened(blob(), of="salesinvoices").read() == b"%PDF"
    assert len(fixed.requests) == 2
    fixed.json(DENIED, status)
    fixed.json(DENIED, status)
    with pytest.raises(AfasError):
        made().opened(blob(), of="salesinvoices").read()
    assert len(fixed.requests) == 4


def test_without_a_row_it_stays_refused(fixed: Any, made: Callable[..., Documents]) -> None:
    fixed.json(DENIED, "403 Forbidden")
    with pytest.raises(AccessDenied):
        made().opened(blob(), of=None).read()
    fixed.json(DENIED, "403 Forbidden")
    with pytest.raises(AccessDenied):
        made().opened(blob(NEW), of="salesinvoices").read()
    assert len(fixed.requests) == 2, "the row has the same key"


def test_one_that_is_cut_off_half_way_is_no_document(
    fixed: Any, made: Callable[..., Documents], tmp_path: Path
) -> None:
    """Not even where the row says nothing of its length."""
    for _ in range(4):
        fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 4\r\n\r\n%P", None)
    with pytest.raises(TransportError):
        made().opened(blob(), of=None).save(tmp_path)
    pdf(fixed, b"%P")
    with pytest.raises(CutOff, match="has 4 bytes by its row, and 2 came"):
        made().opened(blob(), of=None).save(tmp_path)
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nConnection: close\r\n\r\n%P", None)
    with pytest.raises(CutOff, match="does not say where the document ends"):
        made().opened(blob(length=None), of=None).save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_key_shows_nowhere(fixed: Any, made: Callable[..., Documents], tmp_path: Path) -> None:
    fixed.json(json.dumps({"StatusCode": 403, "Message": f"no right with {OLD}"}), "403 Forbidden")
    trace = tmp_path / "trace"
    with pytest.raises(AccessDenied) as caught:
        made(trace=trace).opened(blob(), of=None).read()
    assert OLD not in f"{caught.value}{caught.value.__notes__}"
    assert OLD.encode() not in trace.read_bytes()
    assert b"readkey=***" in trace.read_bytes()


@pytest.mark.parametrize("media", ["application/json", "application/pdf"])
@pytest.mark.parametrize(
    "body",
    [
        {"result": "Failed", "errors": ["read key expired"]},
        {"StatusCode": 403, "Message": "De ingelogde gebruiker heeft niet voldoende rechten."},
    ],
)
def test_a_refusal_in_place_of_the_document_is_no_document(
    fixed: Any, made: Callable[..., Documents], tmp_path: Path, media: str, body: dict[str, object]
) -> None:
    """A status says nothing: with 200 as well. A new key is tried for it as for one with another status."""
    text = f"\n {json.dumps({**body, 'of': OLD})}"
    fixed.reply(text, media, "200 OK")
    with pytest.raises(SBError, match=r"expired|rechten") as caught:
        made().opened(blob(length=None), of=None).save(tmp_path)
    assert OLD not in str(caught.value)
    assert caught.value.fate is None
    assert list(tmp_path.iterdir()) == []
    fixed.reply(text, media, "200 OK")
    pdf(fixed)
    assert made().opened(blob(), of="salesinvoices").read() == b"%PDF"


@pytest.mark.parametrize("text", ['{"Message": "of another"}', '{"result": "Succeeded"}', '{"a": 1', "{" * 3 * 2**20])
def test_json_that_is_no_refusal_is_a_document(fixed: Any, made: Callable[..., Documents], text: str) -> None:
    fixed.reply(text.encode(), "application/json", "200 OK")
    assert made().opened(blob(length=None), of=None).read() == text.encode()


def test_what_is_as_long_as_its_row_says_is_the_document(fixed: Any, made: Callable[..., Documents]) -> None:
    text = b'{"result": "Failed", "errors": ["a log that somebody attached"]}'
    fixed.reply(text, "application/json", "200 OK")
    assert made().opened(blob(length=len(text)), of=None).read() == text


# --- up ---


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "invoice.pdf"
    path.write_bytes(b"%PDF-1")
    return path


def test_an_upload_takes_two_requests(fixed: Any, made: Callable[..., Documents], file: Path) -> None:
    fixed.json(TAKEN)
    fixed.reply(b"", "text/plain")
    identity = made().upload(file)
    first, second = fixed.requests
    assert first.startswith(f"PUT /ProfitRestServices/api/blob/{identity} HTTP/1.1\r\n".encode())
    assert b"blob-content-filename: invoice.pdf\r\nblob-content-length: 6\r\n" in first
    assert b"Tracking-Identifier" not in first + second, "blobs have none"
    assert first.endswith(b"\r\n\r\n")
    assert second.startswith(f"PUT /ProfitRestServices/api/blob/{identity} ".encode())
    assert b"blob-upload-type: blob" in second
    assert b'name="file"; filename="invoice.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1\r\n--' in second


def test_the_other_form_by_a_setting(fixed: Any, made: Callable[..., Documents], file: Path) -> None:
    fixed.json(TAKEN)
    fixed.reply(b"", "text/plain")
    made(form="openapi").upload(file, name="x.bin", media_type="a/b")
    assert fixed.requests[1].endswith(b"\r\n\r\n%PDF-1")
    assert b"Blob-Upload-Type: Blob\r\n" in fixed.requests[1]


def test_it_is_never_a_silent_second_try(fixed: Any, made: Callable[..., Documents], file: Path) -> None:
    fixed.json(TAKEN)
    fixed.json('{"StatusCode":400,"Message":"no"}', "400 Bad Request")
    with pytest.raises(AfasError):
        made().upload(file)
    assert len(fixed.requests) == 2


@pytest.mark.parametrize("named", [True, False])
def test_one_that_is_too_large_is_refused_before_any_byte(
    fixed: Any, made: Callable[..., Documents], file: Path, named: bool
) -> None:
    """By AFAS' number before the first request, by the server's before the second."""
    file.write_bytes(bytes(5_242_881 if named else 9))
    if not named:
        fixed.json(TAKEN)
    with pytest.raises(QueryError, match="blob_chunk_header"):
        made().upload(file)
    assert len(fixed.requests) == (0 if named else 1)


def test_in_pieces_where_the_header_is_named_and_read_back(
    fixed: Any, made: Callable[..., Documents], file: Path
) -> None:
    file.write_bytes(b"0123456789")
    for answer in (b"0123456789", b"0189234567"):
        fixed.requests.clear()
        fixed.json('{"BlobAccepted":true,"ChunkSize":8,"ReadKey":"k-of-the-upload"}')
        fixed.reply(b"", "text/plain")
        fixed.reply(b"", "text/plain")
        fixed.reply(answer, "application/pdf")
        documents = made(chunk_header="Content-Range", form="openapi")
        if answer == b"0123456789":
            documents.upload(file)
        else:
            with pytest.raises(AnswerError, match="put the pieces together otherwise"):
                documents.upload(file)
        assert [b"Content-Range: bytes 0-7/10" in sent for sent in fixed.requests] == [False, True, False, False]
        assert b"Content-Range: bytes 8-9/10" in fixed.requests[2]


def test_what_broke_off_is_uploaded_once_more(fixed: Any, made: Callable[..., Documents], file: Path) -> None:
    fixed.json(TAKEN)
    fixed.raw(None)
    with pytest.raises(Uncertain, match="upload it once more"):
        made().upload(file)


@pytest.mark.parametrize("answer", ['{"BlobAccepted":true}', "[]", "", "<html>", None])
def test_before_the_second_request_nothing_of_the_file_was_sent(
    fixed: Any, made: Callable[..., Documents], file: Path, answer: str | None
) -> None:
    if answer is None:
        fixed.raw(None)
    else:
        fixed.json(answer)
    with pytest.raises(TransportError, match="Nothing of the file was sent yet") as caught:
        made().upload(file)
    assert (caught.value.fate, caught.value.sent, isinstance(caught.value, Uncertain)) == (Fate.NOT_SENT, False, False)


@pytest.mark.parametrize(
    ("answer", "fate"),
    [
        ('{"result":"Failed","errors":["full"]}', Fate.REFUSED),
        ('{"BlobAccepted":false}', Fate.REFUSED),
        ('{"StatusCode":400,"Message":"no"}', Fate.REFUSED),
        ("{}", Fate.UNCERTAIN),
        ("soon", Fate.UNCERTAIN),
        (" ", None),
        ('{"BlobAccepted":true}', None),
        ('{"result":"Succeeded"}', None),
    ],
)
def test_what_the_answer_to_the_file_itself_says(
    fixed: Any, made: Callable[..., Documents], file: Path, answer: str, fate: Fate | None
) -> None:
    """A status of 200 says nothing here either."""
    fixed.json(TAKEN)
    fixed.json(answer)
    try:
        made().upload(file)
        found = None
    except AfasError as error:
        found = error.fate
    assert found is fate


@pytest.mark.parametrize(
    "answer",
    ['{"result":"Failed","errors":["read key %s expired"]}', '{"StatusCode":403,"Message":"no right with %s"}'],
)
def test_an_error_that_came_as_a_success_is_no_document(
    fixed: Any, made: Callable[..., Documents], tmp_path: Path, answer: str
) -> None:
    fixed.json(answer % OLD)
    with pytest.raises(SBError) as caught:
        made().opened(blob(length=None), of=None).save(tmp_path)
    assert OLD not in f"{caught.value}{caught.value.errors}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("document", ['{"Message":"a document"}', "[1]", '{"result":"Succeeded"}', "{" + " " * 2**20])
def test_a_document_may_be_json(fixed: Any, made: Callable[..., Documents], document: str) -> None:
    fixed.json(document)
    assert made().opened(blob(length=None), of=None).read() == document.encode()


def test_a_file_that_is_not_taken_is_refused(fixed: Any, made: Callable[..., Documents], file: Path) -> None:
    fixed.json('{"BlobAccepted":false}')
    with pytest.raises(SBError, match="did not take the file") as caught:
        made().upload(file)
    assert caught.value.fate is Fate.REFUSED


@pytest.mark.skipif(os.name == "nt", reason="it has no named pipes in folders")
def test_what_is_no_plain_file_is_not_waited_for(fixed: Any, made: Callable[..., Documents], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path(os.devnull)):
        with pytest.raises(SettingsError, match="is no plain file"):
            made().upload(path)
    assert fixed.requests == []


def test_a_file_that_is_not_there_or_empty(made: Callable[..., Documents], file: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        made().upload(file.with_name("other"))
    file.write_bytes(b"")
    with pytest.raises(QueryError, match="is empty"):
        made().upload(file)
