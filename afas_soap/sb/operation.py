"""Resource metadata: an operation of SB as a value, with its columns or the fields of its body.

Source of everything here: small-business.md, by its sections, and AFAS' OpenAPI file of 6.0.0.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeVar

from afas_soap.errors import QueryError


class Verb(enum.StrEnum):
    """The method of a call."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"


class Kind(enum.StrEnum):
    """What a column or field holds. Its value is the word in the reference."""

    TEXT = "text"
    UUID = "uuid"
    NUMBER = "number"
    """A decimal number; in bodies with two decimals where ``Field.cents`` says so."""
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MOMENT = "date-time"
    """``2024-01-01T00:00:00Z``; a plain date comes so too, at midnight (2)."""
    DATE = "date"
    EMAIL = "email"
    URI = "uri"
    OBJECT = "object"
    """JSON within JSON: the ``Blob`` of a row, or the members of a body."""


class Source(enum.Flag):
    """Which of AFAS' files has it; none of them for what only its pages or an unused schema tell."""

    FILE_6 = enum.auto()
    """The OpenAPI file of 6.0.0, in a schema."""
    FILE_8 = enum.auto()
    """The OpenAPI file of 8.0, in a schema."""
    SAMPLE = enum.auto()
    """A sample answer only: the schemas do not list it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer. ``choices`` are the words that AFAS lists, () for any."""

    name: str
    kind: Kind = Kind.TEXT
    sources: Source = Source.FILE_6 | Source.FILE_8
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body. ``members`` are those of an object, ``many`` says that it is a list of them. ``cents`` is
    whether a number has two decimals at most; ``shortest`` and ``longest`` count characters."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    shortest: int = 0
    longest: int | None = None
    cents: bool = False
    many: bool = False
    members: tuple[Field, ...] = ()

    def member(self, name: str) -> Field | None:
        """The member of that name, whatever its case."""
        return _named(self.members, name)


class Shape(enum.StrEnum):
    """Which of the two shapes the answer to a write has (3.1)."""

    INSTANCES = "instances"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write that succeeded answers: its shape, and the names in it: codes of instances, or members of data."""

    shape: Shape
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb of one connector at one version. Reads have ``columns``, writes ``fields`` and an ``answer``.

    ``key`` is what names a row, () where nothing does (products: a row for each price). ``tracked`` is whether it knows
    tracking tokens. ``query`` are parameters beside the usual ones. ``conditions`` are the rules between fields, as
    ``sb.checks.conditions`` spells them. ``inferred`` is whether AFAS' files do not show this row whole.
    """

    connector: str
    verb: Verb
    version: str
    sources: Source
    columns: tuple[Column, ...] = ()
    fields: tuple[Field, ...] = ()
    answer: Answer | None = None
    key: tuple[str, ...] = ()
    tracked: bool = False
    query: tuple[str, ...] = ()
    admin_only: bool = False
    inferred: bool = False
    conditions: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of that name, whatever its case: AFAS' samples differ in it (2)."""
        return _named(self.columns, name)

    def field(self, name: str) -> Field | None:
        """The field of that name, whatever its case."""
        return _named(self.fields, name)

    @property
    def path(self) -> str:
        """Below the customer environment, or below ``/admin``."""
        return f"api/{self.connector}"

    @property
    def title(self) -> str:
        """``POST salesinvoice 3.0``, for messages."""
        return f"{self.verb} {self.connector} {self.version}"


_Named = TypeVar("_Named", Column, Field)


def _named(among: tuple[_Named, ...], name: str) -> _Named | None:
    wanted = name.lower()
    return next((one for one in among if one.name.lower() == wanted), None)


def version_key(version: str) -> tuple[int, ...]:
    """What versions are compared by: ``1`` is ``1.0`` (inferred, 2). Raises ``QueryError`` for what is none."""
    parts = version.strip().split(".")
    if not 1 <= len(parts) <= 2 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise QueryError(f"version {version[:24]!r} is none: give it as AFAS does, such as 2.0.")
    return (int(parts[0]), int(parts[1]) if len(parts) > 1 else 0)
