"""Both spellings of the same update: AFAS' own example bodies, and whatever can be an update."""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afas_soap.profit.updates.fieldvalue import FieldValue, fault, field_text
from afas_soap.profit.updates.update import MAX_DEPTH, Action, Element, Part, Update
from afas_soap.profit.updates.updatejson import update_from_json, update_to_json
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.profit.updates.updatexml import update_from_xml, update_to_xml

VERBS = {"post": Action.INSERT, "put": Action.UPDATE}


def examples(afas: Path) -> Iterator[tuple[str, str, str, Action, object]]:
    """Where each stands, its connector and sub-object, what its verb does, and the body."""
    for file in sorted((afas / "openapi" / "profit").glob("*.json")):
        for path, operations in json.loads(file.read_text("utf-8-sig"))["paths"].items():
            if not path.startswith("/connectors/"):
                continue
            connector, _, sub_object = path.removeprefix("/connectors/").partition("/")
            for verb in sorted(VERBS.keys() & operations.keys()):
                content = operations[verb].get("requestBody", {}).get("content", {}).get("application/json", {})
                bodies = [example["value"] for example in content.get("examples", {}).values()]
                for body in bodies + [content[name] for name in ("example",) if name in content]:
                    yield f"{file.name} {verb} {path}", connector, sub_object, VERBS[verb], body


def again(update: Update, action: Action | None) -> tuple[Update, Update]:
    """The update after XML, and after JSON; ``action`` is that of the verb, which nobody needs for XML."""
    from_xml = update_from_xml(update_to_xml(update), update.connector, sub_object=update.sub_object)
    data, verb = update_to_json(update), action or Action.INSERT
    return from_xml, update_from_json(data, update.connector, action=verb, sub_object=update.sub_object)


def as_ordered(update: Update) -> object:
    """Everything in it as lists, for two dicts are equal in any order."""

    def ordered(element: Element) -> object:
        objects = [(part.name, list(map(ordered, part.elements))) for part in element.objects]
        return [list(element.keys.items()), list(element.fields.items()), element.action, objects]

    return update.root, list(map(ordered, update.elements))


@pytest.mark.no_cover
def test_all_examples_of_afas(afas: Path) -> None:
    """JSON, XML, JSON: names, order, actions and values are those of the body."""
    places = []
    for place, connector, sub_object, action, body in examples(afas):
        first = update_from_json(json.dumps(body), connector, action=action, sub_object=sub_object)
        second = update_from_xml(update_to_xml(first), connector, sub_object=sub_object)
        third = update_from_json(update_to_json(second), connector, action=action, sub_object=sub_object)
        assert second == first.as_text(), place
        assert third.as_text() == first.as_text(), place
        assert as_ordered(second) == as_ordered(third.as_text()) == as_ordered(first.as_text()), place
        places.append(place)
    assert len(places) == 369
    assert sum(place.count("/") == 3 for place in places) == 18, "rows below records that are there already"


def said(node: object, within: str = "") -> Iterator[tuple[str, str | None]]:
    """The keys and fields of a body, found without a reader: what stands in Fields, and what has an @ and a value."""
    if isinstance(node, list):
        for inner in node:
            yield from said(inner, within)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict | list):
                yield from said(value, name)
            elif name.lower() != "@action" and (within == "Fields" or (name[:1] == "@" and value not in (None, ""))):
                yield name, field_text(value)


def held(elements: tuple[Element, ...]) -> Iterator[tuple[str, FieldValue]]:
    """The same of an update as text."""
    for element in elements:
        yield from ((f"@{name}", value) for name, value in element.keys.items())
        yield from element.fields.items()
        for part in element.objects:
            yield from held(part.elements)


def test_the_examples_lose_nothing(afas: Path) -> None:
    """Every key and field of a body stands in its update, and nothing else does."""
    for place, connector, sub_object, action, body in examples(afas):
        update = update_from_json(json.dumps(body), connector, action=action, sub_object=sub_object)
        assert Counter(held(update.as_text().elements)) == Counter(said(body)), place


