"""Magic numbers: the media type of a document by its first bytes, where nobody tells it."""

from __future__ import annotations

# Those that the dossier of a company holds most; of the containers (ZIP, OLE) only that they are one.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"<?xml", "application/xml"),
)

UNKNOWN = "application/octet-stream"
"""The type of bytes that tell none."""


def media_type_of(beginning: bytes) -> str:
    """The media type that the first bytes of a document show, ``UNKNOWN`` for none of those that are known here."""
    return next((media for sign, media in _SIGNATURES if beginning.startswith(sign)), UNKNOWN)
