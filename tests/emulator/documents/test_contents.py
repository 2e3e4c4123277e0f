"""Media types by the ending of a name, and what is not there."""

from __future__ import annotations

import pytest

from afas_soap.emulator.booking.records import Records
from afas_soap.emulator.documents.contents import NotOnDisk, made, media_type, not_there, stored
from afas_soap.emulator.refusals import GENERAL, Refused
from afas_soap.errors import NotFound


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.PDF", "application/pdf"),
        ("a.b.png", "image/png"),
        ("pdf", "application/pdf"),
        ("x", "application/octet-stream"),
    ],
)
def test_media_types(name: str, told: str) -> None:
    assert media_type(name) == told


def test_content_that_is_empty_has_no_chunk() -> None:
    content = made(lambda: b"", "leeg.txt")
    assert (list(content), content.facts.length, content.facts.media_type) == ([], 0, "text/plain")


def test_what_is_not_there(tmp_path) -> None:
    records = Records(tmp_path / "records")
    with pytest.raises(NotFound, match="does not exist") as caught:
        stored(records, "0" * 32, "a.txt")
    records.close()
    assert caught.value.number == GENERAL
    assert isinstance(caught.value.__cause__, Refused)
    assert isinstance(not_there(gone=True), NotOnDisk)
