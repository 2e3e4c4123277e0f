"""Records as AFAS spells them: byte for byte as in the facts, and read back by ElementTree and json."""

import datetime
import json
import xml.etree.ElementTree as ET
import zoneinfo
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.envelope import xml_rows
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.readers.spelling import file_document, json_document, xml_document
from afas_soap.profit.rows import Record

STOCK = Fields("MyStock", (Field("Itemcode"), Field("InStock", Kind.DECIMAL, "decimal")))
KINDS = Fields(
    "X",
    (
        Field("Text"),
        Field("Int", Kind.INT, "int"),
        Field("Dec", Kind.DECIMAL, "decimal"),
        Field("Bool", Kind.BOOL, "boolean"),
        Field("At", Kind.DATETIME, "dateTime"),
        Field("Blob", Kind.BYTES, "base64Binary"),
    ),
)
RECORD: Record = {
    "Text": 'a<b>&"c"',
    "Int": -7,
    "Dec": Decimal("-0.50"),
    "Bool": False,
    "At": datetime.datetime(2024, 2, 1, 10, 0, 0),
    "Blob": b"\x00\xff",
}
EMPTY: Record = dict.fromkeys(KINDS.names)


def xml(*records: Record, fields: Fields = KINDS, **options: object) -> str:
    """The document without a schema, unless one is asked for."""
    return "".join(xml_document(records, fields, **{"schema": False, **options}))


class TestXml:
    """``AfasGetConnector`` documents."""

    def test_as_recorded(self) -> None:
        """The document of profit-wire 2.4: schema, one element per row, no white space; a line end behind it."""
        text = "".join(xml_document([{"Itemcode": "A1", "InStock": Decimal(1)}], STOCK))
        assert text == (
            '<AfasGetConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
            '<xs:element name="AfasGetConnector"><xs:complexType><xs:choice maxOccurs="unbounded">'
            '<xs:element name="MyStock"><xs:complexType><xs:sequence>'
            '<xs:element name="Itemcode" type="xs:string" minOccurs="0"/>'
            '<xs:element name="InStock" type="xs:decimal" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>'
            "</xs:choice></xs:complexType></xs:element></xs:schema>"
            "<MyStock><Itemcode>A1</Itemcode><InStock>1</InStock></MyStock></AfasGetConnector>\n"
        )

    def test_no_rows(self) -> None:
        """The root alone, or with the schema in it."""
        assert xml() == "<AfasGetConnector></AfasGetConnector>\n"
        assert "<xs:schema" in xml(schema=True)

    @pytest.mark.parametrize(
        ("dialect", "decimal", "carriage_return"),
        [("profit7", "-0.50", "&#xD;"), ("profit6", "-.50", "&#x0D;"), (None, "-0.5", "&#xD;")],
    )
    def test_dialects(self, dialect: str | None, decimal: str, carriage_return: str) -> None:
        """profit-wire 2.5: Profit 6 leaves out the zero and spells a carriage return longer; we have one spelling."""
        assert xml(RECORD | {"Text": "a\r\nb"}, dialect=dialect) == (
            f"<AfasGetConnector><X><Text>a{carriage_return}\nb</Text><Int>-7</Int><Dec>{decimal}</Dec>"
            "<Bool>false</Bool><At>2024-02-01T10:00:00</At><Blob>AP8=</Blob></X></AfasGetConnector>\n"
        )

    @pytest.mark.parametrize(
        ("value", "profit6", "profit7", "ours"),
        [
            ("0.5", ".5", "0.5", "0.5"),
            ("-0.5", "-.5", "-0.5", "-0.5"),
            ("0.00", "0.00", "0.00", "0"),
            ("10.0", "10.0", "10.0", "10"),
            ("100.50", "100.50", "100.50", "100.5"),
            ("1E+3", "1000", "1000", "1000"),
            ("1E-7", ".0000001", "0.0000001", "0.0000001"),
        ],
    )
    def test_decimals(self, value: str, profit6: str, profit7: str, ours: str) -> None:
        """No exponent anywhere; the digits after the point as they are, or in our spelling without zeros at the end."""
        fields = Fields("X", (Field("D", Kind.DECIMAL, "decimal"),))
        for dialect, text in (("profit6", profit6), ("profit7", profit7), (None, ours)):
            assert f"<D>{text}</D>" in xml({"D": Decimal(value)}, fields=fields, dialect=dialect)

    def test_empty_fields(self) -> None:
        """Left out, or with ``empty`` (Outputoptions 3) there as empty elements; empty texts and bytes too."""
        nothing: Record = EMPTY | {"Text": "", "Blob": b""}
        assert xml(nothing) == "<AfasGetConnector><X></X></AfasGetConnector>\n"
        assert xml(nothing, empty=True) == (
            "<AfasGetConnector><X><Text/><Int/><Dec/><Bool/><At/><Blob/></X></AfasGetConnector>\n"
        )

    def test_values_that_are_false_are_no_empty_fields(self) -> None:
        """0 and false are values."""
        assert "<Int>0</Int><Dec>0</Dec><Bool>false</Bool>" in xml(EMPTY | {"Int": 0, "Dec": Decimal(0), "Bool": False})

    def test_names_that_are_no_xml_names(self) -> None:
        """Encoded in rows as in the schema."""
        fields = Fields("Mijn voorraad", (Field("Op voorraad"),))
        assert xml({"Op voorraad": "1"}, fields=fields) == (
            "<AfasGetConnector><Mijn_x0020_voorraad><Op_x0020_voorraad>1</Op_x0020_voorraad></Mijn_x0020_voorraad>"
            "</AfasGetConnector>\n"
        )

    def test_special_characters(self) -> None:
        """Only what XML needs is escaped; a ``]]>`` cannot arise."""
        assert '<Text>a&lt;b&gt;&amp;"c" ]]&gt; \té€😀\'</Text>' in xml(EMPTY | {"Text": 'a<b>&"c" ]]> \té€😀\''})

    @pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\udc00", "\ufffe", "\uffff"])
    def test_what_xml_cannot_carry(self, character: str) -> None:
        """Named by row and column, without the text."""
        rows = [RECORD, EMPTY | {"Text": f"geheim{character}"}]
        with pytest.raises(AnswerError, match="row 2, column Text: a character that XML cannot carry") as caught:
            list(xml_document(rows, KINDS))
        assert "geheim" not in str(caught.value)

    def test_streams(self) -> None:
        """A row is written before the next is asked for."""

        def rows() -> Iterator[Record]:
            yield RECORD
            pytest.fail("read on")

        document = xml_document(rows(), KINDS)
        assert next(document).startswith("<AfasGetConnector>")
        assert next(document).startswith("<X>")


