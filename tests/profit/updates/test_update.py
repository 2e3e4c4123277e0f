"""An update as a value: what is refused when it is made, what it does, and that it shows no value."""

import dataclasses
import datetime
import pickle
import subprocess
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from afas_soap.errors import Problem, UpdateError, Weight
from afas_soap.profit.updates.update import MAX_DEPTH, Action, Element, Part, Update, check_action, located, numbered

SECRET = "Jansen, tel. 06-12345678"


def problems(connector: str, root: str, elements: Iterable[Element], sub_object: str = "") -> list[tuple[str, str]]:
    """Path and rule of everything that is wrong."""
    with pytest.raises(UpdateError) as caught:
        Update(connector, root, tuple(elements), sub_object)
    assert caught.value.connector == connector
    return [(problem.path, problem.rule) for problem in caught.value.problems]


def nested(levels: int) -> Element:
    """A record with sub-objects below each other: ``levels`` of them, the record counted."""
    element = Element({"Ds": "x"})
    for _ in range(levels - 1):
        element = Element({"Ds": "x"}, objects=(Part("Sub", (element,)),))
    return element


@pytest.mark.parametrize("options", [[], ["-O"]], ids=["plain", "optimised"])
def test_plain_update_without_root(cases: Path, options: list[str]) -> None:
    """Neither spelling is written, whether Python looks at assertions or not: the error says what is missing."""
    script = cases / "plain-update-without-root" / "read.py"
    run = subprocess.run([sys.executable, *options, str(script)], capture_output=True, text=True, check=True)
    assert [line.split(": ")[0] for line in run.stdout.splitlines()] == [
        "UpdateError The root element of KnSubject is not known"
    ] * 2


class TestElement:
    """Records as they are kept."""

    def test_an_empty_key_is_none(self) -> None:
        """Profit hands the number out; but 0 and false are keys."""
        keys = {"A": None, "B": "", "C": b"", "D": 0, "E": False, "F": "x", "G": Decimal("sNaN")}
        assert list(Element(keys=keys).keys) == ["D", "E", "F", "G"]

    def test_objects_of_one_name_are_one(self) -> None:
        """In the order of their first one; and one without rows is none."""
        a, b, c = Element({"Ds": "a"}), Element({"Ds": "b"}), Element({"Ds": "c"})
        element = Element(objects=(Part("Y", (a,)), Part("Z", ()), Part("X", (b,)), Part("Y", (c,))))
        assert element.objects == (Part("Y", (a, c)), Part("X", (b,)))

    def test_what_knows_no_equality_is_only_refused(self) -> None:
        """Tables of other libraries hold such values where there is none: no crash, but the usual refusal."""

        class Missing:
            def __eq__(self, _other: object) -> bool:
                raise TypeError

            __hash__ = object.__hash__

        missing: object = Missing()
        assert problems("X", "X", [Element({"A": missing}, {"B": missing})]) == [
            ("X/@B", "wrong-type"),
            ("X/A", "wrong-type"),
        ]

    def test_the_action_as_text(self) -> None:
        """Is the action itself, for verbs are chosen by it; and nothing else is one."""
        assert Element(action="delete").action is Action.DELETE
        for wrong in ("Delete", "", None, 1):
            with pytest.raises(UpdateError, match="insert, update or delete"):
                Element(action=wrong)

    def test_it_is_nobody_elses(self) -> None:
        """What is done afterwards to the dicts it was made of changes nothing that was checked."""
        fields: dict[str, str] = {"Ds": "x"}
        keys: dict[str, str] = {"SbId": "1"}
        element = Element(fields, keys)
        fields["Ds"] = "\x00"
        keys["SbId"] = "\x00"
        assert element == Element({"Ds": "x"}, {"SbId": "1"})


