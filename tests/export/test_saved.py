"""Saved answers of every kind, told apart by how they begin; rows as literals."""

from __future__ import annotations

import datetime
import io
import json
import logging
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, CutOff, ProfitError, SettingsError
from afas_soap.export.formats import lines
from afas_soap.export.saved import open_saved, read_fields
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Reading, Record

SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
    '<xs:choice maxOccurs="unbounded"><xs:element name="My_Stock"><xs:complexType><xs:sequence>'
    '<xs:element name="Itemcode" type="xs:string" minOccurs="0"/>'
    '<xs:element name="InStock" type="xs:decimal" minOccurs="0"/>'
    '<xs:element name="Since" type="xs:dateTime" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>'
    "</xs:choice></xs:complexType></xs:element></xs:schema>"
)
ROWS = (
    "<My_Stock><Itemcode>A1</Itemcode><InStock>1.50</InStock></My_Stock>"
    "<My_Stock><InStock>-.5</InStock><Since>2024-02-01T10:00:00</Since></My_Stock>"
)
WITH_SCHEMA = f"<AfasGetConnector>{SCHEMA}{ROWS}</AfasGetConnector>"
BARE = f"<AfasGetConnector>{ROWS}</AfasGetConnector>"
JSON = (
    '{"skip":0,"take":2,"rows":[{"Itemcode":"A1","InStock":1.50},'
    '{"InStock":2,"Since":"2024-02-01T10:00:00Z","Note":"1","Itemcode":null}]}'
)
TYPED_ROWS: list[Record] = [
    {"Itemcode": "A1", "InStock": Decimal("1.50"), "Since": None},
    {"Itemcode": None, "InStock": Decimal("-0.5"), "Since": datetime.datetime(2024, 2, 1, 10)},
]
TEXT_ROWS: list[Record] = [
    {"Itemcode": "A1", "InStock": "1.50", "Since": None},
    {"Itemcode": None, "InStock": "-.5", "Since": "2024-02-01T10:00:00"},
]
JSON_ROWS: list[Record] = [
    {"Itemcode": "A1", "InStock": Decimal("1.50"), "Since": None, "Note": None},
    {"Itemcode": None, "InStock": 2, "Since": datetime.datetime(2024, 2, 1, 10), "Note": "1"},
]
METAINFO = json.dumps(
    {
        "name": "My_Stock",
        "description": "Stock",
        "fields": [
            {"id": "Itemcode", "dataType": "string"},
            {"id": "InStock", "dataType": "decimal"},
            {"id": "Since", "dataType": "date"},
        ],
    }
)


def envelope(result: str) -> str:
    """A SOAP 1.1 answer around a result text (profit-wire 1.3)."""
    escaped = result.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        '<soap:Body><GetDataResponse xmlns="urn:Afas.Profit.Services">'
        f"<GetDataResult>{escaped}</GetDataResult></GetDataResponse></soap:Body></soap:Envelope>"
    )


class Pipe(io.BytesIO):
    """Standard input from a pipe."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError(29, "Illegal seek")

    tell = seek


Source = Callable[[str], Path | io.BytesIO]


@pytest.fixture(params=["file", "stream", "pipe"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """The three places a saved answer comes from."""

    def make(text: str) -> Path | io.BytesIO:
        if request.param == "file":
            path = tmp_path / "saved"
            path.write_bytes(text.encode())
            return path
        return {"stream": io.BytesIO, "pipe": Pipe}[request.param](text.encode())

    return make


@pytest.mark.parametrize("text", [WITH_SCHEMA, envelope(WITH_SCHEMA), f"\ufeff\r\n<!-- saved -->\n{WITH_SCHEMA}\n"])
def test_with_a_schema(source: Source, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """The types of the file's own schema, in one reading, without a word."""
    with open_saved(source(text)) as rows:
        assert rows.fields is not None
        assert rows.fields.connector == "My_Stock"
        assert rows.fields["InStock"].kind is Kind.DECIMAL
        assert list(rows) == TYPED_ROWS
    assert not caplog.records


