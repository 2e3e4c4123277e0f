"""``afas get`` as a person and as a pipe use it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from afas_soap.emulator.http.faults import parse_fault

Run = Callable[..., Any]
DEBTORS = ("get", "Profit_Debtor", "--order-by", "DebtorId")


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_json_lines_go_into_a_pipe(run: Run, protocol: str) -> None:
    ran = run(*DEBTORS, "--take", "3", "--protocol", protocol)
    assert ran.code == 0
    rows = [json.loads(line) for line in ran.lines]
    assert [row["DebtorId"] for row in rows] == ["10001", "10002", "10003"]
    assert len(rows[0]) == 21


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("more", [(), ("--take", "100000"), ("--page-size", "180"), ("--skip", "0")])
def test_the_first_command_gives_all_rows_of_a_connector_that_fits_one_page(
    run: Run, protocol: str, more: tuple[str, ...]
) -> None:
    ran = run("get", "Profit_Debtor", "--protocol", protocol, *more)
    assert (ran.code, len(ran.lines)) == (0, 180)
    assert sorted(ran.lines) == sorted(run(*DEBTORS, "--protocol", protocol).lines)


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "xml", "table"])
def test_what_is_refused_leaves_nothing_on_standard_output_not_even_a_header(
    run: Run, tmp_path: Path, protocol: str, form: str
) -> None:
    asked = ("get", "Profit_Debtor", "--page-size", "179", "--protocol", protocol, "--format", form)
    ran = run(*asked)
    assert (ran.code, ran.out) == (2, "")
    assert "Profit_Debtor is read in pages of 179 rows, and pages without a sort lose and double rows" in ran.err
    if form != "table":
        assert run(*asked, "-o", tmp_path / "rows").code == 2
        assert list(tmp_path.iterdir()) == []


def test_nothing_configured_is_said_on_stderr_and_nowhere_else(run: Run) -> None:
    ran = run(*DEBTORS, "--take", "1")
    assert "embedded Profit" in ran.err
    assert ran.out.count("\n") == 1


def test_terms_are_anded_and_or_begins_the_next_filter(run: Run) -> None:
    where = ["--where", "DebtorId >= 10002", "--where", "DebtorId <= 10003", "--or", "--where", "DebtorId = 10005"]
    ran = run(*DEBTORS, *where)
    assert [json.loads(line)["DebtorId"] for line in ran.lines] == ["10002", "10003", "10005"]


@pytest.mark.parametrize("where", [["--or", "--where", "DebtorId = 1"], ["--where", "DebtorId = 1", "--or"]])
def test_or_without_terms_on_both_sides_is_a_usage_error(run: Run, where: list[str]) -> None:
    ran = run(*DEBTORS, *where)
    assert (ran.code, ran.out) == (2, "")
    assert "--or stands between" in ran.err


def test_a_term_may_hold_the_text_of_an_option(run: Run) -> None:
    """What stands behind --where is a term, whatever it looks like: here one that is none."""
    ran = run(*DEBTORS, "--where", "--or")
    assert ran.code == 2


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "xml", "table"])
def test_that_there_are_no_rows_is_always_told(run: Run, tmp_path: Path, protocol: str, form: str) -> None:
    """On stderr, in a pipe as well; the output is what it would be."""
    nobody = (*DEBTORS, "--where", "DebtorId = 0", "--protocol", protocol, "--format", form)
    ran = run(*nobody)
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "afas: no rows")
    assert "no rows" not in ran.out
    assert "afas: " not in run(*DEBTORS, "--take", "1", "--format", form, "--profile", "emulator").err
    if form != "table":
        assert run(*nobody, "-o", tmp_path / "none").err.splitlines()[-1] == "afas: no rows"


def test_quotes_round_a_value_are_told(run: Run) -> None:
    ran = run(*DEBTORS, "--where", "DebtorId = '10001'")
    assert (ran.code, ran.out) == (0, "")
    assert "the value of DebtorId in the filter stands in quotes, and they are part of it" in ran.err
    assert "10001" not in ran.err


def test_several_sorts_one_descending(run: Run) -> None:
    ran = run("get", "Profit_Debtor", "--order-by", "CurrencyId", "--order-by", "-DebtorId", "--take", "2")
    first, second = (json.loads(line) for line in ran.lines)
    assert (first["CurrencyId"], first["DebtorId"]) <= (second["CurrencyId"], "99999")
    assert first["DebtorId"] > second["DebtorId"]


def test_every_format_holds_the_same_rows(run: Run) -> None:
    printed = {f: run(*DEBTORS, "--take", "5", "--format", f).out for f in ("jsonl", "json", "csv", "xml")}
    rows = [json.loads(line) for line in printed["jsonl"].splitlines()]
    assert json.loads(printed["json"]) == rows
    cells = list(csv.DictReader(io.StringIO(printed["csv"])))
    assert [cell["DebtorId"] for cell in cells] == [row["DebtorId"] for row in rows]
    root = ElementTree.fromstring(printed["xml"])
    assert root.tag == "AfasGetConnector"
    for element, row in zip(root, rows, strict=True):
        assert {child.tag for child in element} == {name for name, value in row.items() if value is not None}


def test_a_file_is_written_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "debtors.csv"
    ran = run(*DEBTORS, "--format", "csv", "-o", target)
    assert (ran.code, ran.out) == (0, "")
    assert target.read_text(encoding="utf-8").startswith("DebtorId,DebtorName,")
    assert [path.name for path in tmp_path.iterdir()] == ["debtors.csv"]


def test_a_table_does_not_go_into_a_file(run: Run, tmp_path: Path) -> None:
    ran = run(*DEBTORS, "--format", "table", "-o", tmp_path / "x")
    assert ran.code == 2
    assert not (tmp_path / "x").exists()


def test_a_table_shows_its_rows_and_the_first_thousand_only(run: Run) -> None:
    ran = run("get", "Profit_Administrations", "--order-by", "AdminId", "--format", "table")
    assert ran.code == 0
    assert "AdminNm" in ran.out


def test_raw_gives_the_text_that_came_and_dates_gives_dates(run: Run) -> None:
    raw = json.loads(run(*DEBTORS, "--take", "1", "--raw").out)
    assert isinstance(raw["CreditLimit"], str)
    assert raw["Blocked"] in ("true", "false")
    aware = json.loads(run(*DEBTORS, "--take", "1", "--aware").out)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", aware["CreateDate"])
    ran = run("get", "Profit_Debtor_Invoices", "--order-by", "InvoiceNr", "--take", "1", "--dates", "NookPieceDate")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", json.loads(ran.out)["NookPieceDate"])


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_remark_is_text_and_a_file_only_by_name(run: Run, protocol: str) -> None:
    """What metainfo calls a blob is never changed, also when it looks like base64."""
    types = ["get", "Emulator_Types", "--order-by", "Id", "--protocol", protocol]
    remarks = [json.loads(line)["Remark"] for line in run(*types, "--take", "7").out.splitlines()]
    assert remarks == ["Bel Jan morgen", "Afspraak", "QUJD", "AAAA", "Nog niet gebeld!", None, "regel 1\r\nregel 2"]
    assert json.loads(run(*types, "--take", "1", "--files", "Remark").out)["Remark"] == "BelJanmorgen"
    assert run(*types, "--take", "9", "--files", "Remark").code == 7
    schema = run(*types, "--take", "1", "--format", "xml", "--schema").out
    assert 'name="Remark" type="xs:string"' in schema
    assert 'name="Picture" type="xs:base64Binary"' in schema


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["get", "Profit_Debtor", "--page-size", "179"], 2, "--order-by DebtorId"),
        (["get", "Profit_Nothing", "--take", "1"], 4, "Profit_Nothing"),
        ([*DEBTORS, "--where", "DebtorId ~ 1"], 2, "signs"),
        ([*DEBTORS, "--where", "DebtorNam = 1"], 2, "DebtorName"),
        (["get", "Profit_Debtor", "--order-by", "Name"], 2, "Name"),
        ([*DEBTORS, "--where", "Blocked = ja"], 2, "'Blocked = ja' does not fit its column: Blocked is a boolean"),
        ([*DEBTORS, "--where", "CreditLimit > 2.500,00"], 2, "'CreditLimit > 2500.00'"),
        (["get", "Debtor", "--take", "1"], 4, "The nearest: Profit_Debtor"),
        (["get", "KnSubject", "--take", "1"], 4, "KnSubject is an UpdateConnector"),
        ([*DEBTORS, "--page-size", "4294967296"], 2, "--page-size: must be at most 2,147,483,647"),
        ([*DEBTORS, "--take", "-1"], 2, "take"),
        ([*DEBTORS, "--delimiter", "ab", "--format", "csv"], 2, "delimiter"),
        ([*DEBTORS, "--environment", "nonsense"], 2, "12345"),
        ([*DEBTORS, "--environment", "12345"], 2, "token"),
        ([*DEBTORS, "--profile", "nobody"], 2, "profile"),
        ([*DEBTORS, "--dates", "DebtorId"], 2, "dates"),
        ([*DEBTORS, "--files", "CreditLimit"], 2, "not a text in base64"),
        (["get", "Profit_Debtor", "--key", "DebtorId", "--skip", "5"], 2, "key"),
    ],
)
def test_a_mistake_is_one_readable_line_that_names_it(run: Run, arguments: list[str], code: int, words: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (code, "")
    last = ran.err.splitlines()[-1]
    assert last.startswith("afas: ")
    assert words in last


def test_a_configured_environment_is_asked_and_named(run: Run, server: object) -> None:
    ran = run(*DEBTORS, "--take", "1", "-v")
    assert ran.code == 0
    assert "embedded" not in ran.err
    assert "Profit_Debtor" in ran.err
    assert "1 rows" in ran.err or "rows=1" in ran.err or "1 row" in ran.err


def test_a_wrong_token_is_access_denied(run: Run, server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFAS_TOKEN", "A" * 64)
    for protocol in ("soap", "rest"):
        ran = run(*DEBTORS, "--protocol", protocol)
        assert ran.code == 3
        assert "A" * 12 not in ran.err


def test_a_token_from_standard_input(run: Run, server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFAS_TOKEN")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"FEDCBA9876543210" * 4 + b"\n")))
    assert run(*DEBTORS, "--take", "1", "--token-file", "-").code == 0


def test_swapped_addresses_get_their_own_sentence(run: Run, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFAS_SOAP_URL", server.rest_url)
    monkeypatch.setenv("AFAS_REST_URL", server.soap_url)
    for protocol in ("soap", "rest"):
        ran = run(*DEBTORS, "--protocol", protocol)
        assert ran.code in (2, 4, 5, 7)
        assert "swapped" in ran.err or "REST address" in ran.err or "SOAP address" in ran.err


def test_a_trace_holds_the_exchange_and_no_secret(run: Run, server: object, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    for protocol in ("soap", "rest"):
        assert run(*DEBTORS, "--take", "1", "--protocol", protocol, "--trace", trace).code == 0
    text = trace.read_text(encoding="utf-8")
    assert "10001" in text
    secret = "FEDCBA9876543210" * 4
    assert not any(secret[start : start + 12] in text for start in range(len(secret) - 12))


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("fault", ["cut:9000", "503:retry=0", "reset"])
def test_a_fault_on_the_way_costs_no_row(run: Run, server: object, emulator: Any, protocol: str, fault: str) -> None:
    whole = run(*DEBTORS, "--protocol", protocol).out
    emulator.faults.add(parse_fault(fault))
    again = run(*DEBTORS, "--protocol", protocol)
    assert (again.code, again.out) == (0, whole)


def test_an_html_page_is_an_unreadable_answer(run: Run, server: object, emulator: Any) -> None:
    emulator.faults.add(parse_fault("html"))
    ran = run(*DEBTORS)
    assert ran.code in (6, 7)
    assert "HTML" in ran.err


def test_on_a_terminal_there_is_a_table(warm: list[str]) -> None:
    """A real pseudo terminal: rich draws, and no JSON is seen."""
    pty = pytest.importorskip("pty", reason="a pseudo terminal is what POSIX has")
    leader, follower = pty.openpty()
    command = [*warm, "-m", "afas_soap", "get", "Profit_Administrations", "--order-by", "AdminId"]
    process = subprocess.Popen(
        command, stdout=follower, stderr=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "200"}
    )
    os.close(follower)
    printed = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    os.close(leader)
    assert process.wait() == 0
    assert "AdminNm" in printed.decode()
    assert "{" not in printed.decode()
