"""Query validation: what a program wants to read of SB, checked against the resource table before any call, and in
which order its pages come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import Filter, Sort
from afas_soap.profit.questions.where import Expression
from afas_soap.profit.rows import Batch, Record
from afas_soap.sb.filters import odata, sorting
from afas_soap.sb.operation import Kind, Operation
from afas_soap.sb.rowsarray import is_token

PAGE = 1_000
"""Rows a page. Ours: AFAS' samples take 50 and 100, and the most that SB gives is not known (small-business.md 2)."""

_LARGEST = 2**31 - 1


class SbQuestion(TypedDict, total=False):
    """What ``SBClient.rows`` takes beside the connector."""

    where: Expression | tuple[Filter, ...] | None
    """An expression of ``F``, or filters; None for every row. ``==``, ``&`` and ``|`` are what AFAS documents."""
    order_by: Sequence[str | Sort] | None
    """One column name ("-Name" descends) or ``Sort``; None for the key."""
    skip: int
    """Rows to leave out at the beginning."""
    take: int | None
    """Rows to give at most; None for all."""
    page_size: int | None
    """Rows a call; None for 1,000, or fewer where SB gives fewer."""
    version: str | None
    """The version of the connector; None for the newest of the table."""
    query: Mapping[str, object] | None
    """What else the connector asks for, such as ``BusinessActivityVersion``."""
    undocumented: bool
    """True tries operators that AFAS does not document for SB."""
    read_keys: bool
    """True keeps the read keys of blobs in the rows. They are secrets, and open a file for about a day."""


class Since(TypedDict, total=False):
    """What ``SBClient.changes`` takes beside the connector."""

    since: str | None
    """The token of the last time; None for every row."""
    cursor: str | Path | None
    """A file that keeps the token: ``Changes.taken`` moves it. In place of ``since``."""
    full: bool
    """True reads every row, and moves the cursor all the same: what is not among them was removed."""
    version: str | None
    """The version of the connector; None for the newest of the table."""
    query: Mapping[str, object] | None
    """What else the connector asks for."""
    undocumented: bool
    """True asks a connector that has no tracking token in AFAS' files."""
    read_keys: bool
    """True keeps the read keys of blobs in the rows."""


@dataclass(frozen=True, slots=True)
class Order:
    """In which order pages come: ``sort`` as SB takes it, ``column`` its name. A row is known by its ``key``, () for
    the whole of it. ``exact`` is whether no two rows can stand at the same place."""

    sort: str
    column: str
    key: tuple[str, ...]
    exact: bool

    @property
    def marks(self) -> Callable[[Batch], list[object]]:
        """What rows are known by."""
        if len(self.key) == 1:
            name = self.key[0]
            return lambda batch: [record[name] for record in batch]
        return lambda batch: [*map(self._mark, batch)]

    def _mark(self, record: Record) -> object:
        if self.key:
            return tuple(record[name] for name in self.key)
        return hash(repr([*record.items()]))


@dataclass(frozen=True, slots=True)
class Read:
    """One read over all its pages, checked."""

    operation: Operation
    order: Order
    filter: str = ""
    skip: int = 0
    take: int | None = None
    page_size: int = PAGE
    further: tuple[tuple[str, object], ...] = ()
    read_keys: bool = False


def read_of(operation: Operation, question: SbQuestion) -> Read:
    """The read that ``question`` asks for. Raises ``QueryError`` for one that cannot be sent."""
    take, size = question.get("take"), question.get("page_size")
    return Read(
        operation,
        order_of(operation, question.get("order_by")),
        odata(question.get("where"), operation, undocumented=question.get("undocumented", False)),
        _whole("skip", question.get("skip", 0), least=0),
        None if take is None else _whole("take", take, least=1),
        PAGE if size is None else _whole("page_size", size, least=1),
        tuple(further(operation, question.get("query") or {})),
        question.get("read_keys", False),
    )


def check_changes(operation: Operation, question: Since) -> None:
    """Raise ``QueryError`` for changes that cannot be asked for."""
    since = question.get("since")
    if since is not None and (not isinstance(since, str) or not is_token(since)):
        raise QueryError("since is the token of an earlier answer, a text; leave it out for every row.")
    if since is not None and (question.get("cursor") is not None or question.get("full", False)):
        raise QueryError("since names a token, and so neither a cursor nor full goes with it.")
    if not operation.tracked and not question.get("undocumented", False):
        raise QueryError(
            f"{operation.connector} has no tracking token in AFAS' files: read its rows, all of them. "
            "undocumented=True asks it all the same (CLI: --undocumented)."
        )


def order_of(operation: Operation, order_by: Sequence[str | Sort] | None) -> Order:
    """By ``order_by``, else by the key. AFAS sorts by one column alone: of a key of several it is the last, which tells
    most rows apart, and where nothing is a key the first column that holds a GUID, or the first at all."""
    sort = sorting(order_by, operation)
    if not sort:
        sort = f"{_place(operation)} ascending"
    column = sort.rpartition(" ")[0]
    return Order(sort, column, operation.key, operation.key == (column,))


def _place(operation: Operation) -> str:
    if operation.key:
        return operation.key[-1]
    uuids = [column.name for column in operation.columns if column.kind is Kind.UUID]
    # "Id" is a row's own more often than "AdministrationId" is, where both stand.
    own = [name for name in uuids if name == "Id"]
    return (*own, *uuids, operation.columns[0].name)[0]


def further(operation: Operation, query: Mapping[str, object]) -> list[tuple[str, object]]:
    """The parameters of ``query`` in the table's spelling. ``QueryError`` for one that the connector has not."""
    known = {name.lower(): name for name in operation.query}
    found = []
    for name, value in query.items():
        if name.lower() not in known:
            there = ", ".join(operation.query) or "no parameter beside filter, sort, skip and take"
            raise QueryError(f"{operation.connector} {operation.version} has no parameter {name!r}; it has {there}.")
        found.append((known[name.lower()], value))
    return found


def _whole(name: str, value: object, *, least: int) -> int:
    if type(value) is int and least <= value <= _LARGEST:
        return value
    told = "; leave it out for every row" if name == "take" else ""
    raise QueryError(f"{name} must be a whole number from {least} on{told}.")