@pytest.mark.parametrize(
    "text", [BARE, envelope(BARE), BARE.replace("<AfasGetConnector>", "<AfasGetConnector a:b='1' xmlns:a='x'>\n ")]
)
def test_xml_without_a_schema(source: Source, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """Text, the columns of the whole input, the name of the rows, and one warning."""
    with open_saved(source(text)) as rows:
        assert rows.fields is not None
        assert (rows.fields.connector, rows.fields.names) == ("My_Stock", ("Itemcode", "InStock", "Since"))
        assert list(rows) == TEXT_ROWS
    assert [(record.name, record.levelno) for record in caplog.records] == [("afas_soap.export", logging.WARNING)]


def test_json_without_fields(source: Source, caplog: pytest.LogCaptureFixture) -> None:
    """JSON keeps its own types, an exact date-time with Z is one; every row has every column."""
    with open_saved(source(JSON)) as rows:
        assert rows.fields is not None
        assert {field.name: field.kind for field in rows.fields} == {
            "Itemcode": Kind.TEXT,
            "InStock": Kind.DECIMAL,
            "Since": Kind.DATETIME,
            "Note": Kind.TEXT,
        }
        found = list(rows)
        assert found == JSON_ROWS
        assert [list(record) for record in found] == [["Itemcode", "InStock", "Since", "Note"]] * 2
    assert len(caplog.records) == 1


@pytest.mark.parametrize("text", [BARE, envelope(BARE)])
@pytest.mark.parametrize("fields", [METAINFO, SCHEMA])
def test_with_saved_fields(source: Source, tmp_path: Path, text: str, fields: str) -> None:
    """Types from saved metainfo or an XSD."""
    (tmp_path / "fields").write_text(fields)
    with open_saved(source(text), fields=read_fields(tmp_path / "fields")) as rows:
        assert list(rows) == TYPED_ROWS


def test_json_with_saved_fields(source: Source, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Types from saved metainfo, here with whole numbers as decimals."""
    (tmp_path / "fields").write_text("\ufeff" + METAINFO)
    text = '{"skip":0,"take":1,"rows":[{"Itemcode":"A1","InStock":2,"Since":null}]}'
    with open_saved(source(text), fields=read_fields(tmp_path / "fields")) as rows:
        assert rows.fields is not None
        assert rows.fields.connector == "My_Stock"
        found = list(rows)
    assert found == [{"Itemcode": "A1", "InStock": Decimal(2), "Since": None}]
    assert type(found[0]["InStock"]) is Decimal
    assert not caplog.records


def test_not_whole() -> None:
    """One reading: the columns stay unknown, and a record has those of its row."""
    with open_saved(io.BytesIO(BARE.encode()), whole=False) as rows:
        assert rows.fields is None
        assert next(rows) == {"Itemcode": "A1", "InStock": "1.50"}


def test_raw_and_dates() -> None:
    """How values are read is passed on."""
    with open_saved(io.BytesIO(WITH_SCHEMA.encode()), reading=Reading(typed=False)) as rows:
        assert list(rows) == TEXT_ROWS
    with open_saved(
        io.BytesIO(WITH_SCHEMA.replace("10:00", "00:00").encode()), reading=Reading(dates=("Since",))
    ) as rows:
        assert [row["Since"] for row in rows] == [None, datetime.date(2024, 2, 1)]


def test_the_connector() -> None:
    """It names rows that have no name, and refuses those of another."""
    with open_saved(io.BytesIO(JSON.encode())) as rows:
        assert rows.fields is not None
        assert rows.fields.connector == "Row"
    with open_saved(io.BytesIO(JSON.encode()), connector="My_Stock") as rows:
        assert "<My_Stock><Itemcode>A1</Itemcode>" in "".join(lines("xml", rows, rows.fields or Fields("", ())))
    with pytest.raises(AnswerError, match="Profit_Debtor"):
        open_saved(io.BytesIO(WITH_SCHEMA.encode()), connector="Profit_Debtor")


@pytest.mark.parametrize("text", [envelope(""), envelope("<AfasGetConnector/>"), '{"skip":0,"take":1,"rows":[]}'])
def test_no_rows_and_no_schema(source: Source, text: str, caplog: pytest.LogCaptureFixture) -> None:
    """An empty answer is no error (profit-wire 2.4), and there is nothing to warn of."""
    with open_saved(source(text)) as rows:
        assert rows.fields is not None
        assert len(rows.fields) == 0
        assert list(rows) == []
    assert not caplog.records


def test_a_name_that_is_no_xml_name() -> None:
    """The rows' name is decoded as it is everywhere."""
    text = "<AfasGetConnector><Op_x0020_voorraad><A>1</A></Op_x0020_voorraad></AfasGetConnector>"
    with open_saved(io.BytesIO(text.encode())) as rows:
        assert rows.fields is not None
        assert rows.fields.connector == "Op voorraad"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("\ufeff \n", "is empty"),
        ("<!DOCTYPE html><html><body>x</body></html>", "."),
        ("<HTML><body>geheim</body></HTML>", "HTML page"),
        ("DebtorId,DebtorName\n1,geheim\n", "neither a SOAP envelope"),
        ("[1]", "neither a SOAP envelope"),
        ("<geheim><a/></geheim>", "neither a SOAP envelope"),
        ("\x1f\x8b\x08geheim", "neither a SOAP envelope"),
        ("<!DOCTYPE AfasGetConnector><AfasGetConnector/>", "DTD"),
        ('<!DOCTYPE x [<!ENTITY a "geheim">]><AfasGetConnector><X><A>&a;</A></X></AfasGetConnector>', "DTD"),
        ('{"externalMessage":"x"}', "."),
        ("<AfasGetConnector><X><A>&geheim;</A></X></AfasGetConnector>", "."),
    ],
)
def test_what_is_no_saved_answer(source: Source, text: str, message: str) -> None:
    """Each says what it is or is not, and nothing of what stands in it."""
    with pytest.raises(AnswerError, match=message) as caught:
        open_saved(source(text))
    assert "geheim" not in str(caught.value)


