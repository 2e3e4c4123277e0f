"""Readers: how what was given for a setting becomes its value.

A reader takes the setting's name and what was given, and raises ``SettingsError`` naming the setting and the rule. What
was given is not repeated where it could hold a password or be a token that went into the wrong setting.
"""

from __future__ import annotations

import math
import re
import urllib.parse
from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import ALGORITHMS, ASSERTION_TYPES, check_redirect_uri
from afas_soap.profit.access.environment import Environment, check_integration_id
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.sb.access.address import SbEnvironment
from afas_soap.settings.setting import Reader

PROTOCOLS = ("soap", "rest")
SOAP_VERSIONS = ("1.1", "1.2")
# The values of Accept-Language that AFAS' specification lists (profit-wire 3.6).
LANGUAGES = ("en-us", "nl-nl", "nl-be", "fr-fr", "de-de")
# The AfasToken, a service, a person at a confidential client, a person at a client without secret and key, and the app
# token of SB, which has beside it the person alone.
PROFIT_AUTHS = ("token", "client-credentials", "authorization-code", "public")
# AFAS SB has a person at a client with a secret, and a static token. The first of each is the default.
SB_AUTHS = ("authorization-code", "app-token")
AUTHS = (*PROFIT_AUTHS, "app-token")
# Whom an assertion is meant for, by address: the token endpoint, or what stands in front of /oauth/token.
AUDIENCES = ("token-url", "base-url")
# Which of AFAS' programs.
APIS = ("profit", "sb")
# The second request of an upload to SB, of which AFAS gives two forms.
BLOB_FORMS = ("guide", "openapi")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def text(name: str, given: object) -> str:
    """Text, without the blanks around it."""
    if not isinstance(given, str):
        raise SettingsError(f"{name}: must be text, not {type(given).__name__}.")
    return given.strip()


def one_of(*accepted: str) -> Reader[str]:
    """A reader that takes one of these words, whatever its case."""

    def read(name: str, given: object) -> str:
        # A profile may say soap_version = 1.1 without quotes.
        word = text(name, str(given) if isinstance(given, float) else given).lower()
        if word not in accepted:
            raise SettingsError(f"{name}: must be one of {', '.join(accepted)}.")
        return word

    return read


def environment(name: str, given: object) -> Environment | SbEnvironment:
    """An environment, or the name or id of one; with a slash in it, a customer environment of SB."""
    if isinstance(given, Environment | SbEnvironment):
        return given
    found = text(name, given)
    return SbEnvironment.parse(found) if "/" in found else Environment.parse(found)


def token(name: str, given: object) -> AfasToken:
    """A token, in every form that ``AfasToken.parse`` takes."""
    return given if isinstance(given, AfasToken) else AfasToken.parse(text(name, given))


def client_secret(name: str, given: object) -> Secret:
    """A client secret: one line, without the blanks around it. Which signs AFAS makes it of is not known."""
    if isinstance(given, Secret):
        return given
    found = text(name, given)
    if "-----BEGIN " in found:
        raise SettingsError(f"{name}: this is PEM and no client secret; a private key goes into private_key_file.")
    if not found.isprintable() or not found:
        raise SettingsError(f"{name}: must be a client secret in one line (it is not repeated here).")
    return Secret(found, "client secret")


def app_token(name: str, given: object) -> Secret:
    """An app token of SB: one line, without the blanks around it. Which signs AFAS makes it of is not known."""
    if isinstance(given, Secret):
        return given
    found = text(name, given)
    if not found.isprintable() or not found:
        raise SettingsError(f"{name}: must be an app token in one line (it is not repeated here).")
    return Secret(found, "app token")


def header_name(name: str, given: object) -> str:
    """The name of an HTTP header (RFC 9110, 5.6.2) that a call has not already."""
    found = text(name, given)
    if not _HEADER.fullmatch(found):
        raise SettingsError(f"{name}: must be the name of an HTTP header, such as Content-Range.")
    if found.lower() in _OURS:
        raise SettingsError(f"{name}: {found} is a header that each call has already; such as Content-Range is none.")
    return found


