"""DPoP: proofs, the bound key, and nonces, at the token endpoint and at connectors (authentication.md, "DPoP")."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.emulator.oauth.conftest import EC_KEY, HOST, ROWS, RSA_KEY, SECRET, SOAP, TOKEN_URL, Side, jwk, signed

SVC = {"grant_type": "client_credentials", "client_id": "svc", "client_secret": SECRET}
OTHER = ec.generate_private_key(ec.SECP256R1())
WAYS = pytest.mark.parametrize(("way", "method", "url"), [("rows", "GET", ROWS), ("soap", "POST", SOAP)])
BAD = 'DPoP error="invalid_dpop_proof"'


# --- the token endpoint -----------------------------------------------------------------------------------------------


def test_the_first_answer_asks_for_a_nonce(side: Side) -> None:
    answer = side.token(headers={"DPoP": side.proof("POST", TOKEN_URL)}, **SVC)
    assert (answer.status_code, answer.data) == (400, b'{"error":"use_dpop_nonce"}')
    nonce = answer.headers["DPoP-Nonce"]
    again = side.token(headers={"DPoP": side.proof("POST", TOKEN_URL, nonce=nonce)}, **SVC)
    assert (again.status_code, again.json["token_type"]) == (200, "DPoP")
    assert "DPoP-Nonce" not in again.headers


def test_the_nonce_comes_before_anything_is_spent(side: Side) -> None:
    """The repeated request has the same assertion, and is no replay."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": side.assertion(),
    }
    first = side.token(headers={"DPoP": side.proof("POST", TOKEN_URL)}, **form)
    assert first.json == {"error": "use_dpop_nonce"}
    proof = side.proof("POST", TOKEN_URL, nonce=first.headers["DPoP-Nonce"])
    assert side.token(headers={"DPoP": proof}, **form).status_code == 200
    third = side.proof("POST", TOKEN_URL, nonce=first.headers["DPoP-Nonce"])
    assert side.token(headers={"DPoP": third}, **form).json == {"error": "invalid_client"}


@pytest.mark.parametrize("nonce", ["", "other", 5, "é"])
def test_a_wrong_nonce_is_asked_for_again(side: Side, nonce: object) -> None:
    answer = side.token(headers={"DPoP": side.proof("POST", TOKEN_URL, nonce=nonce)}, **SVC)
    assert answer.json == {"error": "use_dpop_nonce"}


def test_a_nonce_ages(side: Side) -> None:
    """A newer one comes with the answer while the old one is still taken; later the old one is not."""
    old = side.nonce()
    side.clock.turn(150)
    answer = side.token(headers={"DPoP": side.proof("POST", TOKEN_URL, nonce=old)}, **SVC)
    assert answer.status_code == 200
    new = answer.headers["DPoP-Nonce"]
    assert new != old
    side.clock.turn(150)
    assert side.token(headers={"DPoP": side.proof("POST", TOKEN_URL, nonce=old)}, **SVC).status_code == 400
    assert side.token(headers={"DPoP": side.proof("POST", TOKEN_URL, nonce=new)}, **SVC).status_code == 200


def test_a_client_that_must_use_dpop(side: Side) -> None:
    answer = side.token(**{**SVC, "client_id": "svc-dpop"})
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_dpop_proof")


@pytest.mark.parametrize(
    "change",
    [
        {"htm": "GET"},
        {"htm": "post"},
        {"htm": None},
        {"htu": f"{HOST}/ProfitRestServices/oauth/authorize"},
        {"htu": f"{TOKEN_URL}?x=1"},
        {"htu": "https://localhost/ProfitRestServices/oauth/token"},
        {"htu": "http://[/"},
        {"htu": None},
        {"jti": None},
        {"jti": ""},
        {"iat": None},
        {"iat": 5},
        {"iat": "now"},
        {"headers": {"typ": "JWT"}},
        {"headers": {"typ": None}},
        {"headers": {"jwk": None}},
        {"headers": {"jwk": "x"}},
        {"headers": {"jwk": {"kty": "EC"}}},
        {"headers": {"jwk": jwk(OTHER)}},
        {"headers": {"jwk": {**jwk(EC_KEY), "d": "AAAA"}}},
        {"key": OTHER, "headers": {"jwk": jwk(EC_KEY)}},
    ],
)
def test_bad_proofs(side: Side, change: dict[str, Any]) -> None:
    proof = side.proof(**{"method": "POST", "url": TOKEN_URL, "nonce": side.nonce(), **change})
    answer = side.token(headers={"DPoP": proof}, **SVC)
    assert (answer.status_code, answer.data) == (400, b'{"error":"invalid_dpop_proof"}')


