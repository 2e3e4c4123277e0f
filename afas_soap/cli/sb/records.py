"""Many records, a call each, with a journal: what ``afas sb post`` and its siblings do with ``--journal``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from afas_soap.batch import running as batches
from afas_soap.batch.batch import SETTLE, Batch
from afas_soap.batch.bodies import Bodies
from afas_soap.batch.lookup import Lookup
from afas_soap.batch.sending import Calls, Identified, Ticket
from afas_soap.cli.shared.batches import described, told
from afas_soap.cli.shared.progress import bar
from afas_soap.errors import QueryError, SettingsError
from afas_soap.limits import SB_REMEMBERS
from afas_soap.profit.questions.query import Condition, Operator
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.results import Result
from afas_soap.sbclient import SBClient
from afas_soap.smallbusiness.writer import Sent, Write, new_identifier

Body = Mapping[str, object]

_USUAL: Mapping[str, object] = {
    "parallel": 1,
    "lookup": None,
    "settle": SETTLE,
    "no_wait": False,
    "retry_refused": False,
    "accept": False,
    "repeat_within": SB_REMEMBERS,
}
_SB = "sb:"
# Two administrations of one environment may have the same invoice number.
_SCOPE = "AdministrationId"


def batch_from(file: str, options: dict[str, Any]) -> Callable[[SBClient, Operation], Batch[Body]] | None:
    """Take the batch out of a command's options: what makes it for a client, None for a single call."""
    journal = options.pop("journal")
    chosen = {name: options.pop(name) for name in _USUAL}
    if journal is None:
        _refuse_without_journal(chosen, file)
        return None
    if file == "-":
        raise click.UsageError(
            "a batch cannot come from standard input: it is read again when it goes on, so name a file"
        )
    lookup = None if chosen["lookup"] is None else _lookup(chosen["lookup"])
    within = chosen["repeat_within"]
    if not math.isfinite(within):
        raise click.UsageError("--repeat-within: a number of seconds")

    def made(sb: SBClient, operation: Operation) -> Batch[Body]:
        sb.writer.take_for_known(within)
        return Batch(
            Path(file),
            Bodies(operation),
            journal,
            sb.environment,
            parallel=chosen["parallel"],
            # What is repeated by itself may leave later than the journal says.
            settle=chosen["settle"] + sb.writer.repeats.margin,
            lookup=None if lookup is None else _scoped(lookup, sb, operation),
            wait=not chosen["no_wait"],
            retry_refused=chosen["retry_refused"],
            accept=chosen["accept"],
        )

    return made


def run_batch(sb: SBClient, batch: Batch[Body]) -> int:
    """Run it with a bar on standard error, print the summary as JSON, and give the exit code."""
    form = batch.form
    assert isinstance(form, Bodies), "batch_from made it"
    operation, repeats = form.operation, sb.writer.repeats

    def send(body: Body, ticket: Ticket) -> Receipt:
        sent = Sent(ticket.identifier, ticket.first, ticket.again, ticket.repeated, ticket.sought)
        return _receipt(sb.writer.send(Write(operation, body), sent))

    with bar("reading", described) as shown:
        calls: Calls[Body] = Calls(
            send=lambda body: _receipt(sb.writer.send(Write(operation, body), Sent(new_identifier()))),
            check=lambda body: sb.writer.ready(operation, body),
            prepare=lambda body: _prepared(sb, operation, body),
            ask=lambda lookup, value, most: _hits(sb, lookup, value, most),
            progress=shown,
            identified=Identified(send, new_identifier, max(0.0, repeats.window - repeats.margin)),
        )
        summary = batches.run(batch, calls)
    return told(summary)


def _prepared(sb: SBClient, operation: Operation, body: Body) -> Body:
    """Ready, with a token at hand: while one is waited for, nothing may be said to be on its way."""
    sb.writer.sign_in()
    return sb.writer.ready(operation, body).body


def _receipt(result: Result) -> Receipt:
    return Receipt((dict(result.ids),) if result.ids else (), result.trace_id)


def _hits(sb: SBClient, lookup: Lookup, value: str, most: int) -> int:
    """How many rows have this value, counted up to ``most``."""
    equal = [Condition(lookup.column, Operator.EQUALS, value)]
    if lookup.within:
        equal.append(Condition(lookup.scope, Operator.EQUALS, lookup.within))
    with sb.rows(lookup.connector, where=(tuple(equal),), take=most) as rows:
        return sum(1 for _ in rows)


def _scoped(lookup: Lookup, sb: SBClient, operation: Operation) -> Lookup:
    """The lookup within the administration of each record, where both have one. ``QueryError`` for a column that is
    none, before anything is sent."""
    read = sb.table.operation(lookup.connector, Verb.GET)
    if read.column(lookup.column) is None:
        raise QueryError(f"lookup: {lookup.connector} of SB has no column {lookup.column}.")
    both = read.column(_SCOPE) is not None and operation.field(_SCOPE) is not None
    return replace(lookup, scope=_SCOPE) if both else lookup


def _lookup(text: str) -> Lookup:
    try:
        return Lookup.parse(text.strip().removeprefix(_SB))
    except SettingsError:
        pass
    raise SettingsError(
        "lookup: it is spelt sb:CONNECTOR:COLUMN=FIELD, such as sb:debtorinvoicebalance:InvoiceNumber=InvoiceNumber: a "
        "column of a connector of SB, and the field of the record whose value it shows."
    )


def _refuse_without_journal(chosen: Mapping[str, object], file: str) -> None:
    for name, usual in _USUAL.items():
        if chosen[name] != usual:
            raise click.UsageError(f"--{name.replace('_', '-')} is for a batch: give --journal FILE as well")
    if Path(file).suffix.lower() in (".jsonl", ".ndjson"):
        raise click.UsageError(
            f"{file} holds a record a line, and each takes a call: give --journal FILE, so that none is made twice"
        )
