"""Addresses of SB: which forms name an environment, and that a landing address of a stranger is refused."""

from __future__ import annotations

import pytest

from afas_soap.errors import SettingsError
from afas_soap.sb.access.address import SbEnvironment, landing, product_of

ENYOI = "https://demo.afasfocus.nl/enyoi"


class TestEnvironment:
    @pytest.mark.parametrize(
        "given", ["demo/enyoi", " DEMO/enyoi/ ", ENYOI, f"{ENYOI}/", "https://Demo.AfasFocus.nl/enyoi"]
    )
    def test_its_forms(self, given: str) -> None:
        """All of them are one environment, and the case of the path stays as given."""
        found = SbEnvironment.parse(given)
        assert found == SbEnvironment(ENYOI)
        assert (found.name, found.rest_url, found.soap_url) == ("demo/enyoi", ENYOI, None)

    def test_one_of_this_machine(self) -> None:
        found = SbEnvironment.parse("http://127.0.0.1:8080/enyoi/")
        assert (found.name, found.rest_url) == ("127.0.0.1:8080/enyoi", "http://127.0.0.1:8080/enyoi")

    @pytest.mark.parametrize(
        "given",
        [
            "demo/",
            "/enyoi",
            "demo/enyoi/api",
            "de.mo/enyoi",
            "demo/..",
            "http://demo.afasfocus.nl/enyoi",
            "https://demo.afasfocus.nl",
            "https://proxy.example/enyoi",
            "http://127.0.0.1:0/enyoi",
            "http://127.0.0.1:65536/enyoi",
            "http://127.0.0.1:99999/enyoi",
        ],
    )
    def test_anything_else_is_refused_with_the_forms(self, given: str) -> None:
        with pytest.raises(SettingsError, match="environment: accepted for AFAS SB are DOMAIN/CUSTOMER"):
            SbEnvironment.parse(given)

    def test_an_address_of_profit_is_told(self) -> None:
        with pytest.raises(SettingsError, match="is an address of AFAS Profit, whose environments are named by"):
            SbEnvironment.parse("https://12345.rest.afas.online/profitrestservices")

    def test_the_admin_center_and_other_customers_stand_beside_it(self) -> None:
        found = SbEnvironment(ENYOI)
        assert found.admin == SbEnvironment("https://demo.afasfocus.nl/admin")
        assert (found.is_admin, found.admin.is_admin) == (False, True)
        assert found.admin.customer("atlas").name == "demo/atlas"

    @pytest.mark.parametrize(
        ("url", "origin"),
        [
            (ENYOI, "https://demo.afasfocus.nl:443"),
            ("https://DEMO.afasfocus.nl:443/atlas", "https://demo.afasfocus.nl:443"),
            ("http://demo.afasfocus.nl/enyoi", "http://demo.afasfocus.nl:80"),
            ("http://127.0.0.1:8080/enyoi", "http://127.0.0.1:8080"),
            ("http://[::1]:8080/enyoi", "http://[::1]:8080"),
        ],
    )
    def test_its_origin(self, url: str, origin: str) -> None:
        """One spelling of scheme, host and port, whatever the path."""
        assert SbEnvironment(url).origin == origin

    @pytest.mark.parametrize(
        ("name", "scope", "ours"),
        [("enyoi", "enyoi", True), ("EnYoi", "enyoi", True), ("enyoi", "atlas", False), ("admin", "atlas", True)],
    )
    def test_whose_a_scope_is(self, name: str, scope: str, ours: bool) -> None:
        assert SbEnvironment(f"https://demo.afasfocus.nl/{name}").is_of(scope) is ours

    def test_what_is_a_name(self) -> None:
        """From which the address follows."""
        assert SbEnvironment.is_name("demo/enyoi")
        assert not SbEnvironment.is_name("127.0.0.1:8080/enyoi")

    @pytest.mark.parametrize("path", ["", "a/b", "..", "a?b", "a b", "@evil"])
    def test_a_path_that_is_none_leads_nowhere(self, path: str) -> None:
        """It comes from an answer of the Admin Center, and a refresh token goes there."""
        with pytest.raises(SettingsError, match="one name of letters and digits"):
            SbEnvironment(ENYOI).customer(path)


