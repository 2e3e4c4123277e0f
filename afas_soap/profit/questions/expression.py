"""Filters as a program writes them.

``F.City`` or ``F["Btw-nummer"]`` names a column; comparing it gives an ``Expression``; ``&``, ``|`` and ``~`` join
expressions.
"""

from __future__ import annotations

import datetime
import enum
import math
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NoReturn

from afas_soap.errors import QueryError
from afas_soap.profit.amsterdam import in_amsterdam
from afas_soap.profit.native import native
from afas_soap.profit.questions.query import Condition, Operator
from afas_soap.profit.rows import Value
from afas_soap.profit.values import spell

# A loop that joins an expression with itself doubles it every time: stop before the memory does.
MAX_CONDITIONS = 100_000


_NO_NAN = "A filter cannot compare with NaN, NaT or infinity: compare with None to ask for an empty field."


def _local(value: datetime.datetime) -> datetime.datetime:
    # A filter takes a date-time without Z, in Amsterdam time; a trailing Z is refused (profit-wire 2.1). The hour that
    # comes twice in the autumn cannot be told apart without a zone.
    value = in_amsterdam(value)
    return datetime.datetime.combine(value.date(), value.time())


def _midnight(value: datetime.date) -> datetime.datetime:
    # Only date-times are attested in filters, and a date without time comes back as midnight (profit-wire 2.1, 3.3).
    return datetime.datetime(value.year, value.month, value.day)


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise QueryError(_NO_NAN)
    return Decimal(value)


def _refuse_float(value: float) -> NoReturn:
    if math.isnan(value):
        raise QueryError(_NO_NAN)
    raise QueryError("A filter takes no float, whose digits are not exact: use Decimal, such as Decimal('12.50').")


# The first type that fits decides, and its own class comes out, whatever was derived from it: a bool is an int as well,
# and a datetime a date. That Profit takes true and false is inference: answers spell them so (profit-wire 2.4, 3.3).
_PLAIN: tuple[tuple[type, Callable[..., Value]], ...] = (
    (str, str.__str__),
    (bool, bool),
    (int, int),
    (Decimal, _finite),
    (datetime.datetime, _local),
    (datetime.date, _midnight),
    (float, _refuse_float),
)


def wire_value(value: object) -> str:
    """The text of a value in a filter: ``str``, ``int``, ``Decimal``, ``bool``, ``datetime`` or ``date``.

    numpy's scalars and pandas' ``Timestamp`` count as those. An aware date-time is turned into Amsterdam time first.
    ``QueryError`` for any other type.
    """
    value = native(value)
    for kind, plain in _PLAIN:
        if isinstance(value, kind):
            return spell(plain(value))
    raise QueryError(
        f"A filter compares a column with a str, int, Decimal, bool, datetime or date, and not with {kind_of(value)}."
    )


def kind_of(value: object) -> str:
    """How a sentence about a mistake names the type of ``value``; never the value itself."""
    return "another column" if isinstance(value, Column) else f"a value of type {type(value).__name__}"


class Join(enum.Enum):
    """How the parts of an expression hang together."""

    ALL = enum.auto()
    ANY = enum.auto()
    NOT = enum.auto()


_BRACKETS = (
    "Conditions are joined with &, | and ~, each comparison in brackets: (F.City == 'Ede') & ~(F.Number > 5). "
    "Python's and, or, not, in and a < b < c cannot be used, because they would drop a condition."
)


class Expression:
    """A condition, or conditions joined with ``&``, ``|`` and ``~``. Has no truth value of its own."""

    __slots__ = ("condition", "join", "parts", "size")
    __array_ufunc__ = None  # numpy's values leave it to us to be joined or compared with

    def __init__(
        self, condition: Condition | None = None, *, join: Join = Join.ALL, parts: tuple[Expression, ...] = ()
    ) -> None:
        self.condition = condition
        self.join = join
        self.parts = parts
        self.size: int = sum(part.size for part in parts) or 1
        if self.size > MAX_CONDITIONS:
            raise QueryError(f"A question has more than {MAX_CONDITIONS:,} conditions: ask in several calls.")

    def __and__(self, other: object) -> Expression:
        return Expression(join=Join.ALL, parts=(self, _expression(other)))

    def __or__(self, other: object) -> Expression:
        return Expression(join=Join.ANY, parts=(self, _expression(other)))

    # Reached only when the left side is no expression.
    def __rand__(self, other: object) -> Expression:
        return _expression(other)

    __ror__ = __rand__

    def __invert__(self) -> Expression:
        return Expression(join=Join.NOT, parts=(self,))

    def __bool__(self) -> bool:
        raise QueryError(_BRACKETS)

    def __contains__(self, value: object) -> bool:
        raise QueryError(_BRACKETS)


