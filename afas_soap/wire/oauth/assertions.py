"""Client assertions: private key JWT, a client's proof by what only it can sign (RFC 7523; authentication.md)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import NoReturn

from afas_soap.errors import SettingsError
from afas_soap.limits import ASSERTION_ADVISED, RSA_BITS
from afas_soap.profit.access.credentials import PrivateKey
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.oauth.jose import Flaw, SigningKey, UnfitKeyError

_SAID: Mapping[Flaw, str] = {
    Flaw.PROTECTED: "the key is protected by a pass phrase: 'openssl pkey -in KEY -out NEW' makes one without.",
    Flaw.PUBLIC: "this is a public key or a certificate: the private key is needed.",
    Flaw.NONE: "this is no PEM file of a private key (of a .pfx 'openssl pkcs12 -in FILE -nodes' makes one).",
    Flaw.SMALL: f"an RSA key has {RSA_BITS} bits or more at AFAS.",
    Flaw.KIND: "AFAS takes RSA keys, and EC keys on the curve P-256.",
}


class Signer:
    """Signs client assertions. ``SettingsError`` for a private key that AFAS would not take. It does not show."""

    def __init__(self, proof: PrivateKey) -> None:
        self._proof = proof
        self._key = _key_of(proof)
        self._algorithm = proof.algorithm or ("RS256" if self._key.is_rsa else "ES256")

    def assertion(self, client_id: str, base: str, token_url: str, *, issued: int) -> Secret:
        """A new assertion, for one token request at ``token_url``. ``base`` is the environment's REST address."""
        proof = self._proof
        to_base = proof.to_base or proof.type != "JWT"
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": base if to_base else token_url,
            "jti": str(uuid.uuid4()),
            "iat": issued,
            "exp": issued + ASSERTION_ADVISED,
        }
        named = {} if proof.key_id is None else {"kid": proof.key_id}
        return Secret(self._key.sign(self._algorithm, {**named, "typ": proof.type}, claims), "client assertion")

    def __repr__(self) -> str:
        return "Signer(hidden)"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Signer is not pickled: its key would stand readable in the pickle")


def _key_of(proof: PrivateKey) -> SigningKey:
    try:
        key = SigningKey.from_pem(proof.pem)
    except UnfitKeyError as problem:
        said = _SAID[problem.flaw]
    else:
        said = _misfit(key, proof.algorithm)
        if not said:
            return key
    raise SettingsError(f"private_key_file: {said}")


def _misfit(key: SigningKey, algorithm: str | None) -> str:
    """Why a key cannot sign as ``algorithm`` says; empty when it can."""
    if key.is_rsa:
        return "" if algorithm in (None, "RS256", "PS256") else f"{algorithm} needs a key on the curve P-256."
    return "" if algorithm in (None, "ES256") else f"{algorithm} needs an RSA key."
