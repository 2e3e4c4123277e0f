"""Writing profiles: what was not meant stays as it is, sign by sign, and the file is whole or what it was."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tomllib
from pathlib import Path

import filelock
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SettingsError
from afas_soap.settings import profilefile
from afas_soap.settings.profilefile import (
    add_profile,
    check_new,
    remove_profile,
    spelt,
    with_profile,
    without_profile,
)
from afas_soap.settings.profiles import stored_profile

NOWHERE = Path("profiles.toml")
VALUES = {"environment": "12345", "dpop": True, "read_timeout": 5.5, "max_value": 7}
BEFORE = """# Ours.

# The books.
[profiles.books]  # live
environment = "1234"
# They told us so.
trace = '''
[profiles.test]
# no comment
'''   # behind

# The test environment.
[ profiles . "test" ]
protocol = "rest"

"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with two profiles and comments."""
    file = tmp_path / "profiles.toml"
    file.write_text(BEFORE)
    return file


def test_a_profile_is_added_behind_the_others(path: Path) -> None:
    """In the order of the reference, whatever the order that it was given in."""
    add_profile(path, "my own", dict(reversed(VALUES.items())))
    added = '[profiles."my own"]\nenvironment = "12345"\ndpop = true\nread_timeout = 5.5\nmax_value = 7\n'
    assert path.read_text() == f"{BEFORE}\n{added}"
    assert stored_profile("my own", path) == VALUES
    assert spelt("my own", VALUES) == added


def test_a_profile_is_replaced_in_its_place(path: Path) -> None:
    """Its header and its comments stay, and so does everything round it."""
    add_profile(path, "test", VALUES, replace=True)
    lines = 'environment = "12345"\ndpop = true\nread_timeout = 5.5\nmax_value = 7\n'
    assert path.read_text() == BEFORE.replace('protocol = "rest"\n', lines)


def test_one_with_a_text_that_looks_like_another_is_replaced_whole(path: Path) -> None:
    add_profile(path, "books", {"environment": "5555"}, replace=True)
    written = path.read_text()
    assert "[profiles.books]  # live\n# They told us so.\n" in written
    assert tomllib.loads(written)["profiles"] == {"books": {"environment": "5555"}, "test": {"protocol": "rest"}}


def test_a_profile_is_removed(path: Path) -> None:
    """Comments in front of it and behind it stay."""
    remove_profile(path, "books")
    assert path.read_text() == (
        '# Ours.\n\n# The books.\n# The test environment.\n[ profiles . "test" ]\nprotocol = "rest"\n\n'
    )
    remove_profile(path, "test")
    assert path.read_text() == "# Ours.\n\n# The books.\n# The test environment.\n"
    add_profile(path, "test", {})
    assert path.read_text().endswith("environment.\n\n[profiles.test]\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_it_is_its_owners_only(tmp_path: Path) -> None:
    """A new file and its folder, and one that others could read before."""
    path = tmp_path / "new" / "profiles.toml"
    add_profile(path, "a", VALUES)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    path.chmod(0o644)
    add_profile(path, "b", VALUES)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {file.name for file in path.parent.iterdir()} <= {"profiles.toml", "profiles.toml.lock"}
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in path.parent.iterdir())
    path.chmod(0o606)
    with pytest.raises(SettingsError, match="others can write"):
        add_profile(path, "c", VALUES)


def test_a_link_stays_a_link(path: Path) -> None:
    """Whoever keeps the file in another place finds it there."""
    link = path.with_name("link.toml")
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no links here")
    add_profile(link, "a", VALUES)
    assert link.is_symlink()
    assert "[profiles.a]" in path.read_text()


def test_it_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    path: Path, on_disk: list[tuple[str, object]]
) -> None:
    add_profile(path, "a", VALUES)
    assert on_disk == [("flushed", path.stat().st_size), ("renamed", "profiles.toml")]


def test_what_cannot_be_written_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does anything lie beside it."""

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match=r"cannot write .*No space left"):
        add_profile(path, "a", VALUES)
    assert path.read_text() == BEFORE
    assert {file.name for file in path.parent.iterdir()} <= {"profiles.toml", "profiles.toml.lock"}


ADD = """
import sys
from pathlib import Path
from afas_soap.settings.profilefile import add_profile, remove_profile
path, who = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
for number in range(10):
    add_profile(path, f"{who}{number}", {"environment": "12345"})
    add_profile(path, f"{who}x", {"environment": "12345"})
    remove_profile(path, f"{who}x")
