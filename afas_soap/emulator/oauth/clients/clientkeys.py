"""The public keys of a client (JWK): of a certificate, a bare key or a JWKS, and which of them an assertion names.

Source: authentication.md, "Private key JWT". A JWKS is given here, where AFAS would fetch it from the client's address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from afas_soap.emulator.oauth.jose import BadToken, PublicKey, is_fit, key_of_jwk, packed
from afas_soap.errors import SettingsError
from afas_soap.limits import RSA_BITS

_UNFIT = f"AFAS takes RSA keys of {RSA_BITS} bits or more, and EC keys on P-256."


@dataclass(frozen=True, slots=True)
class ClientKey:
    """One public key. ``thumbprint`` (SHA-1, hexadecimal) and ``x5t`` (SHA-256, base64url) are its certificate's, which
    is good from ``begins`` to ``ends``."""

    public: PublicKey
    key_id: str | None = None
    thumbprint: str | None = None
    x5t: str | None = None
    begins: float = float("-inf")
    ends: float = float("inf")

    def is_called(self, kid: str) -> bool:
        """Whether ``kid`` names it: the key id that was configured, else the thumbprint of its certificate.

        The case of a thumbprint does not matter (inferred).
        """
        if self.key_id is not None:
            return kid == self.key_id
        return self.thumbprint is not None and kid.upper() == self.thumbprint


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """The keys of one client; ``served`` when they come from a JWKS, where ``kid`` is needed among several."""

    keys: tuple[ClientKey, ...] = ()
    served: bool = False

    def named_by(self, header: Mapping[str, object], now: float) -> tuple[ClientKey, ...]:
        """The keys that may have signed an assertion with this header, none when it names none of them."""
        kid, x5t = header.get("kid"), header.get("x5t#S256")
        if kid is None and self.served and len(self.keys) > 1:
            return ()
        rsa = header.get("alg") in ("RS256", "PS256")
        return tuple(
            key
            for key in self.keys
            if isinstance(key.public, RSAPublicKey) is rsa
            and (kid is None or (isinstance(kid, str) and key.is_called(kid)))
            and (x5t is None or x5t == key.x5t)
            and key.begins <= now < key.ends
        )


NO_KEYS = ClientKeys()


def keys_of_certificate(pem: bytes, key_id: str | None = None) -> ClientKeys:
    """The key of an uploaded certificate (PEM). Raises ``SettingsError``."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(f"certificate: this is no certificate in PEM whose key can be read; {_UNFIT}") from None
    return ClientKeys(
        (
            ClientKey(
                _fit(public),
                key_id,
                # SHA-1 names the certificate here, as AFAS has it; nothing is signed with it.
                certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303
                packed(certificate.fingerprint(hashes.SHA256())),
                certificate.not_valid_before_utc.timestamp(),
                certificate.not_valid_after_utc.timestamp(),
            ),
        )
    )


def keys_of_public_key(pem: bytes, key_id: str | None = None) -> ClientKeys:
    """A bare public key (PEM). Raises ``SettingsError``."""
    try:
        return ClientKeys((ClientKey(_fit(load_pem_public_key(pem)), key_id),))
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(f"key: this is no public key in PEM that can be read; {_UNFIT}") from None


def keys_of_jwks(text: str) -> ClientKeys:
    """The keys of a JWKS (JSON). Raises ``SettingsError``."""
    try:
        keys = [(key_of_jwk(jwk), jwk.get("kid")) for jwk in json.loads(text)["keys"]]
    except BadToken:
        raise SettingsError(f"jwks: one of its keys is private or no key; {_UNFIT}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise SettingsError('jwks: this is no JSON such as {"keys": [...]}.') from None
    if not keys:
        raise SettingsError("jwks: there is no key in it.")
    return ClientKeys(tuple(ClientKey(key, None if kid is None else str(kid)) for key, kid in keys), served=True)


def _fit(public: object) -> PublicKey:
    if not is_fit(public):
        raise SettingsError(f"key: {_UNFIT}")
    return public  # type: ignore[return-value] # is_fit has looked
