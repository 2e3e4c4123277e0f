"""``afas import run``, ``definition`` and ``log``: an import sent, followed, and told with its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.exits import DIFFERENCES, FINE, UNKNOWN, not_taken
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable

if TYPE_CHECKING:
    from afas_soap.client import ProfitClient
    from afas_soap.imports.running import Importer
    from afas_soap.profit.imports.result import ImportResult


def run(name: str, file: Path, *, wait: bool, journal: Path | None, **options: Any) -> int:
    """A file, imported by a definition of Profit."""
    given = {key: options.pop(key) for key in ("with_", "administration", "environment_id", "again")}
    with _over_soap(options) as profit:
        importer = profit.importer(journal)
        return _followed(importer, importer.start(name, file, **given), wait=wait)


def definition(file: Path, *, wait: bool, journal: Path | None, **options: Any) -> int:
    """The definition of a GetConnector, imported."""
    given = {key: options.pop(key) for key in ("environment_id", "again")}
    with _over_soap(options) as profit:
        importer = profit.importer(journal)
        return _followed(importer, importer.start_definition(file, **given), wait=wait)


def log(command_id: str, *, wait: bool, journal: Path | None, **options: Any) -> int:
    """What became of an import."""
    with _over_soap(options) as profit:
        importer = profit.importer(journal)
        result = importer.log(command_id, wait=wait)
        if result is None and not any(run.command_id == command_id.strip().upper() for run in importer.runs()):
            tell(
                f"afas: the journal knows no import {printable(command_id)}: it was sent from elsewhere, or is mistyped"
            )
        return _told(result, command_id)


def _over_soap(options: dict[str, Any]) -> ProfitClient:
    """The protocol that has imports, unless another one was named here."""
    options["protocol"] = options.get("protocol") or "soap"
    return connect(options, writing=True)


def _followed(importer: Importer, command_id: str, *, wait: bool) -> int:
    """The id first: whoever is stopped from here on asks for the log by it."""
    tell(f"afas: import {command_id} is sent")
    return _told(importer.log(command_id), command_id) if wait else _printed(command_id, "its id")


def _told(result: ImportResult | None, command_id: str) -> int:
    if result is None:
        tell(f"afas: import {command_id} waits or runs, or its log was given to somebody else")
        return UNKNOWN
    code = FINE
    try:
        if result.log:
            log = "\n".join(printable(line) for line in result.log.strip("\n").splitlines())
            code = _printed(log, f"its log, which 'afas import log {command_id}' prints again,")
    finally:
        # Whatever became of the output: nobody may think that it was not sent, or that it succeeded.
        tell(f"afas: import {command_id} {_verdict(result)}")
    return code if result.succeeded else DIFFERENCES


def _printed(text: str, what: str) -> int:
    """Where it cannot be written the import is sent all the same, and is not to be sent again."""
    reason = not_taken(text)
    if not reason:
        return FINE
    tell(f"afas: the import was sent, but {what} cannot be written ({reason})")
    return UNKNOWN


def _verdict(result: ImportResult) -> str:
    if result.succeeded:
        return "is done"
    if result.already_imported:
        return "was refused: Profit has imported this file already, and nothing was imported twice"
    number = "" if result.number is None else f" [number {result.number}]"
    return f"failed: {printable(result.message) or 'Profit says no more'}{number}"
