"""Downloads, a few at once: each file written beside its place, hashed (SHA-256), renamed, and told to the manifest."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from afas_soap import disk
from afas_soap.crew import Crew
from afas_soap.dossier.asking import Client
from afas_soap.dossier.manifest import Entry, Manifest, State
from afas_soap.dossier.progress import Progress
from afas_soap.dossier.target import PARTS, Place
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    CutOff,
    NotFound,
    ProfitError,
    QueryError,
    TransportError,
)

EMPTY = "Profit gave it without a byte"
"""Why a file that is whole is told nevertheless."""

# A file whose answer broke off is asked for anew, which a large one may need; a connection that never stood was tried
# often enough by who makes calls.
_ATTEMPTS = 3
# What ends one answer, and may be due to that file alone or to the way to all of them.
_BREAKS = (Busy, CutOff, TransportError)
# So many files in a row that end in the same one: then it is the way, unless one that came before comes again.
_IN_A_ROW = 3
_STOPPED = (
    f"the {_IN_A_ROW - 1} files before it ended so as well, and no more are asked for: the next run goes on with the "
    "others, and tries these at its end."
)


class _Stop(Exception):  # noqa: N818 - no error: somebody else's is raised
    """Another file's failure, or a signal, ends this one."""


class Fetching:
    """One pass over what is to be fetched into ``place``; ``count`` files and ``size`` bytes came.

    ``probe`` makes a call that is allowed as long as any is: it tells a file that is denied from a token that is.
    """

    def __init__(
        self,
        client: Client,
        manifest: Manifest,
        place: Place,
        *,
        probe: Callable[[], object],
        progress: Callable[[Progress], None],
    ) -> None:
        self._client = client
        self._probe = probe
        self._manifest = manifest
        self._place = place
        self._progress = progress
        self._told = threading.Lock()
        self._folders: set[Path] = set()
        self._row = _Row()
        self.errors: list[AfasError] = []
        self.count = 0
        self.size = 0

    def run(self, entries: Sequence[Entry], parallel: int) -> None:
        """Fetch them, ``parallel`` at once. What ends one file alone stands in ``errors``; raises what the others would
        meet as well, and ``SettingsError`` when something cannot be written."""
        began, crew = time.monotonic(), Crew(parallel)
        with _parts(self._place) as parts:

            def work(number: int, entry: Entry) -> None:
                with contextlib.suppress(_Stop):
                    self._tell(self._ended(entry, parts / str(number), crew), len(entries), time.monotonic() - began)

            crew.run(entries, work)
        self._flush_folders()

    def _ended(self, entry: Entry, part: Path, crew: Crew) -> Entry:
        """The file with what became of it."""
        try:
            fetched = self._fetched(entry, part, crew)
        except QueryError as problem:
            # Nobody typed it: the id of a file is what a row has there.
            error: AfasError = problem.retold(AnswerError, problem.message)
        except (ProfitError, AnswerError, TransportError) as problem:
            error = problem
        else:
            self._row.add(None)
            return fetched
        return self._failed(entry, error)

    def _failed(self, entry: Entry, error: AfasError) -> Entry:
        """The file as one that did not come. Raises what the others would meet as well."""
        if isinstance(error, (AccessDenied, *_BREAKS)):
            self._probe()
        failed = entry.ended(State.MISSING if isinstance(error, NotFound) else State.FAILED, reason=error.message)
        # One that failed in an earlier run as well says nothing about the way.
        if entry.state is not State.FAILED and self._row.add(error) >= _IN_A_ROW and not self._comes_again():
            self._manifest.write([failed])
            raise error.retold(type(error), f"{_named(entry)}: {error.message.rstrip('.')}; {_STOPPED}")
        self.errors.append(error)
        return failed

    def _comes_again(self) -> bool:
        """Whether the smallest file that came whole does so now: then it is the files that are wrong."""
        whole = (entry for entry in self._manifest.whole() if entry.length)
        known = min(whole, key=lambda entry: entry.length or 0, default=None)
        if known is None:
            return False
        try:
            with self._client.attachment(known.attachment.subject, known.attachment) as chunks:
                comes = sum(map(len, chunks)) > 0
        except (ProfitError, AnswerError, TransportError):
            return False
        if comes:
            self._row.add(None)
        return comes

    def _fetched(self, entry: Entry, part: Path, crew: Crew) -> Entry:
        for attempt in range(1, _ATTEMPTS + 1):
            came = _Counted()
            try:
                return self._saved(entry, part, came, crew)
            except (CutOff, TransportError) as error:
                if attempt == _ATTEMPTS or (isinstance(error, TransportError) and not came.size):
                    raise
        raise AssertionError("the last attempt raises or returns")

    def _saved(self, entry: Entry, part: Path, came: _Counted, crew: Crew) -> Entry:
        target = self._place.own(entry.path[:-1]) / entry.path[-1]
        try:
            self._make_folder(target.parent)
            with (
                self._client.attachment(entry.attachment.subject, entry.attachment) as chunks,
                disk.replacing(target, mode=None, beside=part) as stream,
            ):
                for chunk in chunks:
                    if crew.ended:
                        raise _Stop
                    came.add(chunk)
                    stream.write(chunk)
        except OSError as problem:
            failure = disk.unwritten(target, problem)
        else:
            reason = "" if came.size else EMPTY
            return entry.ended(State.WHOLE, length=came.size, sha256=came.digest.hexdigest(), reason=reason)
        raise failure

    def _flush_folders(self) -> None:
        """Once for all, where the system lets a folder be opened: a name that a power cut took is missed by the next
        run, which fetches the file again."""
        for folder in self._folders:
            with contextlib.suppress(OSError):
                disk.flush_folder(folder)

    def _make_folder(self, folder: Path) -> None:
        if folder not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.update((folder, folder.parent))

    def _tell(self, entry: Entry, total: int, seconds: float) -> None:
        self._manifest.write([entry])
        with self._told:
            self.count += 1
            self.size += entry.length or 0
            left = seconds / self.count * (total - self.count)
            self._progress(Progress("fetching", self.count, total, self.size, left))


class _Row:
    """How many files in a row ended in the same break, in the order in which they ended."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._kind: type[AfasError] | None = None
        self._count = 0

    def add(self, error: AfasError | None) -> int:
        """One more that ended so, None for one that came: the length of the row, 0 for what is no break."""
        kind = type(error) if isinstance(error, _BREAKS) else None
        with self._turn:
            self._count = 0 if kind is None else self._count + 1 if kind is self._kind else 1
            self._kind = kind
            return self._count


def _named(entry: Entry) -> str:
    return f"dossier item {entry.attachment.subject}, {entry.attachment.name or 'a file without a name'}"


class _Counted:
    """What came of a file so far."""

    def __init__(self) -> None:
        self.size = 0
        self.digest = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.digest.update(chunk)


@contextlib.contextmanager
def _parts(place: Place) -> Iterator[Path]:
    """A folder for what is not whole; what an export that was killed left there is taken away."""
    parts = place.own((PARTS,))
    try:
        parts.mkdir(exist_ok=True)
        for left in parts.iterdir():
            left.unlink()
    except OSError as problem:
        failure = disk.unwritten(parts, problem)
    else:
        try:
            yield parts
        finally:
            with contextlib.suppress(OSError):
                parts.rmdir()
        return
    raise failure
