"""A client that is none: dossier items, their attachments, and what goes wrong, all in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from afas_soap.dossier.layout import SUBJECT
from afas_soap.errors import NotFound
from afas_soap.profit.documents.attachmentlist import LISTING, REACTIONS
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record, Rows

FOLDERS, COLUMNS = ("Type", "Medewerker"), ("Onderwerp", "Bedrag")
FIELDS = Fields(
    "Dossierexport",
    (
        *map(Field, FOLDERS),
        Field(SUBJECT, Kind.INT, "int"),
        Field("Onderwerp"),
        Field("Bedrag", Kind.DECIMAL, "decimal"),
    ),
)


def file_id(number: int) -> str:
    """The id of a file, as Profit spells them."""
    return f"{number:032X}"


class FakeDocument:
    """A document in pieces; a piece may be an error, or something to do."""

    def __init__(self, pieces: list[object]) -> None:
        self._pieces = pieces
        self.closed = False

    def __enter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, BaseException):
                raise piece
            if callable(piece):
                piece()
            else:
                assert isinstance(piece, bytes)
                yield piece

    def __exit__(self, *_: object) -> None:
        self.closed = True


@dataclass
class FakeClient:
    """Items as rows, attachments by item, and contents by the id of their file."""

    environment: str = "emulator"
    records: list[Record] = field(default_factory=list)
    attached: list[tuple[Attachment, bytes]] = field(default_factory=list)
    columns: Fields | None = FIELDS
    columns_known: Fields = FIELDS
    absent: set[str] = field(default_factory=set)
    wrong: dict[str, list[list[object]]] = field(default_factory=dict)
    calls: list[tuple[str, object]] = field(default_factory=list)
    turn: Any = field(default_factory=threading.Lock)

    def item(self, subject: int, *names: str, folders: tuple[str | None, ...] = ("Loonstrook (Profit)", "EZW")) -> Self:
        """One more item, with attachments of these names."""
        values = {"Onderwerp": f"Nr {subject}", "Bedrag": None}
        self.records.append({**dict(zip(FOLDERS, folders, strict=True)), SUBJECT: subject, **values})
        for name in names:
            self.attach(subject, name)
        return self

    def attach(self, subject: int, name: str, *, reaction: int | None = None, content: bytes | None = None) -> str:
        """One more attachment; gives the id of its file."""
        number = file_id(len(self.attached) + 1)
        self.attached.append((Attachment(subject, number, name, reaction), content or f"{name} {number}".encode()))
        return number

    def rows(self, connector: str, **question: Any) -> Rows:
        self.calls.append((connector, question))
        if connector in self.absent:
            raise NotFound(f"{connector} is not there")
        if connector not in (LISTING, REACTIONS):
            return Rows(self.columns, iter(self.records))
        wanted = {int(condition.value) for (condition,) in question["where"]}
        found: list[Record] = [
            {
                "attachment_id": at,
                "subject_id": each.subject,
                "file_id": each.file_id,
                "file_name": each.name,
                **({"reaction_id": each.reaction} if connector == REACTIONS else {}),
            }
            for at, (each, _) in enumerate(self.attached)
            if each.subject in wanted and (each.reaction is not None) == (connector == REACTIONS)
        ]
        return Rows(None, iter(found))

    def fields(self, connector: str) -> Fields:
        self.calls.append(("fields", connector))
        return self.columns_known

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        self.calls.append(("attachments", subject))
        return tuple(each for each, _ in self.attached if each.subject == subject and each.reaction is None)

    def attachment(self, subject: int, file: str | Attachment) -> FakeDocument:
        assert isinstance(file, Attachment)
        with self.turn:
            self.calls.append(("attachment", file.file_id))
            if self.wrong.get(file.file_id):
                return FakeDocument(self.wrong[file.file_id].pop(0))
        content = self.content(file.file_id)
        return FakeDocument([content[:3], content[3:]])

    def content(self, number: str) -> bytes:
        """What is stored under this id."""
        return next(content for each, content in self.attached if each.file_id == number)

    @property
    def fetched(self) -> list[str]:
        """The ids of the files that were asked for."""
        return [str(what) for call, what in self.calls if call == "attachment"]
