"""An update in the order of its connector's schema, which an XSD insists on and Profit's own XML has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from afas_soap.profit.schemas.updateschema import Shape, UpdateSchema
from afas_soap.profit.updates.fieldvalue import FieldValue, cleared, field_text
from afas_soap.profit.updates.update import Element, Part, Update

_Value = TypeVar("_Value")


def ordered(update: Update, schema: UpdateSchema) -> Update:
    """The same update with its keys, fields and sub-objects in the schema's order at every level.

    A key that stands among the fields, as in AFAS' JSON, is put where the schema has it, when it has it as a key alone.
    What the schema does not have keeps its order, behind what it has; nothing is lost.
    """
    return update.rearranged(tuple(_element(element, schema.root) for element in update.elements))


def _element(element: Element, shape: Shape) -> Element:
    places = {name: place for place, name in enumerate(shape.objects)}
    parts = sorted(element.objects, key=lambda part: places.get(part.name, len(places)))
    keys = {name: value for name, value in element.fields.items() if _is_key(name, value, element, shape)}
    return replace(
        element,
        fields=_sorted({name: value for name, value in element.fields.items() if name not in keys}, shape.fields),
        keys=_sorted({**keys, **element.keys}, shape.keys),
        objects=tuple(_part(part, shape.objects.get(part.name)) for part in parts),
    )


def _is_key(name: str, value: FieldValue, element: Element, shape: Shape) -> bool:
    """Whether a field is a key alone; not where another value of that key stands beside it."""
    if name not in shape.keys or name in shape.fields:
        return False
    return cleared(value) or field_text(element.keys.get(name, value)) == field_text(value)


def _part(part: Part, shape: Shape | None) -> Part:
    if shape is None:
        return part
    return replace(part, elements=tuple(_element(row, shape) for row in part.elements))


def _sorted(values: Mapping[str, _Value], order: Iterable[str]) -> dict[str, _Value]:
    known = {name: values[name] for name in order if name in values}
    return {**known, **values}
