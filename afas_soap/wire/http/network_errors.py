"""What goes wrong on the way -> ``TransportError`` with a sentence of its own.

None of the original exceptions is kept: those of ``requests`` hold the request with its ``Authorization`` header.
"""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass

import requests
import urllib3

from afas_soap.errors import AfasError, AnswerError, Fate, SettingsError, TransportError
from afas_soap.wire.http.link import shown


class Silence(TransportError):  # noqa: N818 - a kind of break, which nobody outside has to tell apart
    """No byte for ``read_timeout``. The service may still be working, so nobody asks again within an answer."""


class Overdue(Silence):
    """An answer that did not end within ``call_timeout``. Asked again, the next one would take as long."""


@dataclass(frozen=True, slots=True)
class Break:
    """The error, and whether asking once more may help."""

    error: AfasError
    repeatable: bool


def unconnected(problem: Exception, url: str) -> Break:
    """What was raised before a connection stood: nothing was sent."""
    found = _unconnected(problem, shown(url))
    found.error.fate = Fate.NOT_SENT
    return found


def _unconnected(problem: Exception, where: str) -> Break:
    if isinstance(problem, requests.exceptions.InvalidSchema | requests.exceptions.MissingSchema | ValueError):
        return Break(SettingsError(f"The address {where} or a header (integration_id, language) is not usable."), False)
    if isinstance(problem, requests.exceptions.ProxyError):
        return _unsent(f"The proxy on the way to {where} gave no connection (HTTPS_PROXY, NO_PROXY).", repeatable=True)
    if isinstance(problem, requests.exceptions.SSLError):
        return _tls(problem, where)
    if isinstance(problem, requests.exceptions.Timeout):
        return _unsent(f"{where} took no connection in time (connect_timeout).", repeatable=True)
    nameless = (socket.gaierror, urllib3.exceptions.NameResolutionError)
    if any(isinstance(cause, nameless) for cause in _causes(problem)):
        return _unsent(f"There is no host by the name in {where}: check the environment's number.", repeatable=True)
    return _unsent(f"{where} takes no connection (refused, unreachable or broken off).", repeatable=True)


def before_answer(problem: Exception, url: str) -> Break:
    """What was raised after a connection stood and before an answer began: the request may have arrived.

    So it is when nothing tells that there was none, whatever the exception is.
    """
    where = shown(url)
    if isinstance(problem, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return unconnected(problem, url)
    if isinstance(problem, ValueError):
        return Break(AnswerError(f"{where} answered with headers that cannot be read."), False)
    if isinstance(problem, requests.exceptions.ReadTimeout):
        return Break(_silent(where), True)
    refused = _certificate_refused(problem, where)
    if refused is not None:
        # TLS 1.3 tells only now; the request was not looked at.
        return refused
    if isinstance(problem, requests.exceptions.SSLError):
        # In TLS 1.3 what the server says about the client's certificate is often lost when it closes.
        why = "perhaps because of the client certificate, or for want of one (client_cert_file)"
        return Break(
            TransportError(f"The TLS connection to {where} broke before an answer came, {why}.", sent=True), True
        )
    return Break(TransportError(f"The connection to {where} broke before an answer came.", sent=True), True)


def within_answer(problem: Exception, url: str) -> TransportError:
    """What was raised while the body was read, by ``urllib3`` or below it."""
    where = shown(url)
    if isinstance(problem, urllib3.exceptions.DecodeError):
        return TransportError(f"The answer of {where} is packed with gzip and cannot be unpacked.", sent=True)
    if isinstance(problem, urllib3.exceptions.ReadTimeoutError):
        return _silent(where)
    return TransportError(f"The answer of {where} broke off half-way.", sent=True)


def dripped(url: str) -> Break:
    """The answer did not come to its end in time, however it came: the service may still be working."""
    error = Overdue(f"The answer of {shown(url)} did not come to its end in time (call_timeout).", sent=True)
    return Break(error, repeatable=False)


def _silent(where: str) -> TransportError:
    return Silence(f"{where} was silent for too long (read_timeout); it may still be working on it.", sent=True)


def _unsent(message: str, *, repeatable: bool) -> Break:
    return Break(TransportError(message), repeatable)


def _tls(problem: Exception, where: str) -> Break:
    causes = list(_causes(problem))
    verification = next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None)
    if verification is not None:
        reason = verification.verify_message or "not trusted"
        return _unsent(
            f"The certificate of {where} was refused ({reason}): "
            "if a CA of your own signed it, name that CA's file in ca_bundle.",
            repeatable=False,
        )
    refused = _certificate_refused(problem, where)
    if refused is not None:
        return refused
    text = _upper(causes)
    if "VERSION" in text or ("PROTOCOL" in text and "EOF" not in text):
        return _unsent(f"{where} speaks no TLS 1.2 or newer, which AFAS demands.", repeatable=False)
    if "HANDSHAKE_FAILURE" in text:
        return _unsent(
            f"{where} refused the TLS connection, or broke it off; perhaps it wants a client certificate "
            "(client_cert_file).",
            repeatable=False,
        )
    return _unsent(f"{where} refused the TLS connection, or broke it off.", repeatable=True)


# OpenSSL's names of what a server says about the client's certificate (RFC 8446, 6.2).
_ALERTS = {
    "ALERT_CERTIFICATE_REQUIRED": "wants a client certificate, and none is set (client_cert_file).",
    "ALERT_CERTIFICATE_EXPIRED": "refused the client certificate: it ran out, or is not good yet (client_cert_file).",
    "ALERT_CERTIFICATE_REVOKED": "refused the client certificate: it was revoked (client_cert_file).",
    "ALERT_UNKNOWN_CA": "refused the client certificate: it does not know who issued it (client_cert_file).",
    "ALERT_BAD_CERTIFICATE": "refused the client certificate (client_cert_file).",
    "ALERT_CERTIFICATE_UNKNOWN": "refused the client certificate (client_cert_file).",
    "ALERT_UNSUPPORTED_CERTIFICATE": "refused the client certificate: it takes none of its kind (client_cert_file).",
}


_ADDRESS = re.compile(r"with url: \S*")


def _certificate_refused(problem: Exception, where: str) -> Break | None:
    if not isinstance(problem, requests.exceptions.SSLError):
        return None
    text = _upper(_causes(problem))
    return next(
        (_unsent(f"{where} {said}", repeatable=False) for alert, said in _ALERTS.items() if alert in text), None
    )


def _upper(causes: list[BaseException]) -> str:
    """What OpenSSL says, in capitals. Without the address that urllib3 repeats, in which any word may stand."""
    texts = (_ADDRESS.sub("", str(cause)) for cause in causes)
    return " ".join(texts).upper().replace(" ", "_")


def _causes(problem: BaseException) -> list[BaseException]:
    """``problem`` and all it was made from: ``requests`` and ``urllib3`` put causes in ``args`` and ``reason``."""
    found: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            # Not its context, which may be an error of our caller's.
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__]
    return found
