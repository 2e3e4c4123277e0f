"""General journal entries: memorial (financial) and payroll entries, and cash mutations.

What SB does with one whose debit is not its credit is not known: a financial one is kept in error, as its DELETE lets
one suppose, the others fail.
"""

from __future__ import annotations

import datetime
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
from afas_soap.emulator.sb.books.desk import Desk, before_opening, day, number, rows, text
from afas_soap.emulator.sb.books.ledger import Entry, Line
from afas_soap.emulator.sb.books.register import EntryKind, State
from afas_soap.emulator.sb.seed import chart
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Operation

_UNBALANCED = "De boeking is niet in balans."
_DIRECTIONS = {"sales": vat.sales_section, "purchases": vat.purchase_section}


def post_financial(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST financialjournalentry``. A VAT type says what the line is in the return; it books no VAT beside it."""
    own = desk.administration(body)
    desk.attachments(body)
    key = desk.register.id(EntryKind.MEMORIAL)
    lines = [_line(line) for line in rows(body, "EntryLine")]
    of_lines = [fault for line in rows(body, "EntryLine") for fault in desk.faults(line)]
    of_entry = [TOO_EARLY] if before_opening(day(body, "EntryDate")) else []
    if sum(line.amount for line in lines):
        of_entry.append(_UNBALANCED)
    if of_entry or of_lines:
        desk.register.keep(EntryKind.MEMORIAL, State.ERROR, {"Id": key, "AdministrationId": own})
        if of_entry:
            raise kept_in_error(EntryKind.MEMORIAL, key, *of_entry, *of_lines)
        raise kept_with_lines_in_error(EntryKind.MEMORIAL, key, *of_lines)
    desk.ledger.post(Entry(key, EntryKind.MEMORIAL, own, day(body, "EntryDate"), text(body, "Description")), lines)
    return Done({"FinancialJournalEntryId": key})


def delete_financial(desk: Desk, _: Operation, body: Row) -> Done:
    """``DELETE financialjournalentry``, one in error too."""
    own, key = desk.administration(body), text(body, "Id")
    if desk.register.entry(EntryKind.MEMORIAL, key, own) is None:
        raise FailedError(f"FinancialJournalEntry with id {key} does not exist")
    desk.ledger.take_away(key)
    return Done({"FinancialJournalEntryId": key})


def post_payroll(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST payrolljournalentry``: its lines name ledger accounts by their numbers."""
    own = desk.administration(body)
    lines = [
        Line(_account_numbered(desk, own, text(line, "LedgerAccountNumber")), _debit(line))
        for line in rows(body, "PayrollJournalEntryLine")
    ]
    _refuse(day(body, "Date"), lines)
    key = desk.register.id(EntryKind.PAYROLL)
    desk.ledger.post(Entry(key, EntryKind.PAYROLL, own, day(body, "Date"), text(body, "Description")), lines)
    return Done({"Memoriaalboeking2": key})


def post_cash(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST cashmutation``: money into the register, or out of it where the amount is negative. Without a ledger
    account it waits on an account of its own. Sold or bought goes by the sign where nothing else is said (inferred)."""
    own = desk.administration(body)
    desk.attachments(body)
    _register_of(desk, body)
    if "LedgerAccountId" in body:
        desk.find("ledgeraccounts", text(body, "LedgerAccountId"), "Grootboekrekening")
    date, booking = day(body, "Date"), desk.register.id("booking")
    lines = list(_cash_lines(desk, own, body))
    _refuse(date, lines)
    desk.ledger.post(Entry(booking, EntryKind.CASH, own, date, text(body, "Description")), lines)
    return Done({"CashMutationId": desk.register.id(EntryKind.CASH), "FinancialBookingId": booking})


def _cash_lines(desk: Desk, own: str, body: Row) -> list[Line]:
    amount, rate = number(body, "AmountIncludingVat"), text(body, "VatTarive")
    sold = text(body, "VatType") == "sales" or (amount >= 0 and text(body, "VatType") != "purchase")
    excluding, charged = vat.split(amount, rate)
    account = text(body, "LedgerAccountId") or desk.ledger.account(own, chart.SUSPENSE)
    section = (vat.sales_section if sold else vat.purchase_section)(rate, "")
    part = vat.Part(account, excluding, charged, vat.RATES.get(rate), section)
    cash, tax = (
        desk.ledger.account(own, number) for number in (chart.CASH, chart.VAT_DUE if sold else chart.VAT_CLAIMED)
    )
    return vat.invoice_lines([part], control=cash, vat_account=tax, sign=1)


def _register_of(desk: Desk, body: Row) -> None:
    key = text(body, "CashRegisterId")
    if key and not desk.tables.find("cashregisters", {"InstanceId": key}):
        raise FailedError(invalid_reference("Kas", key))


def _line(line: Row) -> Line:
    rate = text(line, "VatType")
    section = _DIRECTIONS.get(text(line, "VatDirection"))
    return Line(
        text(line, "LedgerAccountId"),
        _debit(line),
        text(line, "Description"),
        vat_percentage=vat.RATES.get(rate),
        vat_section=section(rate, "") if section else None,
    )


def _debit(line: Row) -> Decimal:
    return number(line, "AmountDebit") - number(line, "AmountCredit")


def _account_numbered(desk: Desk, own: str, account: str) -> str:
    found = desk.tables.find("ledgeraccounts", {"AdministrationId": own, "LedgerAccountNumber": account})
    if not found:
        raise FailedError(invalid_reference("Grootboekrekening", account))
    return str(found[0]["Id"])


def _refuse(date: datetime.date, lines: list[Line]) -> None:
    if before_opening(date):
        raise FailedError(TOO_EARLY)
    if sum(line.amount for line in lines):
        raise FailedError(_UNBALANCED)
