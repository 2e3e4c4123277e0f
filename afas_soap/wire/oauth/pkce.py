"""PKCE: the authorization request of a person, and the proof key of its code exchange (RFC 6749, 4.1; RFC 7636)."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from requests.utils import requote_uri

from afas_soap.profit.access.credentials import AuthorizationCode
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.oauth.digest import digest

# In 128 signs, as many as a verifier may have (authentication.md).
_BYTES = 96


def authorization_request(address: str, credential: AuthorizationCode, state: str) -> tuple[str, Secret]:
    """What a browser opens to have a person sign in at ``address``, and the verifier that belongs to it: whoever has
    the code alone, as everything has that sees the redirect, gets no token for it."""
    verifier = Secret(secrets.token_urlsafe(_BYTES), "PKCE verifier")
    asked = {
        "client_id": credential.client_id,
        "redirect_uri": credential.redirect_uri,
        "response_type": "code",
        "state": state,
        "code_challenge_method": "S256",
        "code_challenge": digest(verifier),
    }
    return f"{requote_uri(address)}?{urlencode(asked)}", verifier