"""


def _process(python: list[str], *arguments: str | Path) -> subprocess.Popen[str]:
    command = [*python, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_processes_that_write_at_once_lose_nothing(path: Path, warm: list[str]) -> None:
    """Each reads, changes and writes the file while nobody else does."""
    with contextlib.ExitStack() as stack:
        started = [stack.enter_context(_process(warm, "-c", ADD, path, who)) for who in ("a", "b", "c")]
        for one in started:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        for one in started:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        assert [one.wait(60) for one in started] == [0, 0, 0]
    names = [f"{who}{number}" for who in ("a", "b", "c") for number in range(10)]
    assert set(tomllib.loads(path.read_text())["profiles"]) == {*names, "books", "test"}


def test_another_that_writes_for_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profilefile, "_PATIENCE", 0.05)
    with filelock.FileLock(f"{path}.lock"), pytest.raises(SettingsError, match=r"Another process .*try again"):
        add_profile(path, "a", VALUES)
    assert path.read_text() == BEFORE


def test_a_file_that_may_only_be_read_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SettingsError, match="may only be read"):
        remove_profile(path, "books")
    assert path.read_text() == BEFORE


@pytest.mark.parametrize("name", ["", " a", "a\n", "\x1b[2J", "\ud800"])
def test_what_is_no_name(path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="a name is visible text"):
        check_new(name, path)


def test_a_name_that_is_taken(path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is a profile 'books' in .* already: say --replace"):
        add_profile(path, "books", VALUES)
    with pytest.raises(SettingsError, match="'emulator' is taken"):
        add_profile(path, "emulator", VALUES, replace=True)
    with pytest.raises(SettingsError, match="no profile 'boks'"):
        remove_profile(path, "boks")
    assert path.read_text() == BEFORE


@pytest.mark.parametrize(
    "text",
    [
        '[profiles]\nbooks.environment = "1"\nother = {}\n',
        '[profiles]\nbooks = { environment = "1" }\n',
        'profiles = { books = { environment = "1" } }\n',
        '[profiles.books.inner]\nx = 1\n\n[profiles.books]\nenvironment = "1"\n',
        "[[profiles.books]]\n",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    """TOML has more ways to write it than are edited here."""
    with pytest.raises(SettingsError, match=r"not a table of its own \(\[profiles\.books\]\): edit it by hand"):
        with_profile(text, "books", VALUES, NOWHERE)


def test_an_inline_table_takes_no_other(path: Path) -> None:
    with pytest.raises(SettingsError, match="edit it by hand"):
        with_profile("profiles = {}\n", "books", VALUES, NOWHERE)
    with pytest.raises(SettingsError, match="edit it by hand"):
        without_profile("[profiles]\nbooks.environment = '1'\n", "books", NOWHERE)


def test_a_table_within_a_profile_goes_with_it() -> None:
    assert without_profile("[profiles.a]\n[profiles.a.x]\ny = 1\n[profiles.b]\n", "a", NOWHERE) == "[profiles.b]\n"


@pytest.mark.parametrize("value", [None, [], {}, "\ud800"])
def test_what_no_profile_holds(value: object) -> None:
    with pytest.raises(SettingsError, match=r"^trace: "):
        spelt("a", {"trace": value})


def test_line_ends_stay_as_they_are() -> None:
    """Windows' stay Windows', and a last line without an end gets one."""
    text = with_profile('[profiles.a]\r\nprotocol = "rest"', "b", {"protocol": "soap"}, NOWHERE)
    assert text == '[profiles.a]\r\nprotocol = "rest"\r\n\r\n[profiles.b]\r\nprotocol = "soap"\r\n'
    assert with_profile("[profiles.a]", "a", {"protocol": "soap"}, NOWHERE) == '[profiles.a]\nprotocol = "soap"\n'


names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
tables = st.dictionaries(names, st.one_of(texts, st.booleans(), st.integers(), st.floats(-1e9, 1e9)), max_size=3)


@given(st.dictionaries(names, tables, max_size=4), names, tables)
def test_whatever_stands_there(others: dict[str, dict[str, object]], name: str, values: dict[str, object]) -> None:
    """What is added reads back as it was given, the others stay, and taking it out again leaves the text that was."""
    others.pop(name, None)
    text = "\n".join(f"# {number}\n{spelt(other, others[other])}" for number, other in enumerate(others))
    added = with_profile(text, name, values, NOWHERE)
    assert added.startswith(text)
    assert tomllib.loads(added)["profiles"] == {**others, name: values}
    assert without_profile(added, name, NOWHERE).rstrip("\n") == text.rstrip("\n")
    again = with_profile(added, name, {"x": "y"}, NOWHERE)
    assert tomllib.loads(again)["profiles"] == {**others, name: {"x": "y"}}
