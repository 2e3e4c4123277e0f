"""The bytes of a saved answer, readable from the start more than once: standard input is kept on disk for that."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from afas_soap.errors import SettingsError
from afas_soap.profit.encoding import utf8_pieces

BLOCK = 64 * 1024


class SavedBytes:
    """A file, or a stream such as ``sys.stdin.buffer``; every ``chunks()`` begins at its start.

    A stream that cannot go back is written to a temporary file as it is read, until ``once()`` says that nobody will
    ask for it again. It comes as UTF-8 (see ``profit.encoding``), and without blanks in front. Raises ``SettingsError``
    when the system refuses to read.
    """

    def __init__(self, source: Path | BinaryIO) -> None:
        self._owned = isinstance(source, Path)
        with _told():
            self._stream: BinaryIO = source.open("rb") if isinstance(source, Path) else source
            self._start = self._stream.tell() if self._stream.seekable() else None
            # Closed by close(): it lives as long as this object.
            self._spool: BinaryIO | None = tempfile.TemporaryFile() if self._start is None else None  # noqa: SIM115
        self._keep = True

    def chunks(self) -> Iterator[bytes]:
        """All bytes from the start, in pieces."""
        yield from utf8_pieces(self._blocks())

    def once(self) -> None:
        """Nobody will call ``chunks`` again: what is read from here on is not kept."""
        self._keep = False

    def close(self) -> None:
        """Close the file, unless it was given open, and throw away what was kept."""
        if self._spool is not None:
            self._spool.close()
        if self._owned:
            self._stream.close()

    def _blocks(self) -> Iterator[bytes]:
        with _told():
            if self._start is not None:
                self._stream.seek(self._start)
            if self._spool is not None:
                self._spool.seek(0)
        # What was read before comes from the disk, what follows from the stream itself.
        while block := self._read(self._spool):
            yield block
        while block := self._read(self._stream):
            if self._spool is not None and self._keep:
                with _told():
                    self._spool.write(block)
            yield block

    def _read(self, stream: BinaryIO | None) -> bytes:
        if stream is None:
            return b""
        with _told():
            return stream.read(BLOCK)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        name = f" {error.filename}" if error.filename else ""
        raise SettingsError(f"cannot read the saved answer{name}: {error.strerror or type(error).__name__}.") from None
