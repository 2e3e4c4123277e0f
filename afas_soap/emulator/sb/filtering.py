"""An OData filter (a parser, recursive descent) as a condition in SQL. Source: small-business.md 2.

Documented are ``eq``, ``and`` and ``or``, texts in single quotes and GUIDs bare. Inferred are brackets, that ``and``
binds before ``or``, ``null``, that a quote within a text is doubled, and how numbers, booleans and date-times stand.
The other comparisons are taken where the set-up says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from afas_soap.emulator.sb.answers import bad_filter
from afas_soap.sb.operation import Column, Kind

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")
_COMPARISONS: Mapping[str, str] = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_FUNCTIONS: Mapping[str, str] = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"[+-]?\d{1,28}(\.\d{1,28})?", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d)?Z?", re.ASCII)
# How deep brackets may stand in each other.
_DEEPEST = 50


@dataclass(slots=True)
class Filter:
    """A condition in SQL, with a ``?`` for each of ``values``."""

    condition: str = "1"
    values: list[object] = field(default_factory=list)


def parsed(text: str, columns: Mapping[str, Column], *, operators: bool = False) -> Filter:
    """What ``text`` asks of rows with these columns, by their names in lower case. Raises ``SbRefusedError``."""
    return _Parser(text, columns, operators=operators).whole()


class _Parser:
    """The tokens of one filter, one ahead."""

    def __init__(self, text: str, columns: Mapping[str, Column], *, operators: bool) -> None:
        self._tokens = _tokens(text)
        self._columns = columns
        self._operators = operators
        self._next = next(self._tokens, "")
        self._values: list[object] = []
        self._depth = 0

    def whole(self) -> Filter:
        condition = self._either()
        if self._next:
            raise bad_filter()
        return Filter(condition, self._values)

    def _take(self, wanted: str = "") -> str:
        taken, self._next = self._next, next(self._tokens, "")
        if not taken or (wanted and taken != wanted):
            raise bad_filter()
        return taken

    def _either(self) -> str:
        return self._joined("or", self._both)

    def _both(self) -> str:
        return self._joined("and", self._one)

    def _joined(self, word: str, part: Callable[[], str]) -> str:
        parts = [part()]
        while self._next.lower() == word:
            self._take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else "(" + f" {word.upper()} ".join(parts) + ")"

    def _one(self) -> str:
        first = self._take()
        if first == "(":
            return self._bracket()
        if self._next == "(" and self._operators and first.lower() in _FUNCTIONS:
            return self._function(_FUNCTIONS[first.lower()])
        column = self._column(first)
        comparison = self._comparison()
        return self._compared(column, comparison, self._value(column, self._take()))

    def _bracket(self) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise bad_filter()
        condition = self._either()
        self._take(")")
        self._depth -= 1
        return condition

    def _function(self, pattern: str) -> str:
        self._take("(")
        column = self._column(self._take())
        self._take(",")
        text = _text(self._take())
        self._take(")")
        for sign in "\\%_":
            text = text.replace(sign, f"\\{sign}")
        self._values.append(pattern.format(text))
        return f"\"{column.name}\" LIKE ? ESCAPE '\\'"

    def _column(self, name: str) -> Column:
        column = self._columns.get(name.lower())
        if column is None or column.kind is Kind.OBJECT:
            raise bad_filter()
        return column

    def _comparison(self) -> str:
        word = self._take().lower()
        if word not in _COMPARISONS or (word != "eq" and not self._operators):
            raise bad_filter()
        return _COMPARISONS[word]

    def _compared(self, column: Column, comparison: str, value: object) -> str:
        name = f'"{column.name}"'
        if value is None:
            if comparison not in ("=", "<>"):
                raise bad_filter()
            return f"{name} IS {'NOT ' if comparison == '<>' else ''}NULL"
        self._values.append(value)
        return f"{name} {comparison} ?"

    def _value(self, column: Column, token: str) -> object:
        if token.lower() == "null":
            return None
        return _VALUES.get(column.kind, _text)(token)


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise bad_filter()
        yield match[1]
        at = match.end()


def _text(token: str) -> str:
    if not token.startswith("'"):
        raise bad_filter()
    return token[1:-1].replace("''", "'")


def _guid(token: str) -> str:
    if not _GUID.fullmatch(token):
        raise bad_filter()
    return token.lower()


def _number(token: str) -> str:
    if not _NUMBER.fullmatch(token):
        raise bad_filter()
    return token


def _boolean(token: str) -> int:
    if token.lower() not in ("true", "false"):
        raise bad_filter()
    return int(token.lower() == "true")


def _moment(token: str) -> str:
    """A date is that day at midnight, as plain dates come (2)."""
    match = _MOMENT.fullmatch(token)
    if match is None:
        raise bad_filter()
    return f"{match[1]}{match[2] or 'T00:00:00'}Z"


_VALUES: Mapping[Kind, Callable[[str], object]] = {
    Kind.UUID: _guid,
    Kind.NUMBER: _number,
    Kind.INTEGER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.MOMENT: _moment,
    Kind.DATE: _moment,
}
