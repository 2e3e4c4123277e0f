"""That rows are matched where they can be, and that the parser gets everything else."""

from collections.abc import Iterator
from html import escape

import pytest

from afas_soap.errors import AnswerError, CutOff, QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.names import xml_name
from afas_soap.profit.readers.envelope import soap_document, soap_rows, xml_rows
from afas_soap.profit.readers.fastrows import open_rows, slices
from afas_soap.profit.readers.inline import inline_schema
from afas_soap.profit.readers.rowpattern import row_function, row_pattern, unescaper
from afas_soap.profit.readers.rowreader import RowReader
from afas_soap.profit.rows import TYPED, Reading

FIELDS = Fields("Px", (Field("Name"), Field("Caf\u00e9 nr", Kind.INT, "int")))
TAG = "Caf\u00e9_x0020_nr"
NAME = Fields("Px", (Field("Name"),))
ROW = f"<Px><Name>K&amp;R \u20ac</Name><{TAG}>12</{TAG}></Px>"
READ = {"Name": "K&R \u20ac", "Caf\u00e9 nr": 12}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one for each row that the general parser read."""
    rows: list[int] = []
    original = RowReader._end_row

    def spy(self: RowReader) -> None:
        rows.append(self.rows)
        original(self)

    monkeypatch.setattr(RowReader, "_end_row", spy)
    return rows


def document(rows: str, fields: Fields = FIELDS) -> bytes:
    return f"<AfasGetConnector>{inline_schema(fields)}{rows}</AfasGetConnector>".encode()


def answer(inner: bytes) -> bytes:
    return (
        b'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        b'<soap:Body><GetDataResponse xmlns="urn:Afas.Profit.Services"><GetDataResult>'
        + escape(inner.decode(), quote=False).encode()
        + b"\n</GetDataResult></GetDataResponse></soap:Body></soap:Envelope>"
    )


def chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 3, 100, 10_000])
def test_usual_rows_never_reach_the_parser(parsed: list[int], size: int) -> None:
    """Bare and in an envelope, whatever the chunks."""
    assert list(xml_rows(chunks(document(ROW * 5), size))) == [READ] * 5
    assert list(soap_rows(chunks(answer(document(ROW * 5)), size))) == [READ] * 5
    assert parsed == []


def test_the_parser_can_be_forced(parsed: list[int]) -> None:
    """With the same records."""
    general = soap_document(connector=None, fields=None, reading=TYPED)
    assert list(open_rows(general, [answer(document(ROW * 5))], fast=False)) == [READ] * 5
    assert len(parsed) == 5


@pytest.mark.parametrize("blank", [" ", "\n", "\r\n  ", "\t"])
@pytest.mark.parametrize("size", [1, 997, 10_000])
def test_white_space_between_rows_is_passed_over(
    parsed: list[int], monkeypatch: pytest.MonkeyPatch, blank: str, size: int
) -> None:
    """In front of the first row, between rows, behind the last: however much there is, the parser gets none of it."""
    fed: list[int] = []
    original = RowReader.feed

    def spy(self: RowReader, data: bytes) -> None:
        fed.append(len(data))
        original(self, data)

    monkeypatch.setattr(RowReader, "feed", spy)
    much = blank * (20_000 if size > 1 else 5)
    data = document(much + ROW + ROW + much + ROW + much)
    for read in (xml_rows(chunks(data, size)), soap_rows(chunks(answer(data), size))):
        fed.clear()
        assert list(read) == [READ] * 3
        assert sum(fed) < 100 + len(blank)
    assert parsed == []


def test_white_space_and_something_that_is_none() -> None:
    """The parser looks at it, and the rows are counted through."""
    rows = xml_rows([document(ROW + " " * 300_000 + ROW + "\n" * 300_000 + "x" + ROW)])
    assert [next(rows), next(rows)] == [READ] * 2
    with pytest.raises(AnswerError, match=r"text outside any column \(after row 2\)"):
        next(rows)


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_only_the_unusual_row_is_parsed(parsed: list[int], size: int) -> None:
    """Rows before and behind it are matched, and rows are counted through."""
    odd = "<Px><Name>a<!-- &lt;/Px> --><![CDATA[b]]></Name></Px>"
    data = answer(document(ROW + odd + ROW + odd + ROW))
    records = list(soap_rows(chunks(data, size)))
    assert records == [READ, {"Name": "ab", "Caf\u00e9 nr": None}, READ, {"Name": "ab", "Caf\u00e9 nr": None}, READ]
    assert parsed == [1, 3]


def test_an_end_of_a_row_that_is_none(parsed: list[int]) -> None:
    """Inside a comment or CDATA it looks like one; matching waits for a real one."""
    odd = "<Px/><!-- </Px> --><Px><Name><![CDATA[</Px>]]></Name></Px>"
    empty = {"Name": None, "Caf\u00e9 nr": None}
    expected = [READ, empty, {"Name": "</Px>", "Caf\u00e9 nr": None}, READ]
    assert list(xml_rows([document(ROW + odd + ROW)])) == expected
    assert list(soap_rows([answer(document(ROW + odd + ROW))])) == expected
    assert parsed == [1, 2, 1, 2]


def test_errors_count_the_matched_rows() -> None:
    """Row 4 is row 4, whoever read the three before it."""
    bad = f"<Px><{TAG}>x</{TAG}></Px>"
    rows = soap_rows([answer(document(ROW * 3 + bad))])
    assert [next(rows) for _ in range(3)] == [READ] * 3
    with pytest.raises(AnswerError, match="row 4, column Caf\u00e9 nr: a text of 1 characters is no whole number"):
        next(rows)


def test_columns_given_are_matched_from_the_second_row(parsed: list[int]) -> None:
    """Without a schema the first row is parsed, and tells what the rows are called."""
    data = f"<AfasGetConnector>{ROW * 5}</AfasGetConnector>".encode()
    for size in (1, 30, 10_000):
        parsed.clear()
        assert list(xml_rows(chunks(data, size), fields=FIELDS)) == [READ] * 5
        assert parsed == [0]


@pytest.mark.parametrize(
    ("data", "fields", "reading"),
    [
        (document(ROW * 3), None, Reading(max_value=1000)),
        (f"<AfasGetConnector>{ROW * 3}</AfasGetConnector>".encode(), None, TYPED),
        (document(ROW * 3).replace(b"</xs:schema>", b"</xs:schema><!-- </xs:schema> -->" + b" " * 600), None, TYPED),
        (b'<?xml version="1.0" encoding="US-ASCII"?>' + document("<Px><Name>x</Name></Px>" * 3, NAME), None, TYPED),
        (document("<Px><Name>x</Name></Px>" * 3), Fields("Px", (Field("Name"), Field(""))), TYPED),
    ],
)
def test_where_nothing_is_matched(parsed: list[int], data: bytes, fields: Fields | None, reading: Reading) -> None:
    """A low limit, no columns, another encoding, a column without a name: all of it is the parser's."""
    records = list(xml_rows(chunks(data, 400), fields=fields, reading=reading))
    assert len(records) == 3
    assert all(row.get("Name") in ("x", READ["Name"]) for row in records)
    assert len(parsed) == 3 or b"<!--" in data


