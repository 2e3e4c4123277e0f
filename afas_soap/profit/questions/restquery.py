"""The query string of a REST GET, written and read back (profit-wire 3.2).

Filters have two spellings: three lists (``filterfieldids``, ``filtervalues``, ``operatortypes``) in which ``,`` stands
for AND and ``;`` for OR, and ``filterjson``, the JSON twin of the filter XML. Nothing public says how a separator is
escaped in the lists, so a filter that holds one goes as ``filterjson``.
"""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping, Sequence

from afas_soap.errors import QueryError
from afas_soap.limits import QUERY_STRING
from afas_soap.profit.questions.filterjson import filters_from_json, filters_to_json
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query, Sort, check_window

__all__ = ["filter_string", "filters_from_json", "filters_to_json", "query_from_string", "query_string"]

# In the lists the operators without a value need one all the same; AFAS shows this and "" (profit-wire 3.2).
_EMPTY = "[is leeg]"
_NO_VALUE = '""'
_PLAIN_NAME = re.compile("[A-Za-z0-9_]+")
_SORT = re.compile(r"(?P<minus>-?)(?:\['(?P<quoted>[^'\]]+)'\]|(?P<plain>[^-'\[\]][^'\[\]]*))")
_WHOLE_NUMBER = re.compile("-?[0-9]{1,10}")


# --- writing -----------------------------------------------------------------------------------------------------


def query_string(query: Query) -> str:
    """``?skip=0&take=100&orderbyfieldids=DebtorId&filterfieldids=City&filtervalues=Ede&operatortypes=1``.

    ``take`` only when it is given. ``QueryError`` when it would be longer than ``limits.QUERY_STRING``, a column to
    sort by cannot be spelt, or a number is larger than Profit takes.
    """
    check_window(query.skip, query.take)
    parameters = {"skip": str(query.skip)}
    if query.take is not None:
        parameters["take"] = str(query.take)
    if query.order_by:
        parameters["orderbyfieldids"] = ",".join(_sort_text(sort) for sort in query.order_by)
    parameters |= _filter_parameters(query.filters)
    return _joined_parameters(parameters)


def filter_string(filters: Sequence[Filter]) -> str:
    """The same of filters alone, "" for none: a report has them and no window (special-connectors 3)."""
    return _joined_parameters(_filter_parameters(filters)) if filters else ""


def _joined_parameters(parameters: Mapping[str, str]) -> str:
    text = "?" + "&".join(f"{name}={_encoded(value)}" for name, value in parameters.items())
    if len(text) > QUERY_STRING:
        raise QueryError(
            f"The query string would have {len(text):,} characters, and Profit takes {QUERY_STRING:,} over REST: "
            "filter on less in each call, or ask over SOAP, which sends filters in the body."
        )
    return text


def _encoded(value: str) -> str:
    # The separators as well: AFAS writes them both ways ("Account%2CType" in its sorting sample), and a bare ";" is a
    # separator of parameters to some proxies.
    try:
        return urllib.parse.quote(value, safe="")
    except UnicodeEncodeError:
        problem = QueryError("A filter or sort field holds half of a surrogate pair, which is no character.")
    raise problem


def _filter_parameters(filters: Sequence[Filter]) -> Mapping[str, str]:
    if not filters:
        return {}
    # AFAS does not say which of "," and ";" binds tighter in the lists; filterjson leaves no doubt.
    mixed = len(filters) > 1 and any(len(conditions) > 1 for conditions in filters)
    if mixed or not all(_fits_lists(condition) for conditions in filters for condition in conditions):
        return {"filterjson": filters_to_json(filters)}
    return {
        "filterfieldids": _joined([[condition.column for condition in conditions] for conditions in filters]),
        "filtervalues": _joined([[condition.value or _EMPTY for condition in conditions] for conditions in filters]),
        "operatortypes": _joined(
            [[str(int(condition.operator)) for condition in conditions] for conditions in filters]
        ),
    }


def _fits_lists(condition: Condition) -> bool:
    """Whether the lists carry it unchanged: no separator, no blank that may be trimmed, nothing AFAS reads as empty."""
    texts = (condition.column, condition.value or _EMPTY)
    return condition.value not in (_EMPTY, _NO_VALUE) and all(
        text == text.strip() and "," not in text and ";" not in text for text in texts
    )


