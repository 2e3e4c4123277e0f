"""Every refusal that a client must live with, sent as real HTTP through a real socket (authentication.md)."""

from __future__ import annotations

import base64
import hashlib
import logging
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from afas_soap.emulator.http.app import DEMO_TOKEN
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.oauth.clients.assertions import ASSERTION_TYPE
from tests.emulator.oauth.conftest import CHALLENGE, EC_KEY, ENVELOPE, REDIRECT, SECRET, VERIFIER, Side, jwk, packed

OTHER = ec.generate_private_key(ec.SECP256R1())
GRANT = {"grant_type": "client_credentials"}
BODY = {"client_id": "svc", "client_secret": SECRET}
BASIC = {
    "Authorization": "Basic " + base64.b64encode(f"svc:{urllib.parse.quote_plus(SECRET)}".encode()).decode(),
}
PERSON = {"client_id": "person", "client_secret": SECRET}
SECRETS = ("client_secret", "client_assertion", "code", "code_verifier", "refresh_token")
OFFERED = 'Bearer, DPoP algs="ES256"'
BAD_PROOF = 'DPoP error="invalid_dpop_proof"'
PROTOCOLS = pytest.mark.parametrize("protocol", ["rest", "soap"])


class Port:
    """A side on a port; nothing of it is asked but over HTTP."""

    def __init__(self, side: Side, server: Server) -> None:
        self.side = side
        self.sent: set[str] = set()
        self.refusals: list[str] = []
        self.base_url = server.rest_url
        self.token_url = f"{server.rest_url}/oauth/token"
        self.targets = {
            "rest": ("GET", f"{server.rest_url}/connectors/Products"),
            "soap": ("POST", f"{server.soap_url}/AppConnectorGet.asmx"),
        }

    def token(self, form: dict[str, str], headers: dict[str, str] | None = None) -> requests.Response:
        answer = requests.post(self.token_url, data=form, headers=headers, timeout=20)
        return self.remembered(answer, form, headers or {})

    def remembered(self, answer: requests.Response, form: dict[str, str], headers: dict[str, str]) -> requests.Response:
        """The answer, of which a refusal must not repeat what was sent."""
        self.sent |= {form[name] for name in SECRETS if name in form}
        self.sent |= {
            headers[name].partition(" ")[2] or headers[name] for name in ("Authorization", "DPoP") if name in headers
        }
        if answer.status_code >= 400:
            self.refusals.append(answer.text + repr(answer.headers))
        return answer

    def access(self) -> str:
        return str(self.token(GRANT | BODY).json()["access_token"])

    def assertion(self, **claims: Any) -> dict[str, str]:
        made = self.side.assertion(**{"aud": self.token_url, **claims})
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": made}

    def token_proof(self, key: Any = EC_KEY, **claims: Any) -> dict[str, str]:
        return {"DPoP": self.side.proof("POST", self.token_url, key, **claims)}

    def nonce(self) -> str:
        return self.token(GRANT | BODY, self.token_proof()).headers["DPoP-Nonce"]

    def bound(self) -> tuple[str, str]:
        """A token that is bound to a key, and the nonce to use with it."""
        nonce = self.nonce()
        return str(self.token(GRANT | BODY, self.token_proof(nonce=nonce)).json()["access_token"]), nonce

    def call(self, protocol: str, headers: dict[str, str]) -> requests.Response:
        method, url = self.targets[protocol]
        headers = {"Content-Type": "text/xml", **headers}
        body = ENVELOPE if protocol == "soap" else None
        return self.remembered(requests.request(method, url, data=body, headers=headers, timeout=20), {}, headers)

    def proven(self, protocol: str, token: str, key: Any = EC_KEY, **change: Any) -> dict[str, str]:
        """The headers of a call with a proof; ``change`` is what is wrong with it."""
        method, url = self.targets[protocol]
        claims = {"token": token, "method": method, "url": url, **change}
        return {"Authorization": f"DPoP {token}", "DPoP": self.side.proof(key=key, **claims)}

    def code(self) -> str:
        asked = {"response_type": "code", "client_id": "person", "redirect_uri": REDIRECT, "state": "x"}
        asked |= {"code_challenge": CHALLENGE, "code_challenge_method": "S256", "do": "sign-in"}
        url = f"{self.base_url}/oauth/authorize"
        location = requests.post(url, data=asked, allow_redirects=False, timeout=20).headers["Location"]
        return urllib.parse.parse_qs(urllib.parse.urlsplit(location).query)["code"][0]

    def exchanged(self, code: str) -> requests.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return self.token(form | PERSON)

    def renewed(self, refresh_token: str) -> requests.Response:
        return self.token({"grant_type": "refresh_token", "refresh_token": refresh_token} | PERSON)


