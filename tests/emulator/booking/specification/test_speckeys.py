"""The rule by which keys are told from AFAS' files, case by case."""

from __future__ import annotations

import pytest

from afas_soap.emulator.booking.specification.speckeys import Evidence, attributes, keys_by
from afas_soap.profit.updates.update import Action, Element

FIELDS = frozenset("ABC")


def _insert(**fields: str) -> Element:
    return Element(fields)


def _update(**fields: str) -> Element:
    return Element(fields, action=Action.UPDATE)


@pytest.mark.parametrize(
    ("evidence", "keys"),
    [
        # 1: the address of DELETE, or attributes, as far as there are such fields
        (Evidence(FIELDS, named=("A",)), ("A",)),
        (Evidence(FIELDS, named=("A", "Z")), ("A",)),
        (Evidence(FIELDS, inserts=(Element({"B": "1"}, {"A": "1"}),)), ("A",)),
        (Evidence(FIELDS, inserts=(Element({"A": "2"}, {"A": "1"}),)), ()),
        (Evidence(FIELDS), ()),
        # 2: keys that come back
        (Evidence(FIELDS, named=("A",), results=("B", "A")), ("A",)),
        (Evidence(FIELDS, named=("A",), results=("B",), inserts=(_insert(B="1"),)), ("B",)),
        (Evidence(FIELDS, named=("A",), results=("N", "B"), inserts=(_insert(B="1"),)), ("N", "B")),
        # 3: records that the keys do not tell apart
        (Evidence(FIELDS, named=("A",), inserts=(_insert(A="1", B="1"), _insert(A="1", B="2"))), ()),
        (
            Evidence(FIELDS, ("A",), (), ("C", "B"), inserts=(_insert(A="1", B="1"), _insert(A="1", B="2"))),
            ("A", "B"),
        ),
        (
            Evidence(FIELDS, ("A",), (), ("A", "B", "C"), (_insert(A="1", B="1", C="1"), _insert(A="1", B="2", C="1"))),
            ("A", "B"),
        ),
        (Evidence(FIELDS, named=("A",), inserts=(_insert(A="1", B="1"), _insert(A="1", B="1"))), ("A",)),
        (Evidence(FIELDS, named=("A",), inserts=(_insert(B="1"), _insert(B="2"))), ("A",)),
        # 4: what updates name
        (Evidence(FIELDS, named=("A", "B"), updates=(_update(A="1", B="1"), _update(B="2"))), ("B",)),
        (Evidence(FIELDS, named=("A", "B"), updates=(_update(C="1"),)), ("A", "B")),
        (
            Evidence(
                FIELDS,
                named=("A", "B"),
                inserts=(_insert(A="1", B="1"), _insert(A="2", B="1")),
                updates=(_update(A="1", B="1"), _update(B="2")),
            ),
            ("A", "B"),
        ),
        (Evidence(FIELDS, results=("A", "B"), updates=(_update(A="1"),)), ("A",)),
        (Evidence(FIELDS, results=("A", "B"), inserts=(_insert(A="1"),)), ("A",)),
        (Evidence(FIELDS, named=("A",), results=("N",), updates=(_update(A="1"),)), ()),
    ],
)
def test_keys(evidence: Evidence, keys: tuple[str, ...]) -> None:
    assert keys_by(evidence) == keys


def test_an_attribute_with_a_field_beside_it_counts_while_both_are_the_same() -> None:
    assert attributes([Element({"A": "1"}, {"A": 1, "B": "2"})]) == ("A", "B")
    assert attributes([Element({}, {"A": 1}), Element({"A": "2"}, {"A": 1})]) == ()
