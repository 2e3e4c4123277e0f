"""The query string of a read: which rows, in which order. Source: small-business.md 2.

The names of parameters are taken in any case, and sorting under all three that AFAS writes. What a wrong value gets is
not known: it is refused, and so is ``take=0``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from afas_soap.emulator.sb.answers import bad
from afas_soap.emulator.sb.filtering import Filter, parsed
from afas_soap.sb.operation import Column, Kind, Operation

# Most samples have a text between that and 10 digits; more is no number of rows.
_WHOLE = re.compile(r"\d{1,10}", re.ASCII)
_SORTS = ("sort", "sortfield")
_DIRECTIONS = {"ascending": "ASC", "descending": "DESC", "asc": "ASC", "desc": "DESC"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the rows of one connector. ``order`` and ``window`` are SQL; ``token`` is a tracking token."""

    filter: Filter = field(default_factory=Filter)
    order: str = '"_row"'
    skip: int = 0
    take: int | None = None
    token: str | None = None

    def window(self, most: int | None) -> str:
        """LIMIT and OFFSET, with ``most`` rows at most."""
        take = -1 if self.take is None else self.take
        if most is not None:
            take = most if take < 0 else min(take, most)
        return f"LIMIT {take} OFFSET {self.skip}"


def asked(arguments: MultiDict[str, str], operation: Operation, *, operators: bool = False) -> Question:
    """The question that a query string asks. Raises ``SbRefusedError``."""
    given = {name.lower(): value for name, value in arguments.items()}
    columns = {column.name.lower(): column for column in operation.columns}
    text = given.get("filter", "").strip()
    take = given.get("take")
    return Question(
        parsed(text, columns, operators=operators) if text else Filter(),
        _order(next((given[name] for name in _SORTS if given.get(name)), ""), columns),
        _whole("skip", given.get("skip") or "0", 0),
        None if take is None else _whole("take", take, 1),
        given.get("trackingtoken") or None,
    )


def _whole(name: str, text: str, least: int) -> int:
    if not _WHOLE.fullmatch(text) or int(text) < least:
        raise bad(f"Ongeldige waarde voor {name}.")
    return int(text)


def _order(text: str, columns: Mapping[str, Column]) -> str:
    """``Id Ascending``, or several with commas between them, which is inferred. Equal rows stay as they came."""
    told = []
    for part in text.split(",") if text.strip() else ():
        name, _, direction = part.strip().partition(" ")
        column = columns.get(name.lower())
        way = _DIRECTIONS.get(direction.strip().lower() or "ascending")
        if column is None or way is None or column.kind is Kind.OBJECT:
            raise bad("Ongeldige sortering.")
        told.append(f'"{column.name}" {way}')
    return ", ".join((*told, '"_row"'))
