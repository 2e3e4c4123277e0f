"""``afas update``: see ``cli.write.sending``."""

from __future__ import annotations

from typing import Any

from afas_soap.cli.write.sending import send
from afas_soap.profit.updates.update import Action


def run(connector: str, file: str, **options: Any) -> int | None:
    """Records, sent; gives the exit code."""
    return send(Action.UPDATE, connector, file, options)
