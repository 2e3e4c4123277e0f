"""``afas report``: see ``cli.documents.saving``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afas_soap.cli.documents.saving import save
from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.question import filters


def run(report_id: str, *, where: tuple[str, ...], output: Path | None, **options: Any) -> None:
    """One report, saved."""
    chosen = filters(where)
    with connect(options) as profit:
        save(profit.report(report_id, chosen), output)
