"""A question: filters, sort fields, skip and take."""

from __future__ import annotations

import enum
from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Condition:
    """One field of a filter. ``value`` is the text on the wire; None for EMPTY and NOT_EMPTY only."""

    column: str
    operator: Operator
    value: str | None = None


# Conditions of one filter are ANDed; the filters of a question are ORed (profit-wire 2.1).
Filter = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort field."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """``filters`` are ORed, none means every row. ``skip`` and ``take`` go on the wire as they are: -1 and -1 is
    everything, and a take of None leaves the number to Profit (100 over REST: profit-wire 3.2)."""

    filters: tuple[Filter, ...] = ()
    order_by: tuple[Sort, ...] = ()
    skip: int = 0
    take: int | None = None
