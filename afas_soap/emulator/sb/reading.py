"""Rows out: the answer to a read, bare or with a tracking token round it. Source: small-business.md 2 and 2.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from werkzeug import Request, Response

from afas_soap.emulator.http.answers import blocks
from afas_soap.emulator.sb.answers import answered, spelling
from afas_soap.emulator.sb.environment import CustomerEnvironment
from afas_soap.emulator.sb.question import Question, asked
from afas_soap.emulator.sb.setup import SbSetup
from afas_soap.emulator.sb.tables import Row, guid_of
from afas_soap.sb.operation import Kind, Operation, Source

# What AFAS' file of 6.0.0 tells by a GUID, and that of 8.0 by name. Filters take the name in both (inferred).
_BY_GUID = frozenset(("VatSection",))


def rows(environment: CustomerEnvironment, operation: Operation, setup: SbSetup, request: Request) -> Response:
    """The answer to a read of ``operation``. Raises ``SbRefusedError``."""
    question = asked(request.args, operation, operators=setup.operators)
    found, token = _found(environment, operation, setup, question)
    spelled = _rows(found, operation, setup, environment.blobs.shown)
    pieces = _bare(spelled) if token is None else _wrapped(spelled, token, last=setup.token_last)
    body = (block.encode() for block in blocks(pieces))
    return answered(body, version=content_version(operation))


def content_version(operation: Operation) -> str:
    """A version as the header has it: a number, 1 for 1.0 (inferred for the others)."""
    return operation.version.removesuffix(".0")


def _found(
    environment: CustomerEnvironment, operation: Operation, setup: SbSetup, question: Question
) -> tuple[Sequence[Row], str | None]:
    """The rows, and the token that they reach to, None where there is none."""
    tables, name = environment.tables, operation.connector
    tracked = _is_wrapped(operation, setup)
    with tables.transaction():
        condition, values = question.filter.condition, list(question.filter.values)
        if question.token is not None and operation.tracked:
            values.append(environment.trackers.since(name, question.token))
            condition = f'{condition} AND "_changed" > ?'
        found = tables.select(name, condition, values, order=question.order, window=question.window(setup.most_rows))
        token = environment.trackers.give(name, tables.latest) if tracked else None
    return found, token


def _is_wrapped(operation: Operation, setup: SbSetup) -> bool:
    if operation.connector in setup.bare:
        return False
    return operation.tracked or operation.connector in setup.wrapped


def _rows(
    found: Sequence[Row], operation: Operation, setup: SbSetup, shown: Callable[[object], object]
) -> Iterator[str]:
    """Each row with the columns that the dialect has: 8.0 adds, and takes none away."""
    columns = [
        column for column in operation.columns if not setup.old or column.sources & (Source.FILE_6 | Source.SAMPLE)
    ]
    text = setup.text_amounts
    by_guid = _BY_GUID if setup.old else frozenset()
    for row in found:
        told = {column.name: _value(row[column.name], column.kind, shown, text=text) for column in columns}
        yield spelling({name: _guid(name, value) if name in by_guid else value for name, value in told.items()})


def _guid(name: str, value: object) -> object:
    return None if value is None else guid_of(name, value)


def _value(value: object, kind: Kind, shown: Callable[[object], object], *, text: bool) -> object:
    if kind is Kind.OBJECT:
        return shown(value)
    return str(value) if text and isinstance(value, Decimal) else value


def _bare(spelled: Iterator[str]) -> Iterator[str]:
    yield "["
    yield from _separated(spelled)
    yield "]"


def _wrapped(spelled: Iterator[str], token: str, *, last: bool) -> Iterator[str]:
    told = spelling({"TrackingToken": token})[1:-1]
    yield "{" if last else f"{{{told},"
    yield '"Result":'
    yield from _bare(spelled)
    yield f",{told}}}" if last else "}"


def _separated(spelled: Iterator[str]) -> Iterator[str]:
    comma = ""
    for row in spelled:
        yield f"{comma}{row}"
        comma = ","


def license_rows(environments: Mapping[str, str]) -> bytes:
    """What the Admin Center tells of licences: a row for each customer environment, with numbers that are invented."""
    told = [
        {
            "Name": title,
            "Url": f"https://demo.afasfocus.nl/{path}",
            "ScopeId": Decimal(number),
            "License": "Small Business",
            "AdministrationCount": Decimal(3),
            "ExtraAdministrationCount": Decimal(0),
            "UserCount": Decimal(2),
            "ExtraUserCount": Decimal(0),
        }
        for number, (path, title) in enumerate(environments.items(), 1)
    ]
    return spelling(told).encode()
