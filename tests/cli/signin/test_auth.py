"""``afas auth``: a person signs in at the emulator, and status, token and logout tell and do what they say."""

from __future__ import annotations

import datetime
import json
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from afas_soap.cli.signin import login_prompt as persons
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.oauth.clients.demo import DEMO_CLIENTS, DEMO_PRIVATE_KEY
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.emulator.store import Store
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.profiles import profiles_path
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt
from afas_soap.signin.store import Entry, TokenStore
from tests.cli.conftest import DATA, Run

SECRET = "zeer-geheim-0123456789"
Answer = Callable[..., None]
AddProfile = Callable[..., None]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture
def redirect() -> str:
    return f"http://127.0.0.1:{free_port()}/callback"


@pytest.fixture
def profit(store: Store, redirect: str) -> Iterator[Server]:
    """An emulator with a token, a service and persons; ``redirect`` is registered."""
    secrets = (ClientSecretOf(Secret(SECRET)),)
    clients = (
        *(client for client in DEMO_CLIENTS if client.kind is Kind.SERVICE),
        Client("person", Kind.PERSON, secrets=secrets, redirect_uris=(redirect,)),
        Client("public", Kind.PUBLIC, redirect_uris=(redirect,)),
        Client("service", Kind.SERVICE, secrets=secrets),
    )
    emulator = Emulator(store, tokens=[AfasToken.parse(DATA)], setup=Setup(clients=clients))
    with serve(emulator) as server:
        yield server


@pytest.fixture
def add(run: Run, profit: Server, redirect: str, tmp_path: Path) -> AddProfile:
    """Write a profile of one of these clients: ``add(name, auth, client)``."""
    secret, key = tmp_path / "secret", tmp_path / "key.pem"
    secret.write_text(SECRET)
    key.write_text(DEMO_PRIVATE_KEY.reveal())
    for path in (secret, key):
        path.chmod(0o600)
    proofs = {"public": (), "demo-service-key": ("--private-key-file", key)}

    def add_(name: str, auth: str, client: str, *more: str) -> None:
        where = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url, "--auth", auth, "--client-id", client)
        proof = proofs.get(client, ("--client-secret-file", secret))
        back = () if auth == "client-credentials" else ("--redirect-uri", redirect)
        ran = run("profile", "add", name, *where, *proof, *back, *more)
        assert (ran.code, "not enough" in ran.err) == (0, False), ran.err

    return add_


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        return None


def walked(url: str, button: str = "sign-in") -> str:
    """The address that the login page sends the browser to, when that button is pressed."""
    page, _, query = url.partition("?")
    form = urlencode({**dict(parse_qsl(query)), "user": "12345.user", "do": button}).encode()
    try:
        urllib.request.build_opener(_NoRedirect).open(page, form, timeout=10)
    except HTTPError as sent:
        with sent:
            return str(sent.headers["Location"])
    raise AssertionError("the login page sends nobody anywhere")


class Browser:
    """In place of ``webbrowser.open``: walks the login page in the background."""

    def __init__(self, button: str = "sign-in", opens: bool = True) -> None:
        self.button, self.opens = button, opens
        self.threads: list[threading.Thread] = []

    def __call__(self, url: str) -> bool:
        self.threads.append(threading.Thread(target=self._go, args=(url,)))
        self.threads[-1].start()
        return self.opens

    def _go(self, url: str) -> None:
        with urllib.request.urlopen(walked(url, self.button), timeout=10) as answer:
            answer.read()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    made = Browser()
    monkeypatch.setattr("webbrowser.open", made)
    yield made
    for thread in made.threads:
        thread.join()


