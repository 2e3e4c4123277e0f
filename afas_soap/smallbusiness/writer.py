"""Writes of SB: checked, carried out once, and told with what became of them."""

from __future__ import annotations

from afas_soap.sb.table import Table
from afas_soap.wire.sb.calls import SbCalls


class SbWriter:
    """The writes of one customer environment, by the table of its operations."""

    def __init__(self, calls: SbCalls, table: Table) -> None:
        self._calls = calls
        self._table = table
