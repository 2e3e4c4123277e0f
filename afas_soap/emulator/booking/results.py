"""Generated keys: those of a record, handed out where they are missing, and told in the receipt."""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.emulator.booking.context import Context
from afas_soap.emulator.booking.numbering import guid, is_guid
from afas_soap.emulator.booking.records import Document, Row
from afas_soap.profit.schemas.updateschema import FieldRule, Shape

# Numbers of organisations and persons, which many connectors tell though the party is a sub-object of theirs.
_PARTIES = ("BcCo", "BcId")


def hand_out(context: Context, document: Document) -> None:
    """Give the record the keys that it lacks, and the results that nobody sends (profit-wire 4.2)."""
    definition = context.definition
    for code in (*definition.keys, *definition.results):
        if document.row.text(code) if code in definition.keys else found(document.row, code):
            continue
        document.row.values.pop(code, None)
        rule = _rule(definition.shape, code)
        if is_guid(code):
            document.row.handed[code] = guid(definition.connector, code, _next(context, code, None))
        elif code in definition.keys or code in _PARTIES or rule is None or rule.type == "long":
            document.row.handed[code] = _next(context, code, rule)


def _next(context: Context, code: str, rule: FieldRule | None) -> str:
    number = context.numbers.next(context.definition.connector, code)
    return number if rule is None or rule.type != "long" else str(int(number))


def results_of(context: Context, document: Document) -> Mapping[str, str]:
    """The results of a record as text; "" for a field that it has not, such as an external key."""
    return {code: found(document.row, code) for code in context.definition.results}


def found(row: Row, code: str) -> str:
    """The value with this code in a record, or else in the first row right below it that has one.

    The case of the code does not matter: FiEntries tells an ``InID`` that its lines call ``InId`` (profit-wire 13).
    """
    below = (inner for rows in row.parts.values() for inner in rows)
    return next((text for each in (row, *below) if (text := _own(each, code))), "")


def _own(row: Row, code: str) -> str:
    if text := row.text(code):
        return text
    wanted = code.lower()
    return next((text for name, text in {**row.handed, **row.values}.items() if text and name.lower() == wanted), "")


def _rule(shape: Shape, code: str) -> FieldRule | None:
    """How the schema declares a code, in the record or below it."""
    for name, rule in {**shape.keys, **shape.fields}.items():
        if name.lower() == code.lower():
            return rule
    below = (_rule(inner, code) for inner in shape.objects.values())
    return next((rule for rule in below if rule is not None), None)
