"""``afas convert``, and files as sides of ``afas compare``: what afas, .NET and shells made of an answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FORMATS = ["xml", "json", "jsonl", "csv"]
METAINFO = json.dumps(
    {
        "name": "Profit_Debtor",
        "fields": [
            {"id": "DebtorId", "dataType": "string"},
            {"id": "DebtorName", "dataType": "string"},
            {"id": "CreditLimit", "dataType": "decimal"},
            {"id": "CreateDate", "dataType": "date"},
        ],
    }
)
ROWS = (
    '{"DebtorId":"1","DebtorName":"Smit","CreditLimit":100.0,"CreateDate":"2024-02-01T10:00:00"}\n'
    '{"DebtorId":"2","DebtorName":"De Vries, \\"A\\"","CreditLimit":0.25,"CreateDate":null}\n'
)


def test_dataset_offset(run: Run, cases: Path, tmp_path: Path) -> None:
    """As values, as columns given, as a side of a comparison, and with the offset again."""
    saved, fields = cases / "dataset-offset" / "resaved.xml", tmp_path / "fields.json"
    columns = [{"id": "ProjectId", "dataType": "string"}, {"id": "DateStart", "dataType": "date"}]
    fields.write_text(json.dumps({"name": "Projecten", "fields": columns}))
    ran = run("convert", saved, "--format", "csv")
    assert (ran.code, ran.lines) == (0, ["ProjectId,DateStart", "P1,2019-01-01T00:00:00"])
    assert run("convert", saved, "--fields", fields, "--format", "csv").lines == ran.lines
    assert run("convert", saved, "--aware", "--format", "csv").lines[1] == "P1,2019-01-01T00:00:00+01:00"
    assert run("convert", saved, "--dates", "DateStart", "--format", "csv").lines[1] == "P1,2019-01-01"
    plain = tmp_path / "plain.csv"
    plain.write_text(ran.out)
    sides = ["--left", f"file:{saved}", "--right", f"file:{plain}", "--fields", fields]
    compared = run("compare", "Projecten", *sides)
    assert (compared.code, compared.lines[-1]) == (0, "1 compared, 0 with differences")


def test_an_offset_of_another_zone(run: Run, cases: Path, tmp_path: Path) -> None:
    """Refused with what helps, and nothing is written."""
    saved, target = tmp_path / "saved.xml", tmp_path / "out.csv"
    text = (cases / "dataset-offset" / "resaved.xml").read_text()
    saved.write_text(text.replace("+01:00", "-05:00"))
    ran = run("convert", saved, "--format", "csv", "-o", target)
    assert ran.code == 7
    assert "row 1, column DateStart: a text of 25 characters has an offset that is not Amsterdam's then" in ran.err
    assert "--raw gives the text" in ran.err
    assert not target.exists()
    assert run("convert", saved, "--raw", "--format", "csv").lines[1] == "P1,2019-01-01T00:00:00-05:00"


@pytest.mark.parametrize("format_", FORMATS)
def test_empty_column_name(run: Run, cases: Path, format_: str) -> None:
    """Refused, whatever it is to become; it is nobody's column."""
    saved = cases / "empty-column-name" / "rows.json"
    ran = run("convert", saved, "--format", format_, *(["--schema"] if format_ == "xml" else []))
    assert (ran.code, ran.out, ran.err) == (7, "", "afas: row 1: holds a column without a name\n")


@pytest.mark.parametrize("text", ['[{"":6}]', '{"":6}\n', ",A\n6,1\n"])
def test_a_column_without_a_name(run: Run, tmp_path: Path, text: str) -> None:
    """In every kind of file."""
    (tmp_path / "rows").write_text(text)
    ran = run("convert", tmp_path / "rows", "--format", "xml", "--schema")
    assert (ran.code, ran.out) == (7, "")
    assert "without a name" in ran.err


