"""Token requests to AFAS SB: what is sent, what is taken for a token, and what a refusal says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from afas_soap.errors import AfasError, AnswerError, Busy, NotFound, SignInError, TransportError
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.credentials import AppToken, SbCredential
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.oauth.sbtokens import SbTokens, forms_of
from afas_soap.wire.oauth.tokenanswer import app_granted

Fixed = Any
SECRET = "klant&geheim:% +/"
PERSON = AuthorizationCode("app", "http://localhost:8321/back", ClientSecret(Secret(SECRET)))
APP = AppToken(Secret('geheim"&'), "atlas")
GRANT = '{"access_token":"toegang","expires_in":"1800","token_type":"bearer"}'


@pytest.fixture
def tokens(link_to: Callable[..., Link], fixed: Fixed) -> Iterator[Callable[..., SbTokens]]:
    """The endpoint of an environment at the server of fixed bytes; nothing is waited for between attempts."""
    ways: list[HttpSession] = []

    def made(credential: SbCredential = PERSON, path: str = "enyoi", retry_total: float = 0.0) -> SbTokens:
        link = link_to(
            fixed, token=None, rest_url=f"http://127.0.0.1:{fixed.port}/{path}", soap_url="", retry_total=retry_total
        )
        ways.append(HttpSession(link))
        return SbTokens(link, credential, ways[-1], sleep=lambda _: None)

    yield made
    for way in ways:
        way.close()


def line(fixed: Fixed, index: int = -1) -> str:
    """The first line of a request."""
    return str(fixed.requests[index].partition(b"\r\n")[0].decode())


def form(fixed: Fixed) -> dict[str, str]:
    """The form of the last request."""
    return dict(parse_qsl(fixed.requests[-1].partition(b"\r\n\r\n")[2].decode(), strict_parsing=True))


class TestSent:
    def test_a_code(self, tokens: Callable[..., SbTokens], fixed: Fixed) -> None:
        """In the form of AFAS' guide."""
        fixed.json(GRANT)
        grant = tokens().by_code(Secret("code"), Secret("v" * 43))
        assert (grant.access_token.reveal(), grant.expires_in, grant.refresh_token) == ("toegang", 1800.0, None)
        assert line(fixed) == "POST /enyoi/app/token HTTP/1.1"
        assert form(fixed) == {
            "grant_type": "authorization_code",
            "client_id": "app",
            "client_secret": SECRET,
            "redirect_uri": PERSON.redirect_uri,
            "code": "code",
            "code_verifier": "v" * 43,
        }

    def test_a_refresh_token(self, tokens: Callable[..., SbTokens], fixed: Fixed) -> None:
        fixed.json(GRANT.replace('"1800"', "1800"))
        assert tokens().by_refresh(Secret("oud")).expires_in == 1800.0
        assert form(fixed) == {
            "grant_type": "refresh_token",
            "client_id": "app",
            "client_secret": SECRET,
            "refresh_token": "oud",
        }

    @pytest.mark.parametrize(("scope", "sent"), [("atlas", {"scope": "atlas"}), (None, {})])
    def test_an_app_token(
        self, tokens: Callable[..., SbTokens], fixed: Fixed, scope: str | None, sent: dict[str, str]
    ) -> None:
        """As JSON; without a scope there is none."""
        fixed.json(GRANT)
        tokens(AppToken(APP.token, scope)).by_app_token()
        assert line(fixed) == "POST /enyoi/authentication/getaccesstoken HTTP/1.1"
        assert json.loads(fixed.requests[-1].partition(b"\r\n\r\n")[2]) == {"apptoken": 'geheim"&', **sent}

    def test_the_address_that_a_browser_opens(self, tokens: Callable[..., SbTokens]) -> None:
        """With everything that is mandatory, the challenge by S256."""
        url, verifier = tokens().authorization_request("toestand")
        asked = dict(parse_qsl(urlsplit(url).query))
        assert urlsplit(url).path == "/enyoi/app/auth"
        assert set(asked) == {
            *("client_id", "redirect_uri", "response_type", "code_challenge", "code_challenge_method", "state")
        }
        assert (asked["state"], asked["code_challenge_method"]) == ("toestand", "S256")
        assert len(verifier.reveal()) >= 43

    def test_an_admin_center_has_two_forms(self) -> None:
        assert forms_of("https://demo.afasfocus.nl/admin", "app/token") == (
            "https://demo.afasfocus.nl/admin/app/token",
            "https://demo.afasfocus.nl/app/token",
        )
        assert len(forms_of("https://demo.afasfocus.nl/enyoi", "app/token")) == 1

    @pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed"])
    def test_the_other_form(self, tokens: Callable[..., SbTokens], fixed: Fixed, status: str) -> None:
        """A code that met no endpoint is still good."""
        fixed.json("{}", status)
        fixed.json(GRANT)
        tokens(path="admin").by_code(Secret("code"), Secret("v"))
        assert [line(fixed, index) for index in (0, 1)] == [
            "POST /admin/app/token HTTP/1.1",
            "POST /app/token HTTP/1.1",
        ]

    @pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "500 Fault", "503 Away", "302 Found"])
    def test_the_other_form_is_for_no_other_answer(
        self, tokens: Callable[..., SbTokens], fixed: Fixed, status: str
    ) -> None:
        fixed.json("{}", status, "Location: /app/token")
        with pytest.raises(AfasError):
            tokens(path="admin").by_refresh(Secret("oud"))
        assert len(fixed.requests) == 1


