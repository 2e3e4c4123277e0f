"""The rows array of a REST answer as it comes: bytes in, batches of decoded rows out.

The answer is one object, ``{"skip":0,"take":2,"rows":[...]}`` (profit-wire 3.3). Its members may come in any order, and
others among them are passed over. Whatever its size, only a piece of it is held, or one row where that is longer.

Where a piece holds several rows, everything up to the last ``},{`` is decoded at once; that is right whenever it
succeeds, because JSON is read from left to right and what was decoded ends where a row ends. Where it fails (a ``},{``
inside a value, an error) and at the end of a piece, it goes row by row. A row that is longer than a piece is looked for
with brackets and quotes counted, so that nothing is decoded twice.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from afas_soap.errors import AfasError, AnswerError, CutOff
from afas_soap.profit.encoding import without_lead
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.profit.readers.jsonelement import LONGEST_ESCAPE, Element

_SLICE = 65536
_SHORT = 16384
_BLANK = " \t\r\n"
_NOT_BLANK = re.compile(f"[^{_BLANK}]")
# Elements are looked at when they are as long as this, and whenever they have become twice as long.
_FIRST_CHECK = 2**20
# Enough of an answer to see what it is when it is no JSON.
_HEAD = 512

# What decoding raises: JSONDecodeError and numbers out of range are ValueErrors or, from Decimal, ArithmeticErrors.
_UNREADABLE = (ValueError, ArithmeticError, RecursionError)
_NO_JSON = "the answer is no well-formed JSON"
WITHOUT_ROWS = 'the answer is JSON without "rows", so it is no answer of a GetConnector'


@dataclass(frozen=True, slots=True)
class Batch:
    """Decoded rows with the JSON they were decoded from."""

    rows: list[object]
    text: str


class RowsArray:
    """The rows of one answer, for one reading of ``batches``. ``decoder`` decides what numbers and objects become.

    ``columns`` are those that are known, if any.
    """

    texts = False
    """Whether a number, or what else is no text, may stand there as its text."""

    def __init__(
        self, chunks: Iterable[bytes], decoder: json.JSONDecoder, max_value: int, columns: Collection[str] = ()
    ) -> None:
        self.columns = columns
        self._pieces = _pieces(without_lead(chunks))
        self._decoder = decoder
        self._max_value = max_value
        self._piece = ""
        self._at = 0
        self._between = "},{"
        self._in_batches = True
        self._count = 0
        self.applied: int | None = None
        """The take that Profit says it applied, once it was read; None when it says none."""

    def batches(self) -> Iterator[Batch]:
        """The rows in order. Raises ``CutOff`` when the answer ends too early, ``AnswerError`` for other trouble, and
        the ``ProfitError`` of an error body, which REST might send as a success."""
        self._open()
        yield from self._page()
        if self._next():
            raise AnswerError("the answer goes on behind its end")

    def _page(self) -> Iterator[Batch]:
        """The rows of an object whose first sign was read."""
        found = False
        others: list[str] = []
        sign = self._take() if self._peek() == "}" else ","
        while sign == ",":
            name, raw = self._name()
            if name != "rows":
                text, sign = self._element()
                value = self._decode(text)
                others.append(f"{raw}:{text}")
                if name == "take" and type(value) is int:
                    self.applied = value
                continue
            if found:
                raise AnswerError("the answer holds its rows twice")
            found = True
            yield from self._rows()
            sign = self._take()
        if sign != "}":
            raise AnswerError(_NO_JSON)
        if not found:
            raise _without_rows(f"{{{','.join(others)}}}")

    # -- the object around the rows -----------------------------------------------------------------------------------

    def _open(self) -> None:
        sign = self._next()
        if not sign:
            raise AnswerError("the answer is empty")
        if sign != "{":
            raise AnswerError(_likeness(self._beginning()))
        self._at += 1

    def _beginning(self) -> str:
        """The next sign and what follows it, in lower case."""
        head = self._piece[self._at :]
        while len(head) < _HEAD and self._more():
            head += self._piece
        return head[:_HEAD].lower()

    def _name(self) -> tuple[object, str]:
        """A member's name, and how it stands there."""
        text, sign = self._element()
        if sign != ":":
            raise AnswerError(_NO_JSON)
        return self._decode(text), text

    # -- the rows -----------------------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[Batch]:
        if self._take() != "[":
            raise AnswerError('"rows" in the answer is no array')
        if self._peek() == "]":
            self._at += 1
            return
        sign = ","
        while sign == ",":
            batch = self._batch() or self._row()
            if batch is not None:
                yield self._counted(batch)
                sign = self._behind_rows()
        if sign != "]":
            raise AnswerError(_NO_JSON)

    def _batch(self) -> Batch | None:
        """All rows of this piece up to the last sign between rows; None when that is none or not so simple."""
        end = self._piece.rfind(self._between, self._at) if self._in_batches else -1
        if end < 0:
            return None
        text = self._with_commas(self._piece[self._at : end + 1])
        try:
            rows = self._decoder.decode(f"[{text}]")
        except _UNREADABLE:
            # Trying again behind each row would decode the rest of the piece as often as it has rows.
            self._in_batches = False
            return None
        self._at = end + 1
        return Batch(rows, text)

    def _with_commas(self, text: str) -> str:
        """Rows with commas between them, as they are here."""
        return text

    def _row(self) -> Batch | None:
        """The next row; None when what there is of it has been put in front of the next piece."""
        try:
            row, end = self._decoder.raw_decode(self._piece, self._at)
        except _UNREADABLE:
            return None if self._joined() else self._long_row()
        text, self._at = self._piece[self._at : end], end
        return Batch([row], text)

    def _joined(self) -> bool:
        """Put the rest of this piece in front of the next one, if it is short: else it would be copied too often."""
        rest = self._piece[self._at :]
        if len(rest) > _SHORT:
            return False
        if self._more():
            self._piece = rest + self._piece
            return True
        self._piece = rest
        return False

    def _long_row(self) -> Batch:
        text, _ = self._element()
        self._at -= 1
        return Batch([self._decode(text)], text)

    def _behind_rows(self) -> str:
        """The sign behind a row, passed; behind a comma up to the next row, to see how rows are laid out."""
        piece, end = self._piece, self._at
        sign = self._take()
        if sign == ",":
            self._peek()
            if self._piece is piece:
                self._between = f"}}{piece[end : self._at]}{{"
        return sign

    def _counted(self, batch: Batch) -> Batch:
        self._count += len(batch.rows)
        return batch

    # -- signs and elements -------------------------------------------------------------------------------------------

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        self._piece, self._at = piece or "", 0
        self._in_batches = True
        return piece is not None

    def _next(self) -> str:
        """The next sign that is no white space; "" at the end of the answer."""
        while (found := _NOT_BLANK.search(self._piece, self._at)) is None:
            if not self._more():
                return ""
        self._at = found.start()
        return found[0]

    def _peek(self) -> str:
        """The same, where the answer must go on."""
        sign = self._next()
        if not sign:
            raise CutOff(self._ends_early())
        return sign

    def _take(self) -> str:
        sign = self._peek()
        self._at += 1
        return sign

    def _element(self, element: Element | None = None) -> tuple[str, str]:
        """Everything up to the next sign that ends a member, value or name, and that sign: one of ``, : ] }``."""
        element = element or Element()
        parts: list[str] = []
        length, check_at = 0, _FIRST_CHECK
        while (end := element.end(self._piece, self._at)) < 0:
            parts.append(self._piece[self._at :])
            length += len(parts[-1])
            if element.least_bytes > self._max_value:
                raise AnswerError(f"row {self._count + 1}: a value of more than max_value ({self._max_value:,} bytes)")
            if length > check_at:
                check_at = 2 * length
                self._refuse_wrong("".join(parts))
            if not self._more():
                raise self._unfinished("".join(parts))
        parts.append(self._piece[self._at : end])
        self._at = end + 1
        return "".join(parts), self._piece[end]

    def _decode(self, text: str) -> object:
        return decoded(text, self._decoder, self._behind())

    def _refuse_wrong(self, text: str) -> None:
        """Do not wait for the end of an element that is wrong already: a quote too many would swallow the answer."""
        problem = self._unfinished(text)
        if not isinstance(problem, CutOff):
            raise problem

    def _unfinished(self, text: str) -> AnswerError:
        """The error for an answer that ends within an element: cut off there, or wrong before."""
        text = text.rstrip(_BLANK)
        try:
            self._decoder.decode(text)
        except json.JSONDecodeError as error:
            if not error.msg.startswith("Unterminated") and error.pos < len(text) - LONGEST_ESCAPE:
                return AnswerError(f"{_NO_JSON}{self._behind()}")
        except _UNREADABLE:
            # What it is will not change with what is missing.
            return AnswerError(f"{_NO_JSON}{self._behind()}")
        return CutOff(self._ends_early())

    def _ends_early(self) -> str:
        return f"the answer ends before its end{self._behind()}"

    def _behind(self) -> str:
        return f", behind row {self._count}" if self._count else ""


