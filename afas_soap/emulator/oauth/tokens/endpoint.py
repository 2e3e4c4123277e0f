"""The token endpoint: three grants (authentication.md, "Client credentials" and "Authorization code with PKCE")."""

from __future__ import annotations

import hmac
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping

from werkzeug import Request

from afas_soap.emulator.oauth.addresses import same_redirect
from afas_soap.emulator.oauth.clients.authentication import ClientAuthentication
from afas_soap.emulator.oauth.clients.registration import Client, Kind
from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.oauth.jose import digest
from afas_soap.emulator.oauth.refusal import OAuthRefused
from afas_soap.emulator.oauth.tokens.dpop import Proof, Proofs, Verdict
from afas_soap.emulator.oauth.tokens.issued import Access, Chain, Tokens
from afas_soap.limits import CHAIN_SECONDS

ACCESS_LIFE = 3600
"""Seconds an access token lives."""

FORM = "application/x-www-form-urlencoded"
_VERIFIER = re.compile("[A-Za-z0-9._~-]{43,128}")
_UNPROVEN = Proof(Verdict.GOOD)

Form = Mapping[str, str]
Granted = tuple[dict[str, object], str | None]
"""The document of an answer, and a newer nonce."""


class TokenEndpoint:
    """Answers ``POST /oauth/token``. ``granted`` counts what was given, by ``grant_type``."""

    def __init__(self, authentication: ClientAuthentication, tokens: Tokens, proofs: Proofs, clock: Clock) -> None:
        self.granted: Counter[str] = Counter()
        self._authentication = authentication
        self._tokens = tokens
        self._proofs = proofs
        self._clock = clock
        self._lock = threading.Lock()

    def grant(self, request: Request) -> Granted:
        """The document of the answer, and a newer nonce. Raises ``OAuthRefused``.

        The nonce is looked at before anything that can be used only once: the request may then come again as it was.
        """
        form = _form(request)
        kind = _needed(form, "grant_type")
        grant = _GRANTS.get(kind)
        if grant is None:
            raise OAuthRefused("unsupported_grant_type")
        proof = self._proof(request)
        client = self._authentication.client(request, form)
        if client.needs_dpop and not proof.key:
            raise OAuthRefused("invalid_dpop_proof", "This client needs DPoP.")
        document = grant(self, client, form, proof.key or None)
        with self._lock:
            self.granted[kind] += 1
        return document, proof.nonce

    def _proof(self, request: Request) -> Proof:
        if not self._authentication.since9 or "DPoP" not in request.headers:
            return _UNPROVEN
        proof = self._proofs.look_at(request)
        if proof.verdict is Verdict.BAD:
            raise OAuthRefused("invalid_dpop_proof")
        if proof.verdict is Verdict.OTHER_NONCE:
            raise OAuthRefused("use_dpop_nonce", headers={"DPoP-Nonce": proof.nonce or ""})
        return proof

    def _by_credentials(self, client: Client, _form: Form, key: str | None) -> dict[str, object]:
        if client.kind is not Kind.SERVICE:
            raise OAuthRefused("unauthorized_client")
        return self._access(client, key)

    def _by_code(self, client: Client, form: Form, key: str | None) -> dict[str, object]:
        text, redirect_uri, verifier = (_needed(form, name) for name in ("code", "redirect_uri", "code_verifier"))
        if client.kind is Kind.SERVICE:
            raise OAuthRefused("unauthorized_client")
        if not _VERIFIER.fullmatch(verifier):
            raise OAuthRefused("invalid_request", "code_verifier: 43 to 128 letters, digits, or - . _ ~")
        # Whoever shows a code has used it, also with a wrong verifier (inferred: the safer reading).
        code = self._tokens.spend_code(text)
        if (
            code is None
            or code.client_id != client.id
            or not same_redirect(code.redirect_uri, redirect_uri)
            or not hmac.compare_digest(code.challenge.encode(), digest(verifier).encode())
        ):
            raise OAuthRefused("invalid_grant")
        return self._chained(client, Chain(client.id, key, self._clock() + CHAIN_SECONDS))

    def _by_refresh(self, client: Client, form: Form, key: str | None) -> dict[str, object]:
        text = _needed(form, "refresh_token")
        chain = self._tokens.chain(text)
        if chain is None or chain.client_id != client.id:
            raise OAuthRefused("invalid_grant")
        if chain.key != key:
            # Another key than the chain's, or none (inferred; RFC 9449 5 demands a refusal and names no code).
            raise OAuthRefused("invalid_grant", "The DPoP key is not that of this refresh token.")
        if self._tokens.spend_refresh(text) is None:
            raise OAuthRefused("invalid_grant")
        return self._chained(client, chain)

    def _chained(self, client: Client, chain: Chain) -> dict[str, object]:
        """An access token and the next refresh token, which ends when the chain does."""
        return {**self._access(client, chain.key), "refresh_token": self._tokens.give_refresh(chain)}

    def _access(self, client: Client, key: str | None) -> dict[str, object]:
        token = self._tokens.give_access(Access(client.id, key, self._clock() + ACCESS_LIFE))
        return {"access_token": token, "token_type": "DPoP" if key else "Bearer", "expires_in": ACCESS_LIFE}


def _form(request: Request) -> Form:
    """The parameters; one without a value is none (RFC 6749 3.2)."""
    if request.mimetype != FORM:
        raise OAuthRefused("invalid_request", f"The body is {FORM}.")
    if any(len(values) > 1 for _, values in request.form.lists()):
        raise OAuthRefused("invalid_request", "A parameter is repeated.")
    return {name: value for name, value in request.form.items() if value}


def _needed(form: Form, name: str) -> str:
    if name not in form:
        raise OAuthRefused("invalid_request", f"{name} is missing.")
    return form[name]


_GRANTS: Mapping[str, Callable[[TokenEndpoint, Client, Form, str | None], dict[str, object]]] = {
    "client_credentials": TokenEndpoint._by_credentials,
    "authorization_code": TokenEndpoint._by_code,
    "refresh_token": TokenEndpoint._by_refresh,
}
