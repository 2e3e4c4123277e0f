"""``afas compare``: the same question to two sides."""

from __future__ import annotations

import contextlib
import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from afas_soap.cli.read.reports import REPORTS, Case, Failure, one_as_text, total
from afas_soap.cli.shared.connection import arguments_from
from afas_soap.cli.shared.exits import DIFFERENCES, FAULT, FINE, told
from afas_soap.cli.shared.output import format_of, put
from afas_soap.cli.shared.question import filters
from afas_soap.cli.shared.streams import tell
from afas_soap.client import ProfitClient, Question
from afas_soap.compare import Report, Side, Tolerances, compare
from afas_soap.errors import AfasError, QueryError, SettingsError
from afas_soap.export.saved import open_saved, read_fields
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.query import Filter
from afas_soap.profit.rows import Reading, Rows
from afas_soap.sb.operation import Verb
from afas_soap.sbclient import SBClient
from afas_soap.settings.resolving import resolve
from afas_soap.smallbusiness.question import order_of

_TITLES = {"profit": "AFAS Profit", "sb": "AFAS SB"}
_REMEDIES = {
    "profit": "name the profile of Profit, profile:NAME; the side with rows of SB is sb:CONNECTOR",
    "sb": "choose the profile of SB (--profile, AFAS_PROFILE), and name that of Profit as the other side, profile:NAME",
}


@dataclass(frozen=True, slots=True)
class _Opened:
    """One side for one connector. ``sort`` is by which columns its rows come, () where that is not known; ``guess`` is
    by which they come perhaps."""

    side: Side
    sort: tuple[str, ...] = ()
    guess: tuple[str, ...] = ()


# Opens one side for one connector, sorted as the other side is: by its ``sort``, or else perhaps its ``guess``.
Opener = Callable[[str, tuple[str, ...], tuple[str, ...]], _Opened]

_ENDINGS = {".txt": "table", ".json": "json", ".xml": "junit"}

# The variables that say where to ask, and as whom.
_WHERE_AND_WHO = (
    *("AFAS_ENVIRONMENT", "AFAS_SOAP_URL", "AFAS_REST_URL", "AFAS_TOKEN", "AFAS_TOKEN_FILE", "AFAS_AUTH"),
    *("AFAS_CLIENT_ID", "AFAS_CLIENT_SECRET", "AFAS_CLIENT_SECRET_FILE", "AFAS_PRIVATE_KEY_FILE"),
)


def run(connectors: tuple[str, ...], *, all_: bool, left: str, right: str, **options: Any) -> int:
    """Both sides of each connector, compared and reported; gives the exit code."""
    connectors = connectors or _named_by(left, right)
    if bool(connectors) is all_:
        raise click.UsageError("name the connectors to compare, or give --all")
    format_, path = _report_from(options)
    # Who compares all connectors of an environment waits long for the last one.
    at_once = format_ == "table" and path is None
    key = tuple(name for name in (options.pop("key") or "").split(",") if name)
    window = options.pop("window")
    tolerances = Tolerances(**{name: options.pop(name) for name in ("trailing_blanks", "decimals", "seconds", "order")})
    asked = _Asked(filters(options.pop("where")), options.pop("replace_controls"), _columns(options, connectors))
    verbose = bool(options["verbose"])
    cases: list[Case] = []
    with contextlib.ExitStack() as stack:
        sides = _Sides(stack, arguments_from(options), asked)
        openers = (sides.opener(left), sides.opener(right))

        def compared(name: str) -> Report:
            first = openers[0](name, key, ())
            second = openers[1](name, key or first.sort, first.guess)
            return compare(first.side, second.side, key=key, tolerances=tolerances, window=window)

        for name in sides.every_connector() if all_ else connectors:
            case = _case(name, compared, verbose=verbose)
            cases.append(case)
            if at_once:
                click.echo(one_as_text(case), nl=False)
    put([total(cases) if at_once else REPORTS[format_](cases)], path)
    return _code(cases)


def _named_by(*sides: str) -> tuple[str, ...]:
    """The connector that a side of AFAS SB names, where the command line names none; () for no such side."""
    return tuple(side.partition(":")[2] for side in sides if side.startswith("sb:"))[:1]


def _report_from(options: dict[str, Any]) -> tuple[str, Path | None]:
    """Take out of a command's options what the report becomes, and the file it goes to."""
    given, path = options.pop("format_"), options.pop("output")
    if path is None or path == Path("-"):
        return given or "table", None
    return given or format_of(path, _ENDINGS), path


def _case(connector: str, compared: Callable[[str], Report], *, verbose: bool) -> Case:
    """Compare one connector; what keeps it from that does not keep the others."""
    began = time.monotonic()
    try:
        report = compared(connector)
    except Exception as problem:  # noqa: BLE001 - of whatever kind: the others are compared all the same
        seconds = time.monotonic() - began
        if isinstance(problem, AfasError):
            problem.about(connector=connector)
        code, line = told(problem)
        tell(f"afas: {line}")
        if code == FAULT and verbose:
            tell("".join(traceback.format_exception(problem)).rstrip())
        return Case(connector, seconds, failure=Failure(type(problem).__name__, code, line))
    return Case(connector, time.monotonic() - began, report)


