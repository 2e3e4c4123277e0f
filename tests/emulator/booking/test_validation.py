"""What Profit refuses by the schema alone: mandatory fields and keys, of records and of the rows below them."""

from __future__ import annotations

import pytest

from afas_soap.emulator.booking.validation import addressed, check_cleared, complete, validated
from afas_soap.emulator.refusals import Refused
from afas_soap.profit.schemas.updateschema import FieldRule, Shape
from afas_soap.profit.updates.update import Action, Element, Part

NOTE = Shape("Note", {"Text": FieldRule("Text", mandatory=True, nillable=False), "More": FieldRule("More")})
LINE = Shape(
    "Line",
    {"Amount": FieldRule("Amount", "decimal", mandatory=True), "Text": FieldRule("Text")},
    {"Nr": FieldRule("Nr", "long"), "Id": FieldRule("Id", "long")},
    {"Note": NOTE},
)
THING = Shape(
    "Thing",
    {"Name": FieldRule("Name", mandatory=True), "MatchPer": FieldRule("MatchPer")},
    {"Id": FieldRule("Id", "long")},
    {"Line": LINE},
)
INSERT, UPDATE, DELETE = Action
GOOD = Element({"Text": "x"})


def element(
    fields: dict[str, str | None], keys: dict[str, str] | None = None, action: Action = INSERT, **parts: Element
) -> Element:
    return Element(fields, keys or {}, action, tuple(Part(name, (row,)) for name, row in parts.items()))


def completed(record: Element, action: Action) -> str | None:
    """The field that is missed; None when nothing is."""
    try:
        complete(validated(record, THING, strict=True), THING, action)
    except Refused as refused:
        return refused.message("en").rpartition("(")[2].rstrip(")")
    return None


@pytest.mark.parametrize(
    ("record", "action", "missing"),
    [
        (element({"Name": "a", "MatchPer": ""}), INSERT, None),
        (element({"MatchPer": "7"}), INSERT, "Name"),
        (element({"Name": None}), INSERT, "Name"),
        (element({}), UPDATE, None),
        (element({"Name": None}), UPDATE, "Name"),
        (element({}), DELETE, None),
        (element({"Name": "a"}, Line=element({"Amount": "1"})), INSERT, None),
        (element({"Name": "a"}, Line=element({"Text": "x"})), INSERT, "Amount"),
        (element({}, Line=element({"Text": "x"})), UPDATE, "Amount"),
        # Below a new record every row is new, unless it is to go.
        (element({"Name": "a"}, Line=element({"Text": "x"}, action=UPDATE)), INSERT, "Amount"),
        (element({"Name": "a"}, Line=element({"Text": "x"}, action=DELETE)), INSERT, None),
        (element({}, Line=element({"Text": "x"}, action=UPDATE)), UPDATE, None),
        (element({}, Line=element({"Amount": None}, action=UPDATE)), UPDATE, "Amount"),
        # Two levels down.
        (element({}, Line=element({}, action=UPDATE, Note=element({"More": "x"}))), UPDATE, "Text"),
        (element({}, Line=element({}, action=UPDATE, Note=GOOD)), UPDATE, None),
        (element({"Name": "a"}, Line=element({"Amount": "1"}, Note=element({}, action=UPDATE))), INSERT, "Text"),
    ],
)
def test_mandatory_fields_of_records_and_rows(record: Element, action: Action, missing: str | None) -> None:
    assert completed(record, action) == missing


@pytest.mark.parametrize(
    ("record", "missing"),
    [
        (element({}), None),
        (element({}, action=UPDATE), "Id"),
        (element({}, action=DELETE), "Id"),
        (element({}, {"Id": "1"}, UPDATE), None),
        (element({"Id": "1"}, action=DELETE), None),
        (element({"MatchPer": "1"}, action=UPDATE), None),
        (element({}, {"Id": "1"}, UPDATE, Line=element({})), None),
        # The record's key need not stand on its rows.
        (element({}, {"Id": "1"}, UPDATE, Line=element({}, {"Nr": "1"}, UPDATE)), None),
        (element({}, {"Id": "1"}, UPDATE, Line=element({}, action=UPDATE)), "Nr"),
        (element({}, {"Id": "1"}, UPDATE, Line=element({}, action=DELETE)), "Nr"),
        (element({}, Line=element({}, {"Nr": "1"}, UPDATE)), "Id"),
    ],
)
def test_keys_of_what_is_changed_or_removed(record: Element, missing: str | None) -> None:
    """Of rows as well, as the client's check wants them."""
    kept = validated(record, THING, strict=True)
    if missing is None:
        addressed(kept, THING)
        return
    with pytest.raises(Refused, match="mandatory field") as caught:
        addressed(kept, THING)
    assert f"({missing})" in caught.value.message("en")


def test_a_key_with_two_values() -> None:
    """Nobody knows which record is meant; an empty one is none. An insert of AFAS' own has two, and its key counts."""
    both = Shape("Thing", {"Id": FieldRule("Id")}, {"Id": FieldRule("Id")})
    for shape in (THING, both):
        for value in ("1", ""):
            assert validated(Element({"Id": value}, {"Id": 1}), shape, strict=True).values == {"Id": "1"}
        with pytest.raises(Refused, match="not found"):
            validated(Element({"Id": "2"}, {"Id": 1}, Action.UPDATE), shape, strict=True)
        assert validated(Element({"Id": "2"}, {"Id": 1}), shape, strict=True).values == {"Id": "1"}


def test_what_the_xsd_does_not_let_be_cleared() -> None:
    """At every level; names that are not known are another refusal."""
    for fine in (
        element({"Name": None}),
        element({}, Line=element({}, Note=element({"More": ""}))),
        element({"X": ""}),
    ):
        check_cleared(fine, THING)
    check_cleared(element({"Id": ""}, Nothing=element({"Text": ""})), THING)
    with pytest.raises(Refused, match="mandatory field"):
        check_cleared(element({}, Line=element({}, Note=element({"Text": None}))), THING)
