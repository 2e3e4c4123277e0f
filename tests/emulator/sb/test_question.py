"""The query string of a read (small-business.md 2)."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from afas_soap.emulator.sb.answers import SbRefusedError
from afas_soap.emulator.sb.question import asked
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped

PRODUCTS = shipped().operation("products", Verb.GET)


@pytest.mark.parametrize("names", [("skip", "take"), ("Skip", "Take"), ("SKIP", "TAKE")])
def test_a_window_in_any_case(names: tuple[str, str]) -> None:
    question = asked(MultiDict(zip(names, ("2", "3"), strict=True)), PRODUCTS)
    assert question.window(None) == "LIMIT 3 OFFSET 2"


@pytest.mark.parametrize(
    ("given", "most", "window"),
    [
        ({}, None, "LIMIT -1 OFFSET 0"),
        ({}, 50, "LIMIT 50 OFFSET 0"),
        ({"take": "7"}, 50, "LIMIT 7 OFFSET 0"),
        ({"take": "70"}, 50, "LIMIT 50 OFFSET 0"),
    ],
)
def test_how_many_rows_there_are_at_most(given: dict[str, str], most: int | None, window: str) -> None:
    assert asked(MultiDict(given), PRODUCTS).window(most) == window


@pytest.mark.parametrize("name", ["Sort", "sort", "sortField"])
@pytest.mark.parametrize(
    ("value", "order"),
    [
        ("Code", '"Code" ASC, "_row"'),
        ("code Ascending", '"Code" ASC, "_row"'),
        ("Code DESC", '"Code" DESC, "_row"'),
        ("Code descending,Id", '"Code" DESC, "Id" ASC, "_row"'),
        ("", '"_row"'),
    ],
)
def test_a_sort_under_each_of_its_names(name: str, value: str, order: str) -> None:
    assert asked(MultiDict({name: value}), PRODUCTS).order == order


NONSENSE = (
    {"take": "0"},
    {"take": "-1"},
    {"take": "all"},
    {"skip": "-1"},
    {"skip": "12345678901"},
    {"sort": "Nothing"},
    # What AFAS' own JavaScript sends: a plus where a blank is meant.
    {"sort": "Code+descending"},
    {"sort": "Code upwards"},
    {"sort": "Blob"},
    {"sort": "Code,"},
    {"filter": "Nothing eq 'a'"},
)


def test_what_makes_no_sense_is_refused() -> None:
    for given in NONSENSE:
        with pytest.raises(SbRefusedError) as caught:
            asked(MultiDict(given), PRODUCTS)
        assert caught.value.status == 400, given
