"""All example bodies of AFAS' OpenAPI files, sent over REST to one emulator and as XML over SOAP to another.

Each emulator is fresh, started with ``--spec`` or with the built-in connectors alone, and holds the records that the
example names by their keys. What is refused stands in a table, with its path and the rule it breaks; both protocols
refuse it alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from afas_soap.connections import EMBEDDED_REST_URL, EMBEDDED_SOAP_URL
from afas_soap.emulator.booking.definition import Definitions
from afas_soap.emulator.booking.specification import openapi
from afas_soap.emulator.booking.table import TABLE
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.store import Store
from afas_soap.errors import ProfitError
from afas_soap.profit.connectors.capabilities import Connectors
from afas_soap.profit.schemas.schema import check
from afas_soap.profit.schemas.schemaxsd import schema_from_xsd
from afas_soap.profit.updates.receipt import Receipt
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updatejson import update_from_json
from afas_soap.profit.updates.updatexml import update_from_xml, update_to_xml
from afas_soap.wire.http.embedded import WsgiAdapter
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

# (verb, path, name): where in the body, and the rule that it breaks. Custom fields are those of AFAS' own environment.
REFUSED = {
    ("post", "KnCourseEvent", "meerdere sessies"): ("KnCourseEvent/KnSession[1]/VaDp", "unknown-field"),
    ("put", "KnCourseEvent", "sessie"): ("KnCourseEvent/KnSession/VaDp", "unknown-field"),
    ("put", "KnCourseMember", "maximaal met vrij veld"): (
        "KnCourseMember/UC3B61455480EEFAFE78EBC831C6E1B30",
        "unknown-field",
    ),
    ("post", "KnSubject", "Employee custom subject with custom fields"): ("KnSubject/KnS51", "unknown-object"),
    ("post", "KnSubject", "Employee with Workflow Id"): ("KnSubject/id", "unknown-field"),
    ("post", "KnSubject", "Project with custom properties"): ("KnSubject/KnS04", "unknown-object"),
    ("post", "KnCustomK01", "insert"): ("KnCustomK01/U001", "unknown-field"),
    ("put", "KnCustomK01", "update"): ("KnCustomK01/U005", "unknown-field"),
    ("post", "KnCustomK02", "massa 100"): ("KnCustomK02[1]/U977E29AD43062ADCD6C1F9999DEEF079", "unknown-field"),
    ("post", "KnCustomLinkC01", "massa"): ("KnCustomLinkC01[1]/UE3BB26DF4FD35A2A664A7C86C331C910", "unknown-field"),
    ("post", "KnCustomLinkC01", "regel"): ("KnCustomLinkC01/UE3BB26DF4FD35A2A664A7C86C331C910", "unknown-field"),
    ("put", "KnCustomLinkC01", "regel"): ("KnCustomLinkC01/UE3BB26DF4FD35A2A664A7C86C331C910", "unknown-field"),
    ("put", "FiEntriesCustom", "vrij veld"): ("FiEntriesCustom/U1B2F1C0F4928966011FE358D8DAD7554", "unknown-field"),
    ("put", "FiEntriesCustom", "vrij veld meerdere volgnummers"): (
        "FiEntriesCustom[1]/U76779D5140F7CC8D7F1537BD5CC4FC50",
        "unknown-field",
    ),
    ("put", "FiEntriesCustom", "vrij veld trailing spaces"): (
        "FiEntriesCustom/U1B2F1C0F4928966011FE358D8DAD7554",
        "unknown-field",
    ),
    ("put", "KnAppointment", "change location"): ("KnAppointment/UADA618CE4DDE1FFE11BCDEAB20A3A35A", "unknown-field"),
    ("post", "KnPurchaseRelationOrg", "EDA"): ("KnPurchaseRelationOrg/VaDu", "too-long"),
    ("post", "KnPurchaseRelationOrg", "met persoon EDA"): ("KnPurchaseRelationOrg/VaDu", "too-long"),
    ("post", "KnPurchaseRelationOrg", "voorbeeld vrije velden"): (
        "KnPurchaseRelationOrg/UF973806F4DD799F162C5499BD264DED0",
        "unknown-field",
    ),
    ("post", "KnPurchaseRelationPer", "EDA"): ("KnPurchaseRelationPer/VaDu", "too-long"),
    ("post", "KnPurchaseRelationPer", "Maximaal"): ("KnPurchaseRelationPer/VaDu", "too-long"),
    ("post", "KnSalesRelationOrg", "EDA"): ("KnSalesRelationOrg/KnOrganisation/FiNr", "too-long"),
    ("post", "KnSalesRelationOrg", "IBAN checkIBAN false"): ("KnSalesRelationOrg/VaDu", "too-long"),
    ("post", "KnSalesRelationOrg", "IBAN checkIBAN true"): ("KnSalesRelationOrg/VaDu", "too-long"),
    ("put", "KnSalesRelationPer", "AfleveradresToevoegen"): ("KnSalesRelationPer/TeN2", "unknown-field"),
    ("post", "KnQuotation", "Create Basic Quotation"): ("KnQuotation/KnQuotationLine/CuId", "unknown-field"),
    ("post", "KnQuotation/KnQuotationLine", "add line to quotation"): (
        "KnQuotation/KnQuotationLine/CuId",
        "unknown-field",
    ),
    ("post", "PtRealization", "custom field"): ("PtRealization/U8BB552544967345CF73661AB9E5CB1F2", "unknown-field"),
    ("post", "PtTariff", "Create new tariff"): ("PtTariff/BaS1", "too-long"),
    ("put", "PtTariff", "change tariff"): ("PtTariff/AmCo", "wrong-type"),
    ("post", "HrCostCentre", "new Costcenter"): ("HrCostCarrier", "another-root"),
    ("put", "HrCostCentre", "Block Costcenter"): ("AstroCostCarrier", "another-root"),
    ("put", "HrCostCentre", "Costcenter"): ("AstroCostCarrier", "another-root"),
    # The emulator imitates the values 0, 1 and 7 of MatchPer.
    ("post", "KnPerson", "create person"): ("KnPerson/MatchPer", "not-imitated"),
}
# The same of the built-in connectors, which know code lists, mandatory fields and what other records there are. Items,
# employees, projects, debtors and journals are those of the seed, whatever AFAS' own environment has.
_NO_SUCH = "names-nothing"
REFUSED_BUILT_IN = {
    **{
        case: (path, "unknown-field")
        for case, path in {
            ("put", "KnCourseMember", "maximaal met vrij veld"): "KnCourseMember/UC3B61455480EEFAFE78EBC831C6E1B30",
            ("post", "KnSubject", "Employee custom subject with custom fields"): "KnSubject/KnS51",
            ("post", "KnSubject", "Employee with Workflow Id"): "KnSubject/id",
            ("post", "KnSubject", "Project with custom properties"): "KnSubject/KnS04",
            # AFAS' example writes the item as a key as well, which no schema has.
            ("post", "KnSubjectWorkflowReaction", "Action with attachment"): "KnWorkflow/SbId",
            (
                "post",
                "KnPurchaseRelationOrg",
                "voorbeeld vrije velden",
            ): "KnPurchaseRelationOrg/UF973806F4DD799F162C5499BD264DED0",
            ("put", "KnSalesRelationPer", "AfleveradresToevoegen"): "KnSalesRelationPer/TeN2",
            ("post", "PtRealization", "custom field"): "PtRealization/U8BB552544967345CF73661AB9E5CB1F2",
        }.items()
    },
    ("post", "KnPurchaseRelationOrg", "EDA"): ("KnPurchaseRelationOrg/VaDu", "too-long"),
    ("post", "KnPurchaseRelationOrg", "met persoon EDA"): ("KnPurchaseRelationOrg/VaDu", "too-long"),
    ("post", "KnSalesRelationOrg", "EDA"): ("KnSalesRelationOrg/KnOrganisation/FiNr", "too-long"),
    ("post", "KnSalesRelationOrg", "IBAN checkIBAN false"): ("KnSalesRelationOrg/VaDu", "too-long"),
    ("post", "KnSalesRelationOrg", "IBAN checkIBAN true"): ("KnSalesRelationOrg/VaDu", "too-long"),
    # true, where a code from 1 to 4 belongs.
    ("post", "KnPurchaseRelationOrg", "gRekening"): ("KnPurchaseRelationOrg/Betaalwijze", "unknown-code"),
    # A file that was cut off in the middle.
    ("post", "KnSubjectReaction", "External reaction with attachment"): (
        "KnReactionAttachment/FileStream",
        "no-base64",
    ),
    ("post", "KnPerson", "create person"): ("KnPerson/MatchPer", "not-imitated"),
    **{
        ("post", "FbItemArticle", name): ("FbItemArticle/ItCd", "there-already")
        for name in ("Meerdere EDA", "Nieuw EDA", "Nieuw EDA2", "Veel EDA", "Voorraadartikel prijzen EDA")
    },
    **{
        ("post", "FiEntries", name): ("FiEntries/Dagboek", _NO_SUCH)
        for name in (
            "Inventory Post Entry",
            "Inventory Transfer",
            "Inventory Write Off",
            "PettyCash Creditor Pay",
            "PettyCash Debtor Payment",
            "PettyCash Post Entry",
            "PettyCash WriteOff",
            "Purchase transitorisch",
            "Sales transitorisch",
            "Sales transitorisch Interim Account Not Rounding",
            "Sales transitorisch Specialization",
            "Sales transitorisch YearEnd",
        )
    },
    **{
        ("post", "PtProject", name): ("PtProject/Verkooprelatie", _NO_SUCH)
        for name in (
            "Afwijkende bankrekening factuur incasseren",
            "Afwijkende bankrekening factuur niet incasseren",
            "Afwijkende bankrekening overeenkomstig verkooprelatie",
            "klantovereenkomst",
            "klantovereenkomst Betalingsvoorwaarde",
            "klantovereenkomst Betalingsvoorwaarde voor update",
            "klantovereenkomst itemset loonschaal",
            "klantovereenkomst verzamelperiode project",
        )
    },
    **{
        ("post", "PtRealization", name): ("PtRealization/Project", _NO_SUCH)
        for name in (
            "2 hour rows",
            "Artikel",
            "gespecificeerde tijden",
            "kosten",
            "kosten met Bijlage",
            "meerdere kosten",
            "werksoort",
        )
    },
    **{
        ("post", "PtRealization", name): ("PtRealization/Medewerker", "unknown-code")
        for name in (
            "2018 herberekenenVerlof",
            "declacatie flex 2 rows",
            "declaratie",
            "declaratie verkooprelatie project medewerker",
            "declaratie zonder workflow",
        )
    },
}
RULES_OF_PROFIT = {
    "unknown-field": "Connector field '{name}' not found",
    "unknown-object": "Connector field '{name}' not found",
    "too-long": "({name}) is too long.",
    "wrong-type": "Type mismatch",
    "another-root": "Connector {name} does not exist",
    "unknown-code": "The entered value for '{name}' does not exist.",
    "names-nothing": "The foreignkey does not exist in the database. FieldId={name},",
    "there-already": "The record already exists in the database. FieldId={name}",
    "no-base64": "Type mismatch",
    "not-imitated": "De emulator bootst deze waarde van MatchPer niet na",
}
VERBS = {"post": Action.INSERT, "put": Action.UPDATE}
Case = tuple[str, str, str]


@dataclass(frozen=True)
class Example:
    case: Case
    body: object

    @property
    def update(self) -> Update:
        verb, path, _ = self.case
        connector, _, sub_object = path.partition("/")
        return update_from_json(json.dumps(self.body), connector, action=VERBS[verb], sub_object=sub_object)


def _examples(folder: Path) -> Iterator[Example]:
    for file in sorted((folder / "openapi" / "profit").glob("*.json")):
        for path, verbs in json.loads(file.read_bytes())["paths"].items():
            for verb in VERBS:
                body = verbs.get(verb, {}).get("requestBody") if path.startswith("/connectors/") else None
                examples = body["content"]["application/json"].get("examples", {}) if body else {}
                for name, example in examples.items():
                    yield Example((verb, path.removeprefix("/connectors/"), name), example["value"])


@pytest.fixture
def definitions(afas: Path, monkeypatch: pytest.MonkeyPatch) -> Definitions:
    """What the files define, read once: every emulator of this test is started with them."""
    found = openapi.definitions(afas / "openapi" / "profit")
    monkeypatch.setattr(openapi, "definitions", lambda _folder: found)
    return found


def _sent(
    kind: type[RestConnectors | SoapConnectors], example: Example, definitions: Definitions, *, spec: Path | None
) -> Receipt | str:
    """What a fresh emulator answers over one protocol: the receipt, or its words of refusal."""
    update = example.update
    if kind is SoapConnectors:
        update = update_from_xml(update_to_xml(update), update.connector, sub_object=update.sub_object)
    with Store(spec=spec) as store:
        if example.case[0] == "put" or update.sub_object:
            _remember(store, update, definitions)
        link = Link(EMBEDDED_SOAP_URL, EMBEDDED_REST_URL, "emulator", authorizer=ClassicAuthorizer(DEMO_TOKEN))
        with Transport(link, PROFIT, WsgiAdapter(Emulator(store))) as transport:
            connectors: Connectors = kind(transport)
            try:
                receipt = connectors.send(update)
            except ProfitError as refusal:
                return refusal.message
    return Receipt(receipt.keys)


def _remember(store: Store, update: Update, definitions: Definitions) -> None:
    codes = definitions[update.connector].keys
    for element in update.as_text().elements:
        known = {**element.fields, **element.keys}
        keys = {code: value for code in codes if (value := known.get(code)) is not None}
        if keys or not codes:
            store.remember(update.connector, keys)


def _all_sent(examples: Iterator[Example], definitions: Definitions, spec: Path | None) -> dict[Case, Receipt | str]:
    """What both protocols say alike."""
    seen: dict[Case, Receipt | str] = {}
    for example in examples:
        over_rest, over_soap = (
            _sent(kind, example, definitions, spec=spec) for kind in (RestConnectors, SoapConnectors)
        )
        assert over_rest == over_soap, example.case
        seen[example.case] = over_rest
    return seen


def _check_refusals(seen: dict[Case, Receipt | str], expected: dict[Case, tuple[str, str]]) -> None:
    refused = {case: words for case, words in seen.items() if isinstance(words, str)}
    assert set(refused) == set(expected)
    for case, words in refused.items():
        path, rule = expected[case]
        assert RULES_OF_PROFIT[rule].replace("{name}", path.rpartition("/")[2]) in words, case


def test_every_example_gives_equal_receipts_over_both_protocols(afas: Path, definitions: Definitions) -> None:
    seen = _all_sent(_examples(afas), definitions, Path("any"))
    assert len(seen) == 369
    _check_refusals(seen, REFUSED)
    # A fresh emulator hands out its first numbers, whichever protocol asks.
    assert seen["post", "KnSubject", "Applicant cv"] == Receipt(({"SbId": "25121"},))
    booked = [receipt for receipt in seen.values() if isinstance(receipt, Receipt)]
    assert sum(bool(receipt.keys) for receipt in booked) > 200


def test_the_built_in_connectors_take_afas_examples_or_say_why_not(afas: Path) -> None:
    built_in = (each for each in _examples(afas) if each.case[1].partition("/")[0] in TABLE)
    seen = _all_sent(built_in, TABLE, None)
    _check_refusals(seen, REFUSED_BUILT_IN)
    assert {case[1].partition("/")[0] for case in seen} == TABLE.keys() - {"FbSales"}
    assert sum(isinstance(receipt, Receipt) for receipt in seen.values()) > 160


def test_our_check_finds_the_same_and_says_where(afas: Path, definitions: Definitions) -> None:
    """By the schema that is made from the emulator's metainfo, as over REST."""
    expected = {case: found for case, found in REFUSED.items() if found[1] != "not-imitated"}
    found = {}
    with (
        Store(spec=Path("any")) as store,
        Transport(
            Link(EMBEDDED_SOAP_URL, EMBEDDED_REST_URL, "emulator", authorizer=ClassicAuthorizer(DEMO_TOKEN)),
            PROFIT,
            WsgiAdapter(Emulator(store)),
        ) as transport,
    ):
        rest = RestConnectors(transport)
        schemas = {name: schema_from_xsd(rest.schema(name), name) for name in definitions}
    for example in _examples(afas):
        update = example.update
        problems = check(update, schemas[update.connector])
        # What Profit hands out, or finds by another key, is not known from the specification.
        first = next((each for each in problems if each.weight == "error" and each.rule != "missing-key"), None)
        if first is not None:
            found[example.case] = (first.path, first.rule)
    assert found == expected
