"""``afas sb get``, ``afas sb changes`` and ``sb:`` as a side of ``afas compare``, on an emulator on a port."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server
from afas_soap.emulator.sb.tables import Tables
from afas_soap.settings.profiles import profiles_path

Run = Callable[..., Any]
NEW = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def sb(sb_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """An SB that the variables lead to."""
    for name, value in {
        "AFAS_API": "sb",
        "AFAS_ENVIRONMENT": sb_server.sb_url("enyoi"),
        "AFAS_AUTH": "app-token",
        "AFAS_APP_TOKEN": "demo-sb-app-token",
        "AFAS_SCOPE": "enyoi",
    }.items():
        monkeypatch.setenv(name, value)
    return sb_server


@pytest.fixture
def tables(sb: Server) -> Tables:
    return sb.emulator.sb.environments["enyoi"].tables


def records(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.usefixtures("sb")
def test_rows_go_down_a_pipe_as_json_lines(run: Run) -> None:
    ran = run("sb", "get", "organisations", "--take", "2", "--order-by", "-Name")
    assert ran.code == 0, ran.err
    names = [record["Name"] for record in records(ran.out)]
    assert len(names) == 2
    assert names == sorted(names, reverse=True)


@pytest.mark.usefixtures("sb")
def test_alternatives_are_written_as_for_profit(run: Run, tables: Tables) -> None:
    tables.insert("vatrate", {"Id": NEW, "Description": "'s avonds"})
    ran = run("sb", "get", "vatrate", "--where", "Description = 's avonds", "--or", "--where", "Description = Hoog")
    assert sorted(record["Description"] for record in records(ran.out)) == ["'s avonds", "Hoog"]


@pytest.mark.usefixtures("sb")
def test_a_table_shows_each_value_below_its_column(run: Run) -> None:
    ran = run("sb", "get", "ledgeraccounts", "--format", "table", "--take", "1")
    [record] = records(run("sb", "get", "ledgeraccounts", "--take", "1").out)
    assert ran.code == 0
    text = " ".join(ran.out.split())
    assert all(str(value) in text for value in record.values() if isinstance(value, str))


@pytest.mark.usefixtures("sb")
def test_amounts_are_written_to_their_last_digit(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "entries.csv"
    assert run("sb", "get", "journalentries", "-o", target).code == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert len(rows) >= 3
    assert all("." in row["AmountTotal"] for row in rows if row["AmountTotal"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--where", "Nam = x"], "has no column 'Nam'. Did you mean Name?"),
        (["--where", "Name != x"], "AFAS documents = (eq) for SB and no other sign"),
        (["--where", "Id = x"], "which is uuid"),
        (["--take", "0"], "take must be a whole number from 1 on; leave it out for every row"),
        (["--query", "x"], "--query is NAME=VALUE"),
        (["--query", "x=1"], "has no parameter 'x'"),
        (["--version", "9.9"], "has no version 9.9 here"),
    ],
)
@pytest.mark.usefixtures("sb")
def test_a_mistake_in_a_question_is_exit_2_and_says_what_is_wrong(run: Run, options: list[str], message: str) -> None:
    ran = run("sb", "get", "organisations", *options)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.usefixtures("sb")
def test_a_read_key_stays_out_of_what_is_written_unless_it_is_asked_for(run: Run) -> None:
    query = ["--query", "BusinessActivityVersion=1"]
    ran = run("sb", "get", "salesinvoices", *query)
    assert any("FileName" in (record["Blob"] or "") for record in records(ran.out))
    assert "ReadKey" not in ran.out
    assert "ReadKey" in run("sb", "get", "salesinvoices", *query, "--read-keys").out


def test_changes_come_once_and_the_cursor_goes_on(run: Run, tables: Tables, tmp_path: Path) -> None:
    cursor = tmp_path / "organisations.cursor"
    everything = records(run("sb", "get", "organisations").out)
    first = run("sb", "changes", "organisations", "--cursor", cursor)
    assert len(records(first.out)) == len(everything)
    tables.insert("organisations", {"Id": NEW, "Name": "Nieuw B.V."})
    tables.remove("organisations", {"Id": everything[0]["Id"]})
    second = run("sb", "changes", "organisations", "--cursor", cursor)
    assert [record["Id"] for record in records(second.out)] == [NEW]
    assert second.err == ""
    third = run("sb", "changes", "organisations", "--cursor", cursor)
    assert (third.out, third.err) == ("", "afas: no rows\n")
    target = tmp_path / "full.jsonl"
    assert run("sb", "changes", "organisations", "--cursor", cursor, "--full", "-o", target).code == 0
    found = {record["Id"] for record in records(target.read_text(encoding="utf-8"))}
    assert found == {record["Id"] for record in everything[1:]} | {NEW}


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("name", ["c", "c.new", "c.lock", "C", "link", "folder/c"])
def test_records_are_not_written_over_a_file_of_the_cursor(
    run: Run, sb: Server, tmp_path: Path, name: str, moved: bool
) -> None:
    """Which is written behind them: the one would be lost, or the other."""
    cursor = tmp_path / "c"
    if moved:
        assert run("sb", "changes", "countries", "--cursor", cursor, "-o", tmp_path / "first.jsonl").code == 0
    before = cursor.read_bytes() if moved else None
    (tmp_path / "link").symlink_to(cursor)
    (tmp_path / "folder").symlink_to(tmp_path)
    sb.emulator.faults.add(parse_fault("500,protocol=sb"))
    ran = run("sb", "changes", "countries", "--cursor", cursor, "-o", tmp_path / name, "--format", "jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert "belongs to the cursor, and --output would be written to the same file: name another one" in ran.err
    assert (cursor.read_bytes() if cursor.exists() else None) == before


@pytest.mark.usefixtures("sb")
def test_nor_by_standard_output(run: Run, tmp_path: Path) -> None:
    """A shell's ``>>`` leads there."""
    cursor = tmp_path / "c"
    assert run("sb", "changes", "countries", "--cursor", cursor).code == 0
    before = cursor.read_bytes()
    with cursor.open("ab") as stream:
        command = [sys.executable, "-m", "afas_soap", "sb", "changes", "countries", "--full", "--cursor", str(cursor)]
        ran = subprocess.run(command, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, cursor.read_bytes()) == (2, before)
    assert "and standard output would be written to the same file: name another one" in ran.stderr


