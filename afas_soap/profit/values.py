"""The codec of one value: text or JSON from the wire to Python, and Python to its one spelling.

Readers raise ``ValueError`` with a short phrase ("is no decimal") and never the value, which may be personal. An empty
text is nobody's value: whoever reads rows turns it into None before a reader sees it.
"""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from afas_soap.profit.amsterdam import iso, zone
from afas_soap.profit.fields import Field, Kind
from afas_soap.profit.offset import ForeignOffset, clock, has_offset, moment_clock
from afas_soap.profit.rows import Reading, Value

TextReader = Callable[[str], Value]
JsonReader = Callable[[object], Value]

# Exactly these shapes: fromisoformat takes many more. Every time on the wire is Amsterdam time, whether a Z stands
# behind it or not (profit-wire 3.3); an offset stands in files alone, and profit.offset says what it means.
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\dZ?", re.ASCII)
_FRACTION = re.compile(r"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{1,6})\d{0,3}Z?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# An exponent of three digits: the values of xs:double end at 1e308, and 1e999999999 would be a gigabyte of digits.
_DECIMAL = re.compile(r"[+-]?(?:\d{1,4000}(?:\.\d{0,4000})?|\.\d{1,4000})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_INT = re.compile(r"[+-]?\d{1,4000}", re.ASCII)
_BOOLS = {"true": True, "false": False, "1": True, "0": False}
# XML lets white space stand around any value that is no text.
_BLANK = " \t\r\n"
_NO_BLANKS = dict.fromkeys(map(ord, _BLANK))
_SECONDS = len("2009-06-15T13:45:30")


def spell(value: Value) -> str:
    """The one spelling of a value in every format, locale and platform; "" for None.

    Decimals as plain digits without exponent and without zeros at the end of a fraction (JSON and CSV keep a point:
    ``export.formats``), ``true`` and ``false``, ``2024-02-01T10:00:00``, bytes as base64 on one line.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return _SPELLINGS[type(value)](value)


def _spell_decimal(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


_SPELLINGS: Mapping[type, Callable[..., str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    Decimal: _spell_decimal,
    datetime.datetime: iso,
    datetime.date: datetime.date.isoformat,
    bytes: lambda value: base64.b64encode(value).decode("ascii"),
}


def text_reader(field: Field, reading: Reading, *, moments: bool = False) -> TextReader | None:
    """How to read this column's text; None when it stays as it is.

    ``moments`` says that a date-time's offset names its moment (see ``profit.offset``).
    """
    if not reading.typed or field.kind is Kind.TEXT:
        return None
    read = read_moment if moments else read_datetime
    if field.kind is Kind.DATE:
        return lambda text: _midnight(read(text))
    if field.kind is not Kind.DATETIME:
        return _TEXT_READERS[field.kind]
    if not reading.aware:
        return read
    # Of the hour that comes twice in the autumn it is the first, of the one that never comes in the spring nothing is
    # changed: the wire does not tell them apart.
    amsterdam = zone()
    return lambda text: read(text).replace(tzinfo=amsterdam)


def json_reader(field: Field, reading: Reading) -> JsonReader:
    """How to take this column's JSON value, parsed with ``parse_float=Decimal``; null and "" are the caller's matter.

    With ``reading.typed`` false the JSON is to be parsed with numbers as their text; booleans become text here.
    """
    if not reading.typed:
        return _untyped
    if field.kind in (Kind.DATETIME, Kind.DATE, Kind.BYTES):
        from_text = text_reader(field, reading)
        assert from_text is not None, "only text is kept"
        return _text_only(from_text, field.kind)
    return _JSON_READERS[field.kind] if field.known else _any_text


def read_datetime(text: str) -> datetime.datetime:
    """A date-time without zone, in Amsterdam time; a date alone is its midnight. More than six digits are cut.

    An offset must be Amsterdam's.
    """
    return _read_datetime(text, clock)


def read_moment(text: str) -> datetime.datetime:
    """The same, where an offset names the moment and may be any."""
    return _read_datetime(text, moment_clock)


def _read_datetime(text: str, with_offset: Callable[[str], datetime.datetime]) -> datetime.datetime:
    try:
        if _DATETIME.fullmatch(text) is not None:
            return datetime.datetime.fromisoformat(text[:_SECONDS])
        text = text.strip(_BLANK)
        return with_offset(text) if has_offset(text) else _read_unusual_datetime(text)
    except ForeignOffset:
        raise
    except (ValueError, OverflowError):
        problem = ValueError("is no date-time")
    raise problem


def _read_unusual_datetime(text: str) -> datetime.datetime:
    if _DATETIME.fullmatch(text) is not None:
        return datetime.datetime.fromisoformat(text[:_SECONDS])
    found = _FRACTION.fullmatch(text)
    if found is not None:
        return datetime.datetime.fromisoformat(found[1])
    if _DATE.fullmatch(text) is not None:
        return datetime.datetime.fromisoformat(text)
    raise ValueError


def _midnight(value: datetime.datetime) -> datetime.date:
    if value.time() != datetime.time():
        raise ValueError("is a date-time that is not midnight, so it is no date")
    return value.date()


def _read_int(text: str) -> int:
    if _INT.fullmatch(text) is None and _INT.fullmatch(text := text.strip(_BLANK)) is None:
        raise ValueError("is no whole number")
    return int(text)


def _read_decimal(text: str) -> Decimal:
    if _DECIMAL.fullmatch(text) is None and _DECIMAL.fullmatch(text := text.strip(_BLANK)) is None:
        raise ValueError("is no decimal")
    return Decimal(text)


def _read_bool(text: str) -> bool:
    value = _BOOLS.get(text)
    if value is None:
        value = _BOOLS.get(text.strip(_BLANK))
    if value is None:
        raise ValueError("is no boolean")
    return value


def _read_bytes(text: str) -> bytes | None:
    # Profit 15 changed where the lines of base64 end (profit-wire 2.5), so white space in it means nothing.
    try:
        return base64.b64decode(text.translate(_NO_BLANKS).encode("ascii"), validate=True) or None
    except ValueError:
        problem = ValueError("is no base64")
    raise problem


_TEXT_READERS: Mapping[Kind, TextReader] = {
    Kind.INT: _read_int,
    Kind.DECIMAL: _read_decimal,
    Kind.BOOL: _read_bool,
    Kind.BYTES: _read_bytes,
}


def _text_only(from_text: TextReader, kind: Kind) -> JsonReader:
    def read(value: object) -> Value:
        if not isinstance(value, str):
            raise ValueError(f"is no text, so it is no {kind}")
        return from_text(value)

    return read


def _untyped(value: object) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    raise ValueError("is an object or array")


def _any_text(value: object) -> Value:
    """A value of a type that is not known here, as its text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if type(value) is int else _untyped(value)


def _json_text(value: object) -> Value:
    if not isinstance(value, str):
        raise ValueError("is no text")
    return value


def _json_int(value: object) -> Value:
    if type(value) is int:
        return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise ValueError("is no whole number")


def _json_decimal(value: object) -> Value:
    if isinstance(value, Decimal):
        return value
    if type(value) is int:
        return Decimal(value)
    raise ValueError("is no decimal")


def _json_bool(value: object) -> Value:
    if not isinstance(value, bool):
        raise ValueError("is no boolean")
    return value


_JSON_READERS: Mapping[Kind, JsonReader] = {
    Kind.TEXT: _json_text,
    Kind.INT: _json_int,
    Kind.DECIMAL: _json_decimal,
    Kind.BOOL: _json_bool,
}
