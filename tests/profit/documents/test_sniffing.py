"""The media type of a document by its first bytes, whatever pieces they come in."""

import io
import zipfile

import pytest

from afas_soap.profit.documents.content import Facts
from afas_soap.profit.documents.sniffing import ENOUGH, UNKNOWN, media_type_of, sniffed

OFFICE = "application/vnd.openxmlformats-officedocument"


def zipped(*names: str, stored: str = "x") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name in names:
            archive.writestr(name, stored)
    return whole.getvalue()


KINDS = [
    (b"%PDF-1.7\n", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM\x36\x10\x00\x00\x00\x00\x00\x00\x36", "image/bmp"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf1", "application/rtf"),
    (b"<?xml version", "application/xml"),
    (b"\xef\xbb\xbf<?xml version", "application/xml"),
    (zipped("a.txt"), "application/zip"),
    # A folder of such a name is not yet a document, nor is the list of types.
    (zipped("word/a.txt"), "application/zip"),
    (zipped("[Content_Types].xml", "a.txt"), "application/zip"),
    (zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), f"{OFFICE}.wordprocessingml.document"),
    (zipped("xl/workbook.xml", "[Content_Types].xml"), f"{OFFICE}.spreadsheetml.sheet"),
    (zipped("[Content_Types].xml", "ppt/presentation.xml"), f"{OFFICE}.presentationml.presentation"),
    (
        zipped("mimetype", "content.xml", stored="application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    (b"BMW is a car, and no picture", UNKNOWN),
    (b"Dear reader", UNKNOWN),
    (b"", UNKNOWN),
]


@pytest.mark.parametrize(("beginning", "media"), KINDS)
def test_what_the_first_bytes_show(beginning: bytes, media: str) -> None:
    assert media_type_of(beginning) == media


@pytest.mark.parametrize("size", [1, 3, 7, 10**6])
@pytest.mark.parametrize(("beginning", "media"), KINDS)
@pytest.mark.parametrize("more", [0, 2 * ENOUGH])
def test_whatever_pieces_they_come_in(beginning: bytes, media: str, more: int, size: int) -> None:
    whole = beginning + bytes(more)
    facts = Facts()
    assert b"".join(sniffed((whole[at : at + size] for at in range(0, len(whole), size)), facts)) == whole
    assert facts.media_type == media


def test_it_is_known_as_soon_as_there_is_enough() -> None:
    facts = Facts()
    chunks = sniffed(iter([b"%PDF-" + bytes(ENOUGH - 6), b"x", b"y"]), facts)
    next(chunks)
    assert facts.media_type == ""
    next(chunks)
    assert facts.media_type == "application/pdf"


@pytest.mark.parametrize("more", [b"", bytes(ENOUGH)])
def test_what_is_told_counts(more: bytes) -> None:
    facts = Facts(media_type="application/vnd.afas")
    list(sniffed([b"%PDF-", more], facts))
    assert facts.media_type == "application/vnd.afas"
