"""A JSON parser (recursive descent) that knows where each value stands, as SB's refusals tell: line and position.

Positions count from 1 and are those of the last character of a text or number, and of the bracket that opens an object
or a list: so it is in both of AFAS' samples (small-business.md 3.1). Numbers are ``Decimal``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import NoReturn

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")
_LITERALS = {"true": True, "false": False, "null": None}
_DEEP = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands. ``path`` is spelt as SB does: ``InvoiceLine[0].AmountVat``."""

    path: str
    line: int
    position: int

    def __str__(self) -> str:
        return f"Path '{self.path}', line {self.line}, position {self.position}."


@dataclass(slots=True)
class Parsed:
    """A value, and where all within it ends, by their path, as an offset into the text."""

    text: str
    value: object = None
    offsets: dict[str, int] = field(default_factory=dict)

    def place(self, path: str) -> Place:
        """Where the value with that path stands. Worked out when it is told only: it counts the lines before it."""
        return _place(self.text, path, self.offsets[path])


class NotJsonError(ValueError):
    """The text is no JSON; the message says where it ceases to be."""


def parse(content: bytes) -> Parsed:
    """The value that ``content`` spells. Raises ``NotJsonError``."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise NotJsonError(f"The body is not UTF-8. {Place('', 1, 1)}") from None
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._parsed = Parsed(text)
        self._readers: dict[str, Callable[[str, int], object]] = {"{": self._object, "[": self._list, '"': self._string}

    def whole(self) -> Parsed:
        self._parsed.value = self._value("", 0)
        self._skip()
        if self._at < len(self._text):
            self._fail("", "Additional text encountered after finished reading JSON content.")
        return self._parsed

    def _value(self, path: str, depth: int) -> object:
        self._skip()
        if depth > _DEEP:
            self._fail(path, f"The reader's MaxDepth of {_DEEP} has been exceeded.")
        reader = self._readers.get(self._text[self._at : self._at + 1], self._plain)
        return reader(path, depth)

    def _object(self, path: str, depth: int) -> dict[str, object]:
        self._at += 1
        self._note(path)
        found: dict[str, object] = {}
        if self._took("}"):
            return found
        while True:
            self._skip()
            if not self._text.startswith('"', self._at):
                self._fail(path, "Invalid property identifier character.")
            name = str(self._string(path, depth, note=False))
            if not self._took(":"):
                self._fail(path, "Invalid character after parsing property name. Expected ':'.")
            found[name] = self._value(f"{path}.{name}" if path else name, depth + 1)
            if self._took("}"):
                return found
            self._expect_comma(path)

    def _list(self, path: str, depth: int) -> list[object]:
        self._at += 1
        self._note(path)
        found: list[object] = []
        if self._took("]"):
            return found
        while True:
            found.append(self._value(f"{path}[{len(found)}]", depth + 1))
            if self._took("]"):
                return found
            self._expect_comma(path)

    def _string(self, path: str, _depth: int, *, note: bool = True) -> str:
        try:
            value, self._at = scanstring(self._text, self._at + 1, True)
        except ValueError:
            self._fail(path, "Unterminated string.")
        if note:
            self._note(path)
        # Half of a pair is no character: neither the database nor an answer could hold it.
        return _HALF.sub("\ufffd", str(value))

    def _plain(self, path: str, _depth: int) -> object:
        for word, value in _LITERALS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                self._note(path)
                return value
        match = _NUMBER.match(self._text, self._at)
        if match is None:
            self._fail(path, "Unexpected character encountered while parsing value.")
        self._at = match.end()
        self._note(path)
        try:
            return Decimal(match[0])
        except InvalidOperation:
            self._fail(path, f"Input string '{match[0][:40]}' is not a valid decimal.")

    def _skip(self) -> None:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _took(self, character: str) -> bool:
        self._skip()
        if not self._text.startswith(character, self._at):
            return False
        self._at += 1
        return True

    def _expect_comma(self, path: str) -> None:
        if not self._took(","):
            self._fail(path, "After parsing a value an unexpected character was encountered.")

    def _note(self, path: str) -> None:
        self._parsed.offsets[path] = self._at

    def _fail(self, path: str, told: str) -> NoReturn:
        raise NotJsonError(f"{told} {_place(self._text, path, self._at)}")


def _place(text: str, path: str, at: int) -> Place:
    return Place(path, text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1))
