"""Checkpoints of a batch, its journal: what became of each of its records, so that a run that broke off can go on.

JSON Lines, a write-ahead log: what is about to happen is on the disk before it happens. The first line says whose
journal it is. Then come two lines a record, each flushed before the run goes on (``appendlog``): ``sending``
before the call, and its outcome after it. Wherever a kill falls, the last line of a record tells all that can be known:

- No line, or a ``sending`` that was cut short: nothing was sent, for nobody acts on a line without its end. It is cut
  off when the journal is opened again, and the record is sent.
- ``sending``, or an outcome that was cut short, which leaves ``sending``: the call may have been made. Booked or not,
  it is looked up before it is sent again (``batch.lookup``), which adds ``found`` or ``notfound``.
- ``done``, ``found``: booked, and never sent again.
- ``refused``, ``notsent``: not booked. The record may be mended, and so its hash may change behind ``refused`` alone. A
  refusal is looked up as well before it is sent again, unless it was Profit's own beyond doubt (``proven``).
- ``uncertain``: as ``sending``, told by a run that lived on.
- ``stored`` (AFAS SB): refused, and something of it was kept, a part or an entry in error, whose ids the line has. It
  is closed: nothing of it is sent again before ``removed`` says that all of that was deleted, or ``accepted`` that a
  person saw to it. Then the record may be mended. ``stored`` once more says what is left of several ids.

Of a service that tells a repeat by its identifier, ``sending`` has that: it was made once for this record and
what it held, and is on the disk before it is sent. Behind ``sending`` or ``uncertain`` may stand ``sending`` with the
same one, a repeat; until when, its run knows (``first`` is when it was sent first).

What may follow what is one table, ``_AFTER``. One function reads it, ``_following``: for each line that is written and
for each that is read again. So a run writes no journal that the next one refuses, and a journal that somebody changed
(a line less, twice, of another record) is refused as a whole, for what it said is not known then.

A journal is bound to its batch by its first line, and each record by position and hash: a file whose lines moved is
another batch. No line holds a payload, nor Profit's words, which may repeat what stood in one.
"""

from __future__ import annotations

import datetime
import enum
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from afas_soap.appendlog import AppendLog, Wording
from afas_soap.errors import SettingsError

FORMAT = 2
"""The number of this format; it counts up when an older program could no longer go on with a journal."""

_READABLE = (1, FORMAT)

_MARK = b'{"what":"journal"'
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST_POSITIONS = 2**53
WORDING = Wording(
    what="the journal",
    in_use="run uses the journal {path}: wait until it has ended; two at once would book twice",
    not_plain="it must be there when a run goes on",
    closed="the run has ended",
)
"""What the file of a journal is called in messages."""


class What(enum.StrEnum):
    """What a line says of its record."""

    SENDING = "sending"
    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "notsent"
    UNCERTAIN = "uncertain"
    FOUND = "found"
    NOT_FOUND = "notfound"
    STORED = "stored"
    REMOVED = "removed"
    ACCEPTED = "accepted"


BOOKED = (What.DONE, What.FOUND)
"""What is never sent again."""
DOUBTFUL = (What.SENDING, What.UNCERTAIN)
"""What may have been booked, or not. No outcome behind ``sending`` means that the run broke off there."""

MENDABLE = (What.REFUSED, What.REMOVED, What.ACCEPTED)
"""Behind what a record may be another than it was: nothing of what it held is booked, or a person saw to that."""

_SENDABLE = (None, What.REFUSED, What.NOT_SENT, What.NOT_FOUND, What.REMOVED, What.ACCEPTED)
# Which lines of the same record a line may follow. Anything else is no journal that we wrote.
_AFTER: Mapping[What, tuple[What | None, ...]] = {
    What.SENDING: _SENDABLE,
    What.DONE: (What.SENDING,),
    What.REFUSED: (What.SENDING,),
    What.NOT_SENT: (What.SENDING,),
    What.UNCERTAIN: (What.SENDING,),
    What.FOUND: (*DOUBTFUL, What.REFUSED),
    What.NOT_FOUND: (*DOUBTFUL, What.REFUSED),
    # Behind itself: a part of what was left behind is gone.
    What.STORED: (What.SENDING, What.STORED),
    What.REMOVED: (What.STORED, What.ACCEPTED),
    What.ACCEPTED: (What.STORED,),
}


