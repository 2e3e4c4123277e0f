"""Text into a file or a stream: UTF-8 without mark, ``\\n`` as it is, and no file that looks complete and is not."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from afas_soap.errors import AnswerError, SettingsError


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
    # A link stays a link: what it points at is replaced.
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise SettingsError(f"cannot write {path}: it may only be read.")
    # A short name of its own, so that a long name of the target does not become too long.
    beside = target.with_name(f".afas-{secrets.token_hex(8)}.part")
    try:
        with _told(path), beside.open("xb") as stream:
            _write(stream, pieces, path)
            stream.flush()
            os.fsync(stream.fileno())
        with _told(path):
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


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
            raise AnswerError(
                f"cannot write {name}: a text holds half of a surrogate pair, which is no character."
            ) from None


@contextlib.contextmanager
def _told(name: object) -> Iterator[None]:
    """The system's refusal in a sentence; whoever makes the pieces raises errors of ours."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise SettingsError(f"cannot write {name}: {error.strerror or type(error).__name__}.") from None
