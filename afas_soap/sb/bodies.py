"""Request validation: the body of a write against the table, before any call, with all that is wrong and where.

Sources: small-business.md 3.3 and 5. The body is folded first (``sb.checks.folding``), then held against the JSON
Schema of its operation (``sb.checks.bodyschema``).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace

from afas_soap.errors import Problem, SettingsError, Weight, printable
from afas_soap.sb.checks.bodyschema import body_schema
from afas_soap.sb.checks.folding import Folding
from afas_soap.sb.checks.schemacheck import Fault, Validator
from afas_soap.sb.jsonnumbers import dumps
from afas_soap.sb.operation import Operation


def checked(operation: Operation, body: Mapping[str, object]) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """The body as it is to be sent, and its problems, the worst first.

    An ``error`` keeps it from being sent (``UpdateError.of``), a ``doubt`` is only told: a name that the schema does
    not have, of which AFAS' own samples have two. Dates and UUIDs of Python's become texts, floats the decimals that
    they show themselves as.
    """
    folding = Folding()
    folded = folding.members(body, operation.fields)
    told = {problem.path for problem in folding.problems if problem.weight is Weight.ERROR}
    faults = list(_validator(operation).faults(folded))
    # A value of another type breaks every other rule as well.
    mistyped = {fault.path for fault in faults if fault.rule == "type"}
    found = [*folding.problems]
    for fault in faults:
        problem = _problem(fault, folded)
        if problem.path not in told and (fault.rule == "type" or fault.path not in mistyped):
            found.append(problem)
    return folded, tuple(sorted(found, key=lambda problem: problem.weight is Weight.DOUBT))


def spelt(body: Mapping[str, object]) -> bytes:
    """The bytes of a checked body: JSON in UTF-8, decimals with the digits that they have."""
    return dumps(body)


@functools.lru_cache(maxsize=256)
def _validator(operation: Operation) -> Validator:
    try:
        return Validator(body_schema(operation))
    except (ValueError, IndexError) as error:
        told = printable(str(error).partition("\n")[0])
    # Our own table has none such: a test makes them all.
    raise SettingsError(
        f"the OpenAPI file, {operation.title}: it has a rule that cannot be checked ({told}). Mend it, or leave it out."
    )


def _problem(fault: Fault, body: Mapping[str, object]) -> Problem:
    path = _path(fault.path)
    value = _at(body, fault.path)
    kind = _kind(value)
    if fault.rule == "required":
        path = f"{path}/{fault.facet}" if path else str(fault.facet)
        message = fault.comment or "this field is required, and the body does not have it."
        return Problem(path, "condition" if fault.comment else "missing-field", message, kind="nothing")
    if fault.comment:
        return Problem(path, "condition", fault.comment, kind=kind)
    rule, tell = _TOLD[fault.rule]
    problem = Problem(path, rule, tell(fault.facet, kind), kind=kind)
    if fault.rule == "enum" and isinstance(fault.facet, list):
        return replace(problem, codes=tuple((str(word), "") for word in fault.facet))
    return problem


def _path(steps: tuple[str | int, ...]) -> str:
    """``InvoiceLine[2]/VatType``, counted from one as everywhere in this package."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f"/{step}" for step in steps).removeprefix("/")


def _at(value: object, steps: tuple[str | int, ...]) -> object:
    for step in steps:
        value = value[step]  # type: ignore[index]  # the path comes from this very value
    return value


def _kind(value: object) -> str:
    """What a value is, without showing it."""
    if isinstance(value, str):
        return f"text of {len(value):,} character{'s' if len(value) != 1 else ''}" if value else "empty text"
    return _KINDS.get(type(value), "decimal")


_KINDS: Mapping[type, str] = {
    bool: "boolean",
    int: "whole number",
    dict: "object",
    list: "list",
    type(None): "nothing (null)",
}
_TYPES: Mapping[str, str] = {
    "string": "a text",
    "number": "a number, without quotes and with a point",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list, even of one,",
}
_FORMATS: Mapping[str, str] = {
    "uuid": "a UUID, such as 8afb1a9a-1613-5e2b-ab19-20c0f4f3e216,",
    "date": "a date, such as 2026-12-31,",
    "date-time": "a date and time, such as 2026-12-31T00:00:00Z,",
    "email": "an e-mail address",
    "uri-reference": "the address of a website",
}
_Told = Callable[[object, str], str]


def _type(facet: object, kind: str) -> str:
    wanted = next(iter(facet)) if isinstance(facet, list) and facet else facet
    remedy = " Leave a field without a value out." if kind == _KINDS[type(None)] else ""
    return f"{kind} stands here, where {_TYPES.get(str(wanted), str(wanted))} belongs.{remedy}"


def _enum(facet: object, kind: str) -> str:
    words = [str(word) or '""' for word in facet] if isinstance(facet, list) else []
    return f"this word is none of {', '.join(words)}."


_TOLD: Mapping[str, tuple[str, _Told]] = {
    "type": ("type", _type),
    "enum": ("unlisted-word", _enum),
    "format": (
        "format",
        lambda facet, kind: f"{kind} stands here, where {_FORMATS.get(str(facet), str(facet))} belongs.",
    ),
    "pattern": ("pattern", lambda facet, kind: f"{kind} stands here that does not have the form {facet}."),
    "maxLength": ("too-long", lambda facet, kind: f"{kind}, and at most {facet} fit."),
    "minLength": ("too-short", lambda facet, kind: f"{kind}, and at least {facet} must be there."),
    "multipleOf": ("too-many-decimals", lambda facet, kind: "more than two decimals: SB does not round."),
}
