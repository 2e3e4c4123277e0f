"""Schemas kept on disk: asked once a day, and never in the way."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path

import platformdirs
import pytest

from afas_soap import ProfitClient
from afas_soap.errors import AccessDenied, SettingsError
from afas_soap.writing.schemacache import Kept, Schemas, folder_schema, now, schemas_folder

START = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime.datetime:
        return self.now


class Profit:
    """What is asked, and how often."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return f"<schema {self.asked}é/>"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def profit() -> Profit:
    return Profit()


def schemas(folder: Path, clock: Clock, owner: str = "12345-test soap") -> Schemas:
    """A store as a command makes it: a new one each time."""
    return Schemas(folder / "schemas", owner, clock=clock)


class TestFind:
    """A kept schema, and when it counts."""

    def test_it_is_asked_once(self, tmp_path: Path, clock: Clock, profit: Profit) -> None:
        """And then taken from disk, with the time it was fetched, for a day."""
        first = schemas(tmp_path, clock).find("KnSubject", profit)
        assert first == Kept("<schema 1é/>", START, from_disk=False)
        clock.now += 24 * HOUR
        assert schemas(tmp_path, clock).find("knsubject", profit) == Kept("<schema 1é/>", START, from_disk=True)
        clock.now += datetime.timedelta(seconds=1)
        again = schemas(tmp_path, clock).find("KnSubject", profit)
        assert again == Kept("<schema 2é/>", clock.now, from_disk=False)

    def test_refresh(self, tmp_path: Path, clock: Clock, profit: Profit) -> None:
        """Asks in any case, and keeps what came."""
        schemas(tmp_path, clock).find("KnSubject", profit)
        assert schemas(tmp_path, clock).find("KnSubject", profit, refresh=True).text == "<schema 2é/>"
        assert schemas(tmp_path, clock).find("KnSubject", profit).text == "<schema 2é/>"

    def test_each_owner_and_connector_has_its_own(self, tmp_path: Path, clock: Clock, profit: Profit) -> None:
        """Environments differ in their custom fields, and protocols in what they tell."""
        owners = (
            "12345-test soap",
            "12345-test rest",
            "12345 test soap",
            "12345-production soap",
            "../../x",
            "",
            "é" * 300,
        )
        for owner in owners:
            for connector in ("KnSubject", "KnSubject ", "../../../etc/passwd", "con", "a" * 300, "a\nb\0"):
                asked = profit.asked
                found = schemas(tmp_path, clock, owner).find(connector, profit)
                assert (found.from_disk, profit.asked) == (False, asked + 1)
                assert schemas(tmp_path, clock, owner).find(connector, profit).text == found.text
        assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / "schemas"}
        assert len(list(tmp_path.rglob("*.json"))) == len(owners) * 6

    def test_a_refusal_passes_through(self, tmp_path: Path, clock: Clock) -> None:
        """Nothing is kept of it."""

        def ask() -> str:
            raise AccessDenied("not allowed")

        with pytest.raises(AccessDenied):
            schemas(tmp_path, clock).find("KnSubject", ask)
        assert list(tmp_path.rglob("*")) == []

    def test_a_clock_that_was_set_back(self, tmp_path: Path, clock: Clock, profit: Profit) -> None:
        """A schema out of the future has no age: it is asked again."""
        schemas(tmp_path, clock).find("KnSubject", profit)
        clock.now -= HOUR
        assert schemas(tmp_path, clock).find("KnSubject", profit).from_disk is False

    def test_where_the_system_keeps_such_files(self, tmp_path: Path, profit: Profit) -> None:
        """Below the user's cache; with the system's clock."""
        folder = schemas_folder()
        assert folder is not None
        assert folder.name == "schemas"
        assert "afas-soap" in folder.parts
        assert Schemas(tmp_path, "x").find("KnSubject", profit).fetched.tzinfo is datetime.UTC
        assert Schemas(tmp_path, "x").find("KnSubject", profit).age(now()) == "less than a minute"

    def test_a_user_without_any_folder_keeps_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In a container there may be neither HOME nor a user: that is no reason not to check an update."""

        def none(*_names: object, **_options: object) -> Path:
            raise RuntimeError

        monkeypatch.setattr(platformdirs, "user_cache_path", none)
        assert schemas_folder() is None
        with ProfitClient.connect(soap_url="http://127.0.0.1:9", token="0" * 64) as client:
            assert client._writing._profit.schemas is None


class TestBroken:
    """A cache is never an error."""

    @pytest.mark.parametrize(
        "change",
        [
            {"owner": "54321-test soap"},
            {"connector": "KnPerson"},
            {"connector": 7},
            {"schema": 7},
            {"fetched": "yesterday"},
            {"fetched": 7},
            {"fetched": "2024-02-29T12:00:00"},
        ],
    )
    def test_a_file_that_says_something_else(
        self,
        tmp_path: Path,
        clock: Clock,
        profit: Profit,
        caplog: pytest.LogCaptureFixture,
        change: dict[str, object],
    ) -> None:
        """It is asked again, with a warning, and the file is put right."""
        store = schemas(tmp_path, clock)
        store.find("KnSubject", profit)
        path = store.path("KnSubject")
        path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
        assert store.find("KnSubject", profit) == Kept("<schema 2é/>", START, from_disk=False)
        assert "cannot be used" in caplog.text
        assert store.find("KnSubject", profit).from_disk is True

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"{}", b"\xff\xfe", b"[" * 100_000])
    def test_a_file_that_is_none_of_ours(
        self, tmp_path: Path, clock: Clock, profit: Profit, caplog: pytest.LogCaptureFixture, content: bytes
    ) -> None:
        """The same."""
        store = schemas(tmp_path, clock)
        store.folder.mkdir()
        store.path("KnSubject").write_bytes(content)
        assert store.find("KnSubject", profit).from_disk is False
        assert "cannot be used" in caplog.text
        assert store.find("KnSubject", profit).from_disk is True

    def test_a_folder_that_cannot_be(
        self, tmp_path: Path, clock: Clock, profit: Profit, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A file stands where the folder belongs: a warning, and the schema."""
        (tmp_path / "schemas").write_text("x")
        assert schemas(tmp_path, clock).find("KnSubject", profit).text == "<schema 1é/>"
        assert "cannot be kept in" in caplog.text

    def test_nothing_is_left_when_a_file_cannot_be_replaced(
        self, tmp_path: Path, clock: Clock, profit: Profit, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A folder stands where the file belongs."""
        store = schemas(tmp_path, clock)
        store.path("KnSubject").mkdir(parents=True)
        assert store.find("KnSubject", profit).text == "<schema 1é/>"
        assert "cannot be kept in" in caplog.text
        assert list(store.folder.iterdir()) == [store.path("KnSubject")]

    @pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
    def test_nobody_else_reads_it(self, tmp_path: Path, clock: Clock, profit: Profit) -> None:
        """Files and folder are the owner's alone."""
        store = schemas(tmp_path, clock)
        store.find("KnSubject", profit)
        assert store.path("KnSubject").stat().st_mode & 0o777 == 0o600
        assert store.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than a minute"),
        (59, "less than a minute"),
        (60, "1 minute"),
        (3_599, "59 minutes"),
        (3_600, "1 hour"),
        (3 * 3_600, "3 hours"),
        (86_400, "1 day"),
        (2 * 86_400 + 5, "2 days"),
    ],
)
def test_age(seconds: int, words: str) -> None:
    """The largest unit that fits."""
    assert Kept("", START, from_disk=True).age(START + datetime.timedelta(seconds=seconds)) == words


