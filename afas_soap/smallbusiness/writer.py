"""Writes of SB: checked, carried out once, and told with what became of them."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from afas_soap.errors import Fate, Problem, QueryError, SBError, Uncertain, UpdateError, Weight
from afas_soap.sb.bodies import checked, spelt
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.results import Result
from afas_soap.sb.table import Table
from afas_soap.smallbusiness.repeats import Repeats
from afas_soap.wire.http.request import Request
from afas_soap.wire.http.transport import LATEST
from afas_soap.wire.sb.calls import SbCalls, read_result

_OF_VERSION = re.compile(r"\b(version|versie)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Write:
    """A write that passed the check: the ``body`` as it is sent, and the ``doubts`` that are only told."""

    operation: Operation
    body: Mapping[str, object] = field(repr=False)
    doubts: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What a write is sent under. ``identifier`` is what each repeat of it carries, ``first`` when it was sent first in
    seconds since 1970, None for now; ``again`` is called before a repeat. ``repeated`` is whether it may have arrived
    before, and ``sought`` whether an earlier one under another identifier may have, which a lookup did not find."""

    identifier: str
    first: float | None = None
    again: Callable[[], None] = lambda: None
    repeated: bool = False
    sought: bool = False


def new_identifier() -> str:
    """A ``Tracking-Identifier`` that nobody has."""
    return str(uuid.uuid4())


class SbWriter:
    """The writes of one customer environment, by the table of its operations. ``now`` is in seconds since 1970."""

    def __init__(
        self,
        calls: SbCalls,
        table: Table,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._table = table
        self._now = now
        patience = calls.transport.link.retry_total
        self.repeats = Repeats(now, sleep, patience=patience, margin=patience + LATEST)

    def take_for_known(self, seconds: float) -> None:
        """Repeat within so many seconds, and not behind them: what SB is taken to know."""
        self.repeats = replace(self.repeats, window=seconds)

    def sign_in(self) -> None:
        """See to it that an access token is at hand, so that the next write need not wait for one."""
        self._calls.transport.sign_in()

    def operation(self, connector: str, verb: Verb, version: str | None = None) -> Operation:
        """A write of the table. ``QueryError`` for one that it does not have."""
        return self._table.operation(connector, verb, version)

    def ready(self, operation: Operation, body: Mapping[str, object]) -> Write:
        """The write, checked. Raises ``UpdateError`` with every problem of the body."""
        if not isinstance(body, Mapping):
            raise QueryError(f"{operation.title} takes an object of fields, and no {type(body).__name__}.")
        folded, problems = checked(operation, body)
        if any(problem.weight is Weight.ERROR for problem in problems):
            raise UpdateError.of(*problems).about(
                operation=operation.verb.lower(), connector=operation.connector, environment=self._calls.environment
            )
        return Write(operation, folded, problems)

    def outgoing(self, write: Write, identifier: str) -> Request:
        """The request as it would be sent, secrets masked; nothing is sent."""
        request = self._calls.writing(write.operation, spelt(write.body), identifier)
        return self._calls.transport.outgoing(request)

    def write(
        self, verb: Verb, connector: str, body: Mapping[str, object], *, version: str | None, identifier: str | None
    ) -> Result:
        """What SB says of one write."""
        ready = self.ready(self.operation(connector, verb, version), body)
        return self.send(ready, named(identifier) if identifier else Sent(new_identifier()))

    def send(self, write: Write, sent: Sent) -> Result:
        """Send it, and again under the same identifier where a fault of the way leaves open whether it arrived.

        Raises ``SBError`` for anything but ``Succeeded`` (``Fate.STORED`` where SB kept something all the same), and
        ``Uncertain`` for what may have been carried out.
        """
        content = spelt(write.body)
        first = self._now() if sent.first is None else sent.first
        try:
            return self.repeats.carried_out(
                lambda: self._calls.write(write.operation, content, sent.identifier, read_result),
                first=first,
                again=sent.again,
                repeated=sent.repeated,
                sought=sent.sought,
            )
        except SBError as error:
            failure: SBError | Uncertain = self._offering(error, write)
        except Uncertain as error:
            failure = error.retold(Uncertain, f"{error.message} Its Tracking-Identifier is {sent.identifier}.")
        raise failure

    def _offering(self, error: SBError, write: Write) -> SBError:
        """The error with what to do about that which SB kept."""
        if error.outcome is not Fate.STORED:
            return self._other_version(error, write.operation)
        connector = write.operation.connector
        remedy = "Correct it in the application"
        if error.created_in_error and Verb.DELETE in self._table.verbs(connector):
            of = _administration(write.body)
            remedy += " or delete it: " + "; ".join(
                f"afas sb delete {connector}{of} --id {identity}" for identity in error.created_in_error
            )
        told = f"SB kept {', '.join(error.made)}" if error.made else "SB kept something of it, and did not say what"
        return error.retold(
            SBError, f"{_ended(error.message)} {told}: send nothing of it again before that is seen to. {remedy}."
        )

    def _other_version(self, error: SBError, operation: Operation) -> SBError:
        """The error, with the versions that there are where it is about that."""
        others = [
            each for each in self._table.versions(operation.connector, operation.verb) if each != operation.version
        ]
        if error.result is not None or not others or not _OF_VERSION.search(error.message):
            return error
        told = f"{operation.version} was asked for; name another (version=, CLI: --version): {', '.join(others)}."
        return error.retold(SBError, f"{_ended(error.message)} {told}")


def _ended(message: str) -> str:
    return message if message.endswith((".", "!", "?")) else f"{message}."


def named(identifier: str) -> Sent:
    """What is sent under the identifier of a call before, of which it is not known what became. ``QueryError`` for one
    that is none."""
    return Sent(checked_identifier(identifier), repeated=True)


def checked_identifier(identifier: str) -> str:
    """``identifier`` as a UUID is spelt. ``QueryError`` for what is none."""
    try:
        return str(uuid.UUID(identifier))
    except (ValueError, AttributeError, TypeError):
        pass
    raise QueryError("identifier: it is a UUID, such as an error told when it was not known what became of a write.")


def _administration(body: Mapping[str, object]) -> str:
    found = next((value for name, value in body.items() if name.lower() == "administrationid"), None)
    return f" --administration {found}" if found else ""
