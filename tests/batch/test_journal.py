"""The journal: what it says is on the disk, one run has it at a time, and half a line is no line."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap import appendlog, disk
from afas_soap.appendlog import AppendLog
from afas_soap.batch.journal import DOUBTFUL, WORDING, Entry, Header, Journal, What
from afas_soap.errors import SettingsError

HEADER = Header("KnSubject", "insert", "", "12345-test", "records.jsonl")
HASHES = ["a" * 64, "b" * 64, "c" * 64]
NOON = 1790000000.25


def opened(path: Path, header: Header = HEADER, now: Callable[[], float] = lambda: NOON) -> Journal:
    return Journal(path, header, now)


def entries(path: Path) -> dict[int, Entry]:
    with opened(path) as journal:
        return dict(journal.entries)


@contextlib.contextmanager
def full_disk(bytes_left: int, path: Path) -> Iterator[None]:
    """Files of this process may not grow further, which the system says as it says that a disk is full."""
    resource = pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + bytes_left, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.journal"


# --- what stands in it ---


def test_a_journal_in_full(path: Path) -> None:
    with opened(path) as journal:
        journal.sending(0, HASHES[0])
        journal.write(What.DONE, 0, keys=[{"SbId": "7"}], trace="t-1")
        journal.sending(1, HASHES[1])
        journal.write(What.REFUSED, 1, number=12, log=None, trace=None)
        journal.sending(2, HASHES[2])
    assert path.read_text().splitlines() == [
        '{"what":"journal","format":2,"connector":"KnSubject","action":"insert","sub_object":"",'
        '"environment":"12345-test","file":"records.jsonl"}',
        f'{{"what":"sending","position":0,"hash":"{HASHES[0]}","time":"2026-09-21T14:13:20.250000Z"}}',
        f'{{"what":"done","position":0,"hash":"{HASHES[0]}","keys":[{{"SbId":"7"}}],"trace":"t-1",'
        '"time":"2026-09-21T14:13:20.250000Z"}',
        f'{{"what":"sending","position":1,"hash":"{HASHES[1]}","time":"2026-09-21T14:13:20.250000Z"}}',
        f'{{"what":"refused","position":1,"hash":"{HASHES[1]}","number":12,"proven":true,"time":"2026-09-21T14:13:20.250000Z"}}',
        f'{{"what":"sending","position":2,"hash":"{HASHES[2]}","time":"2026-09-21T14:13:20.250000Z"}}',
    ]
    assert entries(path) == {
        0: Entry(What.DONE, HASHES[0], NOON),
        1: Entry(What.REFUSED, HASHES[1], NOON, "number 12", proven=True),
        2: Entry(What.SENDING, HASHES[2], NOON),
    }


def test_the_time_of_an_entry_is_that_of_its_latest_sending(path: Path) -> None:
    """However late its outcome came."""
    clock = iter([100.0, 150.0, 200.0, 1e9, 1e9 + 5])
    with opened(path, now=lambda: next(clock)) as journal:
        journal.sending(0, HASHES[0])
        journal.write(What.UNCERTAIN, 0)
        assert journal.entries[0].sent == 100.0
        journal.write(What.NOT_FOUND, 0)
        journal.sending(0, HASHES[0])
        journal.write(What.UNCERTAIN, 0)
        assert journal.entries[0].sent == 1e9
    assert entries(path)[0] == Entry(What.UNCERTAIN, HASHES[0], 1e9, sought=True)


def test_that_a_lookup_did_not_find_what_may_be_booked_is_not_forgotten(path: Path) -> None:
    """Until the record is another one; what was refused before the lookup was not booked."""
    with opened(path) as journal:
        journal.sending(0, HASHES[0])
        journal.looked_up(0, HASHES[0], found=False)
        journal.sending(0, HASHES[0])
        journal.write(What.NOT_SENT, 0)
        journal.sending(0, HASHES[0])
        journal.write(What.REFUSED, 0)
        assert journal.entries[0].sought
        journal.sending(0, HASHES[1])
        assert not journal.entries[0].sought
        journal.write(What.REFUSED, 0)
        journal.looked_up(0, HASHES[1], found=False)
        assert not journal.entries[0].sought


def test_it_is_for_its_owner_only(path: Path) -> None:
    with opened(path):
        pass
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()
    assert entries(path) == {}
    assert path.read_bytes().startswith(b'{"what":"journal"')


def test_each_line_is_on_the_disk_before_the_run_goes_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is the name of a new journal in its folder."""
    log: list[str] = []
    write, sync = os.write, os.fsync

    def noting_write(file: int, data: bytes) -> int:
        log.append("write")
        return write(file, data)

    def noting_sync(file: int) -> None:
        log.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "sync")
        sync(file)

    monkeypatch.setattr(appendlog.os, "write", noting_write)
    monkeypatch.setattr(appendlog.os, "fsync", noting_sync)
    with opened(path) as journal:
        if os.name != "nt":
            assert log == ["write", "sync", "folder"]
        log.clear()
        journal.sending(0, HASHES[0])
        journal.write(What.DONE, 0)
        assert log == ["write", "sync"] * 2


