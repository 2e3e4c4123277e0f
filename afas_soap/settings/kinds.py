"""Each setting: its name, its variable, and how what was given becomes its value.

A reader takes the setting's name and what was given, and raises ``SettingsError`` naming the setting and the rule. What
was given is not repeated where it could hold a password or be a token that went into the wrong setting.
"""

from __future__ import annotations

import difflib
import math
import urllib.parse
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypedDict, TypeVar

from afas_soap.errors import SettingsError
from afas_soap.profit.environment import Environment, check_integration_id
from afas_soap.profit.token import AfasToken

T = TypeVar("T")
Reader = Callable[[str, object], T]

PROTOCOLS = ("soap", "rest")
SOAP_VERSIONS = ("1.1", "1.2")
# The values of Accept-Language that AFAS' specification lists (profit-wire 3.6).
LANGUAGES = ("en-us", "nl-nl", "nl-be", "fr-fr", "de-de")
EMBEDDED = {"never": False, "always": True}


class SettingsArguments(TypedDict, total=False):
    """Every setting by name, as ``connect`` takes them; None is the same as leaving one out."""

    profile: str | None
    protocol: str | None
    environment: str | Environment | None
    token: str | AfasToken | None
    token_file: str | Path | None
    integration_id: str | None
    language: str | None
    soap_url: str | None
    rest_url: str | None
    connect_timeout: float | None
    read_timeout: float | None
    retry_total: float | None
    retry_locked: bool | None
    ca_bundle: str | Path | None
    allow_http: bool | None
    token_in_body: bool | None
    soap_version: str | None
    trace: str | Path | None
    max_value: int | None
    embedded: bool | None


NAMES = tuple(SettingsArguments.__annotations__)
VARIABLES: Mapping[str, str] = {
    "AFAS_PROFILE": "profile",
    "AFAS_PROTOCOL": "protocol",
    "AFAS_ENVIRONMENT": "environment",
    "AFAS_TOKEN": "token",
    "AFAS_TOKEN_FILE": "token_file",
    "AFAS_INTEGRATION_ID": "integration_id",
    "AFAS_LANGUAGE": "language",
    "AFAS_SOAP_URL": "soap_url",
    "AFAS_REST_URL": "rest_url",
    "AFAS_CA_BUNDLE": "ca_bundle",
    "AFAS_EMBEDDED": "embedded",
}
# A profile holds no secret, names no other profile, and is a Profit of one's own.
PROFILE_KEYS = tuple(name for name in NAMES if name not in ("profile", "token", "embedded"))
PATHS = ("token_file", "ca_bundle", "trace")
# Whoever gives one of these means a Profit of their own, not the embedded one.
TARGETS = ("profile", "environment", "token", "token_file", "soap_url", "rest_url")
# These do not count as configured: they suit the embedded Profit as well as any other.
FREE = ("protocol", "language", "connect_timeout", "read_timeout", "retry_total", "retry_locked")


def nearest(name: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` when something known looks like ``name``, otherwise nothing."""
    hits = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f" Did you mean {hits[0]}?" if hits else ""


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


def environment(name: str, given: object) -> Environment:
    """An environment, or the name or id of one."""
    return given if isinstance(given, Environment) else Environment.parse(text(name, given))


def token(name: str, given: object) -> AfasToken:
    """A token, in every form that ``AfasToken.parse`` takes."""
    return given if isinstance(given, AfasToken) else AfasToken.parse(text(name, given))


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
    if not found.is_file():
        raise SettingsError(f"{name}: there is no file {found}.")
    return found


def seconds(name: str, given: object) -> float:
    """A number of seconds above zero."""
    found = seconds_or_none(name, given)
    if found == 0:
        raise SettingsError(f"{name}: must be more than 0 seconds: every call has a time-out.")
    return found


def seconds_or_none(name: str, given: object) -> float:
    """A number of seconds, or zero for none at all."""
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not math.isfinite(given) or given < 0:
        raise SettingsError(f"{name}: must be a number of seconds, 0 or more.")
    return float(given)


def size(name: str, given: object) -> int:
    """A number of bytes above zero."""
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise SettingsError(f"{name}: must be a whole number of bytes above 0.")
    return given


def switch(name: str, given: object) -> bool:
    """True or false."""
    if not isinstance(given, bool):
        raise SettingsError(f"{name}: must be true or false.")
    return given
