"""The text of ``filterjson``: the JSON twin of the filter XML, written and read back (profit-wire 3.2)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn

from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import Condition, Filter, Operator


def filters_to_json(filters: Sequence[Filter]) -> str:
    """``{"Filters":{"Filter":[{"@FilterId":"Filter 1","Field":[{"@FieldId":"X","@OperatorType":"1","#text":"v"}]}]}}``.

    On one line and not yet URL-encoded; empty for no filters. Every value is a text, codes too, as in AFAS' sample.
    Empty and not empty have the value ``""`` (inference: AFAS' guide says of these two that a value must be there,
    which can be an empty one).
    """
    if not filters:
        return ""
    groups = [
        {"@FilterId": f"Filter {number}", "Field": [_field(condition) for condition in conditions]}
        for number, conditions in enumerate(filters, 1)
    ]
    return json.dumps({"Filters": {"Filter": groups}}, ensure_ascii=False, separators=(",", ":"))


def _field(condition: Condition) -> dict[str, str]:
    return {
        "@FieldId": condition.column,
        "@OperatorType": str(int(condition.operator)),
        "#text": condition.value or "",
    }


def filters_from_json(text: str) -> tuple[Filter, ...]:
    """The filters of a ``filterjson`` text; none for an empty one.

    ``Filter`` and ``Field`` may be an object instead of a list of one, and values numbers or booleans instead of texts.
    ``QueryError``, naming the member or the field, for anything else: a filter that is not understood would quietly
    give other rows.
    """
    if not text.strip():
        return ()
    filters = _object(_object(_parsed(text), "filterjson", ("Filters",)).get("Filters"), "Filters", ("Filter",))
    return tuple(_filter(item) for item in _list(filters.get("Filter", []), "Filter"))


def _parsed(text: str) -> object:
    try:
        # Numbers keep the digits in which they are written.
        parsed: object = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_refuse_constant, object_pairs_hook=_members
        )
    except json.JSONDecodeError as error:
        problem = QueryError(f"filterjson is not JSON (line {error.lineno}, column {error.colno}).")
    except RecursionError:
        problem = QueryError("filterjson is nested far deeper than a filter is.")
    else:
        return parsed
    raise problem


def _refuse_constant(name: str) -> NoReturn:
    raise QueryError(f"filterjson holds {name}, which is no value of a filter.")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise QueryError("filterjson has an object with the same name twice: several filters or fields are a list.")
    return members


def _object(value: object, name: str, members: tuple[str, ...]) -> dict[str, object]:
    """``value`` as an object that has none but these members."""
    if not isinstance(value, dict):
        raise QueryError(f"{name} is no object in filterjson; it holds {' and '.join(members)}.")
    for member in value:
        if member not in members:
            raise QueryError(f"{name} has the member {member!r} in filterjson; it holds {' and '.join(members)} only.")
    return value


def _list(value: object, name: str) -> list[object]:
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise QueryError(f"{name} is neither a list nor an object in filterjson.")
    return value


def _filter(value: object) -> Filter:
    fields = _list(_object(value, "Filter", ("@FilterId", "Field")).get("Field", []), "Field")
    if not fields:
        raise QueryError("A Filter in filterjson has no Field, which would mean every row: leave the Filter out.")
    return tuple(_condition(_object(field, "Field", ("@FieldId", "@OperatorType", "#text"))) for field in fields)


def _condition(field: dict[str, object]) -> Condition:
    column = _value(field.get("@FieldId"), "a Field")
    name = f"the Field {column!r}"
    operator = Operator.from_code(_value(field.get("@OperatorType"), name), column)
    value = _value(field.get("#text"), name)
    return Condition(column, operator, value if operator.takes_value else None)


def _value(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise QueryError(f"{name} in filterjson has a list or an object where a value stands.")
    return value
