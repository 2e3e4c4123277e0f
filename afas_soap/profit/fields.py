"""Columns and their types, and the one table that maps both protocols' type names.

The SOAP answer declares XSD types (``xs:string`` and ``xs:decimal`` were recorded, the others are inferred: profit-wire
2.4), metainfo its own six names (profit-wire 3.4). Nothing on REST tells a date from a date-time.
"""

from __future__ import annotations

import dataclasses
import difflib
import enum
import functools
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import SupportsIndex, overload

from afas_soap.errors import QueryError


class Kind(enum.StrEnum):
    """The Python type of a value. ``DATE`` only where the caller named the column."""

    TEXT = "str"
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATETIME = "datetime"
    DATE = "date"
    BYTES = "bytes"


_LOG = logging.getLogger("afas_soap.profit")

# kind: (metainfo's name, XSD's name when we write, every other XSD name we read)
_NAMES: Mapping[Kind, tuple[str, str, tuple[str, ...]]] = {
    Kind.TEXT: ("string", "string", ("normalizedString", "token", "anyURI", "time", "duration")),
    Kind.INT: (
        "int",
        # The widest: AFAS' update schemas have it too, and a .NET DataSet refuses a larger number than its type holds.
        "long",
        (
            "int",
            "short",
            "byte",
            "integer",
            "unsignedByte",
            "unsignedShort",
            "unsignedInt",
            "unsignedLong",
            "nonNegativeInteger",
            "positiveInteger",
        ),
    ),
    Kind.DECIMAL: ("decimal", "decimal", ("double", "float")),
    Kind.BOOL: ("boolean", "boolean", ()),
    Kind.DATETIME: ("date", "dateTime", ("date",)),
    Kind.BYTES: ("blob", "base64Binary", ()),
}
# A blob is a text without a limit, and a file only where something else says so (profit-wire 15.4).
BLOB = _NAMES[Kind.BYTES][0]
METAINFO_KINDS: Mapping[str, Kind] = {names[0]: kind for kind, names in _NAMES.items()} | {BLOB: Kind.TEXT}
XSD_KINDS: Mapping[str, Kind] = {xsd: kind for kind, (_, written, read) in _NAMES.items() for xsd in (written, *read)}


# Metainfo's control types, whose meaning AFAS does not publish: 1 was seen for free text, 5 for keys and lists
# (profit-wire 3.4), 23 for remarks (15.4). What a picture or file has is not known: this one is the emulator's, so far
# away that no text is taken for a file by it. Numbers that become known belong beside it, in ``_FILES``.
FREE_TEXT, KEY_OR_LIST, REMARK, PICTURE = 1, 5, 23, 1001
_FILES = frozenset({PICTURE})


def _known(declared: str, kinds: Mapping[str, Kind]) -> tuple[Kind, str, bool]:
    if declared not in kinds:
        _say_unknown(declared)
    return kinds.get(declared, Kind.TEXT), declared, declared in kinds


@functools.lru_cache(maxsize=256)
def _say_unknown(declared: str) -> None:
    """Once for each name, for it stands in every answer."""
    _LOG.warning("the type %r is not known: columns that have it are read as text", declared)


@dataclass(frozen=True, slots=True)
class Field:
    """One column: ``kind`` is what its values become, ``declared`` the wire's own name of the type (``xs:`` taken off).

    ``known`` is false when ``declared`` stands in no table: then the column is read as text. The rest is metainfo's and
    stays at its default over SOAP.
    """

    name: str
    kind: Kind = Kind.TEXT
    declared: str = "string"
    known: bool = True
    label: str = ""
    length: int = 0
    decimals: int = 0
    field_id: str = ""
    control_type: int = 0

    @classmethod
    def from_xsd(cls, name: str, declared: str) -> Field:
        """The column an XSD declares; ``declared`` with or without a prefix."""
        return cls(name, *_known(declared.rpartition(":")[2], XSD_KINDS))

    @classmethod
    def from_metainfo(cls, name: str, declared: str, control_type: int = 0) -> Field:
        """The column with metainfo's name of its type; the control type tells a blob that is a file."""
        kind, declared, known = _known(declared, METAINFO_KINDS)
        if declared == BLOB and control_type in _FILES:
            kind = Kind.BYTES
        return cls(name, kind, declared, known, control_type=control_type)

    @property
    def xsd_type(self) -> str:
        """The XSD type we write for this column, without a prefix."""
        return "date" if self.kind is Kind.DATE else _NAMES[self.kind][1]

    @property
    def metainfo_type(self) -> str:
        """The name metainfo has for this column's type."""
        if self.declared == BLOB:
            return BLOB
        return "date" if self.kind is Kind.DATE else _NAMES[self.kind][0]


