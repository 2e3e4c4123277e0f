"""TLS 1.2 or newer with the usual CAs and the user's, and the proxies of the environment."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ClientCertificate
from afas_soap.wire.http.connecting import watch, watching
from afas_soap.wire.http.link import is_loopback


def tls_context(ca_bundle: Path | None, certificate: ClientCertificate | None = None) -> ssl.SSLContext:
    """Trusts certifi's CAs and those of ``ca_bundle`` besides, and shows ``certificate`` to a server that asks for one.
    ``SettingsError`` when a file cannot be used."""
    context = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
    # AFAS' own minimum (profit-wire 1.1); a system's policy may allow less.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_bundle is not None:
        _trust(context, ca_bundle)
    if certificate is not None:
        _show(context, certificate)
    return context


class TlsAdapter(HTTPAdapter):
    """``requests``' own adapter with our context, also towards a proxy, and with connections that are watched."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: int, **keywords: object) -> None:
        """Called by ``requests``: every connection gets our context."""
        super().init_poolmanager(*arguments, **keywords, ssl_context=self._context)  # type: ignore[arg-type]
        watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **keywords: object) -> object:
        """Called by ``requests``: the tunnel and the connection to the proxy get our context."""
        contexts = {"ssl_context": self._context, "proxy_ssl_context": self._context}
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **keywords, **contexts)
        if not known:
            watch(manager)
        return manager

    def cert_verify(self, conn: Any, url: str, *_: object) -> None:
        """Called by ``requests``, which would have every connection read all CAs anew: our context has them already."""
        conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None

    def send(self, request: requests.PreparedRequest, *arguments: Any, **keywords: Any) -> requests.Response:
        """As ``requests`` does; ``Unconnected`` for what went wrong before a connection stood."""
        return watching(lambda: super(TlsAdapter, self).send(request, *arguments, **keywords))


def proxies_for(url: str) -> dict[str, str]:
    """The proxies for ``url`` from ``HTTPS_PROXY`` and ``NO_PROXY``; none to this machine.

    Otherwise ``HTTP_PROXY`` would be given the token that goes to a loopback address over http.
    """
    return {} if is_loopback(url) else dict(get_environ_proxies(url))


def _trust(context: ssl.SSLContext, ca_bundle: Path) -> None:
    try:
        context.load_verify_locations(cafile=ca_bundle)
    except (OSError, ssl.SSLError) as problem:
        failure = SettingsError(
            f"ca_bundle: {str(ca_bundle)!r} is not a readable PEM file of certificates ({_reason(problem)})."
        )
    else:
        return
    raise failure


_PEM = b"-----BEGIN "
# What OpenSSL says of another key, and of one of another kind.
_UNFIT = ("MISMATCH", "NO_CERTIFICATE_ASSIGNED")


def _show(context: ssl.SSLContext, certificate: ClientCertificate) -> None:
    """Load the client's certificate and key. Without a pass phrase: OpenSSL would ask the terminal for one."""
    for setting, path in (("client_cert_file", certificate.certificate), ("client_key_file", certificate.key)):
        _check_pem(setting, Path(path))
    try:
        context.load_cert_chain(certificate.certificate, certificate.key, password=_no_pass_phrase)
    except _PassPhraseWanted:
        failure = SettingsError(
            f"client_key_file: {str(certificate.key)!r} is protected by a pass phrase, which is not supported: "
            "'openssl pkey -in KEY -out NEW' makes one without; keep that readable for its owner only."
        )
    except (OSError, ssl.SSLError) as problem:
        unfit = any(word in str(problem).upper() for word in _UNFIT)
        reason = "the key does not fit the certificate" if unfit else "no PEM of that kind"
        failure = SettingsError(
            f"client_cert_file, client_key_file: {str(certificate.certificate)!r} and {str(certificate.key)!r} are not "
            f"a certificate and its key ({reason})."
        )
    else:
        return
    raise failure


def _check_pem(setting: str, path: Path) -> None:
    try:
        content = path.read_bytes()
    except OSError as problem:
        failure = SettingsError(f"{setting}: cannot read {str(path)!r} ({_reason(problem)}).")
    else:
        if _PEM in content:
            return
        failure = SettingsError(
            f"{setting}: {str(path)!r} is no PEM file; of a .pfx or .p12 'openssl pkcs12 -in FILE -nodes -out NEW.pem' "
            "makes one."
        )
    raise failure


class _PassPhraseWanted(Exception):  # noqa: N818 - it never leaves this file
    """OpenSSL asked for a pass phrase."""


def _no_pass_phrase() -> str:
    raise _PassPhraseWanted


def _reason(problem: OSError) -> str:
    if isinstance(problem, ssl.SSLError):
        return "no certificate in it"
    return problem.strerror or "unreadable"