def _code(cases: Sequence[Case]) -> int:
    """That of the first error, otherwise whether something differs."""
    differing = any(not case.equal for case in cases)
    return next((case.failure.code for case in cases if case.failure), DIFFERENCES if differing else FINE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of both sides: which rows, and whether characters that XML cannot carry are replaced; ``fields``
    are the columns of files."""

    where: tuple[Filter, ...]
    replace_controls: bool
    fields: Fields | None


def _columns(options: dict[str, Any], connectors: tuple[str, ...]) -> Fields | None:
    path = options.pop("fields")
    if path is not None and len(connectors) != 1:
        raise click.UsageError("--fields holds the columns of one connector: compare one at a time")
    return None if path is None else read_fields(path)


class _Sides:
    """Opens the sides that a command line names; a client is shared by every connector."""

    def __init__(self, stack: contextlib.ExitStack, settings: dict[str, Any], asked: _Asked) -> None:
        self.stack = stack
        self.settings = settings
        self.asked = asked
        self.clients: list[ProfitClient] = []

    def every_connector(self) -> tuple[str, ...]:
        """The GetConnectors that the credentials of the first live side may use."""
        if not self.clients:
            raise click.UsageError("--all asks a live side what there is: name the connectors in these files")
        return tuple(entry.id for entry in self.clients[0].connectors().get_connectors)

    def opener(self, text: str) -> Opener:
        """The side that ``soap``, ``rest``, ``profile:NAME``, ``sb:CONNECTOR`` or ``file:PATH`` names."""
        kind, _, rest = text.partition(":")
        if text in ("soap", "rest"):
            return self._live(text, {**self.settings, "protocol": text})
        if kind == "profile" and rest:
            _tell_what_overrides(text)
            return self._live(text, {**self.settings, "profile": rest})
        if kind == "sb" and rest:
            return self._small_business(text, rest)
        if kind == "file" and rest:
            if self.asked.where:
                raise click.UsageError(f"--where cannot choose among the rows of {text}: compare it whole")
            return lambda connector, _sort, _guess: _saved(text, Path(rest), connector, self.asked)
        raise click.UsageError(f"{text!r} is no side: soap, rest, profile:NAME, sb:CONNECTOR or file:PATH")

    def _live(self, name: str, settings: dict[str, Any]) -> Opener:
        with _told_whose(name, settings, "profit"):
            client = self.stack.enter_context(ProfitClient.connect(**settings))
        self.clients.append(client)
        name = f"{name} {client.environment}"

        def open_side(connector: str, sort: tuple[str, ...], guess: tuple[str, ...]) -> _Opened:
            fields = client.fields(connector)
            # The same sort on both sides, unless this one has no such columns: then the report says that anyway.
            order_by = [column for column in sort or guess if column in fields] or list(fields.names[:1])
            question: Question = {
                "where": self.asked.where or None,
                "order_by": order_by,
                "replace_controls": self.asked.replace_controls,
            }
            return _Opened(Side(name, fields, lambda: client.rows(connector, **question)), tuple(order_by))

        return open_side

    def _small_business(self, name: str, connector: str) -> Opener:
        """The rows of a connector of AFAS SB, whatever the other side calls it."""
        with _told_whose(name, self.settings, "sb"):
            client = self.stack.enter_context(SBClient.connect(**self.settings))
        name = f"{name} {client.environment}"
        where = self.asked.where or None

        def open_side(_connector: str, sort: tuple[str, ...], _guess: tuple[str, ...]) -> _Opened:
            # What a row holds beside the columns of the table stands in the rows alone.
            with client.rows(connector, take=1) as rows:
                fields = rows.fields
            assert fields is not None, "a client's rows have columns"
            # SB sorts by one column; a file that was saved from it has the order that is usual.
            order_by = [column for column in sort if column in fields][:1]
            order = order_of(client.table.operation(connector, Verb.GET), order_by)
            side = Side(name, fields, lambda: client.rows(connector, where=where, order_by=order_by or None))
            return _Opened(side, (order.column,))

        return open_side


@contextlib.contextmanager
def _told_whose(side: str, settings: dict[str, Any], api: str) -> Iterator[None]:
    """Where a side does not open since the settings are the other program's, that is said, and how to name both."""
    try:
        yield
    except SettingsError as error:
        failure = _mistaken(side, settings, api) or error
    else:
        return
    raise failure


def _mistaken(side: str, settings: dict[str, Any], api: str) -> SettingsError | None:
    # The protocol is that of the side's name, and nobody's setting.
    given = {name: value for name, value in settings.items() if name != "protocol"}
    try:
        found = resolve(given)
    except SettingsError:
        return None
    if found.api == api or (found.embedded and found.profile is None):
        return None
    there, here = _TITLES[found.api], _TITLES[api]
    return SettingsError(f"{side}: {found.environment_name} is {there}, and this side asks {here}: {_REMEDIES[api]}.")


def _tell_what_overrides(side: str) -> None:
    """A variable stands above both profiles: the two sides may be one and the same."""
    for name in _WHERE_AND_WHO:
        if name in os.environ:
            tell(f"afas: {name} overrides what {side} says; unset it to compare profiles")


def _saved(name: str, path: Path, connector: str, asked: _Asked) -> _Opened:
    def opened(controls: Controls | None) -> Rows:
        return open_saved(path, connector=connector, fields=asked.fields, reading=Reading(controls=controls))

    def counted() -> Rows:
        controls = Controls()
        return opened(controls).closing(lambda: controls.tell(name))

    with opened(Controls() if asked.replace_controls else None) as rows:
        fields = rows.fields
    if fields is None:
        raise QueryError(f"{path}: its columns are not known; a saved answer with its schema can be compared.")
    side = Side(name, fields, counted if asked.replace_controls else lambda: opened(None))
    return _Opened(side, guess=fields.names[:1])
