"""From settings to an open environment: every setting reaches the wire, and each protocol is made when wanted."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path

import pytest

from afas_soap.connections import Opened, _link
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ClientCertificate
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.questions.query import Query
from afas_soap.settings import Settings
from afas_soap.signin.headers import SignedIn
from afas_soap.signin.store import MemoryStore, TokenStore
from afas_soap.wire.http.link import Link
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

TOKEN = AfasToken("0123456789ABCDEF" * 4)
CA = Path(__file__).parent / "wire" / "tls" / "ca.pem"


def test_every_setting_reaches_the_wire(tmp_path: Path) -> None:
    settings = Settings(
        environment=Environment.parse("12345-test"),
        soap_url="https://12345.soaptest.afas.online/profitservices",
        rest_url="https://12345.resttest.afas.online/profitrestservices",
        token=TOKEN,
        integration_id="45963_150046",
        language="nl-nl",
        connect_timeout=3.0,
        read_timeout=7.0,
        retry_total=1.5,
        retry_locked=True,
        ca_bundle=CA,
        allow_http=True,
        trace=tmp_path / "trace.txt",
        max_value=1000,
    )
    opened = Opened(settings)
    try:
        assert opened.transport.link == Link(
            soap_url="https://12345.soaptest.afas.online/profitservices",
            rest_url="https://12345.resttest.afas.online/profitrestservices",
            environment="12345-test",
            authorizer=ClassicAuthorizer(TOKEN),
            integration_id="45963_150046",
            language="nl-nl",
            connect_timeout=3.0,
            read_timeout=7.0,
            ca_bundle=CA,
            allow_http=True,
            retry_total=1.5,
            retry_locked=True,
            trace=tmp_path / "trace.txt",
            max_value=1000,
        )
    finally:
        opened.close()


def test_an_address_that_is_missing_is_one_that_is_not_offered() -> None:
    opened = Opened(Settings(soap_url="https://profit.example/profitservices", token=TOKEN))
    assert opened.transport.link.rest_url == ""
    assert opened.transport.link.environment == "profit.example"
    assert opened.offers("soap")
    assert not opened.offers("rest")
    opened.close()


def test_what_the_wire_refuses_is_refused_when_it_is_opened() -> None:
    with pytest.raises(SettingsError, match="allow_http"):
        Opened(Settings(soap_url="http://profit.example/profitservices", token=TOKEN))


ADDRESSES = {
    "soap_url": "https://12345.soap.afas.online/profitservices",
    "rest_url": "https://12345.rest.afas.online/profitrestservices",
}
SERVICE = Settings(auth="client-credentials", client_id="id", client_secret=Secret("geheim"), **ADDRESSES)
PERSON = Settings(auth="public", client_id="id", redirect_uri="http://localhost:8321/", dpop=True, **ADDRESSES)


@pytest.mark.parametrize(("settings", "kept"), [(SERVICE, False), (SERVICE, True), (PERSON, True)])
def test_oauth_signs_in_place_of_a_token(settings: Settings, kept: bool) -> None:
    """With a profile its tokens are kept on disk, under the profile's name."""
    link = _link(dataclasses.replace(settings, profile="books" if kept else None, token=TOKEN))
    authorizer = link.authorizer
    assert isinstance(authorizer, SignedIn)
    assert authorizer.credential == settings.credential
    assert isinstance(authorizer._rotation._store, TokenStore if kept else MemoryStore)
    assert not kept or authorizer._rotation._store.path.stem == "books"


def test_a_person_without_a_profile_is_told_to_make_one() -> None:
    with pytest.raises(SettingsError, match=r"profile: .*afas auth login.*afas profile add"):
        Opened(PERSON)


def test_what_is_missing_to_sign_in_is_said_and_nothing_is_fallen_back_to() -> None:
    with pytest.raises(SettingsError, match="auth=client-credentials is half configured: missing: the client's proof"):
        Opened(dataclasses.replace(SERVICE, client_secret=None, token=TOKEN))


def test_the_client_certificate_reaches_the_wire() -> None:
    files = {"client_cert_file": CA.with_name("client.pem"), "client_key_file": CA.with_name("client.key")}
    link = _link(Settings(soap_url="https://profit.example/profitservices", token=TOKEN, **files))
    assert link.client_certificate == ClientCertificate(files["client_cert_file"], files["client_key_file"])


def test_each_protocol_is_made_once_and_they_share_one_transport() -> None:
    opened = Opened(Settings(embedded=True))
    soap, rest = opened.connectors("soap"), opened.connectors("rest")
    assert isinstance(soap, SoapConnectors)
    assert isinstance(rest, RestConnectors)
    assert opened.connectors("soap") is soap
    assert opened.connectors("rest") is rest
    assert soap._transport is rest._transport is opened.transport
    opened.close()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_the_settings_of_soap_reach_it(version: str, caplog: pytest.LogCaptureFixture) -> None:
    opened = Opened(Settings(embedded=True, soap_version=version, token_in_body=True))
    with opened.connectors("soap").rows("Profit_Debtor", Query(take=1)) as rows:
        assert len(list(rows)) == 1
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "token_in_body: the token goes in the SOAP body, which AFAS discourages and will end"
    ]
    opened.close()


def test_the_embedded_profit_has_its_own_public_token_and_settings_of_whoever_asks(tmp_path: Path) -> None:
    """A token that is configured never goes there, not even in this process."""
    trace = tmp_path / "trace.txt"
    settings = Settings(
        embedded=True, token=TOKEN, integration_id="12345_123456", language="en-us", trace=trace, max_value=2**20
    )
    opened = Opened(settings)
    link = opened.transport.link
    assert (link.environment, link.authorizer, link.language, link.max_value) == (
        "emulator",
        ClassicAuthorizer(DEMO_TOKEN),
        "en-us",
        2**20,
    )
    assert opened.offers("soap")
    assert opened.offers("rest")
    assert opened.connectors("rest").version() == "9.22.5"
    opened.close()
    written = trace.read_text("utf-8")
    assert "environment emulator" in written
    assert "IntegrationId: 12345_123456" in written


def test_what_cannot_be_opened_leaves_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Emulator] = []
    close = Emulator.close
    monkeypatch.setattr(Emulator, "close", lambda self: (closed.append(self), close(self)))
    with pytest.raises(SettingsError, match="trace"):
        Opened(Settings(embedded=True, trace=tmp_path / "no" / "trace"))
    assert len(closed) == 1


def test_closing_closes_the_embedded_profit_and_may_be_done_twice() -> None:
    opened = Opened(Settings(embedded=True))
    with opened.connectors("rest").rows("Profit_Debtor", Query(take=1)) as rows:
        assert list(rows)
    adapter = opened.transport._http._session.get_adapter("http://127.0.0.1/")
    store = adapter._app.store
    opened.close()
    opened.close()
    with pytest.raises(SettingsError, match="closed"):
        store.rows("Profit_Debtor", Query(take=1))
