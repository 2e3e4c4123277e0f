"""Relations and their details: each write shows in its list."""

from __future__ import annotations

import pytest

from afas_soap.emulator.sb.seed.relations import ORGANISATIONS, PERSONS
from afas_soap.sb.operation import Verb
from tests.emulator.sb.books.conftest import Environment, data, errors, instances

ADDRESS = {"StreetName": "Kade", "HouseNumber": 5, "PostalZone": "3833AV", "CityName": "Leusden", "CountryCode": "NL"}
ACCOUNT = {
    "AccountNumber": "NL00EMUL0000000001",
    "BankId": "EMUL",
    "CountryCode": "NL",
    "AccountHolderName": "Kwekerij",
}
COMPANY = {
    "Name": "Kwekerij Nieuw",
    "CocNumber": "012",
    "EmailAddress": "a@b.example",
    "Tradename": "Nieuw",
    "Addresses": [ADDRESS],
    "BankAccounts": [ACCOUNT],
}
NOWHERE = "a18e0f9a-c73d-58c4-ae80-64c2e4228de4"


def test_an_organisation_shows_with_its_address_and_account(environment: Environment) -> None:
    found = data(environment.post("organisation", COMPANY))
    assert list(found) == ["RelationId", "Addresses", "BankAccounts"]
    key = found["RelationId"]
    (row,) = environment.rows("organisations", Id=key)
    assert (row["Name"], row["CocNumber"], row["RelationId"], row["IsArchived"]) == (
        "Kwekerij Nieuw",
        "012",
        "001001",
        False,
    )
    (address,) = environment.rows("addresses", RelationId=key)
    assert (address["CountryName"], address["RelationType"], address["HouseNumber"]) == (
        "Nederland",
        "organisation",
        "5",
    )
    assert found["Addresses"] == [{"AddressId": address["Id"], "AddressDescription": "Kade 5, 3833AV Leusden"}]
    (account,) = environment.rows("bankaccounts", RelationId=key)
    assert found["BankAccounts"] == [{"AccountNumberId": account["Id"], "AccountNumber": ACCOUNT["AccountNumber"]}]
    assert environment.rows("address", Id=address["Id"])[0]["City"] == "Leusden"
    assert environment.rows("bankaccount", Id=account["Id"])[0]["Bankrekening"] == ACCOUNT["AccountNumber"]
    assert {row["RelationNumber"] for row in environment.rows("salesrelations", RelationId=key)} == {"001001"}


def test_the_older_version_answers_with_the_relation_only(environment: Environment) -> None:
    assert list(data(environment.post("organisation", COMPANY, "3.0"))) == ["RelationId"]


def test_a_put_changes_what_it_brings_and_adds_what_is_new(environment: Environment) -> None:
    key = data(environment.post("organisation", COMPANY))["RelationId"]
    other = {**ADDRESS, "HouseNumber": 7}
    body = {"RelationId": key, "Name": "Kwekerij Oud", "Addresses": [ADDRESS, other], "BankAccounts": [ACCOUNT]}
    assert data(environment.write(Verb.PUT, "organisation", body)) == {"RelationId": key}
    (row,) = environment.rows("organisations", Id=key)
    assert (row["Name"], row["CocNumber"]) == ("Kwekerij Oud", "012")
    assert [row["HouseNumber"] for row in environment.rows("addresses", RelationId=key)] == ["5", "7"]
    assert len(environment.rows("bankaccounts", RelationId=key)) == 1


def test_a_new_name_shows_wherever_the_name_does(environment: Environment) -> None:
    key = environment.rows("debtorbalance", RelationType="organisation")[0]["RelationId"]
    data(environment.write(Verb.PUT, "organisation", {"RelationId": key, "Name": "Zaaigoed"}))
    assert {row["RelationName"] for row in environment.rows("debtorbalance", RelationId=key)} == {"Zaaigoed"}
    assert environment.rows("salesrelations", RelationId=key)[0]["RelationDescription"] == "Zaaigoed"
    (contact,) = environment.rows("contacts", PersonId=PERSONS[1])
    data(environment.write(Verb.PUT, "person", {"RelationId": PERSONS[1], "LastName": "Bos"}))
    (renamed,) = environment.rows("contacts", PersonId=PERSONS[1])
    assert (renamed["Lastname"], renamed["Firstname"]) == ("Bos", contact["Firstname"])