class TestAnswers:
    @pytest.mark.parametrize(
        ("body", "token", "life"),
        [
            ('"toegang"', "toegang", 600.0),
            ('{"access_token":"toegang","expires_in":"300"}', "toegang", 300.0),
            ('{"AccessToken":"toegang"}', "toegang", 600.0),
            ('{"identity_token":"wie","expires_in":60}', "wie", 60.0),
            ('{"token":"toegang"}', "toegang", 600.0),
        ],
    )
    def test_of_an_app_token(self, body: str, token: str, life: float) -> None:
        """Its shape is documented nowhere: what is likely is taken, about ten minutes where it says nothing."""
        grant = app_granted(body.encode())
        assert grant is not None
        assert (grant.access_token.reveal(), grant.kind, grant.expires_in) == (token, "Bearer", life)

    @pytest.mark.parametrize("body", ["", "{}", "[]", "1", "null", '{"token":1}', '{"token":"a b"}', '""', "[" * 9_999])
    def test_that_hold_no_token(self, body: str) -> None:
        assert app_granted(body.encode()) is None

    @pytest.mark.parametrize("body", ["{}", "<html>", GRANT.replace("bearer", "dpop"), GRANT.replace("1800", "soon")])
    def test_that_are_none(self, tokens: Callable[..., SbTokens], fixed: Fixed, body: str) -> None:
        fixed.json(body)
        with pytest.raises(AnswerError, match="neither a token nor an error"):
            tokens().by_refresh(Secret("oud"))

    @pytest.mark.parametrize(
        ("status", "body", "kind", "said"),
        [
            (
                "400 Bad",
                '{"error":"invalid_grant","error_description":"invalid code_verifier length"}',
                SignInError,
                r"SB said no \(invalid_grant: invalid code_verifier length\). The code or refresh token was used",
            ),
            ("401 No", '{"error":"invalid_client"}', SignInError, "check client_id and the secret"),
            ("400 Bad", '{"error":"strange"}', SignInError, r"SB said no \(strange\). Check client_id"),
            ("401 No", '{"Message":"Er is geen ingelogde gebruiker."}', SignInError, "geen ingelogde gebruiker"),
            ("403 No", "", SignInError, r"did not let us in \(403\)"),
            ("404 Not Found", "", NotFound, r"no sign-in of AFAS SB at http.*/enyoi/app/token \(404\)"),
            ("405 No", "", NotFound, r"\(405\)"),
            ("503 Away", "", Busy, "away for a while"),
            ("302 Found", "", AnswerError, "redirects"),
            ("500 Fault", "", AnswerError, "answered 500"),
        ],
    )
    def test_that_say_no(
        self, tokens: Callable[..., SbTokens], fixed: Fixed, status: str, body: str, kind: type[AfasError], said: str
    ) -> None:
        fixed.json(body, status)
        with pytest.raises(kind, match=said):
            tokens().by_refresh(Secret("oud"))

    @pytest.mark.parametrize(
        "body",
        [
            '{"StatusCode":401,"Message":"Er is geen ingelogde gebruiker."}',
            *(
                json.dumps({"error": error})
                for error in ("invalid_grant", "invalid_client", "invalid_request", "access_denied")
            ),
        ],
    )
    def test_an_app_token_that_is_refused(self, tokens: Callable[..., SbTokens], fixed: Fixed, body: str) -> None:
        """In whatever words: nobody signs in anew for it, and it has no client."""
        fixed.json(body, "401 Unauthorized")
        with pytest.raises(SignInError, match="Check the app token and its scope") as caught:
            tokens(APP).by_app_token()
        assert not [word for word in ("auth login", "client_id", "redirect_uri") if word in caught.value.message]


class TestRepeats:
    def test_a_refresh_token_may_be_shown_again(self, tokens: Callable[..., SbTokens], fixed: Fixed) -> None:
        """It stays good, so what got lost does no harm."""
        fixed.raw(None)
        fixed.json("", "503 Away")
        fixed.json(GRANT)
        assert tokens(retry_total=60.0).by_refresh(Secret("oud"))
        assert len(fixed.requests) == 3

    def test_a_code_may_not(self, tokens: Callable[..., SbTokens], fixed: Fixed) -> None:
        fixed.raw(None)
        with pytest.raises(TransportError):
            tokens(retry_total=60.0).by_code(Secret("code"), Secret("v"))
        assert len(fixed.requests) == 1
