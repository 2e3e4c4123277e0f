"""The REST query string against literals from AFAS' guide (profit-wire 3.2), and back again."""

from __future__ import annotations

import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import QueryError
from afas_soap.limits import QUERY_STRING
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query, Sort
from afas_soap.profit.questions.restquery import query_from_string, query_string


def one(operator: Operator, value: str | None = None, column: str = "City") -> tuple[Filter, ...]:
    return ((Condition(column, operator, value),),)


EDE = Condition("City", Operator.EQUALS, "Ede")
J = Condition("Name", Operator.STARTS_WITH, "J")
# The JSON sample of AFAS' guide, percent-encoded as it stands there.
AFAS_FILTERJSON = (
    "%7B%22Filters%22%3A%7B%22Filter%22%3A%5B%7B%22%40FilterId%22%3A%22Filter%201%22%2C%22Field%22%3A%5B%7B"
    "%22%40FieldId%22%3A%22AdminId%22%2C%22%40OperatorType%22%3A%221%22%2C%22%23text%22%3A%221%22%7D%2C%7B"
    "%22%40FieldId%22%3A%22AdminNm%22%2C%22%40OperatorType%22%3A%226%22%2C%22%23text%22%3A%22Inter%2Cnet%22%7D%5D%7D%5D%7D%7D"
)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Query(), "?skip=0"),
        (Query(skip=0, take=100), "?skip=0&take=100"),
        (Query(skip=-1, take=-1), "?skip=-1&take=-1"),
        (
            Query(((EDE,),), (Sort("DebtorId"),), 0, 100),
            "?skip=0&take=100&orderbyfieldids=DebtorId&filterfieldids=City&filtervalues=Ede&operatortypes=1",
        ),
        # The guide's own spelling of several sort fields.
        (
            Query((), (Sort("Account"), Sort("Type")), 0, 500),
            "?skip=0&take=500&orderbyfieldids=Account%2CType",
        ),
        (Query((), (Sort("Account", True), Sort("_a1")), 0, 5), "?skip=0&take=5&orderbyfieldids=-Account%2C_a1"),
        (
            Query((), (Sort("a.b"), Sort("Name 1", True)), 0, 5),
            "?skip=0&take=5&orderbyfieldids=%5B%27a.b%27%5D%2C-%5B%27Name%201%27%5D",
        ),
        (
            Query(((EDE, J),)),
            "?skip=0&filterfieldids=City%2CName&filtervalues=Ede%2CJ&operatortypes=1%2C10",
        ),
        (
            Query(((EDE,), (J,))),
            "?skip=0&filterfieldids=City%3BName&filtervalues=Ede%3BJ&operatortypes=1%3B10",
        ),
        # AND and OR together: which binds tighter in the lists is not known, so they go as JSON.
        (
            Query(((EDE, J), (EDE,))),
            "?skip=0&filterjson=%7B%22Filters%22%3A%7B%22Filter%22%3A%5B%7B%22%40FilterId%22%3A%22Filter%201%22%2C%22Field"
            "%22%3A%5B%7B%22%40FieldId%22%3A%22City%22%2C%22%40OperatorType%22%3A%221%22%2C%22%23text%22%3A%22Ede%22%7D%2C"
            "%7B%22%40FieldId%22%3A%22Name%22%2C%22%40OperatorType%22%3A%2210%22%2C%22%23text%22%3A%22J%22%7D%5D%7D%2C%7B"
            "%22%40FilterId%22%3A%22Filter%202%22%2C%22Field%22%3A%5B%7B%22%40FieldId%22%3A%22City%22%2C%22%40OperatorType"
            "%22%3A%221%22%2C%22%23text%22%3A%22Ede%22%7D%5D%7D%5D%7D%7D",
        ),
        (
            Query(one(Operator.EMPTY)),
            "?skip=0&filterfieldids=City&filtervalues=%5Bis%20leeg%5D&operatortypes=8",
        ),
        (
            Query(((Condition("Btw-nummer", Operator.CONTAINS, "a&b=c+d e%/é?#'"),),)),
            "?skip=0&filterfieldids=Btw-nummer&filtervalues=a%26b%3Dc%2Bd%20e%25%2F%C3%A9%3F%23%27&operatortypes=6",
        ),
        (
            Query(
                (
                    (
                        Condition("AdminId", Operator.EQUALS, "1"),
                        Condition("AdminNm", Operator.CONTAINS, "Inter,net"),
                    ),
                )
            ),
            f"?skip=0&filterjson={AFAS_FILTERJSON}",
        ),
    ],
)
def test_questions_as_written(query: Query, text: str) -> None:
    """The parameters in their order, values percent-encoded; and read back the same."""
    assert query_string(query) == text
    assert query_from_string(text) == query


