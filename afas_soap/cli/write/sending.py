"""``afas insert``, ``update`` and ``delete``: one command with three actions."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from afas_soap.cli.shared.connection import connect
from afas_soap.cli.shared.exits import FINE, UNKNOWN, not_taken
from afas_soap.cli.shared.payloads import every_problem_told
from afas_soap.cli.shared.signals import Stopped
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable
from afas_soap.cli.write.records import batch_from, run_batch
from afas_soap.cli.write.updates import checking_from, named, read_update
from afas_soap.client import ProfitClient
from afas_soap.profit.connectors.capabilities import Outgoing
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Update, check_action
from afas_soap.writing.checking import Checking


def send(action: Action, connector: str, file: str, options: dict[str, Any]) -> int | None:
    """Send what a command's options say, one call or a batch; gives the exit code."""
    dry, yes = options.pop("dry_run"), options.pop("yes")
    checking = checking_from(options, named(connector)[0], on=not options.pop("no_check"))
    batch = batch_from(action, named(connector), file, options, yes=yes)
    if batch is not None and dry:
        raise click.UsageError("--dry-run shows one call, and --journal is for many: leave one of them out")
    update = None if batch is not None else read_update(connector, file, action)
    with connect(options, writing=True) as profit:
        if batch is not None:
            _confirmed(action, f"all records of {file}", profit, file, yes=yes)
            return run_batch(profit, batch(profit), checking)
        assert update is not None, "one call, or a batch"
        check_action(update, action)
        with every_problem_told():
            ready = profit.ready(update, checking)
        if dry:
            click.echo(_shown(profit.outgoing(ready, Checking(on=False))))
            return None
        _confirmed(action, _counted(ready), profit, file, yes=yes)
        return _printed(_receipt(_sent(profit, ready)))


def _printed(receipt: str) -> int:
    """Print what came back. Where it cannot be written the update is booked all the same, and nobody may think that it
    was not sent."""
    reason = not_taken(receipt)
    if not reason:
        return FINE
    tell(f"afas: the update was booked, but its receipt cannot be written ({reason}): {printable(receipt)}")
    return UNKNOWN


def _sent(profit: ProfitClient, ready: Update) -> Receipt:
    try:
        return profit.send(ready, Checking(on=False))
    except (KeyboardInterrupt, Stopped):
        tell("afas: the update was under way: whether Profit booked it is not known, look before you send it again")
        raise


def _confirmed(action: Action, what: str, profit: ProfitClient, file: str, *, yes: bool) -> None:
    """Go on only when a delete was asked for knowingly."""
    if action is not Action.DELETE or yes:
        return
    if file == "-" or not sys.stdin.isatty():
        raise click.UsageError("a delete is for good: confirm it with --yes, for there is no terminal to ask on")
    click.confirm(f"Delete {what} in {profit.environment or 'this environment'} for good?", abort=True, err=True)


def _counted(update: Update) -> str:
    count = len(update.elements)
    what = f"{update.sub_object} of {update.connector}" if update.sub_object else update.connector
    return f"{count} record{'s' if count != 1 else ''} of {what}"


def _receipt(receipt: Receipt) -> str:
    shown = {"keys": [dict(keys) for keys in receipt.keys], "trace_id": receipt.trace_id}
    return json.dumps(shown, ensure_ascii=False)


def _shown(outgoing: Outgoing) -> str:
    head = [f"{outgoing.method} {outgoing.url}", *(f"{name}: {value}" for name, value in outgoing.headers.items())]
    body = outgoing.body.decode("utf-8", "replace")
    return "\n".join(map(printable, head)) + (f"\n\n{body}" if body else "")
