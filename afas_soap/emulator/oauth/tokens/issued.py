"""The tokens that were issued: codes, access tokens and refresh tokens, and their rotation (authentication.md).

Texts are random and kept as hashes only, so that nothing here can show one. They are gone when the emulator ends, and a
token of another emulator is a token of another environment: unknown.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from afas_soap.emulator.oauth.clock import Clock

CODE_LIFE = 60.0
"""Seconds in which a code must be used; AFAS says "short-lived"."""


class _Ends(Protocol):
    @property
    def until(self) -> float: ...


_Given = TypeVar("_Given", bound=_Ends)


@dataclass(frozen=True, slots=True)
class Access:
    """An access token of ``client_id``; ``key`` is the thumbprint of the DPoP key it is bound to, None when to none."""

    client_id: str
    key: str | None
    until: float


@dataclass(frozen=True, slots=True)
class Code:
    """A code, what it was asked with, and until when it is good."""

    client_id: str
    redirect_uri: str
    challenge: str
    until: float


@dataclass(frozen=True, slots=True)
class Chain:
    """A refresh token: one link of a chain that ends for all its links at ``until``."""

    client_id: str
    key: str | None
    until: float


class Tokens:
    """Safe for several threads: of two that spend the same text, one gets it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._access: dict[str, Access] = {}
        self._codes: dict[str, Code] = {}
        self._chains: dict[str, Chain] = {}

    def give_access(self, access: Access) -> str:
        """A new access token."""
        return self._give(self._access, access)

    def give_code(self, code: Code) -> str:
        """A new code."""
        return self._give(self._codes, code)

    def give_refresh(self, chain: Chain) -> str:
        """A new refresh token."""
        return self._give(self._chains, chain)

    def access(self, text: str) -> Access | None:
        """What an access token stands for; None when it is unknown here or has ended."""
        return self._good(self._access.get(_hashed(text)))

    def chain(self, text: str) -> Chain | None:
        """What a refresh token stands for, which is not spent by looking."""
        return self._good(self._chains.get(_hashed(text)))

    def spend_code(self, text: str) -> Code | None:
        """What a code stood for; it is good for nothing any more."""
        with self._lock:
            return self._good(self._codes.pop(_hashed(text), None))

    def spend_refresh(self, text: str) -> Chain | None:
        """What a refresh token stood for; it is good for nothing any more."""
        with self._lock:
            return self._good(self._chains.pop(_hashed(text), None))

    def withdraw(self) -> None:
        """No access token of before is good any more, as when an administrator withdraws them; refresh tokens are."""
        with self._lock:
            self._access.clear()

    def _give(self, given: MutableMapping[str, _Given], value: _Given) -> str:
        text = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            for old in [name for name, other in given.items() if other.until <= now]:
                del given[old]
            given[_hashed(text)] = value
        return text

    def _good(self, value: _Given | None) -> _Given | None:
        return value if value is not None and self._clock() < value.until else None


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
