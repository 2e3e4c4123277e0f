"""Documents out of REST answers: every byte in whatever pieces and order, and no document is an error of its own."""

import base64
import itertools
import json
from collections.abc import Iterator, Mapping

import pytest

from afas_soap.errors import AnswerError, Busy, CutOff, ProfitError
from afas_soap.profit.documents.content import Facts
from afas_soap.profit.documents.jsoncontent import json_content

PLAIN = bytes(range(256)) * 4 + b"!"
TEXT = base64.b64encode(PLAIN).decode()
SIZES = [1, 3, 7, 10**6]
FACTS = {"filename": 'Loonstrook "März".pdf', "mimetype": "application/pdf"}
LEARNT = Facts('Loonstrook "März".pdf', "application/pdf")


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def read(data: str | bytes, size: int = 10**6, facts: Facts | None = None) -> bytes:
    source = pieces(data if isinstance(data, bytes) else data.encode(), size)
    chunks = list(json_content(source, Facts() if facts is None else facts))
    assert all(chunks), "no chunk is empty"
    return b"".join(chunks)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("order", list(itertools.permutations(("filename", "mimetype", "filedata"))))
@pytest.mark.parametrize("ascii_only", [True, False])
def test_members_in_any_order(order: tuple[str, ...], size: int, *, ascii_only: bool) -> None:
    members: Mapping[str, str] = {**FACTS, "filedata": TEXT}
    text = json.dumps({name: members[name] for name in order}, ensure_ascii=ascii_only)
    for spelt in (text, f"\ufeff \r\n{text}\n", text.replace("filedata", "filedat\\u0061")):
        facts = Facts()
        assert read(spelt, size, facts) == PLAIN
        assert facts == LEARNT


@pytest.mark.parametrize("size", SIZES)
def test_what_else_may_stand_there(size: int) -> None:
    """Members of later releases, a name that is none, no member but the content."""
    facts = Facts()
    odd = '{"a" : {"filedata": "x", "b": [1, "]}"]} ,\t"filename":null,"n":-1.5e3, "filedata" : "AAAA" , "mimetype":7 }'
    assert read(odd, size, facts) == bytes(3)
    assert facts == Facts()
    assert read('{"filedata":"AAAA"}', size, facts) == bytes(3)
    assert read('{"filedata":"","filename":""}', size, facts) == b""
    assert facts == Facts()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("beside", "error", "sentence"),
    [
        ('"errorNumber":-1,"externalMessage":"Geen rechten.","profitLogReference":"A1"', ProfitError, "Geen rechten."),
        ('"message":"Geen rechten."', ProfitError, "Geen rechten."),
        ('"error":{"message":"away"},"retry_after":30', Busy, "away"),
        ('"errorNumber":-1', AnswerError, '"filedata" is empty in the answer, and beside it stands an error'),
        ('"externalMessage":"","profitLogReference":"A1"', AnswerError, "does not say why"),
    ],
)
def test_an_empty_one_beside_an_error_is_that_error(
    beside: str, error: type[Exception], sentence: str, size: int
) -> None:
    """In front of it or behind it. One that is not empty is a document, whatever stands beside it."""
    for text in (f'{{"filedata":"",{beside}}}', f'{{{beside},"filedata":""}}', f'{{{beside},"filedata":" "}}'):
        with pytest.raises(error, match=sentence):
            read(text, size)
    assert read(f'{{"filedata":"AAAA",{beside}}}', size) == bytes(3)


@pytest.mark.parametrize("beside", ['"errorNumber":0', '"message":""', '"error":null', '"externalMessage":null'])
def test_an_empty_one_beside_no_error_is_empty(beside: str) -> None:
    assert read(f'{{{beside},"filedata":""}}') == b""


def test_what_is_told_behind_the_content_is_known_at_the_end() -> None:
    facts = Facts()
    chunks = json_content(pieces(f'{{"filedata":"{TEXT}","mimetype":"image/png"}}'.encode(), 500), facts)
    next(chunks)
    assert facts == Facts()
    list(chunks)
    assert facts == Facts(media_type="image/png")


@pytest.mark.parametrize("size", SIZES)
def test_escapes_and_white_space_within_the_content(size: int) -> None:
    lines = base64.encodebytes(PLAIN).decode()
    for text in (
        TEXT.replace("+", "\\u002B").replace("/", "\\/").replace("=", "\\u003d"),
        lines.replace("\n", "\\r\\n"),
        lines.replace("\n", "\\u000D\\u000a"),
        lines.replace("\n", "\\t \\n"),
        # No JSON in all strictness, and nothing that could be misread.
        lines.replace("\n", "\r\n"),
    ):
        assert read(f'{{"filedata":"{text}"}}', size) == PLAIN


