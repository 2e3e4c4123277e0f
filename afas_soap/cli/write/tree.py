"""What an UpdateConnector takes, for a person: a tree, an object and a field a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from afas_soap.cli.shared.terminal import printable
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record
from afas_soap.profit.schemas.updateschema import FieldRule, Shape, UpdateSchema

_MOST_CODES = 8


def tree(schema: UpdateSchema) -> str:
    """The root element with its keys, fields and sub-objects below it, each level two blanks in."""
    return "".join(f"{printable(line)}\n" for line in _object(schema.root, 0))


def tree_json(schema: UpdateSchema) -> str:
    """The same as JSON."""
    described = {"connector": schema.connector, "root": schema.root.name, **_described(schema.root)}
    return json.dumps(described, ensure_ascii=False, indent=2) + "\n"


TREE_FIELDS = Fields(
    "Fields",
    (
        Field("object"),
        Field("field"),
        Field("key", Kind.BOOL),
        Field("type"),
        Field("label"),
        Field("reference"),
        Field("max_length", Kind.INT),
        Field("total_digits", Kind.INT),
        Field("decimals", Kind.INT),
        Field("nillable", Kind.BOOL),
        Field("mandatory", Kind.BOOL),
        Field("codes"),
    ),
)


def tree_rows(schema: UpdateSchema) -> Iterator[Record]:
    """The same as rows, a field a row: ``object`` is where it stands, from the root element down (``A/B``), ``codes``
    are ``code=text`` behind each other, and ``mandatory`` is empty where the schema does not tell."""
    return _rows(schema.root, schema.root.name)


def _rows(shape: Shape, path: str) -> Iterator[Record]:
    for key, rules in ((True, shape.keys), (False, shape.fields)):
        for rule in rules.values():
            codes = "; ".join(f"{code}={text}" if text else code for code, text in rule.codes)
            yield {"object": path, "field": rule.name, "key": key, **_facts(rule), "codes": codes or None}
    for inner in shape.objects.values():
        yield from _rows(inner, f"{path}/{inner.name}")


def _object(shape: Shape, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}{shape.name}"
    rules = [*((f"@{name}", rule) for name, rule in shape.keys.items()), *shape.fields.items()]
    width = max((len(name) for name, _ in rules), default=0)
    for name, rule in rules:
        yield f"{indent}  {name:<{width}}  {_said(rule)}".rstrip()
    for inner in shape.objects.values():
        yield from _object(inner, depth + 1)


def _said(rule: FieldRule) -> str:
    parts = [f"{_type(rule):<14}", rule.label, "(mandatory)" if rule.mandatory else "", _codes(rule)]
    return "  ".join(filter(None, parts))


def _type(rule: FieldRule) -> str:
    if rule.max_length:
        return f"{rule.type} {rule.max_length}"
    if rule.fraction_digits:
        return f"{rule.type} {rule.total_digits}.{rule.fraction_digits}"
    return rule.type


def _codes(rule: FieldRule) -> str:
    shown = [f"{code}={text}" if text else code for code, text in rule.codes[:_MOST_CODES]]
    more = len(rule.codes) - len(shown)
    return f"{{{', '.join([*shown, *([f'{more} more'] if more else [])])}}}" if shown else ""


def _described(shape: Shape) -> dict[str, object]:
    return {
        "keys": [_rule(rule) for rule in shape.keys.values()],
        "fields": [_rule(rule) for rule in shape.fields.values()],
        "objects": [{"name": inner.name, **_described(inner)} for inner in shape.objects.values()],
    }


def _rule(rule: FieldRule) -> dict[str, object]:
    return {"name": rule.name, **_facts(rule), "codes": dict(rule.codes) or None}


def _facts(rule: FieldRule) -> Record:
    return {
        "type": rule.type,
        "label": rule.label,
        "reference": rule.reference or None,
        "max_length": rule.max_length or None,
        "total_digits": rule.total_digits or None,
        "decimals": rule.fraction_digits or None,
        "nillable": rule.nillable,
        "mandatory": rule.mandatory,
    }
