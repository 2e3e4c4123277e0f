"""The archive that is sent, taken apart again by the standard library (special-connectors 5.2)."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from afas_soap.errors import QueryError
from afas_soap.profit.imports.archive import METADATA, check_names, metadata, write_archive

META = (
    b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'
    b"<InputFile_Name>ImportDossier.csv</InputFile_Name>"
)


def written(*files: tuple[str, bytes]) -> zipfile.ZipFile:
    target = io.BytesIO()
    size = write_archive(target, [(name, io.BytesIO(data)) for name, data in files])
    assert size == len(target.getvalue())
    return zipfile.ZipFile(target)


def test_it_is_as_the_sample_of_afas() -> None:
    with written(("ImportDossier.csv", b"a;b\r\n")) as archive:
        assert [entry.orig_filename for entry in archive.infolist()] == ["ImportDossier.csv", "@#$MetaInfo.xml"]
        assert all(entry.compress_type == zipfile.ZIP_DEFLATED for entry in archive.infolist())
        assert all(not entry.flag_bits & 0x800 for entry in archive.infolist()), "no language flag"
        assert archive.comment == b"Commandline temp"
        assert archive.read("ImportDossier.csv") == b"a;b\r\n"
        assert archive.read(METADATA) == META


def test_files_beside_it_go_along() -> None:
    with written(("a.csv", b"1"), ("foto é.jpg", b"\xff\xd8")) as archive:
        assert archive.namelist() == ["a.csv", "foto é.jpg", METADATA]
        assert archive.read("foto é.jpg") == b"\xff\xd8"


def test_a_name_is_escaped_in_the_metadata() -> None:
    assert b"<InputFile_Name>a &amp; b.csv</InputFile_Name>" in metadata("a & b.csv")


def test_the_same_files_give_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        write_archive(target, [("a.csv", io.BytesIO(b"1"))])
    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.csv", "a\\b.csv", "a\0b.csv"])
def test_a_name_with_a_folder_is_refused(name: str) -> None:
    with pytest.raises(QueryError, match="is no name of a file without a folder"):
        check_names([name])


def test_two_files_of_one_name_are_refused_whatever_their_case() -> None:
    with pytest.raises(QueryError, match=r"with: two files are called 'FOTO.jpg'"):
        check_names(["a.csv", "foto.jpg", "FOTO.jpg"])


def test_a_file_that_is_called_as_the_metadata_is_refused() -> None:
    with pytest.raises(QueryError, match="rename the file"):
        check_names(["a.csv", METADATA])


def test_one_that_grows_too_large_is_refused_while_it_is_written() -> None:
    noise = random.Random(1).randbytes(300_000)
    read: list[int] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            read.append(1)
            return super().read(size)

    with pytest.raises(QueryError, match="over 0 MB"):
        write_archive(io.BytesIO(), [("a.csv", Watched(noise))], largest=50)
    assert len(read) < 4
