"""TLS, the user's CA, and proxies."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.errors import SettingsError, TransportError
from afas_soap.wire.http.tls import proxies_for, tls_context
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT

LinkTo = Callable[..., Link]


def _ask(server, link_to: LinkTo, host: str = "127.0.0.1", **settings: object) -> bytes:
    url = f"https://{host}:{server.port}/ProfitRestServices"
    link = link_to(server, soap_url="", rest_url=url, **settings)
    request = Request(Accepts.JSON, "version", None, f"{url}/profitversion")
    with Transport(link, PROFIT, sleep=lambda _: None) as transport, transport.ask(request) as answer:
        return answer.whole(100)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_ca_of_the_users_own(secure, link_to: LinkTo, ca_bundle: Path, host: str) -> None:
    secure.json("{}")
    assert _ask(secure, link_to, host, ca_bundle=ca_bundle) == b"{}"
    assert b"\r\nAuthorization: AfasToken " in secure.requests[0]


def test_a_ca_bundle_adds_to_the_usual_ones(
    ca_bundle: Path, few_authorities: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afas_soap.wire.http.tls.DEFAULT_CA_BUNDLE_PATH", few_authorities)
    usual, added = (len(tls_context(bundle).get_ca_certs()) for bundle in (None, ca_bundle))
    assert usual > 50
    assert added == usual + 1


def test_a_connection_reads_no_cas_by_itself(
    secure, link_to: LinkTo, ca_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were read with the context, once for all connections of a client."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", "/nowhere")
    secure.json("{}")
    assert _ask(secure, link_to, ca_bundle=ca_bundle) == b"{}"


def test_an_unknown_ca_is_refused_and_nothing_was_sent(secure, link_to: LinkTo) -> None:
    secure.json("{}")
    with pytest.raises(TransportError, match=r"certificate of .* was refused .*ca_bundle") as caught:
        _ask(secure, link_to)
    assert not caught.value.sent
    # Not asked again: it would be refused again.
    assert secure.connections == 1
    assert not secure.requests


def test_names_and_chains_are_checked() -> None:
    context = tls_context(None)
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


def test_tls_older_than_12_is_refused(
    secured_by: Callable[[ssl.SSLContext], object],
    link_to: LinkTo,
    ca_bundle: Path,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        # The old versions are what this test is about.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(TransportError, match=r"TLS 1\.2") as caught:
        _ask(secured_by(context), link_to, ca_bundle=ca_bundle)
    assert not caught.value.sent
    assert tls_context(None).minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_system_that_allows_older_ones_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    create = ssl.create_default_context

    def lax(**options: str) -> ssl.SSLContext:
        context = create(**options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        return context

    monkeypatch.setattr(ssl, "create_default_context", lax)
    assert tls_context(None).minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_server_that_speaks_no_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                connection.recv(65536)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/ProfitRestServices"
        link = Link("", url, "x", retry_total=0.0)
        with pytest.raises(TransportError, match="TLS"):
            Transport(link, PROFIT).ask(Request(Accepts.JSON, "version", None, url))
        thread.join()


@pytest.mark.parametrize("content", [None, "", "geen certificaat"])
def test_a_ca_bundle_that_is_none(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingsError, match=r"ca_bundle: .*ca\.pem"):
        tls_context(path)


def test_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3129")
    monkeypatch.setenv("NO_PROXY", "intern.example.nl")
    assert proxies_for("https://12345.soap.afas.online/profitservices")["https"] == "http://proxy:3128"
    assert proxies_for("https://profit.intern.example.nl/x") == {}
    # A token for this machine over http would go to the proxy.
    assert proxies_for("http://127.0.0.1:8080/ProfitServices") == {}
    assert proxies_for("http://localhost/ProfitServices") == {}


@pytest.fixture
def proxied(fixed, monkeypatch: pytest.MonkeyPatch) -> Link:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{fixed.port}")
    return Link(soap_url="", rest_url="https://12345.rest.afas.online/profitrestservices", environment="12345")


def test_https_goes_through_a_tunnel(fixed, proxied: Link) -> None:
    for _ in range(4):
        fixed.raw(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", None)
    transport = Transport(proxied, PROFIT, sleep=lambda _: None)
    with pytest.raises(TransportError, match=r"The proxy on the way to https://12345\.rest\.afas\.online/") as caught:
        transport.ask(Request(Accepts.JSON, "version", None, f"{proxied.rest_url}/profitversion"))
    assert not caught.value.sent
    assert fixed.requests[0].startswith(b"CONNECT 12345.rest.afas.online:443 HTTP/1.")
    assert not any(b"AfasToken" in request for request in fixed.requests)


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch, proxied: Link) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(TransportError, match="proxy"):
        Transport(proxied, PROFIT, sleep=lambda _: None).ask(
            Request(Accepts.JSON, "version", None, f"{proxied.rest_url}/profitversion")
        )
