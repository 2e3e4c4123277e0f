"""Each case under "Bad input" has an error of its own that says what to do, and a retry succeeds afterwards."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import subprocess
import threading
import webbrowser
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests

from afas_soap import ProfitClient
from afas_soap.errors import SettingsError, SignInError, TransportError
from afas_soap.profit.access.secret import Secret
from afas_soap.signin import login
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt, sign_in
from afas_soap.signin.store import Entry, TokenStore
from afas_soap.wire.oauth.dpop import DpopKey

GET = ("get", "Profit_Debtor", "--take", "2", "--order-by", "DebtorId", "--format", "jsonl")
NOTHING_SECRET = "this-is-none-of-their-secrets"


@pytest.fixture(autouse=True)
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user works with the profile that each test writes."""
    monkeypatch.setenv("AFAS_PROFILE", "demo")


@pytest.fixture
def refused(run) -> Callable[..., str]:
    """What a read says that is refused, with exit code 3 unless another is said."""

    def ask(*arguments: str, code: int = 3) -> str:
        ran = run(*(arguments or GET))
        assert (ran.code, ran.out) == (code, ""), ran.err
        assert ran.err.startswith("afas: ")
        assert "Traceback" not in ran.err
        return str(ran.err)

    return ask


@pytest.fixture
def works(run) -> Callable[[], str]:
    """A read that succeeds; what it warned of."""

    def ask() -> str:
        ran = run(*GET)
        assert ran.code == 0, ran.err
        assert len(ran.out.splitlines()) == 2
        return str(ran.err)

    return ask


