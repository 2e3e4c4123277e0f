"""PDF: pypdf is the judge, in its strict mode."""

from __future__ import annotations

import io

import pypdf
import pytest

from afas_soap.emulator.documents.pdf import pdf


def pages(data: bytes) -> list[list[str]]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    return [page.extract_text().splitlines() for page in reader.pages]


@pytest.mark.parametrize("count", [1, 43, 44, 45, 88, 89, 200])
def test_every_line_is_on_a_page(count: int) -> None:
    lines = [f"Regel {number}" for number in range(count)]
    data = pdf(lines)
    assert data == pdf(iter(lines)), "the same each time"
    found = pages(data)
    assert [line for page in found for line in page] == lines
    assert len(found) == -(-count // 44)


def test_a_document_without_lines_has_a_page() -> None:
    assert pages(pdf([])) == [[]]


def test_signs_that_mean_something_in_pdf_and_letters_beyond_ascii() -> None:
    assert pages(pdf(["a (b) \\c ((", "één € œuvre", "koffie ☕"])) == [["a (b) \\c ((", "één € œuvre", "koffie ?"]]
