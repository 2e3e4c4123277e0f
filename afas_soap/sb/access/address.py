"""Addresses of SB: the base URL of a customer environment, the landing address of an app, and whose a host is.

Sources: small-business.md 1. A landing address comes from a browser and anybody can forge one, while a client secret
would be posted to it: it is taken in one form only. Whether case counts in a path is not known, so it stays as given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from afas_soap.errors import SettingsError

ACCEPTED = "DOMAIN/CUSTOMER such as demo/enyoi, or the whole address, such as https://demo.afasfocus.nl/enyoi"
ADMIN = "admin"
"""The Admin Center stands beside the customer environments of a domain, under this name."""

_PROFIT = (".afas.online", ".afasonline.com")
_SB = ".afasfocus.nl"
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_CUSTOMER = "[a-z0-9][a-z0-9_-]{0,99}"
_FLAGS = re.ASCII | re.IGNORECASE
_NAME = re.compile(f"({_LABEL})/({_CUSTOMER})/?", _FLAGS)
_URL = re.compile(rf"https://({_LABEL})\.afasfocus\.nl/({_CUSTOMER})/?", _FLAGS)
_HERE = re.compile(rf"(https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::([0-9]{{1,5}}))?/{_CUSTOMER})/?", _FLAGS)
_HIGHEST_PORT = 65535
_PORTS = {"https": 443, "http": 80}
_PARAMETER = "afasbaseurl"
# The domain of entrepreneurs without an accountant, where there are no scopes.
_ENTREPRENEURS = "https://afas-sb.afasfocus.nl/"


@dataclass(frozen=True, slots=True)
class SbEnvironment:
    """One customer environment: ``rest_url`` is its base address, without a slash at its end."""

    rest_url: str

    @classmethod
    def parse(cls, text: str) -> SbEnvironment:
        """The environment that ``text`` names: ``demo/enyoi``, or its whole address; of others only one of this
        machine. Raises ``SettingsError`` listing the forms."""
        found = _known(text.strip()) or _loopback(text.strip())
        if found is None:
            raise SettingsError(f"environment:{_profits(text)} accepted for AFAS SB are {ACCEPTED}.")
        return found

    @staticmethod
    def is_name(text: str) -> bool:
        """Whether ``text`` is a name such as ``demo/enyoi``, from which the address follows."""
        return _NAME.fullmatch(text) is not None

    @property
    def name(self) -> str:
        """``demo/enyoi``, or host and path of another address."""
        parts = urlsplit(self.rest_url)
        return parts.netloc.removesuffix(_SB) + parts.path

    @property
    def soap_url(self) -> None:
        """SB has no SOAP."""

    @property
    def admin(self) -> SbEnvironment:
        """The Admin Center of the same domain."""
        return self.customer(ADMIN)

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454), each in one spelling: who that is is the same for every path."""
        parts = urlsplit(self.rest_url)
        host = parts.hostname or ""
        port = parts.port or _PORTS.get(parts.scheme)
        return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def is_admin(self) -> bool:
        """Whether it is an Admin Center, and no customer's."""
        return self.rest_url.rpartition("/")[2].lower() == ADMIN

    @property
    def scope(self) -> str | None:
        """What an app token is asked for here: the path of the customer environment, which accountancy environments
        want. None for an Admin Center, whose identity token comes without one, and for entrepreneurs."""
        if self.is_admin or self.rest_url.startswith(_ENTREPRENEURS):
            return None
        return self.rest_url.rpartition("/")[2]

    def is_of(self, scope: str) -> bool:
        """Whether ``scope`` is that of this environment; everything is, where there are none."""
        return self.scope is None or self.scope.lower() == scope.lower()

    def customer(self, path: str) -> SbEnvironment:
        """The environment of that ``Path`` at the same domain. ``SettingsError`` for what is no path of one."""
        if not re.fullmatch(_CUSTOMER, path, _FLAGS):
            raise SettingsError("environment: the path of a customer environment is one name of letters and digits.")
        parts = urlsplit(self.rest_url)
        return SbEnvironment(f"{parts.scheme}://{parts.netloc}/{path}")


def landing(text: str, *, loopback: bool = False) -> SbEnvironment:
    """The environment that a landing page was told of: the ``afasBaseUrl`` itself, or the page's address with it.

    Only ``https://LABEL.afasfocus.nl/CUSTOMER``: no user, port, query or look-alike. ``loopback`` takes this machine as
    well. Raises ``SettingsError``, which does not repeat the address.
    """
    address = _base_url(text.strip())
    found = _URL.fullmatch(address)
    if found is not None:
        return _made(found)
    here = _loopback(address) if loopback else None
    if here is not None:
        return here
    raise SettingsError(
        "the landing address: must be exactly https://DOMAIN.afasfocus.nl/CUSTOMER, without user, port and query, "
        "since anybody can forge one and the client's secret would go there. Open the app from within AFAS SB again"
        f"{'' if loopback else '; --loopback takes an address of this machine, for the emulator'}."
    )


def product_of(url: str) -> str:
    """``sb`` or ``profit`` where the host of ``url`` is AFAS', otherwise ""."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return "sb" if host.endswith(_SB) else "profit" if host.endswith(_PROFIT) else ""


def _known(text: str) -> SbEnvironment | None:
    found = _NAME.fullmatch(text) or _URL.fullmatch(text)
    return None if found is None else _made(found)


def _made(found: re.Match[str]) -> SbEnvironment:
    return SbEnvironment(f"https://{found[1].lower()}{_SB}/{found[2]}")


def _loopback(text: str) -> SbEnvironment | None:
    found = _HERE.fullmatch(text)
    if found is None or not 0 < int(found[2] or _PORTS["http"]) <= _HIGHEST_PORT:
        return None
    return SbEnvironment(found[1])


def _base_url(text: str) -> str:
    """The ``afasBaseUrl`` in the address of a landing page, otherwise the text itself; "" where it is ambiguous."""
    try:
        query = urlsplit(text).query
    except ValueError:
        return ""
    told = [value for name, value in parse_qsl(query, keep_blank_values=True) if name.lower() == _PARAMETER]
    if not told:
        return text
    return told[0] if len(told) == 1 else ""


def _profits(text: str) -> str:
    if product_of(text.strip()) == "profit":
        return " this is an address of AFAS Profit, whose environments are named by their number, such as 12345;"
    return ""