def _joined(groups: Sequence[Sequence[str]]) -> str:
    # Groups of ANDed conditions, ORed: as in the XML form. AFAS does not state the precedence (profit-wire 3.2).
    return ";".join(",".join(group) for group in groups)


def _sort_text(sort: Sort) -> str:
    sign = "-" if sort.descending else ""
    if _PLAIN_NAME.fullmatch(sort.column):
        return sign + sort.column
    # ['NAME'] is attested for a name with a dot (profit-wire 3.2); the minus in front of it is inference.
    if any(sign in sort.column for sign in ",'[]"):
        raise QueryError(
            f"REST has no spelling to sort by {sort.column!r}, whose name holds a comma, an apostrophe or a bracket: "
            "sort by another column, or ask over SOAP."
        )
    return f"{sign}['{sort.column}']"


# --- reading -----------------------------------------------------------------------------------------------------


def query_from_string(text: str) -> Query:
    """The question of a query string, with or without its ``?``; what is absent keeps ``Query``'s default.

    Names of parameters in any case, and those that are not about the question are passed over (inference: ASP.NET).
    ``QueryError``, naming the parameter, for one that cannot be read.
    """
    parameters = _parameters(text)
    take = parameters.get("take")
    return Query(
        filters=_filters(parameters),
        order_by=_sorts(parameters.get("orderbyfieldids", "")),
        skip=_number("skip", parameters.get("skip", "0")),
        take=None if take is None else _number("take", take),
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return urllib.parse.parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        problem = QueryError("The query string is not UTF-8 where it is percent-encoded.")
    raise problem


def _parameters(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in _pairs(text.removeprefix("?")):
        if name.lower() in found:
            raise QueryError(f"The parameter {name} stands twice in the query string.")
        found[name.lower()] = value
    return found


def _number(name: str, text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text.strip()):
        raise QueryError(f"The parameter {name} is no whole number.")
    return int(text)


def _filters(parameters: Mapping[str, str]) -> tuple[Filter, ...]:
    columns, values, operators = (
        parameters.get(name, "") for name in ("filterfieldids", "filtervalues", "operatortypes")
    )
    json_text = parameters.get("filterjson", "")
    if json_text and (columns or values or operators):
        raise QueryError("The query string has filterjson and filter lists as well: give one of them.")
    if json_text:
        return filters_from_json(json_text)
    return _filters_from_lists(columns, values, operators) if columns or values or operators else ()


def _filters_from_lists(columns: str, values: str, operators: str) -> tuple[Filter, ...]:
    column_groups, value_groups = _split(columns), _split(values)
    # Without operatortypes equality is assumed (profit-wire 3.2).
    operator_groups = _split(operators) if operators else [["1"] * len(group) for group in column_groups]
    shapes = [[len(group) for group in groups] for groups in (column_groups, value_groups, operator_groups)]
    if not shapes[0] == shapes[1] == shapes[2]:
        raise QueryError(
            "filterfieldids, filtervalues and operatortypes differ in length or in their separators (, and ;): each "
            "needs one item per condition. A value that holds a separator goes into filterjson."
        )
    return tuple(
        tuple(_condition(*items) for items in zip(*groups, strict=True))
        for groups in zip(column_groups, value_groups, operator_groups, strict=True)
    )


def _split(text: str) -> list[list[str]]:
    return [group.split(",") for group in text.split(";")]


def _condition(column: str, value: str, code: str) -> Condition:
    operator = Operator.from_code(code, column)
    if not operator.takes_value:
        return Condition(column, operator)
    return Condition(column, operator, "" if value == _NO_VALUE else value)


def _sorts(text: str) -> tuple[Sort, ...]:
    matches = [_SORT.fullmatch(item) for item in text.split(",")] if text else []
    sorts = []
    for match in matches:
        if match is None:
            raise QueryError("The parameter orderbyfieldids is no list of NAME, -NAME, ['NAME'] or -['NAME'].")
        sorts.append(Sort(match["quoted"] or match["plain"], bool(match["minus"])))
    return tuple(sorts)
