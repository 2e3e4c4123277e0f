"""Saved answers of every kind, told apart by how they begin; rows as literals."""

from __future__ import annotations

import datetime
import io
import json
import logging
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from afas_soap.errors import AnswerError, CutOff, ProfitError, SettingsError
from afas_soap.export.formats import FORMATS, lines
from afas_soap.export.saved import open_saved, read_fields
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Reading, Record
from afas_soap.profit.values import spell

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
        ("geheim\n1\n", "neither a SOAP envelope"),
        ("De dienst is weg, geheim\nProbeer het later\n", "neither a SOAP envelope"),
        ("[1]", "neither a SOAP envelope"),
        ("<geheim><a/></geheim>", "neither a SOAP envelope"),
        ("\x1f\x8b\x08geheim", "neither a SOAP envelope"),
        ("<!DOCTYPE AfasGetConnector><AfasGetConnector/>", "DTD"),
        ('<!DOCTYPE x [<!ENTITY a "geheim">]><AfasGetConnector><X><A>&a;</A></X></AfasGetConnector>', "DTD"),
        ('{"name":"x","fields":["geheim"]}', "without"),
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


@pytest.mark.no_cover
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


FIELDS = Fields(
    "My_Stock",
    (
        Field("Itemcode"),
        Field("InStock", Kind.DECIMAL, "decimal"),
        Field("Since", Kind.DATETIME, "dateTime"),
        Field("Rows", Kind.INT, "long"),
        Field("Blocked", Kind.BOOL, "boolean"),
        Field("Image", Kind.BYTES, "base64Binary"),
    ),
)
AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")
OURS: list[Record] = [
    {
        "Itemcode": 'Café "X", 1;\n<&>\r\n{}',
        "InStock": Decimal("100.0000"),
        "Since": datetime.datetime(2024, 7, 1, 10),
        "Rows": 12345678901,
        "Blocked": True,
        "Image": bytes(range(60)),
    },
    dict.fromkeys(FIELDS.names),
    {**dict.fromkeys(FIELDS.names), "Itemcode": "x", "Since": datetime.datetime(2024, 2, 1, 10, 0, 0, 5)},
]
AWARE: list[Record] = [
    {
        name: value.replace(tzinfo=AMSTERDAM) if isinstance(value, datetime.datetime) else value
        for name, value in row.items()
    }
    for row in OURS
]


def written(format_: str, rows: list[Record], **layout: Any) -> str:
    return "".join(lines(format_, rows, FIELDS, **layout))


@pytest.mark.parametrize(("format_", "schema"), [*((name, False) for name in FORMATS), ("xml", True)])
@pytest.mark.parametrize("rows", [OURS, AWARE, [], OURS[:1]])
def test_our_own_output_comes_back(source: Source, format_: str, rows: list[Record], schema: bool) -> None:
    """Every format, with zones and without, one row, many and none: equal by its schema or by fields."""
    text = written(format_, rows, schema=schema, aware=rows is AWARE)
    if not text:
        # JSON Lines without rows: a file that was never written looks the same.
        with pytest.raises(AnswerError, match="is empty"):
            open_saved(source(text), fields=FIELDS)
        return
    with open_saved(source(text), fields=None if schema else FIELDS) as found:
        assert found.fields is not None
        assert [field.kind for field in found.fields] == [field.kind for field in FIELDS]
        assert list(found) == (OURS if rows is AWARE else rows)
    with open_saved(source(text), fields=FIELDS, reading=Reading(aware=True)) as found:
        assert list(found) == (AWARE if rows in (OURS, AWARE) else [*AWARE[: len(rows)]])


@pytest.mark.parametrize("format_", list(FORMATS))
def test_our_own_output_as_text(source: Source, format_: str) -> None:
    """Without types, and as ``--raw`` wrote it with them."""
    raw: list[Record] = [{name: spell(value) or None for name, value in row.items()} for row in OURS]
    with open_saved(source(written(format_, OURS).replace("100.0", "100"))) as found:
        assert [{name: spell(value) or None for name, value in row.items()} for row in found] == raw
    with open_saved(source(written(format_, raw)), fields=FIELDS) as found:
        assert list(found) == OURS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_with_any_delimiter(source: Source, delimiter: str, caplog: pytest.LogCaptureFixture) -> None:
    """The header tells which it is."""
    text = written("csv", OURS, delimiter=delimiter)
    with open_saved(source(text), fields=FIELDS) as rows:
        assert list(rows) == OURS
    assert not caplog.records
    with open_saved(source(text), connector="My_Stock") as rows:
        assert rows.fields == Fields("My_Stock", tuple(map(Field, FIELDS.names)))
    assert caplog.messages == ["the input has no schema: the values of CSV are text"]


def test_csv_of_one_column(tmp_path: Path) -> None:
    """It might be any text, so its name or its columns must say so."""
    path = tmp_path / "one.csv"
    path.write_text("Code\n{x}\n")
    with open_saved(path) as rows:
        assert list(rows) == [{"Code": "{x}"}]
    with open_saved(io.BytesIO(path.read_bytes()), fields=Fields("X", (Field("Code"),))) as rows:
        assert list(rows) == [{"Code": "{x}"}]
    with pytest.raises(AnswerError, match=r"a name that ends in \.csv"):
        open_saved(io.BytesIO(path.read_bytes()))


PAGE = '{{"skip":0,"take":1,"rows":[{{"Itemcode":"{}","InStock":1.50}}]}}'


