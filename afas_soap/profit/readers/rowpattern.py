"""Code generation: one compiled regular expression for a whole row, and the function that makes rows of its matches.

The pattern is compiled from the columns: every column optional and in its place, each value of exactly the shape its
kind has on the wire. It matches a row *while it still stands escaped* in the SOAP envelope. What it does not match is
not wrong but unusual, and the general reader's.

Repetitions are possessive (``*+``): nothing is tried twice, so no input makes the matching slow.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from afas_soap.profit.controls import is_character
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.names import xml_name
from afas_soap.profit.rows import Reading, Record, Value
from afas_soap.profit.values import text_reader

RowFunction = Callable[[str, int, Callable[[Record], None]], int]
"""Takes a text, a position and where to put records; gives the position behind the last row it could read."""

Converter = Callable[[str], Value]

# Text that is the same in XML and in Python. Not a raw ">", because "]]>" is not well-formed; not a carriage return,
# because XML makes a newline of it; no control characters. U+FFFE and U+FFFF the caller looks for, per chunk: a class
# that goes beyond Latin-1 is slower.
_PLAIN = r"[^<>&\x00-\x08\x0b-\x1f]*+"
_REFERENCE = "(?:(?P<name>lt|gt|amp|quot|apos)|#(?P<decimal>[0-9]{1,7})|#x(?P<hex>[0-9A-Fa-f]{1,6}));"
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


@dataclass(frozen=True)
class _Spelling:
    """How markup looks: ``references`` are those a value may hold, ``reference`` one of them, both levels together."""

    left: str
    right: str
    references: str
    reference: re.Pattern[str]


_SPELLINGS: Mapping[bool, _Spelling] = {
    False: _Spelling("<", ">", "&[#0-9A-Za-z]++;", re.compile(f"&{_REFERENCE}|&")),
    True: _Spelling("&lt;", "&gt;", "&(?:amp|quot|apos);", re.compile(f"&amp;{_REFERENCE}|&(?P<outer>quot|apos);|&")),
}
_BOOLS = {"true": True, "false": False, "1": True, "0": False}

# kind: (shape, conversion that needs no further check of the shape). A date-time's Z says nothing (profit-wire 3.3).
_SHAPES: Mapping[Kind, tuple[str, Converter]] = {
    Kind.INT: ("(-?[0-9]{1,18})", int),
    Kind.DECIMAL: (r"(-?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++))", Decimal),
    Kind.BOOL: ("(true|false|1|0)", _BOOLS.__getitem__),
    Kind.DATETIME: (
        r"([0-9]{4}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:\.[0-9]{1,6})?+)Z?+",
        datetime.datetime.fromisoformat,
    ),
}


class _UnusualError(ValueError):
    """A row for the general reader, which knows whether it is wrong."""


def row_function(fields: Fields, row_tag: str, *, reading: Reading, escaped: bool) -> RowFunction:
    """The function that reads rows of these columns, standing one behind the other."""
    shapes = [_shape(field, reading, escaped=escaped) for field in fields]
    columns = [(xml_name(field.name), shape) for field, (shape, _) in zip(fields, shapes, strict=True)]
    pattern = row_pattern(row_tag, columns, escaped=escaped)
    converters = tuple(converter for _, converter in shapes)
    make = _maker(tuple(converter is None for converter in converters))
    return make(pattern.match, fields.names, converters, unescaper(escaped=escaped))


def row_pattern(row_tag: str, columns: list[tuple[str, str]], *, escaped: bool) -> re.Pattern[str]:
    """The pattern of one row; ``columns`` are tags with the shape of their value, which has one group."""
    left, right = _SPELLINGS[escaped].left, _SPELLINGS[escaped].right
    parts = [
        f"(?:{left}{tag}(?:{right}{shape}{left}/{tag}{right}|{right}{left}/{tag}{right}| ?/{right}))?+"
        for tag, shape in ((re.escape(tag), shape) for tag, shape in columns)
    ]
    return re.compile(f"{left}{re.escape(row_tag)}{right}{''.join(parts)}{left}/{re.escape(row_tag)}{right}")


def _shape(field: Field, reading: Reading, *, escaped: bool) -> tuple[str, Converter | None]:
    """A column's shape and its conversion; None for a text."""
    reader = text_reader(field, reading)
    if reader is not None and field.kind in _SHAPES and not (field.kind is Kind.DATETIME and reading.aware):
        return _SHAPES[field.kind]
    text = f"({_PLAIN}(?:{_SPELLINGS[escaped].references}{_PLAIN})*+)"
    if reader is None:
        return text, None
    unescape = unescaper(escaped=escaped)
    return text, lambda value: reader(unescape(value))


@functools.cache
def unescaper(*, escaped: bool) -> Callable[[str], str]:
    """What turns the text of a value into the value; raises ``ValueError`` for a reference that XML does not know."""
    reference = _SPELLINGS[escaped].reference

    def unescape(text: str) -> str:
        return reference.sub(_character, text)

    return unescape


def _character(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind is None:
        raise _UnusualError
    if kind in ("name", "outer"):
        return _CHARACTERS[match[kind]]
    code = int(match[kind], 16 if kind == "hex" else 10)
    if not is_character(code):
        raise _UnusualError
    return chr(code)


_Make = Callable[
    [Callable[[str, int], "re.Match[str] | None"], tuple[str, ...], tuple[Converter | None, ...], Callable[[str], str]],
    RowFunction,
]


@functools.lru_cache(maxsize=64)
def _maker(texts: tuple[bool, ...]) -> _Make:
    """Write and compile the loop over the rows, from nothing but which columns are texts.

    As ``dataclasses`` does: the code has numbers where the columns are, names and conversions are handed to it. Twenty
    conversions one behind the other in one expression take two thirds of the time a loop over them takes.
    """
    numbers = range(len(texts))
    values = "".join(f"v{n}, " for n in numbers)
    keys = "".join(f"k{n}, " for n in numbers)
    converters = "".join(f"c{n}, " for n in numbers)
    record = ", ".join(
        f"k{n}: (unescape(v{n}) if '&' in v{n} else v{n}) if v{n} else None"
        if text
        else f"k{n}: c{n}(v{n}) if v{n} else None"
        for n, text in enumerate(texts)
    )
    source = f"""
def make(match, keys, converters, unescape):
    ({keys}) = keys
    ({converters}) = converters
    def read(text, position, append):
        try:
            found = match(text, position)
            while found is not None:
                ({values}) = found.groups()
                append({{{record}}})
                position = found.end()
                found = match(text, position)
        except ValueError:  # for the general reader, from this row on
            pass
        return position
    return read
"""
    namespace: dict[str, _Make] = {}
    exec(source, {}, namespace)  # noqa: S102 - nothing in it comes from outside: see above
    return namespace["make"]
