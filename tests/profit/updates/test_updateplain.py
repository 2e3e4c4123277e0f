"""Records as a program writes them: dicts of fields, keys, actions and sub-objects."""

import re
from collections import OrderedDict
from collections.abc import Iterator
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import Problem, UpdateError
from afas_soap.profit.updates.update import Action, Element, Part, Update
from afas_soap.profit.updates.updateplain import Actions, action_of, is_rows, one_action, update_from_plain

INSERT, UPDATE, DELETE = Action


def refused(records: object, **options: object) -> list[tuple[str, str]]:
    """Path and rule of everything that is wrong."""
    with pytest.raises(UpdateError) as caught:
        update_from_plain("KnSubject", records, **options)
    assert caught.value.connector == "KnSubject"
    return [(problem.path, problem.rule) for problem in caught.value.problems]


def test_a_record() -> None:
    """Keys have an @; a dict or a list of dicts is a sub-object; the order is kept."""
    update = update_from_plain(
        "KnSubject",
        {
            "Ds": "Offerte",
            "@SbId": 1957,
            "KnSubjectLink": [{"ToBC": True, "BcId": "1000372"}],
            "StId": None,
            "KnS01": {"U001": "x", "@Key": "k"},
        },
    )
    link, own = Element({"ToBC": True, "BcId": "1000372"}), Element({"U001": "x"}, {"Key": "k"})
    record = Element(
        {"Ds": "Offerte", "StId": None}, {"SbId": 1957}, INSERT, (Part("KnSubjectLink", (link,)), Part("KnS01", (own,)))
    )
    assert update == Update("KnSubject", "", (record,))
    assert list(update.elements[0].fields) == ["Ds", "StId"]


def test_several_records() -> None:
    """In whatever yields them."""
    both = (Element({"Ds": "a"}), Element({"Ds": "b"}))

    def generated() -> Iterator[dict[str, object]]:
        yield {"Ds": "a"}
        yield {"Ds": "b"}

    for records in ([{"Ds": "a"}, {"Ds": "b"}], ({"Ds": "a"}, both[1]), both, generated()):
        assert update_from_plain("X", records, root="Y") == Update("X", "Y", both)
    assert update_from_plain("X", both[0]).elements == both[:1]


def test_other_mappings_and_sequences() -> None:
    """A dict is not the only mapping, a list not the only sequence."""
    record = MappingProxyType({"Ds": "x", "Sub": (OrderedDict(A=1), Element({"A": 2}))})
    assert update_from_plain("X", record) == Update(
        "X", "", (Element({"Ds": "x"}, objects=(Part("Sub", (Element({"A": 1}), Element({"A": 2}))),)),)
    )


def test_no_rows() -> None:
    """An empty list is a sub-object without rows, which is none; an empty dict is an empty row."""
    assert update_from_plain("X", {"Ds": "x", "Sub": []}) == update_from_plain("X", {"Ds": "x"})
    assert update_from_plain("X", {"Sub": {}}).elements[0].objects == (Part("Sub", (Element(),)),)


class TestActions:
    """Which one holds."""

    @pytest.mark.parametrize("stated", ["delete", "Delete", " DELETE ", DELETE])
    @pytest.mark.parametrize("name", ["@Action", "@action", "@ACTION"])
    def test_stated(self, name: str, stated: str) -> None:
        """In any case, and under either name: for the record and for the rows below it that state none."""
        update = update_from_plain(
            "X", [{name: stated, "A": {"B": {}}, "C": {name: "update", "D": {}}}, {}], action=INSERT
        )
        first, second = update.elements
        a, c = first.objects
        assert [first.action, second.action] == [DELETE, INSERT]
        assert [a.elements[0].action, a.elements[0].objects[0].elements[0].action] == [DELETE, DELETE]
        assert [c.elements[0].action, c.elements[0].objects[0].elements[0].action] == [UPDATE, UPDATE]
        assert first.keys == {}
        assert first.fields == {}

    def test_an_element_has_its_own(self) -> None:
        """Also where it stands below a dict."""
        update = update_from_plain("X", {"A": Element(), "B": {}}, action=UPDATE)
        a, b = update.elements[0].objects
        assert (a.elements[0].action, b.elements[0].action) == (INSERT, UPDATE)
        assert update_from_plain("X", Element(), action=UPDATE).action is INSERT

    def test_of_a_sub_object(self) -> None:
        """The records are there already; what is said holds for the rows of that name, at the first level."""
        record = {"Sub": {"Sub": {"A": 1}}, "Other": {"Sub": {"A": 1}}}
        update = update_from_plain("X", record, action=DELETE, sub_object="Sub")
        sub, other = update.elements[0].objects
        assert update.elements[0].action is UPDATE
        assert (sub.elements[0].action, sub.elements[0].objects[0].elements[0].action) == (DELETE, DELETE)
        assert (other.elements[0].action, other.elements[0].objects[0].elements[0].action) == (UPDATE, UPDATE)
        assert update.action is DELETE
        assert update.sub_object == "Sub"

    def test_the_rule_by_itself(self) -> None:
        """As the readers of JSON and XML use it."""
        actions = Actions(DELETE, "Sub")
        assert actions.of_records is UPDATE
        assert actions.below("Sub", UPDATE, depth=1) is DELETE
        assert actions.below("Sub", INSERT, depth=2) is INSERT
        assert actions.below("Other", UPDATE, depth=1) is UPDATE
        assert Actions(DELETE).of_records is DELETE

    def test_wrong(self) -> None:
        """All else is told, with the three that there are."""
        assert refused({"@Action": "upsert", "A": {"@Action": None}}) == [
            ("KnSubject/@Action", "action"),
            ("KnSubject/A/@Action", "action"),
        ]
        assert refused({"@Action": "insert", "@action": "update"}) == [("KnSubject/@Action", "action")]
        assert update_from_plain("X", {"@Action": "update", "@action": "Update"}).action is UPDATE

    def test_problems_gather(self) -> None:
        """One function reads one of them, one finds the one of several places."""
        problems: list[Problem] = []
        assert action_of("x", "A/@Action", problems) is None
        assert one_action([], "A", problems) is None
        assert one_action([("@Action", "x"), ("@action", "delete")], "A", problems) is DELETE
        assert [str(problem) for problem in problems] == ["A/@Action: an action is insert, update or delete."] * 2


