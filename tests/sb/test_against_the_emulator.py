"""The client's check and the emulator's own schema check judge each other: two readings of one table, of which neither
knows the other. A body that one takes the other takes, and a body that one refuses the other refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afas_soap.emulator.sb.validation import schemacheck as emulated
from afas_soap.errors import Weight
from afas_soap.sb.bodies import checked, spelt
from afas_soap.sb.operation import Field, Kind, Operation, Verb
from afas_soap.sb.table import shipped

WRITES = [one for one in shipped().operations if one.verb is not Verb.GET]
_LETTERS = st.text("abcXYZ 09ë€", min_size=1, max_size=20)
_CENTS = st.integers(-(10**11), 10**11).map(lambda cents: Decimal(cents) / 100)

_GOOD: Mapping[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: _LETTERS,
    Kind.UUID: st.uuids().map(str),
    Kind.NUMBER: _CENTS,
    Kind.INTEGER: st.integers(0, 99999),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates().map(lambda date: date.isoformat()),
    Kind.EMAIL: st.just("user@example.com"),
    Kind.URI: st.sampled_from(["www.afas.nl", "https://example.com/a?b=c"]),
    Kind.OBJECT: st.just({}),
}
_BAD: Mapping[Kind, list[Any]] = {
    Kind.TEXT: [5, True, None, [], {}],
    Kind.UUID: ["", "x", 5, "8afb1a9a16135e2bab1920c0f4f3e216", None],
    Kind.NUMBER: ["1", True, None, [1], "x"],
    Kind.INTEGER: [Decimal("1.5"), "1", True, None],
    Kind.BOOLEAN: ["true", 1, None],
    Kind.DATE: ["2026-02-30", "2026-1-1", "01-01-2026", "", 5, None],
    Kind.EMAIL: ["user", "", "@", 5, None],
    Kind.URI: ["a b", 5, None],
    Kind.OBJECT: [5, "x", None, True],
}


def _cased(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word, word.upper(), word.capitalize()])


def good(field: Field) -> st.SearchStrategy[Any]:
    if field.members:
        inner = whole(field.members)
        return st.lists(inner, min_size=1, max_size=2) if field.many else inner
    if field.choices:
        # What says nothing (an empty word, the text null) is left out: whether a rule counts it as there is not known.
        return st.sampled_from([word for word in field.choices if word not in ("", "null")]).flatmap(_cased)
    if field.pattern:
        return st.just("38012622")
    return _GOOD[field.kind]


def bad(field: Field) -> list[Any]:
    """Values that neither takes, of each kind of wrong."""
    if field.members:
        return [5, "x", None, {} if field.many else [], True]
    ways = [*_BAD[field.kind]]
    if field.choices:
        ways.append("nothing of the kind")
    if field.pattern:
        ways.append("a b")
    if field.longest:
        ways.append("x" * (field.longest + 1))
    if field.shortest:
        ways.append("")
    if field.cents:
        ways += [Decimal("100.255"), Decimal("0.001"), 40.555]
    return ways


def whole(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    required = {one.name: good(one) for one in fields if one.required}
    optional = {one.name: good(one) for one in fields if not one.required}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def bodies(draw: Callable[..., Any], operation: Operation) -> dict[str, Any]:
    """A body that is right, or has one thing wrong somewhere, or a name in another spelling."""
    body: dict[str, Any] = draw(whole(operation.fields))
    at, fields = body, operation.fields
    for _ in range(2):
        field = draw(st.sampled_from(fields))
        inner = at.get(field.name)
        if isinstance(inner, (dict, list)) and field.members and draw(st.booleans()):
            at, fields = (inner[-1] if isinstance(inner, list) else inner), field.members
    field = draw(st.sampled_from(fields))
    change = draw(st.sampled_from(["nothing", "bad", "gone", "spelling", "unknown"]))
    if change == "bad":
        at[field.name] = draw(st.sampled_from(bad(field)))
    elif change == "gone":
        at.pop(field.name, None)
    elif change == "spelling" and field.name in at:
        at[field.name.upper()] = at.pop(field.name)
    elif change == "unknown":
        at["Unheard"] = 1
    return body


def is_taken(operation: Operation, content: bytes) -> bool:
    try:
        emulated.checked(operation, content)
    except emulated.SchemaError:
        return False
    return True


def full(fields: tuple[Field, ...]) -> dict[str, Any]:
    """A right body with every field but those that exclude each other."""
    left = [one for one in fields if one.name not in ("DepartmentId", "VatCalculation")]
    return {
        one.name: [full(one.members)] if one.many else full(one.members) if one.members else fixed(one) for one in left
    }


def fixed(field: Field) -> Any:
    if field.choices:
        return field.choices[0]
    return "38012622" if field.pattern else _FIXED[field.kind]


_FIXED: Mapping[Kind, Any] = {
    Kind.TEXT: "text",
    Kind.UUID: "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216",
    Kind.NUMBER: Decimal("40.55"),
    Kind.INTEGER: 5,
    Kind.BOOLEAN: True,
    Kind.DATE: "2026-01-22",
    Kind.EMAIL: "user@example.com",
    Kind.URI: "www.afas.nl",
}


def places(fields: tuple[Field, ...], body: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Field]]:
    """Each field, with the object of ``body`` that it belongs in."""
    for field in fields:
        yield body, field
        inner = body.get(field.name)
        if field.members and inner:
            yield from places(field.members, inner[0] if isinstance(inner, list) else inner)


def agreed(operation: Operation, body: dict[str, Any]) -> bool:
    """Whether both take the body, or both refuse it: then what is told, the verdict, is given back."""
    folded, problems = checked(operation, body)
    errors = [str(problem) for problem in problems if problem.weight is Weight.ERROR]
    assert is_taken(operation, spelt(body)) == (not errors), (errors, body)
    if not errors:
        assert is_taken(operation, spelt(folded)), "what is sent is taken as well"
        assert checked(operation, folded)[0] == folded, "and there is no more to fold"
    return not errors


@pytest.mark.parametrize("operation", WRITES, ids=lambda one: one.title)
def test_each_field_that_is_wrong_in_each_way_is_refused_by_both(operation: Operation) -> None:
    body = full(operation.fields)
    assert agreed(operation, body)
    for at, field in places(operation.fields, body):
        before = dict(at)
        for value in bad(field):
            at[field.name] = value
            assert not agreed(operation, body), (field.name, value)
        at.pop(field.name)
        verdict = agreed(operation, body)
        assert not (verdict and field.required)
        at.clear()
        at.update(before)


@pytest.mark.parametrize("operation", WRITES, ids=lambda one: one.title)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_one_takes_the_other_takes(operation: Operation, data: st.DataObject) -> None:
    agreed(operation, data.draw(bodies(operation)))
