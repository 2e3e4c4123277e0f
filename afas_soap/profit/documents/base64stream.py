"""Incremental base64 (RFC 4648): the text of a document decoded as it comes, in constant memory, and never too little.

``base64.b64decode`` ends at the first ``=`` without a word, and drops signs that are none of its alphabet: a document
would be shorter, and look whole. Here white space is taken (CRLF and blanks within base64 are usual), and everything
else is an error that says where: another sign, a ``=`` before the end, signs behind it, a group that is not whole.
"""

from __future__ import annotations

import binascii
import re

from afas_soap.errors import AnswerError, CutOff

_WHITE = b" \t\r\n"
_WRONG = re.compile(rb"[^A-Za-z0-9+/=]")
_GROUP = 4
_PAD = b"="


class Base64Decoder:
    """Fed the signs, it gives the bytes. Positions in its errors count the signs without white space, from 1."""

    def __init__(self) -> None:
        self._held = b""
        self._passed = 0
        self._ended = False

    def feed(self, data: bytes) -> bytes:
        """The bytes of all groups that are whole by now. Raises ``AnswerError``."""
        signs = self._held + _without_white(data)
        if self._ended:
            if signs:
                raise self._wrong(0, "stands behind the = that ends it")
            return b""
        whole = len(signs) - len(signs) % _GROUP
        self._held = signs[whole:]
        plain = self._decoded(signs[:whole])
        self._passed += whole
        return plain

    def finish(self) -> None:
        """There is no more. Raises ``AnswerError`` for a wrong sign, ``CutOff`` for a group that is not whole."""
        if not self._held:
            return
        self._check(self._held)
        raise CutOff(
            f"the base64 of the document ends within a group, behind {self._passed + len(self._held):,} signs: its end "
            "is missing"
        )

    def _decoded(self, signs: bytes) -> bytes:
        pad = signs.find(_PAD)
        if pad >= 0:
            if pad < len(signs) - 2 or signs[pad:].strip(_PAD):
                self._check(signs[:pad])
                raise self._wrong(pad, "is a = before the end")
            self._ended = True
        try:
            # Strict: it refuses every other sign. What it takes of a = beside its place was refused above.
            return binascii.a2b_base64(signs, strict_mode=True)
        except binascii.Error:
            pass
        self._check(signs)
        raise self._wrong(max(pad, 0), "leaves bits over, which no base64 has")

    def _check(self, signs: bytes) -> None:
        found = _WRONG.search(signs)
        if found is not None:
            raise self._wrong(found.start(), "is none of base64's")

    def _wrong(self, at: int, what: str) -> AnswerError:
        return AnswerError(f"the base64 of the document cannot be read: sign {self._passed + at + 1:,} {what}")


def _without_white(data: bytes) -> bytes:
    # To look for each of them is ten times as fast as to take out what is not there.
    return data.translate(None, _WHITE) if any(sign in data for sign in (b"\n", b"\r", b" ", b"\t")) else data