@pytest.mark.parametrize("name", ["error.json", "fault.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_saved_rest_error(run: Run, cases: Path, tmp_path: Path, name: str, encoding: str) -> None:
    """Profit's message and its exit code, for both protocols."""
    saved = tmp_path / name
    saved.write_bytes((cases / "saved-rest-error" / name).read_text().encode(encoding))
    ran = run("convert", saved, "--format", "csv")
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("afas: Voorbeeld van een weigering")
    assert "-2147180996" in ran.err or name == "fault.xml"
    assert run("compare", "X", "--left", f"file:{saved}", "--right", f"file:{saved}").code == 5


def test_a_saved_503(run: Run, tmp_path: Path) -> None:
    """Profit is away, as if it had been asked."""
    saved = tmp_path / "error.json"
    saved.write_text('{"error":{"code":"503","message":"Onderhoud."},"retry_after":60}')
    ran = run("convert", saved, "--format", "csv")
    assert (ran.code, ran.err) == (6, "afas: Onderhoud.\n")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("aware", [False, True])
def test_our_own_output_comes_back(run: Run, tmp_path: Path, format_: str, aware: bool) -> None:
    """A debtor through every format and back, by the schema or by fields; piped, it is the same."""
    (tmp_path / "fields").write_text(METAINFO)
    (tmp_path / "rows").write_text(ROWS)
    typed = ["--fields", tmp_path / "fields"]
    written = tmp_path / f"out.{format_}"
    options = [*(["--aware"] if aware else []), *(["--schema"] if format_ == "xml" else [])]
    assert run("convert", tmp_path / "rows", *typed, *options, "-o", written).code == 0
    assert ("+01:00" in written.read_text()) is aware
    ran = run("convert", written, *([] if format_ == "xml" else typed), "--format", "jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert [json.loads(line) for line in ran.lines] == [json.loads(line) for line in ROWS.splitlines()]
    assert run("convert", written, "--format", "jsonl").code == 0


@pytest.mark.no_cover
@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_file_of_any_format_against_profit(run: Run, tmp_path: Path, format_: str, protocol: str) -> None:
    """Equal, with the schema in it or with fields; without those as text, which the report says."""
    written, fields = tmp_path / f"debtors.{format_}", tmp_path / "fields.xsd"
    question = ["get", "Profit_Debtor", "--order-by", "DebtorId", "--emulator"]
    assert run(*question, "-o", written).code == 0
    assert run(*question, "--take", "1", "--format", "xml", "--schema", "-o", fields).code == 0
    sides = ["compare", "Profit_Debtor", "--left", f"file:{written}", "--right", protocol, "--emulator"]
    ran = run(*sides, "--fields", fields)
    assert (ran.code, ran.lines[-1]) == (0, "1 compared, 0 with differences"), ran.out + ran.err
    untyped = run(*sides, "--format", "json")
    assert untyped.code == 1
    assert not json.loads(untyped.out)[0]["differences"]
    types = {each["column"]: (each["left"], each["right"]) for each in json.loads(untyped.out)[0]["types"]}
    assert types["CreateDate"] == ("str", "datetime")


def test_fields_of_one_connector(run: Run, tmp_path: Path) -> None:
    """The columns of one say nothing about others."""
    (tmp_path / "fields").write_text(METAINFO)
    for chosen in (["A", "B"], ["--all"]):
        ran = run("compare", *chosen, "--emulator", "--fields", tmp_path / "fields")
        assert ran.code == 2
        assert "--fields holds the columns of one connector" in ran.err


CONTROL = (
    '<AfasGetConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector">'
    '<xs:complexType><xs:choice maxOccurs="unbounded"><xs:element name="X"><xs:complexType><xs:sequence><xs:element '
    'name="A" type="xs:string"/></xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element>'
    "</xs:schema><X><A>a&#x1;b</A></X><X><A>c&#x2;d</A></X></AfasGetConnector>"
)


def test_characters_that_xml_cannot_carry(run: Run, tmp_path: Path) -> None:
    """An error that names the option; with it U+FFFD, and how many on standard error."""
    saved, bare = tmp_path / "saved.xml", tmp_path / "bare.xml"
    saved.write_text(CONTROL)
    bare.write_text(CONTROL[: CONTROL.index("<xs:schema")] + CONTROL.partition("</xs:schema>")[2])
    for path in (saved, bare):
        ran = run("convert", path, "--format", "jsonl")
        assert ran.code == 7
        assert "--replace-controls reads it with U+FFFD" in ran.err
        ran = run("convert", path, "--format", "jsonl", "--replace-controls")
        assert (ran.code, ran.lines) == (0, ['{"A":"a\ufffdb"}', '{"A":"c\ufffdd"}'])
        assert ran.err.splitlines()[-1] == "afas: X: 2 characters that XML cannot carry replaced by U+FFFD"
    sides = ["--left", f"file:{saved}", "--right", f"file:{bare}"]
    assert "--replace-controls" in run("compare", "X", *sides).err
    ran = run("compare", "X", *sides, "--replace-controls")
    assert ran.code == 0
    for side in (saved, bare):
        assert f"afas: file:{side}: 2 characters that XML cannot carry replaced by U+FFFD" in ran.err.splitlines()


def test_pages_in_one_file(run: Run, tmp_path: Path) -> None:
    """As ``cat page*.xml`` makes it."""
    (tmp_path / "pages.xml").write_text(f"{CONTROL}\n{CONTROL}".replace("&#x1;", "").replace("&#x2;", ""))
    assert run("convert", tmp_path / "pages.xml", "--format", "csv").lines == ["A", "ab", "cd", "ab", "cd"]
