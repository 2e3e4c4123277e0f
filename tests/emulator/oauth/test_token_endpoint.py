"""POST /oauth/token with client credentials: secrets, Basic, and how it says no (authentication.md)."""

from __future__ import annotations

import base64
import json
import logging
import time
import urllib.parse
from typing import Any

import pytest

from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.profit.access.secret import Secret
from tests.emulator.oauth.conftest import ROWS, SECRET, TOKEN_URL, Side

GRANT = {"grant_type": "client_credentials"}
SVC = {**GRANT, "client_id": "svc", "client_secret": SECRET}


def basic(client_id: str, secret: str) -> dict[str, str]:
    """Each form-url-encoded before the colon; written out here, not by a library."""
    text = f"{urllib.parse.quote_plus(client_id)}:{urllib.parse.quote_plus(secret)}"
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def test_the_answer_to_a_good_secret(side: Side) -> None:
    answer = side.token(**SVC)
    assert answer.status_code == 200
    assert answer.content_type == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    document = json.loads(answer.data)
    assert list(document) == ["access_token", "token_type", "expires_in"]
    assert (document["token_type"], document["expires_in"]) == ("Bearer", 3600)
    assert side.rows(f"Bearer {document['access_token']}").status_code == 200
    assert side.emulator.authorization.granted == {"client_credentials": 1}


def test_a_path_in_any_case(side: Side) -> None:
    assert side.http.post(TOKEN_URL.lower(), data=SVC).status_code == 200


def test_two_secrets_are_good_at_once(side: Side) -> None:
    assert side.token(**{**SVC, "client_secret": "the other one"}).status_code == 200


def test_a_secret_ends(dressed: Any) -> None:
    client = Client("c", Kind.SERVICE, secrets=(ClientSecretOf(Secret("x"), until=time.time() + 3600),))
    side = dressed(clients=[client])
    form = {**GRANT, "client_id": "c", "client_secret": "x"}
    assert side.token(**form).status_code == 200
    side.clock.turn(3601)
    assert side.token(**form).json == {"error": "invalid_client"}


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_basic_has_id_and_secret_form_encoded(side: Side, scheme: str) -> None:
    header = basic("svc", SECRET)["Authorization"].replace("Basic", scheme)
    assert side.token(headers={"Authorization": header}, **GRANT).json["token_type"] == "Bearer"
    assert side.token(headers={"Authorization": header}, client_id="svc", **GRANT).status_code == 200


def test_basic_by_literal(dressed: Any) -> None:
    """RFC 6749 2.3.1: ``a b`` and ``c:d%`` become ``a+b`` and ``c%3Ad%25``."""
    side = dressed(clients=[Client("a b", Kind.SERVICE, secrets=(ClientSecretOf(Secret("c:d%")),))])
    good = base64.b64encode(b"a+b:c%3Ad%25").decode()
    assert side.token(headers={"Authorization": f"Basic {good}"}, **GRANT).status_code == 200
    for raw in (b"a b:c:d%", b"a+b", b"\xff:\xff", b""):
        answer = side.token(headers={"Authorization": "Basic " + base64.b64encode(raw).decode()}, **GRANT)
        # The first is decoded as well, and is the same client by chance of its signs.
        assert answer.status_code == (200 if raw == b"a b:c:d%" else 401)


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        (GRANT, basic("svc", "wrong")),
        (GRANT, basic("nobody", SECRET)),
        (GRANT, {"Authorization": "Basic not-base64!"}),
        ({**GRANT, "client_id": "person"}, basic("svc", SECRET)),
    ],
)
def test_a_failed_basic_is_401(side: Side, form: dict[str, str], headers: dict[str, str]) -> None:
    answer = side.token(headers=headers, **form)
    assert (answer.status_code, answer.json) == (401, {"error": "invalid_client"})
    assert answer.headers.getlist("WWW-Authenticate") == ["Basic"]


@pytest.mark.parametrize(
    "form",
    [
        {"client_id": "svc", "client_secret": "wrong"},
        {"client_id": "svc", "client_secret": ""},
        {"client_id": "svc"},
        {"client_id": "nobody", "client_secret": SECRET},
        {"client_secret": SECRET},
        {"client_id": "svc-ec", "client_secret": SECRET},
        {"client_id": "public", "client_secret": SECRET},
        {},
    ],
)
def test_a_failed_or_unknown_client_is_400(side: Side, form: dict[str, str]) -> None:
    answer = side.token(**GRANT, **form)
    assert (answer.status_code, answer.data) == (400, b'{"error":"invalid_client"}')
    assert "WWW-Authenticate" not in answer.headers


