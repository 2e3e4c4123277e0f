"""Merge: a record changed by an update, in its fields, and in the rows of its sub-objects.

What a row of a sub-object is known by is not published for most of them. Here it is its key attributes, or a field that
tells rows apart in AFAS' own examples; without any, a row that may be there once only is changed in place, and another
is one more.
"""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.emulator.booking.numbering import is_guid
from afas_soap.emulator.booking.records import Row, folded
from afas_soap.emulator.booking.validation import Validated
from afas_soap.emulator.refusals import DUPLICATE, NO_SUCH_RECORD, Refused
from afas_soap.profit.schemas.updateschema import Shape
from afas_soap.profit.updates.update import Action

# Sub-objects of which there is one (profit-wire 4.4), whatever stands above them.
_ALONE = ("KnOrganisation", "KnPerson", "KnBasicAddress")
# Of these there is only insert (profit-wire 4.4): each is one more.
_ADDED = ("KnBankAccount", "KnContactAutRole")
# Fields that tell rows apart where the schema has no key: those of AFAS' examples for PUT, and of its guides.
_OWN = ("GuLi", "SeId", "PrSt", "Inst", "Code", "PaId", "FileId", "EnNo")


def new_row(given: Validated, shape: Shape) -> Row:
    """The row that an insert makes. Raises ``Refused`` for a row below that is to be removed from nothing."""
    row = Row()
    change(row, given, shape)
    return row


def change(row: Row, given: Validated, shape: Shape) -> None:
    """Let ``given`` happen to ``row``: only what was given is changed. Raises ``Refused``."""
    row.values.update(given.values)
    for name, rows in given.parts.items():
        for inner in rows:
            there = row.parts.setdefault(name, [])
            _DEEDS[inner.action](there, inner, shape.objects[name], identity(inner, shape.objects[name], shape))
        if not row.parts[name]:
            del row.parts[name]


def identity(given: Validated, shape: Shape, above: Shape) -> dict[str, str]:
    """What a row of a sub-object is known by; {} when nothing tells. The key of the record above, which some schemas
    repeat in its rows, tells nothing."""
    codes = [*(code for code in shape.keys if code not in above.keys), *(code for code in _OWN if code in shape.fields)]
    return {code: text for code in codes if (text := given.values.get(code))}


def has(row: Row, wanted: Mapping[str, str]) -> bool:
    """Whether a row has all these values."""
    return all(folded(row.text(code)) == folded(text) for code, text in wanted.items())


def alone(name: str) -> bool:
    """Whether there is at most one row of this sub-object."""
    return name.startswith(_ALONE)


def _found(rows: list[Row], shape: Shape, wanted: Mapping[str, str]) -> Row | None:
    if alone(shape.name):
        return rows[0] if rows else None
    if wanted:
        return next((row for row in rows if has(row, wanted)), None)
    return None


def _insert(rows: list[Row], given: Validated, shape: Shape, wanted: Mapping[str, str]) -> None:
    there = _found(rows, shape, wanted)
    if there is None:
        rows.append(new_row(given, shape))
    elif alone(shape.name):
        change(there, given, shape)
    elif any(code in shape.keys or is_guid(code) for code in wanted):
        raise Refused(DUPLICATE, filled={"field": ",".join(wanted)})
    else:
        rows.append(new_row(given, shape))


def _update(rows: list[Row], given: Validated, shape: Shape, wanted: Mapping[str, str]) -> None:
    """A row that is not there is made: AFAS' own examples add bank accounts and roles by PUT."""
    there = _found(rows, shape, wanted)
    if there is None and len(rows) == 1 and not wanted and shape.name not in _ADDED:
        there = rows[0]
    if there is None:
        rows.append(new_row(given, shape))
    else:
        change(there, given, shape)


def _delete(rows: list[Row], given: Validated, shape: Shape, wanted: Mapping[str, str]) -> None:
    wanted = wanted or {code: text for code, text in given.values.items() if text}
    left = [row for row in rows if not has(row, wanted)]
    if len(left) == len(rows):
        raise Refused(NO_SUCH_RECORD, name=shape.name)
    rows[:] = left


_DEEDS = {Action.INSERT: _insert, Action.UPDATE: _update, Action.DELETE: _delete}
