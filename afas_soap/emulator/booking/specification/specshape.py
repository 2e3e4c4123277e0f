"""The schemas of AFAS' OpenAPI files as shapes: root, Element, Fields and Objects, to any depth.

AFAS' files list keys among the fields, and have no ``@`` in their schemas. Their ``required`` is a hint (profit-wire
11), so that nothing is mandatory here; ``format`` is often empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from afas_soap.profit.schemas.updateschema import FieldRule, Shape

Json = Mapping[str, object]

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_CODE = re.compile(r"(?P<code>\S+) = (?P<text>.*?);?")
_TYPES = {"integer": "long", "number": "decimal", "boolean": "boolean"}
# A "byte" is text without a limit, or a file in base64: the files do not tell which (profit-wire 11).
_FORMATS = {"date": "date", "date-time": "dateTime"}
# Profit takes six levels.
_DEEPEST = 30
# What no length or number of decimals of AFAS' comes near.
_LARGEST = 10**9


def shape_of(schema: Json) -> Shape:
    """The shape of ``components.schemas.{connector}_POST``, whose one property is the root.

    Raises ``ValueError``, with what is wrong, for what is no such schema.
    """
    roots = member(schema, "properties")
    if len(roots) != 1:
        raise ValueError(f"a schema of an UpdateConnector has one root, and here are {len(roots)}")
    name, part = next(iter(roots.items()))
    return _shape(name, mapping(part, name), 1)


def required_of(schema: Json) -> tuple[str, ...]:
    """The fields of the root that the schema calls required and that are no yes or no, in their order."""
    fields = _content(mapping(next(iter(member(schema, "properties").values())), "the root"), "Fields")
    listed = fields.get("required")
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    rules = _fields(fields)
    return tuple(name for name in names if name in rules and rules[name].type != "boolean")


def merged(first: Shape, second: Shape) -> Shape:
    """Both, the fields of the first in front. Where both have a field, the first tells of it; but only the schemas of
    PUT tell how many decimals a number has."""
    fields = {**second.fields, **first.fields}
    order = dict.fromkeys((*first.fields, *second.fields))
    objects = {**first.objects, **second.objects}
    for name in first.objects.keys() & second.objects.keys():
        objects[name] = merged(first.objects[name], second.objects[name])
    return Shape(
        first.name,
        {name: _exact(fields[name], second.fields.get(name)) for name in order},
        {**second.keys, **first.keys},
        objects,
    )


def mapping(value: object, what: str) -> Json:
    """The value, which is an object; ``ValueError`` when it is none."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no object")
    return value


def member(document: Json, name: str) -> Json:
    """The object that is this member of another; empty when it is not there."""
    return mapping(document.get(name, {}), name)


def _shape(name: str, part: Json, depth: int) -> Shape:
    if depth > _DEEPEST:
        raise ValueError(f"a schema describes more than {_DEEPEST} levels")
    objects = _content(part, "Objects")
    items = member(objects, "items") if objects.get("type") == "array" else objects
    inner = member(items, "properties").items()
    return Shape(
        _named(name),
        _fields(_content(part, "Fields")),
        objects={each: _shape(each, mapping(below, each), depth + 1) for each, below in inner},
    )


def _content(part: Json, name: str) -> Json:
    """What the schema of one record says of its Fields or Objects."""
    element = member(member(part, "properties"), "Element")
    if not element:
        raise ValueError("an object without Element is none of an UpdateConnector")
    record = member(element, "items") if element.get("type") == "array" else element
    return member(member(record, "properties"), name)


def _fields(fields: Json) -> dict[str, FieldRule]:
    return {name: _rule(_named(name), mapping(told, name)) for name, told in member(fields, "properties").items()}


def _named(name: str) -> str:
    if _NAME.fullmatch(name) is None:
        raise ValueError("a schema names a field or object by what is no name")
    return name


def _rule(name: str, told: Json) -> FieldRule:
    lines = str(told.get("description") or "").splitlines()
    kind = _TYPES.get(str(told.get("type"))) or _FORMATS.get(str(told.get("format")), "string")
    return FieldRule(
        name,
        kind,
        max_length=_number(told.get("maxLength")) if kind == "string" else 0,
        fraction_digits=_decimals(told.get("multipleOf")) if kind == "decimal" else 0,
        label=lines[0].strip() if lines else "",
        codes=_codes(told.get("enum"), lines[1:]),
    )


def _number(value: object) -> int:
    return value if type(value) is int and 0 < value < _LARGEST else 0


def _decimals(value: object) -> int:
    """How many decimals ``multipleOf`` allows: 2 for 0.01. 0 when it does not tell."""
    exponent = value.normalize().as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) and -28 <= exponent < 0 else 0


def _codes(listed: object, lines: list[str]) -> tuple[tuple[str, str], ...]:
    """The codes of a list, with the texts that the description has for them, one a line."""
    if not isinstance(listed, list):
        return ()
    matches = (_CODE.fullmatch(line.strip()) for line in lines)
    texts = {match["code"]: match["text"] for match in matches if match is not None}
    return tuple({str(code): texts.get(str(code), "") for code in listed if code not in (None, "")}.items())


def _exact(first: FieldRule, second: FieldRule | None) -> FieldRule:
    digits = first.fraction_digits or (second.fraction_digits if second is not None else 0)
    return replace(first, fraction_digits=digits)
