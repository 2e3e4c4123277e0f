"""JSON Schema (2019-09) of a request body, out of the fields and the rules of an operation in the table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from afas_soap.sb.checks.conditions import Condition, parse
from afas_soap.sb.operation import Field, Kind, Operation

CENT = Decimal("0.01")

_TYPES: Mapping[Kind, Mapping[str, object]] = {
    Kind.TEXT: {"type": "string"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.NUMBER: {"type": "number"},
    Kind.INTEGER: {"type": "integer"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    # AFAS' own sample of a website is "www.afas.nl", which is no absolute URI.
    Kind.URI: {"type": "string", "format": "uri-reference"},
    Kind.OBJECT: {"type": "object"},
}


def body_schema(operation: Operation) -> dict[str, object]:
    """The schema of ``operation``'s body. Members that it does not list are allowed: AFAS' samples have some. Each rule
    between fields has its sentence as ``$comment``."""
    conditions = tuple(parse(rule) for rule in operation.conditions)
    return {"$schema": "https://json-schema.org/draft/2019-09/schema", **_object("", operation.fields, conditions)}


def _object(where: str, fields: Iterable[Field], conditions: tuple[Condition, ...]) -> dict[str, object]:
    fields = tuple(fields)
    schema: dict[str, object] = {
        "type": "object",
        "properties": {field.name: _field(field, conditions) for field in fields},
        "required": [field.name for field in fields if field.required],
    }
    rules = [{**one.schema, "$comment": one.sentence} for one in conditions if one.where == where]
    return {**schema, "allOf": rules} if rules else schema


def _field(field: Field, conditions: tuple[Condition, ...]) -> dict[str, object]:
    schema = _object(field.name, field.members, conditions) if field.members else _value(field)
    return {"type": "array", "items": schema} if field.many else schema


def _value(field: Field) -> dict[str, object]:
    schema = dict(_TYPES[field.kind])
    facets = {
        "enum": list(field.choices),
        "pattern": field.pattern,
        "minLength": field.shortest,
        "maxLength": field.longest,
        "multipleOf": CENT if field.cents else None,
    }
    return schema | {word: facet for word, facet in facets.items() if facet}
