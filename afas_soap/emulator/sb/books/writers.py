"""The registry of writers: what each connector does with a body, by its verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from afas_soap.emulator.sb.books import details, invoicing, memorial, purchases, relations, sales, suppliers
from afas_soap.emulator.sb.books.answers import Done
from afas_soap.emulator.sb.books.desk import Desk
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Operation, Verb

Writer = Callable[[Desk, Operation, Row], Done]

WRITERS: Mapping[tuple[str, Verb], Writer] = {
    ("address", Verb.POST): details.address,
    ("bankaccount", Verb.POST): details.bank_account,
    ("cashmutation", Verb.POST): memorial.post_cash,
    ("contact", Verb.POST): details.contact,
    ("customer", Verb.POST): suppliers.post_customer,
    ("emailaddress", Verb.POST): details.email,
    ("financialjournalentry", Verb.POST): memorial.post_financial,
    ("financialjournalentry", Verb.DELETE): memorial.delete_financial,
    ("linestobeinvoiced", Verb.POST): invoicing.post_line,
    ("linestobeinvoiced", Verb.PUT): invoicing.put_line,
    ("linestobeinvoiced", Verb.DELETE): invoicing.delete_line,
    ("mandates", Verb.POST): details.mandate,
    ("organisation", Verb.POST): relations.post_organisation,
    ("organisation", Verb.PUT): relations.put_organisation,
    ("payrolljournalentry", Verb.POST): memorial.post_payroll,
    ("person", Verb.POST): relations.post_person,
    ("person", Verb.PUT): relations.put_person,
    ("phonenumber", Verb.POST): details.telephone,
    ("purchaseinvoice", Verb.POST): purchases.post_invoice,
    ("purchasejournalentry", Verb.POST): purchases.post,
    ("salesinvoice", Verb.POST): invoicing.post_invoice,
    ("salesinvoice", Verb.DELETE): invoicing.delete_invoice,
    ("salesjournalentry", Verb.POST): sales.post,
    ("salesjournalentry", Verb.PUT): sales.put,
    ("salesjournalentry", Verb.DELETE): sales.delete,
    ("salesjournalentrywof", Verb.POST): sales.write_off,
    ("scanbox", Verb.POST): details.scan,
    ("supplier", Verb.POST): suppliers.post_supplier,
}
