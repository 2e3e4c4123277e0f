"""A whole SOAP answer: what becomes rows, and what becomes which error (profit-wire 1.3 and 7)."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from afas_soap.errors import AnswerError, CutOff, ProfitError
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers import envelope as envelope_module
from afas_soap.profit.readers.envelope import Fault, read_fault, result_bytes, simple_result, soap_rows, xml_rows
from afas_soap.profit.rows import Reading

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SCHEMA = (
    '&lt;xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"&gt;&lt;xs:element name="AfasGetConnector"&gt;'
    '&lt;xs:complexType&gt;&lt;xs:choice maxOccurs="unbounded"&gt;&lt;xs:element name="MyStock"&gt;&lt;xs:complexType'
    '&gt;&lt;xs:sequence&gt;&lt;xs:element name="Itemcode" type="xs:string" minOccurs="0"/&gt;&lt;xs:element '
    'name="InStock" type="xs:decimal" minOccurs="0"/&gt;&lt;/xs:sequence&gt;&lt;/xs:complexType&gt;&lt;/xs:element&gt;'
    "&lt;/xs:choice&gt;&lt;/xs:complexType&gt;&lt;/xs:element&gt;&lt;/xs:schema&gt;"
)
ROW = "&lt;MyStock&gt;&lt;Itemcode&gt;A1&lt;/Itemcode&gt;&lt;InStock&gt;1&lt;/InStock&gt;&lt;/MyStock&gt;"
A1 = {"Itemcode": "A1", "InStock": Decimal(1)}
FIELDS = Fields("MyStock", (Field("Itemcode"), Field("InStock", Kind.DECIMAL, "decimal")))


def body(content: str, namespace: str = SOAP11, before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{namespace}">{before}<soap:Body>{content}'
        "</soap:Body></soap:Envelope>"
    ).encode()


def answer(result: str, **kwargs: str) -> bytes:
    return body(
        f'<GetDataResponse xmlns="urn:Afas.Profit.Services"><GetDataResult>{result}</GetDataResult></GetDataResponse>',
        **kwargs,
    )


STOCK = f"&lt;AfasGetConnector&gt;{SCHEMA}{ROW}&lt;/AfasGetConnector&gt;\n"
FAULT11 = """<soap:Fault><faultcode>soap:Server</faultcode>
    <faultstring>General message: Deze connector wordt niet ondersteund.</faultstring>
    <detail><ProfitApplicationException>
      <ErrorNumber>-2147180996</ErrorNumber>
      <Message>General message: Deze connector wordt niet ondersteund.</Message>
      <Detail>Description.....: Deze connector wordt niet ondersteund.
