"""App tokens (a static API key), and the scopes of the Admin Center (a tenant list). Source: small-business.md 1.

What ``getaccesstoken`` answers is not published: here it is what the token endpoint does. Without a scope an identity
token comes back, which is one of the Admin Center; its name in the answer is inferred. An app token opens every
customer environment (inferred).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass

from werkzeug import Request, Response

from afas_soap.emulator.sb.answers import answered, bad, not_signed_in, spelt
from afas_soap.emulator.sb.setup import ADMIN, SbSetup
from afas_soap.emulator.sb.signin.endpoint import TokenEndpoint
from afas_soap.emulator.sb.signin.problems import told
from afas_soap.profit.access.secret import Secret

APP_TOKEN_SECONDS = 600
"""How long an access token by app token lives: about ten minutes."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """Answers what is asked below ``authentication``. ``app_tokens`` are those that it takes."""

    setup: SbSetup
    endpoint: TokenEndpoint
    app_tokens: Collection[Secret]

    def by_app_token(self, request: Request, place: str) -> Response:
        """An access token for an app token and a scope, an identity token without one. Raises ``SbRefusedError``."""
        given = _members(request.get_data())
        shown = given.get("apptoken", "").encode()
        if not any(hmac.compare_digest(shown, known.reveal().encode()) for known in self.app_tokens):
            raise not_signed_in()
        scope = given.get("scope", "").lower() or (place if place != ADMIN else "")
        if not scope or (self.setup.scoped and "scope" not in given):
            document = self.endpoint.document(ADMIN, APP_TOKEN_SECONDS)
            return told({"identity_token": document.pop("access_token"), **document})
        if scope not in (name.lower() for name in self.setup.environments):
            raise bad("De scope bestaat niet.")
        return told(self.endpoint.document(scope, APP_TOKEN_SECONDS))

    def scopes(self, _request: Request, _place: str) -> Response:
        """The customer environments that there are."""
        rows = [
            {"Name": name, "Description": f"{name} ({path})", "Path": path}
            for path, name in self.setup.environments.items()
        ]
        return answered(spelt(rows))


def _members(content: bytes) -> dict[str, str]:
    """The texts of a JSON object, by their names in lower case."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise bad("Invalid JSON request")
    return {name.lower(): value for name, value in found.items() if isinstance(value, str)}
