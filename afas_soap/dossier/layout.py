"""A mapping of rows to files: which columns of a GetConnector give folders, which the CSV, which the dossier item.

AFAS' own: the columns before ``DossieritemId`` are folders in their order, those behind it go to the CSV, which always
has ``DossieritemId`` and ``Bestandsnaam`` (special-connectors 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from afas_soap.errors import AnswerError, QueryError
from afas_soap.export.formats import cell
from afas_soap.profit.documents.safename import safe_name
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record
from afas_soap.profit.values import spell

SUBJECT = "DossieritemId"
"""The column with the number of the dossier item, and what the CSV calls it."""

FILE_NAME = "Bestandsnaam"
"""The column of the CSV with the name of the file and its folders."""

EMPTY = "(leeg)"
"""The folder of an empty value. Ours: AFAS does not say what its customers get."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose in place of AFAS' own layout; None for what they did not."""

    subject: str | None = None
    folders: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None


AS_AFAS = Chosen()
"""Nothing was chosen."""


@dataclass(frozen=True, slots=True)
class Item:
    """A dossier item: its number, its folders as they may be called, and the texts of its columns in the CSV."""

    subject: int
    folders: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The column of the dossier item, those of the folders in their order, and those of the CSV."""

    subject: str
    folders: tuple[str, ...]
    columns: tuple[str, ...]

    @classmethod
    def of(cls, fields: Fields, chosen: Chosen) -> Self:
        """The layout for these columns: AFAS' own, but for what was chosen.

        Raises ``QueryError`` for columns that are not there, or that the CSV would have twice.
        """
        subject = subject_column(chosen)
        fields.require([subject, *(chosen.folders or ()), *(chosen.columns or ())])
        at = fields.names.index(subject)
        folders = fields.names[:at] if chosen.folders is None else chosen.folders
        columns = fields.names[at + 1 :] if chosen.columns is None else chosen.columns
        # Under its own name the item would stand there a second time.
        layout = cls(subject, folders, tuple(name for name in columns if name != subject))
        layout._check(fields)
        return layout

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the CSV."""
        return (SUBJECT, FILE_NAME, *self.columns)

    def item(self, record: Record) -> Item:
        """The dossier item of a row. Raises ``AnswerError`` when there is no number of one in it."""
        return Item(
            _number(record[self.subject], self.subject),
            tuple(_folder(spell(record[name])) for name in self.folders),
            tuple(cell(record[name]) for name in self.columns),
        )

    def _check(self, fields: Fields) -> None:
        for name in self.header:
            if self.header.count(name) > 1:
                raise QueryError(
                    f"the CSV would have the column {name!r} twice: choose its columns (--columns) so that each stands "
                    "there once; DossieritemId and Bestandsnaam are always among them."
                ).about(connector=fields.connector)


def subject_column(chosen: Chosen) -> str:
    """The column with the number of the dossier item."""
    return SUBJECT if chosen.subject is None else chosen.subject


def _folder(text: str) -> str:
    return safe_name(text) if text.strip() else EMPTY


def _number(value: object, column: str) -> int:
    text = str(value).strip()
    # Twelve digits are far beyond what Profit has, and what is no number here is none there.
    if not isinstance(value, int | str) or isinstance(value, bool) or not (text.isascii() and text.isdigit()):
        raise AnswerError(f"a row has no number of a dossier item in {column}: name the column that has (--subject).")
    if int(text[:20]) <= 0:
        raise AnswerError(f"a row has {text[:20]} in {column}, and a dossier item has a number above 0.")
    return int(text)
