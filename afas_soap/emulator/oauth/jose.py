"""JOSE: signed texts (JWS), read with PyJWT, another library than the client's: one's mistake shows at the other."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from afas_soap.limits import RSA_BITS

PublicKey = RSAPublicKey | EllipticCurvePublicKey

_SIGNED_BY: Mapping[str, type[PublicKey]] = {
    "RS256": RSAPublicKey,
    "PS256": RSAPublicKey,
    "ES256": EllipticCurvePublicKey,
}


class BadToken(Exception):  # noqa: N818 - what was sent is bad, nothing went wrong here
    """A signed text that cannot be read, or whose signature does not fit."""


def header_of(text: str) -> Mapping[str, object]:
    """The header of a signed text. Nothing in it is proven yet."""
    try:
        header: Mapping[str, object] = jwt.get_unverified_header(text)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise BadToken("no signed text") from error
    return header


def unproven_claims(text: str) -> Mapping[str, object]:
    """The claims before anybody looked at the signature: good for nothing but finding whose key to try."""
    parts = text.split(".")
    try:
        return _object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, ValueError) as error:
        raise BadToken("no signed text") from error


def verified_claims(text: str, key: PublicKey) -> Mapping[str, object]:
    """The claims of a text that ``key`` signed, with an algorithm that goes with it. Their meaning is not looked at."""
    algorithms = [name for name, kind in _SIGNED_BY.items() if isinstance(key, kind)]
    try:
        return _object(jwt.PyJWS().decode(text, key, algorithms=algorithms))
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadToken("the signature does not fit") from error


def key_of_jwk(jwk: Mapping[str, object]) -> PublicKey:
    """The public key in a JWK; ``BadToken`` for one with a private part, or of a kind that AFAS does not take."""
    if "d" in jwk:
        raise BadToken("a private key")
    try:
        key: object = jwt.PyJWK(dict(jwk), algorithm=_ALGORITHMS.get(str(jwk.get("kty")))).key
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadToken("no key") from error
    if not is_fit(key):
        raise BadToken("a key of another kind")
    return key  # type: ignore[return-value] # is_fit has looked


_ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}


def is_fit(key: object) -> bool:
    """Whether AFAS takes such a key: RSA of 2048 bits or more, EC on P-256 (authentication.md)."""
    if isinstance(key, RSAPublicKey):
        return key.key_size >= RSA_BITS
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


def thumbprint(key: EllipticCurvePublicKey) -> str:
    """The SHA-256 thumbprint of a P-256 key (RFC 7638), by which DPoP calls it ``jkt``."""
    numbers = key.public_numbers()
    x, y = (packed(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    canonical = json.dumps({"crv": "P-256", "kty": "EC", "x": x, "y": y}, separators=(",", ":"))
    return digest(canonical)


def digest(text: str) -> str:
    """base64url of the SHA-256 of ``text``: a PKCE challenge, ``ath``, a thumbprint."""
    return packed(hashlib.sha256(text.encode()).digest())


def packed(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def moment(claims: Mapping[str, object], name: str) -> float | None:
    """A claim that is a time, in seconds since 1970; None when it is not there or no number."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # So many seconds that nothing was meant by them; "not a number" ends here as well.
    return float(value) if abs(value) < 1e15 else None


def _object(data: bytes) -> Mapping[str, object]:
    try:
        document = json.loads(data)
        # Halves of a sign, which JSON can spell, are no text: whoever hashes or compares them would fail.
        json.dumps(document, ensure_ascii=False).encode()
    except RecursionError as error:
        raise BadToken("the claims are nested too deeply") from error
    if not isinstance(document, dict):
        raise BadToken("the claims are no object")
    return document
