"""Which codes make a record the one it is, told from AFAS' OpenAPI files, which have no word for it.

The addresses of DELETE name keys, but not always: that of FiEntries is the year, that of PtRealization a switch of the
import, that of FbUnitBasicItem leaves the item out. A record must not be taken for another one because of them. So:

1. What the address of DELETE names counts, or else the ``@members`` of AFAS' examples.
2. But where a call gives keys back, and not all of those are among them, the keys that come back count instead.
3. Where nothing comes back, and AFAS' own inserts give the same keys to different records, the required fields that
   every insert has join them, one after the other, until they tell the records apart. If they never do, nothing is
   known: there are no keys, and every insert is a record of its own.
4. Of all these, only those count that every update of AFAS' own names, if there are such and they tell apart as well;
   and of the keys that come back, none that is a field which no example has. Where none of them is a field, no call
   can name one, and there are no keys.

All of it is inferred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from afas_soap.profit.updates.fieldvalue import field_text
from afas_soap.profit.updates.update import Element


@dataclass(frozen=True)
class Evidence:
    """What a file says of the keys of a connector.

    ``named`` are the codes in the address of DELETE, ``results`` those that come back, ``required`` the fields that the
    schema of POST calls so, ``fields`` all there are. ``inserts`` and ``updates`` are the records of AFAS' examples.
    """

    fields: frozenset[str]
    named: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    inserts: tuple[Element, ...] = ()
    updates: tuple[Element, ...] = ()


def keys_by(evidence: Evidence) -> tuple[str, ...]:
    """The keys, by the rule at the head of this module; () when nothing is known of them."""
    records = (*evidence.inserts, *evidence.updates)
    named = evidence.named or attributes(records)
    named = tuple(code for code in named if code in evidence.fields)
    results = evidence.results
    if not results:
        return _narrowed(_widened(named, evidence), evidence)
    if named and set(named) <= set(results):
        return named
    shown = tuple(code for code in results if code not in evidence.fields or _had(code, records))
    common = tuple(code for code in shown if evidence.updates and _all_have(code, evidence.updates))
    return common or (shown if evidence.fields.intersection(shown) else ())


def attributes(records: Iterable[Element]) -> tuple[str, ...]:
    """The ``@members`` of the records, but for those beside which a field of the same name has another value."""
    found: dict[str, bool] = {}
    for record in records:
        for code, key in record.keys.items():
            other = field_text(record.fields.get(code))
            found[code] = found.get(code, True) and other in (None, field_text(key))
    return tuple(code for code, holds in found.items() if holds)


def _widened(named: tuple[str, ...], evidence: Evidence) -> tuple[str, ...]:
    if not named:
        return ()
    keys = named
    for code in evidence.required:
        if _tell_apart(keys, evidence.inserts):
            break
        if code not in keys and _all_have(code, evidence.inserts):
            keys = (*keys, code)
    return keys if _tell_apart(keys, evidence.inserts) else ()


def _narrowed(keys: tuple[str, ...], evidence: Evidence) -> tuple[str, ...]:
    common = tuple(code for code in keys if evidence.updates and _all_have(code, evidence.updates))
    return common if common and _tell_apart(common, evidence.inserts) else keys


def _tell_apart(keys: Sequence[str], inserts: Iterable[Element]) -> bool:
    """Whether no two different records have the same values; a record without one of the keys is like no other."""
    seen: dict[tuple[str, ...], Element] = {}
    for record in inserts:
        values = tuple(_value(record, code) for code in keys)
        if "" not in values and seen.setdefault(values, record) != record:
            return False
    return True


def _all_have(code: str, records: Iterable[Element]) -> bool:
    return all(_value(record, code) for record in records)


def _had(code: str, records: Iterable[Element]) -> bool:
    return any(_value(record, code) for record in records)


def _value(record: Element, code: str) -> str:
    return field_text(record.keys.get(code)) or field_text(record.fields.get(code)) or ""
