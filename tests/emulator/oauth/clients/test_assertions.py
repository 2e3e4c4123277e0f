"""Client assertions, rule by rule (authentication.md, "Client authentication")."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from werkzeug.test import TestResponse

from afas_soap.emulator.oauth.clients.clientkeys import (
    ClientKeys,
    keys_of_certificate,
    keys_of_jwks,
    keys_of_public_key,
)
from afas_soap.emulator.oauth.clients.registration import Client, Kind
from afas_soap.errors import SettingsError
from tests.emulator.oauth.conftest import BASE_URL, EC_KEY, RSA_KEY, TOKEN_URL, Side, jwk, packed

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
OTHER = ec.generate_private_key(ec.SECP256R1())
RSA = {"iss": "svc-rsa", "sub": "svc-rsa"}
NEW = {"typ": "client-authentication+jwt"}


def ask(side: Side, assertion: str, **form: Any) -> TestResponse:
    return side.token(grant_type="client_credentials", client_assertion_type=TYPE, client_assertion=assertion, **form)


def is_refused(answer: TestResponse) -> bool:
    return (answer.status_code, answer.data) == (400, b'{"error":"invalid_client"}')


@pytest.mark.parametrize(
    ("key", "algorithm", "claims"), [(EC_KEY, "ES256", {}), (RSA_KEY, "RS256", RSA), (RSA_KEY, "PS256", RSA)]
)
def test_three_algorithms(side: Side, key: Any, algorithm: str, claims: dict[str, str]) -> None:
    answer = ask(side, side.assertion(key, algorithm, **claims))
    assert answer.json["token_type"] == "Bearer"
    assert ask(side, side.assertion(key, algorithm, **claims), client_id=claims.get("sub", "svc-ec")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "audience", "good"),
    [
        ({"typ": "JWT"}, TOKEN_URL, True),
        ({"typ": "JWT"}, BASE_URL, True),
        ({"typ": "JWT"}, [TOKEN_URL], True),
        ({"typ": "JWT"}, [TOKEN_URL, "https://elsewhere"], False),
        ({"typ": "JWT"}, "HTTP://LOCALHOST/ProfitRestServices", True),
        ({"typ": "JWT"}, "http://localhost/profitrestservices", False),
        ({"typ": "JWT"}, "https://localhost/ProfitRestServices", False),
        ({"typ": "JWT"}, f"{BASE_URL}/", False),
        ({"typ": "JWT"}, "http://other/ProfitRestServices/oauth/token", False),
        ({"typ": "JWT"}, None, False),
        ({"typ": "JWT"}, 5, False),
        (NEW, BASE_URL, True),
        (NEW, TOKEN_URL, False),
        (NEW, [BASE_URL], False),
        ({"typ": "at+jwt"}, BASE_URL, False),
        ({"typ": None}, BASE_URL, False),
    ],
)
def test_type_and_audience(side: Side, headers: dict[str, str], audience: object, good: bool) -> None:
    answer = ask(side, side.assertion(headers=headers, aud=audience))
    assert (answer.status_code == 200) is good
    assert good or is_refused(answer)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "svc"},
        {"iss": None},
        {"sub": "nobody", "iss": "nobody"},
        {"sub": None},
        {"sub": "svc", "iss": "svc"},
        {"jti": None},
        {"jti": ""},
        {"jti": 5},
        {"iat": None},
        {"iat": "now"},
        {"exp": None},
        {"exp": True},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": "4102444800"},
        {"nbf": 4102444800},
    ],
)
def test_claims_that_are_not_right(side: Side, claims: dict[str, object]) -> None:
    assert is_refused(ask(side, side.assertion(**claims)))


@pytest.mark.parametrize(
    ("issued", "ends", "good"),
    [
        (0, 60, True),
        (0, 300, True),
        (0, 355, True),
        (0, 370, False),
        (55, 60, True),
        (70, 100, False),
        (-600, -55, True),
        (-600, -65, False),
        (-600, 60, True),
    ],
)
def test_times_and_skew(side: Side, issued: int, ends: int, good: bool) -> None:
    now = int(side.clock())
    answer = ask(side, side.assertion(iat=now + issued, exp=now + ends))
    assert (answer.status_code == 200) is good
    assert good or is_refused(answer)


def test_a_clock_that_is_off_by_ten_minutes(side: Side) -> None:
    assertion = side.assertion()
    side.clock.turn(600)
    assert is_refused(ask(side, assertion))
    assert ask(side, side.assertion()).status_code == 200


def test_an_assertion_is_good_once(side: Side) -> None:
    assertion = side.assertion(jti="the same")
    assert ask(side, assertion).status_code == 200
    assert is_refused(ask(side, assertion))
    assert is_refused(ask(side, side.assertion(jti="the same")))
    side.clock.turn(121)
    assert ask(side, side.assertion(jti="the same")).status_code == 200


def test_the_jti_of_another_client_is_another(side: Side) -> None:
    assert ask(side, side.assertion(jti="1")).status_code == 200
    assert ask(side, side.assertion(RSA_KEY, "RS256", jti="1", **RSA)).status_code == 200


def test_what_is_refused_is_not_spent(side: Side) -> None:
    assert is_refused(ask(side, side.assertion(OTHER, jti="1")))
    assert ask(side, side.assertion(jti="1")).status_code == 200


@pytest.mark.parametrize("assertion", ["x", "a.b.c", "..", "é", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_assertion(side: Side, assertion: str) -> None:
    assert is_refused(ask(side, assertion))


def test_signatures_that_do_not_fit(side: Side) -> None:
    claims = {"iss": "svc-ec", "sub": "svc-ec", "aud": TOKEN_URL, "jti": "1", "iat": int(side.clock())}
    claims["exp"] = claims["iat"] + 60
    unsigned = jwt.encode(claims, None, "none")
    by_secret = jwt.encode(claims, "x" * 32, "HS256")
    pss_of_another = side.assertion(rsa.generate_private_key(65537, 2048), "PS256", **RSA)
    good = side.assertion()
    head, body, signature = good.split(".")
    longer = json.loads(base64.urlsafe_b64decode(body + "=="))
    changed = packed(json.dumps({**longer, "jti": "other"}).encode())
    for bad in (
        unsigned,
        by_secret,
        pss_of_another,
        side.assertion(OTHER),
        f"{head}.{changed}.{signature}",
        f"{head}.{body}.",
        f"{head}.{packed(b'[1]')}.{signature}",
    ):
        assert is_refused(ask(side, bad))
    assert ask(side, good).status_code == 200


def test_the_client_id_beside_an_assertion_must_be_its_own(side: Side) -> None:
    assert is_refused(ask(side, side.assertion(), client_id="svc-rsa"))


@pytest.mark.parametrize(
    "form",
    [
        {"client_assertion": "x"},
        {"client_assertion_type": TYPE},
        {"client_assertion": "x", "client_assertion_type": "y"},
    ],
)
def test_an_assertion_and_its_type_go_together(side: Side, form: dict[str, str]) -> None:
    answer = side.token(grant_type="client_credentials", **form)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


# --- which key --------------------------------------------------------------------------------------------------------


def certificate(key: Any = EC_KEY, *, begins: int = -1, ends: int = 1) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "client")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now + datetime.timedelta(days=begins))
        .not_valid_after(now + datetime.timedelta(days=ends))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def with_keys(dressed: Any, keys: ClientKeys) -> Side:
    side: Side = dressed(clients=[Client("svc-ec", Kind.SERVICE, keys=keys)])
    return side


def names(pem: bytes) -> tuple[str, str]:
    """SHA-1 in hexadecimal, and SHA-256 in base64url, of the DER."""
    der = base64.b64decode("".join(pem.decode().splitlines()[1:-1]))
    return hashlib.sha1(der).hexdigest(), packed(hashlib.sha256(der).digest())


def test_kid_of_an_uploaded_certificate(dressed: Any) -> None:
    """Optional; then the key id that was configured, or else the SHA-1 thumbprint."""
    pem = certificate()
    sha1, sha256 = names(pem)
    unnamed, named = with_keys(dressed, keys_of_certificate(pem)), with_keys(dressed, keys_of_certificate(pem, "k1"))
    for side, headers, good in (
        (unnamed, {}, True),
        (unnamed, {"kid": sha1}, True),
        (unnamed, {"kid": sha1.upper()}, True),
        (unnamed, {"kid": "k1"}, False),
        (unnamed, {"x5t#S256": sha256}, True),
        (unnamed, {"x5t#S256": "x"}, False),
        (named, {}, True),
        (named, {"kid": "k1"}, True),
        (named, {"kid": "K1"}, False),
        (named, {"kid": sha1}, False),
        (named, {"x5t#S256": sha256}, True),
    ):
        assert (ask(side, side.assertion(headers=headers)).status_code == 200) is good, headers


def test_kid_of_a_bare_key(dressed: Any) -> None:
    pem = EC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    side, named = with_keys(dressed, keys_of_public_key(pem)), with_keys(dressed, keys_of_public_key(pem, "k1"))
    assert ask(side, side.assertion()).status_code == 200
    assert is_refused(ask(side, side.assertion(headers={"kid": "k1"})))
    assert ask(named, named.assertion(headers={"kid": "k1"})).status_code == 200


def test_kid_of_a_jwks(dressed: Any) -> None:
    """Needed when more than one key is served."""
    mine, other = {**jwk(EC_KEY), "kid": "mine"}, {**jwk(OTHER), "kid": "other"}
    one = with_keys(dressed, keys_of_jwks(json.dumps({"keys": [mine]})))
    two = with_keys(dressed, keys_of_jwks(json.dumps({"keys": [other, mine]})))
    assert ask(one, one.assertion()).status_code == 200
    assert ask(one, one.assertion(headers={"kid": "mine"})).status_code == 200
    assert is_refused(ask(one, one.assertion(headers={"kid": "other"})))
    assert is_refused(ask(two, two.assertion()))
    assert ask(two, two.assertion(headers={"kid": "mine"})).status_code == 200
    assert is_refused(ask(two, two.assertion(headers={"kid": "other"})))


def test_a_certificate_that_has_ended_or_not_begun(dressed: Any) -> None:
    for pem in (certificate(begins=-3, ends=-1), certificate(begins=1, ends=2)):
        side = with_keys(dressed, keys_of_certificate(pem))
        assert is_refused(ask(side, side.assertion()))


def _public(key: Any) -> bytes:
    made: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return made


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (keys_of_public_key, _public(rsa.generate_private_key(65537, 1024)), "2048 bits"),
        (keys_of_public_key, _public(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (keys_of_public_key, b"x", "no public key"),
        (keys_of_certificate, b"x", "no certificate"),
        (keys_of_jwks, "x", "no JSON"),
        (keys_of_jwks, "[]", "no JSON"),
        (keys_of_jwks, '{"keys": [1]}', "no JSON"),
        (keys_of_jwks, '{"keys": []}', "no key"),
        (keys_of_jwks, '{"keys": [{"kty": "oct", "k": "AAAA"}]}', "no key"),
        (keys_of_jwks, json.dumps({"keys": [{**jwk(EC_KEY), "d": "AAAA"}]}), "private"),
    ],
)
def test_keys_that_afas_does_not_take(read: Any, text: Any, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read(text)
