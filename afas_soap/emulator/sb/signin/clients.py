"""OAuth client registration, as an app of SB has it: an id, a secret, where a person is sent back to; and app tokens.

They are as public as this file, and open nothing but an emulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from afas_soap.profit.access.secret import Secret


@dataclass(frozen=True, slots=True)
class SbClient:
    """An app. ``redirect_uris`` are taken as they are; without any, https of any host and http of this machine."""

    id: str
    secret: Secret
    redirect_uris: tuple[str, ...] = ()

    def redirects_to(self, address: str) -> bool:
        """Whether a person may be sent back there."""
        if self.redirect_uris:
            return address in self.redirect_uris
        try:
            parts = urlsplit(address)
            host = parts.hostname
        except ValueError:
            return False
        here = host in ("localhost", "127.0.0.1")
        return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and here))


DEMO_SB_CLIENT = SbClient("demo-sb", Secret("demo-sb-secret", "client secret"))
"""The one app that a fresh SB knows."""

DEMO_APP_TOKEN = Secret("demo-sb-app-token", "app token")
"""The one app token that a fresh SB takes."""
