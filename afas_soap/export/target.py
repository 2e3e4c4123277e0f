"""Text into a file (by atomic replace) or a stream: UTF-8 without mark, ``\\n`` as it is, complete or not there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from afas_soap import disk
from afas_soap.errors import AnswerError


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Write the pieces beside ``path``, flush them to the disk, and rename: before that ``path`` stays what it was.

    Whatever stops it, the file beside it is removed. Raises ``SettingsError`` when the system refuses to write (a full
    disk, no rights). What is no plain file (``/dev/null``, a named pipe) is written as it is.
    """
    # By the path as it was given: where /dev/stdout leads to, when that is a pipe, has no name.
    if path.exists() and not path.is_file():
        with _told(path), path.open("wb") as stream:
            _write(stream, pieces, path)
        return
    target = disk.behind_links(path)
    disk.check_writable(target, path)
    with _told(path), disk.replacing(target, mode=None) as stream:
        _write(stream, pieces, path)


def write_stream(stream: BinaryIO, pieces: Iterable[str]) -> None:
    """Write the pieces to an open stream, such as ``sys.stdout.buffer``, and flush it; a closed pipe passes through."""
    with _told("the output"):
        _write(stream, pieces, "the output")
        stream.flush()


def _write(stream: BinaryIO, pieces: Iterable[str], name: object) -> None:
    # No context manager here: this is once per row.
    for piece in pieces:
        try:
            stream.write(piece.encode())
        except UnicodeEncodeError:
            break
    else:
        return
    raise AnswerError(f"cannot write {name}: a text holds half of a surrogate pair, which is no character.")


@contextlib.contextmanager
def _told(name: object) -> Iterator[None]:
    """The system's refusal in a sentence; whoever makes the pieces raises errors of ours."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise disk.unwritten(name, problem) from None
