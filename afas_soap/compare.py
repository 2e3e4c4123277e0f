"""Record comparison: the same question to two sides, and what differs, as values.

Both sides are read in step. A row waits for its partner, found by equality of the key, never by ``<``: the database's
collation is not known. What waited while ``window`` further rows of its side came, or to the end, is missing on the
other side. So memory is bounded by the window, whatever the number of rows.
"""

from __future__ import annotations

import datetime
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal

from afas_soap.errors import QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import TYPED, Record, Rows, Value
from afas_soap.profit.values import spell, text_reader

WINDOW = 10_000
SHOWN = 1_000

# Wide enough for any number an answer holds: rounding must not fail on a long one.
_EXACT = Context(prec=1_000)


@dataclass(frozen=True, slots=True)
class Tolerances:
    """What does not count as a difference.

    ``trailing_blanks``: blanks at the end of a text. ``decimals``: numbers are equal when they are after rounding to so
    many digits. ``seconds``: date-times are equal when at most a second apart, for one side may round what the other
    cuts. ``order``: rows may come in any order.
    """

    trailing_blanks: bool = False
    decimals: int | None = None
    seconds: bool = False
    order: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side: its name in the report, its columns, and how to (re)start reading its rows."""

    name: str
    fields: Fields
    open: Callable[[], Rows]


@dataclass(frozen=True, slots=True)
class TypeDifference:
    """A column that only one side has (the other's type is None), or that both declare differently."""

    column: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A row that stands on one side only: ``on`` names the side that lacks it, ``row`` its number on the other side."""

    on: str
    key: tuple[Value, ...]
    row: int


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of one row, with both typed values."""

    key: tuple[Value, ...]
    column: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class OrderDifference:
    """A row that came at another place among the rows both sides have."""

    key: tuple[Value, ...]
    left_row: int
    right_row: int


Difference = MissingRow | FieldDifference | OrderDifference


@dataclass
class Report:
    """What a comparison found. ``differences`` holds the first thousand, ``found`` the number of all."""

    connector: str
    left: str
    right: str
    key: tuple[str, ...]
    whole_row: bool = False
    notes: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=lambda: [0, 0])
    types: list[TypeDifference] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    found: int = 0

    @property
    def equal(self) -> bool:
        """Nothing differs."""
        return not self.types and not self.found

    def add(self, difference: Difference) -> None:
        """Count a difference, and keep it while it is one of the first."""
        self.found += 1
        if len(self.differences) < SHOWN:
            self.differences.append(difference)


class _KeyTwice(Exception):  # noqa: N818 - a turn of the road, no error
    """The key that was taken for granted is not unique."""


def compare(
    left: Side,
    right: Side,
    *,
    key: Sequence[str] = (),
    tolerances: Tolerances = Tolerances(),
    window: int = WINDOW,
) -> Report:
    """Read both sides, sorted alike, and report rows missing on either, differing fields and differing types.

    ``key`` names the columns that identify a row; without it the first column does, and where that is not unique the
    whole row, which ``Report.whole_row`` and ``notes`` say. A key that a side does not have raises ``QueryError``.
    """
    for name in key:
        for side in (left, right):
            if name not in side.fields:
                raise QueryError(f"key {name!r} is no column of {left.fields.connector} on the side {side.name}")
    if window < 1:
        raise QueryError("window: the number of rows to wait for a partner must be 1 or more")
    how = _How(tuple(key) or left.fields.names[:1], tolerances, window, demand_unique=not key)
    if not all(name in right.fields for name in how.key):
        return _Comparison(left, right, replace(how, whole_row=True)).run()
    try:
        return _Comparison(left, right, how).run()
    except _KeyTwice:
        report = _Comparison(left, right, replace(how, whole_row=True)).run()
        report.notes.append(f"{how.key[0]} is not unique, so the whole row is its own key")
        return report


def type_differences(left: Fields, right: Fields) -> Iterator[TypeDifference]:
    """The columns that the sides declare differently, in column order."""
    for column in left:
        if column.name not in right:
            yield TypeDifference(column.name, str(column.kind), None)
        elif right[column.name].kind is not column.kind:
            yield TypeDifference(column.name, str(column.kind), str(right[column.name].kind))
    yield from (TypeDifference(column.name, None, str(column.kind)) for column in right if column.name not in left)


@dataclass(frozen=True, slots=True)
class _How:
    """How two sides are compared: ``whole_row`` takes every column for the key, ``demand_unique`` gives up on a key
    that stands on two rows of a side."""

    key: tuple[str, ...]
    tolerances: Tolerances
    window: int
    whole_row: bool = False
    demand_unique: bool = False


