"""Client authentication: which client asks for a token, and whether it is the one (authentication.md)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from werkzeug import Request

from afas_soap.emulator.oauth.addresses import TOKEN, origin
from afas_soap.emulator.oauth.clients.assertions import ASSERTION_TYPE, Assertions
from afas_soap.emulator.oauth.clients.registration import Client, Kind
from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.oauth.refusal import OAuthRefused


@dataclass(frozen=True, slots=True)
class ClientAuthentication:
    """Checks the proof of a token request: a secret in the body, or with ``since9`` in Basic, or an assertion; or none,
    which is enough for a public client."""

    clients: Mapping[str, Client]
    assertions: Assertions
    clock: Clock
    since9: bool

    def client(self, request: Request, form: Mapping[str, str]) -> Client:
        """The client that asks. Raises ``OAuthRefused``: ``invalid_request`` on two proofs at once, else
        ``invalid_client``."""
        basic = _basic(request) if self.since9 else None
        asserted = self.since9 and ("client_assertion" in form or "client_assertion_type" in form)
        if (basic is not None) + asserted + ("client_secret" in form) > 1:
            raise OAuthRefused("invalid_request", "More than one way of client authentication.")
        if basic is not None:
            return self._by_basic(basic, form)
        if asserted:
            return self._by_assertion(request, form)
        client = self.clients.get(form.get("client_id", ""))
        if client is None or not self._in_body(client, form):
            raise OAuthRefused("invalid_client")
        return client

    def _in_body(self, client: Client, form: Mapping[str, str]) -> bool:
        """Whether what stands in the body is enough; a public client that sends a secret is none (inferred)."""
        if client.kind is Kind.PUBLIC:
            return self.since9 and "client_secret" not in form
        return client.has_secret(form.get("client_secret", ""), self.clock())

    def _by_basic(self, header: str, form: Mapping[str, str]) -> Client:
        client_id, secret = _unpacked(header)
        client = self.clients.get(client_id)
        if (
            client is None
            or not client.has_secret(secret, self.clock())
            or form.get("client_id", client_id) != client_id
        ):
            raise OAuthRefused("invalid_client", status=401, headers={"WWW-Authenticate": "Basic"})
        return client

    def _by_assertion(self, request: Request, form: Mapping[str, str]) -> Client:
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_assertion" not in form:
            raise OAuthRefused("invalid_request", "client_assertion and client_assertion_type go together.")
        client = self.assertions.client(form["client_assertion"], origin(request) + TOKEN, self.clock())
        if client is None or form.get("client_id", client.id) != client.id:
            raise OAuthRefused("invalid_client")
        return client


def _basic(request: Request) -> str | None:
    scheme, _, value = request.headers.get("Authorization", "").strip().partition(" ")
    return value.strip() if scheme.lower() == "basic" else None


def _unpacked(header: str) -> tuple[str, str]:
    """Id and secret, each form-url-encoded before the colon was put between them; nothing when it is not so."""
    try:
        user, colon, password = base64.b64decode(header, validate=True).decode().partition(":")
        if not colon:
            return "", ""
        return unquote_plus(user, errors="strict"), unquote_plus(password, errors="strict")
    except ValueError:
        return "", ""
