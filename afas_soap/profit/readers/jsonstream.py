"""A streaming parser of JSON: one array, or one long text, of a document whose bytes come in pieces.

What is read lies at a path of names: ``("rows",)`` is the member of an object, ``()`` the document itself. On the way
there and behind it every other member is passed over, in whatever order they come, and all of it is checked: a document
that is no JSON or goes on behind its end is refused. Whatever its size, only a piece of it is held, or one element
where that is longer.

How an array is read, from the fast way to the slow one:

1. **Many at once.** Where a piece holds several elements, everything up to the last ``},{`` is decoded by one call of
   the decoder. That is right whenever it succeeds: JSON is read from left to right, so what was decoded ends where an
   element ends. What stands between two elements (``},{``, or with a line feed in it) is learnt from the first two.
2. **One by one.** Where that fails (a ``},{`` inside a value, an error) and at the end of a piece, the decoder is asked
   for one element. Once it has failed, the rest of the piece goes so: to try again behind each element would decode the
   piece as often as it has elements.
3. **Put together.** What is left of a piece, if it is short, is put in front of the next piece and tried again.
4. **Looked for.** An element longer than that is looked for with brackets and quotes counted (``jsonscanner``), so that
   nothing is decoded twice. On the way it is looked at whenever it has become twice as long: a quote too many would
   otherwise swallow the whole answer before it is told.

A text is decoded from piece to piece, and only what an escape needs of the next piece is held over.

Errors stand behind what was whole: ``CutOff`` where the document ends too early, ``AnswerError`` for all else. An error
within a piece that is decoded at once shows when it is decoded one by one, with the place in its message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from afas_soap.errors import AfasError, AnswerError, CutOff
from afas_soap.profit.readers.jsonscanner import NO_JSON, UNREADABLE, Scanner, Text

# What is left of a piece is copied in front of the next one if it is no longer than this.
_SHORT = 16384
# What ends an object, an array and a text, which then do not go on.
_LAST = '}]"'
# A number that a piece ends in may go on in the next one.
_NUMBER_ON = re.compile(r"[0-9.eE+-]*")
_KINDS = {"[": "a JSON array", "{": "a JSON object"}
# Enough of an answer to see what it is when it is no JSON.
_HEAD = 512

Path = tuple[str, ...]
"""The names of the members one goes down by; empty for the document itself."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Elements of an array with the JSON they were decoded from."""

    elements: list[object]
    text: str


