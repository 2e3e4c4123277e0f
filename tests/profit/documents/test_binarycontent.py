"""Answers to ``SendFileAsBinary``: the document as it is, or the JSON that it is wrapped in after all."""

import json
from collections.abc import Iterator

import pytest

from afas_soap.errors import AnswerError, Busy, CutOff, ProfitError
from afas_soap.profit.documents.binarycontent import binary_content, facts_of_headers
from afas_soap.profit.documents.content import Facts

SIZES = [1, 3, 7, 10**6]
TOLD = Facts("told.bin", "x/told", 5)


def read(data: bytes, size: int = 10**6) -> tuple[bytes, Facts]:
    facts = Facts()
    pieces: Iterator[bytes] = (data[at : at + size] for at in range(0, len(data), size))
    chunks = list(binary_content(pieces, facts, TOLD))
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
        # What it is called on the disk is another question.
        ('attachment; filename="../../x"', "../../x"),
        ("attachment;\r\n filename=x", "x"),
    ],
)
def test_the_name_in_the_headers(disposition: str, name: str) -> None:
    assert facts_of_headers("", disposition, "").name == name


@pytest.mark.parametrize(
    ("content_type", "length", "facts"),
    [
        ("", "", Facts()),
        ("Application/PDF; charset=x", "12", Facts("", "application/pdf", 12)),
        ("application/octet-stream", "x", Facts()),
    ],
)
def test_type_and_length_in_the_headers(content_type: str, length: str, facts: Facts) -> None:
    assert facts_of_headers(content_type, "", length) == facts
