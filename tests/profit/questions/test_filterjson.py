"""``filterjson`` against AFAS' own sample (profit-wire 3.2), and back again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import QueryError
from afas_soap.profit.questions.filterjson import filters_from_json, filters_to_json
from afas_soap.profit.questions.query import Condition, Filter, Operator

FILTERS: tuple[Filter, ...] = (
    (Condition("Country", Operator.EQUALS, "NL"), Condition("Recidence", Operator.STARTS_WITH, "Amers")),
    (Condition("Country", Operator.EQUALS, "BE"),),
)
SAMPLE = """{"Filters":{"Filter":[
  {"@FilterId":"Filter 1","Field":[
    {"@FieldId":"Country","@OperatorType":"1","#text":"NL"},
    {"@FieldId":"Recidence","@OperatorType":"10","#text":"Amers"}]},
  {"@FilterId":"Filter 2","Field":[
    {"@FieldId":"Country","@OperatorType":"1","#text":"BE"}]}]}}"""


def test_the_sample_of_the_facts() -> None:
    """Written without blanks, read in any layout."""
    assert filters_to_json(FILTERS) == "".join(line.strip() for line in SAMPLE.splitlines())
    assert filters_from_json(SAMPLE) == FILTERS


def test_no_filters_is_no_text() -> None:
    """And no text, or an empty Filter list, is no filters."""
    assert filters_to_json(()) == ""
    for text in ("", " ", '{"Filters":{"Filter":[]}}', '{"Filters":{}}'):
        assert filters_from_json(text) == ()


def test_empty_has_an_empty_value() -> None:
    """AFAS wants a value with these two operators, be it an empty one; whatever stands there means nothing."""
    empty: tuple[Filter, ...] = ((Condition("City", Operator.EMPTY), Condition("Name", Operator.NOT_EMPTY)),)
    written = (
        '{"Filters":{"Filter":[{"@FilterId":"Filter 1","Field":[{"@FieldId":"City","@OperatorType":"8","#text":""},'
        '{"@FieldId":"Name","@OperatorType":"9","#text":""}]}]}}'
    )
    assert filters_to_json(empty) == written
    assert filters_from_json(written) == empty
    assert filters_from_json(written.replace('"#text":""', '"#text":"[is leeg]"')) == empty
    assert filters_from_json(written.replace(',"#text":""', "")) == empty
    assert filters_from_json(written.replace('"#text":""', '"#text":null')) == empty


def test_characters_beyond_ascii_stay_short() -> None:
    """Percent-encoded UTF-8 is shorter than an escaped \\u00e9."""
    assert "é" in filters_to_json(((Condition("City", Operator.EQUALS, "é"),),))


@pytest.mark.parametrize(
    ("value", "text"),
    [('"5"', "5"), ("5", "5"), ("1.50", "1.50"), ("1e2", "1e2"), ("-0", "-0"), ("true", "true"), ("false", "false")],
)
def test_objects_for_lists_and_numbers_for_texts(value: str, text: str) -> None:
    """A list of one may be an object, as XML converters write it, and a number keeps the digits it is written in."""
    written = f'{{"Filters":{{"Filter":{{"Field":{{"@FieldId":"Number","@OperatorType":2,"#text":{value}}}}}}}}}'
    assert filters_from_json(written) == ((Condition("Number", Operator.GREATER_OR_EQUAL, text),),)


def field(inner: str) -> str:
    return f'{{"Filters":{{"Filter":[{{"@FilterId":"Filter 1","Field":[{inner}]}}]}}}}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", r"filterjson is not JSON \(line 1, column 2\)"),
        ("City", "is not JSON"),
        ("[" * 200_000, "nested far deeper"),
        (field('{"@FieldId":"City","@OperatorType":"1","#text":NaN}'), "holds NaN"),
        ("[]", "filterjson is no object"),
        ('"x"', "filterjson is no object"),
        ("{}", "Filters is no object"),
        ('{"Filters":null}', "Filters is no object"),
        ('{"Filters":{},"x":1}', "has the member 'x'"),
        ('{"filters":{"Filter":[]}}', "has the member 'filters'"),
        ('{"Filters":{"filter":[]}}', "Filters has the member 'filter'"),
        ('{"Filters":{"Filter":"x"}}', "Filter is neither a list nor an object"),
        ('{"Filters":{"Filter":null}}', "Filter is neither a list nor an object"),
        ('{"Filters":{"Filter":["x"]}}', "Filter is no object"),
        ('{"Filters":{"Filter":[{}]}}', "no Field, which would mean every row"),
        ('{"Filters":{"Filter":[{"Field":[]}]}}', "no Field, which would mean every row"),
        ('{"Filters":{"Filter":[{"Field":"x"}]}}', "Field is neither a list nor an object"),
        ('{"Filters":{"Filter":[{"Fields":[]}]}}', "Filter has the member 'Fields'"),
        ('{"Filters":{"Filter":{},"Filter":{}}}', "the same name twice"),
        (field('"x"'), "Field is no object"),
        (field('{"FieldId":"City"}'), "Field has the member 'FieldId'"),
        (field('{"@FieldId":"City","#text":"x"}'), "'City' has an operator type"),
        (field('{"@FieldId":"City","@OperatorType":"16","#text":"x"}'), "'City' has an operator type"),
        (field('{"@OperatorType":"1","#text":"x"}'), "name of a column"),
        (field('{"@FieldId":"City","@OperatorType":"1"}'), "'City' has no value"),
        (field('{"@FieldId":"City","@OperatorType":"1","#text":["secret"]}'), "'City' in filterjson has a list"),
        (field('{"@FieldId":{},"@OperatorType":"1"}'), "a Field in filterjson has a list or an object"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str) -> None:
    """The error names the member or the field, and shows no value."""
    with pytest.raises(QueryError, match=reason) as caught:
        filters_from_json(text)
    assert "secret" not in str(caught.value)


TEXTS = st.one_of(st.text(min_size=1), st.text(" %,;'\"<>&[]\\\r\n\té", min_size=1))
CONDITIONS = st.one_of(
    st.builds(Condition, TEXTS, st.sampled_from([op for op in Operator if op.takes_value]), TEXTS),
    st.builds(Condition, TEXTS, st.sampled_from([Operator.EMPTY, Operator.NOT_EMPTY])),
)


@given(st.lists(st.lists(CONDITIONS, min_size=1, max_size=4).map(tuple), max_size=4).map(tuple))
def test_filters_survive_the_round_trip(filters: tuple[Filter, ...]) -> None:
    """Any column name and value; and what is written is JSON of texts only."""
    written = filters_to_json(filters)
    assert filters_from_json(written) == filters
    assert "\n" not in written
    for group in json.loads(written)["Filters"]["Filter"] if written else []:
        assert {type(value) for one in group["Field"] for value in one.values()} == {str}