Log reference...: 923a9F6F4D5875E0D7B96982F6E4E0D2</Detail>
    </ProfitApplicationException></detail></soap:Fault>"""
FAULT12 = """<soap:Fault><soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code><soap:Reason>
    <soap:Text xml:lang="nl">Token could not be parsed</soap:Text></soap:Reason></soap:Fault>"""


XSI = b'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
NIL = answer("").replace(b"<GetDataResult>", b"<GetDataResult " + XSI + b' i:nil="1">')


def test_a_result_that_is_nil() -> None:
    """No rows are an empty result, as recorded; a nil one is no answer to whoever asked for rows."""
    assert list(soap_rows([answer("")])) == []
    for ask in (lambda: soap_rows([NIL]), lambda: list(result_bytes([NIL], wanted=True))):
        with pytest.raises(AnswerError, match="is nil, which is not even an answer without rows: ask again"):
            ask()
    assert list(soap_rows([NIL], wanted=False)) == []
    assert list(result_bytes([NIL])) == []
    assert list(result_bytes([answer("x")], wanted=True)) == [b"x"]


@pytest.mark.parametrize("namespace", [SOAP11, SOAP12])
def test_rows_in_both_versions_of_soap(namespace: str) -> None:
    """SOAP 1.2 differs in the namespace only."""
    rows = soap_rows([answer(STOCK, namespace=namespace)], connector="MyStock")
    assert rows.fields == FIELDS
    assert list(rows) == [A1]


def test_a_header_is_passed_over() -> None:
    """Whatever stands in it."""
    header = "<soap:Header>text<Trace xmlns='urn:x'>1<Result/></Trace></soap:Header>\n"
    assert list(soap_rows([answer(STOCK, before=header)])) == [A1]


@pytest.mark.parametrize("result", ["", " \n ", "<![CDATA[]]>"])
def test_an_empty_result_is_no_rows(result: str) -> None:
    """Recorded in GetDataWithOptionsResponse_empty2.xml: no schema either, so the columns are those given."""
    rows = soap_rows([answer(result)])
    assert rows.fields is None
    assert list(rows) == []
    given = soap_rows([answer(result)], fields=FIELDS)
    assert given.fields == FIELDS
    assert list(given) == []


def test_an_answer_without_schema_takes_the_columns_given() -> None:
    """Metadata 0: without columns everything is text and a record has what stands in its row."""
    data = answer(f"&lt;AfasGetConnector&gt;{ROW * 2}&lt;/AfasGetConnector&gt;")
    assert list(soap_rows([data], fields=FIELDS)) == [A1, A1]
    bare = soap_rows([data])
    assert bare.fields is None
    assert list(bare) == [{"Itemcode": "A1", "InStock": "1"}] * 2


def test_white_space_before_the_inner_document() -> None:
    """A pretty-printed envelope puts it there; the inner document may have a declaration of its own."""
    assert list(soap_rows([answer(f"\n  &lt;?xml version='1.0' encoding='utf-16'?&gt;{STOCK}")])) == [A1]


def test_a_fault_sent_as_a_success() -> None:
    """HTTP 200 with a Fault raises Profit's error with everything it says, in any chunks."""
    data = body(FAULT11)
    for size in (1, 50, len(data)):
        with pytest.raises(ProfitError) as caught:
            soap_rows(data[start : start + size] for start in range(0, len(data), size))
        assert caught.value.message == "General message: Deze connector wordt niet ondersteund."
        assert caught.value.number == -2147180996
        assert caught.value.log_reference == "923A9F6F4D5875E0D7B96982F6E4E0D2"


def test_a_long_fault_sent_as_a_success() -> None:
    """It goes on long after it was seen to be a fault, and is read to its end."""
    data = body(FAULT11.replace("<detail>", f"<detail><!--{'x' * 5_000}-->"))
    with pytest.raises(ProfitError) as caught:
        soap_rows(data[start : start + 100] for start in range(0, len(data), 100))
    assert caught.value.number == -2147180996


def test_a_fault_that_is_cut_off() -> None:
    """Not half a message."""
    with pytest.raises(CutOff):
        soap_rows([body(FAULT11)[:-60]])


PROFITS = "<Fault><ProfitApplicationException><ErrorNumber>1</ErrorNumber></ProfitApplicationException></Fault>"


@pytest.mark.parametrize(
    ("document", "profits"),
    [
        (f"<Envelope><Body>{PROFITS}</Body></Envelope>", True),
        (f"<Envelope><Body> {PROFITS}<!-- x --></Body></Envelope>", True),
        (f"<Envelope><Body>{PROFITS}<Other/></Body></Envelope>", False),
        (f"<Envelope><Body><Other>{PROFITS}</Other></Body></Envelope>", False),
        (f"<Envelope><Header>{PROFITS}</Header><Body/></Envelope>", False),
        (PROFITS, False),
        ("<Envelope><Body><Fault/></Body></Envelope>", False),
    ],
)
def test_a_fault_is_profits_own(document: str, profits: bool) -> None:
    """With its number, and alone in the body."""
    fault = read_fault(document.encode())
    assert fault is not None
    assert fault.is_profits is profits


