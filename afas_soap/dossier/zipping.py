"""A ZIP (ZIP64 where it must be) of what was gathered beside it, over nothing that is there, and the tidying behind it.

Which ZIP was made of a folder is told by the manifest in both: it is the last that is taken away of the folder, and
between the two moments nobody writes to it.
"""

from __future__ import annotations

import contextlib
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from afas_soap import disk
from afas_soap.errors import SettingsError

SUFFIX = ".part"
"""What ``FILE.zip`` is gathered in: ``FILE.zip.part``."""

_ITSELF = ".zip.part"
_PIECE = 2**20
_ENCRYPTED = 0x1


def gathered_in(target: Path) -> Path:
    """The folder in which a ZIP is gathered: beside it, and so on the same disk."""
    return target.with_name(target.name + SUFFIX)


def write_zip(target: Path, folder: Path, paths: Iterable[tuple[str, ...]], done: Callable[[], None]) -> None:
    """Write the files at ``paths`` below ``folder`` into the ZIP ``target``, which is there when it is whole. ``done``
    is called behind each. Raises ``SettingsError`` when it cannot be written, also where something has its name."""
    try:
        with (
            disk.creating(target, beside=folder / _ITSELF) as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for path in paths:
                _add(archive, folder.joinpath(*path), "/".join(path))
                done()
        # Where the system lets a folder be opened.
        with contextlib.suppress(OSError):
            disk.flush_folder(target.parent)
    except OSError as problem:
        failure = disk.unwritten(target, problem)
    else:
        return
    raise failure


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    # ZIP knows no year before 1980, which a clock that was never set has.
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with path.open("rb") as file, archive.open(entry, "w") as stream:
        while piece := file.read(_PIECE):
            stream.write(piece)


def is_made(target: Path, folder: Path, manifest: str) -> bool:
    """Whether ``target`` is the ZIP of what was gathered in ``folder``, by the file ``manifest`` in both."""
    try:
        with zipfile.ZipFile(target) as archive:
            expected = (folder / manifest).read_bytes()
            told = archive.getinfo(manifest)
            # As it is written here; what else there is in ZIP needs not be read.
            return (
                (told.file_size, told.compress_type) == (len(expected), zipfile.ZIP_DEFLATED)
                and not told.flag_bits & _ENCRYPTED
                and archive.read(told) == expected
            )
    except (OSError, EOFError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error, struct.error):
        return False


def tidy(folder: Path, paths: Iterable[tuple[str, ...]], last: Callable[[], None]) -> None:
    """Take away the files at ``paths``, then what ``last`` does, and the folders that are empty. What somebody else put
    there stays. Raises ``SettingsError``."""
    try:
        for path in paths:
            folder.joinpath(*path).unlink(missing_ok=True)
        # A kill leaves it beside the ZIP, as another name of that.
        (folder / _ITSELF).unlink(missing_ok=True)
        last()
    except OSError as problem:
        failure = SettingsError(f"the ZIP is whole, but {folder} cannot be removed: {disk.reason(problem)}.")
    else:
        for place, _, _ in os.walk(folder, topdown=False):
            with contextlib.suppress(OSError):
                Path(place).rmdir()
        return
    raise failure
