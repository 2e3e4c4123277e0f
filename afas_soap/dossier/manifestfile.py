"""The manifest's file, an append-only log: a line is flushed (fsync) before it counts, and one export has the file.

A line that was not written to its end, because the export was killed meanwhile, has no line end behind it. What it
tells of is done again, so it is cut off when the file is opened.
"""

from __future__ import annotations

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
_ANYBODY = 0o666

ON_WINDOWS = os.name == "nt"
"""Where an open file cannot be removed."""


class ManifestFile:
    """The file at ``path``, made when it is not there, and locked until it is closed; a context manager.

    Raises ``SettingsError`` when it cannot be opened, or when another export has it. Threads may share it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # Re-entrant: a signal may close the file in the middle of an append of the same thread.
        self._turn = threading.RLock()
        try:
            self._file: int | None = os.open(path, _FLAGS, _ANYBODY)
        except OSError as error:
            problem = self._refused("open", error)
        else:
            self._sound = True
            self._begin()
            return
        raise problem

    def _begin(self) -> None:
        try:
            self._claim()
            self._cut_half_a_line()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def lines(self) -> Iterator[bytes]:
        """What stands in it, line by line."""
        with open(self._open(), "rb", closefd=False) as reader:
            reader.seek(0)
            yield from reader

    def append(self, lines: bytes) -> None:
        """Add whole lines, and see them on the disk.

        Raises ``SettingsError`` when that failed (a full disk) or the file is closed. After that nothing more is added:
        it would stand behind half a line.
        """
        with self._turn:
            if not self._sound:
                raise SettingsError(f"cannot write {self.path}: a line before this one could not be.")
            file = self._open()
            self._sound = False
            try:
                left = memoryview(lines)
                while left:
                    left = left[os.write(file, left) :]
                disk.flush(file)
            except OSError as error:
                problem = self._refused("write", error)
            else:
                self._sound = True
                return
        raise problem

    def remove(self) -> None:
        """Take the file away and let go of it. Raises ``OSError``."""
        # Where that can be, nobody else may have it before it is gone.
        if ON_WINDOWS:
            self.close()
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file. Safe to call twice."""
        with self._turn:
            if self._file is not None:
                file, self._file = self._file, None
                os.close(file)

    def _open(self) -> int:
        if self._file is None:
            raise SettingsError(f"cannot write {self.path}: it was closed, for the export has ended.")
        return self._file

    def _claim(self) -> None:
        file = self._open()
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise SettingsError(f"{self.path} is no plain file, and the manifest of an export must be one.")
        try:
            disk.claim(file)
        except disk.InUseError:
            problem = SettingsError(
                f"another export writes into {self.path.parent}: wait until it has ended, or name another target."
            )
        except OSError as error:
            problem = self._refused("lock", error)
        else:
            return
        raise problem

    def _cut_half_a_line(self) -> None:
        end = 0
        for line in self.lines():
            if line.endswith(b"\n"):
                end += len(line)
        file = self._open()
        if end < os.fstat(file).st_size:
            os.ftruncate(file, end)
            disk.flush(file)

    def _refused(self, what: str, error: OSError) -> SettingsError:
        return SettingsError(f"cannot {what} the manifest {self.path}: {disk.reason(error)}.")
