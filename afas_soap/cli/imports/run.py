"""``afas import run``, ``definition`` and ``log``: an import sent, followed, and told with its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.exits import DIFFERENCES, FINE, UNKNOWN
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
        return _told(profit.importer(journal).log(command_id, wait=wait), command_id)


def _over_soap(options: dict[str, Any]) -> ProfitClient:
    """The protocol that has imports, unless another one was named here."""
    options["protocol"] = options.get("protocol") or "soap"
    return connect(options, writing=True)


def _followed(importer: Importer, command_id: str, *, wait: bool) -> int:
    """The id first: whoever is stopped from here on asks for the log by it."""
    click.echo(f"afas: import {command_id} is sent", err=True)
    if wait:
        return _told(importer.log(command_id), command_id)
    click.echo(command_id)
    return FINE


def _told(result: ImportResult | None, command_id: str) -> int:
    if result is None:
        click.echo(f"afas: import {command_id} waits or runs, or its log was given to somebody else", err=True)
        return UNKNOWN
    if result.log:
        click.echo("\n".join(printable(line) for line in result.log.strip("\n").splitlines()))
    click.echo(f"afas: import {command_id} {_verdict(result)}", err=True)
    return FINE if result.succeeded else DIFFERENCES


def _verdict(result: ImportResult) -> str:
    if result.succeeded:
        return "is done"
    if result.already_imported:
        return "was refused: Profit has imported this file already, and nothing was imported twice"
    number = "" if result.number is None else f" [number {result.number}]"
    return f"failed: {printable(result.message) or 'Profit says no more'}{number}"