@dataclass(frozen=True)
class Fields:
    """The columns of one connector, in column order. Iterates over ``Field``; ``in`` takes a column or its name, ``[]``
    a name, a place or a slice (which gives a tuple)."""

    connector: str
    columns: tuple[Field, ...]
    description: str = ""

    def __iter__(self) -> Iterator[Field]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, column: object) -> bool:
        return column in self.columns if isinstance(column, Field) else column in self._by_name

    @overload
    def __getitem__(self, column: str | SupportsIndex) -> Field: ...
    @overload
    def __getitem__(self, column: slice) -> tuple[Field, ...]: ...
    def __getitem__(self, column: str | SupportsIndex | slice) -> Field | tuple[Field, ...]:
        if not isinstance(column, str):
            return self.columns[column]
        if column not in self._by_name:
            nearest = ", ".join(self.nearest(column))
            raise KeyError(
                f"{column}: {self.connector} has no such column" + (f"; the nearest: {nearest}" * bool(nearest))
            )
        return self._by_name[column]

    @functools.cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.columns}

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The column names, in column order."""
        return tuple(field.name for field in self.columns)

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that are no column here."""
        return [name for name in names if name not in self]

    def require(self, names: Iterable[str]) -> None:
        """Raise ``QueryError`` for those of ``names`` that are no column here, with the nearest ones."""
        told = [f"no column {name!r}.{self._near(name)}" for name in dict.fromkeys(self.unknown(names))]
        if told:
            raise QueryError(f"{self.connector} has {' It has '.join(told)}").about(connector=self.connector)

    def _near(self, name: str) -> str:
        """What may be meant by a name that is none; one text may name several columns, or a column and its order."""
        parts = [part for part in _BETWEEN.split(name) if part in self]
        if parts:
            return f"{_nearest_told(parts)}{_ONE_BY_ONE}"
        return _nearest_told(self.nearest(name))

    def nearest(self, name: str) -> list[str]:
        """At most three column names that look like ``name``, the best first, whatever their case."""
        by_lower = {known.lower(): known for known in self.names}
        return [by_lower[hit] for hit in difflib.get_close_matches(name.lower(), by_lower, n=3)]

    def with_dates(self, names: Iterable[str]) -> Fields:
        """The same columns with the named date-times as dates."""
        return self._with(names, Kind.DATETIME, Kind.DATE)

    def with_files(self, names: Iterable[str]) -> Fields:
        """The same columns with the named texts as the bytes of which they are the base64."""
        return self._with(names, Kind.TEXT, Kind.BYTES)

    def _with(self, names: Iterable[str], kind: Kind, other: Kind) -> Fields:
        wanted = frozenset(names)
        if not wanted:
            return self
        columns = tuple(
            dataclasses.replace(field, kind=other) if field.name in wanted and field.kind is kind else field
            for field in self.columns
        )
        return dataclasses.replace(self, columns=columns)


# How other query languages write a list of columns or an order.
_BETWEEN = re.compile(r"[,;\s]+")
_ONE_BY_ONE = " Columns are named one by one, and a - in front of one sorts it downwards."


def _nearest_told(names: list[str]) -> str:
    return f" The nearest: {', '.join(names)}." if names else ""