class TestRefused:
    """With every problem and its path."""

    @pytest.mark.parametrize("records", ["Ds", b"Ds", 5, None])
    def test_no_records(self, records: object) -> None:
        """What is neither a dict nor a list of them."""
        assert refused(records) == [("KnSubject", "record")]
        assert refused(records, root="Root") == [("Root", "record")]

    def test_no_record_at_all(self) -> None:
        """An empty list is nothing to send."""
        assert refused([]) == [("", "no-record")]

    def test_a_record_that_is_none(self) -> None:
        """Among others: the path counts."""
        assert refused([{"Ds": "x"}, "Ds", None]) == [("KnSubject[2]", "record"), ("KnSubject[3]", "record")]

    @pytest.mark.parametrize(
        "value", [[1], ["a", {}], ({}, 1), {1}, range(3), bytearray(), bytearray(b"x"), memoryview(b"")]
    )
    def test_a_list_as_a_value(self, value: object) -> None:
        """A list that is no list of records is the value of a field, and no field takes one."""
        assert refused({"Ds": "x", "A": {"B": value}}) == [("KnSubject/A/B", "wrong-type")]

    def test_names(self) -> None:
        """What is no text is no name either."""
        assert refused({1: "x"}) == [("KnSubject/1", "name")]
        assert refused({1: {}}) == [("KnSubject/1", "name")]
        assert refused({"@A B": "x"}) == [("KnSubject/@A B", "name")]
        assert refused({"@A": {}}) == [("KnSubject/@A", "name")]

    def test_seven_levels(self) -> None:
        """Six are fine; and a dict that holds itself has an end."""

        def nested(levels: int) -> dict[str, object]:
            return {"Sub": nested(levels - 1)} if levels > 1 else {"Ds": "x"}

        assert update_from_plain("X", nested(6)).elements
        assert refused(nested(7)) == [("KnSubject" + "/Sub" * 6, "depth")]
        itself: dict[str, object] = {"Ds": "x"}
        itself["Sub"] = [itself]
        assert refused(itself) == [("KnSubject" + "/Sub" * 6, "depth")]

    def test_no_value_in_the_message(self) -> None:
        """Names and kinds only."""
        secret = "Jansen"
        with pytest.raises(UpdateError) as caught:
            update_from_plain("X", [{"A": [secret], "B": secret + "\0", "@Action": "insert"}, {"C": {secret}}])
        assert secret not in f"{caught.value!r} {caught.value.problems!r}"
        with pytest.raises(UpdateError) as caught:
            update_from_plain("X", [{"@Action": secret}, secret])
        assert secret not in f"{caught.value!r} {caught.value.problems!r}"


@pytest.mark.parametrize("value", [{}, Element(), [], (), [{}, Element()]])
def test_rows(value: object) -> None:
    """What is taken for the rows of a sub-object."""
    assert is_rows(value)


@pytest.mark.parametrize("value", ["", "x", b"", [1], [{}, None], {1}, None, bytearray(), memoryview(b"")])
def test_no_rows_but_a_value(value: object) -> None:
    """What is not."""
    assert not is_rows(value)


NAMES = st.from_regex(re.compile(r"(?!xmlns\Z)[A-Za-z_][\w.-]{0,8}", re.ASCII), fullmatch=True)
VALUES = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["C"]), min_size=1)
ROWS = st.deferred(lambda: st.lists(RECORDS, min_size=1, max_size=2))
RECORDS: st.SearchStrategy[dict[str, object]] = st.dictionaries(NAMES, VALUES | ROWS, max_size=4)


def plain(element: Element) -> dict[str, object]:
    """An element as the dict it was."""
    rows = {part.name: [plain(row) for row in part.elements] for part in element.objects}
    return {**element.fields, **rows}


@given(st.lists(RECORDS, min_size=1, max_size=3), st.sampled_from(Action))
def test_nothing_is_lost(records: list[dict[str, object]], action: Action) -> None:
    """Whatever the dicts hold stands in the update, unless they are too deep."""

    def depth(record: dict[str, object]) -> int:
        return 1 + max((depth(row) for rows in record.values() if isinstance(rows, list) for row in rows), default=0)

    if max(map(depth, records)) > 6:
        assert {rule for _, rule in refused(records)} == {"depth"}
        return
    update = update_from_plain("X", records, action=action)
    assert [plain(element) for element in update.elements] == records
    assert update.action is action