@pytest.fixture
def pasting(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> Callable[[Callable[[str], str]], None]:
    """Have the address that is printed go through a function, and paste what comes out."""

    def pasting_(change: Callable[[str], str]) -> None:
        class Copied(Attempt):
            def __init__(self, session: SignedIn) -> None:
                super().__init__(session)
                answer(change(self.url))

        monkeypatch.setattr(persons, "Attempt", Copied)

    return pasting_


@pytest.mark.parametrize(("auth", "client"), [("authorization-code", "person"), ("public", "public")])
@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_login_with_the_browser(
    run: Run, add: AddProfile, browser: Browser, auth: str, client: str, protocol: str
) -> None:
    """Before it nothing can be read, afterwards everything."""
    add("books", auth, client)
    before = run("version", "--profile", "books", "--protocol", protocol)
    assert (before.code, "afas auth login" in before.err) == (3, True)
    ran = run("auth", "login", "--profile", "books")
    assert (ran.code, ran.out) == (0, "")
    assert "signed in; the access token lasts" in ran.err
    assert "is renewed for 30 days" in ran.err
    entry = TokenStore("books").read()
    assert entry is not None
    assert entry.access_token.reveal() not in ran.err
    assert run("version", "--profile", "books", "--protocol", protocol).code == 0


def test_a_login_where_no_browser_can_be_opened(
    run: Run, add: AddProfile, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is said on a terminal, and whoever opens it is waited for all the same."""
    monkeypatch.setattr("afas_soap.cli.signin.login_prompt._is_watched", lambda: True)
    browser.opens = False
    add("books", "public", "public")
    ran = run("auth", "login", "--profile", "books")
    assert ran.code == 0
    assert "no browser could be opened; open this address: http://127.0.0.1" in ran.err
    assert "waiting 300 seconds for that; on a machine without a browser use --no-browser" in ran.err


def test_a_login_with_neither_a_browser_nor_a_terminal_is_told_at_once(
    run: Run, add: AddProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would be waited for."""
    monkeypatch.setattr("afas_soap.cli.signin.login_prompt.webbrowser.open", lambda _: False)
    add("books", "public", "public")
    ran = run("auth", "login", "--profile", "books")
    assert ran.code == 2
    assert "there is no terminal" in ran.err
    assert "--no-browser" in ran.err
    assert "waiting" not in ran.err
    assert TokenStore("books").read() is None


def test_a_login_by_pasting(run: Run, add: AddProfile, pasting: Callable[[Callable[[str], str]], None]) -> None:
    """The address alone is on standard output; what is pasted is not repeated."""
    add("books", "authorization-code", "person")
    sent_to: list[str] = []
    pasting(lambda url: sent_to.append(walked(url)) or sent_to[-1])
    ran = run("auth", "login", "--profile", "books", "--no-browser")
    assert ran.code == 0
    assert len(ran.lines) == 1
    assert dict(parse_qsl(urlsplit(ran.lines[0]).query))["code_challenge_method"] == "S256"
    assert dict(parse_qsl(urlsplit(sent_to[0]).query))["code"] not in ran.out + ran.err
    assert run("version", "--profile", "books").code == 0


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (lambda url: walked(url).replace("state=", "state=x"), 3, "does not belong to this sign-in"),
        (lambda url: walked(url, "cancel"), 3, "access_denied"),
        (lambda url: walked(url, "fail"), 3, "server_error"),
        (lambda _url: "https://elders.example/callback?code=1", 3, "is not the address that AFAS sends"),
        (lambda url: walked(url).replace("code=", "code=x"), 3, "invalid_grant"),
    ],
)
def test_what_is_pasted_wrong(
    run: Run,
    add: AddProfile,
    pasting: Callable[[Callable[[str], str]], None],
    change: Callable[[str], str],
    code: int,
    message: str,
) -> None:
    """One line that says so, and the next attempt succeeds."""
    add("books", "authorization-code", "person")
    pasting(change)
    ran = run("auth", "login", "--profile", "books", "--no-browser")
    assert (ran.code, message in ran.err) == (code, True), ran.err
    # In a line of its own, although nobody pressed Enter on a terminal.
    assert ran.err.splitlines()[-1].startswith("afas: ")
    assert TokenStore("books").read() is None
    pasting(walked)
    assert run("auth", "login", "--profile", "books", "--no-browser").code == 0


