"""Expressions, sort fields and command-line terms become filters that say the same."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import Condition, Filter, Operator, Sort
from afas_soap.profit.questions.where import Expression, F, parse_terms, sorts, where_filters
from afas_soap.profit.suggestions import SIGNS


def equals(column: str, value: str) -> Condition:
    return Condition(column, Operator.EQUALS, value)


def test_nothing_asked_is_no_filter() -> None:
    """None means every row, and ready-made filters pass through as they are."""
    assert where_filters(None) == ()
    ready: tuple[Filter, ...] = ((equals("City", "Ede"),),)
    assert where_filters(ready) is ready


@pytest.mark.parametrize("where", ["City = Ede", [], F.City, {"City": "Ede"}])
def test_only_an_expression_is_a_filter(where: object) -> None:
    """Anything else is explained."""
    with pytest.raises(QueryError, match="A filter is an expression such as"):
        where_filters(where)


def test_and_or_not_by_hand() -> None:
    """AND over OR is multiplied out; ~ takes the opposite operator and turns AND and OR round."""
    ede, j, five = F.City == "Ede", F.Name.startswith("J"), F.Number > 5
    assert where_filters(ede & j | five) == (
        (equals("City", "Ede"), Condition("Name", Operator.STARTS_WITH, "J")),
        (Condition("Number", Operator.GREATER, "5"),),
    )
    assert where_filters(ede & (j | five)) == (
        (equals("City", "Ede"), Condition("Name", Operator.STARTS_WITH, "J")),
        (equals("City", "Ede"), Condition("Number", Operator.GREATER, "5")),
    )
    assert where_filters(~(ede & (j | ~five))) == (
        (Condition("City", Operator.NOT_EQUAL, "Ede"),),
        (Condition("Name", Operator.NOT_STARTS_WITH, "J"), Condition("Number", Operator.GREATER, "5")),
    )


def test_a_condition_stands_once_in_a_filter_and_a_filter_once() -> None:
    """Doubles mean nothing and cost room in a query string."""
    a, b = F.City == "Ede", F.Name == "x"
    assert where_filters(a & a & b & a) == ((equals("City", "Ede"), equals("Name", "x")),)
    assert where_filters((a & b) | (b & a) | b) == (
        (equals("City", "Ede"), equals("Name", "x")),
        (equals("Name", "x"),),
    )


def test_not_of_a_list_is_one_filter() -> None:
    """~isin of more values than there may be filters is fine: its conditions are ANDed."""
    (only,) = where_filters(~F.City.isin([str(number) for number in range(1_000)] + [None]))
    assert len(only) == 1_001
    assert only[0] == Condition("City", Operator.NOT_EQUAL, "0")
    assert only[-1] == Condition("City", Operator.NOT_EMPTY)


def test_no_opposite_of_a_quick_filter() -> None:
    """Also below brackets; a double ~ is none at all."""
    with pytest.raises(QueryError, match="no opposite"):
        where_filters(~((F.City == "Ede") & F.Name.quick("x")))
    assert where_filters(~~F.Name.quick("x")) == ((Condition("Name", Operator.QUICK_FILTER, "x"),),)


def test_equal_takes_a_percent_sign_and_its_opposite_does_not() -> None:
    """Turned round it would deny another text (profit-wire 15.1)."""
    assert where_filters(F.City == "50%") == ((equals("City", "50%"),),)
    for denied in (~(F.City == "50%"), ~F.City.isin(["Ede", "50%"])):
        with pytest.raises(QueryError, match="'City' has a percent sign"):
            where_filters(denied)


@pytest.mark.parametrize("sign", ["*", "!*", "@", "!@", "&", "!&", "!="])
def test_a_percent_sign_in_a_term_is_refused_where_it_is_a_wildcard(sign: str) -> None:
    with pytest.raises(QueryError, match=r"'City' has a percent sign.*no spelling of the sign itself"):
        parse_terms([[f"City {sign} 50%"]])
    assert parse_terms([["City = 50%"]]) == ((equals("City", "50%"),),)


def test_filters_in_afas_own_words_keep_their_percent_signs() -> None:
    ready: tuple[Filter, ...] = ((Condition("City", Operator.CONTAINS, "%de"),),)
    assert where_filters(ready) is ready


def chain(join: Callable[[Expression, Expression], Expression], count: int) -> Expression:
    whole = F.Number == 0
    for number in range(1, count):
        whole = join(whole, F.Number == number)
    return whole


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        (chain(lambda left, right: left | right, 1_000), "1,000 filters"),
        (chain(lambda left, right: right | left, 1_000), "1,000 filters"),
        (~chain(lambda left, right: left & right, 201), "201 filters"),
        (F.Number.isin(range(201)), "201 filters"),
        (F.A.isin(range(15)) & F.B.isin(range(15)), "225 filters"),
        (chain(lambda left, right: left & (right | (F.B == 1)), 100), "a million or more filters"),
    ],
)
def test_more_than_200_filters_are_refused(expression: Expression, number: str) -> None:
    """The error says how many, where the bound lies and what to do; neither memory nor recursion gives out first."""
    with pytest.raises(QueryError, match=rf"{number}.* 200 is the most: ask in several calls"):
        where_filters(expression)


def test_200_filters_are_taken() -> None:
    """The bound itself is allowed: written out, multiplied out, and ready-made."""
    assert len(where_filters(F.Number.isin(range(200)))) == 200
    assert len(where_filters(F.A.isin(range(20)) & F.B.isin(range(10)))) == 200
    ready = tuple((equals("Number", str(number)),) for number in range(201))
    assert len(where_filters(ready[:200])) == 200
    with pytest.raises(QueryError, match="201 filters"):
        where_filters(ready)


def test_a_long_chain_of_ands_is_one_filter() -> None:
    """No recursion and no copying of a thousand conditions a thousand times."""
    (only,) = where_filters(chain(lambda left, right: left & right, 20_000))
    assert [condition.value for condition in only] == [str(number) for number in range(20_000)]
    nested = F.Number == 0
    for _ in range(20_001):
        nested = ~nested
    assert where_filters(nested) == ((Condition("Number", Operator.NOT_EQUAL, "0"),),)


# --- truth table: an expression, and the same as nested tuples that this file evaluates by itself ---

COLUMNS = ("A", "B", "C")
MEANINGS: dict[str, Callable[[str, str], bool]] = {
    "==": lambda field, value: field == value,
    "!=": lambda field, value: field != value,
    "<": lambda field, value: field < value,
    "<=": lambda field, value: field <= value,
    ">": lambda field, value: field > value,
    ">=": lambda field, value: field >= value,
    "startswith": lambda field, value: field.startswith(value),
    "endswith": lambda field, value: field.endswith(value),
    "contains": lambda field, value: value in field,
}
METHODS = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
# The meaning of each code on the wire, written down again from profit-wire 2.1.
CODES: dict[int, Callable[[str, str], bool]] = {
    1: lambda field, value: field == value,
    2: lambda field, value: field >= value,
    3: lambda field, value: field <= value,
    4: lambda field, value: field > value,
    5: lambda field, value: field < value,
    6: lambda field, value: value in field,
    7: lambda field, value: field != value,
    8: lambda field, _: field == "",
    9: lambda field, _: field != "",
    10: lambda field, value: field.startswith(value),
    11: lambda field, value: value not in field,
    12: lambda field, value: not field.startswith(value),
    13: lambda field, value: field.endswith(value),
    14: lambda field, value: not field.endswith(value),
}
VALUES = st.sampled_from(["a", "b", "ab", "ba"])
LEAVES = st.one_of(
    st.tuples(st.sampled_from(sorted(MEANINGS)), st.sampled_from(COLUMNS), VALUES),
    st.tuples(st.sampled_from(["==", "!="]), st.sampled_from(COLUMNS), st.just("")),
    st.tuples(
        st.just("isin"), st.sampled_from(COLUMNS), st.lists(st.one_of(VALUES, st.just("")), min_size=1, max_size=2)
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.just("~"), inner),
        st.tuples(st.sampled_from("&|"), inner, inner),
    ),
    max_leaves=7,
)
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in itertools.product(["", "a", "ab", "b", "c"], repeat=3)]


def holds(tree: Any, row: dict[str, str]) -> bool:
    match tree:
        case ("~", inner):
            return not holds(inner, row)
        case ("&", left, right):
            return holds(left, row) and holds(right, row)
        case ("|", left, right):
            return holds(left, row) or holds(right, row)
        case ("isin", column, values):
            return row[column] in values
    name, column, value = tree
    return MEANINGS[name](row[column], value)


def written(tree: Any) -> Expression:
    match tree:
        case ("~", inner):
            return ~written(inner)
        case ("&", left, right):
            return written(left) & written(right)
        case ("|", left, right):
            return written(left) | written(right)
    name, column, value = tree
    expression: Expression = getattr(F[column], METHODS.get(name, name))(value)
    return expression


@given(TREES)
def test_the_filters_hold_for_the_rows_of_the_expression(tree: Any) -> None:
    """ORed filters of ANDed conditions say of every row what the brackets said: no condition is lost."""
    filters = where_filters(written(tree))
    for row in ROWS:
        found = any(
            all(CODES[int(one.operator)](row[one.column], one.value or "") for one in group) for group in filters
        )
        assert found == holds(tree, row)


# --- sort fields ---


def test_sort_fields() -> None:
    """A minus descends; a Sort stands for itself, also with a name that begins with a minus."""
    assert sorts(["City", "-Name", Sort("-x"), Sort("y", True)]) == (
        Sort("City"),
        Sort("Name", True),
        Sort("-x"),
        Sort("y", True),
    )
    assert sorts([]) == ()


@pytest.mark.parametrize(
    ("order_by", "reason"),
    [
        ("City", r"order_by is a list of columns: \['City'\]"),
        (["City", "-City"], "'City' stands twice"),
        (["-"], "name of a column"),
        ([""], "name of a column"),
        ([F.City], "is the name of a column"),
        ([None], "is the name of a column"),
    ],
)
def test_sort_fields_that_are_none(order_by: Any, reason: str) -> None:
    """A bare text, a double, an empty name and another type are refused."""
    with pytest.raises(QueryError, match=reason):
        sorts(order_by)


# --- terms of the command line ---


@pytest.mark.parametrize(
    ("term", "condition"),
    [
        ("City = Ede", Condition("City", Operator.EQUALS, "Ede")),
        ("City = Den Haag", Condition("City", Operator.EQUALS, "Den Haag")),
        ("City =  Ede ", Condition("City", Operator.EQUALS, " Ede ")),
        ("City = = 5", Condition("City", Operator.EQUALS, "= 5")),
        ("City = []", Condition("City", Operator.EQUALS, "[]")),
        ("City = a\nb", Condition("City", Operator.EQUALS, "a\nb")),
        ("Number >= 5", Condition("Number", Operator.GREATER_OR_EQUAL, "5")),
        ("Number <= 5", Condition("Number", Operator.LESS_OR_EQUAL, "5")),
        ("Number > 5", Condition("Number", Operator.GREATER, "5")),
        ("Number < 5", Condition("Number", Operator.LESS, "5")),
        ("City * de", Condition("City", Operator.CONTAINS, "de")),
        ("City != Ede", Condition("City", Operator.NOT_EQUAL, "Ede")),
        ("City []", Condition("City", Operator.EMPTY)),
        ("City [] ", Condition("City", Operator.EMPTY)),
        ("City ![]", Condition("City", Operator.NOT_EMPTY)),
        ("City @ E", Condition("City", Operator.STARTS_WITH, "E")),
        ("City !* d", Condition("City", Operator.NOT_CONTAINS, "d")),
        ("City !@ E", Condition("City", Operator.NOT_STARTS_WITH, "E")),
        ("City & e", Condition("City", Operator.ENDS_WITH, "e")),
        ("City !& e", Condition("City", Operator.NOT_ENDS_WITH, "e")),
        ("City Sf e", Condition("City", Operator.QUICK_FILTER, "e")),
        ("Btw-nummer = NL1", Condition("Btw-nummer", Operator.EQUALS, "NL1")),
        ("[Column with blank] >= 5", Condition("Column with blank", Operator.GREATER_OR_EQUAL, "5")),
        ("[City] = Ede", Condition("City", Operator.EQUALS, "Ede")),
        ("[a]] b] = 5", Condition("a] b", Operator.EQUALS, "5")),
        ("[[a]]] []", Condition("[a]", Operator.EMPTY)),
        ("a]b = 5", Condition("a]b", Operator.EQUALS, "5")),
    ],
)
def test_terms(term: str, condition: Condition) -> None:
    """COLUMN SIGN VALUE with one blank between; behind the second blank the value as it is."""
    assert parse_terms([[term]]) == ((condition,),)


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        ("", "COLUMN SIGN VALUE"),
        ("City", "COLUMN SIGN VALUE"),
        (" = Ede", "COLUMN SIGN VALUE"),
        ("[City = Ede", "COLUMN SIGN VALUE"),
        ("[a]b] = Ede", "COLUMN SIGN VALUE"),
        ("[City]= Ede", "COLUMN SIGN VALUE"),
        ("[] = Ede", "name of a column"),
        ("City  = Ede", r"'City', between its first and second blank: .* One blank stands"),
        ("City =Ede", "none of AFAS' signs, which are =  >= "),
        ("City == Ede", "none of AFAS' signs"),
        ("City sf Ede", "none of AFAS' signs"),
        ("City is Ede", "none of AFAS' signs"),
        ("City =", r"'City' has no value .* \[\]"),
        ("City = ", r"'City' has no value .* \[\]"),
        ("City [] Ede", "takes none"),
        ("City ![]  ", "takes none"),
    ],
)
def test_terms_that_are_none(term: str, reason: str) -> None:
    """The error says what a term looks like, which signs there are, or how an empty field is asked for."""
    with pytest.raises(QueryError, match=reason) as caught:
        parse_terms([[term]])
    assert "Ede" not in str(caught.value).replace("'City = Ede'", "")


def test_groups_are_ored_and_their_terms_anded() -> None:
    """No terms at all is no filter; an alternative without any would be every row."""
    assert parse_terms([["City = Ede", "Number > 5", "City = Ede"], ["City []"]]) == (
        (equals("City", "Ede"), Condition("Number", Operator.GREATER, "5")),
        (Condition("City", Operator.EMPTY),),
    )
    assert parse_terms([]) == parse_terms([[]]) == ()
    with pytest.raises(QueryError, match="--or stands between"):
        parse_terms([["City = Ede"], []])
    with pytest.raises(QueryError, match="201 filters"):
        parse_terms([[f"Number = {number}"] for number in range(201)])


TEXTS = st.one_of(st.text(min_size=1), st.text("[]!=<>*@& Sf", min_size=1))
CONDITIONS = st.one_of(
    st.builds(Condition, TEXTS, st.sampled_from([op for op in Operator if op.takes_value]), TEXTS),
    st.builds(Condition, TEXTS, st.sampled_from([Operator.EMPTY, Operator.NOT_EMPTY])),
)


@given(st.lists(st.lists(CONDITIONS, min_size=1, max_size=4, unique=True), max_size=4, unique_by=frozenset))
def test_every_condition_can_be_written_as_a_term(groups: list[list[Condition]]) -> None:
    """Whatever stands in a name or a value, brackets, blanks and signs too."""
    signs = {1: "=", 2: ">=", 3: "<=", 4: ">", 5: "<", 6: "*", 7: "!=", 8: "[]", 9: "![]"}
    signs |= {10: "@", 11: "!*", 12: "!@", 13: "&", 14: "!&", 15: "Sf"}
    terms = [
        [
            f"[{one.column.replace(']', ']]')}] {signs[one.operator]}" + ("" if one.value is None else f" {one.value}")
            for one in group
        ]
        for group in groups
    ]
    assert parse_terms(terms) == tuple(tuple(group) for group in groups)


@pytest.mark.parametrize(
    ("sign", "meant"),
    [("==", "="), ("<>", "!="), ("=>", ">="), ("like", "*"), ("LIKE", "*"), ("startswith", "@"), ("gt", ">")],
)
def test_a_sign_of_another_language_is_told_what_it_is_here(sign: str, meant: str) -> None:
    with pytest.raises(QueryError, match=rf"none of AFAS' signs.* Did you mean {re.escape(meant)}\? One blank"):
        parse_terms([[f"City {sign} Ede"]])


def test_a_sign_of_nobody_gets_no_suggestion() -> None:
    with pytest.raises(QueryError, match="none of AFAS' signs") as caught:
        parse_terms([["City ?? Ede"]])
    assert "Did you mean" not in caught.value.message


def test_every_sign_that_is_meant_is_one_of_afas() -> None:
    for typed, sign in SIGNS.items():
        assert Operator.from_sign(sign).sign == sign
        with pytest.raises(QueryError):
            Operator.from_sign(typed)
