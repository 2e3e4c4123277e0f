"""Conditional requirements: the rules between fields of a body, out of the words of the table, as JSON Schema.

::

    rule = [ list ] ( "when" name "is" words "needs" names      a value there asks for other fields
                    | "unless" name "is" words "needs" names    any other value, or none, does
                    | "some" names                              at least one of them
                    | "either" name name )                      not both of them

``list`` is the field whose lines the rule is about; without it, it is about the body itself. Source: small-business.md
3.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """``where`` is the list whose lines must keep it, "" for the body. ``sentence`` is the rule for a person."""

    where: str
    schema: Mapping[str, object]
    sentence: str


def parse(rule: str) -> Condition:
    """The condition that ``rule`` spells. ``ValueError`` for a text that is none."""
    words = rule.split()
    where = "" if words[0] in _FORMS else words.pop(0)
    if not words or words[0] not in _FORMS:
        raise ValueError(f"no rule between fields: {rule}")
    schema, sentence = _FORMS[words[0]](words[1:])
    return Condition(where, schema, sentence)


_Form = tuple[dict[str, object], str]


def _when(words: Sequence[str]) -> _Form:
    name, values, needed = _parts(words)
    schema = {"if": _is(name, values), "then": {"required": needed}}
    return schema, f"where {name} is {' or '.join(values)}, {_and(needed)} must be there."


def _unless(words: Sequence[str]) -> _Form:
    name, values, needed = _parts(words)
    schema = {"if": _is(name, values), "else": {"required": needed}}
    return schema, f"unless {name} is {' or '.join(values)}, {_and(needed)} must be there."


def _some(words: Sequence[str]) -> _Form:
    return {"anyOf": [{"required": [name]} for name in words]}, f"give {' or '.join(words)}."


def _either(words: Sequence[str]) -> _Form:
    return {"not": {"required": list(words)}}, f"give {' or '.join(words)}, not both."


def _parts(words: Sequence[str]) -> tuple[str, list[str], list[str]]:
    name, word, *rest = words
    if word != "is" or "needs" not in rest:
        raise ValueError(f"no rule between fields: {' '.join(words)}")
    at = rest.index("needs")
    return name, rest[:at], rest[at + 1 :]


def _is(name: str, values: Sequence[str]) -> dict[str, object]:
    spelt = [value == "true" if value in ("true", "false") else value for value in values]
    return {"properties": {name: {"enum": spelt}}, "required": [name]}


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)


_FORMS: Mapping[str, Callable[[Sequence[str]], _Form]] = {
    "when": _when,
    "unless": _unless,
    "some": _some,
    "either": _either,
}
