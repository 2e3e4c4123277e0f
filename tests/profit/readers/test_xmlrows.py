"""An AfasGetConnector document, by the general parser and by matching: the same records and the same errors."""

import base64
import datetime
import zoneinfo
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers import rowreader
from afas_soap.profit.readers.envelope import XmlDocument, xml_rows
from afas_soap.profit.readers.fastrows import open_rows
from afas_soap.profit.readers.inline import inline_schema
from afas_soap.profit.readers.rowreader import RowReader
from afas_soap.profit.rows import TYPED, Reading, Rows

Read = Callable[..., Rows]
FIELDS = Fields(
    "Debtor",
    (
        Field("Name"),
        Field("Op voorraad", Kind.INT, "long"),
        Field("Limit", Kind.DECIMAL, "decimal"),
        Field("Blocked", Kind.BOOL, "boolean"),
        Field("Since", Kind.DATETIME, "dateTime"),
        Field("Logo", Kind.BYTES, "base64Binary"),
    ),
)
NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil'


def general_rows(
    chunks: list[bytes], *, connector: str | None = None, fields: Fields | None = None, reading: Reading = TYPED
) -> Rows:
    reader = RowReader(connector=connector, fields=fields, reading=reading)
    return open_rows(XmlDocument(reader), chunks, fast=False)


@pytest.fixture(params=[general_rows, xml_rows])
def read(request: pytest.FixtureRequest) -> Read:
    """Each of the two ways."""
    way: Read = request.param
    return way


def document(rows: str) -> bytes:
    return f"<AfasGetConnector>{inline_schema(FIELDS)}{rows}</AfasGetConnector>\n".encode()


def record(**values: object) -> dict[str, object]:
    return {field.name: values.get(field.name) for field in FIELDS}


def only(read: Read, cells: str, reading: Reading = TYPED) -> dict[str, object]:
    """The middle one of three rows: before it rows are matched, and behind it again."""
    plain = "<Debtor><Name>x</Name></Debtor>"
    first, found, last = read([document(f"{plain}<Debtor>{cells}</Debtor>{plain}")], reading=reading)
    assert first == last == record(Name="x")
    assert list(found) == list(FIELDS.names)
    return {name: value for name, value in found.items() if value is not None}


def test_every_kind(read: Read) -> None:
    """Typed, in column order, in one row."""
    cells = (
        "<Name>Jansen &amp; Zonen</Name><Op_x0020_voorraad>-12</Op_x0020_voorraad><Limit>-.5</Limit>"
        "<Blocked>true</Blocked><Since>2024-02-01T10:00:00</Since><Logo>aGFs\nbG8=</Logo>"
    )
    assert only(read, cells) == {
        "Name": "Jansen & Zonen",
        "Op voorraad": -12,
        "Limit": Decimal("-0.5"),
        "Blocked": True,
        "Since": datetime.datetime(2024, 2, 1, 10),
        "Logo": b"hallo",
    }
    assert only(read, cells, Reading(typed=False))["Limit"] == "-.5"
    amsterdam = zoneinfo.ZoneInfo("Europe/Amsterdam")
    assert only(read, cells, Reading(aware=True))["Since"] == datetime.datetime(2024, 2, 1, 10, tzinfo=amsterdam)


def test_files_are_named_by_the_caller(read: Read) -> None:
    """A text that looks like base64 is one all the same, unless somebody knows better."""
    row = "<Debtor><Name>Bel Jan morgen</Name></Debtor>"
    assert next(read([document(row)]))["Name"] == "Bel Jan morgen"
    rows = read([document(row)], reading=Reading(files=("Name",)))
    assert rows.fields is not None
    assert rows.fields["Name"].kind is Kind.BYTES
    assert next(rows)["Name"] == base64.b64decode("BelJanmorgen")
    with pytest.raises(AnswerError, match="row 1, column Name: a text of 8 characters is no base64"):
        list(read([document("<Debtor><Name>Bel Jan!</Name></Debtor>")], reading=Reading(files=("Name",))))


