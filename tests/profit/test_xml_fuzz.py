"""The matching path, the general parser and ElementTree on the same bytes: equal records, or all refuse.

ElementTree is the judge: what it takes for the document is what both paths have to give. Only the rules that are ours
(which elements may stand where) are written down a second time here.
"""

import os
import pathlib
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field
from afas_soap.profit.names import column_name, xml_name
from afas_soap.profit.readers.envelope import XmlDocument, result_bytes, soap_document, soap_rows, xml_rows
from afas_soap.profit.readers.fastrows import open_rows
from afas_soap.profit.readers.rowreader import RowReader
from afas_soap.profit.rows import TYPED
from afas_soap.profit.values import text_reader

# Like property tests: see tests/conftest.py.
pytestmark = pytest.mark.no_cover

XSD = "{http://www.w3.org/2001/XMLSchema}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
ENVELOPES = ("{http://schemas.xmlsoap.org/soap/envelope/}", "{http://www.w3.org/2003/05/soap-envelope}")
SERVICES = "{urn:Afas.Profit.Services}"
WHITE = " \t\r\n"

Records = list[list[tuple[str, object]]]

# -- the judge ---------------------------------------------------------------------------------------------------------


def expect(condition: object) -> None:
    if not condition:
        raise ValueError("refused")


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def white(*texts: str | None) -> None:
    expect(not any((text or "").strip(WHITE) for text in texts))


def result_text(data: bytes) -> str:
    expect(b"<!DOCTYPE" not in data)
    envelope = ElementTree.fromstring(data)
    expect(envelope.tag in [ns + "Envelope" for ns in ENVELOPES])
    found = []
    white(envelope.text)
    for part in envelope:
        white(part.tail)
        if part.tag in [ns + "Header" for ns in ENVELOPES]:
            continue
        expect(part.tag in [ns + "Body" for ns in ENVELOPES])
        white(part.text, *[response.tail for response in part])
        for response in part:
            expect(not found)
            white(response.text, *[result.tail for result in response])
            for result in response:
                expect(result.tag.startswith(SERVICES) and result.tag.endswith("Result") and not len(result))
                found.append(result.text or "")
    (text,) = found
    return text