@pytest.mark.parametrize("size", SIZES)
def test_cut_at_every_byte_is_never_the_end(size: int) -> None:
    for text in (
        '{"filename":"\xe9\\u00e9.pdf","filedata":"QUJD\\r\\nR\\u0045VGRw==","mimetype":"\xe9\\u00e9/x","n":[-1.5e+3,null]}',
        '{"a":true,"b":false,"c":null,"d":-10,"filedata":"AA==","a":true,"b":false,"c":null,"e":1.25E-7}',
        '{"externalMessage":"Nee","errorNumber":-1,"profitLogReference":null}',
    ):
        data = text.encode()
        with pytest.raises(AnswerError, match="the answer is empty"):
            read(b"", size)
        for end in range(1, len(data)):
            with pytest.raises(CutOff, match="ends before its end"):
                read(data[:end], size)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"filedata":"AAAA\xe9AAA"}', "sign 5 is none of base64's"),
        ('{"filedata":"AAAA\\u00e9AAA"}', "sign 5 is none of base64's"),
        ('{"filedata":"AAAA\\u20acAAA"}', "sign 5 is none of base64's"),
        ('{"filedata":"AAAA\\bAAA"}', "sign 5 is none of base64's"),
        ('{"filedata":"AAAA\\"AAA"}', "no well-formed JSON"),
        ('{"filedata":"AAAA\\\\nAAA"}', "sign 5 is none of base64's"),
        ('{"filedata":"AA==AAAA"}', "sign 5 stands behind the = that ends it"),
        ('{"filedata":"data:image/png;base64,AAAA"}', 'begins with "data:"'),
        ('{"filedata":"data\\u003aimage/png;base64,AAAA"}', 'begins with "data:"'),
        ('{"filedata":"AAAA","filedata":"AAAA"}', 'holds "filedata" twice'),
        ('{"filedata":null,"filedata":"AAAA"}', '"filedata" is missing|"filedata" holds no text'),
        ('{"filedata":null}', '"filedata" holds no text'),
        ('{"filedata":["AAAA"]}', '"filedata" holds no text'),
        ('{"filename":"x"}', '"filedata" is missing'),
        ("{}", '"filedata" is missing'),
        ("[]", "the answer is no JSON object, and so no document"),
        ('"filedata"', "the answer is no JSON object, and so no document"),
        ("nonsense", "the answer is no JSON object"),
        ('{filedata:"AAAA"}', "no well-formed JSON"),
        ('{"filedata";"AAAA"}', "no well-formed JSON"),
        ('{1:2,"filedata":"AAAA"}', "no well-formed JSON"),
        ('{"a":b,"filedata":"AAAA"}', "no well-formed JSON"),
        ('{"filedata":"AAAA","a":b}', "no well-formed JSON"),
        ('{"filedata":"AAAA"]', "no well-formed JSON"),
        ('{"filedata":"AAAA"}t', "no well-formed JSON"),
        ('{"filedata":"AAAA"}{}', "no well-formed JSON"),
        ('{"a":' + "[" * 100_000, "no well-formed JSON|ends before its end"),
        ('{"filedata":"","a":' + "[" * 100_000 + "}", "no well-formed JSON"),
        ('{"filedata":"","a":' + "1" * 5000 + "}", "no well-formed JSON"),
    ],
)
def test_what_is_no_document(text: str, said: str, size: int) -> None:
    with pytest.raises(AnswerError, match=said):
        read(text, size)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_no_utf_8(size: int) -> None:
    for data in (b'{"filename":"\xe9.pdf","filedata":"AAAA"}', b'{"filedata":"AAAA","filename":"\xe9.pdf"}'):
        with pytest.raises(AnswerError, match="the answer is no UTF-8"):
            read(data, size)
    with pytest.raises(AnswerError, match="sign 5 is none of base64's"):
        read(b'{"filedata":"AAAA\xe9"}', size)


@pytest.mark.parametrize("size", SIZES)
def test_a_group_that_is_not_whole_in_an_answer_that_is(size: int) -> None:
    with pytest.raises(CutOff, match="the base64 of the document ends within a group, behind 5 signs"):
        read('{"filedata":"AAAAA","mimetype":"x/y"}', size)


@pytest.mark.parametrize("size", SIZES)
def test_an_error_body_that_came_as_a_success(size: int) -> None:
    with pytest.raises(ProfitError, match="Geen rechten") as caught:
        read('{"externalMessage":"Geen rechten","errorNumber":-2147180996,"profitLogReference":"A1"}', size)
    assert (caught.value.number, caught.value.log_reference) == (-2147180996, "A1")
    with pytest.raises(Busy, match="Profit is away for a while"):
        read('{"error":{"message":{}},"retry_after":"30"}', size)


def test_what_stands_beside_the_content_is_small() -> None:
    long = "x" * 2**20
    with pytest.raises(AnswerError, match='has no "filedata" in its first 1,048,576 bytes'):
        read(f'{{"a":"{long * 2}","filedata":"AAAA"}}', 5000)
    with pytest.raises(AnswerError, match='goes on for more than 1,048,576 bytes behind "filedata"'):
        read(f'{{"filedata":"AAAA","a":"{long}"}}', 5000)
    assert read(f'{{"a":"{long[:-100]}","filedata":"AAAA"}}', 5000) == bytes(3)
