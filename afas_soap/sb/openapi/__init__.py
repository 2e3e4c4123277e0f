"""An OpenAPI file of SB read into the table of its operations."""

from __future__ import annotations

from afas_soap.sb.openapi.file import read
from afas_soap.sb.table import Table, shipped


def table(text: bytes) -> Table:
    """The shipped table with the operations of the file beside it; ``file.read`` says what it raises."""
    return read(text, shipped())
