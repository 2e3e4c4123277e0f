"""The journal of imports, an append-only log (write-ahead): what was sent, under which id, and what became of it.

JSON Lines; each line is flushed before ``append`` returns. A run writes ``sending`` before ``Execute`` and, behind its
answer, one of ``begun``, ``uncertain``, ``refused`` and ``notsent``; an import that begun ends in ``done``, ``lost`` or
``unreadable``.
The last line of a run tells all that can be known: ``sending`` without an answer is a run that was broken off, and is
as uncertain as one that says so. Several processes share the file: each has its lock for the moment that it reads and
adds to it, never while it waits for Profit.

A last line without its end was cut off by a kill. Nobody acted on it, so it is taken away by who writes next.
"""

from __future__ import annotations

import contextlib
import enum
import json
import time
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import platformdirs

from afas_soap import disk
from afas_soap.appendlog import AppendLog, Wording
from afas_soap.errors import SettingsError

FORMAT = 1
"""The number of this format; it counts up when an older program could no longer read it."""

# Who writes a line is done in a moment.
_PATIENCE = 30.0
_NAME = "imports.jsonl"
_WORDING = Wording(
    "the journal of imports",
    "process uses the journal of imports {path}",
    "it must be there when an import is followed",
    "the import has ended",
)


class State(enum.StrEnum):
    """How an import stands."""

    OPEN = "open"
    """It was sent, its id is known, and its log was not there yet."""
    UNCERTAIN = "uncertain"
    """Nobody knows whether it was sent: there is no id to ask for."""
    LOST = "lost"
    """It was sent, and its log, which comes once, was lost on the way."""
    UNREADABLE = "unreadable"
    """Its log is here, and cannot be read: whether it succeeded is not known."""
    DONE = "done"
    """Its log is here; the exit code says what became of it."""
    REFUSED = "refused"
    """Profit did not take it."""
    NOT_SENT = "not sent"
    """It certainly was not sent."""


DOUBTFUL = (State.OPEN, State.UNCERTAIN, State.LOST, State.UNREADABLE)
"""What may have been imported, or may still be: the same again could be imported twice."""

