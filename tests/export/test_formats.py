"""Every format by its bytes: the literals follow from the spelling that the formats promise."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zoneinfo
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SettingsError
from afas_soap.export.formats import FORMATS, lines
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record, Value

FIELDS = Fields(
    "Profit_Debtor",
    (
        Field("DebtorId"),
        Field("Btw %", Kind.DECIMAL, "decimal"),
        Field("Rows", Kind.INT, "int"),
        Field("Blocked", Kind.BOOL, "boolean"),
        Field("CreateDate", Kind.DATETIME, "dateTime"),
        Field("Birth", Kind.DATE, "dateTime"),
        Field("Image", Kind.BYTES, "base64Binary"),
    ),
)
FULL: Record = {
    "DebtorId": 'Café "X", 1 & 2\r\nEde',
    "Btw %": Decimal("-1234567890123456789.1200"),
    "Rows": 12345678901234567890,
    "Blocked": True,
    "CreateDate": datetime.datetime(2024, 2, 1, 10),
    "Birth": datetime.date(1980, 12, 31),
    "Image": bytes(range(60)),
}
NONE: Record = dict.fromkeys(FIELDS.names)
BASE64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"
OBJECT = (
    '{"DebtorId":"Café \\"X\\", 1 & 2\\r\\nEde","Btw %":-1234567890123456789.12,"Rows":12345678901234567890,'
    f'"Blocked":true,"CreateDate":"2024-02-01T10:00:00","Birth":"1980-12-31","Image":"{BASE64}"}}'
)
EMPTY = '{"DebtorId":null,"Btw %":null,"Rows":null,"Blocked":null,"CreateDate":null,"Birth":null,"Image":null}'


def text(format_: str, *rows: Record, fields: Fields = FIELDS, delimiter: str = ",", schema: bool = False) -> str:
    """The whole text of a file."""
    return "".join(lines(format_, rows, fields, delimiter=delimiter, schema=schema))


def test_json_lines() -> None:
    """One object per row and line; a decimal with all its digits; None is null; nothing escaped that need not be."""
    assert text("jsonl", FULL, NONE) == f"{OBJECT}\n{EMPTY}\n"
    assert text("jsonl") == ""


def test_json() -> None:
    """An array of the same objects."""
    assert text("json", FULL, NONE) == f"[\n{OBJECT},\n{EMPTY}\n]\n"
    assert text("json", FULL) == f"[\n{OBJECT}\n]\n"
    assert text("json") == "[]\n"


def test_csv() -> None:
    """A header, commas, RFC 4180 quotes where needed only, one line feed at the end of a line."""
    assert text("csv", FULL, NONE) == (
        "DebtorId,Btw %,Rows,Blocked,CreateDate,Birth,Image\n"
        '"Café ""X"", 1 & 2\r\nEde",-1234567890123456789.12,12345678901234567890,true,2024-02-01T10:00:00,1980-12-31,'
        f"{BASE64}\n,,,,,,\n"
    )
    assert text("csv") == "DebtorId,Btw %,Rows,Blocked,CreateDate,Birth,Image\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("100.0000000000", "100.0"),
        ("100", "100.0"),
        ("1E+2", "100.0"),
        ("0", "0.0"),
        ("-0", "0.0"),
        ("-0.00", "0.0"),
        ("0E+3", "0.0"),
        ("0E-10", "0.0"),
        ("-70001", "-70001.0"),
        ("10.50", "10.5"),
        ("-0.0000000001", "-0.0000000001"),
        ("1E-7", "0.0000001"),
        ("9999999999999999999999999999", "9999999999999999999999999999.0"),
        ("0.1234567890123456789012345678", "0.1234567890123456789012345678"),
    ],
)
def test_decimals_keep_a_point(value: str, written: str) -> None:
    """So that nobody takes a column that begins with 100 for whole numbers, and rounds the cents below; all digits
    stay, and XML, which has types, keeps its spelling."""
    one = Fields("X", (Field("A", Kind.DECIMAL, "decimal"), Field("N", Kind.INT, "int")))
    row: Record = {"A": Decimal(value), "N": 100}
    assert text("jsonl", row, fields=one) == f'{{"A":{written},"N":100}}\n'
    assert text("json", row, fields=one) == f'[\n{{"A":{written},"N":100}}\n]\n'
    assert text("csv", row, fields=one) == f"A,N\n{written},100\n"
    assert f"<A>{written.removesuffix('.0')}</A><N>100</N>" in text("xml", row, fields=one)


@pytest.mark.parametrize(
    ("delimiter", "line"),
    [
        (".", '"100.0"."2024-02-01T10:00:00.500000".true."a.b".\n'),
        ("0", '"100.0"0"2024-02-01T10:00:00.500000"0true0a.b0\n'),
        (":", '100.0:"2024-02-01T10:00:00.500000":true:a.b:\n'),
        ("t", '100.0t2024-02-01T10:00:00.500000t"true"ta.bt\n'),
        (";", "100.0;2024-02-01T10:00:00.500000;true;a.b;\n"),
    ],
)
def test_delimiters_that_values_hold(delimiter: str, line: str) -> None:
    """Numbers and times are quoted, too."""
    five = Fields("X", tuple(map(Field, "ABCDE")))
    row: Record = {
        "A": Decimal(100),
        "B": datetime.datetime(2024, 2, 1, 10, 0, 0, 500000),
        "C": True,
        "D": "a.b",
        "E": None,
    }
    assert text("csv", row, fields=five, delimiter=delimiter).splitlines(keepends=True)[1] == line


@pytest.mark.parametrize("format_", list(FORMATS))
def test_old_dates_have_an_offset_that_everybody_reads(format_: str) -> None:
    """With ``--aware``."""
    one = Fields("X", (Field("A", Kind.DATETIME, "dateTime"),))
    row: Record = {"A": datetime.datetime(1900, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Amsterdam"))}
    assert "1900-01-01T00:00:00+00:00" in text(format_, row, fields=one)


def test_csv_of_one_column() -> None:
    """An empty cell alone is quoted: an empty line would be no row."""
    one = Fields("X", (Field("A,B"),))
    assert text("csv", {"A,B": "x"}, {"A,B": None}, {"A,B": ""}, fields=one) == '"A,B"\nx\n""\n""\n'


@pytest.mark.parametrize(
    ("delimiter", "line"),
    [(";", "a,b;c\n"), ("\t", "a,b\tc\n"), ("\\t", "a,b\tc\n"), ("|", "a,b|c\n"), (",", '"a,b",c\n')],
)
def test_delimiters(delimiter: str, line: str) -> None:
    """Only the delimiter in use is quoted."""
    two = Fields("X", (Field("A"), Field("B")))
    assert text("csv", {"A": "a,b", "B": "c"}, fields=two, delimiter=delimiter).splitlines(keepends=True)[1] == line


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\r", "\0", "tab"])
def test_delimiters_that_do_not_separate(delimiter: str) -> None:
    """Refused at once, before a file is begun."""
    with pytest.raises(SettingsError, match="delimiter: must be one"):
        lines("csv", [], FIELDS, delimiter=delimiter)


def test_an_unknown_format() -> None:
    """The message names those that are."""
    with pytest.raises(SettingsError, match="jsonl, json, csv, xml"):
        lines("parquet", [], FIELDS)


def test_xml() -> None:
    """AFAS' own shape: an element per row, one per filled column, names that are no XML names escaped."""
    assert text("xml", FULL, NONE) == (
        "<AfasGetConnector><Profit_Debtor>"
        '<DebtorId>Café "X", 1 &amp; 2&#xD;\nEde</DebtorId>'
        "<Btw_x0020__x0025_>-1234567890123456789.12</Btw_x0020__x0025_><Rows>12345678901234567890</Rows>"
        "<Blocked>true</Blocked><CreateDate>2024-02-01T10:00:00</CreateDate><Birth>1980-12-31</Birth>"
        f"<Image>{BASE64}</Image></Profit_Debtor><Profit_Debtor></Profit_Debtor></AfasGetConnector>\n"
    )


