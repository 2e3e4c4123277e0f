"""Names, TLS, the token endpoint and the clock, each over a real socket or with the system's answer replaced."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from afas_soap.connections import Opened
from afas_soap.doctor import examination
from afas_soap.doctor.finding import Finding, Grade
from afas_soap.errors import AccessDenied, AnswerError, Busy, NotFound, SettingsError, TransportError
from afas_soap.settings import Settings
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.session import HttpSession

Findings = dict[str, Finding]
Examined = Callable[..., Findings]
REFUSAL = '{"error":"invalid_client"}'
OAUTH = {"auth": "client-credentials", "client_id": "id", "client_secret": "very-secret-indeed", "token": None}


def https(server: Any) -> str:
    return f"https://127.0.0.1:{server.port}/ProfitRestServices"


def test_a_name_that_leads_nowhere_stops_what_rests_on_it(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    found = examined(environment="12345-test")
    assert [check for check, one in found.items() if one.weight is Grade.ERROR] == ["SOAP name", "REST name"]
    assert isinstance(found["SOAP name"].error, TransportError)
    assert "12345.soaptest.afas.online" in found["SOAP name"].message
    assert "number and type" in found["SOAP name"].remedy
    for check in ("SOAP TLS", "REST TLS", "OAuth", "clock", "access"):
        assert found[check].weight is Grade.SKIPPED


def test_a_name_that_nobody_tells_is_not_waited_for(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: stop.wait(60) and [])
    try:
        found = examined(environment="12345", connect_timeout=0.05)["REST name"]
        looking = [thread for thread in threading.enumerate() if thread.name == "afas-doctor-name"]
    finally:
        stop.set()
    assert "longer than 0.05 seconds" in found.message
    # Nor at the end of the program, which a system that looks for a minute would hold up.
    assert looking
    assert all(thread.daemon for thread in looking)


def test_nobody_listening_is_an_error(examined: Examined) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = examined(rest_url=f"https://127.0.0.1:{port}/ProfitRestServices", protocol="rest")
    assert found["REST name"].weight is Grade.OK
    assert isinstance(found["REST TLS"].error, TransportError)
    assert "firewall" in found["REST TLS"].remedy
    assert found["SOAP name"].message == "soap_url is not configured."
    assert found["access"].weight is Grade.SKIPPED


def test_tls_is_told_with_version_and_certificate(
    examined: Examined, secured: Callable[..., Any], trusted: Path
) -> None:
    server = secured(days=100)
    found = examined(rest_url=https(server), protocol="rest", ca_bundle=trusted)["REST TLS"]
    assert found.weight is Grade.OK
    assert "TLSv1.3" in found.message
    assert "CN=afas emulator, signed by CN=afas emulator" in found.message
    assert "99 days left" in found.message


def test_a_certificate_that_ends_soon_is_a_warning(
    examined: Examined, secured: Callable[..., Any], trusted: Path
) -> None:
    server = secured(days=10)
    assert examined(rest_url=https(server), protocol="rest", ca_bundle=trusted)["REST TLS"].weight is Grade.WARNING


@pytest.mark.parametrize(
    ("host", "days", "trust", "said", "remedy"),
    [
        ("127.0.0.1", 100, False, "ca_bundle", "a proxy, a virus scanner"),
        ("127.0.0.1", -0.5, True, "expired", "this machine's clock"),
        ("elsewhere.example", 100, True, "mismatch", "soap_url and rest_url"),
    ],
)
def test_a_certificate_that_is_refused_is_shown(
    examined: Examined,
    secured: Callable[..., Any],
    trusted: Path,
    host: str,
    days: float,
    trust: bool,
    said: str,
    remedy: str,
) -> None:
    server = secured(host, days=days)
    found = examined(rest_url=https(server), protocol="rest", ca_bundle=trusted if trust else None)
    assert isinstance(found["REST TLS"].error, TransportError)
    assert said in found["REST TLS"].message
    assert remedy in found["REST TLS"].remedy
    assert "It is that of CN=afas emulator, signed by CN=" in found["REST TLS"].message
    assert found["OAuth"].weight is Grade.SKIPPED
    assert server.requests == [], "nothing is sent to a host that is not trusted"


def test_a_server_without_tls_is_an_error(examined: Examined, fixed: Any) -> None:
    found = examined(rest_url=https(fixed), protocol="rest", connect_timeout=0.2)["REST TLS"]
    assert isinstance(found.error, TransportError)
    assert found.remedy


def test_behind_a_proxy_names_and_tls_are_its_business(examined: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:proxy-password@127.0.0.1:{port}")
    found = examined(environment="12345-test")
    assert [found[f"SOAP {what}"].weight for what in ("name", "TLS")] == [Grade.SKIPPED, Grade.SKIPPED]
    assert "proxy" in found["SOAP access"].message
    assert "proxy-password" not in repr(found)


def test_http_is_a_note_here_and_a_warning_elsewhere(
    examined: Examined, fixed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examined(rest_url=fixed.rest_url, protocol="rest")["REST TLS"].weight is Grade.NOTE
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", fixed.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    url = f"http://profit.example:{fixed.port}/ProfitRestServices"
    found = examined(rest_url=url, protocol="rest", allow_http=True)["REST TLS"]
    assert found.weight is Grade.WARNING
    assert "everybody on the way" in found.message
    refused = examined(rest_url=url, protocol="rest")
    assert isinstance(refused["connection"].error, SettingsError)
    assert refused["network and access"].weight is Grade.SKIPPED


def test_a_bundle_that_is_none_stops_everything(examined: Examined, fixed: Any, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    found = examined(rest_url=fixed.rest_url, protocol="rest", ca_bundle=tmp_path / "ca.pem")
    assert isinstance(found["connection"].error, SettingsError)
    assert fixed.requests == []


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        ("404 Not Found", "", NotFound, "too old for OAuth"),
        ("403 Forbidden", "", AccessDenied, "this machine"),
        ("503 Service Unavailable", "", Busy, "away"),
        ("200 OK", "<html>", AnswerError, "answered 200"),
        ("401 Unauthorized", "", AnswerError, "answered 401"),
    ],
)
def test_a_token_endpoint_that_is_none_is_an_error_where_it_is_wanted(
    examined: Examined, fixed: Any, status: str, body: str, kind: type[Exception], said: str
) -> None:
    for settings, grade in ((OAUTH, Grade.ERROR), ({}, Grade.WARNING)):
        fixed.reply(body, "text/html", status)
        found = examined(rest_url=fixed.rest_url, protocol="rest", **settings)["OAuth"]
        assert found.weight is grade
        assert said in found.message
        assert found.remedy
        assert grade is Grade.WARNING or isinstance(found.error, kind)


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized"])
def test_a_token_endpoint_is_known_by_its_refusal(examined: Examined, fixed: Any, status: str) -> None:
    fixed.json(REFUSAL, status)
    found = examined(rest_url=fixed.rest_url, protocol="rest", **OAUTH)
    assert found["OAuth"].weight is Grade.OK
    asked = fixed.requests[0]
    assert asked.startswith(b"POST /ProfitRestServices/oauth/token ")
    assert b"very-secret" not in asked
    assert b"Authorization" not in asked


def test_nothing_is_waited_for_without_end(examined: Examined, fixed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the settings say: half a minute of silence, and nothing is asked again."""
    seen: list[tuple[float, float]] = []
    opened, http = examination.Opened, examination.HttpSession

    def open_(settings: Settings) -> Opened:
        seen.append((settings.read_timeout, settings.retry_total))
        return opened(settings)

    def send(link: Link) -> HttpSession:
        seen.append((link.read_timeout, 0.0))
        return http(link)

    monkeypatch.setattr(examination, "Opened", open_)
    monkeypatch.setattr(examination, "HttpSession", send)
    examined(rest_url=fixed.rest_url, protocol="rest", read_timeout=900.0, retry_total=900.0)
    assert seen == [(30.0, 0.0), (30.0, 0.0)]


