"""Blobs: found in rows of any shape, and uploads whose names and types a header carries."""

from __future__ import annotations

import json

import pytest

from afas_soap.errors import AnswerError, QueryError, SBError
from afas_soap.sb.blobs import Accepted, Blob, BlobForm, Upload, accepted, blobs_in, checked_id, taken

ID = "7c3d0d6e-38ee-4b4a-8c7f-0a7a3f0f7f11"
ROW = {
    "Id": ID.upper(),
    "ReadKey": "eyJ.a.b",
    "FileName": "a.pdf",
    "ContentType": "application/pdf",
    "ContentLength": 7,
}


@pytest.mark.parametrize("value", [ROW, [ROW], json.dumps(ROW), json.dumps([ROW, {}, 7])])
def test_a_row_names_it_as_an_object_an_array_or_json(value: object) -> None:
    (blob,) = blobs_in({"Description": "[x", "Id": ID, "Nr": None, "Blob": value})
    assert (blob.id, blob.name, blob.media_type, blob.length) == (ID, "a.pdf", "application/pdf", 7)
    assert blob.read_key.reveal() == "eyJ.a.b"
    assert "eyJ" not in repr(blob)


@pytest.mark.parametrize("changed", [{"Id": "x"}, {"Id": None}, {"ReadKey": ""}, {"ReadKey": None}, {"ReadKey": 7}])
def test_what_cannot_be_opened_is_no_blob(changed: dict[str, object]) -> None:
    assert list(blobs_in({"Blob": {**ROW, **changed}})) == []


def test_what_is_not_told_is_not_known() -> None:
    (blob,) = blobs_in({"blob": {"id": ID, "readkey": "k", "contentlength": -1}})
    assert (blob.name, blob.media_type, blob.length) == ("", "", None)
    assert isinstance(blob, Blob)


def test_the_id_of_a_blob() -> None:
    assert checked_id(f" {ID.upper()} ") == ID
    for wrong in ("", "x", "../" + ID, f"{ID}/x", 7):
        with pytest.raises(QueryError, match="is a UUID"):
            checked_id(wrong)  # type: ignore[arg-type]


def test_what_the_first_answer_says() -> None:
    assert accepted(b'{"BlobAccepted":true,"ChunkSize":5242880}') == Accepted(5242880)
    told = accepted(b'{"blobaccepted":true,"chunksize":5,"ReadKey":"k"}')
    assert told.read_key is not None
    assert told.read_key.reveal() == "k"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"BlobAccepted":false,"ChunkSize":5}',
        b'{"BlobAccepted":"true","ChunkSize":5}',
        b'{"BlobAccepted":true}',
        b'{"BlobAccepted":true,"ChunkSize":0}',
        b'{"BlobAccepted":true,"ChunkSize":true}',
    ],
)
def test_a_first_answer_that_takes_nothing(body: bytes) -> None:
    with pytest.raises(SBError if b"false" in body else AnswerError, match="did not take the file"):
        accepted(body)


@pytest.mark.parametrize("name", ["", " a.pdf", "a\r\nX: y.pdf", "a\tb.pdf", "één.pdf", "a\x7f.pdf", "x" * 256])
def test_a_name_that_no_header_carries_is_refused_with_the_remedy(name: str) -> None:
    with pytest.raises(QueryError, match="give it another"):
        Upload(name, "application/pdf", 1)


@pytest.mark.parametrize("media", ["", "pdf", "a/b\r\nX: y", "a/é", "text/plain; charset=\n"])
def test_a_type_that_no_header_carries(media: str) -> None:
    with pytest.raises(QueryError, match="such as application/pdf"):
        Upload("a", media, 1)


def test_the_guides_form() -> None:
    upload = Upload('a"b.pdf', "application/pdf", 3)
    headers, body = upload.piece(b"abc", BlobForm.GUIDE, "mark")
    assert headers == {
        "blob-content-filename": 'a"b.pdf',
        "blob-content-length": "3",
        "blob-content-type": "application/pdf",
        "blob-upload-type": "blob",
        "Content-Type": "multipart/form-data; boundary=mark",
    }
    assert body == (
        b'--mark\r\nContent-Disposition: form-data; name="file"; filename="a\\"b.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\nabc\r\n--mark--\r\n"
    )


def test_the_form_of_the_openapi_file() -> None:
    headers, body = Upload("a.pdf", "application/pdf", 3).piece(b"abc", BlobForm.OPENAPI, "mark")
    assert headers == {
        "Blob-Upload-Type": "Blob",
        "Blob-Format": "Default",
        "Content-Type": "application/octet-stream",
    }
    assert body == b"abc"


def test_the_place_of_a_piece() -> None:
    assert Upload("a", "a/b", 10).place(4, 3) == "bytes 4-6/10"


@pytest.mark.parametrize("body", [b"", b" \n", b'{"BlobAccepted":true}', b'{"Result":"Succeeded"}'])
def test_an_answer_that_has_the_file(body: bytes) -> None:
    taken(body)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"BlobAccepted":false}', SBError),
        (b'{"result":"Failed","errors":["no"]}', SBError),
        (b'{"StatusCode":400,"Message":"no"}', SBError),
        (b"{}", AnswerError),
        (b"[1]", AnswerError),
        (b"<html>", AnswerError),
    ],
)
def test_an_answer_that_does_not_have_it_or_does_not_say(body: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        taken(body)
