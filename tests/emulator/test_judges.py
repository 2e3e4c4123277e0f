"""Judges that know nothing of this package: stock zeep, plain requests, json, ElementTree, and AFAS' own files."""

from __future__ import annotations

import base64
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
import zeep
import zeep.exceptions
from lxml import etree

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XSD = "{http://www.w3.org/2001/XMLSchema}"
TOKEN = DEMO_TOKEN.xml()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The seed data as Profit 7, on a port."""
    emulator = Emulator()
    with serve(emulator) as running:
        yield running
    emulator.close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


def stock(session: requests.Session, server: Server, asmx: str, port: str | None = None) -> Any:
    """Stock zeep on the WSDL that the emulator shows; ``port`` chooses SOAP 1.1 or 1.2."""
    transport = zeep.Transport(session=session, timeout=10, operation_timeout=10)
    client = zeep.Client(f"{server.soap_url}/{asmx}.asmx?WSDL", transport=transport)
    return client.service if port is None else client.bind(port[: port.index("Soap")], port)


# --- zeep -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("port", ["ConnectorAppGetSoap", "ConnectorAppGetSoap12"])
def test_zeep_get_data(session: requests.Session, server: Server, port: str) -> None:
    service = stock(session, server, "AppConnectorGet", port)
    text = service.GetData(token=TOKEN, connectorId="Profit_Debtor", filtersXml="", skip=0, take=3)
    root = ET.fromstring(text)
    assert root.tag == "AfasGetConnector"
    assert [child.tag for child in root] == [f"{XSD}schema"] + ["Profit_Debtor"] * 3
    assert text.endswith("</AfasGetConnector>\n")
    names = [element.get("name") for element in root.iter(f"{XSD}element")][2:]
    for row in root[1:]:
        filled = [child.tag for child in row]
        assert filled == [name for name in names if name in filled]
        assert all(child.text for child in row)


def test_zeep_get_data_with_options(session: requests.Session, server: Server) -> None:
    service = stock(session, server, "appconnectorget")
    options = (
        "<options><Outputmode>1</Outputmode><Metadata>0</Metadata><Outputoptions>3</Outputoptions>"
        '<Index><Field FieldId="DebtorId" OperatorType="0"/></Index></options>'
    )
    asked = {"token": TOKEN, "connectorId": "Profit_Debtor", "options": options}
    whole = ET.fromstring(service.GetDataWithOptions(**asked, skip=-1, take=-1))
    ids = [row.findtext("DebtorId") for row in whole]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) > 5
    page = ET.fromstring(service.GetDataWithOptions(**asked, skip=2, take=3))
    assert [row.findtext("DebtorId") for row in page] == ids[2:5]
    assert len({len(row) for row in whole}) == 1
    two = "".join(
        f'<Filter FilterId="Filter {n}"><Field FieldId="DebtorId" OperatorType="1">{ids[n]}</Field></Filter>'
        for n in (0, 3)
    )
    found = service.GetDataWithOptions(**asked, filtersXml=f"<Filters>{two}</Filters>", skip=0, take=10)
    assert [row.findtext("DebtorId") for row in ET.fromstring(found)] == [ids[0], ids[3]]


def test_zeep_no_rows(session: requests.Session, server: Server) -> None:
    service = stock(session, server, "appconnectorget")
    asked = {"token": TOKEN, "connectorId": "Profit_Debtor", "skip": 0, "take": 0}
    assert [child.tag for child in ET.fromstring(service.GetData(**asked))] == [f"{XSD}schema"]
    nothing = ET.fromstring(service.GetDataWithOptions(**asked, options="<options><Metadata>0</Metadata></options>"))
    assert (nothing.tag, list(nothing)) == ("AfasGetConnector", [])


def test_zeep_version(session: requests.Session, server: Server) -> None:
    for asmx in ("appconnectorversioninfo", "appconnectorversion"):
        assert stock(session, server, asmx).GetProductVersion(token=TOKEN) == "9.22.5"


def test_zeep_schema(session: requests.Session, server: Server) -> None:
    service = stock(session, server, "appconnectordata")
    parameters = (
        "<DataConnector><UpdateConnectorId>{}</UpdateConnectorId><EncodeBase64>{}</EncodeBase64></DataConnector>"
    )
    known = _updates(session, server)
    assert len(known) > 1
    for connector in known:
        plain = service.Execute(token=TOKEN, dataID="GetXmlSchema", parametersXml=parameters.format(connector, "false"))
        data = ET.fromstring(plain).find("ConnectorData")
        assert data is not None
        assert data.findtext("Id") == connector
        schema = ET.fromstring(data.findtext("Schema", ""))
        assert schema.tag == f"{XSD}schema"
        packed = service.Execute(token=TOKEN, dataID="GetXmlSchema", parametersXml=parameters.format(connector, "true"))
        assert base64.b64decode(packed).decode() == plain


@pytest.mark.parametrize("port", ["ConnectorAppCmdSoap", "ConnectorAppCmdSoap12"])
def test_zeep_imports_and_fetches_the_log(session: requests.Session, server: Server, port: str) -> None:
    session.headers["Authorization"] = DEMO_TOKEN.header()
    service = stock(session, server, "cmdconnector", port)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", f"a;b\r\n1;{port}\r\n")
        archive.writestr("@#$MetaInfo.xml", "\ufeff<InputFile_Name>a.csv</InputFile_Name>")
    line = '/O"O12345AA" IMPORT /N"Import dossier nieuw" /F"a.csv"'
    sent = base64.b64encode(packed.getvalue()).decode()
    command_id = service.Execute(token="nit", commandLine=line, attachementArchive=sent)
    assert re.fullmatch("[0-9A-F]{32}", command_id)
    log = base64.b64decode(service.GetState(token="nit", commandId=command_id))
    with zipfile.ZipFile(io.BytesIO(log)) as archive:
        verdict, log_ = (archive.read(entry) for entry in reversed(archive.infolist()))
    assert ET.fromstring(verdict).attrib == {"Version": "1", "Action": "IMPORT", "ExitCode": "0"}
    assert "uitgevoerd" in log_.decode("cp1252")
    assert not service.GetState(token="nit", commandId=command_id), "it comes once"


def test_requests_fetches_a_log_as_well(session: requests.Session, server: Server) -> None:
    envelope = (
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><GetState xmlns="urn:Afas.Profit.Services">'
        f"<token>nit</token><commandId>{'0' * 32}</commandId></GetState></Body></Envelope>"
    )
    answer = session.post(
        f"{server.soap_url}/cmdconnector.asmx",
        data=envelope,
        headers={
            "Authorization": DEMO_TOKEN.header(),
            "Content-Type": "text/xml",
            "SOAPAction": "urn:Afas.Profit.Services/GetState",
        },
        timeout=10,
    )
    assert "<GetStateResult></GetStateResult>" in answer.text


def test_zeep_sees_a_fault(session: requests.Session, server: Server) -> None:
    service = stock(session, server, "appconnectorget")
    with pytest.raises(zeep.exceptions.Fault) as caught:
        service.GetData(token=TOKEN, connectorId="Profit_Debtr", skip=0, take=1)
    assert caught.value.message == "Connector Profit_Debtr does not exist"
    assert caught.value.code == "soap:Server"
    assert caught.value.detail.findtext("ProfitApplicationException/ErrorNumber") == "-2147180996"


# --- requests ---------------------------------------------------------------------------------------------------------


def rest(session: requests.Session, server: Server, path: str) -> Any:
    answer = session.get(f"{server.rest_url}/{path}", headers={"Authorization": DEMO_TOKEN.header()}, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(answer.content, parse_float=Decimal)


def _updates(session: requests.Session, server: Server) -> list[str]:
    return [entry["id"] for entry in rest(session, server, "metainfo")["updateConnectors"]]


def test_requests_reads_what_zeep_reads(session: requests.Session, server: Server) -> None:
    """The same rows, the same text in each field, over both protocols."""
    service = stock(session, server, "appconnectorget")
    for connector in ("Profit_Debtor", "Profit_Subjects", "Profit_Address"):
        first = rest(session, server, f"metainfo/get/{connector}")["fields"][0]["id"]
        body = rest(session, server, f"connectors/{connector}?skip=1&take=7&orderbyfieldids={first}")
        assert (body["skip"], body["take"], len(body["rows"])) == (1, 7, 7)
        options = f'<options><Index><Field FieldId="{first}" OperatorType="1"/></Index></options>'
        text = service.GetDataWithOptions(token=TOKEN, connectorId=connector, skip=1, take=7, options=options)
        rows = ET.fromstring(text)[1:]
        for row, record in zip(rows, body["rows"], strict=True):
            assert {child.tag: child.text for child in row} == {
                name: _as_text(value) for name, value in record.items() if value is not None
            }


def _as_text(value: object) -> str:
    """A JSON value as SOAP spells it; a date-time without its Z."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text[:-1] if text[10:11] == "T" and text.endswith("Z") else text


