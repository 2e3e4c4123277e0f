"""Access control in front of the connectors: who comes with an AfasToken, or with nothing, is told apart from who comes
with OAuth. For the first of those the authorization server is loaded, and the cryptography that it takes."""

from __future__ import annotations

import importlib
import threading
from typing import TYPE_CHECKING

from werkzeug import Request, Response

from afas_soap.emulator.dialects import Dialect
from afas_soap.emulator.http.answers import bare
from afas_soap.emulator.oauth import challenge
from afas_soap.emulator.oauth.setup import Entry, SignIn

if TYPE_CHECKING:
    from afas_soap.emulator.oauth.authorization import AuthorizationServer


class Entrance:
    """What the hosts ask of every request."""

    def __init__(self, sign_in: SignIn, dialect: Dialect) -> None:
        self._sign_in = sign_in
        self._dialect = dialect
        self._server: AuthorizationServer | None = None
        self._loading = threading.Lock()
        if sign_in.clients is not None:
            # Clients that cannot be registered are refused at once.
            self.server()

    def server(self) -> AuthorizationServer:
        """The authorization server, one for as long as this stands."""
        with self._loading:
            if self._server is None:
                module = importlib.import_module("afas_soap.emulator.oauth.authorization")
                self._server = module.AuthorizationServer(self._sign_in, self._dialect)
            return self._server

    def is_for(self, path: str) -> bool:
        """Whether a path behind ``/ProfitRestServices/`` is one of the authorization server's."""
        return path.lower() in ("oauth/token", "oauth/authorize")

    @property
    def classic(self) -> bool:
        """Whether the app connector takes an AfasToken."""
        return self._sign_in.auth != "oauth"

    def challenge(self) -> Response | None:
        """The answer to who shows nothing; None where OAuth does not say it (before Profit 9, and in front of a classic
        app connector: inferred)."""
        if self._dialect.since9 and self._sign_in.auth != "classic":
            return challenge.offered()
        return None if self.classic else bare(401)

    def enter(self, request: Request) -> Entry:
        """Look at the access token of a request. Raises ``ReplayStoreDown``."""
        scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
        if not token.strip() or not self._dialect.oauth or scheme.lower() not in ("bearer", "dpop"):
            return Entry()
        return self.server().resource_server.enter(request, scheme.lower(), token.strip())
