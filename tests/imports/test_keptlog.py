"""The raw log on disk: what a kill leaves at each point, and what the system refuses."""

from __future__ import annotations

import base64
import datetime
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap import disk
from afas_soap.emulator.imports.logarchive import Outcome, log_archive
from afas_soap.errors import AnswerError, SettingsError
from afas_soap.imports.keptlog import KeptLog

ID = "0123456789ABCDEF" * 2
HEAD = (
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    b'<GetStateResponse xmlns="urn:Afas.Profit.Services"><GetStateResult>'
)
TAIL = b"</GetStateResult></GetStateResponse></soap:Body></soap:Envelope>"


@pytest.fixture
def log() -> bytes:
    archive = log_archive(Outcome("IMPORT", "done"), datetime.datetime(2026, 12, 1))
    return HEAD + base64.b64encode(archive) + TAIL


@pytest.fixture
def kept(tmp_path: Path) -> KeptLog:
    kept = KeptLog(tmp_path / "imports", ID)
    kept.lock()
    return kept


def part(kept: KeptLog) -> Path:
    return kept.path.with_suffix(".part")


def test_an_answer_is_kept_flushed_and_named(kept: KeptLog, log: bytes, on_disk: list[tuple[str, object]]) -> None:
    for at in range(0, len(log), 100):
        kept.write(log[at : at + 100])
    assert kept.result() is None
    kept.settle()
    kept.is_whole()
    folder = [("folder", "imports")] if os.name != "nt" else []
    assert on_disk == [("flushed", len(log)), ("renamed", f"{ID}.xml"), *folder]
    assert kept.path.read_bytes() == log
    result = kept.result()
    assert result is not None
    assert result.succeeded
    if os.name != "nt":
        assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600


def test_what_a_run_before_left_is_written_over(kept: KeptLog, log: bytes) -> None:
    part(kept).write_bytes(b"old" * 10_000)
    kept.write(log)
    kept.settle()
    assert part(kept).read_bytes() == log
    kept.is_nothing()
    kept.is_nothing()
    assert not part(kept).exists()


def test_nothing_that_came_is_nothing_to_flush(kept: KeptLog) -> None:
    kept.settle()
    assert kept.recover() is None


def test_a_part_that_is_whole_is_a_log(kept: KeptLog, log: bytes) -> None:
    part(kept).write_bytes(log)
    assert kept.recover() is None
    assert kept.path.read_bytes() == log


def test_a_part_that_is_an_empty_answer_is_nothing(kept: KeptLog) -> None:
    part(kept).write_bytes(HEAD + TAIL)
    assert kept.recover() is None
    assert not part(kept).exists()
    assert not kept.path.exists()


