"""The log archive of the emulator is as AFAS' sample: names, extra fields, texts (special-connectors 5.3)."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile

from afas_soap.emulator.imports.logarchive import Outcome, log_archive

MOMENT = datetime.datetime(2023, 3, 3, 10, 22, 15, 910_000)
MESSAGE = "(Anta Import) Error because the import-file has already been imported."


def entries(outcome: Outcome) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(log_archive(outcome, MOMENT))) as archive:
        return {entry.orig_filename: archive.read(entry) for entry in archive.infolist()}


def test_a_refusal_is_written_as_afas_does() -> None:
    found = entries(Outcome("IMPORT", MESSAGE, -2147192493))
    assert list(found) == ["@#$GeneralLogfile", "@#$Return.xml"]
    log = found["@#$GeneralLogfile"].decode("cp1252")
    assert log.startswith(f"\r\n3-3-2023 10:22:15 {MESSAGE}\r\nDescription......: {MESSAGE}\r\n")
    assert "\r\nNumber...........: -2147192493 #80047153 [ANTA]\r\n" in log
    assert "\r\nTime.............: 03-03-2023 10:22:15.910\r\n" in log
    assert "\r\n-----------------\r\nLandmark.........: " in log
    assert "\r\nPAR: parTestRun..: False\r\n-----------------\r\n" in log
    assert found["@#$Return.xml"].startswith(
        b'<CommandLine Version="1" Action="IMPORT" ExitCode="1"><Error Number="-2147192493" '
        b'Des="(Anta Import) Error because the import-file has already been imported." '
        b'Detail="Description......: (Anta Import) Error because the import-file has already been imported.&#xA;Number'
    )
    assert b"\n" not in found["@#$Return.xml"]


def test_what_was_done_has_no_error() -> None:
    found = entries(Outcome("IMPORT", "geïmporteerd"))
    assert found["@#$Return.xml"] == b'<CommandLine Version="1" Action="IMPORT" ExitCode="0" />'
    assert found["@#$GeneralLogfile"] == b"\r\n3-3-2023 10:22:15 ge\xefmporteerd\r\n\r\n"


def test_each_name_stands_in_both_extra_fields_in_utf_16() -> None:
    data = log_archive(Outcome("IMPORT", "x"), MOMENT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        extra = archive.infolist()[0].extra
    name = "@#$GeneralLogfile".encode("utf-16-le")
    assert extra.count(name) == 2
    assert struct.pack("<H", 0x554E) + struct.pack("<H", 6 + len(name)) + b"NUCX" in extra
    assert struct.pack("<H", 0x7075) + struct.pack("<H", 5 + len(name)) + b"\x01" in extra
