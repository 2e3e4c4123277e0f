"""Rows as they arrive: what every reader of records gives, whatever the protocol."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import TracebackType
from typing import Self

from afas_soap.profit.fields import Fields

Value = str | int | Decimal | bool | datetime.datetime | datetime.date | bytes | None
Record = dict[str, Value]

MAX_VALUE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are read.

    ``typed`` false gives every value as the text that came. ``dates`` names columns whose date-times become dates
    (midnight is checked). ``aware`` gives date-times the zone Europe/Amsterdam, whose offset before 1947 depends on
    the machine's time-zone data (``amsterdam.iso`` writes the same everywhere). ``max_value`` is the largest single
    value in bytes.
    """

    typed: bool = True
    dates: tuple[str, ...] = ()
    aware: bool = False
    max_value: int = MAX_VALUE


TYPED = Reading()


class Rows(Iterator[Record]):
    """An iterator of records with ``fields``, the columns they have; ``close()`` lets the connection go.

    ``fields`` is None when the answer carries no schema and none was given: then a record has the columns that stand
    in its row, as text, and no others. It may be given as a function, which is called when the columns are wanted.
    """

    def __init__(
        self,
        fields: Fields | Callable[[], Fields] | None,
        records: Iterator[Record],
        close: Callable[[], None] | None = None,
    ) -> None:
        self._fields = fields
        self._records = records
        self._close = close

    def __iter__(self) -> Iterator[Record]:
        # Not self: a loop over the records themselves makes no call per row.
        return self._records

    @property
    def fields(self) -> Fields | None:
        """The columns, in their order."""
        if self._fields is not None and not isinstance(self._fields, Fields):
            self._fields = self._fields()
        return self._fields

    def __next__(self) -> Record:
        return next(self._records)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading; what was not read is thrown away. Safe to call twice."""
        close, self._close = self._close, None
        self._records = iter(())
        if close is not None:
            close()
