"""Relations: organisations and persons, made and changed, with the addresses and bank accounts that came with them.

Inferred: what a PUT brings is added, unless the same is there; what it leaves out stays. A country that there is not
fails the whole write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from afas_soap.emulator.sb.books.answers import Done, FailedError, invalid_reference
from afas_soap.emulator.sb.books.desk import Desk, Party, number, rows, text
from afas_soap.emulator.sb.books.register import RELATIONS
from afas_soap.emulator.sb.seed import fixed
from afas_soap.emulator.sb.tables import Row
from afas_soap.sb.operation import Operation

_ORGANISATION = ("Name", "CocNumber", "VatNumber", "PhoneNumber", "EmailAddress", "SbiCode", "ExternalId")
_PERSON = ("FirstName", "Initials", "Prefix", "PhoneNumber", "EmailAddress", "ExternalId")
_REGISTER = ("Tradename", "Website")
_NAMED = (
    ("debtorinvoicebalance", "RelationName"),
    ("creditorinvoicebalance", "RelationName"),
    ("salesinvoices", "RelationDescription"),
    ("linestobeinvoiced", "RelationDescription"),
    ("salespricesperrelation", "RelationDescription"),
)
# New relations have numbers above those of the seeds.
_FIRST = 1_000


def post_organisation(desk: Desk, operation: Operation, body: Row) -> Done:
    """``POST organisation``."""
    party = new_organisation(desk, body)
    return Done(_answered(operation, party, *_details(desk, party, body)))


def put_organisation(desk: Desk, _: Operation, body: Row) -> Done:
    """``PUT organisation``."""
    party = desk.party(body, fixed.ORGANISATION)
    _change(desk, party, _given(body, _ORGANISATION))
    _rename(desk, party, text(body, "Name") or party.name)
    _register(desk, party, body)
    _details(desk, party, body)
    return Done({"RelationId": party.key})


def post_person(desk: Desk, operation: Operation, body: Row) -> Done:
    """``POST person``."""
    party = new_person(desk, body)
    return Done(_answered(operation, party, *_details(desk, party, body)))


def put_person(desk: Desk, _: Operation, body: Row) -> Done:
    """``PUT person``."""
    party = desk.party(body, fixed.PERSON)
    (found,) = desk.tables.find("persons", {"Id": party.key})
    values = _given(body, _PERSON)
    if "LastName" in body:
        values["Lastname"] = body["LastName"]
    values["Name"] = whole_name({**found, **values})
    _change(desk, party, values)
    _rename(desk, party, text(values, "Name"))
    shown = {"Firstname": "FirstName", **{name: name for name in ("Name", "Initials", "Prefix", "Lastname")}}
    of_contact = {name: {**found, **values}[held] for name, held in shown.items()}
    desk.tables.change("contacts", {"PersonId": party.key}, of_contact)
    _details(desk, party, body)
    return Done({"RelationId": party.key})


def new_organisation(desk: Desk, body: Mapping[str, object]) -> Party:
    """An organisation with a number of its own."""
    party = Party(fixed.ORGANISATION, desk.register.id("organisation"), _number(desk), text(body, "Name"))
    row = {**_given(body, _ORGANISATION), "Id": party.key, "RelationId": party.number, "IsArchived": False}
    desk.tables.insert("organisations", row)
    desk.tables.insert(RELATIONS, {"Id": party.key, "RelationType": party.kind, "Number": party.number})
    _register(desk, party, body)
    return party


def new_person(desk: Desk, body: Mapping[str, object]) -> Party:
    """A person; ``LastName`` stands in its list as ``Lastname``."""
    row: Row = {**_given(body, _PERSON), "Lastname": body.get("LastName"), "IsArchived": False}
    party = Party(fixed.PERSON, desk.register.id("person"), _number(desk), whole_name(row))
    desk.tables.insert("persons", {**row, "Id": party.key, "Name": party.name})
    desk.tables.insert(RELATIONS, {"Id": party.key, "RelationType": party.kind, "Number": party.number})
    return party


def add_address(desk: Desk, party: Party | None, body: Mapping[str, object]) -> Row:
    """An address, of nobody where none is named: 6.0.0 lets it be left out."""
    row: Row = {
        "Id": desk.register.id("address"),
        "StreetName": body.get("StreetName"),
        "HouseNumber": _house_number(body),
        "HouseNumberAddition": body.get("HouseNumberAddition"),
        "PostalZone": body.get("PostalZone"),
        "CityName": body.get("CityName"),
        "CountryName": country(text(body, "CountryCode")),
        "IsPreferedInvoiceAddress": bool(body.get("PreferredBillingAddress", True)),
        "IsPreferedSupplierAddress": bool(body.get("PreferredSupplierAddress", True)),
    }
    if party is not None:
        there = desk.tables.columns("addresses")
        kind = {name: value for name, value in fixed.relation_type(party.kind).items() if name in there}
        row |= {"RelationId": party.key, **kind}
    desk.tables.insert("addresses", row)
    return row


def add_bank_account(desk: Desk, party: Party, body: Mapping[str, object]) -> Row:
    """A bank account of a relation."""
    if "CountryCode" in body:
        country(text(body, "CountryCode"))
    row: Row = {
        "Id": desk.register.id("bankaccount"),
        "AccountNumber": text(body, "AccountNumber") or text(body, "BankAccountNumber"),
        "RelationIsOrganisationOrAdministration": party.kind == fixed.ORGANISATION,
        "PreferredIncomingPayments": bool(body.get("PreferredIncommingPayments", True)),
        "PreferredOutgoingPayments": bool(body.get("PreferredOutgoingPayments", True)),
        "RelationId": party.key,
        "RelationType": party.kind,
    }
    desk.tables.insert("bankaccounts", row)
    return row


def country(code: str) -> str:
    """The name of a country, which has to be one."""
    if code.upper() not in fixed.COUNTRIES:
        raise FailedError(invalid_reference("Land", code))
    return fixed.COUNTRIES[code.upper()]


def whole_name(row: Mapping[str, object]) -> str:
    """First name, prefix and surname."""
    return " ".join(part for name in ("FirstName", "Prefix", "Lastname") if (part := text(row, name)))


def _details(desk: Desk, party: Party, body: Row) -> tuple[list[Row], list[Row]]:
    addresses = [add_address(desk, party, one) for one in rows(body, "Addresses") if not _has_address(desk, party, one)]
    accounts = [
        add_bank_account(desk, party, one) for one in rows(body, "BankAccounts") if not _has_account(desk, party, one)
    ]
    return addresses, accounts


def _has_address(desk: Desk, party: Party, body: Row) -> bool:
    wanted = {name: body.get(name) for name in ("StreetName", "CityName", "PostalZone", "HouseNumberAddition")}
    wanted["HouseNumber"] = _house_number(body)
    wanted |= {"RelationId": party.key, "RelationTypeId": fixed.RELATION_TYPES[party.kind]}
    return bool(desk.tables.find("addresses", wanted))


def _has_account(desk: Desk, party: Party, body: Row) -> bool:
    wanted = {"RelationId": party.key, "RelationType": party.kind, "AccountNumber": body.get("AccountNumber")}
    return bool(desk.tables.find("bankaccounts", wanted))


def _answered(operation: Operation, party: Party, addresses: list[Row], accounts: list[Row]) -> dict[str, object]:
    """The members of ``data``: with addresses and bank accounts from 4.0 on."""
    told: dict[str, object] = {
        "RelationId": party.key,
        "Addresses": [{"AddressId": row["Id"], "AddressDescription": _described(row)} for row in addresses],
        "BankAccounts": [{"AccountNumberId": row["Id"], "AccountNumber": row["AccountNumber"]} for row in accounts],
    }
    names = operation.answer.names if operation.answer else ()
    return {name: value for name, value in told.items() if name in names}


def _house_number(body: Mapping[str, object]) -> str | None:
    return str(int(number(body, "HouseNumber"))) if "HouseNumber" in body else None


def _described(address: Row) -> str:
    return " ".join(_parts(address))


def _parts(address: Row) -> Iterator[str]:
    street = [text(address, name) for name in ("StreetName", "HouseNumber", "HouseNumberAddition")]
    yield " ".join(filter(None, street)) + ","
    yield from filter(None, (text(address, "PostalZone"), text(address, "CityName")))


def _number(desk: Desk) -> str:
    return f"{_FIRST + desk.register.number('relation'):06d}"


def _change(desk: Desk, party: Party, values: Row) -> None:
    if values:
        desk.tables.change(desk.list_of(party), {"Id": party.key}, values)


def _rename(desk: Desk, party: Party, name: str) -> None:
    """The name in the lists that have it beside the id."""
    where = {"RelationId": party.key, "RelationTypeId": fixed.RELATION_TYPES[party.kind]}
    for connector, column in _NAMED:
        desk.tables.change(connector, where, {column: name})


def _register(desk: Desk, party: Party, body: Mapping[str, object]) -> None:
    values = _given(body, _REGISTER)
    if values:
        desk.tables.change(RELATIONS, {"Id": party.key, "RelationType": party.kind}, values)


def _given(body: Mapping[str, object], names: tuple[str, ...]) -> Row:
    return {name: body[name] for name in names if name in body}
