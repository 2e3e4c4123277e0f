"""TLS for the emulator on a port: an authority of its own, made for one run and forgotten with it.

Its private key never touches a disk, so nobody can make another certificate that its ``ca.pem`` would prove.
"""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cheroot.errors import FatalSSLAlert
from cheroot.ssl.builtin import BuiltinSSLAdapter
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from afas_soap import disk
from afas_soap.errors import SettingsError

_MARK = "Made by afas emulator, and replaced by its next run.\n"
_DAY = datetime.timedelta(days=1)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Pem:
    """A certificate and its private key, which does not show."""

    certificate: str
    key: str

    def __repr__(self) -> str:
        return "Pem(hidden)"


class ThrowAwayAuthority:
    """A certificate authority. What it signs is good from yesterday until ``days`` from now."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("afas emulator, throw-away CA")
        extensions: list[tuple[x509.ExtensionType, bool]] = [
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (_usage(signs_certificates=True), True),
        ]
        self._certificate = self._signed(self._key, self._name, extensions, days=365)

    @property
    def pem(self) -> str:
        """The certificate that proves the others."""
        return _pem(self._certificate)

    def for_server(self, hosts: Iterable[str], *, days: float = 365) -> Pem:
        """A certificate for these names and addresses."""
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        return self._issued("afas emulator", ExtendedKeyUsageOID.SERVER_AUTH, days, (names, False))

    def for_client(self, name: str = "afas emulator client", *, days: float = 365) -> Pem:
        """A certificate to sign in with on the TLS layer; one of minus one day has ended."""
        return self._issued(name, ExtendedKeyUsageOID.CLIENT_AUTH, days)

    def _issued(
        self, name: str, purpose: x509.ObjectIdentifier, days: float, *more: tuple[x509.ExtensionType, bool]
    ) -> Pem:
        key = ec.generate_private_key(ec.SECP256R1())
        extensions = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(signs_certificates=False), True),
            (x509.ExtendedKeyUsage([purpose]), False),
            *more,
        ]
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return Pem(_pem(self._signed(key, _named(name), extensions, days)), private)

    def _signed(
        self,
        key: ec.EllipticCurvePrivateKey,
        name: x509.Name,
        extensions: Iterable[tuple[x509.ExtensionType, bool]],
        days: float,
    ) -> x509.Certificate:
        # The system's time, and not that of a clock that was turned: it is the system that looks at it.
        now = datetime.datetime.now(datetime.UTC)
        ends = now + days * _DAY
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, ends) - _DAY)
            .not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, hashes.SHA256())


class _Adapter(BuiltinSSLAdapter):
    """Leaves the handshake to the thread that reads. cheroot accepts in one thread for all: if that shook hands, a
    client that says nothing would keep every other one out.

    The context is our own. cheroot's trusts every authority of the system for a client's certificate, where only ours
    counts, and takes a tenth of a second to read them.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        super(BuiltinSSLAdapter, self).__init__(str(certificate), str(key))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)

    def wrap(self, sock: socket.socket) -> tuple[ssl.SSLSocket, dict[str, str]]:
        """The socket before its handshake, and what every request on it is told."""
        try:
            wrapped = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        except OSError as error:
            raise FatalSSLAlert(*error.args) from error
        return wrapped, {"wsgi.url_scheme": "https", "HTTPS": "on"}


@dataclass(frozen=True, slots=True)
class Tls:
    """How a server speaks TLS: with a certificate of ``authority``, and with ``demands_certificate`` only with clients
    that show one of the same authority (mTLS)."""

    authority: ThrowAwayAuthority
    demands_certificate: bool = False

    def adapter(self, host: str) -> BuiltinSSLAdapter:
        """What cheroot wraps its connections with; the certificate is for ``host`` and for the loopback."""
        pem = self.authority.for_server(dict.fromkeys((host, *_LOOPBACK)))
        with tempfile.TemporaryDirectory(prefix="afas-emulator-") as folder:
            certificate, key = Path(folder, "server.pem"), Path(folder, "server-key.pem")
            _write(certificate, pem.certificate)
            _write(key, pem.key)
            adapter = _Adapter(certificate, key)
        context: ssl.SSLContext = adapter.context
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.demands_certificate:
            context.load_verify_locations(cadata=self.authority.pem)
            context.verify_mode = ssl.CERT_REQUIRED
        return adapter


def write_files(folder: Path, authority: ThrowAwayAuthority) -> None:
    """Write ``ca.pem``, ``client.pem`` and ``client-key.pem`` into ``folder``, which is made when it is not there.

    Raises ``SettingsError`` when one of them is there and was not made here, and when they cannot be written.
    """
    client = authority.for_client()
    texts = {"ca.pem": authority.pem, "client.pem": client.certificate, "client-key.pem": client.key}
    write_marked(folder, texts)


def write_marked(folder: Path, texts: dict[str, str]) -> None:
    """Write PEM files for their owner only, each complete or not there; see ``write_files``."""
    try:
        disk.make_folder(folder)
        for name in texts:
            if (folder / name).exists() and not (folder / name).read_bytes().startswith(_MARK.encode()):
                raise SettingsError(f"{folder / name}: the emulator did not make this file; name another folder.")
        for name, text in texts.items():
            # What stands in front of the first line of a PEM counts for nothing.
            _write(folder / name, _MARK + text)
    except OSError as error:
        raise SettingsError(f"{folder}: its files cannot be written: {error.strerror}.") from None


def _write(path: Path, text: str) -> None:
    # Each run makes them anew: none need outlast a power cut.
    with disk.replacing(path, flushed=False, beside=path.with_name(f".{path.name}.new")) as file:
        file.write(text.encode("ascii"))


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