def _expression(value: object) -> Expression:
    if not isinstance(value, Expression):
        raise QueryError(_BRACKETS)
    return value


class Column:
    """A column in a filter. Every comparison gives an ``Expression``."""

    __slots__ = ("name",)
    __array_ufunc__ = None  # numpy's values on the left leave the comparison to us
    __hash__ = None  # type: ignore[assignment] # == does not compare columns, so a set of them would be wrong

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"F[{self.name!r}]"

    def __eq__(self, value: object) -> Expression:  # type: ignore[override]
        """``== None`` and ``== ""`` ask for an empty field."""
        return self._compare(Operator.EQUALS, value, empty=Operator.EMPTY)

    def __ne__(self, value: object) -> Expression:  # type: ignore[override]
        """``!= None`` and ``!= ""`` ask for a field that is not empty."""
        return self._compare(Operator.NOT_EQUAL, value, empty=Operator.NOT_EMPTY)

    def __lt__(self, value: object) -> Expression:
        return self._compare(Operator.LESS, value)

    def __le__(self, value: object) -> Expression:
        return self._compare(Operator.LESS_OR_EQUAL, value)

    def __gt__(self, value: object) -> Expression:
        return self._compare(Operator.GREATER, value)

    def __ge__(self, value: object) -> Expression:
        return self._compare(Operator.GREATER_OR_EQUAL, value)

    def startswith(self, text: object) -> Expression:
        """The field begins with ``text``. ``QueryError`` here and below for one with a percent sign, which Profit would
        take for any text."""
        return self._compare(Operator.STARTS_WITH, text)

    def endswith(self, text: object) -> Expression:
        """The field ends with ``text``."""
        return self._compare(Operator.ENDS_WITH, text)

    def contains(self, text: object) -> Expression:
        """``text`` stands somewhere in the field."""
        return self._compare(Operator.CONTAINS, text)

    def quick(self, text: object) -> Expression:
        """Profit's quick filter, which AFAS calls slower, and which has no opposite."""
        return self._compare(Operator.QUICK_FILTER, text)

    def isin(self, values: Iterable[object]) -> Expression:
        """The field equals one of ``values``; None and ``""`` among them stand for an empty field."""
        if isinstance(values, str | bytes):
            raise QueryError(f"The filter on {self.name!r}: isin takes a list of values, not a single text.")
        # Each value once: lists of keys taken from other rows are full of doubles.
        conditions = dict.fromkeys(self._condition(Operator.EQUALS, value, empty=Operator.EMPTY) for value in values)
        if not conditions:
            raise QueryError(f"The filter on {self.name!r}: isin needs at least one value; no row is in an empty list.")
        return Expression(join=Join.ANY, parts=tuple(map(Expression, conditions)))

    def __contains__(self, value: object) -> bool:
        # Python asks this for True or False, and nothing of the condition would be left.
        raise QueryError(
            f"{self!r}: Python's in says nothing to Profit. {self!r}.contains(text) finds a text in the field, and "
            f"{self!r}.isin(values) a field that equals one of them."
        )

    def _compare(self, operator: Operator, value: object, *, empty: Operator | None = None) -> Expression:
        return Expression(self._condition(operator, value, empty=empty))

    def _condition(self, operator: Operator, value: object, *, empty: Operator | None = None) -> Condition:
        text = "" if value is None else wire_value(value)
        if empty is not None and not text:
            return Condition(self.name, empty)
        return Condition.literal(self.name, operator, text)

    # "F.City == 'Ede' & F.Number > 5" binds as 'Ede' & F.Number, and "if F.City" asks nothing: both end up here.
    def _no_condition(self, other: object = None) -> NoReturn:
        raise QueryError(_BRACKETS)

    __and__ = __rand__ = __or__ = __ror__ = __invert__ = __bool__ = _no_condition


class _Columns:
    """``F``: ``F.City``, or ``F["Btw-nummer"]`` for a name that is no Python name."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Column:
        # Python, copy, pickle and notebooks ask any object for names like these.
        if name.startswith("_"):
            raise AttributeError(f"F has no {name!r}; a column of that name is F[{name!r}]")
        return Column(name)

    def __getitem__(self, name: str) -> Column:
        if not isinstance(name, str) or not name:
            raise QueryError('A column is named by its text, as in F["Btw-nummer"].')
        return Column(name)


F = _Columns()
