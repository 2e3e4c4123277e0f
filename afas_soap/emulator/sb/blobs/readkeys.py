"""Read keys (a JSON Web Token, RFC 7519): who shows one may read one blob of one environment, until it expires."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets

from afas_soap.emulator.oauth.clock import Clock

_HEADER = {"alg": "HS256", "typ": "JWT"}


class ReadKeys:
    """Gives keys of one environment out, and checks them. What SB signs with is not known."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds = seconds
        self._clock = clock
        self._secret = secrets.token_bytes(32)

    def give(self, blob: str) -> str:
        """A key that opens this blob from now on."""
        now = int(self._clock())
        told = {"blob": blob, "nbf": now, "exp": now + int(self._seconds)}
        signed = f"{_encoded(_HEADER)}.{_encoded(told)}"
        return f"{signed}.{self._signature(signed)}"

    def opens(self, key: str, blob: str) -> bool:
        """Whether ``key`` opens this blob by now."""
        signed, _, signature = key.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            return False
        told = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        return bool(told["blob"] == blob and self._clock() < told["exp"])

    def _signature(self, signed: str) -> str:
        return _text(hmac.new(self._secret, signed.encode(), hashlib.sha256).digest())


def _encoded(document: object) -> str:
    return _text(json.dumps(document, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
