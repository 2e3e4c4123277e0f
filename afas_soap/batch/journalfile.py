"""The journal's file, an append-only log: each line is flushed (fsync) before ``append`` returns, and one run has it.

A line that was not written to its end, because the run was killed meanwhile, has no line end behind it. Nobody acted
on such a line, so it is cut off when the file is opened again.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from afas_soap import disk
from afas_soap.errors import SettingsError

# Binary, or Windows would write line ends of its own.
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class JournalFile:
    """The file at ``path``, made when it is not there, for its owner only; a context manager.

    Raises ``SettingsError`` when it cannot be opened, is no plain file, or is in use by another run. Threads may share
    it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Re-entrant: a signal may close the file in the middle of an append of the same thread.
        self._lock = threading.RLock()
        try:
            self._file: int | None = os.open(path, _FLAGS, disk.OWNER_ONLY)
        except OSError as error:
            raise self._refused("open", error) from None
        try:
            self._check_plain(self._file)
            self._claim(self._file)
            self._end = os.fstat(self._file).st_size
        except BaseException:
            self.close()
            raise
        self._sound = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        """How many bytes stand in it."""
        return self._end

    def same_as(self, other: int) -> bool:
        """Whether ``other``, an open file's number, is this very file under whatever name."""
        return os.path.samestat(os.fstat(self._open()), os.fstat(other))

    def head(self, size: int) -> bytes:
        """The first ``size`` bytes, or all of them where there are fewer."""
        with open(self._open(), "rb", closefd=False) as reader:
            reader.seek(0)
            try:
                return reader.read(size)
            except OSError as error:
                raise self._refused("read", error) from None

    def lines(self) -> Iterator[bytes]:
        """What stands in it, line by line with their ends; the last one may have none."""
        with open(self._open(), "rb", closefd=False) as reader:
            reader.seek(0)
            try:
                yield from reader
            except OSError as error:
                raise self._refused("read", error) from None

    def cut(self, size: int) -> None:
        """Keep the first ``size`` bytes. Raises ``SettingsError`` when the system refuses."""
        file = self._open()
        try:
            os.ftruncate(file, size)
            disk.flush(file)
        except OSError as error:
            raise self._refused("repair", error) from None
        self._end = size

    def append(self, line: bytes, *, or_nothing: bool = False) -> None:
        """Add a line, which ends in a line end, and see it on the disk.

        Raises ``SettingsError`` when that failed (a full disk) or the file is closed. Then the line may stand there in
        part or wholly; with ``or_nothing`` it is taken back, as far as the system lets us. After a failure, or a signal
        in its middle, nothing more is added: it would stand behind half a line.
        """
        with self._lock:
            if not self._sound:
                raise SettingsError(f"cannot write the journal {self.path}: a line before this one could not be.")
            file = self._open()
            self._sound = False
            try:
                left = memoryview(line)
                while left:
                    left = left[os.write(file, left) :]
                disk.flush(file)
            except OSError as error:
                if or_nothing:
                    with contextlib.suppress(OSError):
                        os.ftruncate(file, self._end)
                raise self._refused("write", error) from None
            if not self._end:
                # Where the system lets a folder be opened.
                with contextlib.suppress(OSError):
                    disk.flush_folder(self.path.parent)
            self._end += len(line)
            self._sound = True

    def close(self) -> None:
        """Let go of the file: another run may have it, and an ``append`` still to come is refused."""
        with self._lock:
            if self._file is not None:
                file, self._file = self._file, None
                os.close(file)

    def _open(self) -> int:
        if self._file is None:
            raise SettingsError(f"cannot write the journal {self.path}: it was closed, for the run has ended.")
        return self._file

    def _check_plain(self, file: int) -> None:
        # A terminal, a pipe or /dev/null takes every line and remembers none.
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise SettingsError(f"the journal {self.path} is no plain file: it must be there when a run goes on.")

    def _claim(self, file: int) -> None:
        """Have the file for this run alone, until it is closed or the process ends."""
        try:
            disk.claim(file)
        except disk.InUseError:
            raise SettingsError(
                f"another run uses the journal {self.path}: wait until it has ended; two at once would book twice."
            ) from None
        except OSError as error:
            raise self._refused("lock", error) from None

    def _refused(self, what: str, error: OSError) -> SettingsError:
        return SettingsError(f"cannot {what} the journal {self.path}: {disk.reason(error)}.")
