"""Columns and values of a question: checked against what is known, and explained when Profit knows better.

No call is made to check names before a question; one is made, if need be, to explain why Profit refused it. Either way
it is the same error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from afas_soap.errors import AfasError, ProfitError, QueryError
from afas_soap.profit.fields import Fields
from afas_soap.profit.questions.filtervalue import check_values, terms_told
from afas_soap.profit.questions.query import Query

# profit-wire 2.1 and 3.2: a filter's unknown column, and a sort field's, which AFAS does not name.
_NOT_FOUND = re.compile(r"connector field '.+' not found|invalid index field", re.IGNORECASE)
# Known of updates (profit-wire 3.6), inferred for filters; in Dutch it is Windows' own text of that error.
_MISMATCH = re.compile(r"type mismatch|typen komen niet (met elkaar )?overeen", re.IGNORECASE)


def check_columns(query: Query, fields: Fields | None) -> None:
    """Raise ``QueryError`` for a column of the filter or the sort order that is not among ``fields``, and for a value
    that is none of its column's kind, when they are known."""
    if fields is not None:
        fields.require(_names(query))
        check_values(query.filters, fields)


def explained(error: ProfitError, query: Query, fields_of: Callable[[], Fields]) -> AfasError:
    """What ``check_columns`` would have raised, had it known the columns, when ``error`` is about that and they can be
    had; otherwise ``error``, with the kinds of the columns where it is about a value."""
    mismatch = _MISMATCH.search(error.message) is not None
    if not mismatch and not _NOT_FOUND.search(error.message):
        return error
    try:
        fields = fields_of()
    except AfasError:
        return error
    try:
        check_columns(query, fields)
    except QueryError as found:
        return error.retold(QueryError, found.message)
    told = terms_told(query.filters, fields) if mismatch else ""
    return error.retold(type(error), f"{error.message.rstrip('.')}: {told}.") if told else error


def _names(query: Query) -> list[str]:
    filtered = [condition.column for conditions in query.filters for condition in conditions]
    return list(dict.fromkeys([*filtered, *(sort.column for sort in query.order_by)]))