def test_a_schema_that_ends_in_a_comment_first() -> None:
    """The mark is found and is none: it is looked for again."""
    data = document(ROW * 2).replace(b"<xs:schema ", b"<!-- </xs:schema> --><xs:schema ")
    assert list(xml_rows([data])) == [READ] * 2


def test_rows_longer_than_the_buffer_are_parsed(parsed: list[int]) -> None:
    """So that they are not matched again with every chunk; rows behind them are matched."""
    long = "x" * 400_000
    data = answer(document(f"{ROW}<Px><Name>{long}</Name></Px>{ROW}{ROW}"))
    records = list(soap_rows(chunks(data, 10_000)))
    assert records == [READ, {"Name": long, "Caf\u00e9 nr": None}, READ, READ]
    assert parsed == [1]


@pytest.mark.parametrize("bad", [b"\xff", b"\xef\xbf\xbf", b"\xef\xbf\xbe", b"\xed\xa0\x80"])
def test_bytes_that_are_no_characters(bad: bytes) -> None:
    """No UTF-8, no characters of XML, half a surrogate pair: refused, after the rows before them."""
    data = answer(document(ROW + "<Px><Name>here</Name></Px>" + ROW)).replace(b"here", bad)
    for size in (1, 50, 10_000):
        rows = soap_rows(chunks(data, size))
        with pytest.raises(AnswerError, match="not well-formed"):
            assert [next(rows), next(rows)] == [READ, "unreachable"]


def test_cut_in_a_character() -> None:
    """The bytes of half a character count."""
    data = answer(document(ROW))
    end = data.index("\u20ac".encode()) + 1
    with pytest.raises(CutOff):
        list(soap_rows([data[:end]]))


def test_slices() -> None:
    """At most 64 KiB at once, however it comes."""
    data = bytes(range(256)) * 600
    assert b"".join(slices([data, b"", b"x"])) == data + b"x"
    assert [len(piece) for piece in slices([data])] == [65536, 65536, 22528]


