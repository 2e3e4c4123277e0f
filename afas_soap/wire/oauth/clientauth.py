"""Client authentication: how a token request shows whose it is (RFC 6749, 2.3; authentication.md).

In exactly one way: two at once are an ``invalid_request``.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from urllib.parse import quote_plus

from afas_soap.profit.access.credentials import ClientSecret, OAuth, PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.oauth.assertions import Signer

Fields = Mapping[str, str | Secret]
"""Fields of a form; what must not show is a ``Secret``."""

_BEARER_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class ClientProof:
    """The proof of one client at ``token_url``. ``base`` is the environment's REST address. ``SettingsError`` for a
    private key that AFAS would not take."""

    def __init__(self, credential: OAuth, base: str, token_url: str) -> None:
        self._client_id = credential.client_id
        self._proof = credential.proof
        self._signer = Signer(credential.proof) if isinstance(credential.proof, PrivateKey) else None
        self._base = base
        self._token_url = token_url

    @property
    def timed(self) -> bool:
        """Whether it carries a time."""
        return self._signer is not None

    def fields(self, issued: int) -> Fields:
        """What it adds to the form of one request; ``issued`` is the time in it, if any."""
        named = {"client_id": self._client_id}
        if self._signer is not None:
            signed = self._signer.assertion(self._client_id, self._base, self._token_url, issued=issued)
            return {**named, "client_assertion_type": _BEARER_ASSERTION, "client_assertion": signed}
        if isinstance(self._proof, ClientSecret):
            return {} if self._proof.basic else {**named, "client_secret": self._proof.secret}
        return named

    def headers(self) -> Mapping[str, str]:
        """What it adds to the headers."""
        if not isinstance(self._proof, ClientSecret) or not self._proof.basic:
            return {}
        # Form-url-encoded before they are joined, so that a colon in either is none (RFC 6749, 2.3.1).
        parts = f"{quote_plus(self._client_id)}:{quote_plus(self._proof.secret.reveal())}"
        return {"Authorization": f"Basic {base64.b64encode(parts.encode()).decode()}"}
