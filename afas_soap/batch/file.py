"""The file of a batch: JSON Lines, a record a line, read one by one however large the file is.

What a line holds, its form tells: an update of Profit (``batch.updates``) or a body of SB (``batch.bodies``). A BOM,
CRLF and blank lines are fine. A record is its position among the records plus its hash, so two equal records are two.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from afas_soap.errors import Problem, SettingsError, UpdateError
from afas_soap.profit.updates.updatejson import no_utf8

LONGEST = 200 * 10**6
"""The bytes of the longest line that is read: what Profit takes in one call is far below it (profit-wire 2.6)."""

_BOM = b"\xef\xbb\xbf"
Written = TypeVar("Written")
"""What one line holds, and one call sends."""


class Form(Protocol[Written]):
    """What a batch has to know of the service and the connector that its records are for.

    ``service``, ``connector``, ``action`` and ``sub_object`` are names, "" for none; ``is_new`` is whether its records
    were not there before they were sent, so that it can be looked up whether they arrived, and ``lookup`` how that is
    asked for.
    """

    @property
    def service(self) -> str: ...

    @property
    def connector(self) -> str: ...

    @property
    def action(self) -> str: ...

    @property
    def sub_object(self) -> str: ...

    @property
    def is_new(self) -> bool: ...

    @property
    def lookup(self) -> str: ...

    def read(self, text: str) -> Written:
        """What a line holds. Raises ``UpdateError``."""
        ...

    def hash(self, update: Written) -> str:
        """64 hexadecimal digits, which are the same for what would be sent alike."""
        ...

    def values(self, update: Written, field: str) -> tuple[str, ...]:
        """What ``field`` holds in its records, as text; those without a value are left out."""
        ...

    def value(self, update: Written, field: str) -> str | None:
        """The one value of ``field`` by which it can be looked up; None when there is none that tells anything."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds a record: ``position`` counts the records from 0, ``number`` the lines of the file from 1."""

    position: int
    number: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record(Generic[Written]):
    """One record of a batch; ``line`` is the number of its line, and ``hash`` that of its form."""

    position: int
    line: int
    hash: str
    update: Written = field(repr=False)


class BatchFile(Generic[Written]):
    """The records of ``path``, which are of this form; a context manager.

    Raises ``SettingsError`` for a file that cannot be read, or that cannot be read again when a run goes on.
    """

    def __init__(self, path: Path, form: Form[Written]) -> None:
        self.path = path
        self._form = form
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

    def record(self, line: Line) -> Record[Written]:
        """The record that a line holds. Raises ``UpdateError`` whose problems name the line."""
        try:
            # Not as bytes: a file of UTF-16, cut at each byte of a line end, is none of UTF-16 any more.
            update = self._form.read(line.data.decode())
        except UnicodeDecodeError as problem:
            failure = UpdateError.of(Problem("", *no_utf8(problem))).about(connector=self._form.connector)
        except UpdateError as error:
            failure = error
        else:
            return Record(line.position, line.number, self._form.hash(update), update)
        raise at_line(failure, line.number)

    def _too_long(self, number: int) -> UpdateError:
        message = f"it is longer than {LONGEST // 10**6} MB, which is more than any call may be: a line is one record."
        return UpdateError.of(Problem(f"line {number}", "too-long", message)).about(connector=self._form.connector)

    def _unreadable(self, error: OSError) -> SettingsError:
        return SettingsError(f"cannot read {self.path}: {error.strerror or type(error).__name__}.")


def at_line(error: UpdateError, number: int) -> UpdateError:
    """The same error with the number of the line before each path."""
    problems = error.problems or (Problem("", "record", error.message),)
    placed = (replace(problem, path=f"line {number} {problem.path}".rstrip()) for problem in problems)
    return UpdateError.of(*placed).about(
        operation=error.operation, connector=error.connector, environment=error.environment
    )
