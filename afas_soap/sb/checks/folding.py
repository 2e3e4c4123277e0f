"""Normalisation of a request body before its check: names and words as the server spells them, values as JSON has them.

AFAS' samples spell names and words in several ways (``Sales`` where the list says ``sales``, ``BIC`` where the schema
says ``Bic``), so the server seems to take any case (inferred, small-business.md 3.3). What is sent has one spelling.
Names that are required are the exception: the refusals of the server say that its schema looks for them as they are
spelt there, so another spelling is a problem and no matter of taste.
"""

from __future__ import annotations

import datetime
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

from afas_soap.errors import Problem, Weight
from afas_soap.profit.native import native
from afas_soap.profit.suggestions import nearest
from afas_soap.sb.operation import Field, Kind

# Digits before the point, or behind it. No amount comes near, and the arithmetic of a check stays small.
_DIGITS = 100
_TOO_LONG = Problem("", "too-many-digits", f"more digits than fit: at most {_DIGITS} on each side of the point.")
# Objects and lists in each other; AFAS' bodies have three.
_DEEPEST = 32
_NO_UTF8 = "half a character (a lone surrogate) stands here, which no UTF-8 has."


class Folding:
    """One body on its way: ``problems`` are those that a schema cannot tell, since folding takes them away or the
    schema allows them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def members(self, body: Mapping[str, object], fields: Sequence[Field], path: str = "") -> dict[str, object]:
        """``body`` with the names of ``fields``, in its own order."""
        by_name = {field.name.lower(): field for field in fields}
        folded: dict[str, object] = {}
        for name, value in body.items():
            field = by_name.get(name.lower()) if isinstance(name, str) else None
            spelt = field.name if field else self._name(name, path)
            place = _below(path, spelt)
            if spelt in folded:
                self._problem(place, "twice", "this name stands here twice: leave one of them out.")
            elif field is None:
                self._unknown(place, spelt, fields)
            elif field.required and spelt != name:
                self._problem(
                    place, "spelling", f"SB looks for this name as it is spelt here, and {name} stands there."
                )
            folded[spelt] = self._value(value, field, place)
        return folded

    def _value(self, value: object, field: Field | None, path: str) -> object:
        if field is not None and field.members:
            if not field.many:
                return self._row(value, field, path)
            if _is_list(value):
                return [self._row(row, field, f"{path}[{at}]") for at, row in enumerate(value, 1)]
        return self._plain(value, field, path)

    def _row(self, row: object, field: Field, path: str) -> object:
        return self.members(row, field.members, path) if isinstance(row, Mapping) else self._plain(row, None, path)

    def _plain(self, value: object, field: Field | None, path: str, depth: int = 0) -> object:
        """A value as JSON has it; one that JSON has no word for becomes None, and a problem."""
        value = native(value)
        if isinstance(value, str):
            return self._text(value, field, path)
        if isinstance(value, (bool, type(None))):
            return value
        if isinstance(value, Mapping) or _is_list(value):
            return self._nested(value, path, depth + 1)
        turn = next((turn for kind, turn in _TURNS if isinstance(value, kind)), _no_word)
        turned = turn(value, field)
        if isinstance(turned, Problem):
            self._problem(path, turned.rule, turned.message)
            return None
        return turned

    def _nested(self, value: Mapping[object, object] | Sequence[object], path: str, depth: int) -> object:
        """What stands under a name that the table does not have, or where no object belongs."""
        if depth > _DEEPEST:
            self._problem(path, "depth", f"at most {_DEEPEST} objects and lists stand in each other.")
            return None
        if isinstance(value, Mapping):
            names = {name: self._name(name, path) for name in value}
            return {
                names[name]: self._plain(one, None, _below(path, names[name]), depth) for name, one in value.items()
            }
        return [self._plain(item, None, f"{path}[{at}]", depth) for at, item in enumerate(value, 1)]

    def _name(self, name: object, path: str) -> str:
        """A name that the table does not have."""
        spelt = str(name)
        if _has_utf8(spelt):
            return spelt
        self._problem(_below(path, ascii(spelt)[1:-1]), "not-a-text", _NO_UTF8)
        return ascii(spelt)[1:-1]

    def _text(self, value: str, field: Field | None, path: str) -> str:
        if not _has_utf8(value):
            self._problem(path, "not-a-text", _NO_UTF8)
            return ""
        if field is None or not field.choices or value in field.choices:
            return value
        return next((word for word in field.choices if word.lower() == value.lower()), value)

    def _unknown(self, path: str, name: str, fields: Sequence[Field]) -> None:
        meant = nearest(name, [field.name for field in fields])
        hint = f" {meant} is the nearest that it has." if meant else ""
        # AFAS' own samples have such names (VatPercentage), which do nothing.
        message = f"SB's schema has no field {name}, and nobody knows what it does with one.{hint}"
        self.problems.append(Problem(path, "unknown-field", message, Weight.DOUBT))

    def _problem(self, path: str, rule: str, message: str) -> None:
        self.problems.append(Problem(path, rule, message))


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview))


def _below(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _has_utf8(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text)


def _whole(value: int, field: Field | None) -> object:
    """Not by its digits, which Python refuses to count for thousands of them."""
    return _TOO_LONG if abs(value) >= 10**_DIGITS else value


def _number(value: Decimal, field: Field | None) -> object:
    if not value.is_finite():
        return Problem("", "not-a-number", "a number belongs here, and this is none: leave the field out.")
    if abs(value.adjusted()) > _DIGITS or len(value.as_tuple().digits) > _DIGITS:
        return _TOO_LONG
    return value


def _float(value: float, field: Field | None) -> object:
    """The decimal that the float shows itself as: who wrote 40.55 means that."""
    return _number(Decimal(repr(value)) if math.isfinite(value) else Decimal("NaN"), field)


def _moment(value: datetime.datetime, field: Field | None) -> object:
    if field is not None and field.kind is Kind.DATE:
        if value.time() != datetime.time.min:
            return Problem("", "date", "a date belongs here, and this has a time as well: give its date().")
        return value.date().isoformat()
    return value.isoformat()


_TURNS: tuple[tuple[type, Callable[..., object]], ...] = (
    (Decimal, _number),
    (int, _whole),
    (float, _float),
    (datetime.datetime, _moment),
    (datetime.date, lambda value, field: value.isoformat()),
    (uuid.UUID, lambda value, field: str(value)),
)


def _no_word(value: object, field: Field | None) -> Problem:
    return Problem("", "no-json", f"JSON has no word for a {type(value).__name__}: give a text, a number or a boolean.")
