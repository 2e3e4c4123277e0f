"""Reconciliation: did a record arrive that may have been booked? A GetConnector tells how many rows show a value of it.

What a count means. Records of one file may be equal in the value that is looked up, so a row explains itself when it
is one of those that are known as booked. With ``known`` such records and some doubtful ones of the same value, as many
doubtful ones have arrived as there are rows beyond ``known``. "More than one hit stops the run" is read so: what stops
it is a row that no record of the file explains. Fewer rows than ``known`` stop it as well, for then the question is
not the right one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Generic

from afas_soap.batch.file import Form, Written
from afas_soap.errors import SettingsError, Uncertain

_FORM = re.compile(r"(?P<connector>[^:=\s]+):(?P<column>[^=]*[^=\s])=(?P<field>(?:\w+/)*@?\w+)")
_SEVERAL_LINES = re.compile(r"[\t\r\n]")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)t00:00(:00)?(\.0+)?z?")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where to look: ``column`` of the GetConnector ``connector`` shows what ``field`` of a record holds.

    ``field`` is spelt as the form of the records takes it (``batch.file.Form.values``). Its
    values should be the batch's own, such as an external number: an older record of that value would be taken for it.
    ``scope`` is a name that both a column and a field have, of what the values are kept apart by (an administration),
    "" for nothing; ``within`` is its value for one question.
    """

    connector: str
    column: str
    field: str
    scope: str = ""
    within: str = ""

    @classmethod
    def parse(cls, text: str) -> Lookup:
        """The lookup that ``CONNECTOR:COLUMN=FIELD`` spells. Raises ``SettingsError`` for anything else."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise SettingsError(
                "lookup: it is spelt CONNECTOR:COLUMN=FIELD, such as Profit_Subjects:Subject=Ds: a column of a "
                "GetConnector, and the field of the record whose value it shows (Ds, @SbId, KnOrganisation/Nm)."
            )
        return cls(match["connector"], match["column"].strip(), match["field"])

    def inside(self, within: str) -> Lookup:
        """The same within a value of its scope."""
        return replace(self, within=within) if within else self


def plain_value(value: str) -> str | None:
    """``value``, unless it has blanks around it or stands on several lines: those may be kept otherwise (not known)."""
    return value if value == value.strip() and _SEVERAL_LINES.search(value) is None else None


Ask = Callable[[Lookup, str, int], int]
"""How many rows of the lookup's connector have this value in its column; counting may end at the number given last."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A record that may have been booked; ``sent`` is when, in seconds since 1970. ``repeatable`` is whether the
    service would still know a repeat of it by its identifier."""

    position: int
    line: int
    hash: str
    sent: float
    value: str | None = field(repr=False)
    repeatable: bool = False
    within: str = ""
    """Of its lookup's scope."""


@dataclass
class Group:
    """Doubtful records of one value, and how many records of that value are known as booked."""

    doubtful: list[Doubtful]
    known: int = 0
    clear: bool = True
    """Whether no record of the file has a value that is nearly the same, and that Profit may count with it."""

    @property
    def value(self) -> str:
        """What they are looked up by."""
        value = self.doubtful[0].value
        assert value is not None
        return value

    @property
    def within(self) -> str:
        """What they are looked up in."""
        return self.doubtful[0].within

    @property
    def repeatable(self) -> bool:
        """Whether each of them would be known by its identifier."""
        return all(each.repeatable for each in self.doubtful)

    @property
    def lines(self) -> list[int]:
        """The numbers of their lines."""
        return [each.line for each in self.doubtful]


class Groups(Generic[Written]):
    """Doubtful records by the value they are looked up by. All of them must have one."""

    def __init__(self, lookup: Lookup, doubtful: Iterable[Doubtful], form: Form[Written]) -> None:
        self._lookup = lookup
        self._form = form
        self._groups: dict[tuple[str, str], Group] = {}
        self.witness: tuple[Lookup, str] | None = None
        """The question for another record that is known as booked, so that a right one finds it."""
        for each in doubtful:
            assert each.value is not None
            group = self._groups.setdefault((alike(each.value), each.within.lower()), Group([]))
            group.clear = group.clear and (not group.doubtful or group.value == each.value)
            group.doubtful.append(each)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())

    def count(self, update: Written) -> None:
        """Take note of a record of the file that is known as booked."""
        within = scope_of(update, self._lookup, self._form)
        for value in self._form.values(update, self._lookup.field):
            group = self._groups.get((alike(value), within.lower()))
            if group is None:
                told = self._form.value(update, self._lookup.field)
                self.witness = (self._lookup.inside(within), told) if told else self.witness
                continue
            group.known += 1
            group.clear = group.clear and group.value == value


def scope_of(update: Written, lookup: Lookup, form: Form[Written]) -> str:
    """What a record is looked up in, "" for everything."""
    return (form.value(update, lookup.scope) or "") if lookup.scope else ""


def arrived(group: Group, ask: Ask, lookup: Lookup) -> int:
    """How many of a group have arrived: all, none, or some of records that are equal throughout.

    Raises ``Uncertain`` when the answer does not tell.
    """
    most = len(group.doubtful)
    if not group.clear:
        raise _untold(
            group, "other records of the file have nearly the same value, and whether Profit counts them is not known"
        )
    count = ask(lookup.inside(group.within), group.value, group.known + most + 1) - group.known
    if not 0 <= count <= most:
        rows = "fewer rows" if count < 0 else "more rows"
        raise _untold(group, f"{lookup.connector} has {rows} of that value than the records of the file explain")
    if 0 < count < most and len({each.hash for each in group.doubtful}) > 1:
        raise _untold(group, f"{lookup.connector} shows {count} of them, and they differ: which one cannot be told")
    return count


def check_witness(groups: Groups[Written], ask: Ask, lookup: Lookup) -> None:
    """Raise ``Uncertain`` when the lookup does not even find a record of which it is known that it was booked.

    A lookup of the wrong column finds nothing at all, and whoever believes it sends everything twice.
    """
    if groups.witness is not None and ask(*groups.witness, 1) == 0:
        raise Uncertain(
            f"The lookup does not find a record of this batch that is known as booked: {lookup.column} of "
            f"{lookup.connector} does not seem to show {lookup.field}. Nothing more is sent: name another lookup."
        )


def alike(value: str) -> str:
    """The same text for values that Profit may take for equal: case, accents, blanks around, spelling of a number.

    What Profit's own comparison does is not known.
    """
    plain = unicodedata.normalize("NFKD", value)
    folded = " ".join("".join(char for char in plain if not unicodedata.combining(char)).casefold().split())
    try:
        number = Decimal(folded)
    except InvalidOperation:
        return _MIDNIGHT.sub(r"\1", folded)
    return format(number.normalize(), "f") if number.is_finite() and abs(number.adjusted()) < _DIGITS else folded


# More than any number of Profit's has; a text such as 1E999999 must not be written out.
_DIGITS = 100


def told_lines(lines: Sequence[int]) -> str:
    """The numbers of lines in a sentence: ``line 3``, ``lines 3, 4 and 9``, and the first ten of many."""
    shown = [str(line) for line in lines[:10]]
    more = len(lines) - len(shown)
    shown += [f"{more} more"] if more else []
    return f"line {shown[0]}" if len(shown) == 1 else f"lines {', '.join(shown[:-1])} and {shown[-1]}"


def _untold(group: Group, why: str) -> Uncertain:
    return Uncertain(
        f"Whether {told_lines(group.lines)} arrived cannot be told: {why}. Nothing more is sent: look it up yourself, "
        "or name another lookup."
    )
