"""Query validation: what a program wants to read, checked before any call: sort, skip, take, key, names of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypedDict

from afas_soap.errors import QueryError
from afas_soap.limits import CELLS, WINDOW
from afas_soap.profit.controls import Controls
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.questions.filtervalue import check_values
from afas_soap.profit.questions.query import Filter, Sort
from afas_soap.profit.questions.where import Expression, sorts, where_filters
from afas_soap.profit.rows import MAX_VALUE, TYPED, Reading
from afas_soap.profit.suggestions import NAMES as MEANINGS

# No GetConnector can have more: SQL Server, on which Profit runs, selects no more columns at once.
_MOST_COLUMNS = 4096

_KEY_KINDS = (Kind.TEXT, Kind.INT)
_DATE_KINDS = (Kind.DATETIME, Kind.DATE)
_FILE_KINDS = (Kind.TEXT, Kind.BYTES)


def page_size_for(columns: int) -> int:
    """The largest number of rows with columns x rows under ``CELLS``."""
    return (CELLS - 1) // max(1, columns)


SMALLEST_PAGE = page_size_for(_MOST_COLUMNS)
"""Rows a page that any number of columns allows."""


class Question(TypedDict, total=False):
    """What ``ProfitClient.rows`` takes beside the connector."""

    where: Expression | tuple[Filter, ...] | None
    """An expression of ``F``, or filters; None for every row."""
    order_by: Sequence[str | Sort] | None
    """Column names ("-Name" descends) or ``Sort``."""
    skip: int
    """Rows to leave out at the beginning."""
    take: int | None
    """Rows to give at most; None for all."""
    page_size: int | None
    """Rows a call; None for AFAS' guide, columns times rows below 150,000."""
    key: str | None
    """Column of text or whole numbers to read by, in place of ``order_by`` and skip."""
    everything: bool
    """One call for all rows (skip -1, take -1)."""
    typed: bool
    """False for every value as the text that came."""
    dates: Sequence[str]
    """Columns to read as dates; midnight is checked."""
    files: Sequence[str]
    """Columns of text that are the base64 of a file, to read as bytes."""
    aware: bool
    """Date-times with the zone Europe/Amsterdam; before 1947 its offset depends on the machine's time-zone data."""
    replace_controls: bool
    """U+FFFD for each character that XML cannot carry, which else makes an answer unreadable; a warning counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One read over all its pages. Raises ``QueryError`` when its parts contradict each other.

    ``take`` None is every row, ``page_size`` None is by AFAS' guide. ``key`` reads by that column in place of skip;
    ``everything`` is one call for all rows.
    """

    connector: str
    filters: tuple[Filter, ...] = ()
    order_by: tuple[Sort, ...] = ()
    skip: int = 0
    take: int | None = None
    page_size: int | None = None
    key: str | None = None
    reading: Reading = TYPED
    everything: bool = False

    def __post_init__(self) -> None:
        _whole("skip", self.skip, least=0)
        _whole("take", self.take, least=0)
        _whole("page_size", self.page_size, least=1)
        if self.everything:
            self._alone()
        if self.key is not None:
            self._keyed(self.key)
        if not self.reading.typed and (self.reading.dates or self.reading.files or self.reading.aware):
            raise QueryError("typed=False gives each value as the text that came: leave out dates, files and aware.")

    def _alone(self) -> None:
        """Skip -1 and take -1 leave no room for a part."""
        also = [name for name in ("take", "page_size", "key") if getattr(self, name) is not None]
        also += ["skip"] if self.skip else []
        if also:
            raise QueryError(f"everything=True is one call for all rows: leave out {' and '.join(also)}.")

    def _keyed(self, key: str) -> None:
        if not key:
            raise QueryError("key: name the column to read by.")
        if self.skip:
            raise QueryError("key reads on from the last value in place of skip: leave out skip.")
        if self.order_by and self.order_by != (Sort(key),):
            raise QueryError(f"key={key!r} sorts by that column, ascending: leave out order_by.")

    def check_columns(self, fields: Fields) -> None:
        """Raise ``QueryError`` for a column that is not there, a value that is none of its kind, and a key or date
        that cannot be one."""
        fields.require(self._columns())
        check_values(self.filters, fields)
        if self.key is not None and fields[self.key].kind not in _KEY_KINDS:
            raise QueryError(
                f"key: the column {self.key!r} is {fields[self.key].kind}, and a key is text or a whole number (int)."
            )
        for name in self.reading.dates:
            if fields[name].kind not in _DATE_KINDS:
                raise QueryError(f"dates: the column {name!r} is {fields[name].kind}, not a date-time.")
        for name in self.reading.files:
            if fields[name].kind not in _FILE_KINDS:
                raise QueryError(f"files: the column {name!r} is {fields[name].kind}, not a text in base64.")

    def one_page_only(self, size: int) -> bool:
        """Whether more rows may be wanted than one page of ``size`` holds, and nothing says in which order they come:
        then they are given when they all stand on that page."""
        return (
            not self.order_by and self.key is None and not self.everything and (self.take is None or self.take > size)
        )

    def refuse_pages(self, size: int, fields: Fields | None) -> NoReturn:
        """Raise ``QueryError`` for several pages of which nothing says in which order they come."""
        first = fields.names[0] if fields else "COLUMN"
        raise QueryError(
            f"{self.connector} is read in pages of {size:,} rows, and pages without a sort lose and double rows: sort "
            f'by columns that are unique together, such as order_by=["{first}"] (--order-by {first}), read by a key '
            f'(key="{first}", --key {first}), or take at most {size:,} rows.'
        )

    def size(self, fields: Callable[[], Fields]) -> int:
        """Rows per page. ``fields`` is asked only when it depends on the columns."""
        if self.page_size is not None:
            return self.page_size
        if self.take is not None and self._fits_any_page():
            return self.take
        return page_size_for(len(fields()))

    def _fits_any_page(self) -> bool:
        return self.take is not None and self.take <= (self.page_size or SMALLEST_PAGE)

    def _columns(self) -> Iterable[str]:
        yield from (condition.column for conditions in self.filters for condition in conditions)
        yield from (sort.column for sort in self.order_by)
        yield from self.reading.dates
        yield from self.reading.files
        if self.key is not None:
            yield self.key


