"""Filter XML and options XML against literals from profit-wire 2.1 and 2.2, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import QueryError
from afas_soap.profit.questions.filterxml import (
    Options,
    filters_from_xml,
    filters_to_xml,
    options_from_xml,
    options_to_xml,
)
from afas_soap.profit.questions.query import Condition, Filter, Operator, Sort

FILTERS: tuple[Filter, ...] = (
    (Condition("AdminId", Operator.EQUALS, "1"), Condition("AdminNm", Operator.CONTAINS, "Internet")),
    (Condition("AdminId", Operator.EQUALS, "3"),),
)
XML = (
    '<Filters><Filter FilterId="Filter 1"><Field FieldId="AdminId" OperatorType="1">1</Field>'
    '<Field FieldId="AdminNm" OperatorType="6">Internet</Field></Filter>'
    '<Filter FilterId="Filter 2"><Field FieldId="AdminId" OperatorType="1">3</Field></Filter></Filters>'
)
# As AFAS prints it, with line breaks.
PRINTED = """
<Filters>
  <Filter FilterId="Filter 1">
    <Field FieldId="AdminId" OperatorType="1">1</Field>
    <Field FieldId="AdminNm" OperatorType="6">Internet</Field>
  </Filter>
  <Filter FilterId="Filter 2">
    <Field FieldId="AdminId" OperatorType="1">3</Field>
  </Filter>
