"""A secret in the system's keyring (extra ``keyring``), which is loaded when one is looked up and not before."""

from __future__ import annotations

import importlib
import shlex

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.settings.kinds import client_secret

_INSTALL = "install it with: pip install 'afas-soap[keyring]'"


def check_entry(name: str, given: object) -> str:
    """``service/username``, the two names under which a keyring keeps a secret; the last slash divides them."""
    entry = given.strip() if isinstance(given, str) else ""
    service, _, username = entry.rpartition("/")
    if not service or not username or not entry.isprintable():
        raise SettingsError(f"{name}: must be SERVICE/USERNAME, the two names under which the keyring keeps it.")
    return entry


def from_keyring(setting: str, entry: str) -> Secret:
    """The secret that the keyring keeps under ``service/username``.

    Raises ``SettingsError`` naming ``setting`` and the remedy: without the library, without a keyring on this system,
    when it stays locked, when there is no such entry, and when it is no client secret.
    """
    service, _, username = entry.rpartition("/")
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        raise SettingsError(f"{setting}: the extra keyring is not installed; {_INSTALL}.") from None
    found: object = None
    why = ""
    try:
        found = keyring.get_password(service, username)
    except Exception as error:  # noqa: BLE001 - each backend has exceptions of its own, whose texts are not known
        why = _why(type(error))
    if why:
        raise SettingsError(f"{setting}: {why}")
    if not isinstance(found, str) or not found.strip():
        raise SettingsError(
            f"{setting}: the keyring keeps nothing for service {service!r} and user {username!r}; "
            f"put it there: keyring set {shlex.quote(service)} {shlex.quote(username)}."
        )
    return client_secret(setting, found)


def _why(kind: type[Exception]) -> str:
    """By the exception's name: the library's own classes are not ours to import."""
    names = {parent.__name__ for parent in kind.__mro__}
    if "NoKeyringError" in names:
        return "there is no keyring on this system (a server or a container has none): use client_secret_file there."
    # One that asks for its password on the terminal, where there is none, ends with EOFError.
    if names & {"KeyringLocked", "InitError", "EOFError"}:
        return "the keyring is locked: unlock it, or use client_secret_file."
    return (
        f"the keyring cannot be read ({kind.__name__}): see whether 'keyring --list-backends' names one that works, or "
        "use client_secret_file."
    )
