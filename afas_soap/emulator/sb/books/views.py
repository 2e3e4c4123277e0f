"""SQL views: the connectors that show what others hold, such as balances, totals and the singular names.

They are computed when asked, so that they cannot differ from what was booked. The current year is that of the latest
entry: the emulator has no today of its own (inferred).
"""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.emulator.sb.seed import fixed
from afas_soap.emulator.sb.tables import Tables

_SINGULAR: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "address": ("addresses", {"City": "CityName", "Country": "CountryName"}),
    "administration": ("administrations", {}),
    "bankaccount": ("bankaccounts", {"Bankrekening": "AccountNumber"}),
    "country": ("countries", {}),
    "ledgeraccount": ("ledgeraccounts", {}),
}
_TYPE_COLUMNS = tuple(fixed.relation_type(fixed.ORGANISATION))
_OWN_TYPES = ", ".join(_TYPE_COLUMNS)

_BALANCE = f"""
    SELECT MIN("_row") AS "_row", MAX("_changed") AS "_changed", AdministrationId, RelationId, RelationName,
        TOTAL_OF(OutstandingAmount) COLLATE AS_NUMBER AS OutstandingAmount, MAX(LastCompleted) AS LastCompleted,
        {_OWN_TYPES}, GUID_OF('balance', AdministrationId, RelationTypeId, RelationId) AS InstanceId
    FROM {{invoices}}
    GROUP BY AdministrationId, RelationTypeId, RelationId
"""  # noqa: S608

_PERIOD_TOTALS = """
    SELECT MIN(line."_row") AS "_row", MAX(line."_changed") AS "_changed", line.AdministrationId,
        year.Description AS AccountingYear, year.Id AS AccountingYearId, year.StartDate AS AccountingYearStartDate,
        year.EndDate AS AccountingYearEndDate, period.Description AS AccountingPeriod, period.Id AS AccountingPeriodId,
        period.StartDate AS AccountingPeriodStartDate, period.EndDate AS AccountingPeriodEndDate, line.LedgerAccountId,
        account.Description || ' (' || account.LedgerAccountNumber || ')' AS LedgerAccount,
        entry.Kind = 'Opening' AS IsOpeningBalance, rgs.RgsCode, rgs.RgsDescription,
        account.Id AS LedgerAccountNumber, TOTAL_OF(line.AmountTotal) COLLATE AS_NUMBER AS Total,
        GUID_OF('total', line.AdministrationId, period.Id, account.Id, entry.Kind = 'Opening') AS InstanceId
    FROM journalentries AS line
    JOIN "_entries" AS entry ON entry.Id = line.HeaderId
    JOIN accountingperiod AS period ON period.Id = line.AccountingPeriodId
    JOIN accountingyear AS year ON year.Id = line.AccountingYearId
    JOIN ledgeraccounts AS account ON account.Id = line.LedgerAccountId
    LEFT JOIN "_rgs" AS rgs ON rgs.LedgerAccountId = account.Id
    GROUP BY line.AdministrationId, period.Id, account.Id, entry.Kind = 'Opening'
"""

_CURRENT_YEAR = """
    SELECT MIN(line."_row") AS "_row", MAX(line."_changed") AS "_changed", line.AdministrationId, line.LedgerAccountId,
        account.Description || ' (' || account.LedgerAccountNumber || ')' AS LedgerAccount, rgs.RgsCode,
        rgs.RgsDescription, account.LedgerAccountNumber, TOTAL_OF(line.AmountTotal) COLLATE AS_NUMBER AS Total
    FROM journalentries AS line
    JOIN ledgeraccounts AS account ON account.Id = line.LedgerAccountId
    LEFT JOIN "_rgs" AS rgs ON rgs.LedgerAccountId = account.Id
    WHERE {condition}
    GROUP BY line.AdministrationId, account.Id
"""
_OF_BALANCE = "account.Type IN ('Activa', 'Passiva')"
_OF_RESULT = (
    "account.Type IN ('Kosten', 'Opbrengsten') "
    "AND SUBSTR(line.PostingDate, 1, 4) = (SELECT SUBSTR(MAX(PostingDate), 1, 4) FROM journalentries)"
)

_PAYMENT_TERMS = f"""
    SELECT invoice."_row", invoice."_changed", AdministrationId AS AdministationId,
        CASE RelationType WHEN 'organisation' THEN RelationId END AS OrganisationId,
        CASE RelationType WHEN 'person' THEN RelationId END AS PersonId,
        CASE RelationType WHEN 'unknown' THEN RelationId END AS UnknownRelationId,
        InvoiceDate, InvoiceNumber AS InvoiceId, DueDate, invoice.RelationId, RelationId AS CustomerId,
        RelationName AS CustomerName, {_OWN_TYPES},
        (SELECT Id FROM addresses AS place WHERE {{here}} LIMIT 1) AS AddressId,
        (SELECT StreetName || ' ' || HouseNumber || ', ' || COALESCE(PostalZone, '') || ', ' || CityName || ', ' ||
            CountryName FROM addresses AS place WHERE {{here}} LIMIT 1) AS Address
    FROM debtorinvoicebalance AS invoice
"""  # noqa: S608
_HERE = "place.RelationId = invoice.RelationId AND place.RelationTypeId = invoice.RelationTypeId"

_SALES_RELATIONS = """
    SELECT party."_row" * 10000 + own."_row" AS "_row", party."_changed" AS "_changed", own.Id AS AdministrationId,
        party.Id AS RelationId, number.Number AS RelationNumber, party.Name AS RelationDescription, party.VatNumber,
        {types}
    FROM {table} AS party
    JOIN administrations AS own
    JOIN "_relations" AS number ON number.Id = party.Id AND number.RelationType = '{kind}'
"""


def make(tables: Tables) -> None:
    """Put all of them in place of their connectors' tables."""
    for connector, (base, renamed) in _SINGULAR.items():
        _rename(tables, connector, base, renamed)
    tables.view("debtorbalance", _BALANCE.format(invoices="debtorinvoicebalance"))
    tables.view("creditorbalance", _BALANCE.format(invoices="creditorinvoicebalance"))
    tables.view("ledgerperiodtotals", _PERIOD_TOTALS)
    tables.view("balancetotalscurrentyear", _CURRENT_YEAR.format(condition=_OF_BALANCE))
    tables.view("profitlosstotalscurrentyear", _CURRENT_YEAR.format(condition=_OF_RESULT))
    tables.view("debtorpaymentterms", _PAYMENT_TERMS.format(here=_HERE))
    parts = (
        _sales_relations("organisations", fixed.ORGANISATION),
        _sales_relations("(SELECT *, NULL AS VatNumber FROM persons)", fixed.PERSON),
        _sales_relations("(SELECT *, NULL AS VatNumber FROM unknownrelation WHERE SalesRelation)", fixed.UNKNOWN),
    )
    tables.view("salesrelations", " UNION ALL ".join(parts))


def _rename(tables: Tables, connector: str, base: str, renamed: Mapping[str, str]) -> None:
    there = tables.columns(base)
    told = ", ".join(
        f'{renamed.get(name, name)} AS "{name}"'
        for name in tables.columns(connector)
        if renamed.get(name, name) in there
    )
    tables.view(connector, f'SELECT "_row", "_changed", {told} FROM {base}')  # noqa: S608


def _sales_relations(table: str, kind: str) -> str:
    types = ", ".join(f"'{value}' AS {name}" for name, value in fixed.relation_type(kind).items())
    return _SALES_RELATIONS.format(table=table, kind=kind, types=types)
