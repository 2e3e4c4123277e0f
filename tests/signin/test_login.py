"""A person signs in: the redirect is received on exactly its address, or pasted, and what goes wrong is told."""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest

from afas_soap.errors import SettingsError, SignInError
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt, Receiver, code_in, sign_in
from afas_soap.signin.store import TokenStore
from afas_soap.wire.http.link import Link
from tests.signin.site import free_port


@pytest.fixture(params=["127.0.0.1", "localhost"])
def credential(judge, judges, request: pytest.FixtureRequest) -> AuthorizationCode:
    redirect = f"http://{request.param}:{free_port()}/callback"
    judge.clients["person"] = judges.Client(("geheim",), redirect_uri=redirect)
    return AuthorizationCode("person", redirect, ClientSecret(Secret("geheim")))


@pytest.fixture
def session(judge, credential: AuthorizationCode, link_to: Callable[..., Link], tmp_path: Path):
    made = SignedIn(credential, link_to(judge), TokenStore("demo", tmp_path))
    yield made
    made.close()


def visit(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


class Browser:
    """Goes where ``answer`` says, in the background, as a browser does."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        self.answer = answer
        self.pages: list[tuple[int, str]] = []
        self.thread: threading.Thread | None = None

    def __call__(self, url: str) -> None:
        self.thread = threading.Thread(target=lambda: self.pages.append(visit(self.answer(url))))
        self.thread.start()

    def done(self) -> tuple[int, str]:
        assert self.thread is not None
        self.thread.join()
        return self.pages[0]


def test_a_sign_in(judge, credential, session) -> None:
    def answer(url: str) -> str:
        code, state = judge.code(url)
        # Anything else on that port is not what is waited for.
        assert visit(f"{credential.redirect_uri.rpartition('/')[0]}/favicon.ico")[0] == 404
        assert visit(f"{credential.redirect_uri}/x?code=1&state=2")[0] == 404
        return f"{credential.redirect_uri}?code={code}&state={state}"

    browser = Browser(answer)
    entry = sign_in(session, browser)
    status, page = browser.done()
    assert status == 200
    assert "go back to afas" in page
    assert "code=" not in page
    assert session.entry() == entry
    assert session.headers("GET", judge.rest_url)["Authorization"] == f"Bearer {entry.access_token.reveal()}"
    assert len(judge.grants) == 1


@pytest.mark.parametrize(
    ("query", "told", "error"),
    [
        ("code=CODE&state=tampered", "does not belong to this sign-in", None),
        ("code=CODE", "does not belong to this sign-in", None),
        ("error=access_denied", "does not belong to this sign-in", None),
        (
            "error=access_denied&error_description=Nee+bedankt&state=STATE",
            "access_denied: Nee bedankt",
            "access_denied",
        ),
        ("error=server_error&state=STATE", "AFAS' own fault", "server_error"),
        ("state=STATE", "without a code", None),
        ("code=&state=STATE", "without a code", None),
        ("code=elders&state=STATE", "afas auth login", "invalid_grant"),
    ],
)
def test_what_comes_back_wrong_is_told_and_a_second_attempt_succeeds(
    judge, credential, session, query, told, error
) -> None:
    def wrong(url: str) -> str:
        code, state = judge.code(url)
        return f"{credential.redirect_uri}?{query.replace('CODE', code).replace('STATE', state)}"

    def right(url: str) -> str:
        code, state = judge.code(url)
        return f"{credential.redirect_uri}?code={code}&state={state}"

    browser = Browser(wrong)
    with pytest.raises(SignInError, match=told) as caught:
        sign_in(session, browser)
    browser.done()
    assert caught.value.error == error
    browser = Browser(right)
    sign_in(session, browser)
    browser.done()


def test_nobody_signs_in_and_a_second_attempt_succeeds(judge, credential, session) -> None:
    with pytest.raises(SignInError, match="Nobody signed in within 0 seconds"):
        sign_in(session, lambda _url: None, patience=0.3)
    test_a_sign_in(judge, credential, session)


def test_a_browser_that_keeps_a_connection_open_is_in_nobodys_way(judge, credential, session) -> None:
    port = int(credential.redirect_uri.rpartition(":")[2].partition("/")[0])
    idle: list[socket.socket] = []

    def answer(url: str) -> str:
        idle.append(socket.create_connection(("127.0.0.1", port)))
        code, state = judge.code(url)
        return f"{credential.redirect_uri}?code={code}&state={state}"

    browser = Browser(answer)
    sign_in(session, browser)
    assert browser.done()[0] == 200
    idle[0].close()


def test_an_interrupted_sign_in_frees_its_port(judge, credential, session) -> None:
    def interrupted(_url: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sign_in(session, interrupted)
    test_a_sign_in(judge, credential, session)


def test_a_port_in_use_is_named(credential, session) -> None:
    port = int(credential.redirect_uri.rpartition(":")[2].partition("/")[0])
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(SettingsError, match=f"port {port} of this machine cannot be used"),
    ):
        sign_in(session, pytest.fail)


@pytest.mark.parametrize("uri", ["https://localhost:8321/x", "http://example.nl/x", "http://10.0.0.1:8321/x"])
def test_a_redirect_to_elsewhere_is_pasted(uri: str) -> None:
    with pytest.raises(SettingsError, match="--no-browser"):
        Receiver(uri)


def test_a_person_of_ipv6() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("there is no IPv6 here")
    port = free_port()
    with Receiver(f"http://[::1]:{port}") as receiver:
        connection = http.client.HTTPConnection("::1", port, timeout=10)
        connection.request("GET", "/?code=a")
        assert connection.getresponse().status == 200
        connection.close()
        assert receiver.wait(5).reveal() == "code=a"


def test_the_redirected_address_can_be_pasted(judge, credential, session) -> None:
    """In another case, and folded by a terminal."""
    attempt = Attempt(session)
    code, state = judge.code(attempt.url)
    address = f"{credential.redirect_uri.replace('http://l', 'HTTP://L')}?code={code}&state={state}"
    entry = attempt.pasted(Secret(f"  {address[:40]}\n{address[40:]} \n"))
    assert session.entry() == entry


@pytest.mark.parametrize(
    "pasted",
    ["", "code=a&state=b", "https://elders.nl/callback?code=geheim-code", "http://[", "http://localhost:x/"],
)
def test_what_was_not_meant_to_be_pasted(session, pasted: str) -> None:
    with pytest.raises(SignInError, match="is not the address that AFAS sends the browser to") as caught:
        Attempt(session).pasted(Secret(pasted))
    assert "geheim" not in str(caught.value)


def test_a_pasted_address_of_another_port(credential, session) -> None:
    with pytest.raises(SignInError, match="is not the address"):
        Attempt(session).pasted(Secret(credential.redirect_uri.replace("/callback", "0/callback") + "?code=a"))


def test_a_service_needs_no_browser(judge, service, link_to) -> None:
    with pytest.raises(SettingsError, match="a service needs none"):
        Attempt(SignedIn(service, link_to(judge)))


def test_the_state_is_another_one_each_time(session) -> None:
    """And it is long enough that nobody guesses it: whoever knows it can have us take a code of his."""
    urls = [Attempt(session).url for _ in range(20)]
    states = [parse_qs(urlsplit(url).query)["state"][0] for url in urls]
    assert len(set(states)) == 20
    assert min(map(len, states)) >= 43


def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_stands(credential) -> None:
    """Its address holds the code."""
    with Receiver(credential.redirect_uri), urllib.request.urlopen(f"{credential.redirect_uri}?code=1") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "query", ["code=x&state=\udce9", "code=x&state=%ED%A0%80", "state", "", "&&=&", "code=x&state=s&state=t"]
)
def test_a_state_of_any_signs_is_another_one(query: str) -> None:
    """Half a sign comes from a terminal that knows no UTF-8."""
    with pytest.raises(SignInError, match="its state is another one"):
        code_in(Secret(query), Secret("s"))


def test_a_code_is_found_among_anything_else() -> None:
    assert code_in(Secret("session_state=x&code=a%20b&state=s&iss=y"), Secret("s")).reveal() == "a b"
    assert repr(code_in(Secret("code=abc&state=s"), Secret("s"))) == "Secret(code, hidden)"