def test_a_login_that_is_abandoned(run: Run, add: AddProfile, answer: Answer, browser: Browser) -> None:
    """A job without a terminal learns what was missing, a person who gives up is not told off; both can try again."""
    add("books", "public", "public")
    answer()
    ran = run("auth", "login", "--profile", "books", "--no-browser")
    assert (ran.code, "nobody is signed in" in ran.err) == (2, True)
    answer(terminal=True)
    assert run("auth", "login", "--profile", "books", "--no-browser").code == 130
    browser.button = "cancel"
    ran = run("auth", "login", "--profile", "books")
    assert (ran.code, "access_denied" in ran.err) == (3, True)
    browser.button = "sign-in"
    assert run("auth", "login", "--profile", "books").code == 0


@pytest.mark.parametrize(
    "typed",
    [
        "http://localhost:8321/callback?code=zeer-geheim-0123&state=abc",
        "http://localhost:8321/callback?state=abc&code=zeer-geheim-0123",
        "eyJhbGciOiJFUzI1NiJ9.zeer-geheim-0123.c2lnbmF0dXJl",
    ],
)
@pytest.mark.parametrize("options", [(), ("--profile",)])
def test_what_is_pasted_on_the_command_line_is_not_repeated(
    run: Run, add: AddProfile, typed: str, options: tuple[str, ...]
) -> None:
    """Standard error may be kept, and the code in an address may still be good."""
    add("books", "public", "public")
    ran = run("auth", "login", *options, typed)
    assert (ran.code, "zeer-geheim" in ran.out + ran.err, "***" in ran.err) == (2, False, True), ran.err


def test_a_port_that_is_in_use_is_named(run: Run, add: AddProfile, browser: Browser, redirect: str) -> None:
    """And no browser is opened for nothing."""
    add("books", "public", "public")
    port = urlsplit(redirect).port or 0
    with socket.create_server(("127.0.0.1", port)):
        ran = run("auth", "login", "--profile", "books")
    assert (ran.code, f"port {port} of this machine cannot be used" in ran.err) == (2, True)
    assert not browser.threads
    assert run("auth", "login", "--profile", "books").code == 0


@pytest.mark.parametrize(
    ("auth", "client", "message"),
    [("client-credentials", "service", "a service needs none"), (None, None, "classic token, which needs no login")],
)
def test_who_needs_no_login(
    run: Run, add: AddProfile, profit: Server, monkeypatch: pytest.MonkeyPatch, auth: str, client: str, message: str
) -> None:
    if auth:
        add("books", auth, client)
        monkeypatch.setenv("AFAS_PROFILE", "books")
    else:
        monkeypatch.setenv("AFAS_SOAP_URL", profit.soap_url)
        monkeypatch.setenv("AFAS_TOKEN", DATA)
    ran = run("auth", "login")
    assert (ran.code, message in ran.err) == (2, True)


@pytest.mark.parametrize("command", ["login", "token"])
@pytest.mark.parametrize("options", [(), ("--profile", "emulator")])
def test_the_embedded_profit_is_signed_in_to_by_nobody(run: Run, command: str, options: tuple[str, ...]) -> None:
    """It is no classic token that is missing: what is missing is an environment."""
    ran = run("auth", command, *options)
    assert (ran.code, ran.out, "the embedded Profit needs no sign-in" in ran.err) == (2, "", True)
    assert "classic" not in ran.err


def test_a_person_without_a_profile(run: Run, profit: Server, redirect: str) -> None:
    """There would be no telling whose tokens they are."""
    whom = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url)
    ran = run("auth", "login", *whom, "--auth", "public", "--client-id", "public", "--redirect-uri", redirect)
    assert (ran.code, "afas profile add" in ran.err) == (2, True)