def _without_rows(text: str) -> AfasError:
    """The error for an object without rows: Profit's, if it is an error body."""
    refusal = error_from_json(text.encode(errors="replace"))
    return refusal.error() if refusal is not None else AnswerError(WITHOUT_ROWS)


def decoded(text: str, decoder: json.JSONDecoder, behind: str = "") -> object:
    """What ``text`` holds. Raises ``AnswerError``, which says behind which row if ``behind`` does."""
    try:
        return decoder.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise AnswerError(f"{_NO_JSON}{behind}") from None
    except _UNREADABLE:
        raise AnswerError(f"a number is infinite, none at all, or of far too many digits{behind}") from None


def _pieces(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text of the chunks in pieces of 64 KiB at most, none of them empty."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE):
            data = chunk[start : start + _SLICE]
            try:
                piece = decoder.decode(data)
            except UnicodeDecodeError as error:
                # What stands before it is given first, so that no row is lost.
                yield error.object[: error.start].decode()
                raise AnswerError("the answer is no UTF-8") from None
            if piece:
                yield piece
    if decoder.getstate()[0]:
        raise CutOff("the answer ends before its end, within a character")


def _likeness(head: str) -> str:
    """What an answer seems to be that is no JSON object, from its beginning in lower case."""
    if head.startswith(("<!doctype html", "<html")):
        return "the answer is an HTML page where JSON is expected: is this the address of Profit's REST service?"
    if head.startswith("<"):
        return "the answer is XML where JSON is expected: is this the SOAP address?"
    if head.startswith("["):
        return "the answer is a JSON array where an object with rows is expected"
    return "the answer is no JSON"
