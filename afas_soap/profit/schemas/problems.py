"""The problems of the records of an update: what stands where it may not, and what is missing.

=====================  ===============================================================================
``another-root``       the payload is one for another connector
``unknown-field``      there is no such field here; ``unknown-key`` and ``unknown-object`` likewise
``wrong-type``         the value is none of the field's type
``zone``               a date or time with a zone
``too-long``           more characters than fit; ``too-many-digits``, ``too-many-decimals`` likewise
``empty``              the field is cleared and cannot be
``two-keys``           a key stands among the fields as well, with another value; a doubt of an insert
``missing-key``        an update or delete that does not tell of which record
``unlisted-code``      a doubt: the value is not in the list of codes
``no-date``            a doubt: 0001-01-01, which .NET writes for a date that was never set
``time-alone``         a doubt: a time without a date where the schema has a date-time
``doubtful-date``      a doubt: a date, a date-time or a time where metainfo's length is that of another
``not-base64``         a doubt: a file's content that is none of its base64
``missing-mandatory``  a doubt: an insert without a field that is mandatory, or an update that clears it
=====================  ===============================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from afas_soap.errors import Problem, Weight
from afas_soap.profit.schemas.lexical import canonical
from afas_soap.profit.schemas.remedies import codes_in_words, unknown_field, unknown_key, unknown_object
from afas_soap.profit.schemas.updateschema import MATCHES, FieldRule, Shape
from afas_soap.profit.updates.fieldvalue import FieldValue, cleared, field_text, value_kind
from afas_soap.profit.updates.moment import MOMENTS, moment_doubt, moment_fault
from afas_soap.profit.updates.update import Action, Element, located

WRONG = "wrong-type"


Judge = Callable[[str, str], tuple[str, ...]]
"""What a schema says of one field's type: the rules that a text breaks; the second is the ``type`` of the field's
rule."""


@dataclass(frozen=True, eq=False)
class Types:
    """The types of one object, as ``Shape`` has its rules."""

    fields: Mapping[str, Judge]
    keys: Mapping[str, Judge]
    objects: Mapping[str, Types]


@dataclass(frozen=True, slots=True)
class _Above:
    """What lies above a row: the keys of all records there, and whether the one right above is new."""

    keys: frozenset[str] = frozenset()
    new: bool = False


class Checking:
    """One check: the remedies that it has found, it remembers."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, int, str], str] = {}

    def record(self, path: str, element: Element, shape: Shape, types: Types) -> Iterator[Problem]:
        """The problems of one record and of all below it."""
        return self._row(path, element, shape, types, _Above())

    def _row(self, path: str, element: Element, shape: Shape, types: Types, above: _Above) -> Iterator[Problem]:
        for name, value in element.keys.items():
            if name in shape.keys:
                yield from _key_problems(f"{path}/@{name}", value, shape.keys[name], types.keys.get(name))
            else:
                yield self._unknown(f"{path}/@{name}", name, "unknown-key", shape)
        given = above.keys | {name for name, value in element.fields.items() if not cleared(value)} | set(element.keys)
        new = _is_new(element, given, above)
        yield from _missing(path, element, shape, given, new=new)
        for name in element.fields:
            yield from self._field(f"{path}/{name}", name, element, shape, types)
        below = _Above(above.keys | (given & set(shape.keys)), new)
        yield from self._objects(path, element, shape, types, below)

    def _field(self, path: str, name: str, element: Element, shape: Shape, types: Types) -> Iterator[Problem]:
        """A key may stand among the fields (profit-wire 3.5), also where the schema has it as an attribute alone."""
        value = element.fields[name]
        if name in shape.fields:
            yield from _value_problems(path, value, shape.fields[name], types.fields.get(name))
        elif name not in shape.keys:
            yield self._unknown(path, name, "unknown-field", shape)
        elif not cleared(value):
            yield from _key_problems(path, value, shape.keys[name], types.keys.get(name))
        if name in shape.keys and not cleared(value) and field_text(element.keys.get(name, value)) != field_text(value):
            # AFAS has an example of an insert so; of a record that is there nobody knows which one is meant.
            weight = Weight.DOUBT if element.action is Action.INSERT else Weight.ERROR
            message = f"@{name} stands here as well, with another value: leave one of them out."
            yield Problem(path, "two-keys", message, weight)

    def _objects(self, path: str, element: Element, shape: Shape, types: Types, above: _Above) -> Iterator[Problem]:
        for part in element.objects:
            inner, below = shape.objects.get(part.name), types.objects.get(part.name)
            if inner is None or below is None:
                yield self._unknown(f"{path}/{part.name}", part.name, "unknown-object", shape)
                continue
            for each, row in located(part.name, part.elements, f"{path}/"):
                yield from self._row(each, row, inner, below, above)

    def _unknown(self, path: str, name: str, rule: str, shape: Shape) -> Problem:
        """The nearest names take a while to find, and a thousand rows may all have the same wrong one."""
        key = rule, id(shape), name
        if key not in self._names:
            self._names[key] = _UNKNOWN[rule](name, shape)
        return Problem(path, rule, self._names[key])


_UNKNOWN: Mapping[str, Callable[[str, Shape], str]] = {
    "unknown-field": unknown_field,
    "unknown-key": unknown_key,
    "unknown-object": unknown_object,
}


