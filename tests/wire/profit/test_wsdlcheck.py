"""A live WSDL against the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.errors import AnswerError, NotFound
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.shipped import document_of
from afas_soap.wire.profit.wsdlcheck import check_live, differences, shipped

LinkTo = Callable[..., Link]
GET = document_of("AppConnectorGet")
OURS = GET.document()


def test_no_difference_with_itself() -> None:
    for document in shipped():
        assert differences(document.document(), document.document()) == []


def test_no_difference_with_the_genuine_one(afas: Path) -> None:
    """Other whitespace, other prefixes, another address."""
    assert differences(OURS, (afas / "wsdl" / "appconnectorGet.wsdl").read_bytes()) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            b'minOccurs="0" maxOccurs="1" name="options" type="s:string"',
            b'minOccurs="1" maxOccurs="1" name="options" type="s:string"',
            ["GetDataWithOptions/options: shipped string, 0 to 1, live string, 1 to 1"],
        ),
        (
            b'name="options" type="s:string"',
            b'name="options" type="s:base64Binary" nillable="true"',
            ["GetDataWithOptions/options: shipped string, 0 to 1, live base64Binary, 0 to 1, nillable"],
        ),
        (
            b'<s:element minOccurs="0" maxOccurs="1" name="options" type="s:string"/>',
            b"",
            [
                "only in the shipped WSDL: GetDataWithOptions/options (string, 0 to 1)",
                "element GetDataWithOptions: shipped token, connectorId, filtersXml, skip, take, options, "
                "live token, connectorId, filtersXml, skip, take",
            ],
        ),
        (
            b'targetNamespace="urn:Afas.Profit.Services">\n  <wsdl:types>',
            b'targetNamespace="urn:Anders">\n  <wsdl:types>',
            ["target namespace: shipped urn:Afas.Profit.Services, live urn:Anders"],
        ),
        (
            b'soap12:operation soapAction="urn:Afas.Profit.Services/GetData" style="document"',
            b'soap12:operation soapAction="urn:Afas.Profit.Services/Data" style="rpc"',
            [
                "binding ConnectorAppGetSoap12.GetData: shipped soapAction urn:Afas.Profit.Services/GetData, document, "
                "literal, live soapAction urn:Afas.Profit.Services/Data, rpc, literal"
            ],
        ),
        (
            b'<wsdl:port name="ConnectorAppGetSoap" binding="tns:ConnectorAppGetSoap">',
            b'<wsdl:port name="Nieuw" binding="tns:ConnectorAppGetSoap">',
            [
                "only in the shipped WSDL: port ConnectorAppGet.ConnectorAppGetSoap (ConnectorAppGetSoap, SOAP 1.1)",
                "only in the live WSDL: port ConnectorAppGet.Nieuw (ConnectorAppGetSoap, SOAP 1.1)",
            ],
        ),
    ],
    ids=["occurrence", "type", "parameter", "namespace", "binding", "port"],
)
def test_each_difference_is_a_sentence(old: bytes, new: bytes, said: list[str]) -> None:
    assert old in OURS
    assert differences(OURS, OURS.replace(old, new, 1)) == said


def test_an_address_and_comments_do_not_count() -> None:
    live = OURS.replace(b"12345.soap.afas.online", b"54321.soaptest.afas.online").replace(
        b"<wsdl:types>", b"<wsdl:types><!-- x -->"
    )
    assert differences(OURS, live) == []


def test_an_operation_without_an_answer_and_bindings_without_soap() -> None:
    live = OURS.replace(b'      <wsdl:output message="tns:GetDataSoapOut"/>\n', b"", 1)
    assert differences(OURS, live) == [
        "operation ConnectorAppGetSoap.GetData: shipped GetDataSoapIn -> GetDataSoapOut, live GetDataSoapIn -> nothing"
    ]
    live = OURS.replace(
        b'<soap:address location="', b'<http:address xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" location="', 1
    )
    assert differences(OURS, live) == [
        "port ConnectorAppGet.ConnectorAppGetSoap: shipped ConnectorAppGetSoap, SOAP 1.1, "
        "live ConnectorAppGetSoap, no SOAP"
    ]


def test_what_is_no_wsdl() -> None:
    with pytest.raises(AnswerError, match="no WSDL"):
        differences(OURS, b"<definitions/>")


def test_a_live_one(fixed, link_to: LinkTo) -> None:
    fixed.xml(OURS)
    transport = Transport(link_to(fixed), PROFIT)
    assert check_live(transport, GET) == []
    assert fixed.requests[0].startswith(b"GET /ProfitServices/appconnectorget.asmx?WSDL HTTP/1.1\r\n")


def test_a_live_one_at_its_other_address(fixed, link_to: LinkTo) -> None:
    version = document_of("AppConnectorVersionInfo")
    transport = Transport(link_to(fixed), PROFIT)
    fixed.html("404 Not Found")
    fixed.xml(version.document())
    assert check_live(transport, version) == []
    assert fixed.requests[1].startswith(b"GET /ProfitServices/appconnectorversion.asmx?WSDL ")
    fixed.html("404 Not Found")
    with pytest.raises(NotFound):
        check_live(transport, GET)
