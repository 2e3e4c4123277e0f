"""The archive with the log of a remote import (ZIP): two entries, whose names and sizes are not believed.

Source: special-connectors 5.3. Beside its name an entry has it in UTF-16 as well, in fields that are there for UTF-8
(0x7075): from Python 3.13 on ``ZipInfo.filename`` is what that makes of it. So the plain name counts, which is
``orig_filename``, and an entry is opened by itself and never by a name. What is packed otherwise than AFAS packs is not
unpacked: of a damaged LZMA stream anything may be raised, and asked of the memory.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from afas_soap.errors import AnswerError
from afas_soap.profit.imports.result import ImportResult, result_from

GENERAL_LOG = "@#$GeneralLogfile"
RETURN = "@#$Return.xml"

LARGEST_LOG = 64 * 2**20
"""Bytes that the entries unpack to at most, together. Ours."""

_MOST_ENTRIES = 1000
_PIECE = 64 * 1024
_ENCODING = "cp1252"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Whatever zipfile lets through for an archive that is damaged, or packed in a way that nobody here unpacks.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)


def read_log(archive: BinaryIO, *, largest: int = LARGEST_LOG) -> ImportResult:
    """The result that the archive holds.

    Raises ``AnswerError`` for what is no archive, one without ``@#$Return.xml`` or with two of one name, an entry whose
    name leads into another folder, and one that unpacks to more than ``largest`` bytes.
    """
    try:
        found = _entries(archive, largest)
    except _DAMAGED:
        failure = AnswerError("the log of this import is no ZIP archive, or a damaged one")
    else:
        if RETURN not in found:
            raise AnswerError(f"the log of this import has no {RETURN}, which says whether it was done")
        return result_from(found[RETURN], _text(found.get(GENERAL_LOG, b"")))
    raise failure


def _entries(file: BinaryIO, largest: int) -> Mapping[str, bytes]:
    """The two entries that are known, unpacked."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise AnswerError(f"the log of this import holds more than {_MOST_ENTRIES:,} files")
        for entry in entries:
            _check_path(entry.orig_filename)
            if entry.orig_filename in (GENERAL_LOG, RETURN):
                _check_entry(entry, found)
                found[entry.orig_filename] = _unpacked(archive, entry, largest - sum(map(len, found.values())))
    return found


def _check_path(name: str) -> None:
    """Nothing is ever written under such a name; that there is one says that the archive is none of Profit's."""
    parts = name.replace("\\", "/").split("/")
    if len(parts) > 1 or name in ("", ".", "..") or "\0" in name or ":" in name:
        raise AnswerError("the log of this import holds a file whose name leads somewhere else: it is not read")


def _check_entry(entry: zipfile.ZipInfo, found: Mapping[str, bytes]) -> None:
    name = entry.orig_filename
    if name in found:
        raise AnswerError(f"the log of this import holds {name} twice: which of them counts is not known")
    if entry.compress_type not in _METHODS:
        raise AnswerError(f"the log of this import holds {name} packed otherwise than by deflate: it is not read")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int) -> bytes:
    """Counted while it is unpacked: what the head says of the size is only said."""
    data = bytearray()
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            data += piece
            if len(data) > largest:
                raise AnswerError("the log of this import unpacks to more than its limit: it is not read")
    return bytes(data)


def _text(data: bytes) -> str:
    # Five bytes of Windows-1252 stand for nothing.
    return data.decode(_ENCODING, "replace").replace("\r\n", "\n")
