"""Rows: an iterator that knows its columns and lets go once."""

from collections.abc import Iterator

import pytest

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


def test_nothing_comes_from_what_is_closed() -> None:
    """A closed answer has no more rows."""
    rows = Rows(FIELDS, records())
    rows.close()
    assert list(rows) == []


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
