"""Schema validation: the check of an update against its connector's schema: every problem at once, before any call.

Which texts are a value of a type is told by ``lexical``, as for the emulator; what else the schema says of a type
(lengths, digits, a list) is judged by xmlschema, on the schema itself with its keys made optional
(``schemaxsd.relaxed``). ``problems`` has the rules, and says where a value may stand. Nothing is fetched, and the
update stays as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Mapping
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
from afas_soap.profit.schemas.lexical import canonical
from afas_soap.profit.schemas.problems import WRONG, Checking, Judge, Types
from afas_soap.profit.schemas.schemaxsd import relaxed
from afas_soap.profit.schemas.updateschema import TYPES, UpdateSchema
from afas_soap.profit.updates.moment import MOMENTS
from afas_soap.profit.updates.update import Update, located


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
    checking = Checking()
    found = [
        problem
        for path, element in located(schema.root.name, update.elements)
        for problem in checking.record(path, element, schema.root, types)
    ]
    if strict:
        return tuple(replace(problem, weight=Weight.ERROR) for problem in found)
    return tuple(sorted(found, key=lambda problem: problem.weight is Weight.DOUBT))


@dataclass(frozen=True, eq=False)
class _Judge:
    """The compiled type of one field, which keeps its verdicts: it is asked once about texts that are ``alike``.

    ``bare`` when it allows every text that ``lexical`` takes.
    """

    type: XsdSimpleType
    bare: bool
    alike: Callable[[str], Hashable]
    _verdicts: dict[Hashable, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def rules(self, text: str, kind: str) -> tuple[str, ...]:
        """The rules that the text breaks; ``kind`` is the ``type`` of the field's rule."""
        spelt = canonical(text, kind)
        if spelt is None:
            return (WRONG,)
        return () if self.bare else self._verdict(spelt)

    def _verdict(self, spelt: str) -> tuple[str, ...]:
        key = self.alike(spelt)
        known = self._verdicts.get(key)
        if known is None:
            if len(self._verdicts) >= _MOST_VERDICTS:
                self._verdicts.clear()
            known = self._verdicts[key] = self._asked(spelt)
        return known

    def _asked(self, spelt: str) -> tuple[str, ...]:
        rules = dict.fromkeys(_RULES.get(type(error.validator), WRONG) for error in self.type.iter_errors(spelt))
        return tuple(rule for rule in rules if rule != WRONG) or tuple(rules)


# Of one type: more are given where each text counts by itself, and then it is asked again.
_MOST_VERDICTS = 1000
_RULES: Mapping[type, str] = {
    XsdMaxLengthFacet: "too-long",
    XsdTotalDigitsFacet: "too-many-digits",
    XsdFractionDigitsFacet: "too-many-decimals",
}


@functools.lru_cache(maxsize=16)
def _compiled(text: str) -> Types:
    """The types of a schema, made once: it takes a tenth of a second or more."""
    document = relaxed(text)
    try:
        schema = xmlschema.XMLSchema10(document, allow="none", defuse="always")
        return _types(next(iter(schema.elements.values())))
    except (xmlschema.XMLSchemaException, RecursionError, KeyError) as problem:
        reason = type(problem).__name__
    raise AnswerError(f"this is no schema that an update can be checked against ({reason})")


def _types(declared: XsdElement) -> Types:
    row = _inside(declared)["Element"]
    parts = _inside(row)
    fields, objects = (_inside(parts[name]) if name in parts else {} for name in ("Fields", "Objects"))
    return Types(
        _judges((name, element.type) for name, element in fields.items()),
        _judges((str(name), attribute.type) for name, attribute in row.attributes.items()),
        {name: _types(part) for name, part in objects.items()},
    )


def _inside(declared: XsdElement) -> dict[str, XsdElement]:
    content = declared.type.content if isinstance(declared.type, XsdComplexType) else None
    if not isinstance(content, XsdGroup):
        return {}
    return {each.local_name: each for each in content.iter_elements() if isinstance(each, XsdElement)}


def _judges(types: Iterable[tuple[str, object]]) -> dict[str, Judge]:
    """What has no simple type takes any text."""
    return {name: _judge(each).rules for name, each in types if isinstance(each, XsdSimpleType)}


def _judge(declared: XsdSimpleType) -> _Judge:
    limits = {str(facet).rpartition("}")[2] for facet in declared.facets}
    # What a type in between restricts is not among the facets.
    direct = getattr(declared, "primitive_type", None) in (declared, declared.base_type)
    return _Judge(declared, _is_bare(declared, limits, direct=direct), _alike(declared, limits) if direct else str)


def _is_bare(declared: XsdSimpleType, limits: set[str], *, direct: bool) -> bool:
    if isinstance(declared, XsdUnion):
        # That of a date out of metainfo; ``FieldRule.type`` knows no other.
        return all(each.local_name in MOMENTS for each in declared.member_types)
    if isinstance(declared, XsdAtomicBuiltin):
        return declared.local_name in TYPES
    # A text that is empty clears its field.
    return direct and limits <= _NOT_EMPTY and (declared.min_length or 0) <= 1


def _alike(declared: XsdSimpleType, limits: set[str]) -> Callable[[str], Hashable]:
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
_NOT_EMPTY = frozenset({"whiteSpace", "minLength"})
_LENGTHS = frozenset({"whiteSpace", "length", "minLength", "maxLength"})
_DIGITS = frozenset({"totalDigits", "fractionDigits"})
