"""DPoP proofs (RFC 9449; authentication.md, "DPoP")."""

from __future__ import annotations

import enum
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from werkzeug import Request

from afas_soap.emulator.oauth.addresses import address, same_target
from afas_soap.emulator.oauth.clock import Clock
from afas_soap.emulator.oauth.jose import (
    BadToken,
    digest,
    header_of,
    key_of_jwk,
    moment,
    thumbprint,
    verified_claims,
)
from afas_soap.emulator.oauth.tokens.nonces import Nonces
from afas_soap.emulator.oauth.tokens.replay import ReplayStore
from afas_soap.limits import CLOCK_SKEW

_LOG = logging.getLogger("afas_soap.emulator")


class Verdict(enum.Enum):
    """What a proof is worth."""

    GOOD = enum.auto()
    BAD = enum.auto()
    OTHER_NONCE = enum.auto()


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was looked at; ``key`` is the thumbprint of its key when it is good, ``nonce`` a newer nonce."""

    verdict: Verdict
    key: str = ""
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Proofs:
    """Checks proofs. What was used once is kept in ``replay``."""

    clock: Clock
    nonces: Nonces
    replay: ReplayStore

    def look_at(self, request: Request, *, access_token: str | None = None, nonce: bool = True) -> Proof:
        """The proof in the header ``DPoP`` of a request; ``nonce`` says whether it must have one.

        A proof whose nonce is too old is not spent: it says what to send instead.
        """
        try:
            header = header_of(request.headers.get("DPoP", ""))
            key, claims = _signed(header, request.headers.get("DPoP", ""))
            self._check(request, claims, access_token)
            given = claims.get("nonce")
            if nonce and not (isinstance(given, str) and self.nonces.takes(given)):
                return Proof(Verdict.OTHER_NONCE, nonce=self.nonces.newest())
            self._spend(key, claims)
        except BadToken as error:
            _LOG.debug("proof refused: %s", error)
            return Proof(Verdict.BAD)
        newer = nonce and isinstance(given, str) and not self.nonces.is_newest(given)
        return Proof(Verdict.GOOD, thumbprint(key), self.nonces.newest() if newer else None)

    def _check(self, request: Request, claims: Mapping[str, object], access_token: str | None) -> None:
        issued = moment(claims, "iat")
        if issued is None or abs(issued - self.clock()) > CLOCK_SKEW:
            raise BadToken("iat: it is not there, or not of now")
        if claims.get("htm") != request.method:
            raise BadToken("htm: it is for another method")
        target = claims.get("htu")
        if not isinstance(target, str) or not same_target(target, address(request)):
            raise BadToken("htu: it is for another address, or has a query")
        if access_token is not None:
            hashed = claims.get("ath")
            if not isinstance(hashed, str) or not hmac.compare_digest(hashed.encode(), digest(access_token).encode()):
                raise BadToken("ath: it is for another access token")

    def _spend(self, key: EllipticCurvePublicKey, claims: Mapping[str, object]) -> None:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not jti:
            raise BadToken("jti: a text is needed")
        if not self.replay.is_new(thumbprint(key), jti, self.clock() + 2 * CLOCK_SKEW):
            raise BadToken("jti: it was used before")


def _signed(header: Mapping[str, object], text: str) -> tuple[EllipticCurvePublicKey, Mapping[str, object]]:
    if str(header.get("typ")).lower() != "dpop+jwt":
        raise BadToken("typ: dpop+jwt")
    if header.get("alg") != "ES256":
        raise BadToken("alg: ES256")
    jwk = header.get("jwk")
    if not isinstance(jwk, dict):
        raise BadToken("jwk: the public key is needed")
    key = key_of_jwk(jwk)
    if not isinstance(key, EllipticCurvePublicKey):
        raise BadToken("jwk: a key on P-256")
    return key, verified_claims(text, key)
