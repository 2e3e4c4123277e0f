"""File import, for CSV and JSON alike: columns, values, and how a bad one is reported."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from afas_soap.emulator.getconnectors.decimals import LONGEST
from afas_soap.emulator.seed.table import Cell, Cells
from afas_soap.errors import SettingsError
from afas_soap.profit.controls import unfit
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Value
from afas_soap.profit.values import spell

# Everything but XML 1.0's Char production.
_INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file as a connector. ``rows`` can be read once, and raises ``SettingsError`` at a bad row."""

    fields: Fields
    rows: Iterable[Cells]


def unreadable(path: Path, error: OSError) -> SettingsError:
    """The error for a file that the system does not give."""
    return SettingsError(f"data: {path.name} cannot be read: {error.strerror or type(error).__name__}.")


def checked_names(names: Sequence[str], path: Path, place: str) -> None:
    """Raise ``SettingsError`` for a column without a name, with one that XML cannot carry, or that stands twice."""
    for number, name in enumerate(names, 1):
        if not name or unfit().search(name):
            raise SettingsError(f"data: {path.name}, {place}: column {number} has no name that XML can carry.")
        if name in names[: number - 1]:
            raise SettingsError(f"data: {path.name}, {place}: the column {name} stands there twice.")


def made_fields(connector: str, path: Path, kinds: Iterable[tuple[str, Kind]]) -> Fields:
    """The columns of a file that declares none itself."""
    columns = (
        dataclasses.replace(blank, declared=blank.metainfo_type, field_id=f"U{number:03d}", control_type=1)
        for number, blank in enumerate((Field(name, kind, label=name) for name, kind in kinds), 1)
    )
    return Fields(connector, tuple(columns), f"From {path.name}")


def same_columns(fields: Fields, names: Iterable[str], path: Path, place: str) -> None:
    """Raise ``SettingsError`` for a column that the fields file does not have."""
    for name in fields.unknown(names):
        raise SettingsError(f"data: {path.name}, {place}: the fields file has no column {name}.")


def cell(value: Value) -> Cell:
    """The stored form of a value; ``ValueError`` with a short phrase for what cannot be stored or served."""
    if isinstance(value, str):
        if unfit().search(value):
            raise ValueError("holds a character that XML cannot carry")
        return value
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, int) and value not in _INTEGERS:
        raise ValueError("is a whole number beyond 64 bits, which only a decimal column can hold")
    if isinstance(value, (int, bytes)) or value is None:
        return value
    return spell(value)


def _digits(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) + len(value.as_tuple().digits) > LONGEST // 2:
        raise ValueError("is no decimal of a reasonable length")
    return format(value, "f")
