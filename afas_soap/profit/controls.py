"""Characters that XML cannot carry (control characters, U+FFFE, U+FFFF), as some writers put them into it all the same.

One reference such as ``&#x1;`` makes a whole answer unreadable. Whoever wants the rest of it has each of them replaced
by U+FFFD before a parser sees it, and is told how many there were.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LOG = logging.getLogger("afas_soap.profit")

# In UTF-8: the bytes of control characters, of U+FFFE and U+FFFF, and references by number.
_RAW = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
_REFERENCE = rb"#(?:x(?P<hex>[0-9A-Fa-f]+)|(?P<decimal>[0-9]+));"
_PLAIN = re.compile(rb"&" + _REFERENCE + rb"|" + _RAW)
# In a SOAP answer the rows stand escaped, and a reference in them as "&amp;#x1;".
_ESCAPED = re.compile(rb"&(?:amp;)?" + _REFERENCE + rb"|" + _RAW)
# What may go on in the next piece. Nobody writes a longer number.
_UNFINISHED = re.compile(rb"(?:&(?:[a-z]{0,3}|amp;)?(?:#x?[0-9A-Fa-f]{0,32})?|\xef\xbf?)\Z")
_REPLACEMENT = b"&#xFFFD;"


@functools.cache
def unfit() -> re.Pattern[str]:
    """Everything that XML's Char production leaves out: control characters, halves of surrogate pairs, two
    non-characters. Compiled for the first text that is looked at: so large a set takes as long as many imports."""
    return re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Controls:
    """How many characters were replaced, in all documents that were read with it."""

    count: int = 0

    def replaced(self, chunks: Iterable[bytes], *, escaped: bool) -> Iterator[bytes]:
        """The pieces of a document in UTF-8 with each such character replaced.

        ``escaped`` says that it is a SOAP answer. In a CDATA section it is not seen that a reference is none.
        """
        pattern = _ESCAPED if escaped else _PLAIN
        held = b""
        for chunk in chunks:
            data = held + chunk
            unfinished = _UNFINISHED.search(data)
            end = unfinished.start() if unfinished else len(data)
            held = data[end:]
            yield pattern.sub(self._replacement, data[:end])
        if held:
            yield held

    def tell(self, where: str) -> None:
        """Log how many there were ``where``, if any."""
        if self.count:
            what = "character" if self.count == 1 else "characters"
            _LOG.warning("%s: %d %s that XML cannot carry replaced by U+FFFD", where, self.count, what)

    def _replacement(self, match: re.Match[bytes]) -> bytes:
        # int() refuses thousands of digits, and no character has so many but noughts in front.
        number = (match["hex"] or match["decimal"] or b"").lstrip(b"0")[:10]
        code = int(number or b"0", 16 if match["hex"] else 10)
        if is_character(code):
            return match[0]
        self.count += 1
        return _REPLACEMENT


def is_character(code: int) -> bool:
    """XML 1.0, production [2]."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
