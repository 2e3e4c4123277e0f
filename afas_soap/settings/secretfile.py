"""Files that hold a secret (a token, a client secret, a private key): who else may touch them, and reading them.

The same rules for each of them: refused when others can write it, a warning when others can read it; neither below
``/run/secrets`` and ``/var/run/secrets``. No message repeats what stands in a file.
"""

from __future__ import annotations

import codecs
import logging
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from afas_soap.errors import SettingsError
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.settings.kinds import app_token, client_secret
from afas_soap.settings.setting import Reader

_LOG = logging.getLogger("afas_soap.settings")

# Where containers find their secrets: whoever runs the container decides who reads them, and Docker lets everybody.
SECRET_FOLDERS = (Path("/run/secrets"), Path("/var/run/secrets"))
# A token in its longest form is far below this; more is another file, and there is no need to read it all.
_LARGEST = 16 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HAS_BITS = os.name != "nt"
# A longer name without an ending is not repeated: it may be the secret itself, in place of its file.
_SHORT = 16
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,5}")


def read_data(setting: str, path: Path, *, largest: int, what: str) -> bytes:
    """What stands in a file that is only its owner's; ``what`` it should be, for the message that it is too large.

    Raises ``SettingsError`` naming ``setting`` when it cannot be read and when others can write it; logs a warning when
    others can read it.
    """
    try:
        with path.open("rb") as file:
            _check_others(setting, path, file)
            data = file.read(largest + 1)
    except OSError as error:
        raise SettingsError(
            f"{setting}: cannot read {shown(path)}: {error.strerror or type(error).__name__}."
        ) from None
    if len(data) > largest:
        raise SettingsError(f"{setting}: {path} is larger than any {what}: it is another file.")
    return data


def decoded(setting: str, path: Path, data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark (PowerShell); no mark, no blanks around it."""
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError:
        problem = SettingsError(f"{setting}: {path} holds no text.")
    else:
        return text.strip()
    raise problem


def read_token(path: Path) -> AfasToken:
    """The token in a file, in any form that ``AfasToken.parse`` takes; UTF-8, or UTF-16 with its mark (PowerShell).

    Raises ``SettingsError`` when it cannot be read, when others can write it, and when it holds no token; logs a
    warning when others can read it.
    """
    text = read_secret_text("token_file", path, "token")
    try:
        return AfasToken.parse(text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from {path}.") from None


def read_client_secret(path: Path) -> Secret:
    """The client secret in a file, read and refused as a token is; it stands there in one line and alone."""
    return _read_secret("client_secret_file", path, "client secret", client_secret)


def read_app_token(path: Path) -> Secret:
    """The app token of SB in a file, in the same way."""
    return _read_secret("app_token_file", path, "app token", app_token)


def _read_secret(setting: str, path: Path, what: str, reader: Reader[Secret]) -> Secret:
    text = read_secret_text(setting, path, what)
    try:
        return reader(setting, text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from {path}.") from None


def read_secret_text(setting: str, path: Path, what: str) -> str:
    """The text in a file of a secret, read and refused as a token is; ``what`` it should be, for the messages."""
    if str(path) == "-":
        raise SettingsError(f"{setting}: - (standard input) is for the command line only; pass the {what} itself.")
    return decoded(setting, path, read_data(setting, path, largest=_LARGEST, what=what))


def others_may_write(path: Path, file: BinaryIO) -> bool:
    """Whether everybody on this machine can write this open file; false where that cannot be told, and said so."""
    return bool(_mode(path, file) & stat.S_IWOTH)


def shown(path: Path) -> str:
    """The path of a file that is not there, unless somebody may have written a secret in place of its path."""
    folder, name = path.parent, path.name
    if len(name) > _SHORT and not _ENDING.fullmatch(path.suffix):
        return "the file that it names (a name without an ending is not repeated, it may be the secret itself)"
    try:
        known = folder.is_dir()
    except (OSError, ValueError):
        known = False
    return str(path) if known else f"a file {name}, for its folder is not there"


def _check_others(setting: str, path: Path, file: BinaryIO) -> None:
    """In the open file, so that nobody can exchange it between the look and the reading."""
    resolved = path.resolve()
    if any(resolved.is_relative_to(folder) for folder in SECRET_FOLDERS):
        return
    mode = _mode(path, file)
    if mode & stat.S_IWOTH:
        raise SettingsError(f"{setting}: others can write {path}: take that right away (chmod o-w), then renew it.")
    if mode & stat.S_IROTH:
        _LOG.warning("%s: others can read %s; take that right away (chmod 600)", setting, path)


def _mode(path: Path, file: BinaryIO) -> int:
    if not _HAS_BITS:
        # Windows keeps no such bits: what stat gives there is made up from the read-only flag.
        _LOG.info("who else can read or write %s is not checked on this system", path)
        return 0
    mode = os.fstat(file.fileno()).st_mode
    return mode if stat.S_ISREG(mode) else 0
