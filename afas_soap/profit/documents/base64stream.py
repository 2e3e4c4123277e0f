"""Incremental base64 (RFC 4648): the text of a document decoded as it comes, in constant memory, and never too little.

``base64.b64decode`` ends at the first ``=`` without a word, and drops signs that are none of its alphabet: a document
would be shorter, and look whole. Here white space is taken (CRLF and blanks within base64 are usual), and everything
else is an error that says where: another sign, a ``=`` before the end, signs behind it, bits that are left over, a
group that is not whole.
"""

from __future__ import annotations

import binascii
import re

from afas_soap.errors import AnswerError, CutOff

_WHITE = b" \t\r\n"
_WRONG = re.compile(rb"[^A-Za-z0-9+/=]")
_GROUP = 4
_PAD = b"="
# The last sign in front of one or two = whose lowest bits are 0 (RFC 4648, 3.5): no encoder leaves others.
_LAST = {1: b"AEIMQUYcgkosw048", 2: b"AQgw"}
_DATA_URL = b"data:"
_BEHIND = "stands behind the = that ends it"


class Base64Decoder:
    """Fed the signs, it gives the bytes. Positions in its errors count the signs without white space, from 1."""

    def __init__(self) -> None:
        self._held = b""
        self._passed = 0
        self._first = b""
        self._ended = False

    def feed(self, data: bytes) -> bytes:
        """The bytes of all groups that are whole by now. Raises ``AnswerError``."""
        signs = self._held + _without_white(data)
        plain = b""
        if not self._ended:
            whole = len(signs) - len(signs) % _GROUP
            self._first = self._first or signs[: min(whole, _GROUP)]
            plain = self._decoded(signs[:whole])
            self._passed += whole
            signs = signs[whole:]
        if self._ended and signs:
            raise self._wrong(0, _BEHIND)
        self._held = signs
        return plain

    def finish(self) -> None:
        """There is no more. Raises ``AnswerError`` for a wrong sign, ``CutOff`` for a group that is not whole."""
        if not self._held:
            return
        self._refuse_wrong(self._held)
        if 0 <= (pad := self._held.find(_PAD)) < _GROUP // 2:
            raise self._wrong(pad, "is a = before the end")
        raise CutOff(
            f"the base64 of the document ends within a group, behind {self._passed + len(self._held):,} signs: its end "
            "is missing"
        )

    def _decoded(self, signs: bytes) -> bytes:
        pad = signs.find(_PAD)
        if pad >= 0:
            self._refuse_wrong(signs[:pad])
            self._check_end(signs, pad)
            self._ended = True
        try:
            # Strict: it refuses every other sign. What it takes of a = beside its place was refused above.
            return binascii.a2b_base64(signs, strict_mode=True)
        except binascii.Error:
            pass
        raise self._none_of_base64(_WRONG.search(signs))

    def _check_end(self, signs: bytes, pad: int) -> None:
        """The first = of ``signs`` stands at ``pad``."""
        end = pad - pad % _GROUP + _GROUP
        pads = end - pad
        if pads not in _LAST or signs[pad:end].strip(_PAD):
            raise self._wrong(pad, "is a = before the end")
        if end < len(signs):
            raise self._wrong(end, _BEHIND)
        if signs[pad - 1] not in _LAST[pads]:
            raise self._wrong(pad - 1, "leaves bits over, which no encoder does")

    def _refuse_wrong(self, signs: bytes) -> None:
        if found := _WRONG.search(signs):
            raise self._none_of_base64(found)

    def _none_of_base64(self, found: re.Match[bytes] | None) -> AnswerError:
        assert found is not None, "groups are whole, and what may be wrong of a = was looked at"
        at = found.start()
        if self._passed + at == _GROUP and (self._first + found[0]).lower() == _DATA_URL:
            return AnswerError(
                'the base64 of the document cannot be read: it begins with "data:", as the address of an embedded file '
                "(a data URL) does: whoever put the document into Profit has to put it there again, without that"
            )
        return self._wrong(at, "is none of base64's")

    def _wrong(self, at: int, what: str) -> AnswerError:
        return AnswerError(f"the base64 of the document cannot be read: sign {self._passed + at + 1:,} {what}")


def _without_white(data: bytes) -> bytes:
    # To look for each of them is ten times as fast as to take out what is not there.
    return data.translate(None, _WHITE) if any(sign in data for sign in (b"\n", b"\r", b" ", b"\t")) else data
