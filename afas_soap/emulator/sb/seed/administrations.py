"""Companies (administrations): each with its years, accounts, payment conditions, cash register and feature toggles."""

from __future__ import annotations

from collections.abc import Iterator

from afas_soap.emulator.sb.seed import calendar, chart, samples
from afas_soap.emulator.sb.tables import Row, guid_of
from afas_soap.emulator.seed import words

WITHOUT_FEATURES = guid_of("administration", "without features")
"""The one whose feature toggles are all off."""
ADMINISTRATIONS = (*samples.ADMINISTRATIONS, WITHOUT_FEATURES)
TOGGLES = (
    "SalesInvoices", "SalesJournalEntries", "LinesToBeInvoiced", "Projects", "Supplies", "Services", "FixedAssets",
)  # fmt: skip
_DAYS = (14, 21, 30, 60)
_YEARS = (2024, 2025, 2026)
# Firms far from those of the relations.
_FIRM = 9_000
_NAMED = (("projects", "Project"), ("departments", "Afdeling"), ("locations", "Locatie"))


def name(administration: str) -> str:
    """The name of an administration."""
    return words.firm_name(_FIRM + ADMINISTRATIONS.index(administration))


def register_id(administration: str) -> str:
    """The id of the cash register, of which each administration has one."""
    return samples.CASH_REGISTERS.get(administration) or guid_of("cashregister", administration)


def condition_id(administration: str, days: int) -> str:
    """The id of a payment condition."""
    return samples.PAYMENT_CONDITIONS.get((administration, days)) or guid_of("condition", administration, days)


def project_id(administration: str) -> str:
    """The id of the project that each administration has."""
    return dict(samples.PROJECTS).get(administration) or guid_of("projects", administration)


def rows() -> Iterator[tuple[str, Row]]:
    """Connector and row of all that administrations have from the beginning."""
    for administration in ADMINISTRATIONS:
        yield from _administration(administration)
    for year in _YEARS:
        for administration in ADMINISTRATIONS:
            yield from calendar.rows(administration, year)
    for administration in ADMINISTRATIONS:
        yield from chart.rows(administration)
    yield from _licences()


def _administration(key: str) -> Iterator[tuple[str, Row]]:
    yield "administrations", {"Id": key, "InstanceId": key, "Description": name(key)}
    yield "featuretoggles", {"AdministrationId": key, **dict.fromkeys(TOGGLES, key != WITHOUT_FEATURES)}
    yield (
        "cashregisters",
        {"InstanceId": register_id(key), "Description": "Kas", "AdministrationId": key},
    )
    for days in _DAYS:
        row: Row = {"Id": condition_id(key, days), "AdministrationId": key, "Description": f"{days} dagen"}
        yield "paymentconditions", row
    for number, (connector, word) in enumerate(_NAMED):
        instance = project_id(key) if connector == "projects" else guid_of(connector, key)
        city = words.CITIES[(number + ADMINISTRATIONS.index(key)) % len(words.CITIES)][0]
        yield connector, {"AdministrationId": key, "InstanceId": instance, "Omschrijving": f"{word} {city}"}


def _licences() -> Iterator[tuple[str, Row]]:
    for number, path in enumerate(("demo", "enyoi", "atlas"), 1):
        yield (
            "adminlicenseinformation",
            {
                "Name": words.firm_name(_FIRM + 100 + number),
                "Url": f"/{path}",
                "ScopeId": number,
                "License": "Accountancy",
                "AdministrationCount": len(ADMINISTRATIONS),
                "ExtraAdministrationCount": 1,
                "UserCount": 2 + number,
                "ExtraUserCount": 1,
            },
        )
