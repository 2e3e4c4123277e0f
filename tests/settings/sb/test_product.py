"""Settings of SB: which of AFAS' programs is meant, what each takes, and what is said when it is the other one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from afas_soap.client import ProfitClient
from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import AuthorizationCode, ClientSecret
from afas_soap.profit.access.secret import Secret
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.sb.access.credentials import AppToken
from afas_soap.sbclient import SBClient
from afas_soap.settings import resolve
from afas_soap.settings.names import SECRETS

URI = "http://localhost:8321/callback"
APP = {"api": "sb", "environment": "demo/enyoi", "auth": "app-token", "app_token": "geheim"}
PERSON = {"environment": "demo/enyoi", "client_id": "id", "client_secret": "geheim", "redirect_uri": URI}
TOKEN = "ab" * 32


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of whoever runs the tests."""
    for name in ("AFAS_PROFILE", "AFAS_ENVIRONMENT", "AFAS_TOKEN", "AFAS_EMBEDDED"):
        monkeypatch.delenv(name, raising=False)


class TestWhatIsMeant:
    def test_an_app_token(self) -> None:
        found = resolve(APP, {})
        assert found.environment == SbEnvironment("https://demo.afasfocus.nl/enyoi")
        assert (found.rest_url, found.soap_url) == ("https://demo.afasfocus.nl/enyoi", None)
        assert found.environment_name == "demo/enyoi"
        assert found.credential == AppToken(Secret("geheim"), None)

    def test_a_person_is_the_default_and_needs_no_api(self) -> None:
        """The environment has a slash, so it is SB's."""
        found = resolve(PERSON, {})
        assert (found.api, found.auth) == ("sb", "authorization-code")
        assert found.credential == AuthorizationCode("id", URI, ClientSecret(Secret("geheim")))

    def test_an_address_in_place_of_an_environment(self) -> None:
        found = resolve({**APP, "environment": None, "rest_url": "http://127.0.0.1:8080/enyoi/"}, {})
        assert found.environment_name == "127.0.0.1:8080/enyoi"

    def test_profit_is_what_it_was(self) -> None:
        found = resolve({"environment": "12345", "token": TOKEN}, {})
        assert (found.api, found.auth) == ("profit", "token")

    def test_variables_alone(self) -> None:
        found = resolve(
            {"api": "sb"}, {"AFAS_ENVIRONMENT": "demo/enyoi", "AFAS_AUTH": "app-token", "AFAS_APP_TOKEN": "a"}
        )
        assert found.credential == AppToken(Secret("a"))

    def test_what_variables_give_for_the_other_one_is_left(self) -> None:
        """They stand for every program at once."""
        variables = {"AFAS_LANGUAGE": "nl-nl", "AFAS_TOKEN": TOKEN, "AFAS_PROTOCOL": "rest", "AFAS_DPOP": "true"}
        assert resolve(APP, variables).language is None
        found = resolve({"environment": "12345", "token": TOKEN}, {"AFAS_APP_TOKEN": "a", "AFAS_SCOPE": "atlas"})
        assert (found.app_token, found.scope) == (None, None)

    def test_a_profile(self, tmp_path: Path) -> None:
        (tmp_path / "app.txt").write_text("geheim\n")
        (tmp_path / "app.txt").chmod(0o600)
        profiles = tmp_path / "profiles.toml"
        profiles.write_text(
            '[profiles.a]\napi = "sb"\nenvironment = "demo/enyoi"\nauth = "app-token"\napp_token_file = "app.txt"\n'
            'scope = "enyoi"\nblob_form = "openapi"\nblob_chunk_header = "Content-Range"\n'
        )
        found = resolve({"profile": "a"}, {}, profiles=profiles)
        assert found.credential == AppToken(Secret("geheim"), "enyoi")
        assert (found.blob_form, found.blob_chunk_header) == ("openapi", "Content-Range")

    def test_what_is_shown_is_its_own(self) -> None:
        """No setting of Profit, and no part of a secret."""
        shown = {name: value for name, value, _ in resolve(APP, {}).shown()}
        assert shown["app_token"] == "set"
        assert shown["api"] == "sb"
        assert not {"protocol", "soap_url", "dpop"} & set(shown)
        assert "app_token" not in {name for name, _, _ in resolve({"environment": "12345", "token": TOKEN}, {}).shown()}


