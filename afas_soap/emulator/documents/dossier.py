"""Files of the dossier, copy on write: those of the seed until an update touches an item, then those of its record.

What an update sent lies in the records, under the number of the file (``booking.rules.dossier``).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from afas_soap.emulator.booking.booking import Books
from afas_soap.emulator.booking.numbering import file_id as file_number
from afas_soap.emulator.booking.records import Document, Records, Row, key_of
from afas_soap.emulator.booking.rules.dossier import ATTACHMENT, REACTION_ATTACHMENT, REACTIONS
from afas_soap.emulator.booking.seeds import Seeds
from afas_soap.emulator.documents.attachments import attachments_of, reaction_attachments_of, subject_of
from afas_soap.emulator.documents.contents import made, not_there, stored
from afas_soap.emulator.refusals import Refused
from afas_soap.profit.documents.content import Attachment, Content
from afas_soap.profit.updates.update import Action, Element, Part, Update

_Open = Callable[[], Content]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of the dossier; ``open`` gives its content anew each time, and is None when it is not on disk."""

    attachment: Attachment
    open: _Open | None


class Dossier:
    """The files of dossier items and of reactions, in ``books`` and in the seed, which ``seeds`` looks up. Safe for
    several threads."""

    def __init__(self, books: Books, seeds: Seeds) -> None:
        self._books = books
        self._seeds = seeds

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """The attachments of a dossier item, () for an item that is not there as well."""
        return tuple(kept.attachment for kept in self._of(subject))

    def attachment(self, subject: int, file_id: str) -> Content:
        """The content of an attachment; of the first one without ``file_id``.

        Files of a reaction are found by the number of their dossier item and by their reaction's, for working clients
        send either (special-connectors 2).
        """
        wanted = file_id.casefold()
        kept = self._of(subject)
        if wanted:
            kept = [each for each in (*kept, *self._of_reactions(subject)) if _is(each, wanted)]
        if not kept:
            raise not_there()
        return _opened(kept[0])

    def attachment_data(self, subject: int) -> Iterator[Content]:
        """Every attachment that is on disk, with its content."""
        return (kept.open() for kept in self._of(subject) if kept.open is not None)

    def attach(self, subject: int, name: str, content: bytes) -> str:
        """Put one more file on a dossier item, however large it is, and give the file's id."""
        counter = "attached"
        with self._books.records() as records, records.transaction():
            number = (records.last(counter) or 0) + 1
            records.set_last(counter, number)
        identity = file_number(counter, number)
        rows = (Part(ATTACHMENT, (Element({"FileName": name, "FileId": identity}),)),)
        record = Element(keys={"SbId": str(subject)}, action=Action.UPDATE, objects=rows)
        try:
            self._books.book(Update("KnSubject", "KnSubject", (record,), ATTACHMENT))
        except Refused as refused:
            raise refused.error() from refused
        with self._books.records() as records, records.transaction():
            records.keep_file(identity, content)
        return identity

    def _of(self, subject: int) -> list[_Kept]:
        with self._books.records() as records:
            document = records.by_key("KnSubject", key_of([str(subject)]))
            if document is not None:
                return [] if document.gone else self._booked(records, document, ATTACHMENT)
            return self._seeded(subject)

    def _seeded(self, subject: int) -> list[_Kept]:
        """The attachments of the seed: they are there when their item is."""
        if not self._seeds.rows("Profit_Subjects", {"SubjectId": str(subject)}):
            return []
        return [
            _Kept(Attachment(subject, file.file_id, file.name), _maker(file.content, file.name))
            for file in attachments_of(subject)
        ]

    def _of_reactions(self, number: int) -> list[_Kept]:
        """The files of the reactions to the dossier item with this number, and those of the reaction with it."""
        with self._books.records() as records:
            asked = (records.marked(each, code, str(number)) for each in REACTIONS for code in ("SbId", "Id"))
            documents = [document for found in asked for document in found]
            booked = [kept for document in documents for kept in self._booked(records, document, REACTION_ATTACHMENT)]
        return [*booked, *self._seeded_of_reactions(number)]

    def _seeded_of_reactions(self, number: int) -> list[_Kept]:
        subjects = {number: None, subject_of(number): number}
        return [
            _Kept(Attachment(file.subject, file.file_id, file.name, file.reaction), _maker(file.content, file.name))
            for subject, reaction in subjects.items()
            if subject is not None and self._seeds.rows("Profit_Subjects", {"SubjectId": str(subject)})
            for file in reaction_attachments_of(subject)
            if reaction in (None, file.reaction)
        ]

    def _booked(self, records: Records, document: Document, part: str) -> list[_Kept]:
        subject = int(document.row.text("SbId"))
        reaction = int(document.row.text("Id")) if part == REACTION_ATTACHMENT else None
        return [
            _Kept(
                Attachment(subject, row.text("FileId"), row.text("FileName"), reaction),
                self._opener(records, subject, row),
            )
            for row in document.row.parts.get(part, [])
        ]

    def _opener(self, records: Records, subject: int, row: Row) -> _Open | None:
        """What was sent, or the seed's, or nothing: a file that was uploaded elsewhere is not here."""
        number, name = row.text("FileId"), row.text("FileName")
        if records.has_file(number):
            return functools.partial(stored, records, number, name)
        seeded = (file for file in attachments_of(subject) if file.file_id == number)
        return next((_maker(file.content, name) for file in seeded), None)


def _is(kept: _Kept, wanted: str) -> bool:
    return kept.attachment.file_id.casefold() == wanted


def _opened(kept: _Kept) -> Content:
    if kept.open is None:
        raise not_there()
    return kept.open()


def _maker(make: Callable[[], bytes] | None, name: str) -> _Open | None:
    return None if make is None else functools.partial(made, make, name)
