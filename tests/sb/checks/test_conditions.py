"""Rules between fields: as JSON Schema, and as a sentence."""

from __future__ import annotations

import pytest

from afas_soap.sb.checks.conditions import parse


def test_a_value_that_asks_for_other_fields() -> None:
    condition = parse("Line when Spread is true needs From Until")
    assert condition.where == "Line"
    assert condition.schema == {
        "if": {"properties": {"Spread": {"enum": [True]}}, "required": ["Spread"]},
        "then": {"required": ["From", "Until"]},
    }
    assert condition.sentence == "where Spread is true, From and Until must be there."


def test_any_other_value_that_asks_for_a_field() -> None:
    condition = parse("unless Vat is none exempt needs Rate")
    assert condition.where == ""
    assert condition.schema == {
        "if": {"properties": {"Vat": {"enum": ["none", "exempt"]}}, "required": ["Vat"]},
        "else": {"required": ["Rate"]},
    }
    assert condition.sentence == "unless Vat is none or exempt, Rate must be there."


def test_at_least_one_and_not_both() -> None:
    assert parse("some A B").schema == {"anyOf": [{"required": ["A"]}, {"required": ["B"]}]}
    either = parse("Line either A B")
    assert (either.where, either.schema) == ("Line", {"not": {"required": ["A", "B"]}})
    assert either.sentence == "give A or B, not both."


@pytest.mark.parametrize("rule", ["Line", "Line whenever A is b", "when A has b needs C", "when A is b wants C"])
def test_what_is_no_rule_is_told(rule: str) -> None:
    with pytest.raises(ValueError, match="no rule between fields"):
        parse(rule)
