"""The SB host: which address is what, who may ask, and which operation a request is.

Addresses are taken in any case (inferred, small-business.md 1). A request without ``Accept-Version`` gets the newest
version, one with a version that there is not a 400 (both inferred, 2).
"""

from __future__ import annotations

from werkzeug import Request, Response

from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.refusals import Refused
from afas_soap.emulator.sb import reading
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
    spelt,
)
from afas_soap.emulator.sb.environment import CustomerEnvironment, Environments
from afas_soap.emulator.sb.setup import ADMIN, SbSetup
from afas_soap.emulator.sb.tokens import Tokens
from afas_soap.errors import QueryError
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.table import Table, shipped


class SbHost:
    """Answers what is asked of SB: below the path of a customer environment, and below ``/admin``."""

    def __init__(self, setup: SbSetup, clock: Clock) -> None:
        self.setup = setup
        self.table = _spoken(setup)
        self.environments = Environments(setup, clock)
        self.tokens = Tokens(clock)

    def close(self) -> None:
        """Let go of all rows."""
        self.environments.close()

    def token(self, place: str) -> str:
        """An access token for a customer environment or ``admin``, as signing in there gives it."""
        return self.tokens.access(place, self.setup.token_seconds)

    def respond(self, request: Request, path: str, *, language: str, reference: str) -> Response:
        """The answer; ``path`` is the whole one without its first slash. SB speaks one language."""
        del language
        place, _, rest = path.partition("/")
        area, _, rest = rest.partition("/")
        try:
            return self._answer(request, place.lower(), area.lower(), rest.strip("/"))
        except SbRefusedError as refusal:
            return refused(refusal, reference)

    def refuse(self, _request: Request, _refused: Refused, *, language: str, reference: str) -> Response:
        """A fault of the server itself: it has no body (small-business.md 3.1)."""
        del language, reference
        return empty(500)

    def _answer(self, request: Request, place: str, area: str, rest: str) -> Response:
        if area != "api":
            raise not_found()
        self._check_who(request, place)
        if place == ADMIN:
            return self._of_admin(request, rest)
        environment = self.environments[place]
        return self._called(environment, request, self._operation(request, rest))

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
        return self._written(environment, request, operation)

    def _written(self, environment: CustomerEnvironment, request: Request, operation: Operation) -> Response:
        content = request.get_data()
        outcome = environment.books.apply(operation, content)
        return answered(spelt(outcome.content), outcome.status, version=reading.content_version(operation))


def _spoken(setup: SbSetup) -> Table:
    """What the dialect has. 8.0 keeps what there was before it (small-business.md 0)."""
    table = shipped()
    if not setup.old:
        return table
    return Table([one for one in table.operations if not one.sources or one.sources & setup.source])
