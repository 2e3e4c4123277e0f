"""Client assertions (private_key_jwt): every rule of authentication.md, "Client authentication"."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from afas_soap.emulator.oauth.addresses import same_target
from afas_soap.emulator.oauth.clients.registration import Client
from afas_soap.emulator.oauth.jose import BadToken, header_of, moment, unproven_claims, verified_claims
from afas_soap.emulator.oauth.tokens.replay import ReplayStore
from afas_soap.limits import ASSERTION_MOST, CLOCK_SKEW

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_LOG = logging.getLogger("afas_soap.emulator")


@dataclass(frozen=True, slots=True)
class Assertions:
    """Checks assertions of ``clients``; what was used once is kept in ``replay``."""

    clients: Mapping[str, Client]
    replay: ReplayStore

    def client(self, text: str, token_url: str, now: float) -> Client | None:
        """Whose assertion this is, which is spent by it; None when it proves nothing."""
        try:
            return self._client(text, token_url, now)
        except BadToken as error:
            # The reason goes here only: AFAS gives none (inferred from "invalid_client").
            _LOG.debug("assertion refused: %s", error)
            return None

    def _client(self, text: str, token_url: str, now: float) -> Client:
        header = header_of(text)
        client = self.clients.get(str(unproven_claims(text).get("sub")))
        if client is None:
            raise BadToken("sub: there is no such client")
        claims = self._verified(text, header, client, now)
        if claims.get("iss") != client.id:
            raise BadToken("iss and sub are both the client id")
        _check_audience(header, claims, token_url)
        until = _check_times(claims, now)
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise BadToken("jti: a text is needed")
        if not self.replay.is_new(client.id, jti, until):
            raise BadToken("jti: it was used before")
        return client

    def _verified(self, text: str, header: Mapping[str, object], client: Client, now: float) -> Mapping[str, object]:
        keys = client.keys.named_by(header, now)
        for position, key in enumerate(keys, 1):
            try:
                return verified_claims(text, key.public)
            except BadToken:
                if position == len(keys):
                    raise
        raise BadToken("no key of the client has this kid, this x5t#S256 and this algorithm, and is valid")


def _check_audience(header: Mapping[str, object], claims: Mapping[str, object], token_url: str) -> None:
    """The base URL, or with ``typ: JWT`` the token URL as well. One without ``typ`` is refused (inferred)."""
    base_url = token_url.removesuffix("/oauth/token")
    allowed: Mapping[str, Sequence[str]] = {
        "jwt": (token_url, base_url),
        "client-authentication+jwt": (base_url,),
    }
    typ = str(header.get("typ")).lower()
    if typ not in allowed:
        raise BadToken("typ: JWT or client-authentication+jwt")
    audience = claims.get("aud")
    if typ == "jwt" and isinstance(audience, list) and len(audience) == 1:
        # A list is as good as a text in a JWT in general; that AFAS takes one is inferred.
        audience = audience[0]
    if not isinstance(audience, str) or not any(same_target(audience, url) for url in allowed[typ]):
        raise BadToken("aud: it is for somebody else")


def _check_times(claims: Mapping[str, object], now: float) -> float:
    """Until when the assertion might be used again."""
    issued, ends, begins = (moment(claims, name) for name in ("iat", "exp", "nbf"))
    if issued is None or issued > now + CLOCK_SKEW:
        raise BadToken("iat: it is not there, or ahead")
    if ends is None or ends <= now - CLOCK_SKEW:
        raise BadToken("exp: it is not there, or past")
    if ends > now + ASSERTION_MOST + CLOCK_SKEW:
        raise BadToken("exp: it is more than 5 minutes ahead")
    if begins is not None and begins > now + CLOCK_SKEW:
        raise BadToken("nbf: it is ahead")
    return ends + CLOCK_SKEW
