"""Columns without a schema."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from afas_soap.errors import AnswerError
from afas_soap.export.untyped import untyped_fields, with_every_column
from afas_soap.profit.fields import Kind
from afas_soap.profit.rows import Record

ROWS: list[Record] = [
    {"B": "x", "N": 1, "Never": None},
    {"A": True, "B": None, "N": Decimal("1.5"), "Mixed": 1},
    {"When": datetime.datetime(2024, 2, 1), "Mixed": "x", "Day": datetime.date(2024, 2, 1), "Blob": b"", "Int": 5},
]


def test_columns_in_order_of_first_appearance() -> None:
    """Each with the kind of its values; a mixture is text, whole numbers among decimals are decimals."""
    fields = untyped_fields(ROWS, "X")
    assert fields.connector == "X"
    assert {field.name: field.kind for field in fields} == {
        "B": Kind.TEXT,
        "N": Kind.DECIMAL,
        "Never": Kind.TEXT,
        "A": Kind.BOOL,
        "Mixed": Kind.TEXT,
        "When": Kind.DATETIME,
        "Day": Kind.DATE,
        "Blob": Kind.BYTES,
        "Int": Kind.INT,
    }
    assert fields.names == ("B", "N", "Never", "A", "Mixed", "When", "Day", "Blob", "Int")
    assert (fields["N"].declared, fields["When"].declared) == ("decimal", "dateTime")


def test_every_row_gets_every_column() -> None:
    """In column order, None where it had none."""
    found = list(with_every_column([{"A": 1}, {"B": 2, "A": 3}], untyped_fields([{"A": 1, "B": 2}], "X")))
    assert [list(record.items()) for record in found] == [[("A", 1), ("B", None)], [("A", 3), ("B", 2)]]


def test_whole_numbers_among_decimals_are_decimals() -> None:
    """As the column's kind says, so that a file shows them as the others."""
    rows: list[Record] = [{"N": 1, "W": 1}, {"N": Decimal("1.5"), "W": 2}, {"W": 3}]
    found = list(with_every_column(rows, untyped_fields(rows, "X")))
    assert found == [{"N": 1, "W": 1}, {"N": Decimal("1.5"), "W": 2}, {"N": None, "W": 3}]
    assert [type(record["N"]) for record in found] == [Decimal, Decimal, type(None)]
    assert {type(record["W"]) for record in found} == {int}


def test_a_new_column_the_second_time() -> None:
    """The file was changed in between: an error, not a lost value."""
    with pytest.raises(AnswerError, match="changed while it was read"):
        list(with_every_column([{"A": 1, "C": 2}], untyped_fields([{"A": 1}], "X")))
