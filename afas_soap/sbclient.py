"""Client facade for AFAS SB: one customer environment, read in pages and by changes, and written to once.

It hands everything to ``smallbusiness``; what each does stands there.
"""

from __future__ import annotations

import functools
import importlib
from types import TracebackType
from typing import TYPE_CHECKING, Self

from afas_soap.sb.table import Table, shipped

if TYPE_CHECKING:
    from afas_soap.smallbusiness.reader import SbReader
    from afas_soap.smallbusiness.writer import SbWriter
    from afas_soap.wire.sb.calls import SbCalls

__all__ = ["SBClient"]


class SBClient:
    """One customer environment of AFAS SB. Close it, or use it in ``with``."""

    def __init__(self, calls: SbCalls, *, table: Table | None = None) -> None:
        self._calls = calls
        self.table = shipped() if table is None else table

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of connections and files. Safe to call twice."""
        self._calls.transport.close()

    @property
    def environment(self) -> str:
        """The environment's name: ``demo/enyoi``, or a host."""
        return self._calls.environment

    @functools.cached_property
    def _reader(self) -> SbReader:
        reader: SbReader = importlib.import_module("afas_soap.smallbusiness.reader").SbReader(self._calls, self.table)
        return reader

    @functools.cached_property
    def _writer(self) -> SbWriter:
        writer: SbWriter = importlib.import_module("afas_soap.smallbusiness.writer").SbWriter(self._calls, self.table)
        return writer