def test_a_connection_that_breaks_is_told(examined: Examined, fixed: Any) -> None:
    found = examined(rest_url=fixed.rest_url, protocol="rest", **OAUTH)["OAuth"]
    assert isinstance(found.error, TransportError)
    assert "client certificate" in found.remedy


@pytest.mark.parametrize(("off", "way"), [(600, "behind"), (-600, "ahead of"), (5, "")])
def test_a_clock_that_is_off_is_a_warning(examined: Examined, fixed: Any, off: int, way: str) -> None:
    fixed.json(REFUSAL, "400 Bad Request", f"Date: {formatdate(1_775_000_000 + off, usegmt=True)}")
    found = examined(rest_url=fixed.rest_url, protocol="rest", now=lambda: 1_775_000_000.0)["clock"]
    assert found.weight is (Grade.WARNING if way else Grade.OK)
    assert f"{way}" in found.message
    assert not way or ("600 seconds" in found.message and "NTP" in found.remedy)


@pytest.mark.parametrize("date", ["Date: yesterday", "X-Nothing: 1"])
def test_without_a_date_the_clock_is_not_checked(examined: Examined, fixed: Any, date: str) -> None:
    fixed.json(REFUSAL, "400 Bad Request", date)
    assert examined(rest_url=fixed.rest_url, protocol="rest")["clock"].weight is Grade.SKIPPED


def test_without_rest_the_soap_address_tells_the_time(examined: Examined, fixed: Any) -> None:
    fixed.reply("", "text/html", "404 Not Found", f"Date: {formatdate(time.time() - 900, usegmt=True)}")
    found = examined(soap_url=fixed.soap_url)
    assert found["clock"].weight is Grade.WARNING
    assert found["OAuth"].weight is Grade.SKIPPED
    assert found["REST access"].weight is Grade.SKIPPED


def test_tls_12_is_enough(examined: Examined, secured: Callable[..., Any], trusted: Path) -> None:
    server = secured(least=ssl.TLSVersion.TLSv1_2)
    found = examined(rest_url=https(server), protocol="rest", ca_bundle=trusted)["REST TLS"]
    assert "TLSv1.2" in found.message


def test_a_certificate_that_cannot_be_read_is_a_note(
    examined: Examined, secured: Callable[..., Any], trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afas_soap.doctor.network.from_der", lambda _data: None)
    found = examined(rest_url=https(secured()), protocol="rest", ca_bundle=trusted)["REST TLS"]
    assert found.weight is Grade.NOTE


def test_an_answer_without_end_is_not_read_to_it(examined: Examined, fixed: Any) -> None:
    fixed.reply("x" * (2**20 + 1), "text/html")
    found = examined(rest_url=fixed.rest_url, protocol="rest", **OAUTH)["OAuth"]
    assert isinstance(found.error, AnswerError)


def test_a_trace_that_cannot_be_written_keeps_the_calls_back(examined: Examined, fixed: Any, tmp_path: Path) -> None:
    fixed.json(REFUSAL, "400 Bad Request")
    found = examined(rest_url=fixed.rest_url, protocol="rest", trace=tmp_path / "no" / "trace")
    assert found["OAuth"].weight is Grade.OK
    assert isinstance(found["access"].error, SettingsError)
