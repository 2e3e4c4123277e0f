"""Authentication by the AfasToken, in the header or in the SOAP body: who may come in.

Sources: profit-wire 1.4 and 6.1. Nothing here keeps, logs or repeats what it was given.
"""

from __future__ import annotations

import base64
import binascii
import enum
import threading
from collections.abc import Collection, Iterator

from afas_soap.errors import SettingsError
from afas_soap.profit.access.token import AfasToken

SCHEME = "afastoken"


class Verdict(enum.Enum):
    """What a credential is worth here."""

    ADMITTED = enum.auto()
    MISSING = enum.auto()
    NOT_BASE64 = enum.auto()
    UNREADABLE = enum.auto()
    UNKNOWN = enum.auto()


class AcceptedTokens(Collection[AfasToken]):
    """The tokens that are accepted now. Safe for several threads: whoever looks sees those of one moment."""

    def __init__(self, tokens: Collection[AfasToken]) -> None:
        self._tokens = tuple(tokens)
        self._changing = threading.Lock()

    def __contains__(self, token: object) -> bool:
        return token in self._tokens

    def __iter__(self) -> Iterator[AfasToken]:
        return iter(self._tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def add(self, token: AfasToken) -> None:
        """Accept another one."""
        with self._changing:
            self._tokens = (*self._tokens, token)

    def remove(self, token: AfasToken) -> bool:
        """Accept it no longer; whether it was."""
        with self._changing:
            before = self._tokens
            self._tokens = tuple(one for one in before if one != token)
            return self._tokens != before


def of_header(header: str | None, tokens: Collection[AfasToken], *, dialect: str) -> Verdict:
    """The verdict on an ``Authorization`` header.

    From Profit 7 the token in it must be base64; before that, its plain XML was taken as well (profit-wire 1.4).
    Another scheme counts as no token.
    """
    scheme, _, value = (header or "").strip().partition(" ")
    if scheme.lower() != SCHEME or not value.strip():
        return Verdict.MISSING
    value = value.strip()
    if dialect == "profit6" and value.startswith("<"):
        return _of_xml(value, tokens)
    try:
        decoded = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return Verdict.NOT_BASE64
    return _of_xml(decoded.decode("utf-8", "replace"), tokens)


def of_body(text: str | None, tokens: Collection[AfasToken]) -> Verdict:
    """The verdict on the element ``token`` of a SOAP body; white space around the XML is tolerated."""
    if text is None or not text.strip():
        return Verdict.MISSING
    return _of_xml(text, tokens)


def _of_xml(text: str, tokens: Collection[AfasToken]) -> Verdict:
    # AfasToken.parse also takes what people paste, such as the bare digits; Profit is only known to take the XML.
    if not text.strip().startswith("<"):
        return Verdict.UNREADABLE
    try:
        token = AfasToken.parse(text)
    except SettingsError:
        return Verdict.UNREADABLE
    return Verdict.ADMITTED if token in tokens else Verdict.UNKNOWN
