"""Reference data of SB: what is the same in every environment, such as VAT rates, payment methods and countries.

Ids and names of VAT rates, VAT types and payment methods, and the ids of two types of relation, are AFAS' (6.0.0); the
id of a person's type and those of countries are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from afas_soap.emulator.sb.tables import Row, guid_of

ORGANISATION, PERSON, UNKNOWN = "organisation", "person", "unknown"
RELATION_TYPES: Mapping[str, str] = {
    ORGANISATION: "1f0fbbf3-bb59-4ff1-8712-1e7087e09895",
    PERSON: guid_of("relation type", PERSON),
    UNKNOWN: "d3315773-5c05-4e91-96f3-2e21b05c5a10",
}
VAT_RATES: Mapping[str, str] = {
    "Nul": "afa50000-0000-0b1e-8a4b-309cd658b570",
    "Extra laag": "afa50000-0000-07cf-8b24-5ef474ab1b2a",
    "Speciaal": "afa50000-0000-0246-9965-b18e164c600e",
    "Laag": "afa50000-0000-0465-aa85-e1a761ca3a33",
    "Hoog": "afa50000-0000-0b41-9465-e9f88bcaef86",
}
VAT_TYPES: Mapping[str, str] = {
    "Verlegd": "afa50000-0000-02bb-9338-0a6629f07fce",
    "Vrijgesteld": "afa50000-0000-0d9c-9502-4fc953f3e012",
    "Belast": "afa50000-0000-0b71-8790-807f97e85c54",
    "Geen btw": "afa50000-0000-0a2d-9cec-bd890979929c",
}
PAYMENT_METHODS: Mapping[str, str] = {
    "Creditcard": "afa50000-0000-0181-a66a-0eee1b383d80",
    "Incasso": "afa50000-0000-00c8-9eec-375e35359e5f",
    "Rekening-courant aandeelhouder": "afa50000-0000-0dfe-8783-89ff34e106ec",
    "Pin": "afa50000-0000-0cde-bc05-905891515287",
    "Privé": "afa50000-0000-0f93-a3ff-98c91e8a5d66",
    "Onbekend": "afa50000-0000-0969-925a-a5077ccd2c36",
    "Contant": "afa50000-0000-0f79-87ed-e26c431bb44e",
    "iDEAL": "afa50000-0000-015f-89ac-f4a839ef5d7f",
    "Op rekening": "afa50000-0000-0102-b0d1-f91a25e6c442",
}
COUNTRIES: Mapping[str, str] = {
    "NL": "Nederland", "BE": "België", "DE": "Duitsland", "FR": "Frankrijk", "GB": "Groot-Brittannië",
    "LU": "Luxemburg", "ES": "Spanje", "IT": "Italië", "AT": "Oostenrijk", "CH": "Zwitserland", "DK": "Denemarken",
    "SE": "Zweden", "NO": "Noorwegen", "FI": "Finland", "PL": "Polen", "CZ": "Tsjechië", "PT": "Portugal",
    "IE": "Ierland", "GR": "Griekenland", "US": "Verenigde Staten", "CA": "Canada", "CW": "Curaçao", "SR": "Suriname",
    "TR": "Turkije", "CN": "China", "JP": "Japan", "HM": "Heard Eiland en McDonald Eilanden", "TJ": "Tadzjikistan",
}  # fmt: skip


def country_id(code: str) -> str:
    """The id of a country by its two letters."""
    return guid_of("country", code)


def rows() -> Iterator[tuple[str, Row]]:
    """Connector and row of each."""
    for connector, named in (("vatrate", VAT_RATES), ("vattype", VAT_TYPES), ("paymentmethod", PAYMENT_METHODS)):
        for description, key in named.items():
            yield connector, {"Id": key, "Description": description}
    for code, name in COUNTRIES.items():
        yield "countries", {"Id": country_id(code), "Description": name, "CodeISOAlpha2": code}
    for code in ("NL", "BE", "DE"):
        for rate, percentage in (("Hoog", 21), ("Laag", 9), ("Nul", 0)):
            yield (
                "invoicevatpercentage",
                {
                    "AdministrationCountryId": country_id(code),
                    "VatRateId": VAT_RATES[rate],
                    "VatPercentage": percentage,
                    "InstanceId": guid_of("invoicevatpercentage", code, rate),
                },
            )


def relation_type(kind: str) -> Row:
    """The columns that say what kind of relation it is. Those beside the id are an artefact of the schemas of 6.0.0:
    what stands in them is not known."""
    return {
        "RelationTypeId": RELATION_TYPES[kind],
        "RelationType": kind,
        "IsOrganisation": _told(kind == ORGANISATION),
        "IsPerson": _told(kind == PERSON),
        "IsUnknown": _told(kind == UNKNOWN),
        "Organisation": ORGANISATION,
        "Person": PERSON,
        "Unknown": UNKNOWN,
    }


def _told(holds: object) -> str:
    return "true" if holds else "false"
