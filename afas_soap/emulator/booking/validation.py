"""Schema validation: what Profit refuses by it alone, as unknown fields, wrong types, lengths, codes, empty fields.

Values are judged as text, so that both protocols give the same refusal: a boolean of JSON is ``true``. Which of several
mistakes Profit names is not known: here it is the first, in the order of the update.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from afas_soap.emulator.booking.kinds import fitting, too_long
from afas_soap.emulator.refusals import (
    MANDATORY,
    NO_SUCH_FIELD,
    TOO_LONG,
    TYPE_MISMATCH,
    UNKNOWN_VALUE,
    Refused,
    Text,
)
from afas_soap.profit.schemas.updateschema import MATCHES, FieldRule, Shape
from afas_soap.profit.updates.fieldvalue import FieldValue, cleared, field_text
from afas_soap.profit.updates.update import Action, Element


@dataclass(frozen=True)
class Validated:
    """A record or row that its schema allows: ``values`` as they are kept, keys and fields together, None for what is
    cleared."""

    action: Action
    values: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    parts: Mapping[str, tuple[Validated, ...]] = field(default_factory=dict)


def validated(element: Element, shape: Shape, *, strict: bool) -> Validated:
    """The record as it is kept. ``strict`` as in ``Definition``. Raises ``Refused``.

    A key may stand among the fields as well (profit-wire 3.5: AFAS' own examples have both), and wins there over none.
    Two different values are refused but for an insert, of which AFAS has an example (inferred): nobody knows which
    record is meant.
    """
    for code in element.keys.keys() & element.fields.keys():
        text = field_text(element.fields[code])
        two = text is not None and text != field_text(element.keys[code])
        if two and element.action is not Action.INSERT:
            raise Refused(NO_SUCH_FIELD, name=code)
    values = dict(_values(element.fields, {**shape.keys, **shape.fields}, strict=strict))
    values |= _values(element.keys, shape.keys, strict=strict)
    parts = {}
    for part in element.objects:
        inner = shape.objects.get(part.name)
        if inner is None:
            raise Refused(NO_SUCH_FIELD, name=part.name)
        parts[part.name] = tuple(validated(row, inner, strict=strict) for row in part.elements)
    return Validated(element.action, values, parts)


def _values(
    given: Mapping[str, FieldValue], rules: Mapping[str, FieldRule], *, strict: bool
) -> Iterator[tuple[str, str | None]]:
    for code, value in given.items():
        rule = rules.get(code)
        if rule is None:
            raise Refused(NO_SUCH_FIELD, name=code)
        text = field_text(value)
        yield code, None if text is None else _kept(text, rule, strict=strict)


def _kept(text: str, rule: FieldRule, *, strict: bool) -> str:
    kept = fitting(text, rule, strict=strict)
    if kept is None:
        raise Refused(TYPE_MISMATCH)
    if too_long(kept, rule):
        raise of_field(TOO_LONG, rule)
    if strict and rule.codes and kept.casefold() not in {code.casefold() for code, _ in rule.codes}:
        raise of_field(UNKNOWN_VALUE, rule)
    return kept


def complete(record: Validated, shape: Shape, action: Action) -> None:
    """Raise ``Refused`` for a mandatory field that is empty: on insert when it was left out too, on update when it was
    cleared."""
    for code, rule in {**shape.keys, **shape.fields}.items():
        missing = not record.values.get(code) if action is Action.INSERT else record.values.get(code, "") is None
        if rule.mandatory and missing and action is not Action.DELETE:
            raise of_field(MANDATORY, rule)
    for name, rows in record.parts.items():
        for row in rows:
            within = row.action if action is not Action.INSERT or row.action is Action.DELETE else Action.INSERT
            complete(row, shape.objects[name], within)


def addressed(record: Validated, shape: Shape, above: frozenset[str] = frozenset()) -> None:
    """Raise ``Refused`` for a key that a change or removal leaves out, of the record or of a row below it.

    ``above`` has the keys of the records above, which AFAS' schemas repeat below them. An organisation or person may be
    found by what it is compared by.
    """
    given = above | {code for code, text in record.values.items() if text}
    if record.action is not Action.INSERT and not given & MATCHES:
        for code, rule in shape.keys.items():
            if code not in given:
                raise of_field(MANDATORY, rule)
    for name, rows in record.parts.items():
        for row in rows:
            addressed(row, shape.objects[name], above | (given & shape.keys.keys()))


def check_cleared(element: Element, shape: Shape) -> None:
    """Raise ``Refused`` for a field that is cleared although the XSD does not let it be: over SOAP, for metainfo does
    not tell which can be (both inferred)."""
    for code, value in element.fields.items():
        if code in shape.fields and cleared(value) and not shape.fields[code].nillable:
            raise of_field(MANDATORY, shape.fields[code])
    for part in element.objects:
        for row in part.elements if part.name in shape.objects else ():
            check_cleared(row, shape.objects[part.name])


def of_field(text: Text, rule: FieldRule, **filled: str) -> Refused:
    """The refusal of one field, by AFAS' label where there is one."""
    return Refused(text, filled={"label": rule.label or rule.name, "field": rule.name, **filled})
