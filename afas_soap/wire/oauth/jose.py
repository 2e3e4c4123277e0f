"""JOSE: private keys, and what they sign as JWS (RFC 7515 and 7517).

The one file that knows ``joserfc``. The emulator, and the server of the tests, judge with another library (PyJWT): a
slip of one is not hidden by the same slip of the other. A PEM file is read by ``cryptography`` itself: ``joserfc``
looks for words such as PUBLIC anywhere in it, and what openssl writes above a key may hold any word.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import NoReturn, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from afas_soap.limits import RSA_BITS
from afas_soap.profit.access.secret import Secret

_PRIVATE = "PRIVATE KEY-----"
_PUBLIC = ("-----BEGIN PUBLIC KEY-----", "-----BEGIN RSA PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----")
# What a key that was kept is made of. Whatever else stands there says nothing about it.
_MEMBERS = ("kty", "crv", "x", "y", "d")


class Flaw(enum.Enum):
    """What is wrong with a private key."""

    PROTECTED = "it has a pass phrase"
    PUBLIC = "it is a public key, or a certificate"
    NONE = "it is no private key at all"
    SMALL = "it is an RSA key of too few bits"
    KIND = "it is neither RSA nor on the curve P-256"


class UnfitKeyError(ValueError):
    """A key that cannot be used here, without a word of what stands in it."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class SigningKey:
    """A private key that signs: RSA, or EC on the curve P-256. It does not show."""

    def __init__(self, key: RSAKey | ECKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> Self:
        """A new key, on the curve P-256."""
        return cls(ECKey.generate_key("P-256"))

    @classmethod
    def from_pem(cls, pem: Secret) -> Self:
        """The private key in ``pem``. ``UnfitKeyError`` for one that cannot be used."""
        try:
            key = load_pem_private_key(pem.reveal().encode(), None)
        except TypeError:
            # So it says that there is no pass phrase, whether a key or none was given.
            flaw = Flaw.PROTECTED
        except (ValueError, UnsupportedAlgorithm):
            flaw = Flaw.PUBLIC if _is_public(pem) else Flaw.NONE
        else:
            if isinstance(key, RSAPrivateKey) and key.key_size >= RSA_BITS:
                return cls(RSAKey.import_key(key))
            if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
                return cls(ECKey.import_key(key))
            flaw = Flaw.SMALL if isinstance(key, RSAPrivateKey) else Flaw.KIND
        raise UnfitKeyError(flaw)

    @classmethod
    def from_json(cls, text: Secret) -> Self:
        """The key on the curve P-256 that ``to_json`` gave. ``UnfitKeyError`` for a text that is none."""
        key = _kept(text)
        if key is None:
            raise UnfitKeyError(Flaw.NONE)
        return cls(key)

    @property
    def is_rsa(self) -> bool:
        """Whether it is an RSA key, and not one on a curve."""
        return isinstance(self._key, RSAKey)

    def public(self) -> Mapping[str, object]:
        """The public part of a key on a curve, as JSON has it: no more than is needed to check a signature."""
        return {name: self._key[name] for name in _MEMBERS if name != "d"}

    def to_json(self) -> Secret:
        """A key on a curve, with its private part."""
        kept = {**{name: self._key[name] for name in _MEMBERS}, "alg": "ES256"}
        return Secret(json.dumps(kept, separators=(",", ":")), "private key")

    def sign(self, algorithm: str, header: Mapping[str, object], claims: Mapping[str, object]) -> str:
        """A JWT with ``claims``. ``header`` is all of it but ``alg``; no ``kid`` is made up."""
        # Named once more because the library does not recommend each of those that AFAS takes.
        whole = {"alg": algorithm, **header}
        return jwt.encode(whole, dict(claims), self._key, algorithms=[algorithm], default_type=None)

    def __repr__(self) -> str:
        return "SigningKey(hidden)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a SigningKey is not pickled: it would stand readable in the pickle")


def _is_public(pem: Secret) -> bool:
    """Whether there is a public key or a certificate in ``pem``, and nothing that says it is a private key."""
    return _PRIVATE not in pem.reveal() and any(label in pem.reveal() for label in _PUBLIC)


def _kept(text: Secret) -> ECKey | None:
    """The key in a text, None when there is none in it. Nothing is raised: these names stand for what is secret."""
    try:
        members = json.loads(text.reveal())
        if not isinstance(members, dict) or (members.get("kty"), members.get("crv")) != ("EC", "P-256"):
            return None
        return ECKey.import_key({name: members[name] for name in _MEMBERS})
    except (JoseError, LookupError, RecursionError, ValueError):
        return None
