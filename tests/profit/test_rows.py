"""Rows: an iterator that knows its columns and lets go once."""

import itertools
from collections.abc import Iterator

import pytest

from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import TYPED, Reading, Record, Rows

FIELDS = Fields("X", (Field("A"),))


def records() -> Iterator[Record]:
    yield {"A": "1"}
    yield {"A": "2"}


def test_iterates_with_its_columns() -> None:
    """``next`` and ``for`` take from the same records."""
    rows = Rows(FIELDS, records())
    assert rows.fields is FIELDS
    assert next(rows) == {"A": "1"}
    assert list(rows) == [{"A": "2"}]
    with pytest.raises(StopIteration):
        next(rows)


def test_columns_when_they_are_wanted() -> None:
    """A function that gives the columns is called when they are asked for, and once."""
    asked: list[str] = []

    def fields() -> Fields:
        asked.append("asked")
        return FIELDS

    rows = Rows(fields, records())
    assert next(rows) == {"A": "1"}
    assert asked == []
    assert rows.fields is FIELDS
    assert rows.fields is FIELDS
    assert asked == ["asked"]
    assert Rows(None, records()).fields is None


def test_read_twice() -> None:
    """A second loop is told, for it would look like an answer without rows; ``next`` ends as every iterator does."""
    rows = Rows(FIELDS, records())
    assert len(list(rows)) == 2
    for _ in range(2):
        with pytest.raises(QueryError, match="read to their end: keep them in a list"):
            list(rows)
        assert next(rows, None) is None
    rows.close()
    with pytest.raises(QueryError, match="read to their end"):
        iter(rows)


@pytest.mark.parametrize("count", [0, 2])
def test_a_look_at_the_end(count: int) -> None:
    """Whoever asked for one record and got none was told: the loop behind it may be empty."""
    rows = Rows(FIELDS, iter([{"A": "1"}] * count))
    while next(rows, None) is not None:
        pass
    assert list(rows) == []


def test_in_portions() -> None:
    """One iterator gives portion after portion, and in the end an empty one."""
    portions = iter(Rows(FIELDS, records()))
    assert [len(list(itertools.islice(portions, 2))) for _ in range(3)] == [2, 0, 0]


def test_read_on() -> None:
    """A loop that broke off is no end: the next one goes on."""
    rows = Rows(FIELDS, records())
    for record in rows:
        assert record == {"A": "1"}
        break
    assert list(rows) == [{"A": "2"}]


def test_nothing_comes_from_what_is_closed() -> None:
    """Rows that were not read to their end have none that anybody saw."""
    rows = Rows(FIELDS, iter([{"A": "1"}]))
    rows.close()
    for read in (list, next):
        with pytest.raises(QueryError, match="closed before their end"):
            read(rows)


def test_what_broke_off_is_no_end() -> None:
    """After an error a generator ends as if it had given everything."""

    def broken() -> Iterator[Record]:
        yield {"A": "1"}
        raise AnswerError("row 2: unreadable")

    rows = Rows(FIELDS, broken())
    with pytest.raises(AnswerError):
        list(rows)
    for read in (list, next):
        with pytest.raises(QueryError, match="broke off before their end: ask again"):
            read(rows)


def test_closes_once() -> None:
    """``with`` closes, a second close does nothing, and a close is not required."""
    closed: list[str] = []
    with Rows(FIELDS, records(), lambda: closed.append("closed")) as rows:
        assert next(rows) == {"A": "1"}
        assert closed == []
    assert closed == ["closed"]
    rows.close()
    assert closed == ["closed"]
    Rows(None, records()).close()


def test_closes_when_the_loop_breaks_off() -> None:
    """An exception inside ``with`` closes and goes on."""
    closed: list[str] = []
    with pytest.raises(ZeroDivisionError), Rows(FIELDS, records(), lambda: closed.append("closed")):
        raise ZeroDivisionError
    assert closed == ["closed"]


def test_reading_as_it_is_unless_said_otherwise() -> None:
    """Typed, date-times without zone, values up to 64 MiB."""
    assert Reading() == TYPED
    assert (TYPED.typed, TYPED.dates, TYPED.aware, TYPED.max_value) == (True, (), False, 67_108_864)


