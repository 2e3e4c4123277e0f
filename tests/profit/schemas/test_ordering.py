"""An update in its schema's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.schemas.ordering import ordered
from afas_soap.profit.schemas.updateschema import FieldRule, Shape, UpdateSchema
from afas_soap.profit.updates.update import Action, Element, Part, Update

NAMES = ("C", "A", "B")
RULES = {name: FieldRule(name) for name in NAMES}
INNER = Shape("B", RULES, RULES)
SCHEMA = UpdateSchema("KnDemo", Shape("KnDemo", RULES, RULES, {"C": Shape("C"), "B": INNER}), "")


def test_every_level() -> None:
    """Keys, fields and objects; what is unknown keeps its order behind what is known."""
    row = Element({"X": 1, "B": 2, "A": 3, "W": 4, "C": 5}, {"Z": 1, "A": 2, "C": 3}, Action.UPDATE)
    unknown = Part("X", (row,))
    update = Update("KnDemo", "Root", (Element(objects=(unknown, Part("B", (row, row)), Part("C", (row,)))), row))
    found = ordered(update, SCHEMA)
    record, again = found.elements
    assert [part.name for part in record.objects] == ["C", "B", "X"]
    assert list(again.fields.items()) == [("C", 5), ("A", 3), ("B", 2), ("X", 1), ("W", 4)]
    assert list(again.keys) == ["C", "A", "Z"]
    assert [list(each.fields) for each in record.objects[1].elements] == [["C", "A", "B", "X", "W"]] * 2
    # What the schema knows nothing of stays as it is, at every level.
    assert record.objects[2] == unknown
    assert list(record.objects[2].elements[0].fields) == list(record.objects[0].elements[0].fields) == list(row.fields)
    assert (found.connector, found.root, again.action) == ("KnDemo", "Root", Action.UPDATE)


def test_a_key_among_the_fields_goes_where_the_schema_has_it() -> None:
    """Where it is no field besides, and nothing else stands there; at every level. An empty one is none."""
    shape = Shape("KnDemo", {"A": FieldRule("A"), "K": FieldRule("K")}, {"Id": FieldRule("Id"), "K": FieldRule("K")})
    schema = UpdateSchema("KnDemo", replace(shape, objects={"KnDemo": shape}), "")

    def placed(element: Element) -> list[tuple[Mapping[str, object], Mapping[str, object]]]:
        below = replace(element, objects=(Part("KnDemo", (element,)),))
        (record,) = ordered(Update("KnDemo", "KnDemo", (below,)), schema).elements
        return [(each.fields, each.keys) for each in (record, record.objects[0].elements[0])]

    for element, fields, keys in (
        (Element({"Id": 7, "A": 1}), {"A": 1}, {"Id": 7}),
        (Element({"Id": "7", "A": 1}, {"Id": 7}), {"A": 1}, {"Id": 7}),
        (Element({"Id": "", "A": 1}), {"A": 1}, {}),
        (Element({"Id": None}, {"Id": 7}), {}, {"Id": 7}),
        (Element({"Id": 8}, {"Id": 7}), {"Id": 8}, {"Id": 7}),
        (Element({"K": 8}), {"K": 8}, {}),
    ):
        assert placed(element) == [(fields, keys)] * 2


FIELDS = st.dictionaries(st.sampled_from("ABCXYZ"), st.integers())


def _elements(inner: st.SearchStrategy[Element]) -> st.SearchStrategy[Element]:
    parts = st.builds(Part, st.sampled_from("ABCX"), st.lists(inner, min_size=1, max_size=2).map(tuple))
    return st.builds(Element, FIELDS, FIELDS, st.sampled_from(Action), st.lists(parts, max_size=3).map(tuple))


@given(_elements(_elements(st.builds(Element, FIELDS))))
def test_nothing_is_lost(element: Element) -> None:
    """The same names and values at every level, and a second time changes nothing."""
    update = Update("KnDemo", "KnDemo", (element,))
    found = ordered(update, SCHEMA)
    assert _bag(found.elements[0]) == _bag(element)
    assert _as_it_stands(ordered(found, SCHEMA).elements[0]) == _as_it_stands(found.elements[0])


def _bag(element: Element) -> object:
    """An element without its order; rows of one object keep theirs."""
    parts = sorted((part.name, [_bag(row) for row in part.elements]) for part in element.objects)
    return sorted(element.fields.items()), sorted(element.keys.items()), element.action, parts


def _as_it_stands(element: Element) -> object:
    """An element with its order, which dicts do not compare."""
    parts = [(part.name, [_as_it_stands(row) for row in part.elements]) for part in element.objects]
    return list(element.fields.items()), list(element.keys.items()), parts
