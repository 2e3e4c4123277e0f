"""Purchases: creditors, costs and VAT, in the shapes of their versions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.emulator.sb.books.conftest import Environment, data, errors, instances

OWN = "701b747b-eea2-5ed1-8518-973e5c670252"
ORGANISATION = "863d895a-3782-5500-b933-dd487d736138"
LINE = {
    "LedgerAccountId": "55eeb0a9-25d0-5c60-830b-07f515fc0c0c",
    "AmountExcludingVat": 22,
    "AmountVat": 4.62,
    "VatType": "high",
}
BODY = {
    "AdministrationId": OWN,
    "InvoiceNumber": "S-1",
    "RelationType": "organisation",
    "RelationId": ORGANISATION,
    "InvoiceDate": "2025-01-22",
    "DueDate": "2025-02-28",
    "InvoiceLine": [LINE],
}


def test_it_shows_in_journal_entries_and_in_what_is_owed_to_the_creditor(environment: Environment) -> None:
    before = environment.amount("creditorbalance", "OutstandingAmount", RelationId=ORGANISATION)
    found = data(environment.post("purchasejournalentry", BODY))
    assert found["PurchaseInternalInvoiceNumber"] == "IF250001"
    (invoice,) = environment.rows("creditorinvoicebalance", InvoiceId=found["PurchaseJournalEntryId"])
    assert (invoice["InvoiceNumber"], invoice["InternalInvoiceNumber"]) == ("S-1", "IF250001")
    assert (invoice["OutstandingAmount"], invoice["DueDate"]) == (Decimal("26.62"), "2025-02-28T00:00:00Z")
    after = environment.amount("creditorbalance", "OutstandingAmount", RelationId=ORGANISATION)
    assert after == before + Decimal("26.62")
    lines = environment.rows("journalentries", HeaderId=found["PurchaseJournalEntryId"])
    assert [(line["AmountDebit"], line["AmountCredit"], line["VatSection"]) for line in lines] == [
        (0, Decimal("26.62"), None),
        (22, 0, "Rubriek5b"),
        (Decimal("4.62"), 0, None),
    ]
    environment.assert_balanced()


@pytest.mark.parametrize(("calculation", "section"), [("reversecharged", "Rubriek2a"), ("exempt", None)])
def test_vat_that_is_not_charged(environment: Environment, calculation: str, section: str | None) -> None:
    body = {**BODY, "InvoiceLine": [{**LINE, "VatCalculation": calculation}]}
    key = data(environment.post("purchasejournalentry", body))["PurchaseJournalEntryId"]
    assert [line["VatSection"] for line in environment.rows("journalentries", HeaderId=key)] == [None, section]


def test_the_oldest_version_answers_with_instances(environment: Environment) -> None:
    outcome = environment.post("purchasejournalentry", BODY, "1.1")
    assert list(instances(outcome)) == ["Leverancier", "Begunstigde", "UitgaandeBetaling", "Inkoopfactuur"]
    found = outcome.content["instances"]
    assert isinstance(found, list)
    assert found[3]["Nummer"] == "IF250001"


def test_an_account_that_there_is_not_stores_nothing(environment: Environment) -> None:
    before = environment.everything()
    told = errors(environment.post("purchasejournalentry", {**BODY, "InvoiceLine": [{**LINE, "LedgerAccountId": OWN}]}))
    assert told == [f"Field 'Grootboekrekening' contains an invalid reference ({OWN})"]
    told = errors(environment.post("purchasejournalentry", {**BODY, "InvoiceDate": "2020-01-01"}))
    assert told == ["De factuurdatum ligt vóór de beginbalansdatum. Dit is niet toegestaan."]
    assert environment.everything() == before


INVOICE = {
    "AdministrationId": OWN,
    "SupplierInvoiceId": "2023-0345",
    "SupplierOrganisationId": ORGANISATION,
    "IssueDate": "2023-10-03",
    "DueDate": "2023-10-25",
    "InvoiceLine": [
        {
            "LedgerAccountNumberId": "0cee16b9-c2ef-5bb3-a69e-ce6765dbe93b",
            "LineExtensionAmount": "500.10",
            "TaxAmount": "105.02",
            "VatRateId": "afa50000-0000-0b41-9465-e9f88bcaef86",
        }
    ],
}


def test_a_purchase_invoice_opens_a_year_that_was_not_there(environment: Environment) -> None:
    assert not environment.rows("accountingyear", Description="2023")
    found = instances(environment.post("purchaseinvoice", INVOICE))
    (invoice,) = environment.rows("creditorinvoicebalance", InvoiceId=found["Inkoopfactuur"])
    assert (invoice["InvoiceNumber"], invoice["TotalAmount"]) == ("2023-0345", Decimal("605.12"))
    assert len(environment.rows("accountingyear", Description="2023")) == 1
    assert environment.rows("ledgerperiodtotals", AccountingPeriod="Oktober 2023")
    environment.assert_balanced()


@pytest.mark.parametrize(
    "change",
    [
        {"IssueDate": "soon"},
        {"DueDate": ""},
        {"SupplierOrganisationId": ""},
        {"InvoiceLine": [{"LedgerAccountNumberId": "x"}]},
        {"InvoiceLine": [{**INVOICE["InvoiceLine"][0], "TaxAmount": "much"}]},  # type: ignore[dict-item]
    ],
)
def test_texts_that_say_nothing_fail(environment: Environment, change: dict[str, object]) -> None:
    assert "contains an invalid reference" in str(errors(environment.post("purchaseinvoice", {**INVOICE, **change}))[0])
