"""Sales journal entries: what they book, which are kept in error, and that a DELETE takes all of it away."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest

from afas_soap.emulator.sb.seed.administrations import WITHOUT_FEATURES
from afas_soap.sb.errorbody import created_in_error, texts
from afas_soap.sb.operation import Verb
from tests.emulator.sb.books.conftest import Environment, data, errors, made

OWN = "701b747b-eea2-5ed1-8518-973e5c670252"
ACCOUNT = "1a8042a9-576d-5fab-9e5f-75e6f7d5ab63"
ORGANISATION = "c6f3b724-845c-5af2-8360-2fc751601115"
LINE = {"LedgerAccountId": ACCOUNT, "AmountExcludingVat": 100.26, "AmountVat": 21.05, "VatType": "high"}
BODY = {
    "AdministrationId": OWN,
    "InvoiceDate": "2025-02-03",
    "InvoiceNumber": "N-1",
    "RelationType": "organisation",
    "RelationId": ORGANISATION,
    "Reference": "PO 7",
    "PaymentConditionId": "eb44c60d-06e4-564b-a90c-7715c78788a5",
    "InvoiceLine": [LINE, {"LedgerAccountId": ACCOUNT, "AmountExcludingVat": 40, "VatType": "zero"}],
}
TOTAL = Decimal("161.31")


def test_it_shows_in_journal_entries_and_in_what_the_debtor_has_to_pay(environment: Environment) -> None:
    before = environment.amount("debtorbalance", "OutstandingAmount", RelationId=ORGANISATION)
    key = data(environment.post("salesjournalentry", BODY))["SalesJournalEntryId"]
    (invoice,) = environment.rows("debtorinvoicebalance", InvoiceId=key)
    assert (invoice["InvoiceNumber"], invoice["TotalAmount"], invoice["OutstandingAmount"]) == ("N-1", TOTAL, TOTAL)
    assert (invoice["DueDate"], invoice["CustomerReference"]) == ("2025-03-05T00:00:00Z", "PO 7")
    assert environment.amount("debtorbalance", "OutstandingAmount", RelationId=ORGANISATION) == before + TOTAL
    lines = environment.rows("journalentries", HeaderId=key)
    assert [(line["AmountDebit"], line["AmountCredit"], line["VatSection"]) for line in lines] == [
        (TOTAL, 0, None),
        (0, Decimal("100.26"), "Rubriek1a"),
        (0, Decimal("21.05"), None),
        (0, 40, "Rubriek1e"),
    ]
    assert {line["DocumentIdentification"] for line in lines} == {"N-1"}
    totals = environment.rows("ledgerperiodtotals", LedgerAccountId=ACCOUNT, AccountingPeriod="Februari 2025")
    assert [total["Total"] for total in totals] == [Decimal("-140.26")]
    environment.assert_balanced()


def test_a_delete_takes_all_of_it_away(environment: Environment) -> None:
    before = environment.everything()
    key = data(environment.post("salesjournalentry", BODY))["SalesJournalEntryId"]
    assert environment.everything() != before
    assert data(environment.delete("salesjournalentry", OWN, key)) == {"SalesJournalEntryId": key}
    assert environment.everything() == before


def test_a_credit_note_books_the_other_way(environment: Environment) -> None:
    line = {"LedgerAccountId": ACCOUNT, "AmountExcludingVat": -50, "AmountVat": -10.5, "VatType": "high"}
    key = data(environment.post("salesjournalentry", {**BODY, "InvoiceLine": [line]}))["SalesJournalEntryId"]
    lines = environment.rows("journalentries", HeaderId=key)
    assert [(line["AmountDebit"], line["AmountCredit"]) for line in lines] == [(0, 60.5), (50, 0), (10.5, 0)]
    environment.assert_balanced()


@pytest.mark.parametrize("calculation", ["reversecharged", "exempt", "novat"])
def test_vat_that_is_not_charged_is_not_booked(environment: Environment, calculation: str) -> None:
    line = {**LINE, "VatCalculation": calculation}
    key = data(environment.post("salesjournalentry", {**BODY, "InvoiceLine": [line]}))["SalesJournalEntryId"]
    assert len(environment.rows("journalentries", HeaderId=key)) == 2
    environment.assert_balanced()


def test_a_number_is_taken_once(environment: Environment) -> None:
    data(environment.post("salesjournalentry", BODY))
    before = environment.everything()
    told = errors(environment.post("salesjournalentry", BODY))
    assert told == ["SalesJournalEntry with invoicenumber N-1 already exists"]
    assert environment.everything() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"InvoiceDate": "2020-01-01"}, "De factuurdatum ligt vóór de beginbalansdatum. Dit is niet toegestaan."),
        (
            {"InvoiceLine": [{**LINE, "LedgerAccountId": "a18e0f9a-c73d-58c4-ae80-64c2e4228de4"}]},
            "Field 'Grootboekrekening' contains an invalid reference (a18e0f9a-c73d-58c4-ae80-64c2e4228de4)",
        ),
        (
            {"PaymentConditionId": "a18e0f9a-c73d-58c4-ae80-64c2e4228de4"},
            "Field 'Betaalvoorwaarde' contains an invalid reference (a18e0f9a-c73d-58c4-ae80-64c2e4228de4)",
        ),
    ],
)
def test_an_entry_in_error_is_kept_outside_the_ledger_and_can_be_deleted(
    environment: Environment, change: dict[str, object], told: str
) -> None:
    before = environment.everything()
    outcome = environment.post("salesjournalentry", {**BODY, **change})
    assert outcome.status == 400
    assert told in errors(outcome)
    (key,) = created_in_error(texts(outcome.content["errors"]))
    assert environment.everything() == before
    again = errors(environment.post("salesjournalentry", BODY))
    assert again == ["SalesJournalEntry with invoicenumber N-1 already exists"]
    data(environment.delete("salesjournalentry", OWN, key))
    data(environment.post("salesjournalentry", BODY))


def test_a_fault_in_the_lines_is_told_with_the_full_stop_of_the_sample(environment: Environment) -> None:
    lines = [{**LINE, "LedgerAccountId": "a18e0f9a-c73d-58c4-ae80-64c2e4228de4"}] * 2
    told = errors(environment.post("salesjournalentry", {**BODY, "InvoiceLine": lines}))
    assert len(told) == 3
    assert re.fullmatch(
        r"Entity is made with .* in the lines\. .* SalesJournalEntry with id: [-0-9a-f]{36}\.", str(told[0])
    )


def test_quantities_need_their_units(environment: Environment) -> None:
    (account,) = environment.rows("ledgeraccounts", LedgerAccountNumber="8300", AdministrationId=OWN)
    line = {**LINE, "LedgerAccountId": account["Id"], "Quantity1": 1, "Unit1": "kg"}
    told = errors(environment.post("salesjournalentry", {**BODY, "InvoiceLine": [line]}))
    assert told[1:] == ["Field 'Unit2' is required"]


def test_a_location_has_to_be_there(environment: Environment) -> None:
    told = errors(environment.post("salesjournalentry", {**BODY, "InvoiceLine": [{**LINE, "LocationId": ACCOUNT}]}))
    assert told[1:] == [f"Field 'Locatie' contains an invalid reference ({ACCOUNT})"]
    (location,) = environment.rows("locations", AdministrationId=OWN)
    line = {**LINE, "LocationId": location["InstanceId"]}
    data(environment.post("salesjournalentry", {**BODY, "InvoiceNumber": "N-2", "InvoiceLine": [line]}))


def test_it_failed_with_200_in_the_older_dialect() -> None:
    environment = made(failed=200)
    assert environment.post("salesjournalentry", {**BODY, "InvoiceDate": "2020-01-01"}).status == 200
    environment.tables.close()


def test_nothing_without_the_feature(environment: Environment) -> None:
    told = errors(environment.post("salesjournalentry", {**BODY, "AdministrationId": WITHOUT_FEATURES}))
    assert told == ["FeatureToggle not enabled"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"AdministrationId": ORGANISATION}, f"Field 'Administratie' contains an invalid reference ({ORGANISATION})"),
        ({"RelationId": OWN}, f"Field 'Relatie' contains an invalid reference ({OWN})"),
        ({"RelationType": "person"}, f"Field 'Relatie' contains an invalid reference ({ORGANISATION})"),
        ({"Attachments": [{"AttachmentId": OWN}]}, "'Bijlage' bevat een verwijzing naar een ongeldige waarde."),
    ],
)
def test_what_it_names_has_to_be_there(environment: Environment, change: dict[str, object], told: str) -> None:
    assert errors(environment.post("salesjournalentry", {**BODY, **change})) == [told]
    data(environment.post("salesjournalentry", BODY))


def test_an_uploaded_blob_may_be_attached(environment: Environment) -> None:
    environment.uploaded.add(OWN)
    data(environment.post("salesjournalentry", {**BODY, "Attachments": [{"AttachmentId": OWN}]}))


def test_a_write_off_leaves_nothing_open_and_goes_with_its_entry(environment: Environment) -> None:
    before = environment.everything()
    key = data(environment.post("salesjournalentry", BODY))["SalesJournalEntryId"]
    body = {"AdministrationId": OWN, "Id": key}
    assert data(environment.post("salesjournalentrywof", body)) == {}
    (invoice,) = environment.rows("debtorinvoicebalance", InvoiceId=key)
    assert (invoice["OutstandingAmount"], invoice["PaidAmount"]) == (0, TOTAL)
    (line,) = environment.rows("journalentries", Description="Write off", AmountDebit=TOTAL)
    (account,) = environment.rows("ledgeraccounts", Id=line["LedgerAccountId"])
    assert account["LedgerAccountNumber"] == "4900"
    environment.assert_balanced()
    assert errors(environment.post("salesjournalentrywof", body)) == [
        f"SalesJournalEntry with id {key} has no outstanding amount"
    ]
    data(environment.delete("salesjournalentry", OWN, key))
    assert environment.everything() == before


def test_a_payment_reference_can_be_put(environment: Environment) -> None:
    key = data(environment.post("salesjournalentry", BODY))["SalesJournalEntryId"]
    body = {"AdministrationId": OWN, "Id": key, "PaymentReference": "7000"}
    assert data(environment.write(Verb.PUT, "salesjournalentry", body)) == {"SalesJournalEntryId": key}


def test_what_is_not_there_cannot_be_deleted(environment: Environment) -> None:
    assert errors(environment.delete("salesjournalentry", OWN, OWN)) == [
        f"SalesJournalEntry with id {OWN} does not exist"
    ]


def test_the_answer_is_json_with_a_trace_id(environment: Environment) -> None:
    content = environment.post("salesjournalentry", BODY).content
    assert list(content) == ["result", "traceId", "data", "errors"]
    assert json.dumps(content)
