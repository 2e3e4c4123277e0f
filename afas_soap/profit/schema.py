"""The check of an update against its connector's schema: every problem at once, before any call.

Whether a value fits its type is judged by xmlschema, on the schema itself with its keys made optional
(``schemaxsd.relaxed``); where a value may stand is judged here, so that every problem has a path of ours and a remedy.
Nothing is fetched, and the update stays as it is. The rules:

=====================  ===============================================================================
``another-root``       the payload is one for another connector
``unknown-field``      there is no such field here; ``unknown-key`` and ``unknown-object`` likewise
``wrong-type``         the value is none of the field's type
``zone``               a date or time with a zone
``too-long``           more characters than fit; ``too-many-digits``, ``too-many-decimals`` likewise
``empty``              the field is cleared and cannot be
``missing-key``        an update or delete that does not tell of which record
``unlisted-code``      a doubt: the value is not in the list of codes
``no-date``            a doubt: 0001-01-01, which .NET writes for a date that was never set
``time-alone``         a doubt: a time without a date where the schema has a date-time
``missing-mandatory``  a doubt: an insert without a field that is mandatory
=====================  ===============================================================================
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import xmlschema
from xmlschema.validators import (
    XsdAtomic,
    XsdAtomicBuiltin,
    XsdComplexType,
    XsdElement,
    XsdFractionDigitsFacet,
    XsdGroup,
    XsdMaxLengthFacet,
    XsdSimpleType,
    XsdTotalDigitsFacet,
    XsdUnion,
)

from afas_soap.errors import AnswerError, Problem, Weight
from afas_soap.profit.fieldvalue import FieldValue, field_text, value_kind
from afas_soap.profit.moment import MOMENTS, moment_doubt, moment_fault
from afas_soap.profit.remedies import codes_in_words, unknown_field, unknown_key, unknown_object
from afas_soap.profit.schemaxsd import relaxed
from afas_soap.profit.update import Action, Element, Update, located
from afas_soap.profit.updateschema import FieldRule, Shape, UpdateSchema

# Organisations and persons are found by what these say, whatever the action and the keys (profit-wire 4.4).
_MATCHES = ("MatchOga", "MatchPer")


def check(update: Update, schema: UpdateSchema, *, strict: bool = False) -> tuple[Problem, ...]:
    """What is wrong with the update: errors before doubts, and both in the order of the document.

    An update without a root is judged as one for this connector. ``strict`` makes errors of the doubts. Raises
    ``AnswerError`` when the schema itself is broken.
    """
    if update.root not in ("", schema.root.name):
        message = f"a payload for another connector: the root element of {schema.connector} is {schema.root.name}."
        return (Problem(update.root, "another-root", message),)
    try:
        types = _compiled(schema.text)
    except AnswerError as problem:
        raise problem.about(connector=schema.connector) from None
    checking = _Checking()
    found = [
        problem
        for path, element in located(schema.root.name, update.elements)
        for problem in checking.element(path, element, schema.root, types, frozenset())
    ]
    if strict:
        return tuple(replace(problem, weight=Weight.ERROR) for problem in found)
    return tuple(sorted(found, key=lambda problem: problem.weight is Weight.DOUBT))


@dataclass(frozen=True, eq=False)
class _Judge:
    """The compiled type of one field. ``alike`` gives the same for texts that get the same verdict."""

    type: XsdSimpleType
    alike: Callable[[str], Hashable]

    def rules(self, text: str) -> tuple[str, ...]:
        """The rules that the text breaks."""
        rules = dict.fromkeys(_RULES.get(type(error.validator), _WRONG) for error in self.type.iter_errors(text))
        if not rules and _primitive(self.type) == "decimal":
            # What Python takes for a number, which xmlschema asks, may be 1_000 or have digits of another script.
            return () if text.isascii() and "_" not in text else (_WRONG,)
        return tuple(rule for rule in rules if rule != _WRONG) or tuple(rules)


_WRONG = "wrong-type"
_RULES: Mapping[type, str] = {
    XsdMaxLengthFacet: "too-long",
    XsdTotalDigitsFacet: "too-many-digits",
    XsdFractionDigitsFacet: "too-many-decimals",
}


@dataclass(frozen=True, eq=False)
class _Types:
    """The compiled types of one object, as ``Shape`` has its rules."""

    fields: Mapping[str, _Judge]
    keys: Mapping[str, _Judge]
    objects: Mapping[str, _Types]


@functools.lru_cache(maxsize=16)
def _compiled(text: str) -> _Types:
    """The types of a schema, made once: it takes a tenth of a second or more."""
    document = relaxed(text)
    try:
        schema = xmlschema.XMLSchema10(document, allow="none", defuse="always")
        return _types(next(iter(schema.elements.values())))
    except (xmlschema.XMLSchemaException, RecursionError, KeyError) as problem:
        reason = type(problem).__name__
    raise AnswerError(f"this is no schema that an update can be checked against ({reason})")


def _types(declared: XsdElement) -> _Types:
    row = _inside(declared)["Element"]
    parts = _inside(row)
    fields, objects = (_inside(parts[name]) if name in parts else {} for name in ("Fields", "Objects"))
    return _Types(
        _judges((name, element.type) for name, element in fields.items()),
        _judges((str(name), attribute.type) for name, attribute in row.attributes.items()),
        {name: _types(part) for name, part in objects.items()},
    )


def _inside(declared: XsdElement) -> dict[str, XsdElement]:
    content = declared.type.content if isinstance(declared.type, XsdComplexType) else None
    if not isinstance(content, XsdGroup):
        return {}
    return {each.local_name: each for each in content.iter_elements() if isinstance(each, XsdElement)}


def _judges(types: Iterable[tuple[str, object]]) -> dict[str, _Judge]:
    """What has no simple type takes any text."""
    return {name: _Judge(each, _alike(each)) for name, each in types if isinstance(each, XsdSimpleType)}


def _alike(declared: XsdSimpleType) -> Callable[[str], Hashable]:
    limits = {str(facet).rpartition("}")[2] for facet in declared.facets}
    if getattr(declared, "primitive_type", None) not in (declared, declared.base_type):
        return str  # what a type in between restricts is not among the facets
    if _primitive(declared) == "string" and limits <= _LENGTHS and declared.white_space == "preserve":
        return len
    return _digits if _primitive(declared) == "decimal" and limits <= _DIGITS else str


def _primitive(declared: XsdSimpleType) -> str:
    primitive = declared.primitive_type if isinstance(declared, XsdAtomic) else None
    return str(primitive.local_name) if primitive is not None else ""


def _digits(text: str) -> Hashable:
    """A number's shape: any digit but 0 counts for a decimal as any other does."""
    return text.translate(_ONES)


