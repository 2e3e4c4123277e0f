"""Schema validation at the server: a body against its operation, one fault at a time, in SB's words.

The emulator's own reading of the table, so that it and the client's check judge each other. AFAS' two samples are
messages of Newtonsoft's Json.NET Schema; the words for other faults are that library's too (inferred). Required members
are looked for in their exact spelling, other names are taken in any case: of AFAS' own bodies one is refused for it, a
contact with ``Lastname`` (inferred, small-business.md 3.3). A word of an enumeration is taken in any case.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NoReturn

from afas_soap.emulator.sb.tables import Row
from afas_soap.emulator.sb.validation.jsontext import NotJsonError, Parsed, parse
from afas_soap.sb.operation import Field, Kind, Operation

_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORDS: Mapping[Kind, str] = {
    Kind.NUMBER: "Number",
    Kind.INTEGER: "Integer",
    Kind.BOOLEAN: "Boolean",
    Kind.OBJECT: "Object",
}
_CENT = Decimal("0.01")
# What a decimal of .NET holds with cents, roughly; more is an overflow there.
MOST = Decimal(10) ** 15


class SchemaError(ValueError):
    """The first fault, as SB tells it behind ``Invalid JSON request``."""


def checked(operation: Operation, content: bytes) -> Row:
    """The body that ``content`` spells, its names as the table has them, words of enumerations small, and without
    what says nothing: an empty word and the text ``null``. Raises ``SchemaError``."""
    try:
        parsed = parse(content)
    except NotJsonError as error:
        raise SchemaError(str(error)) from None
    checker = _Checker(parsed)
    body = checker.members(operation.fields, parsed.value, "")
    checker.conditions(operation.conditions, body)
    return body


class _Checker:
    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed
        self._formats: Mapping[Kind, tuple[str, Callable[[str], bool]]] = {
            Kind.UUID: ("uuid", lambda text: _GUID.fullmatch(text) is not None),
            Kind.DATE: ("date", _is_date),
            Kind.EMAIL: ("email", lambda text: _MAIL.fullmatch(text) is not None),
            Kind.URI: ("uri", lambda text: not re.search(r"\s", text)),
        }

    def members(self, fields: Sequence[Field], value: object, path: str) -> Row:
        """An object, with its members checked in the order in which they came."""
        if not isinstance(value, dict):
            self._fail(f"Invalid type. Expected Object but got {_word(value)}.", path)
        known = {field.name.lower(): field for field in fields}
        found: Row = {}
        for name, member in value.items():
            field = known.get(name.lower())
            if field is not None:
                read = self._field(field, member, f"{path}.{name}" if path else name)
                if read is not None:
                    found[field.name] = read
        missing = [field.name for field in fields if field.required and field.name not in value]
        if missing:
            self._fail(f"Required properties are missing from object: {', '.join(missing)}.", path)
        return found

    def conditions(self, conditions: Sequence[str], body: Row) -> None:
        """The rules between the members of a line."""
        for condition in conditions:
            member, word, *words = condition.split()
            lines = body.get(member)
            for number, line in enumerate(lines if isinstance(lines, list) else ()):
                told = _broken(word, words, line)
                if told:
                    self._fail(told, f"{member}[{number}]")

    def _field(self, field: Field, value: object, path: str) -> object:
        if field.members and field.many:
            if not isinstance(value, list):
                self._fail(f"Invalid type. Expected Array but got {_word(value)}.", path)
            return [self.members(field.members, one, f"{path}[{number}]") for number, one in enumerate(value)]
        if field.members:
            return self.members(field.members, value, path)
        if field.kind in (Kind.NUMBER, Kind.INTEGER):
            return self._number(field, value, path)
        if field.kind is Kind.BOOLEAN:
            return value if isinstance(value, bool) else self._mistyped(field, value, path)
        if not isinstance(value, str):
            self._mistyped(field, value, path)
        return self._text(field, value, path)

    def _number(self, field: Field, value: object, path: str) -> Decimal:
        if not isinstance(value, Decimal) or (field.kind is Kind.INTEGER and not _whole(value)):
            self._mistyped(field, value, path)
        if not value:
            return Decimal(0)
        # Not abs(), which works within what a calculation may have: 1e999999999 is beyond that.
        if value.copy_abs() >= MOST or value.adjusted() < -20:
            self._fail(f"Input string '{str(value)[:40]}' is not a valid decimal.", path)
        if field.cents and value % _CENT != 0:
            self._fail(f"{_word(value)} {value} is not a multiple of 0.01.", path)
        return value

    def _text(self, field: Field, text: str, path: str) -> str | None:
        if field.choices:
            if text.lower() not in field.choices:
                self._fail(f'Value "{text}" is not defined in enum.', path)
            return None if text.lower() in ("", "null") else text.lower()
        for told in _faults_of_text(field, text):
            self._fail(told, path)
        if field.kind in self._formats:
            name, fits = self._formats[field.kind]
            if not fits(text):
                self._fail(f"String '{text}' does not validate against format '{name}'.", path)
        return text.lower() if field.kind is Kind.UUID else text

    def _mistyped(self, field: Field, value: object, path: str) -> NoReturn:
        self._fail(f"Invalid type. Expected {_WORDS.get(field.kind, 'String')} but got {_word(value)}.", path)

    def _fail(self, told: str, path: str) -> NoReturn:
        raise SchemaError(f"{told} {self._parsed.place(path)}")


def _faults_of_text(field: Field, text: str) -> Iterator[str]:
    if field.longest is not None and len(text) > field.longest:
        yield f"String '{text}' exceeds maximum length of {field.longest}."
    if len(text) < field.shortest:
        yield f"String '{text}' is less than minimum length of {field.shortest}."
    if field.pattern and not re.search(field.pattern, text):
        yield f"String '{text}' does not match regex pattern '{field.pattern}'."


def _broken(word: str, words: Sequence[str], line: Mapping[str, object]) -> str:
    """What is told of a line that breaks a rule of the table; empty when it keeps it."""
    if word == "either":
        return "JSON is valid against schema from 'not'." if all(name in line for name in words) else ""
    if word == "some":
        return "" if any(name in line for name in words) else "JSON does not match any schemas from 'anyOf'."
    name, _, *rest = words
    at = rest.index("needs")
    holds = str(line.get(name, "")).lower() in rest[:at]
    if holds != (word == "when") or all(needed in line for needed in rest[at + 1 :]):
        return ""
    return "JSON does not match schema from 'then'."


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def _whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _word(value: object) -> str:
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, Decimal):
        return "Integer" if value.as_tuple().exponent == 0 else "Number"
    return "String" if isinstance(value, str) else "Array" if isinstance(value, list) else "Object"
