"""Atomic replace, file locks and flushes (fsync): the one module that does any of them.

A file is replaced by a new one that is written beside it, in the same folder and so on the same disk, and then renamed
over it. That rename is atomic, on POSIX and on Windows: whoever reads sees the old file or the new one, and a kill at
any point leaves one of the two whole. What a kill may leave is the file beside it. It is flushed first, or the rename
could outlive a power cut that its bytes do not; that the rename itself is on the disk takes a flush of the folder.

Locks are advisory, of one thread of one process at a time, and the system takes them back when the process ends.

What the system refuses is an ``OSError`` here, and a lock that somebody else has ``InUseError``: what it is that cannot
be written, and what to do about it, is known where it is written.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from afas_soap.errors import AfasError, SettingsError

if TYPE_CHECKING:
    import filelock

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR
"""The rights of a file that holds a secret. Windows keeps no such bits."""

_AS_ANY = 0o666
# Windows renames a file over none, and the others over anything: there a second name does it, for a moment.
_RENAMES = os.name == "nt"
# What file systems without hard links say.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
# New, so that no link and no file of others' rights stands there; binary, or Windows would write line ends of its own.
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
# Windows keeps others from reading what is locked, so what is locked lies far behind the end of any file, at the last
# place that its C library reaches.
_LOCKED_BYTE = 2**31 - 2


class InUseError(Exception):
    """Somebody else has the lock."""


@contextlib.contextmanager
def replacing(
    target: Path, *, mode: int | None = OWNER_ONLY, flushed: bool = True, beside: Path | None = None
) -> Iterator[BinaryIO]:
    """A stream whose bytes become ``target`` when the block ends. Whatever stops it before, ``target`` stays what it
    was, and nothing lies beside it.

    ``mode`` None is the rights of the file that is replaced, or those that any program gives a new one. ``flushed``
    False is for what may be lost in a power cut. ``beside`` is a name for the new file that the next one takes as well,
    so that a kill leaves one file at most: for who holds a lock. Else it is a short name of its own, for a long one of
    the target's could not be made longer. Raises ``OSError``.
    """
    if beside is None:
        beside = target.with_name(_short_name())
    else:
        # What a kill left may be readable for others, or lead elsewhere.
        beside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(beside, _NEW, _AS_ANY if mode is None else mode), "wb") as stream:
            yield stream
            if flushed:
                stream.flush()
                flush(stream.fileno())
        if mode is None and target.exists():
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


@dataclass(slots=True)
class Draft:
    """A new file that has no name of its own yet: ``stream`` takes its bytes, and ``publish`` gives it a name."""

    stream: BinaryIO
    _path: Path

    def publish(self, names: Iterable[str]) -> Path:
        """See the bytes on the disk and give the file the first of ``names`` that is free in its folder: whoever takes
        a name at the same moment gets another. Its path. Raises ``OSError``, ``FileExistsError`` when none is free."""
        self.stream.flush()
        flush(self.stream.fileno())
        # Windows renames no file that is open.
        self.stream.close()
        for name in names:
            target = self._path.with_name(name)
            if _taken_by(self._path, target):
                flush_folder(target.parent)
                return target
        raise FileExistsError(errno.EEXIST, "every name is taken", str(self._path.parent))


@contextlib.contextmanager
def drafting(folder: Path, *, mode: int | None = None) -> Iterator[Draft]:
    """A draft in ``folder``; ``mode`` None is the rights that any program gives a new file. Unless it is published
    within, nothing of it stays. Raises ``OSError``."""
    path = folder / _short_name()
    try:
        with os.fdopen(os.open(path, _NEW, _AS_ANY if mode is None else mode), "wb") as stream:
            yield Draft(stream, path)
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


@contextlib.contextmanager
def creating(target: Path, *, beside: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the new file ``target`` when the block ends; what has that name by then stays.
    ``beside``, on the same disk, is what ``replacing`` has: a kill leaves it, or makes it a second name of ``target``.
    Raises ``OSError``, ``FileExistsError`` when the name is taken."""
    beside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(beside, _NEW, _AS_ANY), "wb") as stream:
            yield stream
            stream.flush()
            flush(stream.fileno())
        if not _taken_by(beside, target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def _taken_by(source: Path, target: Path) -> bool:
    """Give a finished file another name, if that is free."""
    try:
        if _RENAMES:
            source.rename(target)
        else:
            os.link(source, target)
    except FileExistsError:
        return False
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
    else:
        return True
    return _claimed(source, target)


def _claimed(source: Path, target: Path) -> bool:
    """The same on a file system without hard links, such as FAT: an empty file keeps the name until the rename."""
    try:
        os.close(os.open(target, _NEW, _AS_ANY))
    except FileExistsError:
        return False
    source.replace(target)
    return True


def _short_name() -> str:
    return f".afas-{os.urandom(8).hex()}.part"


def flush(file: int) -> None:
    """See the bytes of an open file on the disk. Raises ``OSError``."""
    os.fsync(file)


def flush_folder(folder: Path) -> None:
    """See the names in a folder on the disk: of a new file, or a renamed one. Windows has no such call. Raises
    ``OSError``, also where a folder cannot be opened for it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)


def begin(path: Path) -> FileIO:
    """A new file for its owner only, unbuffered, in place of what a kill left under its name. Raises ``OSError``."""
    # What lies there may be readable for others, or lead elsewhere.
    path.unlink(missing_ok=True)
    return FileIO(os.open(path, _NEW, OWNER_ONLY), "wb")


def rename(source: Path, target: Path) -> None:
    """Give a file that was flushed another name in its folder, in place of what has it, and see that on the disk.
    Raises ``OSError``."""
    source.replace(target)
    flush_folder(target.parent)


def rename_to_free(source: Path, names: Iterable[str]) -> Path:
    """Give a file the first of ``names`` that is free in its folder, and see that on the disk: nothing is replaced. Its
    path. Raises ``OSError``, ``FileExistsError`` when none is free."""
    for name in names:
        target = source.with_name(name)
        if _taken_by(source, target):
            source.unlink(missing_ok=True)
            flush_folder(target.parent)
            return target
    raise FileExistsError(errno.EEXIST, "every name is taken", str(source.parent))


def make_folder(folder: Path) -> None:
    """Make a folder for its owner only, and those above it, where they are not there. Raises ``OSError``."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)


def behind_links(path: Path) -> Path:
    """The file itself, to replace or lock: a link stays a link, and whatever links lead to a file it is one file."""
    return Path(os.path.realpath(path))


def target_of(given: str | Path) -> Path:
    """Where something is to be written. ``Path`` drops a slash at the end, and takes "" for the working folder.

    Raises ``SettingsError`` for no name at all, and for that of a folder, by its slash, which is none.
    """
    text = os.fspath(given)
    if not text:
        raise SettingsError("cannot write to a file without a name.")
    target = Path(given)
    if text.endswith(("/", os.sep)) and not target.is_dir():
        raise SettingsError(f"cannot write {text}: there is no such folder; make it first.")
    return target


def check_writable(target: Path, name: object) -> None:
    """Raise ``SettingsError`` for a file that may only be read: a rename asks its folder alone. ``name`` is what its
    user calls it."""
    if target.exists() and not os.access(target, os.W_OK):
        raise SettingsError(f"cannot write {name}: it may only be read.")


def unwritten(name: object, problem: Exception) -> SettingsError:
    """The system's refusal to write as a sentence."""
    return SettingsError(f"cannot write {name}: {reason(problem)}.")


def reason(problem: Exception) -> str:
    """The system's words for an error of its own, or the kind of error where it has none."""
    return getattr(problem, "strerror", None) or type(problem).__name__


class Lock:
    """The lock of ``path``: a file of that name with ``.lock`` behind it, which stays. ``mode`` None is the rights that
    any program gives a new file.

    Several threads may hold it one after another, and another one than took it may release it.
    """

    def __init__(self, path: Path, *, patience: float = 0.0, mode: int | None = OWNER_ONLY) -> None:
        self._path = f"{path}.lock"
        self._patience = patience
        self._mode = mode
        self._held: filelock.BaseFileLock | None = None

    def acquire(self) -> None:
        """Take it. Raises ``InUseError`` after ``patience`` seconds, ``OSError`` where the file cannot be made, and
        ``NotImplementedError`` on a file system without locks."""
        # Loaded where something is locked: most of what replaces a file locks none.
        import filelock

        if self._mode is None:
            lock = filelock.FileLock(self._path, timeout=self._patience, thread_local=False)
        else:
            lock = filelock.FileLock(self._path, timeout=self._patience, thread_local=False, mode=self._mode)
        try:
            lock.acquire()
        except filelock.Timeout:
            pass
        else:
            self._held = lock
            return
        # Of a folder that takes no file, as /proc, filelock says the same as of a lock that another has.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, _AS_ANY if self._mode is None else self._mode))
        raise InUseError

    def release(self) -> None:
        """Let go of it. Safe to call twice, and for one that was never taken."""
        held, self._held = self._held, None
        if held is not None:
            held.release()


@contextlib.contextmanager
def locked(
    path: Path, *, patience: float, taken: AfasError, refused: Callable[[Exception], AfasError]
) -> Iterator[None]:
    """Nobody else has the lock of ``path`` within. Makes its folder, and the lock is for its owner only.

    Raises ``taken`` when another has it for longer than ``patience`` seconds, and what ``refused`` makes of an error of
    the system's.
    """
    lock = Lock(path, patience=patience)
    try:
        make_folder(path.parent)
        lock.acquire()
    except InUseError:
        failure = taken
    except (OSError, NotImplementedError) as problem:
        failure = refused(problem)
    else:
        try:
            yield
        finally:
            lock.release()
        return
    raise failure


def claim(file: int) -> None:
    """Have an open file for oneself, until it is closed or the process ends.

    Raises ``InUseError``, and ``OSError`` on a file system without locks.
    """
    try:
        if sys.platform == "win32":
            os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        pass
    else:
        return
    raise InUseError
