"""Memorial, payroll and cash: in journal entries and period totals, balanced, and away after a DELETE."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.sb.errorbody import created_in_error, texts
from tests.emulator.sb.books.conftest import Environment, data, errors, instances

OWN = "73109da3-0fcf-4fbe-bd2c-209a399ae502"
REVENUE = "5a663714-2c36-5d94-a009-3a210bc2ce52"
NOWHERE = "a18e0f9a-c73d-58c4-ae80-64c2e4228de4"
MEMORIAL = {
    "AdministrationId": OWN,
    "Description": "journaalpost",
    "EntryDate": "2024-01-22",
    "EntryLine": [
        {"LedgerAccountId": REVENUE, "AmountDebit": 4000.65, "VatDirection": "sales", "VatType": "high"},
        {"LedgerAccountId": REVENUE, "AmountCredit": 4000.65, "VatDirection": "purchases", "VatType": "low"},
    ],
}
PAYROLL = {
    "AdministrationId": "701b747b-eea2-5ed1-8518-973e5c670252",
    "Description": "Loonjournaalpost",
    "Date": "2024-01-22",
    "PayrollJournalEntryLine": [
        {"LedgerAccountNumber": "1700", "AmountDebit": 4000},
        {"LedgerAccountNumber": "1710", "AmountCredit": 1300},
        {"LedgerAccountNumber": "2300", "AmountCredit": 2700},
    ],
}
CASH = {
    "AdministrationId": "c59efe34-cb0e-5cb7-a1c7-b1286a699911",
    "Description": "Omzet",
    "Date": "2024-03-15",
    "LedgerAccountId": "cfb59b79-b3ec-55ef-8cde-000499c3179e",
    "VatTarive": "high",
    "AmountIncludingVat": 400,
}


def test_a_memorial_is_booked_and_a_delete_takes_it_away(environment: Environment) -> None:
    before = environment.everything()
    key = data(environment.post("financialjournalentry", MEMORIAL))["FinancialJournalEntryId"]
    lines = environment.rows("journalentries", HeaderId=key)
    assert [(line["AmountDebit"], line["AmountCredit"], line["VatSection"]) for line in lines] == [
        (Decimal("4000.65"), 0, "Rubriek1a"),
        (0, Decimal("4000.65"), "Rubriek5b"),
    ]
    environment.assert_balanced()
    assert data(environment.delete("financialjournalentry", OWN, key)) == {"FinancialJournalEntryId": key}
    assert environment.everything() == before
    told = errors(environment.delete("financialjournalentry", OWN, key))
    assert told == [f"FinancialJournalEntry with id {key} does not exist"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"EntryLine": MEMORIAL["EntryLine"][:1]}, "De boeking is niet in balans."),
        ({"EntryDate": "2020-01-01"}, "De factuurdatum ligt vóór de beginbalansdatum. Dit is niet toegestaan."),
        (
            {
                "EntryLine": [
                    {"LedgerAccountId": NOWHERE, "AmountDebit": 1},
                    {"LedgerAccountId": REVENUE, "AmountCredit": 1},
                ]
            },
            f"Field 'Grootboekrekening' contains an invalid reference ({NOWHERE})",
        ),
    ],
)
def test_a_memorial_in_error_is_kept_and_can_be_deleted(
    environment: Environment, change: dict[str, object], told: str
) -> None:
    before = environment.everything()
    outcome = environment.post("financialjournalentry", {**MEMORIAL, **change})
    assert told in errors(outcome)
    (key,) = created_in_error(texts(outcome.content["errors"]))
    assert environment.everything() == before
    data(environment.delete("financialjournalentry", OWN, key))


def test_payroll_names_accounts_by_number(environment: Environment) -> None:
    key = instances(environment.post("payrolljournalentry", PAYROLL))["Memoriaalboeking2"]
    lines = environment.rows("journalentries", HeaderId=key)
    assert [line["AmountTotal"] for line in lines] == [4000, -1300, -2700]
    environment.assert_balanced()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Date": "2020-01-01"}, "De factuurdatum ligt vóór de beginbalansdatum. Dit is niet toegestaan."),
        (
            {"PayrollJournalEntryLine": [{"LedgerAccountNumber": "9", "AmountDebit": 1}]},
            "Field 'Grootboekrekening' contains an invalid reference (9)",
        ),
        ({"PayrollJournalEntryLine": PAYROLL["PayrollJournalEntryLine"][:1]}, "De boeking is niet in balans."),
    ],
)
def test_payroll_that_fails_stores_nothing(environment: Environment, change: dict[str, object], told: str) -> None:
    before = environment.everything()
    assert errors(environment.post("payrolljournalentry", {**PAYROLL, **change})) == [told]
    assert environment.everything() == before


def lines_of_cash(environment: Environment, body: dict[str, object]) -> list[tuple[object, Decimal]]:
    found = data(environment.post("cashmutation", body))
    assert list(found) == ["CashMutationId", "FinancialBookingId"]
    numbers = {row["Id"]: row["LedgerAccountNumber"] for row in environment.rows("ledgeraccounts")}
    rows = environment.rows("journalentries", HeaderId=found["FinancialBookingId"])
    environment.assert_balanced()
    return [(numbers[row["LedgerAccountId"]], Decimal(str(row["AmountTotal"]))) for row in rows]


def test_cash_that_comes_in(environment: Environment) -> None:
    assert lines_of_cash(environment, CASH) == [
        ("1000", Decimal(400)),
        ("8000", Decimal("-330.58")),
        ("1800", Decimal("-69.42")),
    ]


def test_cash_that_goes_out(environment: Environment) -> None:
    body = {**CASH, "LedgerAccountId": "c031b2e8-f8ac-5ab2-a428-93bf9789fc5e", "AmountIncludingVat": -200}
    assert lines_of_cash(environment, body) == [
        ("1000", Decimal(-200)),
        ("4100", Decimal("165.29")),
        ("1810", Decimal("34.71")),
    ]


def test_a_refund_of_a_sale(environment: Environment) -> None:
    body = {**CASH, "AmountIncludingVat": -121, "VatType": "sales"}
    assert lines_of_cash(environment, body)[2] == ("1800", Decimal(21))


def test_cash_without_an_account_waits(environment: Environment) -> None:
    body = {name: value for name, value in CASH.items() if name not in ("LedgerAccountId", "VatTarive")}
    assert lines_of_cash(environment, body) == [("1000", Decimal(400)), ("2000", Decimal(-400))]


@pytest.mark.parametrize(
    ("change", "field"),
    [({"LedgerAccountId": NOWHERE}, "Grootboekrekening"), ({"CashRegisterId": NOWHERE}, "Kas")],
)
def test_what_cash_names_has_to_be_there(environment: Environment, change: dict[str, object], field: str) -> None:
    told = errors(environment.post("cashmutation", {**CASH, **change}))
    assert told == [f"Field '{field}' contains an invalid reference ({NOWHERE})"]
