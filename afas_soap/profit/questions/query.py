"""A question: filters, sort fields, skip and take, and the one table of operators that every spelling goes by."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from afas_soap.errors import QueryError
from afas_soap.limits import WINDOW

# Ours, not AFAS': more ORed filters than this is nearly always a list that belongs in a filter of Profit itself.
MAX_FILTERS = 200


class Operator(enum.IntEnum):
    """The 15 operators with the codes of profit-wire 2.1 (AFAS' ``operatortypes``)."""

    EQUALS = 1
    GREATER_OR_EQUAL = 2
    LESS_OR_EQUAL = 3
    GREATER = 4
    LESS = 5
    CONTAINS = 6
    NOT_EQUAL = 7
    EMPTY = 8
    NOT_EMPTY = 9
    STARTS_WITH = 10
    NOT_CONTAINS = 11
    NOT_STARTS_WITH = 12
    ENDS_WITH = 13
    NOT_ENDS_WITH = 14
    QUICK_FILTER = 15

    @property
    def sign(self) -> str:
        """How AFAS writes it, such as ``>=``."""
        return _TABLE[self].sign

    @property
    def meaning(self) -> str:
        """What AFAS says it means, such as ``is greater or equal to``."""
        return _TABLE[self].meaning

    @property
    def takes_value(self) -> bool:
        """False for "is empty" and "is not empty" only."""
        return self not in (Operator.EMPTY, Operator.NOT_EMPTY)

    @property
    def opposite(self) -> Operator:
        """The operator that says the opposite; ``QueryError`` for the quick filter, which has none.

        Whether "is not equal to" and its like also hold for an empty field is Profit's to decide, and not known.
        """
        opposite = _TABLE[self].opposite
        if opposite is None:
            raise QueryError("A quick filter has no opposite: say it without ~.")
        return opposite

    @classmethod
    def from_sign(cls, sign: str) -> Operator:
        """The operator that AFAS writes like this; ``QueryError`` with the list of signs for any other text."""
        operator = _BY_SIGN.get(sign)
        if operator is None:
            raise QueryError(f"This is none of AFAS' signs, which are {'  '.join(_BY_SIGN)} (an empty field is []).")
        return operator

    @classmethod
    def from_code(cls, code: str, column: str) -> Operator:
        """The operator of a code as it stands on the wire; ``QueryError`` naming ``column`` when it is not 1 to 15."""
        operator = _BY_CODE.get(code.strip())
        if operator is None:
            raise QueryError(f"The filter on {column!r} has an operator type that is not one of AFAS' codes 1 to 15.")
        return operator


@dataclass(frozen=True, slots=True)
class _Facts:
    sign: str
    meaning: str
    opposite: Operator | None


# Signs and meanings as the description of ``operatortypes`` in AFAS' OpenAPI files has them (profit-wire 2.1).
_TABLE = {
    Operator.EQUALS: _Facts("=", "is equal to", Operator.NOT_EQUAL),
    Operator.GREATER_OR_EQUAL: _Facts(">=", "is greater or equal to", Operator.LESS),
    Operator.LESS_OR_EQUAL: _Facts("<=", "is less or equal to", Operator.GREATER),
    Operator.GREATER: _Facts(">", "is greater than", Operator.LESS_OR_EQUAL),
    Operator.LESS: _Facts("<", "is less than", Operator.GREATER_OR_EQUAL),
    Operator.CONTAINS: _Facts("*", "contains text", Operator.NOT_CONTAINS),
    Operator.NOT_EQUAL: _Facts("!=", "is not equal to", Operator.EQUALS),
    Operator.EMPTY: _Facts("[]", "is empty", Operator.NOT_EMPTY),
    Operator.NOT_EMPTY: _Facts("![]", "is not empty", Operator.EMPTY),
    Operator.STARTS_WITH: _Facts("@", "starts with", Operator.NOT_STARTS_WITH),
    Operator.NOT_CONTAINS: _Facts("!*", "does not contain text", Operator.CONTAINS),
    Operator.NOT_STARTS_WITH: _Facts("!@", "does not start with", Operator.STARTS_WITH),
    Operator.ENDS_WITH: _Facts("&", "ends with", Operator.NOT_ENDS_WITH),
    Operator.NOT_ENDS_WITH: _Facts("!&", "does not end with", Operator.ENDS_WITH),
    Operator.QUICK_FILTER: _Facts("Sf", "quickfilter", None),
}
WILDCARDS = frozenset(
    {
        Operator.CONTAINS,
        Operator.NOT_CONTAINS,
        Operator.STARTS_WITH,
        Operator.NOT_STARTS_WITH,
        Operator.ENDS_WITH,
        Operator.NOT_ENDS_WITH,
        Operator.NOT_EQUAL,
    }
)
"""The operators that take a percent sign at either end of their value for any text (profit-wire 15.1). What one inside
a value is to them is not known, and nothing public says that a ``_`` has a meaning."""

_BY_SIGN = {facts.sign: operator for operator, facts in _TABLE.items()}
_BY_CODE = {str(operator.value): operator for operator in _TABLE}


@dataclass(frozen=True, slots=True)
class Condition:
    """One field of a filter. ``value`` is the text on the wire; None for EMPTY and NOT_EMPTY only.

    An empty text is no value: what Profit makes of it is not known, and AFAS has operators of their own for it.
    """

    column: str
    operator: Operator
    value: str | None = None

    def __post_init__(self) -> None:
        if not self.column:
            raise QueryError("A filter needs the name of a column, and one is empty.")
        if self.operator.takes_value and not self.value:
            raise QueryError(
                f"The filter on {self.column!r} has no value for {self.operator.sign!r}: "
                "give one, or ask for an empty field with [] (in Python: == None) or a filled one with ![] (!= None)."
            )
        if not self.operator.takes_value and self.value is not None:
            raise QueryError(f"The filter on {self.column!r} gives {self.operator.sign!r} a value, and it takes none.")

    @classmethod
    def literal(cls, column: str, operator: Operator, value: str | None = None) -> Condition:
        """The condition of somebody whose value means itself, sign by sign, as in an expression or a term.

        ``QueryError`` for a percent sign where Profit would take it for any text, and no escape for it is known: the
        rows would be others, and with a denial fewer. Whoever spells a filter in AFAS' own XML or JSON means by it what
        Profit does.
        """
        if value is not None and "%" in value and operator in WILDCARDS:
            raise QueryError(
                f"The filter on {column!r} has a percent sign in its value, which Profit takes for any text with "
                f"{operator.sign!r} ({operator.meaning}), and no spelling of the sign itself is known: ask for a part "
                "of the text without it and pick the rows in your program, or for the whole text with =."
            )
        return cls(column, operator, value)


# Conditions of one filter are ANDed; the filters of a question are ORed (profit-wire 2.1).
Filter = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort field."""

    column: str
    descending: bool = False

    def __post_init__(self) -> None:
        if not self.column:
            raise QueryError("A sort field needs the name of a column, and one is empty.")


@dataclass(frozen=True, slots=True)
class Query:
    """``filters`` are ORed, none means every row. ``skip`` and ``take`` go on the wire as they are: -1 and -1 is
    everything, and a take of None leaves the number to Profit (100 over REST: profit-wire 3.2).

    ``QueryError`` for a filter without conditions, which would quietly mean every row.
    """

    filters: tuple[Filter, ...] = ()
    order_by: tuple[Sort, ...] = ()
    skip: int = 0
    take: int | None = None

    def __post_init__(self) -> None:
        if not all(self.filters):
            raise QueryError("A filter without conditions would mean every row: leave it out, or give it a condition.")
        for name, number in (("skip", self.skip), ("take", self.take)):
            if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
                raise QueryError(f"{name} is a whole number, and this is a {type(number).__name__}.")


def check_window(skip: int | None, take: int | None) -> None:
    """Raise ``QueryError`` for a skip or take that cannot go out."""
    for name, number in (("skip", skip), ("take", take)):
        if number is not None and not -WINDOW <= number <= WINDOW:
            raise QueryError(f"{name} is {number:,}, and Profit takes at most {WINDOW:,}.")
