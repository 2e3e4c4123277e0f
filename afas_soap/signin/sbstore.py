"""The token store of AFAS SB: per profile one refresh token, and an access token for each customer environment.

A sign-in at the Admin Center serves every customer environment of its domain with the same refresh token, which SB does
not replace (small-business.md 1). So profiles share it, and with it its file and its lock.

The file says at which scheme, host and port (RFC 6454: the origin) somebody signed in. Nothing of it is for another
one, whatever settings name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.signin.store import VERSION, Entry, TokenStore, as_text, as_time, as_token

_API = "sb"
_NONE = Secret("none", "access token")


class SbTokenStore(TokenStore):
    """What the sign-in of ``profile`` gave for the environment at ``base``. See ``TokenStore``."""

    def __init__(self, profile: str, base: str, folder: Path | None = None) -> None:
        super().__init__(profile, folder)
        self._base = base
        self._origin = SbEnvironment(base).origin

    def write(self, entry: Entry) -> None:
        """Keep ``entry``; what is kept for other environments stays, when it is of the same sign-in."""
        super().write(entry)

    def _spelt(self, entry: Entry) -> bytes:
        refresh = None if entry.refresh_token is None else entry.refresh_token.reveal()
        found = self._found()
        sign_in = {"origin": self._origin, "client_id": entry.client_id, "refresh_token": refresh}
        same = all(found.get(name) == value for name, value in sign_in.items())
        before = found.get("environments")
        others = before if same and isinstance(before, dict) else {}
        token = {
            "access_token": entry.access_token.reveal(),
            "issued_at": entry.issued_at,
            "renew_at": entry.renew_at,
            "expires_at": entry.expires_at,
        }
        members = {
            "version": VERSION,
            "api": _API,
            **sign_in,
            "environments": {**others, self._base: token},
        }
        return json.dumps(members, indent=1).encode()

    def _read(self, members: object) -> Entry:
        """``ValueError`` for what is none, without a word of it. Of an environment that has no access token yet, one
        that has ended; where another host gave them, the entry is that one's: its environment is the origin."""
        if not isinstance(members, dict) or members.get("version") != VERSION or members.get("api") != _API:
            raise ValueError
        refresh, environments = members.get("refresh_token"), members.get("environments")
        origin = as_text(members.get("origin"))
        if not isinstance(environments, dict):
            raise ValueError
        ours = origin == self._origin
        token = environments.get(self._base, {}) if ours else {}
        if not isinstance(token, dict):
            raise ValueError
        return Entry(
            access_token=Secret(as_token(token["access_token"]), "access token") if token else _NONE,
            kind="Bearer",
            client_id=as_text(members.get("client_id")),
            environment=self._base if ours else origin,
            issued_at=as_time(token.get("issued_at", 0)),
            renew_at=as_time(token.get("renew_at", 0)),
            expires_at=as_time(token.get("expires_at", 0)),
            refresh_token=None if refresh is None else Secret(as_token(refresh), "refresh token"),
        )

    def _found(self) -> Mapping[str, object]:
        """What stands in the file, as it is; nothing where that is no such file."""
        try:
            found = json.loads(self.path.read_bytes())
        except (OSError, ValueError, RecursionError):
            found = None
        return found if isinstance(found, dict) else {}
