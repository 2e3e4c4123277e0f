"""Purchase journal entries, and purchase invoices of the connector that 8.0 has no more: creditors, costs and VAT.

Whether SB takes the number of a supplier's invoice twice is not known: here it does. A purchase with faults is not kept
in error.
"""

from __future__ import annotations

import datetime
from decimal import Decimal, InvalidOperation

from afas_soap.emulator.sb.books import vat
from afas_soap.emulator.sb.books.answers import TOO_EARLY, Done, FailedError, invalid_reference
from afas_soap.emulator.sb.books.desk import Desk, Party, before_opening, day, number, rows, text
from afas_soap.emulator.sb.books.ledger import CREDITOR_INVOICES, Entry, Invoice
from afas_soap.emulator.sb.books.register import EntryKind
from afas_soap.emulator.sb.seed import chart, fixed
from afas_soap.emulator.sb.tables import Row, guid_of
from afas_soap.emulator.sb.validation.schemacheck import MOST
from afas_soap.sb.operation import Operation, Shape

_RATES = {fixed.VAT_RATES["Hoog"]: "high", fixed.VAT_RATES["Laag"]: "low", fixed.VAT_RATES["Nul"]: "zero"}


def post(desk: Desk, operation: Operation, body: Row) -> Done:
    """``POST purchasejournalentry``, in all its versions."""
    own, party = desk.administration(body), desk.party(body)
    desk.attachments(body)
    faults = [fault for line in rows(body, "InvoiceLine") for fault in desk.faults(line)]
    if faults:
        raise FailedError(*faults)
    parts = [_part(line) for line in rows(body, "InvoiceLine")]
    invoice = _book(desk, own, party, body, parts, (day(body, "InvoiceDate"), day(body, "DueDate")))
    if operation.answer is not None and operation.answer.shape is Shape.INSTANCES:
        return _instances(desk, party, invoice)
    return Done({"PurchaseJournalEntryId": invoice.key, "PurchaseInternalInvoiceNumber": invoice.internal})


def post_invoice(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST purchaseinvoice``: all its members are texts, and none of them has to be there."""
    own = desk.administration(body)
    party = desk.party(body, fixed.ORGANISATION, text(body, "SupplierOrganisationId"))
    desk.attachments(body)
    dates = (_day(body, "IssueDate"), _day(body, "DueDate"))
    parts = []
    for line in rows(body, "InvoiceLine"):
        account = text(line, "LedgerAccountNumberId")
        desk.find("ledgeraccounts", account, "Grootboekrekening")
        rate = _RATES.get(text(line, "VatRateId"), "zero")
        parts.append(
            vat.Part(
                account,
                _amount(line, "LineExtensionAmount"),
                _amount(line, "TaxAmount"),
                vat.RATES[rate],
                vat.purchase_section(rate, ""),
                text(line, "Description"),
            )
        )
    told: Row = {"InvoiceNumber": body.get("SupplierInvoiceId"), "Reference": body.get("OrderReference")}
    invoice = _book(desk, own, party, told, parts, dates)
    names = {"UitgaandeBetaling": invoice.key, "Inkoopfactuur": invoice.key}
    return Done(names, {"Inkoopfactuur": {"Nummer": str(invoice.internal)}})


def _part(line: Row) -> vat.Part:
    rate, calculation = text(line, "VatType"), text(line, "VatCalculation")
    excluding, given = number(line, "AmountExcludingVat"), line.get("AmountVat")
    charged = vat.amount(excluding, given if isinstance(given, Decimal) else None, rate, calculation)
    section = vat.purchase_section(rate, calculation)
    account = text(line, "LedgerAccountId")
    return vat.Part(account, excluding, charged, vat.RATES.get(rate), section, text(line, "Description"))


def _book(
    desk: Desk, own: str, party: Party, body: Row, parts: list[vat.Part], dates: tuple[datetime.date, datetime.date]
) -> Invoice:
    date, due = dates
    if before_opening(date):
        raise FailedError(TOO_EARLY)
    internal = f"IF{date:%y}{desk.register.number(f'purchase {own} {date.year}'):04d}"
    invoice = Invoice(
        desk.register.id(EntryKind.PURCHASE),
        own,
        text(body, "InvoiceNumber"),
        date,
        due,
        sum((part.including for part in parts), Decimal("0.00")),
        party.key,
        party.kind,
        party.name,
        reference=text(body, "Reference") or None,
        internal=internal,
    )
    described = f"Inkoopfactuur - {party.name}"
    entry = Entry(invoice.key, EntryKind.PURCHASE, own, date, described, number=invoice.number, document=internal)
    creditors, claimed = (desk.ledger.account(own, account) for account in (chart.CREDITORS, chart.VAT_CLAIMED))
    desk.ledger.post(entry, vat.invoice_lines(parts, control=creditors, vat_account=claimed, sign=-1))
    desk.ledger.open(CREDITOR_INVOICES, invoice)
    return invoice


def _instances(desk: Desk, party: Party, invoice: Invoice) -> Done:
    """The shape of 1.1. The supplier is the one that there is, or would be: none is made."""
    found = desk.tables.find("supplier", {"Id": party.key})
    names = {
        "Leverancier": found[0]["SupplierId"] if found else guid_of("supplier", party.key),
        "Begunstigde": guid_of("payee", party.key),
        "UitgaandeBetaling": invoice.key,
        "Inkoopfactuur": invoice.key,
    }
    return Done(names, {"Inkoopfactuur": {"Nummer": str(invoice.internal)}})


def _day(body: Row, name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text(body, name)[:10])
    except ValueError:
        raise FailedError(invalid_reference(name, text(body, name))) from None


def _amount(line: Row, name: str) -> Decimal:
    try:
        found = Decimal(text(line, name) or "0")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found.copy_abs() >= MOST:
        raise FailedError(invalid_reference(name, text(line, name)))
    return vat.cents(found)
