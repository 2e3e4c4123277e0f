"""Reads of SB: rows in pages, and what changed since a tracking token."""

from __future__ import annotations

from afas_soap.sb.table import Table
from afas_soap.wire.sb.calls import SbCalls


class SbReader:
    """The reads of one customer environment, by the table of its operations."""

    def __init__(self, calls: SbCalls, table: Table) -> None:
        self._calls = calls
        self._table = table