@pytest.mark.parametrize("proof", ["", "x", "a.b.c"])
def test_what_is_no_proof(side: Side, proof: str) -> None:
    assert side.token(headers={"DPoP": proof}, **SVC).json == {"error": "invalid_dpop_proof"}


def test_other_algorithms(side: Side) -> None:
    claims = {"jti": "1", "htm": "POST", "htu": TOKEN_URL, "iat": int(side.clock()), "nonce": side.nonce()}
    rsa = jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True)
    big = ec.generate_private_key(ec.SECP521R1())
    other = jwt.algorithms.ECAlgorithm.to_jwk(big.public_key(), as_dict=True)
    symmetric = {"kty": "oct", "k": "AAAA" * 12}
    for key, algorithm, jwk_ in (
        (RSA_KEY, "RS256", rsa),
        (big, "ES512", other),
        ("x" * 48, "HS256", symmetric),
        (None, "none", jwk(EC_KEY)),
    ):
        proof = signed(claims, key, algorithm, {"typ": "dpop+jwt", "jwk": jwk_})
        assert side.token(headers={"DPoP": proof}, **SVC).json == {"error": "invalid_dpop_proof"}
    for key in (rsa, other, symmetric):
        lied = side.proof("POST", TOKEN_URL, nonce=side.nonce(), headers={"jwk": key})
        assert side.token(headers={"DPoP": lied}, **SVC).json == {"error": "invalid_dpop_proof"}


@pytest.mark.parametrize(("off", "good"), [(-55, True), (55, True), (-70, False), (70, False), (600, False)])
def test_the_time_of_a_proof(side: Side, off: int, good: bool) -> None:
    proof = side.proof("POST", TOKEN_URL, nonce=side.nonce(), iat=int(side.clock()) + off)
    assert (side.token(headers={"DPoP": proof}, **SVC).status_code == 200) is good


def test_a_proof_is_good_once(side: Side) -> None:
    proof = {"DPoP": side.proof("POST", TOKEN_URL, nonce=side.nonce())}
    assert side.token(headers=proof, **SVC).status_code == 200
    assert side.token(headers=proof, **SVC).json == {"error": "invalid_dpop_proof"}


# --- connectors -------------------------------------------------------------------------------------------------------


@WAYS
def test_a_call_with_a_proof(side: Side, way: str, method: str, url: str) -> None:
    token, nonce = side.bound(), side.nonce()
    for _ in range(2):
        answer = getattr(side, way)(f"DPoP {token}", DPoP=side.proof(method, url, token=token, nonce=nonce))
        assert answer.status_code == 200
        assert "product1" in answer.text


@WAYS
def test_three_ways_to_ask_for_a_nonce(dressed: Any, way: str, method: str, url: str) -> None:
    for nonce, status in (("off", 200), ("400", 400), ("401", 401)):
        side = dressed(nonce=nonce)
        token = side.bound()
        answer = getattr(side, way)(f"DPoP {token}", DPoP=side.proof(method, url, token=token))
        assert answer.status_code == status
        if status == 400:
            assert answer.data == b'{"error":"use_dpop_nonce"}'
            assert "WWW-Authenticate" not in answer.headers
        if status == 401:
            offered = answer.headers.getlist("WWW-Authenticate")
            assert offered == ["Bearer", 'DPoP error="use_dpop_nonce", algs="ES256"']
        if status != 200:
            proof = side.proof(method, url, token=token, nonce=answer.headers["DPoP-Nonce"])
            assert getattr(side, way)(f"DPoP {token}", DPoP=proof).status_code == 200


@WAYS
def test_a_newer_nonce_comes_with_an_answer(side: Side, way: str, method: str, url: str) -> None:
    token, nonce = side.bound(), side.nonce()
    send = getattr(side, way)
    assert "DPoP-Nonce" not in send(f"DPoP {token}", DPoP=side.proof(method, url, token=token, nonce=nonce)).headers
    side.clock.turn(150)
    answer = send(f"DPoP {token}", DPoP=side.proof(method, url, token=token, nonce=nonce))
    assert answer.status_code == 200
    newer = answer.headers["DPoP-Nonce"]
    assert newer != nonce
    assert "DPoP-Nonce" not in send(f"DPoP {token}", DPoP=side.proof(method, url, token=token, nonce=newer)).headers


