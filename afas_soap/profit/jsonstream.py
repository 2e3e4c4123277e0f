"""The rows array of a REST answer as it comes: bytes in, batches of decoded rows out.

The answer is one object, ``{"skip":0,"take":2,"rows":[...]}`` (profit-wire 3.3). Its members may come in any order, and
others among them are passed over. Whatever its size, only a piece of it is held, or one row where that is longer.

Two ways lead through the rows. Where a piece holds several of them, everything up to the last ``},{`` is decoded at
once; that is right whenever it succeeds, because JSON is read from left to right and what was decoded ends where a row
ends. All else (the rows at both ends of a piece, a ``},{`` inside a value, an error) is taken row by row, with brackets
and quotes counted to find where a row ends.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from afas_soap.errors import AnswerError, CutOff

_SLICE = 65536
_BLANK = " \t\r\n"
_NOT_BLANK = re.compile(f"[^{_BLANK}]")
_SIGN = re.compile(r'["{}\[\],:]')
_SIGN_INSIDE = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
# \u20ac is six signs for a character of one to three bytes, and the beginning of one looks like an error.
_LONGEST_ESCAPE = 6
# Enough of an answer to see what it is when it is no JSON.
_HEAD = 512

# What decoding raises: JSONDecodeError and numbers out of range are ValueErrors or, from Decimal, ArithmeticErrors.
_UNREADABLE = (ValueError, ArithmeticError, RecursionError)
_NO_JSON = "the answer is no well-formed JSON"


@dataclass(frozen=True, slots=True)
class Batch:
    """Decoded rows with the JSON they were decoded from."""

    rows: list[object]
    text: str


class RowsArray:
    """The rows of one answer, for one reading of ``batches``. ``decoder`` decides what numbers and objects become."""

    def __init__(self, chunks: Iterable[bytes], decoder: json.JSONDecoder, max_value: int) -> None:
        self._pieces = _pieces(chunks)
        self._decoder = decoder
        self._max_value = max_value
        self._piece = ""
        self._at = 0
        self._between = "},{"
        self._in_batches = True
        self._count = 0

    def batches(self) -> Iterator[Batch]:
        """The rows in order. Raises ``CutOff`` when the answer ends too early, ``AnswerError`` for other trouble."""
        self._open()
        found = False
        sign = self._take() if self._peek() == "}" else ","
        while sign == ",":
            name = self._name()
            if name != "rows":
                text, sign = self._element()
                self._decode(text)
                continue
            if found:
                raise AnswerError("the answer holds its rows twice")
            found = True
            yield from self._rows()
            sign = self._take()
        if sign != "}":
            raise AnswerError(_NO_JSON)
        if not found:
            raise AnswerError('the answer is JSON without "rows", so it is no answer of a GetConnector')
        self._nothing_behind()

    # -- the object around the rows -----------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._more():
            self._piece = self._piece.removeprefix("\ufeff")
        try:
            sign = self._take()
        except CutOff:
            raise AnswerError("the answer is empty") from None
        if sign != "{":
            raise AnswerError(_likeness(self._beginning(sign)))

    def _beginning(self, sign: str) -> str:
        """``sign`` and what follows it, in lower case."""
        head = sign + self._piece[self._at :]
        while len(head) < _HEAD and self._more():
            head += self._piece
        return head[:_HEAD].lower()

    def _name(self) -> object:
        text, sign = self._element()
        if sign != ":":
            raise AnswerError(_NO_JSON)
        return self._decode(text)

    def _nothing_behind(self) -> None:
        while True:
            if _NOT_BLANK.search(self._piece, self._at) is not None:
                raise AnswerError("the answer goes on behind its end")
            if not self._more():
                return

    # -- the rows -----------------------------------------------------------------------------------------------------

    def _rows(self) -> Iterator[Batch]:
        if self._take() != "[":
            raise AnswerError('"rows" in the answer is no array')
        if self._peek() == "]":
            self._at += 1
            return
        sign = ","
        while sign == ",":
            batch = self._batch() if self._in_batches else None
            if batch is not None:
                yield batch
            text, sign = self._element()
            yield self._counted([self._decode(text)], text)
            self._between = _between(text)
        if sign != "]":
            raise AnswerError(_NO_JSON)

    def _batch(self) -> Batch | None:
        """All rows of this piece up to the last sign between rows; None when that is none or not so simple."""
        end = self._piece.rfind(self._between, self._at)
        if end < 0:
            return None
        text = self._piece[self._at : end + 1]
        try:
            rows = self._decoder.decode(f"[{text}]")
        except _UNREADABLE:
            # Trying again behind each row would decode the rest of the piece as often as it has rows.
            self._in_batches = False
            return None
        self._at = end + len(self._between) - 1
        return self._counted(rows, text)

    def _counted(self, rows: list[object], text: str) -> Batch:
        self._count += len(rows)
        return Batch(rows, text)

    # -- signs and elements -------------------------------------------------------------------------------------------

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        self._piece, self._at = piece or "", 0
        self._in_batches = True
        return piece is not None

    def _peek(self) -> str:
        """The next sign that is no white space."""
        while True:
            found = _NOT_BLANK.search(self._piece, self._at)
            if found is not None:
                self._at = found.start()
                return found[0]
            if not self._more():
                raise CutOff(self._ends_early())

    def _take(self) -> str:
        sign = self._peek()
        self._at += 1
        return sign

    def _element(self) -> tuple[str, str]:
        """Everything up to the next sign that ends a member, value or name, and that sign: one of ``, : ] }``."""
        element = _Element()
        parts: list[str] = []
        while (end := element.end(self._piece, self._at)) < 0:
            parts.append(self._piece[self._at :])
            if element.least_bytes > self._max_value:
                raise AnswerError(f"row {self._count + 1}: a value of more than max_value ({self._max_value:,} bytes)")
            if not self._more():
                raise self._unfinished("".join(parts))
        parts.append(self._piece[self._at : end])
        self._at = end + 1
        return "".join(parts), self._piece[end]

    def _decode(self, text: str) -> object:
        return decoded(text, self._decoder, self._behind())

    def _unfinished(self, text: str) -> AnswerError:
        """The error for an answer that ends within an element: cut off there, or wrong before."""
        text = text.rstrip(_BLANK)
        try:
            self._decoder.decode(text)
        except json.JSONDecodeError as error:
            if not error.msg.startswith("Unterminated") and error.pos < len(text) - _LONGEST_ESCAPE:
                return AnswerError(f"{_NO_JSON}{self._behind()}")
        except _UNREADABLE:
            # What it is will not change with what is missing.
            return AnswerError(f"{_NO_JSON}{self._behind()}")
        return CutOff(self._ends_early())

    def _ends_early(self) -> str:
        return f"the answer ends before its end{self._behind()}"

    def _behind(self) -> str:
        return f", behind row {self._count}" if self._count else ""


def decoded(text: str, decoder: json.JSONDecoder, behind: str = "") -> object:
    """What ``text`` holds. Raises ``AnswerError``, which says behind which row if ``behind`` does."""
    try:
        return decoder.decode(text)
    except (json.JSONDecodeError, RecursionError):
        raise AnswerError(f"{_NO_JSON}{behind}") from None
    except _UNREADABLE:
        raise AnswerError(f"a number is infinite, none at all, or of far too many digits{behind}") from None


class _Element:
    """Where an element ends, looked for from piece to piece."""

    def __init__(self) -> None:
        self._depth = 0
        self._quoted = False
        self._escaped = False
        self._length = 0
        self._backslashes = 0

    def end(self, piece: str, at: int) -> int:
        """Where in ``piece``, read from ``at``, stands the sign that ends it; -1 when it goes on in the next piece."""
        begin = at
        while at < len(piece):
            if self._quoted:
                at = self._through_string(piece, at)
                if self._quoted:
                    continue
            else:
                found = (_SIGN_INSIDE if self._depth else _SIGN).search(piece, at)
                if found is None:
                    break
                at = found.end()
                if self._ends(found[0]):
                    return found.start()
            begin, self._length, self._backslashes = at, 0, 0
        self._length += len(piece) - begin
        self._backslashes += piece.count("\\", begin)
        return -1

    @property
    def least_bytes(self) -> int:
        """The fewest bytes that the value this ends in can have; escapes make what stands there longer than it is."""
        return max(
            self._length - (_LONGEST_ESCAPE - 1) * self._backslashes,
            self._length // _LONGEST_ESCAPE,
        )

    def _ends(self, sign: str) -> bool:
        if sign == '"':
            self._quoted = True
        elif sign in "{[":
            self._depth += 1
        elif self._depth:
            self._depth -= 1
        else:
            return True
        return False

    def _through_string(self, piece: str, at: int) -> int:
        """Where in ``piece`` the string it begins in goes on, or has ended."""
        if self._escaped:
            self._escaped = False
            return at + 1
        found = _IN_STRING.match(piece, at)
        assert found is not None, "it matches nothing as well"
        if found.end() == len(piece):
            return len(piece)
        # A quote, or a backslash that is the last sign of the piece.
        self._quoted = self._escaped = piece[found.end()] == "\\"
        return found.end() + 1


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


def _between(text: str) -> str:
    """What stands between this row and the next if they are all laid out like it."""
    behind = text[len(text.rstrip(_BLANK)) :]
    before = text[: len(text) - len(text.lstrip(_BLANK))]
    return f"}}{behind},{before}{{"


def _likeness(head: str) -> str:
    """What an answer seems to be that is no JSON object, from its beginning in lower case."""
    if head.startswith(("<!doctype html", "<html")):
        return "the answer is an HTML page where JSON is expected: is this the address of Profit's REST service?"
    if head.startswith("<"):
        return "the answer is XML where JSON is expected: is this the SOAP address?"
    if head.startswith("["):
        return "the answer is a JSON array where an object with rows is expected"
    return "the answer is no JSON"