class TestJson:
    """REST's rows."""

    def test_on_one_line(self) -> None:
        """The shape of profit-wire 3.3: empty fields null and there, date-times with a Z that means nothing."""
        assert "".join(json_document([RECORD, EMPTY], KINDS, skip=0, take=2)) == (
            '{"skip":0,"take":2,"rows":[{"Text":"a<b>&\\"c\\"","Int":-7,"Dec":-0.50,"Bool":false,'
            '"At":"2024-02-01T10:00:00Z","Blob":"AP8="},'
            '{"Text":null,"Int":null,"Dec":null,"Bool":null,"At":null,"Blob":null}]}'
        )

    def test_pretty(self) -> None:
        """Profit 6 printed it over several lines; a decimal keeps its zero, for without it is no JSON."""
        fields = Fields("X", (Field("A"), Field("D", Kind.DECIMAL, "decimal")))
        rows: list[Record] = [{"A": "1", "D": Decimal("0.5")}, {"A": None, "D": None}]
        assert "".join(json_document(rows, fields, skip=-1, take=-1, dialect="profit6")) == (
            "{\n"
            '  "skip": -1,\n'
            '  "take": -1,\n'
            '  "rows": [\n'
            "    {\n"
            '      "A": "1",\n'
            '      "D": 0.5\n'
            "    },\n"
            "    {\n"
            '      "A": null,\n'
            '      "D": null\n'
            "    }\n"
            "  ]\n"
            "}"
        )

    @pytest.mark.parametrize(
        ("dialect", "text"),
        [("profit7", '{"skip":5,"take":0,"rows":[]}'), ("profit6", '{\n  "skip": 5,\n  "take": 0,\n  "rows": []\n}')],
    )
    def test_no_rows(self, dialect: str, text: str) -> None:
        """An empty array."""
        assert "".join(json_document([], KINDS, skip=5, take=0, dialect=dialect)) == text

    def test_empty_texts_and_bytes(self) -> None:
        """Are empty fields: null."""
        text = "".join(json_document([EMPTY | {"Text": "", "Blob": b""}], KINDS, skip=0, take=1))
        assert json.loads(text)["rows"] == [dict.fromkeys(KINDS.names)]

    def test_dates(self) -> None:
        """A date is its midnight, and a zone is not said."""
        amsterdam = zoneinfo.ZoneInfo("Europe/Amsterdam")
        fields = Fields("X", (Field("A", Kind.DATE), Field("B", Kind.DATETIME)))
        row: Record = {"A": datetime.date(2024, 2, 1), "B": datetime.datetime(2024, 7, 1, 12, tzinfo=amsterdam)}
        assert '{"A":"2024-02-01T00:00:00Z","B":"2024-07-01T12:00:00Z"}' in "".join(
            json_document([row], fields, skip=0, take=1)
        )

    def test_names(self) -> None:
        """Column names are JSON strings like any other."""
        fields = Fields("X", (Field('a"b\\c é'),))
        assert json.loads("".join(json_document([{'a"b\\c é': "1"}], fields, skip=0, take=1)))["rows"] == [
            {'a"b\\c é': "1"}
        ]

    def test_streams(self) -> None:
        """A row is written before the next is asked for."""

        def rows() -> Iterator[Record]:
            yield EMPTY
            pytest.fail("read on")

        document = json_document(rows(), KINDS, skip=0, take=1)
        assert next(document) == '{"skip":0,"take":1,"rows":['
        assert next(document).startswith("{")