def in_batches() -> Iterator[list[Record]]:
    yield [{"A": "1"}, {"A": "2"}]
    yield []
    yield [{"A": "3"}]


def broken_off() -> Iterator[list[Record]]:
    yield [{"A": "1"}, {"A": "2"}]
    raise AnswerError("broke off")


def test_batches_are_handed_on_as_they_came() -> None:
    """The lists themselves, none of them empty; behind them the rows were read to their end."""
    given = list(in_batches())
    rows = Rows.of_batches(FIELDS, iter(given))
    batches = list(rows.batches())
    assert batches == [given[0], given[2]]
    assert batches[0] is given[0]
    with pytest.raises(QueryError, match="read to their end"):
        rows.batches()
    with pytest.raises(QueryError, match="read to their end"):
        iter(rows)


def test_batches_flattened() -> None:
    """A loop gives the records of one batch after the other."""
    rows = Rows.of_batches(FIELDS, in_batches())
    assert rows.fields is FIELDS
    assert next(rows) == {"A": "1"}
    assert [record["A"] for record in rows] == ["2", "3"]
    assert next(rows, None) is None


def test_batches_of_single_records() -> None:
    """Of records that come one by one each is a batch: the first must not wait for the second."""
    taken: list[int] = []

    def slowly() -> Iterator[Record]:
        for number in (1, 2):
            taken.append(number)
            yield {"A": number}

    batches = Rows(FIELDS, slowly()).batches()
    assert taken == []
    assert next(batches) == [{"A": 1}]
    assert taken == [1]
    assert list(batches) == [[{"A": 2}]]


def test_batches_and_records_in_turn() -> None:
    """No record comes twice or is lost, whoever takes it: what a loop left of a batch is the next one."""
    rows = Rows.of_batches(FIELDS, iter([[{"A": 1}, {"A": 2}, {"A": 3}], [{"A": 4}, {"A": 5}], [{"A": 6}]]))
    batches = rows.batches()
    assert next(rows) == {"A": 1}
    assert next(batches) == [{"A": 2}, {"A": 3}]
    assert next(rows) == {"A": 4}
    assert next(batches) == [{"A": 5}]
    assert list(rows) == [{"A": 6}]
    assert list(batches) == []


def test_batches_begun_and_left() -> None:
    """Who stops taking batches leaves the others where they are."""
    rows = Rows.of_batches(FIELDS, in_batches())
    for batch in rows.batches():
        assert len(batch) == 2
        break
    assert list(rows) == [{"A": "3"}]


@pytest.mark.parametrize("flat", [True, False])
def test_batches_before_an_error(flat: bool) -> None:
    """What was whole comes first, and what follows the error is no end."""
    rows = Rows.of_batches(FIELDS, broken_off())
    given: list[Record] = []
    with pytest.raises(AnswerError, match="broke off"):
        given.extend(rows if flat else itertools.chain.from_iterable(rows.batches()))
    assert [record["A"] for record in given] == ["1", "2"]
    for begin in (rows.batches, rows.__iter__):
        with pytest.raises(QueryError, match="broke off before their end"):
            begin()


def test_batches_of_what_is_closed() -> None:
    """The connection is let go of once, and nothing comes any more."""
    closed: list[str] = []
    rows = Rows.of_batches(FIELDS, in_batches(), lambda: closed.append("closed"))
    with rows:
        assert next(rows) == {"A": "1"}
    rows.close()
    assert closed == ["closed"]
    with pytest.raises(QueryError, match="closed before their end"):
        rows.batches()


@pytest.mark.parametrize("own", [True, False])
def test_what_else_is_closed_with_them(own: bool) -> None:
    """Behind what the rows close themselves, and once."""
    closed: list[str] = []
    rows = Rows(FIELDS, records(), (lambda: closed.append("rows")) if own else None)
    assert rows.closing(lambda: closed.append("file")) is rows
    assert next(rows) == {"A": "1"}
    rows.close()
    rows.close()
    assert closed == ["rows", "file"][1 - own :]
