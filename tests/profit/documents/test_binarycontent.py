"""Answers to ``SendFileAsBinary``: the document as it is, or the JSON that it is wrapped in after all."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError, Busy, CutOff, ProfitError
from afas_soap.profit.documents.binarycontent import binary_content, facts_of_headers
from afas_soap.profit.documents.content import Facts

SIZES = [1, 3, 7, 10**6]
TOLD = Facts("told.bin", "x/told", 5)


JSON = Facts("", "application/json", 5)


def read(data: bytes, size: int = 10**6, told: Facts = TOLD) -> tuple[bytes, Facts]:
    facts = Facts()
    pieces: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
    chunks = list(binary_content(pieces, facts, told))
    assert all(chunks), "no chunk is empty"
    return b"".join(chunks), facts


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "data",
    [
        *(b"%PDF-1.7" + bytes(300), b"", b" \r\n", b"\xef\xbb\xbftext", b"[1]", b"{", b'{"a":', b"{}", b"{nonsense}"),
        # JSON that is a document of its own.
        *(b' {"a": {"filedata": "AAAA"}}', b'{"filedata": null}', b'{"message": "Dear reader"}', b'{"filedata": 1'),
    ],
)
def test_the_document_as_it_is(data: bytes, size: int) -> None:
    assert read(data, size) == (data, TOLD)


@pytest.mark.parametrize("size", [1000, 10**7])
def test_long_json_that_is_a_document(size: int) -> None:
    data = json.dumps({"a": "x" * 3 * 2**20, "filedata": "AAAA"}).encode()
    if size == 1000:
        assert read(data, size) == (data, TOLD)
    assert read(b"%PDF" + data, size) == (b"%PDF" + data, TOLD)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("media_type", ["application/json", "text/json"])
def test_half_a_wrapper_is_no_document(media_type: str, size: int) -> None:
    """Cut at any byte, with a length that fits: what is called JSON and begins as an object is whole or an error."""
    data = b' {"filename":"x.pdf","mimetype":"application/pdf","filedata":"AAAA"}'
    for cut in range(len(data)):
        with pytest.raises(CutOff):
            read(data[:cut], size, Facts("", media_type))
    for wrong in (b"{nonsense}", b'{"a":1}{"a":2}', b'{"a":"\xff"}'):
        with pytest.raises(AnswerError, match=r"no well-formed JSON|no UTF-8"):
            read(wrong, size, Facts("", media_type))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("data", [b"[1", b"%PDF", b'"x', b"{}", b' {"a": {"filedata": "AAAA"}}\n'])
def test_what_is_called_json_and_may_be_a_document(data: bytes, size: int) -> None:
    """A whole object of its own, and what begins as none."""
    assert read(data, size, JSON) == (data, JSON)


@pytest.mark.parametrize("size", [1000, 10**7])
def test_half_a_long_object_is_no_document(size: int) -> None:
    """One that is not held either; of white space behind it nothing is said."""
    data = json.dumps({"a": "x" * 3 * 2**20}).encode() + b" \n" * 1000
    assert read(data, size, JSON) == (data, JSON)
    for cut in (2**21, len(data) - 2001, len(data) - 2002):
        with pytest.raises(CutOff):
            read(data[:cut], size, JSON)


def test_a_document_that_is_no_json_goes_on_at_once() -> None:
    """Nothing is gathered to see what it is."""
    chunks = binary_content(iter([b"%", b"PDF", b""]), Facts(), TOLD)
    assert [next(chunks), next(chunks), *chunks] == [b"%", b"PDF"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("begin", ["", "\ufeff\r\n"])
def test_the_wrapper_tells_for_itself(begin: str, size: int) -> None:
    data = f'{begin}{{"filename":"x.pdf","filedata":"AAAA"}}'.encode()
    assert read(data, size) == (bytes(3), Facts("x.pdf"))
    with pytest.raises(CutOff):
        read(data[:-1], size)
    with pytest.raises(AnswerError, match="sign 5 is none of base64's"):
        read(b'{"filedata":"AAAA*"}', size)


@pytest.mark.parametrize("size", SIZES)
def test_a_whole_refusal_is_no_document(size: int) -> None:
    with pytest.raises(ProfitError, match="Nee"):
        read(b'{"externalMessage":"Nee","errorNumber":-1,"profitLogReference":"A"}', size)
    with pytest.raises(Busy):
        read(b'{"error":{"message":"away"},"retry_after":30}', size)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("", ""),
        ("attachment", ""),
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a.pdf", "a.pdf"),
        ('inline; FILENAME="a\\"b.pdf"', 'a"b.pdf'),
        ("attachment; filename=\"x.pdf\"; filename*=UTF-8''Zo%C3%AB.pdf", "Zoë.pdf"),
        ('attachment; filename="Zo\xc3\xab.pdf"', "Zoë.pdf"),
        ('attachment; filename="Zo\xeb.pdf"', "Zoë.pdf"),
        ('attachment; filename="=?utf-8?B?Wm/Dqy5wZGY=?="', "Zoë.pdf"),
        # No encoded word after all, or in no character set that is known.
        ('attachment; filename="=?x-unknown?B?AAAA?="', "=?x-unknown?B?AAAA?="),
        ('attachment; filename="=?utf-8?B?A?="', "=?utf-8?B?A?="),
        ('attachment; filename="=?utf-8?B?/w==?="', "=?utf-8?B?/w==?="),
        ('attachment; filename="=?utf-8"', "=?utf-8"),
        ("attachment; filename*=x-unknown''a%FF.pdf", "a\xff.pdf"),
        # What it is called on the disk is another question.
        ('attachment; filename="../../x"', "../../x"),
        ("attachment;\r\n filename=x", "x"),
    ],
)
def test_the_name_in_the_headers(disposition: str, name: str) -> None:
    assert facts_of_headers("", disposition, "").name == name


@given(st.text(st.characters(max_codepoint=255), max_size=60))
@example("=?unknown-8bit?B?/w==?=")
def test_no_name_in_the_headers_is_an_accident(text: str) -> None:
    """Whatever stands there is a name that can be written down."""
    for spelt in (
        text,
        f"x; filename={text}",
        f'x; filename="{text}"',
        f"x; filename*={text}",
        f"x; filename*0*={text}",
    ):
        facts_of_headers("", spelt, "").name.encode()
        for packed in ("=?utf-8?B?{}?=", "=?utf-8?Q?{}?=", "=?{}?Q?=80?="):
            facts_of_headers("", f'x; filename="{packed.format(text)}"', "").name.encode()


@pytest.mark.parametrize(
    ("content_type", "length", "facts"),
    [
        ("", "", Facts()),
        ("Application/PDF; charset=x", "12", Facts("", "application/pdf", 12)),
        ("application/octet-stream", "x", Facts()),
        *(("", length, Facts()) for length in ("-1", "1.0", "9" * 19, "9" * 5000)),
    ],
)
def test_type_and_length_in_the_headers(content_type: str, length: str, facts: Facts) -> None:
    assert facts_of_headers(content_type, "", length) == facts
