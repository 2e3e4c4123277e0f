"""The commands about updates, against an emulator on a port and the embedded one: payload, check, schema, insert,
update, delete."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from afas_soap.cli import main
from afas_soap.cli.write.records import batch_from
from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.profit.access.credentials import ClientCredentials, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.updates.update import Action
from afas_soap.wire.http.transport import LATEST
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

Run = Any
DATA = "FEDCBA9876543210" * 4
SUBJECT = {"StId": 4, "Ds": "Offerte ééé", "KnSubjectLink": {"ToBC": True, "BcId": "1000001"}}
AS_JSON = (
    '{"KnSubject":{"Element":{"Fields":{"StId":4,"Ds":"Offerte"},'
    '"Objects":[{"KnSubjectAttachment":{"Element":{"Fields":{"FileName":"a.txt","FileStream":"aGFsbG8="}}}}]}}}'
)
AS_XML = (
    '<KnSubject xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Element><Fields Action="insert"><StId>4</StId>'
    "<Ds>Offerte</Ds></Fields><Objects><KnSubjectAttachment><Element>"
    '<Fields Action="insert"><FileName>a.txt</FileName><FileStream>aGFsbG8=</FileStream></Fields></Element>'
    "</KnSubjectAttachment></Objects></Element></KnSubject>"
)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator of its own: what is booked in it is nobody else's."""
    store = Store()
    app = Emulator(store, tokens=[AfasToken.parse(DATA)])
    yield app
    store.close()