@pytest.mark.parametrize("between", ["", "\n", "\r\n\ufeff"])
@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([WITH_SCHEMA, WITH_SCHEMA], TYPED_ROWS * 2),
        ([envelope(WITH_SCHEMA), envelope(WITH_SCHEMA), envelope("")], TYPED_ROWS * 2),
        ([BARE, BARE], TEXT_ROWS * 2),
        ([BARE, "<AfasGetConnector/>", BARE], TEXT_ROWS * 2),
        ([envelope(""), envelope(BARE)], TEXT_ROWS),
        (
            [PAGE.format("A1"), PAGE.format("A2"), '{"skip":2,"take":1,"rows":[]}'],
            [{"Itemcode": "A1", "InStock": Decimal("1.50")}, {"Itemcode": "A2", "InStock": Decimal("1.50")}],
        ),
    ],
)
def test_several_pages(source: Source, pages: list[str], between: str, expected: list[Record]) -> None:
    """One behind the other in one file, as they were saved or added to it."""
    with open_saved(source(between.join(pages))) as rows:
        assert list(rows) == expected


OTHER = WITH_SCHEMA.replace("My_Stock", "Other")


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([WITH_SCHEMA, OTHER], "page 2 of the file: its rows are another connector's"),
        ([BARE, BARE, BARE.replace("My_Stock", "Other")], "page 3 of the file: its rows are another connector's"),
        ([WITH_SCHEMA, WITH_SCHEMA.replace("decimal", "string")], "page 2 .* other columns"),
        ([envelope(WITH_SCHEMA), envelope(BARE)], "page 2 of the file: it has rows, and no schema as the first has"),
        ([WITH_SCHEMA, WITH_SCHEMA[:-20]], "page 2 of the file: the answer ends before its end"),
        ([WITH_SCHEMA, "{}"], "no well-formed XML"),
        ([WITH_SCHEMA, "<html><body/></html>"], "page 2 of the file: this is no AfasGetConnector document"),
        ([PAGE.format("A"), '{"x":1}'], 'JSON without "rows"'),
        ([PAGE.format("A"), WITH_SCHEMA], "XML where JSON is expected"),
    ],
)
def test_pages_that_do_not_belong_together(source: Source, pages: list[str], message: str) -> None:
    """Nothing of them is taken for the same rows."""
    with pytest.raises(AnswerError, match=message), open_saved(source("\n".join(pages))) as rows:
        list(rows)


def test_a_fault_among_the_pages(source: Source) -> None:
    """Profit's no, behind the rows before it."""
    fault = f"<s:Body><s:Fault>{FAULT}</s:Fault></s:Body></s:Envelope>"
    fault = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{fault}'
    given: list[Record] = []
    rows = open_saved(source(envelope(WITH_SCHEMA) + "\n" + fault))
    with rows, pytest.raises(ProfitError, match="page 2 of the file: Nee"):
        given.extend(rows)
    assert given == TYPED_ROWS


FAULT = "<faultcode>s:Server</faultcode><faultstring>Nee</faultstring>"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("text", [WITH_SCHEMA, envelope(WITH_SCHEMA), JSON, "Itemcode,InStock\r\nA1,1.5\r\n"])
def test_as_powershell_writes_it(tmp_path: Path, text: str, encoding: str) -> None:
    """Whatever the document declares, with a byte order mark and without one; also metainfo and XSDs."""
    plain, path = tmp_path / "plain", tmp_path / "saved"
    plain.write_bytes(text.encode())
    path.write_bytes(text.encode(encoding))
    with open_saved(plain) as expected, open_saved(path) as rows:
        assert list(rows) == list(expected)
    for fields in (METAINFO, SCHEMA):
        path.write_bytes(fields.encode(encoding))
        assert read_fields(path).names == ("Itemcode", "InStock", "Since")


def test_a_declaration_that_is_not_true(source: Source) -> None:
    """Told with what helps, and not read as something else."""
    with pytest.raises(AnswerError, match=r'declares the encoding utf-16.*encoding="utf-8"'):
        open_saved(source(f'<?xml version="1.0" encoding="utf-16"?>{WITH_SCHEMA}'))
    latin = f'<?xml version="1.0" encoding="iso-8859-1"?>{WITH_SCHEMA}'.replace("A1", "Café")
    with pytest.raises(AnswerError, match="iso-8859-1, and its bytes are UTF-8"):
        open_saved(source(latin))
    with open_saved(io.BytesIO(latin.encode("latin-1"))) as rows:
        assert next(rows)["Itemcode"] == "Café"
    with pytest.raises(AnswerError, match="no UTF-8: save it as UTF-8, or declare"):
        read_all(WITH_SCHEMA.replace("A1", "Café").encode("latin-1"), [])


CONTROL = WITH_SCHEMA.replace("A1", "A&#x1;\x02")


@pytest.mark.parametrize("text", [CONTROL, envelope(CONTROL), envelope(WITH_SCHEMA).replace("A1", "A&#x1;&amp;#2;")])
def test_characters_that_xml_cannot_carry(source: Source, text: str) -> None:
    """An error that names the option, or replaced and counted, in one reading and in two."""
    with pytest.raises(AnswerError, match="replace_controls=True"), open_saved(source(text)) as rows:
        list(rows)
    for bare in ("", SCHEMA):
        controls = Controls()
        with open_saved(
            source(text.replace(escape(bare), "").replace(bare, "")), reading=Reading(controls=controls)
        ) as rows:
            assert next(rows)["Itemcode"] == "A\ufffd\ufffd"
            assert len(list(rows)) == 1
        assert controls.count == 2


def escape(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")