@pytest.fixture
def ports(
    dressed: Callable[..., Side], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Port]]:
    """Make sides on ports of their own. Whatever the test does with them: no refusal, no log and no output has twelve
    signs of a secret that was sent."""
    caplog.set_level(logging.DEBUG, "afas_soap")
    made: list[Port] = []
    with ExitStack() as running:

        def on_a_port(**setup: Any) -> Port:
            side = dressed(**setup)
            made.append(Port(side, running.enter_context(serve(side.emulator))))
            return made[-1]

        yield on_a_port
    logged = [record.getMessage() for record in caplog.get_records("call")]
    shown = "\n".join([*logged, *capfd.readouterr(), *(text for port in made for text in port.refusals)])
    sent = {text for port in made for text in port.sent if len(text) >= 12}
    assert sent
    for secret in sent:
        assert not any(secret[start : start + 12] in shown for start in range(len(secret) - 11))


@pytest.fixture
def port(ports: Callable[..., Port]) -> Port:
    """Profit 9 with the clients of ``conftest``."""
    return ports()


def error(answer: requests.Response) -> tuple[int, str]:
    """Status and error code."""
    return answer.status_code, answer.json()["error"]


def challenge(answer: requests.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("WWW-Authenticate")


# --- the token endpoint -----------------------------------------------------------------------------------------------


def test_two_proofs_at_once(port: Port) -> None:
    asserted = port.assertion()
    for form, headers in (
        (BODY, BASIC),
        (asserted, BASIC),
        (BODY | asserted, {}),
        (BODY | asserted, BASIC),
    ):
        assert error(port.token(GRANT | form, headers)) == (400, "invalid_request")
    for form, headers in ((BODY, {}), (asserted, {}), ({}, BASIC)):
        assert port.token(GRANT | form, headers).status_code == 200


def test_failed_proofs(port: Port) -> None:
    wrong = {"Authorization": "Basic " + base64.b64encode(b"svc:wrong").decode()}
    answer = port.token(GRANT, wrong)
    assert error(answer) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == "Basic"
    for form in (BODY | {"client_secret": "wrong"}, BODY | {"client_id": "nobody"}, {"client_id": "svc"}):
        assert error(port.token(GRANT | form)) == (400, "invalid_client")


def test_assertions(port: Port) -> None:
    now = int(port.side.clock())
    for claims in (
        {"iat": now - 200, "exp": now - 100},
        {"exp": now + 400},
        {"aud": "https://99999.rest.afas.online/ProfitRestServices/oauth/token"},
        {"aud": port.token_url, "headers": {"typ": "client-authentication+jwt"}},
        {"key": OTHER},
        {"iss": "svc"},
        {"jti": None},
    ):
        assert error(port.token(GRANT | port.assertion(**claims))) == (400, "invalid_client")
    good = port.assertion()
    assert port.token(GRANT | good).status_code == 200
    assert error(port.token(GRANT | good)) == (400, "invalid_client")


def test_a_code_is_good_once(port: Port) -> None:
    code = port.code()
    assert port.exchanged(code).status_code == 200
    assert error(port.exchanged(code)) == (400, "invalid_grant")


def test_a_refresh_token_is_good_once_and_its_chain_for_thirty_days(port: Port) -> None:
    first = port.exchanged(port.code()).json()["refresh_token"]
    second = port.renewed(first).json()["refresh_token"]
    assert error(port.renewed(first)) == (400, "invalid_grant")
    port.side.clock.turn(30 * 86400 - 60)
    third = port.renewed(second).json()["refresh_token"]
    port.side.clock.turn(61)
    assert error(port.renewed(third)) == (400, "invalid_grant")


def test_bad_proofs_at_the_token_endpoint(port: Port) -> None:
    nonce = port.nonce()
    now = int(port.side.clock())
    for claims in (
        {"htu": f"{port.base_url}/oauth/authorize"},
        {"htu": "https://99999.rest.afas.online/ProfitRestServices/oauth/token"},
        {"htm": "GET"},
        {"iat": now - 600},
        {"iat": now + 600},
        {"jti": None},
        {"headers": {"typ": "JWT"}},
        {"headers": {"jwk": jwk(OTHER)}},
    ):
        assert error(port.token(GRANT | BODY, port.token_proof(nonce=nonce, **claims))) == (400, "invalid_dpop_proof")
    good = port.token_proof(nonce=nonce)
    assert port.token(GRANT | BODY, good).status_code == 200
    assert error(port.token(GRANT | BODY, good)) == (400, "invalid_dpop_proof")


# --- connectors -------------------------------------------------------------------------------------------------------


@PROTOCOLS
@pytest.mark.parametrize("status", [400, 401])
def test_a_nonce_is_asked_for_in_both_forms(ports: Callable[..., Port], protocol: str, status: int) -> None:
    port = ports(nonce=str(status))
    token, _ = port.bound()
    for stale in ({}, {"nonce": "of yesterday"}):
        answer = port.call(protocol, port.proven(protocol, token, **stale))
        assert answer.status_code == status
        if status == 400:
            assert answer.json() == {"error": "use_dpop_nonce"}
        else:
            assert answer.headers["WWW-Authenticate"] == 'Bearer, DPoP error="use_dpop_nonce", algs="ES256"'
        again = port.proven(protocol, token, nonce=answer.headers["DPoP-Nonce"])
        assert port.call(protocol, again).status_code == 200


@PROTOCOLS
def test_bad_proofs_on_a_call(port: Port, protocol: str) -> None:
    token, nonce = port.bound()
    now = int(port.side.clock())
    other = {"rest": "soap", "soap": "rest"}[protocol]
    for change in (
        {"url": port.targets[other][1]},
        {"url": f"{port.targets[protocol][1]}?skip=0"},
        {"method": "PUT"},
        {"ath": None},
        {"ath": packed(hashlib.sha256(b"another token").digest())},
        {"iat": now - 600},
        {"iat": now + 600},
        {"iat": None},
        {"jti": None},
        {"headers": {"jwk": jwk(OTHER)}},
    ):
        headers = port.proven(protocol, token, nonce=nonce, **change)
        assert challenge(port.call(protocol, headers)) == (401, BAD_PROOF), change
    good = port.proven(protocol, token, nonce=nonce)
    assert port.call(protocol, good).status_code == 200
    assert challenge(port.call(protocol, good)) == (401, BAD_PROOF)
    assert challenge(port.call(protocol, {"Authorization": f"DPoP {token}"})) == (401, BAD_PROOF)


@PROTOCOLS
def test_another_key_and_another_scheme(port: Port, protocol: str) -> None:
    token, nonce = port.bound()
    other = port.proven(protocol, token, OTHER, nonce=nonce)
    assert challenge(port.call(protocol, other)) == (401, 'DPoP error="invalid_token"')
    bearer = {"Authorization": f"Bearer {token}"}
    assert challenge(port.call(protocol, bearer)) == (401, 'Bearer error="invalid_token"')


@PROTOCOLS
def test_a_token_of_another_environment(ports: Callable[..., Port], protocol: str) -> None:
    here, there = ports(), ports()
    bearer = {"Authorization": f"Bearer {there.access()}"}
    assert there.call(protocol, bearer).status_code == 200
    assert challenge(here.call(protocol, bearer)) == (401, 'Bearer error="invalid_token"')
    token, _ = there.bound()
    bound = here.proven(protocol, token, nonce=here.nonce())
    assert challenge(here.call(protocol, bound)) == (401, 'DPoP error="invalid_token"')


@PROTOCOLS
def test_the_replay_store_is_down(port: Port, protocol: str) -> None:
    token, nonce = port.bound()
    port.side.emulator.authorization.replay.down = True
    assert challenge(port.call(protocol, port.proven(protocol, token, nonce=nonce))) == (503, None)
    assert port.token(GRANT | port.assertion()).status_code == 503
    port.side.emulator.authorization.replay.down = False
    assert port.call(protocol, port.proven(protocol, token, nonce=nonce)).status_code == 200


@PROTOCOLS
@pytest.mark.parametrize(
    ("auth", "classic", "bearer", "nothing"),
    [
        ("hybrid", (200, None), (200, None), (401, OFFERED)),
        ("oauth", (401, OFFERED), (200, None), (401, OFFERED)),
        ("classic", (200, None), (401, 'Bearer error="invalid_token"'), None),
    ],
)
def test_types_of_app_connectors(
    ports: Callable[..., Port], protocol: str, auth: str, classic: object, bearer: object, nothing: object
) -> None:
    port = ports(auth=auth)
    answer = port.token(GRANT | BODY)
    token = "x"
    if auth == "classic":
        assert error(answer) == (400, "invalid_client")
        # As it always was: 401 over REST, a fault over SOAP.
        nothing = ({"rest": 401, "soap": 500}[protocol], None)
    else:
        token = answer.json()["access_token"]
    assert challenge(port.call(protocol, {"Authorization": DEMO_TOKEN.header()})) == classic
    assert challenge(port.call(protocol, {"Authorization": f"Bearer {token}"})) == bearer
    assert challenge(port.call(protocol, {})) == nothing


@pytest.mark.parametrize(
    ("dialect", "body", "basic", "asserted", "proven"),
    [
        ("profit6", (404, None), (404, None), (404, None), (404, None)),
        ("profit7", (200, "Bearer"), (400, None), (400, None), (200, "Bearer")),
        ("profit9", (200, "Bearer"), (200, "Bearer"), (200, "Bearer"), (200, "DPoP")),
    ],
)
def test_dialects(
    ports: Callable[..., Port], dialect: str, body: object, basic: object, asserted: object, proven: object
) -> None:
    port = ports(dialect=dialect)
    nonce = port.nonce() if dialect == "profit9" else None

    def told(answer: requests.Response) -> tuple[int, object]:
        good = answer.status_code == 200
        return answer.status_code, answer.json()["token_type"] if good else None

    assert told(port.token(GRANT | BODY)) == body
    assert told(port.token(GRANT, BASIC)) == basic
    assert told(port.token(GRANT | port.assertion())) == asserted
    assert told(port.token(GRANT | BODY, port.token_proof(nonce=nonce))) == proven
    page = requests.get(f"{port.base_url}/oauth/authorize", timeout=20)
    assert page.status_code == (404 if dialect == "profit6" else 400)
    assert port.call("rest", {"Authorization": DEMO_TOKEN.header()}).status_code == 200