def read_of(connector: str, question: Question, max_value: int = MAX_VALUE) -> Read:
    """The read that ``question`` wants of ``connector``; a value may be ``max_value`` bytes.

    Raises ``QueryError`` for an argument that does not exist, and for what contradicts itself.
    """
    _check_arguments(question)
    return Read(
        connector=connector,
        filters=where_filters(question.get("where")),
        order_by=sorts(question.get("order_by") or ()),
        skip=question.get("skip", 0),
        take=question.get("take"),
        page_size=question.get("page_size"),
        key=question.get("key"),
        everything=question.get("everything", False),
        reading=Reading(
            question.get("typed", True),
            _columns("dates", question.get("dates", ())),
            question.get("aware", False),
            max_value,
            _columns("files", question.get("files", ())),
            controls=Controls() if question.get("replace_controls", False) else None,
        ),
    )


def _check_arguments(question: Question) -> None:
    """Raise ``QueryError`` for an argument that does not exist: left unread, it would ask for other rows."""
    for name in question:
        if name not in Question.__annotations__:
            meant = MEANINGS.meant(name, Question.__annotations__)
            hint = f" Did you mean {meant}?" if meant else ""
            raise QueryError(f"rows takes no argument {name!r}.{hint}")


def _columns(argument: str, names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise QueryError(f"{argument} is a list of columns: [{names!r}].")
    return tuple(names)


def _whole(name: str, number: object, *, least: int) -> None:
    if number is None and name != "skip":
        return
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        hint = "; everything=True asks for all rows in one call" if number == -1 else ""
        raise QueryError(f"{name}: must be a whole number, {least} or more{hint}.")
    if number > WINDOW:
        raise QueryError(f"{name}: must be at most {WINDOW:,}, which is the most that Profit takes.")
