"""``afas image``: see ``cli.documents.saving``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from afas_soap.cli.documents.saving import over_rest, save
from afas_soap.cli.shared.connection import connect
from afas_soap.profit.documents.content import Size


def run(image_id: str, *, size: str, output: Path | None, **options: Any) -> None:
    """One picture, saved."""
    with connect(options) as profit:
        save(over_rest(profit).image(image_id, Size[size.upper()]), output)