def test_a_saved_fault(source: Source) -> None:
    """Profit's own no."""
    fault = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>'
        "<faultcode>soap:Server</faultcode><faultstring>Connector field 'X' not found</faultstring>"
        "</soap:Fault></soap:Body></soap:Envelope>"
    )
    with pytest.raises(ProfitError, match="Connector field 'X' not found"):
        open_saved(source(fault))


@pytest.mark.parametrize("text", [WITH_SCHEMA, BARE, envelope(WITH_SCHEMA), envelope(BARE), JSON])
def test_cut_off_anywhere(text: str) -> None:
    """At every byte: never the end of the data, and without a schema before a single row is given."""
    data = text.encode()
    for end in range(1, len(data)):
        given: list[Record] = []
        with pytest.raises(CutOff):
            read_all(data[:end], given)
        assert text not in (BARE, envelope(BARE), JSON) or not given, "read whole before the first row"


def read_all(data: bytes, given: list[Record]) -> None:
    """Open and read; the rows before an error stand in ``given``."""
    with open_saved(io.BytesIO(data)) as rows:
        for row in rows:
            given.append(row)


def test_a_file_of_nothing_but_comments_costs_its_length() -> None:
    """What stands in front of the root is passed over once."""
    text = "<!--x--><?x?> " * 4_000 + "<nothing"
    with pytest.raises(AnswerError):
        open_saved(io.BytesIO(text.encode()))


def test_not_there(tmp_path: Path) -> None:
    """The name and the system's reason, for both files."""
    with pytest.raises(SettingsError, match="nowhere"):
        open_saved(tmp_path / "nowhere")
    with pytest.raises(SettingsError, match="nowhere"):
        read_fields(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "x", "<a/>", "{}", "[]", '{"name": 5, "fields": 5}', "<xs:schema>"])
def test_what_is_no_fields(tmp_path: Path, text: str) -> None:
    """Neither metainfo nor an XSD."""
    (tmp_path / "fields").write_text(text)
    with pytest.raises(AnswerError):
        read_fields(tmp_path / "fields")


def test_metainfo_without_a_name(tmp_path: Path) -> None:
    """Its columns are of use all the same."""
    (tmp_path / "fields").write_text('{"fields":[{"id":"A","dataType":"int"}]}')
    assert read_fields(tmp_path / "fields") == Fields("Row", (Field("A", Kind.INT, "int"),))


def test_the_recorded_answers(afas: Path) -> None:
    """Every recorded answer of a GetConnector, with the values that stand in it."""
    found = {}
    for path in sorted((afas / "soap").glob("GetConnector-*.xml")):
        with open_saved(path) as rows:
            assert rows.fields is not None
            found[path.stem.partition("Response")[2]] = "".join(lines("jsonl", rows, rows.fields))
    product = '{{"sku":"product{0}","title":"Product {0}","price":"{1}.00"}}\n'
    assert found["_empty"] == found["_empty2"] == ""
    assert found[""] == product.format(1, 16)
    assert found["_multiple"] == product.format(1, 16) + product.format(2, 62)
    stock = found["_stock"].splitlines()
    assert len(stock) == 10
    assert stock[0] == '{"Code":"Art","Itemcode":"XYS407","Magazijn":"LVB","Op_voorraad":1.0}'
    assert stock[6] == '{"Code":"Art","Itemcode":"XYT530","Magazijn":"*****","Op_voorraad":0.0}'
    assert stock[9] == '{"Code":"Art","Itemcode":"XYT644","Magazijn":"*****","Op_voorraad":2.0}'


def test_the_recorded_schema_answer(afas: Path) -> None:
    """The DataConnector answers with a row of the same shape: the schema of an UpdateConnector stands in it."""
    with open_saved(afas / "soap" / "DataConnector-ExecuteResponse.xml") as rows:
        found = list(rows)
    assert len(found) == 1
    assert "KnCourseMember" in found[0].values()
    assert "<xsd:schema" in "".join(str(value) for value in found[0].values())


@pytest.mark.parametrize("name", ["UpdateConnector-ExecuteResponse", "SubjectConnector-GetAttachmentResponse"])
def test_recorded_answers_without_rows(afas: Path, name: str) -> None:
    """What another connector answered is refused."""
    with pytest.raises(AnswerError):
        open_saved(afas / "soap" / f"{name}.xml")