class TestFolder:
    """Files of the user's own instead."""

    def test_a_file(self, tmp_path: Path) -> None:
        """Whatever its name; its mark is taken off, and its encoding read."""
        path = tmp_path / "schema.txt"
        text = '<?xml version="1.0" encoding="{}"?><a><!--é--></a>'
        for encoding, declared in (("utf-8", "utf-8"), ("utf-8-sig", "utf-8")):
            path.write_bytes(text.format(declared).encode(encoding))
            assert folder_schema(path, "KnSubject") == text.format(declared)
        for encoding, declared in (
            *(("utf-16", "utf-16"), ("utf-16", "utf-8"), ("utf-16-le", "utf-8"), ("utf-16-be", "iso-8859-1")),
            ("iso-8859-1", "iso-8859-1"),
        ):
            path.write_bytes(text.format(declared).encode(encoding))
            assert folder_schema(path, "KnSubject") == "<a><!--é--></a>"

    def test_a_folder(self, tmp_path: Path) -> None:
        """The connector's file, in any case."""
        (tmp_path / "knsubject.XSD").write_text("<a/>")
        (tmp_path / "KnPerson.xsd").write_text("<b/>")
        assert folder_schema(tmp_path, "KnSubject") == "<a/>"
        assert folder_schema(tmp_path, "KNPERSON") == "<b/>"

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        """Named, with where it was looked for."""
        with pytest.raises(SettingsError, match=r"there is no KnSubject\.xsd in "):
            folder_schema(tmp_path, "KnSubject")
        with pytest.raises(SettingsError, match=r"cannot read .*missing: No such file"):
            folder_schema(tmp_path / "missing", "KnSubject")
        (tmp_path / "KnSubject.xsd").write_bytes(b"\xff\x00<a")
        with pytest.raises(SettingsError, match=r"cannot read .*KnSubject\.xsd: the XML"):
            folder_schema(tmp_path, "KnSubject")
