"""The command line of a remote import (argument quoting): ``/O"O12345AA" IMPORT /N"Import dossier" /F"dossier.csv"``.

Source: special-connectors 5.1. No escape for a quote is documented, so nothing with one can be said.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from afas_soap.errors import QueryError
from afas_soap.profit.imports.archive import checked_entry


class Action(enum.StrEnum):
    """What Profit is told to do, in its own words."""

    IMPORT = "IMPORT"
    """Import a file by an import definition that stands in Profit."""
    DEFINITION = "DEFINITIEIMPORT"
    """Import the definition of a GetConnector."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. ``environment_id`` is the whole one, with its letter (``O12345AA``); ``name`` is the import
    definition's, "" for a definition; ``file`` is what the file is called in the archive; ``administration`` is the
    one to import into, where that has to be said.

    Raises ``QueryError`` for what a command line cannot say.
    """

    action: Action
    environment_id: str
    file: str
    name: str = ""
    administration: str | None = None

    def __post_init__(self) -> None:
        said("environment_id", self.environment_id)
        said("file", checked_entry(self.file))
        if self.action is Action.IMPORT:
            said("name", self.name)
        if self.administration is not None:
            said("administration", self.administration)

    @property
    def line(self) -> str:
        """The command line."""
        parts = [f'/O"{self.environment_id}"', str(self.action)]
        if self.action is Action.IMPORT:
            parts.append(f'/N"{self.name}"')
        parts.append(f'/F"{self.file}"')
        if self.administration is not None:
            parts.append(f'/A"{self.administration}"')
        return " ".join(parts)


def said(what: str, text: str) -> str:
    """``text``. Raises ``QueryError`` when a command line cannot say it; ``what`` is the argument that it is."""
    if not isinstance(text, str) or not text.strip():
        raise QueryError(f"{what}: it is empty, and an import needs it.")
    if '"' in text:
        raise QueryError(f'{what}: it holds a quotation mark ("), for which AFAS documents no escape: rename it.')
    if not text.isprintable():
        raise QueryError(f"{what}: it holds a line break or another control character, and is said on one line.")
    return text
