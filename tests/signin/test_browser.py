"""``afas auth login`` with a real browser: headless Chromium, driven by selenium, against the emulator on a port.

Both are the system's own (Debian's chromium and chromium-driver), named by their paths: nothing is downloaded. Where
one of them is missing the tests are skipped.
"""

from __future__ import annotations

import io
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from afas_soap.cli import main
from afas_soap.cli.signin import login_prompt as persons
from afas_soap.emulator.http.app import Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.oauth.clients.registration import Client, ClientSecretOf, Kind
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.login import Attempt
from afas_soap.signin.store import TokenStore

SECRET = "zeer-geheim-0123456789"
CLIENTS = {"person": "authorization-code", "public": "public"}
# Seconds. A browser that has just been started on a busy machine takes its time.
PATIENCE = 60
# No GPU, no QUIC, and nothing that asks anybody but us.
FLAGS = (
    "--headless",
    # Chromium's sandbox refuses to work for root, as whom CI runs.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A container's /dev/shm may be small.
    "--disable-dev-shm-usage",
)

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
By = pytest.importorskip("selenium.webdriver.common.by").By
WebDriverWait = pytest.importorskip("selenium.webdriver.support.ui").WebDriverWait
CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None,
    reason="chromium and chromedriver (Debian: chromium, chromium-driver) are not installed",
)


class Person:
    """Somebody before a browser, who goes through the login page in the background."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self._thread: threading.Thread | None = None
        self.pages: list[tuple[str, str, str]] = []
        self.failures: list[Exception] = []
        self.button = "sign-in"

    def __call__(self, url: str) -> bool:
        """In place of ``webbrowser.open``."""
        self._thread = threading.Thread(target=self._go, args=(url,))
        self._thread.start()
        return True

    def done(self) -> None:
        """Wait until the browser shows its last page."""
        assert self._thread is not None, "no browser was opened"
        self._thread.join()
        assert not self.failures, self.failures

    def _go(self, url: str) -> None:
        try:
            self.walk(url)
        except Exception as failure:  # noqa: BLE001 - told in the test's own thread
            self.failures.append(failure)

    def walk(self, url: str) -> str:
        """Open the page, press the button, and give the address that the browser ends at."""
        self._driver.get(url)
        self._look()
        self._driver.find_element(By.ID, self.button).click()
        WebDriverWait(self._driver, PATIENCE).until(lambda driver: "/callback?" in driver.current_url)
        self._look()
        return str(self._driver.current_url)

    def _look(self) -> None:
        body = self._driver.find_element(By.TAG_NAME, "body").text
        self.pages.append((self._driver.current_url, self._driver.title, body))


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all of them, with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    service = webdriver.ChromeService(executable_path=str(DRIVER))
    started = webdriver.Chrome(options=options, service=service)
    started.set_page_load_timeout(PATIENCE)
    yield started
    started.quit()


@pytest.fixture
def person(driver: Any, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Whoever sits before the browser that ``afas auth login`` opens."""
    somebody = Person(driver)
    monkeypatch.setattr("webbrowser.open", somebody)
    return somebody


@pytest.fixture
def redirect() -> str:
    """A redirect URI whose port is free, by the name that browsers look up by themselves."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://localhost:{server.getsockname()[1]}/callback"


@pytest.fixture
def server(redirect: str) -> Iterator[Server]:
    """An emulator with a client for persons of either kind."""
    proven = Client("person", Kind.PERSON, secrets=(ClientSecretOf(Secret(SECRET)),), redirect_uris=(redirect,))
    public = Client("public", Kind.PUBLIC, redirect_uris=(redirect,))
    emulator = Emulator(setup=Setup(auth="oauth", clients=(proven, public)))
    with serve(emulator) as running:
        yield running
    emulator.close()


@pytest.fixture(params=list(CLIENTS))
def profile(request: pytest.FixtureRequest, server: Server, redirect: str, tmp_path: Path) -> str:
    """A profile that signs in as this client."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    where = ["--soap-url", server.soap_url, "--rest-url", server.rest_url, "--redirect-uri", redirect]
    proof = ["--client-secret-file", str(secret)] if request.param == "person" else []
    how = ["--auth", CLIENTS[request.param], "--client-id", request.param, *proof]
    assert main(["profile", "add", "books", *where, *how]) == 0
    return "books"


def test_a_login(person: Person, profile: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The page of the server, one click, the page of ``afas``; then both protocols are open."""
    assert main(["auth", "login", "--profile", profile]) == 0
    person.done()
    (_, login, asked), (_, received, told) = person.pages
    assert login == "Sign in"
    assert "wants to use this Profit for you" in asked
    assert received == "afas-soap"
    assert "You may close this page and go back to afas." in told
    for protocol in ("soap", "rest"):
        assert main(["version", "--profile", profile, "--protocol", protocol]) == 0
    entry = TokenStore(profile).read()
    assert entry is not None
    out, err = capfd.readouterr()
    assert entry.access_token.reveal() not in out + err


@pytest.mark.parametrize(("button", "error"), [("cancel", "access_denied"), ("fail", "server_error")])
def test_a_login_that_is_refused(
    person: Person, profile: str, capfd: pytest.CaptureFixture[str], button: str, error: str
) -> None:
    """It says why, and the next one succeeds."""
    person.button = button
    assert main(["auth", "login", "--profile", profile]) == 3
    person.done()
    assert error in capfd.readouterr().err
    person.button = "sign-in"
    assert main(["auth", "login", "--profile", profile]) == 0
    person.done()


def test_a_login_whose_address_is_pasted(person: Person, profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there, and the browser says so; its address bar holds what is wanted all the same."""

    class Copied(Attempt):
        def __init__(self, session: SignedIn) -> None:
            super().__init__(session)
            ended = person.walk(self.url)
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{ended}\n".encode())))

    monkeypatch.setattr(persons, "Attempt", Copied)
    assert main(["auth", "login", "--no-browser", "--profile", profile]) == 0
    assert main(["version", "--profile", profile]) == 0
