"""The general ledger (double-entry bookkeeping): entries whose debit equals their credit, and invoices that are open.

An entry's journal lines have its id as their header: how SB numbers headers is not known.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from afas_soap.emulator.sb.books.register import EntryKind, Register, State
from afas_soap.emulator.sb.seed import calendar, chart, fixed
from afas_soap.emulator.sb.tables import Row, Tables, guid_of

DEBTOR_INVOICES, CREDITOR_INVOICES = "debtorinvoicebalance", "creditorinvoicebalance"
_ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an entry: on a ledger account, ``amount`` positive for debit, negative for credit."""

    account: str
    amount: Decimal
    description: str = ""
    vat_percentage: Decimal | None = None
    vat_section: str | None = None
    vat_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What its lines share. ``origin`` is the entry that this one goes with: whoever takes that away takes this."""

    key: str
    kind: EntryKind
    administration: str
    date: datetime.date
    description: str
    number: str | None = None
    document: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """An open item, of a debtor or a creditor. ``internal`` is its number with us, for purchases."""

    key: str
    administration: str
    number: str
    date: datetime.date
    due: datetime.date
    total: Decimal
    relation: str
    kind: str
    name: str
    reference: str | None = None
    internal: str | None = None


class Ledger:
    """Books, pays and takes away, in ``tables``. ``now`` says when an entry was made."""

    def __init__(self, tables: Tables, register: Register, now: Callable[[], datetime.datetime]) -> None:
        self._tables = tables
        self._register = register
        self._now = now

    def post(self, entry: Entry, lines: Sequence[Line]) -> None:
        """Book an entry. ``ArithmeticError`` when it does not balance, which a caller has to see to."""
        if sum((line.amount for line in lines), _ZERO) != 0:
            raise ArithmeticError(f"the entry {entry.key} does not balance")
        self._register.keep(
            entry.kind,
            State.BOOKED,
            {
                "Id": entry.key,
                "AdministrationId": entry.administration,
                "Number": entry.number,
                "Origin": entry.origin,
            },
        )
        self._open_year(entry.administration, entry.date.year)
        shared = self._shared(entry)
        for number, line in enumerate(lines):
            self._tables.insert(
                "journalentries", {**shared, **_amounts(line, entry), "LineId": guid_of("line", entry.key, number)}
            )

    def open(self, connector: str, invoice: Invoice) -> None:
        """Note what a relation has to pay, or is to be paid."""
        row: Row = {
            "InvoiceId": invoice.key,
            "InstanceId": guid_of(connector, invoice.key),
            "AdministrationId": invoice.administration,
            "InvoiceNumber": invoice.number,
            "InvoiceDate": calendar.moment(invoice.date),
            "DueDate": calendar.moment(invoice.due),
            "CustomerReference": invoice.reference,
            "RelationId": invoice.relation,
            "RelationName": invoice.name,
            "TotalAmount": invoice.total,
            "OutstandingAmount": invoice.total,
            "PaidAmount": _ZERO,
            **fixed.relation_type(invoice.kind),
        }
        if connector == CREDITOR_INVOICES:
            row |= {"InternalInvoiceNumber": invoice.internal, "ProcessingAmount": _ZERO}
        self._tables.insert(connector, row)

    def settle(self, connector: str, key: str, amount: Decimal, date: datetime.date) -> None:
        """Lower what is open of an invoice."""
        (found,) = self._tables.find(connector, {"InvoiceId": key})
        paid, outstanding = Decimal(str(found["PaidAmount"])), Decimal(str(found["OutstandingAmount"]))
        values: Row = {
            "PaidAmount": paid + amount,
            "OutstandingAmount": outstanding - amount,
            "LastCompleted": calendar.moment(date),
        }
        self._tables.change(connector, {"InvoiceId": key}, values)

    def take_away(self, key: str) -> None:
        """Remove an entry with all that it booked, and what goes with it."""
        for found in self._tables.find("_entries", {"Origin": key}):
            self.take_away(str(found["Id"]))
        self._tables.remove("journalentries", {"HeaderId": key})
        self._tables.remove("_entries", {"Id": key})
        for connector in (DEBTOR_INVOICES, CREDITOR_INVOICES):
            self._tables.remove(connector, {"InvoiceId": key})

    def account(self, administration: str, number: str) -> str:
        """The account that the emulator books on by itself."""
        return chart.account_id(administration, number)

    def _shared(self, entry: Entry) -> Row:
        return {
            "AdministrationId": entry.administration,
            "HeaderId": entry.key,
            "AccountingPeriodId": calendar.period_id(entry.administration, entry.date.year, entry.date.month),
            "AccountingYearId": calendar.year_id(entry.administration, entry.date.year),
            "Number": str(self._register.number(f"journal {entry.administration}")),
            "PostingDate": calendar.moment(entry.date),
            "DocumentDate": calendar.moment(entry.date),
            "DocumentIdentification": entry.document or entry.number,
            "AuditCreatedOnDate": self._now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def _open_year(self, administration: str, year: int) -> None:
        if not self._tables.find("accountingyear", {"Id": calendar.year_id(administration, year)}):
            for connector, row in calendar.rows(administration, year):
                self._tables.insert(connector, row)


def _amounts(line: Line, entry: Entry) -> Row:
    return {
        "LedgerAccountId": line.account,
        "AmountDebit": max(line.amount, _ZERO),
        "AmountCredit": max(-line.amount, _ZERO),
        "AmountTotal": line.amount,
        "Description": line.description or entry.description,
        "VatPercentage": line.vat_percentage,
        "VatSection": line.vat_section,
        "VatAmount": line.vat_amount,
    }