@pytest.mark.usefixtures("sb")
def test_without_a_cursor_the_next_token_is_told(run: Run) -> None:
    first = run("sb", "changes", "contacts")
    token = first.err.strip().rpartition(" ")[2]
    assert first.err == f"afas: the next token is {token}\n"
    again = run("sb", "changes", "contacts", "--since", token)
    assert (again.code, again.out) == (0, "")


def test_an_answer_that_is_cut_off_moves_nothing_and_writes_no_file(run: Run, sb: Server, tmp_path: Path) -> None:
    cursor, target = tmp_path / "contacts.cursor", tmp_path / "contacts.jsonl"
    sb.emulator.faults.add(parse_fault("cut:600,protocol=sb,after=1"))
    ran = run("sb", "changes", "contacts", "--cursor", cursor, "-o", target, "--retry-total", "0")
    assert ran.code == 6, ran.err
    assert not cursor.exists()
    assert not target.exists()


@pytest.mark.usefixtures("sb")
def test_records_that_cannot_be_written_move_nothing(run: Run, tmp_path: Path) -> None:
    cursor = tmp_path / "contacts.cursor"
    ran = run("sb", "changes", "contacts", "--cursor", cursor, "-o", tmp_path / "none" / "contacts.jsonl")
    assert ran.code == 2
    assert not cursor.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["contacts", "--format", "table"], "a table may show a part of the records only"),
        (["contacts", "--since", "1", "--full"], "neither a cursor nor full goes with it"),
        (["vatrate"], "has no tracking token in AFAS' files"),
    ],
)
@pytest.mark.usefixtures("sb")
def test_what_changes_cannot_do_is_exit_2(run: Run, options: list[str], message: str) -> None:
    ran = run("sb", "changes", *options)
    assert ran.code == 2
    assert message in ran.err


def test_a_token_that_is_of_another_connector_is_sbs_refusal(run: Run, sb: Server) -> None:
    token = run("sb", "changes", "contacts").err.strip().rpartition(" ")[2]
    ran = run("sb", "changes", "persons", "--since", token)
    assert ran.code == 5
    assert "Ongeldig trackingtoken" in ran.err


# -- compare ----------------------------------------------------------------------------------------------------------


def test_rows_of_sb_are_compared_with_those_of_yesterday(run: Run, tables: Tables, tmp_path: Path) -> None:
    yesterday = tmp_path / "yesterday.jsonl"
    assert run("sb", "get", "organisations", "-o", yesterday).code == 0
    sides = ["--left", "sb:organisations", "--right", f"file:{yesterday}"]
    same = run("compare", *sides, "--key", "Id")
    assert same.code == 0, same.out + same.err
    assert "equal" in same.out
    [first, *_] = records(yesterday.read_text(encoding="utf-8"))
    tables.change("organisations", {"Id": first["Id"]}, {"Name": "Anders B.V."})
    other = run("compare", *sides, "--format", "json")
    assert other.code == 1, other.err
    assert json.loads(other.out)[0]["connector"] == "organisations"
    assert "Anders B.V." in other.out