_STATES = {
    "sending": State.UNCERTAIN,
    "uncertain": State.UNCERTAIN,
    "refused": State.REFUSED,
    "notsent": State.NOT_SENT,
    "begun": State.OPEN,
    "lost": State.LOST,
    "unreadable": State.UNREADABLE,
    "done": State.DONE,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What was imported. ``hash`` is the SHA-256 of the file; ``environment_id`` is "" for an import of which only the
    id of its command is known."""

    environment: str
    action: str
    name: str
    administration: str
    file: str
    hash: str
    environment_id: str = ""

    def is_same(self, other: Subject) -> bool:
        """Whether it may be the same import, however it is spelt and whatever the file is called. What is not known
        counts for the same: one too many is sent with a word, one too few is booked twice."""
        return (
            (self.action, self.hash, _name(self.name)) == (other.action, other.hash, _name(other.name))
            and _same_administration(self.administration, other.administration)
            and self._same_environment(other)
        )

    def _same_environment(self, other: Subject) -> bool:
        """By its id, whatever address leads to it, or by its address: an id may be mistyped, and was not always
        written down."""
        return _host(self.environment) == _host(other.environment) or (
            _name(self.environment_id) == _name(other.environment_id) != ""
        )


_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def _name(text: str) -> str:
    """A name as Profit may look for it: case, blanks and the form of an accent are no part of it."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _same_administration(one: str, other: str) -> bool:
    """By its number. Where none is said Profit takes one, which may be that."""
    return not one or not other or _name(one).lstrip("0") == _name(other).lstrip("0")


def _host(environment: str) -> str:
    host = _name(environment).rstrip(".")
    return "localhost" if host in _THIS_MACHINE else host


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One import as the journal knows it. ``sent`` is when, in seconds since 1970; ``exit_code`` and ``number`` are
    those of its result, None while there is none."""

    run: str
    subject: Subject
    state: State
    sent: float
    command_id: str = ""
    exit_code: int | None = None
    number: int | None = None


def journal_folder() -> Path:
    """Where the journal and the logs are. ``SettingsError`` for a user who has no folder at all."""
    try:
        return platformdirs.user_data_path("afas-soap", appauthor=False) / "imports"
    except RuntimeError:
        failure = SettingsError("There is no folder to keep the journal of imports in: set HOME, or XDG_DATA_HOME.")
    raise failure


class Journal:
    """The journal in ``folder``. Raises ``SettingsError`` when it cannot be read or written, or is damaged."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self.path = folder / _NAME
        self._clock = clock

    def runs(self) -> tuple[ImportRun, ...]:
        """Every import, the first one first."""
        return tuple(self._read().values())

    def of_command(self, command_id: str) -> ImportRun | None:
        """The import with this id, None for one that was sent from elsewhere."""
        return next((run for run in self.runs() if run.command_id == command_id), None)

    def sending(self, subject: Subject, *, again: bool) -> tuple[str, ImportRun | None]:
        """Say that an import is about to be sent, and give what the journal calls it. When the same may be imported
        already, that one is given as well, and nothing is said unless ``again``."""
        with self._locked():
            same = [run for run in self.runs() if run.state in DOUBTFUL and run.subject.is_same(subject)]
            if same and not again:
                return "", same[-1]
            name = uuid.uuid4().hex
            self._append({"what": "sending", "run": name, **asdict(subject)})
            return name, None

    def write(self, run: str, what: str, **details: object) -> None:
        """Add a line about an import that was sent: see above."""
        with self._locked():
            self._append({"what": what, "run": run, **details})

    def known(self, command_id: str, environment: str) -> ImportRun:
        """The import with this id. One that is not written down was sent from elsewhere, or there is none."""
        run = self.of_command(command_id)
        if run is None:
            subject = Subject(environment, "", "", "", "", "")
            run = ImportRun(command_id, subject, State.OPEN, self._clock(), command_id)
        return run

    def end(self, run: ImportRun, what: str, **details: object) -> None:
        """Write down how it ended; one that was sent from elsewhere is written down now."""
        if self.of_command(run.command_id) is None:
            self.write(run.run, "begun", command_id=run.command_id, **asdict(run.subject))
        self.write(run.run, what, **details)

    # --- the file ---

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        taken = SettingsError(f"Another process has the journal {self.path} for {_PATIENCE:.0f} seconds: end it.")
        with disk.locked(self.path, patience=_PATIENCE, taken=taken, refused=self._refused):
            yield

    def _append(self, line: Mapping[str, object]) -> None:
        with AppendLog(self.path, _WORDING) as log:
            log.cut_half_a_line()
            head = b"" if log.size else _spelt({"what": "imports", "format": FORMAT})
            log.append(head + _spelt({**line, "time": self._clock()}), or_nothing=True)

    def _read(self) -> Mapping[str, ImportRun]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as problem:
            failure = self._refused(problem)
        else:
            return self._taken([line for line in data.splitlines(keepends=True) if line.endswith(b"\n")])
        raise failure

    def _taken(self, lines: list[bytes]) -> Mapping[str, ImportRun]:
        runs: dict[str, ImportRun] = {}
        for number, line in enumerate(lines, 1):
            document = _object(line)
            if number == 1 and document.get("what") == "imports":
                if document.get("format") != FORMAT:
                    raise SettingsError(f"The journal {self.path} is of another version of afas-soap: use that one.")
                continue
            run = None if number == 1 else _run(document, runs.get(str(document.get("run"))))
            if run is None:
                raise SettingsError(
                    f"Line {number} of the journal {self.path} is damaged: what was imported is not known, so nothing "
                    "is sent. Put it back as it was, or name another folder (--journal)."
                )
            runs[run.run] = run
        return runs

    def _refused(self, problem: Exception) -> SettingsError:
        return SettingsError(f"The journal of imports {self.path} cannot be used ({disk.reason(problem)}).")


def _run(line: Mapping[str, object], before: ImportRun | None) -> ImportRun | None:
    """The import behind this line; None for a line that we never wrote."""
    state, name, moment = _STATES.get(str(line.get("what"))), line.get("run"), line.get("time")
    if state is None or not isinstance(name, str) or not isinstance(moment, int | float):
        return None
    if before is None:
        subject = _subject(line)
        return None if subject is None else ImportRun(name, subject, state, moment, str(line.get("command_id", "")))
    return replace(
        before,
        state=state,
        command_id=str(line.get("command_id", before.command_id)),
        exit_code=_number(line.get("exit_code")),
        number=_number(line.get("number")),
    )


def _subject(line: Mapping[str, object]) -> Subject | None:
    names = ("environment", "action", "name", "administration", "file", "hash")
    # The id of the environment came later.
    values = [*(line.get(name) for name in names), line.get("environment_id", "")]
    return Subject(*map(str, values)) if all(isinstance(value, str) for value in values) else None


def _number(value: object) -> int | None:
    return value if type(value) is int else None


def _spelt(line: Mapping[str, object]) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def _object(line: bytes) -> Mapping[str, object]:
    try:
        document: object = json.loads(line)
    except (ValueError, RecursionError):
        document = None
    return document if isinstance(document, dict) else {}