def test_two_proofs_at_once(side: Side) -> None:
    assertion = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    assertion["client_assertion"] = side.assertion()
    for answer in (
        side.token(headers=basic("svc", SECRET), **SVC),
        side.token(headers=basic("svc", SECRET), **GRANT, **assertion),
        side.token(**SVC, **assertion),
    ):
        assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
        assert answer.json["error_description"] == "More than one way of client authentication."
    # Nothing of it was spent.
    assert side.token(**GRANT, **assertion).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"client_id": "svc", "client_secret": SECRET}, "invalid_request"),
        ({**SVC, "grant_type": ""}, "invalid_request"),
        ({**SVC, "grant_type": "password"}, "unsupported_grant_type"),
        ({**SVC, "grant_type": ["client_credentials", "client_credentials"]}, "invalid_request"),
        ({**SVC, "client_secret": [SECRET, SECRET]}, "invalid_request"),
        ({**SVC, "more": ["", ""]}, "invalid_request"),
        ({**SVC, "client_id": "person"}, "unauthorized_client"),
        ({**SVC, "grant_type": "authorization_code"}, "invalid_request"),
        (
            {**SVC, "grant_type": "authorization_code", "code": "x", "redirect_uri": "x", "code_verifier": "x" * 43},
            "unauthorized_client",
        ),
        ({**SVC, "grant_type": "refresh_token"}, "invalid_request"),
        ({**SVC, "grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_bad_requests(side: Side, form: dict[str, Any], error: str) -> None:
    answer = side.token(**form)
    assert (answer.status_code, answer.json["error"]) == (400, error)
    assert answer.headers["Cache-Control"] == "no-store"
    assert SECRET not in answer.text


def test_what_is_no_form(side: Side) -> None:
    answer = side.http.post(TOKEN_URL, json=SVC)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert side.http.get(TOKEN_URL).status_code == 405
    assert side.http.put(TOKEN_URL.replace("token", "authorize")).status_code == 405


def test_parameters_in_the_address_count_for_nothing(side: Side) -> None:
    answer = side.http.post(f"{TOKEN_URL}?client_secret=x", data=SVC)
    assert answer.status_code == 200


def test_profit_7_has_the_secret_in_the_body_only(dressed: Any) -> None:
    side = dressed(dialect="profit7")
    answer = side.token(**SVC)
    assert answer.json["token_type"] == "Bearer"
    assertion = {"client_assertion": side.assertion(), "client_assertion_type": "x", **GRANT}
    for refused in (side.token(headers=basic("svc", SECRET), **GRANT), side.token(**assertion)):
        assert (refused.status_code, refused.json) == (400, {"error": "invalid_client"})
        assert "WWW-Authenticate" not in refused.headers
    # A proof is nothing to it.
    with_proof = side.token(headers={"DPoP": side.proof("POST", TOKEN_URL)}, **SVC)
    assert with_proof.json["token_type"] == "Bearer"


def test_profit_6_has_no_oauth(dressed: Any) -> None:
    side = dressed(dialect="profit6")
    assert side.token(**SVC).status_code == 404
    assert side.http.get(TOKEN_URL.replace("token", "authorize")).status_code == 404


def test_a_classic_app_connector_has_no_clients(dressed: Any) -> None:
    assert dressed(auth="classic").token(**SVC).json == {"error": "invalid_client"}


def test_nothing_secret_shows(side: Side, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a log at any level, not in the repr of what holds it, not in an answer but the one that gives it."""
    caplog.set_level(logging.DEBUG)
    token = side.access()
    bad = side.assertion(exp=1)
    form = {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion": bad}
    proof = side.proof("GET", ROWS, token="other")
    answers = [
        side.token(**GRANT, **form),
        side.token(**{**SVC, "client_secret": SECRET + "x"}),
        side.rows(f"Bearer {token}"),
        side.rows(f"DPoP {token}", DPoP=proof),
        side.token(headers=basic("svc", SECRET + "x"), **GRANT),
    ]
    authorization = side.emulator.authorization
    shown = caplog.text + repr(vars(side.emulator)) + repr(vars(authorization)) + repr(vars(authorization.tokens))
    shown += repr(side.emulator._setup)
    for answer in answers:
        shown += answer.text + repr(answer.headers)
    assert "assertion refused: exp" in shown
    for secret in (token, bad, proof, SECRET):
        assert secret not in shown
        assert secret[:12] not in shown or secret is bad or secret is proof
