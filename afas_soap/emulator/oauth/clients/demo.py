"""The clients of a fresh emulator, one per row of "Which combinations exist" (authentication.md).

Their secrets and their key are public, as its token is: they open nothing else, so everybody may know them.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from afas_soap.emulator.oauth.clients.clientkeys import ClientKey, ClientKeys
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.profit.access.secret import Secret

DEMO_SECRETS = (
    Secret("everybody-may-know-this-0000", "demo secret"),
    # What needs escaping in a form, and twice in Basic.
    Secret("all: may+know/this=100% & é", "demo secret"),
)
"""The two secrets of each demo client that has secrets; both are good at once."""

DEMO_REDIRECT_URIS = ("http://localhost:8321/callback", "http://127.0.0.1:8321/callback")
"""Where the demo clients for persons want their codes sent."""

# Made from a number that everybody knows, so that no private key lies in the code.
_KEY = ec.derive_private_key(0xAFA5, ec.SECP256R1())
_KEYS = ClientKeys((ClientKey(_KEY.public_key()),))
_SECRETS = tuple(ClientSecretOf(secret) for secret in DEMO_SECRETS)

DEMO_PRIVATE_KEY = Secret(
    _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(), "demo private key"
)
"""The private key (PEM, P-256) of the demo clients whose id ends in ``-key``; it has no key id."""

DEMO_CLIENTS = (
    Client("demo-service", Kind.SERVICE, secrets=_SECRETS),
    Client("demo-service-key", Kind.SERVICE, keys=_KEYS),
    Client("demo-person", Kind.PERSON, secrets=_SECRETS, redirect_uris=DEMO_REDIRECT_URIS),
    Client("demo-person-key", Kind.PERSON, keys=_KEYS, redirect_uris=DEMO_REDIRECT_URIS),
    Client("demo-public", Kind.PUBLIC, redirect_uris=DEMO_REDIRECT_URIS),
)
"""The clients that a fresh emulator knows."""