class TestRefused:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"api": "sb"}, "missing: a customer environment such as demo/enyoi"),
            ({**APP, "app_token": None}, "missing: an app token"),
            ({**PERSON, "client_secret": None}, "missing: the client's secret"),
            ({**APP, "environment": "12345"}, "12345 is AFAS Profit, and this asks AFAS SB, which is another program"),
            ({**APP, "rest_url": "https://12345.rest.afas.online/profitrestservices"}, "rest_url: .* is AFAS Profit"),
            ({"api": "profit", "environment": "demo/enyoi", "token": TOKEN}, "demo/enyoi is AFAS SB, and this asks"),
            ({**APP, "auth": "token"}, "auth: must be one of authorization-code, app-token"),
            ({"environment": "12345", "auth": "app-token"}, "auth: must be one of token, client-credentials"),
            ({**APP, "dpop": True}, r"dpop \(argument\) is a setting of AFAS Profit, and this asks AFAS SB"),
            ({"environment": "demo/enyoi", "token": TOKEN}, r"token .* is a setting of AFAS Profit, .*\(environment"),
            ({"environment": "12345", "token": TOKEN, "scope": "a"}, "scope .* is a setting of AFAS SB"),
            ({**APP, "client_id": "id"}, "auth=app-token .* and client_id .* contradict"),
            ({**APP, "app_token_file": "a"}, "app_token and app_token_file contradict"),
            ({**APP, "app_token": "a\nb"}, "app_token: must be an app token in one line"),
            ({**APP, "blob_chunk_header": "Authorization"}, "blob_chunk_header: Authorization is a header that each"),
            ({**APP, "blob_chunk_header": "content-length"}, "blob_chunk_header: content-length is a header that each"),
            ({**APP, "blob_chunk_header": "a b"}, "blob_chunk_header: must be the name of an HTTP header"),
            ({"api": "sb", "embedded": True}, "the embedded Profit has no AFAS SB"),
        ],
    )
    def test_in_one_sentence_before_any_call(self, given: dict[str, Any], said: str) -> None:
        with pytest.raises(SettingsError, match=said) as caught:
            resolve(given, {})
        assert "geheim" not in caught.value.message

    def test_a_profile_of_the_other_one(self, tmp_path: Path) -> None:
        profiles = tmp_path / "profiles.toml"
        profiles.write_text('[profiles.a]\napi = "profit"\nenvironment = "12345"\n')
        with pytest.raises(SettingsError, match=r"api: sb \(argument\) and profit \(profile 'a' .* contradict"):
            resolve({"api": "sb", "profile": "a"}, {}, profiles=profiles)


class TestClients:
    def test_an_environment_is_opened(self) -> None:
        """Nothing is asked yet."""
        given: Any = {name: value for name, value in APP.items() if name != "api"}
        with SBClient.connect(**given) as sb:
            assert sb.environment == "demo/enyoi"
            assert sb.settings is not None
            assert sb.settings.api == "sb"

    def test_a_person_needs_a_profile(self) -> None:
        given: Any = PERSON
        with pytest.raises(SettingsError, match="'afas sb onboard' makes one"):
            SBClient.connect(**given)

    def test_profits_client_says_that_it_is_sb(self) -> None:
        given: Any = APP
        with pytest.raises(SettingsError, match="demo/enyoi is AFAS SB, and this asks AFAS Profit"):
            ProfitClient.connect(**given)

    def test_sbs_client_says_that_it_is_profit(self) -> None:
        with pytest.raises(SettingsError, match="12345 is AFAS Profit, and this asks AFAS SB"):
            SBClient.connect(environment="12345", auth="app-token", app_token="geheim")


def test_every_secret_has_a_file() -> None:
    assert SECRETS == {
        "token": "token_file",
        "client_secret": "client_secret_file",
        "app_token": "app_token_file",
    }
