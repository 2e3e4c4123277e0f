"""Certificates: whose they are, who signed them, and how long they last."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from afas_soap.doctor.finding import Finding, Grade, failed, skipped
from afas_soap.errors import SettingsError, SignInError

SOON = 30
"""Days before its end from which on a certificate is warned of."""

_CHECK = "client certificate"
_RENEW = "Have a new certificate issued, register it, and name its files in client_cert_file and client_key_file."


@dataclass(frozen=True, slots=True)
class Certificate:
    """The parts of a certificate that a person needs; both times have a zone."""

    subject: str
    issuer: str
    begin: datetime.datetime
    end: datetime.datetime

    def days_left(self, now: datetime.datetime) -> int:
        """Whole days until its end; below zero behind it."""
        return (self.end - now).days

    def lasting(self, now: datetime.datetime) -> str:
        """When it ends, and in how many days."""
        days = self.days_left(now)
        return f"{'ends' if days >= 0 else 'ended'} on {self.end:%Y-%m-%d} ({days_away(days)})"


def days_away(days: int) -> str:
    """How far away something is, in words."""
    count = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"{count} left" if days >= 0 else f"{count} ago"


def from_der(data: bytes) -> Certificate | None:
    """The certificate that a server showed; None when it cannot be read."""
    try:
        return _read(x509.load_der_x509_certificate(data))
    except ValueError:
        return None


def client_certificate(path: Path | None, now: datetime.datetime) -> Finding:
    """How long the client's own certificate lasts, the first in its PEM file."""
    if path is None:
        return skipped(_CHECK, "none is configured (client_cert_file).")
    try:
        found = _read(x509.load_pem_x509_certificate(path.read_bytes()))
    except (OSError, ValueError):
        problem = SettingsError(f"client_cert_file: {path} holds no certificate that can be read.")
        return failed(_CHECK, problem, "Give the PEM file of the certificate, its own first and its chain behind it.")
    lasting = f"{found.subject}, signed by {found.issuer}, {found.lasting(now)}."
    if now > found.end:
        return failed(_CHECK, SignInError(lasting), _RENEW)
    if now < found.begin:
        early = SignInError(f"{found.subject} is not valid before {found.begin:%Y-%m-%d}.")
        return failed(_CHECK, early, "Wait until then, or set this machine's clock right.")
    if found.days_left(now) < SOON:
        return Finding(_CHECK, Grade.WARNING, lasting, _RENEW)
    return Finding(_CHECK, Grade.OK, lasting)


def _read(certificate: x509.Certificate) -> Certificate:
    return Certificate(
        certificate.subject.rfc4514_string() or "a certificate without a name",
        certificate.issuer.rfc4514_string() or "nobody by name",
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
