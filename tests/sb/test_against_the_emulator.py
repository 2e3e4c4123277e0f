"""The client's check and the emulator's own schema check judge each other: two readings of one table, of which neither
knows the other. A body that one takes the other takes, and a body that one refuses the other refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
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
_BAD: Mapping[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.sampled_from([5, True, None, [], {}]),
    Kind.UUID: st.sampled_from(["", "x", 5, "8afb1a9a16135e2bab1920c0f4f3e216", None]),
    Kind.NUMBER: st.sampled_from(["1", True, None, [1], "x"]),
    Kind.INTEGER: st.sampled_from([Decimal("1.5"), "1", True, None]),
    Kind.BOOLEAN: st.sampled_from(["true", 1, None]),
    Kind.DATE: st.sampled_from(["2026-02-30", "2026-1-1", "01-01-2026", "", 5, None]),
    Kind.EMAIL: st.sampled_from(["user", "", "@", 5, None]),
    Kind.URI: st.sampled_from(["a b", 5, None]),
    Kind.OBJECT: st.sampled_from([5, "x", None, True]),
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


def bad(field: Field) -> st.SearchStrategy[Any]:
    if field.members:
        return st.sampled_from([5, "x", None, {} if field.many else [], True])
    ways: list[st.SearchStrategy[Any]] = [_BAD[field.kind]]
    if field.choices:
        ways.append(st.just("nothing of the kind"))
    if field.pattern:
        ways.append(st.just("a b"))
    if field.longest:
        ways.append(st.just("x" * (field.longest + 1)))
    if field.cents:
        ways.append(st.sampled_from([Decimal("100.255"), Decimal("0.001"), 40.555]))
    return st.one_of(ways)


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
        at[field.name] = draw(bad(field))
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
    except emulated.SchemaError as error:
        event(str(error).split(".")[0][:40])
        return False
    return True


@pytest.mark.parametrize("operation", WRITES, ids=lambda one: one.title)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_one_takes_the_other_takes(operation: Operation, data: st.DataObject) -> None:
    body = data.draw(bodies(operation))
    folded, problems = checked(operation, body)
    errors = [str(problem) for problem in problems if problem.weight is Weight.ERROR]
    assert is_taken(operation, spelt(body)) == (not errors), (errors, body)
    if not errors:
        assert is_taken(operation, spelt(folded)), "what is sent is taken as well"
        assert checked(operation, folded)[0] == folded, "and there is no more to fold"
