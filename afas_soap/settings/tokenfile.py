"""Files that hold a token: who else may read or write them, and what stands in them."""

from __future__ import annotations

import codecs
import logging
import os
import stat
from pathlib import Path
from typing import BinaryIO

from afas_soap.errors import SettingsError
from afas_soap.profit.token import AfasToken

_LOG = logging.getLogger("afas_soap.settings")

# Where containers find their secrets: whoever runs the container decides who reads them, and Docker lets everybody.
SECRET_FOLDERS = (Path("/run/secrets"), Path("/var/run/secrets"))
# A token in its longest form is far below this; more is another file, and there is no need to read it all.
_LARGEST = 16 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HAS_BITS = os.name != "nt"


def read_token(path: Path) -> AfasToken:
    """The token in a file, in any form that ``AfasToken.parse`` takes; UTF-8, or UTF-16 with its mark (PowerShell).

    Raises ``SettingsError`` when it cannot be read, when others can write it, and when it holds no token; logs a
    warning when others can read it.
    """
    if str(path) == "-":
        raise SettingsError("token_file: - (standard input) is for the command line only; pass the token itself.")
    try:
        with path.open("rb") as file:
            _check_secret(path, file)
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise SettingsError(f"token_file: cannot read {path}: {error.strerror or type(error).__name__}.") from None
    if len(data) > _LARGEST:
        raise SettingsError(f"token_file: {path} is larger than any token: it is another file.")
    return _token(path, data)


def others_may_write(path: Path, file: BinaryIO) -> bool:
    """Whether everybody on this machine can write this open file; false where that cannot be told, and said so."""
    return bool(_mode(path, file) & stat.S_IWOTH)


def _check_secret(path: Path, file: BinaryIO) -> None:
    """In the open file, so that nobody can exchange it between the look and the reading."""
    resolved = path.resolve()
    if any(resolved.is_relative_to(folder) for folder in SECRET_FOLDERS):
        return
    mode = _mode(path, file)
    if mode & stat.S_IWOTH:
        raise SettingsError(f"token_file: others can write {path}: take that right away (chmod o-w), then renew it.")
    if mode & stat.S_IROTH:
        _LOG.warning("token_file: others can read %s; take that right away (chmod 600)", path)


def _mode(path: Path, file: BinaryIO) -> int:
    if not _HAS_BITS:
        # Windows keeps no such bits: what stat gives there is made up from the read-only flag.
        _LOG.info("who else can read or write %s is not checked on this system", path)
        return 0
    mode = os.fstat(file.fileno()).st_mode
    return mode if stat.S_ISREG(mode) else 0


def _token(path: Path, data: bytes) -> AfasToken:
    try:
        text = data.decode("utf-16" if data.startswith(_UTF16) else "utf-8")
    except UnicodeDecodeError:
        raise SettingsError(f"token_file: {path} holds no text.") from None
    try:
        return AfasToken.parse(text)
    except SettingsError as error:
        raise SettingsError(f"{error.message} It was read from {path}.") from None
