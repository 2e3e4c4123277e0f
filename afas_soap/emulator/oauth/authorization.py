"""The authorization server as a whole: what stands below ``/ProfitRestServices/oauth``, and its resource server."""

from __future__ import annotations

from collections import Counter

from werkzeug import Request, Response

from afas_soap.emulator.dialects import Dialect
from afas_soap.emulator.http.answers import bare
from afas_soap.emulator.oauth import challenge
from afas_soap.emulator.oauth.clients.assertions import Assertions
from afas_soap.emulator.oauth.clients.authentication import ClientAuthentication
from afas_soap.emulator.oauth.clients.demo import DEMO_CLIENTS
from afas_soap.emulator.oauth.clients.registration import registered
from afas_soap.emulator.oauth.pages.authorize import AuthorizeEndpoint
from afas_soap.emulator.oauth.refusal import OAuthRefused
from afas_soap.emulator.oauth.resource_server import ResourceServer
from afas_soap.emulator.oauth.setup import SignIn
from afas_soap.emulator.oauth.tokens.dpop import Proofs
from afas_soap.emulator.oauth.tokens.endpoint import TokenEndpoint
from afas_soap.emulator.oauth.tokens.issued import Tokens
from afas_soap.emulator.oauth.tokens.nonces import Nonces
from afas_soap.emulator.oauth.tokens.replay import ReplayStore


class AuthorizationServer:
    """``resource_server`` is for the connectors; ``replay`` can be put out of order while the emulator runs."""

    def __init__(self, sign_in: SignIn, dialect: Dialect) -> None:
        # A classic app connector has no clients (inferred), so its environment knows none here.
        clients = registered(
            () if sign_in.auth == "classic" else DEMO_CLIENTS if sign_in.clients is None else sign_in.clients
        )
        clock = sign_in.clock
        self.tokens = Tokens(clock)
        self.replay = ReplayStore(clock, down=sign_in.replay_down)
        proofs = Proofs(clock, Nonces(clock), self.replay)
        authentication = ClientAuthentication(clients, Assertions(clients, self.replay), clock, dialect.since9)
        self.resource_server = ResourceServer(dialect, sign_in.auth, sign_in.nonce, self.tokens, proofs)
        self._dialect = dialect
        self._token = TokenEndpoint(authentication, self.tokens, proofs, clock)
        self._authorize = AuthorizeEndpoint(clients, self.tokens, clock, dialect.since9)

    @property
    def granted(self) -> Counter[str]:
        """How many tokens were given, by ``grant_type``."""
        return self._token.granted

    def respond(self, request: Request, path: str) -> Response:
        """The answer to a request that is for this server. Raises ``ReplayStoreDown``."""
        if not self._dialect.oauth:
            return bare(404)
        if path.lower() == "oauth/authorize":
            return self._authorize.respond(request) if request.method in ("GET", "HEAD", "POST") else bare(405)
        return self._token_answer(request) if request.method == "POST" else bare(405)

    def _token_answer(self, request: Request) -> Response:
        try:
            document, nonce = self._token.grant(request)
        except OAuthRefused as refused:
            return challenge.oauth_error(refused)
        answer = challenge.oauth_answer(document)
        if nonce is not None:
            answer.headers["DPoP-Nonce"] = nonce
        return answer
