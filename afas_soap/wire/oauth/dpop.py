"""DPoP: proof of possession of the key that an access token is bound to (RFC 9449; authentication.md)."""

from __future__ import annotations

import uuid
from typing import NoReturn

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.oauth.digest import digest
from afas_soap.wire.oauth.jose import SigningKey, UnfitKeyError


class DpopKey:
    """The key that access tokens are bound to (P-256), and its proofs. ``nonce`` is the newest one that any answer
    told. It does not show."""

    def __init__(self, key: SigningKey, nonce: str | None = None) -> None:
        self._key = key
        self.nonce = nonce

    @classmethod
    def generate(cls) -> DpopKey:
        """A new key."""
        return cls(SigningKey.generate())

    @classmethod
    def from_json(cls, text: Secret, nonce: str | None = None) -> DpopKey:
        """The key that ``to_json`` gave. ``SettingsError`` for a text that is none."""
        try:
            return cls(SigningKey.from_json(text), nonce)
        except UnfitKeyError:
            failure = SettingsError("The DPoP key that was kept is none: sign in again.")
        raise failure

    def to_json(self) -> Secret:
        """The private key, for a file that is its owner's only."""
        return self._key.to_json()

    def proof(self, method: str, url: str, issued: int, access_token: Secret | None = None) -> str:
        """A proof for one request, with its address as it is sent, without the query. ``issued`` is the time in it."""
        claims: dict[str, str | int] = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": url.partition("?")[0].partition("#")[0],
            "iat": issued,
        }
        if self.nonce is not None:
            claims["nonce"] = self.nonce
        if access_token is not None:
            claims["ath"] = digest(access_token)
        return self._key.sign("ES256", {"jwk": self._key.public(), "typ": "dpop+jwt"}, claims)

    def __repr__(self) -> str:
        return "DpopKey(hidden)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(
            "a DpopKey is not pickled: it would stand readable in the pickle; to_json() gives it on request"
        )
