"""``afas attachment``: see ``cli.documents.saving``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afas_soap.cli.documents.saving import save
from afas_soap.cli.shared.connection import connect
from afas_soap.profit.documents.content import Attachment


def run(subject: int, file_id: str, *, reaction: int | None, output: Path | None, **options: Any) -> None:
    """One attachment, saved."""
    with connect(options) as profit:
        save(profit.attachment(subject, Attachment(subject, file_id, "", reaction)), output)
