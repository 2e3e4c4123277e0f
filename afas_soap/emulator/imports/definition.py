"""Definitions of GetConnectors in the emulator's own text form (JSON), since AFAS' ``.gcn`` files are binary.

::

    {"emulator": "GetConnector", "name": "My_Debtors", "source": "Profit_Debtor", "columns": ["DebtorId", "DebtorName"]}
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

# As of the connectors of one's own files: it is the name of an element.
_NAME = re.compile(r"[^\W\d][\w.-]*")


@dataclass(frozen=True, slots=True)
class Definition:
    """A GetConnector ``name`` that shows ``columns`` of the one that is called ``source``."""

    name: str
    source: str
    columns: Sequence[str]


@runtime_checkable
class TakesDefinitions(Protocol):
    """A store that can be given GetConnectors while it runs."""

    def define(self, name: str, source: str, columns: Sequence[str]) -> None:
        """Add a GetConnector that shows some columns of another, in place of one of its name. Raises ``ProfitError``
        for a source or a column that is not there."""
        ...


def read_definition(data: bytes) -> Definition | None:
    """The definition, None for what is none in this form."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("emulator") != "GetConnector":
        return None
    name, source, columns = (document.get(member) for member in ("name", "source", "columns"))
    if not isinstance(name, str) or not _NAME.fullmatch(name) or not isinstance(source, str):
        return None
    if not isinstance(columns, list) or not columns or not all(isinstance(column, str) for column in columns):
        return None
    return Definition(name, source, tuple(columns))
