"""``afas dossier export``: attachments to a folder or a ZIP."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.exits import FINE, exit_code
from afas_soap.cli.shared.progress import bar
from afas_soap.cli.shared.question import filters
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable
from afas_soap.dossier import exporting
from afas_soap.dossier.exporting import ZIP, Export, Summary
from afas_soap.dossier.layout import Chosen
from afas_soap.dossier.progress import Progress
from afas_soap.errors import NotFound
from afas_soap.profit.questions.query import Condition, Filter, Operator
from afas_soap.profit.questions.where import wire_value

_MEGABYTE = 2**20


def run(connector: str, **options: Any) -> int:
    """Export what is not there yet, or count it; gives the exit code."""
    dry, to = options.pop("dry_run"), _target(options.pop("to"))
    chosen = Chosen(
        subject=options.pop("subject"),
        folders=_names(options.pop("folders")),
        columns=_names(options.pop("columns")),
    )
    where = _since(filters(options.pop("where")), options.pop("since"), options.pop("by"))
    wanted = {name: options.pop(name) for name in ("reactions", "parallel", "delimiter")}
    with bar("asking", described) as progress, connect(options) as profit:
        export = Export(to, connector, where=where, chosen=chosen, progress=progress, **wanted)
        summary = exporting.count(export, profit) if dry else exporting.run(export, profit)
    return _told(summary, export, dry=dry)


def described(far: Progress) -> str:
    """How far an export is, in words: ``fetching 12 of 1,500, 3.4 MB, 0:02:10 left``."""
    parts = [f"{far.phase} {far.count:,}" + ("" if far.total is None else f" of {far.total:,}")]
    parts += [f"{far.size / _MEGABYTE:,.1f} MB"] if far.size else []
    parts += [] if far.seconds is None else [f"{datetime.timedelta(seconds=round(far.seconds))} left"]
    return ", ".join(parts)


def _target(given: str) -> Path:
    """Where it goes. What ends in a slash is a folder, which a path does not tell any more."""
    to = Path(given)
    if not given:
        raise click.UsageError("--to: name a folder, or a file that ends in .zip")
    if given.endswith(("/", os.sep)) and to.suffix.lower() == ZIP:
        raise click.UsageError(
            f"--to {given} is a folder, and what ends in {ZIP} becomes one file: name the folder otherwise, or leave "
            "the slash out"
        )
    return to


def _names(given: str | None) -> tuple[str, ...] | None:
    """``A,B`` as names; "" chooses none."""
    return None if given is None else tuple(name.strip() for name in given.split(",") if name.strip())


def _since(where: tuple[Filter, ...], since: str | None, by: str | None) -> tuple[Filter, ...]:
    """The filters, each with the condition that a change is as recent as that."""
    if since is None and by is None:
        return where
    if since is None or not by:
        raise click.UsageError("--since DATE and --by COLUMN belong together: which column tells of changes?")
    try:
        moment = datetime.datetime.fromisoformat(since)
    except ValueError:
        problem = click.UsageError(f"--since {since!r} is no date: write 2026-11-30, or 2026-11-30T08:00:00")
    else:
        recent = Condition(by, Operator.GREATER_OR_EQUAL, wire_value(moment))
        return tuple((*each, recent) for each in where or ((),))
    raise problem


def _told(summary: Summary, export: Export, *, dry: bool) -> int:
    """What became of it, a line for each file that is not there and one for all; gives the exit code."""
    for entry in (*summary.missing, *summary.failed, *summary.empty):
        item, name = entry.attachment.subject, entry.attachment.name
        tell(printable(f"afas: dossier item {item}, {name or 'a file without a name'}: {entry.reason}"))
    tell(
        printable(
            f"afas: {_counted(summary.items, 'dossier item')}, {_counted(summary.files, 'file')}: "
            f"{', '.join(_parts(summary, dry=dry))}{'' if dry else f'; {_where(summary, export)}'}"
        )
    )
    refused = [error for error in summary.errors if not isinstance(error, NotFound)]
    return exit_code([*refused, *summary.errors][0]) if summary.errors else FINE


def _where(summary: Summary, export: Export) -> str:
    if export.published(summary):
        return f"they are in {export.target}"
    return f"no {export.target} yet: they are in {export.folder}, and the same command tries the others again"


def _parts(summary: Summary, *, dry: bool) -> list[str]:
    if dry:
        return [f"{summary.before:,} there already", f"{summary.left:,} to fetch"]
    parts = [f"{summary.fetched:,} fetched ({summary.size:,} bytes)"]
    counts = {"there already": summary.before, "not found": len(summary.missing), "failed": len(summary.failed)}
    counts["empty"] = len(summary.empty)
    return parts + [f"{count:,} {what}" for what, count in counts.items() if count]


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