def test_xml_with_its_schema() -> None:
    """The schema stands in front only when it is asked for."""
    one = Fields("X", (Field("A"),))
    assert text("xml", {"A": "b"}, fields=one, schema=True) == (
        '<AfasGetConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector">'
        '<xs:complexType><xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="X"><xs:complexType>'
        '<xs:sequence><xs:element name="A" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>'
        "</xs:choice>"
        "</xs:complexType></xs:element></xs:schema><X><A>b</A></X></AfasGetConnector>\n"
    )


def test_column_order_is_that_of_the_fields() -> None:
    """Whatever order a record has."""
    two = Fields("X", (Field("A"), Field("B")))
    assert text("jsonl", {"B": 1, "A": 2}, fields=two) == '{"A":2,"B":1}\n'
    assert text("csv", {"B": 1, "A": 2}, fields=two) == "A,B\n2,1\n"


def test_no_columns() -> None:
    """Rows without columns are still rows."""
    none = Fields("X", ())
    assert text("jsonl", {}, {}, fields=none) == "{}\n{}\n"
    assert text("csv", fields=none) == "\n"


@pytest.mark.parametrize("format_", list(FORMATS))
def test_it_streams(format_: str) -> None:
    """A piece is there before the next row is asked for."""

    def rows() -> object:
        yield FULL
        raise AssertionError("asked for too early")

    pieces = lines(format_, rows(), FIELDS)
    given = ""
    while "2024-02-01T10:00:00" not in given:
        given += next(pieces)


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def value() -> st.SearchStrategy[Value]:
    """Any value a record may hold."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**30), 10**30),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
        TEXT,
        st.datetimes(),
        st.dates(),
        st.binary(),
    )


@given(st.lists(st.fixed_dictionaries({"A": value(), 'B"%s\n': value()}), max_size=5))
def test_json_is_read_back_by_others(rows: list[Record]) -> None:
    """Python's own JSON reader finds the same numbers, texts and rows, and both formats say the same."""
    fields = Fields("X", (Field("A"), Field('B"%s\n')))
    parsed = json.loads(text("json", *rows, fields=fields), parse_float=Decimal)
    written = text("jsonl", *rows, fields=fields)
    assert parsed == [json.loads(line, parse_float=Decimal) for line in written.split("\n")[:-1]]
    for row, found in zip(rows, parsed, strict=True):
        for name, before in row.items():
            if before is None or isinstance(before, bool | str):
                assert found[name] is before or found[name] == before
            elif isinstance(before, int | Decimal):
                assert Decimal(found[name]) == before


@given(
    st.lists(
        st.fixed_dictionaries(
            {"A": st.text(st.characters(exclude_categories=["Cs"])), "B": st.none() | st.text("a;,\r\n\"'")}
        ),
        max_size=5,
    ),
    st.sampled_from(",;\t|"),
)
def test_csv_is_read_back_by_others(rows: list[Record], delimiter: str) -> None:
    """Python's own CSV reader finds the same cells."""
    fields = Fields("X", (Field("A"), Field("B")))
    written = text("csv", *rows, fields=fields, delimiter=delimiter)
    found = list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True))
    assert found == [["A", "B"], *([row["A"], row["B"] or ""] for row in rows)]