# --- whose it is ---


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Header("FbSales", "insert", "", "12345-test", "r"), "its connector is KnSubject, and this run has FbSales"),
        (Header("KnSubject", "update", "", "12345-test", "r"), "its action is insert, and this run has update"),
        (Header("KnSubject", "insert", "X", "12345-test", "r"), "its sub_object is none, and this run has X"),
        (Header("KnSubject", "insert", "", "12345", "r"), "its environment is 12345-test, and this run has 12345"),
    ],
)
def test_the_journal_of_another_batch_is_refused(path: Path, other: Header, told: str) -> None:
    assert entries(path) == {}
    with pytest.raises(SettingsError, match=told):
        opened(path, other)


def test_the_batch_file_may_be_renamed(path: Path) -> None:
    assert entries(path) == {}
    opened(path, Header("KnSubject", "insert", "", "12345-test", "renamed.jsonl")).close()


def test_another_format_is_refused(path: Path) -> None:
    path.write_text('{"what":"journal","format":3}\n')
    with pytest.raises(SettingsError, match="a format that this version does not read"):
        opened(path)


@pytest.mark.parametrize(
    "content", [b"hello", b"hello\n", b'{"Ds":"x"}\n', b'{"what":"done"}\n', b'{"what":"journal"oops\n', b"\0" * 50]
)
def test_a_file_of_somebody_elses_is_refused_and_stays_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="is no journal"):
        opened(path)
    assert path.read_bytes() == content


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    """It would take every line and remember none."""
    with pytest.raises(SettingsError, match="cannot open the journal"):
        AppendLog(tmp_path, WORDING)
    with pytest.raises(SettingsError, match="cannot open the journal"):
        AppendLog(tmp_path / "nowhere" / "journal", WORDING)
    for name in ("/dev/null", "/dev/full"):
        if Path(name).exists():
            with pytest.raises(SettingsError, match="is no plain file"):
                AppendLog(Path(name), WORDING)


def test_it_knows_itself_under_another_name(path: Path, tmp_path: Path) -> None:
    with opened(path) as journal:
        (tmp_path / "link").hardlink_to(path)
        with (tmp_path / "link").open() as link, Path(__file__).open() as other:
            assert journal.same_as(link.fileno())
            assert not journal.same_as(other.fileno())


# --- one run at a time ---


def test_a_second_run_is_refused_until_the_first_has_ended(path: Path) -> None:
    with opened(path) as journal:
        with pytest.raises(SettingsError, match="another run uses the journal"):
            opened(path)
        journal.sending(0, HASHES[0])
    assert entries(path)[0].what is What.SENDING


def test_a_run_in_another_process_is_refused_as_well(path: Path, warm: list[str]) -> None:
    program = (
        "import sys, pathlib\nfrom afas_soap.appendlog import AppendLog\nfrom afas_soap.batch.journal import WORDING\n"
        "try: AppendLog(pathlib.Path(sys.argv[1]), WORDING)\n"
        "except Exception as error: print(type(error).__name__, error)\nelse: print('fine')"
    )

    def other() -> str:
        return subprocess.run([*warm, "-c", program, str(path)], check=True, capture_output=True, text=True).stdout

    with opened(path):
        assert other().startswith("SettingsError another run uses the journal")
    assert other() == "fine\n"


