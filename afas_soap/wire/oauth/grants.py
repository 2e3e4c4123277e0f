"""Token requests: the grants of one environment's token endpoint, as forms (RFC 6749, 4 and 6; authentication.md)."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable

import requests

from afas_soap.errors import AnswerError, SettingsError
from afas_soap.profit.access.credentials import AuthorizationCode, OAuth
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.http.authorizer import Signature, SignedWith, Way
from afas_soap.wire.http.link import Link, shown
from afas_soap.wire.http.retry import Patience, repeated
from afas_soap.wire.oauth.clientauth import ClientProof, Fields
from afas_soap.wire.oauth.clock import Clock
from afas_soap.wire.oauth.dpop import DpopKey
from afas_soap.wire.oauth.pkce import authorization_request
from afas_soap.wire.oauth.tokenanswer import Grant, granted
from afas_soap.wire.oauth.tokenpost import TokenPost

AUTHORIZE = "oauth/authorize"
TOKEN = "oauth/token"  # noqa: S105 - a path


class TokenEndpoint:
    """The token endpoint of one environment, for one client. ``key`` is there when tokens are to be bound to it.

    Every grant raises ``SignInError`` when AFAS says no, ``Busy`` when it is away, ``TransportError`` when nothing came
    back, ``AnswerError`` for what is no token answer, and ``SettingsError`` for a private key that is none.
    """

    def __init__(
        self,
        link: Link,
        credential: OAuth,
        way: Way,
        *,
        key: DpopKey | None = None,
        clock: Clock | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not link.rest_url:
            raise SettingsError("rest_url: OAuth signs in at the REST address, over SOAP as well, and none is set.")
        self.key = key
        self.clock = clock if clock is not None else Clock()
        self._link = link
        self._credential = credential
        self._way = way
        self._sleep = sleep
        self._patience = link.retry_total
        self._url = f"{link.rest_url}/{TOKEN}"
        self._proof = ClientProof(credential, link.rest_url, self._url)

    def again(self, way: Way, key: DpopKey | None, *, patient: bool = True) -> TokenEndpoint:
        """The same endpoint over ``way``, for tokens that are bound to ``key``; the client's own key is not read anew.
        One that is not ``patient`` asks once, whatever a link says."""
        other = copy.copy(self)
        other._way, other.key = way, key
        other._patience = self._link.retry_total if patient else 0.0
        return other

    def by_client_credentials(self) -> Grant:
        """A token for the service itself. Asked again when nothing came back: a grant that got lost does no harm."""
        return self._granted({"grant_type": "client_credentials"}, single=False)

    def by_code(self, code: Secret, verifier: Secret) -> Grant:
        """A token for the person who just signed in. A code is used once: what may have arrived is not repeated."""
        assert isinstance(self._credential, AuthorizationCode), "only a person signs in with a browser"
        return self._granted(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._credential.redirect_uri,
                "code_verifier": verifier,
            },
            single=True,
        )

    def by_refresh(self, refresh_token: Secret) -> Grant:
        """A new token, and a new refresh token in place of this one, which is used up. Repeated as a code is."""
        return self._granted({"grant_type": "refresh_token", "refresh_token": refresh_token}, single=True)

    def authorization_request(self, state: str) -> tuple[str, Secret]:
        """The address to open in a browser, and the PKCE verifier that belongs to it."""
        assert isinstance(self._credential, AuthorizationCode), "only a person signs in with a browser"
        return authorization_request(f"{self._link.rest_url}/{AUTHORIZE}", self._credential, state)

    def _granted(self, fields: Fields, *, single: bool) -> Grant:
        patience = Patience(read=not single, total=self._patience, sleep=self._sleep)
        return repeated(lambda: self._once(fields), patience)

    def _once(self, fields: Fields) -> Grant:
        timed = self.key is not None or self._proof.timed
        post = TokenPost(self._way, self.key, self.clock, link=self._link, timed=timed)
        grant = granted(post.ask(self._url, lambda issued: self._request(fields, issued)).body)
        if grant is None:
            raise AnswerError(f"{shown(self._url)} gave an answer that is neither a token nor an error of OAuth.")
        return self._checked(grant)

    def _request(self, fields: Fields, issued: int) -> requests.Request:
        """One request, with the client's proof and that of the key, both new each time. What goes into it in clear is
        given no name here: a traceback may show what names stand for."""
        return requests.Request(
            "POST",
            self._url,
            data=_in_clear({**fields, **self._proof.fields(issued)}),
            headers={"Accept": "application/json"},
            auth=SignedWith(lambda method, url: self._headers(method, url, issued)),
        )

    def _headers(self, method: str, url: str, issued: int) -> Signature:
        proof = {} if self.key is None else {"DPoP": self.key.proof(method, url, issued)}
        return Signature({**self._proof.headers(), **proof}, issued)

    def _checked(self, grant: Grant) -> Grant:
        if self._credential.dpop and grant.kind != "DPoP":
            raise AnswerError(
                "AFAS gave a Bearer token where one bound to a DPoP key was asked for, and it is not used: leave dpop "
                "out, or check that this Profit has it (9 or newer)."
            )
        if grant.kind == "DPoP" and self.key is None:
            raise AnswerError("AFAS gave a token that is bound to a DPoP key, and none was shown: set dpop.")
        return grant


def _in_clear(fields: Fields) -> list[tuple[str, str]]:
    return [(name, value.reveal() if isinstance(value, Secret) else value) for name, value in fields.items()]
