"""One long text of a JSON document, such as the ``filedata`` of an attachment: in pieces, decoded, never held whole."""

import base64
import json
import re
import tracemalloc
from collections.abc import Iterator

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.readers.jsonstream import JsonStream, Path

DECODER = json.JSONDecoder()
PATH = ("filedata",)
LIMIT = 2**20


def pieces(body: str | bytes, path: Path = PATH, size: int = 0, max_value: int = LIMIT) -> Iterator[str]:
    data = body.encode() if isinstance(body, str) else body
    size = size or len(data) or 1
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    return JsonStream(chunks, DECODER, max_value, path).text()


TEXTS = [
    "",
    "QUJD",
    "/9j/4QAY+w==",
    'a"b\\c\\\\"',
    "\\",
    "\\u1234",
    "\\\\ud83d",
    "\b\f\n\r\t/",
    "\x01\x1f\x7f",
    "é€\ufeff",
    "\U0001f600 en \U0001f601",
    "\U0001f600",
    "\ud7ff\ue000",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_every_split_of_its_bytes(text: str, ascii_only: bool) -> None:
    """The text in whatever pieces it comes, with every escape, split anywhere."""
    spelt = json.dumps(text, ensure_ascii=ascii_only).replace("/", "\\/")
    for body, path in [
        (spelt, ()),
        (f'{{"filename":"x.png","filedata":{spelt},"n":[1]}}', PATH),
        (f'{{"a":{{"filedata" : {spelt} }} }}', ("a", "filedata")),
    ]:
        data = body.encode()
        for size in range(len(data)):
            assert "".join(pieces(body, path, size)) == text
            halves = JsonStream([data[:size], data[size:]], DECODER, LIMIT, path)
            assert "".join(halves.text()) == text


@pytest.mark.parametrize("text", TEXTS)
def test_cut_off_anywhere(text: str) -> None:
    """What was whole comes first, and half a character never."""
    body = json.dumps({"filename": "x", "filedata": text, "mimetype": "y"}).encode()
    for end in range(1, len(body)):
        for size in (0, 1):
            given: list[str] = []
            with pytest.raises(CutOff):
                given.extend(pieces(body[:end], size=size))
            assert text.startswith("".join(given))


def test_what_stands_beside() -> None:
    """In front of it and behind it."""
    stream = JsonStream([b'{"filename":"x.png","filedata":"QQ==","mimetype":"image/png"}'], DECODER, LIMIT, PATH)
    found = stream.text()
    assert next(found) == "QQ=="
    assert stream.beside == {"filename": '"x.png"'}
    assert list(found) == []
    assert stream.beside == {"filename": '"x.png"', "mimetype": '"image/png"'}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"filedata":null}', '"filedata" in the answer is no text'),
        ('{"filedata":["QQ=="]}', '"filedata" in the answer is no text'),
        ('{"filename":"x"}', 'the answer is JSON without "filedata"'),
        ("[]", "the answer is a JSON array where an object with filedata is expected"),
        ('{"filedata":"","filedata":""}', "the answer holds its filedata twice"),
        ('{"filedata":"QQ=="}}', "the answer goes on behind its end"),
        ('{"filedata":"QQ==" "x":1}', "no well-formed JSON"),
        ('{"filedata":"a\nb"}', "no well-formed JSON"),
        ('{"filedata":"\x00"}', "no well-formed JSON"),
        ('{"filedata":"\\x41"}', "no well-formed JSON"),
        ('{"filedata":"\\u12g4"}', "no well-formed JSON"),
        ('{"filedata":"abc\\u12"}', "no well-formed JSON"),
        ('{"filedata":"\\ud83d"}', "half of a surrogate pair"),
        ('{"filedata":"\\ud83dx"}', "half of a surrogate pair"),
        ('{"filedata":"\\ud83d\\ud83d\\ude00"}', "half of a surrogate pair"),
        ('{"filedata":"\\ude00"}', "half of a surrogate pair"),
    ],
)
def test_no_such_text(body: str, message: str) -> None:
    """In one readable sentence, whatever the pieces."""
    for size in (0, 1, 2, 3):
        with pytest.raises(AnswerError, match=re.escape(message)) as caught:
            list(pieces(body, size=size))
        assert not isinstance(caught.value, CutOff)


def test_not_the_document_that_was_expected() -> None:
    with pytest.raises(AnswerError, match="a JSON object where a text is expected"):
        list(pieces("{}", ()))
    with pytest.raises(AnswerError, match="no UTF-8"):
        list(pieces(b'{"filedata":"abc\xff"}'))


@pytest.mark.parametrize("text", ["x" * 1000, "é" * 500, "\n" * 1000, "€" * 333 + "x"])
def test_limit(text: str) -> None:
    """In bytes of the text, however it is spelt: exactly the limit is read."""
    for ascii_only in (True, False):
        body = json.dumps({"filedata": text}, ensure_ascii=ascii_only)
        for size in (0, 7):
            assert "".join(pieces(body, size=size, max_value=1000)) == text
            with pytest.raises(AnswerError, match=r'^"filedata" in the answer is a value of more than max_value \(999'):
                list(pieces(body, size=size, max_value=999))


def test_pieces_before_the_rest_is_there() -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"filedata":"QUJD'
        pytest.fail("read on")

    assert next(JsonStream(chunks(), DECODER, LIMIT, PATH).text()) == "QUJD"


def test_memory_does_not_grow() -> None:
    """Sixteen megabytes of base64, with the slashes escaped as .NET writes them."""
    block = base64.b64encode(bytes(range(256)) * 3 * 64).replace(b"/", b"\\/")

    def chunks() -> Iterator[bytes]:
        yield b'{"filedata":"'
        for _ in range(256):
            yield block
        yield b'"}'

    size = 0
    tracemalloc.start()
    try:
        for piece in JsonStream(chunks(), DECODER, 2**30, PATH).text():
            size += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == 256 * 65536
    assert peak < 1_500_000
