"""Many records, a call each, with a journal: what ``afas insert`` and its siblings do with ``--journal``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from afas_soap.batch import running as batches
from afas_soap.batch.batch import SETTLE, Batch
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.sending import Calls
from afas_soap.batch.updates import Updates
from afas_soap.cli.shared.batches import described, told
from afas_soap.cli.shared.progress import bar
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

_ONLY_WITH_JOURNAL = {"parallel": 1, "lookup": None, "settle": SETTLE, "no_wait": False, "retry_refused": False}


def batch_from(
    action: Action, connector: tuple[str, str], file: str, options: dict[str, Any], *, yes: bool = False
) -> Callable[[ProfitClient], Batch[Update]] | None:
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
        form=Updates(main, action, sub_object),
        journal=journal,
        environment=profit.environment,
        parallel=chosen["parallel"],
        settle=settle + (LATEST if _may_be_cured(profit) else 0.0),
        lookup=lookup,
        wait=not chosen["no_wait"],
        retry_refused=chosen["retry_refused"],
        trust_refused=yes,
    )


def run_batch(profit: ProfitClient, batch: Batch[Update], checking: Checking) -> int:
    """Run it with a bar on standard error, print the summary as JSON, and give the exit code."""
    if checking.on and checking.refresh and checking.schema is None:
        # Once, and not for each record.
        profit.kept_schema(batch.form.connector, refresh=True)
        checking = dataclasses.replace(checking, refresh=False)
    with bar("reading", described) as shown:
        calls = Calls(
            send=lambda update: profit.send(update, Checking(on=False)),
            check=lambda update: profit.approve(update, checking),
            prepare=lambda update: _ready(profit, update, checking),
            ask=lambda lookup, value, most: _hits(profit, lookup, value, most),
            progress=shown,
        )
        summary = batches.run(batch, calls)
    return told(summary)


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


def _refuse_without_journal(chosen: dict[str, Any], file: str) -> None:
    for name, usual in _ONLY_WITH_JOURNAL.items():
        if chosen[name] != usual:
            raise click.UsageError(f"--{name.replace('_', '-')} is for a batch: give --journal FILE as well")
    if Path(file).suffix.lower() in (".jsonl", ".ndjson"):
        raise click.UsageError(
            f"{file} holds a record a line, and each takes a call: give --journal FILE, so that none is booked twice"
        )
