"""Signing in at AFAS SB on a port: a person, an app token, and one sign-in for every customer of an Admin Center."""

from __future__ import annotations

import contextlib
import html
import http.client
import json
import os
import re
import threading
import tomllib
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from afas_soap.cli.sb import customers
from afas_soap.errors import AfasError, NotFound, SettingsError, SignInError
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.scopes import Scope
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from afas_soap.sbclient import SBClient
from afas_soap.sbconnections import opened
from afas_soap.settings import resolve
from afas_soap.smallbusiness.lists import Row, whole_list
from afas_soap.wire.oauth.sbtokens import SbTokens
from tests.signin.site import Ran, free_port, runner

Server = Any
ADMINISTRATIONS = shipped().operation("administrations", Verb.GET)
OFFICE = ("--profile", "office")
SCOPES = (
    Scope("EnYoi Holding B.V.", "enyoi", "EnYoi Holding B.V. (enyoi)"),
    Scope("Atlas Interior B.V.", "atlas", "Atlas Interior B.V. (atlas)"),
    Scope("Architectenbureau Brauw B.V.", "brauw", "Architectenbureau Brauw B.V. (brauw)"),
)


def asked(url: str, form: str | None = None) -> tuple[str, str]:
    """What a browser is sent to, and what it shows; by a library that leaves no line in a log."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    with contextlib.closing(connection):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET" if form is None else "POST", target, form, headers)
        answer = connection.getresponse()
        assert answer.status in (200, 302)
        return answer.headers.get("Location", ""), answer.read().decode()


class Desk:
    """A machine that is configured as a user's, in front of an SB, and a person who presses one button."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.redirect_uri = f"http://127.0.0.1:{free_port()}/back"
        self.press = "sign-in"
        self.run: Callable[..., Ran] = runner(capfd)
        self.profiles = folder / "config" / "afas-soap" / "profiles.toml"
        self.tokens = folder / "state" / "afas-soap" / "tokens"

    def browse(self, url: str) -> bool:
        """Open the login page, press the button, and go where it leads."""
        page = asked(url)[1]
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        form = {html.unescape(name): html.unescape(value) for name, value in found}
        location, _ = asked(url.partition("?")[0], urlencode({**form, "do": self.press}))
        asked(location)
        return True

    def secret_file(self, text: str) -> Path:
        """A file for its owner only."""
        path = self.folder / "secret.txt"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return path

    def client(self, secret: str = "demo-sb-secret") -> list[str]:
        """The options of the demo client."""
        file = str(self.secret_file(secret))
        return ["--client-id", "demo-sb", "--client-secret-file", file, "--redirect-uri", self.redirect_uri]

    def onboard(self, url: str, *more: str) -> Ran:
        """Take a customer on."""
        return self.run("sb", "onboard", url, "--loopback", *self.client(), *more)

    def kept(self, profile: str) -> dict[str, Any]:
        """What the store has for a profile."""
        found: dict[str, Any] = json.loads((self.tokens / f"{profile}.json").read_bytes())
        return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    for name in [name for name in os.environ if name.startswith("AFAS")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    made = Desk(tmp_path, capfd)
    monkeypatch.setattr(webbrowser, "open", made.browse)
    return made


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The refresh tokens that were shown, one for each time."""
    shown: list[str] = []
    genuine = SbTokens.by_refresh

    def by_refresh(self: SbTokens, refresh_token: Secret) -> Any:
        shown.append(refresh_token.reveal())
        return genuine(self, refresh_token)

    monkeypatch.setattr(SbTokens, "by_refresh", by_refresh)
    return shown


def administrations(**settings: Any) -> tuple[Row, ...]:
    """What an environment has, signed in as settings say."""
    calls = opened(resolve({"api": "sb", **settings}, {}))
    with calls.transport:
        return whole_list(calls, ADMINISTRATIONS)


class TestPerson:
    def test_a_customer_is_taken_on(self, desk: Desk, sb_server: Server) -> None:
        """From the landing address to a profile that needs nothing more, and the administrations."""
        landing = f"https://app.example/start?afasBaseUrl={sb_server.sb_url('enyoi')}/"
        ran = desk.onboard(landing)
        assert ran.code == 0, ran.err
        assert tomllib.loads(desk.profiles.read_text())["profiles"] == {
            "enyoi": {
                "api": "sb",
                "environment": sb_server.sb_url("enyoi"),
                "auth": "authorization-code",
                "client_id": "demo-sb",
                "client_secret_file": str(desk.folder / "secret.txt"),
                "redirect_uri": desk.redirect_uri,
            }
        }
        found = administrations(profile="enyoi")
        assert len(found) >= 3
        assert ran.out.splitlines()[0].split() == [found[0]["id"], *str(found[0]["description"]).split()]

    def test_status_token_and_logout(self, desk: Desk, sb_server: Server) -> None:
        """As for Profit."""
        desk.onboard(sb_server.sb_url("enyoi"))
        ran = desk.run("auth", "status", "--profile", "enyoi", "--format", "json")
        known = json.loads(ran.out)
        assert (known["auth"], known["client_id"], known["access_token"]) == ("authorization-code", "demo-sb", "Bearer")
        token = desk.run("auth", "token", "--profile", "enyoi").out.strip()
        assert sb_server.emulator.sb.tokens.opens(token, "enyoi")
        assert desk.run("auth", "logout", "--profile", "enyoi").code == 0
        with pytest.raises(SignInError, match="Nobody has signed in here yet: 'afas auth login'"):
            administrations(profile="enyoi")

    def test_a_login_goes_on_with_a_profile_that_is_there(self, desk: Desk, sb_server: Server) -> None:
        environment = ["--api", "sb", "--environment", sb_server.sb_url("enyoi")]
        assert desk.run("profile", "add", "mine", *environment, *desk.client()).code == 0
        assert desk.run("profile", "list", "--format", "csv").out.splitlines()[1].split(",")[2:] == [
            "sb",
            "authorization-code",
        ]
        ran = desk.run("auth", "login", "--profile", "mine")
        assert (ran.code, "renewed until AFAS withdraws it" in ran.err) == (0, True), ran.err
        assert administrations(profile="mine")

    @pytest.mark.parametrize("text", [True, False])
    def test_a_refresh_token_stays(
        self, desk: Desk, sb_serving: Callable[..., Server], refreshed: list[str], text: bool
    ) -> None:
        """``expires_in`` is text or a number, and the answer has no new refresh token: the old one is kept."""
        server = sb_serving(expires_as_text=text)
        desk.onboard(server.sb_url("enyoi"))
        before = desk.kept("enyoi")
        for _ in range(2):
            server.emulator.sb.tokens.expire()
            assert administrations(profile="enyoi")
        after = desk.kept("enyoi")
        assert refreshed == [before["refresh_token"]] * 2
        assert after["refresh_token"] == before["refresh_token"]
        assert after["environments"] != before["environments"]

    def test_who_says_no_is_not_let_in_and_nothing_is_written(self, desk: Desk, sb_server: Server) -> None:
        desk.press = "cancel"
        ran = desk.onboard(sb_server.sb_url("enyoi"))
        assert (ran.code, "access_denied" in ran.err) == (3, True), ran
        assert not desk.profiles.exists()
        assert not desk.tokens.exists()

    def test_a_wrong_secret(self, desk: Desk, sb_server: Server) -> None:
        ran = desk.run("sb", "onboard", sb_server.sb_url("enyoi"), "--loopback", *desk.client("another-secret"))
        assert ran.code == 3
        assert "SB said no (invalid_client). The client is not known there, or its secret is another one" in ran.err
        assert "another-secret" not in ran.err

    def test_a_withdrawn_consent(self, desk: Desk, sb_server: Server) -> None:
        """In SB's words, with what helps."""
        desk.onboard(sb_server.sb_url("enyoi"))
        file = desk.tokens / "enyoi.json"
        file.write_text(file.read_text().replace(desk.kept("enyoi")["refresh_token"], "withdrawn"))
        sb_server.emulator.sb.tokens.expire()
        with pytest.raises(SignInError, match=r"invalid_grant.*sign in again \('afas auth login'\)"):
            administrations(profile="enyoi")

    def test_a_stranger_gets_no_secret(self, desk: Desk, sb_server: Server) -> None:
        """Neither by a look-alike nor by this machine without being asked for; nothing is opened."""
        for address in ("https://demo.afasfocus.nl.evil.example/enyoi", sb_server.sb_url("enyoi")):
            ran = desk.run("sb", "onboard", address, *desk.client())
            assert (ran.code, "exactly https://DOMAIN.afasfocus.nl/CUSTOMER" in ran.err) == (2, True), ran
        assert not desk.tokens.exists()


class TestAnotherHost:
    """What a sign-in gave goes to the scheme, host and port of that sign-in, whatever settings say."""

    @pytest.fixture
    def other(self, sb_serving: Callable[..., Server], posted: list[str]) -> Server:
        """Another SB, that would take any refresh token; it is to be asked for none."""
        return sb_serving()

    @pytest.fixture
    def posted(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Where anything was sent."""
        urls: list[str] = []
        genuine = requests.adapters.HTTPAdapter.send

        def send(self: Any, request: Any, **more: Any) -> Any:
            urls.append(request.url)
            return genuine(self, request, **more)

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
        return urls

    @pytest.mark.parametrize("customer", ["enyoi", "admin"])
    @pytest.mark.parametrize("named", ["--environment", "--rest-url", "AFAS_ENVIRONMENT", "AFAS_REST_URL", "profile"])
    def test_settings_that_name_another(
        self,
        desk: Desk,
        sb_server: Server,
        other: Server,
        posted: list[str],
        monkeypatch: pytest.MonkeyPatch,
        named: str,
        customer: str,
    ) -> None:
        desk.onboard(sb_server.sb_url("enyoi"))
        before = desk.kept("enyoi")
        url, options = other.sb_url(customer), []
        if named == "profile":
            desk.profiles.write_text(desk.profiles.read_text().replace(sb_server.sb_url("enyoi"), url))
        elif named.startswith("AFAS_"):
            monkeypatch.setenv(named, url)
        else:
            options = [named, url]
        posted.clear()
        for command in (["sb", "get", "administrations"], ["sb", "scopes"], ["auth", "token"]):
            ran = desk.run(*command, "--profile", "enyoi", *options)
            assert (ran.code, "Nobody has signed in here yet: what is kept is of http://127.0.0.1" in ran.err) == (
                3,
                True,
            ), ran
        assert (posted, desk.kept("enyoi")) == ([], before)
        status = desk.run("auth", "status", "--profile", "enyoi", *options)
        assert "access token   none: 'afas auth login' signs in" in status.out

    def test_a_profile_that_uses_the_sign_in_of_another(
        self, desk: Desk, sb_server: Server, other: Server, posted: list[str]
    ) -> None:
        """Signing in with that one would not help."""
        desk.onboard(sb_server.sb_url("admin"), *OFFICE, "--customer", "enyoi")
        enyoi = ["--profile", "office-enyoi"]
        assert desk.run("sb", "get", "administrations", *enyoi).code == 0
        desk.profiles.write_text(desk.profiles.read_text().replace(sb_server.sb_url("enyoi"), other.sb_url("enyoi")))
        posted.clear()
        ran = desk.run("sb", "get", "administrations", *enyoi)
        assert (ran.code, "or leave signed_in_with out and sign in here: 'afas auth login'" in ran.err) == (3, True)
        assert posted == []
        with SBClient.connect(profile="office") as sb:
            assert sb.scopes() == SCOPES

    def test_who_signs_in_there_leaves_the_first(self, desk: Desk, sb_server: Server, other: Server) -> None:
        """The profile has one sign-in, and nothing of the one before."""
        desk.onboard(sb_server.sb_url("enyoi"))
        there = ["--environment", other.sb_url("enyoi")]
        assert desk.run("auth", "login", "--profile", "enyoi", *there).code == 0
        assert list(desk.kept("enyoi")["environments"]) == [other.sb_url("enyoi")]
        assert desk.run("sb", "get", "administrations", "--profile", "enyoi", *there).code == 0
        with pytest.raises(SignInError, match="Nobody has signed in here yet"):
            administrations(profile="enyoi")


class TestAdminCenter:
    def test_one_sign_in_serves_every_customer(self, desk: Desk, sb_server: Server, refreshed: list[str]) -> None:
        """With one refresh token in one file, and an access token for each."""
        ran = desk.onboard(
            sb_server.sb_url("admin"), "--profile", "office", "--customer", "enyoi", "--customer", "atlas"
        )
        assert ran.code == 0, ran.err
        assert [line.split()[0] for line in ran.out.splitlines()] == ["enyoi", "atlas", "brauw"]
        profiles = tomllib.loads(desk.profiles.read_text())["profiles"]
        assert {name: found.get("signed_in_with") for name, found in profiles.items()} == {
            "office": None,
            "office-enyoi": "office",
            "office-atlas": "office",
        }
        for customer in ("enyoi", "atlas", "enyoi"):
            assert administrations(profile=f"office-{customer}")
        assert sorted(path.name for path in desk.tokens.glob("*.json")) == ["office.json"]
        assert set(desk.kept("office")["environments"]) == {
            sb_server.sb_url(name) for name in ("admin", "enyoi", "atlas")
        }
        assert refreshed == [desk.kept("office")["refresh_token"]] * 2

    def test_its_scopes(self, desk: Desk, sb_server: Server) -> None:
        """By the profile of the Admin Center and by one that uses its sign-in."""
        desk.onboard(sb_server.sb_url("admin"), "--profile", "office", "--customer", "atlas")
        for profile in ("office", "office-atlas"):
            with SBClient.connect(profile=profile) as sb:
                assert sb.scopes() == SCOPES
        ran = desk.run("sb", "scopes", "--profile", "office", "--format", "csv")
        assert ran.out.splitlines()[1] == "enyoi,EnYoi Holding B.V.,EnYoi Holding B.V. (enyoi)"

    def test_a_customers_sign_in_may_not_list_them(self, desk: Desk, sb_server: Server) -> None:
        desk.onboard(sb_server.sb_url("enyoi"))
        with SBClient.connect(profile="enyoi") as sb, pytest.raises(SignInError, match="invalid_grant"):
            sb.scopes()

    @pytest.mark.parametrize("at", ["admin", "root", "both"])
    def test_the_other_form_of_an_address_is_asked_where_the_first_is_not_there(
        self, desk: Desk, sb_serving: Callable[..., Server], at: str
    ) -> None:
        """AFAS' guide has the token beside ``/admin``, other pages below it."""
        server = sb_serving(admin_at=at)
        made = ["profile", "add", "office", "--api", "sb", "--environment", server.sb_url("admin"), *desk.client()]
        assert desk.run(*made).code == 0
        office = resolve({"profile": "office"}, {})
        calls = opened(office)
        refresh = server.emulator.sb.tokens.refresh("admin", "demo-sb")
        with calls.transport:
            tokens = calls.transport.link.authorizer.endpoint()  # type: ignore[union-attr]
            assert server.emulator.sb.tokens.opens(tokens.by_refresh(Secret(refresh)).access_token.reveal(), "admin")

    def test_it_is_asked_at_one_address_when_that_says_no(
        self, desk: Desk, sb_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A secret is not tried on addresses."""
        desk.onboard(sb_server.sb_url("admin"), "--profile", "office")
        asked: list[str] = []
        genuine = requests.adapters.HTTPAdapter.send

        def send(self: Any, request: Any, **more: Any) -> Any:
            asked.append(request.url)
            return genuine(self, request, **more)

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
        calls = opened(resolve({"profile": "office"}, {}))
        with calls.transport:
            tokens = calls.transport.link.authorizer.endpoint()  # type: ignore[union-attr]
            with pytest.raises(SignInError, match="invalid_grant"):
                tokens.by_refresh(Secret("nobody's"))
        assert asked == [f"{sb_server.sb_url('admin')}/app/token"]

    def test_a_person_signs_in_with_the_profile_that_has_the_sign_in(self, desk: Desk, sb_server: Server) -> None:
        desk.onboard(sb_server.sb_url("admin"), "--profile", "office", "--customer", "atlas")
        ran = desk.run("auth", "login", "--profile", "office-atlas")
        assert (ran.code, "sign in with that one ('afas auth login --profile office')" in ran.err) == (2, True), ran

    def test_a_customer_that_is_not_listed(self, desk: Desk, sb_server: Server) -> None:
        ran = desk.onboard(sb_server.sb_url("admin"), "--profile", "office", "--customer", "nobody")
        assert (ran.code, "lists no 'nobody'; it has atlas, brauw, enyoi" in ran.err) == (2, True), ran
        assert not desk.profiles.exists()
        # Nor is anything of the sign-in kept, which no profile would reach.
        assert not desk.tokens.exists()

    def test_threads_renew_once_for_each_environment(self, desk: Desk, sb_server: Server, refreshed: list[str]) -> None:
        """One lock for one refresh token: eight threads in two environments show it twice."""
        desk.onboard(sb_server.sb_url("admin"), *OFFICE, "--customer", "enyoi", "--customer", "atlas")
        calls = [opened(resolve({"profile": f"office-{name}"}, {})) for name in ("enyoi", "atlas")]
        failed: list[AfasError] = []

        def read(index: int) -> None:
            try:
                whole_list(calls[index % 2], ADMINISTRATIONS)
            except AfasError as error:
                failed.append(error)

        threads = [threading.Thread(target=read, args=(index,)) for index in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for one in calls:
            one.transport.close()
        assert (failed, len(refreshed)) == ([], 2)


class TestAppToken:
    @pytest.fixture
    def app(self, sb_server: Server) -> dict[str, Any]:
        return {
            "environment": sb_server.sb_url("atlas"),
            "auth": "app-token",
            "app_token": "demo-sb-app-token",
            "scope": "atlas",
            "retry_total": 0.0,
        }

    def test_it_is_changed_for_an_access_token(self, app: dict[str, Any], sb_server: Server) -> None:
        """Again when that was refused, and nothing is kept on the disk."""
        calls = opened(resolve({"api": "sb", **app}, {}))
        with calls.transport:
            assert whole_list(calls, ADMINISTRATIONS)
            sb_server.emulator.sb.tokens.expire()
            assert whole_list(calls, ADMINISTRATIONS)

    def test_without_a_scope_it_lists_them(self, app: dict[str, Any]) -> None:
        """By the identity token that comes then."""
        with SBClient.connect(**app) as sb:
            assert sb.scopes() == SCOPES

    def test_its_scope_is_the_customer_of_the_address(self, app: dict[str, Any]) -> None:
        """An accountancy environment wants one; what comes without is an identity token, which opens no customer."""
        assert administrations(**{**app, "scope": None})

    def test_a_wrong_one(self, app: dict[str, Any]) -> None:
        with pytest.raises(SignInError, match=r"did not let us in.*Check the app token and its scope") as caught:
            administrations(**{**app, "app_token": "geheim"})
        assert "geheim" not in caught.value.message

    def test_a_scope_that_there_is_not(self, app: dict[str, Any]) -> None:
        """In SB's words, with what lists them."""
        with pytest.raises(SignInError, match=r"De scope bestaat niet.*'afas sb scopes'"):
            administrations(**{**app, "scope": "nobody"})

    def test_an_environment_that_there_is_not(self, app: dict[str, Any], sb_server: Server) -> None:
        with pytest.raises(NotFound, match=r"There is no sign-in of AFAS SB at .*/nobody/authentication"):
            administrations(**{**app, "environment": sb_server.sb_url("nobody")})

    def test_a_scope_of_another_customer_is_told_before_anything_is_asked(self, desk: Desk, sb_server: Server) -> None:
        file = str(desk.secret_file("demo-sb-app-token"))
        app = ["--auth", "app-token", "--app-token-file", file, "--scope", "atlas"]
        ran = desk.run("sb", "onboard", sb_server.sb_url("brauw"), "--loopback", *app)
        assert ran.code == 3
        told, said = ran.err.splitlines()
        assert told == "afas: scope: 'atlas' is not the customer of this address, 'brauw'; left out it would be"
        assert "of another environment" in said
        assert not desk.profiles.exists()

    def test_a_customer_is_taken_on_with_it(self, desk: Desk, sb_server: Server) -> None:
        file = str(desk.secret_file("demo-sb-app-token"))
        app = ["--auth", "app-token", "--app-token-file", file, "--scope", "atlas"]
        ran = desk.run("sb", "onboard", sb_server.sb_url("atlas"), "--loopback", *app)
        assert ran.code == 0, ran.err
        assert administrations(profile="atlas")
        status = json.loads(desk.run("auth", "status", "--profile", "atlas", "--format", "json").out)
        assert (status["auth"], status["scope"]) == ("app-token", "atlas")


def test_scopes_need_settings(sb_server: Server, sb_calls: Callable[..., Any]) -> None:
    with pytest.raises(SettingsError, match="the Admin Center wants a sign-in of its own"):
        SBClient(sb_calls(sb_server)).scopes()


class TestOnboarding:
    def test_a_customer_stands_at_an_admin_center(self, desk: Desk, sb_server: Server) -> None:
        ran = desk.onboard(sb_server.sb_url("enyoi"), "--customer", "atlas")
        assert (ran.code, "--customer is for an Admin Center" in ran.err) == (2, True), ran

    def test_a_name_that_is_taken_is_told_before_anybody_signs_in(self, desk: Desk, sb_server: Server) -> None:
        """With ``--replace`` it is written anew."""
        assert desk.onboard(sb_server.sb_url("enyoi")).code == 0
        before = desk.kept("enyoi")
        ran = desk.onboard(sb_server.sb_url("enyoi"))
        assert (ran.code, "say --replace" in ran.err) == (2, True), ran
        assert desk.kept("enyoi") == before
        assert desk.onboard(sb_server.sb_url("enyoi"), "--replace").code == 0
        assert desk.kept("enyoi") != before

    @pytest.mark.parametrize("broken", ["customer", "administrations", "file"])
    def test_what_a_profile_had_stays_where_it_is_not_replaced(
        self, desk: Desk, sb_server: Server, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        """Its settings and its tokens, whatever fails once somebody consented."""
        assert desk.onboard(sb_server.sb_url("enyoi")).code == 0
        before = desk.profiles.read_text(), desk.kept("enyoi")
        address, more = sb_server.sb_url("atlas"), ["--profile", "enyoi", "--replace"]
        if broken == "customer":
            address, more = sb_server.sb_url("admin"), [*more, "--customer", "nobody"]
        else:
            failing = {"administrations": "whole_list", "file": "add_profile"}[broken]

            def fail(*_: object, **__: object) -> None:
                raise SettingsError("it breaks here")

            monkeypatch.setattr(customers, failing, fail)
        ran = desk.onboard(address, *more)
        assert ran.code == 2, ran
        assert (desk.profiles.read_text(), desk.kept("enyoi")) == before
        assert administrations(profile="enyoi")

    def test_a_secret_that_no_profile_finds(
        self, desk: Desk, sb_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It came by a variable: the profile would not be enough by itself."""
        monkeypatch.setenv("AFAS_CLIENT_SECRET", "demo-sb-secret")
        client = ["--client-id", "demo-sb", "--redirect-uri", desk.redirect_uri]
        ran = desk.run("sb", "onboard", sb_server.sb_url("enyoi"), "--loopback", *client)
        assert (ran.code, "goes into a file first" in ran.err) == (2, True), ran
        assert not desk.tokens.exists()

    def test_what_variables_give_goes_into_the_profile(
        self, desk: Desk, sb_server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AFAS_CLIENT_ID", "demo-sb")
        monkeypatch.setenv("AFAS_REDIRECT_URI", desk.redirect_uri)
        monkeypatch.setenv("AFAS_CLIENT_SECRET_FILE", str(desk.secret_file("demo-sb-secret")))
        assert desk.run("sb", "onboard", sb_server.sb_url("enyoi"), "--loopback").code == 0
        for name in ("AFAS_CLIENT_ID", "AFAS_REDIRECT_URI", "AFAS_CLIENT_SECRET_FILE"):
            monkeypatch.delenv(name)
        assert administrations(profile="enyoi")

    def test_an_app_token_at_an_admin_center(self, desk: Desk, sb_server: Server) -> None:
        """Each customer's profile has its own scope."""
        app = ["--auth", "app-token", "--app-token-file", str(desk.secret_file("demo-sb-app-token"))]
        ran = desk.run("sb", "onboard", sb_server.sb_url("admin"), "--loopback", *OFFICE, "--customer", "atlas", *app)
        assert ran.code == 0, ran.err
        assert administrations(profile="office-atlas")


def test_an_openapi_file_that_cannot_be_read(tmp_path: Path) -> None:
    """It is told before any call."""
    given = {"environment": "demo/enyoi", "auth": "app-token", "app_token": "a"}
    with pytest.raises(SettingsError, match="openapi: there is no file"):
        SBClient.connect(**given, openapi=tmp_path / "nothing.json")  # type: ignore[arg-type]
