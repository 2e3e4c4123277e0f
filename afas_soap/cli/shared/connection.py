"""Whom to ask, out of a command's options: the settings among them, and the client that they make."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.streams import why
from afas_soap.client import ProfitClient
from afas_soap.errors import SettingsError
from afas_soap.profit.access.onetimepassword import app_key, one_time_password
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.kinds import app_token, client_secret
from afas_soap.settings.resolving import resolve

if TYPE_CHECKING:
    from afas_soap.sbclient import SBClient

# A token in its longest form is far below this.
_LONGEST = 16 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def arguments_from(options: dict[str, Any], *, fallback: bool = True) -> dict[str, Any]:
    """The settings among a command's options; the library's warnings go to stderr from here on.

    ``fallback`` false leaves out that nothing is configured and the embedded Profit answers, for a command that asks
    nobody or stops over it.
    """
    log_to_stderr(verbose=bool(options.pop("verbose", False)), settings=fallback)
    given = {name: value for name, value in options.items() if value is not None}
    waiting = [name for name in _FROM_INPUT if given.get(name) == "-"]
    if len(waiting) > 1:
        raise SettingsError(f"{' and '.join(waiting)}: only one of them can come from standard input.")
    for name in waiting:
        del given[name]
        given[name.removesuffix("_file")] = _from_input(name)
    return given


def _from_input(name: str) -> AfasToken | Secret:
    """What a file of this setting may hold, from standard input."""
    what, read = _FROM_INPUT[name]
    try:
        data = sys.stdin.buffer.read(_LONGEST)
    except OSError as error:
        raise SettingsError(f"{name}: cannot read standard input: {why(error)}.") from None
    text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig", errors="replace")
    if not text.strip():
        raise SettingsError(f"{name}: standard input holds nothing, and a {what} is expected there.")
    try:
        return read(text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from standard input.") from None


def _client_secret(text: str) -> Secret:
    return client_secret("client_secret_file", text)


def _app_token(text: str) -> Secret:
    return app_token("app_token_file", text)


def _api_key(text: str) -> Secret:
    return app_key("api_key_file", text)


def _environment_key(text: str) -> Secret:
    return app_key("environment_key_file", text)


def _otp(text: str) -> Secret:
    return one_time_password("otp_file", text)


# setting, or option of a secret that is none: what it is, and how it is read
_FROM_INPUT: dict[str, tuple[str, Callable[[str], AfasToken | Secret]]] = {
    "token_file": ("token", AfasToken.parse),
    "client_secret_file": ("client secret", _client_secret),
    "app_token_file": ("app token", _app_token),
    "api_key_file": ("API key", _api_key),
    "environment_key_file": ("environment key", _environment_key),
    "otp_file": ("one-time password", _otp),
}


def over(profit: ProfitClient, protocol: str) -> ProfitClient:
    """The same environment over another protocol, with the same connections, which ``profit`` closes."""
    settings, opened = profit.settings, profit.opened
    assert settings is not None, "connect made it from settings"
    assert opened is not None, "connect made it from settings"
    settings = dataclasses.replace(settings, protocol=protocol)
    return ProfitClient(opened.connectors(protocol), settings=settings, opened=opened)


def connect(options: dict[str, Any], *, writing: bool = False) -> ProfitClient:
    """The client that a command's options ask for; for ``writing`` not the embedded Profit, unless it was chosen."""
    profit = ProfitClient.connect(**arguments_from(options, fallback=not writing))
    if writing:
        with contextlib.ExitStack() as closing:
            closing.push(profit)
            profit.check_writable()
            closing.pop_all()
    return profit


def connect_either(options: dict[str, Any]) -> ProfitClient | SBClient:
    """The client of Profit or of AFAS SB, whichever a command's options (``options.whom.either_options``) ask for."""
    settings = resolve(arguments_from(options))
    if settings.api == "sb":
        client: SBClient = importlib.import_module("afas_soap.sbclient").SBClient.of(settings)
        return client
    return ProfitClient.of(settings)


def connect_sb(options: dict[str, Any]) -> SBClient:
    """The client of AFAS SB that a command's options (``options.whom.sb_options``) ask for."""
    client: SBClient = importlib.import_module("afas_soap.sbclient").SBClient.connect(**arguments_from(options))
    return client
