"""What a document is called on the disk."""

import mimetypes

import pytest

from afas_soap.documents.naming import extension_of, file_name, free_names


@pytest.mark.parametrize(
    ("name", "media_type", "called"),
    [
        ("invoice.pdf", "application/pdf", "invoice.pdf"),
        # An extension stays, whatever the type: a drawing that is a PDF inside is its program's.
        ("plan.ai", "application/pdf", "plan.ai"),
        ("mail.msg", "application/x-ole-storage", "mail.msg"),
        ("report", "application/pdf", "report.pdf"),
        ("2026.12", "Application/PDF; charset=x", "2026.12.pdf"),
        ("Letter of J. Jansen", "application/rtf", "Letter of J. Jansen.rtf"),
        ("../../x", "text/plain", "_.._x.txt"),
        ("NUL", "image/jpeg", "_NUL.jpg"),
        ("", "", "unnamed"),
        ("", "image/png", "unnamed.png"),
        ("x", "application/octet-stream", "x"),
        ("x", "nonsense", "x"),
        ("é" * 200, "application/pdf", "é" * 125 + ".pdf"),
    ],
)
def test_the_name_of_a_file(name: str, media_type: str, called: str) -> None:
    assert file_name(name, media_type) == called


@pytest.mark.parametrize(
    ("media_type", "extension"),
    [
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
        ("application/vnd.oasis.opendocument.text", ".odt"),
        ("application/zip", ".zip"),
        ("text/csv", ".csv"),
        ("image/tiff", ".tif"),
        ("message/rfc822", ".eml"),
    ],
)
def test_extensions(media_type: str, extension: str) -> None:
    assert extension_of(media_type) == extension


def test_what_the_machine_has_beside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same name everywhere."""
    monkeypatch.setattr(mimetypes, "knownfiles", [])
    mimetypes.add_type("application/pdf", ".afas")
    try:
        assert extension_of("application/pdf") == ".pdf"
    finally:
        mimetypes.init()


def test_names_that_are_free() -> None:
    names = list(free_names("x.pdf"))
    assert names[:3] == ["x.pdf", "x (2).pdf", "x (3).pdf"]
    assert len(names) == len(set(names)) == 9_999
