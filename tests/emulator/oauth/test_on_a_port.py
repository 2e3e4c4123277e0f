"""DPoP and the login page through a real socket: addresses as a server hands them on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from afas_soap.emulator.http.serve import Server, serve
from tests.emulator.oauth.conftest import CHALLENGE, ENVELOPE, REDIRECT, SECRET, VERIFIER, Side


@pytest.fixture
def server(side: Side) -> Iterator[Server]:
    with serve(side.emulator) as server:
        yield server


def token(side: Side, server: Server, **form: str) -> tuple[str, str, str]:
    """A bound access token, its refresh token, and the nonce to use with it."""
    url = f"{server.rest_url}/oauth/token"
    first = requests.post(url, data=form, headers={"DPoP": side.proof("POST", url)}, timeout=10)
    assert (first.status_code, first.content) == (400, b'{"error":"use_dpop_nonce"}')
    nonce = first.headers["DPoP-Nonce"]
    answer = requests.post(url, data=form, headers={"DPoP": side.proof("POST", url, nonce=nonce)}, timeout=10)
    assert answer.status_code == 200
    return answer.json()["access_token"], answer.json().get("refresh_token", ""), nonce


def test_a_service_over_both_protocols(side: Side, server: Server) -> None:
    form = {"grant_type": "client_credentials", "client_id": "svc", "client_secret": SECRET}
    access, _, nonce = token(side, server, **form)
    rest = f"{server.rest_url}/connectors/%50roducts"
    soap = f"{server.soap_url}/appconnectorget.asmx"
    for method, url, more in (
        ("GET", rest, {"params": {"skip": "0", "take": "1"}}),
        ("POST", soap, {"data": ENVELOPE}),
    ):
        headers = {"Authorization": f"DPoP {access}", "Content-Type": "text/xml"}
        headers["DPoP"] = side.proof(method, url, token=access, nonce=nonce)
        answer = requests.request(method, url, headers=headers, timeout=10, **more)
        assert answer.status_code == 200
        assert "product1" in answer.text


def test_a_person_signs_in_at_the_page(side: Side, server: Server) -> None:
    asked = {
        "response_type": "code",
        "client_id": "public",
        "redirect_uri": REDIRECT,
        "state": "x",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    url = f"{server.rest_url}/oauth/authorize"
    assert "Sign in" in requests.get(url, params=asked, timeout=10).text
    sent: Any = {"data": {**asked, "user": "me", "do": "sign-in"}, "allow_redirects": False, "timeout": 10}
    back = requests.post(url, params=asked, **sent)
    assert back.status_code == 302
    code = back.headers["Location"].partition("code=")[2].partition("&")[0]
    form = {"grant_type": "authorization_code", "client_id": "public", "code": code}
    _, refresh, _ = token(side, server, **form, redirect_uri=REDIRECT, code_verifier=VERIFIER)
    token(side, server, grant_type="refresh_token", client_id="public", refresh_token=refresh)
    assert side.emulator.authorization.granted == {"authorization_code": 1, "refresh_token": 1}