def test_cut_anywhere_it_is_lost_as_soon_as_the_log_had_begun(kept: KeptLog, log: bytes) -> None:
    for at in range(len(log)):
        part(kept).write_bytes(log[:at])
        cut = kept.recover()
        assert (cut is not None) is (at > len(HEAD)), at
        if cut is not None:
            assert cut.read_bytes() == log[:at]
            cut.unlink()
        assert not kept.path.exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_cut_is_known_in_another_encoding(kept: KeptLog, log: bytes, encoding: str) -> None:
    text = '<?xml version="1.0" encoding="utf-16"?>' + log.decode()
    data, head = text.encode(encoding), text[: text.index("<GetStateResult>") + 16].encode(encoding)
    for at in (len(head) // 2, len(head), len(head) + 2, len(head) + 3, len(head) + 101, len(data) - 2):
        part(kept).write_bytes(data[:at])
        assert (kept.recover() is not None) is (at > len(head)), at
    part(kept).write_bytes(data)
    assert kept.recover() is None
    result = kept.result()
    assert result is not None
    assert result.succeeded


@pytest.mark.parametrize(
    "tag",
    [
        b"<ns1:GetStateResult>",
        b'<GetStateResult xsi:type="xsd:string">',
        b"<GetStateResult><![CDATA[",
        b"<GetStateResult>\n",
    ],
)
def test_the_tag_may_be_spelt_otherwise(kept: KeptLog, tag: bytes) -> None:
    part(kept).write_bytes(tag + b"UEsD")
    assert kept.recover() is not None


def test_a_result_that_ends_in_its_tag_began_no_log(kept: KeptLog) -> None:
    part(kept).write_bytes(HEAD.replace(b"Result>", b'Result xsi:nil="true"/>') + b"\n </GetState")
    assert kept.recover() is None


def test_what_began_a_result_is_never_replaced(kept: KeptLog, log: bytes) -> None:
    pieces = [log[: len(HEAD) + size] for size in (4, 8, 12)]
    for piece in pieces:
        part(kept).write_bytes(piece)
        # The answer of another time comes, and is nothing.
        kept.write(HEAD + TAIL)
        kept.settle()
        kept.is_nothing()
    assert [path.name for path in kept.cut] == [f"{ID}.cut", f"{ID}.cut-2", f"{ID}.cut-3"]
    assert [path.read_bytes() for path in kept.cut] == pieces


def test_a_log_is_not_replaced_by_another(kept: KeptLog, log: bytes) -> None:
    kept.path.write_bytes(log)
    kept.write(log + b"\n")
    kept.settle()
    kept.is_whole()
    assert kept.path.read_bytes() == log
    assert [path.read_bytes() for path in kept.cut] == [log + b"\n"]


@pytest.mark.parametrize("wrong", [b"*", b"=", b"A"])
def test_a_whole_answer_whose_content_cannot_be_read_is_kept_as_it_came(
    kept: KeptLog, log: bytes, wrong: bytes
) -> None:
    dirty = log[: len(HEAD) + 40] + wrong + log[len(HEAD) + 40 :]
    kept.write(dirty)
    assert kept.recover() is None
    assert kept.path.read_bytes() == dirty
    with pytest.raises(AnswerError):
        kept.result()


def test_a_log_that_cannot_be_read_is_an_error(kept: KeptLog) -> None:
    kept.path.write_bytes(HEAD + b"AAAA" + TAIL)
    with pytest.raises(AnswerError, match="is no ZIP archive"):
        kept.result()


def test_two_cannot_have_it(kept: KeptLog, tmp_path: Path) -> None:
    other = KeptLog(tmp_path / "imports", ID)
    with pytest.raises(SettingsError, match="Another process waits"):
        other.lock()
    kept.unlock()
    kept.unlock()
    other.lock()
    other.unlock()


def _recovered(kept: KeptLog) -> None:
    part(kept).mkdir()
    kept.recover()


def _read(kept: KeptLog) -> None:
    kept.path.mkdir()
    kept.result()


def _written(kept: KeptLog) -> None:
    part(kept).mkdir()
    kept.write(b"x")


def _named(kept: KeptLog) -> None:
    kept.is_whole()


@pytest.mark.skipif(os.name == "nt", reason="the system's words are others")
@pytest.mark.parametrize("act", [_recovered, _read, _written, _named])
def test_what_the_system_refuses_is_said(kept: KeptLog, act: Callable[[KeptLog], None]) -> None:
    with pytest.raises(SettingsError, match=f"The log of import {ID} cannot be kept"):
        act(kept)


def test_a_cut_log_that_cannot_be_renamed_stays(kept: KeptLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "rename_to_free", full)
    part(kept).write_bytes(HEAD + b"UEsD")
    for act in (kept.recover, lambda: kept.write(b"x")):
        with pytest.raises(SettingsError, match="No space left"):
            act()
    assert part(kept).read_bytes() == HEAD + b"UEsD"


def test_a_full_disk_is_said(kept: KeptLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    kept.write(b"x")
    monkeypatch.setattr(disk, "flush", full)
    with pytest.raises(SettingsError, match="No space left"):
        kept.settle()
    kept.unlock()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be kept"):
        KeptLog(tmp_path / "file", ID).lock()
