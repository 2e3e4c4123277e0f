"""The way to an address: its host's name, and TLS. Nothing of a credential is sent; each step has a time-out."""

from __future__ import annotations

import datetime
import queue
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import requests
from requests.utils import select_proxy

from afas_soap.doctor.addresses import Side
from afas_soap.doctor.certificates import SOON, Certificate, from_der
from afas_soap.doctor.finding import Finding, Grade, failed, skipped
from afas_soap.errors import AfasError, TransportError, printable
from afas_soap.wire.http.link import is_loopback
from afas_soap.wire.http.network_errors import unconnected
from afas_soap.wire.http.tls import proxies_for

_NO_NAME = "Check the environment's number and type, and that this machine can look up names (DNS)."
_NO_TLS = "See whether something on the way (a proxy, a virus scanner) takes the connection apart."
_ENDED = "Tell whoever runs that host that its certificate is not good now; or set this machine's clock right."
_OF_ANOTHER = (
    "Check soap_url and rest_url, or leave both out and name the environment: the host is not who it should be."
)
# OpenSSL's number of why it refused a certificate (X509_V_ERR_*): what helps.
_REMEDIES = {9: _ENDED, 10: _ENDED, 62: _OF_ANOTHER, 64: _OF_ANOTHER}
_NO_CONNECTION = "See whether a firewall lets this machine out to that host and port, or name a proxy in HTTPS_PROXY."
_PROXY = "a proxy stands in between (HTTPS_PROXY), and looks the name up and connects itself."


@dataclass(frozen=True, slots=True)
class Shaken:
    """What a TLS handshake told. ``certificate`` is None when it cannot be read."""

    version: str
    certificate: Certificate | None


def way_to(side: Side, context: ssl.SSLContext, seconds: float, now: datetime.datetime) -> Iterator[Finding]:
    """The name, then TLS. An error says that no call can come through."""
    if not side.url:
        yield skipped(f"{side.name} name", f"{side.protocol}_url is not configured.")
        return
    if select_proxy(side.url, proxies_for(side.url)):
        yield skipped(f"{side.name} name", _PROXY)
        yield skipped(f"{side.name} TLS", _PROXY)
        return
    name = _name(side, seconds)
    yield name
    if name.error is not None:
        yield skipped(f"{side.name} TLS", "the name leads nowhere.")
        return
    yield _tls(side, context, seconds, now)


def _name(side: Side, seconds: float) -> Finding:
    check = f"{side.name} name"
    try:
        found = sorted(_looked_up(side, seconds))
    except TimeoutError:
        error = TransportError(f"Looking up {side.host} took longer than {seconds:g} seconds (connect_timeout).")
        return failed(check, error, _NO_NAME)
    except (OSError, UnicodeError):
        return failed(check, TransportError(f"There is no host by the name {side.host}."), _NO_NAME)
    return Finding(check, Grade.OK, f"{side.host} is {', '.join(found)}.")


def _looked_up(side: Side, seconds: float) -> set[str]:
    """The addresses of the host. Asked in a thread, for the system's own question takes no time-out."""
    answers: queue.SimpleQueue[set[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put({str(found[4][0]) for found in socket.getaddrinfo(side.host, side.port)})
        except (OSError, UnicodeError) as problem:
            answers.put(problem)

    threading.Thread(target=ask, name="afas-doctor-name", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _tls(side: Side, context: ssl.SSLContext, seconds: float, now: datetime.datetime) -> Finding:
    check = f"{side.name} TLS"
    try:
        with socket.create_connection((side.host, side.port), timeout=seconds) as connection:
            if not side.encrypted:
                return _without(side)
            shaken = _shaken(connection, side, context)
    except OSError as problem:
        error = _explained(problem, side)
        shown = _unverified(side, seconds, now) if isinstance(problem, ssl.SSLCertVerificationError) else ""
        return failed(check, TransportError(f"{error.message}{shown}"), _remedy(problem))
    return _shown(check, shaken, now)


def _without(side: Side) -> Finding:
    check = f"{side.name} TLS"
    if is_loopback(side.url):
        return Finding(check, Grade.NOTE, "http without TLS, which stays on this machine.")
    return Finding(
        check,
        Grade.WARNING,
        f"{side.protocol}_url is http: everybody on the way can read the token.",
        f"Give {side.protocol}_url with https, and leave allow_http out.",
    )


def _remedy(problem: OSError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _REMEDIES.get(problem.verify_code, _NO_TLS)
    return _NO_TLS if isinstance(problem, ssl.SSLError) else _NO_CONNECTION


def _shaken(connection: socket.socket, side: Side, context: ssl.SSLContext) -> Shaken:
    with context.wrap_socket(connection, server_hostname=side.host) as secure:
        return Shaken(secure.version() or "TLS", from_der(secure.getpeercert(binary_form=True) or b""))


def _explained(problem: OSError, side: Side) -> AfasError:
    """The same sentence that a call has for it."""
    requested: Exception = requests.exceptions.ConnectionError(problem)
    if isinstance(problem, ssl.SSLError):
        requested = requests.exceptions.SSLError(problem)
    elif isinstance(problem, TimeoutError):
        requested = requests.exceptions.ConnectTimeout(problem)
    return unconnected(requested, side.url).error


def _unverified(side: Side, seconds: float, now: datetime.datetime) -> str:
    """The certificate that was refused, in a sentence: its issuer mostly tells who stands in between."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # To look at it and nothing else: no byte of ours goes over this connection.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((side.host, side.port), timeout=seconds) as connection:
            found = _shaken(connection, side, context).certificate
    except OSError:
        found = None
    return "" if found is None else f" It is that of {_described(found, now)}."


def _shown(check: str, shaken: Shaken, now: datetime.datetime) -> Finding:
    found = shaken.certificate
    if found is None:
        return Finding(check, Grade.NOTE, f"{shaken.version}, with a certificate that is trusted but cannot be shown.")
    message = f"{shaken.version}; the certificate is that of {_described(found, now)}."
    if found.days_left(now) < SOON:
        return Finding(check, Grade.WARNING, message, "Tell whoever runs that host that its certificate ends soon.")
    return Finding(check, Grade.OK, message)


def _described(found: Certificate, now: datetime.datetime) -> str:
    return printable(f"{found.subject}, signed by {found.issuer}, {found.lasting(now)}")