class TestStatus:
    """What is known without asking anybody."""

    def test_nothing_configured(self, run: Run) -> None:
        assert status(run)["auth"] == "none: the embedded Profit needs none"

    def test_a_classic_token(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AFAS_ENVIRONMENT", "12345-test")
        monkeypatch.setenv("AFAS_TOKEN", DATA)
        assert status(run) == {
            "environment": "12345-test",
            "profile": "none",
            "auth": "token",
            "integration_id": "not set",
            "existing_tokens_expire": "2027-05-01",
            "no_classic_token_after": "2027-08-31",
        }
        monkeypatch.setenv("AFAS_INTEGRATION_ID", "12345_123456")
        shown = run("auth", "status").out
        assert "integration id          12345_123456\n" in shown
        assert "2027-05-01 (" in shown

    def test_a_service(self, run: Run, add: AddProfile, tmp_path: Path) -> None:
        """The age of its secret is that of the file."""
        add("books", "client-credentials", "service")
        then = time.time() - 12 * 86400
        os.utime(tmp_path / "secret", (then, then))
        found = status(run, "--profile", "books")
        assert found["client_secret"].startswith("in a file of 12 days ago; a secret lasts 180 days")
        assert (found["client_id"], found["dpop"], found["access_token"]) == ("service", "no", "none yet")
        assert run("version", "--profile", "books").code == 0
        found = status(run, "--profile", "books")
        assert found["access_token"] == "Bearer"
        assert datetime.datetime.fromisoformat(found["access_token_ends"]).tzinfo is not None
        assert "renewals_end" not in found

    def test_a_service_with_a_key(self, run: Run, add: AddProfile) -> None:
        add("books", "client-credentials", "demo-service-key", "--dpop")
        assert run("version", "--profile", "books").code == 0
        found = status(run, "--profile", "books")
        assert (found["private_key"], found["dpop"]) == ("in a file of 0 days ago", "yes")
        assert found["access_token"] == "DPoP"
        assert "client_secret" not in found

    def test_a_secret_in_a_variable(self, run: Run, profit: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AFAS_CLIENT_SECRET", SECRET)
        whom = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url)
        found = status(run, *whom, "--auth", "client-credentials", "--client-id", "service")
        assert found["client_secret"].startswith("its age is not known (AFAS_CLIENT_SECRET)")

    def test_a_person(self, run: Run, add: AddProfile, browser: Browser) -> None:
        add("books", "public", "public")
        assert status(run, "--profile", "books")["access_token"] == "none: 'afas auth login' signs in"
        assert run("auth", "login", "--profile", "books").code == 0
        found = status(run, "--profile", "books")
        until = datetime.datetime.fromisoformat(found["renewals_end"])
        assert datetime.timedelta(days=29) < until - datetime.datetime.now(datetime.UTC)
        assert "UTC (in 30 days)" in run("auth", "status", "--profile", "books").out
        store = TokenStore("books")
        entry = store.read()
        assert entry is not None
        store.write(_turned(entry, renewing=True, expires_at=time.time() - 9, refresh_until=time.time() - 9))
        ran = run("auth", "status", "--profile", "books")
        assert "a renewal was stopped half-way" in ran.out
        assert ran.out.count("UTC (no longer)") == 2

    def test_a_store_that_is_damaged(self, run: Run, add: AddProfile, browser: Browser) -> None:
        """It is told what helps, and that helps."""
        add("books", "public", "public")
        assert run("auth", "login", "--profile", "books").code == 0
        TokenStore("books").path.write_text("{")
        ran = run("auth", "status", "--profile", "books")
        assert (ran.code, "sign in again" in ran.err) == (2, True)
        assert run("auth", "logout", "--profile", "books").code == 0
        assert run("auth", "login", "--profile", "books").code == 0


def _turned(entry: Entry, **changes: object) -> Entry:
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return Entry(**{**values, **changes})


def status(run: Run, *options: str) -> dict[str, str]:
    """What ``afas auth status`` knows, in both forms, of which neither shows a secret."""
    as_text, as_json = run("auth", "status", *options), run("auth", "status", *options, "--format", "json")
    assert (as_text.code, as_json.code) == (0, 0)
    found: dict[str, str] = json.loads(as_json.out)
    assert [line.split("  ")[0].replace(" ", "_") for line in as_text.lines] == list(found)
    entry = TokenStore(found["profile"]).read()
    secrets = [SECRET, DATA, *DEMO_PRIVATE_KEY.reveal().splitlines()]
    if entry is not None:
        kept = (entry.access_token, entry.refresh_token, entry.dpop_key)
        secrets += [secret.reveal() for secret in kept if secret is not None]
    shown = "".join(f"{ran.out}{ran.err}" for ran in (as_text, as_json))
    assert not [secret for secret in secrets if secret in shown]
    return found


def test_token(run: Run, add: AddProfile, profit: Server) -> None:
    """It is good for a call with curl, and the same until it ends."""
    add("books", "client-credentials", "service")
    ran = run("auth", "token", "--profile", "books")
    assert (ran.code, ran.err) == (0, "")
    headers = {"Authorization": f"Bearer {ran.out.strip()}"}
    request = urllib.request.Request(f"{profit.rest_url}/metainfo", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 200
    assert run("auth", "token", "--profile", "books").out == ran.out


def test_a_token_that_is_bound(run: Run, add: AddProfile) -> None:
    """It is said, beside it."""
    add("books", "client-credentials", "demo-service-key", "--dpop")
    ran = run("auth", "token", "--profile", "books")
    assert (ran.code, len(ran.lines)) == (0, 1)
    assert "alone it opens nothing" in ran.err


def test_no_token_for_who_has_not_signed_in(run: Run, add: AddProfile) -> None:
    add("books", "authorization-code", "person")
    ran = run("auth", "token", "--profile", "books")
    assert (ran.code, ran.out, "afas auth login" in ran.err) == (3, "", True)


def test_no_token_for_a_wrong_secret(run: Run, add: AddProfile, tmp_path: Path) -> None:
    """With AFAS' own words; once it is right, it succeeds."""
    add("books", "client-credentials", "service")
    (tmp_path / "secret").write_text("een-heel-ander")
    ran = run("auth", "token", "--profile", "books")
    assert (ran.code, ran.out, "invalid_client" in ran.err) == (3, "", True)
    assert "een-heel-ander" not in ran.err
    (tmp_path / "secret").write_text(SECRET)
    assert run("auth", "token", "--profile", "books").code == 0


def test_logout(run: Run, add: AddProfile, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry is gone, also where the profile is gone already."""
    add("books", "public", "public")
    assert run("auth", "login", "--profile", "books").code == 0
    assert "signed out" in run("auth", "logout", "--profile", "books").err
    assert TokenStore("books").read() is None
    assert run("version", "--profile", "books").code == 3
    assert "nothing is kept for profile books" in run("auth", "logout", "--profile", "books").err
    assert run("auth", "login", "--profile", "books").code == 0
    profiles_path().unlink()
    monkeypatch.setenv("AFAS_PROFILE", "books")
    assert "signed out" in run("auth", "logout").err
    ran = run("auth", "logout", "--profile", "boeks")
    assert (ran.code, "there is no profile 'boeks', and nothing is kept under that name" in ran.err) == (2, True)
    assert not [path for path in TokenStore("boeks").path.parent.iterdir() if path.name.startswith("boeks")]
    monkeypatch.delenv("AFAS_PROFILE")
    ran = run("auth", "logout")
    assert (ran.code, "AFAS_PROFILE" in ran.err) == (2, True)


def test_a_secret_on_the_command_line_is_refused(run: Run) -> None:
    for name in ("login", "status", "token", "migrate"):
        ran = run("auth", name, "--client-secret", SECRET)
        assert (ran.code, SECRET in ran.err) == (2, False)
        assert "is no option" in ran.err