def test_closing_lets_the_chunks_go() -> None:
    """What was not read is thrown away, also when the answer cannot be read; closing twice is fine."""
    closed: list[str] = []

    def source(data: bytes) -> Iterator[bytes]:
        try:
            yield from chunks(data, 100)
        finally:
            closed.append("closed")

    with soap_rows(source(answer(document(ROW * 100)))) as rows:
        assert next(rows) == READ
    assert closed == ["closed"]
    rows.close()
    with pytest.raises(QueryError, match="closed before their end"):
        list(rows)
    with pytest.raises(AnswerError):
        soap_rows(source(b"<html>"))
    assert closed == ["closed", "closed"]


# -- the pattern and the code that is made from it ---------------------------------------------------------------------


def test_the_pattern_of_a_row() -> None:
    """Columns optional and in their order, the tag's own characters taken literally."""
    pattern = row_pattern("R.x", [("A.b", "([a-z]*+)"), ("C", "([0-9])?+")], escaped=False)
    found = pattern.fullmatch("<R.x><A.b>q</A.b><C>1</C></R.x>")
    assert found is not None
    assert found.groups() == ("q", "1")
    for same in ("<R.x></R.x>", "<R.x><A.b/></R.x>", "<R.x><A.b /><C/></R.x>", "<R.x><C></C></R.x>"):
        assert pattern.fullmatch(same)
    for other in ("<R_x></R_x>", "<R.x><C>1</C><A.b>q</A.b></R.x>", "<R.x><A.b>q</A.b><A.b>q</A.b></R.x>"):
        assert not pattern.match(other)


def test_names_are_data_and_never_code() -> None:
    """Columns that are called like Python, or like what the code is made of, are read as any other."""
    names = ["'", '"""', "v0", "k0", "found", "{0}", "\\", "x y\nz", "__import__('os')", "&lt;", "(?:a|b)*"]
    fields = Fields("R", tuple(Field(name) for name in names))
    row = (
        "<R>" + "".join(f"<{xml_name(name)}>{number}</{xml_name(name)}>" for number, name in enumerate(names)) + "</R>"
    )
    expected = {name: str(number) for number, name in enumerate(names)}
    assert list(xml_rows([document(row * 2, fields)])) == [expected] * 2
    records: list[object] = []
    read = row_function(fields, "R", reading=TYPED, escaped=False)
    assert read(row * 2 + "rest", 0, records.append) == 2 * len(row)
    assert records == [expected] * 2


def test_no_columns_and_very_many() -> None:
    """None at all, and more than a function may have arguments in old Pythons."""
    read = row_function(Fields("R", ()), "R", reading=TYPED, escaped=True)
    records: list[object] = []
    assert read("&lt;R&gt;&lt;/R&gt;", 0, records.append) == 19
    assert records == [{}]
    fields = Fields("R", tuple(Field(f"C{number}") for number in range(600)))
    row = "<R>" + "".join(f"<C{number}>{number}</C{number}>" for number in range(600)) + "</R>"
    assert next(xml_rows([document(row, fields)]))["C599"] == "599"


def test_matching_stops_before_a_row_it_cannot_convert() -> None:
    """The position is that of the row, and nothing of it is given."""
    fields = Fields("R", (Field("A"), Field("D", Kind.DATETIME, "dateTime")))
    good, bad = "<R><A>x</A><D>2024-02-01T10:00:00</D></R>", "<R><A>y</A><D>2024-02-31T10:00:00</D></R>"
    records: list[object] = []
    assert row_function(fields, "R", reading=TYPED, escaped=False)(good + bad, 0, records.append) == len(good)
    assert len(records) == 1


@pytest.mark.parametrize(
    ("escaped", "text", "value"),
    [
        (False, "&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&#x1f600;", "<>&\"'AA\U0001f600"),
        (True, "&amp;lt;&amp;gt;&amp;amp;&amp;quot;&amp;apos;&amp;#65;&amp;#x41;", "<>&\"'AA"),
        (True, "&quot;&apos;", "\"'"),
        (True, "&amp;amp;lt;", "&lt;"),
        (False, "&#9;&#10;&#13;&#xD7FF;&#xE000;&#xFFFD;&#x10FFFF;", "\t\n\r\ud7ff\ue000\ufffd\U0010ffff"),
    ],
)
def test_references(escaped: bool, text: str, value: str) -> None:
    """The five names and XML's own characters, once or twice."""
    assert unescaper(escaped=escaped)(text) == value


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (False, "&nbsp;"),
        (False, "&"),
        (False, "&#0;"),
        (False, "&#xFFFE;"),
        (False, "&#xD800;"),
        (False, "&#x110000;"),
        (False, "&#X41;"),
        (True, "&amp;nbsp;"),
        (True, "&amp; "),
        (True, "&lt;"),
        (True, "&amp;#11;"),
    ],
)
def test_references_that_xml_does_not_know(escaped: bool, text: str) -> None:
    """For the parser to refuse."""
    with pytest.raises(ValueError):
        unescaper(escaped=escaped)(text)
