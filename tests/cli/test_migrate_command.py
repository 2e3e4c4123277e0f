"""``afas auth migrate``: the new credentials are tried beside the old ones, and only then the profile is switched."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from afas_soap.cli.signin import migrate
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.emulator.store import Store
from afas_soap.migrate import Comparison, Difference
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.profiles import profiles_path, stored_profile
from afas_soap.signin.store import TokenStore
from tests.cli.conftest import DATA, Run

SECRET = "zeer-geheim-0123456789"
Answer = Callable[..., None]


@pytest.fixture
def auth() -> str:
    """The authentication type of the app connector."""
    return "hybrid"


@pytest.fixture
def redirect() -> str:
    """A redirect URI whose port is free."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}/callback"


@pytest.fixture
def profit(store: Store, auth: str, redirect: str) -> Iterator[Server]:
    clients = (
        Client("service", Kind.SERVICE, secrets=(ClientSecretOf(Secret(SECRET)),)),
        Client("public", Kind.PUBLIC, redirect_uris=(redirect,)),
    )
    emulator = Emulator(store, tokens=[AfasToken.parse(DATA)], setup=Setup(auth=auth, clients=clients))
    with serve(emulator) as server:
        yield server


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder one works in, with the token and the secret."""
    folder = tmp_path / "work"
    folder.mkdir()
    for name, content in {"token": DATA, "secret": SECRET, "wrong": "een-heel-ander"}.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o600)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(params=["soap", "rest"])
def books(run: Run, profit: Server, files: Path, request: pytest.FixtureRequest) -> dict[str, object]:
    """The classic profile, as it stands in its file."""
    where = ("--soap-url", profit.soap_url, "--rest-url", profit.rest_url, "--protocol", request.param)
    assert run("profile", "add", "books", *where, "--token-file", "token", "--language", "nl-nl").code == 0
    return dict(stored_profile("books", profiles_path()))


MIGRATE = ("auth", "migrate", "--profile", "books")
SERVICE = ("--auth", "client-credentials", "--client-id", "service", "--client-secret-file", "secret")


def test_a_service(run: Run, books: dict[str, object], files: Path) -> None:
    """Afterwards the profile works with OAuth, and the copy as it did."""
    ran = run(*MIGRATE, *SERVICE, "--dpop", "--yes")
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert "GetConnectors with their columns" in ran.err
    assert "as it was it is 'books-classic'" in ran.err
    assert SECRET not in ran.err
    kept = {name: value for name, value in books.items() if name != "token_file"}
    assert stored_profile("books", profiles_path()) == {
        **kept,
        "auth": "client-credentials",
        "client_id": "service",
        "client_secret_file": str(files / "secret"),
        "dpop": True,
    }
    assert stored_profile("books-classic", profiles_path()) == books
    for name in ("books", "books-classic"):
        assert run("version", "--profile", name).code == 0
    ran = run(*MIGRATE, *SERVICE, "--yes")
    assert (ran.code, "signs in with OAuth already" in ran.err) == (2, True)


def test_a_person(run: Run, books: dict[str, object], redirect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They sign in once, and are signed in afterwards."""
    threads: list[threading.Thread] = []

    def browse(url: str) -> bool:
        threads.append(threading.Thread(target=_walk, args=(url,)))
        threads[-1].start()
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    ran = run(*MIGRATE, "--auth", "public", "--client-id", "public", "--redirect-uri", redirect, "--yes")
    for thread in threads:
        thread.join()
    assert (ran.code, len(threads)) == (0, 1), ran.err
    assert run("version", "--profile", "books").code == 0


def _walk(url: str) -> None:
    page, _, query = url.partition("?")
    form = urlencode({**dict(parse_qsl(query)), "user": "12345.user", "do": "sign-in"}).encode()
    with urllib.request.urlopen(page, form, timeout=10) as answer:
        answer.read()


