"""Seeding: an environment with its first rows, and its first entries booked through the ledger.

The same rows each time. Entries are of 2024 to 2026, in administrations of AFAS' samples; invoices are paid in part.
"""

from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Iterator
from decimal import Decimal

from afas_soap.emulator.sb.books.books import Books
from afas_soap.emulator.sb.books.invoicing import component
from afas_soap.emulator.sb.books.ledger import CREDITOR_INVOICES, DEBTOR_INVOICES, Entry, Invoice, Ledger, Line
from afas_soap.emulator.sb.books.register import EntryKind, Register, State
from afas_soap.emulator.sb.books.vat import Part, cents, invoice_lines
from afas_soap.emulator.sb.seed import administrations, calendar, chart, fixed, relations, samples, trade
from afas_soap.emulator.sb.tables import Row, Tables, guid_of
from afas_soap.emulator.seed import words
from afas_soap.sb.table import shipped

_CREATED = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_DAY = datetime.date(2024, 3, 4)
_SALES = 12
_PURCHASES = 5
_TIMES = 85  # Days between two of them: they reach into 2026.
_OWN = administrations.ADMINISTRATIONS[:3]


@functools.cache
def first_rows() -> bytes:
    """A snapshot of an environment that has its first rows and nothing else: they are booked once in a process."""
    tables = Tables(shipped())
    plant(tables, Books(tables, now=lambda: _CREATED))
    snapshot = tables.snapshot()
    tables.close()
    return snapshot


def plant(tables: Tables, books: Books) -> None:
    """Fill an empty environment."""
    register, ledger = books.register, books.ledger
    with tables.transaction():
        for connector, row in _rows():
            there = tables.columns(connector)
            tables.insert(connector, {name: value for name, value in row.items() if name in there})
        for administration in _OWN:
            _opening(ledger, administration)
        for number in range(_SALES):
            _sale(ledger, number)
        for number in range(_PURCHASES):
            _purchase(ledger, number)
        _of_samples(tables, register, ledger)


def _rows() -> Iterator[tuple[str, Row]]:
    return itertools.chain(fixed.rows(), administrations.rows(), relations.rows(), trade.rows())


def _opening(ledger: Ledger, administration: str) -> None:
    entry = Entry(
        guid_of("opening", administration),
        EntryKind.OPENING,
        administration,
        datetime.date(2024, 1, 1),
        "Beginbalans",
        number="BB2024",
    )
    bank, capital = (ledger.account(administration, number) for number in (chart.BANK, chart.CAPITAL))
    ledger.post(entry, [Line(bank, Decimal("25000.00")), Line(capital, Decimal("-25000.00"))])


def _customer(number: int) -> tuple[str, str, str]:
    """Kind, id and name: organisations, and now and then a person or a collective relation."""
    if number % 4 == 2:
        key = relations.PERSONS[number]
        return fixed.PERSON, key, words.person_name(500 + number)
    if number % 4 == 3:
        return fixed.UNKNOWN, relations.UNKNOWN[0], "Diverse debiteuren"
    return fixed.ORGANISATION, relations.ORGANISATIONS[number], words.firm_name(number)


def _sale(ledger: Ledger, number: int) -> None:
    administration, date = _OWN[number % 3], _DAY + datetime.timedelta(days=number * _TIMES)
    kind, relation, name = _customer(number)
    invoice = Invoice(
        guid_of("sale", number),
        administration,
        f"VF{date:%y}{number + 1:04d}",
        date,
        date + datetime.timedelta(days=14),
        Decimal(0),
        relation,
        kind,
        name,
        reference=f"PO-{1_000 + number}",
    )
    _book(ledger, EntryKind.SALES, invoice, chart.REVENUE, Decimal(f"{250 + number * 125}.40"))


def _purchase(ledger: Ledger, number: int) -> None:
    administration, date = _OWN[number % 3], _DAY + datetime.timedelta(days=number * _TIMES + 10)
    invoice = Invoice(
        guid_of("purchase", number),
        administration,
        f"{date:%Y}-{700 + number}",
        date,
        date + datetime.timedelta(days=30),
        Decimal(0),
        relations.ORGANISATIONS[7 + number],
        fixed.ORGANISATION,
        words.firm_name(7 + number),
        reference=f"IO-{500 + number}",
        internal=f"IF{date:%y}{9_000 + number}",
    )
    _book(ledger, EntryKind.PURCHASE, invoice, chart.PURCHASES, Decimal(f"{180 + number * 75}.25"))


def _book(ledger: Ledger, kind: EntryKind, invoice: Invoice, account: str, excluding: Decimal) -> None:
    """The entry, the open invoice, and a payment of half of it."""
    sold = kind is EntryKind.SALES
    own = invoice.administration
    control, vat_account = (chart.DEBTORS, chart.VAT_DUE) if sold else (chart.CREDITORS, chart.VAT_CLAIMED)
    section = "Rubriek1a" if sold else "Rubriek5b"
    vat = cents(excluding * Decimal("0.21"))
    part = Part(ledger.account(own, account), excluding, vat, Decimal(21), section)
    lines = invoice_lines(
        [part],
        control=ledger.account(own, control),
        vat_account=ledger.account(own, vat_account),
        sign=1 if sold else -1,
    )
    described = f"{'Verkoopfactuur' if sold else 'Inkoopfactuur'} - {invoice.name}"
    ledger.post(Entry(invoice.key, kind, own, invoice.date, described, number=invoice.number), lines)
    connector = DEBTOR_INVOICES if sold else CREDITOR_INVOICES
    ledger.open(connector, _totalled(invoice, part.including))
    _pay(ledger, connector, invoice, cents(part.including / 2), 1 if sold else -1)


