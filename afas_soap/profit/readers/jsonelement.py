"""Where an element of JSON (a value, or the name of a member) ends, found without decoding it."""

from __future__ import annotations

import re

_SIGN = re.compile(r'["{}\[\],:]')
_SIGN_INSIDE = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)

LONGEST_ESCAPE = 6
r"""``\u20ac`` is six signs for a character of one to three bytes."""


class Element:
    """Where an element ends, looked for from piece to piece."""

    def __init__(self) -> None:
        self._depth = 0
        self._quoted = False
        self._escaped = False
        self._length = 0
        self._backslashes = 0

    def end(self, piece: str, at: int) -> int:
        """Where in ``piece``, read from ``at``, stands the sign that ends it; -1 when it goes on in the next piece."""
        begin = at
        while at < len(piece):
            if self._quoted:
                at = self._through_string(piece, at)
                if self._quoted:
                    continue
            else:
                found = (_SIGN_INSIDE if self._depth else _SIGN).search(piece, at)
                if found is None:
                    break
                at = found.end()
                if self._ends(found[0]):
                    return found.start()
            begin, self._length, self._backslashes = at, 0, 0
        self._length += len(piece) - begin
        self._backslashes += piece.count("\\", begin)
        return -1

    @property
    def least_bytes(self) -> int:
        """The fewest bytes that the value this ends in can have; escapes make what stands there longer than it is."""
        return max(
            self._length - (LONGEST_ESCAPE - 1) * self._backslashes,
            self._length // LONGEST_ESCAPE,
        )

    def _ends(self, sign: str) -> bool:
        if sign == '"':
            self._quoted = True
        elif sign in "{[":
            self._depth += 1
        elif self._depth:
            self._depth -= 1
        else:
            return True
        return False

    def _through_string(self, piece: str, at: int) -> int:
        """Where in ``piece`` the string it begins in goes on, or has ended."""
        if self._escaped:
            self._escaped = False
            return at + 1
        found = _IN_STRING.match(piece, at)
        assert found is not None, "it matches nothing as well"
        if found.end() == len(piece):
            return len(piece)
        # A quote, or a backslash that is the last sign of the piece.
        self._quoted = self._escaped = piece[found.end()] == "\\"
        return found.end() + 1


class WholeObject(Element):
    """Where an object ends that is followed by nothing, or by blanks and another one: at its own last sign."""

    def _ends(self, sign: str) -> bool:
        return super()._ends(sign) or (sign in "}]" and not self._depth)