@WAYS
def test_the_key_must_be_the_bound_one(side: Side, way: str, method: str, url: str) -> None:
    token, nonce = side.bound(), side.nonce()
    proof = side.proof(method, url, OTHER, token=token, nonce=nonce)
    answer = getattr(side, way)(f"DPoP {token}", DPoP=proof)
    assert answer.headers.getlist("WWW-Authenticate") == ['DPoP error="invalid_token"']


@WAYS
def test_each_kind_of_token_has_its_scheme(side: Side, way: str, method: str, url: str) -> None:
    bound, unbound, nonce = side.bound(), side.access(), side.nonce()
    send = getattr(side, way)
    assert send(f"Bearer {bound}").headers.getlist("WWW-Authenticate") == ['Bearer error="invalid_token"']
    proof = side.proof(method, url, token=bound, nonce=nonce)
    with_proof = send(f"Bearer {bound}", DPoP=proof)
    assert with_proof.headers.getlist("WWW-Authenticate") == ['Bearer error="invalid_token"']
    for token in (unbound, "unknown"):
        proof = side.proof(method, url, token=token, nonce=nonce)
        answer = send(f"DPoP {token}", DPoP=proof)
        assert answer.headers.getlist("WWW-Authenticate") == ['DPoP error="invalid_token"']


@WAYS
def test_bad_proofs_on_a_call(side: Side, way: str, method: str, url: str) -> None:
    token, nonce = side.bound(), side.nonce()
    send = getattr(side, way)
    good = {"method": method, "url": url, "token": token, "nonce": nonce}
    for change in (
        {"token": None},
        {"token": "another"},
        {"method": "PUT"},
        {"url": f"{url}?take=1"},
        {"url": TOKEN_URL},
        {"iat": int(side.clock()) - 600},
    ):
        answer = send(f"DPoP {token}", DPoP=side.proof(**{**good, **change}))
        assert (answer.status_code, answer.headers.getlist("WWW-Authenticate")) == (401, [BAD])
    assert send(f"DPoP {token}").headers.getlist("WWW-Authenticate") == [BAD]


@WAYS
def test_a_replayed_proof(side: Side, way: str, method: str, url: str) -> None:
    token = side.bound()
    proof = side.proof(method, url, token=token, nonce=side.nonce())
    assert getattr(side, way)(f"DPoP {token}", DPoP=proof).status_code == 200
    answer = getattr(side, way)(f"DPoP {token}", DPoP=proof)
    assert answer.headers.getlist("WWW-Authenticate") == [BAD]


def test_a_bound_token_ends_too(side: Side) -> None:
    token = side.bound()
    side.clock.turn(3601)
    answer = side.rows(f"DPoP {token}", DPoP=side.proof("GET", ROWS, token=token, nonce=side.nonce()))
    assert answer.headers.getlist("WWW-Authenticate") == ['DPoP error="invalid_token"']


@pytest.mark.parametrize(
    ("asked", "proven", "good"),
    [
        ("/ProfitRestServices/connectors/Products?skip=0&take=1", "/ProfitRestServices/connectors/Products", True),
        ("/ProfitRestServices/connectors/%50roducts", "/ProfitRestServices/connectors/Products", True),
        ("/ProfitRestServices/metainfo/get/Products", "/ProfitRestServices/metainfo/get/%50roducts", True),
        ("/ProfitRestServices/connectors/Products", "/ProfitRestServices/connectors/products", False),
        ("/ProfitRestServices/connectors/Products", "/ProfitRestServices/connectors/Products/", False),
    ],
)
def test_addresses(side: Side, asked: str, proven: str, good: bool) -> None:
    """The query does not count; letters may be escaped or not; a default port may stand there."""
    token, nonce = side.bound(), side.nonce()
    for host in ("http://localhost", "http://LOCALHOST:80"):
        proof = side.proof("GET", host + proven, token=token, nonce=nonce)
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
        answer = side.http.get(HOST + asked, headers=headers, environ_overrides={"REQUEST_URI": asked})
        assert (answer.status_code == 200) is good


def test_an_update_needs_a_proof_of_its_own_method(side: Side) -> None:
    token, nonce = side.bound(), side.nonce()
    url = f"{HOST}/ProfitRestServices/connectors/KnSubject"
    headers = {"Authorization": f"DPoP {token}", "DPoP": side.proof("PUT", url, token=token, nonce=nonce)}
    assert side.http.post(url, json={}, headers=headers).headers.getlist("WWW-Authenticate") == [BAD]
