"""A file is complete or it is not there."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, CutOff, SettingsError
from afas_soap.export.target import write_file, write_stream


def cut_off() -> Iterator[str]:
    """Some rows, then an error."""
    yield "first\n"
    raise CutOff("the answer ends before its end")


def left(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file(tmp_path: Path) -> None:
    """UTF-8 without a mark, line ends as they are, and nothing else in the folder."""
    write_file(tmp_path / "rows.csv", ["é\n", "b\r\n"])
    assert (tmp_path / "rows.csv").read_bytes() == b"\xc3\xa9\nb\r\n"
    assert left(tmp_path) == ["rows.csv"]


def test_the_old_file_stays_until_the_end(tmp_path: Path) -> None:
    """Whoever reads it meanwhile reads the old rows."""
    path = tmp_path / "rows.csv"
    path.write_text("old")

    def pieces() -> Iterator[str]:
        yield "new"
        assert path.read_text() == "old"

    write_file(path, pieces())
    assert path.read_text() == "new"


def test_it_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    tmp_path: Path, on_disk: list[tuple[str, object]]
) -> None:
    """Else a power cut leaves a file that looks complete and is empty."""
    write_file(tmp_path / "rows.csv", ["a\n"] * 5)
    assert on_disk == [("flushed", 10), ("renamed", "rows.csv")]


@pytest.mark.parametrize("error", [CutOff("cut"), KeyboardInterrupt(), ValueError()])
def test_an_error_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    """Neither a half file nor the file beside it; what was there stays."""
    path = tmp_path / "rows.csv"

    def pieces() -> Iterator[str]:
        yield "first\n" * 10_000
        raise error

    with pytest.raises(type(error)):
        write_file(path, pieces())
    assert left(tmp_path) == []
    path.write_text("old")
    with pytest.raises(type(error)):
        write_file(path, pieces())
    assert path.read_text() == "old"
    assert left(tmp_path) == ["rows.csv"]


def test_no_such_folder(tmp_path: Path) -> None:
    """The path as it was given, and the system's reason."""
    with pytest.raises(SettingsError, match=r"cannot write .*nowhere.*rows.csv: "):
        write_file(tmp_path / "nowhere" / "rows.csv", ["x"])


def test_a_folder(tmp_path: Path) -> None:
    """A folder is never replaced by a file."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError, match="cannot write"):
        write_file(tmp_path / "folder", ["x"])
    assert left(tmp_path) == ["folder"]


def test_half_a_surrogate_pair(tmp_path: Path) -> None:
    """JSON can carry what is no character; UTF-8 cannot."""
    with pytest.raises(AnswerError, match="surrogate"):
        write_file(tmp_path / "rows.csv", ["a", "\ud800"])
    assert left(tmp_path) == []


def test_a_long_name(tmp_path: Path) -> None:
    """The file beside it has a short name of its own."""
    name = "x" * 250
    write_file(tmp_path / name, ["a"])
    assert left(tmp_path) == [name]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permission bits")
def test_permissions(tmp_path: Path) -> None:
    """A new file is made as any program makes one; a replaced file keeps its bits."""
    (tmp_path / "usual").write_text("")
    write_file(tmp_path / "rows.csv", ["a"])
    assert (tmp_path / "rows.csv").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "rows.csv").chmod(0o640)
    write_file(tmp_path / "rows.csv", ["b"])
    assert (tmp_path / "rows.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it points at is replaced."""
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_file(tmp_path / "link", ["new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="no /dev/null here")
def test_what_is_no_plain_file_is_not_replaced() -> None:
    """-o /dev/null, by whomever."""
    write_file(Path("/dev/null"), ["x"])
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
def test_a_full_device() -> None:
    """The system's refusal comes as a sentence."""
    with pytest.raises(SettingsError, match=r"cannot write /dev/full: No space left"):
        write_file(Path("/dev/full"), ["x" * 100_000])


def test_a_full_disk(tmp_path: Path) -> None:
    """A million rows into a full disk: a sentence, and nothing that looks complete."""
    pytest.importorskip("resource", reason="no limits on file sizes here")
    program = textwrap.dedent(
        """
        import resource, signal, sys
        from pathlib import Path
        from afas_soap.errors import SettingsError
        from afas_soap.export.target import write_file
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
        try:
            write_file(Path(sys.argv[1]), ("a row of rows\\n" for _ in range(1_000_000)))
        except SettingsError as error:
            print(error.message)
        """
    )
    path = tmp_path / "rows.csv"
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith(f"cannot write {path}: ")
    assert left(tmp_path) == []


def test_a_stream() -> None:
    """UTF-8 and plain line ends, whatever the platform would make of text."""
    stream = io.BytesIO()
    write_stream(stream, ["é\n", "b\n"])
    assert stream.getvalue() == b"\xc3\xa9\nb\n"


def test_a_closed_pipe_passes_through() -> None:
    """``afas get ... | head`` ends quietly, so whoever ends must see it."""
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(BrokenPipeError), os.fdopen(write, "wb") as stream:
        write_stream(stream, ["x" * 100_000])


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
def test_a_full_stream() -> None:
    """Redirected to a full disk: a sentence."""
    with (
        Path("/dev/full").open("wb", buffering=0) as stream,
        pytest.raises(SettingsError, match="cannot write the output"),
    ):
        write_stream(stream, ["x"])


def test_errors_of_the_rows_pass_through_a_stream() -> None:
    """The error is that of the answer, not of the output."""
    with pytest.raises(CutOff):
        write_stream(io.BytesIO(), cut_off())
