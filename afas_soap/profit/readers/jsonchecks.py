"""An object of a REST answer looked at closely: names that stand twice, texts that are too large or no text.

Messages name the row and the column, and say what a value is without what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from afas_soap.errors import AnswerError

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Doubled:
    """What stands for an object in which this name stands twice: as a dict it would show no trace of that."""

    name: str


def json_object(members: list[tuple[str, object]]) -> object:
    """An object of JSON from its members: a dict, or ``Doubled``."""
    found = dict(members)
    if len(found) == len(members):
        return found
    names = [name for name, _ in members]
    return Doubled(next(name for name in found if names.count(name) > 1))


def checked(row: object, max_value: int, number: int) -> dict[str, object]:
    """An unusual row, its names and texts checked."""
    if isinstance(row, Doubled):
        raise AnswerError(f"row {number}: column {shown(row.name)} stands in it twice")
    if not isinstance(row, dict):
        raise AnswerError(f"row {number} is no object")
    for name, value in row.items():
        if not name:
            raise AnswerError(f"row {number}: holds a column without a name")
        _check_text(name, f"row {number}", max_value)
        if isinstance(value, str):
            _check_text(value, f"row {number}, column {shown(name)}", max_value)
    return row


def _check_text(text: str, where: str, max_value: int) -> None:
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise AnswerError(f"{where}: half of a surrogate pair, which is no character") from None
    if size > max_value:
        raise AnswerError(f"{where}: a value of more than max_value ({max_value:,} bytes)")


def shown(name: str) -> str:
    """A name that came with the answer, as it may stand in a message."""
    return name if name.isprintable() and len(name) <= _LONGEST_NAME else ascii(name[:_LONGEST_NAME])


def misfit(value: object, error: ValueError, name: str, number: int) -> AnswerError:
    """The error for a value that a reader refused with ``error``."""
    return AnswerError(f"row {number}, column {shown(name)}: {_noun(value)} {error}")


def _noun(value: object) -> str:
    """What a value is, without saying what it holds."""
    if isinstance(value, str):
        return f"a text of {len(value):,} characters"
    if isinstance(value, bool):
        return "a boolean"
    return "a number" if isinstance(value, int | Decimal) else "an object or array"
