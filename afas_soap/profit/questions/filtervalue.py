"""A value in a filter against its column's kind: what can be said before Profit is asked, and behind its refusal.

Profit compares text with text, so a value that is none of its column's kind finds no rows, or is refused with no more
than "Type mismatch". Only what is certainly none is refused here; where a filter is about a part of a text, or Profit
may know another meaning (percent signs), nothing is said (profit-wire 2.1).
"""

from __future__ import annotations

import dataclasses
import datetime
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from afas_soap.errors import QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.questions.query import Condition, Filter, Operator

_LOG = logging.getLogger("afas_soap.profit")

_COMPARES = (
    *(Operator.EQUALS, Operator.NOT_EQUAL, Operator.GREATER, Operator.GREATER_OR_EQUAL),
    *(Operator.LESS, Operator.LESS_OR_EQUAL),
)
_QUOTES = ("''", '""', "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}", "“”", "``")
_SHORTEST = 2
# A term may be as long as a text: enough of it to be found again.
_SHOWN = 60

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(1[3-9]|2[0-9]|3[01])[-/.](0?[1-9]|1[0-2])[-/.]([0-9]{4})", re.ASCII)
_BOOLEANS = ("true", "false", "1", "0")
# What people mean by true and false, in the languages that Profit speaks.
_YES = ("ja", "j", "yes", "y", "waar", "oui", "vrai", "wahr", "on", "aan", "x")
_NO = ("nee", "n", "no", "onwaar", "non", "faux", "nein", "falsch", "off", "uit")
# Thousands in dots and decimals behind a comma, and the other way round.
_EUROPEAN = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?|[+-]?[0-9]+,[0-9]{1,2}", re.ASCII)
_ENGLISH = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+", re.ASCII)


def _number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


def _boolean(value: str) -> bool:
    return value.lower() in _BOOLEANS


def _date_time(value: str) -> bool:
    if not _DATE_TIME.fullmatch(value):
        return False
    try:
        # .NET's seventh digit of a second is one more than Python takes.
        datetime.datetime.fromisoformat(value[:26])
    except ValueError:
        return False
    return True


def _plain_number(value: str) -> str:
    if _EUROPEAN.fullmatch(value):
        return value.replace(".", "").replace(",", ".")
    return value.replace(",", "") if _ENGLISH.fullmatch(value) else ""


def _true_or_false(value: str) -> str:
    word = value.casefold()
    return "true" if word in _YES else "false" if word in _NO else ""


def _moment(value: str) -> str:
    """A date in the order of the Netherlands where no other is possible, a blank in place of the T, no seconds."""
    day_first = _DAY_FIRST.fullmatch(value)
    if day_first:
        return "{2}-{1:0>2}-{0}".format(*day_first.groups())
    with_t = value.replace(" ", "T", 1)
    return next((tried for tried in (with_t, f"{with_t}:00") if _date_time(tried)), "")


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a value of one kind is written: whether a text ``fits``, what a column of the kind is, how its values are
    written, and what was ``meant`` by a text that does not fit ("" when that is not sure)."""

    fits: Callable[[str], bool]
    column: str
    written: str
    meant: Callable[[str], str]


_MOMENT = _Spelling(
    _date_time, "a date-time", "2024-02-29T13:30:00 or 2024-02-29, in Amsterdam time and without a zone", _moment
)
_SPELLINGS: Mapping[Kind, _Spelling] = {
    Kind.INT: _Spelling(_number, "a whole number", "digits and nothing between them", _plain_number),
    Kind.DECIMAL: _Spelling(_number, "a number", "digits with a decimal point, such as 2500.00", _plain_number),
    Kind.BOOL: _Spelling(_boolean, "a boolean", "true or false", _true_or_false),
    Kind.DATETIME: _MOMENT,
    Kind.DATE: _MOMENT,
}


def check_values(filters: Sequence[Filter], fields: Fields) -> None:
    """Raise ``QueryError`` for a value that cannot be one of its column's kind, naming term, column and kind. Columns
    that are not among ``fields`` are passed over."""
    for condition in _conditions(filters):
        if condition.column in fields:
            _check(condition, fields[condition.column], fields.connector)


def terms_told(filters: Sequence[Filter], fields: Fields) -> str:
    """Each term with its column's kind, for a refusal that says neither."""
    return "; ".join(
        f"{_term(condition)!r} is about a column of kind {fields[condition.column].kind}"
        for condition in _conditions(filters)
        if condition.column in fields and condition.value is not None
    )


def tell_quotes(filters: Sequence[Filter]) -> None:
    """Warn of values that stand in quotes: Profit takes those for a part of the value."""
    for column in dict.fromkeys(each.column for each in _conditions(filters) if _quoted(each.value or "")):
        _LOG.warning(
            "the value of %s in the filter stands in quotes, and they are part of it: leave them out unless the field "
            "holds them, too",
            column,
        )


def _conditions(filters: Sequence[Filter]) -> Iterator[Condition]:
    return (condition for conditions in filters for condition in conditions)


def _check(condition: Condition, field: Field, connector: str) -> None:
    value, spelling = condition.value or "", _SPELLINGS.get(field.kind)
    if spelling is None or condition.operator not in _COMPARES or spelling.fits(value) or "%" in value:
        return
    raise QueryError(
        f"The filter {_term(condition)!r} does not fit its column: {field.name} is {spelling.column} ({field.kind}), "
        f"written as {spelling.written}{_remedy(condition, value, spelling)}."
    ).about(connector=connector)


def _remedy(condition: Condition, value: str, spelling: _Spelling) -> str:
    bare = (value[1:-1] if _quoted(value) else value).strip()
    around = "quotes" if _quoted(value) else "blanks" if bare != value else ""
    meant = bare if spelling.fits(bare) else spelling.meant(bare)
    without = f", without the {around} around it, which are part of the value" if around else ""
    return f"{without}: {_term(dataclasses.replace(condition, value=meant))!r}" if meant else without


def _term(condition: Condition) -> str:
    value = condition.value or ""
    shown = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."
    return f"{condition.column} {condition.operator.sign} {shown}".rstrip()


def _quoted(value: str) -> bool:
    return len(value) >= _SHORTEST and value[0] + value[-1] in _QUOTES
