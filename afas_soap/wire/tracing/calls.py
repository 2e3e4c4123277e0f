"""One line per call on the logger ``afas_soap.calls``: what, how much, how long, and the service's trace id."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sized
from typing import TypeVar

from afas_soap.errors import AfasError

_LOG = logging.getLogger("afas_soap.calls")
_Batch = TypeVar("_Batch", bound=Sized)


class Call:
    """What is counted during one call. The line is written once, by whichever end comes first."""

    def __init__(self, operation: str, connector: str | None, environment: str) -> None:
        self.operation = operation
        self.connector = connector
        self.environment = environment
        self.attempts = 0
        self.received = 0
        self.trace_id: str | None = None
        self._began = time.monotonic()
        self._rows: int | None = None
        self._written = False

    @property
    def seconds(self) -> float:
        """How long it lasts so far."""
        return time.monotonic() - self._began

    def counted(self, batches: Iterator[_Batch]) -> Iterator[_Batch]:
        """The same batches, whose records are counted as they are handed on."""
        self._rows = 0
        for batch in batches:
            self._rows += len(batch)
            yield batch

    def about(self, error: AfasError) -> AfasError:
        """``error``, knowing what this call was."""
        return error.about(operation=self.operation, connector=self.connector, environment=self.environment)

    def finish(self, outcome: str = "") -> None:
        """Write the line; ``outcome`` is the kind of error when there was one."""
        if self._written:
            return
        self._written = True
        _LOG.info("%s", self._line(outcome))

    def _line(self, outcome: str) -> str:
        what = f"{self.operation} {self.connector}" if self.connector else self.operation
        parts = [
            *([f"{self._rows} rows"] if self._rows is not None else []),
            f"{self.received} bytes",
            f"{self.seconds:.3f} s",
            "1 attempt" if self.attempts == 1 else f"{self.attempts} attempts",
            f"trace {self.trace_id}" if self.trace_id else "no trace id",
            *([outcome] if outcome else []),
        ]
        return f"{self.environment} {what}: {', '.join(parts)}"