@pytest.mark.parametrize("value", ["a,b", "a;b", " a", "a ", "\ta", "a\n", '""', "[is leeg]"])
def test_what_the_lists_cannot_carry_goes_as_filterjson(value: str) -> None:
    """Separators, blanks that may be trimmed, and the two texts that stand for an empty value there."""
    query = Query(((EDE, Condition("Name", Operator.NOT_EQUAL, value)),))
    assert "filterjson=" in query_string(query)
    assert "filtervalues=" not in query_string(query)
    assert query_from_string(query_string(query)) == query


@pytest.mark.parametrize("column", ["a,b", "a;b", " a", "a "])
def test_columns_that_the_lists_cannot_carry_go_as_filterjson(column: str) -> None:
    """Also with an operator that has no value of its own."""
    query = Query(one(Operator.EMPTY, column=column))
    assert "filterjson=" in query_string(query)
    assert query_from_string(query_string(query)) == query


@pytest.mark.parametrize("column", ["a,b", "it's", "a]b", "[a"])
def test_columns_that_cannot_be_sorted_by(column: str) -> None:
    """['NAME'] has no escape that anybody has seen; the error names the ways out."""
    with pytest.raises(QueryError, match="sort by another column, or ask over SOAP"):
        query_string(Query(order_by=(Sort(column),)))


def test_the_longest_query_string() -> None:
    """2,049 characters from ? on are sent, one more is refused with its remedy and without the value."""
    start = "?skip=0&filterfieldids=City&filtervalues=&operatortypes=1"
    fits = query_string(Query(one(Operator.EQUALS, "x" * (2049 - len(start)))))
    assert len(fits) == QUERY_STRING == 2049
    with pytest.raises(QueryError, match=r"2,050 characters.*2,049.*filter on less.*SOAP") as caught:
        query_string(Query(one(Operator.EQUALS, "x" * (2050 - len(start)))))
    assert "xx" not in str(caught.value)


