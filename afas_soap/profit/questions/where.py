"""What a caller says about rows, as the filters and sort fields of a question.

Profit knows no brackets, only filters that are ORed with conditions that are ANDed (profit-wire 2.1), so an expression
is multiplied out, and refused when that gives more than ``MAX_FILTERS`` filters.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from afas_soap.errors import QueryError
from afas_soap.profit.questions.expression import Expression, F, Join, kind_of, wire_value
from afas_soap.profit.questions.filtervalue import tell_quotes
from afas_soap.profit.questions.query import MAX_FILTERS, Condition, Filter, Operator, Sort
from afas_soap.profit.suggestions import SIGNS

__all__ = ["Expression", "F", "parse_terms", "sorts", "where_filters", "wire_value"]

# Filters in the making: conditions in their order, each once.
_Filters = list[dict[Condition, None]]
_T = TypeVar("_T")


def where_filters(where: Expression | tuple[Filter, ...] | None) -> tuple[Filter, ...]:
    """``where`` as filters that are ORed; none for None, which is every row.

    ``QueryError`` when there would be more than ``MAX_FILTERS``, or a condition under ``~`` has no opposite. Warns of
    values in quotes.
    """
    if where is None:
        return ()
    if isinstance(where, Expression):
        # Counted first: multiplied out, forty lines of brackets can be a million million filters.
        _refuse_too_many(_fold(where, leaf=lambda _: 1, join=_count))
        found = _distinct(_fold(where, leaf=lambda condition: [{condition: None}], join=_multiply_out))
        tell_quotes(found)
        return found
    if not isinstance(where, tuple):
        raise QueryError(f"A filter is an expression such as F.City == 'Ede', and this is {kind_of(where)}.")
    _refuse_too_many(len(where))
    tell_quotes(where)
    return where


def _refuse_too_many(count: int) -> None:
    if count > MAX_FILTERS:
        number = f"{count:,}" if count < 1_000_000 else "a million or more"
        raise QueryError(
            f"This compiles to {number} filters joined with OR, and {MAX_FILTERS} is the most: ask in several calls "
            "with fewer alternatives each, use a range (>= and <=), or build the filter into the GetConnector."
        )


def _fold(where: Expression, *, leaf: Callable[[Condition], _T], join: Callable[[Join, list[_T]], _T]) -> _T:
    """Work upwards from the conditions, with every ``~`` moved down to them (De Morgan).

    ``join`` gets ALL or ANY. No recursion: a loop may have chained thousands of conditions.
    """
    results: list[_T] = []
    todo = [(where, False, False)]
    while todo:
        node, negated, parts_done = todo.pop()
        count = len(node.parts)
        if node.condition is not None:
            results.append(leaf(_opposite(node.condition) if negated else node.condition))
        elif node.join is Join.NOT:
            todo.append((node.parts[0], not negated, False))
        elif not parts_done:
            todo.append((node, negated, True))
            todo.extend((part, negated, False) for part in reversed(node.parts))
        else:
            every = (node.join is Join.ALL) != negated
            results[-count:] = [join(Join.ALL if every else Join.ANY, results[-count:])]
    return results[0]


def _opposite(condition: Condition) -> Condition:
    # Not equal takes a percent sign for any text, and equal does not.
    return Condition.literal(condition.column, condition.operator.opposite, condition.value)


def _count(join: Join, parts: list[int]) -> int:
    return math.prod(parts) if join is Join.ALL else sum(parts)


def _multiply_out(join: Join, parts: list[_Filters]) -> _Filters:
    if join is not Join.ALL:
        return [one for part in parts for one in part]
    return functools.reduce(_both, parts)


def _both(left: _Filters, right: _Filters) -> _Filters:
    if len(right) > 1:
        return [one | other for one in left for other in right]
    for one in left:  # in place, so that a thousand ANDed conditions are not copied a thousand times
        one.update(right[0])
    return left


def _distinct(filters: _Filters) -> tuple[Filter, ...]:
    """Each filter once, whatever the order of its conditions."""
    return tuple({frozenset(one): tuple(one) for one in reversed(filters)}.values())[::-1]


def sorts(order_by: Sequence[str | Sort]) -> tuple[Sort, ...]:
    """Sort fields from names, where ``"-Name"`` descends; a name that begins with ``-`` needs ``Sort`` itself.

    ``QueryError`` for a bare text, and for a column that stands twice.
    """
    if isinstance(order_by, str):
        raise QueryError(f"order_by is a list of columns: [{order_by!r}].")
    found = tuple(_sort(field) for field in order_by)
    columns = [sort.column for sort in found]
    for column in columns:
        if columns.count(column) > 1:
            raise QueryError(f"The column {column!r} stands twice in the sort fields; once is enough.")
    return found


def _sort(field: str | Sort) -> Sort:
    if isinstance(field, Sort):
        return field
    if not isinstance(field, str):
        raise QueryError('A sort field is the name of a column, such as "City", or "-City" to descend.')
    return Sort(field.removeprefix("-"), field.startswith("-"))


# COLUMN or [COLUMN], where ]] in the brackets stands for one ]; one blank, the sign; one blank, the value as it is.
_TERM = re.compile(
    r"(?:\[(?P<bracketed>(?:[^\]]|\]\])*)\]|(?P<bare>[^\[ ][^ ]*)) (?P<sign>[^ ]*)(?: (?P<value>.*))?", re.DOTALL
)


def parse_terms(groups: Sequence[Sequence[str]]) -> tuple[Filter, ...]:
    """Terms of the command line, such as ``City = Ede``, ``[Column with blank] >= 5`` or ``City []``.

    A term is COLUMN SIGN VALUE with exactly one blank between; everything behind the second blank is the value as it
    is. A column that holds a blank or begins with ``[`` stands in square brackets, in which ``]]`` stands for one
    ``]``. The terms of a group are ANDed, the groups ORed. ``QueryError`` for anything else.
    """
    if not any(groups):
        return ()
    if not all(groups):
        raise QueryError("An alternative has no condition: --or stands between two conditions.")
    _refuse_too_many(len(groups))
    return _distinct([dict.fromkeys(_parse_term(term) for term in group) for group in groups])


def _parse_term(term: str) -> Condition:
    match = _TERM.fullmatch(term)
    if match is None:
        raise QueryError(
            "A condition is COLUMN SIGN VALUE with one blank between, such as 'City = Ede', 'City []' or "
            "'[Name with blanks] >= 5'."
        )
    bracketed, bare, sign, value = match.group("bracketed", "bare", "sign", "value")
    column = bare if bracketed is None else bracketed.replace("]]", "]")
    operator = _operator(column, sign)
    return Condition.literal(column, operator, value if operator.takes_value or value else None)


def _operator(column: str, sign: str) -> Operator:
    try:
        return Operator.from_sign(sign)
    except QueryError as error:
        meant = SIGNS.get(sign.lower())
        hint = f" Did you mean {meant}?" if meant else ""
        raise QueryError(
            f"The condition on {column!r}, between its first and second blank: {error.message}{hint} "
            "One blank stands on each side of the sign; a column that holds a blank stands in [square brackets]."
        ) from None
