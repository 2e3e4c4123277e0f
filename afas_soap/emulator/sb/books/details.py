"""Contact details: an address, a bank account, a contact person, an email address or a telephone number of a relation.

The lists show one email address and one telephone number of a relation: the latest (inferred).
"""

from __future__ import annotations

from afas_soap.emulator.sb.books.answers import Done, FailedError, invalid_reference
from afas_soap.emulator.sb.books.desk import Desk, Party, text
from afas_soap.emulator.sb.books.register import EntryKind, State
from afas_soap.emulator.sb.books.relations import add_address, add_bank_account, new_person
from afas_soap.emulator.sb.seed import fixed
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Operation

_ARCHIVED = ("IsArchived", "PersonIsArchived", "OrganisationIsArchived", "OrganisatieIsArchived", "PersoonIsArchived")


def address(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST address``. A relation may be left out "for now", AFAS says."""
    party = desk.party(body) if "RelationId" in body else None
    return Done({"Adres": add_address(desk, party, body)["Id"]})


def bank_account(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST bankaccount``."""
    return Done({"Bankrekening": add_bank_account(desk, desk.party(body), body)["Id"]})


def email(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST emailaddress``."""
    party = desk.party(body)
    desk.tables.change(desk.list_of(party), {"Id": party.key}, {"EmailAddress": body["EmailAddress"]})
    return Done({"Emailadres": desk.register.id("email")})


def telephone(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST phonenumber``: of a relation, or of an organisation by ``OrganisationId``."""
    organisation = text(body, "OrganisationId")
    party = desk.party(body, fixed.ORGANISATION, organisation) if organisation else desk.party(body)
    desk.tables.change(desk.list_of(party), {"Id": party.key}, {"PhoneNumber": body["PhoneNumber"]})
    return Done({"Telefoonnummer": desk.register.id("telephone")})


def contact(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST contact``: a person, who is there already where ``ContactId`` names one, at an organisation."""
    organisation = desk.party(body, fixed.ORGANISATION, text(body, "OrganisationId"))
    known = text(body, "ContactId")
    person = desk.party(body, fixed.PERSON, known) if known else new_person(desk, body)
    names: dict[str, object] = {"Persoon": person.key}
    if "EmailAddress" in body:
        names["Emailadres"] = desk.register.id("email")
    if "PhoneNumber" in body:
        names["Telefoonnummer"] = desk.register.id("telephone")
    key = desk.register.id("contact")
    (found,) = desk.tables.find("persons", {"Id": person.key})
    desk.tables.insert("contacts", {"Id": key, "OrganisationId": organisation.key, **_contact(found, body)})
    return Done({**names, "Contactpersoon": key})


def mandate(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST mandates``. No list shows them."""
    own, party = desk.administration(body), desk.party(body)
    desk.attachments(body)
    _bank_account_of(desk, party, text(body, "RelationBankAccountId"))
    key = desk.register.id("mandate")
    row: Row = {"Id": key, "AdministrationId": own, "Number": body.get("MandateReference")}
    desk.register.keep(EntryKind.MANDATE, State.BOOKED, row)
    return Done({"MandateId": key})


def scan(desk: Desk, _: Operation, body: Row) -> Done:
    """``POST scanbox``. What it answers is not known: this is made after the others."""
    told = body["Scan"]
    own = desk.administration(told if isinstance(told, dict) else {})
    key = desk.register.id("scan")
    desk.register.keep(EntryKind.SCAN, State.BOOKED, {"Id": key, "AdministrationId": own})
    return Done({"Scan": key})


def _bank_account_of(desk: Desk, party: Party, key: str) -> None:
    if not desk.tables.find("bankaccounts", {"Id": key, "RelationId": party.key}):
        raise FailedError(invalid_reference("Bankrekening", key))


def _contact(person: Row, body: Row) -> Row:
    return {
        "PersonId": person["Id"],
        "Name": person["Name"],
        "Firstname": person["FirstName"],
        "Initials": person["Initials"],
        "Prefix": person["Prefix"],
        "Lastname": person["Lastname"],
        "PhoneNumber": body.get("PhoneNumber") or person["PhoneNumber"],
        "Emailaddress": body.get("EmailAddress") or person["EmailAddress"],
        "ExternalId": person["ExternalId"],
        **dict.fromkeys(_ARCHIVED, False),
    }
