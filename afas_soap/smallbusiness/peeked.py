"""Lookahead (one batch): rows whose columns are known once the first of them came.

What a row of SB holds stands in the rows alone, beside what the table lists. So whoever asks for the columns has the
first batch read, which is held for whoever asks for the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from afas_soap.errors import AfasError
from afas_soap.profit.fields import Fields
from afas_soap.profit.rows import Batch, Rows


def rows_with(batches: Generator[Batch], fields: Callable[[], Fields]) -> Rows:
    """The rows of ``batches``; ``fields`` is asked when the first of them came, or when there are none."""
    peeked = _Peeked(batches, fields)
    return Rows.of_batches(peeked.fields, peeked.batches(), batches.close)


class _Peeked:
    def __init__(self, batches: Generator[Batch], fields: Callable[[], Fields]) -> None:
        self._source = batches
        self._fields = fields
        self._held: list[Batch] = []
        self._begun = False
        self._problem: AfasError | None = None

    def fields(self) -> Fields:
        """The columns. Raises what reading the first rows raises."""
        if self._problem is not None:
            raise self._problem
        if not self._begun:
            self._begun = True
            try:
                self._held = [batch for batch in (next(self._source, None),) if batch is not None]
            except AfasError as problem:
                self._problem = problem
                raise
        return self._fields()

    def batches(self) -> Generator[Batch]:
        """The rows, those that were looked at first."""
        self._begun = True
        if self._problem is not None:
            # Otherwise it would look like an answer without rows.
            raise self._problem
        while self._held:
            yield self._held.pop()
        yield from self._source
