"""Authorization code with PKCE: the login page, the way back, codes and refresh tokens (authentication.md)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.test import TestResponse

from afas_soap.emulator.oauth.addresses import same_redirect
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.profit.access.secret import Secret
from tests.emulator.oauth.conftest import (
    AUTHORIZE_URL,
    CHALLENGE,
    EC_KEY,
    REDIRECT,
    ROWS,
    SECRET,
    TOKEN_URL,
    VERIFIER,
    Side,
)

ASKED = {
    "response_type": "code",
    "client_id": "person",
    "redirect_uri": REDIRECT,
    "state": "s & t",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
OTHER = ec.generate_private_key(ec.SECP256R1())
DAY = 86400


def sign_in(side: Side, **change: Any) -> TestResponse:
    return side.http.post(AUTHORIZE_URL, data={**ASKED, "do": "sign-in", **change})


def way_back(answer: TestResponse) -> dict[str, str]:
    """The parameters of a redirect to the client."""
    assert answer.status_code == 302, answer.text
    location = answer.headers["Location"]
    assert location.startswith(f"{REDIRECT}?")
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


def code(side: Side, **change: Any) -> str:
    return way_back(sign_in(side, **change))["code"]


def exchange(side: Side, text: str, headers: Any = None, **change: Any) -> TestResponse:
    form = {
        "grant_type": "authorization_code",
        "client_id": "person",
        "client_secret": SECRET,
        "code": text,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    return side.token(headers=headers, **{name: value for name, value in (form | change).items() if value is not None})


def refresh(side: Side, text: str, headers: Any = None, **change: Any) -> TestResponse:
    form = {"grant_type": "refresh_token", "client_id": "person", "client_secret": SECRET, "refresh_token": text}
    return side.token(headers=headers, **{name: value for name, value in (form | change).items() if value is not None})


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_is_a_form_that_brings_everything_back(side: Side) -> None:
    answer = side.http.get(AUTHORIZE_URL, query_string={**ASKED, "state": '"><b>'})
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert '<form method="post">' in answer.text
    assert 'name="state" value="&quot;&gt;&lt;b&gt;"' in answer.text
    assert "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "deny"
    # What a form may redirect to would be restricted by it in browsers.
    assert "form-action" not in answer.headers["Content-Security-Policy"]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text))
    assert set(fields) == set(ASKED)
    assert re.findall(r'<button id="([\w-]+)" name="do" value="([\w-]+)">', answer.text) == [
        ("sign-in", "sign-in"),
        ("cancel", "cancel"),
        ("fail", "fail"),
    ]


MARKUP = "\"'><script>alert(1)</script>"


@pytest.mark.parametrize("name", [*ASKED, "user", "do", "scope", f"x{MARKUP}"])
def test_no_parameter_becomes_markup_or_a_header(side: Side, name: str) -> None:
    """Wherever it is sent, and whatever page or redirect follows from it."""
    for value in (MARKUP, f"x\r\nSet-Cookie: a=b\r\n\r\n{MARKUP}"):
        asked = {**ASKED, name: value}
        pages = [
            side.http.get(AUTHORIZE_URL, query_string=asked),
            side.http.post(AUTHORIZE_URL, data={"do": "sign-in", **asked}),
            side.http.post(AUTHORIZE_URL, query_string=asked, data={"do": "sign-in", **asked}),
        ]
        for answer in pages:
            assert "<script" not in answer.text
            assert not {"\r", "\n"} & set("".join(answer.headers.values()))
            assert "Set-Cookie" not in answer.headers
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers.get("Location", REDIRECT).startswith(REDIRECT)


def test_an_id_of_markup_is_shown_as_it_is(dressed: Any) -> None:
    client = Client(MARKUP, Kind.PERSON, secrets=(ClientSecretOf(Secret("x")),), redirect_uris=(REDIRECT,))
    answer = dressed(clients=[client]).http.get(AUTHORIZE_URL, query_string={**ASKED, "client_id": MARKUP})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_the_way_back_has_code_and_state(side: Side) -> None:
    answer = sign_in(side)
    back = way_back(answer)
    assert set(back) == {"code", "state"}
    assert back["state"] == "s & t"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert set(way_back(sign_in(side, state=""))) == {"code"}


@pytest.mark.parametrize(
    ("button", "error"), [("cancel", "access_denied"), ("fail", "server_error"), ("", "invalid_request")]
)
def test_other_buttons(side: Side, button: str, error: str) -> None:
    assert way_back(sign_in(side, do=button)) == {"error": error, "state": "s & t"}
    assert way_back(sign_in(side, do=button, state="")) == {"error": error}


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "nobody"},
        {"client_id": ""},
        {"client_id": "svc"},
        {"client_id": ["person", "person"]},
        {"redirect_uri": ""},
        {"redirect_uri": "http://evil.example/callback"},
        {"redirect_uri": "http://localhost:8322/callback"},
        {"redirect_uri": [REDIRECT, REDIRECT]},
    ],
)
def test_before_the_redirect_uri_is_proven_there_is_a_page(side: Side, change: dict[str, Any]) -> None:
    for answer in (side.http.get(AUTHORIZE_URL, query_string={**ASKED, **change}), sign_in(side, **change)):
        assert (answer.status_code, answer.content_type) == (400, "text/html; charset=utf-8")
        assert "Location" not in answer.headers
        assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ["code", "code"]}, "invalid_request"),
        ({"state": ["s & t", "s & t"]}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": CHALLENGE + "="}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_behind_it_there_is_a_redirect(side: Side, dressed: Any, change: dict[str, Any], error: str) -> None:
    for answer in (side.http.get(AUTHORIZE_URL, query_string={**ASKED, **change}), sign_in(side, **change)):
        back = way_back(answer)
        assert (back["error"], back["state"]) == (error, "s & t")
        assert "code" not in back
    before = dressed(dialect="profit7").http.get(AUTHORIZE_URL, query_string={**ASKED, **change})
    assert (before.status_code, before.content_type) == (400, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("given", "good"),
    [
        ("HTTPS://Client.Example:8443/Callback?a=1", True),
        ("https://client.example:8443/callback?a=1", False),
        ("https://client.example:8443/Callback", False),
        ("https://client.example:8443/Callback?a=1&b=2", False),
        ("https://client.example:8443/Callback/?a=1", False),
        ("https://client.example/Callback?a=1", False),
        ("https://client.example:08443/Callback?a=1", False),
        ("https://client.example:8443/Callback?a=1#", False),
        ("https://me@client.example:8443/Callback?a=1", False),
        ("http://client.example:8443/Callback?a=1", False),
        # What urlsplit would leave out, as browsers do: it is not the same text.
        (" https://client.example:8443/Callback?a=1", False),
        ("https://client.example:8443/Call\tback?a=1", False),
        ("https://client.example:8443/Callback?a=1\n", False),
        ("https://client.example:8443/Callback?a=1\x00", False),
        ("https://client.example:8443\\@evil.example/Callback?a=1", False),
        ("https://[/Callback?a=1", False),
        ("/Callback?a=1", False),
    ],
)
def test_how_redirect_uris_are_compared(given: str, good: bool) -> None:
    """Scheme and host without case, path, query and port exactly."""
    assert same_redirect("https://client.example:8443/Callback?a=1", given) is good


def test_a_port_that_is_not_written_is_none() -> None:
    assert not same_redirect("https://client.example/", "https://client.example:443/")


def test_a_redirect_uri_with_a_query_keeps_it(dressed: Any) -> None:
    uri = "https://client.example/Callback?a=%20b"
    client = Client("c", Kind.PERSON, secrets=(ClientSecretOf(Secret("x")),), redirect_uris=(uri,))
    answer = sign_in(dressed(clients=[client]), client_id="c", redirect_uri="https://CLIENT.example/Callback?a=%20b")
    # Older versions of werkzeug leave the host as it was asked for.
    location = answer.headers["Location"].replace("CLIENT", "client")
    assert location.startswith("https://client.example/Callback?a=%20b&code=")


# --- the code ---------------------------------------------------------------------------------------------------------


def test_a_code_becomes_tokens(side: Side) -> None:
    answer = exchange(side, code(side))
    assert list(answer.json) == ["access_token", "token_type", "expires_in", "refresh_token"]
    assert answer.json["token_type"] == "Bearer"
    assert side.rows(f"Bearer {answer.json['access_token']}").status_code == 200


def test_a_code_is_good_once(side: Side) -> None:
    text = code(side)
    assert exchange(side, text).status_code == 200
    answer = exchange(side, text)
    assert (answer.status_code, answer.data) == (400, b'{"error":"invalid_grant"}')


def test_a_code_is_short_lived(side: Side) -> None:
    text = code(side)
    side.clock.turn(61)
    assert exchange(side, text).json == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "change",
    [
        {"code": "x"},
        {"code_verifier": "x" * 43},
        {"code_verifier": "x" * 128},
        {"redirect_uri": "http://localhost:8321/other"},
        {"client_id": "other"},
    ],
)
def test_a_code_with_something_else_is_spent(dressed: Any, change: dict[str, str]) -> None:
    secrets = (ClientSecretOf(Secret(SECRET)),)
    clients = [Client(name, Kind.PERSON, secrets=secrets, redirect_uris=(REDIRECT,)) for name in ("person", "other")]
    side = dressed(clients=clients)
    text = code(side)
    assert exchange(side, text, **change).json == {"error": "invalid_grant"}
    assert (exchange(side, text).status_code == 400) is ("code" not in change)


@pytest.mark.parametrize("name", ["code", "redirect_uri", "code_verifier"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_missing(side: Side, name: str, value: str | None) -> None:
    text = code(side)
    answer = exchange(side, text, **{name: value})
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert exchange(side, text).status_code == 200


@pytest.mark.parametrize("verifier", ["x" * 42, "x" * 129, "x" * 42 + " ", "é" * 43])
def test_verifiers_that_are_none(side: Side, verifier: str) -> None:
    answer = exchange(side, code(side), code_verifier=verifier)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_a_client_with_a_key(side: Side) -> None:
    def proven() -> dict[str, Any]:
        return {
            "client_id": None,
            "client_secret": None,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": side.assertion(iss="person-ec", sub="person-ec"),
        }

    answer = exchange(side, code(side, client_id="person-ec"), **proven())
    assert answer.status_code == 200
    assert refresh(side, answer.json["refresh_token"], **proven()).status_code == 200


# --- refresh tokens ---------------------------------------------------------------------------------------------------


def test_a_refresh_token_is_good_once(side: Side) -> None:
    first = exchange(side, code(side)).json["refresh_token"]
    answer = refresh(side, first)
    assert answer.status_code == 200
    assert answer.json["refresh_token"] != first
    assert side.rows(f"Bearer {answer.json['access_token']}").status_code == 200
    again = refresh(side, first)
    assert (again.status_code, again.data) == (400, b'{"error":"invalid_grant"}')
    # That somebody used an old one does not end the chain (not known of AFAS).
    assert refresh(side, answer.json["refresh_token"]).status_code == 200


def test_the_chain_ends_thirty_days_after_the_first(side: Side) -> None:
    text = exchange(side, code(side)).json["refresh_token"]
    for _ in range(2):
        side.clock.turn(14 * DAY)
        text = refresh(side, text).json["refresh_token"]
    side.clock.turn(2 * DAY + 1)
    assert refresh(side, text).json == {"error": "invalid_grant"}


def test_of_many_that_renew_at_once_one_does(side: Side) -> None:
    text = exchange(side, code(side)).json["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(side, text).status_code, range(24)))
    assert sorted(answers) == [200, *[400] * 23]
    assert side.emulator.authorization.granted["refresh_token"] == 1


def test_a_refresh_token_of_another_client(side: Side) -> None:
    text = exchange(side, code(side)).json["refresh_token"]
    assert refresh(side, text, client_id="svc").json == {"error": "invalid_grant"}
    assert refresh(side, text, client_secret="x").json == {"error": "invalid_client"}
    assert refresh(side, text).status_code == 200


# --- public clients ---------------------------------------------------------------------------------------------------

PUBLIC = {"client_id": "public", "client_secret": None}


def with_proof(side: Side, nonce: str, key: Any = EC_KEY) -> dict[str, str]:
    return {"DPoP": side.proof("POST", TOKEN_URL, key, nonce=nonce)}


def test_a_public_client_needs_dpop_and_its_key(side: Side) -> None:
    nonce = side.nonce()
    text = code(side, client_id="public")
    without = exchange(side, text, **PUBLIC)
    assert (without.status_code, without.json["error"]) == (400, "invalid_dpop_proof")
    answer = exchange(side, text, with_proof(side, nonce), **PUBLIC)
    assert (answer.status_code, answer.json["token_type"]) == (200, "DPoP")
    token = answer.json["access_token"]
    proof = side.proof("GET", ROWS, token=token, nonce=nonce)
    assert side.rows(f"DPoP {token}", DPoP=proof).status_code == 200
    chain = answer.json["refresh_token"]
    assert refresh(side, chain, **PUBLIC).json["error"] == "invalid_dpop_proof"
    assert refresh(side, chain, with_proof(side, nonce, OTHER), **PUBLIC).json["error"] == "invalid_grant"
    renewed = refresh(side, chain, with_proof(side, nonce), **PUBLIC)
    assert (renewed.status_code, renewed.json["token_type"]) == (200, "DPoP")


def test_a_public_client_has_no_secret(side: Side) -> None:
    nonce = side.nonce()
    answer = exchange(side, code(side, client_id="public"), with_proof(side, nonce), client_id="public")
    assert answer.json == {"error": "invalid_client"}


def test_a_nonce_is_asked_for_before_a_code_or_a_refresh_token_is_spent(side: Side) -> None:
    text = code(side, client_id="public")
    first = exchange(side, text, {"DPoP": side.proof("POST", TOKEN_URL)}, **PUBLIC)
    assert first.json == {"error": "use_dpop_nonce"}
    nonce = first.headers["DPoP-Nonce"]
    chain = exchange(side, text, with_proof(side, nonce), **PUBLIC).json["refresh_token"]
    assert refresh(side, chain, {"DPoP": side.proof("POST", TOKEN_URL)}, **PUBLIC).json == {"error": "use_dpop_nonce"}
    assert refresh(side, chain, with_proof(side, nonce), **PUBLIC).status_code == 200


def test_a_confidential_chain_that_began_with_dpop_goes_on_with_it(side: Side) -> None:
    nonce = side.nonce()
    chain = exchange(side, code(side), with_proof(side, nonce)).json["refresh_token"]
    assert refresh(side, chain).json["error"] == "invalid_grant"
    assert refresh(side, chain, with_proof(side, nonce)).json["token_type"] == "DPoP"


def test_profit_7_has_persons_with_a_secret_and_no_public_client(dressed: Any) -> None:
    side = dressed(dialect="profit7")
    assert exchange(side, code(side)).json["token_type"] == "Bearer"
    assert sign_in(side, client_id="public").status_code == 400
    assert exchange(side, "x", **PUBLIC).json == {"error": "invalid_client"}


def test_the_code_stands_in_the_redirect_only(side: Side) -> None:
    answer = sign_in(side)
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0] not in answer.text
