"""The classic AfasToken as an authorizer: a static credential in a header, the same over SOAP and REST."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afas_soap.errors import SignInError
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, Way


@dataclass(frozen=True)
class ClassicAuthorizer:
    """The classic AfasToken: the same header on every request, and no cure."""

    token: AfasToken

    def connect(self, way: Way) -> None:
        """It asks nothing."""

    def headers(self, method: str, url: str) -> Signature:
        """``Authorization``, the same over SOAP and REST (profit-wire 1.4)."""
        return Signature({"Authorization": self.token.header()})

    def shown(self) -> Signature:
        """Its header; whoever shows it masks it."""
        return self.headers("", "")

    def answered(self, reply: Reply, tried: Sequence[Cure]) -> Cure:
        """A token that was refused stays refused."""
        return Cure.NONE

    def refusal(self, reply: Reply) -> SignInError | None:
        """AFAS' own words are all there is."""
        return None

    def secrets(self) -> tuple[str, ...]:
        """The token in each of its forms."""
        return self.token.secrets()
