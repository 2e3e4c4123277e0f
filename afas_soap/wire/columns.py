"""Names of columns in a question: checked against what is known, and the nearest ones when Profit knows better.

No call is made to check names before a question; one is made, if need be, to explain why Profit refused it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from afas_soap.errors import AfasError, ProfitError, QueryError
from afas_soap.profit.fields import Fields
from afas_soap.profit.query import Query

# profit-wire 2.1 and 3.2: a filter's unknown column, and a sort field's, which AFAS does not name.
_NOT_FOUND = re.compile(r"connector field '.+' not found|invalid index field", re.IGNORECASE)


def check_columns(query: Query, fields: Fields | None) -> None:
    """Raise ``QueryError`` for a column of the filter or the sort order that is not among ``fields``, when known."""
    if fields is not None and (unknown := fields.unknown(_names(query))):
        raise QueryError(f"{fields.connector} has no column {_listed(unknown, fields)}").about(
            connector=fields.connector
        )


def explained(error: ProfitError, query: Query, fields_of: Callable[[], Fields]) -> ProfitError:
    """``error`` with the nearest names, when it is about a column and the columns can be had."""
    if not _NOT_FOUND.search(error.message):
        return error
    try:
        fields = fields_of()
    except AfasError:
        return error
    unknown = fields.unknown(_names(query))
    if not unknown:
        return error
    message = f"{error.message.rstrip('.')}. {fields.connector} has no column {_listed(unknown, fields)}"
    explained = ProfitError(
        message,
        number=error.number,
        log_reference=error.log_reference,
        trace_id=error.trace_id,
        status=error.status,
    )
    return explained.about(operation=error.operation, connector=error.connector, environment=error.environment)


def _names(query: Query) -> list[str]:
    filtered = [condition.column for conditions in query.filters for condition in conditions]
    return list(dict.fromkeys([*filtered, *(sort.column for sort in query.order_by)]))


def _listed(unknown: list[str], fields: Fields) -> str:
    return "; no column ".join(_said(name, fields.nearest(name)) for name in unknown) + "."


def _said(name: str, nearest: list[str]) -> str:
    return f"{name!r} (the nearest: {', '.join(nearest)})" if nearest else f"{name!r}"
