"""An update in the order of its connector's schema, which an XSD insists on and Profit's own XML has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from afas_soap.profit.update import Element, Part, Update
from afas_soap.profit.updateschema import Shape, UpdateSchema

_Value = TypeVar("_Value")


def ordered(update: Update, schema: UpdateSchema) -> Update:
    """The same update with its keys, fields and sub-objects in the schema's order at every level.

    What the schema does not have keeps its order, behind what it has; nothing is lost.
    """
    return replace(update, elements=tuple(_element(element, schema.root) for element in update.elements))


def _element(element: Element, shape: Shape) -> Element:
    places = {name: place for place, name in enumerate(shape.objects)}
    parts = sorted(element.objects, key=lambda part: places.get(part.name, len(places)))
    return replace(
        element,
        fields=_sorted(element.fields, shape.fields),
        keys=_sorted(element.keys, shape.keys),
        objects=tuple(_part(part, shape.objects.get(part.name)) for part in parts),
    )


def _part(part: Part, shape: Shape | None) -> Part:
    if shape is None:
        return part
    return replace(part, elements=tuple(_element(row, shape) for row in part.elements))


def _sorted(values: Mapping[str, _Value], order: Iterable[str]) -> dict[str, _Value]:
    known = {name: values[name] for name in order if name in values}
    return {**known, **values}