@pytest.mark.parametrize(
    "connector", ["products", "journalentries", "salesrelations", "debtorinvoicebalance", "persons"]
)
@pytest.mark.usefixtures("sb")
def test_both_sides_of_sb_come_in_the_same_order(run: Run, tmp_path: Path, connector: str) -> None:
    """That of the key, or of what stands in for one, and not of the first column."""
    saved = tmp_path / "saved.xml"
    assert run("sb", "get", connector, "--format", "xml", "--schema", "-o", saved).code == 0
    live, file = f"sb:{connector}", f"file:{saved}"
    for left, right in ((live, live), (live, file), (file, live)):
        ran = run("compare", connector, "--left", left, "--right", right)
        assert (ran.code, "equal" in ran.out) == (0, True), ran.out + ran.err


@pytest.mark.usefixtures("sb")
def test_a_key_sorts_both_sides(run: Run) -> None:
    sides = ["--left", "sb:organisations", "--right", "sb:organisations"]
    assert run("compare", *sides, "--key", "Name", "--window", "1").code == 0


@pytest.fixture
def profiles(sb_server: Server, tmp_path: Path) -> None:
    """One of SB."""
    token = tmp_path / "app-token"
    token.write_text("demo-sb-app-token")
    token.chmod(0o600)
    target = profiles_path()
    target.parent.mkdir(parents=True)
    target.write_text(
        f'[profiles.enyoi]\napi = "sb"\nrest_url = "{sb_server.sb_url("enyoi")}"\nauth = "app-token"\n'
        f'app_token_file = "{token.as_posix()}"\nscope = "enyoi"\n'
    )
    target.chmod(0o600)


@pytest.mark.usefixtures("profiles")
def test_a_connector_of_profit_stands_beside_by_its_profile(run: Run) -> None:
    whom = ["--profile", "enyoi", "--left", "sb:organisations"]
    ran = run("compare", "Profit_Debtor", *whom, "--right", "profile:emulator", "--format", "json")
    assert ran.code == 1, ran.err
    assert json.loads(ran.out)[0]["connector"] == "Profit_Debtor"


@pytest.mark.parametrize(
    ("profile", "left", "right", "message"),
    [
        (
            "enyoi",
            "sb:organisations",
            "soap",
            "soap: {} is AFAS SB, and this side asks AFAS Profit: name the profile of",
        ),
        ("enyoi", "soap", "rest", "soap: {} is AFAS SB, and this side asks AFAS Profit: name the profile of"),
        ("emulator", "rest", "profile:enyoi", "profile:enyoi: {} is AFAS SB, and this side asks AFAS Profit: name"),
        (
            "emulator",
            "sb:vatrate",
            "rest",
            "sb:vatrate: emulator is AFAS Profit, and this side asks AFAS SB: choose the",
        ),
    ],
)
@pytest.mark.usefixtures("profiles")
def test_a_side_of_the_other_program_is_told_by_its_name(
    run: Run, sb_server: Server, profile: str, left: str, right: str, message: str
) -> None:
    """And not by the protocol, which nobody gave."""
    name = sb_server.sb_url("enyoi").partition("://")[2]
    ran = run("compare", "Profit_Debtor", "--profile", profile, "--left", left, "--right", right)
    assert (ran.code, ran.out) == (2, "")
    assert message.format(name) in ran.err
    assert "protocol" not in ran.err


def test_what_is_wrong_with_the_settings_themselves_stays_what_is_told(run: Run) -> None:
    ran = run("compare", "x", "--left", "sb:vatrate", "--right", "soap")
    assert (ran.code, "is AFAS Profit" in ran.err) == (2, False), ran.err
    ran = run("compare", "x", "--profile", "nobody", "--left", "soap", "--right", "rest")
    assert (ran.code, "profile: there is no file" in ran.err) == (2, True), ran.err


@pytest.mark.usefixtures("sb")
def test_a_filter_chooses_on_the_side_of_sb(run: Run) -> None:
    sides = ["--left", "sb:vatrate", "--right", "sb:vatrate"]
    ran = run("compare", *sides, "--where", "Description = Hoog")
    assert ran.code == 0, ran.err
    assert "vatrate: 1 rows on sb:vatrate" in ran.out


def test_a_side_without_a_connector_is_none(run: Run) -> None:
    ran = run("compare", "x", "--left", "sb:", "--right", "rest")
    assert ran.code == 2
    assert "'sb:' is no side: soap, rest, profile:NAME, sb:CONNECTOR or file:PATH" in ran.err


def test_whom_to_ask_may_be_said_by_options(run: Run, sb_server: Server, tmp_path: Path) -> None:
    token = tmp_path / "app-token"
    token.write_text("demo-sb-app-token")
    token.chmod(0o600)
    whom = ["--environment", sb_server.sb_url("enyoi"), "--auth", "app-token"]
    ran = run(
        "compare", "--left", "sb:vatrate", "--right", "sb:vatrate", *whom, "--app-token-file", token, "--scope", "enyoi"
    )
    assert ran.code == 0, ran.err
    assert "equal" in ran.out
