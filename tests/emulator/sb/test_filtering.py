"""Filters of OData as SQL: what is documented, what is inferred, and what is refused (small-business.md 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.emulator.sb.answers import SbRefusedError
from afas_soap.emulator.sb.filtering import Filter, parsed
from afas_soap.sb.operation import Column, Kind

GUID = "56528A1B-4bea-5699-abb8-f66155e9c497"
COLUMNS = {
    column.name.lower(): column
    for column in (
        Column("Id", Kind.UUID),
        Column("Name"),
        Column("Total", Kind.NUMBER),
        Column("Open", Kind.BOOLEAN),
        Column("Since", Kind.MOMENT),
        Column("Blob", Kind.OBJECT),
    )
}


@pytest.mark.parametrize(
    ("text", "condition", "values"),
    [
        ("Name eq 'Harderwijk'", '"Name" = ?', ["Harderwijk"]),
        ("name EQ 'it''s'", '"Name" = ?', ["it's"]),
        ("Name eq ''", '"Name" = ?', [""]),
        ("Name eq 'a (b) and c'", '"Name" = ?', ["a (b) and c"]),
        (f"Id eq {GUID}", '"Id" = ?', [GUID.lower()]),
        ("Total eq -12.50", '"Total" = ?', ["-12.50"]),
        ("Open eq TRUE", '"Open" = ?', [1]),
        ("Since eq 2024-01-31", '"Since" = ?', ["2024-01-31T00:00:00Z"]),
        ("Since eq 2024-01-31T00:00:00Z", '"Since" = ?', ["2024-01-31T00:00:00Z"]),
        ("Name eq null", '"Name" IS NULL', []),
        (
            "Name eq 'a' or Name eq 'b' and Open eq false",
            '("Name" = ? OR ("Name" = ? AND "Open" = ?))',
            ["a", "b", 0],
        ),
        (
            "(Name eq 'a' or Name eq 'b') and Open eq false",
            '(("Name" = ? OR "Name" = ?) AND "Open" = ?)',
            ["a", "b", 0],
        ),
    ],
)
def test_what_is_asked_becomes_a_condition(text: str, condition: str, values: list[object]) -> None:
    assert parsed(text, COLUMNS) == Filter(condition, values)


def test_one_filter_may_have_all_of_it() -> None:
    text = (
        f"(Id eq {GUID} or Name eq null) and Total eq 1.5 and Open eq true and Since eq 2024-01-31 "
        "and Total ne 2 and Name ne null and contains(Name,'x')"
    )
    found = parsed(text, COLUMNS, operators=True)
    assert found.values == [GUID.lower(), "1.5", 1, "2024-01-31T00:00:00Z", "2", "%x%"]
    assert found.condition == (
        '(("Id" = ? OR "Name" IS NULL) AND "Total" = ? AND "Open" = ? AND "Since" = ? '
        'AND "Total" <> ? AND "Name" IS NOT NULL AND "Name" LIKE ? ESCAPE \'\\\')'
    )


NONSENSE = (
    "Name",
    "Name eq",
    "Name eq Harderwijk",
    "Name eq 'Harder",
    "Name eq 'a' 'b'",
    "Name eq 'a' and",
    "Name eq 'a' and 'b'",
    "Other eq 'a'",
    "Blob eq 'a'",
    f"Id eq '{GUID}'",
    "Id eq 1",
    "Total eq '1'",
    "Total eq 1e3",
    "Open eq 1",
    "Since eq '2024-01-31'",
    "Since eq yesterday",
    "Name ne 'a'",
    "Total gt 1",
    "contains(Name,'a')",
    "(Name eq 'a'",
    "Name eq 'a')",
    "(" * 51 + "Name eq 'a'" + ")" * 51,
)


def test_anything_else_is_refused_in_the_same_words() -> None:
    for text in NONSENSE:
        with pytest.raises(SbRefusedError) as caught:
            parsed(text, COLUMNS)
        assert (caught.value.status, caught.value.message) == (400, "Ongeldig gebruikersfilter."), text
        assert caught.value.kind == "AntaUserException"


@pytest.mark.parametrize(
    ("text", "condition", "values"),
    [
        ("Total gt 1", '"Total" > ?', ["1"]),
        ("Total le 1", '"Total" <= ?', ["1"]),
        ("Name ne 'a'", '"Name" <> ?', ["a"]),
        ("Name ne null", '"Name" IS NOT NULL', []),
        ("contains(Name,'50%_')", "\"Name\" LIKE ? ESCAPE '\\'", ["%50\\%\\_%"]),
        ("startswith(Name, 'a')", "\"Name\" LIKE ? ESCAPE '\\'", ["a%"]),
        ("endswith(Name,'a')", "\"Name\" LIKE ? ESCAPE '\\'", ["%a"]),
    ],
)
def test_other_comparisons_are_taken_where_it_is_set_up_so(text: str, condition: str, values: list[object]) -> None:
    assert parsed(text, COLUMNS, operators=True) == Filter(condition, values)


def test_and_what_makes_no_sense_of_them_is_not() -> None:
    for text in ("Total gt null", "contains(Name)", "contains(Name,a)", "matches(Name,'a')"):
        with pytest.raises(SbRefusedError):
            parsed(text, COLUMNS, operators=True)


@given(st.text(alphabet="Name eq'()orand \x00,é", max_size=40))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        found = parsed(text, COLUMNS, operators=True)
    except SbRefusedError:
        return
    assert found.condition.count("?") == len(found.values)