def test_dates_are_named_by_the_caller(read: Read) -> None:
    """And then checked to be midnight; the columns say so."""
    rows = read([document("<Debtor><Since>2024-02-01T00:00:00</Since></Debtor>")], reading=Reading(dates=("Since",)))
    assert rows.fields is not None
    assert rows.fields["Since"].kind is Kind.DATE
    assert next(rows)["Since"] == datetime.date(2024, 2, 1)
    with pytest.raises(AnswerError, match="row 1, column Since: a text of 19 characters is a date-time that is not"):
        list(read([document("<Debtor><Since>2024-02-01T10:00:00</Since></Debtor>")], reading=Reading(dates=("Since",))))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("<Limit>-0.5</Limit>", {"Limit": Decimal("-0.5")}),
        ("<Limit>5.</Limit>", {"Limit": Decimal(5)}),
        ("<Limit>1E3</Limit>", {"Limit": Decimal(1000)}),
        ("<Limit> 7 </Limit>", {"Limit": Decimal(7)}),
        ("<Limit>1<!-- -->6.00</Limit>", {"Limit": Decimal(16)}),
        ("<Blocked>0</Blocked>", {"Blocked": False}),
        ("<Since>2024-02-01T10:00:00.25Z</Since>", {"Since": datetime.datetime(2024, 2, 1, 10, 0, 0, 250000)}),
        ("<Name>a&#xD;b</Name>", {"Name": "a\rb"}),
        ("<Name>a&#x0D;b</Name>", {"Name": "a\rb"}),
        ("<Name>a&#13;b</Name>", {"Name": "a\rb"}),
        ("<Name>a\r\nb\rc\td</Name>", {"Name": "a\nb\nc\td"}),
        ("<Name>&lt;b&gt; &quot;&apos;&amp;amp;</Name>", {"Name": "<b> \"'&amp;"}),
        ("<Name>&#x1F600;\U0001f600\u00e9</Name>", {"Name": "\U0001f600\U0001f600\u00e9"}),
        ("<Name><![CDATA[a <b> & ]] c]]></Name>", {"Name": "a <b> & ]] c"}),
        ("<Name>a<!-- </Name></Debtor> -->b<?pi x?>c</Name>", {"Name": "abc"}),
        ("<Name>a > b</Name>", {"Name": "a > b"}),
        ("<Name> </Name>", {"Name": " "}),
        ("<Name></Name><Limit/><Blocked />", {}),
        ("", {}),
        (f'<Name {NIL}="true"/>', {}),
        (f'<Name {NIL}="false">x</Name>', {"Name": "x"}),
        ("<Name xml:space='preserve'> x</Name>", {"Name": " x"}),
        ("<Limit>1</Limit><Name>out of order</Name>", {"Name": "out of order", "Limit": Decimal(1)}),
        ("<p:Name xmlns:p='urn:p'>prefixed</p:Name>", {"Name": "prefixed"}),
        ("\n  <Name>pretty</Name>\n  <!-- x -->\n", {"Name": "pretty"}),
        ("<Op_x0020_voorraad >3</Op_x0020_voorraad\n>", {"Op voorraad": 3}),
        ("<Op_x0020_voorraad>123456789012345678901</Op_x0020_voorraad>", {"Op voorraad": 123456789012345678901}),
        ("<_x004E_ame>spelt another way</_x004E_ame>", {"Name": "spelt another way"}),
    ],
)
def test_what_xml_allows(read: Read, cells: str, expected: dict[str, object]) -> None:
    """Unusual and usual spellings of the same."""
    assert only(read, cells) == expected


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("<Debtor><Limit>16,00</Limit></Debtor>", "row 1, column Limit: a text of 5 characters is no decimal"),
        ("<Debtor/><Debtor><Blocked>ja</Blocked></Debtor>", "row 2, column Blocked: a text of 2 characters is no bool"),
        ("<Debtor><Since>2024-02-30T10:00:00</Since></Debtor>", "column Since: a text of 19 characters is no date-ti"),
        ("<Debtor><Op_x0020_voorraad>x</Op_x0020_voorraad></Debtor>", "column Op voorraad: a text of 1 characters"),
        ("<Debtor><Logo>&amp;&lt;</Logo></Debtor>", "column Logo: a text of 2 characters is no base64"),
        ("<Debtor><City>x</City></Debtor>", "row 1: column City is not in the schema"),
        ("<Debtor><Name>x</Name><Name/></Debtor>", "row 1: column Name stands in it twice"),
        ("<Debtor><Name><b/></Name></Debtor>", "row 1, column Name: holds elements where a value is expected"),
        (f"<Debtor><Name {NIL}='1'>x</Name></Debtor>", "row 1, column Name: is marked as nil and holds a value"),
        ("<Debtor><Name a='b'>x</Name></Debtor>", "row 1, column Name: has attributes"),
        ("<Debtor a='b'><Name>x</Name></Debtor>", "row 1: has attributes"),
        ("<Debtor>x</Debtor>", "text outside any column"),
        ("<Debtor><Name/>x</Debtor>", "text outside any column"),
        ("<Debtor/>\u00a0<Debtor/>", "text outside any column"),
        ("<Debtor/>x", "text outside any column"),
        ("<Debtor><Name/></Debtor><Creditor/>", "row 2 is not the connector's: it has another name"),
        ("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>", "a schema in the middle of the rows"),
        ("<Debtor><Name>&unknown;</Name></Debtor>", "undefined entity"),
        ("<Debtor><Name>& </Name></Debtor>", "not well-formed"),
        ("<Debtor><Name>]]></Name></Debtor>", "not well-formed"),
        ("<Debtor><Name>\x08</Name></Debtor>", "not well-formed"),
        ("<Debtor><Name>\uffff</Name></Debtor>", "not well-formed"),
        ("<Debtor><Name>&#xFFFE;</Name></Debtor>", "invalid character number"),
        ("<Debtor><Name>&#0;</Name></Debtor>", "invalid character number"),
        ("<Debtor><Name>&#1114112;</Name></Debtor>", "invalid character number"),
        ("<Debtor><Name>x</Nam></Debtor>", "mismatched tag"),
        ("</AfasGetConnector>", "no well-formed XML"),
    ],
)
def test_what_is_refused(read: Read, rows: str, reason: str) -> None:
    """Each names its row and column where it has one, and never the value."""
    with pytest.raises(AnswerError, match=reason) as caught:
        list(read([document(rows)]))
    assert not isinstance(caught.value, CutOff)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<results/>", "no AfasGetConnector document"),
        (b"<AfasGetConnector><R/><Q/></AfasGetConnector>", "row 2 is not the connector's"),
        (b"<!DOCTYPE AfasGetConnector><AfasGetConnector/>", "document type declaration"),
        (b"<AfasGetConnector><R><A>\xff</A></R></AfasGetConnector>", "not well-formed"),
        (b"<AfasGetConnector><R><A>1</A><A>2</A></R></AfasGetConnector>", "row 1: column A stands in it twice"),
    ],
)
def test_documents_that_are_refused(read: Read, data: bytes, reason: str) -> None:
    """With or without a schema."""
    with pytest.raises(AnswerError, match=reason):
        list(read([data]))