class TestLanding:
    @pytest.mark.parametrize(
        "given",
        [
            ENYOI,
            f"{ENYOI}/",
            "https://app.example/start?afasBaseUrl=https%3A%2F%2Fdemo.afasfocus.nl%2Fenyoi%2F&x=1",
            "https://app.example/?AfasBaseUrl=https://demo.afasfocus.nl/enyoi",
        ],
    )
    def test_what_a_landing_page_is_told(self, given: str) -> None:
        assert landing(given) == SbEnvironment(ENYOI)

    @pytest.mark.parametrize(
        "forged",
        [
            "http://demo.afasfocus.nl/enyoi",
            "https://afasfocus.nl/enyoi",
            "https://a.demo.afasfocus.nl/enyoi",
            "https://demo.afasfocus.nl.evil.example/enyoi",
            "https://demo-afasfocus.nl/enyoi",
            "https://demo.afasfocus.nl:443/enyoi",
            "https://demo.afasfocus.nl:8443/enyoi",
            "https://user@demo.afasfocus.nl/enyoi",
            "https://demo.afasfocus.nl@evil.example/enyoi",
            "https://evil.example\\@demo.afasfocus.nl/enyoi",
            "https://evil.example/demo.afasfocus.nl/enyoi",
            "https://demo.afasfocus.nl/enyoi?to=evil.example",
            "https://demo.afasfocus.nl/enyoi#x",
            "https://demo.afasfocus.nl/enyoi/../admin",
            "https://demo.afasfocus.nl/%2e%2e",
            "https://demo.afasfocus.nl",
            "https://demo.afasfocuѕ.nl/enyoi",
            "https://demo.afa\u017ffocus.nl/enyoi",
            "https://demo。afasfocus.nl/enyoi",
            "https://demo.afasfocus.nl./enyoi",
            "https:demo.afasfocus.nl/enyoi",
            "https://[::1/enyoi",
            "//demo.afasfocus.nl/enyoi",
            "demo/enyoi",
            "",
            "https://demo.afasfocus.nl/enyoi\nhttps://evil.example",
            "https://app.example/?afasBaseUrl=https://demo.afasfocus.nl/enyoi&afasBaseUrl=https://evil.example/enyoi",
            "https://app.example/?afasBaseUrl=https://evil.example/enyoi",
            "http://127.0.0.1:8080/enyoi",
        ],
    )
    def test_a_strangers_is_refused_and_not_repeated(self, forged: str) -> None:
        """Look-alikes, further parts, and this machine without being asked for."""
        with pytest.raises(SettingsError, match="exactly https://DOMAIN") as caught:
            landing(forged)
        assert "evil" not in caught.value.message

    def test_this_machine_by_an_explicit_setting_alone(self) -> None:
        assert landing("http://127.0.0.1:8080/enyoi/", loopback=True).rest_url == "http://127.0.0.1:8080/enyoi"
        with pytest.raises(SettingsError, match="the landing address"):
            landing("http://127.0.0.1.evil.example/enyoi", loopback=True)


@pytest.mark.parametrize(
    ("url", "whose"),
    [
        (ENYOI, "sb"),
        ("https://12345.rest.afas.online/profitrestservices", "profit"),
        ("https://proxy.example/enyoi", ""),
        ("http://127.0.0.1:8080/enyoi", ""),
        ("https://[::1/", ""),
        ("nothing", ""),
    ],
)
def test_whose_a_host_is(url: str, whose: str) -> None:
    assert product_of(url) == whose


@pytest.mark.parametrize(
    ("address", "scope"),
    [
        ("https://demo.afasfocus.nl/enyoi", "enyoi"),
        ("http://127.0.0.1:8077/atlas", "atlas"),
        ("https://demo.afasfocus.nl/admin", None),
        ("https://afas-sb.afasfocus.nl/enyoi", None),
    ],
)
def test_the_scope_of_an_app_token_is_the_customer_unless_there_are_none(address: str, scope: str | None) -> None:
    assert SbEnvironment(address).scope == scope
