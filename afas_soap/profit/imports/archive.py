"""The archive of a remote import (ZIP, deflate), as AFAS' own samples are: the file, those beside it, and the metadata.

Source: special-connectors 5.2. The same files give the same bytes: no time stands in it, and no system.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape

from afas_soap.errors import QueryError
from afas_soap.limits import IMPORT_BYTES

METADATA = "@#$MetaInfo.xml"
"""The entry that says which of the others is the file to import."""

_BOM = b"\xef\xbb\xbf"
_HEAD = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'
# AFAS' own sample carries it.
_COMMENT = b"Commandline temp"
_PIECE = 64 * 1024
_MEGABYTE = 2**20
_TO_THE_END = 2
_SEPARATORS = ("/", "\\", "\0")


def metadata(file: str) -> bytes:
    """The metadata for a ``file`` to import: UTF-8 with a byte order mark, one element, CRLF as line end."""
    return _BOM + f"{_HEAD}<InputFile_Name>{escape(file)}</InputFile_Name>".encode()


def write_archive(target: BinaryIO, files: Sequence[tuple[str, BinaryIO]], *, largest: int = IMPORT_BYTES) -> int:
    """Write the archive of ``files``, pairs of a name and a stream, of which the first is the one to import. Gives its
    size.

    Raises ``QueryError`` for names that the archive cannot hold together, and once it grows over ``largest`` bytes.
    """
    check_names([name for name, _ in files])

    def check() -> None:
        _check_size(target.tell(), largest)

    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = _COMMENT
        for name, stream in files:
            _add(archive, _entry(name, stream), _pieces(stream), check)
        _add(archive, _entry(METADATA), iter([metadata(files[0][0])]), check)
    check()
    return target.tell()


def check_names(names: Sequence[str]) -> None:
    """Raise ``QueryError`` for a name that no entry may have, and for two files of one name, whose case does not matter
    on Windows."""
    seen: set[str] = set()
    for name in map(checked_entry, names):
        if name.casefold() in seen:
            raise QueryError(f"with: two files are called {name!r}, and the archive knows them by name: rename one.")
        seen.add(name.casefold())


def checked_entry(name: str) -> str:
    """``name``. Raises ``QueryError`` when no file of the archive may be called so."""
    if not name or name in (".", "..") or any(sign in name for sign in _SEPARATORS):
        raise QueryError(f"file: {name!r} is no name of a file without a folder.")
    if name.casefold() == METADATA.casefold():
        raise QueryError(f"file: {METADATA} is what the archive calls its own metadata: rename the file.")
    return name


def _check_size(size: int, largest: int) -> None:
    if size > largest:
        raise QueryError(
            f"The archive of this import is over {largest // _MEGABYTE} MB, and Profit takes no larger one: import the "
            "file in parts."
        )


def _entry(name: str, stream: BinaryIO | None = None) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # As if written on Windows, where AFAS' samples come from.
    entry.create_system = 0
    if stream is not None:
        # For who is larger than 2 GB the head has to be a longer one.
        entry.file_size = stream.seek(0, _TO_THE_END)
        stream.seek(0)
    return entry


def _add(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, pieces: Iterator[bytes], check: Callable[[], None]) -> None:
    with archive.open(entry, "w") as stream:
        for piece in pieces:
            stream.write(piece)
            check()


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
