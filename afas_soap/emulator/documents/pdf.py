"""PDF: pages of plain lines, written by hand (ISO 32000-1, version 1.4), the same bytes for the same lines.

Letters are those of Windows-1252 in Helvetica, which every reader has; any other is a question mark.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

# A4 in points, and how many lines of twelve points fit between its margins.
_PAGE = "[0 0 595 842]"
_TOP, _LEADING, _LINES = 780, 16, 44
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
# Objects one to three are the catalogue, the list of pages and the font.
_CATALOGUE, _PAGES, _FACE, _FIRST = 1, 2, 3, 4
# Four bytes above 127 behind the first line tell programs that the file is binary.
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


def pdf(lines: Iterable[str]) -> bytes:
    """A document of these lines, as many on a page as fit."""
    rest = iter(lines)
    # One page at least: a document without any is none.
    pages = [list(itertools.islice(rest, _LINES)), *iter(lambda: list(itertools.islice(rest, _LINES)), [])]
    numbers = range(_FIRST, _FIRST + 2 * len(pages), 2)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        f"<< /Type /Catalog /Pages {_PAGES} 0 R >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(numbers)} >>".encode(),
        _FONT,
    ]
    for number, page in zip(numbers, pages, strict=True):
        objects += _page(number, page)
    return b"".join(_file(objects))


def _page(number: int, lines: Sequence[str]) -> tuple[bytes, bytes]:
    """A page and what is on it, which has the next number."""
    told = f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox {_PAGE} /Resources << /Font << /F {_FACE} 0 R >> >> "
    shown = b"".join(b"(%s) Tj T*\n" % _literal(line) for line in lines)
    stream = f"BT /F 12 Tf {_LEADING} TL 60 {_TOP} Td\n".encode() + shown + b"ET"
    return (
        f"{told}/Contents {number + 1} 0 R >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    )


def _literal(text: str) -> bytes:
    written = text.encode("cp1252", "replace")
    for sign in (b"\\", b"(", b")"):
        written = written.replace(sign, b"\\" + sign)
    return written


def _file(objects: Sequence[bytes]) -> Iterator[bytes]:
    """Head, objects, the table of where each begins, and where that table is."""
    at, places = len(_HEAD), []
    yield _HEAD
    for number, content in enumerate(objects, 1):
        whole = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        places.append(b"%010d 00000 n \n" % at)
        at += len(whole)
        yield whole
    size = len(objects) + 1
    yield b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, b"".join(places))
    yield b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, _CATALOGUE, at)
