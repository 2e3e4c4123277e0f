"""How a client signs in at SB, as values (small-business.md 1): a person with a browser, or a static app token.

A person's is ``AuthorizationCode`` with a client secret, as for Profit: SB has neither keys nor DPoP.
"""

from __future__ import annotations

from dataclasses import dataclass

from afas_soap.profit.access.credentials import AuthorizationCode
from afas_soap.profit.access.secret import Secret


@dataclass(frozen=True, slots=True)
class AppToken:
    """A static token, changed for an access token of about ten minutes. ``scope`` names the customer environment, which
    an accountancy environment wants; without it SB gives an identity token."""

    token: Secret
    scope: str | None = None


SbCredential = AuthorizationCode | AppToken
