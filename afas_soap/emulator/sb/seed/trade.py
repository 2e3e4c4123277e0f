"""Items (products) and prices: what is sold, and to whom for how much; and the suppliers.

A product stands in ``products`` once for each of its prices, as in AFAS' sample, and so its id more than once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from afas_soap.emulator.sb.seed import fixed, samples
from afas_soap.emulator.sb.seed.administrations import ADMINISTRATIONS
from afas_soap.emulator.sb.seed.calendar import moment
from afas_soap.emulator.sb.seed.chart import PURCHASES, account_id
from afas_soap.emulator.sb.seed.relations import ORGANISATIONS
from afas_soap.emulator.sb.tables import Row, guid_of
from afas_soap.emulator.seed import words

PRODUCTS = (
    *samples.PRODUCTS,
    *((administration, guid_of("product", administration)) for administration in ADMINISTRATIONS[:3]),
)
_NAMES = ("Laptop", "Beeldscherm", "Onderhoud per uur", "Bureaustoel", "Printer", "Zaaigoed", "Advies per uur")
_SUPPLIERS = (7, 4, 5, 6)
HIGH = Decimal("1.21")


def rows() -> Iterator[tuple[str, Row]]:
    """Connector and row of each."""
    for number, (administration, key) in enumerate(PRODUCTS):
        for time in range(1 + (number % 3 == 2)):
            yield "products", _product(number, administration, key, price(number) - 5 * time)
    for number in range(4):
        yield "salespricesperrelation", _agreed(number)
    for number in _SUPPLIERS:
        yield "supplier", _supplier(number)


def price(number: int) -> Decimal:
    """What a product costs without VAT."""
    return Decimal(f"{95 + number * 110}.50")


def blob(key: str, file_name: str, content_type: str, length: int) -> Row:
    """The ``Blob`` of a row, without its read key: the host gives that out, since it expires."""
    return {"Id": key, "FileName": file_name, "ContentType": content_type, "ContentLength": length, "BlobType": 2}


def _product(number: int, administration: str, key: str, excluding: Decimal) -> Row:
    services = number % 3 == 2
    return {
        "AdministrationId": administration,
        "Id": key,
        "Description": _NAMES[number],
        "Code": f"{number + 1:06d}",
        "InternalId": f"A-{number + 100}",
        "PriceExcludingVAT": excluding,
        "PriceIncludingVAT": (excluding * HIGH).quantize(Decimal("0.01")),
        "ProductGroup": "Diensten" if services else "Goederen",
        "Barcode": f"{8_710_000_000_000 + number}",
        "Category": "Verkoop",
        "ExtraDescription": f"{_NAMES[number]}, op voorraad",
        "ProductStyle": "Kosten" if services else "Goed",
        "ProductType": "services" if services else "supplies",
        "IsGoed": "false" if services else "true",
        "IsTijd": "true" if services else "false",
        "IsOnbekend": "false",
        "Supplies": "supplies",
        "Services": "services",
        "Unknown": "unknown",
        "IsArchived": False,
        "IsBlocked": False,
        "IsDisabled": False,
        "Blob": blob(guid_of("product picture", key), f"{number + 1:06d}.png", "image/png", 68),
    }


def _agreed(number: int) -> Row:
    key = guid_of("agreed price", number)
    return {
        "Id": key,
        "InstanceId": key,
        "ProductDescription": _NAMES[number],
        "ProductId": PRODUCTS[number][1],
        "PriceExcludingVAT": price(number) - 10,
        "StartDate": moment(datetime.date(2024, 1, 1)),
        "EndDate": moment(datetime.date(2026, 12, 31)),
        "RelationDescription": words.firm_name(number),
        "RelationId": ORGANISATIONS[number],
        **fixed.relation_type(fixed.ORGANISATION),
    }


def _supplier(number: int) -> Row:
    place, organisation, administration = words.address(number), ORGANISATIONS[number], ADMINISTRATIONS[2]
    return {
        "Id": organisation,
        "SupplierId": guid_of("supplier", organisation),
        "Description": words.firm_name(number),
        "AdministrationId": administration,
        "Code": f"{number + 1:06d}",
        "CompanyIdVat": words.vat_number(number),
        "CompanyIdCoc": words.chamber_of_commerce(number),
        "VatTypeId": fixed.VAT_TYPES["Belast"],
        "LedgerAccountId": account_id(administration, PURCHASES),
        "PhoneNumber": words.telephone(number),
        "PhoneNumberId": guid_of("telephone", organisation),
        "Emailaddress": f"info@{words.mail_name(number)}",
        "EmailaddressId": guid_of("mail", organisation),
        "AddressId": guid_of("address", fixed.ORGANISATION, organisation),
        "Street": place.street,
        "HouseNumber": place.number,
        "HouseNumberAddition": place.addition,
        "Comments": "Levert op dinsdag",
        "PostalCode": place.zip_code,
        "CityName": place.city,
        "State": "Utrecht",
        "CountryCode": "NL",
        "CountryName": fixed.COUNTRIES["NL"],
        "BankAccountId": guid_of("bankaccount", fixed.ORGANISATION, organisation),
        "AccountNumber": words.iban(3_000 + number),
        "AccountHolder": words.firm_name(number),
        "BankId": guid_of("bank", "EMUL"),
        "BIC": "EMULNL2A",
        "IncludeInBankFile": True,
        "PaymentMethodId": fixed.PAYMENT_METHODS["Op rekening"],
        "IsBlocked": False,
        "IsArchived": False,
        "GescandeFacturenAutomatischBoeken": "Nee",
        "MaximumBedragVoorAutomatischBoeken": "0.00",
    }