# Characters of XML; a carriage return comes back because it is escaped.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff", min_codepoint=32)
    | st.sampled_from("\t\r\n&<>\"'")
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20) | st.decimals(
    allow_nan=False, allow_infinity=False, places=10, min_value=-1, max_value=1
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "Text": st.none() | TEXTS,
            "Int": st.none() | st.integers(-(2**63), 2**63),
            "Dec": st.none() | DECIMALS,
            "Bool": st.none() | st.booleans(),
            "At": st.none() | st.datetimes(),
            "Blob": st.none() | st.binary(),
        }
    ),
    max_size=4,
)


def filled(rows: list[Record]) -> list[Record]:
    """The rows with empty texts and bytes as None, which is how they come back."""
    return [{name: None if value in ("", b"") else value for name, value in row.items()} for row in rows]


def types(rows: list[Record]) -> list[dict[str, type]]:
    return [{name: type(value) for name, value in row.items()} for row in rows]


@given(rows=ROWS, dialect=st.sampled_from([None, "profit6", "profit7"]), empty=st.booleans())
def test_xml_comes_back(rows: list[Record], dialect: str | None, empty: bool) -> None:
    """ElementTree finds the texts, and our reader the values with their types; decimals are exact."""
    data = "".join(xml_document(rows, KINDS, dialect=dialect, empty=empty)).encode()
    found = ET.fromstring(data).findall("X")
    assert [element.findtext("Text") or None for element in found] == [row["Text"] or None for row in rows]
    decimals = [element.findtext("Dec") for element in found]
    assert [Decimal(text) if text else None for text in decimals] == [row["Dec"] for row in rows]
    back = list(xml_rows([data]))
    assert back == filled(rows)
    assert types(back) == types(filled(rows))


@given(rows=ROWS, dialect=st.sampled_from(["profit6", "profit7"]))
def test_json_comes_back(rows: list[Record], dialect: str) -> None:
    """json finds the texts and exact numbers, and our reader the values with their types."""
    text = "".join(json_document(rows, KINDS, skip=0, take=len(rows), dialect=dialect))
    document = json.loads(text, parse_float=Decimal)
    assert (document["skip"], document["take"]) == (0, len(rows))
    assert [(row["Text"], row["Int"], row["Dec"], row["Bool"]) for row in document["rows"]] == [
        (row["Text"] or None, row["Int"], row["Dec"], row["Bool"]) for row in rows
    ]
    back = list(json_rows([text.encode()], fields=KINDS))
    assert back == filled(rows)
    assert types(back) == types(filled(rows))


@pytest.mark.parametrize("fields", [Fields("X", (Field("A"), Field(""))), Fields("", (Field("A"),))])
def test_a_name_that_is_none(fields: Fields) -> None:
    """No XML comes of it: an element must be called something."""
    with pytest.raises(AnswerError, match="a column or connector without a name"):
        next(file_document([], fields))
    with pytest.raises(AnswerError, match="a column or connector without a name"):
        next(xml_document([], fields))


def test_of_a_file() -> None:
    """Our one spelling, and the schema that says how a DataSet is to take its times."""
    fields = Fields("X", (Field("T", Kind.DATETIME, "dateTime"),))
    row = {"T": datetime.datetime(2024, 2, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))}
    assert "".join(file_document([row], fields)) == (
        "<AfasGetConnector><X><T>2024-02-01T00:00:00+01:00</T></X></AfasGetConnector>\n"
    )
    assert 'msdata:DateTimeMode="Local"' in "".join(file_document([row], fields, schema=True, aware=True))
    assert 'msdata:DateTimeMode="Unspecified"' in "".join(file_document([], fields, schema=True))
