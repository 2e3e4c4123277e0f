"""Documents as PowerShell, .NET and editors write them, in whichever encoding and with whatever in front."""

from __future__ import annotations

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.encoding import as_utf8, begins_as_xml, decoded, utf8_pieces, without_lead

XML = "<a>Café ☕</a>"
DECLARED = '<?xml version="1.0" encoding="{}"?>\r\n<a>Café</a>'
PLAIN = "<a>Café</a>".encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-8"])
@pytest.mark.parametrize("front", ["", "\ufeff", "\r\n\t ", "\ufeff\n \n"])
def test_what_the_bytes_are(encoding: str, front: str) -> None:
    """With a byte order mark and without one, with blanks in front."""
    assert as_utf8((front + XML).encode(encoding)) == XML.encode()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-8"])
@pytest.mark.parametrize("said", ["utf-8", "utf-16", "UTF-16LE", "iso-8859-1", "windows-1252"])
def test_a_mark_counts_whatever_is_declared(encoding: str, said: str) -> None:
    """As PowerShell writes a document that declares what it was before."""
    assert as_utf8(("\ufeff \r\n" + DECLARED.format(said)).encode(encoding)) == PLAIN


@pytest.mark.parametrize("said", ["utf-16", "UTF-16", "unicode", "ucs-2", "utf-32"])
def test_wide_declared_and_narrow_written(said: str) -> None:
    """As .NET's StringWriter declares, and a file of UTF-8 holds: told, with what helps."""
    with pytest.raises(AnswerError, match=f'declares the encoding {said.lower()}.*encoding="utf-8"'):
        as_utf8(b"\r\n" + DECLARED.format(said).encode())


@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1252", "ISO-8859-15"])
def test_narrow_declared_and_utf8_written(said: str) -> None:
    """No parser would notice, and each sign would become two."""
    with pytest.raises(AnswerError, match=f"declares the encoding {said.lower()}, and its bytes are UTF-8"):
        as_utf8(DECLARED.format(said).encode())


@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1252"])
def test_narrow_declared_and_written(said: str) -> None:
    """As it is: the declaration says what it is to a parser. So does one that has nothing to say."""
    data = DECLARED.format(said).encode("latin-1")
    assert as_utf8(data) == data
    ascii_only = DECLARED.format(said).replace("é", "e").encode()
    assert as_utf8(ascii_only) == ascii_only


def test_a_sign_that_is_cut_decides_nothing() -> None:
    """A piece may end within a sign of UTF-8, or with one of Latin-1 that looks like its beginning."""
    head = DECLARED.format("iso-8859-1").encode("latin-1")[:-5] + b"x" * 2000
    with pytest.raises(AnswerError, match="bytes are UTF-8"):
        list(utf8_pieces([head + b"\xc3", b"\xa9</a>"]))
    assert b"".join(utf8_pieces([head + b"\xc3", b"</a>", b"\xc3\xa9"])).endswith(b"\xc3</a>\xc3\xa9")


@pytest.mark.parametrize("data", ["\ufeff<a/>".encode("utf-16-le")[:-1], b"\xff\xfe<\x00\x00\xdc\x00\x00"])
def test_broken(data: bytes) -> None:
    """Cut in the middle of a sign, or half a pair."""
    with pytest.raises(AnswerError, match="no UTF-16"):
        as_utf8(data)
    with pytest.raises(AnswerError, match="no UTF-16"):
        decoded(data)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-8"])
def test_in_pieces_of_any_size(encoding: str) -> None:
    """Byte by byte, in which no piece tells what the whole is."""
    data = ("\ufeff\n" + DECLARED.format("utf-16")).encode(encoding)
    assert b"".join(utf8_pieces(data[at : at + 1] for at in range(len(data)))) == PLAIN


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n\xef\xbb\xbf"])
def test_nothing(data: bytes) -> None:
    """Marks and blanks are nothing."""
    assert as_utf8(data) == b""
    assert list(without_lead([data, b""])) == []


def test_half_a_mark() -> None:
    """What begins as a byte order mark and is none stays."""
    assert list(without_lead([b" \xef", b"\xbb", b"<a/>"])) == [b"\xef\xbb<a/>"]
    assert list(without_lead([b"\n", b"\xef\xbb"])) == [b"\xef\xbb"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_which_begins_as_xml(encoding: str) -> None:
    """Whatever stands in front."""
    assert begins_as_xml(f" \r\n{XML}".encode(encoding))
    assert not begins_as_xml('\n{"a": "<b>"}'.encode(encoding))
    assert not begins_as_xml("".encode(encoding))


def test_a_text_that_declares_nothing() -> None:
    """Its mark goes, its blanks stay, and what is no UTF-8 is told by its place."""
    assert decoded(b"\xef\xbb\xbf\n{}") == "\n{}"
    assert decoded('\ufeff {"é": 1}'.encode("utf-16-le")) == ' {"é": 1}'
    with pytest.raises(UnicodeDecodeError) as caught:
        decoded(b'{"Caf\xe9": 1}')
    assert caught.value.start == 5
