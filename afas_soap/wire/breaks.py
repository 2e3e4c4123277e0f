"""What goes wrong on the way -> ``TransportError`` with a sentence of its own.

None of the original exceptions is kept: those of ``requests`` hold the request with its ``Authorization`` header.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass

import requests
import urllib3

from afas_soap.errors import AfasError, SettingsError, TransportError
from afas_soap.wire.link import shown


class Silence(TransportError):  # noqa: N818 - a kind of break, which nobody outside has to tell apart
    """No byte for ``read_timeout``. Profit may still be working, so nobody asks again in the middle of an answer."""


@dataclass(frozen=True, slots=True)
class Break:
    """The error, and whether asking once more may help."""

    error: AfasError
    repeatable: bool


def before_answer(problem: Exception, url: str) -> Break:
    """What ``requests`` raised before an answer began."""
    where = shown(url)
    if isinstance(problem, requests.exceptions.InvalidSchema | requests.exceptions.MissingSchema | ValueError):
        return Break(SettingsError(f"The address {where} or a header (integration_id, language) is not usable."), False)
    if isinstance(problem, requests.exceptions.ProxyError):
        return _unsent(f"The proxy on the way to {where} gave no connection (HTTPS_PROXY, NO_PROXY).", repeatable=True)
    if isinstance(problem, requests.exceptions.SSLError):
        return _tls(problem, where)
    if isinstance(problem, requests.exceptions.ConnectTimeout):
        return _unsent(f"{where} took no connection in time (connect_timeout).", repeatable=True)
    if isinstance(problem, requests.exceptions.ReadTimeout):
        return Break(_silent(where), True)
    return _unconnected(problem, where)


def within_answer(problem: Exception, url: str) -> TransportError:
    """What ``urllib3`` raised while the body was read."""
    where = shown(url)
    if isinstance(problem, urllib3.exceptions.DecodeError):
        return TransportError(f"The answer of {where} is packed with gzip and cannot be unpacked.", sent=True)
    if isinstance(problem, urllib3.exceptions.ReadTimeoutError):
        return _silent(where)
    return TransportError(f"The answer of {where} broke off half-way.", sent=True)


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
    text = " ".join(str(cause) for cause in causes).upper().replace(" ", "_")
    if "VERSION" in text or ("PROTOCOL" in text and "EOF" not in text):
        return _unsent(f"{where} speaks no TLS 1.2 or newer, which AFAS demands.", repeatable=False)
    if "HANDSHAKE_FAILURE" in text:
        return _unsent(f"{where} refused the TLS connection (handshake failure).", repeatable=False)
    # A connection may also break inside TLS, after the request went out.
    return Break(TransportError(f"The TLS connection to {where} failed or broke.", sent=True), True)


def _unconnected(problem: Exception, where: str) -> Break:
    causes = list(_causes(problem))
    if any(isinstance(cause, socket.gaierror | urllib3.exceptions.NameResolutionError) for cause in causes):
        return _unsent(f"There is no host by the name in {where}: check the environment's number.", repeatable=True)
    if any(isinstance(cause, urllib3.exceptions.NewConnectionError | ConnectionRefusedError) for cause in causes):
        return _unsent(f"{where} takes no connection (refused or unreachable).", repeatable=True)
    return Break(TransportError(f"The connection to {where} broke before an answer came.", sent=True), True)


def _causes(problem: BaseException) -> list[BaseException]:
    """``problem`` and all it was made from: ``requests`` and ``urllib3`` put causes in ``args`` and ``reason``."""
    found: list[BaseException] = []
    waiting: list[object] = [problem]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
    return found
