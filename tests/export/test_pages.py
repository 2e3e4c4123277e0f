"""Several XML documents in one file."""

from __future__ import annotations

import pytest

from afas_soap.export.pages import Pages

ONE = b"<AfasGetConnector><X><A>1</A></X></AfasGetConnector>"
TWO = b"<AfasGetConnector><X><A>2</A></X></AfasGetConnector>"
SOAP = b'<soap:Envelope a="b"><soap:Body>&lt;/soap:Envelope&gt;</soap:Body></soap:Envelope >'


def pages(data: bytes, size: int = 0) -> list[bytes]:
    """Each document, however the bytes come; the first piece of a file is never small."""
    pieces = [data[:64], *(data[at : at + size] for at in range(64, len(data), size))] if size else [data]
    return [b"".join(page) for page in Pages(pieces)]


@pytest.mark.parametrize("size", [0, 1, 3, 50])
@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\xef\xbb\xbf \r\n", b" " * 3000])
@pytest.mark.parametrize(
    "documents",
    [[ONE, TWO], [ONE, TWO, ONE], [SOAP, SOAP], [ONE, b"<AfasGetConnector />", TWO], [b"<a/>" + b" " * 60, ONE]],
)
def test_one_behind_the_other(size: int, between: bytes, documents: list[bytes]) -> None:
    """With blanks and byte order marks between them, or nothing."""
    assert [page.strip() for page in pages(between.join(documents), size)] == [each.strip() for each in documents]


@pytest.mark.parametrize("size", [0, 1])
@pytest.mark.parametrize(
    ("declaration", "kept"),
    [
        (b'<?xml version="1.0"?>', True),
        (b'<?xml version="1.0" encoding="utf-8"?>', False),
        (b"<?xml version='1.0' encoding='UTF-16'?>", False),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>', True),
    ],
)
def test_each_with_its_declaration(size: int, declaration: bytes, kept: bool) -> None:
    """One that names the encoding which the bytes had is gone from the first, and must go from the others."""
    found = pages(ONE + b"\n" + declaration + b"\n" + TWO, size)
    assert [page.strip() for page in found] == [ONE, declaration + b"\n" + TWO if kept else TWO]


@pytest.mark.parametrize("size", [0, 1, 7])
@pytest.mark.parametrize(
    "data",
    [
        ONE,
        ONE + b"\n",
        ONE + b"<!-- saved --> ",
        ONE + b"<?pi?>",
        ONE + b"junk" + TWO,
        ONE[:30],
        b"<AfasGetConnector/>\n",
        b"<AfasGetConnector",
        b"<!-- only -->" * 100,
        b"<!-- long -->" * 100 + ONE + TWO,
        b"",
        b"<AfasGetConnector>" + b"x" * 5000 + b"<" * 5000,
    ],
)
def test_what_is_one(size: int, data: bytes) -> None:
    """Nothing of it is lost: what stands behind a document is for its reader to refuse."""
    assert b"".join(pages(data, size)) == data
    if b"long" not in data:
        assert len(pages(data, size)) == 1
