"""Which texts are a value of each type of an update, and how XML Schema spells that value.

The check of an update and the emulator both ask here: what one of them takes, the other does not refuse. Sources:
profit-wire 3.5 and 4.1, and the examples of AFAS' OpenAPI files, which have ``True`` and ``TRUE`` for yes. Whatever
else XML Schema or a parser may take (``.5``, ``1e3``, ``1_000``) is not known of Profit, and refused. Of dates and
times ``moment`` tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from afas_soap.profit.updates.moment import MOMENTS, moment_fault

# White space as XML has it: str.strip() takes off more.
BLANKS = " \t\r\n"

_WHOLE = re.compile(r"(?P<sign>[+-]?)0*(?P<digits>[0-9]{1,19})", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?", re.ASCII)
_BOOLEANS = {"true": "true", "1": "true", "false": "false", "0": "false"}
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}", re.ASCII)
_LINE_END = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_MOST = 2**63


def canonical(text: str, kind: str) -> str | None:
    """The text as XML Schema spells its value; None when it is none of the type ``kind`` (see ``updateschema.TYPES``).

    A number keeps its digits, and a text everything.
    """
    return _READERS[kind](text)


def _text(text: str) -> str:
    return text


def _whole_number(text: str) -> str | None:
    match = _WHOLE.fullmatch(text.strip(BLANKS))
    number = _MOST if match is None else int(match["sign"] + match["digits"])
    return str(number) if -_MOST <= number < _MOST else None


def _decimal(text: str) -> str | None:
    text = text.strip(BLANKS)
    return text if _DECIMAL.fullmatch(text) else None


def _boolean(text: str) -> str | None:
    return _BOOLEANS.get(text.strip(BLANKS).lower())


def _moment(kind: str) -> Callable[[str], str | None]:
    return lambda text: text.strip(BLANKS) if moment_fault(text, kind) is None else None


def _base64(text: str) -> str | None:
    # Lines may end anywhere in it (profit-wire 2.5); blanks between words are those of a text.
    whole = _LINE_END.sub("", text.strip(BLANKS))
    return text if len(whole) % 4 == 0 and _BASE64.fullmatch(whole) else None


_READERS: Mapping[str, Callable[[str], str | None]] = {
    "string": _text,
    "long": _whole_number,
    "boolean": _boolean,
    "decimal": _decimal,
    "base64Binary": _base64,
    **{kind: _moment(kind) for kind in MOMENTS},
}
