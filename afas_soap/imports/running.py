"""Running remote imports: sent once (at most once), then polled with growing pauses (backoff) until the log is there.

What is about to happen is in the journal before it happens. Nothing here sends an import a second time: the check by
which Profit refuses a file that it has imported can be switched off, so a repeat may book twice.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO, TypedDict, Unpack

from afas_soap.calls import Calls
from afas_soap.disk import reason
from afas_soap.errors import AfasError, AnswerError, Busy, Fate, QueryError, SettingsError, TransportError, Uncertain
from afas_soap.imports.journal import ImportRun, Journal, State, Subject, journal_folder
from afas_soap.imports.keptlog import KeptLog
from afas_soap.limits import CALL_BYTES, IMPORT_SECONDS
from afas_soap.profit.imports.archive import write_archive
from afas_soap.profit.imports.commandid import checked_command_id
from afas_soap.profit.imports.commandline import Action, Command
from afas_soap.profit.imports.result import ImportResult

_LOG = logging.getLogger("afas_soap.imports")

# Seconds. AFAS names none: most imports take a moment, and one that takes hours is not asked after each second.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_GROWTH = 1.5
_MEGABYTE = 2**20
# In place of an id while all else is looked at.
_NOT_ASKED = "?"


class ImportOptions(TypedDict, total=False):
    """How a file is imported.

    ``with_`` are further files of the archive, which the file names without a folder; ``administration`` is the one to
    import into, where that has to be said; ``environment_id`` is the whole id of the environment (``O12345AA``), which
    is asked for over REST when it is not given; ``again`` sends what may have been imported already.
    """

    with_: Sequence[str | Path]
    administration: int | str | None
    environment_id: str | None
    again: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How somebody waits, and by which clock."""

    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Importer:
    """The remote imports of one client, with their journal in the folder ``journal``, the user's own when None.
    ``check`` raises for a client that is not to write."""

    def __init__(
        self,
        calls: Calls,
        journal: str | Path | None = None,
        *,
        check: Callable[[], None] = lambda: None,
        waiting: Waiting = Waiting(),
    ) -> None:
        self._calls = calls
        self._check = check
        self._waiting = waiting
        self._journal = Journal(journal_folder() if journal is None else Path(journal), waiting.clock)

    def runs(self) -> tuple[ImportRun, ...]:
        """Every import that the journal knows, the first one first."""
        return self._journal.runs()

    def run(self, name: str, file: str | Path, **options: Unpack[ImportOptions]) -> ImportResult:
        """Import a file by an import definition of Profit, and wait for its log."""
        return self.awaited(self.start(name, file, **options))

    def run_definition(
        self, file: str | Path, *, environment_id: str | None = None, again: bool = False
    ) -> ImportResult:
        """Import the definition of a GetConnector, a ``.gcn`` file, and wait for its log."""
        return self.awaited(self.start_definition(file, environment_id=environment_id, again=again))

    def start(self, name: str, file: str | Path, **options: Unpack[ImportOptions]) -> str:
        """Send an import and give its command id; ``log`` tells what became of it."""
        path, administration = Path(file), options.get("administration")
        command = Command(
            Action.IMPORT,
            _id_or_not_asked(options.get("environment_id")),
            path.name,
            name,
            None if administration is None else str(administration),
        )
        return self._start(command, [path, *map(Path, options.get("with_", ()))], again=options.get("again", False))

    def start_definition(self, file: str | Path, *, environment_id: str | None = None, again: bool = False) -> str:
        """Send the definition of a GetConnector and give its command id."""
        path = Path(file)
        command = Command(Action.DEFINITION, _id_or_not_asked(environment_id), path.name)
        return self._start(command, [path], again=again)

    def awaited(self, command_id: str) -> ImportResult:
        """What became of an import: see ``log``."""
        result = self.log(command_id)
        assert result is not None, "it was waited for"
        return result

    def log(self, command_id: str, *, wait: bool = True) -> ImportResult | None:
        """What became of an import: out of the log that is kept, or asked for until it is there. None is given when it
        waits or runs and nobody is to ``wait``.

        Raises ``Uncertain`` when the log was cut off on its way, or did not come in 24 hours, and ``AnswerError`` when
        it cannot be read: whether the import succeeded is not known then, and both name the file with what came.
        ``SettingsError`` when another process asks for the same log.
        """
        id_ = checked_command_id(command_id)
        kept = KeptLog(self._journal.folder, id_)
        kept.lock()
        try:
            run = self._journal.known(id_, self._calls.environment)
            if kept.recover() is not None and run.state is not State.LOST:
                self._journal.end(run, "lost")
                raise self._lost(kept, id_, "The run that asked for it was ended while it came.")
            return self._told(run, kept, wait=wait)
        finally:
            kept.unlock()

    # --- sending ---

    def _whole(self, command: Command) -> Command:
        """``command`` with the whole id of the environment, which REST tells."""
        if command.environment_id != _NOT_ASKED:
            return command
        try:
            found = self._calls.from_whom_offers("catalogue", None, lambda connectors: connectors.catalogue())
        except AfasError as error:
            failure = QueryError(
                f"environment_id: an import names the whole id of the environment, such as O12345AA, and it could not "
                f"be asked for: give it (environment_id, --environment-id). {error.message}"
            )
        else:
            return dataclasses.replace(command, environment_id=found.environment_id)
        raise failure

    def _start(self, command: Command, paths: Sequence[Path], *, again: bool) -> str:
        self._check()
        with contextlib.ExitStack() as opened:
            files = [(path.name, opened.enter_context(_opened(path))) for path in paths]
            archive = opened.enter_context(tempfile.TemporaryFile())
            size = _written(archive, files)
            if size > CALL_BYTES:
                _LOG.warning(
                    "%s: the archive is %d MB, and of other calls AFAS takes %d MB: this one may be refused",
                    command.file, size // _MEGABYTE, CALL_BYTES // _MEGABYTE,
                )  # fmt: skip
            command = self._whole(command)
            subject = Subject(
                self._calls.environment, str(command.action), command.name, command.administration or "", command.file,
                files[0][1].hash, command.environment_id,
            )  # fmt: skip
            run, same = self._journal.sending(subject, again=again)
            if same is not None:
                raise _refused(same)
            return self._sent(run, command, archive)

    def _sent(self, run: str, command: Command, archive: BinaryIO) -> str:
        try:
            with _told_if_stopped(_UNDER_WAY), self._calls.call("import", None, write=True):
                command_id = self._calls.imports("execute").execute(command, archive)
        except AfasError as error:
            # A kill leaves "sending", which is as uncertain.
            self._journal.write(run, _ENDINGS[error.outcome])
            raise
        known = f"The import was sent, and its command id is {command_id}"
        try:
            with _told_if_stopped(f"{known}: ask for its log by that id"):
                self._journal.write(run, "begun", command_id=command_id)
        except SettingsError as error:
            failure = Uncertain(f"{known}; it could not be written down: {error.message} Ask for its log by that id.")
        else:
            return command_id
        raise failure

    # --- the log ---

    def _told(self, run: ImportRun, kept: KeptLog, *, wait: bool) -> ImportResult | None:
        result = self._read(run, kept)
        if result is None:
            if not self._arrived(run, kept, wait=wait):
                return None
            result = self._read(run, kept)
        assert result is not None, "it arrived"
        if run.state is not State.DONE:
            self._journal.end(run, "done", exit_code=result.exit_code, number=result.number)
        return dataclasses.replace(result, command_id=run.command_id)

    def _read(self, run: ImportRun, kept: KeptLog) -> ImportResult | None:
        try:
            return kept.result()
        except AnswerError as error:
            why = error.message.rstrip(".")
        if run.state is not State.UNREADABLE:
            self._journal.end(run, "unreadable")
        raise (
            AnswerError(
                f"The log of import {run.command_id} cannot be read, and Profit gives it once: {why}. It is kept as "
                f"{kept.path}. Whether the import succeeded is not known: look in Profit before you import it again."
            )
            .of_write(Fate.UNCERTAIN)
            .about(operation="import log", environment=self._calls.environment or None)
        )

    def _arrived(self, run: ImportRun, kept: KeptLog, *, wait: bool) -> bool:
        """Ask until the log is here, or once."""
        for pause in _pauses():
            if self._asked(run, kept):
                return True
            if run.state is State.LOST:
                raise self._lost(kept, run.command_id, "It was asked for once more, and Profit has it no longer.")
            if self._waiting.clock() - run.sent + pause > IMPORT_SECONDS:
                # Of an id that Profit gave nothing for nobody knows whether there is such an import.
                if self._journal.of_command(run.command_id) is not None:
                    self._journal.end(run, "lost")
                raise self._lost(kept, run.command_id, f"It did not come in {IMPORT_SECONDS / 3600:.0f} hours.")
            if not wait:
                break
            _LOG.info("import %s waits or runs: asking again in %.0f s", run.command_id, pause)
            self._waiting.sleep(pause)
        return False

    def _asked(self, run: ImportRun, kept: KeptLog) -> bool:
        """Whether the log has come. What certainly was not asked is nothing that was lost."""
        try:
            with _told_if_stopped(_ASKED.format(run.command_id)), self._calls.call("import log", None, write=True):
                archive = self._calls.imports("import_log").import_log(run.command_id, kept)
        except (Busy, TransportError, AnswerError) as error:
            if error.outcome is not Fate.UNCERTAIN:
                _LOG.warning("import %s: %s", run.command_id, error.message)
                return False
            why = error.message
        else:
            if archive:
                kept.is_whole()
            else:
                kept.is_nothing()
            return bool(archive)
        return self._broken(run, kept, why)

    def _broken(self, run: ImportRun, kept: KeptLog, why: str) -> bool:
        """Whether the log is here, of an answer that did not come whole or cannot be read. Of what broke off before the
        result nobody knows whether it held a log: it may be asked for again."""
        if kept.recover() is not None:
            self._journal.end(run, "lost")
            raise self._lost(kept, run.command_id, why)
        if kept.path.exists():
            return True
        raise Uncertain(
            f"The answer about import {run.command_id} did not come, and its log, which Profit gives once, may have "
            f"been in it: ask again ('afas import log {run.command_id}'). {why}"
        )

    def _lost(self, kept: KeptLog, command_id: str, why: str) -> Uncertain:
        left = f" What came of it is kept as {', '.join(map(str, kept.cut))}." if kept.cut else ""
        return Uncertain(
            f"The log of import {command_id} is lost, for Profit gives it once: whether the import succeeded is not "
            f"known. Look in Profit before you import it again. {why}{left}"
        ).about(operation="import log", environment=self._calls.environment or None)


