"""Reports, pictures and files: what comes of them, and the filters on a report."""

from __future__ import annotations

import io

import pypdf
import pytest
from PIL import Image

from afas_soap.emulator.documents import archive
from afas_soap.emulator.documents.contents import NotOnDisk
from afas_soap.emulator.documents.files import FREE_FILES, find, free_file
from afas_soap.emulator.documents.images import image_id
from afas_soap.emulator.documents.reports import REPORTS
from afas_soap.errors import NotFound, ProfitError
from afas_soap.profit.documents.content import Size
from afas_soap.profit.questions.query import Condition, Operator


def lines(content: bytes) -> list[str]:
    return pypdf.PdfReader(io.BytesIO(content), strict=True).pages[0].extract_text().splitlines()


def test_a_report_tells_its_filters() -> None:
    name = next(iter(REPORTS))
    filters = (
        (Condition("U002", Operator.EQUALS, "10001"), Condition("U003", Operator.EMPTY)),
        (Condition("KnSbjSbId", Operator.CONTAINS, "25"),),
    )
    content = archive.report(name.lower(), filters)
    assert (content.facts.name, content.facts.media_type) == ("", "application/pdf")
    told = [line for line in lines(b"".join(content)) if line]
    assert told == ["Verkoopfactuur", "U002 1 10001", "U003 8", "of", "KnSbjSbId 6 25"]
    assert lines(b"".join(archive.report(name, ()))) != told


def test_reports_that_are_refused() -> None:
    start_screen = next(name for name, report in REPORTS.items() if report.start_screen)
    with pytest.raises(ProfitError, match="start screen"):
        archive.report(start_screen, ())
    with pytest.raises(NotFound):
        archive.report("0" * 32, ())


def test_a_picture_has_three_sizes() -> None:
    found = {}
    for size in Size:
        with Image.open(io.BytesIO(b"".join(archive.image(image_id(7).lower(), size)))) as image:
            image.load()
            found[size] = (image.size, image.getpixel((0, 0)))
    assert [width for (width, _), _ in found.values()] == [640, 64, 320]
    assert len({colour for _, colour in found.values()}) == 1
    with pytest.raises(NotFound):
        archive.image("0" * 32, Size.ORIGINAL)


def test_files_by_id_and_exact_name() -> None:
    for file in map(free_file, range(FREE_FILES)):
        assert find(file.file_id.lower(), file.name) is not None
        assert find(file.file_id, file.name.swapcase()) is None
        if file.content is None:
            with pytest.raises(NotOnDisk):
                archive.file(file.file_id, file.name)
        else:
            content = archive.file(file.file_id, file.name)
            assert (content.facts.name, b"".join(content)) == (file.name, file.content())
    with pytest.raises(NotFound):
        archive.file("0" * 32, "x")
