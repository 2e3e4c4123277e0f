"""Access tokens, refresh tokens and codes that were given out, and whom each lets in. Source: small-business.md 1.

An access token opens the customer environment, or the Admin Center, that gave it. A refresh token that the Admin Center
gave serves all customer environments, one that a customer environment gave only that one (inferred). A refresh token
stays as it is. All are kept in memory.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.sb.setup import ADMIN

CODE_SECONDS = 60.0
"""Seconds for which a code can be redeemed (inferred)."""


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for: for whom it was given, and what redeems it."""

    place: str
    client_id: str
    redirect_uri: str
    challenge: str
    until: float


@dataclass(frozen=True, slots=True)
class Refresh:
    """What a refresh token stands for."""

    place: str
    client_id: str

    def serves(self, place: str) -> bool:
        """Whether it gives an access token for that place."""
        return self.place in (ADMIN, place)


class Tokens:
    """Everything that was given out. A place is the path of a customer environment in lower case, or ``admin``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, Code] = {}
        self._refresh: dict[str, Refresh] = {}
        self._access: dict[str, tuple[str, float]] = {}

    def access(self, place: str, seconds: float) -> str:
        """A new access token for ``place``."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._access[token] = (place.lower(), self._clock() + seconds)
        return token

    def opens(self, token: str, place: str) -> bool:
        """Whether an access token opens ``place`` by now."""
        with self._lock:
            known, until = self._access.get(token, ("", 0.0))
            return known == place.lower() and self._clock() < until

    def refresh(self, place: str, client_id: str) -> str:
        """A new refresh token."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._refresh[token] = Refresh(place.lower(), client_id)
        return token

    def refreshed(self, token: str) -> Refresh | None:
        """What a refresh token stands for; None for one that is not known, or no longer."""
        with self._lock:
            return self._refresh.get(token)

    def code(self, place: str, client_id: str, redirect_uri: str, challenge: str) -> str:
        """A new authorization code."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._codes[code] = Code(place.lower(), client_id, redirect_uri, challenge, self._clock() + CODE_SECONDS)
        return code

    def redeemed(self, code: str) -> Code | None:
        """What a code stands for, once; None for one that is not known, ran out or was redeemed."""
        with self._lock:
            found = self._codes.pop(code, None)
        return found if found is not None and self._clock() < found.until else None

    def withdraw(self) -> None:
        """Let nobody in any more, as when an app is blocked."""
        with self._lock:
            self._codes.clear()
            self._refresh.clear()
            self._access.clear()

    def expire(self) -> None:
        """End all access tokens; refresh tokens stay."""
        with self._lock:
            self._access.clear()