@pytest.fixture
def logs_in(run, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Logs in with a browser."""

    def log_in(site: Any) -> None:
        monkeypatch.setattr(webbrowser, "open", site.browser())
        ran = run("auth", "login")
        assert ran.code == 0, ran.err

    return log_in


@contextlib.contextmanager
def session_of() -> Any:
    """The one that is signed in, as the library has it."""
    with ProfitClient.connect(profile="demo") as profit:
        assert profit.opened is not None
        session = profit.opened.transport.link.authorizer
        assert isinstance(session, SignedIn)
        yield session


def test_a_wrong_secret(site_of, refused, works) -> None:
    site = site_of()
    site.profile("service, secret", client_secret_file=site.secret_file("wrong", NOTHING_SECRET))
    said = refused()
    assert "AFAS said no (invalid_client)" in said
    assert "check client_id and the environment" in said
    assert NOTHING_SECRET not in said
    site.profile("service, secret", client_secret_basic=True, client_secret_file=site.secret_file("x", NOTHING_SECRET))
    assert "invalid_client" in refused()
    site.profile("service, secret")
    assert works() == ""


def test_an_expired_secret(site_of, sites: ModuleType, refused, works) -> None:
    site = site_of()
    site.profile("service, secret", client_id="renewed", client_secret_file=site.secret_file("old", sites.OLD_SECRET))
    said = refused()
    assert "invalid_client" in said
    assert "a secret lives 180 days" in said
    site.profile("service, secret", client_id="renewed")
    assert works() == ""


def test_a_key_that_does_not_fit(site_of, sites: ModuleType, refused, works) -> None:
    site = site_of()
    site.profile("service, key", private_key_file=site.secret_file("other.pem", sites.pem_of("person-key")))
    said = refused()
    assert "invalid_client" in said
    assert "a private key must belong to the certificate or JWKS that the app connector has" in said
    site.profile("service, key")
    assert works() == ""


@pytest.mark.parametrize("case", ["ended", "of others", "none"])
def test_a_client_certificate(site_of, sites: ModuleType, refused, works, case: str) -> None:
    """One that has ended is told before a call; of one of another authority, and of none, the server says so on the TLS
    layer, each in its way."""
    site = site_of(mtls=True)
    pem = {"ended": sites.AUTHORITY.for_client(days=-1), "of others": sites.ThrowAwayAuthority().for_client()}.get(case)
    files = {"client_cert_file": None, "client_key_file": None}
    if pem is not None:
        files = {
            "client_cert_file": site.secret_file("mine.pem", pem.certificate),
            "client_key_file": site.secret_file("mine-key.pem", pem.key),
        }
    site.profile("service, secret", **files)
    said = refused(code=3 if case == "ended" else 6)
    words = {
        "ended": f"client_cert_file: the certificate in '{files['client_cert_file']}' ran out on 20",
        "of others": "refused the client certificate: it does not know who issued it (client_cert_file)",
        "none": "wants a client certificate, and none is set (client_cert_file)",
    }
    # In TLS 1.3 the server may close before its reason is read.
    late = "broke before an answer came, perhaps because of the client certificate, or for want of one"
    assert words[case] in said or (late in said and case != "ended")
    assert "client_cert_file" in said
    assert site.granted == {}
    site.profile("service, secret")
    assert works() == ""


def test_a_client_certificate_and_the_key_of_another(site_of, sites: ModuleType, refused, works) -> None:
    site = site_of(mtls=True)
    site.profile(
        "service, secret", client_key_file=site.secret_file("key-of-another.pem", sites.AUTHORITY.for_client().key)
    )
    assert "the key does not fit the certificate" in refused(code=2)
    site.profile("service, secret")
    assert works() == ""


@pytest.mark.parametrize("case", ["ended", "for another name"])
def test_a_certificate_of_the_server(site_of, sites: ModuleType, refused, works, case: str) -> None:
    """No secret and no token goes to a server that does not prove itself."""

    class Other(sites.ThrowAwayAuthority):
        def for_server(self, hosts: Iterable[str], *, days: float = 365) -> Any:
            if case == "ended":
                return super().for_server(hosts, days=-1)
            return super().for_server(["elders.example"])

    asked: list[str] = []

    def noting(emulator: Any) -> Any:
        def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            asked.append(environ["PATH_INFO"])
            return emulator(environ, start_response)

        return app

    site = site_of(authority=Other(), wrapped=noting)
    site.profile("service, secret")
    said = refused(code=6)
    assert {"ended": "certificate has expired", "for another name": "IP address mismatch"}[case] in said
    assert asked == []
    site_of().profile("service, secret")
    assert works() == ""


def test_a_wrong_redirect_uri(site_of, logs_in, works, monkeypatch) -> None:
    """AFAS shows a page and sends nobody back; the client says in the end that nobody came."""
    site = site_of()
    site.profile("public", redirect_uri=f"{site.redirect_uri}/elsewhere")
    pages: list[requests.Response] = []
    with session_of() as session, pytest.raises(SignInError, match="Nobody signed in within 0 seconds: try again"):
        sign_in(
            session,
            lambda url: pages.append(requests.get(url, verify=str(site.files / "ca.pem"), timeout=10)),
            patience=0.3,
        )
    assert pages[0].status_code == 400
    assert "redirect_uri: it is not one that this client has registered, port and path included" in pages[0].text
    site.profile("public")
    logs_in(site)
    assert works() == ""


def test_an_address_of_another_place_is_pasted(site_of, works) -> None:
    site = site_of()
    site.profile("person, secret")
    with session_of() as session:
        attempt = Attempt(session)
        ended_at = site.browser(follow=False)(attempt.url)
        for wrong in (ended_at.replace("/back/here", "/back"), ended_at.replace("http:", "https:"), "no address", ""):
            with pytest.raises(SignInError, match="is not the address that AFAS sends the browser to: it begins with"):
                attempt.pasted(Secret(wrong))
        attempt.pasted(Secret(f"  {ended_at[:40]}\n{ended_at[40:]} "))
    assert works() == ""


def test_a_tampered_state(site_of, works) -> None:
    """The code is not spent, so that the right address still works."""
    site = site_of()
    site.profile("public")
    with session_of() as session:
        attempt, other = Attempt(session), Attempt(session)
        ended_at = site.browser(follow=False)(attempt.url)
        stolen = site.browser(follow=False)(other.url)
        for wrong in (ended_at[:-1], f"{ended_at}x", ended_at.partition("&state=")[0], stolen):
            with pytest.raises(SignInError, match=r"does not belong to this sign-in \(its state is another one\)"):
                attempt.pasted(Secret(wrong))
        assert site.granted == {}
        attempt.pasted(Secret(ended_at))
    assert works() == ""


def test_a_code_is_used_twice(site_of, logs_in, works) -> None:
    site = site_of()
    site.profile("person, key")
    with session_of() as session:
        attempt = Attempt(session)
        query = Secret(site.browser(follow=False)(attempt.url).partition("?")[2])
        attempt.finish(query)
        with pytest.raises(SignInError, match=r"invalid_grant.*was used before.*'afas auth login'") as caught:
            attempt.finish(query)
    assert caught.value.error == "invalid_grant"
    assert works() == "", "the first one still counts"
    logs_in(site)
    assert works() == ""


def test_a_refresh_token_is_used_twice(site_of, refused, logs_in, works) -> None:
    """As when an old copy of the store is put back."""
    site = site_of()
    site.profile("public")
    logs_in(site)
    store = TokenStore("demo")
    old = store.path.read_bytes()
    site.emulator.authorization.tokens.withdraw()
    assert works() == ""
    site.emulator.authorization.tokens.withdraw()
    store.path.write_bytes(old)
    said = refused()
    assert "invalid_grant" in said
    assert "The code or refresh token was used before" in said
    assert "'afas auth login'" in said
    logs_in(site)
    assert works() == ""
    assert site.granted == {"authorization_code": 2, "refresh_token": 1}


def test_a_token_of_another_environment(site_of, refused, logs_in, works) -> None:
    """A profile that was moved does not send its tokens along; where they get there all the same, AFAS' no is told."""
    here, there = site_of(), site_of()
    here.profile("person, secret")
    logs_in(here)
    entry = TokenStore("demo").read()
    there.profile("person, secret")
    assert "Nobody has signed in here yet: 'afas auth login'" in refused()
    assert there.granted == {}
    moved = dataclasses.replace(entry, environment=there.server.rest_url)
    TokenStore("demo").write(moved)
    said = refused()
    assert "invalid_grant" in said
    assert "'afas auth login'" in said
    logs_in(there)
    assert works() == ""


def test_an_access_token_of_another_environment(site_of, works) -> None:
    """A service gets one of this environment in its place."""
    here, there = site_of(), site_of()
    here.profile("service, secret")
    assert works() == ""
    store = TokenStore("demo")
    store.write(dataclasses.replace(store.read(), environment=there.server.rest_url))
    there.profile("service, secret")
    assert works() == ""
    assert there.granted == {"client_credentials": 1}


@pytest.mark.parametrize("case", ["replayed", "another URL", "another method"])
@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_proof_of_dpop(site_of, refused, logs_in, works, monkeypatch, case: str, protocol: str) -> None:
    """It is refused at the connector, which costs neither token nor chain."""
    site = site_of(nonce="off")
    site.profile("public", protocol=protocol)
    logs_in(site)
    assert works() == ""
    right = DpopKey.proof

    def wrong(key: DpopKey, method: str, url: str, issued: int, token: Secret | None = None) -> str:
        if case == "another URL":
            return right(key, method, f"{url.partition('?')[0]}/other", issued, token)
        return right(key, "PUT", url, issued, token)

    with monkeypatch.context() as patched:
        if case == "replayed":
            kept: dict[str, str] = {}

            def again(key: DpopKey, method: str, url: str, issued: int, token: Secret | None = None) -> str:
                return kept.setdefault(f"{method} {url}", right(key, method, url, issued, token))

            patched.setattr(DpopKey, "proof", again)
            if protocol == "rest":
                assert works() == ""
        else:
            patched.setattr(DpopKey, "proof", wrong)
        said = refused()
    assert "AFAS said no (invalid_dpop_proof)" in said
    assert "The proof was not accepted: check this machine's clock, and the addresses" in said
    assert works() == ""
    assert site.granted == {"authorization_code": 1}


@pytest.mark.parametrize("ahead", [600.0, -600.0], ids=["slow", "fast"])
@pytest.mark.parametrize("row", ["public", "service, key"])
def test_a_clock_off_by_ten_minutes(site_of, sites, refused, logs_in, works, row: str, ahead: float) -> None:
    """It is seen by the ``Date`` of an answer, named, and allowed for; where it might be the cause of an error, too."""
    site = site_of(ahead=ahead)
    way = "slow" if ahead > 0 else "fast"
    named = f"This machine's clock is about 600 seconds {way} by the server's, which allows 60: set it right."
    if row == "public":
        site.profile(row)
        logs_in(site)
    else:
        site.profile(row, private_key_file=site.secret_file("other.pem", sites.pem_of("person-key")))
        assert named in refused()
        site.profile(row)
    assert named in works()
    site.clock.turn(-ahead)
    assert named not in works(), "the clock was set right"


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda _: b"",
    "zeros": lambda data: b"\0" * len(data),
    "no object": lambda _: b"[1, 2]",
    "another version": lambda data: data.replace(b'"version": 1', b'"version": 99'),
    "another type": lambda data: data.replace(b'"kind": "DPoP"', b'"kind": 4'),
    "deep": lambda _: b"[" * 100_000,
    "no UTF-8": lambda data: data[:-3] + b"\xff\xfe\xfd",
    "a key that is none": lambda data: data.replace(b'\\"crv\\"', b'\\"vrc\\"'),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_store(site_of, refused, run, logs_in, works, case: str) -> None:
    """Nothing of it is repeated; a new login replaces it, and a logout removes it."""
    site = site_of()
    site.profile("public", protocol="rest")
    store = TokenStore("demo")
    logs_in(site)
    store.path.write_bytes(DAMAGED[case](store.path.read_bytes()))
    said = refused(code=2)
    if case != "a key that is none":
        assert f"The token store {store.path} is damaged, or of another version of afas-soap" in said
        assert "'afas auth logout'" in said
    assert "sign in again" in said
    if case in ("cut", "another version"):
        assert run("auth", "logout").code == 0
        assert "Nobody has signed in here yet" in refused()
    logs_in(site)
    assert works() == ""


def test_a_store_that_others_can_read(site_of, refused, logs_in, works) -> None:
    site = site_of()
    site.profile("public")
    logs_in(site)
    path = TokenStore("demo").path
    path.chmod(0o644)
    assert f"Others can read or write {path}: chmod 600 it" in refused(code=2)
    path.chmod(0o600)
    assert works() == ""


WRITE = """
import sys
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.store import Entry, TokenStore
store, name = TokenStore("demo"), sys.argv[1]
entry = Entry(Secret(name * 3000), "Bearer", name, "x", 0.0, 0.0, 0.0)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(60):
    with store.locked():
        before = store.read()
        assert before.access_token.reveal() == before.client_id * 3000
        store.write(entry)
        assert store.read() == entry, "nobody else writes within"
print("done")
"""


def test_a_store_that_two_processes_write_at_once(site_of, logs_in, works, warm) -> None:
    """Whoever reads meanwhile reads an entry of one of them, whole."""
    store = TokenStore("demo")
    store.write(Entry(Secret("a" * 3000), "Bearer", "a", "x", 0.0, 0.0, 0.0))
    processes = [
        subprocess.Popen(
            [*warm, "-c", WRITE, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    seen = set()
    while any(process.poll() is None for process in processes):
        entry = store.read()
        assert entry is not None
        assert entry.access_token.reveal() == entry.client_id * 3000
        seen.add(entry.client_id)
    for process in processes:
        assert process.communicate() == ("done\n", "")
    assert seen <= {"a", "b"}
    assert not [path for path in store.path.parent.iterdir() if path.suffix not in (".json", ".lock")]
    site = site_of()
    site.profile("public")
    logs_in(site)
    assert works() == ""


def test_a_login_while_another_process_renews(site_of, logs_in, works, refused) -> None:
    """The later of the two waits for the lock, and what a person just did is what is kept."""
    site = site_of()
    site.profile("public")
    logs_in(site)
    store, done = TokenStore("demo"), threading.Event()

    def log_in() -> None:
        with session_of() as session:
            attempt = Attempt(session)
            attempt.pasted(Secret(site.browser(follow=False)(attempt.url)))
            done.set()

    with store.locked():
        old = store.read()
        person = threading.Thread(target=log_in)
        person.start()
        assert not done.wait(0.5)
        store.write(dataclasses.replace(old, renewing=True))
    person.join(30)
    assert done.is_set()
    kept = store.read()
    assert kept is not None
    assert not kept.renewing
    assert works() == ""


def test_a_login_that_is_abandoned(site_of, run, works, logs_in, refused, monkeypatch) -> None:
    """Before the page, on the page, with its button, and with Ctrl-C: each time the port is free again at once, and who
    was signed in before still is."""
    site = site_of()
    site.profile("person, secret")
    with session_of() as session:
        for browse in (lambda _url: None, lambda url: requests.get(url, verify=str(site.files / "ca.pem"), timeout=10)):
            with pytest.raises(SignInError, match="Nobody signed in within"):
                sign_in(session, browse, patience=0.3)
    for button, word in (("cancel", "access_denied"), ("fail", "server_error")):
        monkeypatch.setattr(webbrowser, "open", site.browser(press=button))
        said = refused("auth", "login")
        assert f"AFAS said no ({word})" in said
        assert "try again" in said

    def ctrl_c(_url: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(webbrowser, "open", ctrl_c)
    ran = run("auth", "login")
    assert ran.code == 130
    assert ran.err.endswith("afas: interrupted\n")
    assert "Nobody has signed in here yet" in refused()
    logs_in(site)
    monkeypatch.setattr(webbrowser, "open", ctrl_c)
    assert run("auth", "login").code == 130
    assert works() == ""


def test_another_program_has_the_port(site_of, refused, works, logs_in, monkeypatch) -> None:
    site = site_of()
    site.profile("public")
    port = int(site.redirect_uri.split(":")[2].split("/")[0])
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        said = refused("auth", "login", code=2)
    assert f"redirect_uri: port {port} of this machine cannot be used" in said
    assert "a sign-in that is still waiting: end that" in said
    logs_in(site)
    assert works() == ""


def test_what_else_knocks_at_the_receiver_does_not_count(site_of, works, monkeypatch) -> None:
    """A favicon, another path, a port scan: only the redirect ends the waiting."""
    site = site_of()
    site.profile("public")
    address = site.redirect_uri.partition("/back")[0]

    def browse(url: str) -> None:
        port = int(address.rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port)).close()
        assert requests.get(f"{address}/favicon.ico", timeout=5).status_code == 404
        assert requests.get(f"{address}/back/here/more?code=1", timeout=5).status_code == 404
        assert requests.post(site.redirect_uri, timeout=5).status_code == 501
        site.browser()(url)

    with session_of() as session:
        sign_in(session, browse, patience=20)
    assert works() == ""


def test_the_30_days_end(site_of, refused, logs_in, works) -> None:
    site = site_of()
    site.profile("public")
    logs_in(site)
    store = TokenStore("demo")
    entry = store.read()
    store.write(dataclasses.replace(entry, renew_at=0.0, expires_at=0.0, refresh_until=1.0))
    assert "The sign-in is 30 days old, and ends then. Sign in again: 'afas auth login'." in refused()
    logs_in(site)
    assert works() == ""


def test_the_replay_store_is_down(site_of, run, works) -> None:
    """503 is no word about the token: it is not renewed for it."""
    site = site_of()
    site.profile("service, key", dpop=True)
    assert works() == ""
    site.emulator.authorization.replay.down = True
    ran = run(*GET)
    assert ran.code == 6, ran.err
    site.emulator.authorization.replay.down = False
    assert works() == ""
    assert site.granted == {"client_credentials": 1}


def test_every_error_has_an_exit_code_and_keeps_the_words_of_afas(site_of) -> None:
    site = site_of()
    site.profile("service, secret", client_secret_file=site.secret_file("wrong", NOTHING_SECRET))
    with ProfitClient.connect(profile="demo") as profit, pytest.raises(SignInError) as caught:
        list(profit.rows("Profit_Debtor", take=1))
    assert (caught.value.error, caught.value.error_description) == ("invalid_client", None)
    assert not isinstance(caught.value, SettingsError | TransportError)
    assert login.PATIENCE == 300.0
    assert json.dumps(site.granted) == "{}"
    assert not Path(TokenStore("demo").path).exists()
