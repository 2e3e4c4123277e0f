"""Administrations, journals, outstanding items and financial entries.

Every sales invoice is one entry of three lines that balance: the debtor, the revenue and the VAT.
"""

from __future__ import annotations

from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.relations import creditor_of, debtor_of
from afas_soap.emulator.seed.table import Cells, Table, columns

INVOICES = 160
_CREDITOR_INVOICES = 90
_LINES = 3
_UNITS = (1, 1, 3)
_ADMINISTRATIONS = (
    (1, "Voorbeeld Handel B.V.", "HANDEL"),
    (3, "Voorbeeld Advies & Beheer", "ADVIES"),
    (7, "Voorbeeld Holding", None),
)
_JOURNALS = (
    ("10", "Inkoopboek", "2"), ("20", "Verkoopboek", "1"), ("50", "Bank", "3"), ("73", "Salarissen", None),
    ("80", "Memoriaal", "5"),
)  # fmt: skip


def cents(amount: int, *, decimals: int = 2) -> str:
    """An amount in cents as digits with a point."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}{'0' * (decimals - 2)}"


def _invoice_number(number: int) -> str:
    return f"24{number + 1:05d}"


def _invoice_cents(number: int) -> int:
    """The amount with VAT; one in thirteen is a credit note."""
    net = 100 * (50 + number * 7919 % 24_000)
    return -(net * 121) // 100 if number % 13 == 12 else net * 121 // 100


def _administration(number: int) -> Cells:
    if number < len(_ADMINISTRATIONS):
        return _ADMINISTRATIONS[number]
    return 100 + number, f"Voorbeeld {words.firm_name(number)}", f"V{number}"


ADMINISTRATION = Table(
    columns(
        "Profit_Administrations",
        "Administrations (Profit)",
        """
        AdminId  int3!     Administration
        AdminNm  string80  Administration name
        AdminCd  string10  Administration
        """,
    ),
    len(_ADMINISTRATIONS),
    _administration,
)


def _journal(number: int) -> Cells:
    if number < 2 * len(_JOURNALS):
        return ((1, 3)[number // len(_JOURNALS)], *_JOURNALS[number % len(_JOURNALS)], number == 3)
    return 7, str(100 + number), f"Dagboek {number}", "5", False


JOURNAL = Table(
    columns(
        "Profit_Journals",
        "Journals",
        """
        UnitId       int3!      Administration
        JournalId    string8!   Journal code
        Description  string80   Description
        JournalType  string20!  Dagboeksoort code
        Blocked      boolean    Blocked
        """,
    ),
    2 * len(_JOURNALS),
    _journal,
)


def _debtor_invoice(number: int) -> Cells:
    total = _invoice_cents(number)
    dollars = number % 19 == 18
    paid = total // 2 if number % 5 == 4 else 0
    return (
        _UNITS[number % 3],
        debtor_of(number),
        _invoice_number(number),
        words.day(number),
        words.day(number, days=14 if number % 2 else 30),
        "USD" if dollars else "EUR",
        cents(total),
        cents(total * 108 // 100 if dollars else total),
        cents(total - paid),
        cents((total - paid) * 108 // 100 if dollars else total - paid),
        None if number % 6 == 5 else f"Levering {words.day(number)[:7]}",
    )


DEBTOR_INVOICE = Table(
    columns(
        "Profit_Debtor_Invoices",
        "Outstanding items debtor",
        """
        UnitId          int3!        Administration
        DebtorId        string16!    Debiteurennummer
        InvoiceNr       string12!    Invoice number
        NookPieceDate   date         Voucher date
        ExpDate         date         Expiry date
        CurrencyId      string3!     Currency
        AmtInvoice      decimal26.2  Total invoice amount
        AmtInvoiceCurr  decimal26.2  Total invoice amount foreign currency
        Balance         decimal26.2  Balance
        BalanceCurr     decimal26.2  Balance (currency)
        Description     string80     Invoice description
        """,
    ),
    INVOICES,
    _debtor_invoice,
)


def _creditor_invoice(number: int) -> Cells:
    total = _invoice_cents(number + 500)
    return (
        _UNITS[number % 3],
        creditor_of(number),
        f"INK-{number * 3 + 7:06d}",
        f"24{number + 1:06d}",
        words.day(number + 4),
        "EUR",
        cents(total),
        cents(total),
        words.day(number + 4, days=30),
        None if number % 4 == 3 else f"Inkoop {words.TRADES[number % len(words.TRADES)].lower()}",
        number % 23 == 22,
    )


CREDITOR_INVOICE = Table(
    columns(
        "Profit_Creditor_Invoices",
        "Outstanding items creditor",
        """
        UnitId          int3!        Administration
        CreditorId      string16!    Crediteurnr
        InvoiceNr       string30!    Invoice number
        BookPiecrNr     string30     Entry number
        BookPieceDate   date         Factuurdatum
        CurrencyId      string3!     Currency
        AmtInvoice      decimal26.2  Total invoice amount
        AmtInvoiceCurr  decimal26.2  Total invoice amount foreign currency
        ExpDate         date         Expiry date
        Description     string80     Invoice description
        Blocked         boolean      Blocked for payment/collection
        """,
    ),
    _CREDITOR_INVOICES,
    _creditor_invoice,
)


def _entry_line(number: int) -> tuple[str, int, str | None, int]:
    """Account, amount (positive for debit), VAT code and VAT amount of a line, in cents."""
    entry, line = divmod(number, _LINES)
    total = _invoice_cents(entry % INVOICES)
    net = round(total / 1.21)
    return (("1300", total, None, 0), ("8010", -net, "1", total - net), ("1510", net - total, "1", 0))[line]


def _transaction(number: int) -> Cells:
    entry, line = divmod(number, _LINES)
    account, amount, vat_code, vat = _entry_line(number)
    date = words.day(entry % INVOICES)
    return (
        _UNITS[entry % 3],
        entry + 1,
        line + 1,
        int(date[:4]),
        int(date[5:7]),
        "20",
        account,
        cents(max(amount, 0)),
        cents(max(-amount, 0)),
        date,
        _invoice_number(entry % INVOICES),
        date,
        f"{entry + 1:06d}",
        vat_code,
        cents(vat) if vat else None,
        None if line == 2 else f"Factuur aan {debtor_of(entry % INVOICES)}",
        words.moment(entry),
        words.moment(entry + 2),
    )


TRANSACTION = Table(
    columns(
        "Profit_Transactions",
        "Financial entries",
        """
        UnitId       int3!        Administration
        EntryNo      int!         Journal entry number
        SeqNo        int!         Journal entry sequence number
        Year         int4         Year
        Period       int3         Periodenummer
        JournalId    string8!     Journal code
        AccountNo    string16!    Account number
        AmtDebit     decimal26.2  Amount debit
        AmtCredit    decimal26.2  Amount credit
        EntryDate    date         Date entry
        InvoiceId    string12     Invoice number
        VoucherDate  date         Voucher date
        VoucherNo    string12     Entry number
        VatCode      string5!     VAT code
        VatAmt       decimal26.2  VAT amount
        Description  string80     Description entry
        Created      date         Date created
        Modified     date         Date changed
        """,
    ),
    _LINES * 66,
    _transaction,
)

TABLES = (ADMINISTRATION, JOURNAL, DEBTOR_INVOICE, CREDITOR_INVOICE, TRANSACTION)
