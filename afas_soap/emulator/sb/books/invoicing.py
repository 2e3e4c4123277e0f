"""Sales invoices and lines to be invoiced: drafts in their lists, and invoices that are booked as well.

``ToBeInvoiced`` makes a draft, of which nothing is in the ledger. What SB does with an item, an address or a project
that there is not is inferred: it fails, and nothing is stored.
"""

from __future__ import annotations

from decimal import Decimal

from afas_soap.emulator.sb.books import vat
from afas_soap.emulator.sb.books.answers import NOT_A_DRAFT, TOO_EARLY, Done, FailedError, invalid_reference
from afas_soap.emulator.sb.books.desk import Desk, Party, amount_of, before_opening, day, number, rows, text
from afas_soap.emulator.sb.books.ledger import Entry, Invoice
from afas_soap.emulator.sb.books.register import EntryKind, State
from afas_soap.emulator.sb.books.sales import book_invoice, due_date, part_of
from afas_soap.emulator.sb.seed import calendar, chart, fixed
from afas_soap.emulator.sb.tables import Row, guid_of
from afas_soap.sb.operation import Operation

_INVOICES, _LINES = "SalesInvoices", "LinesToBeInvoiced"
_PRICED = guid_of("price method")


def post_invoice(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST salesinvoice``."""
    own, party = desk.administration(body, _INVOICES), desk.party(body)
    desk.attachments(body)
    if "AddressId" in body:
        desk.find("addresses", text(body, "AddressId"), "Adres")
    _project(desk, body)
    date = day(body, "IssueDate")
    if before_opening(date):
        raise FailedError(TOO_EARLY)
    revenue = desk.ledger.account(own, chart.REVENUE)
    parts = [_part(desk, line, revenue) for line in rows(body, "InvoiceLine")]
    key = desk.register.id(EntryKind.INVOICE)
    draft = body.get("ToBeInvoiced") is True
    if draft:
        shown = f"CONCEPT-{desk.register.number('concept')}"
        desk.register.keep(EntryKind.INVOICE, State.DRAFT, {"Id": key, "AdministrationId": own})
    else:
        shown = f"V01{date:%y}{desk.register.number(f'invoice {own} {date.year}'):04d}"
        _book(
            desk,
            Entry(key, EntryKind.INVOICE, own, date, f"Verkoopfactuur - {party.name}", number=shown),
            party,
            parts,
            text(body, "Reference"),
        )
    desk.tables.insert("salesinvoices", {**_row(party, parts), **_shown(own, key, shown, body, draft=draft)})
    return Done({"SalesInvoiceId": key})


def delete_invoice(desk: Desk, _: Operation, body: Row) -> Done:
    """``DELETE salesinvoice``: of a draft only."""
    own, key = desk.administration(body, _INVOICES), text(body, "Id")
    found = desk.register.entry(EntryKind.INVOICE, key, own)
    if found is None or found["State"] != State.DRAFT:
        raise FailedError(NOT_A_DRAFT)
    desk.ledger.take_away(key)
    desk.tables.remove("salesinvoices", {"InstanceId": key})
    return Done({"salesinvoiceId": key})


def post_line(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST linestobeinvoiced``."""
    own, key = desk.administration(body, _LINES), desk.register.id("line to be invoiced")
    desk.tables.insert("linestobeinvoiced", {**_line(desk, own, body), "InstanceId": key, "Status": "TODO"})
    return Done({"LinesToBeInvoiced": key})


def put_line(desk: Desk, _: Operation, body: Row) -> Done:
    """``PUT linestobeinvoiced``."""
    own, key = desk.administration(body, _LINES), text(body, "LineToBeInvoicedId")
    _line_there(desk, own, key)
    desk.tables.change("linestobeinvoiced", {"InstanceId": key}, _line(desk, own, body))
    return Done({"LinesToBeInvoiced": key})


def delete_line(desk: Desk, _: Operation, body: Row) -> Done:
    """``DELETE linestobeinvoiced``."""
    own, key = desk.administration(body, _LINES), text(body, "Id")
    _line_there(desk, own, key)
    desk.tables.remove("linestobeinvoiced", {"InstanceId": key})
    return Done({"LinesToBeInvoiced": key})


def _part(desk: Desk, line: Row, revenue: str) -> vat.Part:
    item = desk.find("products", text(line, "ItemId"), "Artikel")
    price = number(line if "Price" in line else item, "Price" if "Price" in line else "PriceExcludingVAT")
    excluding = amount_of(number(line, "Quantity"), price)
    return part_of({"VatType": "high", "Description": item["Description"], **line}, revenue, excluding)


def _book(desk: Desk, entry: Entry, party: Party, parts: list[vat.Part], reference: str) -> None:
    total = sum((part.including for part in parts), Decimal("0.00"))
    invoice = Invoice(
        entry.key,
        entry.administration,
        str(entry.number),
        entry.date,
        due_date(desk, "", entry.date),
        total,
        party.key,
        party.kind,
        party.name,
        reference=reference or None,
    )
    book_invoice(desk, entry, invoice, parts)


def _row(party: Party, parts: list[vat.Part]) -> Row:
    excluding = sum((part.excluding for part in parts), Decimal("0.00"))
    charged = sum((part.vat for part in parts), Decimal("0.00"))
    return {
        **fixed.relation_type(party.kind),
        "RelationId": party.key,
        "RelationNumber": party.number,
        "RelationDescription": party.name,
        "Blob": [],
        "AmountExcludingVat": excluding,
        "AmountVat": charged,
        "AmountInvoiced": excluding + charged,
    }


def _shown(own: str, key: str, number: str, body: Row, *, draft: bool) -> Row:
    return {
        "InstanceId": key,
        "SalesInvoiceId": key,
        "AdministrationId": own,
        "SalesInvoiceNumber": number,
        "IssueDate": calendar.moment(day(body, "IssueDate")),
        "Status": "TODO" if draft else "DONE",
    }


def _line_there(desk: Desk, own: str, key: str) -> None:
    if not desk.tables.find("linestobeinvoiced", {"InstanceId": key, "AdministrationId": own}):
        raise FailedError(f"LinesToBeInvoiced with id {key} does not exist")


def _project(desk: Desk, body: Row) -> Row:
    key = text(body, "ProjectId")
    found = desk.tables.find("projects", {"InstanceId": key}) if key else [{}]
    if not found:
        raise FailedError(invalid_reference("Project", key))
    return found[0]


def _line(desk: Desk, own: str, body: Row) -> Row:
    """A line as its list has it: the columns of the schemas, and the Dutch ones of AFAS' sample."""
    party, project = desk.party(body), _project(desk, body)
    item = desk.find("products", text(body, "ItemId"), "Artikel") if "ItemId" in body else {}
    quantity = number(body, "Quantity")
    price = number(body, "Price") if "Price" in body else number(item, "PriceExcludingVAT")
    total, named = amount_of(quantity, price), f"{party.name} ({party.number})"
    return {
        **fixed.relation_type(party.kind),
        "AdministrationId": own,
        "RelationId": party.key,
        "RelationNumber": party.number,
        "RelationDescription": party.name,
        "ProductId": item.get("Id"),
        "Description": body["Description"],
        "Quantity": quantity,
        "Price": price,
        "TotalAmount": total,
        "ProjectId": project.get("InstanceId"),
        "ProjectDescription": project.get("Omschrijving"),
        "Ownorganization": component("administration", own),
        "DatumGepland": calendar.moment(day(body, "Date")),
        "Klant": component("relation", party.key),
        "ProjectKoppelen": bool(project),
        "Project": component("project", project["InstanceId"]) if project else None,
        "Verkoopproduct": component("product", item["Id"]) if item else None,
        "Aantal": quantity,
        "Prijs": price,
        "Bedrag": total,
        "MethodeBepalenPrijs": _PRICED,
        "KlantDescription": named,
        "VerkoopproductDescription": item.get("Description"),
    }


def component(kind: str, key: object) -> Row:
    """A reference as the sample of this connector has it."""
    return {"Id": key, "ComponentId": guid_of("component", kind)}
