"""KnOrganisation and KnPerson: the match decides between insert and update (profit-wire 4.4).

Only at the root: below other connectors they are kept as they come, whatever their match.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afas_soap.emulator.booking.context import Choice, Context, Rule
from afas_soap.emulator.booking.numbering import family_of
from afas_soap.emulator.booking.records import Document, key_of
from afas_soap.emulator.booking.validation import Validated
from afas_soap.emulator.refusals import NOT_IMITATED, SEVERAL_RECORDS, Refused
from afas_soap.profit.updates.update import Action

_VIEW = "Profit_OrgPer"
_KEY = "BcCo"


@dataclass(frozen=True, slots=True)
class _Match:
    """``codes`` tell by which field each value of the field ``name`` looks a party up, None for always a new one.
    ``kind`` is what the seed calls such a party."""

    name: str
    kind: str
    codes: Mapping[str, str | None]


_MATCHES: Mapping[str, _Match] = {
    "KnOrganisation": _Match("MatchOga", "Organisatie", {"0": _KEY, "1": "CcNr", "3": "Nm", "6": None}),
    "KnPerson": _Match("MatchPer", "Persoon", {"0": _KEY, "1": "SoSe", "7": None}),
}
# Where the seed shows a field.
_COLUMNS = {_KEY: "BcCo", "CcNr": "ChOfCommNr", "Nm": "Name", "SoSe": "BSN"}


def choose(context: Context, record: Validated) -> Choice | None:
    """Insert or update, over the action; None when no match was given. Raises ``Refused`` for several hits, and for a
    match that is not imitated."""
    match = _MATCHES[context.definition.connector]
    value = record.values.get(match.name)
    if not value:
        return None
    if value not in match.codes:
        known = list(match.codes)
        raise Refused(NOT_IMITATED, filled={"field": match.name, "known": ", ".join(known)})
    code = match.codes[value]
    sought = record.values.get(code) if code else None
    hits = _hits(context, match, code, sought) if code and sought else []
    if len(hits) > 1:
        raise Refused(SEVERAL_RECORDS, name=context.definition.shape.name)
    if hits:
        return Choice(Action.UPDATE, {_KEY: hits[0]})
    # That nothing to look for means nothing found is inferred.
    number = record.values.get(_KEY)
    return Choice(Action.INSERT, {_KEY: number} if number else {})


def _hits(context: Context, match: _Match, code: str, sought: str) -> list[str]:
    """The numbers of the parties that have this value."""
    connector = context.definition.connector
    sent = [document.row.text(_KEY) for document in context.records.marked(connector, code, sought)]
    shown = context.seeds.rows(_VIEW, {_COLUMNS[code]: sought, "Type": match.kind})
    # What was sent of a party counts, and what was shown of it before does not.
    seeded = (str(row["BcCo"]) for row in shown)
    family = family_of(connector)
    return sent + [number for number in seeded if context.records.by_key(family, key_of([number])) is None]


def adopt(context: Context, document: Document) -> None:
    """What the seed has of a party, as far as one may look for it."""
    for row in context.seeds.rows(_VIEW, {"BcCo": document.row.text(_KEY)}):
        for code, column in _COLUMNS.items():
            if code != _KEY and row.get(column) is not None:
                document.row.handed[code] = str(row[column])


RULE = Rule(choose=choose, adopt=adopt, marks=tuple(_COLUMNS))
