"""Rows as they arrive, a batched iterator: what every reader of records gives, whatever the protocol.

Readers get many rows out of one piece of an answer and hand them on as a list; every floor above passes lists on. They
are flattened once, at the edge, by whoever loops over rows.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import NoReturn, Self

from afas_soap.errors import QueryError
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields

Value = str | int | Decimal | bool | datetime.datetime | datetime.date | bytes | None
Record = dict[str, Value]
Batch = list[Record]

MAX_VALUE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are read.

    ``typed`` false gives every value as the text that came. ``dates`` names columns whose date-times become dates
    (midnight is checked), ``files`` columns of text that hold the base64 of a file: nothing in the text itself tells,
    and what metainfo calls a blob is a text as a rule (profit-wire 15.4). ``aware`` gives date-times the zone
    Europe/Amsterdam, whose offset before 1947 depends on the machine's time-zone data (``amsterdam.iso`` writes the
    same everywhere). ``max_value`` is the largest single value in bytes. ``controls`` replaces the characters that XML
    cannot carry, and counts them; None refuses them.
    """

    typed: bool = True
    dates: tuple[str, ...] = ()
    aware: bool = False
    max_value: int = MAX_VALUE
    files: tuple[str, ...] = ()
    controls: Controls | None = field(default=None, compare=False)

    def columns(self, told: Fields) -> Fields:
        """The columns as they are read: those that were told, with what the caller knows better."""
        return told.with_dates(self.dates).with_files(self.files)


TYPED = Reading()


_READ = (
    "were read to their end: keep them in a list to go through them twice, or ask again. To take them in portions, "
    "begin with records = iter(rows)."
)


class _End(Iterator[NoReturn]):
    """Stands behind the last record, and knows when it was reached."""

    reached = False

    def __next__(self) -> NoReturn:
        self.reached = True
        raise StopIteration


class _Begun:
    """The batch that a loop over records is in: what is left of it is the next batch."""

    def __init__(self) -> None:
        self.rest: Iterator[Record] = iter(())

    def begin(self, batch: Batch) -> Iterator[Record]:
        self.rest = iter(batch)
        return self.rest


def _alone(record: Record) -> Batch:
    return [record]


class Rows(Iterator[Record]):
    """An iterator of records with ``fields``, the columns they have; ``close()`` lets the connection go.

    Each record comes once. A loop over rows of which nothing can come any more, because a loop read them to their end
    or nobody did (closed, or broken off by an error), raises ``QueryError``: it would look like an answer without rows.
    Portions are taken from one ``iter(rows)``, or from ``batches()``.

    ``fields`` is None when the answer carries no schema and none was given: then a record has the columns that stand
    in its row, as text, and no others. It may be given as a function, which is called when the columns are wanted.

    ``records`` come one by one, and each is a batch of its own: nobody knows how long the next one takes. A source
    that has several at once makes ``Rows.of_batches``.
    """

    def __init__(
        self,
        fields: Fields | Callable[[], Fields] | None,
        records: Iterator[Record],
        close: Callable[[], None] | None = None,
    ) -> None:
        self._fields = fields
        self._close = close
        self._closed = False
        self._told = False
        self._end = _End()
        self._begun = _Begun()
        self._source: Iterator[object] = records
        self._batches: Iterator[Batch] = map(_alone, records)
        self._records: Iterator[Record] = itertools.chain(records, self._end)

    @classmethod
    def of_batches(
        cls,
        fields: Fields | Callable[[], Fields] | None,
        batches: Iterator[Batch],
        close: Callable[[], None] | None = None,
    ) -> Self:
        """Rows that come several at a time. What is whole before an error comes as a batch before it is raised."""
        rows = cls(fields, iter(()), close)
        rows._source = rows._batches = batches
        # All of it in C: one flattening, and no call for a row.
        rows._records = itertools.chain(itertools.chain.from_iterable(map(rows._begun.begin, batches)), rows._end)
        return rows

    def __iter__(self) -> Iterator[Record]:
        self._refuse_spent()
        # Not self: a loop over the records themselves makes no call per row.
        return self._records

    def batches(self) -> Iterator[Batch]:
        """The records that have not come yet, as many at a time as came at once and never none; each list is yours.

        Errors as in a loop over records, which goes on where the batches end, as they do where it ended.
        """
        self._refuse_spent()
        return self._portions()

    def _portions(self) -> Iterator[Batch]:
        batch: Batch | None = []
        while batch is not None:
            if batch:
                yield batch
            # A loop may have begun one of them between two that are taken here.
            batch = [*self._begun.rest]
            if not batch:
                batch = next(self._batches, None)
        self._end.reached = True

    def _refuse_spent(self) -> None:
        spent = self._spent()
        if spent:
            raise QueryError(f"These rows {spent}")

    def _spent(self) -> str:
        """Why no record can come any more; "" while one may."""
        if self._end.reached:
            return "" if self._told else _READ
        if self._closed:
            return "were closed before their end: read them before that, or ask again."
        # A generator that raised is over, and ends like one that gave everything.
        return "broke off before their end: ask again." if getattr(self._source, "gi_frame", self) is None else ""

    @property
    def fields(self) -> Fields | None:
        """The columns, in their order."""
        if self._fields is not None and not isinstance(self._fields, Fields):
            self._fields = self._fields()
        return self._fields

    def __next__(self) -> Record:
        if not self._end.reached:
            for record in self:
                return record
            # Whoever asks for one record hears of the end so: the loop that often stands behind it has no more to tell.
            self._told = True
        raise StopIteration

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def closing(self, further: Callable[[], None]) -> Self:
        """These rows, of which ``close`` calls ``further`` as well."""
        close = self._close

        def both() -> None:
            if close is not None:
                close()
            further()

        self._close = both
        return self

    def close(self) -> None:
        """Stop reading; what was not read is thrown away. Safe to call twice."""
        close, self._close = self._close, None
        self._closed = True
        if close is not None:
            close()
