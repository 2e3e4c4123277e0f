"""``afas import list``: the imports that the journal knows."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.shared.listing import aligned
from afas_soap.cli.shared.output import output_from, write_listing
from afas_soap.cli.shared.stderr import log_to_stderr
from afas_soap.cli.shared.terminal import printable
from afas_soap.imports.journal import ImportRun, Journal, journal_folder
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record

_FIELDS = Fields(
    "Imports",
    tuple(
        map(
            Field,
            ("sent", "environment", "state", "exit_code", "name", "administration", "file", "command_id", "number"),
        )
    ),
)
_SHOWN = 8


def run(*, journal: Path | None, **options: Any) -> None:
    """A row each."""
    log_to_stderr(verbose=False)
    output = output_from(options, listing=True)
    kept = Journal(journal or journal_folder())
    rows = [_row(run) for run in kept.runs()]
    if not rows:
        click.echo(f"afas: nothing was imported yet that {printable(str(kept.path))} knows", err=True)
    records: list[Record] = [dict(zip(_FIELDS.names, row, strict=True)) for row in rows]
    write_listing(records, _FIELDS, output, {"table": lambda: aligned([row[:_SHOWN] for row in rows])})


def _row(run: ImportRun) -> tuple[str, ...]:
    sent = datetime.datetime.fromtimestamp(run.sent, datetime.UTC)
    subject = run.subject
    return (
        f"{sent:%Y-%m-%dT%H:%M:%SZ}",
        subject.environment,
        str(run.state),
        "" if run.exit_code is None else str(run.exit_code),
        subject.name,
        subject.administration,
        subject.file,
        run.command_id,
        "" if run.number is None else str(run.number),
    )
