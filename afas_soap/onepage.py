"""One page, asked again when its answer ends before its end, without giving a row twice.

A connection that breaks is the transport's matter, which goes on behind the bytes it gave. Here it is an answer that
ends properly and yet too soon, which only the reader of its rows can tell.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import Protocol

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Record, Rows

_LOG = logging.getLogger("afas_soap.rows")

AGAIN = 3
"""How often a page is asked again."""


class Columns(Protocol):
    """Told the columns of each answer, and whether it has no rows; raises when they do not fit."""

    def __call__(self, fields: Fields | None, *, empty: bool) -> None: ...


def one_page(ask: Callable[[], AbstractContextManager[Rows]], columns: Columns) -> Generator[Record]:
    """The rows of one call.

    A page asked again must begin with the rows already given, of which a running hash is kept: ``AnswerError`` when it
    does not. ``CutOff`` when it is cut off time and again.
    """
    given = mark = 0
    left = AGAIN
    while True:
        try:
            with ask() as rows:
                first = _behind(rows, given, mark)
                columns(rows.fields, empty=first is None and not given)
                if first is None:
                    return
                mark = hash((mark, *first.values()))
                given += 1
                yield first
                for record in rows:
                    # Before the row is given away: it belongs to whoever gets it, who may change it.
                    mark = hash((mark, *record.values()))
                    given += 1
                    yield record
                return
        except CutOff as error:
            if not left:
                raise
            left -= 1
            _LOG.info("asking again for a page that was cut off after %d rows: %s", given, error)


def _behind(rows: Rows, given: int, mark: int) -> Record | None:
    """The first row behind those already given, None when there is none."""
    again = 0
    for _ in range(given):
        record = next(rows, None)
        if record is None:
            break
        again = hash((again, *record.values()))
    if again != mark:
        raise AnswerError(
            f"A page was cut off after {given:,} rows, and asked again it does not begin with those rows: the data "
            "changed while it was read. Read again from the start."
        )
    return next(rows, None)