class JsonStream(Scanner):
    """One document, read once: by ``batches`` or by ``text``.

    ``decoder`` decides what numbers and objects become; ``max_value`` is the largest single value, in bytes.
    """

    def __init__(self, chunks: Iterable[bytes], decoder: json.JSONDecoder, max_value: int, path: Path = ()) -> None:
        super().__init__(chunks, decoder, max_value)
        self.beside: dict[str, str] = {}
        """The JSON of the members that were passed over, by their names."""
        self._path = path
        self._between = "},{"
        self._in_batches = True

    def batches(self) -> Iterator[Decoded]:
        """The elements of the array at the path, in order."""
        yield from self._document()
        self._finish()

    def text(self) -> Iterator[str]:
        """The text at the path, in pieces: it is never held whole. Errors of what stands behind it come last."""
        self._descend('"', "a text")
        yield from self._text()
        self._ascend()
        self._finish()

    # -- the way to what is read, and back ----------------------------------------------------------------------------

    def _document(self) -> Iterator[Decoded]:
        self._descend("[", "an array")
        yield from self._array()
        self._ascend()

    def _finish(self) -> None:
        if self._next():
            raise AnswerError("the answer goes on behind its end")

    def _descend(self, first: str, wanted: str) -> None:
        """Go to the value at the path, which is to begin with the sign ``first``."""
        sign = self._next()
        if not sign:
            raise AnswerError("the answer is empty")
        if sign != ("{" if self._path else first):
            raise AnswerError(_likeness(self._beginning(), f"an object with {self._path[0]}" if self._path else wanted))
        self.beside = {}
        for depth, name in enumerate(self._path):
            if self._take() != "{":
                raise AnswerError(f'"{self._path[depth - 1]}" in the answer is no object')
            sign = self._take() if self._peek() == "}" else ","
            sign = self._pass_over(sign, name)
            if sign != ":":
                raise self._missing(name)

    def _ascend(self) -> None:
        """Read the objects on the path to their end."""
        for name in reversed(self._path):
            if self._pass_over(self._take(), name) == ":":
                raise AnswerError(f"the answer holds its {name} twice")

    def _pass_over(self, sign: str, name: str) -> str:
        """Pass over the members that ``sign`` announces: ":" where ``name`` is reached, "}" when the object ended."""
        while sign == ",":
            found = self._name()
            if found == name:
                return ":"
            text, sign = self._element()
            self._decode(text)
            self.beside[found] = text
        if sign != "}":
            raise AnswerError(NO_JSON)
        return sign

    def _name(self) -> str:
        """A member's name."""
        text, sign = self._element()
        name = self._decode(text)
        if sign != ":" or not isinstance(name, str):
            raise AnswerError(NO_JSON)
        return name

    def _missing(self, name: str) -> AfasError:
        """The error for an object without that member."""
        return AnswerError(f'the answer is JSON without "{name}"')

    def _beginning(self) -> str:
        """The next sign and what follows it, in lower case."""
        head = self._piece[self._at :]
        while len(head) < _HEAD and self._more():
            head += self._piece
        return head[:_HEAD].lower()

    def _what(self) -> str:
        """What is read, for messages."""
        return f'"{self._path[-1]}" in the answer' if self._path else "the answer"

    # -- an array -----------------------------------------------------------------------------------------------------

    def _array(self) -> Iterator[Decoded]:
        if self._take() != "[":
            raise AnswerError(f"{self._what()} is no array")
        if self._peek() == "]":
            self._at += 1
            return
        sign = ","
        while sign == ",":
            batch = self._many() or self._one()
            if batch is not None:
                yield self._counted(batch)
                sign = self._behind()
        if sign != "]":
            raise AnswerError(NO_JSON)

    def _many(self) -> Decoded | None:
        """All elements of this piece up to the last sign between two; None when that is none or not so simple."""
        end = self._piece.rfind(self._between, self._at) if self._in_batches else -1
        if end < 0:
            return None
        text = self._with_commas(self._piece[self._at : end + 1])
        try:
            elements = self._decoder.decode(f"[{text}]")
        except UNREADABLE:
            self._in_batches = False
            return None
        self._at = end + 1
        return Decoded(elements, text)

    def _with_commas(self, text: str) -> str:
        """Elements with commas between them, as they are here."""
        return text

    def _one(self) -> Decoded | None:
        """The next element; None when what there is of it has been put in front of the next piece."""
        try:
            element, end = self._decoder.raw_decode(self._piece, self._at)
        except UNREADABLE:
            end = 0
        if not end or (self._piece[end - 1] not in _LAST and _NUMBER_ON.fullmatch(self._piece, end)):
            return None if self._joined() else self._long()
        text, self._at = self._piece[self._at : end], end
        return Decoded([element], text)

    def _more(self) -> bool:
        self._in_batches = True
        return super()._more()

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

    def _long(self) -> Decoded:
        text, _ = self._element()
        self._at -= 1
        return Decoded([self._decode(text)], text)

    def _behind(self) -> str:
        """The sign behind an element, passed; behind a comma up to the next one, to see how they are laid out."""
        piece, end = self._piece, self._at
        sign = self._take()
        if sign == ",":
            self._peek()
            if self._piece is piece:
                self._between = f"}}{piece[end : self._at]}{{"
        return sign

    def _counted(self, batch: Decoded) -> Decoded:
        self._count += len(batch.elements)
        return batch

    # -- a text -------------------------------------------------------------------------------------------------------

    def _text(self) -> Iterator[str]:
        if self._take() != '"':
            raise AnswerError(f"{self._what()} is no text")
        text, size = Text(self._decoder), 0
        while not text.ended:
            if self._at == len(self._piece) and not self._more():
                raise CutOff(self._ends_early())
            part = self._part(text)
            size += len(part) if part.isascii() else len(part.encode())
            if size > self._max_value:
                raise AnswerError(f"{self._what()} is a value of more than max_value ({self._max_value:,} bytes)")
            if part:
                yield part

    def _part(self, text: Text) -> str:
        """What of the text stands in this piece."""
        try:
            part, self._at = text.read(self._piece, self._at)
        except UnicodeEncodeError:
            problem = f"{self._what()} holds half of a surrogate pair, which is no character"
        except ValueError:
            problem = NO_JSON
        else:
            return part
        raise AnswerError(problem)


def _likeness(head: str, wanted: str) -> str:
    """What an answer seems to be that is not what was wanted, from its beginning in lower case."""
    if head.startswith(("<!doctype html", "<html")):
        return "the answer is an HTML page where JSON is expected: is this the address of Profit's REST service?"
    if head.startswith("<"):
        return "the answer is XML where JSON is expected: is this the SOAP address?"
    found = _KINDS.get(head[:1])
    return f"the answer is {found} where {wanted} is expected" if found else "the answer is no JSON"
