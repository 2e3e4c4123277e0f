"""A JSON Schema validator (jsonschema-rs, loaded in this file alone): what is wrong with a value, as values of our own.

It is exact about decimals when it is given them as they are: 0.07 and 40.55 are multiples of 0.01, 100.255 is none. It
checks formats only when told to, and AFAS' file of 6.0.0 has four of its own (``DateTime?``, ``decimal?``, ``bool?``,
``Guid?``) that mean nothing to any validator: those are checked here, where a text has one. That they allow null as
well is for whoever makes the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import jsonschema_rs

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule of a schema that a value breaks. ``path`` leads to the value, ``rule`` is JSON Schema's word for it, and
    ``facet`` what that word says there: the name that is required, the words of an enumeration. ``comment`` is that of
    the nearest schema around it that has one."""

    path: tuple[str | int, ...]
    rule: str
    facet: object
    comment: str = ""


class Validator:
    """A compiled schema. Safe to use from several threads."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._compiled = jsonschema_rs.Draft201909Validator(dict(schema), validate_formats=True, formats=FORMATS)

    def faults(self, value: object) -> Iterator[Fault]:
        """All that is wrong with ``value``, which is made of dicts, lists, texts, Decimals, integers, booleans and
        None."""
        for error in self._compiled.iter_errors(value):
            yield Fault(tuple(error.instance_path), error.kind.name, error.kind.value, self._comment(error.schema_path))

    def _comment(self, path: list[str | int]) -> str:
        found: object = self._schema
        comment = str(self._schema.get("$comment", ""))
        for step in path:
            found = found[step] if isinstance(found, list) and isinstance(step, int) else _member(found, step)
            comment = str(_member(found, "$comment") or comment)
        return comment


def _member(of: object, name: object) -> object:
    return of.get(name) if isinstance(of, Mapping) else None


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DECIMAL = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def _moment(text: str) -> bool:
    if _MOMENT.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {
    "DateTime?": _moment,
    "decimal?": lambda text: _DECIMAL.fullmatch(text) is not None,
    "bool?": lambda text: text.lower() in ("true", "false"),
    "Guid?": lambda text: _GUID.fullmatch(text) is not None,
}
"""Formats of AFAS' own, as they are in a text."""
