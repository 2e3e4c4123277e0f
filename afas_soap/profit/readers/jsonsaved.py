"""How rows stand in JSON that somebody saved: REST's answers one behind the other, and JSON as ``afas`` writes it.

An array of objects, or objects alone with white space between them (JSON Lines), both as often as the file was added
to. There a number may also be a text, for so ``--raw`` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from afas_soap.errors import AnswerError
from afas_soap.profit.readers.errorbody import ERROR_NAMES, error_in
from afas_soap.profit.readers.jsonpage import WITHOUT_ROWS, RowsArray
from afas_soap.profit.readers.jsonscanner import Element, WholeObject
from afas_soap.profit.readers.jsonstream import Decoded

# What an answer of REST holds beside its rows.
_NO_COLUMNS = frozenset(("skip", "take"))
_LONGEST_NUMBER = 18


def _number(text: str) -> int:
    return int(text) if len(text) <= _LONGEST_NUMBER else 0


# Of a first object that may be an error body; its numbers may have any number of digits, and count for nothing then.
_DECODER = json.JSONDecoder(parse_int=_number, parse_float=str)


def layout_of(head: str) -> type[RowsArray] | None:
    """How the rows of a file that begins with ``head`` stand in it; None when that is no JSON of rows."""
    if head.startswith("["):
        inside = head[1:].lstrip()[:1]
        return SavedArray if inside in ("{", "]", "") else None
    if not head.startswith("{"):
        return None
    return SavedPages if _has_rows(head) else SavedObjects


def _has_rows(head: str) -> bool:
    """Whether the object that begins there has a member "rows", as far as can be seen."""
    at = 1
    while True:
        colon = Element().end(head, at)
        if colon < 0 or head[at:colon].strip() == '"rows"':
            return colon >= 0
        end = Element().end(head, colon + 1)
        if end < 0 or head[end] != ",":
            return False
        at = end + 1


class _Saved(RowsArray):
    """What was saved more than once into one file, perhaps each time with a byte order mark."""

    def _next(self) -> str:
        while (sign := super()._next()) == "\ufeff":
            self._at += 1
        return sign


class SavedPages(_Saved):
    """One answer of REST or several."""

    def batches(self) -> Iterator[Decoded]:
        """The rows of all; errors as ``RowsArray``."""
        more = True
        while more:
            yield from self._document()
            more = bool(self._next())


class SavedArray(_Saved):
    """One array of objects or several."""

    texts = True

    def batches(self) -> Iterator[Decoded]:
        """The rows of all; errors as ``RowsArray``."""
        while sign := self._next():
            if sign != "[":
                raise AnswerError("the answer goes on behind its end")
            yield from self._array()


class SavedObjects(_Saved):
    """Objects with white space between them.

    The first must look like a record: an object that holds others, or Profit's refusal, is none.
    """

    texts = True

    def batches(self) -> Iterator[Decoded]:
        """The rows; errors as ``RowsArray``."""
        self._between = "}\n{"
        first = True
        while self._next():
            batch = self._many() or self._one()
            if batch is not None:
                sign = self._behind()
                if first:
                    self._refuse_other(batch.text, alone=not sign and len(batch.elements) == 1)
                first = False
                yield self._counted(batch)

    def _refuse_other(self, text: str, *, alone: bool) -> None:
        document, _ = _DECODER.raw_decode(text)
        if document and document.keys() <= set(self.columns):
            return
        refusal = error_in(document)
        if refusal is not None and (alone or document.keys() <= ERROR_NAMES):
            raise refusal.error()
        nested = any(isinstance(value, dict | list) for value in document.values())
        # A gateway's error would be taken for a row.
        if nested or document.keys() <= _NO_COLUMNS or (alone and "error" in document):
            raise AnswerError(WITHOUT_ROWS)

    def _with_commas(self, text: str) -> str:
        # The line feed stays: within a string none may stand, and the decoder sees that.
        return text.replace(self._between, f"{self._between[:-1]},{{")

    def _behind(self) -> str:
        """The next sign, not passed, to see how objects are laid out; "" at the end."""
        piece, end = self._piece, self._at
        sign = self._next()
        if self._piece is piece and "\n" in piece[end : self._at]:
            self._between = f"}}{piece[end : self._at]}{{"
        return sign

    def _long(self) -> Decoded:
        text, sign = self._element(WholeObject())
        return Decoded([self._decode(text + sign)], text + sign)
