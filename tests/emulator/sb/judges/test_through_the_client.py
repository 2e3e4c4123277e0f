"""Every read of the table at each of its versions, through our client and a socket: three rows or more, typed as the
table says; and an entry of 8.0 from its check to its end."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from afas_soap.emulator.http.serve import Server
from afas_soap.errors import SBError, UpdateError
from afas_soap.sb.operation import Kind, Source, Verb
from afas_soap.sb.table import shipped
from afas_soap.sbclient import SBClient
from afas_soap.wire.sb.calls import SbCalls

READS = [
    connector
    for connector in shipped().connectors
    if Verb.GET in shipped().verbs(connector) and not shipped().operation(connector, Verb.GET).admin_only
]
TYPES: dict[Kind, type] = {
    Kind.NUMBER: Decimal,
    Kind.BOOLEAN: bool,
    Kind.MOMENT: datetime.datetime,
    Kind.UUID: str,
    Kind.TEXT: str,
}


@pytest.fixture
def sb(sb_server: Server, sb_calls: Callable[..., SbCalls]) -> SBClient:
    return SBClient(sb_calls(sb_server))


@pytest.mark.parametrize("dialect", ["6.0", "8.0"])
def test_every_read_is_typed_as_the_table_says(
    dialect: str, sb_serving: Callable[..., Server], sb_calls: Callable[..., SbCalls]
) -> None:
    """Whether amounts come as text (6.0) or as numbers."""
    file = Source.FILE_6 if dialect == "6.0" else Source.FILE_8
    sb = SBClient(sb_calls(sb_serving(dialect=dialect)))
    seen, typed = 0, 0
    for connector in READS:
        versions = shipped().versions(connector, Verb.GET)
        operations = [shipped().operation(connector, Verb.GET, version) for version in versions]
        for operation in (one for one in operations if file in one.sources):
            seen += 1
            rows = list(sb.rows(connector, version=operation.version))
            assert len(rows) >= 3, operation.title
            for column in (one for one in operation.columns if file in one.sources):
                values = [row[column.name] for row in rows if row[column.name] is not None]
                typed += bool(values)
                wanted = TYPES.get(column.kind, object)
                assert all(type(value) is wanted or wanted is object for value in values), (operation.title, column)
                if column.kind is Kind.UUID:
                    assert all(str(uuid.UUID(str(value))) == value for value in values)
    assert seen >= 32
    assert typed >= 250


def test_a_sales_entry_of_8_0_is_booked_changed_and_deleted(sb: SBClient) -> None:
    administration, relation, account = _known(sb)
    line = {"LedgerAccountId": account, "AmountExcludingVat": Decimal("40.55"), "VatType": "ZERO"}
    entry = {
        "AdministrationId": administration,
        "InvoiceDate": datetime.date(2026, 5, 4),
        "InvoiceNumber": "JUDGE-1",
        "RelationType": "Organisation",
        "RelationId": relation,
        "InvoiceLine": [line],
    }
    with pytest.raises(UpdateError, match="more than two decimals"):
        sb.post("salesjournalentry", {**entry, "InvoiceLine": [{**line, "AmountExcludingVat": Decimal("100.255")}]})
    result = sb.post("salesjournalentry", entry)
    key = result["SalesJournalEntryId"]
    named = {"AdministrationId": administration, "Id": key}
    assert sb.put("salesjournalentry", {**named, "PaymentReference": "K-1"})["SalesJournalEntryId"] == key
    booked = [row for row in sb.rows("journalentries") if row["HeaderId"] == key]
    debit, credit = (Counter(row[name] for row in booked if row[name]) for name in ("AmountDebit", "AmountCredit"))
    assert debit == credit == {Decimal("40.55"): 1}
    with pytest.raises(SBError, match="already exists"):
        sb.post("salesjournalentry", entry)
    assert sb.delete("salesjournalentry", named)["SalesJournalEntryId"] == key
    assert not [row for row in sb.rows("journalentries") if row["HeaderId"] == key]


def _known(sb: SBClient) -> tuple[object, object, object]:
    """An administration, an organisation, and an account of revenue."""
    administration = next(iter(sb.rows("administrations")))["Id"]
    relation = next(iter(sb.rows("organisations")))["Id"]
    accounts = (row for row in sb.rows("ledgeraccounts") if row["AdministrationId"] == administration)
    return (
        administration,
        relation,
        next(row["Id"] for row in accounts if (row["Type"], row["MethodKeepingQuantities"]) == ("Opbrengsten", "none")),
    )