def test_it_asks(run: Run, books: dict[str, object], answer: Answer) -> None:
    """For the new credentials when none are given, and before it switches."""
    questions = ("client-credentials", "service", "secret-file", "secret", "n")
    answer(*questions, "n", terminal=True)
    assert run(*MIGRATE).code == 130
    assert stored_profile("books", profiles_path()) == books
    assert TokenStore("books").read() is None
    answer(*questions, "y", terminal=True)
    ran = run(*MIGRATE, "--keep", "old books")
    assert ran.code == 0, ran.err
    assert stored_profile("books", profiles_path())["auth"] == "client-credentials"
    assert stored_profile("old books", profiles_path()) == books


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (SERVICE, "--yes"),
        ((*SERVICE, "--keep", "books", "--yes"), "another name"),
        ((*SERVICE, "--profile", "elsewhere", "--yes"), "no profile 'elsewhere'"),
        ((*SERVICE, "--profile", "emulator", "--yes"), "the embedded Profit"),
        (("--client-id", "service", "--yes"), "auth: say how to sign in from now on"),
        (("--auth", "token", "--yes"), "auth: say how to sign in from now on"),
        ((*SERVICE, "--key-id", "k", "--yes"), "contradict"),
        ((*SERVICE, "--client-secret-file", "-", "--yes"), "a profile names a file"),
        ((*SERVICE, "--client-secret-file", "nowhere", "--yes"), "cannot read"),
        (("--auth", "client-credentials", "--client-id", "service", "--yes"), "half configured"),
        (("--yes",), "give options instead"),
    ],
)
def test_what_cannot_be_tried(
    run: Run, books: dict[str, object], answer: Answer, options: tuple[str, ...], message: str
) -> None:
    """Said in one line, and the file stays as it is."""
    before = profiles_path().read_bytes()
    answer()
    ran = run(*MIGRATE, *options)
    assert (ran.code, message in ran.err.splitlines()[-1]) == (2, True), ran.err
    assert profiles_path().read_bytes() == before


def test_no_profile_named(run: Run) -> None:
    ran = run("auth", "migrate", *SERVICE, "--yes")
    assert (ran.code, "AFAS_PROFILE" in ran.err) == (2, True)


def test_a_wrong_secret(run: Run, books: dict[str, object]) -> None:
    """What is mostly wrong is said, AFAS' own word kept; a second attempt succeeds."""
    ran = run(*MIGRATE, *SERVICE, "--client-secret-file", "wrong", "--yes")
    assert (ran.code, "invalid_client" in ran.err, "hybrid" in ran.err) == (3, True, True)
    assert stored_profile("books", profiles_path()) == books
    assert run(*MIGRATE, *SERVICE, "--yes").code == 0


@pytest.mark.parametrize(("auth", "whose"), [("classic", "the new credentials"), ("oauth", "the classic token")])
def test_an_app_connector_that_is_not_hybrid(run: Run, books: dict[str, object], auth: str, whose: str) -> None:
    ran = run(*MIGRATE, *SERVICE, "--yes")
    assert ran.code == 3, ran.err
    assert f"{whose}: not let in; while you migrate, the app connector's authentication type" in ran.err
    assert stored_profile("books", profiles_path()) == books


def test_differences_stop_it(run: Run, books: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the output, the exit code is 1, and nothing is left behind."""
    found = Comparison(3, (Difference("Profit_Debtor", "column A is not there with the new credentials"),))
    monkeypatch.setattr(migrate, "compare_access", lambda _old, _new: found)
    before = profiles_path().read_bytes()
    ran = run(*MIGRATE, *SERVICE, "--yes")
    assert ran.code == 1
    assert ran.lines == ["Profit_Debtor: column A is not there with the new credentials"]
    assert ran.err.endswith("1 difference: profile 'books' stays as it is\n")
    assert profiles_path().read_bytes() == before
    assert TokenStore("books").read() is None


def test_without_an_address_of_rest(run: Run, profit: Server, files: Path) -> None:
    """The catalogue is told there only, and tokens are handed out there."""
    assert run("profile", "add", "books", "--soap-url", profit.soap_url, "--token-file", "token").code == 0
    ran = run(*MIGRATE, *SERVICE, "--yes")
    assert (ran.code, "rest_url: only REST tells which connectors there are" in ran.err) == (2, True)


def test_variables_that_stand_above_the_profile(
    run: Run, books: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret may stay in one; a token in one contradicts from then on, which is said."""
    monkeypatch.setenv("AFAS_PROFILE", "books")
    monkeypatch.setenv("AFAS_TOKEN", DATA)
    monkeypatch.setenv("AFAS_CLIENT_SECRET", SECRET)
    ran = run("auth", "migrate", "--auth", "client-credentials", "--client-id", "service", "--yes")
    assert ran.code == 0, ran.err
    assert "cannot be used yet: " in ran.err
    assert "AFAS_TOKEN" in ran.err
    assert SECRET not in ran.err
    monkeypatch.delenv("AFAS_TOKEN")
    assert run("version").code == 0


def test_no_rows_are_read(run: Run, books: dict[str, object], profit: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what the emulator's connectors were asked."""
    asked: list[str] = []
    rows = Store.rows
    monkeypatch.setattr(Store, "rows", lambda self, *args, **more: asked.append("rows") or rows(self, *args, **more))
    assert run(*MIGRATE, *SERVICE, "--yes").code == 0
    assert asked == []
    assert run("get", "Profit_Debtor", "--take", "1", "--order-by", "DebtorId", "--profile", "books").code == 0
    assert asked, "the measurement itself works"
