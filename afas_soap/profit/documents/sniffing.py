"""Magic numbers: the media type of a document by its first bytes, where nobody tells it.

A table of our own: ``filetype`` is not kept up, and ``puremagic`` guesses where nothing is certain (every ZIP would be
a Word document). A wrong type is worse than none, for the name that a file gets goes by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from afas_soap.profit.documents.content import Facts

UNKNOWN = "application/octet-stream"
"""The type of bytes that tell none."""

ENOUGH = 4096
"""How many bytes are looked at: in a ZIP those of Office the first parts tell which of them it is."""

_ZIP = "application/zip"
# Those that the dossier of a company holds most; of OLE only that it is one.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"<?xml", "application/xml"),
    (b"\xef\xbb\xbf<?xml", "application/xml"),
)
# Its length and four noughts behind it: two letters alone begin many a text.
_BITMAP = re.compile(rb"BM.{4}\x00{4}", re.DOTALL)
_OPEN_DOCUMENT = re.compile(rb"PK\x03\x04.{26}mimetype(application/vnd\.oasis\.opendocument\.[a-z-]+)", re.DOTALL)
_OFFICE_PART = re.compile(rb"PK\x03\x04.{26}(word|xl|ppt)/", re.DOTALL)
_OFFICE_TYPES = b"[Content_Types].xml"
_OFFICE = {
    b"word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def media_type_of(beginning: bytes) -> str:
    """The media type that the first bytes of a document show (``ENOUGH`` of them, or all), ``UNKNOWN`` where they show
    none that is known here."""
    media = next((media for sign, media in _SIGNATURES if beginning.startswith(sign)), UNKNOWN)
    if media == _ZIP:
        return _within_zip(beginning[:ENOUGH])
    return "image/bmp" if media == UNKNOWN and _BITMAP.match(beginning) else media


def sniffed(chunks: Iterable[bytes], facts: Facts) -> Iterator[bytes]:
    """The same chunks; ``facts`` learns the media type from the first bytes, however few of them each chunk has, where
    nobody told it. What is told later counts."""
    beginning = b""
    for chunk in chunks:
        if len(beginning) < ENOUGH:
            beginning += chunk[: ENOUGH - len(beginning)]
            if len(beginning) == ENOUGH:
                facts.media_type = facts.media_type or media_type_of(beginning)
        yield chunk
    facts.media_type = facts.media_type or media_type_of(beginning)


def _within_zip(beginning: bytes) -> str:
    """Which of the documents that are a ZIP it is."""
    if (found := _OPEN_DOCUMENT.match(beginning)) is not None:
        return found[1].decode()
    part = _OFFICE_PART.search(beginning)
    return _ZIP if part is None or _OFFICE_TYPES not in beginning else _OFFICE[part[1]]