</Filters>
"""


def one(operator: Operator, value: str | None = None, column: str = "City") -> tuple[Filter, ...]:
    return ((Condition(column, operator, value),),)


def field(inner: str) -> str:
    return f"<Filters><Filter>{inner}</Filter></Filters>"


def test_the_sample_of_the_facts() -> None:
    """Fields in a Filter are ANDed, Filters ORed; written on one line, read in any layout."""
    assert filters_to_xml(FILTERS) == XML
    assert filters_from_xml(XML) == FILTERS
    assert filters_from_xml(PRINTED) == FILTERS


def test_no_filters_is_no_text() -> None:
    """And no text, or a root with nothing in it, is no filters."""
    assert filters_to_xml(()) == ""
    for text in ("", "  \n", "<Filters/>", "<Filters> </Filters>"):
        assert filters_from_xml(text) == ()


@pytest.mark.parametrize(("operator", "code"), [(Operator.EMPTY, 8), (Operator.NOT_EMPTY, 9)])
def test_empty_is_written_without_a_value(operator: Operator, code: int) -> None:
    """A value that stands there all the same means nothing."""
    written = f'<Filters><Filter FilterId="Filter 1"><Field FieldId="City" OperatorType="{code}"/></Filter></Filters>'
    assert filters_to_xml(one(operator)) == written
    assert filters_from_xml(written) == one(operator)
    assert filters_from_xml(field(f'<Field FieldId="City" OperatorType="{code}">x</Field>')) == one(operator)


@pytest.mark.parametrize("code", range(1, 16))
def test_every_code_is_written_and_read(code: int) -> None:
    """All 15 operators."""
    operator = Operator(code)
    filters = one(operator, "x" if operator.takes_value else None)
    assert f'OperatorType="{code}"' in filters_to_xml(filters)
    assert filters_from_xml(filters_to_xml(filters)) == filters


def test_signs_of_xml_are_escaped_and_white_space_survives() -> None:
    """A carriage return would otherwise be read as a line break, and a tab in a name as a blank."""
    assert filters_to_xml(one(Operator.EQUALS, "a<b>&\"c'\r\n\té", "A&B\"<\n\t'")) == (
        '<Filters><Filter FilterId="Filter 1"><Field FieldId="A&amp;B&quot;&lt;&#10;&#9;\'" OperatorType="1">'
        "a&lt;b&gt;&amp;\"c'&#13;\n\té</Field></Filter></Filters>"
    )


@pytest.mark.parametrize(
    "text",
    [
        field('<Field FieldId="City" OperatorType="6">%NL%</Field>'),
        '<?xml version="1.0" encoding="utf-16"?>' + field('<Field FieldId="City" OperatorType="6">%NL%</Field>'),
        '<Filters><Filter FilterId="Filter1"><Field OperatorType=" 6 " FieldId="City">%NL%</Field></Filter></Filters>',
        '<Filters><Filter filterid="x"><Field FieldId="City" OperatorType="6" x="">%NL%</Field></Filter></Filters>',
        '<!-- a --><Filters><!-- b --><Filter><?c d?><Field FieldId="City" OperatorType="6">%<!-- e -->NL<?f?>%</Field>'
        "<!-- g --></Filter></Filters>",
        field('<Field FieldId="City" OperatorType="6"><![CDATA[%NL%]]></Field>'),
    ],
)
def test_what_others_write(text: str) -> None:
    """FilterId as one likes, comments, CDATA, a .NET declaration; percent signs stay as they are."""
    assert filters_from_xml(text) == one(Operator.CONTAINS, "%NL%")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (field('<Field FieldId="City" OperatorType="16">x</Field>'), "'City' has an operator type"),
        (field('<Field FieldId="City" OperatorType="">x</Field>'), "'City' has an operator type"),
        (field('<Field FieldId="City">x</Field>'), "'City' in the XML has no OperatorType"),
        (field('<Field FieldId="City" operatortype="1">x</Field>'), "'City' in the XML has no OperatorType"),
        (field('<Field OperatorType="1">x</Field>'), "no FieldId"),
        (field('<Field FieldId="" OperatorType="1">x</Field>'), "no FieldId"),
        (field('<Field FieldId="City" OperatorType="1"></Field>'), "'City' has no value"),
        (field('<Field FieldId="City" OperatorType="1"/>'), "'City' has no value"),
        (field('<Field FieldId="City" OperatorType="1">x<b>y</b></Field>'), "'City' in the XML holds another element"),
        (field('<field FieldId="City" OperatorType="1">x</field>'), "Filter in the XML holds a field, and only Field"),
        (field("x"), "Filter in the XML holds text of its own"),
        (field('<Field FieldId="City" OperatorType="8"/>x'), "Filter in the XML holds text of its own"),
        ("<Filters><Filter/></Filters>", "no Field, which would mean every row"),
        ("<Filters>x</Filters>", "Filters in the XML holds text of its own"),
        ("<Filters><Field/></Filters>", "Filters in the XML holds a Field, and only Filter"),
        ("<filters/>", "its root is called Filters"),
        ("<options/>", "begins with options"),
        ('<Filters xmlns="urn:x"/>', "its root is called Filters"),
        ("City = Ede", "cannot be read"),
        (XML[:-1], "cannot be read"),
        (XML.replace("Internet", "&x;"), "cannot be read"),
        (XML.replace("Internet", "\x01"), "cannot be read"),
        (XML.replace("Internet", "\ud800"), "cannot be read"),
        ('<!DOCTYPE Filters [<!ENTITY x "Internet">]>' + XML.replace("Internet", "&x;"), "DTD"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str) -> None:
    """The error names the field or the element, and shows no value."""
    with pytest.raises(QueryError, match=reason) as caught:
        filters_from_xml(text)
    assert "Internet" not in str(caught.value)


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_carry(sign: str) -> None:
    """Refused before anything is sent, in a value, in a column and in a sort field."""
    with pytest.raises(QueryError, match="'City' holds a character that XML cannot carry") as caught:
        filters_to_xml(one(Operator.EQUALS, f"secret{sign}"))
    assert "secret" not in str(caught.value)
    with pytest.raises(QueryError, match="XML cannot carry"):
        filters_to_xml(one(Operator.EMPTY, column=f"a{sign}"))
    with pytest.raises(QueryError, match="XML cannot carry"):
        options_to_xml(Options(index=(Sort(f"a{sign}"),)))


XML_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
TEXTS = st.one_of(st.text(XML_CHARACTERS, min_size=1), st.text(" %,;'\"<>&[]\r\n\t\x7f\x85é", min_size=1))
CONDITIONS = st.one_of(
    st.builds(Condition, TEXTS, st.sampled_from([op for op in Operator if op.takes_value]), TEXTS),
    st.builds(Condition, TEXTS, st.sampled_from([Operator.EMPTY, Operator.NOT_EMPTY])),
)
ALL_FILTERS = st.lists(st.lists(CONDITIONS, min_size=1, max_size=4).map(tuple), max_size=4).map(tuple)


@given(ALL_FILTERS)
def test_filters_survive_the_round_trip(filters: tuple[Filter, ...]) -> None:
    """Any column name and value, with white space, quotes, percent signs and separators."""
    assert filters_from_xml(filters_to_xml(filters)) == filters


# --- options ---


def test_options_as_written() -> None:
    """Children in AFAS' order; Skip, Take and Index only when they are given."""
    assert (
        options_to_xml(Options())
        == "<options><Outputmode>1</Outputmode><Metadata>1</Metadata><Outputoptions>2</Outputoptions></options>"
    )
    assert options_to_xml(Options(index=(Sort("X"),))) == (
        "<options><Outputmode>1</Outputmode><Metadata>1</Metadata><Outputoptions>2</Outputoptions>"
        '<Index><Field FieldId="X" OperatorType="1"/></Index></options>'
    )
    assert options_to_xml(Options(2, 0, 3, -1, 10, (Sort("Item & Code", True), Sort("Name")))) == (
        "<options><Outputmode>2</Outputmode><Metadata>0</Metadata><Outputoptions>3</Outputoptions>"
        '<Skip>-1</Skip><Take>10</Take><Index><Field FieldId="Item &amp; Code" OperatorType="0"/>'
        '<Field FieldId="Name" OperatorType="1"/></Index></options>'
    )


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", Options(1, 1, 2, None, None, ())),
        ("<options/>", Options(1, 1, 2, None, None, ())),
        ("<Options><Skip>0</Skip><Take>10</Take></Options>", Options(1, 1, 2, 0, 10, ())),
        ("<OPTIONS> <outputMODE> 2 </outputMODE><!-- x --><skip>-1</skip></OPTIONS>", Options(2, 1, 2, -1, None, ())),
        ("<options><Metadata>0</Metadata><Outputoptions>3</Outputoptions></options>", Options(1, 0, 3, None, None, ())),
        ("<options><Index/></options>", Options(1, 1, 2, None, None, ())),
        (
            '<options><index><Field FieldId="A b" OperatorType="0"/>\n<Field OperatorType="1" FieldId="B"/></index>'
            "<Take>+5</Take></options>",
            Options(1, 1, 2, None, 5, (Sort("A b", True), Sort("B"))),
        ),
    ],
)
def test_options_as_read(text: str, options: Options) -> None:
    """In any case and order; what is absent keeps what GetData does, and Skip and Take stay None."""
    assert options_from_xml(text) == options


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<options><Skip>x</Skip></options>", "Skip in the options XML is no whole number"),
        ("<options><take/></options>", "take in the options XML is no whole number"),
        ("<options><Take>1.0</Take></options>", "Take in the options XML is no whole number"),
        ("<options><Take>1_0</Take></options>", "Take in the options XML is no whole number"),
        ("<options><Take>١</Take></options>", "Take in the options XML is no whole number"),
        (f"<options><Take>{'9' * 5000}</Take></options>", "Take in the options XML is no whole number"),
        ("<options><Metadata><b>1</b></Metadata></options>", "Metadata in the XML holds another element"),
        ("<options><Skip>1</Skip><skip>2</skip></options>", "skip stands twice"),
        ("<options><Index/><Index/></options>", "Index stands twice"),
        ("<options><Sort>1</Sort></options>", "Sort is no option of GetDataWithOptions, which are Outputmode"),
        ("<options>1</options>", "options in the XML holds text of its own"),
        ('<options><Index><Field FieldId="X" OperatorType="2"/></Index></options>', "'X' in Index has an OperatorType"),
        ('<options><Index><Field FieldId="X"/></Index></options>', "'X' in the XML has no OperatorType"),
        ('<options><Index><Field OperatorType="1"/></Index></options>', "no FieldId"),
        ("<options><Index>X</Index></options>", "Index in the XML holds text of its own"),
        ("<options><Index><X/></Index></options>", "Index in the XML holds a X, and only Field"),
        ("<Filters/>", "its root is called options"),
        ("<options>", "cannot be read"),
    ],
)
def test_options_that_cannot_be_read(text: str, reason: str) -> None:
    """The error names the child."""
    with pytest.raises(QueryError, match=reason):
        options_from_xml(text)


NUMBERS = st.integers(-(2**31), 2**31 - 1)


@given(
    st.builds(
        Options,
        NUMBERS,
        NUMBERS,
        NUMBERS,
        st.none() | NUMBERS,
        st.none() | NUMBERS,
        st.lists(st.builds(Sort, TEXTS, st.booleans()), max_size=4).map(tuple),
    )
)
def test_options_survive_the_round_trip(options: Options) -> None:
    """Any number, any number of sort fields in both directions: none of several is lost."""
    assert options_from_xml(options_to_xml(options)) == options