def test_read_fault() -> None:
    """SOAP 1.1 and 1.2; with nothing said, with another namespace, and what is no fault."""
    assert read_fault(body(FAULT11)) == Fault(
        "soap:Server",
        "General message: Deze connector wordt niet ondersteund.",
        -2147180996,
        "923A9F6F4D5875E0D7B96982F6E4E0D2",
    )
    assert read_fault(body(FAULT12, namespace=SOAP12)) == Fault("soap:Receiver", "Token could not be parsed")
    assert read_fault(b"<Fault><!-- x --></Fault>") == Fault("", "Profit refused without saying why")
    namespaced = (
        b"<Fault xmlns='urn:a'><detail><p:ProfitApplicationException xmlns:p='urn:p'><p:ErrorNumber>x</p:ErrorNumber>"
        b"<p:Message> Connector X does <b>not</b> exist </p:Message></p:ProfitApplicationException></detail></Fault>"
    )
    assert read_fault(namespaced) == Fault("", "Connector X does not exist")
    assert read_fault(answer(STOCK)) is None
    assert read_fault(b"<html>Server Error") is None


HTML = "an HTML page where SOAP is expected: perhaps from a proxy, or the address is wrong"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the answer is empty"),
        (b" \r\n", "the answer is empty"),
        (b'{"skip":0,"rows":[]}', "JSON where SOAP is expected"),
        (b"\xef\xbb\xbf [1]", "JSON where SOAP is expected"),
        (b"<!DOCTYPE html><html><head><meta charset=utf-8></head></html>", HTML),
        (b"<html><body>404.0 - Not Found<br></body></html>", HTML),
        (b'<HTML xmlns="http://www.w3.org/1999/xhtml"/>', HTML),
        (b" \n&nbsp;<!doctype html><html>", HTML),
        (b"Service Unavailable", "the answer is no SOAP: syntax error"),
        (b"<a/>", "no SOAP envelope: its root has another name"),
        (b"<Envelope/>", "no SOAP envelope"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "document type declaration"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "encoding"),
        (body("<a/>").replace(b":Body", b":Bodx"), "neither its header nor its body"),
        (body("<a/>").replace(b"soap:Body", b"Body"), "neither its header nor its body"),
        (body(""), "no result element"),
        (body("<a/>"), "no result element"),
        (body("<a><b/></a>"), "holds an element where the text of one result is expected"),
        (answer("<b/>"), "holds an element where the text"),
        (answer("").replace(b"urn:Afas.Profit.Services", b"urn:Afas.Profit.Servicex"), "holds an element where"),
        (answer("").replace(b"</GetDataResponse>", b"<BResult/></GetDataResponse>"), "holds an element where"),
        (answer("").replace(b"</soap:Body>", b"<b/></soap:Body>"), "holds an element where"),
        (answer("").replace(b"</soap:Body>", b"b</soap:Body>"), "text outside its result"),
        (body("").replace(b"<soap:Body>", b"b<soap:Body>"), "text outside its result"),
        (answer("") + b"x", "no well-formed XML"),
        (answer("&undefined;"), "no well-formed XML: undefined entity"),
        (answer("\x01"), "no well-formed XML: not well-formed"),
        (answer("some text"), "no well-formed XML: syntax error"),
        (answer("&lt;results/&gt;"), "no AfasGetConnector document"),
        (answer("&lt;!DOCTYPE a&gt;&lt;a/&gt;"), "document type declaration"),
    ],
)
def test_what_is_no_answer(data: bytes, reason: str) -> None:
    """Each with its own sentence, and none of them the end of the data."""
    with pytest.raises(AnswerError, match=reason) as caught:
        list(soap_rows([data]))
    assert not isinstance(caught.value, CutOff)
    assert list(soap_rows([answer(STOCK)])) == [A1]


def test_a_cut_off_raises_behind_the_rows_that_were_whole() -> None:
    """The first row is given, then the error is raised: never the end of the data."""
    data = answer(f"&lt;AfasGetConnector&gt;{SCHEMA}{ROW}{ROW}")
    rows = soap_rows([data[: data.rindex(b"1&lt;/InStock")]])
    assert next(rows) == A1
    with pytest.raises(CutOff, match="ends before its end"):
        next(rows)


