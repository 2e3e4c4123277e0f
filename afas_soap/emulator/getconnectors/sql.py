"""A query builder: a question -> SQL with parameters. No value and no name of a connector becomes part of the text.

Sources: profit-wire 2.1 for the operators, 3.6 for the refusals. What the facts leave open is marked below.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from afas_soap.emulator.getconnectors.decimals import is_decimal, sort_key
from afas_soap.emulator.getconnectors.layout import ROWS, order_column, value_column
from afas_soap.emulator.refusals import INVALID_INDEX, NO_SUCH_FIELD, TYPE_MISMATCH, UNEXPECTED, Text
from afas_soap.emulator.seed.table import Cell
from afas_soap.errors import ProfitError
from afas_soap.profit.fields import Fields, Kind
from afas_soap.profit.questions.query import WILDCARDS, Condition, Filter, Operator, Query, Sort
from afas_soap.profit.questions.window import EVERYTHING

_MOST = 2**63 - 1
# Without Z: a trailing Z is refused (profit-wire 2.1). That a date alone means its midnight is inferred.
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?)?", re.ASCII)
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)
_BOOLEANS = {"true": 1, "1": 1, "false": 0, "0": 0}


@dataclass(frozen=True, slots=True)
class Select:
    """A statement with its parameters; ``index`` is the SQL column it sorts by first."""

    sql: str
    parameters: tuple[Cell, ...]
    index: str | None


@dataclass(frozen=True, slots=True)
class _Sql:
    text: str
    parameters: tuple[Cell, ...] = ()


def refusal(text: Text, name: str = "") -> ProfitError:
    """The error for what Profit refuses."""
    return ProfitError(text.en.replace("{name}", name), number=text.number)


def select(fields: Fields, query: Query) -> Select:
    """The statement for ``query``; raises ``ProfitError`` as Profit does for what it cannot answer."""
    where = _any(fields, query.filters)
    order = [_sort(fields, sort) for sort in query.order_by]
    limit = _limit(query)
    values = ", ".join(value_column(position) for position in range(len(fields)))
    return Select(
        f"SELECT {values} FROM {ROWS}{where.text}{_order_by(query, order)} LIMIT ? OFFSET ?",  # noqa: S608 - see above
        (*where.parameters, *limit),
        order[0] if order else None,
    )


def _limit(query: Query) -> tuple[int, int]:
    """-1 to skip is everything; -1 to take without it is an error, as measured (profit-wire 2.3)."""
    if query.skip == EVERYTHING.skip:
        return -1, 0
    if query.take is not None and query.take < 0:
        raise refusal(UNEXPECTED)
    take = -1 if query.take is None else min(query.take, _MOST)
    return take, min(max(query.skip, 0), _MOST)


def _sort(fields: Fields, sort: Sort) -> str:
    # Whether the case of a column's name matters is not known: here it does, in filters as well.
    if sort.column not in fields:
        raise refusal(INVALID_INDEX)
    return order_column(fields.names.index(sort.column), fields[sort.column])


def _order_by(query: Query, columns: list[str]) -> str:
    """Rows without a sort, and rows that are equal in all sort columns, come in the table's own order.

    In Profit that order is the database's whim (profit-wire 2.3). The last direction holds for it too, so that an index
    on one column gives the whole order from either end.
    """
    if not columns:
        return f" ORDER BY {ROWS}.rowid"
    terms = [f"{name}{' DESC' if sort.descending else ''}" for name, sort in zip(columns, query.order_by, strict=True)]
    return f" ORDER BY {', '.join(terms)}, {ROWS}.rowid{' DESC' if query.order_by[-1].descending else ''}"


def _any(fields: Fields, filters: tuple[Filter, ...]) -> _Sql:
    if not filters:
        return _Sql("")
    parts = [_joined("AND", [_condition(fields, condition) for condition in each]) for each in filters]
    whole = _joined("OR", parts)
    return _Sql(f" WHERE {whole.text}", whole.parameters)


def _joined(word: str, parts: list[_Sql]) -> _Sql:
    """The parts in pairs, and pairs of pairs: SQLite counts how deep an expression is, and stops at 1,000."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    left, right = _joined(word, parts[:half]), _joined(word, parts[half:])
    return _Sql(f"({left.text} {word} {right.text})", left.parameters + right.parameters)


def _condition(fields: Fields, condition: Condition) -> _Sql:
    if condition.column not in fields:
        raise refusal(NO_SUCH_FIELD, condition.column)
    position = fields.names.index(condition.column)
    field = fields[condition.column]
    operator, value = condition.operator, condition.value or ""
    if operator in _EMPTINESS:
        return _Sql(f"{value_column(position)} {_EMPTINESS[operator]}")
    pattern = _pattern(operator, value)
    if pattern is None:
        return _comparison(operator, order_column(position, field), _READERS[field.kind](value))
    if field.kind is Kind.BYTES:
        raise refusal(TYPE_MISMATCH)
    return _text_test(pattern, value_column(position), denied=operator in _DENIALS)


