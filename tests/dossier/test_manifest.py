"""What each file is called and what became of it, written down so that a kill loses nothing."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from afas_soap.dossier.layout import Layout
from afas_soap.dossier.manifest import NAME, Entry, Header, Manifest, State, entries
from afas_soap.errors import SettingsError
from afas_soap.profit.documents.content import Attachment

HEADER = Header("12345", "Dossierexport", Layout("DossieritemId", ("Type",), ("Bedrag",)))
ONE = Entry(Attachment(17, "A" * 32, "é\ud800.pdf"), ("Loon", "x.pdf"), ("1.0",))
TWO = Entry(Attachment(17, "A" * 32, "x.pdf", 3), ("Loon", "x (2).pdf"), ("1.0",))


def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    whole = ONE.ended(State.WHOLE, length=3, sha256="ab")
    with Manifest(tmp_path, HEADER) as manifest:
        manifest.write([ONE, TWO])
        manifest.write([whole])
        manifest.write([])
    with Manifest(tmp_path, HEADER) as manifest:
        assert list(manifest.entries.values()) == [whole, TWO]
        assert list(manifest.whole()) == [whole]
    lines = [json.loads(line) for line in (tmp_path / NAME).read_text().splitlines()]
    assert len(lines) == 4
    assert lines[3] == {
        "path": "Loon/x.pdf",
        "name": "é\ud800.pdf",
        "subject": 17,
        "reaction": None,
        "file": "A" * 32,
        "length": 3,
        "sha256": "ab",
        "state": "whole",
        "reason": "",
        "values": ["1.0"],
    }


def test_half_a_line_is_cut_off_and_the_next_one_stands_behind_whole_ones(tmp_path: Path) -> None:
    with Manifest(tmp_path, HEADER) as manifest:
        manifest.write([ONE, TWO])
    path = tmp_path / NAME
    written = path.read_bytes()
    for size in range(len(written)):
        path.write_bytes(written[:size])
        with Manifest(tmp_path, HEADER) as manifest:
            manifest.write([TWO])
        with Manifest(tmp_path, HEADER) as manifest:
            assert manifest.entries[TWO.key] == TWO


def test_each_line_is_on_the_disk_before_it_counts(tmp_path: Path, on_disk: list[tuple[str, object]]) -> None:
    with Manifest(tmp_path, HEADER) as manifest:
        manifest.write([ONE])
        assert on_disk[-1] == ("flushed", (tmp_path / NAME).stat().st_size)


def test_one_export_at_a_time_has_it(tmp_path: Path) -> None:
    with Manifest(tmp_path, HEADER), pytest.raises(SettingsError, match="another export writes into"):
        Manifest(tmp_path, HEADER)
    Manifest(tmp_path, HEADER).remove()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "header",
    [
        Header("12346", "Dossierexport", HEADER.layout),
        Header("12345", "Other", HEADER.layout),
        Header("12345", "Dossierexport", Layout("DossieritemId", (), ("Bedrag",))),
    ],
)
def test_another_export_is_refused(tmp_path: Path, header: Header) -> None:
    Manifest(tmp_path, HEADER).__exit__(None, None, None)
    with pytest.raises(SettingsError, match="is of another export"):
        Manifest(tmp_path, header)


@pytest.mark.parametrize("text", ["{}\n", "no JSON\n", "1\n", "[]\n"])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(SettingsError, match="is no manifest of an export"):
        Manifest(tmp_path, HEADER)


def changed(**parts: object) -> str:
    return json.dumps(json.loads(ONE.line()) | parts)


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        "{}",
        changed(path="../x"),
        changed(path="/etc/passwd"),
        changed(path="a/../../x"),
        changed(path="C:\\x"),
        changed(path="a//b"),
        changed(path=""),
        changed(state="odd"),
        changed(values="text"),
        changed(length="long"),
        changed(subject=None),
        changed(reaction="x"),
    ],
)
def test_a_line_that_nobody_wrote_is_refused_and_no_path_leaves_the_folder(tmp_path: Path, line: str) -> None:
    (tmp_path / NAME).write_bytes(HEADER.line() + line.encode() + b"\n")
    with pytest.raises(SettingsError, match=r"line 2 of .* cannot be read"):
        Manifest(tmp_path, HEADER)


def test_behind_a_line_that_could_not_be_written_nothing_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Manifest(tmp_path, HEADER) as manifest:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            with pytest.raises(SettingsError, match=r"cannot write the manifest .*: No space left"):
                manifest.write([ONE])
        with pytest.raises(SettingsError, match="a line before this one"):
            manifest.write([ONE])
        assert not manifest.entries


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_it_cannot_be_written_behind_its_end(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path, HEADER)
    manifest.__exit__(None, None, None)
    with pytest.raises(SettingsError, match="the export has ended"):
        manifest.write([ONE])


def test_where_it_cannot_be_the_system_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="cannot open the manifest"):
        Manifest(tmp_path / "none", HEADER)
    monkeypatch.setattr("afas_soap.disk.claim", full)
    with pytest.raises(SettingsError, match="cannot lock the manifest"):
        Manifest(tmp_path, HEADER)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).symlink_to(os.devnull)
    with pytest.raises(SettingsError, match="is no plain file"):
        Manifest(tmp_path, HEADER)


def test_it_is_read_without_a_change(tmp_path: Path) -> None:
    assert entries(tmp_path, HEADER) == {}
    with Manifest(tmp_path, HEADER) as manifest:
        manifest.write([ONE, TWO])
        assert entries(tmp_path, HEADER) == manifest.entries
    path = tmp_path / NAME
    written = path.read_bytes()
    for size in range(len(written)):
        path.write_bytes(written[:size])
        assert entries(tmp_path, HEADER).keys() <= {ONE.key, TWO.key}
        assert path.read_bytes() == written[:size]
    path.write_bytes(written)
    with pytest.raises(SettingsError, match="is of another export"):
        entries(tmp_path, Header("12346", "Dossierexport", HEADER.layout))
    path.write_bytes(HEADER.line() + b"{}\n")
    with pytest.raises(SettingsError, match=r"line 2 of .* cannot be read"):
        entries(tmp_path, HEADER)


def test_what_cannot_be_read_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NAME).symlink_to(os.devnull)
    with pytest.raises(SettingsError, match="is no plain file"):
        entries(tmp_path, HEADER)
    (tmp_path / NAME).unlink()
    (tmp_path / NAME).write_bytes(HEADER.line())
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(SettingsError, match=r"cannot read the manifest .*: No space"):
        entries(tmp_path, HEADER)


def test_on_windows_it_is_let_go_of_before_it_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = Manifest(tmp_path, HEADER)
    monkeypatch.setattr("afas_soap.appendlog._ON_WINDOWS", True)
    manifest.remove()
    assert not list(tmp_path.iterdir())
