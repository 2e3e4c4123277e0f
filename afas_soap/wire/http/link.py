"""Configuration of one link to an environment: its addresses, its credential, and how patient we are with it."""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from afas_soap.errors import SettingsError
from afas_soap.limits import CALL_SECONDS
from afas_soap.profit.access.credentials import ClientCertificate
from afas_soap.profit.rows import MAX_VALUE
from afas_soap.wire.http.authorizer import Authorizer

_LOG = logging.getLogger("afas_soap.wire")

# AFAS stops before that and says so: a shorter wait would only hide its answer.
READ_TIMEOUT = CALL_SECONDS + 60.0
# Of a write there is no more than a receipt to come behind that: whoever sends it in drops is not AFAS.
_LONGEST_WRITE = CALL_SECONDS + 100.0


@dataclass(frozen=True)
class Link:
    """Addresses without a slash at their end, times in seconds, sizes in bytes.

    ``environment`` is the name in errors, logs and traces. ``call_timeout`` is how long one answer may take from the
    last byte of its request on; None is for ever for a read, and 1,000 s for a write. ``ca_bundle`` is a PEM file with
    CAs to trust beside the usual ones. ``retry_total`` is how long, over all attempts, one call may be repeated.
    ``retry_locked`` also repeats a write that was refused for a reason that passes, as when somebody else has a journal
    open. ``trace`` is the file each exchange is appended to. An address may be empty when its protocol is not spoken.
    ``authorizer`` is the credential that signs requests, None for a link without one; ``client_certificate`` is shown
    on the TLS layer, beside it.
    """

    soap_url: str
    rest_url: str
    environment: str
    integration_id: str | None = None
    language: str | None = None
    connect_timeout: float = 10.0
    read_timeout: float = READ_TIMEOUT
    call_timeout: float | None = None
    ca_bundle: Path | None = None
    allow_http: bool = False
    retry_total: float = 120.0
    retry_locked: bool = False
    trace: Path | None = None
    max_value: int = MAX_VALUE
    authorizer: Authorizer | None = field(default=None, repr=False)
    client_certificate: ClientCertificate | None = None

    def longest(self, *, read: bool) -> float | None:
        """Seconds that one answer may take; None for ever."""
        return self.call_timeout if read or self.call_timeout is not None else _LONGEST_WRITE

    @property
    def max_document(self) -> int:
        """The largest answer that is read whole: what limits a single value may be too little for a list of columns."""
        return max(self.max_value, MAX_VALUE)


def check_addresses(link: Link) -> None:
    """Raise ``SettingsError`` for an address that must not get a credential; one warning for http where it may."""
    for setting, url in (("soap_url", link.soap_url), ("rest_url", link.rest_url)):
        if url:
            _check_address(setting, url, allow_http=link.allow_http)


def is_loopback(url: str) -> bool:
    """Whether ``url`` leads to this machine. Of names only ``localhost`` does: names below it may be looked up."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(url: str) -> str:
    """Scheme, host, port and path of ``url``: what a message may hold, so no query and no user information."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{_host_and_port(parts)}{parts.path}"


def _check_address(setting: str, url: str, *, allow_http: bool) -> None:
    parts = _split(setting, url)
    if parts.username or parts.password:
        raise SettingsError(f"{setting}: an address holds no user name or password; the token is a setting of its own.")
    if parts.query or parts.fragment:
        raise SettingsError(f"{setting}: an address ends before ? and #; {shown(url)} is enough.")
    if parts.scheme == "https" or is_loopback(url):
        return
    if not allow_http:
        raise SettingsError(
            f"{setting}: {shown(url)} is http, which would show the token to everybody on the way: "
            "use https, or say allow_http=True (CLI: --allow-http) if you must."
        )
    _LOG.warning("%s is http: the token goes to %s for everybody on the way to read", setting, shown(url))


def _split(setting: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            f"{setting}: an address looks like https://12345.soap.afas.online/profitservices, and this one does not."
        )
    return parts


def _host_and_port(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown_host = f"[{host}]" if ":" in host else host
    return f"{shown_host}:{parts.port}" if parts.port else shown_host