def schema_fields(schema: ElementTree.Element) -> tuple[str, list[Field]]:
    def inside(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
        for child in element:
            if child.tag == XSD + "element":
                yield child
            else:
                yield from inside(child)

    (root,) = inside(schema)
    (row,) = inside(root)
    fields = []
    for column in inside(row):
        restriction = column.find(f"{XSD}simpleType/{XSD}restriction")
        declared = column.get("type", "string" if restriction is None else restriction.get("base", "string"))
        expect(column.get("name"))
        fields.append(Field.from_xsd(column_name(column.get("name", "")), declared))
    expect(root.get("name") or True)
    expect(row.get("name"))
    expect(len({field.name for field in fields}) == len(fields))
    return column_name(row.get("name", "")), fields


def document_records(root: ElementTree.Element) -> Records:
    expect(local(root.tag) in ("AfasGetConnector", "AfasDataConnector"))
    white(root.text, *[child.tail for child in root])
    children = list(root)
    name, fields = None, None
    if children and children[0].tag == XSD + "schema":
        name, fields = schema_fields(children.pop(0))
    records: Records = []
    for row in children:
        expect(row.tag != XSD + "schema")
        name = name or column_name(local(row.tag))
        expect(column_name(local(row.tag)) == name)
        records.append(record(row, fields))
    return records


def record(row: ElementTree.Element, fields: list[Field] | None) -> list[tuple[str, object]]:
    white(row.text, *[cell.tail for cell in row])
    cells: dict[str, str | None] = {}
    for element in (row, *row):
        expect(all(key.startswith("{") for key in element.attrib))
    for cell in row:
        column = column_name(local(cell.tag))
        expect(column not in cells and not len(cell))
        expect(not (cell.get(NIL) in ("true", "1") and cell.text))
        cells[column] = cell.text or None
    if fields is None:
        return list(cells.items())
    expect(not set(cells) - {field.name for field in fields})
    return [(field.name, value(field, cells.get(field.name))) for field in fields]


def value(field: Field, text: str | None) -> object:
    read = text_reader(field, TYPED)
    return text if text is None or read is None else read(text)


def judged_soap(data: bytes) -> Records | None:
    try:
        text = result_text(data).lstrip(WHITE)
        expect("<!DOCTYPE" not in text)
        return document_records(ElementTree.fromstring(text)) if text else []
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


def judged_xml(data: bytes) -> Records | None:
    try:
        expect(b"<!DOCTYPE" not in data)
        return document_records(ElementTree.fromstring(data))
    except (ElementTree.ParseError, ValueError, LookupError):
        return None


# -- ours --------------------------------------------------------------------------------------------------------------


def ours(data: bytes | list[bytes], *, soap: bool, fast: bool) -> Records | None:
    chunks = [data] if isinstance(data, bytes) else data
    try:
        if fast:
            rows = soap_rows(chunks) if soap else xml_rows(chunks)
        elif soap:
            rows = open_rows(soap_document(connector=None, fields=None, reading=TYPED), chunks, fast=False)
        else:
            reader = RowReader(connector=None, fields=None, reading=TYPED)
            rows = open_rows(XmlDocument(reader), chunks, fast=False)
        return [list(row.items()) for row in rows]
    except AnswerError:
        return None


def assert_equal(data: bytes, *, soap: bool, chunks: list[bytes] | None = None) -> Records | None:
    judged = judged_soap(data) if soap else judged_xml(data)
    assert ours(chunks or data, soap=soap, fast=True) == judged
    assert ours(chunks or data, soap=soap, fast=False) == judged
    return judged


# -- generated answers -------------------------------------------------------------------------------------------------

ODD_TEXTS = [
    "a",
    "Jansen & Zonen",
    "<b>",
    "]]>",
    'it\'s "so"',
    "\u00e9\U0001f600\ufffd",
    "&amp;",
    "&lt;/R&gt;",
    "</R>",
    " blanks ",
    "tab\there\nline",
]
# What stands in a column as it is written in the inner document: well-formed or not, typed or not.
ODD_RAW = [
    "",
    "1",
    "-.5",
    "-0.5",
    "16.00",
    "1e3",
    "true",
    "0",
    "2024-02-01T10:00:00",
    "2024-02-01T10:00:00.5Z",
    "2024-13-01T10:00:00",
    "aGFsbG8=",
    "&#xD;",
    "&#x0D;&#13;\r\n",
    "&#0;",
    "&#xFFFE;",
    "&#1114112;",
    "&unknown;",
    "& ",
    "&#x41",
    "<![CDATA[a <b> & c]]>",
    "x<!-- </R> -->y",
    "x<?pi y?>z",
    "a>b",
    "]]>",
    "\x0b",
    "\ufffe",
    "<nested/>",
    "&quot;&apos;",
    "&amp;lt;",
]
TYPES = ["string", "int", "decimal", "boolean", "dateTime", "base64Binary", "geheim"]
COLUMNS = st.lists(
    st.sampled_from(["City", "Op voorraad", "1e", "Caf\u00e9", "a.b-c_d", "_x0020_", "R", "schema"]),
    min_size=1,
    max_size=5,
    unique=True,
)


def xml_escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@st.composite
def cells(draw: st.DrawFn, tag: str) -> str:
    raw = draw(
        st.sampled_from(ODD_RAW)
        | st.sampled_from(ODD_TEXTS).map(xml_escape)
        | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6).map(xml_escape)
    )
    plain = f"<{tag}>{raw}</{tag}>"
    return draw(
        st.sampled_from(
            [plain] * 12
            + [
                f"<{tag}/>",
                f"<{tag} />",
                f"<{tag}></{tag} >",
                f'<{tag} xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>',
                f'<{tag} xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{raw}</{tag}>',
                f"<{tag} xml:space='preserve'>{raw}</{tag}>",
                f"<{tag} odd='x'>{raw}</{tag}>",
                f"<p:{tag} xmlns:p='urn:p'>{raw}</p:{tag}>",
                f"{plain}\n  ",
                f"{plain}{plain}",
                f"{plain}<!-- comment -->",
                f"{plain}stray",
                "<Unknown>1</Unknown>",
            ]
        )
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    """An AfasGetConnector document; mostly as Profit writes it, with something odd here and there."""
    columns = draw(COLUMNS)
    types = [draw(st.sampled_from(TYPES)) for _ in columns]
    simple = draw(st.booleans())
    elements = "".join(
        f'<xs:element name="{xml_name(c)}" type="xs:{t}" minOccurs="0"/>' for c, t in zip(columns, types, strict=True)
    )
    parts = ["<AfasGetConnector>"]
    if draw(st.integers(0, 9)):
        parts.append(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector">'
            f'<xs:complexType><xs:choice maxOccurs="unbounded"><xs:element name="R"><xs:complexType><xs:sequence>'
            f"{elements}</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
        )
    good = {"string": "a &amp; b", "int": "12", "decimal": "-.5", "boolean": "true", "dateTime": "2024-02-01T10:00:00"}
    for _ in range(draw(st.integers(0, 4))):
        parts.append("<R>")
        for column, declared in zip(columns, types, strict=True):
            tag = xml_name(column)
            if simple or draw(st.integers(0, 3)):
                parts.append(f"<{tag}>{good.get(declared, '')}</{tag}>")
            elif draw(st.booleans()):
                parts.append(draw(cells(tag)))
        parts.append("</R>")
        if not simple:
            parts.append(
                draw(st.sampled_from([""] * 12 + ["\n", "<!-- </R> -->", "<R/>", "<Other/>", "stray", "\r\n"]))
            )
    parts.append("</AfasGetConnector>")
    return "".join(parts)


@st.composite
def chunked(draw: st.DrawFn, data: bytes) -> list[bytes]:
    size = draw(st.sampled_from([1, 2, 7, 64, 1000]) | st.integers(1, len(data)))
    return [data[start : start + size] for start in range(0, len(data), size)]


def envelope(result: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
        '<GetDataWithOptionsResponse xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>'
        f"{result}\n</GetDataWithOptionsResult></GetDataWithOptionsResponse></soap:Body></soap:Envelope>"
    ).encode()


def half_escaped(text: str) -> str:
    """Quotes escaped too, ">" sometimes raw, carriage returns as references."""
    return xml_escape(text).replace('"', "&quot;").replace("&gt;&lt;", ">&lt;", 1).replace("\r", "&#13;")


WAYS: list[Callable[[str], str]] = [xml_escape, half_escaped, lambda text: f"<![CDATA[{text}]]>"]


@settings(max_examples=min(400, 2 * settings.default.max_examples))
@given(data=st.data(), document=documents())
def test_generated_documents(data: st.DataObject, document: str) -> None:
    """A bare document, in any chunks."""
    raw = document.encode()
    assert_equal(raw, soap=False, chunks=data.draw(chunked(raw)))


@settings(max_examples=min(600, 3 * settings.default.max_examples))
@given(data=st.data(), document=documents(), way=st.sampled_from([0, 0, 0, 1, 2]))
def test_generated_answers(data: st.DataObject, document: str, way: int) -> None:
    """The same inside an envelope, escaped in several ways, in any chunks."""
    raw = envelope(WAYS[way](document))
    assert_equal(raw, soap=True, chunks=data.draw(chunked(raw)))


# -- recorded and made answers, cut and flipped ------------------------------------------------------------------------

MADE = {
    "rows": envelope(
        xml_escape(
            '<AfasGetConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element '
            'name="AfasGetConnector"><xs:complexType><xs:choice maxOccurs="unbounded"><xs:element name="Px">'
            '<xs:complexType><xs:sequence><xs:element name="A" type="xs:string" minOccurs="0"/><xs:element name="B" '
            'type="xs:int" minOccurs="0"/><xs:element name="C" type="xs:decimal" minOccurs="0"/><xs:element name="D" '
            'type="xs:boolean" minOccurs="0"/><xs:element name="E" type="xs:dateTime" minOccurs="0"/></xs:sequence>'
            "</xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
            "<Px><A>K&amp;R \u00e9&#xD;</A><B>12</B><C>-.5</C><D>true</D><E>2024-02-01T10:00:00</E></Px>"
            "<Px><A>x</A><B/><C>16.00</C><E>2024-12-31T23:59:59.5</E></Px></AfasGetConnector>"
        )
    ),
    "bare": (
        '<?xml version="1.0" encoding="UTF-8"?>\n<AfasGetConnector>'
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector">'
        '<xs:complexType><xs:choice><xs:element name="Px"><xs:complexType><xs:sequence><xs:element name="A" '
        'type="xs:string"/><xs:element name="B" type="xs:int"/></xs:sequence></xs:complexType></xs:element></xs:choice>'
        "</xs:complexType></xs:element></xs:schema><Px><A>K&amp;R \u00e9</A><B>12</B></Px><Px><A>&#x41;</A></Px>"
        "</AfasGetConnector>"
    ).encode(),
}
RECORDED = [
    "GetConnector-GetDataWithOptionsResponse.xml",
    "GetConnector-GetDataWithOptionsResponse_empty.xml",
    "GetConnector-GetDataWithOptionsResponse_empty2.xml",
    "GetConnector-GetDataWithOptionsResponse_multiple.xml",
    "GetConnector-GetDataWithOptionsResponse_stock.xml",
    "DataConnector-ExecuteResponse.xml",
]
PARTS = 6
EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "explore"


def assert_never_fewer(data: bytes, *, soap: bool) -> None:
    """Cut at every byte: an error after the rows that were whole, and never the end of the data."""
    whole = ours(data, soap=soap, fast=True)
    assert whole is not None
    end = len(data.rstrip())
    for cut in range(1, end):
        rows: Records = []
        with pytest.raises(CutOff):
            rows.extend(list(row.items()) for row in (soap_rows if soap else xml_rows)([data[:cut]]))
        assert rows == whole[: len(rows)]
    assert ours(data[:end], soap=soap, fast=True) == whole


def assert_flips_agree(data: bytes, *, soap: bool, part: int, thorough: bool = True) -> None:
    """Every byte of one part with a bit flipped: all three give the same records, or all refuse. ``thorough`` is four
    bits of every byte; otherwise every second byte has one of its bits flipped, the one behind it the next one. It is
    every bit of every byte with HYPOTHESIS_PROFILE=explore, which takes minutes."""
    for number, place in enumerate(range(part, len(data), PARTS)):
        some = range(number % 2, 8, 2) if thorough else [number // 2 % 8] * (number % 2)
        for bit in range(8) if EXPLORING else some:
            flipped = bytearray(data)
            flipped[place] ^= 1 << bit
            assert_equal(bytes(flipped), soap=soap)


def assert_splits_agree(data: bytes, *, soap: bool) -> None:
    """In two pieces, split at every byte (every fifth of a long answer): the same records as in one."""
    whole = ours(data, soap=soap, fast=True)
    for place in range(0, len(data), 1 if len(data) < 2000 else 5):
        assert ours([data[:place], data[place:]], soap=soap, fast=True) == whole


@pytest.mark.parametrize("name", MADE)
def test_made_answers_cut_and_split_at_every_byte(name: str) -> None:
    """See the two assertions."""
    assert judged_soap(MADE[name]) or judged_xml(MADE[name])
    assert_equal(MADE[name], soap=name != "bare")
    assert_never_fewer(MADE[name], soap=name != "bare")
    assert_splits_agree(MADE[name], soap=name != "bare")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", MADE)
def test_made_answers_with_each_bit_flipped(name: str, part: int) -> None:
    """See the assertion."""
    assert_flips_agree(MADE[name], soap=name != "bare", part=part)


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_cut_and_split_at_every_byte(afas: pathlib.Path, name: str) -> None:
    """See the two assertions."""
    data = (afas / "soap" / name).read_bytes()
    assert assert_equal(data, soap=True) is not None
    assert_never_fewer(data, soap=True)
    assert_splits_agree(data, soap=True)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_with_bits_flipped(afas: pathlib.Path, name: str, part: int) -> None:
    """See the assertion; these are long."""
    data = (afas / "soap" / name).read_bytes()
    assert_flips_agree(data, soap=True, part=part, thorough=False)


def test_other_recorded_answers_cut_at_every_byte(afas: pathlib.Path) -> None:
    """The result text of any service: whole, or cut off."""
    for path in sorted((afas / "soap").glob("*.xml")):
        data = path.read_bytes()
        assert b"".join(result_bytes([data])).decode() == result_text(data)
        for cut in range(1, len(data.rstrip()), 1 if len(data) < 2000 else 11):
            with pytest.raises(CutOff):
                list(result_bytes([data[:cut]]))
