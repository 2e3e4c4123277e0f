"""The archive with the log of a job (ZIP with Unicode extra fields), as the sample of AFAS has it.

Source: special-connectors 5.3. Both extra fields hold the name in UTF-16, which is what the one of them (0x7075) is not
for: a reader that believes it sees another name.
"""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

GENERAL_LOG = "@#$GeneralLogfile"
RETURN = "@#$Return.xml"

_XCEED, _SIGNATURE = 0x554E, 0x5843554E
_INFO_ZIP, _VERSION = 0x7075, 1
_LABEL = 17
_RULE = "-" * _LABEL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job; ``number`` is None for one that was done."""

    action: str
    message: str
    number: int | None = None


def log_archive(outcome: Outcome, moment: datetime.datetime) -> bytes:
    """The archive; ``moment`` is the local time."""
    block = "" if outcome.number is None else _block(outcome.message, outcome.number, moment)
    log = "\n".join(["", f"{_stamp(moment)} {outcome.message}", *block.splitlines(), "", ""])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, GENERAL_LOG, log.replace("\n", "\r\n").encode("cp1252", "replace"))
        _add(archive, RETURN, _verdict(outcome, block).encode())
    return file.getvalue()


def _stamp(moment: datetime.datetime) -> str:
    # Day and month without a nought in front, which strftime does not do everywhere.
    return f"{moment.day}-{moment.month}-{moment.year} {moment:%H:%M:%S}"


def _verdict(outcome: Outcome, block: str) -> str:
    head = f'<CommandLine Version="1" Action="{outcome.action}" ExitCode='
    if outcome.number is None:
        # One of an import that was done has not been seen: inferred.
        return f'{head}"0" />'
    quotes = {'"': "&quot;", "\n": "&#xA;"}
    return (
        f'{head}"1"><Error Number="{outcome.number}" Des="{escape(outcome.message, quotes)}" '
        f'Detail="{escape(block, quotes)}"/></CommandLine>'
    )


def _block(message: str, number: int, moment: datetime.datetime) -> str:
    pairs: Sequence[tuple[str, str]] = (
        ("Description", message),
        ("Number", f"{number} #{number & 0xFFFFFFFF:08X} [ANTA]"),
        ("Init state", "Raised"),
        ("Source", "AntaImp"),
        ("Version", "8.1200.500"),
        ("Location", "C:\\Program Files (x86)\\Profit\\"),
        ("Source descr", "Anta Import Client (C)"),
        ("Time", f"{moment:%d-%m-%Y %H:%M:%S}.{moment.microsecond // 1000:03d}"),
        ("DLL/EXE file", "AntaImp"),
        ("Session", "AFAS\\emulator on AFAS\\EMULATOR (NoTS)"),
    )
    landmark = ("Landmark", "AntaImport.Main.AbortImport [57EF2C69]"), ("PAR: parTestRun", "False")
    return "\n".join([*map(_line, pairs), _RULE, *map(_line, landmark), _RULE, ""])


def _line(pair: tuple[str, str]) -> str:
    label, value = pair
    return f"{label:.<{_LABEL}}: {value}"


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    wide = name.encode("utf-16-le")
    xceed = struct.pack("<IH", _SIGNATURE, len(name)) + wide
    info_zip = struct.pack("<BI", _VERSION, zlib.crc32(name.encode())) + wide
    entry.extra = b"".join(
        struct.pack("<HH", tag, len(field)) + field for tag, field in ((_XCEED, xceed), (_INFO_ZIP, info_zip))
    )
    archive.writestr(entry, data)
