"""Sales journal entries: booked on debtors, revenue and VAT, kept in error, written off and deleted.

Which faults keep an entry in error is known of two: a date before the opening balance, and a ledger account that there
is not. Of a payment condition and of quantities it is inferred.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from afas_soap.emulator.sb.books import vat
from afas_soap.emulator.sb.books.answers import (
    TOO_EARLY,
    Done,
    FailedError,
    invalid_reference,
    kept_in_error,
    kept_with_lines_in_error,
)
from afas_soap.emulator.sb.books.desk import Desk, Party, before_opening, day, number, rows, text
from afas_soap.emulator.sb.books.ledger import DEBTOR_INVOICES, Entry, Invoice, Line
from afas_soap.emulator.sb.books.register import ENTRIES, EntryKind, State
from afas_soap.emulator.sb.seed import chart
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Operation

_TOGGLE = "SalesJournalEntries"
_DAYS = 14


def post(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST salesjournalentry``."""
    own = desk.administration(body, _TOGGLE)
    invoice_number = text(body, "InvoiceNumber")
    if desk.register.taken(EntryKind.SALES, own, invoice_number):
        raise FailedError(f"SalesJournalEntry with invoicenumber {invoice_number} already exists")
    party = desk.party(body)
    desk.attachments(body)
    key = desk.register.id(EntryKind.SALES)
    of_lines = [fault for line in rows(body, "InvoiceLine") for fault in desk.faults(line)]
    of_entry = _faults(desk, body)
    if of_entry or of_lines:
        kept: Row = {"Id": key, "AdministrationId": own, "Number": invoice_number}
        desk.register.keep(EntryKind.SALES, State.ERROR, kept)
        if of_entry:
            raise kept_in_error(EntryKind.SALES, key, *of_entry, *of_lines)
        raise kept_with_lines_in_error(EntryKind.SALES, key, *of_lines)
    _book(desk, own, key, party, body)
    return Done({"SalesJournalEntryId": key})


def put(desk: Desk, _: Operation, body: Row) -> Done:
    """``PUT salesjournalentry``: the payment reference, which no list shows."""
    key, _own = _there(desk, body)
    desk.tables.change(ENTRIES, {"Id": key}, {"PaymentReference": body.get("PaymentReference")})
    return Done({"SalesJournalEntryId": key})


def delete(desk: Desk, _: Operation, body: Row) -> Done:
    """``DELETE salesjournalentry``, one in error too."""
    key, _own = _there(desk, body)
    desk.ledger.take_away(key)
    return Done({"SalesJournalEntryId": key})


def write_off(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST salesjournalentrywof``: what is open goes to costs. When SB refuses it is inferred."""
    key, own = _there(desk, body)
    found = desk.tables.find(DEBTOR_INVOICES, {"InvoiceId": key})
    outstanding = number(found[0], "OutstandingAmount") if found else Decimal(0)
    if not outstanding:
        raise FailedError(f"SalesJournalEntry with id {key} has no outstanding amount")
    date = datetime.date.fromisoformat(str(found[0]["InvoiceDate"])[:10])
    entry = Entry(
        desk.register.id(EntryKind.WRITE_OFF),
        EntryKind.WRITE_OFF,
        own,
        date,
        text(body, "Description") or "Write off",
        document=str(found[0]["InvoiceNumber"]),
        origin=key,
    )
    costs, debtors = (desk.ledger.account(own, account) for account in (chart.WRITTEN_OFF, chart.DEBTORS))
    desk.ledger.post(entry, [Line(costs, outstanding), Line(debtors, -outstanding)])
    desk.ledger.settle(DEBTOR_INVOICES, key, outstanding, date)
    return Done({})


def part_of(line: Mapping[str, object], account: str, excluding: Decimal) -> vat.Part:
    """A line of an invoice that is sold."""
    rate, calculation = text(line, "VatType"), text(line, "VatCalculation")
    given = line.get("AmountVat")
    charged = vat.amount(excluding, given if isinstance(given, Decimal) else None, rate, calculation)
    section = vat.sales_section(rate, calculation, within_eu=bool(text(line, "IntraCommunityType")))
    return vat.Part(account, excluding, charged, vat.RATES.get(rate), section, text(line, "Description"))


def book_invoice(desk: Desk, entry: Entry, invoice: Invoice, parts: list[vat.Part]) -> None:
    """Book what was sold, and note what the relation has to pay. The total of ``invoice`` is that of ``parts``."""
    debtors, due = (desk.ledger.account(entry.administration, account) for account in (chart.DEBTORS, chart.VAT_DUE))
    desk.ledger.post(entry, vat.invoice_lines(parts, control=debtors, vat_account=due, sign=1))
    desk.ledger.open(DEBTOR_INVOICES, invoice)


def due_date(desk: Desk, condition: str, date: datetime.date) -> datetime.date:
    """When it has to be paid: the days stand in the words of the payment condition."""
    found = desk.tables.find("paymentconditions", {"Id": condition})
    days = int(str(found[0]["Description"]).split(" ", maxsplit=1)[0]) if found else _DAYS
    try:
        return date + datetime.timedelta(days=days)
    except OverflowError:
        return datetime.date.max


def _book(desk: Desk, own: str, key: str, party: Party, body: Row) -> None:
    date = day(body, "InvoiceDate")
    parts = [
        part_of(line, text(line, "LedgerAccountId"), number(line, "AmountExcludingVat"))
        for line in rows(body, "InvoiceLine")
    ]
    invoice = Invoice(
        key,
        own,
        text(body, "InvoiceNumber"),
        date,
        due_date(desk, text(body, "PaymentConditionId"), date),
        sum((part.including for part in parts), Decimal("0.00")),
        party.key,
        party.kind,
        party.name,
        reference=text(body, "Reference") or None,
    )
    described = text(body, "Description") or f"Verkoopfactuur - {party.name}"
    book_invoice(desk, Entry(key, EntryKind.SALES, own, date, described, number=invoice.number), invoice, parts)


def _faults(desk: Desk, body: Row) -> list[str]:
    faults = []
    condition = text(body, "PaymentConditionId")
    if condition and not desk.tables.find("paymentconditions", {"Id": condition}):
        faults.append(invalid_reference("Betaalvoorwaarde", condition))
    if before_opening(day(body, "InvoiceDate")):
        faults.append(TOO_EARLY)
    return faults


def _there(desk: Desk, body: Row) -> tuple[str, str]:
    """The entry of a body and its administration. What SB says when it is not there is not known."""
    own, key = desk.administration(body, _TOGGLE), text(body, "Id")
    if desk.register.entry(EntryKind.SALES, key, own) is None:
        raise FailedError(f"SalesJournalEntry with id {key} does not exist")
    return key, own
