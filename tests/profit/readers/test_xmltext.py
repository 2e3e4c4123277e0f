"""One long text of an XML document, such as the base64 of an attachment: in pieces, never held whole."""

import base64
import re
import tracemalloc
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.readers.envelope import result_bytes
from afas_soap.profit.readers.xmltext import ElementText, Path, element_text

PATH = ("Attachment", "Data")
LIMIT = 2**20


def document(data: str, before: str = "", behind: str = "") -> str:
    return (
        f'<SubjectAttachmentData>{before}\n<Attachment filename="é.jpg">\n  <Data>{data}</Data>\n</Attachment>{behind}'
        "</SubjectAttachmentData>\n"
    )


def pieces(text: str | bytes, path: Path = PATH, size: int = 0, max_value: int = LIMIT) -> Iterator[str]:
    data = text.encode() if isinstance(text, str) else text
    size = size or len(data) or 1
    return element_text((data[at : at + size] for at in range(0, len(data), size)), path, max_value=max_value)


SPELT = [
    ("", ""),
    ("QUJD", "QUJD"),
    ("a&amp;b&#13;&lt;é€", "a&b\r<é€"),
    ("<![CDATA[a<b]]>&#x1F600;", "a<b\U0001f600"),
    ("a<!-- no -->b<?x y?>c\r\nd", "abc\nd"),
]


@pytest.mark.parametrize(("spelt", "text"), SPELT)
def test_every_split_of_its_bytes(spelt: str, text: str) -> None:
    """Split anywhere, and whatever else stands in the document."""
    body = document(
        spelt, "<!-- <Data>no</Data> --><Data>no</Data><Info><Data>no</Data></Info>", "<Attachment/>"
    ).encode()
    for size in range(len(body)):
        assert "".join(pieces(body, size=size)) == text
        assert "".join(element_text([body[:size], body[size:]], PATH)) == text


@pytest.mark.parametrize(("spelt", "text"), SPELT)
def test_cut_off_anywhere(spelt: str, text: str) -> None:
    """What was whole comes first."""
    body = document(spelt).rstrip().encode()
    for end in range(1, len(body)):
        given: list[str] = []
        with pytest.raises(CutOff, match="the document ends before its end"):
            given.extend(pieces(body[:end]))
        assert text.startswith("".join(given).replace("\r\n", "\n"))


def test_within_the_result_of_a_soap_answer() -> None:
    """Two parsers, one behind the other, in any pieces; the inner document declares nothing that counts."""
    inner = '<?xml version="1.0" encoding="utf-16"?>' + document("QUJD&#38;é")
    answer = (
        '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<GetSubjectAttachmentDataResponse xmlns="urn:Afas.Profit.Services"><GetSubjectAttachmentDataResult>'
        f"{escape(inner)}</GetSubjectAttachmentDataResult></GetSubjectAttachmentDataResponse></s:Body></s:Envelope>"
    ).encode()
    for size in (1, 7, 100, len(answer)):
        chunks = (answer[at : at + size] for at in range(0, len(answer), size))
        assert "".join(element_text(result_bytes(chunks), PATH, encoding="utf-8")) == "QUJD&é"


def test_the_attributes_on_the_way() -> None:
    """Those of the elements that hold the text, and of no other."""
    body = (
        '<r x="0"><A filename="1" kept="no"/><A filename="2" xmlns:o="urn:o" o:x="no"><B n="3"/><D t="4">QQ==</D></A>'
        '<A filename="5"/></r>'
    )
    found = ElementText(("A", "D"))
    assert found.attributes == {}
    assert list(found.pieces([body.encode()])) == ["QQ=="]
    assert found.attributes == {"filename": "2", "t": "4"}


def test_local_names_count() -> None:
    assert list(pieces('<a:r xmlns:a="urn:a"><a:D>x</a:D></a:r>', ("D",))) == ["x"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "the document is empty"),
        (" \n", "the document is empty"),
        ("<SubjectAttachmentData />", "the document holds no Data"),
        ("<r><Data>QQ==</Data></r>", "the document holds no Data"),
        ("<r><Attachment><x><Data>QQ==</Data></x></Attachment></r>", "the document holds no Data"),
        ("<r><Attachment><Data>a</Data><Data>b</Data></Attachment></r>", "the document holds more than one Data"),
        (document("a", behind="<Attachment><Data/></Attachment>"), "the document holds more than one Data"),
        (document("a<b/>c"), "Data holds elements where a text is expected"),
        (
            '<r xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Attachment><Data i:nil="1"/></Attachment></r>',
            "Data is nil, which is no text",
        ),
        ("<!DOCTYPE r [<!ENTITY e 'x'>]><r/>", "the document has a document type declaration"),
        (document("&nope;"), "no well-formed XML: undefined entity"),
        (document("\x01"), "no well-formed XML: not well-formed"),
        (document("a") + "<x/>", "no well-formed XML: junk after document element"),
        ('<?xml version="1.0" encoding="ebcdic-xx"?><r/>', "declares an encoding that is not known here"),
        ("<a>" * 101, "nested more than 100 deep"),
    ],
)
def test_no_such_text(body: str, message: str) -> None:
    """In one readable sentence, whatever the pieces."""
    for size in (0, 1):
        with pytest.raises(AnswerError, match=re.escape(message)) as caught:
            list(pieces(body, size=size))
        assert not isinstance(caught.value, CutOff)


def test_limits() -> None:
    """Of the text in bytes, and of a tag or comment without end."""
    for text in ("x" * 1000, "é" * 500):
        for size in (0, 64):
            assert "".join(pieces(document(text), size=size, max_value=1000)) == text
            with pytest.raises(AnswerError, match=r"^Data is a value of more than max_value \(999 bytes\)"):
                list(pieces(document(text), size=size, max_value=999))

    def endless() -> Iterator[bytes]:
        yield b"<r><!--"
        for _ in range(40):
            yield b"x" * 50_000
        pytest.fail("read on")

    with pytest.raises(AnswerError, match="a tag or comment of more than 1,048,576 bytes"):
        list(element_text(endless(), PATH))


def test_memory_does_not_grow() -> None:
    """Sixteen megabytes, and as much that is passed over; the first piece comes before the rest is asked for."""
    block = base64.b64encode(bytes(49152))
    asked: list[int] = []

    def chunks() -> Iterator[bytes]:
        yield b"<r><Other>"
        yield from [block] * 256
        yield b"</Other><Attachment><Data>"
        for number in range(256):
            asked.append(number)
            yield block
        yield b"</Data></Attachment></r>"

    tracemalloc.start()
    try:
        found = element_text(chunks(), PATH)
        size = len(next(found))
        assert len(asked) <= 2
        size += sum(map(len, found))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == 256 * 65536
    assert peak < 1_500_000