@pytest.fixture(params=["soap", "rest"])
def profit(request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """The emulator on a port, configured in the variables, over each protocol."""
    with serve(emulator) as server:
        monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
        monkeypatch.setenv("AFAS_REST_URL", server.rest_url)
        monkeypatch.setenv("AFAS_TOKEN", DATA)
        monkeypatch.setenv("AFAS_PROTOCOL", request.param)
        yield emulator


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets standard input."""

    def set_(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return set_


def _file(folder: Path, content: object, name: str = "payload.json") -> Path:
    path = folder / name
    path.write_bytes(
        content
        if isinstance(content, bytes)
        else (content.encode() if isinstance(content, str) else json.dumps(content).encode())
    )
    return path


def _subjects(run: Run, subject: str) -> list[dict[str, Any]]:
    ran = run(
        "get", "Profit_Subjects", "--where", f"Subject = {subject}", "--order-by", "SubjectId", "--format", "json"
    )
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


# --- payload -----------------------------------------------------------------------------------------------------


def test_a_payload_either_way(run: Run, tmp_path: Path, piped: Any) -> None:
    assert run("payload", "KnSubject", _file(tmp_path, AS_JSON), "--to", "xml").out == f"{AS_XML}\n"
    assert run("payload", "KnSubject", _file(tmp_path, AS_XML, "p.xml"), "--to", "json").out == (
        AS_JSON.replace('"StId":4', '"StId":"4"') + "\n"
    )
    piped(b"\xef\xbb\xbf" + AS_JSON.encode())
    assert run("payload", "KnSubject", "--to", "xml").out == f"{AS_XML}\n"
    piped('<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + AS_XML.encode("utf-16")[2:])
    assert json.loads(run("payload", "KnSubject", "-", "--to", "json").out)["KnSubject"]


def test_a_payload_in_the_schemas_order_with_its_root(run: Run, tmp_path: Path, afas: Path) -> None:
    schema = afas / "xsd" / "KnSubjectWorkflowReaction.xsd"
    plain = _file(tmp_path, {"Tx": "Akkoord", "SbId": 7})
    ran = run("payload", "KnSubjectWorkflowReaction", plain, "--to", "xml", "--schema", schema)
    assert "<KnWorkflow " in ran.out
    assert ran.out.index("<SbId>") < ran.out.index("<Tx>")
    folder = run("payload", "KnSubjectWorkflowReaction", plain, "--to", "xml", "--schema", schema.parent)
    assert folder.out == ran.out
    ran = run("payload", "KnSubjectWorkflowReaction", plain, "--to", "xml")
    assert (ran.code, ran.out) == (1, "")
    assert "root element" in ran.err


def test_a_payload_into_a_file_which_is_whole_or_not_there(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "out.xml"
    assert run("payload", "KnSubject", _file(tmp_path, AS_JSON), "--to", "xml", "-o", target).out == ""
    assert target.read_text() == f"{AS_XML}\n"
    ran = run("payload", "KnSubject", _file(tmp_path, "{"), "--to", "xml", "-o", tmp_path / "none.xml")
    assert ran.code == 1
    assert "this is no JSON" in ran.err
    assert not (tmp_path / "none.xml").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"KnSubject":{"Element":{"Fields":{"Ds":"\xff"}}}}', "UTF-8"),
        (b"<KnSubject><Element>", "XML"),
        (b'{"KnSubject":{"Element":{"Fields":{"Ds":NaN}}}}', "NaN"),
        (b'{"KnSubject":{"Element":{"Fields":{"Ds":"a","Ds":"b"}}}}', "KnSubject/Ds: this name stands here twice"),
        (b'{"KnSubject":{"Element":{"Fields":{"Ds":"\\u0007"}}}}', "KnSubject/Ds"),
        (b'{"KnSubject":{"Element":{"Fields":{"Ds":["a"]}}}}', "KnSubject/Ds"),
    ],
)
def test_bad_payloads_are_refused_with_their_path(run: Run, tmp_path: Path, content: bytes, words: str) -> None:
    ran = run("payload", "KnSubject", _file(tmp_path, content), "--to", "xml")
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("connector", ["", "/KnSubjectLink", "KnSubject/", "a/b/c"])
def test_a_connector_that_is_none(run: Run, tmp_path: Path, connector: str) -> None:
    ran = run("payload", connector, _file(tmp_path, AS_JSON), "--to", "xml")
    assert ran.code == 2
    assert "is no UpdateConnector" in ran.err


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    for command in (("payload", "KnSubject", tmp_path / "no", "--to", "xml"), ("insert", "KnSubject", tmp_path / "no")):
        ran = run(*command)
        assert ran.code == 2
        assert "No such file" in ran.err


# --- schema, describe, check -------------------------------------------------------------------------------------


def test_a_schema_is_kept_and_its_age_told(run: Run, profit: Emulator) -> None:
    first = run("schema", "KnSubject")
    assert first.out.startswith("<xsd:schema")
    assert first.err == ""
    again = run("schema", "KnSubject")
    assert again.out == first.out
    assert "less than a minute old; --refresh renews it" in again.err
    assert run("schema", "KnSubject", "--refresh").err == ""
    ran = run("schema", "KnNiets")
    assert ran.code in (3, 4)


def test_an_update_connector_as_a_tree(run: Run, profit: Emulator) -> None:
    tree = run("describe", "FiEntries").out
    assert tree.startswith("FiEntryPar\n")
    assert "\n  FiEntries\n" in tree
    assert "\n    FiDimEntries\n" in tree
    described = json.loads(run("describe", "FiEntries", "--format", "json").out)
    assert (described["connector"], described["root"]) == ("FiEntries", "FiEntryPar")
    assert [part["name"] for part in described["objects"]] == ["FiEntries"]
    assert "DebtorId" in run("describe", "Profit_Debtor").out
    assert run("describe", "FiEntries", "--update").out == tree
    ran = run("describe", "Nergens")
    assert ran.code in (3, 4)


def test_mandatory_is_known_over_rest_only(run: Run, emulator: Emulator) -> None:
    assert "(mandatory)" in run("describe", "KnSubject", "--emulator", "--protocol", "rest").out
    assert "(mandatory)" not in run("describe", "KnSubject", "--emulator").out


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize(
    "configured", [{}, {"AFAS_TOKEN": DATA}, {"AFAS_PROFILE": "gone"}], ids=["nothing", "half", "x"]
)
def test_check_says_invented_rows(
    run: Run, tmp_path: Path, cases: Path, protocol: str, configured: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a schema of one's own nobody is asked, so nothing need be configured."""
    subject, xsd = cases / "check-says-invented-rows" / "subject.json", tmp_path / "KnSubject.xsd"
    assert run("schema", "KnSubject", "--emulator", "--protocol", protocol, "-o", xsd).code == 0
    for name, value in configured.items():
        monkeypatch.setenv(name, value)
    for schema in (xsd, tmp_path):
        ran = run("check", "KnSubject", subject, "--schema", schema)
        assert (ran.code, ran.out, ran.err) == (0, "no problems found\n", "")
    ran = run("check", "KnSubject", _file(tmp_path, {"StId": "vier"}), "--schema", xsd, "--strict")
    assert (ran.code, ran.err) == (1, "")
    assert "KnSubject/StId" in ran.out


def test_check_reports_every_problem_and_exits_1(run: Run, profit: Emulator, tmp_path: Path) -> None:
    good = run("check", "KnSubject", _file(tmp_path, SUBJECT))
    assert (good.code, good.out) == (0, "no problems found\n")
    bad = _file(tmp_path, {"StId": "vier", "Dss": "x", "KnSubjectLnk": {"ToBC": 1}, "ViPr": "Q"})
    ran = run("check", "KnSubject", bad)
    assert ran.code == 1
    for words in (
        "error: KnSubject/StId:",
        "error: KnSubject/Dss:",
        "error: KnSubject/KnSubjectLnk:",
        "doubt: KnSubject/ViPr:",
    ):
        assert words in ran.out
    assert "vier" not in ran.out
    report = json.loads(run("check", "KnSubject", bad, "--format", "json").out)
    assert {problem["rule"] for problem in report} >= {"wrong-type", "unknown-field", "unknown-object", "unlisted-code"}
    assert run("check", "KnSubject", _file(tmp_path, {"StId": 4, "Ds": "x", "ViPr": "Q"})).code == 0
    assert run("check", "KnSubject", _file(tmp_path, {"StId": 4, "Ds": "x", "ViPr": "Q"}), "--strict").code == 1
    unreadable = run("check", "KnSubject", _file(tmp_path, '{"Ds":"a","Ds":"b"}'))
    assert (unreadable.code, "twice" in unreadable.out) == (1, True)
    other = run("check", "KnSubject", _file(tmp_path, '{"KnReaction":{"Element":{"Fields":{"SbId":1}}}}'))
    assert other.code == 1


@pytest.mark.no_cover
def test_boolean_case(run: Run, profit: Emulator, tmp_path: Path, cases: Path) -> None:
    """One verdict, over both protocols and by Profit: all that AFAS' own examples have; no other word."""
    given = json.loads((cases / "boolean-case" / "subject.json").read_text())
    for number, spelling in enumerate(("True", "TRUE", "true", " 1 ", "False", "FALSE", "false", "0", True, 0)):
        subject = _file(tmp_path, {**given, "St": spelling, "Ds": f"Spelling {number}"})
        assert run("check", "KnSubject", subject, "--strict").out == "no problems found\n"
        assert run("insert", "KnSubject", subject).code == 0
        (row,) = _subjects(run, f"Spelling {number}")
        assert row["Afgehandeld"] is (str(spelling).strip().lower() in ("true", "1"))
    for spelling in ("ja", "T", "2", "\u00a0true"):
        assert run("check", "KnSubject", _file(tmp_path, {**given, "St": spelling})).code == 1
        refused = run("insert", "KnSubject", _file(tmp_path, _as_afas_has_it(St=spelling)), "--no-check")
        assert (refused.code, "Type mismatch" in refused.err) == (5, True)


def _as_afas_has_it(**fields: object) -> object:
    return {"KnSubject": {"Element": {"Fields": {"StId": 4, "Ds": "x", **fields}}}}


BASE64 = "iVBORw0KGgo="


@pytest.mark.no_cover
@pytest.mark.parametrize("content", [None, "data:;base64,aGFsbG8=", "aGFsbG8", "gewone woorden", "iVBORw0KGgo", "a-_="])
def test_filestream_no_base64(run: Run, profit: Emulator, tmp_path: Path, cases: Path, content: str | None) -> None:
    """A doubt that says what is missing, and Profit refuses it; the right value is neither."""
    given = json.loads((cases / "filestream-no-base64" / "attachment.json").read_text())
    ran = run("insert", "KnSubject", _file(tmp_path, {"StId": 4, "Ds": "Met bijlage"}))
    given["@SbId"] = json.loads(ran.out)["keys"][0]["SbId"]
    if content is not None:
        given["KnSubjectAttachment"]["FileStream"] = content
    bad = _file(tmp_path, given)
    ran = run("check", "KnSubject/KnSubjectAttachment", bad)
    assert (ran.code, ran.out.count("\n")) == (0, 1)
    assert ran.out.startswith("doubt: KnSubject/KnSubjectAttachment/FileStream: a file belongs here in base64")
    assert run("check", "KnSubject/KnSubjectAttachment", bad, "--strict").code == 1
    refused = run("insert", "KnSubject/KnSubjectAttachment", bad)
    assert (refused.code, "Type mismatch" in refused.err) == (5, True)
    for good in (BASE64, f"{BASE64[:8]}\r\n{BASE64[8:]}\r\n"):
        given["KnSubjectAttachment"]["FileStream"] = good
        file = _file(tmp_path, given)
        assert run("check", "KnSubject/KnSubjectAttachment", file, "--strict").out == "no problems found\n"
        assert run("insert", "KnSubject/KnSubjectAttachment", file).code == 0


def test_a_decimal_wants_a_digit_before_its_point(run: Run, profit: Emulator, tmp_path: Path) -> None:
    lines = [{"VaAs": 1, "AcNr": "4510", "AmDe": ".5"}, {"VaAs": 1, "AcNr": "1100", "AmCr": "-.5"}]
    entry = {"Year": 2026, "Peri": 3, "JoCo": "80", "FiEntries": lines}
    ran = run("check", "FiEntries", _file(tmp_path, entry))
    assert ran.code == 1
    for place in ("FiEntries[1]/AmDe", "FiEntries[2]/AmCr"):
        assert f"{place}: text of {len('.5') + ('Cr' in place)} characters stands here, where a number" in ran.out


def test_what_is_mandatory_is_asked_of_rest(
    run: Run, profit: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also over SOAP, which does not tell; and where REST has no address, it is said that nobody knows."""
    bare = _file(tmp_path, {"StId": 4})
    doubt = "doubt: KnSubject/Ds: this field is mandatory, and the record does not have it. [Onderwerp]\n"
    told = run("check", "KnSubject", bare)
    assert (told.code, told.out, told.err) == (0, doubt, "")
    assert run("check", "KnSubject", bare, "--strict").code == 1
    assert "this field is mandatory" in run("insert", "KnSubject", bare).err
    monkeypatch.delenv("AFAS_REST_URL")
    monkeypatch.setenv("AFAS_PROTOCOL", "soap")
    unknown = run("check", "KnSubject", bare)
    assert (unknown.code, unknown.out) == (0, "no problems found\n")
    assert unknown.err == (
        "afas: KnSubject: which fields are mandatory is not known here: SOAP does not tell. REST's metainfo does, "
        "where its address is set (rest_url).\n"
    )
    # An update of a record that is there wants nothing, and a schema of one's own is told of by nobody.
    assert run("check", "KnSubject", _file(tmp_path, {"@SbId": 1}), "--action", "update").err == ""


def test_rest_that_cannot_be_reached_holds_nothing_back(
    run: Run, profit: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over SOAP its address is asked for what SOAP does not tell, once a day."""
    monkeypatch.setenv("AFAS_PROTOCOL", "soap")
    monkeypatch.setenv("AFAS_REST_URL", "http://127.0.0.1:9/ProfitRestServices")
    bare = _file(tmp_path, {"StId": 4})
    first = run("check", "KnSubject", bare, "--retry-total", "0")
    assert (first.code, first.out) == (0, "no problems found\n")
    assert "KnSubject: which fields are mandatory is not known here: " in first.err
    again = run("check", "KnSubject", bare)
    assert (again.code, again.out) == (0, "no problems found\n")
    assert "could not be reached less than a day ago" in again.err
    assert run("insert", "KnSubject", _file(tmp_path, SUBJECT)).code == 0


ZONED = (
    ("KnSubject", {"StId": 4, "Ds": "Zone", "Da": "2024-02-29T00:00:00.000Z"}, "KnSubject/Da"),
    ("KnSubject", {"KnSubject": {"Element": {"Fields": {"StId": 4, "Ds": "Zone", "DtFr": "2024-02-29Z"}}}}, "/DtFr"),
    (
        "KnSubject",
        '<KnSubject><Element><Fields Action="insert"><StId>4</StId><Da>2024-02-29T00:00:00+01:00</Da></Fields>'
        "</Element></KnSubject>",
        "KnSubject/Da",
    ),
    ("PtRealization", {"DaTi": "2024-02-29", "VaIt": 1, "Qu": 1, "StTi": "09:00:00+01:00"}, "PtRealization/StTi"),
    ("FiEntries", {"Year": 2024, "FiEntries": [{"AcNr": "1"}, {"EnDa": "2024-02-29+01:00"}]}, "/FiEntries[2]/EnDa"),
)


def test_zone_in_text(run: Run, profit: Emulator, cases: Path) -> None:
    """Midnight in Amsterdam as JavaScript spells it, and its kin: told with the remedy, and not sent."""
    for name, connector in (("subject.json", "KnSubject"), ("offset.json", "KnSubject"), ("date.json", "FiEntries")):
        payload = cases / "zone-in-text" / name
        for options in ((), ("--strict",)):
            ran = run("check", connector, payload, *options)
            assert (ran.code, ran.out.count("error: "), ran.out.count("a zone (Z or an offset)")) == (1, 1, 1)
        ran = run("insert", connector, payload)
        assert (ran.code, ran.out, "a zone (Z or an offset)" in ran.err) == (1, "", True)
    assert _subjects(run, "x") == []


@pytest.mark.no_cover
@pytest.mark.parametrize(("connector", "payload", "path"), ZONED)
def test_a_zone_in_every_spelling_of_an_update(
    run: Run, profit: Emulator, tmp_path: Path, connector: str, payload: object, path: str
) -> None:
    file = _file(tmp_path, payload)
    assert f"{path}: a zone (Z or an offset)" in run("check", connector, file).out
    ran = run("insert", connector, file)
    assert (ran.code, ran.out, f"{path}: a zone (Z or an offset)" in ran.err) == (1, "", True)


def test_a_zone_in_a_batch_keeps_everything_back(run: Run, profit: Emulator, tmp_path: Path) -> None:
    good, bad = {"StId": 4, "Ds": "Zonestapel"}, {"StId": 4, "Ds": "Zonestapel", "Da": "2024-02-28T23:00:00.000Z"}
    file = _file(tmp_path, f"{json.dumps(good)}\n{json.dumps(bad)}\n", "lines.jsonl")
    ran = run("insert", "KnSubject", file, "--journal", tmp_path / "journal")
    assert (ran.code, "KnSubject/Da: a zone (Z or an offset)" in ran.err) == (1, True)
    assert _subjects(run, "Zonestapel") == []


def test_a_date_is_the_midnight_of_a_date_time(run: Run, profit: Emulator, tmp_path: Path) -> None:
    """One verdict over both protocols, and what is booked is what was meant."""
    file = _file(tmp_path, {"StId": 4, "Ds": "Alleen een dag", "Da": "2026-07-01"})
    assert run("check", "KnSubject", file, "--strict").out == "no problems found\n"
    assert run("insert", "KnSubject", file).code == 0
    (row,) = _subjects(run, "Alleen een dag")
    assert row["DateCreated"] == "2026-07-01T00:00:00"


# --- insert, update, delete --------------------------------------------------------------------------------------


def test_insert_change_and_delete(run: Run, profit: Emulator, tmp_path: Path) -> None:
    ran = run("insert", "KnSubject", _file(tmp_path, SUBJECT))
    assert ran.code == 0, ran.err
    receipt = json.loads(ran.out)
    number = receipt["keys"][0]["SbId"]
    assert len(receipt["trace_id"]) == 32
    assert [str(row["SubjectId"]) for row in _subjects(run, "Offerte ééé")] == [number]
    assert run("update", "KnSubject", _file(tmp_path, {"@SbId": number, "Ds": "Anders"})).code == 0
    assert _subjects(run, "Offerte ééé") == []
    assert len(_subjects(run, "Anders")) == 1
    attachment = {"@SbId": number, "KnSubjectAttachment": {"FileName": "a.txt", "FileStream": "aGFsbG8="}}
    ran = run("insert", "KnSubject/KnSubjectAttachment", _file(tmp_path, attachment))
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["keys"] == [{"SbId": number}]
    gone = _file(tmp_path, {"@SbId": number})
    unasked = run("delete", "KnSubject", gone)
    assert unasked.code == 2
    assert "--yes" in unasked.err
    assert len(_subjects(run, "Anders")) == 1
    assert run("delete", "KnSubject", gone, "--yes").code == 0
    assert _subjects(run, "Anders") == []


def test_both_of_afas_spellings_and_standard_input(run: Run, profit: Emulator, piped: Any) -> None:
    for payload in (AS_JSON, AS_XML):
        piped(payload.encode())
        assert run("insert", "KnSubject", "-").code == 0
    assert len(_subjects(run, "Offerte")) == 2


def test_a_dry_run_shows_the_call_and_what_the_check_says_and_books_nothing(
    run: Run, profit: Emulator, tmp_path: Path
) -> None:
    ran = run("insert", "KnSubject", _file(tmp_path, {"StId": 4, "Ds": "Proef", "ViPr": "Q"}), "--dry-run")
    assert ran.code == 0
    assert ran.out.startswith("POST http://127.0.0.1:")
    assert "Authorization: AfasToken ***" in ran.out
    assert "Proef" in ran.out
    assert "KnSubject/ViPr" in ran.err
    assert DATA[:16] not in ran.out + ran.err
    wrong = run("insert", "KnSubject", _file(tmp_path, {"StId": "x", "Ds": "Proef"}), "--dry-run")
    assert (wrong.code, wrong.out) == (1, "")
    assert _subjects(run, "Proef") == []


def test_what_the_check_finds_is_told_line_by_line_and_not_sent(run: Run, profit: Emulator, tmp_path: Path) -> None:
    ran = run("insert", "KnSubject", _file(tmp_path, {"StId": "x", "Ds": "z", "Dss": "y"}))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("afas: error: KnSubject/") == 2
    assert "2 problems are told above; nothing was sent." in ran.err
    one = run("insert", "KnSubject", _file(tmp_path, {"StId": "x", "Ds": "z"}))
    assert one.code == 1
    assert len(one.err.splitlines()) == 1


def test_unchecked_it_is_profit_that_refuses(run: Run, profit: Emulator, tmp_path: Path) -> None:
    payload = {"KnSubject": {"Element": {"Fields": {"StId": 4, "Ds": "x", "Niets": "1"}}}}
    ran = run("insert", "KnSubject", _file(tmp_path, payload), "--no-check")
    assert ran.code == 5
    assert "Niets" in ran.err


def test_a_payload_that_says_another_action_is_refused(run: Run, profit: Emulator, tmp_path: Path) -> None:
    ran = run("update", "KnSubject", _file(tmp_path, AS_XML))
    assert ran.code == 1
    assert "says insert" in ran.err


def test_an_uncertain_outcome_exits_8_and_says_so(run: Run, profit: Emulator, tmp_path: Path) -> None:
    run("schema", "KnSubject")
    profit.faults.add(parse_fault("cut:5"))
    ran = run("insert", "KnSubject", _file(tmp_path, {"StId": 4, "Ds": "Onzeker"}))
    assert (ran.code, ran.out) == (8, "")
    assert "whether Profit booked it is not known" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert len(_subjects(run, "Onzeker")) == 1


def test_nothing_configured_books_nowhere(run: Run, tmp_path: Path) -> None:
    payload = _file(tmp_path, SUBJECT)
    for command in (("insert",), ("insert", "--dry-run"), ("update",), ("delete", "--yes")):
        ran = run(command[0], "KnSubject", payload, *command[1:])
        assert (ran.code, ran.out) == (2, "")
        assert "--emulator" in ran.err
        assert len(ran.err.splitlines()) == 1
    assert run("insert", "KnSubject", payload, "--emulator").code == 0
    assert run("insert", "KnSubject", payload, "--profile", "emulator").code == 0


@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_delete_asks_on_a_terminal(
    run: Run, profit: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    number = json.loads(run("insert", "KnSubject", _file(tmp_path, SUBJECT)).out)["keys"][0]["SbId"]
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{answer}\n"))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    ran = run("delete", "KnSubject", _file(tmp_path, {"@SbId": number}))
    assert "Delete 1 record of KnSubject in 127.0.0.1 for good?" in ran.err
    assert ran.code == (0 if answer == "y" else 130)
    assert len(_subjects(run, "Offerte ééé")) == (0 if answer == "y" else 1)


# --- batches -----------------------------------------------------------------------------------------------------


def _lines(folder: Path, *records: object) -> Path:
    return _file(folder, "".join(json.dumps(record) + "\n" for record in records), "records.jsonl")


def test_a_batch_goes_on_where_it_stopped_and_doubles_nothing(run: Run, profit: Emulator, tmp_path: Path) -> None:
    records = [{"StId": 4, "Ds": f"Regel {number % 3}"} for number in range(7)]
    path, journal = _lines(tmp_path, *records), tmp_path / "records.journal"
    first = run("insert", "KnSubject", path, "--journal", journal)
    assert first.code == 0, first.err
    assert json.loads(first.out)["done"] == 7
    again = json.loads(run("insert", "KnSubject", path, "--journal", journal).out)
    assert (again["done"], again["done_before"], again["left"]) == (0, 7, 0)
    assert [len(_subjects(run, f"Regel {number}")) for number in range(3)] == [3, 2, 2]
    text = journal.read_text()
    assert "Regel" not in text
    assert text.count('"sending"') == 7


def test_a_batch_that_refreshes_asks_for_the_schema_once(
    run: Run, profit: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for kind in (RestConnectors, SoapConnectors):

        def schema(self: Any, connector: str, told: Any = kind.schema, name: str = kind.__name__) -> str:
            asked.append(f"{name} {connector}")
            return str(told(self, connector))

        monkeypatch.setattr(kind, "schema", schema)
    path = _lines(tmp_path, *({"StId": 4, "Ds": f"Vers {number}"} for number in range(3)))
    assert run("insert", "KnSubject", path, "--journal", tmp_path / "j", "--refresh").code == 0
    # REST's metainfo tells what SOAP's schema does not.
    over_soap = ["SoapConnectors KnSubject"] if os.environ["AFAS_PROTOCOL"] == "soap" else []
    assert asked == [*over_soap, "RestConnectors KnSubject"]


def test_refused_records_are_told_and_exit_5(run: Run, profit: Emulator, tmp_path: Path) -> None:
    path = _lines(
        tmp_path, {"StId": 4, "Ds": "Goed"}, {"StId": 4, "SbTx": "Zonder onderwerp"}, {"StId": 4, "Ds": "Goed"}
    )
    ran = run("insert", "KnSubject", path, "--journal", tmp_path / "j", "--parallel", "3")
    assert ran.code == 5
    assert "afas: line 2 refused:" in ran.err
    assert json.loads(ran.out)["refused"] == [2]
    assert len(_subjects(run, "Goed")) == 2


def test_an_uncertain_record_stops_the_run_and_a_lookup_goes_on(run: Run, profit: Emulator, tmp_path: Path) -> None:
    path, journal = _lines(tmp_path, *({"StId": 4, "Ds": f"Nr {number}"} for number in range(4))), tmp_path / "j"
    run("schema", "KnSubject")
    profit.faults.add(parse_fault("cut:5,call=2"))
    ran = run("insert", "KnSubject", path, "--journal", journal)
    assert ran.code == 8
    assert "Line 2" in ran.err
    stopped = run("insert", "KnSubject", path, "--journal", journal)
    assert (stopped.code, "--lookup" in stopped.err) == (8, True)
    found = run("insert", "KnSubject", path, "--journal", journal, "--lookup", "Profit_Subjects:Subject=Ds")
    assert found.code == 0, found.err
    assert (json.loads(found.out)["found"], json.loads(found.out)["done"]) == (1, 2)
    assert [len(_subjects(run, f"Nr {number}")) for number in range(4)] == [1, 1, 1, 1]


def test_one_broken_line_keeps_everything_back(run: Run, profit: Emulator, tmp_path: Path) -> None:
    path = _lines(tmp_path, {"StId": 4, "Ds": "Eerst"}, {"StId": "x", "Ds": "Dan"})
    ran = run("insert", "KnSubject", path, "--journal", tmp_path / "j")
    assert ran.code == 1
    assert "line 2" in ran.err.lower()
    assert _subjects(run, "Eerst") == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to try")
def test_nothing_is_sent_that_cannot_be_journalled(run: Run, profit: Emulator, tmp_path: Path) -> None:
    path = _lines(tmp_path, {"StId": 4, "Ds": "Vol"})
    assert run("insert", "KnSubject", path, "--journal", "/dev/full").code == 2
    assert _subjects(run, "Vol") == []
    folder = tmp_path / "zonder"
    assert run("insert", "KnSubject", path, "--journal", folder / "j").code == 2
    assert _subjects(run, "Vol") == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--parallel", "2"), "--journal"),
        (("--lookup", "A:B=C"), "--journal"),
        ((), "a record a line"),
        (("--journal", "j", "--dry-run"), "--dry-run"),
        (("--journal", "j", "--lookup", "A"), "CONNECTOR:COLUMN=FIELD"),
        (("--journal", "j", "--parallel", "6"), "1<=x<=5"),
    ],
)
def test_options_that_do_not_go_together(run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = run("insert", "KnSubject", _lines(tmp_path, SUBJECT), *arguments, "--emulator")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


@pytest.mark.parametrize(
    ("options", "retry_total", "settle"),
    [({}, 0.0, 900.0), ({"retry_locked": True}, 120.0, 1020.0), ({"retry_total": 7.0}, 7.0, 907.0)],
)
@pytest.mark.parametrize(
    ("credential", "later"),
    [(AfasToken(DATA), 0.0), (ClientCredentials("service", ClientSecret(Secret("geheim", "client secret"))), LATEST)],
    ids=["classic", "oauth"],
)
def test_a_call_that_is_repeated_by_itself_settles_later(
    options: dict[str, Any], retry_total: float, settle: float, credential: object, later: float
) -> None:
    """By hand, and with OAuth where its credential was refused."""
    given: dict[str, Any] = {"parallel": 1, "lookup": None, "settle": 900.0, "no_wait": False, "retry_refused": False}
    given |= {"journal": Path("j"), **options}
    make = batch_from(Action.INSERT, ("KnSubject", ""), "records.jsonl", given)
    assert make is not None
    client: Any = SimpleNamespace(environment="12345-test", settings=SimpleNamespace(credential=credential))
    assert make(client).settle == settle + later
    assert given["retry_total"] == retry_total


def test_a_batch_from_standard_input_is_refused(run: Run) -> None:
    ran = run("insert", "KnSubject", "-", "--journal", "j", "--emulator")
    assert ran.code == 2
    assert "standard input" in ran.err


def test_the_summary_survives_a_closed_pipe(profit: Emulator, tmp_path: Path) -> None:
    """What was booked stays booked, whoever reads the summary."""
    path = _lines(tmp_path, {"StId": 4, "Ds": "Pijp"})
    reader, writer = os.pipe()
    os.close(reader)
    before = sys.stdout
    with os.fdopen(writer, "w") as closed:
        sys.stdout = closed
        try:
            assert main(["insert", "KnSubject", str(path), "--journal", str(tmp_path / "j")]) == 0
        finally:
            sys.stdout = before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to try")
def test_a_receipt_that_cannot_be_written_is_no_update_that_was_not_sent(
    profit: Emulator, tmp_path: Path, warm: list[str]
) -> None:
    """Exit code 2 would say that nothing was sent, and a script would send it again."""
    command = [*warm, "-m", "afas_soap", "insert", "KnSubject", str(_file(tmp_path, SUBJECT))]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 8
    assert "was booked, but its receipt cannot be written" in ran.stderr
    assert '"SbId"' in ran.stderr


def test_refusals_keep_their_exit_code_behind_a_closed_pipe(profit: Emulator, tmp_path: Path, warm: list[str]) -> None:
    path = _lines(tmp_path, {"StId": 4, "SbTx": "Zonder onderwerp"})
    command = [*warm, "-m", "afas_soap", "insert", "KnSubject", str(path), "--journal", str(tmp_path / "j")]
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert ran.returncode == 5, ran.stderr
