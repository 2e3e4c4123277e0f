"""Whatever is sent, the authorization server answers, and says no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.emulator.store import Store
from tests.emulator.oauth.conftest import AUTHORIZE_URL, EC_KEY, ROWS, TOKEN_URL, Side, jwk

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CLAIMS = st.dictionaries(
    st.sampled_from(["iss", "sub", "aud", "jti", "iat", "exp", "htm", "htu", "nonce", "ath"]), JSON
)
HEADERS = st.dictionaries(st.sampled_from(["typ", "jwk", "x5t#S256", "x"]), JSON)
FORM = st.dictionaries(
    st.sampled_from(["grant_type", "client_id", "client_secret", "code", "client_assertion", "client_assertion_type"]),
    st.text(max_size=20) | st.sampled_from(["client_credentials", "authorization_code", "svc", TYPE]),
)


@pytest.fixture(scope="module")
def lasting() -> Iterator[Side]:
    """One server for all examples."""
    with Store() as store:
        yield Side(store, nonce="off")


def made(claims: Any, headers: Any) -> str:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return str(jwt.PyJWS().encode(payload, EC_KEY, "ES256", headers=headers))


@given(CLAIMS, HEADERS)
def test_any_assertion_is_refused(lasting: Side, claims: dict[str, Any], headers: dict[str, Any]) -> None:
    text = made({"sub": "svc-ec", "iss": "svc-ec"} | claims, {"typ": "JWT"} | headers)
    answer = lasting.token(grant_type="client_credentials", client_assertion_type=TYPE, client_assertion=text)
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_client"})


@given(CLAIMS, HEADERS)
def test_any_proof_is_refused(lasting: Side, claims: dict[str, Any], headers: dict[str, Any]) -> None:
    now = {"iat": int(lasting.clock()), "htm": "GET", "htu": ROWS, "ath": "x"}
    text = made(now | claims, {"typ": "dpop+jwt", "jwk": jwk(EC_KEY)} | headers)
    answer = lasting.rows("DPoP x", DPoP=text)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'DPoP error="invalid_dpop_proof"')


@pytest.mark.parametrize("payload", [b"", b"[]", b"\xff", b"[" * 50_000, b'{"sub":"svc-ec","jti":"\\ud800"}', b"NaN"])
def test_claims_that_are_no_json_or_odd(lasting: Side, payload: bytes) -> None:
    text = made(payload, {"typ": "JWT"})
    answer = lasting.token(grant_type="client_credentials", client_assertion_type=TYPE, client_assertion=text)
    assert answer.json == {"error": "invalid_client"}


def test_halves_of_a_sign(lasting: Side) -> None:
    for name in ("jti", "htu", "ath", "nonce"):
        proof = lasting.proof("GET", ROWS, **{name: "\ud800"}) if name != "htu" else lasting.proof("GET", "\ud800")
        assert lasting.rows("DPoP x", DPoP=proof).status_code == 401


@given(FORM, st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30))
def test_any_form_is_refused(lasting: Side, form: dict[str, str], authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": f"Basic {authorization}"}
    answer = lasting.http.post(TOKEN_URL, data=form, headers=headers)
    assert answer.status_code in (400, 401)
    assert "error" in answer.json


@given(st.dictionaries(st.sampled_from(["client_id", "redirect_uri", "response_type", "state"]), st.text(max_size=30)))
def test_any_question_for_the_page_is_a_page(lasting: Side, parameters: dict[str, str]) -> None:
    answer = lasting.http.get(AUTHORIZE_URL, query_string=parameters)
    assert (answer.status_code, answer.content_type) == (400, "text/html; charset=utf-8")