def _totalled(invoice: Invoice, total: Decimal) -> Invoice:
    return Invoice(
        invoice.key, invoice.administration, invoice.number, invoice.date, invoice.due, total, invoice.relation,
        invoice.kind, invoice.name, invoice.reference, invoice.internal,
    )  # fmt: skip


def _pay(ledger: Ledger, connector: str, invoice: Invoice, amount: Decimal, sign: int) -> None:
    own, date = invoice.administration, invoice.due
    key = guid_of("payment", invoice.key)
    control = chart.DEBTORS if sign > 0 else chart.CREDITORS
    entry = Entry(key, EntryKind.BANK, own, date, f"Betaling {invoice.number}", number=key[:8], origin=invoice.key)
    bank, relation = ledger.account(own, chart.BANK), ledger.account(own, control)
    ledger.post(entry, [Line(bank, sign * amount), Line(relation, -sign * amount)])
    ledger.settle(connector, invoice.key, amount, date)


def _of_samples(tables: Tables, register: Register, ledger: Ledger) -> None:
    """What AFAS' example bodies delete or change, drafts of invoices and lines to be invoiced."""
    own, key = samples.DELETED_SALES_ENTRY
    _book(
        ledger,
        EntryKind.SALES,
        Invoice(
            key, own, "VF240900", _DAY, _DAY + datetime.timedelta(days=14), Decimal(0), relations.ORGANISATIONS[1],
            fixed.ORGANISATION, words.firm_name(1), reference="PO-900",
        ),
        chart.REVENUE,
        Decimal("310.00"),
    )  # fmt: skip
    own, key = samples.DELETED_LINE
    cash, bank = ledger.account(own, chart.CASH), ledger.account(own, chart.BANK)
    ledger.post(
        Entry(key, EntryKind.MEMORIAL, own, _DAY, "Kasopname"),
        [Line(cash, Decimal("100.00")), Line(bank, Decimal("-100.00"))],
    )
    for number, (own, key) in enumerate((samples.LINE, samples.DELETED_LINE, (_OWN[0], guid_of("line", 1)))):
        tables.insert("linestobeinvoiced", _line(number, own, key))
    invoices = (samples.DELETED_INVOICE, (_OWN[0], guid_of("invoice", 1)), (_OWN[2], guid_of("invoice", 2)))
    for number, (own, key) in enumerate(invoices):
        tables.insert("salesinvoices", _draft(number, register.number("concept"), own, key))
        register.keep(EntryKind.INVOICE, State.DRAFT, {"Id": key, "AdministrationId": own})


def _line(number: int, own: str, key: str) -> Row:
    quantity, price, organisation = Decimal(number + 2), trade.price(number), relations.ORGANISATIONS[number]
    relation = relations.number_of(fixed.ORGANISATION, organisation)
    product, project = trade.PRODUCTS[number][1], administrations.project_id(own)
    name = words.firm_name(number)
    return {
        **fixed.relation_type(fixed.ORGANISATION),
        "InstanceId": key,
        "AdministrationId": own,
        "RelationId": organisation,
        "RelationNumber": relation,
        "RelationDescription": name,
        "ProductId": product,
        "Description": f"{name} ({relation}) - {_DAY:%d-%m-%Y}",
        "Quantity": quantity,
        "Price": price,
        "TotalAmount": quantity * price,
        "ProjectId": project,
        "ProjectDescription": "Project",
        "Status": "TODO",
        "SalesInvoiceNumber": "",
        "Ownorganization": component("administration", own),
        "DatumGepland": calendar.moment(_DAY),
        "Klant": component("relation", organisation),
        "ProjectKoppelen": True,
        "Project": component("project", project),
        "Verkoopproduct": component("product", product),
        "Aantal": quantity,
        "Prijs": price,
        "Bedrag": quantity * price,
        "MethodeBepalenPrijs": guid_of("price method"),
        "KlantDescription": f"{name} ({relation})",
        "VerkoopproductDescription": f"Product {number + 1:06d}",
    }


def _draft(number: int, concept: int, own: str, key: str) -> Row:
    excluding = trade.price(number)
    vat = cents(excluding * Decimal("0.21"))
    organisation = relations.ORGANISATIONS[number]
    picture = trade.blob(guid_of("invoice document", key), f"concept-{concept}.pdf", "application/pdf", 700)
    return {
        **fixed.relation_type(fixed.ORGANISATION),
        "InstanceId": key,
        "SalesInvoiceId": key,
        "SalesInvoiceNumber": f"CONCEPT-{concept}",
        "IssueDate": calendar.moment(_DAY),
        "AdministrationId": own,
        "RelationId": organisation,
        "RelationNumber": relations.number_of(fixed.ORGANISATION, organisation),
        "RelationDescription": words.firm_name(number),
        "Status": "TODO",
        "Blob": [picture],
        "AmountExcludingVat": excluding,
        "AmountVat": vat,
        "AmountInvoiced": excluding + vat,
    }
