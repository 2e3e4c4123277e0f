"""Blobs over the host: announced and sent, in one piece or more, and read with a key (small-business.md 3.4)."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.errors import SettingsError

ID = "3b642fed-f4ec-4463-986a-745531ccbbb8"
CONTENT = b"%PDF-1.7 invoice"
ABOUT = {"blob-content-filename": "invoice.pdf", "blob-content-type": "application/pdf"}


class Side:
    """An SB with a clock that stands still, and a token."""

    def __init__(self, **fields: Any) -> None:
        self.now = 1_800_000_000.0
        self.app = Emulator(setup=Setup(sb=SbSetup(**fields), clock=lambda: self.now))
        self._signed = {"Authorization": f"Bearer {self.app.sb.token('enyoi')}"}
        self.blobs = self.app.sb.environments["enyoi"].blobs

    def call(self, method: str, address: str, headers: Mapping[str, str] | None = None, **more: Any) -> TestResponse:
        told = {**self._signed, **(headers or {})}
        return Client(self.app).open(f"/enyoi/api/{address}", method=method, headers=told, **more)

    def announce(self, length: int = len(CONTENT)) -> TestResponse:
        return self.call("PUT", f"blob/{ID}", {**ABOUT, "blob-content-length": str(length)})

    def send(self, content: bytes = CONTENT, length: int | None = None, **headers: str) -> TestResponse:
        told = {**ABOUT, "blob-content-length": str(len(content) if length is None else length)}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        form = {"file": (io.BytesIO(content), "invoice.pdf")}
        return self.call("PUT", f"blob/{ID}", {**told, "blob-upload-type": "blob", **more}, data=form)

    def send_bare(self, content: bytes = CONTENT) -> TestResponse:
        return self.call("PUT", f"blob/{ID}", {"Blob-Upload-Type": "Blob/Image"}, data=content)


@pytest.fixture
def made() -> Iterator[Callable[..., Side]]:
    sides: list[Side] = []

    def make(**fields: Any) -> Side:
        sides.append(Side(**fields))
        return sides[-1]

    yield make
    for side in sides:
        side.app.close()


@pytest.fixture
def side(made: Callable[..., Side]) -> Side:
    return made()


def test_an_upload_is_announced_and_then_sent(side: Side) -> None:
    announced = side.announce()
    assert announced.get_json() == {"BlobAccepted": True, "ChunkSize": 5242880}
    assert not side.blobs.has(ID)
    sent = side.send()
    assert (sent.status_code, sent.data) == (200, b"")
    found = side.blobs.read(ID.upper())
    assert found is not None
    assert found[1] == CONTENT


@pytest.mark.parametrize(("form", "pages", "file"), [("both", 200, 200), ("pages", 200, 400), ("file", 400, 200)])
def test_which_second_call_will_do_is_a_setting(made: Callable[..., Side], form: str, pages: int, file: int) -> None:
    side = made(blob_form=form)
    side.announce()
    assert [side.send().status_code, side.send_bare().status_code] == [pages, file]


def test_a_blob_that_broke_off_is_not_there(side: Side) -> None:
    side.announce(100)
    assert "niet zo lang" in side.send(b"half", 100).text
    assert not side.blobs.has(ID)


def test_pieces_are_taken_where_their_order_can_be_told(made: Callable[..., Side]) -> None:
    side = made(chunk_bytes=4, chunk_header="Content-Range")
    side.announce(10)
    for start, piece in ((4, b"4567"), (0, b"0123"), (8, b"89")):
        told = f"bytes {start}-{start + len(piece) - 1}/10"
        assert side.send(piece, 10, Content_Range=told).status_code == 200
    found = side.blobs.read(ID)
    assert found is not None
    assert found[1] == b"0123456789"


def test_pieces_may_be_numbered(made: Callable[..., Side]) -> None:
    side = made(chunk_bytes=4, chunk_header="Blob-Chunk")
    side.announce(6)
    side.send(b"0123", 6, Blob_Chunk="0")
    side.send(b"45", 6, Blob_Chunk="1")
    assert side.blobs.has(ID)


@pytest.mark.parametrize("told", ["", "bytes 0-1/10", "first"])
def test_a_piece_without_its_place_is_refused(made: Callable[..., Side], told: str) -> None:
    side = made(chunk_bytes=4, chunk_header="Content-Range")
    side.announce(10)
    assert side.send(b"0123", 10, Content_Range=told).status_code == 400


def test_no_piece_is_taken_without_a_header_for_them(made: Callable[..., Side]) -> None:
    side = made(chunk_bytes=4)
    side.announce(10)
    assert side.send(b"0123", 10, Content_Range="bytes 0-3/10").status_code == 400
    assert "ten hoogste 4 bytes" in side.send(b"0123456789").text


def test_more_than_was_announced_is_refused(made: Callable[..., Side]) -> None:
    side = made(chunk_bytes=4, chunk_header="Blob-Chunk")
    side.announce(5)
    side.send(b"0123", 5, Blob_Chunk="0")
    assert "langer dan aangekondigd" in side.send(b"4567", 5, Blob_Chunk="1").text


def test_what_is_sent_has_to_be_announced_as_it_is(side: Side) -> None:
    assert "niet aangekondigd" in side.send().text
    side.announce(99)
    assert "anders aangekondigd" in side.send().text
    assert "Blob-Upload-Type ontbreekt" in side.send(blob_upload_type="").text
    assert "zijn verplicht" in side.call("PUT", f"blob/{ID}", ABOUT).text


def blobs_of(side: Side, connector: str) -> list[dict[str, Any]]:
    """The blobs that the rows of a connector show."""
    rows = side.call("GET", connector).get_json()["Result"]
    found: list[dict[str, Any]] = []
    for row in rows:
        found += row["Blob"] if isinstance(row["Blob"], list) else [row["Blob"]] if row["Blob"] else []
    return found


@pytest.mark.parametrize(("connector", "begins"), [("salesinvoices", b"%PDF"), ("products", b"\x89PNG")])
def test_a_row_shows_a_key_that_opens_its_blob_until_it_expires(
    made: Callable[..., Side], connector: str, begins: bytes
) -> None:
    side = made(read_key_seconds=60)
    blob = blobs_of(side, connector)[0]
    address = f"blob/{blob['Id']}?readkey={blob['ReadKey']}"
    answer = side.call("GET", address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == blob["ContentType"]
    assert answer.data.startswith(begins)
    assert len(answer.data) == blob["ContentLength"]
    side.now += 60
    assert side.call("GET", address).status_code == 403
    again = next(one for one in blobs_of(side, connector) if one["Id"] == blob["Id"])
    assert side.call("GET", f"blob/{blob['Id']}?ReadKey={again['ReadKey']}").data == answer.data


def test_a_key_opens_its_own_blob_only(side: Side) -> None:
    first, second, *_ = blobs_of(side, "products")
    for key in (second["ReadKey"], "", "a.b.c", first["ReadKey"][:-2]):
        assert side.call("GET", f"blob/{first['Id']}?readkey={key}").status_code == 403
    assert side.call("GET", f"blob/{ID}?readkey={side.blobs.keys.give(ID)}").status_code == 404


def test_other_addresses_and_methods(side: Side) -> None:
    assert side.call("PUT", "blob/none", {**ABOUT, "blob-content-length": "1"}).status_code == 404
    answer = side.call("POST", f"blob/{ID}")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT")


def test_a_form_that_there_is_not_is_refused() -> None:
    with pytest.raises(SettingsError, match="blob_form"):
        SbSetup(blob_form="other")
    for name in ("", "a b", "A\r\nB", "A:"):
        with pytest.raises(SettingsError, match="chunk_header"):
            SbSetup(chunk_header=name)
    for seconds in (float("nan"), float("inf"), -1.0):
        with pytest.raises(SettingsError, match="memory_seconds"):
            SbSetup(memory_seconds=seconds)
        with pytest.raises(SettingsError, match="repeat_seconds"):
            SbSetup(repeat_seconds=seconds)
