"""One page: asked again when its answer ends before its end, and no row of it given twice.

A connection that breaks is the transport's matter, which goes on behind the bytes that it gave. Here it is an answer
that ends properly and yet too soon, which only the reader of its rows can tell. The page asked again must begin with
the rows already given, of which a running row digest is kept and not the rows.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.rows import Batch, Record, Rows, Value

_LOG = logging.getLogger("afas_soap.rows")

AGAIN = 3
"""How often a page is asked again."""

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


class Columns(Protocol):
    """Told the columns of each answer, and whether it has no rows; raises when they do not fit."""

    def __call__(self, fields: Fields | None, *, empty: bool) -> None: ...


def one_page(ask: Callable[[], AbstractContextManager[Rows]], columns: Columns) -> Generator[Batch]:
    """The rows of one call, asked again when its answer ends before its end, without giving a row twice.

    A page asked again must begin with the rows already given: ``AnswerError`` when it does not. ``CutOff`` when it is
    cut off time and again.
    """
    given = mark = 0
    left = AGAIN
    digests = digests_of(None)
    while True:
        try:
            with ask() as rows:
                batches = filter(None, rows.batches())
                first = _behind(batches, given, mark, digests)
                columns(rows.fields, empty=first is None and not given)
                if first is None:
                    return
                if not given:
                    digests = digests_of(rows.fields)
                for batch in itertools.chain((first,), batches):
                    # Before the rows are given away: they belong to whoever gets them, who may change them.
                    mark = _running(mark, digests(batch))
                    given += len(batch)
                    yield batch
                return
        except CutOff as error:
            if not left:
                raise
            left -= 1
            _LOG.info("asking again for a page that was cut off after %d rows: %s", given, error)


def _behind(batches: Iterator[Batch], given: int, mark: int, digests: Digests) -> Batch | None:
    """The first batch of the rows behind those already given, None when there are none."""
    again, left = 0, given
    rest: Batch = []
    while left and (batch := next(batches, None)):
        again = _running(again, digests(batch[:left]))
        rest = batch[left:]
        left -= min(left, len(batch))
    if again != mark:
        raise AnswerError(
            f"A page was cut off after {given:,} rows, and asked again it does not begin with those rows: the data "
            "changed while it was read. Read again from the start."
        )
    return rest or next(batches, None)


def _running(mark: int, digests: list[int]) -> int:
    for digest in digests:
        mark = hash((mark, digest))
    return mark


def alike(value: Value) -> object:
    """What compares equal when the database may take the values for equal: case and blanks at the end do not count."""
    return (value.casefold().rstrip(" ") or None) if isinstance(value, str) else value


def within(batch: Batch, before: int, take: int) -> Batch:
    """The rows of ``batch``, behind ``before`` others, that belong to a page of ``take`` rows."""
    return batch if before + len(batch) <= take else batch[: max(0, take - before)]


def refuse_surplus(count: int, take: int) -> None:
    """Raise ``AnswerError`` for more rows than a page was to have."""
    if count > take:
        raise AnswerError(
            f"Profit gave more rows than the {take:,} that were asked for, so pages cannot be told apart."
        )
