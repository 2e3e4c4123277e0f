"""What a GetConnector of the emulator is made of: its columns, and its rows by number.

Row ``number`` is made from its number alone, so that a connector grows to any size by the same rule and nothing has to
be kept in memory. Cells are in stored form: see ``Cell``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from afas_soap.profit.fields import BLOB, FREE_TEXT, KEY_OR_LIST, METAINFO_KINDS, PICTURE, REMARK, Field, Fields, Kind

# Stored form: decimals as their exact digits and date-times as ISO text without a zone, the rest as it is. An empty
# text is the same as None: neither protocol can tell them apart.
Cell = str | int | bool | bytes | None
Cells = tuple[Cell, ...]

_GAP = re.compile(r" {2,}")
_TYPE = re.compile(r"(?P<name>[a-z]+)(?P<length>[0-9]+)?(?:\.(?P<decimals>[0-9]+))?(?P<key>!)?")
_PICTURE = "picture"
_KINDS = {**METAINFO_KINDS, _PICTURE: Kind.BYTES}
# The lengths of numbers and dates are inferred: metainfo shows 3 for an administration and 10 for a key.
_LENGTHS = {Kind.INT: 10, Kind.BOOL: 1, Kind.DATETIME: 10}


@dataclass(frozen=True, slots=True)
class Table:
    """One GetConnector with ``count`` rows.

    ``row`` gives the cells of one row, in column order; ``number`` counts from 0.
    """

    fields: Fields
    count: int
    row: Callable[[int], Cells]

    @property
    def name(self) -> str:
        """The connector's id."""
        return self.fields.connector

    def rows(self) -> Iterable[Cells]:
        """All rows, one after the other."""
        return map(self.row, range(self.count))


def columns(connector: str, description: str, text: str) -> Fields:
    """The columns a block of lines describes: name, type and label, with two blanks or more between.

    A type is one of metainfo's names with its length, such as ``string16``, ``decimal26.2``, ``int``, ``boolean``,
    ``date`` or ``blob``, or ``picture``, which metainfo calls a blob as well; a mark ``!`` behind it stands for a key
    or list, which metainfo shows by its control type.
    """
    lines = [_GAP.split(line.strip(), maxsplit=2) for line in text.strip().splitlines()]
    fields = (_field(number, *line) for number, line in enumerate(lines, 1))
    return Fields(connector, tuple(fields), description)


def _field(number: int, name: str, code: str, label: str) -> Field:
    match = _TYPE.fullmatch(code)
    if match is None:
        raise ValueError(f"column {name}: {code} is no type")
    kind = _KINDS[match["name"]]
    return Field(
        name,
        kind,
        BLOB if kind is Kind.BYTES else match["name"],
        label=label,
        length=int(match["length"] or _LENGTHS.get(kind, 0)),
        decimals=int(match["decimals"] or 0),
        field_id=f"U{number:03d}",
        control_type=_control_type(match["name"], key=bool(match["key"]) or kind is Kind.BOOL),
    )


def _control_type(name: str, *, key: bool) -> int:
    return KEY_OR_LIST if key else {BLOB: REMARK, _PICTURE: PICTURE}.get(name, FREE_TEXT)