# What a signal leaves unknown, and what to do about it.
_UNDER_WAY = (
    "the import was under way: whether Profit took it is not known, and the journal has it as uncertain. Look in "
    "Profit before you send it again"
)
_ASKED = (
    "the log of import {0} was asked for, and Profit gives it once: it may be lost, and what came of it is kept. "
    "'afas import log {0}' tells, and if it gives nothing, look in Profit whether the import succeeded"
)
_ENDINGS = {Fate.UNCERTAIN: "uncertain", Fate.REFUSED: "refused", Fate.NOT_SENT: "notsent"}


@contextlib.contextmanager
def _told_if_stopped(what: str) -> Iterator[None]:
    """Whatever ends the block that is no error of ours, such as a signal: then ``what`` is said first."""
    try:
        yield
    except AfasError:
        raise
    except BaseException:
        _LOG.warning("%s", what)
        raise


def _refused(same: ImportRun) -> Uncertain:
    """The same import may have been done: a repeat may book twice."""
    what = same.subject.name or same.subject.file
    known = f"'afas import log {same.command_id}' tells" if same.command_id else "look in Profit"
    return Uncertain(
        f"This file was sent for {what!r} before, and what became of that is {same.state}: {known}. Nothing was sent "
        "now, for it may be imported twice; with again=True it is sent nonetheless."
    )


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(_LONGEST_PAUSE, pause * _GROWTH)


def _written(archive: BinaryIO, files: Sequence[tuple[str, BinaryIO]]) -> int:
    try:
        return write_archive(archive, files)
    except OSError as problem:
        failure = SettingsError(f"The archive of this import cannot be made ({reason(problem)}).")
    raise failure


class _Hashed(BufferedReader):
    """A file that is read once, and the hash of what was read: it may be written to meanwhile, and what counts is what
    went into the archive."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path))
        self._hash = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._hash.update(data)
        return data

    @property
    def hash(self) -> str:
        """SHA-256, in hexadecimal."""
        return self._hash.hexdigest()


def _id_or_not_asked(environment_id: str | None) -> str:
    # An empty one is refused, as any that a command line cannot say.
    return _NOT_ASKED if environment_id is None else environment_id


def _opened(path: Path) -> _Hashed:
    try:
        return _Hashed(path)
    except OSError as problem:
        failure = QueryError(f"file: {path} cannot be read ({reason(problem)}).")
    raise failure