def test_a_closed_journal_refuses_what_still_comes(path: Path) -> None:
    """A call that ends after the run has nothing to write in; a record that is next in turn is not sent."""
    journal = opened(path)
    journal.sending(0, HASHES[0])
    journal.close()
    journal.close()
    with pytest.raises(SettingsError, match="the run has ended"):
        journal.write(What.DONE, 0)
    with pytest.raises(SettingsError, match="the run has ended"):
        journal.sending(1, HASHES[1])
    assert entries(path) == {0: Entry(What.SENDING, HASHES[0], NOON)}


def test_a_file_system_without_locks_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        pytest.skip("another call locks there")

    def refuse(_file: int, _how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(disk.fcntl, "flock", refuse)
    with pytest.raises(SettingsError, match=r"cannot lock the journal .*: No locks available"):
        opened(path)


# --- half a line ---


def whole(path: Path, *outcome: What) -> bytes:
    """The bytes of a journal with one record that was sent, and its outcome."""
    with opened(path) as journal:
        journal.sending(0, HASHES[0])
        for what in outcome:
            journal.write(what, 0, keys=[{"SbId": "7"}], message="één")
    return path.read_bytes()


@pytest.mark.parametrize("outcome", [What.DONE, What.REFUSED, What.NOT_SENT, What.UNCERTAIN])
def test_an_outcome_torn_anywhere_leaves_its_record_uncertain(path: Path, outcome: What) -> None:
    data = whole(path, outcome)
    begin = data.rindex(b"\n", 0, -1) + 1
    for size in range(begin, len(data)):
        path.write_bytes(data[:size])
        assert entries(path)[0].what in DOUBTFUL
        assert path.read_bytes() == data[:begin], "cut off"
    path.write_bytes(data)
    assert entries(path)[0].what is outcome


def test_a_sending_torn_anywhere_was_not_begun(path: Path) -> None:
    """The line is on the disk before the call."""
    data = whole(path)
    begin = data.index(b"\n") + 1
    for size in range(begin, len(data)):
        path.write_bytes(data[:size])
        with opened(path) as journal:
            assert journal.entries == {}
            journal.sending(0, HASHES[0])
        assert path.read_bytes() == data, "and the next line stands where it should"


def test_a_header_torn_anywhere_is_begun_again(path: Path) -> None:
    assert entries(path) == {}
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert entries(path) == {}
        assert path.read_bytes() == data


@given(st.binary(min_size=1).filter(lambda tail: b"\n" not in tail))
def test_whatever_has_no_end_is_cut_off(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    """A disk that lost its power may leave anything behind the last line that it was told to keep."""
    path = tmp_path_factory.mktemp("torn") / "journal"
    data = whole(path)
    path.write_bytes(data + tail)
    assert entries(path) == {0: Entry(What.SENDING, HASHES[0], NOON)}
    assert path.read_bytes() == data


# --- damage ---

SENDING = json.dumps({"what": "sending", "position": 0, "hash": HASHES[0], "time": "2026-09-21T14:13:20Z"})


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no JSON",
        "[]",
        SENDING[:-4],
        SENDING.replace("sending", "sent"),
        SENDING.replace("sending", "journal"),
        SENDING.replace(": 0", ": -1"),
        SENDING.replace(": 0", ": true"),
        SENDING.replace(": 0", ": 1" + "0" * 20),
        SENDING.replace("aaaa", "AAAA"),
        SENDING.replace("aaaa", "a"),
        SENDING.replace(HASHES[0], ""),
        SENDING.replace("14:13:20Z", "14:13:20"),
        SENDING.replace("2026-09-21T14:13:20Z", "yesterday"),
        SENDING.replace("sending", "done"),
        SENDING.replace("sending", "found"),
        SENDING + "\n" + SENDING,
        SENDING + "\n" + SENDING.replace("sending", "done").replace("aaaa", "bbbb"),
        "\n".join(SENDING.replace("sending", what) for what in ("sending", "done", "done")),
        "\n".join(SENDING.replace("sending", what) for what in ("sending", "done", "sending")),
        "\n".join(SENDING.replace("sending", what) for what in ("sending", "found", "sending")),
        "\n".join(SENDING.replace("sending", what) for what in ("sending", "notfound", "done")),
    ],
)
def test_a_damaged_line_refuses_the_journal(path: Path, line: str) -> None:
    """Also where each line by itself is fine, but not behind the one before it."""
    assert entries(path) == {}
    number = 1 + line.count("\n") + 1
    path.write_text(path.read_text() + line + "\n")
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=f"line {number} of the journal .* is damaged"):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("first", [What.DONE, What.REFUSED, What.NOT_SENT, What.UNCERTAIN])
def test_what_may_follow_an_outcome(path: Path, first: What) -> None:
    whole(path, first)
    again = first in (What.REFUSED, What.NOT_SENT)
    with opened(path) as journal:
        if again:
            journal.sending(0, HASHES[0])
        else:
            with pytest.raises(AssertionError):
                journal.sending(0, HASHES[0])
        if first is What.UNCERTAIN:
            journal.write(What.FOUND, 0)
    assert entries(path)[0].what is (What.SENDING if again else What.DONE if first is What.DONE else What.FOUND)


