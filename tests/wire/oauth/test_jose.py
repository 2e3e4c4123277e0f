"""Keys that sign, judged by another library (PyJWT)."""

from __future__ import annotations

import json
import pickle
import traceback

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from afas_soap.profit.access.secret import Secret
from afas_soap.wire.oauth.digest import digest
from afas_soap.wire.oauth.jose import Flaw, SigningKey, UnfitKeyError

# The key of RFC 7515, A.3, as 0.4.0 kept one, with another library: a sign-in goes on with it.
KEPT = (
    '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
    '"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",'
    '"alg":"ES256"}'
)
ON_CURVE = ec.generate_private_key(ec.SECP256R1())
BY_RSA = rsa.generate_private_key(65537, 2048)


def pem_of(key, form: PrivateFormat = PrivateFormat.PKCS8) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def public_of(key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


# What "openssl pkcs12 -nodes" writes above a key is whatever the key is called.
BAG = "Bag Attributes\n    friendlyName: PUBLIC CERTIFICATE, OPENSSH PRIVATE\nKey Attributes: <No Attributes>\n"


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("above", ["", BAG, public_of(BY_RSA)], ids=["alone", "bag", "behind a public key"])
@pytest.mark.parametrize(
    ("key", "algorithm"), [(BY_RSA, "RS256"), (BY_RSA, "PS256"), (ON_CURVE, "ES256")], ids=["RS256", "PS256", "ES256"]
)
def test_what_is_signed_is_what_was_said(key, algorithm: str, above: str, form: PrivateFormat) -> None:
    """In each algorithm that AFAS takes; no ``kid``, ``typ`` or claim is made up."""
    signing = SigningKey.from_pem(Secret(above + pem_of(key, form)))
    assert signing.is_rsa is (algorithm != "ES256")
    claims = {"iss": "dienst:% +é", "iat": 7, "exp": 67}
    signed = signing.sign(algorithm, {"typ": "x+jwt"}, claims)
    assert jwt.get_unverified_header(signed) == {"alg": algorithm, "typ": "x+jwt"}
    public = load_pem_public_key(public_of(key).encode())
    options = {"verify_exp": False, "verify_iss": False}
    assert jwt.decode(signed, public, algorithms=[algorithm], options=options) == claims
    assert jwt.get_unverified_header(signing.sign(algorithm, {"kid": "k-1", "typ": "JWT"}, claims))["kid"] == "k-1"


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        (public_of(ON_CURVE), Flaw.PUBLIC),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Flaw.PUBLIC),
        (public_of(ON_CURVE) + pem_of(BY_RSA)[:99], Flaw.NONE),
        ("\ud800", Flaw.NONE),
        ("\0", Flaw.NONE),
        (pem_of(ed25519.Ed25519PrivateKey.generate()), Flaw.KIND),
        (pem_of(ec.generate_private_key(ec.SECP256K1())), Flaw.KIND),
        (pem_of(ec.generate_private_key(ec.BrainpoolP256R1())), Flaw.KIND),
    ],
    ids=["public", "certificate", "half", "surrogate", "nul", "Ed25519", "secp256k1", "brainpool"],
)
def test_a_key_that_cannot_be_used(text: str, flaw: Flaw) -> None:
    with pytest.raises(UnfitKeyError) as caught:
        SigningKey.from_pem(Secret(text))
    assert caught.value.flaw is flaw
    assert caught.value.__context__ is None


def test_a_key_that_an_earlier_version_kept() -> None:
    """It is spelt as it was, so that nobody takes it for another one."""
    key = SigningKey.from_json(Secret(KEPT))
    assert key.to_json().reveal() == KEPT
    assert key.public() == {name: value for name, value in json.loads(KEPT).items() if name not in ("d", "alg")}
    assert list(json.loads(SigningKey.generate().to_json().reveal())) == list(json.loads(KEPT))


OTHER = json.loads(SigningKey.generate().to_json().reveal())
STRANGE = [None, 5, [], {}, "", "A", "é", "\ud800", "A" * 43, "A" * 999, "_" * 43, "AAAA=", "P-384", OTHER["x"]]


@pytest.mark.parametrize("name", ["kty", "crv", "x", "y", "d"])
def test_a_key_that_was_kept_and_is_damaged(name: str) -> None:
    """In any of its members. Nothing of it hangs at the error, in its traceback or in what it came from."""
    whole = json.loads(SigningKey.generate().to_json().reveal())
    for value in (*STRANGE, "missing"):
        damaged = {**whole, name: value}
        if value == "missing":
            del damaged[name]
        with pytest.raises(UnfitKeyError) as caught:
            SigningKey.from_json(Secret(json.dumps(damaged)))
        below = caught.value.with_traceback(caught.value.__traceback__.tb_next)
        told = traceback.TracebackException.from_exception(below, capture_locals=True)
        assert not [held for held in (whole["d"], whole["x"]) if held in "".join(told.format())]


@pytest.mark.parametrize(
    "text", ["", "[]", "nul", '"x"', "[" * 100_000, "1" * 5000], ids=["empty", "list", "word", "text", "deep", "long"]
)
def test_a_text_that_is_no_key(text: str) -> None:
    with pytest.raises(UnfitKeyError):
        SigningKey.from_json(Secret(text))


def test_a_signing_key_does_not_show() -> None:
    key = SigningKey.generate()
    assert repr(key) == "SigningKey(hidden)"
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(key)


def test_a_digest_is_that_of_rfc_7636() -> None:
    """Appendix B."""
    verifier = Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert digest(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
