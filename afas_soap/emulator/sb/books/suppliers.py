"""Suppliers and customers: a new organisation or person with what an administration knows of it.

A reference that leads nowhere does not stop it: the relation is made without it, and the write is done in part
(``PartiallySucceeded``, as in AFAS' sample, with ``Instelling`` before the text).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from afas_soap.emulator.sb.books.answers import Done, FailedError
from afas_soap.emulator.sb.books.desk import Desk, Party, text
from afas_soap.emulator.sb.books.relations import add_bank_account, new_organisation, new_person
from afas_soap.emulator.sb.seed import fixed
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Operation

_METHODS: Mapping[str, str] = {
    "creditcard": "Creditcard",
    "directdebit": "Incasso",
    "debetcard": "Pin",
    "cash": "Contant",
    "ideal": "iDEAL",
    "banktransfer": "Op rekening",
}
_VAT_TYPES: Mapping[str, str] = {
    "charged": "Belast",
    "novat": "Geen btw",
    "reversecharged": "Verlegd",
    "exempt": "Vrijgesteld",
}
_REFERENCES = (
    ("LedgerAccountId", "ledgeraccounts", "Grootboekrekening"),
    ("PaymentConditionId", "paymentconditions", "Betaalvoorwaarde"),
)


def post_supplier(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST supplier``."""
    own = desk.administration(body)
    party = _party(desk, body)
    supplier = desk.register.id("supplier")
    names = {
        **_named(party),
        "Instelling": supplier,
        "Leverancier": supplier,
        "Begunstigde": desk.register.id("payee"),
        **_details(desk, party, body),
    }
    faults = tuple(_faults(desk, body))
    desk.tables.insert("supplier", _row(desk, own, party, supplier, body, names))
    return Done(names, _more(party), faults)


def post_customer(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST customer``: what it answers is inferred from the supplier's."""
    desk.administration(body)
    party = _party(desk, body)
    names = {**_named(party), "Instelling": desk.register.id("customer"), **_details(desk, party, body)}
    return Done(names, _more(party), tuple(_faults(desk, body)))


def _party(desk: Desk, body: Row) -> Party:
    shared: Row = {name: body[name] for name in ("EmailAddress", "PhoneNumber") if name in body}
    organisation, person = body.get("Organisation"), body.get("Person")
    if isinstance(organisation, dict):
        told = {"Name": "Name", "CompanyIdCoc": "CocNumber", "CompanyIdVat": "VatNumber", "TradeName": "Tradename"}
        return new_organisation(desk, {**shared, **_renamed(organisation, told)})
    if isinstance(person, dict):
        told = {"Firstname": "FirstName", "Initials": "Initials", "Prefix": "Prefix", "Lastname": "LastName"}
        return new_person(desk, {**shared, **_renamed(person, told)})
    raise FailedError("Field 'Organisatie' is required")


def _renamed(found: Row, names: Mapping[str, str]) -> Row:
    return {name: found[old] for old, name in names.items() if old in found}


def _named(party: Party) -> dict[str, object]:
    return {"Organisatie" if party.kind == fixed.ORGANISATION else "Persoon": party.key}


def _more(party: Party) -> dict[str, dict[str, str]]:
    return {"Organisatie": {"Relatienummer": party.number}}


def _details(desk: Desk, party: Party, body: Row) -> dict[str, object]:
    names: dict[str, object] = {}
    if "EmailAddress" in body:
        names["Emailadres"] = desk.register.id("email")
    if "PhoneNumber" in body:
        names["Telefoonnummer"] = desk.register.id("telephone")
    if "BankAccountNumber" in body:
        names["Bankrekening"] = add_bank_account(desk, party, body)["Id"]
    return names


def _faults(desk: Desk, body: Row) -> Iterator[Row]:
    for member, connector, word in _REFERENCES:
        if member in body and not desk.tables.find(connector, {"Id": body[member]}):
            yield {"Instelling": f"'{word}' bevat een verwijzing naar een ongeldige waarde."}


def _row(desk: Desk, own: str, party: Party, supplier: str, body: Row, names: Mapping[str, object]) -> Row:
    organisation = body.get("Organisation")
    of_company = organisation if isinstance(organisation, dict) else {}
    account = body.get("LedgerAccountId")
    method = _METHODS.get(text(body, "PaymentMethod"), "Op rekening")
    return {
        "Id": party.key,
        "SupplierId": supplier,
        "Description": party.name,
        "AdministrationId": own,
        "Code": party.number,
        "CompanyIdVat": of_company.get("CompanyIdVat"),
        "CompanyIdCoc": of_company.get("CompanyIdCoc"),
        "VatTypeId": fixed.VAT_TYPES[_VAT_TYPES.get(text(body, "VatCalculation"), "Belast")],
        "LedgerAccountId": account if desk.tables.find("ledgeraccounts", {"Id": account}) else None,
        "PhoneNumber": body.get("PhoneNumber"),
        "PhoneNumberId": names.get("Telefoonnummer"),
        "Emailaddress": body.get("EmailAddress"),
        "EmailaddressId": names.get("Emailadres"),
        "BankAccountId": names.get("Bankrekening"),
        "AccountNumber": body.get("BankAccountNumber"),
        "AccountHolder": party.name,
        "BIC": body.get("BIC"),
        "IncludeInBankFile": "BankAccountNumber" in body,
        "PaymentMethodId": fixed.PAYMENT_METHODS[method],
        "IsBlocked": False,
        "IsArchived": False,
    }