_ONES = str.maketrans("23456789", "11111111")
_LENGTHS = frozenset({"whiteSpace", "length", "minLength", "maxLength"})
_DIGITS = frozenset({"totalDigits", "fractionDigits"})


@dataclass(eq=False)
class _Checking:
    """One check: what it has judged before, it remembers."""

    _verdicts: dict[tuple[_Judge, Hashable], tuple[str, ...]] = field(default_factory=dict)
    _names: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def element(
        self, path: str, element: Element, shape: Shape, types: _Types, above: frozenset[str]
    ) -> Iterator[Problem]:
        """The problems of one record and of all below it. ``above`` holds the keys of the records it lies in."""
        for name, value in element.keys.items():
            yield from self._value(f"{path}/@{name}", value, shape.keys.get(name), types.keys.get(name))
            if name not in shape.keys:
                yield self._unknown(f"{path}/@{name}", name, "unknown-key", shape)
        given = {name for name, value in element.fields.items() if field_text(value) is not None} | set(element.keys)
        yield from _missing(path, element.action, shape, given | above)
        for name, value in element.fields.items():
            yield from self._value(f"{path}/{name}", value, shape.fields.get(name), types.fields.get(name))
            if name not in shape.fields:
                yield self._unknown(f"{path}/{name}", name, "unknown-field", shape)
        yield from self._objects(path, element, shape, types, above | (given & set(shape.keys)))

    def _objects(
        self, path: str, element: Element, shape: Shape, types: _Types, above: frozenset[str]
    ) -> Iterator[Problem]:
        for part in element.objects:
            inner, below = shape.objects.get(part.name), types.objects.get(part.name)
            if inner is None or below is None:
                yield self._unknown(f"{path}/{part.name}", part.name, "unknown-object", shape)
                continue
            for each, row in located(part.name, part.elements, f"{path}/"):
                yield from self.element(each, row, inner, below, above)

    def _value(self, path: str, value: FieldValue, rule: FieldRule | None, judge: _Judge | None) -> Iterator[Problem]:
        if rule is None or judge is None:
            return
        text = field_text(value)
        if text is None:
            if not rule.nillable:
                yield _problem(path, "empty", "this field cannot be cleared: leave it out.", rule, value)
            return
        if rule.type in MOMENTS:
            yield from self._moment(path, value, text, rule, judge)
            return
        rules = self._verdict(judge, text)
        for word in rules:
            yield _problem(path, word, _sentence(word, rule, judge, value, text), rule, value)
        if not rules and rule.codes and all(code != text for code, _ in rule.codes):
            message = f"the value is not in the list of codes: {codes_in_words(rule.codes)}."
            yield replace(_problem(path, "unlisted-code", message, rule, value), weight=Weight.DOUBT)

    def _moment(self, path: str, value: FieldValue, text: str, rule: FieldRule, judge: _Judge) -> Iterator[Problem]:
        """Of a date or time XSD would take a zone, and hour 24; which of the two it is, metainfo does not tell."""
        declared = "" if isinstance(judge.type, XsdUnion) else rule.type
        found = moment_fault(text, declared)
        if found is None and not isinstance(judge.type, XsdAtomicBuiltin | XsdUnion) and self._verdict(judge, text):
            found = _WRONG, ""
        if found is not None:
            yield _problem(path, found[0], found[1] or _sentence(found[0], rule, judge, value, text), rule, value)
        elif (doubt := moment_doubt(text, declared)) is not None:
            yield replace(_problem(path, *doubt, rule, value), weight=Weight.DOUBT)

    def _verdict(self, judge: _Judge, text: str) -> tuple[str, ...]:
        key = judge, judge.alike(text)
        if key not in self._verdicts:
            self._verdicts[key] = judge.rules(text)
        return self._verdicts[key]

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


