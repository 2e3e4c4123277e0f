"""Filters and sorting of SB: the same expressions as Profit's, spelt in OData and checked against the resource table.

AFAS documents ``eq``, ``and`` and ``or``, texts in single quotes and GUIDs bare (small-business.md 2). Every other
operator is OData's own and its meaning here not known, so it takes ``undocumented=True``. Alternatives are written
without brackets, which ``and`` needs none of. That a quote within a text is doubled, and that dates, numbers and
booleans stand bare, is OData's rule as well (inferred).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from afas_soap.errors import QueryError
from afas_soap.profit.questions.query import Condition, Filter, Operator, Sort
from afas_soap.profit.questions.where import Expression, sorts, where_filters
from afas_soap.profit.suggestions import nearest
from afas_soap.sb.operation import Column, Kind, Operation

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?Z?)?", re.ASCII)
_DAY = len("2024-01-31")
_SECONDS = len("2024-01-31T00:00:00.000000")

_Speller = Callable[[str], str]


def odata(where: Expression | tuple[Filter, ...] | None, operation: Operation, *, undocumented: bool = False) -> str:
    """``where`` as the value of ``filter``; "" for every row. Columns get the table's spelling.

    ``QueryError`` for a column that the table has not, a value that is none of its column's kind, and an operator that
    is not documented unless ``undocumented`` says to try it.
    """
    terms = [
        " and ".join(_term(condition, operation, undocumented=undocumented) for condition in conditions)
        for conditions in where_filters(where)
    ]
    return " or ".join(terms)


def sorting(order_by: Sequence[str | Sort] | None, operation: Operation) -> str:
    """``order_by`` as the value of ``sort``: ``Name ascending``; "" for none. ``QueryError`` for more than one column,
    since AFAS documents one and no sign between two."""
    found = sorts(order_by or ())
    if len(found) > 1:
        raise QueryError(f"{operation.connector}: SB sorts by one column, and order_by names {len(found)}.").about(
            connector=operation.connector
        )
    return "".join(
        f"{column_of(sort.column, operation).name} {'descending' if sort.descending else 'ascending'}" for sort in found
    )


def column_of(name: str, operation: Operation) -> Column:
    """The column of that name, whatever its case. ``QueryError`` names the nearest one."""
    column = operation.column(name)
    if column is not None:
        return column
    meant = nearest(name, [known.name for known in operation.columns])
    hint = f" Did you mean {meant}?" if meant else f" 'afas sb describe {operation.connector}' lists them."
    raise QueryError(f"{operation.connector} {operation.version} has no column {name!r}.{hint}").about(
        connector=operation.connector
    )


def query_string(parameters: Mapping[str, object]) -> str:
    """``?skip=0&take=100``: what is not None, with a blank as ``%20``, which a ``+`` is not for SB; "" for nothing."""
    pairs = [f"{name}={quote(str(value), safe='')}" for name, value in parameters.items() if value is not None]
    return f"?{'&'.join(pairs)}" if pairs else ""


def _term(condition: Condition, operation: Operation, *, undocumented: bool) -> str:
    column = column_of(condition.column, operation)
    spell = _TERMS.get(condition.operator)
    if spell is None:
        raise QueryError(f"The filter on {column.name}: SB has no quick filter.").about(connector=operation.connector)
    if condition.operator is not Operator.EQUALS and not undocumented:
        raise QueryError(
            f"The filter on {column.name}: AFAS documents = (eq) for SB and no other sign, and this is "
            f"{condition.operator.sign} ({condition.operator.meaning}). undocumented=True tries it all the same "
            "(CLI: --undocumented); what SB makes of it is not known."
        ).about(connector=operation.connector)
    if condition.value is None:
        return spell(column.name, "null")
    text = condition.operator in _OF_TEXT
    if text and column.kind is not Kind.TEXT:
        raise QueryError(
            f"The filter on {column.name}: {condition.operator.sign} ({condition.operator.meaning}) is about a text, "
            f"and the column is {column.kind}."
        ).about(connector=operation.connector)
    return spell(column.name, _literal(condition.value, column, operation))


def _literal(value: str, column: Column, operation: Operation) -> str:
    spelt = _SPELLERS.get(column.kind, _quoted)(value)
    if spelt:
        return spelt
    raise QueryError(
        f"The filter on {column.name} does not fit its column, which is {column.kind}: {_WRITTEN[column.kind]}."
    ).about(connector=operation.connector)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _bare(pattern: re.Pattern[str]) -> _Speller:
    return lambda value: value if pattern.fullmatch(value) else ""


def _number(value: str) -> str:
    return value.removeprefix("+") if _NUMBER.fullmatch(value) else ""


def _boolean(value: str) -> str:
    return value.lower() if value.lower() in ("true", "false") else ""


def _moment(value: str) -> str:
    """With a Z, as the answers have it; of a day its midnight."""
    if not _MOMENT.fullmatch(value) or not _is_date(value.removesuffix("Z")):
        return ""
    return f"{value}T00:00:00Z" if len(value) == _DAY else f"{value.removesuffix('Z')}Z"


def _date(value: str) -> str:
    day, _, time = value.partition("T")
    return day if _MOMENT.fullmatch(value) and _is_date(day) and not time.strip("0:.Z") else ""


def _is_date(value: str) -> bool:
    try:
        datetime.datetime.fromisoformat(value[:_SECONDS])
    except ValueError:
        return False
    return True


def _never(_value: str) -> str:
    return ""


_SPELLERS: Mapping[Kind, _Speller] = {
    Kind.UUID: _bare(_GUID),
    Kind.NUMBER: _number,
    Kind.INTEGER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.MOMENT: _moment,
    Kind.DATE: _date,
    Kind.OBJECT: _never,
}
_WRITTEN: Mapping[Kind, str] = {
    Kind.UUID: "a GUID with its hyphens, such as 701b747b-eea2-5ed1-8518-973e5c670252, and nothing around it",
    Kind.NUMBER: "digits with a decimal point, such as 2500.00",
    Kind.INTEGER: "digits with a decimal point, such as 2500.00",
    Kind.BOOLEAN: "true or false",
    Kind.MOMENT: "2024-02-29T13:30:00 or 2024-02-29",
    Kind.DATE: "2024-02-29",
    Kind.OBJECT: "nothing compares with the whole of it",
}


def _compared(sign: str) -> Callable[[str, str], str]:
    return lambda column, value: f"{column} {sign} {value}"


def _called(function: str) -> Callable[[str, str], str]:
    return lambda column, value: f"{function}({column},{value})"


def _denied(function: str) -> Callable[[str, str], str]:
    return lambda column, value: f"not {function}({column},{value})"


_TERMS: Mapping[Operator, Callable[[str, str], str]] = {
    Operator.EQUALS: _compared("eq"),
    Operator.NOT_EQUAL: _compared("ne"),
    Operator.GREATER: _compared("gt"),
    Operator.GREATER_OR_EQUAL: _compared("ge"),
    Operator.LESS: _compared("lt"),
    Operator.LESS_OR_EQUAL: _compared("le"),
    Operator.EMPTY: _compared("eq"),
    Operator.NOT_EMPTY: _compared("ne"),
    Operator.CONTAINS: _called("contains"),
    Operator.NOT_CONTAINS: _denied("contains"),
    Operator.STARTS_WITH: _called("startswith"),
    Operator.NOT_STARTS_WITH: _denied("startswith"),
    Operator.ENDS_WITH: _called("endswith"),
    Operator.NOT_ENDS_WITH: _denied("endswith"),
}
_OF_TEXT = frozenset(operator for operator, spell in _TERMS.items() if "(" in spell("", ""))
