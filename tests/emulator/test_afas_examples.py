"""AFAS' own examples, sent as they are over REST to one fresh emulator and as XML over SOAP to another.

Both are started with AFAS' OpenAPI files, and hold the records that a PUT names. What is refused stands in the table
below with the reason, and is refused alike.
"""

from __future__ import annotations

import contextlib
import functools
import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from werkzeug.test import Client

from afas_soap.emulator.booking.definition import Definition
from afas_soap.emulator.booking.specification import openapi
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.store import Store
from afas_soap.profit.updates.update import Action, Update
from afas_soap.profit.updates.updatejson import update_from_json
from afas_soap.profit.updates.updatexml import update_to_xml

HEADERS = {"Authorization": DEMO_TOKEN.header(), "Accept-Language": "en-us"}
EXAMPLES = 369
NOT_FOUND = "Connector field '{}' not found"
TOO_LONG = "(AntaObject) The value entered in field {} is too long."
Answer = tuple[str, object]
# Address behind /connectors, verb, what is said, how often. U and 32 digits are fields of AFAS' own environment, and so
# are the numbered columns of KnCustomK01 and the objects KnS51 and KnS04.
REFUSED = {
    ("KnCourseEvent", "post", NOT_FOUND.format("VaDp")): 1,
    ("KnCourseEvent", "put", NOT_FOUND.format("VaDp")): 1,
    ("KnCourseMember", "put", NOT_FOUND.format("UC3B61455480EEFAFE78EBC831C6E1B30")): 1,
    ("KnSubject", "post", NOT_FOUND.format("KnS51")): 1,
    ("KnSubject", "post", NOT_FOUND.format("id")): 1,
    ("KnSubject", "post", NOT_FOUND.format("KnS04")): 1,
    ("KnCustomK01", "post", NOT_FOUND.format("U001")): 1,
    ("KnCustomK01", "put", NOT_FOUND.format("U005")): 1,
    ("KnCustomK02", "post", NOT_FOUND.format("U977E29AD43062ADCD6C1F9999DEEF079")): 1,
    ("KnCustomLinkC01", "post", NOT_FOUND.format("UE3BB26DF4FD35A2A664A7C86C331C910")): 2,
    ("KnCustomLinkC01", "put", NOT_FOUND.format("UE3BB26DF4FD35A2A664A7C86C331C910")): 1,
    ("FiEntriesCustom", "put", NOT_FOUND.format("U1B2F1C0F4928966011FE358D8DAD7554")): 2,
    ("FiEntriesCustom", "put", NOT_FOUND.format("U76779D5140F7CC8D7F1537BD5CC4FC50")): 1,
    ("KnAppointment", "put", NOT_FOUND.format("UADA618CE4DDE1FFE11BCDEAB20A3A35A")): 1,
    ("KnPurchaseRelationOrg", "post", NOT_FOUND.format("UF973806F4DD799F162C5499BD264DED0")): 1,
    ("PtRealization", "post", NOT_FOUND.format("U8BB552544967345CF73661AB9E5CB1F2")): 1,
    ("KnSalesRelationPer", "put", NOT_FOUND.format("TeN2")): 1,
    ("KnQuotation", "post", NOT_FOUND.format("CuId")): 1,
    ("KnQuotation/KnQuotationLine", "post", NOT_FOUND.format("CuId")): 1,
    # true where a code of three characters belongs, a VAT number where a fiscal one does, a text where ten fit.
    ("KnPurchaseRelationOrg", "post", TOO_LONG.format("'VAT duty' (VaDu)")): 2,
    ("KnPurchaseRelationPer", "post", TOO_LONG.format("'VAT duty' (VaDu)")): 2,
    ("KnSalesRelationOrg", "post", TOO_LONG.format("'VAT duty' (VaDu)")): 2,
    ("KnSalesRelationOrg", "post", TOO_LONG.format("'Fiscal number' (FiNr)")): 1,
    ("PtTariff", "post", TOO_LONG.format("'(not used)' (BaS1)")): 1,
    # A number with a comma.
    ("PtTariff", "put", "Type mismatch"): 1,
    # Examples of another connector, or of none.
    ("HrCostCentre", "post", "Connector HrCostCarrier does not exist"): 1,
    ("HrCostCentre", "put", "Connector AstroCostCarrier does not exist"): 2,
    # A match by more than the number, which the emulator does not imitate.
    ("KnPerson", "post", "The emulator does not imitate this value of MatchPer: only 0, 1, 7."): 1,
}


