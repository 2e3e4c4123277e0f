"""The SB host: which address is what, who may ask, and which operation a request is.

Addresses are taken in any case (inferred, small-business.md 1). A request without ``Accept-Version`` gets the newest
version, one with a version that there is not a 400 (both inferred, 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug import Request, Response

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.refusals import Refused
from afas_soap.emulator.sb import reading, writing
from afas_soap.emulator.sb.answers import (
    SbRefusedError,
    answered,
    bad,
    empty,
    no_rights,
    not_allowed,
    not_found,
    not_signed_in,
    refused,
)
from afas_soap.emulator.sb.blobs.requests import METHODS, BlobCalls
from afas_soap.emulator.sb.environment import CustomerEnvironment, Environments
from afas_soap.emulator.sb.setup import ADMIN, ROOT, SbSetup, located
from afas_soap.emulator.sb.signin.authentication import Authentication
from afas_soap.emulator.sb.signin.authorize import AuthorizePage
from afas_soap.emulator.sb.signin.endpoint import TokenEndpoint
from afas_soap.emulator.sb.signin.tokens import Tokens
from afas_soap.errors import QueryError
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.table import Table, shipped

_Route = Callable[[Request, str], Response]


class SbHost:
    """Answers what is asked of SB: below the path of a customer environment, and below ``/admin``. ``pause`` is what is
    done between the arrival of a write and its being worked off."""

    def __init__(self, setup: SbSetup, clock: Clock, pause: Callable[[], None] = lambda: None) -> None:
        self.setup = setup
        self._pause = pause
        self.table = _spoken(setup)
        self.environments = Environments(setup, clock)
        self.tokens = Tokens(clock)
        self._routes = self._signing_in(setup)

    def close(self) -> None:
        """Let go of all rows."""
        self.environments.close()

    def token(self, place: str) -> str:
        """An access token for a customer environment or ``admin``, as signing in there gives it."""
        return self.tokens.access(place, self.setup.token_seconds)

    def respond(self, request: Request, path: str, *, language: str, reference: str) -> Response:
        """The answer; ``path`` is the whole one without its first slash. SB speaks one language."""
        del language
        try:
            return self._answer(request, *located(path))
        except SbRefusedError as refusal:
            return refused(refusal, reference)
        finally:
            # Files of a form, which are temporary.
            request.close()

    def refuse(self, _request: Request, _refused: Refused, *, language: str, reference: str) -> Response:
        """A fault of the server itself: it has no body (small-business.md 3.1)."""
        del language, reference
        return empty(500)

    def _answer(self, request: Request, place: str, area: str, rest: str) -> Response:
        if area in ("app", "authentication"):
            return self._signed_in(request, place, f"{area}/{rest.lower()}")
        if area != "api" or place == ROOT:
            raise not_found()
        self._check_who(request, place)
        if place == ADMIN:
            return self._of_admin(request, rest)
        environment = self.environments[place]
        kind, _, blob = rest.partition("/")
        if kind.lower() == "blob" and blob:
            if request.method not in METHODS:
                raise not_allowed(", ".join(METHODS))
            return BlobCalls(environment.blobs, self.setup).respond(request, blob)
        return self._called(environment, request, self._operation(request, rest))

    def _signing_in(self, setup: SbSetup) -> Mapping[str, Mapping[str, _Route]]:
        """What answers at which address, by method."""
        clients = {client.id: client for client in setup.clients}
        page = AuthorizePage(clients, self.tokens).respond
        endpoint = TokenEndpoint(setup, clients, self.tokens)
        authentication = Authentication(setup, endpoint, setup.app_tokens)
        return {
            "app/auth": {"GET": page, "POST": page},
            "app/token": {"POST": endpoint.respond},
            "authentication/getaccesstoken": {"POST": authentication.by_app_token},
            "authentication/getscopes": {"GET": self._scopes(authentication), "POST": self._scopes(authentication)},
        }

    def _scopes(self, authentication: Authentication) -> _Route:
        def answer(request: Request, place: str) -> Response:
            if place != ADMIN:
                raise not_found()
            self._check_who(request, place)
            return authentication.scopes(request, place)

        return answer

    def _signed_in(self, request: Request, place: str, address: str) -> Response:
        methods = self._routes.get(address)
        if methods is None or not self._is_there(place):
            raise not_found()
        route = methods.get(request.method)
        if route is None:
            raise not_allowed(", ".join(methods))
        return route(request, place or ADMIN)

    def _is_there(self, place: str) -> bool:
        if place in (ADMIN, ROOT):
            return self.setup.admin_at in ("both", place or "root")
        return place in self.environments

    def _check_who(self, request: Request, place: str) -> None:
        """AFAS' pages have ``Authorization``, its newest file ``AccessToken``: either will do."""
        if place != ADMIN and place not in self.environments:
            raise not_found()
        scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
        shown = token.strip() if scheme.lower() == "bearer" else ""
        shown = shown or request.headers.get("AccessToken", "").strip()
        if place == ADMIN:
            shown = shown or request.headers.get("IdentityToken", "").strip()
        if not self.tokens.opens(shown, place):
            raise not_signed_in()

    def _operation(self, request: Request, connector: str) -> Operation:
        verbs = self.table.verbs(connector)
        if not verbs:
            raise not_found()
        if request.method not in verbs:
            raise not_allowed(", ".join(verbs))
        version = request.headers.get("Accept-Version", "").strip()
        try:
            return self.table.operation(connector, Verb(request.method), version or None)
        except QueryError:
            # Not in the ``except``: it would hold what was sent.
            pass
        raise bad("De gevraagde versie bestaat niet.")

    def _of_admin(self, request: Request, connector: str) -> Response:
        operation = self._operation(request, connector)
        if not operation.admin_only:
            raise not_found()
        return answered(reading.license_rows(self.setup.environments))

    def _called(self, environment: CustomerEnvironment, request: Request, operation: Operation) -> Response:
        if operation.admin_only:
            raise no_rights()
        if operation.verb is Verb.GET:
            return reading.rows(environment, operation, self.setup, request)
        return writing.written(environment, operation, request, self._pause)


def _spoken(setup: SbSetup) -> Table:
    """What the dialect has. 8.0 keeps what there was before it (small-business.md 0)."""
    table = shipped()
    if not setup.old:
        return table
    return Table([one for one in table.operations if not one.sources or one.sources & setup.source])