def test_requests_unpacks_gzip_on_both(session: requests.Session, server: Server) -> None:
    answer = session.get(
        f"{server.rest_url}/connectors/Profit_Debtor", headers={"Authorization": DEMO_TOKEN.header()}, timeout=10
    )
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert len(answer.json()["rows"]) <= 100
    assert len(answer.headers["X-Trace-Identifier"]) == 32


# --- AFAS' own files --------------------------------------------------------------------------------------------------


def _schema_of(root: etree._Element) -> dict[str, list[tuple[str | None, ...]]]:
    """The parameters of every element, in their order: name, type, minOccurs, maxOccurs."""
    return {
        element.get("name", ""): [
            (part.get("name"), part.get("type"), part.get("minOccurs"), part.get("maxOccurs"))
            for part in element.iter(f"{XSD}element")
            if part is not element
        ]
        for element in root.findall(f".//{XSD}schema/{XSD}element")
    }


def _shape(element: etree._Element) -> Any:
    """An element without its prefixes, order of attributes and address: what it says, and no more."""
    attributes = {name: value for name, value in element.attrib.items() if name != "location"}
    children = [_shape(child) for child in element if isinstance(child.tag, str)]
    return element.tag, attributes, children


def test_the_wsdl_of_appconnectorget_says_what_afas_said(server: Server, session: requests.Session, afas: Path) -> None:
    genuine = etree.parse(str(afas / "wsdl/appconnectorGet.wsdl")).getroot()
    ours = etree.fromstring(session.get(f"{server.soap_url}/appconnectorget.asmx?WSDL", timeout=10).content)
    assert _schema_of(ours) == _schema_of(genuine)
    assert list(_schema_of(ours)) == [
        "GetData",
        "GetDataResponse",
        "GetDataWithOptions",
        "GetDataWithOptionsResponse",
    ]
    assert _shape(ours) == _shape(genuine)
    # Prefixes inside values (tns:, s:) mean the same namespaces in both.
    for prefix in ("tns", "s", "soap", "soap12"):
        assert ours.nsmap[prefix] == genuine.nsmap[prefix]


