"""mTLS: the client's certificate, in addition to any credential."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from afas_soap.errors import SettingsError, SignInError, TransportError
from afas_soap.profit.access.credentials import ClientCertificate
from afas_soap.wire.http import network_errors
from afas_soap.wire.http.tls import tls_context
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT

DAY = datetime.timedelta(days=1)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a client")])


def made(key: ec.EllipticCurvePrivateKey, *, days: int = 2, begins: int = -2) -> x509.Certificate:
    """A certificate that signs itself, for ``days`` from the day before yesterday, or from another day."""
    begin = datetime.datetime.now(datetime.UTC) + begins * DAY
    builder = x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begin)
    builder = builder.not_valid_after(begin + days * DAY)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, hashes.SHA256())


def pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, password: bytes | None = None) -> bytes:
    protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[..., ClientCertificate]:
    """Makes a certificate and its key as files."""

    def make(name: str = "client", days: int = 4, begins: int = -2) -> ClientCertificate:
        key = ec.generate_private_key(ec.SECP256R1())
        files = ClientCertificate(tmp_path / f"{name}.pem", tmp_path / f"{name}.key")
        files.certificate.write_bytes(made(key, days=days, begins=begins).public_bytes(serialization.Encoding.PEM))
        files.key.write_bytes(pem(key))
        return files

    return make


def _ask(server, link_to: Callable[..., Link], **settings: object) -> bytes:
    url = f"https://127.0.0.1:{server.port}/ProfitRestServices"
    link = link_to(server, soap_url="", rest_url=url, **settings)
    request = Request(Accepts.JSON, "version", None, f"{url}/profitversion")
    with Transport(link, PROFIT, sleep=lambda _: None) as transport, transport.ask(request) as answer:
        return answer.whole(100)


def demanding(trusted: Path, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cafile=trusted)
    return context


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_shown_to_a_server_that_asks(secured_by, link_to, ca_bundle, certificate, version) -> None:
    files = certificate()
    server = secured_by(demanding(files.certificate, version))
    server.json("{}")
    assert _ask(server, link_to, ca_bundle=ca_bundle, client_certificate=files) == b"{}"
    assert b"\r\nAuthorization: AfasToken " in server.requests[0]


REFUSALS = [
    ("none", "client certificate"),
    ("other", r"refused the client certificate: it does not know"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("shown", "told"), REFUSALS)
def test_a_server_that_refuses_it(secured_by, link_to, ca_bundle, certificate, version, shown, told) -> None:
    """Nothing of the request was accepted. In TLS 1.3 the refusal comes behind the request, and is not always read."""
    right = certificate("right")
    files = {"none": None, "other": certificate("other")}[shown]
    server = secured_by(demanding(right.certificate, version))
    server.json("{}")
    late = "|broke before an answer came" if version is ssl.TLSVersion.TLSv1_3 else ""
    with pytest.raises(TransportError, match=told + late) as caught:
        _ask(server, link_to, ca_bundle=ca_bundle, client_certificate=files)
    assert caught.value.sent is ("broke before" in str(caught.value))
    assert not server.requests


@pytest.mark.parametrize(("days", "begins", "told"), [(1, -2, "ran out on"), (4, 1, "is not good before")])
@pytest.mark.parametrize("read", [True, False])
def test_one_that_is_not_good_now_is_not_shown(
    secured_by, link_to, ca_bundle, certificate, tmp_path, days: int, begins: int, told: str, read: bool
) -> None:
    """A write is not uncertain then: nothing was sent, nor was a connection made."""
    files = certificate(days=days, begins=begins)
    server = secured_by(demanding(files.certificate))
    url = f"https://127.0.0.1:{server.port}/ProfitRestServices"
    trace = tmp_path / "trace"
    link = link_to(server, soap_url="", rest_url=url, ca_bundle=ca_bundle, client_certificate=files, trace=trace)
    request = Request(Accepts.JSON, "rows", "X", f"{url}/connectors/X", body=None if read else b"{}", read=read)
    with (
        Transport(link, PROFIT, sleep=lambda _: None) as transport,
        pytest.raises(
            SignInError, match=rf"client_cert_file: .*client\.pem' {told} 20\d\d-\d\d-\d\d at .*clock"
        ) as caught,
    ):
        transport.ask(request) if read else transport.write(request, lambda answer: answer.whole(1))
    assert caught.value.connector == "X"
    assert server.connections == 0
    assert "no answer: client_cert_file" in trace.read_text()


@pytest.mark.parametrize(
    ("alert", "told"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "wants a client certificate, and none is set"),
        ("SSLV3_ALERT_CERTIFICATE_EXPIRED", "ran out"),
        ("SSLV3_ALERT_CERTIFICATE_REVOKED", "was revoked"),
        ("TLSV1_ALERT_UNKNOWN_CA", "does not know who issued it"),
        ("SSLV3_ALERT_BAD_CERTIFICATE", "refused the client certificate"),
        ("SSLV3_ALERT_CERTIFICATE_UNKNOWN", "refused the client certificate"),
        ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "none of its kind"),
    ],
)
def test_what_a_server_says_about_it(alert: str, told: str) -> None:
    """Before a connection stands (TLS 1.2), and after the request (TLS 1.3): it was not looked at in either case."""
    cause = ssl.SSLError(1, f"[SSL: {alert}] {alert.lower().replace('_', ' ')} (_ssl.c:1)")
    for find in (network_errors.unconnected, network_errors.before_answer):
        found = find(requests.exceptions.SSLError(cause), "https://host/path?query")
        assert told in found.error.message
        assert found.error.message.endswith("(client_cert_file).")
        assert found.repeatable is False
        assert found.error.sent is False


def test_a_server_that_does_not_ask_gets_none(secure, link_to, ca_bundle, certificate) -> None:
    secure.json("{}")
    assert _ask(secure, link_to, ca_bundle=ca_bundle, client_certificate=certificate()) == b"{}"


def test_files_that_are_none(tmp_path: Path, certificate) -> None:
    files, other = certificate(), certificate("other")
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "x.pfx").write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", key, made(key), None, serialization.NoEncryption())
    )
    (tmp_path / "locked.key").write_bytes(pem(key, b"geheim"))
    (tmp_path / "broken.key").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    (tmp_path / "rsa.key").write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    for certificate_file, key_file, told in (
        (tmp_path / "x.pfx", files.key, r"client_cert_file: .*openssl pkcs12"),
        (files.certificate, tmp_path / "x.pfx", r"client_key_file: .*openssl pkcs12"),
        (tmp_path / "absent", files.key, r"client_cert_file: cannot read .*No such file"),
        (files.certificate, tmp_path, r"client_key_file: cannot read"),
        (files.certificate, tmp_path / "locked.key", r"pass phrase.*openssl pkey"),
        (files.certificate, tmp_path / "broken.key", "are not a certificate and its key"),
        (files.certificate, files.certificate, "are not a certificate and its key"),
        (files.certificate, other.key, "the key does not fit the certificate"),
        (files.certificate, tmp_path / "rsa.key", "the key does not fit the certificate"),
    ):
        with pytest.raises(SettingsError, match=told):
            tls_context(None, ClientCertificate(certificate_file, key_file))
