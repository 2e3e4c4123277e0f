"""The answer to a read of SB as it comes: a bare array of rows, or one beside a tracking token.

Which of the two is told by its first sign and never by a list: AFAS' files call every schema an array, and their
samples show the wrapped form for some (small-business.md 2). The token may stand before the rows or behind them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from afas_soap.errors import AfasError, AnswerError
from afas_soap.profit.readers.jsonstream import Decoded, JsonStream
from afas_soap.sb.errorbody import refusal_in

_RESULT, _TOKEN = "Result", "TrackingToken"
_FINE = 200
# Ours, for it goes into an address; AFAS' sample has 15 digits (small-business.md 2.1).
_LONGEST_TOKEN = 4096


def is_token(text: str) -> bool:
    """Whether ``text`` can be a tracking token: one that can be sent, and kept."""
    return 0 < len(text) <= _LONGEST_TOKEN and text.isprintable() and not text.isspace()


class RowsArray(JsonStream):
    """The rows of one answer. ``batches`` raises, beside the errors of the stream, the ``SBError`` of an error body in
    place of rows, which came as a success."""

    def __init__(self, chunks: Iterable[bytes], decoder: json.JSONDecoder, max_value: int) -> None:
        super().__init__(chunks, decoder, max_value)

    def batches(self) -> Iterator[Decoded]:
        """The rows, in order."""
        sign = self._next()
        if sign and sign not in "[{":
            raise AnswerError("the answer is no JSON of rows")
        self._path = (_RESULT,) if sign == "{" else ()
        yield from super().batches()

    @property
    def token(self) -> str | None:
        """The tracking token, once the answer was read to its end; None where it has none."""
        text = self.beside.get(_TOKEN)
        token = None if text is None else self._decode(text)
        if token is None or token == "":
            return None
        # A text in AFAS' samples; its digits would fit a number as well.
        if not isinstance(token, str) and type(token) is not int:
            raise AnswerError(f'"{_TOKEN}" in the answer is no text')
        if not is_token(str(token)):
            raise AnswerError(f'"{_TOKEN}" in the answer is blank, too long, or holds a sign that is none of a token')
        return str(token)

    def _missing(self, name: str) -> AfasError:
        body = ",".join(f"{json.dumps(known)}:{text}" for known, text in self.beside.items())
        refusal = refusal_in(f"{{{body}}}".encode(errors="replace"), _FINE)
        return refusal or AnswerError(f'the answer is a JSON object without "{name}", so it holds no rows')
