"""The archive with the log: its names, its limits, and what is none (special-connectors 5.3)."""

from __future__ import annotations

import contextlib
import io
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError
from afas_soap.profit.imports.logarchive import GENERAL_LOG, RETURN, read_log

DONE = b'<CommandLine Version="1" Action="IMPORT" ExitCode="0"/>'
LOG = "\r\n23-3-2023 10:22:15 geïmporteerd €\r\n".encode("cp1252")
ROOT = Path(__file__).resolve().parents[3]


def packed(*entries: tuple[str, bytes], wide: bool = True) -> bytes:
    """An archive, its names in both extra fields as well, in UTF-16."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.filename = name
            entry.compress_type = zipfile.ZIP_DEFLATED
            if wide:
                entry.extra = _extra(name)
            archive.writestr(entry, data)
    return file.getvalue()


def _extra(name: str) -> bytes:
    utf16 = name.encode("utf-16-le")
    fields = (
        (0x554E, struct.pack("<IH", 0x5843554E, len(name)) + utf16),
        (0x7075, struct.pack("<BI", 1, zlib.crc32(name.encode())) + utf16),
    )
    return b"".join(struct.pack("<HH", tag, len(field)) + field for tag, field in fields)


def test_the_log_is_read_by_its_plain_names() -> None:
    result = read_log(io.BytesIO(packed((GENERAL_LOG, LOG), (RETURN, DONE))))
    assert result.succeeded
    assert result.log == "\n23-3-2023 10:22:15 geïmporteerd €\n"


def test_a_log_without_words_is_a_log() -> None:
    assert read_log(io.BytesIO(packed((RETURN, DONE)))).log == ""


def test_a_byte_that_stands_for_nothing_ends_no_log() -> None:
    assert read_log(io.BytesIO(packed((RETURN, DONE), (GENERAL_LOG, b"a\x81b")))).log == "a\ufffdb"


def test_a_further_file_is_passed_over() -> None:
    assert read_log(io.BytesIO(packed((RETURN, DONE), ("extra.txt", b"x")))).succeeded


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", [RETURN, GENERAL_LOG])
def test_two_of_one_name_are_not_chosen_from(name: str) -> None:
    refused = b'<CommandLine Version="1" Action="IMPORT" ExitCode="1"/>'
    with pytest.raises(AnswerError, match=f"{re.escape(name)} twice"):
        read_log(io.BytesIO(packed((RETURN, refused), (GENERAL_LOG, LOG), (name, DONE))))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_otherwise_is_not_unpacked(method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(RETURN, DONE)
    data = file.getvalue()
    at = data.index(RETURN.encode()) + len(RETURN) + 9
    for whole_or_damaged in (data, data[:at] + b"\xff" * 12 + data[at + 12 :]):
        with pytest.raises(AnswerError, match="otherwise than by deflate"):
            read_log(io.BytesIO(whole_or_damaged))


def test_whatever_a_byte_is_it_is_a_log_or_an_error() -> None:
    data = packed((GENERAL_LOG, LOG), (RETURN, DONE))
    for at in range(len(data)):
        for value in (0x00, 0x0E, 0xFF):
            with contextlib.suppress(AnswerError):
                read_log(io.BytesIO(data[:at] + bytes([value]) + data[at + 1 :]))


def test_without_a_verdict_it_is_an_error() -> None:
    with pytest.raises(AnswerError, match=r"has no @#\$Return.xml"):
        read_log(io.BytesIO(packed((GENERAL_LOG, LOG))))


@pytest.mark.parametrize("name", ["../../x", "/etc/x", "..\\x", "C:\\x", "C:x", "a/b", "a\\b", ".."])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(AnswerError, match="leads somewhere else"):
        read_log(io.BytesIO(packed((RETURN, DONE), (name, b"x"), wide=False)))


def test_a_nul_in_a_name_is_refused() -> None:
    data = packed((RETURN, DONE), ("aXb", b"x"), wide=False).replace(b"aXb", b"a\0b")
    with pytest.raises(AnswerError, match="leads somewhere else"):
        read_log(io.BytesIO(data))


def test_what_unpacks_to_too_much_is_not_read_whatever_its_head_says() -> None:
    data = packed((GENERAL_LOG, b"x" * 1_000_000), (RETURN, DONE))
    with pytest.raises(AnswerError, match="unpacks to more than its limit"):
        read_log(io.BytesIO(data), largest=100_000)
    # Its directory says that it has 10 bytes.
    size = struct.pack("<I", 1_000_000)
    with pytest.raises(AnswerError):
        read_log(io.BytesIO(data.replace(size, struct.pack("<I", 10))), largest=100_000)


def test_the_limit_is_of_all_of_it() -> None:
    with pytest.raises(AnswerError, match="its limit"):
        read_log(io.BytesIO(packed((GENERAL_LOG, b"x" * 90), (RETURN, DONE))), largest=100)


def test_more_files_than_any_log_has_are_not_looked_at() -> None:
    with pytest.raises(AnswerError, match="more than 1,000 files"):
        read_log(io.BytesIO(packed(*[(str(number), b"") for number in range(1001)], wide=False)))


@pytest.mark.parametrize("data", [b"", b"no archive", packed((RETURN, DONE))[:60], packed((RETURN, DONE))[10:]])
def test_what_is_no_archive_is_an_error(data: bytes) -> None:
    with pytest.raises(AnswerError, match="is no ZIP archive, or a damaged one"):
        read_log(io.BytesIO(data))


def test_damaged_content_is_an_error() -> None:
    data = packed((RETURN, DONE * 10), wide=False)
    at = data.index(RETURN.encode()) + len(RETURN) + 3
    with pytest.raises(AnswerError):
        read_log(io.BytesIO(data[:at] + b"\xff\xff\xff" + data[at + 3 :]))


OTHERS = sorted(Path.home().glob(".pyenv/versions/3.1[1-9]*/bin/python3"))


@pytest.mark.no_cover
@pytest.mark.parametrize("python", OTHERS or [Path(sys.executable)], ids=lambda python: python.parts[-3])
def test_every_python_reads_the_same(python: Path, tmp_path: Path) -> None:
    """From 3.13 on the other name is what ``filename`` is. Our packages, of which lxml is compiled, need not be there:
    what the reader makes of the names is tried without the XML."""
    (tmp_path / "log.zip").write_bytes(packed((GENERAL_LOG, LOG), (RETURN, DONE)))
    script = (
        "import sys, types\n"
        "result = types.ModuleType('afas_soap.profit.imports.result')\n"
        "result.ImportResult = object\n"
        "result.result_from = lambda document, log: (document, log)\n"
        "sys.modules['afas_soap.profit.imports.result'] = result\n"
        "from afas_soap.profit.imports.logarchive import read_log\n"
        "print(ascii(read_log(open('log.zip', 'rb'))))\n"
    )
    done = subprocess.run(
        [python, "-W", "error", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == ascii((DONE, LOG.decode("cp1252").replace("\r\n", "\n"))), done.stderr
