"""From when until when the client's own certificate is good: told before a call.

A server that refuses it in TLS 1.3 does so behind the request, and often unheard, so that a write would be uncertain.
Loaded only where there is a certificate, for cryptography is heavy.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from afas_soap.errors import SignInError


@dataclass(frozen=True, slots=True)
class Validity:
    """The times between which the certificate in ``path`` is good."""

    path: Path
    begin: datetime.datetime
    end: datetime.datetime

    def check(self, now: datetime.datetime) -> None:
        """Raise ``SignInError`` when it is not good at ``now``."""
        where = f"client_cert_file: the certificate in {str(self.path)!r}"
        clock = "or set this machine's clock right."
        if now > self.end:
            raise SignInError(
                f"{where} ran out on {_told(self.end)}: have a new one issued, and name its files in client_cert_file "
                f"and client_key_file, {clock}"
            )
        if now < self.begin:
            raise SignInError(f"{where} is not good before {_told(self.begin)}: wait until then, {clock}")


def validity(path: Path) -> Validity | None:
    """That of the first certificate in a PEM file, which is the client's own; None when it cannot be read, and OpenSSL
    has the last word."""
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
        return Validity(path, found.not_valid_before_utc, found.not_valid_after_utc)
    except (OSError, ValueError):
        return None


def _told(time: datetime.datetime) -> str:
    return f"{time:%Y-%m-%d at %H:%M} UTC"