class TestRefused:
    """Found when the update is made, all at once, each with its path."""

    def test_no_record(self) -> None:
        """An update without records says nothing."""
        assert problems("KnSubject", "KnSubject", ()) == [("KnSubject", "no-record")]
        assert problems("KnSubject", "", ()) == [("", "no-record")]

    def test_everything_at_once(self) -> None:
        """Every level is looked through; where there are several records, the path counts them."""
        row = Element({"AmDe": float("nan")}, {"Key": [1]})
        found = problems(
            "FiEntries",
            "FiEntryPar",
            [Element({"Ds": "\x00"}), Element({"Year": 2024}, objects=(Part("FiEntries", (Element(), row)),))],
        )
        assert found == [
            ("FiEntryPar[1]/Ds", "character"),
            ("FiEntryPar[2]/FiEntries[2]/@Key", "wrong-type"),
            ("FiEntryPar[2]/FiEntries[2]/AmDe", "not-a-number"),
        ]

    @pytest.mark.parametrize("name", ["", "#text", "A B", "1a", "a:b", "é", "{x}y", "<a>", "U\n", "xmlns", 1, None])
    def test_names(self, name: str) -> None:
        """Of fields, keys, objects and the root: what is no XML name here cannot be spelt."""
        assert problems("X", "X", [Element({name: 1})]) == [(f"X/{name}", "name")]
        assert problems("X", "X", [Element(keys={name: 1})]) == [(f"X/@{name}", "name")]
        assert problems("X", "X", [Element(objects=(Part(name, (Element(),)),))]) == [(f"X/{name}", "name")]
        if name:
            assert problems("X", name, [Element()]) == [(str(name), "name")]

    @pytest.mark.parametrize("connector", ["", ".", "..", "A/B", "A?b=c", "A\n"])
    def test_a_connector_that_is_no_name(self, connector: str) -> None:
        """It stands in an address over REST, which would be another one."""
        assert problems(connector, "X", [Element()]) == [(connector, "name")]

    @pytest.mark.parametrize("name", ["Action", "action"])
    def test_the_action_is_no_key(self, name: str) -> None:
        """In both spellings it would be read as the action. As the name of a field it is one like any other."""
        assert problems("X", "X", [Element(keys={name: "delete"})]) == [(f"X/@{name}", "name")]
        assert Update("X", "X", (Element({name: "delete"}),)).action is Action.INSERT

    def test_a_custom_field(self) -> None:
        """U and 32 hexadecimal digits (profit-wire 3.5)."""
        assert Update("X", "X", (Element({"U9F2A6D3E4B5C4F7A8B9C0D1E2F3A4B5C": "x"}),)).elements

    def test_six_levels_are_fine_and_seven_are_not(self) -> None:
        """The record itself is one (profit-wire 3.5)."""
        assert Update("X", "X", (nested(MAX_DEPTH),)).elements
        path = "X" + "/Sub" * MAX_DEPTH
        assert problems("X", "X", [nested(MAX_DEPTH + 1)]) == [(path, "depth")]
        assert problems("X", "X", [nested(5000)]) == [(path, "depth")]

    def test_the_sub_object_that_a_call_is_about(self) -> None:
        """Each record has it, and has rows in it."""
        there = Element(objects=(Part("Sub", (Element(),)),))
        assert Update("X", "X", (there,), "Sub").sub_object == "Sub"
        assert problems("X", "X", [there, Element()], "Sub") == [("X[2]", "no-sub-object")]
        assert problems("X", "", [Element(objects=(Part("Sub", ()),))], "Sub") == [("X", "no-sub-object")]

    def test_messages_name_rule_and_remedy(self) -> None:
        """The first problem is told, the others are counted."""
        with pytest.raises(
            UpdateError, match=r"X/A: NaN, NaT and infinity are no values of Profit's: leave the field out"
        ):
            Update("X", "X", (Element({"A": float("nan")}),))
        with pytest.raises(UpdateError, match=r"X/@A: a set is no value .* And 1 more problem\. ") as caught:
            Update("X", "X", (Element({"B C": 1}, {"A": {1}}),))
        assert all(problem.weight is Weight.ERROR for problem in caught.value.problems)
        with pytest.raises(UpdateError, match=r"And 2 more problems\."):
            Update("X", "X", (Element({"A": "\0", "B": "\0", "C": "\0"}),))

    def test_the_error_survives_a_pickle(self) -> None:
        """With all its problems: workers in other processes hand their errors on."""
        with pytest.raises(UpdateError) as caught:
            Update("X", "X", (Element({"A": "\0", "B C": "\0"}),))
        copy = pickle.loads(pickle.dumps(caught.value))
        assert (str(copy), copy.problems, copy.connector) == (str(caught.value), caught.value.problems, "X")
        assert [type(problem) for problem in copy.problems] == [Problem] * 3


class TestAction:
    """What the whole call does."""

    def test_of_the_records(self) -> None:
        """What lies below them does not count."""
        below = (Part("Sub", (Element(action=Action.DELETE),)),)
        record = Element(action=Action.UPDATE, objects=below)
        assert Update("X", "X", (record, record)).action is Action.UPDATE
        assert Update("X", "X", (record, Element())).action is None

    def test_of_the_rows_it_is_about(self) -> None:
        """With a sub-object the records are there already, and only its rows count."""

        def record(*actions: Action) -> Element:
            rows = tuple(Element(action=action) for action in actions)
            other = Part("Other", (Element(action=Action.UPDATE, objects=(Part("Sub", (Element(),)),)),))
            return Element(action=Action.UPDATE, objects=(other, Part("Sub", rows)))

        assert Update("X", "X", (record(Action.DELETE, Action.DELETE),), "Sub").action is Action.DELETE
        assert Update("X", "X", (record(Action.DELETE), record(Action.INSERT)), "Sub").action is None


