"""Content of a document at the emulator, with its media type by the ending of its name; and what is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from afas_soap.emulator.booking.records import Records
from afas_soap.emulator.refusals import NO_SUCH_DOCUMENT, Refused
from afas_soap.errors import NotFound
from afas_soap.profit.documents.content import Content, Facts

_BINARY = "application/octet-stream"
_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "text/xml",
    "zip": "application/zip",
}


class NotOnDisk(NotFound):
    """A file that is listed, and whose content is gone."""


def media_type(name: str) -> str:
    """What a file of this name is, as a web server tells it."""
    return _TYPES.get(name.rpartition(".")[2].lower(), _BINARY)


def made(make: Callable[[], bytes], name: str, kind: str = "") -> Content:
    """Content that is made now."""
    whole = make()
    return Content(iter([whole] if whole else []), Facts(name, kind or media_type(name), len(whole)))


def stored(records: Records, number: str, name: str) -> Content:
    """What was booked under the number of a file."""
    found = records.file(number)
    if found is None:
        raise not_there()
    length, pieces = found
    return Content(pieces, Facts(name, media_type(name), length), pieces.close)


def not_there(*, gone: bool = False) -> NotFound:
    """The refusal of what is not there, or is ``gone`` from the disk; with the other language in its cause."""
    refused = Refused(NO_SUCH_DOCUMENT)
    error = (NotOnDisk if gone else NotFound)(refused.message("en"), number=refused.number)
    error.__cause__ = refused
    return error