_OURS = frozenset(
    [
        "accept",
        "accept-encoding",
        "accept-version",
        "accesstoken",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "identitytoken",
        "proxy-authorization",
        "te",
        "tracking-identifier",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
    ]
)


def name_of_client(name: str, given: object) -> str:
    """A client id or a key id: visible signs without a blank (RFC 6749 A.1; what AFAS hands out is not known)."""
    found = text(name, given)
    if not found or not found.isascii() or not found.isprintable() or " " in found:
        raise SettingsError(f"{name}: must be the id as it stands in AFAS, without blanks.")
    return found


def assertion_type(name: str, given: object) -> str:
    """``JWT`` or ``client-authentication+jwt``, whatever its case."""
    word = one_of(*(known.lower() for known in ASSERTION_TYPES))(name, given)
    return next(known for known in ASSERTION_TYPES if known.lower() == word)


def algorithm(name: str, given: object) -> str:
    """What an assertion may be signed with, whatever its case."""
    return one_of(*(known.lower() for known in ALGORITHMS))(name, given).upper()


def redirect_uri(name: str, given: object) -> str:
    """Where a browser is sent after the login."""
    return check_redirect_uri(text(name, given))


def integration_id(name: str, given: object) -> str:
    """Two groups of digits and one underscore."""
    return check_integration_id(text(name, given))


def base_url(name: str, given: object) -> str:
    """An http or https address without query, fragment, user and service; the slash at its end is dropped."""
    address = text(name, given)
    try:
        parts = urllib.parse.urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not address.isascii() or not address.isprintable() or set(address) & set(' ?#\\"<>'):
        raise SettingsError(
            f"{name}: must be an http or https address without query and fragment, such as "
            "https://12345.soap.afas.online/profitservices."
        )
    if "@" in parts.netloc:
        raise SettingsError(f"{name}: must not hold a user or password; Profit takes a token.")
    if parts.path.lower().endswith(".asmx"):
        raise SettingsError(f"{name}: must be the address that all services share; leave out the last part (.asmx).")
    return address.rstrip("/")


def path(name: str, given: object) -> Path:
    """A path; ``~`` is the user's own folder."""
    if not isinstance(given, (str, Path)) or not str(given) or "\0" in str(given):
        raise SettingsError(f"{name}: must be the path of a file.")
    try:
        return Path(given).expanduser()
    except RuntimeError:
        raise SettingsError(f"{name}: {given} begins with a user whose folder is not known.") from None


def existing_file(name: str, given: object) -> Path:
    """The path of a file that is there."""
    found = path(name, given)
    try:
        there = found.is_file()
    except OSError:
        there = False
    if not there:
        raise SettingsError(f"{name}: there is no file {found}.")
    return found


# Sockets and timers take no more than some 9,000,000,000, and fail in the middle of a call.
_LONGEST = 365 * 24 * 3600


def seconds(name: str, given: object) -> float:
    """A number of seconds above zero."""
    found = seconds_or_none(name, given)
    if found == 0:
        raise SettingsError(f"{name}: must be more than 0 seconds: every call has a time-out.")
    return found


def seconds_or_none(name: str, given: object) -> float:
    """A number of seconds, or zero for none at all."""
    try:
        found = math.nan if isinstance(given, bool) or not isinstance(given, (int, float)) else float(given)
    except OverflowError:  # a whole number with hundreds of digits
        found = math.inf
    if not 0 <= found <= _LONGEST:
        raise SettingsError(f"{name}: must be a number of seconds, 0 or more and at most {_LONGEST:,} (a year).")
    return found


def size(name: str, given: object) -> int:
    """A number of bytes above zero."""
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise SettingsError(f"{name}: must be a whole number of bytes above 0.")
    return given


def switch(name: str, given: object) -> bool:
    """True or false; a variable has them in words by now, as ``names.SPELT`` has them."""
    if not isinstance(given, bool):
        raise SettingsError(f"{name}: must be true or false.")
    return given
