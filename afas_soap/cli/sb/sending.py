"""``afas sb post``, ``put`` and ``delete``: one call, shown with ``--dry-run``, or a batch (``cli.sb.records``)."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from afas_soap.batch.journal import Header, Journal
from afas_soap.cli.sb.records import batch_from, run_batch
from afas_soap.cli.shared.connection import connect_sb
from afas_soap.cli.shared.exits import FINE, UNKNOWN, not_taken
from afas_soap.cli.shared.payloads import every_problem_told, payload_of, tell_problems
from afas_soap.cli.shared.signals import Stopped
from afas_soap.cli.shared.streams import tell
from afas_soap.cli.shared.terminal import printable
from afas_soap.errors import Problem, SettingsError, UpdateError
from afas_soap.sb.jsonnumbers import dumps
from afas_soap.sb.jsonrecord import record_in
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.results import Result
from afas_soap.sbclient import SBClient
from afas_soap.smallbusiness.writer import Sent, Write, named, new_identifier
from afas_soap.wire.http.request import Request


def post(connector: str, file: str, **options: Any) -> int | None:
    """A record made; gives the exit code."""
    return _send(Verb.POST, connector, file, options)


def put(connector: str, file: str, **options: Any) -> int | None:
    """A record changed; gives the exit code."""
    return _send(Verb.PUT, connector, file, options)


def delete(
    connector: str,
    file: str | None,
    administration: str | None,
    identity: str | None,
    *,
    yes: bool,
    journal: Path | None,
    **options: Any,
) -> int | None:
    """An entry deleted; gives the exit code. With ``--id`` the journal is that of the batch which left it behind."""
    if (file is None) is (identity is None):
        raise click.UsageError("name what to delete: a FILE of JSON, or --administration and --id")
    if identity is None:
        assert file is not None, "one of them is there"
        return _send(Verb.DELETE, connector, file, {**options, "journal": journal}, yes=yes)
    body = {"AdministrationId": administration, "Id": identity}
    options = {**options, "journal": None, "told": journal}
    named = {name: value for name, value in body.items() if value is not None}
    return _send(Verb.DELETE, connector, "", options, body=named, yes=yes)


def _send(
    verb: Verb,
    connector: str,
    file: str,
    options: dict[str, Any],
    *,
    body: Mapping[str, object] | None = None,
    yes: bool = False,
) -> int | None:
    dry, identifier = options.pop("dry_run"), options.pop("identifier")
    version, told = options.pop("version"), options.pop("told", None)
    batch = batch_from(file, options)
    if batch is not None and (dry or identifier is not None):
        name = "--dry-run shows" if dry else "--identifier is of"
        raise click.UsageError(f"{name} one call, and --journal is for many: leave one of them out")
    if body is None and batch is None:
        body = _body(connector, file)
    sent = named(identifier) if identifier is not None else Sent(new_identifier())
    with connect_sb(options) as sb:
        operation = sb.writer.operation(connector, verb, version)
        if batch is not None:
            _confirmed(operation, f"all records of {file}", sb, file, yes=yes)
            return run_batch(sb, batch(sb, operation))
        assert body is not None, "one call, or a batch"
        with every_problem_told():
            ready = sb.writer.ready(operation, body)
        tell_problems(ready.doubts)
        if dry:
            click.echo(_shown(sb.writer.outgoing(ready, sent.identifier)))
            return None
        with _journal(told, ready, sb) as left:
            _confirmed(operation, f"a record of {operation.connector}", sb, file, yes=yes)
            code = _ended(_sent(sb, ready, sent))
            return code if left is None else _tell_journal(*left, str(ready.body["Id"]), code)


def _body(connector: str, file: str) -> Mapping[str, object]:
    """The object in a file. ``UpdateError`` for anything else."""
    data = payload_of(file)
    try:
        found = record_in(data.decode("utf-8-sig"))
    except UpdateError as error:
        failure = error
    except ValueError:
        told = f"{file} holds no JSON in UTF-8."
        if len(data.strip().splitlines()) > 1:
            told = f"{file} holds no JSON; a record a line is a batch, which takes --journal."
        failure = UpdateError.of(Problem("", "json", told))
    else:
        if isinstance(found, dict):
            return found
        failure = UpdateError.of(Problem("", "shape", "one call takes one record: a JSON object of its fields."))
    raise failure.about(connector=connector)


def _sent(sb: SBClient, ready: Write, sent: Sent) -> Result:
    try:
        return sb.writer.send(ready, sent)
    except (KeyboardInterrupt, Stopped):
        tell(
            "afas: the write was under way: whether SB carried it out is not known. Within a few minutes the same "
            f"command with --identifier {sent.identifier} is carried out once; later, look before you send it again"
        )
        raise


def _ended(result: Result) -> int:
    """Print what SB said. Where it cannot be written the write is carried out all the same, and nobody may think that
    it was not."""
    shown = _told(result)
    reason = not_taken(shown)
    if reason:
        tell(f"afas: SB carried it out, but its answer cannot be written ({reason}): {printable(shown)}")
    return UNKNOWN if reason else FINE


@contextlib.contextmanager
def _journal(path: Path | None, ready: Write, sb: SBClient) -> Iterator[tuple[Journal, int] | None]:
    """The journal of the batch which left an entry behind, open, with the position of its record; None where none is
    named. Whatever is wrong with it is told before anything is deleted, for afterwards it could not be told."""
    if path is None:
        yield None
        return
    if not path.is_file():
        raise SettingsError(f"There is no journal {path} that could be told: nothing was deleted.")
    header = Header(ready.operation.connector, None, "", sb.environment, "")
    with Journal(path, header, time.time) as journal:
        position = journal.of_kept(str(ready.body["Id"]))
        if position is None:
            raise SettingsError(
                f"The journal {path} does not know {ready.body['Id']} as left behind: nothing was deleted. Without "
                "--journal it is deleted all the same."
            )
        yield journal, position


def _tell_journal(journal: Journal, position: int, identity: str, code: int) -> int:
    """Say that the entry is gone; gives the exit code."""
    try:
        rest = journal.removed(position, identity)
    except SettingsError as error:
        tell(f"afas: it was deleted, and the journal does not say so ({printable(error.message)}): say --accept there")
        return UNKNOWN
    if rest:
        tell(f"afas: its record is still closed: of that {', '.join(rest)} is there as well")
    return code


def _told(result: Result) -> str:
    shown: dict[str, object] = {"result": result.outcome.value}
    if result.instances:
        shown["instances"] = list(result.instances)
    if result.data:
        shown["data"] = dict(result.data)
    if result.errors:
        shown["errors"] = list(result.errors)
    return dumps({**shown, "trace_id": result.trace_id}).decode()


def _confirmed(operation: Operation, what: str, sb: SBClient, file: str, *, yes: bool) -> None:
    """Go on only when a delete was asked for knowingly."""
    if operation.verb is not Verb.DELETE or yes:
        return
    if file == "-" or not sys.stdin.isatty():
        raise click.UsageError("a delete is for good: confirm it with --yes, for there is no terminal to ask on")
    click.confirm(f"Delete {what} in {sb.environment} for good?", abort=True, err=True)


def _shown(request: Request) -> str:
    head = [f"{request.method} {request.url}", *(f"{name}: {value}" for name, value in request.headers.items())]
    body = request.whole_body.decode("utf-8", "replace")
    return "\n".join(map(printable, head)) + f"\n\n{body}"