# --- a disk that is full ---


@pytest.mark.parametrize("bytes_left", [0, 1, 40])
def test_a_sending_that_does_not_fit_is_refused_and_leaves_nothing(path: Path, bytes_left: int) -> None:
    with opened(path) as journal:
        before = path.read_bytes()
        with full_disk(bytes_left, path), pytest.raises(SettingsError, match="cannot write the journal"):
            journal.sending(0, HASHES[0])
        assert path.read_bytes() == before
        assert journal.entries == {}
        with pytest.raises(SettingsError, match="a line before this one could not be"):
            journal.sending(0, HASHES[0])
    assert entries(path) == {}


def test_an_outcome_that_does_not_fit_leaves_its_record_uncertain(path: Path) -> None:
    with opened(path) as journal:
        journal.sending(0, HASHES[0])
        with full_disk(20, path), pytest.raises(SettingsError, match="cannot write the journal"):
            journal.write(What.DONE, 0)
        with pytest.raises(SettingsError, match="a line before this one could not be"):
            journal.sending(1, HASHES[1])
    assert entries(path) == {0: Entry(What.SENDING, HASHES[0], NOON)}


def test_a_disk_that_does_not_flush_is_as_good_as_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: int) -> None:
        raise OSError(28, "No space left on device")

    with opened(path) as journal:
        before = path.read_bytes()
        monkeypatch.setattr(appendlog.os, "fsync", refuse)
        with pytest.raises(SettingsError, match="No space left on device"):
            journal.sending(0, HASHES[0])
        assert path.read_bytes() == before


def test_a_new_journal_on_a_full_disk_is_refused(path: Path) -> None:
    path.touch()
    with full_disk(30, path), pytest.raises(SettingsError, match="cannot write the journal"):
        opened(path)
    assert entries(path) == {}


def test_a_disk_that_fails_while_it_is_read_or_repaired(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = whole(path)
    path.write_bytes(data + b"torn")

    def refuse(_file: int, _size: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(appendlog.os, "ftruncate", refuse)
        with pytest.raises(SettingsError, match=r"cannot repair the journal .*: Input/output error"):
            opened(path)

    class Broken:
        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing to close."""

        def __iter__(self) -> Iterator[bytes]:
            raise OSError(5, "Input/output error")

        def seek(self, _place: int) -> None:
            """Nowhere to go."""

        def read(self, _size: int) -> bytes:
            raise OSError(5, "Input/output error")

    with AppendLog(path, WORDING) as file:
        monkeypatch.setattr(appendlog, "open", lambda *_, **__: Broken(), raising=False)
        with pytest.raises(SettingsError, match="cannot read the journal"):
            list(file.lines())
        with pytest.raises(SettingsError, match="cannot read the journal"):
            file.head(3)
    assert path.read_bytes() == data + b"torn"