def _missing(path: str, action: Action, shape: Shape, given: set[str]) -> Iterator[Problem]:
    """The keys that an update or delete leaves out, the mandatory fields that an insert does.

    A key that stands among the fields counts, and so does one of a record above: AFAS' schemas repeat that below it
    (inferred). Profit hands out the keys of what it inserts.
    """
    if action is Action.INSERT:
        for name, rule in shape.fields.items():
            if rule.mandatory and name not in given:
                message = "this field is mandatory, and the record does not have it."
                yield Problem(
                    f"{path}/{name}", "missing-mandatory", message, Weight.DOUBT, "nothing", rule.label, rule.codes
                )
    elif not given.intersection(_MATCHES):
        for name, rule in shape.keys.items():
            if name not in given:
                message = f"this key tells which record to {action}: give it as @{name}."
                yield Problem(f"{path}/@{name}", "missing-key", message, kind="nothing", label=rule.label)


def _problem(path: str, word: str, message: str, rule: FieldRule, value: FieldValue) -> Problem:
    return Problem(path, word, message, kind=value_kind(value), label=rule.label, codes=rule.codes)


def _sentence(word: str, rule: FieldRule, judge: _Judge, value: FieldValue, text: str) -> str:
    if word == "too-long":
        return f"{len(text):,} characters, and at most {rule.max_length:,} fit."
    if word == "too-many-digits":
        return f"more digits than fit: at most {rule.total_digits:,}."
    if word == "too-many-decimals":
        return f"more decimals than fit: at most {rule.fraction_digits:,}."
    either = rule.type == "dateTime" and isinstance(judge.type, XsdUnion)
    expected = _EITHER if either else _EXPECTED[rule.type]
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
