"""An insert inserts, an update updates, a delete deletes: one call, a batch and Python, whatever their records say."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from afas_soap import Action, Element, ProfitClient, UpdateError
from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.errors import Fate
from afas_soap.profit.access.token import AfasToken

Run = Any
DATA = "FEDCBA9876543210" * 4
KINDS = {
    "@Action": '{{"@Action": "{action}", "@SbId": {number}, "StId": 4}}',
    "@action": '{{"@action": "{action}", "@SbId": {number}, "StId": 4}}',
    "@ACTION": '{{"@ACTION": "{action}", "@SbId": {number}, "StId": 4}}',
    "AFAS' JSON": '{{"KnSubject": {{"Element": {{"@SbId": {number}, "Fields": {{"@Action": "{action}"}}}}}}}}',
    "the second of two": '[{{"StId": 4}}, {{"@Action": "{action}", "@SbId": {number}, "StId": 4}}]',
}


@pytest.fixture(params=["soap", "rest"])
def profit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProfitClient]:
    """A client of an emulator on a port, which the variables name as well."""
    with Store() as store, serve(Emulator(store, tokens=[AfasToken.parse(DATA)])) as server:
        for name, value in (("SOAP_URL", server.soap_url), ("REST_URL", server.rest_url), ("TOKEN", DATA)):
            monkeypatch.setenv(f"AFAS_{name}", value)
        monkeypatch.setenv("AFAS_PROTOCOL", request.param)
        with ProfitClient.connect() as client:
            yield client


@pytest.fixture
def number(profit: ProfitClient) -> str:
    """A record that is there."""
    return profit.insert("KnSubject", {"StId": 4, "Ds": "Blijft"})["SbId"]


def is_there(profit: ProfitClient, number: str) -> bool:
    rows = profit.rows("Profit_Subjects", order_by=["SubjectId"])
    return [str(row["SubjectId"]) for row in rows].count(number) == 1


def test_batch_insert_deletes(cases: Path, run: Run, profit: ProfitClient, number: str, tmp_path: Path) -> None:
    lines = shutil.copy(cases / "batch-insert-deletes" / "lines.jsonl", tmp_path)
    Path(lines).write_text(Path(lines).read_text().replace("SBID", number))
    ran = run("insert", "KnSubject", lines, "--journal", tmp_path / "j")
    assert (ran.code, ran.out) == (1, "")
    assert "line 1 KnSubject: The payload says delete, and this is afas insert" in ran.err
    assert is_there(profit, number)


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("command", "said"), [("insert", "delete"), ("insert", "update"), ("update", "delete"), ("update", "insert"),
                          ("delete", "insert"), ("delete", "update")],
)  # fmt: skip
def test_a_payload_that_says_otherwise_is_refused_before_anything_is_sent(
    run: Run, profit: ProfitClient, number: str, tmp_path: Path, kind: str, command: str, said: str
) -> None:
    record = KINDS[kind].format(action=said, number=number)
    file, lines = tmp_path / "record.json", tmp_path / "lines.jsonl"
    file.write_text(record)
    good = '{"@SbId": 1}' if command != "insert" else '{"StId": 4, "Ds": "Nieuw"}'
    lines.write_text(f"{good}\n{record}\n")
    for arguments in ((file,), (lines, "--journal", tmp_path / "j")):
        ran = run(command, "KnSubject", *arguments, "--yes")
        assert (ran.code, ran.out) == (1, "")
        # Of the two, the first one says nothing, and does what the command does.
        assert f"The payload says {said}, and this is afas {command}" in ran.err
    assert is_there(profit, number)


@pytest.mark.parametrize(("command", "said"), [("insert", "delete"), ("update", "delete"), ("delete", "insert")])
def test_so_are_rows_of_a_sub_object(
    run: Run, profit: ProfitClient, number: str, tmp_path: Path, command: str, said: str
) -> None:
    row = {"@Action": said, "@SaId": 1, "FileName": "a.txt"}
    of_row = {"@SbId": number, "KnSubjectAttachment": row}
    of_record = {"@Action": "delete", "@SbId": number, "KnSubjectAttachment": {"FileName": "a.txt"}}
    for record, told in ((of_row, said), (of_record, "delete")):
        lines = tmp_path / "lines.jsonl"
        lines.write_text(json.dumps(record) + "\n")
        for extra in ((), ("--journal", tmp_path / "j")):
            file = lines if extra else lines.rename(tmp_path / "one.json")
            ran = run(command, "KnSubject/KnSubjectAttachment", file, *extra, "--yes")
            lines.write_text(json.dumps(record) + "\n")
            assert ran.code == 1, ran.err
            assert f"The payload says {told}" in ran.err
    assert is_there(profit, number)


def test_python_obeys_the_method(profit: ProfitClient, number: str) -> None:
    for record in ({"@Action": "delete", "@SbId": number}, Element(keys={"SbId": number}, action=Action.DELETE)):
        for method in (profit.insert, profit.update):
            with pytest.raises(
                UpdateError, match=r"says delete, and this is afas (\w+) \(ProfitClient\.\1\)"
            ) as caught:
                method("KnSubject", record)
            assert caught.value.fate is Fate.NOT_SENT
    with pytest.raises(UpdateError, match="says insert, and this is afas delete"):
        profit.delete("KnSubject", {"@action": "INSERT", "@SbId": number})
    assert is_there(profit, number)


def test_actions_of_nested_rows_are_afas_own(profit: ProfitClient) -> None:
    """A record that is changed may lose a row and get another one."""
    receipt = profit.insert(
        "KnSubject",
        {"StId": 4, "Ds": "Met link", "KnSubjectLink": {"@Action": "insert", "ToBC": True, "BcId": "1000001"}},
    )
    assert receipt["SbId"]
