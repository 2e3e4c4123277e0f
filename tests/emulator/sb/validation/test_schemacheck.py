"""The server's own check: one fault at a time, in SB's words, with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

import pytest

from afas_soap.emulator.sb.validation.schemacheck import SchemaError, checked
from afas_soap.sb.operation import Operation, Verb
from afas_soap.sb.table import shipped

ID = "701b747b-eea2-5ed1-8518-973e5c670252"
ADDRESS = {
    "RelationType": "organisation",
    "RelationId": ID,
    "StreetName": "Kade",
    "CityName": "Ede",
    "CountryCode": "NL",
}
LINE = {"LedgerAccountId": ID, "AmountExcludingVat": 1, "AmountVat": 0.21, "VatType": "high"}
SALE = {
    "AdministrationId": ID,
    "InvoiceDate": "2025-01-31",
    "InvoiceNumber": "1",
    "RelationType": "person",
    "RelationId": ID,
    "InvoiceLine": [LINE],
}


def post(connector: str, version: str | None = None) -> Operation:
    return shipped().operation(connector, Verb.POST, version)


def refusal(operation: Operation, body: object) -> str:
    with pytest.raises(SchemaError) as raised:
        checked(operation, json.dumps(body).encode())
    return str(raised.value)


def test_the_two_samples_of_afas() -> None:
    body = {name: value for name, value in ADDRESS.items() if name != "CountryCode"}
    told = refusal(post("address"), body)
    assert told == "Required properties are missing from object: CountryCode. Path '', line 1, position 1."
    text = '{\n  "RelationType": "organisation",\n  "RelationId": ""\n}'
    with pytest.raises(SchemaError) as raised:
        checked(post("address"), text.encode())
    assert str(raised.value) == (
        "String '' does not validate against format 'uuid'. Path 'RelationId', line 3, position 18."
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"HouseNumber": "5"}, "Invalid type. Expected Integer but got String. Path 'HouseNumber', "),
        ({"HouseNumber": 5.5}, "Invalid type. Expected Integer but got Number. Path 'HouseNumber', "),
        ({"StreetName": 5}, "Invalid type. Expected String but got Integer. Path 'StreetName', "),
        ({"StreetName": None}, "Invalid type. Expected String but got Null. Path 'StreetName', "),
        ({"streetname": []}, "Invalid type. Expected String but got Array. Path 'streetname', "),
        ({"RelationType": "unknown"}, "Value \"unknown\" is not defined in enum. Path 'RelationType', "),
    ],
)
def test_faults_of_an_address(change: Mapping[str, object], told: str) -> None:
    assert refusal(post("address"), {**ADDRESS, **change}).startswith(told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"AmountExcludingVat": 100.255}, "Number 100.255 is not a multiple of 0.01."),
        ({"AmountExcludingVat": 1e30}, "Input string '1E+30' is not a valid decimal."),
        ({"AmountExcludingVat": True}, "Invalid type. Expected Number but got Boolean."),
        ({"PeriodAllocation": "yes"}, "Invalid type. Expected Boolean but got String."),
        ({"Description": "x" * 256}, f"String '{'x' * 256}' exceeds maximum length of 255."),
        ({"AlternativeAllocationDate": "2025-02-30"}, "String '2025-02-30' does not validate against format 'date'."),
        ({"LocationId": ID, "DepartmentId": ID}, "JSON is valid against schema from 'not'."),
    ],
)
def test_faults_of_a_line(line: Mapping[str, object], told: str) -> None:
    found = refusal(post("salesjournalentry"), {**SALE, "InvoiceLine": [LINE, {**LINE, **line}]})
    assert found.startswith(f"{told} Path 'InvoiceLine[1]")


@pytest.mark.parametrize("amount", ["0.07", "40.55", "100.26", "-100.26", "999999999999999", "1.10"])
def test_amounts_are_exact(amount: str) -> None:
    body = json.dumps(SALE).replace('"AmountExcludingVat": 1', f'"AmountExcludingVat": {amount}')
    found = checked(post("salesjournalentry"), body.encode())["InvoiceLine"]
    assert isinstance(found, list)
    assert found[0]["AmountExcludingVat"] == Decimal(amount)


@pytest.mark.parametrize("missing", ["AmountVat", "VatType"])
def test_vat_of_a_sale(missing: str) -> None:
    line = {name: value for name, value in LINE.items() if name != missing}
    found = refusal(post("salesjournalentry"), {**SALE, "InvoiceLine": [line]})
    assert found.startswith("JSON does not match schema from 'then'. Path 'InvoiceLine[0]'")


def test_no_vat_needs_no_type() -> None:
    line = {"LedgerAccountId": ID, "AmountExcludingVat": 1, "VatCalculation": "novat"}
    assert checked(post("salesjournalentry"), json.dumps({**SALE, "InvoiceLine": [line]}).encode())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({}, "JSON does not match any schemas from 'anyOf'."),
        ({"AmountDebit": 1, "PeriodAllocation": True}, "JSON does not match schema from 'then'."),
    ],
)
def test_lines_of_a_memorial(line: Mapping[str, object], told: str) -> None:
    body = {"AdministrationId": ID, "EntryDate": "2025-01-01", "Description": "x"}
    found = refusal(post("financialjournalentry"), {**body, "EntryLine": [{"LedgerAccountId": ID, **line}]})
    assert found.startswith(told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"CocNumber": "12a"}, "String '12a' does not match regex pattern '^[0-9]+$'."),
        ({"EmailAddress": "nobody"}, "String 'nobody' does not validate against format 'email'."),
        ({"Website": "www afas nl"}, "String 'www afas nl' does not validate against format 'uri'."),
        ({"Name": ""}, "String '' is less than minimum length of 1."),
        ({"Addresses": {}}, "Invalid type. Expected Array but got Object."),
        ({"Addresses": ["x"]}, "Invalid type. Expected Object but got String."),
    ],
)
def test_faults_of_an_organisation(change: Mapping[str, object], told: str) -> None:
    assert refusal(post("organisation"), {"Name": "Kwekerij", **change}).startswith(told)


def test_a_body_that_is_none() -> None:
    assert refusal(post("address"), [ADDRESS]).startswith("Invalid type. Expected Object but got Array. Path ''")
    with pytest.raises(SchemaError, match="Unexpected character"):
        checked(post("address"), b"<xml/>")


def test_names_and_words_are_folded_and_what_says_nothing_is_left_out() -> None:
    body = {**SALE, "paymentmethod": "IDEAL", "InvoiceLine": [{**LINE, "VatCalculation": "null"}], "Unheard": [1]}
    found = checked(post("salesjournalentry"), json.dumps({**body, "RelationId": ID.upper()}).encode())
    assert (found["PaymentMethod"], found["RelationId"], "Unheard" in found) == ("ideal", ID, False)
    lines = found["InvoiceLine"]
    assert isinstance(lines, list)
    assert "VatCalculation" not in lines[0]


@pytest.mark.parametrize("amount", ["1e999999999", "-1e999999999", "1e-999999999", "1e999"])
def test_an_amount_beyond_what_can_be_reckoned_with(amount: str) -> None:
    text = json.dumps({**SALE, "InvoiceLine": [{**LINE, "AmountExcludingVat": "?"}]}).replace('"?"', amount)
    with pytest.raises(SchemaError, match="is not a valid decimal"):
        checked(post("salesjournalentry"), text.encode())
