"""A JSON codec with exact decimals: numbers go to JSON and come from it as Decimal, never by way of a float."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

# Beyond these a number is written with an exponent: 1E+999999 in full would be a megabyte.
_PLAIN = 40
_TOO_DEEP = object()


def loads(text: bytes | str, *, pairs: Callable[[list[tuple[str, object]]], object] | None = None) -> object:
    """The JSON value in ``text``: a number with a fraction or an exponent is a Decimal, any other an int. ``pairs``
    makes an object of its members, which is a dict otherwise.

    ``ValueError`` for what is no JSON: ``NaN`` and ``Infinity``, or brackets without end.
    """
    try:
        value: object = json.loads(text, object_pairs_hook=pairs, parse_float=_decimal, parse_constant=_refuse)
    except RecursionError:
        value = _TOO_DEEP
    if value is _TOO_DEEP:
        raise ValueError("the JSON is nested too deep")
    return value


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    raise ValueError(f"{text[:40]} is beyond every number")


def _refuse(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def dumps(value: object) -> bytes:
    """``value`` as JSON in UTF-8, its members in the order that they have. ``ValueError`` for a number that is none, a
    text that has no UTF-8, and what JSON has no word for."""
    return "".join(_written(value)).encode()


def _written(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _joined("{", ((f"{_name(name)}:", member) for name, member in value.items()), "}")
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        yield from _joined("[", (("", item) for item in value), "]")
    else:
        yield _scalar(value)


def _joined(opening: str, items: Iterator[tuple[str, object]], closing: str) -> Iterator[str]:
    before = opening
    for name, item in items:
        yield before + name
        yield from _written(item)
        before = ","
    yield closing if before == "," else opening + closing


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise ValueError(f"JSON has no name of type {type(name).__name__}")
    return _text(name)


def _scalar(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if value is None or isinstance(value, (bool, int, str)):
        return _text(value)
    if isinstance(value, float):
        return plain(Decimal(repr(value)))
    raise ValueError(f"JSON has no word for a value of type {type(value).__name__}")


_text: Callable[[object], str] = json.JSONEncoder(ensure_ascii=False).encode
"""Text, whole number, boolean and null; made once, since ``json.dumps`` makes one for each."""


def plain(number: Decimal) -> str:
    """``100`` of ``1E+2``: as JSON writes it, without an exponent where that is not too long."""
    if not number.is_finite():
        raise ValueError(f"{number} is no number of JSON")
    return format(number, "f") if abs(number.adjusted()) <= _PLAIN else str(number)
