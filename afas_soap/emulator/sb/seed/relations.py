"""Parties (relations): organisations, persons, their contacts, addresses and bank accounts, and collective relations.

Everybody is invented, by ``emulator.seed.words``. Relations have numbers of six digits, persons too: AFAS' lists show
those of organisations only.
"""

from __future__ import annotations

from collections.abc import Iterator

from afas_soap.emulator.sb.seed import fixed, samples
from afas_soap.emulator.sb.seed.administrations import ADMINISTRATIONS
from afas_soap.emulator.sb.tables import Row, guid_of
from afas_soap.emulator.seed import words

_MORE = 9
ORGANISATIONS = (*samples.ORGANISATIONS, *(guid_of("organisation", number) for number in range(_MORE)))
PERSONS = (*samples.PERSONS, *(guid_of("person", number) for number in range(_MORE)))
_CONTACTS = 6
_UNKNOWN = (
    ("Diverse debiteuren", True, False), ("Diverse crediteuren", False, True), ("Diverse relaties", True, True),
)  # fmt: skip
UNKNOWN = tuple(guid_of("unknown", name) for name, _, _ in _UNKNOWN)
# Persons and administrations are others than the organisations, and so are their numbers in `words`.
_PERSON, _COMPANY = 500, 900


def number_of(kind: str, key: str) -> str:
    """The number of a relation from here."""
    first, among = {
        fixed.ORGANISATION: (1, ORGANISATIONS),
        fixed.PERSON: (501, PERSONS),
        fixed.UNKNOWN: (901, UNKNOWN),
    }[kind]
    return f"{first + among.index(key):06d}"


def rows() -> Iterator[tuple[str, Row]]:
    """Connector and row of each."""
    for number, key in enumerate(ORGANISATIONS):
        yield from _organisation(number, key)
    for number, key in enumerate(PERSONS):
        yield from _person(_PERSON + number, key)
    for number in range(_CONTACTS):
        yield "contacts", _contact(number)
    for key, (name, sells, buys) in zip(UNKNOWN, _UNKNOWN, strict=True):
        yield (
            "unknownrelation",
            {"Id": key, "Name": name, "SalesRelation": sells, "PurchaseRelation": buys, "IsBlocked": False},
        )
        yield "_relations", _register(fixed.UNKNOWN, key)
    for number, administration in enumerate(ADMINISTRATIONS):
        yield "bankaccounts", _bank_account(_COMPANY + number, administration, fixed.ORGANISATION)


def _organisation(number: int, key: str) -> Iterator[tuple[str, Row]]:
    yield (
        "organisations",
        {
            "Id": key,
            "Name": words.firm_name(number),
            "CocNumber": words.chamber_of_commerce(number),
            "VatNumber": words.vat_number(number),
            "PhoneNumber": words.telephone(number),
            "EmailAddress": f"info@{words.mail_name(number)}",
            "SbiCode": f"{46_000 + number * 17}",
            "RelationId": number_of(fixed.ORGANISATION, key),
            "ExternalId": f"EXT-{number:05d}",
            "IsArchived": number == len(ORGANISATIONS) - 1,
        },
    )
    yield "_relations", _register(fixed.ORGANISATION, key)
    yield "addresses", _address(number, key, fixed.ORGANISATION)
    yield "bankaccounts", _bank_account(number, key, fixed.ORGANISATION)


def _person(number: int, key: str) -> Iterator[tuple[str, Row]]:
    yield "persons", {**_named(number), "Id": key, "PhoneNumber": words.telephone(number), "IsArchived": False}
    yield "_relations", _register(fixed.PERSON, key)
    yield "addresses", _address(number, key, fixed.PERSON)
    yield "bankaccounts", _bank_account(number, key, fixed.PERSON)


def _named(number: int) -> Row:
    first, surname = words.first_name(number), words.surname(number)
    *prefix, last = surname.split(" ")
    return {
        "Name": f"{first} {surname}",
        "FirstName": first,
        "Initials": f"{first[0]}.",
        "Prefix": " ".join(prefix),
        "Lastname": last,
        "EmailAddress": f"{first.lower().replace('é', 'e').replace('ë', 'e')}@{words.mail_name(number)}",
        "ExternalId": f"EXT-{number:05d}",
    }


def _contact(number: int) -> Row:
    named = _named(_PERSON + number)
    return {
        "Id": guid_of("contact", number),
        "OrganisationId": ORGANISATIONS[number],
        "PersonId": PERSONS[number],
        "Name": named["Name"],
        "Firstname": named["FirstName"],
        "Initials": named["Initials"],
        "Prefix": named["Prefix"],
        "Lastname": named["Lastname"],
        "PhoneNumber": words.mobile(number),
        "Emailaddress": named["EmailAddress"],
        "ExternalId": named["ExternalId"],
        **dict.fromkeys(_ARCHIVED, False),
    }


_ARCHIVED = ("IsArchived", "PersonIsArchived", "OrganisationIsArchived", "OrganisatieIsArchived", "PersoonIsArchived")


def _register(kind: str, key: str) -> Row:
    return {"Id": key, "RelationType": kind, "Number": number_of(kind, key)}


def _address(number: int, relation: str, kind: str) -> Row:
    place = words.address(number)
    return {
        "Id": guid_of("address", kind, relation),
        "StreetName": place.street,
        "HouseNumber": str(place.number),
        "HouseNumberAddition": place.addition,
        "PostalZone": place.zip_code,
        "CityName": place.city,
        "CountryName": fixed.COUNTRIES["NL"],
        "RelationId": relation,
        "IsPreferedInvoiceAddress": True,
        "IsPreferedSupplierAddress": True,
        **fixed.relation_type(kind),
    }


def _bank_account(number: int, relation: str, kind: str) -> Row:
    known = samples.BANK_ACCOUNTS.get(relation) if kind == fixed.ORGANISATION else None
    return {
        "Id": known or guid_of("bankaccount", kind, relation),
        "AccountNumber": words.iban(3_000 + number),
        "RelationIsOrganisationOrAdministration": kind == fixed.ORGANISATION,
        "PreferredIncomingPayments": True,
        "PreferredOutgoingPayments": True,
        "RelationId": relation,
        "RelationType": kind,
    }
