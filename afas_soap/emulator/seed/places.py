"""Addresses: all of them, and those to which organisations have their goods delivered."""

from __future__ import annotations

from afas_soap.emulator.seed import words
from afas_soap.emulator.seed.relations import DEBTORS, bcco, debtor_id, party_name
from afas_soap.emulator.seed.table import Cells, Table, columns

_FIRST_ADDRESS = 2001


def _address(number: int) -> Cells:
    place = words.address(number)
    box = number % 12 == 6
    street = "Postbus" if box else place.street
    return (
        _FIRST_ADDRESS + number,
        f"{street} {place.number}, {place.line3}",
        box,
        "Gebouw De Hoef" if number % 15 == 4 else None,
        street,
        place.number,
        place.addition,
        place.zip_code,
        place.city,
        "NL",
        "1e verdieping, bel 3" if number % 20 == 9 else None,
        words.moment(number),
        words.moment(number + 4) if number % 5 else None,
    )


ADDRESS = Table(
    columns(
        "Profit_Address",
        "Address",
        """
        AddressId     int!       Address ID
        AddressLine   string255  Sample address on 1 line
        PoBox         boolean    P.O. Box address
        AddressAdd    string255  Add. for street
        Address       string60   Street
        Number        int        House number
        NumberAdd     string30   House number addition
        ZipCode       string15   Postal code
        Recidence     string50   City
        Country       string5!   Country
        Addition      string255  Addition to address
        CreateDate    date       Created on
        ModifiedDate  date       Changed on
        """,
    ),
    DEBTORS,
    _address,
)


def _delivery_address(number: int) -> Cells:
    party = number % DEBTORS
    place = words.address(number)
    return (
        bcco(party),
        party_name(party),
        words.telephone(party),
        None,
        None if number % 4 == 2 else f"magazijn@{words.mail_name(party)}",
        words.moment(number),
        words.moment(number + 1) if number % 3 else None,
        True,
        _FIRST_ADDRESS + number,
        "AFL" if number % 2 else "ADR",
        place.street,
        place.number,
        place.addition,
        place.zip_code,
        place.city,
        None if number % 2 else "PST",
        "Nederland",
        debtor_id(party),
    )


DELIVERY_ADDRESS = Table(
    columns(
        "Profit_Deliveryaddress",
        "Addresses at contacts (all)",
        """
        OrgId            string15!  Number
        Bedrijf          string255  Name
        Tel              string255  Work phone no.
        Fax              string255  Work fax
        Mail             string255  Work e-mail
        Gewijzigd_op     date       Changed on
        Gewijzigd_op_2   date       Changed on
        Is_debiteur      boolean    Is debtor
        Adres_ID         int!       Address ID
        Adrestype_code   string20!  Address type
        A_Straat         string60   Street
        A_Huisnummer     int        House number
        A_Toev_Huisnr.   string30   House number addition
        A_Postcode       string15   Postal code
        A_Woonplaats     string50   City
        Adrestype_code_2  string20!  Address type
        A_Land           string80   Country
        DebiteurID       string16!  Debtor number
        """,
    ),
    80,
    _delivery_address,
)

TABLES = (ADDRESS, DELIVERY_ADDRESS)
