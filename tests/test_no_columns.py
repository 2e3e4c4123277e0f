"""A GetConnector without rows, of which SOAP tells nothing at all: its result is an empty text, or an empty root, where
no metadata came (profit-wire 2.4 and 15.5)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from afas_soap import F, NotOffered, ProfitClient
from afas_soap.cli import main
from afas_soap.emulator.http.serve import Server, serve

SOAP = (
    b'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
    b'<soap:Body><GetDataWithOptionsResponse xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>%s'
    b"</GetDataWithOptionsResult></GetDataWithOptionsResponse></soap:Body></soap:Envelope>"
)
NOTHING = {"text": b"", "root": b"&lt;AfasGetConnector /&gt;\n"}
METAINFO = (
    b'{"name":"Leeg","description":"","fields":[{"id":"Id","fieldId":"U001","dataType":"int","label":"","length":9},'
    b'{"id":"Naam","fieldId":"U002","dataType":"string","label":"","length":9}]}'
)

Connect = Callable[..., ProfitClient]


def empty(result: bytes) -> WSGIApplication:
    """Every question over SOAP has this result; metainfo knows the columns."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        rest = "metainfo" in environ["PATH_INFO"].lower()
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        body, kind = (METAINFO, "application/json") if rest else (SOAP % result, "text/xml; charset=utf-8")
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    return answer


@pytest.fixture(scope="module", params=NOTHING)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serve(empty(NOTHING[request.param])) as running:
        yield running


@pytest.fixture
def only_soap(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tells the columns: there is no REST address."""
    monkeypatch.setenv("AFAS_SOAP_URL", server.soap_url)
    monkeypatch.setenv("AFAS_TOKEN", "0" * 64)


@pytest.fixture
def both(only_soap: None, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFAS_REST_URL", server.rest_url)


QUESTIONS = [
    {},
    {"order_by": ["Id"]},
    {"key": "Id"},
    {"take": 9},
    {"everything": True},
    {"where": F.Id == 1, "key": "Id"},
]


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("question", QUESTIONS)
def test_rest_is_asked_for_the_columns(question: dict[str, object]) -> None:
    with ProfitClient.connect() as profit:
        assert profit.fields("Leeg").names == ("Id", "Naam")
        with profit.rows("Leeg", **question) as rows:
            assert list(rows) == []
            assert rows.fields is not None
            assert rows.fields.names == ("Id", "Naam")


@pytest.mark.usefixtures("only_soap")
@pytest.mark.parametrize("question", QUESTIONS)
def test_where_nobody_tells_the_columns_it_is_no_rows_all_the_same(
    question: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    with ProfitClient.connect() as profit:
        with pytest.raises(NotOffered, match="while it holds no rows"):
            profit.fields("Leeg")
        rows = profit.rows("Leeg", **question)
        assert list(rows) == []
        assert not caplog.records
        assert rows.fields is not None
        assert rows.fields.names == ()
        assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.usefixtures("both")
def test_a_file_of_no_rows_has_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "leeg.csv"
    assert main(["get", "Leeg", "--order-by", "Id", "--format", "csv", "-o", str(file)]) == 0
    with file.open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines)) == [["Id", "Naam"]]


@pytest.mark.usefixtures("only_soap")
@pytest.mark.parametrize(("format_", "text"), [("jsonl", ""), ("json", "[]\n"), ("table", "")])
def test_no_rows_and_no_columns_are_written_and_said(
    format_: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["get", "Leeg", "--order-by", "Id", "--format", format_]) == 0
    out, err = capsys.readouterr()
    assert out.strip() == text.strip()
    assert err.count("Profit gives no columns of Leeg over SOAP while it holds no rows") == 1