@pytest.fixture
def spec(afas: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, whose nine files are read once for all the emulators."""
    monkeypatch.setattr(openapi, "definitions", _definitions)
    return afas / "openapi" / "profit"


_definitions = functools.cache(openapi.definitions)


def _examples(folder: Path) -> Iterator[tuple[str, str, object]]:
    """Address behind /connectors, verb, body."""
    for path in sorted(folder.glob("*.json")):
        for address, operations in json.loads(path.read_text("utf-8"))["paths"].items():
            for verb in ("post", "put"):
                content = operations.get(verb, {}).get("requestBody", {}).get("content", {})
                for example in content.get("application/json", {}).get("examples", {}).values():
                    if address.startswith("/connectors/"):
                        yield address.removeprefix("/connectors/"), verb, example["value"]


class _Pair:
    """Two fresh emulators, one for each protocol."""

    def __init__(self, spec: Path, opened: contextlib.ExitStack) -> None:
        self._stores = [opened.enter_context(Store(spec=spec)) for _ in range(2)]
        self._rest, self._soap = (Client(Emulator(store)) for store in self._stores)

    def remember(self, connector: str, keys: dict[str, str]) -> None:
        for store in self._stores:
            store.remember(connector, keys)

    def answers(self, address: str, verb: str, body: object, update: Update) -> tuple[Answer, Answer]:
        path = f"/ProfitRestServices/connectors/{address}"
        rest = self._rest.open(path, method=verb.upper(), data=json.dumps(body), headers=HEADERS)
        envelope = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            f'<Execute xmlns="urn:Afas.Profit.Services"><connectorType>{update.connector}</connectorType>'
            f"<connectorVersion>1</connectorVersion><dataXml>{escape(update_to_xml(update))}</dataXml>"
            "</Execute></s:Body></s:Envelope>"
        )
        soap = self._soap.post(
            "/ProfitServices/appconnectorupdate.asmx",
            data=envelope.encode(),
            content_type="text/xml; charset=utf-8",
            headers=HEADERS,
        )
        return _of_rest(rest.status_code, rest.data), _of_soap(soap.text)


def _of_rest(status: int, data: bytes) -> Answer:
    if status == 500:
        return "refused", json.loads(data)["externalMessage"]
    assert status in (200, 201), (status, data)
    (keys,) = json.loads(data)["results"].values() if data else ([],)
    return "booked", [list(record.items()) for record in (keys if isinstance(keys, list) else [keys])]


def _of_soap(text: str) -> Answer:
    said = re.search("<faultstring>(.*?)</faultstring>", text, re.DOTALL)
    if said is not None:
        return "refused", html.unescape(said[1])
    result = re.search("<ExecuteResult>(.*?)</ExecuteResult>", text, re.DOTALL)
    assert result is not None, text
    inside = re.search("<results>(.*)</results>", html.unescape(result[1]))
    records = re.findall(r"<(\w+)>((?:<\w+>[^<]*</\w+>)+)</\1>", inside[1]) if inside else []
    return "booked", [re.findall(r"<(\w+)>([^<]*)</\1>", record) for _, record in records]


def _named(definition: Definition, update: Update) -> list[dict[str, str]]:
    """The keys of records that must be there already."""
    records = [{**element.fields, **element.keys} for element in update.as_text().elements]
    return [{code: str(record[code]) for code in definition.keys if record.get(code)} for record in records]


def test_every_example_gives_equal_answers(spec: Path) -> None:
    definitions = _definitions(spec)
    refused: Counter[tuple[str, str, object]] = Counter()
    count = booked = 0
    with contextlib.ExitStack() as opened:
        pair, seen = _Pair(spec, opened), set()
        for address, verb, body in _examples(spec):
            connector, _, sub = address.partition("/")
            action = Action.INSERT if verb == "post" else Action.UPDATE
            update = update_from_json(json.dumps(body), connector, action=action, sub_object=sub)
            named = _named(definitions[connector], update)
            whole = [(connector, *keys.values()) for keys in named if len(keys) == len(definitions[connector].keys)]
            if seen.intersection(whole):
                # Another example about the same record: it is to find none, or a bare one.
                pair, seen = _Pair(spec, opened), set()
            seen.update(whole)
            for keys in named if verb == "put" or sub else ():
                pair.remember(connector, keys)
            rest, soap = pair.answers(address, verb, body, update)
            assert rest == soap, address
            count, booked = count + 1, booked + (rest[0] == "booked")
            if rest[0] == "refused":
                refused[address, verb, rest[1]] += 1
    assert refused == REFUSED
    assert (count, booked) == (EXAMPLES, EXAMPLES - sum(REFUSED.values()))
