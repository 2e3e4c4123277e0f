"""Bytes that can be read from the start again, wherever they come from."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, SettingsError
from afas_soap.export.savedbytes import BLOCK, SavedBytes

LARGE = bytes(range(33, 127)) * 3000


class Pipe(io.RawIOBase):
    """A stream that cannot go back, such as standard input from a pipe; says how much was taken from it."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)
        self.name = "pipe"

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readinto(self, buffer: bytearray) -> int:
        return self._data.readinto(buffer)

    @property
    def taken(self) -> int:
        """How many bytes were read from it."""
        return self._data.tell()


def test_a_file_is_read_twice(tmp_path: Path) -> None:
    """A path is opened, and closed again."""
    path = tmp_path / "saved"
    path.write_bytes(LARGE)
    saved = SavedBytes(path)
    assert b"".join(saved.chunks()) == LARGE
    assert b"".join(saved.chunks()) == LARGE
    saved.close()
    saved.close()


def test_an_open_file_is_read_from_where_it_stands() -> None:
    """And left open: it is not ours."""
    stream = io.BytesIO(b"before" + LARGE)
    stream.seek(6)
    saved = SavedBytes(stream)
    assert b"".join(saved.chunks()) == LARGE
    assert b"".join(saved.chunks()) == LARGE
    saved.close()
    assert not stream.closed


def test_a_pipe_is_kept_as_far_as_it_was_read() -> None:
    """A second reading begins on disk and goes on with the pipe, wherever the first one stopped."""
    pipe = Pipe(LARGE)
    saved = SavedBytes(pipe)
    assert next(saved.chunks()) == LARGE[:BLOCK]
    assert pipe.taken == BLOCK
    assert b"".join(saved.chunks()) == LARGE
    assert b"".join(saved.chunks()) == LARGE
    saved.close()


def test_what_nobody_asks_for_again_is_not_kept() -> None:
    """What was kept is still given, what follows passes through."""
    pipe = Pipe(LARGE)
    saved = SavedBytes(pipe)
    next(saved.chunks())
    saved.once()
    assert b"".join(saved.chunks()) == LARGE
    assert b"".join(saved.chunks()) == LARGE[:BLOCK]
    saved.close()


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf \r\n\t<a>\xc3\xa9</a>\n",
        "\ufeff<a>é</a>\n".encode("utf-16-le"),
        "\ufeff<a>é</a>\n".encode("utf-16-be"),
        "\ufeff <?xml version='1.0' encoding='utf-16'?>\r\n<a>é</a>\n".encode("utf-16-le"),
    ],
)
def test_marks_and_encodings(data: bytes) -> None:
    """UTF-8 without a mark comes out; a declaration of the old encoding would contradict that."""
    assert b"".join(SavedBytes(io.BytesIO(data)).chunks()) == b"<a>\xc3\xa9</a>\n"


def test_large_utf16() -> None:
    """A sign may be cut in two by a block."""
    text = "x" + "𝄞" * 50_000
    data = b"\xff\xfe" + text.encode("utf-16-le")
    assert b"".join(SavedBytes(io.BytesIO(data)).chunks()).decode() == text


@pytest.mark.parametrize("data", ["\ufeffab".encode("utf-16-le")[:-1], b"\xff\xfe\x00\xdc\x00\x00"])
def test_broken_utf16(data: bytes) -> None:
    """Cut in the middle of a sign, or half a pair."""
    with pytest.raises(AnswerError, match="no UTF-16"):
        list(SavedBytes(io.BytesIO(data)).chunks())


@pytest.mark.parametrize("data", [b"", b" \n\t\r", b"\xef\xbb\xbf\n"])
def test_nothing(data: bytes) -> None:
    """Blanks are nothing."""
    assert b"".join(SavedBytes(io.BytesIO(data)).chunks()) == b""


def test_no_such_file(tmp_path: Path) -> None:
    """The name, and the system's reason."""
    with pytest.raises(SettingsError, match=r"cannot read the saved answer .*nowhere: No such file"):
        SavedBytes(tmp_path / "nowhere")


def test_a_stream_that_breaks() -> None:
    """The system's reason in a sentence."""

    class Broken(Pipe):
        def readinto(self, buffer: bytearray) -> int:
            raise OSError(5, "Input/output error")

    saved = SavedBytes(Broken(b""))
    with contextlib.closing(saved), pytest.raises(SettingsError, match="the saved answer: Input/output error"):
        list(saved.chunks())
