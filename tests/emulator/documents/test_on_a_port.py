"""Documents on a socket: stock zeep on ``?WSDL`` and plain requests fetch them, and nothing large lies in memory."""

from __future__ import annotations

import base64
import io
import json
import re
import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
import requests
import zeep
import zeep.exceptions
from werkzeug.test import Client, EnvironBuilder

from afas_soap.emulator.documents.files import FREE_FILES, free_file
from afas_soap.emulator.documents.reports import REPORTS
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store

TOKEN = DEMO_TOKEN.xml()
REPORT = next(iter(REPORTS))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    emulator = Emulator()
    with serve(emulator) as running:
        yield running
    emulator.close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        opened.headers["Authorization"] = DEMO_TOKEN.header()
        yield opened


def stock(session: requests.Session, server: Server, asmx: str, port: str) -> Any:
    transport = zeep.Transport(session=session, timeout=10, operation_timeout=10)
    client = zeep.Client(f"{server.soap_url}/{asmx}.asmx?WSDL", transport=transport)
    return client.bind(port[: port.index("Soap")], port)


@pytest.mark.parametrize("port", ["ConnectorAppSubjectSoap", "ConnectorAppSubjectSoap12"])
def test_zeep_and_requests_fetch_an_attachment(session: requests.Session, server: Server, port: str) -> None:
    service = stock(session, server, "AppConnectorSubject", port)
    listed = ET.fromstring(service.GetSubjectAttachmentInfo(token=TOKEN, subjectID=25001))
    names = [each.get("filename") for each in listed]
    assert names == ["Loonstrook 2019-01.pdf", "Jaaropgave 2019.pdf", "pasfoto.png"]
    identity = listed[0].get("fileId")
    content = base64.b64decode(service.GetAttachment(token=TOKEN, subjectID=25001, fileId=identity), validate=True)
    assert "Nettoloon" in pypdf.PdfReader(io.BytesIO(content), strict=True).pages[0].extract_text()
    answer = session.get(f"{server.rest_url}/subjectconnector/25001/{identity}", timeout=10).json()
    assert (answer["filename"], base64.b64decode(answer["filedata"])) == (names[0], content)
    data = ET.fromstring(service.GetSubjectAttachmentData(token=TOKEN, subjectID=25001))
    assert base64.b64decode(data.findtext("Attachment/Data") or "") == content
    with pytest.raises(zeep.exceptions.Fault, match="does not exist"):
        service.GetAttachment(token=TOKEN, subjectID=25002)


@pytest.mark.parametrize("port", ["ConnectorAppReportSoap", "ConnectorAppReportSoap12"])
def test_zeep_and_requests_fetch_a_report(session: requests.Session, server: Server, port: str) -> None:
    service = stock(session, server, "AppConnectorReport", port)
    filters = (
        '<Filters><Filter FilterId="Filter1"><Field FieldId="U002" OperatorType="1">10001</Field></Filter></Filters>'
    )
    content = base64.b64decode(service.Execute(token=TOKEN, reportID=REPORT, filtersXml=filters), validate=True)
    assert "U002 1 10001" in pypdf.PdfReader(io.BytesIO(content), strict=True).pages[0].extract_text()
    parameters = {"filterfieldids": "U002", "filtervalues": "10001", "operatortypes": "1"}
    address = f"{server.rest_url}/reportconnector/{REPORT}"
    answer = session.get(address, params=parameters, timeout=10).json()
    assert (answer["mimetype"], base64.b64decode(answer["filedata"])) == ("application/pdf", content)
    raw = session.get(address, params=parameters, headers={"SendFileAsBinary": "1"}, timeout=10)
    assert (raw.headers["Content-Type"], raw.content) == ("application/pdf", content)


@pytest.mark.parametrize(
    ("name", "sent", "status"),
    [
        ("3/4.txt", "3_2F4.txt", 200),
        ("3/4.txt", "3%2F4.txt", 404),
        ("plattegrond_begane-grond.png", "plattegrond_5Fbegane%2Dgrond.png", 200),
        ("weg.pdf", "weg.pdf", 500),
    ],
)
def test_an_address_counts_as_it_was_sent(
    session: requests.Session, server: Server, name: str, sent: str, status: int
) -> None:
    file = next(file for file in map(free_file, range(FREE_FILES)) if file.name == name)
    asked = requests.Request("GET", f"{server.rest_url}/", headers=dict(session.headers)).prepare()
    # requests would take the escapes back that need not be there.
    asked.url = f"{server.rest_url}/fileconnector/{file.file_id}/{sent}"
    assert session.send(asked, timeout=10).status_code == status


def _asked(emulator: Emulator, protocol: str, identity: str) -> int:
    """How many bytes an answer has, none of which is kept."""
    headers = {"Authorization": DEMO_TOKEN.header()}
    if protocol == "rest":
        builder = EnvironBuilder(path=f"/ProfitRestServices/subjectconnector/25002/{identity}", headers=headers)
    else:
        body = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetAttachment '
            f'xmlns="urn:Afas.Profit.Services"><subjectID>25002</subjectID><fileId>{identity}</fileId></GetAttachment>'
            "</s:Body></s:Envelope>"
        )
        path = "/ProfitServices/AppConnectorSubject.asmx"
        builder = EnvironBuilder(path=path, method="POST", data=body, content_type="text/xml", headers=headers)
    answer = Client(emulator).open(builder, buffered=False)
    assert answer.status_code == 200
    count = sum(map(len, answer.response))
    answer.close()
    return count


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_a_large_attachment_is_never_whole_in_memory(protocol: str) -> None:
    size = 12 * 2**20
    with Store() as store:
        emulator = Emulator(store)
        identity = store.attach(25002, "groot.bin", bytes(size))
        _asked(emulator, protocol, identity)
        tracemalloc.start()
        try:
            count = _asked(emulator, protocol, identity)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert count > size * 4 // 3
    assert peak < 2 * 2**20


def test_both_services_show_their_wsdl(session: requests.Session, server: Server) -> None:
    for asmx in ("AppConnectorSubject", "appconnectorreport"):
        text = session.get(f"{server.soap_url}/{asmx}.asmx?WSDL", timeout=10).text
        assert re.findall(' location="([^"]*)"', text) == [f"{server.soap_url}/{asmx}.asmx"] * 2


def test_metainfo_lists_what_opens_them(session: requests.Session, server: Server) -> None:
    listed = json.loads(session.get(f"{server.rest_url}/metainfo", timeout=10).text)["customConnectors"]
    assert [each["id"] for each in listed] == ["AppConnectorReport", "AppConnectorSubject"]
