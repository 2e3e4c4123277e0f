"""Token requests to AFAS SB: the code of a person, a refresh token that stays, an app token (small-business.md 1).

The guide and AFAS' OpenAPI file contradict each other in form and addresses. Sent is the form of the guide. At an Admin
Center the address below ``/admin`` is asked first, and the one beside it only where the first is not there (404, 405):
a secret is not tried on addresses.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import urlsplit

import requests

from afas_soap.errors import AfasError, AnswerError, Busy, NotFound, SignInError, printable
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.credentials import AppToken, SbCredential
from afas_soap.sb.errorbody import refusal_in
from afas_soap.wire.http.authorizer import SignedWith, TokenReply, Way
from afas_soap.wire.http.judge import Answered, is_success
from afas_soap.wire.http.link import Link, shown
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.retry import Patience, Repeatable, repeated
from afas_soap.wire.oauth.challenge import oauth_error
from afas_soap.wire.oauth.pkce import authorization_request
from afas_soap.wire.oauth.tokenanswer import Grant, app_granted, granted
from afas_soap.wire.sb.judge import SB

_AUTHORIZE = "app/auth"
_TOKEN = "app/token"  # noqa: S105 - a path
_APP_TOKEN = "authentication/getaccesstoken"  # noqa: S105 - a path
_ELSEWHERE = (404, 405)
_JSON = "application/json"
_ADVICE: Mapping[str, str] = {
    "invalid_grant": (
        "The code or refresh token was used before, ran out or was withdrawn in AFAS SB, or is another client's: sign "
        "in again ('afas auth login')."
    ),
    "invalid_client": "The client is not known there, or its secret is another one: check client_id and the secret.",
    "invalid_request": "SB misses something: check redirect_uri against the one that AFAS has.",
    "access_denied": "Whoever signed in did not allow it, or may not.",
}
_APP_ADVICE = "Check the app token and its scope ('afas sb scopes'): an accountancy environment wants one."
_CLIENT_ADVICE = "Check client_id, the client's secret, and the environment."

Form = Mapping[str, str | Secret]
"""What is sent; what must not show is a ``Secret``."""


class Reads(Protocol):
    """Reads the body of a success."""

    def __call__(self, body: bytes) -> Grant | None:
        """The grant, None for what is none."""
        ...


class SbTokens:
    """The token endpoint of the environment that is the link's ``rest_url``, for one client.

    Every grant raises ``SignInError`` when SB says no, ``NotFound`` when there is no such environment, ``Busy`` when it
    is away, ``TransportError`` when nothing came back, and ``AnswerError`` for what is no token answer.
    """

    def __init__(
        self,
        link: Link,
        credential: SbCredential,
        way: Way,
        *,
        patient: bool = True,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._link = link
        self._credential = credential
        self._way = way
        self._patience = link.retry_total if patient else 0.0
        self._sleep = sleep

    def authorization_request(self, state: str) -> tuple[str, Secret]:
        """The address to open in a browser, and the PKCE verifier that belongs to it."""
        return authorization_request(f"{self._link.rest_url}/{_AUTHORIZE}", self._person, state)

    def by_code(self, code: Secret, verifier: Secret) -> Grant:
        """A token for the person who just signed in. A code is used once: what may have arrived is not repeated."""
        redirect = self._person.redirect_uri
        told: Form = {"redirect_uri": redirect, "code": code, "code_verifier": verifier}
        return self._by_client({"grant_type": "authorization_code", **told}, single=True)

    def by_refresh(self, refresh_token: Secret) -> Grant:
        """A new access token for this environment. The refresh token stays good, so it is asked again as any read."""
        return self._by_client({"grant_type": "refresh_token", "refresh_token": refresh_token}, single=False)

    def by_app_token(self) -> Grant:
        """An access token for the scope of an app token; without a scope, an identity token. How the answer is spelt,
        and how long it lasts, is documented nowhere (about ten minutes)."""
        credential = self._credential
        assert isinstance(credential, AppToken), "asked of who has one"
        scope = {} if credential.scope is None else {"scope": credential.scope}
        fields: Form = {"apptoken": credential.token, **scope}
        return self._granted(lambda url: _as_json(url, fields), _APP_TOKEN, app_granted, single=False)

    @property
    def _person(self) -> AuthorizationCode:
        credential = self._credential
        assert isinstance(credential, AuthorizationCode), "only a person signs in with a browser"
        return credential

    def _by_client(self, form: Form, *, single: bool) -> Grant:
        proof = self._person.proof
        secret = {"client_secret": proof.secret} if isinstance(proof, ClientSecret) else {}
        fields: Form = {**form, "client_id": self._person.client_id, **secret}
        return self._granted(lambda url: _as_form(url, fields), _TOKEN, granted, single=single)

    def _granted(self, made: Callable[[str], requests.Request], path: str, read: Reads, *, single: bool) -> Grant:
        patience = Patience(read=not single, total=self._patience, sleep=self._sleep)
        reply, url = repeated(lambda: self._asked(made, path), patience)
        grant = read(reply.body)
        if grant is None or grant.kind != "Bearer":
            raise AnswerError(f"{shown(url)} gave an answer that is neither a token nor an error.")
        return grant

    def _asked(self, made: Callable[[str], requests.Request], path: str) -> tuple[TokenReply, str]:
        """The success, and the address that gave it."""
        urls = forms_of(self._link.rest_url, path)
        for url in urls:
            try:
                reply = self._way.post(made(url))
                problem = None if is_success(reply.status) else self._problem(reply, url)
            except (AfasError, Repeatable) as broken:
                # Without where it was raised: the names in those frames stand for what came.
                problem = broken.with_traceback(None)
            else:
                if problem is None:
                    return reply, url
                if reply.status in _ELSEWHERE and url != urls[-1]:
                    continue
            break
        assert problem is not None, "there is an address, and it gave no token"
        raise problem

    def _problem(self, reply: TokenReply, url: str) -> AfasError | Repeatable:
        """What an answer stands for that is no success."""
        told = oauth_error(reply.status, reply.headers, reply.body)
        if told is not None:
            said = f"{told.error}: {told.description}" if told.description else told.error
            # Advice is about a person and a client, and an app token is neither.
            advice = self._advice if isinstance(self._credential, AppToken) else _ADVICE.get(told.error, self._advice)
            message = f"SB said no ({printable(said).removesuffix('.')}). {advice}"
            return SignInError(message, error=told.error, error_description=told.description)
        if reply.status in (400, 401, 403):
            refusal = refusal_in(reply.body, reply.status)
            said = f" ({refusal.message.removesuffix('.')})" if refusal is not None else f" ({reply.status})"
            return SignInError(f"SB did not let us in{said}. {self._advice}")
        if reply.status in _ELSEWHERE:
            what = f"There is no sign-in of AFAS SB at {shown(url)} ({reply.status}): check the customer environment."
            return NotFound(what, status=reply.status)
        request = Request(Accepts.JSON, "token", None, url, read=False, verb="POST")
        error = SB.error(request, Answered(reply.status, reply.headers, reply.body, None), self._link.environment)
        return Repeatable(error) if isinstance(error, Busy) else error

    @property
    def _advice(self) -> str:
        return _APP_ADVICE if isinstance(self._credential, AppToken) else _CLIENT_ADVICE


def forms_of(base: str, path: str) -> Sequence[str]:
    """Where something of the environment at ``base`` is asked: of an Admin Center the other form as well, which stands
    beside it at the server (the guide against other places)."""
    parts = urlsplit(base)
    if parts.path.lower() != "/admin":
        return (f"{base}/{path}",)
    return f"{base}/{path}", f"{parts.scheme}://{parts.netloc}/{path}"


def _as_form(url: str, fields: Form) -> requests.Request:
    """What goes into it in clear is given no name here: a traceback may show what names stand for."""
    return requests.Request(
        "POST",
        url,
        data=[(name, value.reveal() if isinstance(value, Secret) else value) for name, value in fields.items()],
        headers={"Accept": _JSON},
        auth=SignedWith(None),
    )


def _as_json(url: str, fields: Form) -> requests.Request:
    return requests.Request(
        "POST",
        url,
        data=json.dumps(
            {name: value.reveal() if isinstance(value, Secret) else value for name, value in fields.items()}
        ),
        headers={"Accept": _JSON, "Content-Type": _JSON},
        auth=SignedWith(None),
    )
