"""The problems of records that are not about a type alone: keys and mandatory fields, by action and below new records,
and doubts about what a schema allows."""

from __future__ import annotations

import pytest

from afas_soap.errors import Weight
from afas_soap.profit.schemas.problems import Checking, Types
from afas_soap.profit.schemas.updateschema import FieldRule, Shape
from afas_soap.profit.updates.update import Action, Element, Part

INSERT, UPDATE, DELETE = Action
LINE = Shape(
    "Line",
    {
        "Amount": FieldRule("Amount", "decimal", mandatory=True),
        "Fixed": FieldRule("Fixed", mandatory=True, nillable=False),
    },
    {"Nr": FieldRule("Nr"), "Id": FieldRule("Id")},
)
THING = Shape(
    "Thing",
    {
        "Name": FieldRule("Name", mandatory=True),
        "MatchOga": FieldRule("MatchOga"),
        "FileStream": FieldRule("FileStream"),
        "Day": FieldRule("Day", "date", either=True),
        "Hour": FieldRule("Hour", "time", either=True),
        "Moment": FieldRule("Moment", "dateTime", either=True),
    },
    {"Id": FieldRule("Id", max_length=4), "Code": FieldRule("Code", mandatory=True)},
    {"Line": LINE},
)


def _any(_text: str, _kind: str) -> tuple[str, ...]:
    return ()


def _types(shape: Shape) -> Types:
    return Types(
        dict.fromkeys(shape.fields, _any),
        dict.fromkeys(shape.keys, _any),
        {name: _types(part) for name, part in shape.objects.items()},
    )


def found(element: Element, shape: Shape = THING) -> list[tuple[str, str, str]]:
    """Path, rule and weight of each problem."""
    problems = Checking().record(shape.name, element, shape, _types(shape))
    return [(problem.path, problem.rule, problem.weight.value) for problem in problems]


def thing(action: Action = INSERT, lines: tuple[Element, ...] = (), **fields: str | None) -> Element:
    return Element({"Name": "x", **fields}, {"Code": "c", "Id": "1"}, action, (Part("Line", lines),))


def line(action: Action = INSERT, **fields: str | None) -> Element:
    return Element({"Amount": "1", "Fixed": "x", **fields}, {"Nr": "1"}, action)


BARE = Element({}, {"Nr": "1"})


def test_what_is_whole() -> None:
    """Of a new record, one that is changed, and one that is to go; AFAS' schemas repeat its key in its rows."""
    for action in Action:
        assert found(thing(action, (line(action), line(action)))) == []


@pytest.mark.parametrize("action", [UPDATE, DELETE])
def test_keys_tell_what_is_meant(action: Action) -> None:
    """Each of them, of a row as well; one that has none is not asked for them."""
    missing = [("Thing/@Id", "missing-key", "error"), ("Thing/@Code", "missing-key", "error")]
    assert found(Element({"Name": "x"}, {}, action))[:2] == missing
    assert found(thing(UPDATE, (Element({"Amount": "1"}, {}, action),))) == [("Thing/Line/@Nr", "missing-key", "error")]
    matched = Element({"Name": "x", "MatchOga": "1", "Code": "c"}, {}, action)
    assert found(matched) == []


def test_mandatory_fields_of_what_is_new() -> None:
    """A key among them; below a new record every row is new, unless it is to go."""
    assert found(Element()) == [
        ("Thing/@Code", "missing-mandatory", "doubt"),
        ("Thing/Name", "missing-mandatory", "doubt"),
    ]
    doubts = [("Thing/Line/Amount", "missing-mandatory", "doubt"), ("Thing/Line/Fixed", "missing-mandatory", "doubt")]
    changed = Element({}, {"Nr": "1"}, UPDATE)
    for above, row in ((INSERT, BARE), (UPDATE, BARE), (INSERT, changed)):
        assert found(thing(above, (row,))) == doubts
    assert found(thing(UPDATE, (changed,))) == []
    assert found(thing(INSERT, (Element({}, {"Nr": "1"}, DELETE),))) == []
    # An organisation that is not found is a new one.
    assert found(thing(UPDATE, (changed,), MatchOga="6")) == doubts


