"""The file of a batch: JSON Lines, a record a line, read one by one however large the file is.

A line is AFAS' JSON body or a plain record (``profit.updates.updatejson``), and does what the batch does. A BOM,
CRLF and blank lines are fine. A record is its position among the records plus its hash, so two equal records are two.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from afas_soap.errors import Problem, SettingsError, UpdateError
from afas_soap.profit.updates.fieldvalue import field_text
from afas_soap.profit.updates.update import Action, Element, Update, check_action
from afas_soap.profit.updates.updatejson import no_utf8, update_from_json

LONGEST = 200 * 10**6
"""The bytes of the longest line that is read: what Profit takes in one call is far below it (profit-wire 2.6)."""

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds a record: ``position`` counts the records from 0, ``number`` the lines of the file from 1."""

    position: int
    number: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a batch; ``line`` is the number of its line, and ``hash`` that of ``record_hash``."""

    position: int
    line: int
    hash: str
    update: Update = field(repr=False)


class BatchFile:
    """The records of ``path``; a context manager. What the arguments mean is told by ``update_from_json``.

    Raises ``SettingsError`` for a file that cannot be read, or that cannot be read again when a run goes on.
    """

    def __init__(self, path: Path, connector: str, *, action: Action = Action.INSERT, sub_object: str = "") -> None:
        self.path = path
        self._connector = connector
        self._action = action
        self._sub_object = sub_object
        try:
            # Without waiting for the other end, should it be a named pipe.
            number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise self._unreadable(error) from None
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise SettingsError(f"{path} is no plain file: a batch is read again when it goes on, so keep it in one.")
        self._file = os.fdopen(number, "rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def fileno(self) -> int:
        """The number of the open file."""
        return self._file.fileno()

    def lines(self) -> Iterator[Line]:
        """The lines that hold records, from the first one on: each call begins again, and one goes at a time.

        Raises ``UpdateError`` for a line of more than ``LONGEST`` bytes.
        """
        position = 0
        try:
            self._file.seek(0)
            number = 0
            while data := self._file.readline(LONGEST + 1):
                number += 1
                if len(data) > LONGEST:
                    raise self._too_long(number)
                if number == 1:
                    data = data.removeprefix(_BOM)
                if data.strip():
                    yield Line(position, number, data)
                    position += 1
        except OSError as error:
            raise self._unreadable(error) from None

    def record(self, line: Line) -> Record:
        """The record that a line holds. Raises ``UpdateError`` whose problems name the line."""
        try:
            # Not as bytes: a file of UTF-16, cut at each byte of a line end, is none of UTF-16 any more.
            text = line.data.decode()
            update = update_from_json(text, self._connector, action=self._action, sub_object=self._sub_object)
            check_action(update, self._action)
        except UnicodeDecodeError as problem:
            failure = UpdateError.of(Problem("", *no_utf8(problem))).about(connector=self._connector)
        except UpdateError as error:
            failure = error
        else:
            return Record(line.position, line.number, record_hash(update), update)
        raise at_line(failure, line.number)

    def _too_long(self, number: int) -> UpdateError:
        message = f"it is longer than {LONGEST // 10**6} MB, which is more than Profit takes: a line is one record."
        return UpdateError.of(Problem(f"line {number}", "too-long", message)).about(connector=self._connector)

    def _unreadable(self, error: OSError) -> SettingsError:
        return SettingsError(f"cannot read {self.path}: {error.strerror or type(error).__name__}.")


def at_line(error: UpdateError, number: int) -> UpdateError:
    """The same error with the number of the line before each path."""
    problems = error.problems or (Problem("", "record", error.message),)
    placed = (replace(problem, path=f"line {number} {problem.path}".rstrip()) for problem in problems)
    return UpdateError.of(*placed).about(
        operation=error.operation, connector=error.connector, environment=error.environment
    )


def record_hash(update: Update) -> str:
    """64 hexadecimal digits: SHA-256 of what would be sent, whichever way the JSON was spaced and its values spelt.

    The order of the fields counts: whether it means something to Profit is not known.
    """
    document = [update.root, update.sub_object, *map(_spelt, update.elements)]
    return hashlib.sha256(json.dumps(document, separators=(",", ":")).encode()).hexdigest()


def _spelt(element: Element) -> list[object]:
    return [
        element.action.value,
        [[name, field_text(value)] for name, value in element.keys.items()],
        [[name, field_text(value)] for name, value in element.fields.items()],
        [[part.name, *map(_spelt, part.elements)] for part in element.objects],
    ]
