"""One page, asked again when its answer ends before its end, without giving a row twice.

A connection that breaks is the transport's matter, which goes on behind the bytes it gave. Here it is an answer that
ends properly and yet too soon, which only the reader of its rows can tell.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import Protocol

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.rows import Record, Rows

_LOG = logging.getLogger("afas_soap.rows")

AGAIN = 3
"""How often a page is asked again."""


Digest = Callable[[Record], int]


def digest_of(fields: Fields | None) -> Digest:
    """What gives distinct records of these columns distinct numbers: -1 and -2, 1, True and "1", 1.0 and 1.00.

    Not ``hash`` of the values, which takes -1 for -2, and for the same whatever compares equal. The number is of use in
    this process alone, and only beside others by the same columns.
    """
    known = fields is not None and not any(field.kind is Kind.BYTES for field in fields)
    return _digest if known else _thorough_digest


def _digest(record: Record) -> int:
    return hash(repr([*record.values()]))


def _thorough_digest(record: Record) -> int:
    """Without a schema a row has the columns that stand in it, so their names count. Of bytes it is their hash: their
    repr is four times as long, and a file may be large."""
    return hash(repr([*record, *((hash(value),) if type(value) is bytes else value for value in record.values())]))


class Columns(Protocol):
    """Told the columns of each answer, and whether it has no rows; raises when they do not fit."""

    def __call__(self, fields: Fields | None, *, empty: bool) -> None: ...


def one_page(ask: Callable[[], AbstractContextManager[Rows]], columns: Columns) -> Generator[Record]:
    """The rows of one call.

    A page asked again must begin with the rows already given, of which a running digest is kept: ``AnswerError`` when
    it does not. ``CutOff`` when it is cut off time and again.
    """
    given = mark = 0
    left = AGAIN
    digest = digest_of(None)
    while True:
        try:
            with ask() as rows:
                first = _behind(rows, given, mark, digest)
                columns(rows.fields, empty=first is None and not given)
                if first is None:
                    return
                if not given:
                    digest = digest_of(rows.fields)
                for record in itertools.chain((first,), rows):
                    # Before the row is given away: it belongs to whoever gets it, who may change it.
                    mark = hash((mark, digest(record)))
                    given += 1
                    yield record
                return
        except CutOff as error:
            if not left:
                raise
            left -= 1
            _LOG.info("asking again for a page that was cut off after %d rows: %s", given, error)


def _behind(rows: Rows, given: int, mark: int, digest: Digest) -> Record | None:
    """The first row behind those already given, None when there is none."""
    again = 0
    for record in itertools.islice(rows, given):
        again = hash((again, digest(record)))
    if again != mark:
        raise AnswerError(
            f"A page was cut off after {given:,} rows, and asked again it does not begin with those rows: the data "
            "changed while it was read. Read again from the start."
        )
    return next(rows, None)
