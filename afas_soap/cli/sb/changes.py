"""``afas sb changes``: what changed since a tracking token, written, and then the cursor moved."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.sb.questions import changes_question
from afas_soap.cli.shared.connection import connect_sb
from afas_soap.cli.shared.output import Output, output_from, write
from afas_soap.cli.shared.streams import tell
from afas_soap.smallbusiness.cursor import check_apart


def run(connector: str, **options: Any) -> None:
    """The changes, written whole before the cursor moves."""
    question = changes_question(options)
    cursor = question["cursor"]
    if options["format_"] == "table":
        raise click.UsageError("a table may show a part of the records only: choose --format jsonl, json, csv or xml")
    if options["output"] is None and options["format_"] is None:
        options["format_"] = "jsonl"
    output = output_from(options)
    if cursor is not None:
        # The records go first, and then the cursor: it would take their place.
        _check_output(cursor, output)
    with connect_sb(options) as sb, sb.changes(connector, **question) as changes:
        write(changes.rows, changes.fields, output)
        changes.taken()
        if cursor is None:
            tell(f"afas: the next token is {changes.token}")


def _check_output(cursor: Path, output: Output) -> None:
    if output.path is not None:
        check_apart(cursor, output.path, "--output")
        return
    try:
        stream = sys.stdout.fileno()
    except (OSError, ValueError):
        # No file of the system's, so none of the cursor's.
        return
    check_apart(cursor, stream, "standard output")
