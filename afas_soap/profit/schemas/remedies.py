"""What to say of a name that a schema does not have: where it belongs, or the nearest that it has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from afas_soap.profit.schemas.updateschema import FieldRule, Shape

_CUSTOM = re.compile(r"U[0-9A-Fa-f]{32}")
_NEAREST = 3
_SHOWN = 12


def unknown_field(name: str, shape: Shape) -> str:
    """The sentence for a field that ``shape`` does not have."""
    if name in shape.objects:
        return f"{name} is a sub-object of {shape.name} and no field: it belongs in Objects."
    if _CUSTOM.fullmatch(name) is not None:
        return (
            f"{shape.name} has no such custom field here: custom fields differ per environment, so look up its code "
            f"in this one."
        )
    return f"{shape.name} has no field {name}: {_instead(_nearest_fields(name, shape.fields), 'field')}"


def unknown_key(name: str, shape: Shape) -> str:
    """The sentence for a key (``@name``) that ``shape`` does not have."""
    if name in shape.fields:
        return f"{name} is a field of {shape.name} and no key: write it without @, in Fields."
    if not shape.keys:
        return f"{shape.name} has no keys: leave @{name} out."
    return f"{shape.name} has no key @{name}: its keys are {_listed(f'@{key}' for key in shape.keys)}."


def unknown_object(name: str, shape: Shape) -> str:
    """The sentence for a sub-object that ``shape`` does not have."""
    if name in shape.fields:
        return f"{name} is a field of {shape.name} and no sub-object: it belongs in Fields."
    if not shape.objects:
        return f"{shape.name} has no sub-objects: leave {name} out."
    by_lower = {each.lower(): each for each in shape.objects}
    hits = [by_lower[hit] for hit in difflib.get_close_matches(name.lower(), by_lower, n=_NEAREST)]
    return f"{shape.name} has no sub-object {name}: {_instead(hits, 'sub-object')}"


def codes_in_words(codes: Iterable[tuple[str, str]]) -> str:
    """``H (Hoog), N (Normaal)``: the first ones, and how many more there are."""
    return _listed(f"{code} ({text})" if text and text != code else code for code, text in codes)


def _nearest_fields(name: str, fields: Mapping[str, FieldRule]) -> list[str]:
    """Fields whose code or label looks like it, with their labels."""
    words: dict[str, str] = {}
    for code, rule in fields.items():
        if rule.label:
            words.setdefault(rule.label.lower(), code)
    words |= {code.lower(): code for code in fields}
    hits = dict.fromkeys(words[hit] for hit in difflib.get_close_matches(name.lower(), words, n=_NEAREST))
    return [f"{code} ({fields[code].label})" if fields[code].label else code for code in hits]


def _instead(hits: list[str], what: str) -> str:
    return (
        f"the nearest {what}s are {', '.join(hits)}."
        if len(hits) > 1
        else (f"the nearest {what} is {hits[0]}." if hits else "leave it out.")
    )


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - _SHOWN
    return ", ".join(every[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
