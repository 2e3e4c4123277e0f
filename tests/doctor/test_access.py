"""Calls with the credential, to the emulator on a port and to a server of fixed bytes."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afas_soap.connections import Opened
from afas_soap.doctor.access import app_connector
from afas_soap.doctor.examination import examine, unsettled
from afas_soap.doctor.finding import Finding, Grade
from afas_soap.doctor.remedies import remedy_for
from afas_soap.emulator.http.serve import Server
from afas_soap.emulator.http.tls import ThrowAwayAuthority, Tls
from afas_soap.emulator.oauth.clients.demo import DEMO_REDIRECT_URIS, DEMO_SECRETS
from afas_soap.errors import AccessDenied, AfasError, NotFound, QueryError, SettingsError, SignInError, TransportError
from afas_soap.profit.access.environment import Environment
from afas_soap.profit.connectors.capabilities import Catalogue, Entry
from afas_soap.settings import resolve

DATA = "FEDCBA9876543210" * 4
TODAY = datetime.date(2026, 3, 31)
Examined = Callable[..., dict[str, Finding]]


def addresses(server: Server) -> dict[str, str]:
    return {"soap_url": server.soap_url, "rest_url": server.rest_url}


def test_a_good_profile_has_no_error_and_no_warning(examined: Examined, emulated: Callable[..., Server]) -> None:
    found = examined(**addresses(emulated()), integration_id="12345_123456", now=lambda: 1_775_000_000.0)
    found.pop("clock")
    assert {one.weight for one in found.values()} == {Grade.OK, Grade.NOTE, Grade.SKIPPED}
    assert [check for check, one in found.items() if one.weight is Grade.SKIPPED] == ["client certificate"]
    assert "GetConnectors" in found["connectors"].message


def test_the_embedded_profit_is_examined_without_a_network(examined: Examined) -> None:
    found = examined(embedded=True, token=None)
    assert found["network"].weight is Grade.SKIPPED
    assert found["REST access"].weight is Grade.OK
    assert not [one for one in found.values() if one.weight in (Grade.ERROR, Grade.WARNING)]


def test_a_token_that_is_not_known_is_an_error_of_access(examined: Examined, emulated: Callable[..., Server]) -> None:
    wrong = "1234567890ABCDEF" * 4
    found = examined(**addresses(emulated()), token=wrong)
    for check in ("SOAP access", "REST access"):
        assert isinstance(found[check].error, AccessDenied)
        assert "this environment" in found[check].remedy
    for check in ("IP restriction", "connectors", "token's environment", "token's end", "GetXMLSchema"):
        assert found[check].weight is Grade.SKIPPED
    said = repr(found)
    for secret in (wrong, wrong.lower(), base64.b64encode(wrong.encode()).decode()[:40]):
        assert secret not in said


def test_an_app_connector_with_oauth_only_refuses_the_classic_token(
    examined: Examined, emulated: Callable[..., Server]
) -> None:
    found = examined(**addresses(emulated(auth="oauth")))
    assert found["OAuth"].weight is Grade.OK
    assert found["REST access"].weight is Grade.ERROR


def test_a_server_that_wants_a_client_certificate_gets_it(
    examined: Examined, emulated: Callable[..., Server], authority: ThrowAwayAuthority, tmp_path: Path
) -> None:
    client = authority.for_client()
    files = {"ca.pem": authority.pem, "client.pem": client.certificate, "client-key.pem": client.key}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    asked = {
        **addresses(emulated(tls=Tls(authority, demands_certificate=True))),
        "ca_bundle": tmp_path / "ca.pem",
        "now": lambda: 1_900_000_000.0,
    }
    without = examined(**asked)
    assert not [check for check, one in without.items() if "access" in check and one.weight is Grade.OK]
    assert isinstance(without["REST access"].error, TransportError)
    assert "client certificate" in without["REST access"].remedy
    asked |= {"client_cert_file": tmp_path / "client.pem", "client_key_file": tmp_path / "client-key.pem"}
    found = examined(**asked)
    assert found["REST access"].weight is Grade.OK
    assert found["client certificate"].weight is Grade.ERROR, "by our clock it has ended"


def test_a_service_signs_in_by_oauth(examined: Examined, emulated: Callable[..., Server]) -> None:
    service = {"token": None, "auth": "client-credentials", "client_id": "demo-service"}
    server = emulated(auth="oauth")
    secret = DEMO_SECRETS[0]
    found = examined(**addresses(server), **service, client_secret=secret)
    assert [found[check].weight for check in ("OAuth", "SOAP access", "REST access")] == [Grade.OK] * 3
    assert "classic token" not in found
    wrong = examined(**addresses(server), **service, client_secret="a-secret-of-nobody")
    assert isinstance(wrong["REST access"].error, SignInError)
    assert "client_id" in wrong["REST access"].remedy
    assert "secret-of" not in repr(wrong)


def test_a_person_without_a_profile_is_told_to_make_one(examined: Examined, emulated: Callable[..., Server]) -> None:
    person = {"token": None, "auth": "public", "client_id": "demo-public", "redirect_uri": DEMO_REDIRECT_URIS[0]}
    found = examined(**addresses(emulated()), **person)
    assert found["access"].weight is Grade.ERROR
    assert "profile" in found["access"].message


def test_an_old_profit_has_no_oauth(examined: Examined, emulated: Callable[..., Server]) -> None:
    found = examined(**addresses(emulated(dialect="profit6")))["OAuth"]
    assert found.weight is Grade.WARNING
    assert "too old" in found.message


def test_swapped_addresses_are_not_asked(fixed: Any) -> None:
    swapped = resolve({"token": DATA, "soap_url": fixed.rest_url, "rest_url": fixed.soap_url}, {})
    found = {one.check: one for one in examine(swapped)}
    assert isinstance(found["addresses"].error, SettingsError)
    assert found["network and access"].weight is Grade.SKIPPED
    assert fixed.requests == []


def test_a_403_is_an_ip_restriction(examined: Examined, fixed: Any) -> None:
    fixed.json('{"error":"invalid_request"}', "400 Bad Request")
    fixed.reply("", "text/html", "403 Forbidden")
    found = examined(rest_url=fixed.rest_url, protocol="rest")
    for check in ("REST access", "IP restriction"):
        assert isinstance(found[check].error, AccessDenied)
        assert "address" in found[check].remedy


def test_without_get_xml_schema_there_are_no_schemas_over_soap(
    examined: Examined, emulated: Callable[..., Server]
) -> None:
    found = examined(**addresses(emulated(allowed=["Profit_Debtor", "KnSubject"])))
    assert "1 GetConnectors, 1 UpdateConnectors" in found["connectors"].message
    assert found["GetXMLSchema"].weight is Grade.WARNING
    assert "Add GetXMLSchema" in found["GetXMLSchema"].remedy


def test_an_app_connector_without_connectors_is_a_warning(examined: Examined, emulated: Callable[..., Server]) -> None:
    found = examined(**addresses(emulated(allowed=[])))
    assert found["connectors"].weight is Grade.WARNING
    assert found["GetXMLSchema"].weight is Grade.SKIPPED


def test_a_token_of_another_environment_is_an_error(examined: Examined, emulated: Callable[..., Server]) -> None:
    found = examined(**addresses(emulated()), environment="12345-test")["token's environment"]
    assert isinstance(found.error, SettingsError)
    assert "The token is of 12345 (O12345AA), and 12345-test is configured" in found.message
    assert examined(**addresses(emulated()), environment="12345")["token's environment"].weight is Grade.OK


@pytest.mark.parametrize(
    ("expiry", "grade", "said"),
    [
        ("0", Grade.OK, "no day"),
        ("", Grade.OK, "no day"),
        ("2027-04-30T00:00:00Z", Grade.OK, "395 days left"),
        ("2026-04-10", Grade.WARNING, "10 days left"),
        ("2026-99-99", Grade.NOTE, "2026-99-99"),
        ("soon", Grade.NOTE, "soon"),
    ],
)
def test_the_end_of_a_token_is_told(expiry: str, grade: Grade, said: str) -> None:
    found = of_catalogue(Catalogue((), (), environment_id="O12345AA", token_expiry=expiry))["token's end"]
    assert found.weight is grade
    assert said in found.message


def of_catalogue(catalogue: Catalogue) -> dict[str, Finding]:
    opened = Opened(resolve({"embedded": True}, {}))
    try:
        asked = Environment.parse("12345")
        return {one.check: one for one in app_connector(catalogue, opened, asked, TODAY, soap=False)}
    finally:
        opened.close()


def test_an_environment_without_a_known_id_is_a_note() -> None:
    found = of_catalogue(Catalogue((Entry("a", ""),), (), environment_id="C12345AA"))
    assert found["token's environment"].weight is Grade.NOTE
    assert found["GetXMLSchema"].weight is Grade.SKIPPED


def test_what_a_catalogue_says_moves_no_terminal() -> None:
    found = of_catalogue(Catalogue((), (), app_name="\x1b[2J", environment_id="\x1b[2J", token_expiry="\x1b[2J"))
    assert "\x1b" not in json.dumps([one.message for one in found.values()], ensure_ascii=False)


@pytest.mark.parametrize(
    ("message", "check"),
    [
        ("integration_id: must be two groups of digits.", "IntegrationId"),
        ("token: this is no AfasToken.", "credential"),
        ("private_key_file: cannot read x.", "credential"),
        ("client_key_file: cannot read x.", "client certificate"),
        ("rest_url: must be an http or https address.", "addresses"),
        ("environment: names no AFAS environment.", "environment"),
        ("profile: there is no profile 'x'.", "settings"),
    ],
)
def test_settings_that_are_none_are_the_first_finding(message: str, check: str) -> None:
    first, rest = unsettled(SettingsError(message))
    assert (first.check, first.weight, first.message) == (check, Grade.ERROR, message)
    assert rest.weight is Grade.SKIPPED


@pytest.mark.parametrize("error", [NotFound("x"), AccessDenied("x", status=403)])
def test_errors_have_remedies(error: AfasError) -> None:
    assert remedy_for(error)
    assert remedy_for(QueryError("x")) == ""
