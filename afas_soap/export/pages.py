"""Several XML answers in one file, one behind the other: a page of rows each, as they were saved or added to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from afas_soap.profit.encoding import LEAD

# What may stand in front of the root. Nothing is tried twice (``(?>`` and ``*+``): a file of comments costs its length.
ROOT = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<((?:[^\s<>/&:!?]+:)?([^\s<>/&:!?]+))[\s/>]", re.DOTALL)
"""The root: its name as it stands there, and without its prefix."""

_EMPTY_ROOT = re.compile(rb"[^<>]*/>")
_ROOT_OR_DECLARATION = re.compile(rb"<[^!?/]|<\?xml\s")
# It names the encoding that the bytes had, as at the beginning of the file.
_DECLARATION = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"'](?i:utf|ucs|unicode)[^>]*?\?>")
_BLANK = LEAD.encode()
# The longest end tag, and the longest XML declaration.
_MOST = 1024


class Pages:
    """The documents in ``chunks``, which are UTF-8 without blanks in front. Each is to be read to its end in its turn.

    A document ends with the end tag of its root where another one follows: in XML its ``<`` stands nowhere else but in
    comments and CDATA sections, and what is wrong then is told by whoever reads the parts.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = next(self._chunks, b"")
        self._more = True

    def __iter__(self) -> Iterator[Iterator[bytes]]:
        while self._more:
            yield self._page()

    def _page(self) -> Iterator[bytes]:
        self._more = False
        root = ROOT.match(self._rest)
        if root is None:
            yield from self._all()
            return
        end = re.compile(rb"</" + re.escape(root[1]) + rb"\s*+>")
        found = _EMPTY_ROOT.match(self._rest, root.end(1))
        while self._rest or self._read():
            found = found or end.search(self._rest)
            # The beginning of an end tag waits for the rest of it.
            tag = self._rest.rfind(b"<", -_MOST)
            whole = found.end() if found else tag if tag >= 0 else len(self._rest)
            yield self._rest[:whole]
            self._rest = self._rest[whole:]
            if found and self._another():
                return
            if not found and not self._read():
                break
            found = None
        yield from self._all()

    def _all(self) -> Iterator[bytes]:
        yield self._rest
        yield from self._chunks
        self._rest = b""

    def _another(self) -> bool:
        """Whether another document follows, which ``_rest`` then begins with."""
        while len(behind := self._rest.lstrip(_BLANK)) < _MOST and self._read():
            pass
        self._more = _ROOT_OR_DECLARATION.match(behind) is not None
        if self._more:
            self._rest = behind[match.end() :] if (match := _DECLARATION.match(behind)) else behind
        return self._more

    def _read(self) -> bool:
        chunk = next(self._chunks, None)
        self._rest += chunk or b""
        return chunk is not None
