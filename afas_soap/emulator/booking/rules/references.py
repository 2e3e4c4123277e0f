"""Referential integrity: fields that must name something that is there, as employees, debtors, items, VAT codes.

Only those are checked of which the emulator knows all that there is. Which of AFAS' two texts comes for which field is
known for one each (profit-wire 3.6: an employee, a VAT code), and inferred for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from afas_soap.emulator.booking.context import Context
from afas_soap.emulator.booking.validation import Validated, of_field
from afas_soap.emulator.refusals import FOREIGN_KEY, UNKNOWN_VALUE, Text
from afas_soap.profit.schemas.updateschema import FieldRule, Shape


@dataclass(frozen=True, slots=True)
class _Reference:
    """What ``connector`` shows in ``column``; or ``values`` where no GetConnector shows it. ``table`` is AFAS' name of
    what is referred to."""

    table: str
    connector: str = ""
    column: str = ""
    values: frozenset[str] = frozenset()
    text: Text = FOREIGN_KEY
    when: Callable[[Validated], bool] = lambda _: True


_EMPLOYEE = _Reference("KnEmployee", "Profit_Employees", "EmployeeId", text=UNKNOWN_VALUE)
_DEBTOR = _Reference("KnSalesRelation", "Profit_Debtor", "DebtorId")
_PROJECT = _Reference("PtProject", "Profit_Projects", "ProjectId")
_ARTICLE = _Reference("FbBasicItems", "Profit_Article", "ItemCode", when=lambda row: row.values.get("VaIt") == "2")
_UNIT = _Reference("KnUnit", "Profit_Administrations", "AdminId")
_JOURNAL = _Reference("KnJournal", "Profit_Journals", "JournalId")
# No GetConnector of the emulator shows VAT codes: one digit each, as in all of AFAS' examples.
_VAT = _Reference("KnVat", values=frozenset("0123456789"))

# (UpdateConnector, the object the field is in, code)
_REFERENCES: Mapping[tuple[str, str, str], _Reference] = {
    ("PtRealization", "PtRealization", "EmId"): _EMPLOYEE,
    ("PtRealization", "PtRealization", "PrId"): _PROJECT,
    ("PtProject", "PtProject", "EmId"): _EMPLOYEE,
    ("PtProject", "PtProject", "DbId"): _DEBTOR,
    ("FbSales", "FbSales", "DbId"): _DEBTOR,
    ("FbSales", "FbSalesLines", "ItCd"): _ARTICLE,
    ("FiEntries", "FiEntryPar", "UnId"): _UNIT,
    ("FiEntries", "FiEntryPar", "JoCo"): _JOURNAL,
    ("FiEntries", "FiEntries", "VaId"): _VAT,
}


def check(context: Context, record: Validated) -> None:
    """Raise ``Refused`` for the first value that names nothing."""
    _check(context, record, context.definition.shape)


def _check(context: Context, record: Validated, shape: Shape) -> None:
    for code, text in record.values.items():
        reference = _REFERENCES.get((context.definition.connector, shape.name, code))
        if reference is not None and text and reference.when(record) and not _known(context, reference, text):
            raise of_field(reference.text, shape.fields.get(code) or FieldRule(code), table=reference.table)
    for name, rows in record.parts.items():
        for row in rows:
            _check(context, row, shape.objects[name])


def _known(context: Context, reference: _Reference, text: str) -> bool:
    if reference.values:
        return text in reference.values
    return bool(context.seeds.rows(reference.connector, {reference.column: text}))
