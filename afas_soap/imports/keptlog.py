"""The raw log on disk, flushed before anything parses it (write-ahead): Profit gives it once.

While an answer comes it lies under a name of its own, ``ID.part``; one that holds a log is then renamed to ``ID.xml``.
So what a kill leaves tells how far it was: ``ID.xml`` is a whole answer, which is read again as often as one likes, and
an ``ID.part`` with the beginning of a result is a log that was cut, which Profit gives to nobody again. That one
becomes ``ID.cut``, or ``ID.cut-2`` and so on: no answer that began a result is ever replaced or removed.
"""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path

from afas_soap import disk
from afas_soap.errors import AfasError, SettingsError
from afas_soap.profit.documents.xmlcontent import soap_content
from afas_soap.profit.encoding import as_utf8, encoding_of
from afas_soap.profit.imports.logarchive import read_log
from afas_soap.profit.imports.result import ImportResult
from afas_soap.profit.readers.envelope import Envelope

_PIECE = 256 * 1024
# The first sign of a result; one that ends in its own tag has none.
_RESULT = re.compile(r"<(?:[\w.-]+:)?GetStateResult(?:\s[^>]*)?(?<!/)>(?:[^<]|<!)")


class KeptLog:
    """The log of one import in ``folder``. Raises ``SettingsError`` when it cannot be written.

    ``lock`` is for who asks: two that ask would take the log from each other.
    """

    def __init__(self, folder: Path, command_id: str) -> None:
        self.path = folder / f"{command_id}.xml"
        self._part = folder / f"{command_id}.part"
        self._lock = disk.Lock(folder / command_id)
        self._command_id = command_id
        self._file: io.FileIO | None = None

    def lock(self) -> None:
        """Have it for oneself. ``SettingsError`` when somebody else asks for this log."""
        try:
            disk.make_folder(self.path.parent)
            self._lock.acquire()
        except disk.InUseError:
            failure = SettingsError(
                f"Another process waits for the log of import {self._command_id}, which comes once: leave it to that."
            )
        except (OSError, NotImplementedError) as problem:
            failure = self._refused(problem)
        else:
            return
        raise failure

    def unlock(self) -> None:
        """Let go of it. Safe to call twice."""
        self._close()
        self._lock.release()

    @property
    def cut(self) -> tuple[Path, ...]:
        """What is kept of logs that were cut."""
        return tuple(sorted(self.path.parent.glob(f"{self._command_id}.cut*")))

    def recover(self) -> Path | None:
        """See to what came of an answer that broke off or cannot be read, here or in a run that was ended. The file in
        which it is kept when it is a log that was cut: then it is lost. One that came to its end is ``path``."""
        self.settle()
        try:
            data = self._part.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            failure = self._refused(problem)
        else:
            return self._recovered(data)
        raise failure

    def _recovered(self, data: bytes) -> Path | None:
        try:
            archive = b"".join(soap_content([data], "GetState"))
        except AfasError:
            # Up to the tag that opens the result nothing tells whether there was a log behind it.
            if not _begins_result(data):
                return None
            if not _is_whole(data):
                return self._set_aside()
            archive = data
        self.is_whole() if archive else self.is_nothing()
        return None

    def _set_aside(self) -> Path:
        """Keep what came for good."""
        more = (f"{self._command_id}.cut-{number}" for number in itertools.count(2))
        try:
            return disk.rename_to_free(self._part, itertools.chain([f"{self._command_id}.cut"], more))
        except OSError as problem:
            failure = self._refused(problem)
        raise failure

    def result(self) -> ImportResult | None:
        """The result, out of the log that is here; None while there is none. Raises ``AnswerError`` for a log that
        cannot be read."""
        if not self.path.exists():
            return None
        try:
            with self.path.open("rb") as file:
                pieces = iter(lambda: file.read(_PIECE), b"")
                archive = b"".join(soap_content(pieces, "GetState"))
        except OSError as problem:
            failure = self._refused(problem)
        else:
            return read_log(io.BytesIO(archive))
        raise failure

    # --- an answer as it comes: see ``profit.connectors.capabilities.Kept`` ---

    def write(self, data: bytes) -> None:
        """Keep a piece."""
        if self._file is None:
            # What lies there may be a log, and is not written over.
            self.recover()
        try:
            if self._file is None:
                self._file = disk.begin(self._part)
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) :]
        except OSError as problem:
            failure = self._refused(problem)
        else:
            return
        raise failure

    def settle(self) -> None:
        """See it on the disk."""
        try:
            if self._file is not None:
                disk.flush(self._file.fileno())
        except OSError as problem:
            failure = self._refused(problem)
        else:
            self._close()
            return
        raise failure

    def is_whole(self) -> None:
        """What came is a log: it gets its name."""
        if self.path.exists():
            self._set_aside()
            return
        try:
            disk.rename(self._part, self.path)
        except OSError as problem:
            failure = self._refused(problem)
        else:
            return
        raise failure

    def is_nothing(self) -> None:
        """What came holds no log: it goes."""
        self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _refused(self, problem: Exception) -> SettingsError:
        return SettingsError(f"The log of import {self._command_id} cannot be kept ({disk.reason(problem)}).")


def _begins_result(data: bytes) -> bool:
    return bool(_RESULT.search(data.decode(encoding_of(data) or "utf-8", "replace")))


def _is_whole(data: bytes) -> bool:
    """Whether the answer came to its end, whatever stands in its result."""
    envelope = Envelope()
    try:
        envelope.feed(as_utf8(data))
        envelope.finish()
    except AfasError:
        return False
    return True
