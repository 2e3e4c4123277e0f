"""The authorization endpoint of SB: a login page, and the way back with a code. Source: small-business.md 1.

All parameters are mandatory, the challenge is S256. What a request without one of them gets is inferred: a page while
it is not known where to send the browser back to, then an error of RFC 6749.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from werkzeug import Request, Response
from werkzeug.datastructures import MultiDict

from afas_soap.emulator.oauth.pages import html
from afas_soap.emulator.sb.signin.clients import SbClient
from afas_soap.emulator.sb.signin.problems import SignInRefusedError
from afas_soap.emulator.sb.signin.tokens import Tokens

_CHALLENGE = re.compile("[A-Za-z0-9_-]{43}")
_PARAMETERS = ("response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method")
_BUTTONS = {html.CANCEL: "access_denied", html.FAIL: "server_error"}


@dataclass(frozen=True, slots=True)
class AuthorizePage:
    """Answers ``GET`` and ``POST`` of ``app/auth`` below a place."""

    clients: Mapping[str, SbClient]
    tokens: Tokens

    def respond(self, request: Request, place: str) -> Response:
        """The login page, or what follows from it."""
        values = request.form if request.method == "POST" else request.args
        client = self.clients.get(values.get("client_id", ""))
        if client is None:
            return html.refused("client_id: no app of this id may sign persons in here.")
        if not client.redirects_to(values.get("redirect_uri", "")):
            return html.refused("redirect_uri: it is not one of this app's.")
        try:
            return self._answer(request, values, place)
        except SignInRefusedError as refused:
            return _back(values, refused.document())

    def _answer(self, request: Request, values: MultiDict[str, str], place: str) -> Response:
        _check(values)
        if request.method != "POST":
            return html.login(values["client_id"], {name: values[name] for name in _PARAMETERS}, what=f"SB ({place})")
        done = values.get("do", "")
        if done != html.SIGN_IN:
            raise SignInRefusedError(_BUTTONS.get(done, "invalid_request"))
        code = self.tokens.code(place, values["client_id"], values["redirect_uri"], values["code_challenge"])
        return _back(values, {"code": code})


def _check(values: MultiDict[str, str]) -> None:
    for name in _PARAMETERS:
        if len(values.getlist(name)) != 1 or not values[name]:
            raise SignInRefusedError("invalid_request", f"{name} must be there once.")
    if values["response_type"] != "code":
        raise SignInRefusedError("unsupported_response_type")
    if values["code_challenge_method"] != "S256" or not _CHALLENGE.fullmatch(values["code_challenge"]):
        raise SignInRefusedError("invalid_request", "A code_challenge with code_challenge_method S256 is needed.")


def _back(values: MultiDict[str, str], parameters: Mapping[str, str]) -> Response:
    query = urlencode({**parameters, "state": values.get("state", "")})
    parts = urlsplit(values["redirect_uri"])
    whole = f"{parts.query}&{query}" if parts.query else query
    return html.private(Response(b"", status=302, headers={"Location": parts._replace(query=whole).geturl()}))
