"""``afas sb changes``: what changed since a tracking token, written, and then the cursor moved."""

from __future__ import annotations

from typing import Any

import click

from afas_soap.cli.sb.questions import changes_question
from afas_soap.cli.shared.connection import connect_sb
from afas_soap.cli.shared.output import output_from, write
from afas_soap.cli.shared.streams import tell


def run(connector: str, **options: Any) -> None:
    """The changes, written whole before the cursor moves."""
    question = changes_question(options)
    cursor = question["cursor"]
    if options["format_"] == "table":
        raise click.UsageError("a table may show a part of the records only: choose --format jsonl, json, csv or xml")
    if options["output"] is None and options["format_"] is None:
        options["format_"] = "jsonl"
    output = output_from(options)
    with connect_sb(options) as sb, sb.changes(connector, **question) as changes:
        write(changes.rows, changes.fields, output)
        changes.taken()
        if cursor is None:
            tell(f"afas: the next token is {changes.token}")
