"""An append-only log in one file: each line is flushed (fsync) before ``append`` returns, and one process has it.

What must survive a kill stands in one: the journal of a batch, the manifest of an export. A line that was not written
to its end, because of a kill, has no line end behind it. Nobody acted on such a line, so whoever opens the file may cut
it off.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from afas_soap import disk
from afas_soap.errors import SettingsError

# Binary, or Windows would write line ends of its own.
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


# Where an open file cannot be removed.
_ON_WINDOWS = os.name == "nt"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a log is called in messages: ``what`` it is, and why it cannot be used when another has it (``in_use``),
    when it is no file to keep something in (``not_plain``), or when it was ``closed``."""

    what: str
    in_use: str
    not_plain: str
    closed: str


class AppendLog:
    """The file at ``path``, made with the rights ``mode`` when it is not there; a context manager.

    Raises ``SettingsError`` in the words of ``wording`` when it cannot be opened, is no plain file, or is in use by
    another. Threads may share it.
    """

    def __init__(self, path: Path, wording: Wording, *, mode: int = disk.OWNER_ONLY) -> None:
        self.path = path
        self._wording = wording
        # Re-entrant: a signal may close the file in the middle of an append of the same thread.
        self._lock = threading.RLock()
        try:
            self._file: int | None = os.open(path, _FLAGS, mode)
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

    def cut_half_a_line(self) -> None:
        """Take a last line without its end away: a kill cut it short."""
        end = sum(len(line) for line in self.lines() if line.endswith(b"\n"))
        if end < self.size:
            self.cut(end)

    def append(self, line: bytes, *, or_nothing: bool = False) -> None:
        """Add a line, or several, each of which ends in a line end, and see them on the disk.

        Raises ``SettingsError`` when that failed (a full disk) or the file is closed. Then the line may stand there in
        part or wholly; with ``or_nothing`` it is taken back, as far as the system lets us. After a failure, or a signal
        in its middle, nothing more is added: it would stand behind half a line.
        """
        with self._lock:
            if not self._sound:
                raise SettingsError(f"cannot write {self._named}: a line before this one could not be.")
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

    def remove(self) -> None:
        """Take the file away and let go of it. Raises ``OSError``."""
        # Windows removes no open file; elsewhere nobody else may have it before it is gone.
        if _ON_WINDOWS:
            self.close()
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file: another may have it, and an ``append`` still to come is refused. Safe to call twice."""
        with self._lock:
            if self._file is not None:
                file, self._file = self._file, None
                os.close(file)

    def _open(self) -> int:
        if self._file is None:
            raise SettingsError(f"cannot write {self._named}: it was closed, for {self._wording.closed}.")
        return self._file

    def _check_plain(self, file: int) -> None:
        # A terminal, a pipe or /dev/null takes every line and remembers none.
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise SettingsError(f"{self._named} is no plain file: {self._wording.not_plain}.")

    def _claim(self, file: int) -> None:
        """Have the file for this run alone, until it is closed or the process ends."""
        try:
            disk.claim(file)
        except disk.InUseError:
            in_use = self._wording.in_use.format(path=self.path, folder=self.path.parent)
            raise SettingsError(f"another {in_use}.") from None
        except OSError as error:
            raise self._refused("lock", error) from None

    def _refused(self, what: str, error: OSError) -> SettingsError:
        return SettingsError(f"cannot {what} {self._named}: {disk.reason(error)}.")

    @property
    def _named(self) -> str:
        return f"{self._wording.what} {self.path}"
