"""Client registration: which clients the app connector knows (authentication.md, "Which combinations exist")."""

from __future__ import annotations

import enum
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from afas_soap.emulator.oauth.addresses import same_redirect
from afas_soap.emulator.oauth.clients.clientkeys import NO_KEYS, ClientKeys
from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret


class Kind(enum.Enum):
    """What a client may do: ``SERVICE`` client credentials, ``PERSON`` authorization code with a proof of its own,
    ``PUBLIC`` authorization code without one and with DPoP. That each does one only is inferred from AFAS' table."""

    SERVICE = "service"
    PERSON = "person"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class ClientSecretOf:
    """A secret that is good until ``until``. Two at once are allowed, so that one can be renewed without a stop."""

    secret: Secret
    until: float = float("inf")


@dataclass(frozen=True, slots=True)
class Client:
    """One client. ``dpop`` demands DPoP of one that might do without; a public one must always use it.

    Raises ``SettingsError`` for one that AFAS does not offer.
    """

    id: str
    kind: Kind
    secrets: tuple[ClientSecretOf, ...] = ()
    keys: ClientKeys = NO_KEYS
    redirect_uris: tuple[str, ...] = ()
    dpop: bool = False

    def __post_init__(self) -> None:
        proven = bool(self.secrets or self.keys.keys)
        if not self.id or not self.id.isascii() or not self.id.isprintable():
            raise SettingsError("client: an id of visible ASCII signs is needed.")
        if proven is (self.kind is Kind.PUBLIC):
            rule = "has neither secret nor key" if proven else "needs a secret, a certificate, a key or a JWKS"
            raise SettingsError(f"client {self.id}: a {self.kind.value} client {rule}.")
        if bool(self.redirect_uris) is (self.kind is Kind.SERVICE):
            rule = "has no redirect_uris" if self.redirect_uris else "needs redirect_uris"
            raise SettingsError(f"client {self.id}: a {self.kind.value} client {rule}.")
        if not all(same_redirect(uri, uri) for uri in self.redirect_uris):
            raise SettingsError(
                f"client {self.id}: a redirect URI is an address such as http://localhost:8321/callback."
            )

    @property
    def needs_dpop(self) -> bool:
        """Whether it gets no token without DPoP."""
        return self.dpop or self.kind is Kind.PUBLIC

    def has_secret(self, text: str, now: float) -> bool:
        """Whether ``text`` is one of its secrets, and good now."""
        same = [hmac.compare_digest(held.secret.reveal().encode(), text.encode()) for held in self.secrets]
        return any(fits and now < held.until for fits, held in zip(same, self.secrets, strict=True))

    def redirects_to(self, uri: str) -> bool:
        """Whether ``uri`` is one of its redirect URIs."""
        return any(same_redirect(uri, known) for known in self.redirect_uris)


def registered(clients: Collection[Client]) -> Mapping[str, Client]:
    """Clients by their id; ``SettingsError`` when two have the same."""
    by_id = {client.id: client for client in clients}
    if len(by_id) != len(clients):
        raise SettingsError("clients: two have the same id.")
    return by_id