class _Comparison:
    """One pass over both sides."""

    def __init__(self, left: Side, right: Side, how: _How) -> None:
        self.sides = (left, right)
        self.how = how
        shared = [column for column in left.fields if column.name in right.fields]
        self.makers = {column.name: _normaliser(column, right.fields[column.name], how.tolerances) for column in shared}
        self.key = self._whole_row(shared) if how.whole_row else how.key
        self.report = Report(left.fields.connector, left.name, right.name, self.key, how.whole_row)
        self.report.types.extend(type_differences(left.fields, right.fields))
        self.waiting: tuple[_Waiting, _Waiting] = (_Waiting(), _Waiting())
        self.recent: tuple[OrderedDict[_Key, None], ...] = (OrderedDict(), OrderedDict())
        self.last = (0, 0)

    def _whole_row(self, shared: list[Field]) -> tuple[str, ...]:
        """Every column; date-times that may differ by a second cannot be found by equality, so they are no key then."""
        left_out = Kind.DATETIME if self.how.tolerances.seconds else None
        return tuple(column.name for column in shared if column.kind is not left_out)

    def run(self) -> Report:
        """Read both sides in step."""
        with self.sides[0].open() as left, self.sides[1].open() as right:
            running: list[Iterator[Record] | None] = [left, right]
            while any(running):
                for side, rows in enumerate(running):
                    if rows is None:
                        continue
                    record = next(rows, None)
                    if record is None:
                        running[side] = None
                    else:
                        self._take(side, record)
        for side in (0, 1):
            for key, row, record in self.waiting[side].drain():
                self._missing(1 - side, key, row, record)
        return self.report

    def _take(self, side: int, record: Record) -> None:
        self.report.rows[side] += 1
        row = self.report.rows[side]
        key = tuple(self.makers[name](side, record[name]) for name in self.key)
        self._notice_twice(side, key)
        partner = self.waiting[1 - side].pop(key)
        if partner is None:
            self.waiting[side].push(key, row, record)
            if len(self.waiting[side]) > self.how.window:
                self._missing(1 - side, *self.waiting[side].pop_oldest())
        elif side == 0:
            self._match((row, record), partner)
        else:
            self._match(partner, (row, record))

    def _notice_twice(self, side: int, key: _Key) -> None:
        """Rows are sorted by the key, so equal ones come near each other: the last ``window`` keys are enough."""
        if self.report.whole_row:
            return
        recent = self.recent[side]
        if key in recent:
            if self.how.demand_unique:
                raise _KeyTwice
            columns = ", ".join(self.key)
            note = f"the key {columns} is not unique: rows with the same key were paired in the order they came"
            if note not in self.report.notes:
                self.report.notes.append(note)
        recent[key] = None
        if len(recent) > self.how.window:
            recent.popitem(last=False)

    def _match(self, left: tuple[int, Record], right: tuple[int, Record]) -> None:
        (left_row, left_record), (right_row, right_record) = left, right
        key = tuple(left_record[name] for name in self.key)
        in_order = left_row > self.last[0] and right_row > self.last[1]
        if not in_order and not self.how.tolerances.order:
            self.report.add(OrderDifference(key, left_row, right_row))
        self.last = (max(left_row, self.last[0]), max(right_row, self.last[1]))
        for name, maker in self.makers.items():
            ours, theirs = left_record[name], right_record[name]
            if ours != theirs and not _alike(maker(0, ours), maker(1, theirs), self.how.tolerances):
                self.report.add(FieldDifference(key, name, ours, theirs))

    def _missing(self, side: int, key: _Key, row: int, record: Record) -> None:
        self.report.add(MissingRow(self.sides[side].name, tuple(record[name] for name in self.key), row))


_Key = tuple[Value, ...]


class _Waiting:
    """The rows of one side that have no partner yet: by key, and by age."""

    def __init__(self) -> None:
        self._by_key: OrderedDict[_Key, deque[tuple[int, Record]]] = OrderedDict()
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def push(self, key: _Key, row: int, record: Record) -> None:
        self._by_key.setdefault(key, deque()).append((row, record))
        self._number += 1

    def pop(self, key: _Key) -> tuple[int, Record] | None:
        """The oldest row with this key."""
        rows = self._by_key.get(key)
        if rows is None:
            return None
        self._number -= 1
        found = rows.popleft()
        if not rows:
            del self._by_key[key]
        return found

    def pop_oldest(self) -> tuple[_Key, int, Record]:
        key = next(iter(self._by_key))
        popped = self.pop(key)
        assert popped is not None, "a key without rows is taken out at once"
        return (key, *popped)

    def drain(self) -> Iterator[tuple[_Key, int, Record]]:
        """Every row that still waits."""
        while self._number:
            yield self.pop_oldest()


def _normaliser(left: Field, right: Field, tolerances: Tolerances) -> Callable[[int, Value], Value]:
    """What a column's values are compared as; takes the side (0 or 1), for the sides may declare different types."""
    kinds = (left.kind, right.kind)
    if kinds[0] is kinds[1]:
        return lambda _side, value: _tolerant(value, tolerances)
    if Kind.TEXT not in kinds:
        return lambda _side, value: spell(value)
    text_side = kinds.index(Kind.TEXT)
    reader = text_reader((left, right)[1 - text_side], TYPED)
    assert reader is not None, "only text needs no reader"

    def normalise(side: int, value: Value) -> Value:
        """The text side's value as the other side's type; text that cannot be, as it is."""
        if side == text_side and isinstance(value, str):
            try:
                value = reader(value)
            except ValueError:
                return value
        return _tolerant(value, tolerances)

    return normalise


def _tolerant(value: Value, tolerances: Tolerances) -> Value:
    """The value with the tolerated part taken off; what is left can be a key."""
    if isinstance(value, str):
        return value.rstrip(" ") or None if tolerances.trailing_blanks else value
    if isinstance(value, Decimal) and tolerances.decimals is not None:
        return value.quantize(Decimal(1).scaleb(-tolerances.decimals), context=_EXACT)
    return value


def _alike(left: Value, right: Value, tolerances: Tolerances) -> bool:
    if tolerances.seconds and isinstance(left, datetime.datetime) and isinstance(right, datetime.datetime):
        return abs(left - right) <= datetime.timedelta(seconds=1)
    return left == right