def test_mandatory_fields_that_are_cleared() -> None:
    """A doubt of a new record and of one that is changed; where the schema says so, an error alone."""
    for action in (INSERT, UPDATE):
        assert found(thing(action, Name=None)) == [("Thing/Name", "missing-mandatory", "doubt")]
        cleared = [("Thing/Line/Fixed", "empty", "error")]
        assert found(thing(action, (line(action, Fixed=""),))) == cleared
    assert found(Element({"Name": None}, {"Id": "1", "Code": "c"}, DELETE)) == []
    (problem,) = Checking().record("Thing", thing(UPDATE, Name=None), THING, _types(THING))
    assert problem.message == "this field is mandatory, and the record clears it."


def test_a_key_has_the_length_that_metainfo_tells() -> None:
    """In either place; where it stands as a field it may be cleared, for then it is none."""
    assert found(Element({"Name": "x"}, {"Id": "12345", "Code": "c"})) == [("Thing/@Id", "too-long", "error")]
    assert found(Element({"Name": "x", "Id": "12345"}, {"Code": "c"})) == [("Thing/Id", "too-long", "error")]
    assert found(Element({"Name": "x", "Id": ""}, {"Code": "c"})) == []


def test_a_key_with_two_values() -> None:
    """Nobody knows which record is meant; the same value twice, as a number and as text, is one. AFAS has an example of
    an insert so."""
    changed = Element({"Name": "x", "Id": "2"}, {"Id": 1, "Code": "c"}, Action.UPDATE)
    assert found(changed) == [("Thing/Id", "two-keys", "error")]
    assert found(Element({"Name": "x", "Id": "2"}, {"Id": 1, "Code": "c"})) == [("Thing/Id", "two-keys", "doubt")]
    for same in ("1", "", None):
        assert found(Element({"Name": "x", "Id": same}, {"Id": 1, "Code": "c"})) == []
    both = Shape("Both", {"Id": FieldRule("Id")}, {"Id": FieldRule("Id")})
    assert found(Element({"Id": "2"}, {"Id": "1"}), both) == [("Both/Id", "two-keys", "doubt")]


@pytest.mark.parametrize("content", ["data:image/png;base64,iVBORw0KGgo=", "iVBORw0KGgo", "gewone woorden"])
def test_a_file_that_is_no_base64(content: str) -> None:
    (problem,) = Checking().record("Thing", thing(FileStream=content), THING, _types(THING))
    assert (problem.path, problem.rule, problem.weight) == ("Thing/FileStream", "not-base64", Weight.DOUBT)
    assert problem.message.endswith("give all of it, with the = at its end, and no data: in front.")
    assert found(thing(FileStream="iVBORw0KGgo=")) == []


def test_dates_and_times_that_metainfo_does_not_tell_apart() -> None:
    """By its length one of them is likelier: another is a doubt, and what is none of them an error."""
    values = {"Day": "2024-02-29", "Hour": "10:00:00", "Moment": "2024-02-29T10:00:00"}
    assert found(thing(**values)) == []
    assert found(thing(Day=values["Moment"], Moment=values["Day"])) == found(thing(Moment=values["Hour"])) == []
    for name, value in (("Day", values["Hour"]), ("Hour", values["Day"]), ("Hour", values["Moment"])):
        assert found(thing(**{name: value})) == [(f"Thing/{name}", "doubtful-date", "doubt")]
    for name in values:
        assert found(thing(**{name: "half tien"})) == [(f"Thing/{name}", "wrong-type", "error")]
        assert found(thing(**{name: "2024-02-29Z"})) == [(f"Thing/{name}", "zone", "error")]
        assert found(thing(**{name: "0001-01-01"})) == [(f"Thing/{name}", "no-date", "doubt")]


def test_what_the_schema_gives_no_type() -> None:
    """Takes anything."""
    types = Types({}, {}, {"Line": _types(LINE)})
    assert list(Checking().record("Thing", thing(Day="?", Id="1"), THING, types)) == []