_EMPTINESS = {Operator.EMPTY: "IS NULL", Operator.NOT_EMPTY: "IS NOT NULL"}
_SIGNS = {
    Operator.EQUALS: "=",
    Operator.GREATER_OR_EQUAL: ">=",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.LESS: "<",
    Operator.NOT_EQUAL: "<>",
}


def _comparison(operator: Operator, column: str, value: Cell) -> _Sql:
    test = f"{column} {_SIGNS[operator]} ?"
    # That an empty field is "not equal" to any value is inferred, and so it is for the other denials below.
    return _Sql(f"({column} IS NULL OR {test})" if operator is Operator.NOT_EQUAL else test, (value,))


def _contains(column: str, text: str) -> _Sql:
    return _Sql(f"instr(lower({column}), lower(?)) > 0", (text,))


def _starts_with(column: str, text: str) -> _Sql:
    return _Sql(f"lower(substr({column}, 1, ?)) = lower(?)", (len(text), text))


def _ends_with(column: str, text: str) -> _Sql:
    return _Sql(f"lower(substr({column}, -?)) = lower(?)", (len(text), text))


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A text that may have others in front of it and behind it; at least one of the two."""

    before: bool
    behind: bool
    text: str


# What each operator says by itself of a bare value: anything before it, anything behind it. What a quick filter looks
# at is not published: here, at the column it names.
_BARE: Mapping[Operator, tuple[bool, bool]] = {
    Operator.CONTAINS: (True, True),
    Operator.NOT_CONTAINS: (True, True),
    Operator.STARTS_WITH: (False, True),
    Operator.NOT_STARTS_WITH: (False, True),
    Operator.ENDS_WITH: (True, False),
    Operator.NOT_ENDS_WITH: (True, False),
    Operator.QUICK_FILTER: (True, True),
}
# LIKE would give a % inside the text and a _ a meaning that Profit's filters are not known to have.
_TESTS: Mapping[tuple[bool, bool], Callable[[str, str], _Sql]] = {
    (True, True): _contains,
    (False, True): _starts_with,
    (True, False): _ends_with,
}
_DENIALS = (Operator.NOT_EQUAL, Operator.NOT_CONTAINS, Operator.NOT_STARTS_WITH, Operator.NOT_ENDS_WITH)


def _pattern(operator: Operator, value: str) -> _Pattern | None:
    """What a text operator looks for; None for a comparison.

    A percent sign at either end of the value stands for anything, and then it is the signs that say where the text may
    stand, whatever the operator (profit-wire 15.1: clients that work with Profit write ``N%`` with "contains" and
    ``%N%`` with "does not start with"). A bare value means what the operator says, and so does a sign alone, of which
    nothing is known.
    """
    before, behind = value.startswith("%"), value.endswith("%")
    text = value.removeprefix("%").removesuffix("%")
    if operator in WILDCARDS and text and (before or behind):
        return _Pattern(before, behind, text)
    return _Pattern(*_BARE[operator], value) if operator in _BARE else None


def _text_test(pattern: _Pattern, column: str, *, denied: bool) -> _Sql:
    test = _TESTS[pattern.before, pattern.behind](column, pattern.text)
    return _Sql(f"({column} IS NULL OR NOT {test.text})", test.parameters) if denied else test


def _date_time(value: str) -> str:
    if not _DATE_TIME.fullmatch(value):
        raise refusal(TYPE_MISMATCH)
    try:
        return datetime.datetime.fromisoformat(value).isoformat()
    except ValueError:
        raise refusal(TYPE_MISMATCH) from None


def _whole_number(value: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(value) or not -_MOST <= int(value) <= _MOST:
        raise refusal(TYPE_MISMATCH)
    return int(value)


def _decimal(value: str) -> str:
    if not is_decimal(value):
        raise refusal(TYPE_MISMATCH)
    return sort_key(value)


def _boolean(value: str) -> int:
    if value.lower() not in _BOOLEANS:
        raise refusal(TYPE_MISMATCH)
    return _BOOLEANS[value.lower()]


def _blob(_: str) -> str:
    raise refusal(TYPE_MISMATCH)


_READERS: Mapping[Kind, Callable[[str], Cell]] = {
    Kind.TEXT: str,
    Kind.INT: _whole_number,
    Kind.DECIMAL: _decimal,
    Kind.BOOL: _boolean,
    Kind.DATETIME: _date_time,
    Kind.BYTES: _blob,
}
