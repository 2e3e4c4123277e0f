"""What the library logs, on stderr. Apart from the rest, so that who only converts a file loads no network."""

from __future__ import annotations

import logging

from afas_soap.cli.shared.terminal import printable


def log_to_stderr(*, verbose: bool, settings: bool = True) -> None:
    """Warnings as ``afas: ...`` on stderr; with ``verbose`` also the line that each call logs.

    ``settings`` false leaves out that nothing is configured.
    """
    logger = logging.getLogger("afas_soap")
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines("afas: %(message)s"))
    handler.addFilter(_Once())
    if not settings:
        handler.addFilter(lambda record: not record.getMessage().startswith(NOTHING))
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO if verbose else logging.WARNING)


NOTHING = "nothing is configured"


class _Lines(logging.Formatter):
    """One line a record, whatever a server put into it."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, printable."""
        return printable(super().format(record))


_ONCE = tuple(f"afas_soap.{name}" for name in ("export", "updates", "settings", "profit", "emulator"))


class _Once(logging.Filter):
    """What is said of a file, of records, of settings, of a filter or of the emulator's disk is said once: a comparison
    reads a file more than once and asks two sides, a batch looks at each record before it sends the first, and a full
    disk fails every call."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """False for such a line that was written before."""
        if record.name not in _ONCE:
            return True
        message = record.getMessage()
        fresh = message not in self._said
        self._said.add(message)
        return fresh
