"""The manifest, a write-ahead log: what each file is called before it is fetched, and what became of it.

It is JSON Lines: the first line says what is exported, each other one all that is known of a file by then, and of a
file its last line counts. A name is given once, so that every run has the same; ``whole`` says that the file is there.
"""

from __future__ import annotations

import dataclasses
import enum
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from afas_soap import disk
from afas_soap.appendlog import AppendLog, Wording
from afas_soap.dossier.layout import Layout
from afas_soap.errors import SettingsError
from afas_soap.profit.documents.content import Attachment
from afas_soap.profit.documents.safename import safe_name

NAME = "manifest.jsonl"
"""What it is called, in the folder of the export and in a ZIP."""

_FORMAT = 1
_MARK = "afas_dossier"
# Lines in one write: a plan may have a hundred thousand.
_AT_ONCE = 1_000
# No secret: with the rights that any program gives a file.
_ANYBODY = 0o666
_WORDING = Wording(
    what="the manifest",
    in_use="export writes into {folder}: wait until it has ended, or name another target",
    not_plain="that of an export must be one",
    closed="the export has ended",
)
Key = tuple[int, int | None, str]


class State(enum.StrEnum):
    """What became of a file."""

    NAMED = "named"
    """It has its path; nothing lies there that counts."""
    WHOLE = "whole"
    MISSING = "missing"
    """Profit says that it is not there, or not for this user."""
    FAILED = "failed"
    """Profit refused it, or what came is no document."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the export, its path below the folder, and the texts of its dossier item's columns in the CSV."""

    attachment: Attachment
    path: tuple[str, ...]
    values: tuple[str, ...]
    state: State = State.NAMED
    length: int | None = None
    sha256: str = ""
    reason: str = ""

    @property
    def key(self) -> Key:
        """What makes it this file and no other."""
        return key_of(self.attachment)

    def ended(self, state: State, *, length: int | None = None, sha256: str = "", reason: str = "") -> Self:
        """The same file with what became of it."""
        return dataclasses.replace(self, state=state, length=length, sha256=sha256, reason=reason)

    def with_values(self, values: tuple[str, ...]) -> Self:
        """The same file with other texts of its dossier item."""
        return dataclasses.replace(self, values=values)

    def line(self) -> bytes:
        """It as a line of the manifest."""
        told = {
            "path": "/".join(self.path),
            "name": self.attachment.name,
            "subject": self.attachment.subject,
            "reaction": self.attachment.reaction,
            "file": self.attachment.file_id,
            "length": self.length,
            "sha256": self.sha256,
            "state": self.state.value,
            "reason": self.reason,
            "values": self.values,
        }
        return json.dumps(told).encode() + b"\n"

    @classmethod
    def read(cls, told: Mapping[str, object]) -> Self:
        """It out of a line. Raises ``ValueError`` for what no export writes, and for a path that leaves the folder."""
        path = tuple(str(told["path"]).split("/"))
        if any(safe_name(part) != part for part in path):
            raise ValueError(path)
        reaction, length, values = told["reaction"], told["length"], told["values"]
        if not isinstance(values, list):
            raise ValueError(values)
        return cls(
            Attachment(
                int(str(told["subject"])),
                str(told["file"]),
                str(told["name"]),
                None if reaction is None else int(str(reaction)),
            ),
            path,
            tuple(map(str, values)),
            State(str(told["state"])),
            None if length is None else int(str(length)),
            str(told["sha256"]),
            str(told["reason"]),
        )


def key_of(attachment: Attachment) -> Key:
    """What makes an attachment this one: an item or reaction may have the same file, and names are not unique."""
    return attachment.subject, attachment.reaction, attachment.file_id.upper()


@dataclass(frozen=True, slots=True)
class Header:
    """What is exported: a folder takes one such export, however often it is run."""

    environment: str
    connector: str
    layout: Layout

    def line(self) -> bytes:
        """The first line of a manifest."""
        told = {_MARK: _FORMAT, "environment": self.environment, "connector": self.connector}
        return json.dumps(told | dataclasses.asdict(self.layout)).encode() + b"\n"


class Manifest:
    """The manifest in a folder, opened or begun; a context manager. One export at a time has it.

    Raises ``SettingsError`` for one of another export, one that cannot be read, and one that is in use.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        self.entries: dict[Key, Entry] = {}
        self._file = AppendLog(folder / NAME, _WORDING, mode=_ANYBODY)
        try:
            self._file.cut_half_a_line()
            self._load(header)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, entries: Iterable[Entry]) -> None:
        """Add these, each in place of what was known of its file. Raises ``SettingsError`` when that is not possible:
        then what is not in ``entries`` does not count."""
        left = iter(entries)
        while some := list(itertools.islice(left, _AT_ONCE)):
            self._file.append(b"".join(entry.line() for entry in some))
            self.entries.update((entry.key, entry) for entry in some)

    def whole(self) -> Iterator[Entry]:
        """The files that are there, in the order in which they were named."""
        return (entry for entry in self.entries.values() if entry.state is State.WHOLE)

    def remove(self) -> None:
        """Take it away. Raises ``OSError``."""
        self._file.remove()

    def _load(self, header: Header) -> None:
        if self._file.size:
            self.entries = _read(self._file.lines(), self._file.path, header)
        else:
            self._file.append(header.line())


def entries(folder: Path, header: Header) -> dict[Key, Entry]:
    """What the manifest in a folder says by now, where there is one; read and nothing else, also while another export
    writes it. Raises ``SettingsError`` as ``Manifest`` does."""
    path = folder / NAME
    try:
        if not path.exists():
            return {}
        if not path.is_file():
            raise SettingsError(f"{_WORDING.what} {path} is no plain file: {_WORDING.not_plain}.")
        with path.open("rb") as file:
            # Half a line, of a kill or of who writes now, says nothing yet.
            return _read((line for line in file if line.endswith(b"\n")), path, header)
    except OSError as problem:
        failure = SettingsError(f"cannot read {_WORDING.what} {path}: {disk.reason(problem)}.")
    raise failure


def _read(lines: Iterable[bytes], path: Path, header: Header) -> dict[Key, Entry]:
    """What the last line of each file says. Raises ``SettingsError`` for what is no manifest of this export."""
    found: dict[Key, Entry] = {}
    for number, line in enumerate(lines, 1):
        if number == 1:
            if line != header.line():
                raise SettingsError(_other(path, line))
            continue
        entry = _entry(line)
        if entry is None:
            raise SettingsError(
                f"line {number} of {path} cannot be read: put the manifest back as it was, or name a new target."
            )
        found[entry.key] = entry
    return found


def _entry(line: bytes) -> Entry | None:
    try:
        return Entry.read(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None


def _other(path: Path, first: bytes) -> str:
    try:
        ours = _MARK in json.loads(first)
    except (ValueError, TypeError):
        ours = False
    if not ours:
        return f"{path} is no manifest of an export: name another target."
    return (
        f"{path} is of another export (another environment, GetConnector, or other columns): name a new target, "
        "or ask for the same as then."
    )
