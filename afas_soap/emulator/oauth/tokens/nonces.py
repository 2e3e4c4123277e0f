"""Nonces for DPoP proofs: which one is the newest, and which ones are still taken (RFC 9449 8)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from afas_soap.emulator.oauth.clock import Clock

PERIOD = 150
"""Seconds after which there is a new nonce; the one before is taken as long again. How long AFAS' live is not known."""


class Nonces:
    """The nonces of one server. They follow from the time, so none has to be remembered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)

    def newest(self) -> str:
        """What a client should use from now on."""
        return self._of(self._period())

    def takes(self, nonce: str) -> bool:
        """Whether a proof with this nonce is taken."""
        return self.is_newest(nonce) or hmac.compare_digest(nonce.encode(), self._of(self._period() - 1).encode())

    def is_newest(self, nonce: str) -> bool:
        """Whether there is no newer one, so that an answer need not bring it."""
        return hmac.compare_digest(nonce.encode(), self.newest().encode())

    def _period(self) -> int:
        return int(self._clock() // PERIOD)

    def _of(self, period: int) -> str:
        return hashlib.sha256(self._key + str(period).encode()).hexdigest()[:32]
