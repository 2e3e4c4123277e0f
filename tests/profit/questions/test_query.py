"""The operator table, and what a condition, a sort field and a question refuse."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import MAX_FILTERS, Condition, Operator, Query, Sort, check_window

# profit-wire 2.1, by hand: code, sign, takes a value, code of the opposite.
TABLE = [
    (1, "=", True, 7),
    (2, ">=", True, 5),
    (3, "<=", True, 4),
    (4, ">", True, 3),
    (5, "<", True, 2),
    (6, "*", True, 11),
    (7, "!=", True, 1),
    (8, "[]", False, 9),
    (9, "![]", False, 8),
    (10, "@", True, 12),
    (11, "!*", True, 6),
    (12, "!@", True, 10),
    (13, "&", True, 14),
    (14, "!&", True, 13),
    (15, "Sf", True, None),
]


def test_the_table_is_that_of_the_facts() -> None:
    """Starts-with is 10 and not-ends-with 14: other clients send 19 and 4."""
    assert [(int(op), op.sign, op.takes_value) for op in Operator] == [row[:3] for row in TABLE]
    assert Operator(10) is Operator.STARTS_WITH
    assert Operator(14) is Operator.NOT_ENDS_WITH
    assert MAX_FILTERS == 200


def test_operators_say_what_they_mean() -> None:
    """In the words of AFAS' list."""
    assert Operator.GREATER_OR_EQUAL.meaning == "is greater or equal to"
    assert len({operator.meaning for operator in Operator}) == 15


@pytest.mark.parametrize(("code", "opposite"), [(row[0], row[3]) for row in TABLE if row[3]])
def test_opposites_come_in_pairs(code: int, opposite: int) -> None:
    """Each operator but the quick filter has an opposite, whose opposite it is."""
    assert Operator(code).opposite == opposite
    assert Operator(opposite).opposite == code


def test_a_quick_filter_has_no_opposite() -> None:
    """There is no operator for "does not match the quick filter"."""
    with pytest.raises(QueryError, match="no opposite"):
        _ = Operator.QUICK_FILTER.opposite


@pytest.mark.parametrize("name", ["Inrichting.json", "Artikelen.json"])
def test_the_table_is_that_of_the_openapi_files(afas: Path, name: str) -> None:
    """Codes, signs and meanings equal the list in the description of the operatortypes parameter."""
    document = json.loads((afas / "openapi" / "profit" / name).read_text("utf-8"))
    descriptions = {
        parameter["description"]
        for path in document["paths"].values()
        for parameter in path.get("get", {}).get("parameters", [])
        if parameter.get("name") == "operatortypes"
    }
    assert descriptions
    for description in descriptions:
        listed = re.findall(r"^\* `(\d+)` - (\S+) +\((.+)\)$", description, re.MULTILINE)
        ours = [(str(int(op)), op.sign, op.meaning.removeprefix("is ")) for op in Operator]
        assert [(code, sign, meaning.removeprefix("is ")) for code, sign, meaning in listed] == ours


def test_every_sign_is_found_and_others_are_refused_with_the_list() -> None:
    """An unknown sign is answered with the signs there are."""
    assert [int(Operator.from_sign(row[1])) for row in TABLE] == list(range(1, 16))
    with pytest.raises(QueryError) as caught:
        Operator.from_sign("==")
    assert "=  >=  <=  >  <  *  !=  []  ![]  @  !*  !@  &  !&  Sf" in str(caught.value)


def test_codes_from_the_wire() -> None:
    """1 to 15, blanks around them or not; anything else names the column and not the text that came."""
    assert Operator.from_code("8", "City") is Operator.EMPTY
    assert Operator.from_code(" 15 ", "City") is Operator.QUICK_FILTER
    for code in ("0", "16", "19", "", "1.0", "+1", "01", "x", "-1", "١"):
        with pytest.raises(QueryError, match="'City'"):
            Operator.from_code(code, "City")


@pytest.mark.parametrize(("code", "needed"), [(row[0], row[2]) for row in TABLE])
def test_a_value_stands_where_the_operator_takes_one(code: int, needed: bool) -> None:
    """A value that is missing, empty or too much is refused, with the column's name and without the value."""
    operator = Operator(code)
    if needed:
        assert Condition("City", operator, "Ede").value == "Ede"
        for value in (None, ""):
            with pytest.raises(QueryError, match=r"'City' has no value .* \[\]"):
                Condition("City", operator, value)
    else:
        assert Condition("City", operator).value is None
        for value in ("Ede", ""):
            with pytest.raises(QueryError, match="takes none") as caught:
                Condition("City", operator, value)
            assert "Ede" not in str(caught.value)


def test_a_column_needs_a_name() -> None:
    """An empty name is refused in a condition and in a sort field."""
    with pytest.raises(QueryError, match="name of a column"):
        Condition("", Operator.EQUALS, "Ede")
    with pytest.raises(QueryError, match="name of a column"):
        Sort("")


def test_a_filter_without_conditions_is_refused() -> None:
    """It would be true for every row, and so hide the others."""
    with pytest.raises(QueryError, match="every row"):
        Query(filters=((Condition("City", Operator.EQUALS, "Ede"),), ()))


@pytest.mark.parametrize("number", ["5", 5.0, True])
def test_skip_and_take_are_whole_numbers(number: object) -> None:
    """Nothing else is turned into one quietly."""
    with pytest.raises(QueryError, match="skip is a whole number"):
        Query(skip=number)
    with pytest.raises(QueryError, match="take is a whole number"):
        Query(take=number)


def test_everything_is_minus_one_twice() -> None:
    """-1 and -1 are passed on as they are; no filters, no sort and no take is the question by itself."""
    assert (Query(skip=-1, take=-1).skip, Query(skip=-1, take=-1).take) == (-1, -1)
    assert Query() == Query((), (), 0, None)


def test_a_question_can_be_a_key_and_be_pickled() -> None:
    """Questions are values: equal ones are one key, and a copy is equal."""
    query = Query(((Condition("City", Operator.EQUALS, "Ede"),),), (Sort("City", True),), 0, 5)
    assert {query: 1}[pickle.loads(pickle.dumps(query))] == 1


@pytest.mark.parametrize("number", [2**31, -(2**31), 2**64, 10**30])
@pytest.mark.parametrize("name", ["skip", "take"])
def test_a_window_that_profit_cannot_take(name: str, number: int) -> None:
    """32 bits over SOAP, and so over both."""
    window: dict[str, int | None] = {"skip": 0, "take": None}
    check_window(**{**window, "skip": -1, "take": 2**31 - 1})
    with pytest.raises(QueryError, match=f"{name} is .*, and Profit takes at most 2,147,483,647"):
        check_window(**{**window, name: number})
