"""Fiscal years and accounting periods: calendar years of twelve months, made for each administration when wanted."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator

from afas_soap.emulator.sb.tables import Row, guid_of

OPENING = datetime.date(2023, 1, 1)
"""The date of the opening balance of every administration: nothing is booked before it."""
_MONTHS = (
    "Januari", "Februari", "Maart", "April", "Mei", "Juni", "Juli", "Augustus", "September", "Oktober", "November",
    "December",
)  # fmt: skip


def year_id(administration: str, year: int) -> str:
    """The id of a fiscal year."""
    return guid_of("accountingyear", administration, year)


def period_id(administration: str, year: int, month: int) -> str:
    """The id of a period."""
    return guid_of("accountingperiod", administration, year, month)


def moment(day: datetime.date) -> str:
    """A plain date as SB writes it: at midnight, in Z (small-business.md 2)."""
    return f"{day.isoformat()}T00:00:00Z"


def rows(administration: str, year: int) -> Iterator[tuple[str, Row]]:
    """Connector and row of a year and its twelve periods."""
    yield (
        "accountingyear",
        {
            "Id": year_id(administration, year),
            "Description": str(year),
            "StartDate": moment(datetime.date(year, 1, 1)),
            "EndDate": moment(datetime.date(year, 12, 31)),
            "AdministrationId": administration,
        },
    )
    for month, name in enumerate(_MONTHS, 1):
        last = calendar.monthrange(year, month)[1]
        yield (
            "accountingperiod",
            {
                "Id": period_id(administration, year, month),
                "AccountingYear": str(year),
                "Description": f"{name} {year}",
                "StartDate": moment(datetime.date(year, month, 1)),
                "EndDate": moment(datetime.date(year, month, last)),
                "AdministrationId": administration,
                "PeriodNumber": month,
            },
        )
