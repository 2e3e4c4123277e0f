"""The page of rows that REST answers with: ``{"skip":0,"take":2,"rows":[...]}`` (profit-wire 3.3), as it comes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from afas_soap.errors import AfasError, AnswerError
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.readers.jsonstream import JsonStream, Path

ROWS: Path = ("rows",)
"""Where the rows stand in an answer of a GetConnector."""

WITHOUT_ROWS = 'the answer is JSON without "rows", so it is no answer of a GetConnector'


class RowsArray(JsonStream):
    """The rows of one answer. ``columns`` are those that are known, if any.

    ``batches`` raises, beside the errors of the stream, the ``ProfitError`` of an error body in place of rows, which
    REST might send as a success.
    """

    texts = False
    """Whether a number, or what else is no text, may stand there as its text."""

    def __init__(
        self,
        chunks: Iterable[bytes],
        decoder: json.JSONDecoder,
        max_value: int,
        columns: Collection[str] = (),
        *,
        path: Path = ROWS,
    ) -> None:
        super().__init__(chunks, decoder, max_value, path)
        self.columns = columns

    @property
    def applied(self) -> int | None:
        """The take that Profit says it applied, once it was read; None when it says none."""
        text = self.beside.get("take")
        take = None if text is None else self._decode(text)
        return take if type(take) is int else None

    def _missing(self, name: str) -> AfasError:
        """Profit's own error, if the object is an error body."""
        body = ",".join(f"{json.dumps(name)}:{text}" for name, text in self.beside.items())
        refusal = error_from_json(f"{{{body}}}".encode(errors="replace"))
        if refusal is not None:
            return refusal.error()
        return AnswerError(WITHOUT_ROWS) if (name,) == ROWS else super()._missing(name)


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows stand in a document, and where."""

    rows: type[RowsArray] = RowsArray
    path: Path = ROWS


OF_REST = Layout()
