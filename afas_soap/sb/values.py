"""The codec of one value of SB: JSON to Python by the kind of its column, with what AFAS' files disagree about.

An amount comes as a number or as a text and is the same ``Decimal``; a boolean comes as a text, too (small-business.md
2). A date-time loses its Z, for a plain date comes at midnight so and is no moment (inferred). Readers raise
``ValueError`` with a short phrase and never the value, which may be personal.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring
from typing import cast

from afas_soap.profit import fields as profit
from afas_soap.profit.readers.jsonrows import DATES, exact_decoder, json_object
from afas_soap.profit.rows import TYPED, Value
from afas_soap.profit.values import JsonReader, read_datetime, text_reader
from afas_soap.sb.operation import Column, Kind

READ_KEY = "ReadKey"
"""The member of a blob that lets anybody read it: a secret, which rows leave out unless they are asked for it."""

_BLOB = "blob"
_LOOKS_LIKE_JSON = re.compile(r"\s*[{\[]")
# In a text that is JSON but for its end, say; however deep in it.
_MEMBER = re.compile(r'(readkey\\*"\s*:\s*)(\\*")(?:.*?(?<!\\)\2|.*)', re.IGNORECASE | re.DOTALL)
_JSON = exact_decoder(TYPED, json_object)
_NOT_OF_A_NUMBER = re.compile(r"[^0-9.-]")
_DIGITS = 4000
_NOTHING = type(None)


@dataclass(frozen=True, slots=True)
class Reader:
    """``as_it_is`` are the types in which JSON gives a value as it is to be. ``read`` reads any value, null too;
    ``many`` reads those of a column that are texts or null, where it is faster so, and raises ``ValueError`` or
    ``ArithmeticError`` where one of them has to be looked at."""

    kind: profit.Kind
    as_it_is: frozenset[type]
    read: JsonReader
    many: Callable[[Sequence[str | None]], list[Value]] | None = None


def is_read_key(name: str) -> bool:
    """Whether a member or column of this name holds a read key."""
    return name.lower() == READ_KEY.lower()


def reader_of(column: Column, *, read_keys: bool = False) -> Reader:
    """How values of a column are read; ``read_keys`` keeps those of blobs. A blob may be listed as a text, too."""
    kind = column.kind
    if kind is Kind.OBJECT or (kind is Kind.TEXT and column.name.lower() == _BLOB):
        return Reader(profit.Kind.TEXT, frozenset(), functools.partial(_json_text, read_keys=read_keys))
    return _READERS.get(kind, _TEXT)


def own_type(value: object) -> Value:
    """A value of a column that nobody knows, in JSON's own type; an object or array as its JSON."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | Decimal):
        return value
    return _json_text(value)


def _text(value: object) -> Value:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if type(value) is int else _json_text(value)


def _number(value: object) -> Value:
    if isinstance(value, Decimal) or value is None:
        return value
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str):
        return _from_text(profit.Kind.DECIMAL, value)
    raise ValueError("is no number")


def _numbers(values: Sequence[str | None]) -> list[Value]:
    """Many amounts that are texts: looked at together, which takes a fraction of the time."""
    text = "".join([value for value in values if value])
    if _NOT_OF_A_NUMBER.search(text) is not None or len(text) > _DIGITS:
        raise ValueError("is no plain number")
    if all(values):
        return [*map(Decimal, cast("Sequence[str]", values))]
    return [Decimal(value) if value else None for value in values]


def _integer(value: object) -> Value:
    number = _number(value)
    if number is None:
        return None
    assert isinstance(number, Decimal), "a number is one"
    if number != number.to_integral_value():
        raise ValueError("is no whole number")
    return int(number)


def _boolean(value: object) -> Value:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return _from_text(profit.Kind.BOOL, value.lower())
    raise ValueError("is no boolean")


def _moment(value: object) -> Value:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return read_datetime(value)
    raise ValueError("is no text, so it is no date-time")


# The same days come again and again.
_moment_again = functools.lru_cache(maxsize=DATES)(_moment)


def _moments(values: Sequence[str | None]) -> list[Value]:
    return [*map(_moment_again, values)]


def _date(value: object) -> Value:
    if isinstance(value, str):
        return _from_text(profit.Kind.DATE, value)
    return _moment(value)


def _from_text(kind: profit.Kind, text: str) -> Value:
    read = _TEXT_READERS[kind]
    assert read is not None, "only texts need no reader"
    return read(text) if text else None


_TEXT_READERS = {
    kind: text_reader(profit.Field("", kind), TYPED)
    for kind in (profit.Kind.DECIMAL, profit.Kind.BOOL, profit.Kind.DATE)
}


def _json_text(value: object, *, read_keys: bool = False) -> Value:
    """An object or array as its JSON, with numbers to their last digit; other values as their text, which may be JSON
    itself."""
    if isinstance(value, str) and not read_keys:
        return _told(value) or None
    if value is None or isinstance(value, str | bool | int | Decimal):
        return None if value is None else _text(value)
    try:
        text = _spelt(value, read_keys=read_keys)
        text.encode()
    except UnicodeEncodeError:
        problem = ValueError("holds half of a surrogate pair, which is no character")
    except RecursionError:
        problem = ValueError("is nested too deeply")
    else:
        return text
    raise problem


def _told(text: str) -> str:
    """A text without the read keys in it, where it is JSON; as it stands where it has none."""
    if _LOOKS_LIKE_JSON.match(text) is None:
        return text
    try:
        value = _JSON.decode(text)
        told, whole = (_spelt(value, read_keys=read_keys) for read_keys in (False, True))
        told.encode()
    except (ValueError, ArithmeticError, RecursionError):
        return _MEMBER.sub(r"\1\2***\2", text)
    return text if told == whole else told


def _spelt(value: object, *, read_keys: bool) -> str:
    if isinstance(value, dict):
        members = (
            f"{encode_basestring(name)}:{_spelt(member, read_keys=read_keys)}"
            for name, member in value.items()
            if read_keys or not is_read_key(name)
        )
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(_spelt(member, read_keys=read_keys) for member in value)}]"
    if isinstance(value, str):
        return encode_basestring(value if read_keys else _told(value))
    if value is None:
        return "null"
    if isinstance(value, bool | int | Decimal):
        return str(_text(value))
    raise ValueError("holds an object in which a name stands twice")


_TEXT = Reader(profit.Kind.TEXT, frozenset({str, _NOTHING}), _text)
_READERS: Mapping[Kind, Reader] = {
    Kind.NUMBER: Reader(profit.Kind.DECIMAL, frozenset({Decimal, _NOTHING}), _number, _numbers),
    Kind.INTEGER: Reader(profit.Kind.INT, frozenset({int, _NOTHING}), _integer),
    Kind.BOOLEAN: Reader(profit.Kind.BOOL, frozenset({bool, _NOTHING}), _boolean),
    Kind.MOMENT: Reader(profit.Kind.DATETIME, frozenset({_NOTHING}), _moment, _moments),
    Kind.DATE: Reader(profit.Kind.DATE, frozenset({_NOTHING}), _date),
}
