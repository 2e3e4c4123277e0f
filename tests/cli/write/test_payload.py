"""Payloads as editors, PowerShell, .NET and loggers write them, for every command that takes one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
AS_XML = '<KnSubject><Element><Fields Action="insert"><StId>4</StId><Ds>Café</Ds></Fields></Element></KnSubject>'
AS_JSON = '{"KnSubject":{"Element":{"Fields":{"StId":"4","Ds":"Café"}}}}'
SECRET = "0123456789ABCDEF" * 4
REQUEST = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
    '<soap:Body><Execute xmlns="urn:Afas.Profit.Services"><token>'
    f"<![CDATA[<token><version>1</version><data>{SECRET}</data></token>]]></token>"
    "<connectorType>KnSubject</connectorType><connectorVersion>1</connectorVersion>"
    f"<dataXml><![CDATA[{AS_XML}]]></dataXml></Execute></soap:Body></soap:Envelope>"
)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """A payload in a file."""

    def make(data: bytes) -> Path:
        (tmp_path / "payload").write_bytes(data)
        return tmp_path / "payload"

    return make


def test_blank_before_declaration(run: Run, cases: Path) -> None:
    """Blanks and line ends stand in front of an XML declaration."""
    ran = run("payload", "KnSubject", cases / "blank-before-declaration" / "subject.xml", "--to", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == {"KnSubject": {"Element": {"Fields": {"StId": "4", "Ds": "x"}}}}


@pytest.mark.no_cover
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("front", ["", "\r\n", " \t\n"])
@pytest.mark.parametrize(
    "text",
    [AS_XML, AS_JSON, REQUEST, f'<?xml version="1.0" encoding="utf-8"?>\r\n{AS_XML}', '[{"StId":4,"Ds":"Café"}]'],
)
def test_in_whichever_encoding(run: Run, file: Callable[[bytes], Path], text: str, front: str, encoding: str) -> None:
    """With a byte order mark and without one, with blanks in front, whatever it declares: as PowerShell writes it."""
    path = file((front + text).encode(encoding))
    assert run("check", "KnSubject", path, "--emulator").code == 0
    sent = run("insert", "KnSubject", path, "--emulator", "--protocol", "rest", "--dry-run")
    assert (sent.code, "Café" in sent.out) == (0, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (f'<?xml version="1.0" encoding="utf-16"?>{AS_XML}'.encode(), "declares the encoding utf-16"),
        (f'\n<?xml version="1.0" encoding="iso-8859-1"?>{AS_XML}'.encode(), "declares the encoding iso-8859-1"),
        (AS_XML.encode("cp1252"), "save it as UTF-8, or declare the encoding that it has"),
        (f'<?xml version="1.0" encoding="utf-8"?>{AS_XML}'.encode("cp1252"), "save it as UTF-8"),
        (AS_JSON.encode("cp1252"), "save it as UTF-8"),
    ],
)
def test_an_encoding_that_is_not_the_one(run: Run, file: Callable[[bytes], Path], data: bytes, words: str) -> None:
    """Told with what helps, before anything is sent; no sign becomes another."""
    path = file(data)
    for command in (["payload", "KnSubject", path, "--to", "json"], ["insert", "KnSubject", path, "--emulator"]):
        ran = run(*command)
        assert (ran.code, ran.out) == (1, "")
        assert words in ran.err
        assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_whole_soap_request(run: Run, file: Callable[[bytes], Path], protocol: str) -> None:
    """The update in it is sent, over either protocol; its token is not shown, nor used."""
    path = file(REQUEST.encode())
    ran = run("insert", "KnSubject", path, "--emulator", "--protocol", protocol)
    assert ran.code == 0
    assert json.loads(ran.out)["keys"]
    dry = run("insert", "KnSubject", path, "--emulator", "--protocol", protocol, "--dry-run")
    assert SECRET not in ran.out + ran.err + dry.out + dry.err
    other = run("insert", "KnPerson", path, "--emulator", "--protocol", protocol)
    assert other.code == 1
    assert "the request is for the connector KnSubject" in other.err