@pytest.mark.parametrize(
    "query",
    [Query(one(Operator.EQUALS, "a\ud800")), Query(one(Operator.EQUALS, "a,\ud800")), Query((), (Sort("\ud800"),))],
)
def test_half_a_character_is_refused(query: Query) -> None:
    """It has no UTF-8."""
    with pytest.raises(QueryError, match="surrogate"):
        query_string(query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("?", Query()),
        ("take=5", Query(take=5)),
        ("?Skip=%205&TAKE=5", Query(skip=5, take=5)),
        ("?skip=0&_=123&x", Query()),
        ("?filterfieldids=City&filtervalues=Ede", Query(((EDE,),))),
        ("?filterfieldids=City;Name&filtervalues=Ede;x", Query(((EDE,), (Condition("Name", Operator.EQUALS, "x"),)))),
        ("?filterfieldids=City,Name&filtervalues=Ede,J&operatortypes=1,10", Query(((EDE, J),))),
        ("?filterfieldids=City&filtervalues=Den+Haag&operatortypes=1", Query(one(Operator.EQUALS, "Den Haag"))),
        ('?filterfieldids=City&operatortypes=8&filtervalues=""', Query(one(Operator.EMPTY))),
        ("?filterfieldids=City&operatortypes=9&filtervalues=", Query(one(Operator.NOT_EMPTY))),
        ("?filterfieldids=&filtervalues=&operatortypes=&filterjson=", Query()),
        ("?orderbyfieldids=", Query()),
        ("?orderbyfieldids=GLN-DP-Delivery,-x", Query((), (Sort("GLN-DP-Delivery"), Sort("x", True)))),
    ],
)
def test_what_others_write(text: str, query: Query) -> None:
    """Bare separators, no operatortypes for equality, + for a blank, names in any case, parameters of somebody else."""
    assert query_from_string(text) == query


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("?skip=x", "skip is no whole number"),
        ("?take=", "take is no whole number"),
        ("?take=1.5", "take is no whole number"),
        ("?take=1_0", "take is no whole number"),
        (f"?take={'9' * 5000}", "take is no whole number"),
        ("?skip=1&SKIP=2", "SKIP stands twice"),
        ("?skip=%ff", "not UTF-8"),
        ("?filterfieldids=City", "'City' has no value"),
        ("?filtervalues=secret", "differ in length|name of a column"),
        ("?filterfieldids=City,Name&filtervalues=secret&operatortypes=1,1", "differ in length"),
        ("?filterfieldids=City,Name&filtervalues=a;secret&operatortypes=1,1", "differ in length"),
        ("?filterfieldids=City,Name&filtervalues=a,secret&operatortypes=1;1", "differ in length"),
        ("?filterfieldids=City&filtervalues=a,secret&operatortypes=1", "A value that holds a separator"),
        ("?filterfieldids=City&filtervalues=secret&operatortypes=x", "'City' has an operator type"),
        ("?filterfieldids=City&filtervalues=&operatortypes=1", "'City' has no value"),
        ('?filterfieldids=City&filtervalues=""&operatortypes=1', "'City' has no value"),
        ("?filterfieldids=,&filtervalues=a,secret", "name of a column"),
        ("?filterjson={}&filterfieldids=City", "filterjson and filter lists"),
        ("?filterjson=x", "filterjson is not JSON"),
        ("?orderbyfieldids=a,,b", "orderbyfieldids"),
        ("?orderbyfieldids=-", "orderbyfieldids"),
        ("?orderbyfieldids=--a", "orderbyfieldids"),
        ("?orderbyfieldids=['a'", "orderbyfieldids"),
        ("?orderbyfieldids=['']", "orderbyfieldids"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str) -> None:
    """The error names the parameter or the column, and shows no value."""
    with pytest.raises(QueryError, match=reason) as caught:
        query_from_string(text)
    assert "secret" not in str(caught.value)


TEXTS = st.one_of(st.text(min_size=1, max_size=6), st.text(" %,;'\"&=+#[]\\\n\x85é", min_size=1, max_size=6))
PLAIN = st.text("abcXYZ .-_&%é\"'", min_size=1, max_size=6)
CONDITIONS = st.one_of(
    st.builds(Condition, TEXTS, st.sampled_from([op for op in Operator if op.takes_value]), TEXTS),
    st.builds(Condition, PLAIN, st.sampled_from([op for op in Operator if op.takes_value]), PLAIN),
    st.builds(Condition, TEXTS, st.sampled_from([Operator.EMPTY, Operator.NOT_EMPTY])),
)
SORTS = st.builds(Sort, TEXTS.filter(lambda text: not set(text) & set(",'[]")), st.booleans())
QUERIES = st.builds(
    Query,
    st.lists(st.lists(CONDITIONS, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    st.lists(SORTS, max_size=3).map(tuple),
    st.integers(-1, 10**6),
    st.none() | st.integers(-1, 10**6),
)


@given(QUERIES)
def test_questions_survive_the_round_trip(query: Query) -> None:
    """Any column name and value, in either spelling of the filters and several sort fields; ASCII on the wire."""
    text = query_string(query)
    assert text.isascii()
    assert not set(text) & set(" ,;'\"#+")
    assert query_from_string(text) == query
    assert len(urllib.parse.parse_qsl(text[1:], keep_blank_values=True)) == text.count("&") + 1
