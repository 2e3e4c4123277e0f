"""The journal of imports: flushed lines, what a kill leaves, and what is no journal."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest

from afas_soap import disk
from afas_soap.errors import SettingsError
from afas_soap.imports.journal import Journal, State, Subject, journal_folder

SUBJECT = Subject("12345", "IMPORT", "Import", "", "a.csv", "ab" * 32)
ID = "0123456789ABCDEF" * 2


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "imports", lambda: 1_790_000_000.0)


def sent(journal: Journal) -> str:
    name, same = journal.sending(SUBJECT, again=False)
    assert same is None
    return name


def test_nothing_is_there_at_first(journal: Journal) -> None:
    assert journal.runs() == ()
    assert not journal.folder.exists()


def test_each_line_is_flushed(journal: Journal, on_disk: list[tuple[str, object]]) -> None:
    run = sent(journal)
    folder = [("folder", "imports")] if os.name != "nt" else []
    assert on_disk == [("flushed", journal.path.stat().st_size), *folder], "its name as well"
    journal.write(run, "begun", command_id=ID)
    assert on_disk[-1] == ("flushed", journal.path.stat().st_size)
    (known,) = journal.runs()
    assert (known.state, known.command_id, known.sent, known.subject) == (State.OPEN, ID, 1_790_000_000.0, SUBJECT)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_it_is_its_owners_only(journal: Journal) -> None:
    sent(journal)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("what", "state"),
    [("uncertain", State.UNCERTAIN), ("refused", State.REFUSED), ("notsent", State.NOT_SENT), ("lost", State.LOST)],
)
def test_the_last_line_tells(journal: Journal, what: str, state: State) -> None:
    run = sent(journal)
    assert journal.runs()[0].state is State.UNCERTAIN, "a run that was broken off"
    journal.write(run, what)
    assert journal.runs()[0].state is state


@pytest.mark.parametrize(
    "changed",
    [
        {"name": " import\u00a0dossi\u0065\u0308r "},
        {"administration": "01"},
        {"administration": " 1"},
        {"administration": ""},
        {"file": "b.csv"},
        {"environment": "localhost"},
        {"environment": "::1", "environment_id": "O99999ZZ"},
        {"environment": "127.0.0.1", "environment_id": ""},
        {"environment": "profit.example", "environment_id": " o12345aa"},
        {"environment": "LOCALHOST."},
    ],
)
def test_what_may_be_the_same_is_the_same(journal: Journal, changed: dict[str, str]) -> None:
    subject = Subject("127.0.0.1", "IMPORT", "Import dossi\u00ebr", "1", "a.csv", "ab" * 32, "O12345AA")
    run, _ = journal.sending(subject, again=False)
    assert journal.sending(replace(subject, **changed), again=False)[1] is not None
    journal.write(run, "refused")
    assert journal.sending(replace(subject, **changed), again=False)[1] is None


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "DEFINITIEIMPORT"},
        {"name": "Import dossier 2"},
        {"administration": "10"},
        {"hash": "cd" * 32},
        {"environment": "12345-test", "environment_id": "T12345AA"},
        {"environment": "12345-test", "environment_id": ""},
    ],
)
def test_what_is_another_import_is_sent(journal: Journal, changed: dict[str, str]) -> None:
    subject = Subject("12345", "IMPORT", "Import dossier", "1", "a.csv", "ab" * 32, "O12345AA")
    journal.sending(subject, again=False)
    assert journal.sending(replace(subject, **changed), again=False)[1] is None


def test_a_line_without_the_id_of_the_environment_is_read(journal: Journal) -> None:
    sent(journal)
    text = journal.path.read_text().replace(',"environment_id":""', "")
    assert "environment_id" not in text
    journal.path.write_text(text)
    assert journal.runs()[0].subject == SUBJECT


def test_a_line_that_a_kill_cut_off_was_never_written(journal: Journal) -> None:
    run = sent(journal)
    with journal.path.open("ab") as file:
        file.write(b'{"what":"begun","run":"' + run.encode())
    assert journal.runs()[0].state is State.UNCERTAIN
    journal.write(run, "notsent")
    assert journal.runs()[0].state is State.NOT_SENT
    assert all(json.loads(line) for line in journal.path.read_bytes().splitlines())


def test_a_first_line_that_was_cut_off_is_written_anew(journal: Journal) -> None:
    journal.folder.mkdir()
    journal.path.write_bytes(b'{"what":"imp')
    assert journal.runs() == ()
    sent(journal)
    assert len(journal.runs()) == 1


@pytest.mark.parametrize(
    "lines",
    [
        [b"no journal"],
        [b'{"what":"sending","run":"a"}'],
        [b'{"what":"imports","format":1}', b"{"],
        [b'{"what":"imports","format":1}', b"[1]"],
        [b'{"what":"imports","format":1}', b'{"what":"other","run":"a","time":1}'],
        [b'{"what":"imports","format":1}', b'{"what":"done","run":"a","time":1}'],
        [b'{"what":"imports","format":1}', b'{"what":"sending","run":1,"time":1}'],
        [b'{"what":"imports","format":1}', b'{"what":"sending","run":"a","time":"now"}'],
    ],
)
def test_what_is_damaged_is_refused_as_a_whole(journal: Journal, lines: list[bytes]) -> None:
    journal.folder.mkdir()
    journal.path.write_bytes(b"".join(line + b"\n" for line in lines))
    with pytest.raises(SettingsError, match=f"Line {len(lines)} of the journal .* is damaged"):
        journal.runs()
    with pytest.raises(SettingsError):
        journal.sending(SUBJECT, again=True)


def test_a_later_format_is_not_guessed_at(journal: Journal) -> None:
    journal.folder.mkdir()
    journal.path.write_bytes(b'{"what":"imports","format":2}\n')
    with pytest.raises(SettingsError, match="of another version"):
        journal.runs()


def test_what_cannot_be_written_or_read_is_said(journal: Journal, tmp_path: Path) -> None:
    journal.folder.write_text("a file")
    with pytest.raises(SettingsError, match="cannot be used"):
        journal.sending(SUBJECT, again=False)
    with pytest.raises(SettingsError, match="cannot be used"):
        journal.runs()


def test_a_full_disk_is_said(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "flush", full)
    with pytest.raises(SettingsError, match="No space left"):
        journal.sending(SUBJECT, again=False)


def test_somebody_without_a_folder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(*_: object, **__: object) -> Path:
        raise RuntimeError

    monkeypatch.setattr(platformdirs, "user_data_path", homeless)
    with pytest.raises(SettingsError, match="set HOME, or XDG_DATA_HOME"):
        journal_folder()