def _key_problems(path: str, value: FieldValue, rule: FieldRule, judge: Judge | None) -> Iterator[Problem]:
    """Those of a key, which AFAS' schemas declare without a length: where one is known, metainfo has it."""
    text = field_text(value) or ""
    if rule.type == "string" and 0 < rule.max_length < len(text):
        yield _problem(path, "too-long", _sentence("too-long", rule, value, text), rule, value)
    else:
        yield from _value_problems(path, value, rule, judge)


def _value_problems(path: str, value: FieldValue, rule: FieldRule, judge: Judge | None) -> Iterator[Problem]:
    if judge is None:
        return
    text = field_text(value)
    if text is None:
        if not rule.nillable:
            yield _problem(path, "empty", "this field cannot be cleared: leave it out.", rule, value)
        return
    faults = _faults(text, rule, judge)
    for word, message in faults or _doubts(text, rule):
        problem = _problem(path, word, message or _sentence(word, rule, value, text), rule, value)
        yield problem if faults else replace(problem, weight=Weight.DOUBT)


def _is_new(element: Element, given: frozenset[str], above: _Above) -> bool:
    """Whether a record may not be there yet: what lies below a new one is new, and so is an organisation or person that
    is not found."""
    changed = element.action is Action.UPDATE
    return element.action is Action.INSERT or (changed and (above.new or bool(given & MATCHES)))


def _missing(path: str, element: Element, shape: Shape, given: frozenset[str], *, new: bool) -> Iterator[Problem]:
    """The keys that an update or delete leaves out, the mandatory fields that a new record does not have.

    A key that stands among the fields counts, and so does one of a record above: AFAS' schemas repeat that below it
    (inferred). Profit hands out the keys of what it inserts.
    """
    if element.action is not Action.INSERT and not given & MATCHES:
        for name, rule in shape.keys.items():
            if name not in given:
                message = f"this key tells which record to {element.action}: give it as @{name}."
                yield Problem(f"{path}/@{name}", "missing-key", message, kind="nothing", label=rule.label)
    if element.action is not Action.DELETE:
        yield from _missing_mandatory(path, element, shape, given, new=new)


def _missing_mandatory(
    path: str, element: Element, shape: Shape, given: frozenset[str], *, new: bool
) -> Iterator[Problem]:
    for name, rule in shape.mandatory.items():
        stands = name in element.fields and name in shape.fields
        # What is cleared and cannot be is told by itself.
        if name not in given and (rule.nillable if stands else new):
            message = f"this field is mandatory, and the record {'clears it' if stands else 'does not have it'}."
            place = f"{path}/{'' if name in shape.fields else '@'}{name}"
            yield Problem(place, "missing-mandatory", message, Weight.DOUBT, "nothing", rule.label, rule.codes)


def _faults(text: str, rule: FieldRule, judge: Judge) -> list[tuple[str, str]]:
    """The rules that a text breaks, each with a sentence, "" where the rule says it all."""
    if rule.type in MOMENTS:
        # Of these XML Schema takes a zone, and hour 24.
        fault = moment_fault(text, "" if rule.either else rule.type)
        if fault is not None:
            return [fault]
    return [(word, "") for word in judge(text, "dateTime" if rule.either else rule.type)]


def _doubts(text: str, rule: FieldRule) -> Iterator[tuple[str, str]]:
    """What may be wrong with a text that the schema allows."""
    if rule.codes and all(code != text for code, _ in rule.codes):
        yield "unlisted-code", f"the value is not in the list of codes: {codes_in_words(rule.codes)}."
    if rule.holds_file and canonical(text, "base64Binary") is None:
        yield "not-base64", _NOT_BASE64
    if rule.type in MOMENTS:
        doubt = moment_doubt(text, "" if rule.either else rule.type)
        if doubt is not None:
            yield doubt
        elif moment_fault(text, rule.type) is not None:
            yield (
                "doubtful-date",
                f"by its length this field takes {_MOMENTS[rule.type]}, and something else stands here.",
            )


_MOMENTS: Mapping[str, str] = {"date": "a date", "dateTime": "a date and time", "time": "a time"}
_NOT_BASE64 = (
    "a file belongs here in base64, and this is none: give all of it, with the = at its end, and no data: in front."
)


def _problem(path: str, word: str, message: str, rule: FieldRule, value: FieldValue) -> Problem:
    return Problem(path, word, message, kind=value_kind(value), label=rule.label, codes=rule.codes)


def _sentence(word: str, rule: FieldRule, value: FieldValue, text: str) -> str:
    if word == "too-long":
        return f"{len(text):,} characters, and at most {rule.max_length:,} fit."
    if word == "too-many-digits":
        return f"more digits than fit: at most {rule.total_digits:,}."
    if word == "too-many-decimals":
        return f"more decimals than fit: at most {rule.fraction_digits:,}."
    expected = _EITHER if rule.either else _EXPECTED[rule.type]
    return f"{value_kind(value)} stands here, where {expected} belongs."


_EXPECTED: Mapping[str, str] = {
    "string": "a text that the schema allows",
    "long": "a whole number, such as 12,",
    "boolean": "true or false (or 1 or 0)",
    "decimal": "a number with a point, such as 12.50,",
    "date": "a date that exists, such as 2024-02-29,",
    "dateTime": "a date and time, such as 2024-02-29T10:00:00,",
    "time": "a time, such as 10:00:00,",
    "base64Binary": "the base64 of a file",
}
_EITHER = "a date that exists, such as 2024-02-29 or 2024-02-29T10:00:00, or a time such as 10:00:00,"
