"""A job queue of remote imports: each takes a while, and its log is given once, up to 24 hours after it came.

Sources: special-connectors 5. What an unknown, a fetched and an old id give is not known: nothing, as while a job runs.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import threading
import uuid
import zipfile
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from afas_soap.emulator.imports.commandline import CommandLine
from afas_soap.emulator.imports.definition import TakesDefinitions, read_definition
from afas_soap.emulator.imports.logarchive import Outcome, log_archive
from afas_soap.emulator.refusals import UNREADABLE_ARCHIVE, UNREADABLE_COMMAND, Refused
from afas_soap.errors import AfasError, AnswerError, ProfitError
from afas_soap.limits import IMPORT_SECONDS
from afas_soap.profit.documents.base64stream import Base64Decoder
from afas_soap.profit.imports.archive import METADATA
from afas_soap.profit.imports.result import ALREADY_IMPORTED
from afas_soap.profit.xmlsafe import parse

# No number of a job that failed otherwise is published.
_FAILED = -2147220469
_TWICE = "(Anta Import) Error because the import-file has already been imported."
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How this Profit imports: how many ``seconds`` a job takes, whether a file that was imported before is refused
    (``checks``; a script of the definition may switch that off), and which import ``definitions`` there are, all that
    are named when None."""

    seconds: float = 0.0
    checks: bool = True
    definitions: Collection[str] | None = None


AS_EVER = Behaviour()
"""Jobs that are done at once, and a file twice refused."""


@dataclass(frozen=True, slots=True)
class _Job:
    came: float
    outcome: Outcome


class Jobs:
    """The jobs of one emulator. Safe for several threads."""

    def __init__(self, store: object, environment_id: str, behaviour: Behaviour, clock: Callable[[], float]) -> None:
        self._store = store
        self._environment_id = environment_id
        self._behaviour = behaviour
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}
        self._imported: set[tuple[str, str]] = set()
        self.executed: list[CommandLine] = []
        """Every command that was begun, in its order: what was booked twice would stand here twice."""

    def execute(self, line: CommandLine, archive: bytes) -> str:
        """Begin a job, and give its id. Raises ``Refused`` for a command that is none."""
        work = _ACTIONS.get(line.action)
        if work is None or line.options.get("O", "").upper() != self._environment_id or "F" not in line.options:
            raise Refused(UNREADABLE_COMMAND)
        files = _unpacked(archive)
        with self._lock:
            outcome = _named(line, files) or work(self, line, files[line.options["F"]])
            command_id = uuid.uuid4().hex.upper()
            self._jobs[command_id] = _Job(self._clock(), outcome)
            self.executed.append(line)
        return command_id

    def take_log(self, command_id: str) -> bytes:
        """The log of a job that is done; b"" for one that runs, that was told before, and that is not known."""
        with self._lock:
            job = self._jobs.get(command_id.upper())
            age = 0.0 if job is None else self._clock() - job.came
            if job is None or age < self._behaviour.seconds:
                return b""
            del self._jobs[command_id.upper()]
        if age > IMPORT_SECONDS:
            return b""
        # AFAS writes local time.
        done = datetime.datetime.fromtimestamp(job.came + self._behaviour.seconds)
        return log_archive(job.outcome, done)

    def import_file(self, line: CommandLine, data: bytes) -> Outcome:
        """Import a file, of which the emulator books nothing."""
        name = line.options.get("N", "")
        known = self._behaviour.definitions
        if not name or (known is not None and name.casefold() not in {each.casefold() for each in known}):
            return Outcome(line.action, f"(Anta Import) The import definition '{name}' does not exist.", _FAILED)
        if not data.strip():
            return Outcome(line.action, "(Anta Import) The import-file is empty.", _FAILED)
        imported = (name.casefold(), hashlib.sha256(data).hexdigest())
        if self._behaviour.checks and imported in self._imported:
            return Outcome(line.action, _TWICE, ALREADY_IMPORTED)
        self._imported.add(imported)
        return Outcome(line.action, f"De import '{name}' is uitgevoerd.")

    def import_definition(self, line: CommandLine, data: bytes) -> Outcome:
        """Make a GetConnector of a definition in the emulator's own form."""
        definition = read_definition(data)
        if definition is None or not isinstance(self._store, TakesDefinitions):
            return Outcome(line.action, "(emulator) This is no definition in the emulator's own form.", _FAILED)
        try:
            self._store.define(definition.name, definition.source, definition.columns)
        except ProfitError as error:
            return Outcome(line.action, error.message, _FAILED)
        return Outcome(line.action, f"De definitie '{definition.name}' is geïmporteerd.")


_ACTIONS: Mapping[str, Callable[[Jobs, CommandLine, bytes], Outcome]] = {
    "IMPORT": Jobs.import_file,
    "DEFINITIEIMPORT": Jobs.import_definition,
}


def _unpacked(archive: bytes) -> Mapping[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            # Of other methods anything may be raised where they are damaged.
            if all(entry.compress_type in _METHODS for entry in packed.infolist()):
                return {entry.filename: packed.read(entry) for entry in packed.infolist()}
    except _DAMAGED:
        pass
    raise Refused(UNREADABLE_ARCHIVE)


def _named(line: CommandLine, files: Mapping[str, bytes]) -> Outcome | None:
    """The failure of an archive that does not hold what its command names, None when it does."""
    file = line.options["F"]
    try:
        told = parse(files[METADATA]).text if METADATA in files else None
    except AnswerError:
        told = None
    if told == file and file in files:
        return None
    return Outcome(line.action, f"(emulator) The archive does not hold the file '{file}' that it names.", _FAILED)


def decoded(text: str) -> bytes:
    """The archive out of its base64. Raises ``Refused``."""
    decoder = Base64Decoder()
    try:
        data = decoder.feed(text.encode("ascii", "replace"))
        decoder.finish()
    except AfasError:
        pass
    else:
        return bytes(data)
    raise Refused(UNREADABLE_ARCHIVE)