def test_an_inner_document_that_ends_too_early_is_cut_off() -> None:
    """The envelope is whole and what it holds is not."""
    rows = soap_rows([answer(f"&lt;AfasGetConnector&gt;{SCHEMA}{ROW}")])
    assert next(rows) == A1
    with pytest.raises(CutOff, match="ends before its end \\(after row 1\\)"):
        next(rows)


def test_another_connectors_rows() -> None:
    """Rows are known by the schema; case aside it is the connector asked for."""
    assert list(soap_rows([answer(STOCK)], connector="mystock")) == [A1]
    with pytest.raises(AnswerError, match="not those of connector Profit_Debtor"):
        soap_rows([answer(STOCK)], connector="Profit_Debtor")


def test_the_head_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body without a result does not fill the memory, nor does a Fault without an end."""
    monkeypatch.setattr(envelope_module, "_MAX_HEAD", 500)
    for data in (body(" " * 600), body(FAULT11)):
        with pytest.raises(AnswerError, match="no result in its first 500 bytes"):
            soap_rows([data])


def test_an_endless_comment_is_refused() -> None:
    """What is no text is kept by the parser until it ends."""

    def chunks() -> Iterator[bytes]:
        yield answer(STOCK).split(b"&lt;/AfasGet")[0] + b"<!--"
        while True:
            yield b"x" * 60_000

    rows = soap_rows(chunks())
    assert next(rows) == A1
    with pytest.raises(AnswerError, match="a tag or comment of more than 1,048,576 bytes in the SOAP answer"):
        next(rows)


def test_other_encodings() -> None:
    """UTF-8 with a byte order mark, UTF-16 and Latin-1 are read; the inner text has no encoding of its own."""
    text = answer(STOCK.replace("A1", "Caf\u00e9")).decode()
    cafe = [{"Itemcode": "Caf\u00e9", "InStock": Decimal(1)}]
    assert list(soap_rows([b"\xef\xbb\xbf" + text.encode()])) == cafe
    assert list(soap_rows([text.replace("utf-8", "utf-16").encode("utf-16")])) == cafe
    assert list(soap_rows([text.replace("utf-8", "iso-8859-1").encode("latin-1")])) == cafe
    with pytest.raises(AnswerError, match="invalid token"):
        list(soap_rows([text.encode("latin-1")]))


def test_result_bytes() -> None:
    """One level of escaping is taken off, and no more; streamed, and cut off is cut off."""
    data = answer("&lt;a&gt;R&amp;amp;D \u00e9&lt;/a&gt;\n")
    for size in (1, 7, 1000):
        chunks = [data[start : start + size] for start in range(0, len(data), size)]
        assert b"".join(result_bytes(chunks)) == "<a>R&amp;D \u00e9</a>\n".encode()
    assert list(result_bytes([answer("")])) == []
    with pytest.raises(CutOff):
        list(result_bytes([data[:-3]]))
    with pytest.raises(ProfitError, match="Deze connector"):
        list(result_bytes([body(FAULT11)]))


def test_simple_result() -> None:
    """Small answers of any service."""
    assert simple_result(answer("22.22.5")) == "22.22.5"
    assert simple_result(answer("")) == ""
    with pytest.raises(ProfitError, match="Token could not be parsed"):
        simple_result(body(FAULT12, namespace=SOAP12))


def test_raw_texts() -> None:
    """typed=False: the text as it came."""
    assert list(soap_rows([answer(STOCK)], reading=Reading(typed=False))) == [{"Itemcode": "A1", "InStock": "1"}]


def test_a_control_character_is_replaced_where_that_is_wanted() -> None:
    document = b"<AfasGetConnector><R><Ds>a&#x1;b</Ds></R></AfasGetConnector>"
    rows = xml_rows([document], fields=Fields("R", (Field("Ds"),)), reading=Reading(controls=Controls()))
    assert list(rows) == [{"Ds": "a\ufffdb"}]
