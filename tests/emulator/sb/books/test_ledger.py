"""The ledger: what does not balance is not booked, and a payment lowers what is open."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from afas_soap.emulator.sb.books.ledger import DEBTOR_INVOICES, Entry, Line
from afas_soap.emulator.sb.books.register import EntryKind
from afas_soap.emulator.sb.seed.samples import ADMINISTRATIONS
from tests.emulator.sb.books.conftest import Environment

OWN = ADMINISTRATIONS[0]


def test_an_entry_that_does_not_balance_is_no_entry(environment: Environment) -> None:
    before = environment.everything()
    entry = Entry("key", EntryKind.MEMORIAL, OWN, datetime.date(2025, 1, 1), "Half")
    ledger = environment.books.ledger
    with pytest.raises(ArithmeticError, match="the entry key does not balance"):
        ledger.post(entry, [Line(ledger.account(OWN, "1000"), Decimal("0.01"))])
    assert environment.everything() == before


def test_a_payment_lowers_what_is_open(environment: Environment) -> None:
    invoice = environment.rows(DEBTOR_INVOICES)[0]
    key, paid, open_ = (invoice[name] for name in ("InvoiceId", "PaidAmount", "OutstandingAmount"))
    environment.books.ledger.settle(DEBTOR_INVOICES, str(key), Decimal("0.07"), datetime.date(2026, 2, 3))
    (after,) = environment.rows(DEBTOR_INVOICES, InvoiceId=key)
    assert after["PaidAmount"] == Decimal(str(paid)) + Decimal("0.07")
    assert after["OutstandingAmount"] == Decimal(str(open_)) - Decimal("0.07")
    assert after["LastCompleted"] == "2026-02-03T00:00:00Z"
    assert after["TotalAmount"] == invoice["TotalAmount"]


def test_journal_numbers_count_by_administration(environment: Environment) -> None:
    rows = environment.rows("journalentries", AdministrationId=OWN)
    numbers = sorted({int(str(row["Number"])) for row in rows})
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({row["HeaderId"] for row in rows}) == len(numbers)
