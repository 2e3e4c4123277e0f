"""``afas dossier export``: its options, its line, its exit codes."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from afas_soap.cli.dossier import export
from afas_soap.cli.dossier.export import described
from afas_soap.cli.shared.progress import bar
from afas_soap.dossier.progress import Progress
from afas_soap.errors import AnswerError, NotFound, ProfitError
from afas_soap.profit.questions.query import Condition, Operator


@pytest.fixture
def client(module_of: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch) -> Any:
    client = module_of("dossier/double.py").FakeClient()
    monkeypatch.setattr(export, "connect", lambda _: contextlib.nullcontext(client))
    return client


def question(client: Any) -> Any:
    return client.calls[0][1]


def test_a_folder_and_what_is_told(client: Any, run: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf", "y.pdf").item(18)
    ran = run("dossier", "export", "--to", tmp_path / "out")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"afas: 2 dossier items, 2 files: 2 fetched (76 bytes); they are in {tmp_path / 'out'}\n"
    ran = run("dossier", "export", "--to", tmp_path / "out")
    assert ran.err == (
        f"afas: 2 dossier items, 2 files: 0 fetched (0 bytes), 2 there already; they are in {tmp_path / 'out'}\n"
    )


def test_a_dry_run(client: Any, run: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    ran = run("dossier", "export", "--to", tmp_path / "out.zip", "--dry-run")
    assert (ran.code, ran.err) == (0, "afas: 1 dossier item, 1 file: 0 there already, 1 to fetch\n")
    assert not list(tmp_path.iterdir())


def test_chosen_columns(client: Any, run: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf")
    options = ("--folders", "Medewerker", "--columns", "Type, Bedrag", "--delimiter", "\\t", "--reactions")
    assert run("dossier", "export", "Other", "--to", tmp_path / "out", *options).code == 0
    header = "DossieritemId\tBestandsnaam\tType\tBedrag\n"
    assert (tmp_path / "out" / "Other.csv").read_text() == header + "17\tEZW\\x.pdf\tLoonstrook (Profit)\t\n"
    assert [call for call, _ in client.calls][-2] == "Profit_Subject_Reaction_Attachments"
    assert run("dossier", "export", "--to", tmp_path / "flat", "--folders", "").code == 0
    assert (tmp_path / "flat" / "x.pdf").exists()


def test_filters_and_what_changed(client: Any, run: Any, tmp_path: Path) -> None:
    options = ("--where", "Type = -2", "--or", "--where", "Type = 5", "--since", "2026-11-30", "--by", "Gewijzigd")
    run("dossier", "export", "--to", tmp_path / "out", *options)
    recent = Condition("Gewijzigd", Operator.GREATER_OR_EQUAL, "2026-11-30T00:00:00")
    two, five = (Condition("Type", Operator.EQUALS, value) for value in ("-2", "5"))
    assert question(client)["where"] == ((two, recent), (five, recent))
    client.calls.clear()
    run("dossier", "export", "--to", tmp_path / "out", "--since", "2026-11-30T08:00", "--by", "Gewijzigd")
    assert question(client)["where"] == ((Condition(recent.column, recent.operator, "2026-11-30T08:00:00"),),)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--since", "2026-11-30"), "belong together"),
        (("--by", "Gewijzigd"), "belong together"),
        (("--since", "2026-11-30", "--by", ""), "belong together"),
        (("--since", "yesterday", "--by", "Gewijzigd"), "is no date: write 2026-11-30"),
        (("--parallel", "6"), "--parallel"),
        (("--delimiter", '"'), "delimiter"),
        (("--subject", "Nummer"), "no column 'Nummer'"),
    ],
)
def test_options_that_cannot_be(client: Any, run: Any, tmp_path: Path, options: tuple[str, ...], sentence: str) -> None:
    ran = run("dossier", "export", "--to", tmp_path / "out", *options)
    assert ran.code == 2
    assert sentence in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("errors", "code", "told"),
    [
        ([NotFound("no file")], 4, "1 not found"),
        ([NotFound("no file"), ProfitError("no")], 5, "1 not found, 1 failed"),
        ([AnswerError("dirty")], 7, "1 failed"),
    ],
)
def test_files_that_are_not_there(
    client: Any, run: Any, tmp_path: Path, errors: list[Exception], code: int, told: str
) -> None:
    client.item(17, "x\x1b.pdf", "")
    for number, error in enumerate(errors):
        client.wrong[client.attached[number][0].file_id] = [[error]]
    ran = run("dossier", "export", "--to", tmp_path / "out", "--parallel", "1")
    assert ran.code == code
    *lines, last = ran.err.splitlines()
    assert lines[0] == rf"afas: dossier item 17, x\x1b.pdf: {errors[0]}"
    assert f", {told}; they are in" in last
    assert len(lines) == len(errors)


def test_a_zip_that_waits_for_what_failed(client: Any, run: Any, tmp_path: Path) -> None:
    client.item(17, "x.pdf", "y.pdf")
    first, second = (each.file_id for each, _ in client.attached)
    client.wrong[first], client.wrong[second] = [[ProfitError("no")]], [[]]
    to = tmp_path / "out.zip"
    ran = run("dossier", "export", "--to", to)
    assert ran.code == 5
    assert ran.err.splitlines() == [
        "afas: dossier item 17, x.pdf: no",
        "afas: dossier item 17, y.pdf: Profit gave it without a byte",
        f"afas: 1 dossier item, 2 files: 1 fetched (0 bytes), 1 failed, 1 empty; no {to} yet: they are in {to}.part, "
        "and the same command tries the others again",
    ]
    ran = run("dossier", "export", "--to", to)
    assert (ran.code, ran.err) == (0, f"afas: 1 dossier item, 2 files: 2 fetched (76 bytes); they are in {to}\n")


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("x.zip/", "is a folder, and what ends in .zip"),
        ("./X.ZIP//", "name the folder otherwise"),
        ("", "name a folder"),
    ],
)
def test_targets_that_cannot_be(
    client: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("dossier", "export", "--to", to)
    assert (ran.code, client.calls, list(tmp_path.iterdir())) == (2, [], [])
    assert sentence in ran.err


def test_a_file_without_a_name(client: Any, run: Any, tmp_path: Path) -> None:
    client.item(17, "")
    client.wrong[client.attached[0][0].file_id] = [[NotFound("gone")]]
    assert (
        "afas: dossier item 17, a file without a name: gone\n" in run("dossier", "export", "--to", tmp_path / "x").err
    )


def test_how_far_it_is_in_words() -> None:
    assert described(Progress("reading", 1200)) == "reading 1,200"
    assert described(Progress("fetching", 12, 1500, 3_565_158, 130.2)) == "fetching 12 of 1,500, 3.4 MB, 0:02:10 left"


def test_on_a_terminal_it_is_seen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with bar("asking", described) as shown:
        shown(Progress("reading", 1))
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with bar("asking", described) as shown:
        shown(Progress("fetching", 1, 3, 2**20, datetime.timedelta(minutes=1).total_seconds()))
    assert "fetching 1 of 3, 1.0 MB, 0:01:00 left" in capsys.readouterr().err
