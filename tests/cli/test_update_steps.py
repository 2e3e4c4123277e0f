"""The commands about updates as steps of a pipeline: closed pipes, odd input, and what a conversion would lose."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli import main

Run = Any
GOOD = '{"KnSubject":{"Element":{"Fields":{"StId":4,"Ds":"Offerte"}}}}'
BAD = '{"KnSubject":{"Element":{"Fields":{"StId":"vier","Ds":"Offerte"}}}}'
XSD = (
    '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    '<xsd:element name="FbSales"><xsd:complexType><xsd:sequence>'
    '<xsd:element name="Element"><xsd:complexType><xsd:sequence><xsd:element name="Fields"><xsd:complexType>'
    '<xsd:sequence><xsd:element name="DbId" type="xsd:string" minOccurs="0"/></xsd:sequence>'
    "</xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType>"
    "</xsd:element></xsd:schema>"
)


def _xml(action: str) -> str:
    return f'<KnSubject><Element SbId="7"><Fields Action="{action}"><Ds>Offerte</Ds></Fields></Element></KnSubject>'


def _file(folder: Path, content: str, name: str = "payload") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize(("payload", "code"), [(GOOD, 0), (BAD, 1)])
def test_what_a_check_found_is_its_exit_code_although_nobody_reads_it(
    tmp_path: Path, format_: str, payload: str, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    """A gate of a pipeline must not open because ``head`` has seen enough."""
    reader, writer = os.pipe()
    os.close(reader)
    before = sys.stdout
    with os.fdopen(writer, "w") as closed:
        sys.stdout = closed
        try:
            path = str(_file(tmp_path, payload))
            assert main(["check", "KnSubject", path, "--emulator", "--format", format_]) == code
        finally:
            sys.stdout = before
    assert capfd.readouterr().err == ""


def test_half_a_sign_in_a_name_is_reported_as_json_has_it(run: Run, tmp_path: Path) -> None:
    path = _file(tmp_path, '{"KnSubject":{"Element":{"Fields":{"D\\ud800\\u00e9":"x"}}}}')
    ran = run("check", "KnSubject", path, "--emulator", "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    assert [problem["path"] for problem in json.loads(ran.out)] == ["KnSubject/D\ud800é"]
    assert "é" in ran.out


def test_a_conversion_says_which_action_json_does_not_hold(run: Run, tmp_path: Path) -> None:
    """What was a delete must not go on as an insert because nobody was told."""
    for action in ("update", "delete"):
        path = _file(tmp_path, _xml(action))
        ran = run("payload", "KnSubject", path, "--to", "json")
        assert ran.code == 0
        assert "Action" not in ran.out
        assert ran.err.splitlines() == [
            f"afas: the payload says {action}, which AFAS' JSON leaves to the verb: send it with afas {action}"
        ]
        for options in (("--to", "json", "--action", action), ("--to", "xml")):
            assert run("payload", "KnSubject", path, *options).err == ""
    assert run("payload", "KnSubject", _file(tmp_path, _xml("insert")), "--to", "json").err == ""
    several = _xml("insert").replace(
        "</KnSubject>", '<Element SbId="8"><Fields Action="delete"/></Element></KnSubject>'
    )
    mixed = _file(tmp_path, several)
    ran = run("payload", "KnSubject", mixed, "--to", "json")
    assert (ran.err, ran.out.count('"@Action"')) == ("", 2)


def test_a_conversion_by_a_schema_refuses_the_payload_of_another_connector(run: Run, tmp_path: Path) -> None:
    schema = _file(tmp_path, XSD, "FbSales.xsd")
    ran = run("payload", "FbSales", _file(tmp_path, GOOD), "--to", "xml", "--schema", schema)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(
        "afas: KnSubject: a payload for another connector: the root element of FbSales is FbSales."
    )
    assert run("payload", "FbSales", _file(tmp_path, '{"DbId":"1"}'), "--to", "xml", "--schema", schema).code == 0


@pytest.mark.parametrize("command", [("payload", "--to", "json"), ("check", "--emulator"), ("insert", "--emulator")])
def test_a_schema_file_that_is_none_is_named(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """It is a file that was chosen, and no answer of Profit's."""
    name, *options = command
    for content in (GOOD, _xml("insert"), XSD.replace("sequence", "choice")):
        schema = _file(tmp_path, content, "schema.xsd")
        ran = run(name, "KnSubject", _file(tmp_path, GOOD), "--schema", schema, *options)
        assert (ran.code, ran.out) == (2, ""), ran.err
        assert str(schema) in ran.err
        assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    "command", [("payload", "--to", "xml"), ("check", "--emulator"), ("insert", "--emulator", "--no-check")]
)
def test_a_record_a_line_is_told_where_it_belongs(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    name, *options = command
    ran = run(name, "KnSubject", _file(tmp_path, '{"StId": 4}\n{"StId": 4}\n'), *options)
    assert ran.code == 1
    said = ran.out + ran.err
    assert "--journal" in said
    assert "a record a line is a batch" in said
    assert len(said.splitlines()) == 1
    for broken in ('{"StId": 4,\n "Ds": }\n', '{"StId": 4}}\n', '{"StId": 4}\nnog wat\n', "4\n5\n"):
        ran = run(name, "KnSubject", _file(tmp_path, broken), *options)
        assert "--journal" not in ran.out + ran.err


def test_standard_input_holds_the_token_or_the_payload(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever is read first would swallow the other."""
    for command in ("check", "insert", "update"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"0" * 64)))
        ran = run(command, "KnSubject", "-", "--token-file", "-", "--soap-url", "http://127.0.0.1:9/ProfitServices")
        assert (ran.code, ran.out) == (2, "")
        assert "standard input holds the token or the payload" in ran.err
        assert len(ran.err.splitlines()) == 1


def test_a_file_without_a_name_is_named_so(run: Run) -> None:
    ran = run("payload", "KnSubject", "", "--to", "json")
    assert (ran.code, ran.out) == (2, "")
    assert "cannot read ''" in ran.err
