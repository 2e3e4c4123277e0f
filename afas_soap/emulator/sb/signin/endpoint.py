"""The token endpoint of SB: codes and refresh tokens into access tokens. Source: small-business.md 1.

A form is taken in both encodings, because AFAS' pages and its file differ. ``expires_in`` is text or a number, as the
set-up says, and the answer to a refresh has no refresh token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug import Request, Response
from werkzeug.datastructures import MultiDict

from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.signin.clients import SbClient
from afas_soap.emulator.sb.signin.problems import SignInRefusedError, told
from afas_soap.emulator.sb.signin.tokens import Tokens

_Form = MultiDict[str, str]
# RFC 7636.
_SHORTEST, _LONGEST = 43, 128


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Answers ``POST`` of ``app/token`` below a place."""

    setup: SbSetup
    clients: Mapping[str, SbClient]
    tokens: Tokens

    def respond(self, request: Request, place: str) -> Response:
        """A token, or an error of OAuth."""
        try:
            return told(self._document(request.form, place))
        except SignInRefusedError as refused:
            return refused.answer()

    def document(self, place: str, seconds: int) -> dict[str, object]:
        """A new access token of ``place``, as it is told."""
        expires: object = str(seconds) if self.setup.text_expiry else seconds
        return {"access_token": self.tokens.access(place, seconds), "expires_in": expires, "token_type": "bearer"}

    def _document(self, form: _Form, place: str) -> dict[str, object]:
        grant = _GRANTS.get(_needed(form, "grant_type"))
        if grant is None:
            raise SignInRefusedError("unsupported_grant_type")
        client = self.clients.get(_needed(form, "client_id"))
        secret = _needed(form, "client_secret")
        if client is None or not hmac.compare_digest(secret.encode(), client.secret.reveal().encode()):
            raise SignInRefusedError("invalid_client", status=401)
        more = grant(self, client, form, place)
        return {**self.document(place, self.setup.token_seconds), **more}

    def _by_code(self, client: SbClient, form: _Form, place: str) -> dict[str, object]:
        text, redirect_uri, verifier = (_needed(form, name) for name in ("code", "redirect_uri", "code_verifier"))
        if not _SHORTEST <= len(verifier) <= _LONGEST:
            raise SignInRefusedError("invalid_grant", "invalid code_verifier length")
        code = self.tokens.redeemed(text)
        if code is None or (code.place, code.client_id, code.redirect_uri) != (place, client.id, redirect_uri):
            raise SignInRefusedError("invalid_grant")
        if not hmac.compare_digest(_challenge(verifier).encode(), code.challenge.encode()):
            raise SignInRefusedError("invalid_grant", "invalid code_verifier")
        return {"refresh_token": self.tokens.refresh(place, client.id)}

    def _by_refresh(self, client: SbClient, form: _Form, place: str) -> dict[str, object]:
        refresh = self.tokens.refreshed(_needed(form, "refresh_token"))
        if refresh is None or refresh.client_id != client.id or not refresh.serves(place):
            raise SignInRefusedError("invalid_grant")
        return {}


_GRANTS: Mapping[str, Callable[[TokenEndpoint, SbClient, _Form, str], dict[str, object]]] = {
    "authorization_code": TokenEndpoint._by_code,
    "refresh_token": TokenEndpoint._by_refresh,
}


def _needed(form: _Form, name: str) -> str:
    values = form.getlist(name)
    if len(values) != 1 or not values[0]:
        raise SignInRefusedError("invalid_request", f"{name} must be there once.")
    return values[0]


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
