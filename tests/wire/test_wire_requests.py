"""The requests of both protocols, byte for byte, against literals written from the facts and not by the package.

Headers: profit-wire 1.3, 1.4, 6.1, 6.3. Operations and the order of their parameters: 1.2. Filters and options: 2.1,
2.2. Query parameters: 3.2. What no fact settles (prefixes of namespaces, the order of headers) is as zeep and requests
have it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap import __version__
from afas_soap.errors import AfasError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query, Sort
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

LinkTo = Callable[..., Link]

TOKEN = (
    "PHRva2VuPjx2ZXJzaW9uPjE8L3ZlcnNpb24+PGRhdGE+MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUYwMTIzNDU2Nzg5QUJDREVG"
    "MDEyMzQ1Njc4OUFCQ0RFRjwvZGF0YT48L3Rva2VuPg=="
)
FILTERS = (
    (Condition("City", Operator.EQUALS, "'s-Hertogenbosch"), Condition("Name", Operator.STARTS_WITH, "J & <b>")),
    (Condition("Email", Operator.EMPTY),),
)
SORT = (Sort("Name", descending=True), Sort("DebtorId"))

ENVELOPE = (
    "<?xml version='1.0' encoding='utf-8'?>\n"
    '<soap-env:Envelope xmlns:soap-env="{namespace}"><soap-env:Body>'
    '<ns0:{operation} xmlns:ns0="urn:Afas.Profit.Services">{parameters}</ns0:{operation}>'
    "</soap-env:Body></soap-env:Envelope>"
)
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"

ROWS_PARAMETERS = (
    "<ns0:connectorId>Profit_Debtor</ns0:connectorId>"
    "<ns0:filtersXml>"
    '&lt;Filters&gt;&lt;Filter FilterId="Filter 1"&gt;'
    '&lt;Field FieldId="City" OperatorType="1"&gt;\'s-Hertogenbosch&lt;/Field&gt;'
    '&lt;Field FieldId="Name" OperatorType="10"&gt;J &amp;amp; &amp;lt;b&amp;gt;&lt;/Field&gt;'
    '&lt;/Filter&gt;&lt;Filter FilterId="Filter 2"&gt;'
    '&lt;Field FieldId="Email" OperatorType="8"/&gt;'
    "&lt;/Filter&gt;&lt;/Filters&gt;"
    "</ns0:filtersXml>"
    "<ns0:skip>200</ns0:skip><ns0:take>100</ns0:take>"
    "<ns0:options>"
    "&lt;options&gt;&lt;Outputmode&gt;1&lt;/Outputmode&gt;&lt;Metadata&gt;1&lt;/Metadata&gt;"
    "&lt;Outputoptions&gt;2&lt;/Outputoptions&gt;"
    '&lt;Index&gt;&lt;Field FieldId="Name" OperatorType="0"/&gt;'
    '&lt;Field FieldId="DebtorId" OperatorType="1"/&gt;&lt;/Index&gt;&lt;/options&gt;'
    "</ns0:options>"
)


def _post(port: int, asmx: str, kind: str, body: str) -> bytes:
    return (
        f"POST /ProfitServices/{asmx} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\n"
        f"User-Agent: afas-soap/{__version__}\r\n"
        "Accept-Encoding: gzip\r\n"
        "Accept: */*\r\n"
        "IntegrationId: 12345_123456\r\n"
        "Accept-Language: nl-nl\r\n"
        f"{kind}\r\n"
        f"Content-Length: {len(body.encode())}\r\n"
        f"Authorization: AfasToken {TOKEN}\r\n"
        "\r\n"
        f"{body}"
    ).encode()


def _get(port: int, path: str) -> bytes:
    return (
        f"GET /ProfitRestServices/{path} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\n"
        f"User-Agent: afas-soap/{__version__}\r\n"
        "Accept-Encoding: gzip\r\n"
        "Accept: application/json\r\n"
        "IntegrationId: 12345_123456\r\n"
        "Accept-Language: nl-nl\r\n"
        f"Authorization: AfasToken {TOKEN}\r\n"
        "\r\n"
    ).encode()


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Transport:
    return Transport(link_to(fixed, integration_id="12345_123456", language="nl-nl"), PROFIT)


def _refused(fixed, ask: Callable[[], object]) -> bytes:
    """The bytes of the one request that ``ask`` sends; the answer is a refusal, so that nothing follows it."""
    fixed.reply("", "text/plain", "403 Forbidden")
    with pytest.raises(AfasError):
        ask()
    (request,) = fixed.requests
    assert isinstance(request, bytes)
    return request


def test_rows_over_soap_11(fixed, transport: Transport) -> None:
    soap = SoapConnectors(transport)
    sent = _refused(fixed, lambda: soap.rows("Profit_Debtor", Query(FILTERS, SORT, skip=200, take=100)))
    body = ENVELOPE.format(namespace=SOAP11, operation="GetDataWithOptions", parameters=ROWS_PARAMETERS)
    kind = 'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:Afas.Profit.Services/GetDataWithOptions"'
    assert sent == _post(fixed.port, "appconnectorget.asmx", kind, body)


def test_rows_over_soap_12(fixed, transport: Transport) -> None:
    soap = SoapConnectors(transport, soap_version="1.2")
    sent = _refused(fixed, lambda: soap.rows("Profit_Debtor", Query(FILTERS, SORT, skip=200, take=100)))
    body = ENVELOPE.format(namespace=SOAP12, operation="GetDataWithOptions", parameters=ROWS_PARAMETERS)
    kind = 'Content-Type: application/soap+xml; charset=utf-8; action="urn:Afas.Profit.Services/GetDataWithOptions"'
    assert sent == _post(fixed.port, "appconnectorget.asmx", kind, body)


def test_get_data_passes_what_it_was_given(fixed, transport: Transport) -> None:
    filters = '<Filters>\r\n  <Filter><Field FieldId="Naam" OperatorType="6">%ë%</Field></Filter></Filters>'
    soap = SoapConnectors(transport)
    sent = _refused(fixed, lambda: soap.get_data(GetData("Profit_Debtor", filters, -1, -1)))
    parameters = (
        "<ns0:connectorId>Profit_Debtor</ns0:connectorId>"
        # A carriage return would come out as a line feed if it were not written as a reference (XML 1.0, 2.11).
        "<ns0:filtersXml>&lt;Filters&gt;&#13;\n  &lt;Filter&gt;"
        '&lt;Field FieldId="Naam" OperatorType="6"&gt;%ë%&lt;/Field&gt;&lt;/Filter&gt;&lt;/Filters&gt;</ns0:filtersXml>'
        "<ns0:skip>-1</ns0:skip><ns0:take>-1</ns0:take>"
    )
    body = ENVELOPE.format(namespace=SOAP11, operation="GetData", parameters=parameters)
    kind = 'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:Afas.Profit.Services/GetData"'
    assert sent == _post(fixed.port, "appconnectorget.asmx", kind, body)


def test_get_data_with_options_and_without_filters(fixed, transport: Transport) -> None:
    soap = SoapConnectors(transport)
    options = "<Options><Skip>0</Skip><Take>10</Take></Options>"
    sent = _refused(fixed, lambda: soap.get_data(GetData("Profit_Debtor", options=options)))
    parameters = (
        "<ns0:connectorId>Profit_Debtor</ns0:connectorId><ns0:skip>0</ns0:skip><ns0:take>0</ns0:take>"
        "<ns0:options>&lt;Options&gt;&lt;Skip&gt;0&lt;/Skip&gt;&lt;Take&gt;10&lt;/Take&gt;&lt;/Options&gt;</ns0:options>"
    )
    body = ENVELOPE.format(namespace=SOAP11, operation="GetDataWithOptions", parameters=parameters)
    assert sent.endswith(b"\r\n\r\n" + body.encode())


def test_the_version_and_a_schema_over_soap(fixed, transport: Transport) -> None:
    soap = SoapConnectors(transport)
    sent = _refused(fixed, soap.version)
    body = ENVELOPE.format(namespace=SOAP11, operation="GetProductVersion", parameters="")
    body = body.replace("></ns0:GetProductVersion>", "/>")
    kind = 'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:Afas.Profit.Services/GetProductVersion"'
    assert sent == _post(fixed.port, "appconnectorversioninfo.asmx", kind, body)

    fixed.requests.clear()
    sent = _refused(fixed, lambda: soap.schema("KnCourseMember"))
    parameters = (
        "<ns0:dataID>GetXmlSchema</ns0:dataID><ns0:parametersXml>"
        "&lt;DataConnector&gt;&lt;UpdateConnectorId&gt;KnCourseMember&lt;/UpdateConnectorId&gt;"
        "&lt;EncodeBase64&gt;false&lt;/EncodeBase64&gt;&lt;/DataConnector&gt;</ns0:parametersXml>"
    )
    body = ENVELOPE.format(namespace=SOAP11, operation="Execute", parameters=parameters)
    kind = 'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "urn:Afas.Profit.Services/Execute"'
    assert sent == _post(fixed.port, "appconnectordata.asmx", kind, body)


def test_the_token_in_the_body_only_by_name_and_with_a_warning(
    fixed,
    link_to: LinkTo,
    caplog: pytest.LogCaptureFixture,
) -> None:
    soap = SoapConnectors(Transport(link_to(fixed, integration_id="12345_123456"), PROFIT), token_in_body=True)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    sent = _refused(fixed, lambda: soap.get_data(GetData("Profit_Debtor", None, 0, 10)))
    parameters = (
        "<ns0:token>&lt;token&gt;&lt;version&gt;1&lt;/version&gt;"
        "&lt;data&gt;0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF&lt;/data&gt;&lt;/token&gt;"
        "</ns0:token><ns0:connectorId>Profit_Debtor</ns0:connectorId><ns0:skip>0</ns0:skip><ns0:take>10</ns0:take>"
    )
    assert sent.endswith(ENVELOPE.format(namespace=SOAP11, operation="GetData", parameters=parameters).encode())
    assert b"authorization" not in sent.lower()
    # It is never part of the envelope (profit-wire 6.3).
    assert b"\r\nIntegrationId: 12345_123456\r\n" in sent


METAINFO = (
    '{"name":"Profit_Debtor","description":"Profit_Debtor","fields":['
    '{"id":"DebtorId","fieldId":"U001","dataType":"string","label":"","length":9,"controlType":5,"decimals":0,'
    '"decimalsFieldId":""},'
    '{"id":"City","fieldId":"U002","dataType":"string","label":"","length":50,"controlType":1,"decimals":0,'
    '"decimalsFieldId":""},'
    '{"id":"Name","fieldId":"U003","dataType":"string","label":"","length":50,"controlType":1,"decimals":0,'
    '"decimalsFieldId":""},'
    '{"id":"Email","fieldId":"U004","dataType":"string","label":"","length":50,"controlType":1,"decimals":0,'
    '"decimalsFieldId":""}]}'
)


def _rest_rows(fixed, transport: Transport, query: Query) -> list[bytes]:
    fixed.json(METAINFO)
    fixed.reply("", "text/plain", "403 Forbidden")
    with pytest.raises(AfasError):
        RestConnectors(transport).rows("Profit_Debtor", query)
    return list(fixed.requests)


@pytest.mark.parametrize(
    ("filters", "query"),
    [
        (
            ((Condition("City", Operator.EQUALS, "Den Haag"), Condition("Name", Operator.STARTS_WITH, "J&B")),),
            "&filterfieldids=City%2CName&filtervalues=Den%20Haag%2CJ%26B&operatortypes=1%2C10",
        ),
        (
            ((Condition("City", Operator.EQUALS, "Ede"),), (Condition("Email", Operator.NOT_EMPTY),)),
            "&filterfieldids=City%3BEmail&filtervalues=Ede%3B%5Bis%20leeg%5D&operatortypes=1%3B9",
        ),
    ],
    ids=["and", "or"],
)
def test_rows_over_rest_with_lists(fixed, transport: Transport, filters: tuple[Filter, ...], query: str) -> None:
    sent = _rest_rows(fixed, transport, Query(filters, SORT, skip=200, take=100))
    rows = f"connectors/Profit_Debtor?skip=200&take=100&orderbyfieldids=-Name%2CDebtorId{query}"
    assert sent == [_get(fixed.port, "metainfo/get/Profit_Debtor"), _get(fixed.port, rows)]


def test_rows_over_rest_with_filterjson(fixed, transport: Transport) -> None:
    """A separator in a value: the escape inside the lists is not known."""
    filters = ((Condition("Name", Operator.EQUALS, "Bakker, Zn"),),)
    sent = _rest_rows(fixed, transport, Query(filters, (), skip=-1, take=-1))
    query = (
        "?skip=-1&take=-1&filterjson=%7B%22Filters%22%3A%7B%22Filter%22%3A%5B%7B%22%40FilterId%22%3A%22Filter%201%22"
        "%2C%22Field%22%3A%5B%7B%22%40FieldId%22%3A%22Name%22%2C%22%40OperatorType%22%3A%221%22%2C%22%23text%22%3A"
        "%22Bakker%2C%20Zn%22%7D%5D%7D%5D%7D%7D"
    )
    assert sent[1] == _get(fixed.port, f"connectors/Profit_Debtor{query}")


def test_metainfo_and_version_over_rest(fixed, transport: Transport) -> None:
    rest = RestConnectors(transport)
    assert _refused(fixed, rest.catalogue) == _get(fixed.port, "metainfo")
    fixed.requests.clear()
    assert _refused(fixed, rest.version) == _get(fixed.port, "profitversion")
    fixed.requests.clear()
    # A name is one part of the path, whatever stands in it.
    assert _refused(fixed, lambda: rest.fields("a/b?c#d")) == _get(fixed.port, "metainfo/get/a%2Fb%3Fc%23d")