class TestAsText:
    """Two updates that are sent alike are equal so."""

    def test_every_value(self) -> None:
        """Keys, fields and rows below; what is cleared is None."""
        row = Element({"D": datetime.date(2023, 1, 22), "E": b"x", "F": ""}, {"K": 7}, Action.DELETE)
        update = Update("X", "Y", (Element({"A": True, "B": Decimal("1.0")}, {"C": 1}, objects=(Part("S", (row,)),)),))
        inner = Element({"D": "2023-01-22", "E": "eA==", "F": None}, {"K": "7"}, Action.DELETE)
        outer = Element({"A": "true", "B": "1.0"}, {"C": "1"}, objects=(Part("S", (inner,)),))
        assert update.as_text() == Update("X", "Y", (outer,))
        assert update.as_text().as_text() == update.as_text()

    def test_root(self) -> None:
        """Told later, by the schema."""
        update = Update("FiEntries", "", (Element(),))
        assert update.rooted("FiEntryPar") == Update("FiEntries", "FiEntryPar", (Element(),))
        assert update.root == ""
        assert update.rooted("") == update
        with pytest.raises(UpdateError, match="this is no name of AFAS'"):
            update.rooted("Fi Entry")

    def test_rearranged(self) -> None:
        """The same records in another order, which are not looked at again."""
        update = Update("X", "Y", (Element({"A": 1, "B": 2}),), "")
        other = (Element({"B": 2, "A": 1}),)
        assert update.rearranged(other) == Update("X", "Y", other)
        assert list(update.elements[0].fields) == ["A", "B"]


def test_paths() -> None:
    """A number stands only where there are several, and counts from 1."""
    one, two = Element({"A": 1}), Element({"A": 2})
    assert list(located("X", [one])) == [("X", one)]
    assert list(located("X", iter([one, two]), "R/")) == [("R/X[1]", one), ("R/X[2]", two)]
    assert list(numbered("X", "ab")) == [("X[1]", "a"), ("X[2]", "b")]
    assert list(numbered("X", "")) == []


def test_nothing_shows_a_value() -> None:
    """Neither a record nor an update, in a log or in a traceback."""
    part = Part("Sub", (Element({"Ds": SECRET}, {"SbId": SECRET}),))
    update = Update("KnSubject", "KnSubject", (Element({"Nm": SECRET}, {"BcCo": SECRET}, objects=(part,)),))
    shown = f"{update!r} {update} {update.elements!r} {part!r} {update.as_text()!r}"
    assert "Jansen" not in shown
    assert "Part(name='Sub', elements=(Element(action=<Action.INSERT: 'insert'>, objects=()),))" in shown
    with pytest.raises(UpdateError) as caught:
        Update("X", "X", (Element({"A": SECRET + "\0", "B": [SECRET]}, {"C": {SECRET: SECRET}}),))
    assert "Jansen" not in f"{caught.value!r} {caught.value.problems!r}"


def test_the_action_of_records_and_of_the_rows_a_call_is_about() -> None:
    """Other rows below the records say what they like: that is AFAS' own way to change them."""
    link = Part("KnSubjectLink", (Element({"ToBC": True}, action=Action.DELETE),))
    file = Part("KnSubjectAttachment", (Element({"FileName": "a.txt"}),))
    record = Element(keys={"SbId": 1}, action=Action.UPDATE, objects=(link, file))
    below = Update("KnSubject", "KnSubject", (record,), "KnSubjectAttachment")
    check_action(below, Action.INSERT)
    check_action(Update("KnSubject", "KnSubject", (record,)), Action.UPDATE)
    for update, action, place in (
        (below, Action.UPDATE, "KnSubject/KnSubjectAttachment"),
        (Update("KnSubject", "", (Element(), record)), Action.INSERT, "KnSubject[2]"),
        (
            dataclasses.replace(below, elements=(dataclasses.replace(record, action=Action.DELETE),)),
            Action.INSERT,
            "KnSubject",
        ),
    ):
        with pytest.raises(UpdateError) as caught:
            check_action(update, action)
        assert [(problem.path, problem.rule) for problem in caught.value.problems] == [(place, "action")]