def test_a_person_has_a_whole_name(environment: Environment) -> None:
    body = {"FirstName": "Iris", "Prefix": "van", "LastName": "Dijk", "Addresses": [ADDRESS], "BankAccounts": [ACCOUNT]}
    key = data(environment.post("person", body))["RelationId"]
    (row,) = environment.rows("persons", Id=key)
    assert (row["Name"], row["Lastname"]) == ("Iris van Dijk", "Dijk")
    data(environment.write(Verb.PUT, "person", {"RelationId": key, "LastName": "Bos"}))
    assert environment.rows("persons", Id=key)[0]["Name"] == "Iris van Bos"
    assert len(environment.rows("salesrelations", RelationId=key)) == 12


def test_a_country_that_there_is_not_fails_the_whole_write(environment: Environment) -> None:
    before = environment.everything()
    told = errors(environment.post("organisation", {**COMPANY, "Addresses": [{**ADDRESS, "CountryCode": "QQ"}]}))
    assert told == ["Field 'Land' contains an invalid reference (QQ)"]
    assert environment.everything() == before


def test_details_of_a_relation_show(environment: Environment) -> None:
    whom = {"RelationType": "organisation", "RelationId": ORGANISATIONS[0]}
    address = instances(environment.post("address", {**whom, **ADDRESS}))["Adres"]
    assert environment.rows("addresses", Id=address)[0]["RelationId"] == ORGANISATIONS[0]
    account = instances(environment.post("bankaccount", {**whom, **ACCOUNT}))["Bankrekening"]
    assert environment.rows("bankaccounts", Id=account)[0]["AccountNumber"] == ACCOUNT["AccountNumber"]
    assert list(instances(environment.post("emailaddress", {**whom, "EmailAddress": "n@b.example"}))) == ["Emailadres"]
    assert list(instances(environment.post("phonenumber", {**whom, "PhoneNumber": "06-1"}))) == ["Telefoonnummer"]
    (row,) = environment.rows("organisations", Id=ORGANISATIONS[0])
    assert (row["EmailAddress"], row["PhoneNumber"]) == ("n@b.example", "06-1")


def test_an_address_of_nobody_is_taken(environment: Environment) -> None:
    key = instances(environment.post("address", ADDRESS))["Adres"]
    assert environment.rows("addresses", Id=key)[0]["RelationId"] is None


def test_a_telephone_number_by_organisation(environment: Environment) -> None:
    instances(environment.post("phonenumber", {"OrganisationId": ORGANISATIONS[3], "PhoneNumber": "06-2"}))
    assert environment.rows("organisations", Id=ORGANISATIONS[3])[0]["PhoneNumber"] == "06-2"


def test_a_contact_is_a_person_too(environment: Environment) -> None:
    body = {"OrganisationId": ORGANISATIONS[2], "FirstName": "Daan", "LastName": "Kok", "EmailAddress": "d@b.example"}
    found = instances(environment.post("contact", {**body, "PhoneNumber": "06-3"}))
    assert list(found) == ["Persoon", "Emailadres", "Telefoonnummer", "Contactpersoon"]
    (row,) = environment.rows("contacts", Id=found["Contactpersoon"])
    assert (row["PersonId"], row["Name"], row["Emailaddress"]) == (found["Persoon"], "Daan Kok", "d@b.example")
    assert environment.rows("persons", Id=found["Persoon"])[0]["Name"] == "Daan Kok"


