"""Row digests: numbers by which rows are told apart without keeping them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.rows import Record

Digests = Callable[[Sequence[Record]], list[int]]
"""The numbers of a batch of rows, in one call."""


def digests_of(fields: Fields | None) -> Digests:
    """What gives distinct records of these columns distinct numbers: -1 and -2, 1, True and "1", 1.0 and 1.00.

    Not ``hash`` of the values, which takes -1 for -2, and for the same whatever compares equal. The number is of use in
    this process alone, and only beside others by the same columns.
    """
    known = fields is not None and not any(field.kind is Kind.BYTES for field in fields)
    return _digests if known else _thorough_digests


def _digests(batch: Sequence[Record]) -> list[int]:
    return [hash(repr([*record.values()])) for record in batch]


def _thorough_digests(batch: Sequence[Record]) -> list[int]:
    """Without a schema a row has the columns that stand in it, so their names count. Of bytes it is their hash: their
    repr is four times as long, and a file may be large."""
    return [
        hash(repr([*record, *[(hash(value),) if type(value) is bytes else value for value in record.values()]]))
        for record in batch
    ]
