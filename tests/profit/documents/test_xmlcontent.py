"""Documents out of SOAP answers: every byte in whatever pieces, and what is no document an error of its own."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, CutOff, ProfitError
from afas_soap.profit.documents.xmlcontent import soap_content
from afas_soap.profit.readers.envelope import simple_result

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
PLAIN = bytes(range(256)) * 4 + b"!"
TEXT = base64.b64encode(PLAIN).decode()
SIZES = [1, 3, 7, 10**6]


def envelope(result: str, *, operation: str = "GetAttachment", soap: str = SOAP11, declared: str = "utf-8") -> str:
    body = (
        f'<{operation}Response xmlns="urn:Afas.Profit.Services"><{operation}Result>{result}</{operation}Result>'
        f"</{operation}Response>"
    )
    return (
        f'<?xml version="1.0" encoding="{declared}"?><s:Envelope xmlns:s="{soap}"><s:Body>{body}</s:Body></s:Envelope>'
    )


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read(data: str | bytes, size: int = 10**6, operation: str = "GetAttachment") -> bytes:
    chunks = list(soap_content(pieces(data if isinstance(data, bytes) else data.encode(), size), operation))
    assert all(chunks), "no chunk is empty"
    return b"".join(chunks)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
def test_a_document(soap: str, size: int) -> None:
    assert read(envelope(TEXT, soap=soap), size) == PLAIN


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("result", ["", "<!-- none -->", " \r\n "])
def test_a_document_may_be_empty(result: str, size: int) -> None:
    assert read(envelope(result), size) == b""
    assert read(envelope("").replace("></GetAttachmentResult>", "/>"), size) == b""


@pytest.mark.parametrize("size", SIZES)
def test_white_space_references_and_cdata_within_it(size: int) -> None:
    lines = base64.encodebytes(PLAIN).decode()
    for text in (
        lines.replace("\n", "\r\n"),
        lines.replace("\n", "&#13;\n"),
        lines.replace("\n", "&#xD;&#xA;"),
        f" {TEXT[:100]}<![CDATA[{TEXT[100:200]}]]>{TEXT[200:]}\t",
        f"<![CDATA[{TEXT}]]>",
        f"{TEXT[:40]}<!-- half -->{TEXT[40:]}",
        f"{TEXT[:40]}<?half?>{TEXT[40:]}",
        TEXT.replace("+", "&#43;").replace("=", "&#x3D;"),
    ):
        assert read(envelope(text), size) == PLAIN


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("us-ascii", "ascii"),
        ("iso-8859-1", "latin-1"),
        # Not one of those of which it is known that a byte is its sign: the parser's way.
        ("iso-8859-15", "iso-8859-15"),
        # UTF-16, whether its mark stands there or not, and whatever the text declares.
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-8", "utf-16-be"),
    ],
)
def test_encodings(declared: str, encoding: str, size: int) -> None:
    assert read(envelope(TEXT, declared=declared).encode(encoding), size) == PLAIN


def test_utf_16_that_is_none() -> None:
    with pytest.raises(AnswerError, match="declares the encoding utf-16, and its bytes are another"):
        read(envelope(TEXT, declared="utf-16"))
    with pytest.raises(AnswerError, match="begins as UTF-16 and holds what is no UTF-16"):
        read(envelope(TEXT).encode("utf-16") + b"x")


def test_memory_does_not_hang_on_the_encoding() -> None:
    """Chunk by chunk in, chunk by chunk out: what is held is no more than a group."""
    data = envelope(TEXT * 50).encode("utf-16")
    given = 0
    for chunk in soap_content(pieces(data, 1000), "GetAttachment"):
        assert len(chunk) <= 1024
        given += len(chunk)
        break
    assert given


@pytest.mark.parametrize("size", SIZES)
def test_cut_at_every_byte_is_never_the_end(size: int) -> None:
    data = envelope("QUJD\r\nREVG\r\nRw==").encode()
    assert read(data, size) == b"ABCDEFG"
    with pytest.raises(AnswerError, match="the answer is empty"):
        read(b"", size)
    for end in range(1, len(data)):
        with pytest.raises(CutOff):
            read(data[:end], size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("AAAA\xe9AAA", "sign 5 is none of base64's"),
        ("AAAA&#233;AAA", "sign 5 is none of base64's"),
        ("AAAA&amp;AAA", "sign 5 is none of base64's"),
        ("AAAA\r\n*AAA", "sign 5 is none of base64's"),
        ("AA==AAAA", "sign 5 stands behind the = that ends it"),
        ("data:image/png;base64,AAAA", 'begins with "data:"'),
        ("AAAA<x/>AAAA", "holds an element where the text of one result is expected"),
        ("AAAA&nbsp;", "is no well-formed XML"),
        ("AAAA]]>", "sign 5 is none of base64's"),
    ],
)
def test_what_is_no_base64(result: str, said: str, size: int) -> None:
    with pytest.raises(AnswerError, match=said) as caught:
        read(envelope(result), size)
    assert not isinstance(caught.value, CutOff)


@pytest.mark.parametrize("size", SIZES)
def test_a_group_that_is_not_whole_in_an_answer_that_is(size: int) -> None:
    with pytest.raises(CutOff, match="the base64 of the document ends within a group, behind 5 signs"):
        read(envelope("AAAAA"), size)


FAULT = """<s:Fault><faultcode>s:Server</faultcode><faultstring>Geen bijlage gevonden.</faultstring><detail>
<ProfitApplicationException><ErrorNumber>-2147180996</ErrorNumber><Message>Geen bijlage gevonden.</Message>
</ProfitApplicationException></detail></s:Fault>"""


@pytest.mark.parametrize("size", SIZES)
def test_a_fault_sent_as_a_success(size: int) -> None:
    data = f'<s:Envelope xmlns:s="{SOAP11}"><s:Body>{FAULT}</s:Body></s:Envelope>'
    with pytest.raises(ProfitError, match="Geen bijlage gevonden") as caught:
        read(data, size)
    assert caught.value.number == -2147180996
    with pytest.raises(CutOff):
        read(data[:-40], size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("close", ["/>", ">{}</GetAttachmentResult>"])
def test_a_result_that_is_nil(close: str, size: int) -> None:
    nil = ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"'
    data = envelope("AAAA").replace(">AAAA</GetAttachmentResult>", nil + close.format("AAAA"))
    with pytest.raises(AnswerError, match="is nil, which is no document"):
        read(data, size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("result", ["AAAA", ""])
def test_the_answer_of_another_operation(result: str, size: int) -> None:
    said = "this is the SOAP answer of Execute, where that of GetAttachment is expected"
    with pytest.raises(AnswerError, match=said):
        read(envelope(result, operation="Execute"), size)
    assert read(envelope("AAAA", operation="Execute"), size, "Execute") == bytes(3)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<!DOCTYPE html><html></html>", "HTML page"),
        ("{}", "the answer is JSON where SOAP is expected"),
        ("<x/>", "no SOAP envelope"),
        (envelope("AAAA").replace("</s:Body>", "x</s:Body>"), "text outside its result"),
        (envelope("AAAA") + "<x/>", "junk after document element"),
        (f'<s:Envelope xmlns:s="{SOAP11}"><s:Body/></s:Envelope>', "no result element"),
    ],
)
def test_what_is_no_answer(data: str, said: str, size: int) -> None:
    with pytest.raises(AnswerError, match=said):
        read(data, size)


@pytest.mark.parametrize("size", [1, 7, 100, 10**6])
def test_the_recorded_attachment(afas: Path, size: int) -> None:
    """A JPEG of an earlier release of Profit, with the bytes that it holds."""
    data = (afas / "soap" / "SubjectConnector-GetAttachmentResponse.xml").read_bytes()
    plain = read(data, size)
    assert plain == base64.b64decode(simple_result(data), validate=True)
    assert (plain[:3], plain[-2:], len(plain)) == (b"\xff\xd8\xff", b"\xff\xd9", 4485)