def _examples(afas: Path) -> dict[str, Any]:
    """What the metainfo and version answers of AFAS' OpenAPI files look like, by path in lower case."""
    document = json.loads((afas / "openapi/profit/Inrichting.json").read_text(encoding="utf-8"))
    found = {}
    for path in ("/MetaInfo", "/Metainfo/{Type}/{Endpoint}", "/ProfitVersion"):
        content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        found[path.lower()] = content["examples"]["Example Result"]["value"]
    return found


def _holds(answer: Any, example: Any) -> None:
    """Every member of the example is there and of its type; a list is compared by its first item."""
    assert type(answer) is type(example)
    if isinstance(example, dict):
        for name, value in example.items():
            assert name in answer
            _holds(answer[name], value)
    if isinstance(example, list) and example:
        for item in answer:
            _holds(item, example[0])


def test_metainfo_and_version_hold_what_the_openapi_examples_show(
    server: Server, session: requests.Session, afas: Path
) -> None:
    examples = _examples(afas)
    catalogue = rest(session, server, "metainfo")
    _holds(catalogue, examples["/metainfo"])
    assert len(catalogue["getConnectors"]) >= 15
    _holds(rest(session, server, "profitversion"), examples["/profitversion"])
    for entry in catalogue["getConnectors"]:
        columns = rest(session, server, f"metainfo/get/{entry['id']}")
        _holds(columns, examples["/metainfo/{type}/{endpoint}"])
        assert columns["fields"]


def test_update_metainfo_holds_what_is_known(server: Server, session: requests.Session) -> None:
    """Members from the sample in profit-wire 3.4; AFAS' files show none."""
    field = {
        "fieldId": "SbId",
        "primaryKey": True,
        "dataType": "int",
        "label": "Dossieritem (sleutel)",
        "mandatory": False,
        "length": 10,
        "decimals": 0,
        "decimalFieldId": "",
        "notzero": False,
        "controlType": 5,
    }
    known = {"id": "", "name": "", "description": "", "fields": [field], "objects": []}
    for connector in _updates(session, server):
        document = rest(session, server, f"metainfo/update/{connector}")
        _holds(document, known)
        assert document["id"] == connector
        for entry in document["fields"]:
            assert entry["values"] is None or all(set(code) == {"id", "description"} for code in entry["values"])


def test_the_documented_headers_are_there(server: Server, session: requests.Session, afas: Path) -> None:
    document = json.loads((afas / "openapi/profit/Inrichting.json").read_text(encoding="utf-8"))
    responses = document["components"]["responses"]
    answer = {
        "200": session.get(
            f"{server.rest_url}/profitversion", headers={"Authorization": DEMO_TOKEN.header()}, timeout=10
        ),
        "401": session.get(f"{server.rest_url}/profitversion", timeout=10),
        "404": session.get(f"{server.rest_url}/no", headers={"Authorization": DEMO_TOKEN.header()}, timeout=10),
        "500": session.get(
            f"{server.rest_url}/connectors/No", headers={"Authorization": DEMO_TOKEN.header()}, timeout=10
        ),
    }
    # What they say when they say something of the moment, or of a body that is packed.
    varies = {"Date", "X-AFAS-Proxy-Stats", "Content-Length", "Content-Type"}
    for status, got in answer.items():
        assert str(got.status_code) == status
        for name, described in responses[status]["headers"].items():
            if name == "Content-Length" and status == "200":
                continue
            assert name in got.headers, (status, name)
            assert name in varies or got.headers[name] == described["description"]
    for status in ("401", "404"):
        assert answer[status].headers["Content-Type"] == responses[status]["headers"]["Content-Type"]["description"]
        assert answer[status].headers["Content-Length"] == "0"


def test_a_service_that_is_not_there_is_404_to_requests(session: requests.Session) -> None:
    """The client's fall-back to the other version service hangs on this."""
    emulator = Emulator(setup=Setup(switched_off={"appconnectorversioninfo.asmx"}))
    with serve(emulator) as server:
        assert session.post(f"{server.soap_url}/AppConnectorVersionInfo.asmx", timeout=10).status_code == 404
        assert stock(session, server, "appconnectorversion").GetProductVersion(token=TOKEN) == "9.22.5"
    emulator.close()