@dataclass(frozen=True, slots=True)
class Header:
    """Whose journal it is. ``file`` is the name of the batch file without its folder, for a person who reads it. An
    ``action`` that is None is whichever the journal has, which must be there then."""

    connector: str
    action: str | None
    sub_object: str
    environment: str
    file: str


@dataclass(frozen=True, slots=True)
class Entry:
    """The last line of one record. ``sent`` is the time of its latest ``sending``, in seconds since 1970; ``reference``
    is what finds a refusal in AFAS' log. ``proven`` is whether a refusal was Profit's own beyond doubt: versions before
    0.4 took other answers for one, and do not say so. ``identifier`` is what a repeat of it carries, "" where the
    service knows none; ``first`` is when that was sent first. ``kept`` are the ids of what a refusal left behind.
    ``sought`` is whether it may have been booked once, and a lookup did not find it: it may be where none looks."""

    what: What
    hash: str
    sent: float
    reference: str = ""
    proven: bool = False
    identifier: str = ""
    first: float = 0.0
    kept: tuple[str, ...] = ()
    sought: bool = False


class Journal:
    """The journal at ``path``, made when it is not there; a context manager.

    ``entries`` has the last line of each record by its position, and follows what is written. Raises ``SettingsError``
    for a file that is no journal, is damaged, belongs to another batch (``header``), or is in use by another run. A
    last line that a kill cut short is taken away: a ``sending`` without its end was never acted on, and an outcome
    without its end leaves its record uncertain.
    """

    def __init__(self, path: Path, header: Header, now: Callable[[], float]) -> None:
        self._file = AppendLog(path, WORDING)
        self._path = path
        self._now = now
        self.entries: dict[int, Entry] = {}
        try:
            self._read(header)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the journal. Who still wants to write in it is refused, so nothing is sent that it does not say."""
        self._file.close()

    def same_as(self, other: int) -> bool:
        """Whether the open file of this number is the journal itself."""
        return self._file.same_as(other)

    def sending(self, position: int, digest: str, identifier: str = "") -> None:
        """Say that a record is about to be sent. ``SettingsError`` means that it is not said, and must not be sent."""
        self._write(What.SENDING, position, digest, {"identifier": identifier} if identifier else {})

    def write(self, what: What, position: int, **details: object) -> None:
        """Say what became of a record that ``entries`` has; a detail that is None is left out.

        Raises ``SettingsError`` when it cannot be written.
        """
        told = {name: value for name, value in details.items() if value is not None}
        proven = {"proven": True} if what is What.REFUSED else {}
        self._write(what, position, self.entries[position].hash, {**told, **proven})

    def looked_up(self, position: int, digest: str, *, found: bool) -> None:
        """Say whether a record was found; it may be one that was refused and has been mended since."""
        self._write(What.FOUND if found else What.NOT_FOUND, position, digest, {})

    def removed(self, position: int, identity: str) -> tuple[str, ...]:
        """Say that this is gone which was left behind of a record; gives what is there still, and keeps it closed."""
        entry = self.entries[position]
        rest = tuple(each for each in entry.kept if each != identity.lower())
        if not rest:
            self._write(What.REMOVED, position, entry.hash, {})
        elif entry.what is What.STORED:
            self._write(What.STORED, position, entry.hash, {"kept": list(rest)})
        return rest

    def of_kept(self, identity: str) -> int | None:
        """The position of the record that left this behind, by its id, where it is still closed; None for another."""
        return next(
            (
                position
                for position, entry in self.entries.items()
                if entry.what in (What.STORED, What.ACCEPTED) and identity.lower() in entry.kept
            ),
            None,
        )

    def _write(self, what: What, position: int, digest: str, details: Mapping[str, object]) -> None:
        now = self._now()
        line = {"what": what, "position": position, "hash": digest, **details, "time": _spelt(now)}
        entry = self._following(line, digest, now)
        assert entry is not None, "the run sends what may be sent, and tells what was sent"
        self._file.append(_line(line), or_nothing=what is What.SENDING)
        self.entries[position] = entry

    def _following(self, line: Mapping[str, object], digest: str, time: float) -> Entry | None:
        """The entry after this line; None when such a line cannot stand here."""
        what, before = What(str(line["what"])), self.entries.get(_position(line))
        # A record that was refused may be mended before it is looked up or sent again.
        mended = before is not None and before.what in MENDABLE
        identifier = str(line.get("identifier", ""))
        repeated = before is not None and bool(identifier) and before.identifier == identifier
        may_follow = (before and before.what) in _AFTER[what] or (
            what is What.SENDING and repeated and before is not None and before.what in DOUBTFUL
        )
        if not may_follow or (before and before.hash != digest and not mended):
            return None
        # What was not sent begins anew, under the same identifier.
        begun = not repeated or (before is not None and before.what is What.NOT_SENT)
        return _entry(what, line, time, before, begun=begun)

    # --- reading ---

    def _read(self, header: Header) -> None:
        # Nothing is cut off, or added to, before it is known to be ours: it may be a file of somebody else's.
        if not _MARK.startswith(self._file.head(len(_MARK))):
            raise self._no_journal()
        lines = self._whole_lines()
        first = next(lines, None)
        if first is None and header.action is None:
            raise self._no_journal()
        if first is None:
            self._file.append(_line({"what": "journal", "format": FORMAT, **asdict(header)}))
            return
        self._check_header(first, header)
        for number, line in enumerate(lines, 2):
            self._take(line, number)

    def _whole_lines(self) -> Iterator[bytes]:
        """The lines that have their end; what stands behind them is cut off."""
        whole = 0
        for line in self._file.lines():
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            yield line
        if whole < self._file.size:
            self._file.cut(whole)

    def _check_header(self, line: bytes, header: Header) -> None:
        document = _object(line)
        if document is None:
            raise self._no_journal()
        if document.get("format") not in _READABLE:
            raise SettingsError(
                f"the journal {self._path} has a format that this version does not read: go on with the version that "
                "wrote it."
            )
        for name, wanted in asdict(header).items():
            # A batch file may be renamed: its records are known by what they are.
            if name != "file" and wanted is not None and document.get(name) != wanted:
                raise SettingsError(
                    f"the journal {self._path} is of another batch: its {name} is {_shown(document.get(name))}, and "
                    f"this run has {_shown(wanted)}. Name another journal."
                )

    def _no_journal(self) -> SettingsError:
        return SettingsError(f"{self._path} is no journal: name a file that is not there yet, or the journal to go on.")

    def _take(self, line: bytes, number: int) -> None:
        document = _object(line)
        entry = None if document is None else self._entry(document)
        if document is None or entry is None:
            raise SettingsError(
                f"line {number} of the journal {self._path} is damaged, or was not written by a batch: what it said is "
                "not known, so nothing is sent. Put the journal back as it was."
            )
        self.entries[_position(document)] = entry

    def _entry(self, document: Mapping[str, object]) -> Entry | None:
        what, digest, time = document.get("what"), document.get("hash"), _read_time(document.get("time"))
        known = isinstance(what, str) and what in list(What)
        hashed = isinstance(digest, str) and _HASH.fullmatch(digest) is not None
        position = _position(document)
        if not known or not hashed or time is None or not 0 <= position < _MOST_POSITIONS:
            return None
        return self._following(document, str(digest), time)


def _entry(what: What, line: Mapping[str, object], time: float, before: Entry | None, *, begun: bool) -> Entry:
    """The entry of a line that may stand there; ``begun`` is whether its identifier, if it has one, is a new one."""
    digest, reference, proven = str(line["hash"]), _reference(line), line.get("proven") is True
    if what is What.SENDING or before is None:
        identifier = str(line.get("identifier", ""))
        first = before.first if before is not None and not begun else time
        sought = before is not None and before.sought and before.hash == digest
        return Entry(what, digest, time, reference, proven, identifier, first if identifier else 0.0, sought=sought)
    kept = line.get("kept")
    ids = tuple(map(str, kept)) if isinstance(kept, list) else before.kept
    sought = before.sought or (what is What.NOT_FOUND and before.what in DOUBTFUL)
    return Entry(what, digest, before.sent, reference, proven, before.identifier, before.first, ids, sought)


def _reference(details: Mapping[str, object]) -> str:
    known = [
        f"{word} {details[name]}" for name, word in (("number", "number"), ("log", "log reference")) if name in details
    ]
    return ", ".join(known)


def _line(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _object(line: bytes) -> Mapping[str, object] | None:
    try:
        document: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _position(document: Mapping[str, object]) -> int:
    position = document.get("position")
    return position if type(position) is int else -1


def _spelt(time: float) -> str:
    moment = datetime.datetime.fromtimestamp(time, datetime.UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_time(text: object) -> float | None:
    try:
        moment = datetime.datetime.fromisoformat(str(text))
        return moment.timestamp() if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _shown(value: object) -> str:
    return str(value) if value else "none"
