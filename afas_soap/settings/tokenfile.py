"""Files that hold one line: an AfasToken, or a client secret."""

from __future__ import annotations

from pathlib import Path

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.kinds import client_secret
from afas_soap.settings.secretfile import decoded, read_data

# A token in its longest form is far below this; more is another file, and there is no need to read it all.
_LARGEST = 16 * 1024


def read_token(path: Path) -> AfasToken:
    """The token in a file, in any form that ``AfasToken.parse`` takes; UTF-8, or UTF-16 with its mark (PowerShell).

    Raises ``SettingsError`` when it cannot be read, when others can write it, and when it holds no token; logs a
    warning when others can read it.
    """
    text = _text("token_file", path, "token")
    try:
        return AfasToken.parse(text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from {path}.") from None


def read_client_secret(path: Path) -> Secret:
    """The client secret in a file, read and refused as a token is; it stands there in one line and alone."""
    text = _text("client_secret_file", path, "client secret")
    try:
        return client_secret("client_secret_file", text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from {path}.") from None


def _text(setting: str, path: Path, what: str) -> str:
    if str(path) == "-":
        raise SettingsError(f"{setting}: - (standard input) is for the command line only; pass the {what} itself.")
    return decoded(setting, path, read_data(setting, path, largest=_LARGEST, what=what))
