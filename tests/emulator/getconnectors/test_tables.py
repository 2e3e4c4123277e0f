"""The emulator's GetConnectors have AFAS' own columns: the judges are the OpenAPI files and profit-wire 12."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from afas_soap.emulator.seed.table import columns
from afas_soap.emulator.store import Store
from afas_soap.profit.connectors.metainfo import metainfo_catalogue, metainfo_get
from afas_soap.profit.fields import Kind
from afas_soap.profit.questions.query import Query
from afas_soap.profit.readers.spelling import json_document

JSON_TYPES = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
}
# Retyped from profit-wire 12, for the connectors whose OpenAPI files are not beside the project, and one that is.
KNOWN = {
    "Profit_Debtor": "DebtorId:str DebtorName:str BcCo:str SearchName:str AdressLine1:str AdressLine3:str "
    "AdressLine4:str TelNr:str Email:str IBAN:str VatNr:str ChOfCommNr:str CollectAccount:str PayCon:str VatDuty:str "
    "Blocked:bool CreditLimit:num CurrencyId:str AutoPayment:bool CreateDate:str ModifiedDate:str",
    "Profit_Salesorders": "Ordersoort:str OrderNumber:str Status:str OrderDate:str DebtorId:str CurrencyId:str "
    "CustomerReference:str Gross:num Discount:num TotalAmount:num VAT:num Quantity:num InvoiceTotal:num",
    "Profit_SalesorderLines": "OrderNumber:str Status:str OrderDate:str DebtorId:str CurrencyId:str "
    "CustomerReference:str SeqNo:int LineStatusCode:str LineGuid:str ItemTypeCode:str ItemCodeId:str Description:str "
    "UnitId:str PiecePerUnit:num PricePerUnit:num AmtRowDiscount:num PriceNet:num AmtTotal:num CreateDate:str "
    "ModifiedDate:str",
    "Profit_Deliveryaddress": "OrgId:str Bedrijf:str Tel:str Fax:str Mail:str Gewijzigd_op:str Gewijzigd_op_2:str "
    "Is_debiteur:bool Adres_ID:int Adrestype_code:str A_Straat:str A_Huisnummer:int A_Toev_Huisnr.:str A_Postcode:str "
    "A_Woonplaats:str Adrestype_code_2:str A_Land:str DebiteurID:str",
    "ProfitCountries": "CoId:str Co:str",
}
SHORT = {
    Kind.TEXT: "str",
    Kind.DATETIME: "str",
    Kind.BYTES: "str",
    Kind.INT: "int",
    Kind.DECIMAL: "num",
    Kind.BOOL: "bool",
}
# The issue asks for fifteen at least, and names the first seven.
STANDARD = [
    "Profit_Debtor",
    "Profit_Debtor_Invoices",
    "Profit_Article",
    "Profit_Projects",
    "Profit_Subjects",
    "Profit_OrgPer",
    "Profit_Address",
    "Profit_Creditor",
    "Profit_Creditor_Invoices",
    "Profit_Article_image",
    "Profit_Projectstage",
    "Profit_Realization",
    "ProfitSubjects",
    "Profit_Contacts",
    "Profit_Administrations",
    "Profit_Journals",
    "Profit_Transactions",
    "Profit_Salesorders",
    "Profit_SalesorderLines",
    "ProfitCountries",
    "ProfitGetConnectoren",
    "Profit_Deliveryaddress",
    "Profit_Employees",
    "Profit_Subject_Attachments",
    "Profit_Subject_Reaction_Attachments",
    "Dossierexport",
]


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with Store() as store:
        yield store


def connectors(store: Store) -> list[str]:
    return [entry.id for entry in store.catalogue().get_connectors]


def described(afas: Path) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The columns of every GetConnector in the OpenAPI files, with their type and description."""
    found = {}
    for path in (afas / "openapi" / "profit").glob("*.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        for address, verbs in document["paths"].items():
            name = address.rpartition("/")[2]
            if "/connectors/" in address and "get" in verbs:
                schema = verbs["get"]["responses"]["200"]["content"]["application/json"]["schema"]
                found[name] = _resolved(document, _resolved(document, schema)["properties"]["rows"])["items"]
                found[name] = _resolved(document, found[name])["properties"]
    return found


def _resolved(document: dict, node: dict) -> dict:
    while "$ref" in node:
        parts = node["$ref"].removeprefix("#/").split("/")
        node = document
        for part in parts:
            node = node[part]
    return node


def test_columns_and_values_are_those_of_the_openapi_files(store: Store, afas: Path) -> None:
    """Exactly their columns in their order, and every value of their type or null."""
    files = described(afas)
    checked = [name for name in connectors(store) if name in files]
    assert len(checked) >= 18
    for name in checked:
        fields = store.fields(name)
        assert list(fields.names) == list(files[name]), name
        answer = json.loads("".join(json_document(store.rows(name, Query()), fields, skip=-1, take=-1)))
        assert answer["rows"], name
        for row in answer["rows"]:
            for column, value in row.items():
                assert value is None or JSON_TYPES[files[name][column]["type"]](value), (name, column)


def test_labels_are_those_of_the_openapi_files(store: Store, afas: Path) -> None:
    files = described(afas)
    for name in connectors(store):
        for field in store.fields(name) if name in files else ():
            assert field.label == files[name][field.name]["description"], (name, field.name)


@pytest.mark.parametrize("connector", KNOWN)
def test_columns_are_those_of_the_facts(store: Store, connector: str) -> None:
    shown = [f"{field.name}:{SHORT[field.kind]}" for field in store.fields(connector)]
    assert shown == KNOWN[connector].split()


def test_the_standard_connectors_are_there_and_the_invented_ones_are_marked(store: Store) -> None:
    names = connectors(store)
    assert set(STANDARD) <= set(names)
    for name in set(names) - set(STANDARD):
        assert name.startswith("Emulator_")
        assert store.fields(name).description.startswith("Invented")
    assert "partial" in store.fields("Profit_Employees").description


def test_odd_names_of_columns_are_kept(store: Store) -> None:
    assert "Btw-nummer" in store.fields("Profit_Creditor")
    assert "A_Toev_Huisnr." in store.fields("Profit_Deliveryaddress")
    assert "2e kolom" in store.fields("Emulator_Types")


def test_metainfo_holds_all_members_of_the_example(store: Store, afas: Path) -> None:
    """``metainfo`` and ``metainfo/get``: every member of the examples, of the same type."""
    document = json.loads((afas / "openapi" / "profit" / "Inrichting.json").read_text(encoding="utf-8"))
    example = _example(document, "/MetaInfo")
    ours = metainfo_catalogue(store.catalogue())
    _same_members(example, ours)
    example = _example(document, "/Metainfo/{Type}/{Endpoint}")
    for name in connectors(store):
        _same_members(example, metainfo_get(store.fields(name)))


def _example(document: dict, path: str) -> dict:
    return document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["examples"][
        "Example Result"
    ]["value"]


def _same_members(example: object, ours: object) -> None:
    assert type(example) is type(ours)
    if isinstance(example, dict):
        for name, value in example.items():
            _same_members(value, ours[name])
    elif isinstance(example, list):
        assert ours
        for each in ours:
            _same_members(example[0], each)


def test_metainfo_of_a_column() -> None:
    """What a line of a seed says, in metainfo's members (profit-wire 3.4)."""
    fields = columns("X", "Iks", "Amt  decimal26.10  Amount\nCo de  string5!  Code of it")
    assert metainfo_get(fields)["fields"] == [
        {
            "id": "Amt",
            "fieldId": "U001",
            "dataType": "decimal",
            "label": "Amount",
            "length": 26,
            "controlType": 1,
            "decimals": 10,
            "decimalsFieldId": "",
        },
        {
            "id": "Co de",
            "fieldId": "U002",
            "dataType": "string",
            "label": "Code of it",
            "length": 5,
            "controlType": 5,
            "decimals": 0,
            "decimalsFieldId": "",
        },
    ]


def test_a_type_that_is_none_is_found_at_once() -> None:
    with pytest.raises(ValueError, match="column A: STRING is no type"):
        columns("X", "", "A  STRING  Label")
