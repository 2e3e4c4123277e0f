"""How a client signs in at Profit, as values: chosen by whoever configures it, never guessed.

The five combinations that exist are those of authentication.md, "Which combinations exist"; a client certificate (mTLS)
may come on top of each of them, and of the classic token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken

ALGORITHMS = ("RS256", "PS256", "ES256")
"""What a client assertion may be signed with."""

ASSERTION_TYPES = ("JWT", "client-authentication+jwt")
"""The ``typ`` of a client assertion; its ``aud`` follows from it."""


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """Proof by a shared secret, in the form body or, with ``basic``, in the ``Authorization`` header."""

    secret: Secret
    basic: bool = False


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """Proof by an assertion that is signed with a private key (``pem``).

    ``algorithm`` None is the key's own: RS256 for RSA, ES256 for P-256. ``key_id`` None sends no ``kid``, which AFAS
    takes for an uploaded certificate. With ``type`` ``JWT`` the audience is the token URL, or the base URL with
    ``to_base``; with ``client-authentication+jwt`` it is always the base URL.
    """

    pem: Secret
    key_id: str | None = None
    algorithm: str | None = None
    type: str = "JWT"
    to_base: bool = False

    def __post_init__(self) -> None:
        if self.algorithm is not None and self.algorithm not in ALGORITHMS:
            raise SettingsError(f"algorithm: AFAS takes {', '.join(ALGORITHMS)}.")
        if self.type not in ASSERTION_TYPES:
            raise SettingsError(f"assertion type: AFAS takes {' and '.join(ASSERTION_TYPES)}.")


Proof = ClientSecret | PrivateKey


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A service: it signs in by itself, again whenever its access token ends."""

    client_id: str
    proof: Proof
    dpop: bool = False


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """A person, who signs in with a browser at most every 30 days. Without a proof it is a public client, which AFAS
    takes with DPoP only."""

    client_id: str
    redirect_uri: str
    proof: Proof | None = None
    dpop: bool = False

    def __post_init__(self) -> None:
        if self.proof is None and not self.dpop:
            raise SettingsError("A public client (no secret, no key) needs DPoP: AFAS takes it in no other way.")
        check_redirect_uri(self.redirect_uri)


def check_redirect_uri(address: str) -> str:
    """The address itself; raises ``SettingsError`` when no browser could be sent there."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "#" not in address
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError("redirect_uri: an address such as http://localhost:8321/callback, as it stands in AFAS.")
    return address


OAuth = ClientCredentials | AuthorizationCode
Credential = AfasToken | OAuth


class FilePath(Protocol):
    """A file's path, such as a ``pathlib.Path``: who reads the file opens it, and nobody here does."""

    def __fspath__(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What the client shows on the TLS layer: PEM files of the certificate, with its chain, and of its key."""

    certificate: FilePath
    key: FilePath
