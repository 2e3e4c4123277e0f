"""Many calls as one read: pages by skip and take, or by key.

Between two calls the database may order equal rows anew, and rows may come and go. So more than one page is asked for
with a sort only, ties at the border of two pages are told, and reading by key needs no skip at all.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from afas_soap.errors import AnswerError, QueryError
from afas_soap.profit.connectors import Connectors
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.query import Condition, Operator, Query, Sort
from afas_soap.profit.rows import Reading, Record, Rows, Value
from afas_soap.profit.values import spell

_LOG = logging.getLogger("afas_soap.rows")

CELLS = 150_000
"""AFAS' guide: columns times rows of one call stay below this (profit-wire 2.6)."""

Opener = Callable[[Query], Rows]


@dataclass(frozen=True, slots=True)
class Read:
    """What one read asks for. ``query``'s skip and take are the caller's: the first row, and how many at most."""

    connector: str
    query: Query
    page_size: int | None = None
    key: str | None = None
    everything: bool = False


def page_size(columns: int) -> int:
    """The most rows of so many columns that stay below AFAS' guide; at least one."""
    return max(1, (CELLS - 1) // max(1, columns))


def check(read: Read, fields: Callable[[], Fields]) -> None:
    """Raise ``QueryError`` for a read that contradicts itself or would lose rows, before any row is asked for."""
    query = read.query
    for name, number, least in (("skip", query.skip, 0), ("take", query.take, 0), ("page_size", read.page_size, 1)):
        if number is not None and number < least:
            raise QueryError(
                f"{name} is a whole number of {least} or more; everything=True asks for all rows in one call."
            )
    if read.everything:
        _refuse_with("everything", read, page_size=read.page_size, key=read.key, skip=query.skip, take=query.take)
    elif read.key is not None:
        _refuse_with("key", read, order_by=query.order_by, skip=query.skip)
    elif not query.order_by:
        _demand_sort(read, fields)


def _refuse_with(name: str, read: Read, **others: object) -> None:
    given = [other for other, value in others.items() if value]
    if given:
        raise QueryError(f"{read.connector}: {name} does not go together with {' and '.join(given)}: give one of them.")


def _demand_sort(read: Read, fields: Callable[[], Fields]) -> None:
    """Without a sort the order is the database's whim and may change between calls (profit-wire 2.3)."""
    known = fields()
    size = read.page_size or page_size(len(known))
    if read.query.take is None or read.query.take > size:
        first = known.names[0] if known.names else "Column"
        raise QueryError(
            f"{read.connector} is read in pages of {size:,} rows, and pages without a sort lose and double rows: "
            f'sort by columns that are unique together, such as order_by=["{first}"] (--order-by {first}), read by a '
            f'key (key="{first}", --key {first}), or take at most {size:,} rows.'
        )


def read_rows(opener: Opener, read: Read, fields: Callable[[], Fields]) -> Iterator[Record]:
    """The rows of all pages; ``opener`` makes one call. A short page is the last one."""
    if read.everything:
        with opener(dataclasses.replace(read.query, skip=-1, take=-1)) as rows:
            yield from rows
        return
    size = read.page_size or page_size(len(fields()))
    if read.key is None:
        yield from _by_skip(opener, read, size)
    else:
        _check_key(read, fields())
        yield from _by_key(opener, read, size)


def open_page(connectors: Connectors, read: Read, reading: Reading) -> Opener:
    """The opener that asks ``connectors``, and refuses a page whose columns are not those of the page before."""
    seen: tuple[str, ...] | None = None

    def opener(query: Query) -> Rows:
        nonlocal seen
        rows = connectors.rows(read.connector, query, reading)
        names = None if rows.fields is None else rows.fields.names
        if seen is not None and names is not None and names != seen:
            rows.close()
            raise AnswerError(
                f"{read.connector} changed while it was read: a page has other columns than those before."
            )
        seen = names or seen
        return rows

    return opener


def _by_skip(opener: Opener, read: Read, size: int) -> Iterator[Record]:
    query, given = read.query, 0
    before: Record | None = None
    while query.take is None or given < query.take:
        wanted = size if query.take is None else min(size, query.take - given)
        count = 0
        with opener(dataclasses.replace(query, skip=query.skip + given, take=wanted)) as rows:
            for record in rows:
                if count == 0 and before is not None:
                    _warn_of_tie(read, before, record, query.skip + given)
                count += 1
                before = record
                yield record
        _refuse_surplus(read, count, wanted)
        given += count
        if count < wanted:
            return


def _refuse_surplus(read: Read, count: int, wanted: int) -> None:
    if count > wanted:
        raise AnswerError(f"{read.connector}: asked for {wanted:,} rows and got {count:,}, so the pages overlap.")


def _warn_of_tie(read: Read, before: Record, record: Record, skipped: int) -> None:
    columns = [sort.column for sort in read.query.order_by]
    if columns and all(_folded(before.get(name)) == _folded(record.get(name)) for name in columns):
        _LOG.warning(
            "%s: rows %d and %d, at the border of two pages, are equal in %s: such rows may be lost or doubled; "
            "sort by columns that are unique together, or read by a key",
            read.connector,
            skipped,
            skipped + 1,
            ", ".join(columns),
        )


def _folded(value: Value) -> Value:
    """The value as a database usually compares it: text without regard to case and blanks at the end."""
    return value.casefold().rstrip(" ") if isinstance(value, str) else value


def _check_key(read: Read, fields: Fields) -> None:
    key = read.key or ""
    if key not in fields:
        nearest = f" Nearest: {', '.join(fields.nearest(key))}." if fields.nearest(key) else ""
        raise QueryError(f"key {key!r} is no column of {read.connector}.{nearest}")
    if fields[key].kind not in (Kind.TEXT, Kind.INT):
        raise QueryError(f"key {key!r} of {read.connector} is {fields[key].kind}: a key is a text or a whole number.")


def _by_key(opener: Opener, read: Read, size: int) -> Iterator[Record]:
    """Each next page begins at the last value; what the page before gave already is dropped."""
    key = read.key or ""
    query = dataclasses.replace(read.query, order_by=(Sort(key),), skip=0, take=size)
    given, before = 0, Counter[int]()
    while given != read.query.take:
        page = _KeyPage(key, before)
        with opener(query) as rows:
            for record in rows:
                if page.is_new(record):
                    if given == read.query.take:
                        return
                    given += 1
                    yield record
        _refuse_surplus(read, page.count, size)
        if page.count < size:
            return
        page.refuse_standstill(read)
        query = dataclasses.replace(
            query, filters=_from(read.query, Condition(key, Operator.GREATER_OR_EQUAL, page.bound))
        )
        before = page.hashes


def _from(query: Query, condition: Condition) -> tuple[tuple[Condition, ...], ...]:
    return tuple((*conditions, condition) for conditions in query.filters) or ((condition,),)


class _KeyPage:
    """One page read by key: which of its rows are new, and where the next page begins."""

    def __init__(self, key: str, before: Counter[int]) -> None:
        self.key = key
        self.before = before
        self.hashes: Counter[int] = Counter()
        self.count = 0
        self.new = 0
        self.first: Value = None
        self.last: Value = None

    @property
    def bound(self) -> str:
        """The last value as a filter spells it."""
        return spell(self.last)

    def is_new(self, record: Record) -> bool:
        """Take a row in; false when the page before gave it."""
        if self.count == 0:
            self.first = record[self.key]
        self.count += 1
        self.last = record[self.key]
        # Rows that are equal in every column are told apart by their number.
        digest = hash(tuple(record.values()))
        self.hashes[digest] += 1
        if self.before[digest] > 0:
            self.before[digest] -= 1
            return False
        self.new += 1
        return True

    def refuse_standstill(self, read: Read) -> None:
        """A full page of one value: the next page would begin where this one does."""
        if self.last is None:
            raise AnswerError(f"{read.connector}: a full page ends with an empty {self.key}: read by another key.")
        if self.new == 0 or (self.count > 1 and _folded(self.first) == _folded(self.last)):
            raise AnswerError(
                f"{read.connector}: one value of {self.key} fills a page of {self.count:,} rows, so reading by it "
                "stands still: take a larger page_size or another key."
            )


def check_dates(dates: Sequence[str], fields: Fields) -> None:
    """Raise ``QueryError`` for a name in ``dates`` that is no column of dates."""
    for name in dates:
        if name not in fields or fields[name].kind is not Kind.DATETIME:
            dated = ", ".join(field.name for field in fields if field.kind is Kind.DATETIME) or "none"
            raise QueryError(f"dates: {name!r} is no column of dates of {fields.connector}; these are: {dated}.")
