"""Column and connector names as XML names, and back: ``Op voorraad`` is ``Op_x0020_voorraad``.

How AFAS writes a name that is no XML name is unknown; this is the encoding of SQL Server's FOR XML, which built the
answers from Profit 15 to Profit 6, and of .NET's ``XmlConvert.EncodeLocalName`` (profit-wire 2.4, inference).
"""

from __future__ import annotations

import functools
import re

# Latin letters only, without the colon: expat and .NET keep to the letters of XML 1.0's fourth edition, libxml2 to the
# fifth. What lies beyond Latin is escaped and so read by all of them.
_START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
_REST = _START + "\\-.0-9\u00b7"
_HEX = "[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{4})?"
# An underscore that would be read as the beginning of an escape is escaped itself. What follows the digits may be an
# underscore of the name or that of the next escape.
_TO_ESCAPE = re.compile(f"_(?=x{_HEX}(?:_|[^{_REST}]))|[^{_REST}]|^[^{_START}]")
_ESCAPED = re.compile(f"_x({_HEX})_")


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"_x{code:04X}_" if code <= 0xFFFF else f"_x{code:08X}_"


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # What is no character stays as it stands: then it was no escape.
    return match[0] if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


@functools.lru_cache(maxsize=4096)
def xml_name(column: str) -> str:
    """The XML name for a column or connector: ``column_name`` gives the column back."""
    return _TO_ESCAPE.sub(_escape, column)


@functools.lru_cache(maxsize=4096)
def column_name(tag: str) -> str:
    """The column or connector an XML name (without prefix) stands for."""
    return _ESCAPED.sub(_unescape, tag) if "_x" in tag else tag
