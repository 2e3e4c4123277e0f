"""Changes since a tracking token, and the cursor that moves when they were taken and not before."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afas_soap import disk
from afas_soap.errors import AnswerError, CutOff, QueryError, SettingsError, TransportError
from afas_soap.sbclient import SBClient

# That of conftest.py: no folder of tests is a package.
Site = Any
TOKEN, NEXT = "202401291327471", "202401291327472"


@pytest.fixture
def cursor(tmp_path: Path) -> Path:
    return tmp_path / "contacts.cursor"


@pytest.fixture
def told(site: Site) -> Site:
    """Two contacts, and a token."""
    site.rows = [{"Id": "1", "Name": "a"}, {"Id": "2", "Name": "b"}]
    site.token = TOKEN
    return site


def kept(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def test_the_first_call_gives_all_and_a_token_to_go_on_with(told: Site, sb: SBClient) -> None:
    with sb.changes("contacts") as changes:
        assert told.asked == [], "nothing is asked before it is wanted"
        assert [record["Id"] for record in changes] == ["1", "2"]
        assert (changes.since, changes.token, changes.key) == (None, TOKEN, ("Id",))
        changes.taken()
    told.token = NEXT
    with sb.changes("contacts", since=TOKEN) as changes:
        assert changes.fields.names[0] == "Id"
        assert len(list(changes)) == 2
        assert changes.token == NEXT
    assert told.asked == [{}, {"TrackingToken": TOKEN}]
    assert told.paths == ["/Enyoi/api/contacts"] * 2


def test_there_is_no_token_before_every_record_was_read(told: Site, sb: SBClient, cursor: Path) -> None:
    with sb.changes("contacts", cursor=cursor) as changes:
        for action in (lambda: changes.token, changes.taken):
            with pytest.raises(QueryError, match="the token stands behind the last record"):
                action()
        assert next(changes.rows)["Id"] == "1"
        with pytest.raises(QueryError, match="not all of them were read"):
            changes.taken()
    assert not cursor.exists()


def test_the_cursor_moves_when_the_records_were_taken(told: Site, sb: SBClient, cursor: Path) -> None:
    with sb.changes("contacts", cursor=cursor) as changes:
        list(changes)
    assert not cursor.exists(), "nobody said that they were taken"
    with sb.changes("contacts", cursor=cursor) as changes:
        list(changes)
        changes.taken()
    told.token = NEXT
    with sb.changes("contacts", cursor=cursor) as changes:
        assert changes.since == TOKEN
        list(changes)
        changes.taken()
    assert told.asked == [{}, {}, {"TrackingToken": TOKEN}]
    assert kept(cursor) == {
        "format": "afas-sb-cursor-1",
        "address": "http://127.0.0.1:8080/enyoi",
        "connector": "contacts",
        "version": "1.0",
        "query": {},
        "token": NEXT,
    }
    assert sorted(path.name for path in cursor.parent.iterdir()) == ["contacts.cursor", "contacts.cursor.lock"]


@pytest.mark.parametrize("cut_at", [1, 40, 70, 95])
def test_an_answer_that_is_cut_off_moves_nothing(told: Site, sb: SBClient, cursor: Path, cut_at: int) -> None:
    told.answer = lambda number, body: body[:cut_at]
    with sb.changes("contacts", cursor=cursor) as changes:
        with pytest.raises(CutOff):
            list(changes)
        with pytest.raises(QueryError, match="not all of them were read"):
            changes.taken()
    assert not cursor.exists()


def test_a_connection_that_breaks_moves_nothing(told: Site, sb: SBClient, cursor: Path) -> None:
    told.breaks = {1: ConnectionResetError(104, "reset")}
    with sb.changes("contacts", cursor=cursor) as changes, pytest.raises(TransportError):
        list(changes)
    assert len(told.asked) == 1
    assert not cursor.exists()


def test_an_answer_without_a_token_gives_its_rows_and_moves_nothing(told: Site, sb: SBClient, cursor: Path) -> None:
    told.token = None
    with sb.changes("contacts", cursor=cursor) as changes:
        assert len(list(changes)) == 2
        with pytest.raises(AnswerError, match="the answer has no TrackingToken"):
            changes.taken()
    assert not cursor.exists()


@pytest.mark.parametrize("token", ["  ", "1\n2", "9" * 4097, "9" * 100_000])
def test_a_token_that_could_not_be_sent_again_is_not_kept(told: Site, sb: SBClient, cursor: Path, token: str) -> None:
    told.token = token
    with sb.changes("contacts", cursor=cursor) as changes:
        assert len(list(changes)) == 2
        with pytest.raises(AnswerError, match='"TrackingToken" in the answer is blank, too long'):
            changes.taken()
    assert not cursor.exists()


def test_full_reads_all_of_it_and_moves_the_cursor(told: Site, sb: SBClient, cursor: Path) -> None:
    for full in (False, True):
        with sb.changes("contacts", cursor=cursor, full=full) as changes:
            list(changes)
            changes.taken()
    assert told.asked == [{}, {}]
    assert kept(cursor)["token"] == TOKEN


def test_a_connector_without_tokens_is_refused_unless_the_caller_says_to_try_it(told: Site, sb: SBClient) -> None:
    with pytest.raises(QueryError, match=r"vatrate has no tracking token in AFAS' files: read its rows") as caught:
        sb.changes("vatrate")
    assert caught.value.connector == "vatrate"
    with sb.changes("vatrate", undocumented=True) as changes:
        assert len(list(changes)) == 2


def test_what_a_connector_asks_for_beside_goes_along(told: Site, sb: SBClient) -> None:
    with sb.changes("salesinvoices", since=TOKEN, query={"BusinessActivityVersion": 1}) as changes:
        list(changes)
    assert told.asked == [{"TrackingToken": TOKEN, "BusinessActivityVersion": "1"}]
    with pytest.raises(QueryError, match="has no parameter 'Else'; it has BusinessActivityVersion"):
        sb.changes("salesinvoices", query={"Else": 1})


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"since": ""}, "since is the token of an earlier answer"),
        ({"since": 202401291327471}, "since is the token of an earlier answer"),
        ({"since": "1\n2"}, "since is the token of an earlier answer"),
        ({"since": "  "}, "since is the token of an earlier answer"),
        ({"since": "9" * 4097}, "since is the token of an earlier answer"),
        ({"since": TOKEN, "cursor": "x"}, "neither a cursor nor full goes with it"),
        ({"since": TOKEN, "full": True}, "neither a cursor nor full goes with it"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_any_call(
    told: Site, sb: SBClient, question: dict[str, Any], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        sb.changes("contacts", **question)
    assert told.asked == []


# -- the cursor's file ------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(told: Site, sb: SBClient, cursor: Path) -> Path:
    """A cursor that has a token."""
    with sb.changes("contacts", cursor=cursor) as changes:
        list(changes)
        changes.taken()
    told.asked.clear()
    return cursor


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/other", "http://127.0.0.1:8081/Enyoi"])
def test_a_cursor_of_another_environment_is_refused(
    told: Site, opened: Callable[[str], SBClient], moved: Path, address: str
) -> None:
    with opened(address) as other, pytest.raises(SettingsError) as caught:
        other.changes("contacts", cursor=moved)
    assert "is the cursor of contacts 1.0 of http://127.0.0.1:8080/enyoi, and this is contacts 1.0 of " in str(
        caught.value
    )
    assert told.asked == []


def test_a_cursor_of_another_connector_or_version_is_refused(sb: SBClient, moved: Path) -> None:
    with pytest.raises(SettingsError, match=r"is the cursor of contacts 1\.0 .*, and this is persons 2\.0 of"):
        sb.changes("persons", cursor=moved)
    moved.write_text(moved.read_text(encoding="utf-8").replace('"1.0"', '"0.9"'), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"is the cursor of contacts 0\.9 of"):
        sb.changes("contacts", cursor=moved)


def test_a_cursor_of_another_query_is_refused(told: Site, sb: SBClient, cursor: Path) -> None:
    """The token of a query knows what changed among its rows alone: the others would never come."""
    for query, refused in (
        ({"BusinessActivityVersion": 1}, ""),
        ({"businessactivityversion": "1"}, ""),
        ({"BusinessActivityVersion": 2}, "of .*/enyoi with BusinessActivityVersion=1, and this is .* with .*=2: its"),
        ({}, "of .*/enyoi with BusinessActivityVersion=1, and this is salesinvoices [0-9.]+ of .*/Enyoi: its token"),
        (None, "is the cursor of salesinvoices"),
        ({"BusinessActivityVersion": 1}, ""),
    ):
        asked = len(told.asked)
        if refused:
            with pytest.raises(SettingsError, match=refused):
                sb.changes("salesinvoices", cursor=cursor, query=query)
            assert len(told.asked) == asked
            continue
        with sb.changes("salesinvoices", cursor=cursor, query=query) as changes:
            list(changes)
            changes.taken()
    assert kept(cursor)["query"] == {"BusinessActivityVersion": "1"}


@pytest.mark.parametrize("query", ["1", "[]", '{"BusinessActivityVersion":"1"}'])
def test_a_query_that_is_another_in_the_file_is_refused(sb: SBClient, moved: Path, query: str) -> None:
    moved.write_text(moved.read_text(encoding="utf-8").replace("{}", query), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"is the cursor of contacts 1\.0 of .* with .*=.*, and this is"):
        sb.changes("contacts", cursor=moved)


def test_a_cursor_of_no_query_needs_none_in_the_file(sb: SBClient, moved: Path) -> None:
    moved.write_text(moved.read_text(encoding="utf-8").replace('"query": {}, ', ""), encoding="utf-8")
    with sb.changes("contacts", cursor=moved) as changes:
        assert changes.since == TOKEN


def test_an_environment_is_the_same_in_any_case(opened: Callable[[str], SBClient], moved: Path) -> None:
    with opened("http://127.0.0.1:8080/ENYOI") as other, other.changes("CONTACTS", cursor=moved) as changes:
        assert changes.since == TOKEN


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format":"else"}', "\xff", "[" * 2000])
def test_a_file_that_is_no_cursor_is_refused_and_kept(sb: SBClient, cursor: Path, text: str) -> None:
    cursor.write_bytes(text.encode("latin-1"))
    for _ in range(2):
        with pytest.raises(SettingsError, match="is no cursor of afas sb changes: name another file"):
            sb.changes("contacts", cursor=cursor)
    assert cursor.read_bytes() == text.encode("latin-1")


def test_a_cursor_without_a_token_is_refused(sb: SBClient, moved: Path) -> None:
    moved.write_text(moved.read_text(encoding="utf-8").replace(TOKEN, ""), encoding="utf-8")
    with pytest.raises(SettingsError, match="its token means nothing here"):
        sb.changes("contacts", cursor=moved)


def test_two_runs_do_not_take_the_same_changes(sb: SBClient, moved: Path) -> None:
    with sb.changes("contacts", cursor=moved), pytest.raises(SettingsError, match="is in use: another run reads"):
        sb.changes("contacts", cursor=moved)
    with sb.changes("contacts", cursor=moved) as changes:
        changes.close()


def test_a_folder_that_is_not_there_is_named_before_any_call(told: Site, sb: SBClient, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot write .*contacts\.cursor: there is no such folder"):
        sb.changes("contacts", cursor=tmp_path / "none" / "contacts.cursor")
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError, match=r"cannot read .*folder: "):
        sb.changes("contacts", cursor=tmp_path / "folder")
    assert told.asked == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that takes no file of root's either")
def test_a_folder_that_takes_no_file_is_not_said_to_be_in_use(told: Site, sb: SBClient) -> None:
    with pytest.raises(SettingsError, match=r"cannot write /proc/x: "):
        sb.changes("contacts", cursor="/proc/x")
    assert told.asked == []


def test_the_trace_is_kept_out_of_the_cursor(
    told: Site, opened: Callable[..., SBClient], tmp_path: Path, cursor: Path
) -> None:
    for name in ("contacts.cursor", "contacts.cursor.lock", "contacts.cursor.new"):
        client = opened("http://127.0.0.1:8080/Enyoi", tmp_path / name)
        with client as sb, pytest.raises(SettingsError, match=r"cursor: .* belongs to the cursor, and the trace would"):
            sb.changes("contacts", cursor=cursor)
    assert told.asked == []


def test_a_cursor_that_cannot_be_written_stays_where_it_was(
    told: Site, sb: SBClient, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    before = moved.read_bytes()
    told.token = NEXT
    with sb.changes("contacts", cursor=moved) as changes:
        list(changes)
        with monkeypatch.context() as patched:
            patched.setattr(disk, "flush", full)
            with pytest.raises(SettingsError, match=r"cannot write .*: No space left on device"):
                changes.taken()
        assert moved.read_bytes() == before
        changes.taken()
    assert kept(moved)["token"] == NEXT


def test_no_token_is_logged(told: Site, sb: SBClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), sb.changes("contacts", since=TOKEN) as changes:
        list(changes)
    assert "rows=2" in caplog.text or "2 rows" in caplog.text
