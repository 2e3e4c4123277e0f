"""Documents as other programs write them, in UTF-8: byte order marks, UTF-16, blanks in front, wrong declarations.

PowerShell writes UTF-16, with a byte order mark or without one, whatever the text declares; .NET declares UTF-16 in
texts that are saved as UTF-8. What the bytes are for certain (a mark, or the noughts of UTF-16) counts. Where nothing
is certain an XML declaration counts, unless the bytes contradict it: that is refused, for text would become another.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from afas_soap.errors import AnswerError

# UTF-32 first: its mark begins as that of UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where the noughts stand in the first four bytes of a document, whose first two signs are ASCII.
_NOUGHTS: Mapping[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
LEAD = "\ufeff \t\r\n"
"""Byte order marks and blanks: what may stand in front of a document, and belongs to none."""

_LEAD = re.compile(rb"(?:\xef\xbb\xbf|[ \t\r\n])*+")
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>\s*")
_ENCODING = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
# More than a declaration takes.
_HEAD = 1024
_WIDE = ("utf-16", "utf16", "utf-32", "utf32", "ucs-", "iso-10646", "unicode")
_NARROW = ("utf-8", "utf8", "us-ascii", "ascii")


def as_utf8(data: bytes) -> bytes:
    """A whole document as UTF-8, without mark or blanks in front, and without a declaration that is not its own.

    Raises ``AnswerError`` where an XML declaration and the bytes contradict each other, and for broken UTF-16.
    """
    return b"".join(utf8_pieces([data]))


def utf8_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same of a document that comes in pieces."""
    pieces = _at_least(4, chunks)
    first = next(pieces, b"")
    certain = encoding_of(first)
    pieces = _at_least(_HEAD, without_lead(_transcoded(first, pieces, certain)))
    head = next(pieces, b"")
    if certain:
        yield head[match.end() :] if (match := _DECLARATION.match(head)) else head
        yield from pieces
        return
    declared = match[1].decode().lower() if (match := _ENCODING.match(head)) else "utf-8"
    if declared.startswith(_WIDE):
        raise AnswerError(_CONTRADICTION.format(declared=declared, bytes="another"))
    yield from _checked(itertools.chain([head], pieces), declared)


def decoded(data: bytes) -> str:
    """A whole text that declares nothing, such as JSON, without its mark.

    Raises ``UnicodeDecodeError`` for what is no UTF-8, ``AnswerError`` for broken UTF-16.
    """
    name = encoding_of(data) or "utf-8"
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError:
        if name == "utf-8":
            raise
    raise _broken(name)


class Lead:
    """The marks and blanks in front of a document in UTF-8 that comes in pieces: no XML declaration may stand behind
    them."""

    def __init__(self) -> None:
        self._held: bytes | None = b""

    def behind(self, piece: bytes) -> bytes:
        """What of the next piece stands behind them; b"" while nothing does."""
        if self._held is None:
            return piece
        piece = self._held + piece
        found = _LEAD.match(piece)
        assert found is not None, "it matches nothing as well"
        piece = piece[found.end() :]
        if codecs.BOM_UTF8.startswith(piece):
            self._held = piece
            return b""
        self._held = None
        return piece

    def rest(self) -> bytes:
        """What is left at the end: the beginning of a mark that did not go on."""
        return self._held or b""


def without_lead(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a document without the marks and blanks in front."""
    lead = Lead()
    for chunk in chunks:
        if piece := lead.behind(chunk):
            yield piece
    if lead.rest():
        yield lead.rest()


def begins_as_xml(data: bytes) -> bool:
    """Whether the first sign of a document is ``<``, in whichever encoding."""
    head = data[:_HEAD].decode(encoding_of(data) or "utf-8", errors="replace")
    return head.lstrip(LEAD)[:1] == "<"


def encoding_of(first: bytes) -> str | None:
    """The encoding, such as ``utf-16-le``, where the first four bytes of a document leave no doubt about it."""
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    return _NOUGHTS.get(tuple(byte == 0 for byte in first[:4]))


def _transcoded(first: bytes, rest: Iterator[bytes], name: str | None) -> Iterator[bytes]:
    if name in (None, "utf-8"):
        yield first
        yield from rest
        return
    decoder = codecs.getincrementaldecoder(name)()
    try:
        yield decoder.decode(first).encode()
        for chunk in rest:
            yield decoder.decode(chunk).encode()
        decoder.decode(b"", final=True)
    except UnicodeError:
        problem = _broken(name)
    else:
        return
    raise problem


def _broken(name: str) -> AnswerError:
    family = name[: len("utf-16")].upper()
    return AnswerError(f"it begins as {family} and holds what is no {family}")


def _at_least(size: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, of which the first has ``size`` bytes unless all of them have fewer."""
    held: bytes | None = b""
    for chunk in chunks:
        if held is not None:
            chunk = held + chunk
            held = chunk if len(chunk) < size else None
        if held is None:
            yield chunk
    if held:
        yield held


def _checked(pieces: Iterable[bytes], declared: str) -> Iterator[bytes]:
    """The pieces, unless what is declared as one byte a sign turns out to be UTF-8, which no reader would notice."""
    undecided = not declared.startswith(_NARROW)
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces:
        if undecided and (not piece.isascii() or decoder.getstate()[0]):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                undecided = False
            else:
                if not decoder.getstate()[0]:
                    raise AnswerError(_CONTRADICTION.format(declared=declared, bytes="UTF-8"))
        yield piece


_CONTRADICTION = (
    "the XML declares the encoding {declared}, and its bytes are {bytes}: save it in the encoding that it declares, or "
    'declare the one that it has, such as encoding="utf-8"'
)
