"""A scanner (lexer) of JSON that comes in pieces: signs, where an element ends, and a text decoded as it comes.

An element is a value or the name of a member. Where it ends is found with brackets and quotes counted, without decoding
it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.encoding import without_lead

_SLICE = 65536
_BLANK = " \t\r\n"
_NOT_BLANK = re.compile(f"[^{_BLANK}]")
# Elements are looked at when they are as long as this, and whenever they have become twice as long.
_FIRST_CHECK = 2**20

UNREADABLE = (ValueError, ArithmeticError, RecursionError)
"""What decoding raises: JSONDecodeError and numbers out of range are ValueErrors or, from Decimal, ArithmeticErrors."""

NO_JSON = "the answer is no well-formed JSON"

_SIGN = re.compile(r'["{}\[\],:]')
_SIGN_INSIDE = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)

# A string as far as its escapes are whole; whether the decoder knows them is for the decoder to say.
_WHOLE_ESCAPES = re.compile(r'[^"\\]*+(?:\\(?:u[0-9a-fA-F]{4}|[^u])[^"\\]*+)*+', re.DOTALL)
_ESCAPE_BEGUN = re.compile(r"(?:\\(?:u[0-9a-fA-F]{0,3})?)?")
_HIGH, _LOW = "\ud800", "\udc00"

LONGEST_ESCAPE = 6
r"""``\u20ac`` is six signs for a character of one to three bytes."""


class Element:
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
            self._length - (LONGEST_ESCAPE - 1) * self._backslashes,
            self._length // LONGEST_ESCAPE,
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


class WholeObject(Element):
    """Where an object ends that is followed by nothing, or by blanks and another one: at its own last sign."""

    def _ends(self, sign: str) -> bool:
        return super()._ends(sign) or (sign in "}]" and not self._depth)


class Text:
    """A string of JSON behind its first quote, decoded from piece to piece; ``ended`` once its last one was read."""

    def __init__(self, decoder: json.JSONDecoder) -> None:
        self.ended = False
        self._decoder = decoder
        self._held = ""

    def read(self, piece: str, at: int) -> tuple[str, int]:
        """What stands in ``piece`` from ``at`` on, and where it ends; the beginning of an escape waits for its rest.

        Raises ``ValueError`` for what is no string of JSON, and of that ``UnicodeEncodeError`` for half of a surrogate
        pair.
        """
        held, self._held = self._held, ""
        text = held + piece[at:]
        found = _WHOLE_ESCAPES.match(text)
        assert found is not None, "it matches nothing as well"
        end = found.end()
        self.ended = text[end : end + 1] == '"'
        if not self.ended and _ESCAPE_BEGUN.fullmatch(text, end) is None:
            raise ValueError("no escape of JSON")
        part = str(self._decoder.decode(f'"{text[:end]}"'))
        if self.ended:
            at += end + 1 - len(held)
        else:
            at = len(piece)
            if part and _HIGH <= part[-1] < _LOW:
                # The first half of a pair, which stands there as an escape: it waits for the second.
                part, end = part[:-1], end - LONGEST_ESCAPE
            self._held = text[end:]
        if "\\" in found[0]:
            part.encode()
        return part, at


class Scanner:
    """Goes through one document from sign to sign; a subclass knows what they mean.

    ``decoder`` decides what numbers and objects become; ``max_value`` is the largest single value, in bytes.
    """

    def __init__(self, chunks: Iterable[bytes], decoder: json.JSONDecoder, max_value: int) -> None:
        self._pieces = _pieces(without_lead(chunks))
        self._decoder = decoder
        self._max_value = max_value
        self._piece = ""
        self._at = 0
        self._count = 0

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        self._piece, self._at = piece or "", 0
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
        return decoded(text, self._decoder, self._after())

    def _refuse_wrong(self, text: str) -> None:
        """Do not wait for the end of an element that is wrong already."""
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
                return AnswerError(f"{NO_JSON}{self._after()}")
        except UNREADABLE:
            # What it is will not change with what is missing.
            return AnswerError(f"{NO_JSON}{self._after()}")
        return CutOff(self._ends_early())

    def _ends_early(self) -> str:
        return f"the answer ends before its end{self._after()}"

    def _after(self) -> str:
        """Behind which row something is, for messages."""
        return f", behind row {self._count}" if self._count else ""


def decoded(text: str, decoder: json.JSONDecoder, after: str = "") -> object:
    """What ``text`` holds. Raises ``AnswerError``, which says behind which row if ``after`` does."""
    try:
        return decoder.decode(text)
    except (json.JSONDecodeError, RecursionError):
        problem = AnswerError(f"{NO_JSON}{after}")
    except UNREADABLE:
        problem = AnswerError(f"a number is infinite, none at all, or of far too many digits{after}")
    raise problem


def _pieces(chunks: Iterable[bytes]) -> Iterator[str]:
    """The text of the chunks in pieces of 64 KiB at most, none of them empty."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        for start in range(0, len(chunk), _SLICE):
            data = chunk[start : start + _SLICE]
            try:
                piece, problem = decoder.decode(data), None
            except UnicodeDecodeError as error:
                # What stands before it is given first, so that no row is lost.
                piece, problem = error.object[: error.start].decode(), AnswerError("the answer is no UTF-8")
            if piece:
                yield piece
            if problem is not None:
                raise problem
    if decoder.getstate()[0]:
        raise CutOff("the answer ends before its end, within a character")
