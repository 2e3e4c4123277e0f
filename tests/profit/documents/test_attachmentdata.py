"""All attachments of an item out of one answer: each with its bytes, in its order, and read before the next."""

import base64
import itertools
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, CutOff, ProfitError, QueryError
from afas_soap.profit.documents.attachmentdata import contents_of, data_events
from afas_soap.profit.documents.xmlcontent import soap_content

SIZES = [1, 3, 7, 10**6]
FILES = [("a & b.pdf", b"%PDF-" + bytes(300)), ("", b""), ("a & b.pdf", b"x"), ("Zoë.png", b"\x89PNG\r\n\x1a\n\0")]


def answer(result: str) -> bytes:
    operation = "GetSubjectAttachmentData"
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<{operation}Response xmlns="urn:Afas.Profit.Services"><{operation}Result>{escape(result)}</{operation}Result>'
        f"</{operation}Response></s:Body></s:Envelope>"
    ).encode()


def document(*attachments: str) -> str:
    return f"<SubjectAttachmentData>{''.join(attachments)}</SubjectAttachmentData>"


def attachment(name: str, data: str) -> str:
    return f'\r\n <Attachment filename="{escape(name)}">\r\n  <Data>{data}</Data>\r\n </Attachment>\r\n'


WHOLE = document(*(attachment(name, base64.encodebytes(plain).decode()) for name, plain in FILES))


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read(data: bytes, size: int = 10**6) -> list[tuple[str, bytes]]:
    return [(each.facts.name, b"".join(each)) for each in contents_of(data_events(pieces(data, size)))]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("begin", ["", "\ufeff\r\n", '<?xml version="1.0" encoding="utf-16"?>\n'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_each_with_its_bytes(encoding: str, begin: str, size: int) -> None:
    assert read(answer(begin + WHOLE).decode().encode(encoding), size) == FILES


def test_its_type_is_told_by_its_bytes() -> None:
    kinds = []
    for content in contents_of(data_events([answer(WHOLE)])):
        assert all(content)
        kinds.append(content.facts.media_type)
    assert kinds == ["application/pdf", "application/octet-stream", "application/octet-stream", "image/png"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "result", ["", "<SubjectAttachmentData />", "\n<SubjectAttachmentData>\n</SubjectAttachmentData>"]
)
def test_none(result: str, size: int) -> None:
    assert read(answer(result), size) == []


@pytest.mark.parametrize("size", SIZES)
def test_the_next_one_passes_over_what_is_left(size: int) -> None:
    """And who goes on to read it is told so: it must not look as if it had ended there."""
    contents = contents_of(data_events(pieces(answer(WHOLE), size)))
    first = next(contents)
    assert next(first)
    second, third = next(contents), next(contents)
    assert (first.facts.name, second.facts.name, third.facts.name) == (FILES[0][0], "", FILES[2][0])
    with pytest.raises(QueryError, match="was passed over when the next one was asked for"):
        list(first)
    assert b"".join(third) == b"x"
    fourth = next(contents)
    assert list(third) == [], "what was read to its end stays at its end"
    assert b"".join(fourth) == FILES[3][1]
    assert list(contents) == []


def test_one_whose_answer_was_closed() -> None:
    """With the list that it came from, be it that nobody holds that any more."""
    contents = contents_of(data_events(pieces(answer(WHOLE), 7)))
    content = next(contents)
    next(content)
    contents.close()
    with pytest.raises(QueryError, match="broke off, or was closed, before it was read to its end"):
        list(content)


@pytest.mark.parametrize("size", SIZES)
def test_cut_at_every_byte_is_never_the_end(size: int) -> None:
    data = answer(document(attachment("x", "QUJD\r\nRA=="), attachment("y", "AAAA")))
    for end in itertools.chain(range(1, len(data), 5), range(len(data) - 40, len(data))):
        with pytest.raises(CutOff):
            read(data[:end], size)
    inner = document(attachment("x", "QUJD\r\nRA=="), attachment("y", "AAAA"))
    for end in range(1, len(inner)):
        with pytest.raises(CutOff, match="the attachments end before their end"):
            read(answer(inner[:end]), size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("result", "said"),
    [
        (document(attachment("x", "AAAA*")), "sign 5 is none of base64's"),
        (document(attachment("x", "AAAAé")), "sign 5 is none of base64's"),
        (document(attachment("x", "AA==AA==")), "sign 5 stands behind the = that ends it"),
        (document(attachment("x", "data:x")), 'begins with "data:"'),
        (document(attachment("x", "AAAAA")), "ends within a group"),
        (document('<Attachment filename="x"/>'), r"has no content \(Data\)"),
        (document("<Attachment><Data/><Data/></Attachment>"), "has its content twice"),
        (document("<Attachment><Data>AAAA<x/></Data></Attachment>"), "an element where the text of one is expected"),
        (document("<Attachment><Else/></Attachment>"), "hold an element where Data is expected"),
        (document("<Else/>"), "hold an element where Attachment is expected"),
        ("<SubjectAttachmentInfo/>", "hold an element where SubjectAttachmentData is expected"),
        (document("text"), "hold text outside their content"),
        (document("<Attachment></Else>"), "the attachments are no well-formed XML: mismatched tag"),
        ("nonsense<x/>", "the attachments are no well-formed XML"),
        (f"<!DOCTYPE x>{document()}", r"document type declaration \(DTD\), which is refused"),
        (document(f"<!--{'x' * 1_300_000}-->"), "a tag or comment of more than 1,048,576 bytes in the attachments"),
    ],
)
def test_what_is_no_list_of_attachments(result: str, said: str, size: int) -> None:
    with pytest.raises(AnswerError, match=said):
        read(answer(result), max(size, len(result) // 1000))


def test_another_operation_nil_and_a_fault() -> None:
    with pytest.raises(AnswerError, match="answer of Execute, where that of GetSubjectAttachmentData is expected"):
        read(answer(WHOLE).replace(b"GetSubjectAttachmentData", b"Execute"), 7)
    nil = b'Result xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="1">'
    with pytest.raises(AnswerError, match="is nil"):
        read(answer("").replace(b"Result>", nil, 1))
    fault = b"<s:Fault><faultcode>s:Server</faultcode><faultstring>Nee</faultstring></s:Fault>"
    begin, end = answer("").split(b"<s:Body>")[0], b"</s:Envelope>"
    with pytest.raises(ProfitError, match="Nee"):
        read(begin + b"<s:Body>" + fault + b"</s:Body>" + end, 7)


@pytest.mark.parametrize("size", [1, 100, 10**6])
def test_the_recorded_answers(afas: Path, size: int) -> None:
    """The same picture as ``GetAttachment`` has it."""
    soap = afas / "soap"
    assert read((soap / "SubjectConnector-GetSubjectAttachmentDataResponse_empty.xml").read_bytes(), size) == []
    one = (soap / "SubjectConnector-GetAttachmentResponse.xml").read_bytes()
    picture = b"".join(soap_content([one], "GetAttachment"))
    found = read((soap / "SubjectConnector-GetSubjectAttachmentDataResponse.xml").read_bytes(), size)
    assert [name for name, _ in found] == ["image.jpg"]
    assert found[0][1] == picture