def test_an_encoding_that_is_not_known(read: Read) -> None:
    """Refused with a reason of ours."""
    with pytest.raises(AnswerError, match="encoding that is not known"):
        list(read([b'<?xml version="1.0" encoding="x-none"?><AfasGetConnector/>']))


def test_without_a_schema(read: Read) -> None:
    """The columns that stand in the row, as text; rows are named by the first one."""
    rows = read([b"<AfasGetConnector><R><A>1</A><B/></R><R><_x0043_>x</_x0043_></R></AfasGetConnector>"])
    assert rows.fields is None
    assert list(rows) == [{"A": "1", "B": None}, {"C": "x"}]
    empty = read([b"<AfasGetConnector />"])
    assert empty.fields is None
    assert list(empty) == []


def test_columns_given(read: Read) -> None:
    """Without a schema they say how to read; with one they go before it. Their connector names the rows."""
    given = Fields("R", (Field("A", Kind.INT, "int"), Field("B")))
    data = b"<AfasGetConnector><R><A>1</A></R><R><A>2</A><B>x</B></R><R><A>3</A></R></AfasGetConnector>"
    rows = read([data[:40], data[40:]], fields=given)
    assert rows.fields == given
    assert list(rows) == [{"A": 1, "B": None}, {"A": 2, "B": "x"}, {"A": 3, "B": None}]
    assert list(read([data], fields=given, connector="r")) == list(read([data], fields=given))
    with pytest.raises(AnswerError, match="not those of connector Q"):
        list(read([data], fields=given, connector="Q"))
    texts = Fields("Debtor", (Field("Name"), Field("Limit")))
    limits = document("<Debtor><Limit>1.00</Limit></Debtor>" * 2)
    assert list(read([limits], fields=texts)) == [{"Name": None, "Limit": "1.00"}] * 2


def test_a_connector_without_columns(read: Read) -> None:
    """Rows without columns are rows."""
    schema = inline_schema(Fields("R", ()))
    data = f"<AfasGetConnector>{schema}<R></R><R></R></AfasGetConnector>".encode()
    assert list(read([data])) == [{}, {}]