NAMES = st.from_regex(re.compile(r"(?!xmlns\Z)[A-Za-z_][\w.-]{0,6}", re.ASCII), fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\t\r\n<>&\"' @"), max_size=8)
MOMENTS = st.datetimes(
    datetime.datetime(2, 1, 1), datetime.datetime(9999, 12, 30), timezones=st.none() | st.timezones()
)
VALUES = (
    st.none()
    | TEXTS.filter(lambda text: fault(text) is None)
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | st.dates()
    | MOMENTS
    | st.times()
    | st.binary(max_size=8)
)
FIELDS = st.dictionaries(NAMES | st.sampled_from(["Fields", "Objects", "Element", "Action"]), VALUES, max_size=3)
KEYS = st.dictionaries(NAMES.filter(lambda name: name.lower() != "action"), VALUES, max_size=2)
ACTIONS = st.sampled_from(Action)


Fields = st.SearchStrategy[dict[str, FieldValue]]


def elements(levels: int, fields: Fields = FIELDS, keys: Fields = KEYS) -> st.SearchStrategy[Element]:
    """Records with up to so many levels, themselves counted."""
    parts = st.lists(st.builds(Part, NAMES, rows(levels - 1, fields, keys)), max_size=2) if levels > 1 else st.just([])
    return st.builds(Element, fields, keys, ACTIONS, parts.map(tuple))


def rows(levels: int, fields: Fields = FIELDS, keys: Fields = KEYS) -> st.SearchStrategy[tuple[Element, ...]]:
    return st.lists(elements(levels, fields, keys), min_size=1, max_size=2).map(tuple)


def with_rows(update: Update, below: tuple[Element, ...]) -> Update:
    """One of rows below records that are there already, whose own action may all the same be another."""
    added = Part("Sub", below)
    records = (Element(each.fields, each.keys, each.action, (*each.objects, added)) for each in update.elements)
    return Update(update.connector, update.root, tuple(records), "Sub")


UPDATES = st.builds(Update, NAMES, NAMES, rows(3))
BARE = (st.just({"A": 1}) | st.just({}), st.just({}))
ABOUT = st.builds(with_rows, st.builds(Update, NAMES, NAMES, rows(3, *BARE)), rows(2, *BARE))


@given(UPDATES | ABOUT)
def test_any_update(update: Update) -> None:
    """Is the same after XML and after JSON: names, order, actions and values."""
    for spelt in again(update, update.action):
        assert spelt.as_text() == update.as_text()
        assert as_ordered(spelt.as_text()) == as_ordered(update.as_text())


@given(ABOUT, ACTIONS, ACTIONS)
def test_actions_over_json(update: Update, verb: Action, asked: Action) -> None:
    """A call about a sub-object keeps every action, whichever verb is told where the rows do not all do the same."""

    def same(element: Element) -> Element:
        return Element(element.fields, element.keys, verb, tuple(map(part_same, element.objects)))

    def part_same(part: Part) -> Part:
        return Part(part.name, tuple(map(same, part.elements)))

    assert again(update, update.action or asked)[1].as_text() == update.as_text()
    uniform = Update(update.connector, update.root, tuple(map(same, update.elements)), "Sub")
    assert uniform.action is verb
    assert again(uniform, verb)[1].as_text() == uniform.as_text()


@given(st.integers(1, MAX_DEPTH), elements(1))
def test_any_depth(levels: int, element: Element) -> None:
    """As deep as Profit takes."""
    for _ in range(levels - 1):
        element = Element(objects=(Part("Sub", (element, Element(action=Action.DELETE))),))
    update = Update("X", "X", (element,))
    assert [spelt.as_text() for spelt in again(update, update.action)] == [update.as_text()] * 2


@given(UPDATES | ABOUT)
def test_plain_data(update: Update) -> None:
    """As dicts that tell every action it is the same update."""

    def plain(element: Element) -> dict[str, object]:
        objects = {part.name: list(map(plain, part.elements)) for part in element.objects}
        assume(not objects.keys() & element.fields.keys())
        keys = {f"@{name}": value for name, value in element.keys.items()}
        return {"@Action": element.action, **objects, **keys, **element.fields}

    records = list(map(plain, update.elements))
    assert update_from_plain(update.connector, records, root=update.root, sub_object=update.sub_object) == update
