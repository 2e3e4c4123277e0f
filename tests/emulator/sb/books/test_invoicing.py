"""Sales invoices and lines to be invoiced: drafts show and can be deleted, invoices are booked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.emulator.sb.seed.administrations import WITHOUT_FEATURES
from afas_soap.sb.operation import Verb
from tests.emulator.sb.books.conftest import Environment, data, errors

OWN = "bb837613-26e7-52bd-bc56-f3721b90a42e"
ORGANISATION = "7b8e279b-b551-556e-a00a-a815392d0d38"
ITEM = "5dbb40d7-52b5-51b6-809e-5a16dddeb650"
NOWHERE = "a18e0f9a-c73d-58c4-ae80-64c2e4228de4"
BODY = {
    "AdministrationId": OWN,
    "IssueDate": "2025-05-16",
    "RelationType": "organisation",
    "RelationId": ORGANISATION,
    "SentInvoiceEmail": False,
    "InvoiceLine": [{"ItemId": ITEM, "Quantity": 2, "Price": 10}],
}
LINE = {
    "AdministrationId": OWN,
    "Date": "2024-12-04",
    "Description": "Laptop",
    "RelationType": "organisation",
    "RelationId": ORGANISATION,
    "ItemId": ITEM,
    "Quantity": 3,
}


def test_a_draft_shows_in_salesinvoices_only_and_a_delete_takes_it_away(environment: Environment) -> None:
    before = environment.everything()
    key = data(environment.post("salesinvoice", {**BODY, "ToBeInvoiced": True}))["SalesInvoiceId"]
    (row,) = environment.rows("salesinvoices", InstanceId=key)
    assert (row["Status"], row["AmountExcludingVat"], row["AmountVat"]) == ("TODO", 20, Decimal("4.2"))
    assert (row["SalesInvoiceId"], row["RelationNumber"]) == (key, "000002")
    assert environment.everything() | {"salesinvoices": before["salesinvoices"]} == before
    assert data(environment.delete("salesinvoice", OWN, key)) == {"salesinvoiceId": key}
    assert environment.everything() == before
    told = errors(environment.delete("salesinvoice", OWN, key))
    assert told == ["SalesInvoice cannot be deleted because it is not a draft or it is already deleted"]


def test_an_invoice_is_booked_and_cannot_be_deleted(environment: Environment) -> None:
    key = data(environment.post("salesinvoice", BODY))["SalesInvoiceId"]
    (row,) = environment.rows("salesinvoices", InstanceId=key)
    assert (row["Status"], row["SalesInvoiceNumber"]) == ("DONE", "V01250001")
    (invoice,) = environment.rows("debtorinvoicebalance", InvoiceId=key)
    assert (invoice["InvoiceNumber"], invoice["TotalAmount"]) == ("V01250001", Decimal("24.2"))
    assert environment.amount("journalentries", "AmountDebit", HeaderId=key) == Decimal("24.2")
    environment.assert_balanced()
    told = errors(environment.delete("salesinvoice", OWN, key))
    assert told == ["SalesInvoice cannot be deleted because it is not a draft or it is already deleted"]


def test_the_price_is_that_of_the_item_where_none_is_given(environment: Environment) -> None:
    (item,) = environment.rows("products", Id=ITEM)[:1]
    key = data(environment.post("salesinvoice", {**BODY, "InvoiceLine": [{"ItemId": ITEM, "Quantity": 1}]}))
    (row,) = environment.rows("salesinvoices", InstanceId=key["SalesInvoiceId"])
    assert row["AmountExcludingVat"] == item["PriceExcludingVAT"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"InvoiceLine": [{"ItemId": NOWHERE, "Quantity": 1}]},
            f"Field 'Artikel' contains an invalid reference ({NOWHERE})",
        ),
        ({"AddressId": NOWHERE}, f"Field 'Adres' contains an invalid reference ({NOWHERE})"),
        ({"ProjectId": NOWHERE}, f"Field 'Project' contains an invalid reference ({NOWHERE})"),
        ({"IssueDate": "2020-01-01"}, "De factuurdatum ligt vóór de beginbalansdatum. Dit is niet toegestaan."),
        ({"AdministrationId": WITHOUT_FEATURES}, "FeatureToggle not enabled"),
    ],
)
def test_an_invoice_that_fails_stores_nothing(environment: Environment, change: dict[str, object], told: str) -> None:
    before = environment.everything()
    assert errors(environment.post("salesinvoice", {**BODY, **change})) == [told]
    assert environment.everything() == before


def test_a_line_to_be_invoiced_shows_changes_and_goes(environment: Environment) -> None:
    before = environment.everything()
    key = data(environment.post("linestobeinvoiced", LINE))["LinesToBeInvoiced"]
    (row,) = environment.rows("linestobeinvoiced", InstanceId=key)
    assert (row["Quantity"], row["Aantal"], row["Status"]) == (3, 3, "TODO")
    assert row["TotalAmount"] == Decimal(str(row["Price"])) * 3
    changed = {**LINE, "LineToBeInvoicedId": key, "Quantity": 4, "Price": 5}
    assert data(environment.write(Verb.PUT, "linestobeinvoiced", changed)) == {"LinesToBeInvoiced": key}
    assert environment.rows("linestobeinvoiced", InstanceId=key)[0]["TotalAmount"] == 20
    data(environment.delete("linestobeinvoiced", OWN, key))
    assert environment.everything() == before
    told = errors(environment.delete("linestobeinvoiced", OWN, key))
    assert told == [f"LinesToBeInvoiced with id {key} does not exist"]


def test_a_line_without_an_item_has_no_price(environment: Environment) -> None:
    body = {name: value for name, value in LINE.items() if name != "ItemId"}
    key = data(environment.post("linestobeinvoiced", body))["LinesToBeInvoiced"]
    assert environment.rows("linestobeinvoiced", InstanceId=key)[0]["TotalAmount"] == 0
