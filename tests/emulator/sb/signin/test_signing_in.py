"""Signing in to SB: code with PKCE, refresh, app token, and the Admin Center (small-business.md 1)."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.signin.clients import SbClient
from afas_soap.profit.access.secret import Secret

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
REDIRECT = "http://localhost:8085/back?x=1"
ASKED = {
    "response_type": "code",
    "client_id": "demo-sb",
    "redirect_uri": REDIRECT,
    "state": "s & t",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
WHO = {"client_id": "demo-sb", "client_secret": "demo-sb-secret"}


class Side:
    """An SB with a clock that stands still."""

    def __init__(self, **fields: Any) -> None:
        self.now = 1_800_000_000.0
        self.app = Emulator(setup=Setup(sb=SbSetup(**fields), clock=lambda: self.now))
        self.http = Client(self.app)

    def code(self, place: str = "enyoi", **change: str) -> str:
        return way_back(self.http.post(f"/{place}/app/auth", data={**ASKED, "do": "sign-in", **change}))["code"]

    def exchange(self, code: str, place: str = "enyoi", **change: Any) -> TestResponse:
        form = {"grant_type": "authorization_code", **WHO, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.http.post(f"/{place}/app/token", data={**form, "code": code, **change})

    def refresh(self, token: str, place: str = "enyoi", **change: str) -> TestResponse:
        form = {"grant_type": "refresh_token", **WHO, "refresh_token": token, **change}
        return self.http.post(f"/{place}/app/token", data=form)

    def opens(self, token: str, place: str = "enyoi") -> bool:
        answer = self.http.get(f"/{place}/api/vatrate", headers={"Authorization": f"bearer {token}"})
        return answer.status_code == 200


@pytest.fixture
def side() -> Iterator[Side]:
    side = Side()
    yield side
    side.app.close()


@pytest.fixture
def made() -> Iterator[Callable[..., Side]]:
    """An SB set up by fields."""
    sides: list[Side] = []

    def make(**fields: Any) -> Side:
        sides.append(Side(**fields))
        return sides[-1]

    yield make
    for side in sides:
        side.app.close()


def way_back(answer: TestResponse) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    location = answer.headers["Location"]
    assert location.startswith(f"{REDIRECT}&")
    return dict(parse_qsl(urlsplit(location).query))


def test_the_login_page_holds_all_that_was_asked_and_two_other_buttons(side: Side) -> None:
    answer = side.http.get("/enyoi/app/auth", query_string=ASKED)
    assert answer.status_code == 200
    assert "SB (enyoi)" in answer.text
    assert 'value="s &amp; t"' in answer.text
    assert way_back(side.http.post("/enyoi/app/auth", data={**ASKED, "do": "cancel"}))["error"] == "access_denied"
    assert way_back(side.http.post("/enyoi/app/auth", data={**ASKED, "do": "fail"}))["error"] == "server_error"


def test_a_code_becomes_an_access_token_and_a_refresh_token(side: Side) -> None:
    answer = side.exchange(side.code()).get_json()
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 1800
    assert side.opens(answer["access_token"])
    assert not side.opens(answer["access_token"], "atlas")
    side.now += 1800
    assert not side.opens(answer["access_token"])


def test_a_refresh_gives_no_other_refresh_token_and_the_old_one_goes_on(side: Side) -> None:
    refresh = side.exchange(side.code()).get_json()["refresh_token"]
    first, second = side.refresh(refresh).get_json(), side.refresh(refresh).get_json()
    assert "refresh_token" not in first
    assert side.opens(first["access_token"])
    assert side.opens(second["access_token"])
    assert side.refresh(refresh, "atlas").get_json() == {"error": "invalid_grant"}


def test_a_refresh_token_of_the_admin_center_serves_every_customer(side: Side) -> None:
    refresh = side.exchange(side.code("admin"), "admin").get_json()["refresh_token"]
    for place in ("enyoi", "atlas", "brauw"):
        assert side.opens(side.refresh(refresh, place).get_json()["access_token"], place)


def test_a_form_may_come_in_parts(side: Side) -> None:
    answer = side.exchange(side.code())
    refresh = answer.get_json()["refresh_token"]
    form = {"grant_type": "refresh_token", **WHO, "refresh_token": refresh}
    parts = side.http.post("/enyoi/app/token", data=form, content_type="multipart/form-data")
    assert side.opens(parts.get_json()["access_token"])


def test_expires_in_may_be_text(made: Callable[..., Side]) -> None:
    for fields in ({"dialect": "6.0"}, {"expires_as_text": True}):
        side = made(**fields)
        assert side.exchange(side.code()).get_json()["expires_in"] == "1800"


UNFIT = (
    ({"code_verifier": "v" * 42}, "invalid_grant", "invalid code_verifier length"),
    ({"code_verifier": "w" * 43}, "invalid_grant", "invalid code_verifier"),
    ({"redirect_uri": "http://localhost/"}, "invalid_grant", None),
    ({"code": "none"}, "invalid_grant", None),
    ({"client_secret": "other"}, "invalid_client", None),
    ({"client_id": "other"}, "invalid_client", None),
    ({"grant_type": "password"}, "unsupported_grant_type", None),
    ({"code": ""}, "invalid_request", "code must be there once."),
)


def test_what_does_not_fit_gets_no_token(side: Side) -> None:
    for change, error, description in UNFIT:
        answer = side.exchange(**{"code": side.code(), **change})
        assert answer.status_code == (401 if error == "invalid_client" else 400)
        assert answer.get_json()["error"] == error
        assert answer.get_json().get("error_description") == description


def test_a_code_is_good_once_and_a_minute_long_and_where_it_was_given(side: Side) -> None:
    code = side.code()
    assert side.exchange(code).status_code == 200
    assert side.exchange(code).get_json() == {"error": "invalid_grant"}
    assert side.exchange(side.code(), "atlas").get_json() == {"error": "invalid_grant"}
    late = side.code()
    side.now += 60
    assert side.exchange(late).get_json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"state": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"do": "what"}, "invalid_request"),
    ],
)
def test_a_request_that_lacks_something_goes_back_with_an_error(side: Side, change: dict[str, str], error: str) -> None:
    answer = side.http.post("/enyoi/app/auth", data={**ASKED, "do": "sign-in", **change})
    assert way_back(answer)["error"] == error


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "stranger"},
        {"redirect_uri": "http://example.org/"},
        {"redirect_uri": "http://["},
        {"redirect_uri": ""},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_apps(side: Side, change: dict[str, str]) -> None:
    assert side.http.get("/enyoi/app/auth", query_string={**ASKED, **change}).status_code == 400


def test_an_app_may_name_where_persons_are_sent_back_to(made: Callable[..., Side]) -> None:
    side = made(clients=[SbClient("demo-sb", Secret("demo-sb-secret"), ("https://mine.example/back",))])
    asked = {**ASKED, "redirect_uri": "https://mine.example/back"}
    assert side.http.get("/enyoi/app/auth", query_string=asked).status_code == 200
    assert side.http.get("/enyoi/app/auth", query_string=ASKED).status_code == 400


def test_an_app_token_opens_the_scope_that_is_named(side: Side) -> None:
    asked = {"apptoken": "demo-sb-app-token", "scope": "Atlas"}
    answer = side.http.post("/enyoi/authentication/getaccesstoken", json=asked).get_json()
    assert answer["expires_in"] == 600
    assert side.opens(answer["access_token"], "atlas")


@pytest.mark.parametrize("place", ["/enyoi", "/admin", ""])
def test_an_app_token_without_a_scope_gives_an_identity_token_that_lists_them(side: Side, place: str) -> None:
    asked = {"apptoken": "demo-sb-app-token"}
    token = side.http.post(f"{place}/authentication/getaccesstoken", json=asked).get_json()["identity_token"]
    for base in ("/admin", ""):
        rows = side.http.post(f"{base}/authentication/getscopes", headers={"IdentityToken": token}).get_json()
        assert [row["Path"] for row in rows] == ["enyoi", "atlas", "brauw"]
        again = side.http.get(f"{base}/authentication/getscopes", headers={"Authorization": f"Bearer {token}"})
        assert again.get_json() == rows


def test_where_no_scope_is_needed_the_app_token_opens_the_environment(made: Callable[..., Side]) -> None:
    side = made(scoped=False)
    asked = {"apptoken": "demo-sb-app-token"}
    answer = side.http.post("/atlas/authentication/getaccesstoken", json=asked).get_json()
    assert side.opens(answer["access_token"], "atlas")


APP_TOKENS = (
    (b'{"apptoken": "other", "scope": "atlas"}', 401),
    (b'{"scope": "atlas"}', 401),
    (b'{"apptoken": "demo-sb-app-token", "scope": "nowhere"}', 400),
    (b"[]", 400),
    (b"{", 400),
)


def test_an_app_token_that_is_none_and_a_scope_that_is_none(side: Side) -> None:
    for asked, status in APP_TOKENS:
        assert side.http.post("/enyoi/authentication/getaccesstoken", data=asked).status_code == status


def test_scopes_are_for_who_signed_in_to_the_admin_center(side: Side) -> None:
    token = side.app.sb.token("enyoi")
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        assert side.http.post("/admin/authentication/getscopes", headers=headers).status_code == 401
    assert side.http.post("/enyoi/authentication/getscopes").status_code == 404


@pytest.mark.parametrize(("where", "admin", "root"), [("admin", 200, 404), ("root", 404, 200), ("both", 200, 200)])
def test_the_admin_center_may_be_in_one_place_only(
    made: Callable[..., Side], where: str, admin: int, root: int
) -> None:
    side = made(admin_at=where)
    headers = {"IdentityToken": side.app.sb.token("admin")}
    statuses = [
        side.http.post(f"{base}/authentication/getscopes", headers=headers).status_code for base in ("/admin", "")
    ]
    assert statuses == [admin, root]


def test_blocked_apps_get_nothing_until_a_person_agrees_again(side: Side) -> None:
    answer = side.exchange(side.code()).get_json()
    side.app.sb.tokens.withdraw()
    assert not side.opens(answer["access_token"])
    assert side.refresh(answer["refresh_token"]).get_json() == {"error": "invalid_grant"}


def test_other_methods_and_addresses(side: Side) -> None:
    answer = side.http.get("/enyoi/app/token")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert side.http.post("/enyoi/app/elsewhere").status_code == 404
    assert side.http.post("/stranger/app/token").status_code == 404
    assert side.http.get("/api/vatrate").status_code == 404
