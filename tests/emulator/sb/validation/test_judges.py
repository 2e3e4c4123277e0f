"""Two judges: the client's check and the emulator's, which share the table only, on bodies with one thing wrong.

They differ in what is only told: a name that the table has not.
"""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.emulator.sb.tables import Row
from afas_soap.emulator.sb.validation.schemacheck import SchemaError, checked
from afas_soap.errors import Weight
from afas_soap.sb import bodies
from afas_soap.sb.operation import Field, Kind, Operation, Verb
from afas_soap.sb.table import shipped

WRITES = [operation for operation in shipped().operations if operation.verb is not Verb.GET]
ID = "701b747b-eea2-5ed1-8518-973e5c670252"
GOOD: dict[Kind, object] = {
    Kind.UUID: ID,
    Kind.NUMBER: Decimal("40.55"),
    Kind.INTEGER: 5,
    Kind.BOOLEAN: True,
    Kind.DATE: "2025-01-31",
    Kind.EMAIL: "a@b.example",
    Kind.TEXT: "12",
    Kind.URI: "www.kwekerij.example",
}
WRONG: tuple[object, ...] = (
    None, "", "x", "X" * 300, "soon", "2025-02-30", 5, Decimal("100.255"), Decimal("0.07"), Decimal("-1.1"), True, [],
    {}, "HIGH", "Organisation", "null",
)  # fmt: skip


def good(fields: tuple[Field, ...]) -> Row:
    """A body with every field, but for one of two that exclude each other."""
    found: Row = {}
    for field in fields:
        if field.members:
            found[field.name] = [good(field.members)] if field.many else good(field.members)
        elif field.name != "DepartmentId":
            found[field.name] = field.choices[0] if field.choices else GOOD[field.kind]
    return found


def places(value: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every value within."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, one in inner for place in ((*at, name), *places(one, (*at, name)))]


def ours(operation: Operation, body: Row) -> bool:
    return not [problem for problem in bodies.checked(operation, body)[1] if problem.weight is Weight.ERROR]


def theirs(operation: Operation, body: Row) -> str:
    """What is told of what the client sends: empty when it is taken."""
    folded, _ = bodies.checked(operation, body)
    try:
        checked(operation, bodies.spelt(folded))
    except SchemaError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.title)
def test_a_body_with_everything_is_taken_by_both(operation: Operation) -> None:
    body = good(operation.fields)
    assert ours(operation, body)
    assert theirs(operation, body) == ""


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.title)
@given(choice=st.data())
def test_both_say_the_same_of_a_body_with_one_thing_changed(operation: Operation, choice: st.DataObject) -> None:
    body = copy.deepcopy(good(operation.fields))
    *way, last = choice.draw(st.sampled_from(places(body)))
    target: object = body
    for step in way:
        target = target[step]  # type: ignore[index]
    if choice.draw(st.booleans()):
        del target[last]  # type: ignore[attr-defined]
    else:
        target[last] = choice.draw(st.sampled_from(WRONG))  # type: ignore[index]
    told = theirs(operation, body)
    assert ours(operation, body) == (told == ""), (body, told)