def test_a_contact_may_be_a_person_who_is_there(environment: Environment) -> None:
    body = {"OrganisationId": ORGANISATIONS[2], "ContactId": PERSONS[1], "LastName": "x"}
    found = instances(environment.post("contact", body))
    assert (found["Persoon"], list(found)) == (PERSONS[1], ["Persoon", "Contactpersoon"])


@pytest.mark.parametrize("kind", ["Organisation", "Person"])
def test_a_supplier_shows_with_its_relation(environment: Environment, kind: str) -> None:
    of_kind = {"Organisation": {"Name": "Zaad B.V.", "TradeName": "Zaad"}, "Person": {"Lastname": "Zaad"}}
    body = {
        "AdministrationId": "c59efe34-cb0e-5cb7-a1c7-b1286a699911",
        "EmailAddress": "z@b.example",
        "PhoneNumber": "06-4",
        "BankAccountNumber": "NL00EMUL0000000002",
        "PaymentMethod": "directdebit",
        kind: of_kind[kind],
    }
    found = instances(environment.post("supplier", body))
    first = "Organisatie" if kind == "Organisation" else "Persoon"
    assert list(found) == [
        first, "Instelling", "Leverancier", "Begunstigde", "Emailadres", "Telefoonnummer", "Bankrekening",
    ]  # fmt: skip
    (row,) = environment.rows("supplier", SupplierId=found["Leverancier"])
    assert (row["Id"], row["AccountNumber"]) == (found[first], "NL00EMUL0000000002")
    assert environment.rows("bankaccounts", Id=found["Bankrekening"])


def test_a_reference_that_leads_nowhere_is_done_in_part(environment: Environment) -> None:
    body = {
        "AdministrationId": "c59efe34-cb0e-5cb7-a1c7-b1286a699911",
        "PaymentConditionId": NOWHERE,
        "Organisation": {"Name": "Zaad B.V."},
    }
    outcome = environment.post("supplier", body)
    assert (outcome.status, outcome.content["result"]) == (400, "PartiallySucceeded")
    assert outcome.content["errors"] == [
        {"Instelling": "'Betaalvoorwaarde' bevat een verwijzing naar een ongeldige waarde."}
    ]
    found = outcome.content["instances"]
    assert isinstance(found, list)
    assert found[0] == {"Code": "Organisatie", "Id": found[0]["Id"], "Relatienummer": "001001"}
    assert environment.rows("organisations", Id=found[0]["Id"])


def test_a_supplier_is_somebody(environment: Environment) -> None:
    body = {"AdministrationId": "c59efe34-cb0e-5cb7-a1c7-b1286a699911"}
    assert errors(environment.post("supplier", body)) == ["Field 'Organisatie' is required"]


def test_a_customer_is_a_sales_relation(environment: Environment) -> None:
    body = {"AdministrationId": "c59efe34-cb0e-5cb7-a1c7-b1286a699911", "Person": {"Lastname": "Bos"}}
    found = instances(environment.post("customer", body))
    assert environment.rows("salesrelations", RelationId=found["Persoon"])


def test_a_mandate_needs_an_account_of_the_relation(environment: Environment) -> None:
    body = {
        "AdministrationId": "e5a3aaef-0cc7-46d0-9eb5-8d039c88109e",
        "RelationType": "organisation",
        "RelationId": "046800d6-8160-41a9-a422-ef3c04b8d373",
        "RelationBankAccountId": "27548bd4-45ad-4652-bdd2-f1615dc28245",
        "DateOfSignature": "2024-12-31",
    }
    assert list(data(environment.post("mandates", body))) == ["MandateId"]
    told = errors(environment.post("mandates", {**body, "RelationBankAccountId": NOWHERE}))
    assert told == [f"Field 'Bankrekening' contains an invalid reference ({NOWHERE})"]


def test_a_scan_is_taken(environment: Environment) -> None:
    body = {"Scan": {"AdministrationId": "e5a3aaef-0cc7-46d0-9eb5-8d039c88109e"}}
    assert list(instances(environment.post("scanbox", body))) == ["Scan"]
