"""What is told of a batch: how far it is, what became of its records, and with which exit code."""

from __future__ import annotations

import json

import click

from afas_soap.batch.batch import Summary
from afas_soap.batch.sending import Ending, Progress
from afas_soap.cli.shared.exits import FINE, REFUSED, STORED, UNKNOWN, not_taken
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable


def told(summary: Summary) -> int:
    """Print the summary as JSON, and a line for each record that was not booked on standard error; gives the exit code,
    or raises what stopped the batch."""
    for what, endings in (
        ("refused", summary.refused),
        ("refused before", summary.refused_before),
        ("stored", summary.stored),
        ("stored before", summary.stored_before),
        ("not sent", summary.not_sent),
    ):
        for ending in endings:
            click.echo(printable(f"afas: line {ending.line} {what}: {ending.message}"), err=True)
    code, shown = _code(summary), _shown(summary)
    reason = not_taken(shown)
    if reason:
        # What was done is done: nobody may take that for nothing.
        tell(f"afas: what became of the batch cannot be written ({reason}), and is in the journal: {shown}")
    if summary.stopped is not None:
        raise summary.stopped
    return UNKNOWN if reason and code == FINE else code


def described(far: Progress) -> str:
    """How far a batch is."""
    if far.phase == "waiting":
        return f"waiting {far.seconds:.0f} s for what may still arrive"
    # While the file is read nobody knows how many there will be.
    count = f"{far.count:,} so far" if far.total is None else f"{far.count:,} of {far.total:,}"
    return ", ".join([far.phase, count, *([f"{far.refused:,} refused"] if far.refused else [])])


def _code(summary: Summary) -> int:
    if summary.stored or summary.stored_before:
        return STORED
    return REFUSED if summary.refused or summary.refused_before else FINE


def _shown(summary: Summary) -> str:
    kept = {"stored": _lines(summary.stored), "stored_before": _lines(summary.stored_before)}
    return json.dumps(
        {
            "total": summary.total,
            "done": summary.done,
            "done_before": summary.done_before,
            "found": summary.found,
            "refused": _lines(summary.refused),
            "refused_before": _lines(summary.refused_before),
            # AFAS SB alone does that.
            **(kept if any(kept.values()) else {}),
            "not_sent": _lines(summary.not_sent),
            "uncertain": _lines(summary.uncertain),
            "left": summary.left,
        }
    )


def _lines(endings: tuple[Ending, ...]) -> list[int]:
    return [ending.line for ending in endings]
