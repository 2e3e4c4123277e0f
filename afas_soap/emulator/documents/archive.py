"""The archive: reports, pictures and files, each as content, or refused as Profit would."""

from __future__ import annotations

from afas_soap.emulator.documents import files, images, reports
from afas_soap.emulator.documents.contents import made, not_there
from afas_soap.emulator.refusals import START_SCREEN, Refused
from afas_soap.profit.documents.content import Content, Size
from afas_soap.profit.questions.query import Filter


def report(identity: str, filters: tuple[Filter, ...]) -> Content:
    """A PDF that tells what it was asked, without a name of its own."""
    found = reports.report(identity)
    if found is None:
        raise not_there()
    if found.start_screen:
        refused = Refused(START_SCREEN)
        raise refused.error() from refused
    return made(lambda: reports.printed(found, filters), "", "application/pdf")


def image(identity: str, size: Size) -> Content:
    """A picture, without a name."""
    found = images.image(identity, size)
    if found is None:
        raise not_there()
    return made(lambda: found, "", "image/png")


def file(file_id: str, name: str) -> Content:
    """A file of a free field. Raises ``NotOnDisk`` for one that is listed only."""
    found = files.find(file_id, name)
    if found is None:
        raise not_there()
    if found.content is None:
        raise not_there(gone=True)
    return made(found.content, found.name)
