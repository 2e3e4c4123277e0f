"""Looking up: what may be asked, what a count means, and when it tells nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.batch.lookup import Doubtful, Group, Groups, Lookup, alike, arrived, check_witness, told_lines
from afas_soap.batch.updates import Updates
from afas_soap.errors import SettingsError, Uncertain
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updateplain import update_from_plain

FORM = Updates("KnSubject")
BY_DS = Lookup("Profit_Subjects", "Subject", "Ds")


def plain(record: object, sub_object: str = "") -> Update:
    return update_from_plain("KnSubject", record, sub_object=sub_object)


# --- how it is spelt ---


@pytest.mark.parametrize(
    ("text", "connector", "column", "field"),
    [
        ("Profit_Subjects:Subject=Ds", "Profit_Subjects", "Subject", "Ds"),
        (" Profit_Subjects:Subject=@SbId ", "Profit_Subjects", "Subject", "@SbId"),
        ("A:B c=KnOrganisation/Nm", "A", "B c", "KnOrganisation/Nm"),
        ("A:B:C=X/Y/@Z", "A", "B:C", "X/Y/@Z"),
    ],
)
def test_parsed(text: str, connector: str, column: str, field: str) -> None:
    assert Lookup.parse(text) == Lookup(connector, column, field)


@pytest.mark.parametrize(
    "text", ["", "A", "A:B", "A=B", "A:=C", ":B=C", "A:B=", "A:B= ", "A:B=C/", "A:B=@A/C", "A:B=C=D"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingsError, match=r"CONNECTOR:COLUMN=FIELD, such as Profit_Subjects:Subject=Ds"):
        Lookup.parse(text)


# --- by what a record is looked up ---


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Ds", "Offerte"),
        ("SbId", "1957"),
        ("@SbId", "1957"),
        ("@Ds", None),
        ("Ok", "true"),
        ("Da", None),
        ("Nothing", None),
        ("KnLink/BcId", "7"),
        ("KnLink/@Nr", "1"),
        ("KnLink/Inner/Deep", "x"),
        ("Rows/X", None),
        ("Ds/X", None),
    ],
)
def test_the_value_of_a_field(field: str, value: str | None) -> None:
    record = {
        "@SbId": 1957,
        "Ds": "Offerte",
        "Ok": True,
        "Da": None,
        "KnLink": {"@Nr": 1, "BcId": 7, "Inner": {"Deep": "x"}},
        "Rows": [{"X": 1}, {"X": 2}],
    }
    assert FORM.value(plain(record), field) == value


@pytest.mark.parametrize("text", [" a", "a ", "a\nb", "a\tb", "a\r\n", "", None])
def test_a_value_that_profit_may_keep_otherwise_tells_nothing(text: str | None) -> None:
    assert FORM.value(plain({"Ds": text}), "Ds") is None


def test_only_one_new_record_can_be_looked_up() -> None:
    assert FORM.value(plain([{"Ds": "a"}, {"Ds": "b"}]), "Ds") is None
    assert FORM.value(plain([{"Ds": "a"}, {"Rm": "b"}]), "Ds") is None
    assert FORM.value(plain({"Ds": "a", "@Action": "update"}), "Ds") is None
    assert FORM.values(plain([{"Ds": "a"}, {"Ds": "b"}, {}]), "Ds") == ("a", "b")


def test_a_row_below_a_record_that_is_there_can_be_looked_up() -> None:
    update = plain({"@SbId": 1, "KnLink": {"BcId": "7"}}, sub_object="KnLink")
    assert update.action is Action.INSERT
    assert FORM.value(update, "KnLink/BcId") == "7"


# --- what a count means ---


class Profit:
    """A GetConnector with these values in its column."""

    def __init__(self, *values: str) -> None:
        self.values = values
        self.asked: list[tuple[str, int]] = []

    def __call__(self, lookup: Lookup, value: str, most: int) -> int:
        assert lookup is BY_DS
        self.asked.append((value, most))
        return min(most, self.values.count(value))


def doubtful(*values: str, hashes: str = "") -> list[Doubtful]:
    return [
        Doubtful(number, number + 1, hashes[number] if hashes else "h", 0.0, value)
        for number, value in enumerate(values)
    ]


@pytest.mark.parametrize(("rows", "known", "of", "count"), [(0, 0, 1, 0), (1, 0, 1, 1), (2, 2, 1, 0), (3, 2, 1, 1)])
def test_rows_beyond_those_that_are_known_are_arrivals(rows: int, known: int, of: int, count: int) -> None:
    profit = Profit(*["a"] * rows, "b")
    assert arrived(Group(doubtful(*["a"] * of), known), profit, BY_DS) == count
    assert profit.asked == [("a", known + of + 1)], "one more than is explained is enough to see"


@pytest.mark.parametrize(("rows", "told"), [(1, "fewer rows"), (4, "more rows"), (9, "more rows")])
def test_a_row_that_nothing_explains_stops(rows: int, told: str) -> None:
    with pytest.raises(Uncertain, match=f"Whether line 1 arrived cannot be told: Profit_Subjects has {told} of that"):
        arrived(Group(doubtful("a"), 2), Profit(*["a"] * rows), BY_DS)


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_of_equal_records_it_does_not_matter_which_arrived(rows: int) -> None:
    assert arrived(Group(doubtful("a", "a", "a")), Profit(*["a"] * rows), BY_DS) == rows


def test_of_records_that_differ_all_or_none_must_have_arrived() -> None:
    group = Group(doubtful("a", "a", hashes="xy"))
    assert arrived(group, Profit(), BY_DS) == 0
    assert arrived(group, Profit("a", "a"), BY_DS) == 2
    with pytest.raises(Uncertain, match=r"lines 1 and 2 arrived cannot be told: .* they differ"):
        arrived(group, Profit("a"), BY_DS)


def test_groups_by_value_with_what_is_known() -> None:
    groups = Groups(BY_DS, doubtful("a", "b", "a"), FORM)
    for value in ("a", "b", "b", "c"):
        groups.count(plain({"Ds": value}))
    groups.count(plain([{"Ds": "a"}, {"Ds": "d"}]))
    groups.count(plain({"Rm": "nothing to look up"}))
    assert [(group.value, group.lines, group.known, group.clear) for group in groups] == [
        ("a", [1, 3], 2, True),
        ("b", [2], 2, True),
    ]
    assert groups.witness == (BY_DS, "c")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jansen", "jansen"), ("1.0", "1"), ("Café", "Cafe"), ("a b", "a  b"), ("2024-01-31", "2024-01-31T00:00:00")],
)
def test_values_that_are_nearly_the_same_stop_without_a_question(one: str, other: str) -> None:
    """Whether Profit takes them for equal is not known, and either guess could book twice."""
    profit = Profit(one)
    for groups in (Groups(BY_DS, doubtful(one), FORM), Groups(BY_DS, doubtful(one, other), FORM)):
        groups.count(plain({"Ds": other}))
        for group in groups:
            with pytest.raises(Uncertain, match="nearly the same value"):
                arrived(group, profit, BY_DS)
    assert profit.asked == []


@pytest.mark.parametrize(
    ("one", "other"), [("a", "b"), ("1", "2"), ("1E999999", "1E999998"), ("nan", "inf"), ("1", "-1")]
)
def test_values_that_are_not_alike(one: str, other: str) -> None:
    assert alike(one) != alike(other)


@given(st.text())
def test_any_text_is_like_itself_in_capitals_or_with_blanks(text: str) -> None:
    assert alike(text) == alike(f"  {text} ")
    assert alike(alike(text)) == alike(text) or not text.isascii()


def test_a_lookup_that_does_not_find_what_is_booked_is_the_wrong_one() -> None:
    groups = Groups(BY_DS, doubtful("a"), FORM)
    check_witness(groups, Profit(), BY_DS)
    groups.count(plain({"Ds": "b"}))
    check_witness(groups, Profit("b", "b"), BY_DS)
    with pytest.raises(Uncertain, match="Subject of Profit_Subjects does not seem to show Ds"):
        check_witness(groups, Profit("a"), BY_DS)


def test_lines_in_a_sentence() -> None:
    assert told_lines([3]) == "line 3"
    assert told_lines([3, 4]) == "lines 3 and 4"
    assert told_lines(range(1, 11)) == "lines 1, 2, 3, 4, 5, 6, 7, 8, 9 and 10"
    assert told_lines(range(1, 14)) == "lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more"


def test_values_do_not_show() -> None:
    assert "Jansen" not in repr(doubtful("Jansen"))
