"""The authorization endpoint: a login page, and the way back with a code (authentication.md, "Authorization code")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from werkzeug import Request, Response
from werkzeug.datastructures import MultiDict

from afas_soap.emulator.oauth.clients.registration import Client, Kind
from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.oauth.pages import html
from afas_soap.emulator.oauth.refusal import OAuthRefused
from afas_soap.emulator.oauth.tokens.issued import CODE_LIFE, Code, Tokens

_CHALLENGE = re.compile("[A-Za-z0-9_-]{43}")
_PARAMETERS = ("response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method")
_BUTTONS = {html.CANCEL: "access_denied", html.FAIL: "server_error"}


@dataclass(frozen=True, slots=True)
class _Back:
    """Where the browser is sent when it is done; an empty ``state`` is none (authentication.md)."""

    client: Client
    redirect_uri: str
    state: str

    def to(self, parameters: Mapping[str, str]) -> Response:
        query = urlencode({**parameters, **({"state": self.state} if self.state else {})})
        parts = urlsplit(self.redirect_uri)
        whole = f"{parts.query}&{query}" if parts.query else query
        return html.private(Response(b"", status=302, headers={"Location": parts._replace(query=whole).geturl()}))


class _NotProven(Exception):  # noqa: N818 - it is an answer
    """Nobody is sent to an address that is not known to be the client's: this is for a page."""


@dataclass(frozen=True, slots=True)
class AuthorizeEndpoint:
    """Answers ``GET`` and ``POST /oauth/authorize``."""

    clients: Mapping[str, Client]
    tokens: Tokens
    clock: Clock
    since9: bool

    def respond(self, request: Request) -> Response:
        """The login page, or what follows from it."""
        values = request.form if request.method == "POST" else request.args
        try:
            back = self._back(values)
        except _NotProven as error:
            return html.refused(str(error))
        try:
            return self._answer(request, values, back)
        except OAuthRefused as refused:
            # Before Profit 9 nobody was sent back with an error; what was shown instead is inferred.
            return back.to(refused.document()) if self.since9 else html.refused(refused.error)

    def _back(self, values: MultiDict[str, str]) -> _Back:
        client = self.clients.get(_once(values, "client_id"))
        if client is None or client.kind is Kind.SERVICE or (client.kind is Kind.PUBLIC and not self.since9):
            raise _NotProven("client_id: no client of this id may sign persons in here.")
        redirect_uri = _once(values, "redirect_uri")
        if not client.redirects_to(redirect_uri):
            raise _NotProven("redirect_uri: it is not one that this client has registered, port and path included.")
        return _Back(client, redirect_uri, values.get("state", ""))

    def _answer(self, request: Request, values: MultiDict[str, str], back: _Back) -> Response:
        challenge = _challenge(values)
        if request.method != "POST":
            return html.login(back.client.id, {name: values[name] for name in _PARAMETERS if name in values})
        done = values.get("do", "")
        if done in _BUTTONS:
            raise OAuthRefused(_BUTTONS[done])
        if done != html.SIGN_IN:
            raise OAuthRefused("invalid_request")
        code = Code(back.client.id, back.redirect_uri, challenge, self.clock() + CODE_LIFE)
        return back.to({"code": self.tokens.give_code(code)})


def _once(values: MultiDict[str, str], name: str) -> str:
    given = values.getlist(name)
    if len(given) != 1:
        raise _NotProven(f"{name}: it must be there once.")
    return given[0]


def _challenge(values: MultiDict[str, str]) -> str:
    """The challenge of a request that has all it needs."""
    if any(len(values.getlist(name)) > 1 for name in values):
        raise OAuthRefused("invalid_request", "A parameter is repeated.")
    if not values.get("response_type"):
        raise OAuthRefused("invalid_request", "response_type is missing.")
    if values["response_type"] != "code":
        raise OAuthRefused("unsupported_response_type")
    if values.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(values.get("code_challenge", "")):
        raise OAuthRefused("invalid_request", "A code_challenge with code_challenge_method S256 is needed.")
    return values["code_challenge"]
