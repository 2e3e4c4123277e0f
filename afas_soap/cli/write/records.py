"""Many records, a call each, with a journal: what ``afas insert`` and its siblings do with ``--journal``."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.batch import running as batches
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.running import Batch, Summary
from afas_soap.batch.sending import Calls, Ending
from afas_soap.batch.sending import Progress as HowFar
from afas_soap.cli.shared.exits import FINE, REFUSED, reported
from afas_soap.cli.shared.progress import bar
from afas_soap.cli.shared.terminal import printable
from afas_soap.client import ProfitClient
from afas_soap.profit.access.credentials import OAuth
from afas_soap.profit.questions.query import Condition, Operator
from afas_soap.profit.updates.update import Action, Update
from afas_soap.settings import Settings
from afas_soap.wire.http.transport import LATEST
from afas_soap.writing.checking import Checking

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

# A journal says when a record was sent first. A call that is repeated by itself is sent later than that, which the time
# to settle has to allow for: so no call is, unless somebody wants it.
_NO_REPEATS, _REPEATS = 0.0, Settings.retry_total

_ONLY_WITH_JOURNAL = {"parallel": 1, "lookup": None, "settle": batches.SETTLE, "no_wait": False, "retry_refused": False}


def batch_from(
    action: Action, connector: tuple[str, str], file: str, options: dict[str, Any], *, yes: bool = False
) -> Callable[[ProfitClient], Batch] | None:
    """Take the batch out of a command's options: what makes it for a client, None for a single call."""
    journal, *given = (options.pop(name) for name in ("journal", *_ONLY_WITH_JOURNAL))
    chosen = dict(zip(_ONLY_WITH_JOURNAL, given, strict=True))
    if journal is None:
        _refuse_without_journal(chosen, file)
        return None
    if file == "-":
        raise click.UsageError(
            "a batch cannot come from standard input: it is read again when it goes on, so name a file"
        )
    if options.get("retry_total") is None:
        options["retry_total"] = _REPEATS if options.get("retry_locked") else _NO_REPEATS
    settle = chosen["settle"] + options["retry_total"]
    lookup = None if chosen["lookup"] is None else Lookup.parse(chosen["lookup"])
    main, sub_object = connector
    return lambda profit: Batch(
        path=Path(file),
        connector=main,
        journal=journal,
        environment=profit.environment,
        action=action,
        sub_object=sub_object,
        parallel=chosen["parallel"],
        settle=settle + (LATEST if _may_be_cured(profit) else 0.0),
        lookup=lookup,
        wait=not chosen["no_wait"],
        retry_refused=chosen["retry_refused"],
        trust_refused=yes,
    )


def run_batch(profit: ProfitClient, batch: Batch, checking: Checking) -> int:
    """Run it with a bar on standard error, print the summary as JSON, and give the exit code."""
    if checking.on and checking.refresh and checking.schema is None:
        # Once, and not for each record.
        profit.kept_schema(batch.connector, refresh=True)
        checking = dataclasses.replace(checking, refresh=False)
    with bar("reading", _described) as shown:
        calls = Calls(
            send=lambda update: profit.send(update, Checking(on=False)),
            check=lambda update: profit.approve(update, checking),
            prepare=lambda update: _ready(profit, update, checking),
            ask=lambda lookup, value, most: _hits(profit, lookup, value, most),
            progress=shown,
        )
        summary = batches.run(batch, calls)
    for what, endings in (
        ("refused", summary.refused),
        ("refused before", summary.refused_before),
        ("not sent", summary.not_sent),
    ):
        for ending in endings:
            click.echo(printable(f"afas: line {ending.line} {what}: {ending.message}"), err=True)
    code = reported(_told(summary), REFUSED if summary.refused or summary.refused_before else FINE)
    if summary.stopped is not None:
        raise summary.stopped
    return code


def _may_be_cured(profit: ProfitClient) -> bool:
    """Whether a call may be sent once more because its credential was refused, and so later than the journal says."""
    return profit.settings is not None and isinstance(profit.settings.credential, OAuth)


def _ready(profit: ProfitClient, update: Update, checking: Checking) -> Update:
    """Ready, with a token at hand: while one is waited for, nothing may be said to be on its way."""
    if profit.opened is not None:
        profit.opened.transport.sign_in()
    # It was checked, and is what it was then.
    return profit.arranged(update, checking)


def _hits(profit: ProfitClient, lookup: Lookup, value: str, most: int) -> int:
    """How many rows have this value, counted up to ``most``."""
    equal = Condition(lookup.column, Operator.EQUALS, value)
    with profit.rows(lookup.connector, where=((equal,),), take=most, page_size=max(most, 1)) as rows:
        return sum(1 for _ in rows)


def _told(summary: Summary) -> str:
    return json.dumps(
        {
            "total": summary.total,
            "done": summary.done,
            "done_before": summary.done_before,
            "found": summary.found,
            "refused": _lines(summary.refused),
            "refused_before": _lines(summary.refused_before),
            "not_sent": _lines(summary.not_sent),
            "uncertain": _lines(summary.uncertain),
            "left": summary.left,
        }
    )


def _lines(endings: tuple[Ending, ...]) -> list[int]:
    return [ending.line for ending in endings]


def _refuse_without_journal(chosen: dict[str, Any], file: str) -> None:
    for name, usual in _ONLY_WITH_JOURNAL.items():
        if chosen[name] != usual:
            raise click.UsageError(f"--{name.replace('_', '-')} is for a batch: give --journal FILE as well")
    if Path(file).suffix.lower() in (".jsonl", ".ndjson"):
        raise click.UsageError(
            f"{file} holds a record a line, and each takes a call: give --journal FILE, so that none is booked twice"
        )


def _described(far: HowFar) -> str:
    if far.phase == "waiting":
        return f"waiting {far.seconds:.0f} s for what may still arrive"
    # While the file is read nobody knows how many there will be.
    count = f"{far.count:,} so far" if far.total is None else f"{far.count:,} of {far.total:,}"
    return ", ".join([far.phase, count, *([f"{far.refused:,} refused"] if far.refused else [])])
