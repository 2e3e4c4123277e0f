"""Whole documents from outside: no DTD, no entities, clear reasons."""

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit import xmlsafe


def test_reads_bytes_and_text() -> None:
    """A text may declare any encoding: it is not encoded any more. The predefined entities are read."""
    assert xmlsafe.parse('<?xml version="1.0" encoding="iso-8859-1"?><a>Café &amp; co</a>').text == "Café & co"
    assert xmlsafe.parse('<?xml version="1.0" encoding="iso-8859-1"?><a>Caf\xe9</a>'.encode("latin-1")).text == "Café"
    assert xmlsafe.parse(b"\xef\xbb\xbf<a>\xc3\xa9</a>").text == "é"


def test_a_text_over_ten_million_bytes_is_read() -> None:
    """libxml2's own limit, which zeep's users know."""
    assert len(xmlsafe.parse(b"<a>" + b"x" * 10_000_001 + b"</a>").text or "") == 10_000_001


@pytest.mark.parametrize(
    "document",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
    ],
)
def test_a_dtd_is_refused(document: bytes) -> None:
    """Before anything in it is looked at."""
    with pytest.raises(AnswerError, match="document type declaration"):
        xmlsafe.parse(document)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"<a></b>", r"mismatched tag \(line 1, column 6\)"),
        (b"<a/>x", "junk after document element"),
        (b"{}", "invalid token"),
        (b"<a>&x;</a>", "undefined entity"),
        (b"<a>\xff</a>", "invalid token"),
        (b"<a>\x01</a>", "invalid token"),
        (b"<a>&#1;</a>", "invalid character number"),
        (b"<p:a/>", "not well-formed"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "encoding"),
        ("<a>\ud800</a>", "surrogate"),
    ],
)
def test_why_it_cannot_be_read(document: bytes | str, reason: str) -> None:
    """Reasons are fixed texts with a place: they never quote the document."""
    with pytest.raises(AnswerError, match=reason) as caught:
        xmlsafe.parse(document)
    assert not isinstance(caught.value, CutOff)


@pytest.mark.parametrize("end", range(1, 24))
def test_cut_off_anywhere(end: int) -> None:
    """An end before the end is its own error."""
    document = b"<a b='c'><d>&amp;</d></a>"
    with pytest.raises(CutOff):
        xmlsafe.parse(document[:end])


def test_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document over the limit is refused by its size, in words."""
    monkeypatch.setattr(xmlsafe, "MAX_DOCUMENT", 10)
    assert xmlsafe.parse(b"<a>123</a>").text == "123"
    with pytest.raises(AnswerError, match="11 bytes, over the limit of 10"):
        xmlsafe.parse(b"<a>1234</a>")
