"""What the library logs, on stderr. Apart from the rest, so that who only converts a file loads no network."""

from __future__ import annotations

import logging


def log_to_stderr(*, verbose: bool) -> None:
    """Warnings as ``afas: ...`` on stderr; with ``verbose`` also the line that each call logs."""
    logger = logging.getLogger("afas_soap")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("afas: %(message)s"))
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO if verbose else logging.WARNING)