def test_a_value_that_is_too_large(read: Read) -> None:
    """Below max_value it is read, in bytes of UTF-8; above it is refused, and at once."""
    reading = Reading(max_value=10)
    assert only(read, "<Name>0123456789</Name>", reading) == {"Name": "0123456789"}
    assert only(read, "<Name>\u00e9\u00e9\u00e9\u00e9\u00e9</Name>", reading) == {"Name": "\u00e9" * 5}
    reason = r"row 2, column Name: a value of more than max_value \(10 bytes\)"
    with pytest.raises(AnswerError, match=reason):
        only(read, "<Name>01234567890</Name>", reading)
    with pytest.raises(AnswerError, match=reason):
        only(read, "<Name>\u00e9\u00e9\u00e9\u00e9\u00e9.</Name>", reading)

    def endless() -> Iterator[bytes]:
        yield document("<Debtor/><Debtor><Name>").removesuffix(b"</AfasGetConnector>\n")
        while True:
            yield b"x" * 60_000

    rows = read(endless(), reading=Reading(max_value=3 * 2**20))
    assert next(rows) == record()
    with pytest.raises(AnswerError, match="row 2, column Name: a value of more than max_value"):
        next(rows)


def test_a_large_value_is_read(read: Read) -> None:
    """In pieces, with entities in it, and rows behind it."""
    value = "0123456789 &amp; " * 60_000
    data = document(f"<Debtor><Name>{value}</Name></Debtor><Debtor><Name>x</Name></Debtor>")
    large, small = read([data[start : start + 50_000] for start in range(0, len(data), 50_000)])
    assert large == record(Name="0123456789 & " * 60_000)
    assert small == record(Name="x")


def test_endless_markup_is_refused(read: Read) -> None:
    """A comment or tag without an end, and a schema without one."""

    def endless(beginning: bytes, more: bytes) -> Iterator[bytes]:
        yield beginning
        while True:
            yield more

    for beginning in (b"<AfasGetConnector><!-- ", b"<AfasGetConnector><R><A"):
        with pytest.raises(AnswerError, match="a tag or comment of more than 1,048,576 bytes"):
            list(read(endless(beginning, b"x" * 60_000)))


def test_a_schema_has_a_limit(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the one thing that is kept whole."""
    monkeypatch.setattr(rowreader, "_MAX_SCHEMA", 100)
    data = document("")
    with pytest.raises(AnswerError, match="the schema in the answer is over 100 bytes"):
        read([data[start : start + 50] for start in range(0, len(data), 50)])


def test_a_schema_may_only_be_so_deep(read: Read) -> None:
    """Nobody's is; and what goes through a tree like that runs out of room."""
    data = document("").replace(b"<xs:element", b"<xs:element>" * 120 + b"<xs:element", 1)
    with pytest.raises(AnswerError, match="the schema in the answer is nested more than 100 deep"):
        read([data])


def test_white_space_without_end_costs_nothing(read: Read) -> None:
    """It is thrown away as it comes."""
    data = b"<AfasGetConnector>" + b" \n" * 100_000 + b"<R/></AfasGetConnector>" + b" " * 100_000
    assert list(read([data])) == [{}]


def test_white_space_in_a_schema(read: Read) -> None:
    """In any amount, in any chunks."""
    schema = inline_schema(FIELDS).replace("><", ">\n" + " " * 200 + "<").encode()
    data = b"<AfasGetConnector>\n" + schema + b"<Debtor/></AfasGetConnector>"
    rows = read([data[start : start + 90] for start in range(0, len(data), 90)])
    assert rows.fields == FIELDS
    assert list(rows) == [record()]


def test_errors_come_behind_the_rows_that_were_whole(read: Read) -> None:
    """Also when both stand in one chunk."""
    rows = read([document("<Debtor><Name>x</Name></Debtor><Debtor><Limit>x</Limit></Debtor>")])
    assert next(rows) == record(Name="x")
    with pytest.raises(AnswerError, match="row 2, column Limit"):
        next(rows)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings(read: Read, encoding: str) -> None:
    """Those that expat knows, when the document declares them."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + document("<Debtor><Name>\u00e9</Name></Debtor>").decode()
    assert list(read([text.encode(encoding)])) == [record(Name="\u00e9")]


def test_a_byte_order_mark(read: Read) -> None:
    """UTF-8 with one."""
    data = b"\xef\xbb\xbf" + document("<Debtor><Name>\u00e9</Name></Debtor>" * 3)
    assert list(read([data])) == [record(Name="\u00e9")] * 3
