"""A secret in the system's keyring (extra ``keyring``), which is loaded when one is looked up and not before."""

from __future__ import annotations

import importlib
import shlex
from typing import Any

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.kinds import app_token, client_secret, token

_INSTALL = "install it with: pip install 'afas-soap[keyring]'"


def check_entry(name: str, given: object) -> str:
    """``service/username``, the two names under which a keyring keeps a secret; the last slash divides them."""
    entry = given.strip() if isinstance(given, str) else ""
    service, _, username = entry.rpartition("/")
    if not service or not username or not entry.isprintable():
        raise SettingsError(f"{name}: must be SERVICE/USERNAME, the two names under which the keyring keeps it.")
    return entry


def from_keyring(setting: str, entry: str) -> Secret:
    """The client secret that the keyring keeps under ``service/username``.

    Raises ``SettingsError`` naming ``setting`` and the remedy: without the library, without a keyring on this system,
    when it stays locked, when there is no such entry, and when it is no client secret.
    """
    return client_secret(setting, _found(setting, entry).reveal())


def token_from_keyring(setting: str, entry: str) -> AfasToken:
    """The token that the keyring keeps, as ``from_keyring``."""
    return token(setting, _found(setting, entry).reveal())


def app_token_from_keyring(setting: str, entry: str) -> Secret:
    """The app token that the keyring keeps, as ``from_keyring``."""
    return app_token(setting, _found(setting, entry).reveal())


def is_kept(setting: str, entry: str) -> bool:
    """Whether the keyring keeps something there. Raises ``SettingsError`` when it cannot be asked."""
    return _kept(setting, entry) is not None


def keep(setting: str, entry: str, secret: AfasToken) -> None:
    """Have the keyring keep a token under ``service/username``, in place of what it kept there. Raises
    ``SettingsError``."""
    service, _, username = entry.rpartition("/")
    keyring, why = _library(setting), ""
    try:
        keyring.set_password(service, username, secret.xml())
    except Exception as error:  # noqa: BLE001 - each backend has exceptions of its own, whose texts are not known
        why = _why(setting, type(error))
    if why:
        raise SettingsError(f"{setting}: {why}")


def _found(setting: str, entry: str) -> Secret:
    found = _kept(setting, entry)
    if found is None:
        service, _, username = entry.rpartition("/")
        raise SettingsError(
            f"{setting}: the keyring keeps nothing for service {service!r} and user {username!r}; "
            f"put it there: keyring set {shlex.quote(service)} {shlex.quote(username)}."
        )
    return found


def _kept(setting: str, entry: str) -> Secret | None:
    service, _, username = entry.rpartition("/")
    keyring, why = _library(setting), ""
    found: Secret | None = None
    try:
        text = keyring.get_password(service, username)
        found = Secret(text) if isinstance(text, str) and text.strip() else None
        del text
    except Exception as error:  # noqa: BLE001 - each backend has exceptions of its own, whose texts are not known
        why = _why(setting, type(error))
    if why:
        raise SettingsError(f"{setting}: {why}")
    return found


def _library(setting: str) -> Any:
    try:
        return importlib.import_module("keyring")
    except ImportError:
        raise SettingsError(f"{setting}: the extra keyring is not installed; {_INSTALL}.") from None


def _why(setting: str, kind: type[Exception]) -> str:
    """By the exception's name: the library's own classes are not ours to import."""
    names, file = {parent.__name__ for parent in kind.__mro__}, f"{setting.removesuffix('_keyring')}_file"
    if "NoKeyringError" in names:
        return f"there is no keyring on this system (a server or a container has none): use {file} there."
    # One that asks for its password on the terminal, where there is none, ends with EOFError.
    if names & {"KeyringLocked", "InitError", "EOFError"}:
        return f"the keyring is locked: unlock it, or use {file}."
    return (
        f"the keyring cannot be used ({kind.__name__}): see whether 'keyring --list-backends' names one that works, or "
        f"use {file}."
    )
