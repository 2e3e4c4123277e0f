"""Pages by skip and take, and by key, over an in-memory connector that can change between two calls."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AnswerError, CutOff, QueryError, TransportError
from afas_soap.profit.connectors.capabilities import Catalogue, GetData
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.rows import TYPED, Reading, Record, Rows, Value

COLUMNS = (Field("Id", Kind.INT, "int"), Field("Code"), Field("City"), Field("Paid", Kind.BOOL, "boolean"))


def collated(value: Value) -> tuple[bool, Value]:
    """As SQL Server usually sorts: empty first, text without regard to case and blanks at the end."""
    return value is not None, value.casefold().rstrip() if isinstance(value, str) else value


class Memory:
    """``Connectors`` over a list. ``before`` is called with the number of each call and may change the list."""

    def __init__(self, records: Iterable[Record], before: Callable[[int], None] = lambda number: None) -> None:
        self.records = list(records)
        self.queries: list[Query] = []
        self.open = 0
        self.before = before
        self.columns: list[tuple[Field, ...] | None] = []
        self.cut: dict[int, int | Exception] = {}
        self.asked_fields = 0

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        self.before(len(self.queries))
        self.queries.append(query)
        self.open += 1
        fields = Fields(connector, COLUMNS)
        if self.columns:
            columns = self.columns.pop(0)
            fields = None if columns is None else Fields(connector, columns)
        found = [dict(record) for record in self.records if self._fits(record, query)]
        for sort in reversed(query.order_by):
            found.sort(key=lambda record: collated(record[sort.column]), reverse=sort.descending)
        taken = found if query.skip == -1 else found[query.skip :][: query.take]
        return Rows(fields, self._given(taken, self.cut.get(len(self.queries) - 1)), self._close)

    def _fits(self, record: Record, query: Query) -> bool:
        return not query.filters or any(all(self._holds(record, c) for c in each) for each in query.filters)

    def _holds(self, record: Record, condition: Condition) -> bool:
        value = record[condition.column]
        if condition.operator is Operator.EMPTY:
            return value is None
        assert condition.value is not None
        wanted: Value = int(condition.value) if isinstance(value, int) else condition.value
        if condition.operator is Operator.EQUALS:
            return collated(value) == collated(wanted)
        assert condition.operator is Operator.GREATER_OR_EQUAL
        return value is not None and collated(value)[1] >= collated(wanted)[1]

    def _given(self, records: list[Record], cut: int | Exception | None) -> Iterator[Record]:
        if isinstance(cut, Exception):
            raise cut
        yield from records[:cut]
        if cut is not None:
            raise CutOff("the answer ends before its end")

    def _close(self) -> None:
        self.open -= 1

    def fields(self, connector: str) -> Fields:
        self.asked_fields += 1
        return Fields(connector, COLUMNS)

    def version(self) -> str:
        raise AssertionError

    def catalogue(self) -> Catalogue:
        raise AssertionError

    def get_data(self, call: GetData) -> Iterator[bytes]:
        raise AssertionError

    def schema(self, connector: str) -> str:
        raise AssertionError

    def close(self) -> None:
        """Nothing to let go of."""


def record(number: int, code: str | None = None, city: str | None = "Ede") -> Record:
    return {"Id": number, "Code": f"C{number:03}" if code is None else code, "City": city, "Paid": None}


def ids(records: Iterable[Record]) -> list[Value]:
    return [each["Id"] for each in records]


def asked(memory: Memory) -> list[tuple[int, int | None]]:
    return [(query.skip, query.take) for query in memory.queries]


# --- by skip and take ---


def test_pages_follow_each_other_and_a_short_one_is_the_last() -> None:
    memory = Memory(record(n) for n in range(7))
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=3)) == [0, 1, 2, 3, 4, 5, 6]
    assert asked(memory) == [(0, 3), (3, 3), (6, 3)]
    assert memory.open == 0


def test_an_empty_page_ends_it_too() -> None:
    memory = Memory(record(n) for n in range(6))
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=3)) == [0, 1, 2, 3, 4, 5]
    assert asked(memory) == [(0, 3), (3, 3), (6, 3)]


def test_take_ends_within_a_page_and_asks_for_no_more_than_that() -> None:
    memory = Memory(record(n) for n in range(20))
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=3, skip=2, take=7)) == [2, 3, 4, 5, 6, 7, 8]
    assert asked(memory) == [(2, 3), (5, 3), (8, 1)]


def test_take_of_whole_pages_asks_for_no_further_one() -> None:
    memory = Memory(record(n) for n in range(20))
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=3, take=6)) == [0, 1, 2, 3, 4, 5]
    assert asked(memory) == [(0, 3), (3, 3)]


def test_a_take_of_zero_makes_no_call_and_has_columns_all_the_same() -> None:
    memory = Memory([record(1)])
    rows = ProfitClient(memory).rows("X", take=0)
    assert list(rows) == []
    assert memory.queries == []
    assert rows.fields is not None
    assert rows.fields.names == ("Id", "Code", "City", "Paid")


def test_the_page_size_is_the_largest_below_the_guide() -> None:
    """Four columns: 37,499 rows are 149,996 cells, one more row would be 150,000, which is not below."""
    memory = Memory([record(1)])
    list(ProfitClient(memory).rows("X", order_by=["Id"]))
    assert asked(memory) == [(0, 37_499)]


def test_everything_is_one_call_and_only_when_asked_for() -> None:
    memory = Memory(record(n) for n in range(5))
    assert ids(ProfitClient(memory).rows("X", everything=True, order_by=["-Id"])) == [4, 3, 2, 1, 0]
    assert asked(memory) == [(-1, -1)]
    assert memory.open == 0


def test_filters_and_every_sort_field_stand_in_every_page() -> None:
    memory = Memory(record(n, city="Ede" if n % 2 else "Epe") for n in range(9))
    where = ((Condition("City", Operator.EQUALS, "Ede"),),)
    rows = ProfitClient(memory).rows("X", where=where, order_by=["City", "-Id"], page_size=2)
    assert ids(rows) == [7, 5, 3, 1]
    assert {query.filters for query in memory.queries} == {where}
    assert {query.order_by for query in memory.queries} == {(Sort("City"), Sort("Id", True))}


def test_more_rows_than_asked_for_are_refused_before_they_are_given() -> None:
    class Generous(Memory):
        def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
            return super().rows(connector, Query(order_by=query.order_by, skip=query.skip, take=99), reading)

    rows = ProfitClient(Generous(record(n) for n in range(5))).rows("X", order_by=["Id"], page_size=3)
    assert ids([next(rows), next(rows), next(rows)]) == [0, 1, 2]
    with pytest.raises(AnswerError, match="more rows than the 3"):
        next(rows)


def test_closing_half_way_lets_the_call_go() -> None:
    memory = Memory(record(n) for n in range(9))
    with ProfitClient(memory).rows("X", order_by=["Id"], page_size=3) as rows:
        assert next(rows)["Id"] == 0
        assert memory.open == 1
    assert memory.open == 0
    with pytest.raises(QueryError, match="closed before their end"):
        list(rows)


@given(
    count=st.integers(0, 30),
    skip=st.integers(0, 35),
    take=st.none() | st.integers(0, 35),
    size=st.integers(1, 12),
)
def test_any_skip_take_and_page_size_give_the_same_slice(count: int, skip: int, take: int | None, size: int) -> None:
    memory = Memory(record(n) for n in range(count))
    rows = ProfitClient(memory).rows("X", order_by=["Id"], skip=skip, take=take, page_size=size)
    expected = list(range(count))[skip:]
    assert ids(rows) == (expected if take is None else expected[:take])
    assert len({query.take for query in memory.queries} - {size}) <= 1


# --- without a sort ---


@pytest.mark.parametrize(
    ("count", "question", "expected"),
    [
        (0, {}, []),
        (2, {}, [0, 1]),
        (3, {}, [0, 1, 2]),
        (3, {"take": 4}, [0, 1, 2]),
        (3, {"take": 99, "skip": 1}, [1, 2]),
        (9, {"skip": 6}, [6, 7, 8]),
    ],
)
def test_without_a_sort_a_page_and_a_row_is_asked_for_and_fewer_are_all(
    count: int, question: dict[str, int], expected: list[int]
) -> None:
    memory = Memory(record(n) for n in range(count))
    assert ids(ProfitClient(memory).rows("X", page_size=3, **question)) == expected
    assert asked(memory) == [(question.get("skip", 0), 4)]
    assert memory.open == 0


@pytest.mark.parametrize("question", [{}, {"take": 4}, {"take": 99}, {"skip": 5}])
def test_without_a_sort_more_than_a_page_is_refused_and_no_row_of_it_given(question: dict[str, int]) -> None:
    memory = Memory(record(n) for n in range(9))
    rows = ProfitClient(memory).rows("X", page_size=3, **question)
    assert memory.queries == []
    with pytest.raises(QueryError, match=r'X is read in pages of 3 rows, .*order_by=\["Id"\].*at most 3 rows'):
        next(rows)
    assert len(memory.queries) == 1
    assert memory.open == 0
    with pytest.raises(QueryError, match="broke off before their end"):
        list(rows)


def test_without_a_sort_the_page_is_that_of_the_guide() -> None:
    memory = Memory([record(1)])
    assert ids(ProfitClient(memory).rows("X")) == [1]
    assert asked(memory) == [(0, 37_500)]


def test_without_a_sort_a_take_that_fits_one_page_is_given_as_it_comes() -> None:
    memory = Memory(record(n) for n in range(9))
    with ProfitClient(memory).rows("X", page_size=3, take=3) as rows:
        assert next(rows)["Id"] == 0
        assert memory.open == 1
    assert asked(memory) == [(0, 3)]


@pytest.mark.parametrize("cut", [0, 2, 3])
def test_without_a_sort_a_page_that_breaks_is_asked_again_before_a_row_is_given(cut: int) -> None:
    memory = Memory(record(n) for n in range(3))
    memory.cut[0] = cut
    rows = ProfitClient(memory).rows("X", page_size=3)
    assert next(rows)["Id"] == 0
    assert asked(memory) == [(0, 4), (0, 4)]
    assert ids(rows) == [1, 2]


def test_without_a_sort_a_broken_page_in_another_order_is_no_answer() -> None:
    def change(number: int) -> None:
        if number == 1:
            memory.records.reverse()

    memory = Memory((record(n) for n in range(3)), before=change)
    memory.cut[0] = 2
    with pytest.raises(AnswerError, match="cut off after 2 rows"):
        list(ProfitClient(memory).rows("X", page_size=3))


# --- ties ---


def test_a_tie_at_a_page_break_is_told_once_with_names_and_row_numbers(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory(record(n, city="Ede") for n in range(9))
    with caplog.at_level(logging.WARNING, logger="afas_soap.rows"):
        list(ProfitClient(memory).rows("Debtors", order_by=["City", "Paid"], page_size=3, skip=1))
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert "Debtors: the rows 4 and 5" in warning.getMessage()
    assert "equal in City, Paid" in warning.getMessage()
    assert "lost or doubled" in warning.getMessage()


def test_case_and_blanks_at_the_end_make_no_difference_to_a_tie(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory([record(1, city="EDE "), record(2, city="ede")])
    list(ProfitClient(memory).rows("X", order_by=["City"], page_size=1))
    assert "the rows 1 and 2" in caplog.text


def test_empty_is_equal_to_empty(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory([record(1, city=None), record(2, city=None)])
    list(ProfitClient(memory).rows("X", order_by=["City"], page_size=1))
    assert "the rows 1 and 2" in caplog.text


def test_rows_that_differ_in_one_sort_column_are_no_tie(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory(record(n, city="Ede") for n in range(9))
    list(ProfitClient(memory).rows("X", order_by=["City", "Id"], page_size=3))
    assert caplog.records == []


def test_equal_rows_within_a_page_are_no_tie(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory([record(1, city="A"), record(2, city="A"), record(3, city="B")])
    list(ProfitClient(memory).rows("X", order_by=["City"], page_size=2))
    assert caplog.records == []


def test_who_changes_the_rows_it_gets_hides_no_tie(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory(record(n, city="Ede") for n in range(4))
    for each in ProfitClient(memory).rows("X", order_by=["City"], page_size=2):
        each.clear()
    assert "the rows 2 and 3" in caplog.text


# --- by key ---


def test_by_key_each_page_begins_at_the_last_value_in_place_of_skip() -> None:
    memory = Memory(record(n) for n in range(5))
    rows = ProfitClient(memory).rows("X", key="Code", page_size=3)
    assert ids(rows) == [0, 1, 2, 3, 4]
    at_least = Operator.GREATER_OR_EQUAL
    assert memory.queries == [
        Query((), (Sort("Code"),), 0, 3),
        Query(((Condition("Code", at_least, "C002"),),), (Sort("Code"),), 0, 3),
        Query(((Condition("Code", at_least, "C004"),),), (Sort("Code"),), 0, 3),
        # No empty key was given, so perhaps this database sorts them last.
        Query(((Condition("Code", Operator.EMPTY),),), (Sort("Code"),), 0, 3),
    ]


def test_by_key_the_condition_stands_in_every_filter() -> None:
    memory = Memory(record(n, city="Ede" if n % 2 else "Epe") for n in range(6))
    ede, epe = Condition("City", Operator.EQUALS, "Ede"), Condition("City", Operator.EQUALS, "Epe")
    assert ids(ProfitClient(memory).rows("X", where=((ede,), (epe,)), key="Id", page_size=4)) == [0, 1, 2, 3, 4, 5]
    here = Condition("Id", Operator.GREATER_OR_EQUAL, "3")
    assert memory.queries[1].filters == ((ede, here), (epe, here))


def test_by_key_take_ends_it_and_lets_the_call_go() -> None:
    memory = Memory(record(n) for n in range(20))
    assert ids(ProfitClient(memory).rows("X", key="Id", page_size=3, take=4)) == [0, 1, 2, 3]
    assert memory.open == 0
    assert asked(memory) == [(0, 3), (0, 3)]


def test_by_key_a_take_that_fits_one_page_is_one_call_of_so_many() -> None:
    memory = Memory(record(n) for n in range(20))
    assert ids(ProfitClient(memory).rows("X", key="Id", take=4)) == [0, 1, 2, 3]
    assert asked(memory) == [(0, 4)]


def test_true_duplicates_survive_on_either_side_of_a_page_break() -> None:
    """Five rows that are equal in every column, of which the page break cuts off two."""
    twin = record(5, "K")
    memory = Memory([record(1, "A"), record(2, "B"), record(3, "C"), twin, twin, twin, twin, twin, record(9, "Z")])
    found = list(ProfitClient(memory).rows("X", key="Code", page_size=6))
    assert ids(found) == [1, 2, 3, 5, 5, 5, 5, 5, 9]


def test_rows_that_differ_only_by_minus_one_and_minus_two_are_two_rows() -> None:
    """Python gives both the same hash. The database gives the two K in another order when it is asked again."""

    def change(number: int) -> None:
        if number == 1:
            memory.records.reverse()

    memory = Memory([record(1, "A"), record(2, "B"), record(-1, "K"), record(-2, "K")], before=change)
    assert ids(ProfitClient(memory).rows("X", key="Code", page_size=3)) == [1, 2, -1, -2]


def test_a_value_that_fills_a_page_is_an_error_and_names_the_remedy() -> None:
    memory = Memory([record(1, "A"), *(record(n, "k ") for n in range(2, 6)), record(9, "Z")])
    rows = ProfitClient(memory).rows("X", key="Code", page_size=3)
    with pytest.raises(AnswerError, match=r"key Code fills a page of 3 rows.*larger page_size.*another key"):
        list(rows)
    assert memory.open == 0


def test_a_page_that_gives_nothing_new_is_an_error_whatever_the_collation_takes_for_equal() -> None:
    """To a database without accents e and é are one key, which is more than can be seen here: asked from é on, the
    same page comes again, for ever."""

    class NoAccents(Memory):
        def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
            self.queries.append(query)
            assert len(self.queries) < 5
            return Rows(Fields(connector, COLUMNS), iter([record(1, "e"), record(2, "é")]))

    rows = ProfitClient(NoAccents([])).rows("X", key="Code", page_size=2)
    assert [next(rows)["Id"], next(rows)["Id"]] == [1, 2]
    with pytest.raises(AnswerError, match="One value of the key Code fills a page of 2 rows"):
        next(rows)


def test_a_full_page_that_ends_with_an_empty_key_is_an_error() -> None:
    memory = Memory([record(1, ""), record(2, "B")], before=lambda _: memory.records[0].update(Code=None))
    with pytest.raises(AnswerError, match=r"key Code is empty in the last row of a page of 1 rows"):
        list(ProfitClient(memory).rows("X", key="Code", page_size=1))


def test_empty_keys_within_a_page_are_rows_like_others() -> None:
    memory = Memory([record(1), record(2), record(3), record(4)])
    memory.records[0]["Code"] = memory.records[1]["Code"] = None
    assert ids(ProfitClient(memory).rows("X", key="Code", page_size=3)) == [1, 2, 3, 4]


class EmptiesLast(Memory):
    """A database that sorts empty keys behind all others."""

    def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
        rows = super().rows(connector, dataclasses.replace(query, take=None), reading)
        found = sorted(rows, key=lambda record: record["Code"] is None)
        return Rows(rows.fields, iter(found[: query.take]))


@pytest.mark.parametrize("take", [None, 4, 5, 6, 7])
def test_by_key_empty_keys_come_where_a_database_sorts_them_last(take: int | None) -> None:
    """``>=`` leaves them out, so they are asked for by themselves."""
    records = [record(n) for n in range(6)]
    records[1]["Code"] = records[4]["Code"] = None
    rows = ProfitClient(EmptiesLast(records)).rows("X", key="Code", page_size=3, take=take)
    assert ids(rows) == [0, 2, 3, 5, 1, 4][:take]


def test_by_key_a_page_full_of_empty_keys_at_the_end_is_an_error() -> None:
    records = [record(n) for n in range(8)]
    for number in (1, 3, 4):
        records[number]["Code"] = None
    with pytest.raises(AnswerError, match="An empty Code fills a page of 3 rows"):
        list(ProfitClient(EmptiesLast(records)).rows("X", key="Code", page_size=3))


def test_by_key_works_on_text_as_it_came() -> None:
    """typed=False gives a number as its text, and that is what the next page is asked with."""

    class Raw(Memory):
        def rows(self, connector: str, query: Query, reading: Reading = TYPED) -> Rows:
            assert not reading.typed
            rows = super().rows(connector, query, reading)
            return Rows(rows.fields, ({**each, "Id": str(each["Id"])} for each in rows))

    memory = Raw(record(n) for n in range(5))
    assert ids(ProfitClient(memory).rows("X", key="Id", page_size=2, typed=False)) == ["0", "1", "2", "3", "4"]
    assert memory.queries[1].filters == ((Condition("Id", Operator.GREATER_OR_EQUAL, "1"),),)


def test_rows_that_go_between_pages_shift_nothing() -> None:
    def change(number: int) -> None:
        if number == 1:
            del memory.records[0:3]  # among them the last row given

    memory = Memory((record(n) for n in range(8)), before=change)
    assert ids(ProfitClient(memory).rows("X", key="Id", page_size=3)) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_rows_that_come_between_pages_shift_nothing() -> None:
    def change(number: int) -> None:
        if number == 1:
            memory.records += [record(-5), record(-4), record(100)]

    memory = Memory((record(n) for n in range(6)), before=change)
    assert ids(ProfitClient(memory).rows("X", key="Id", page_size=3)) == [0, 1, 2, 3, 4, 5, 100]


def test_the_same_changes_shift_pages_by_skip() -> None:
    """What reading by key is for: here row 3 is lost."""

    def change(number: int) -> None:
        if number == 1:
            del memory.records[0]

    memory = Memory((record(n) for n in range(6)), before=change)
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=3)) == [0, 1, 2, 4, 5]


@given(keys=st.lists(st.integers(-5, 25), max_size=60), extra=st.integers(1, 5), take=st.none() | st.integers(0, 70))
def test_by_key_every_row_comes_once_whatever_the_keys(keys: list[int], extra: int, take: int | None) -> None:
    most = max(Counter(keys).values(), default=0)
    memory = Memory({**record(key), "City": str(number % 3)} for number, key in enumerate(keys))
    rows = list(ProfitClient(memory).rows("X", key="Id", page_size=most + extra, take=take))
    expected = sorted(memory.records, key=lambda each: (each["Id"],))
    if take is None or take >= len(expected):
        assert Counter(map(repr, rows)) == Counter(map(repr, expected))
    assert ids(rows) == ids(expected)[:take]


@given(data=st.data(), size=st.integers(2, 6))
def test_by_key_what_stays_comes_exactly_once_whatever_comes_and_goes(data: st.DataObject, size: int) -> None:
    staying = set(range(0, 40, 2))
    passing = list(range(1, 40, 2))

    def change(_number: int) -> None:
        there = data.draw(st.sets(st.sampled_from(passing)))
        memory.records = [record(n) for n in sorted(staying | there)]

    memory = Memory([], before=change)
    found = ids(ProfitClient(memory).rows("X", key="Id", page_size=size))
    assert [n for n in found if n in staying] == sorted(staying)
    assert found == sorted(set(found))


# --- breaks and changes ---


def test_a_page_that_was_cut_off_goes_on_behind_the_rows_given() -> None:
    memory = Memory(record(n) for n in range(8))
    memory.cut = {1: 2, 2: 0, 3: 1}
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=4)) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert asked(memory) == [(0, 4), (4, 4), (4, 4), (4, 4), (4, 4), (8, 4)]
    assert memory.open == 0


def test_a_page_is_asked_again_three_times_and_no_more() -> None:
    memory = Memory(record(n) for n in range(8))
    memory.cut = dict.fromkeys(range(9), 2)
    rows = ProfitClient(memory).rows("X", order_by=["Id"], page_size=4)
    assert ids([next(rows), next(rows)]) == [0, 1]
    with pytest.raises(CutOff) as caught:
        next(rows)
    assert len(memory.queries) == 4
    assert caught.value.connector == "X"


def test_each_page_has_its_own_three_times() -> None:
    memory = Memory(record(n) for n in range(3))
    memory.cut = dict.fromkeys((0, 1, 2, 4, 5, 6), 0)
    assert ids(ProfitClient(memory).rows("X", order_by=["Id"], page_size=2)) == [0, 1, 2]


@pytest.mark.parametrize("change", ["other value", "row gone", "row come"])
def test_a_page_that_begins_otherwise_when_asked_again_is_an_error(change: str) -> None:
    def happen(number: int) -> None:
        if number == 1 and change == "other value":
            memory.records[1]["City"] = "Epe"
        elif number == 1 and change == "row gone":
            del memory.records[0]
        elif number == 1:
            memory.records.insert(0, record(-1))

    memory = Memory((record(n) for n in range(8)), before=happen)
    memory.cut = {0: 2}
    rows = ProfitClient(memory).rows("X", order_by=["Id"], page_size=4)
    assert ids([next(rows), next(rows)]) == [0, 1]
    with pytest.raises(AnswerError, match=r"cut off after 2 rows.*data changed"):
        next(rows)


def test_a_page_that_became_shorter_than_what_was_given_is_an_error() -> None:
    memory = Memory((record(n) for n in range(3)), before=lambda number: number == 1 and memory.records.clear())
    memory.cut = {0: 2}
    with pytest.raises(AnswerError, match="data changed"):
        list(ProfitClient(memory).rows("X", order_by=["Id"], page_size=4))


def test_who_changes_the_rows_it_gets_does_not_disturb_a_page_asked_again() -> None:
    memory = Memory(record(n) for n in range(4))
    memory.cut = {0: 2}
    found = []
    for each in ProfitClient(memory).rows("X", order_by=["Id"], page_size=4):
        found.append(each.pop("Id"))
    assert found == [0, 1, 2, 3]


def test_by_key_a_page_that_was_cut_off_is_asked_with_the_same_key() -> None:
    memory = Memory(record(n) for n in range(8))
    memory.cut = {1: 3}
    assert ids(ProfitClient(memory).rows("X", key="Id", page_size=4)) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert memory.queries[1] == memory.queries[2]


@pytest.mark.parametrize("error", [TransportError("gone", sent=True), AccessDenied("no"), AnswerError("what?")])
def test_no_other_error_asks_again(error: Exception) -> None:
    """The transport has its own patience, and a refusal is an answer."""
    memory = Memory(record(n) for n in range(8))
    memory.cut = {1: error}
    rows = ProfitClient(memory).rows("X", order_by=["Id"], page_size=4)
    assert ids(next(rows) for _ in range(4)) == [0, 1, 2, 3]
    with pytest.raises(type(error)) as caught:
        next(rows)
    assert caught.value is error
    assert len(memory.queries) == 2
    assert memory.open == 0


def test_other_columns_on_the_next_page_are_an_error() -> None:
    memory = Memory(record(n) for n in range(8))
    memory.columns = [COLUMNS, (*COLUMNS, Field("New"))]
    with pytest.raises(AnswerError, match="columns of X changed"):
        list(ProfitClient(memory).rows("X", order_by=["Id"], page_size=4))


def test_another_type_on_the_next_page_is_an_error() -> None:
    memory = Memory(record(n) for n in range(8))
    memory.columns = [COLUMNS, (Field("Id", Kind.DECIMAL, "decimal"), *COLUMNS[1:])]
    with pytest.raises(AnswerError, match="columns of X changed"):
        list(ProfitClient(memory).rows("X", order_by=["Id"], page_size=4))


def test_rows_without_a_schema_behind_rows_with_one_are_an_error() -> None:
    memory = Memory(record(n) for n in range(8))
    memory.columns = [COLUMNS, None]
    with pytest.raises(AnswerError, match="columns of X changed"):
        list(ProfitClient(memory).rows("X", order_by=["Id"], page_size=4))


def test_an_empty_last_page_may_come_without_a_schema() -> None:
    """A recorded form of "no rows" is an entirely empty result (profit-wire 2.4)."""
    memory = Memory(record(n) for n in range(4))
    memory.columns = [COLUMNS, None]
    rows = ProfitClient(memory).rows("X", order_by=["Id"], page_size=4)
    assert len(list(rows)) == 4
    assert rows.fields is not None
    assert rows.fields.columns == COLUMNS
