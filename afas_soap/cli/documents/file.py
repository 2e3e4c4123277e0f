"""``afas file``: see ``cli.documents.saving``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afas_soap.cli.documents.saving import over_rest, save
from afas_soap.cli.shared.connection import connect


def run(file_id: str, name: str, *, output: Path | None, **options: Any) -> None:
    """One file, saved."""
    with connect(options) as profit:
        save(over_rest(profit).file(file_id, name), output)
