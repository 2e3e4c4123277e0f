"""The SOAP host: envelopes in both versions, GetData with its oddities, schemas, refusals (profit-wire 1 to 7)."""

from __future__ import annotations

import base64
import html
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.errors import ProfitError
from afas_soap.profit.rows import Rows

GET = "/ProfitServices/AppConnectorGet.asmx"
DATA = "/ProfitServices/AppConnectorData.asmx"
VERSION = "/ProfitServices/AppConnectorVersionInfo.asmx"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
)
TAIL = "</soap:Body></soap:Envelope>"
PRODUCT1 = "<Products><sku>product1</sku><title>Product 1</title><price>16.00</price></Products>"
PRODUCT2 = "<Products><sku>product2</sku><title>Product 2</title><price>62.00</price></Products>"


def envelope(operation: str, parameters: dict[str, str], namespace: str = SOAP11) -> str:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parameters.items())
    return (
        f'<s:Envelope xmlns:s="{namespace}"><s:Body><{operation} xmlns="urn:Afas.Profit.Services">{inner}'
        f"</{operation}></s:Body></s:Envelope>"
    )


def post(http: Client, path: str, operation: str, parameters: dict[str, str], **headers: str) -> TestResponse:
    return http.post(
        path,
        data=envelope(operation, parameters),
        content_type="text/xml; charset=utf-8",
        headers={
            "SOAPAction": f'"urn:Afas.Profit.Services/{operation}"',
            "Authorization": DEMO_TOKEN.header(),
            **headers,
        },
    )


def get_data(http: Client, **parameters: str) -> TestResponse:
    asked = {"connectorId": "Products", "skip": "0", "take": "10", **parameters}
    return post(http, GET, "GetDataWithOptions" if "options" in asked else "GetData", asked)


def payload(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    text = ET.fromstring(answer.data)[0][0][0].text
    return text or ""


def fault(answer: TestResponse) -> tuple[str, str, str, str]:
    """Code, message, number, and the log reference."""
    assert answer.status_code == 500
    assert answer.content_type == "text/xml; charset=utf-8"
    found = ET.fromstring(answer.data)[0][0]
    assert found.tag == f"{{{SOAP11}}}Fault"
    detail = found.find("detail/ProfitApplicationException")
    if detail is None:
        return found.findtext("faultcode", ""), found.findtext("faultstring", ""), "", ""
    message = found.findtext("faultstring", "")
    assert detail.findtext("Message") == message
    lines = detail.findtext("Detail", "").splitlines()
    assert lines[0] == f"Description.....: {message}"
    assert lines[1].startswith("Log reference...: ")
    return found.findtext("faultcode", ""), message, detail.findtext("ErrorNumber", ""), lines[1][-32:]


# --- the layout of an answer ------------------------------------------------------------------------------------------


def test_an_answer_is_the_recorded_one_byte_for_byte(http: Client, afas: Path) -> None:
    """Recorded from Profit: two rows, one row, and none."""
    for skip, name in (("0", "_multiple"), ("2", "_empty")):
        recorded = (afas / f"soap/GetConnector-GetDataWithOptionsResponse{name}.xml").read_bytes()
        answer = get_data(
            http, options="<options><Outputmode>1</Outputmode><Metadata>1</Metadata></options>", skip=skip
        )
        assert answer.data.strip() == recorded.strip()
    one = get_data(http, options="", take="1")
    assert one.data.strip() == (afas / "soap/GetConnector-GetDataWithOptionsResponse.xml").read_bytes().strip()


def test_layout_of_an_answer(http: Client) -> None:
    answer = get_data(http, options="<options><Metadata>0</Metadata></options>", take="1")
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.text == (
        f'{HEAD}<GetDataWithOptionsResponse xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>'
        "&lt;AfasGetConnector&gt;&lt;Products&gt;&lt;sku&gt;product1&lt;/sku&gt;&lt;title&gt;Product 1&lt;/title&gt;"
        "&lt;price&gt;16.00&lt;/price&gt;&lt;/Products&gt;&lt;/AfasGetConnector&gt;\n"
        f"</GetDataWithOptionsResult></GetDataWithOptionsResponse>{TAIL}"
    )


def test_only_angle_brackets_and_ampersands_are_escaped(http: Client) -> None:
    answer = get_data(http, connectorId="Mixed", take="1")
    assert 'xs:element name="Id" type="xs:long" minOccurs="0"/&gt;' in answer.text
    assert 'a "b" &amp;lt;c&amp;gt; &amp;amp; d' in answer.text


def test_get_data_gives_the_schema_and_leaves_empty_fields_out(http: Client) -> None:
    text = payload(get_data(http, connectorId="Mixed"))
    assert text.startswith('<AfasGetConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">')
    assert text.endswith("<Mixed><Id>2</Id><Open>false</Open></Mixed></AfasGetConnector>\n")
    assert "<Amount>-0.5</Amount><Open>true</Open><Since>2024-02-01T10:00:00</Since></Mixed>" in text


def test_profit_6_spells_decimals_without_a_leading_zero(small: Any) -> None:
    text = payload(get_data(Client(Emulator(small, dialect="profit6")), connectorId="Mixed"))
    assert "<Amount>-.5</Amount>" in text


def test_output_options_3_gives_empty_fields_as_empty_elements(http: Client) -> None:
    text = payload(get_data(http, connectorId="Mixed", options="<options><Outputoptions>3</Outputoptions></options>"))
    row = ET.fromstring(text)[-1]
    assert [child.tag for child in row] == ["Id", "Btw.nummer", "Amount", "Open", "Since"]
    assert [child.text for child in row] == ["2", None, None, "false", None]


def test_without_rows_and_metadata_the_result_is_an_empty_root(http: Client) -> None:
    """An empty text is an error to a client of many years (profit-wire 15.5)."""
    answer = get_data(http, connectorId="Nothing", options="<options><Metadata>0</Metadata></options>")
    assert payload(answer) == "<AfasGetConnector />\n"


def test_rows_are_let_go(http: Client, small: Any) -> None:
    payload(get_data(http))
    assert small.closed == 1


# --- what is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "skip", "take"),
    [
        ({"skip": "1", "take": "1"}, 1, 1),
        ({"skip": "-1", "take": "-1"}, -1, -1),
        ({"skip": "0", "take": "0"}, 0, 0),
        ({"skip": "0", "take": "0", "options": "<Options><Skip>1</Skip><Take>10</Take></Options>"}, 1, 10),
        ({"skip": "0", "take": "0", "options": "<options><take>2000</take></options>"}, 0, 1000),
        ({"skip": "2", "take": "20", "options": "<options><Skip>1</Skip><Take>10</Take></options>"}, 2, 20),
    ],
)
def test_skip_and_take(http: Client, small: Any, parameters: dict[str, str], skip: int, take: int) -> None:
    get_data(http, **parameters)
    assert (small.asked[-1].skip, small.asked[-1].take) == (skip, take)


def test_a_take_of_0_gives_no_rows_and_parameters_may_be_left_out(http: Client) -> None:
    answer = post(http, GET, "GetData", {"connectorId": "Products"})
    assert "<Products>" not in payload(answer)
    assert "</xs:schema></AfasGetConnector>" in payload(answer)


def test_filters_and_index_reach_the_store(http: Client, small: Any) -> None:
    get_data(
        http,
        filtersXml='<Filters><Filter FilterId="Filter 1"><Field FieldId="sku" OperatorType="10">p</Field></Filter>'
        '<Filter><Field FieldId="price" OperatorType="8" /></Filter></Filters>',
        options='<options><Index><Field FieldId="title" OperatorType="0"/><Field FieldId="sku" OperatorType="1"/>'
        "</Index></options>",
    )
    (query,) = small.asked
    asked = [[(c.column, int(c.operator), c.value) for c in conditions] for conditions in query.filters]
    assert asked == [[("sku", 10, "p")], [("price", 8, None)]]
    assert [(sort.column, sort.descending) for sort in query.order_by] == [("title", True), ("sku", False)]


def test_parameters_in_any_order_and_their_case_matters(http: Client, small: Any) -> None:
    filters = '<Filters><Filter><Field FieldId="sku" OperatorType="1">x</Field></Filter></Filters>'
    post(http, GET, "GetData", {"take": "5", "filtersxml": filters, "skip": "1", "connectorId": "Products"})
    (query,) = small.asked
    assert (query.filters, query.skip, query.take) == ((), 1, 5)


def test_parameters_in_cdata_with_comments_round_them(http: Client) -> None:
    body = envelope("GetData", {"skip": "0", "take": "1"}).replace(
        "<skip>", "<!-- here --><connectorId><![CDATA[Prod]]><!-- and there -->ucts</connectorId><skip>"
    )
    answer = http.post(GET, data=body, content_type="text/xml", headers={"Authorization": DEMO_TOKEN.header()})
    assert PRODUCT1 in payload(answer)


# --- versions of SOAP -------------------------------------------------------------------------------------------------


def test_soap_12(http: Client) -> None:
    answer = http.post(
        GET,
        data=envelope("GetData", {"connectorId": "Products", "skip": "0", "take": "2"}, SOAP12),
        content_type='application/soap+xml; charset=utf-8; action="urn:Afas.Profit.Services/GetData"',
        headers={"Authorization": DEMO_TOKEN.header()},
    )
    assert answer.content_type == "application/soap+xml; charset=utf-8"
    assert ET.fromstring(answer.data).tag == f"{{{SOAP12}}}Envelope"
    assert PRODUCT1 + PRODUCT2 in payload(answer)


def test_soap_12_fault(http: Client) -> None:
    answer = http.post(
        GET,
        data=envelope("GetData", {"connectorId": "Produkts"}, SOAP12),
        content_type="application/soap+xml; charset=utf-8",
        headers={"Authorization": DEMO_TOKEN.header()},
    )
    assert answer.status_code == 500
    space = {"s": SOAP12}
    root = ET.fromstring(answer.data)
    assert root.findtext(".//s:Code/s:Value", namespaces=space) == "soap:Receiver"
    assert root.findtext(".//s:Reason/s:Text", namespaces=space) == "Connector Produkts does not exist"
    number = root.findtext(".//s:Detail/ProfitApplicationException/ErrorNumber", namespaces=space)
    assert number == "-2147180996"


def test_application_xml_without_an_action_as_in_afas_own_sample(http: Client) -> None:
    for namespace in (SOAP11, SOAP12):
        answer = http.post(
            GET,
            data=envelope("GetData", {"connectorId": "Products", "take": "1"}, namespace),
            content_type="application/xml;charset=utf-8",
            headers={"Authorization": DEMO_TOKEN.header()},
        )
        assert PRODUCT1 in payload(answer)
        assert ET.fromstring(answer.data).tag == f"{{{namespace}}}Envelope"


def test_a_version_that_does_not_fit_its_media_type(http: Client) -> None:
    answer = http.post(GET, data=envelope("GetData", {}, SOAP12), content_type="text/xml")
    assert fault(answer)[0] == "soap:VersionMismatch"
    answer = http.post(GET, data=envelope("GetData", {}), content_type="application/soap+xml")
    assert answer.status_code == 500
    assert "<soap:Value>soap:VersionMismatch</soap:Value>" in answer.text
    assert "<soap:Detail />" in answer.text


# --- the other services -----------------------------------------------------------------------------------------------


def _schema(http: Client, parameters: str, data_id: str = "GetXmlSchema") -> TestResponse:
    return post(http, DATA, "Execute", {"dataID": data_id, "parametersXml": parameters})


def test_schema_of_an_update_connector(http: Client, afas: Path) -> None:
    parameters = (
        "<DataConnector><UpdateConnectorId>KnSubject</UpdateConnectorId><EncodeBase64>{}</EncodeBase64></DataConnector>"
    )
    plain = payload(_schema(http, parameters.format("false")))
    packed = payload(_schema(http, parameters.format("true")))
    assert base64.b64decode(packed).decode() == plain
    data = ET.fromstring(plain).find("ConnectorData")
    assert data is not None
    assert data.findtext("Id") == "KnSubject"
    assert ET.fromstring(data.findtext("Schema", "")).tag == "{http://www.w3.org/2001/XMLSchema}schema"
    recorded = (afas / "soap/DataConnector-ExecuteResponse.xml").read_text(encoding="utf-8")
    # Before and behind what differs, the answer is the recorded one.
    answer = _schema(http, parameters.format("false")).text
    for mark, side in (("&lt;Id&gt;", 0), ("&lt;/Schema&gt;", 1)):
        assert answer.split(mark)[side].strip() == recorded.split(mark)[side].strip()


@pytest.mark.parametrize("parameters", ["", "<DataConnector>", "<DataConnector />"])
def test_schema_parameters_that_say_nothing(http: Client, parameters: str) -> None:
    code, message, _, _ = fault(_schema(http, parameters))
    assert code == "soap:Server"
    assert message in ("An unexpected error has occurred.", "Connector  does not exist")


def test_schema_refusals(http: Client, small: Any) -> None:
    known = "<DataConnector><UpdateConnectorId>KnSubject</UpdateConnectorId></DataConnector>"
    assert fault(_schema(http, known.replace("Kn", "Xx")))[1] == "Connector XxSubject does not exist"
    assert fault(_schema(http, known, "GetXsdSchemaPublic"))[1] == "An unexpected error has occurred."
    without = Client(Emulator(small, setup=Setup(allowed={"KnSubject"})))
    assert "wordt niet ondersteund" in fault(_schema(without, known))[1]
    other = Client(Emulator(small, setup=Setup(allowed={"GetXMLSchema"})))
    assert fault(_schema(other, known))[1].startswith("General message: Deze UpdateConnector wordt niet ondersteund")


def test_product_version(http: Client) -> None:
    for path in (VERSION, "/profitservices/appconnectorversion.asmx"):
        assert payload(post(http, path, "GetProductVersion", {})) == "7.22.5"


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_unknown_connector(http: Client) -> None:
    code, message, number, reference = fault(get_data(http, connectorId="Profit_Debtr"))
    assert (code, message, number) == ("soap:Server", "Connector Profit_Debtr does not exist", "-2147180996")
    assert len(reference) == 32
    assert set(reference) <= set("0123456789ABCDEF")


def test_connector_outside_the_app_connector(small: Any) -> None:
    http = Client(Emulator(small, setup=Setup(allowed={"Mixed"})))
    asked = {"connectorId": "Products", "take": "1"}
    dutch = fault(post(http, GET, "GetData", asked))
    assert dutch[1] == "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
    assert dutch[2] == "-2147180996"
    english = fault(post(http, GET, "GetData", asked, **{"Accept-Language": "en-us"}))
    assert english[1] == "GetConnector not supported for this app or the user is not authorized"
    assert payload(post(http, GET, "GetData", {"connectorId": "Mixed", "take": "1"}))


def test_blocked_connector(small: Any) -> None:
    http = Client(Emulator(small, setup=Setup(blocked={"Products"})))
    assert fault(get_data(http))[1] == "This GetConnector (definition) is blocked"


@pytest.mark.parametrize(
    ("parameters", "message", "number"),
    [
        ({"take": "-1"}, "An unexpected error has occurred.", "-2147180999"),
        ({"options": "<options><Outputmode>2</Outputmode></options>"}, "Outputmode 2 is not supported", "-2147180996"),
        ({"options": "<options>"}, "An unexpected error has occurred.", "-2147180999"),
        ({"filtersXml": "<!DOCTYPE x><Filters/>"}, "An unexpected error has occurred.", "-2147180999"),
        (
            {"filtersXml": '<Filters><Filter><Field FieldId="ski" OperatorType="1">x</Field></Filter></Filters>'},
            "Connector field 'ski' not found",
            "-2147180996",
        ),
        (
            {"options": '<options><Index><Field FieldId="ski" OperatorType="1"/></Index></options>'},
            "Connector field 'ski' not found",
            "-2147180996",
        ),
    ],
)
def test_refused_questions(http: Client, parameters: dict[str, str], message: str, number: str) -> None:
    code, text, found, _ = fault(get_data(http, **parameters))
    assert code == "soap:Server"
    assert message in text
    assert found == number


def test_what_the_store_refuses_is_a_fault(http: Client, small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ProfitError("Type mismatch", number=-2147220469)

    monkeypatch.setattr(small, "rows", refuse)
    assert fault(get_data(http))[1:3] == ("Type mismatch", "-2147220469")


def test_a_name_in_a_refusal_is_escaped(http: Client) -> None:
    assert fault(get_data(http, connectorId="<A&B>"))[1] == "Connector <A&B> does not exist"


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("", "Ongeldige gebruikersnaam"),
        ("<token>", "Token could not be parsed"),
        (f"<token><version>1</version><data>{'f' * 64}</data></token>", "inloggegevens niet gevonden"),
    ],
)
def test_bad_token_in_the_body(small: Any, token: str, message: str) -> None:
    """In a classic app connector, or before Profit 9."""
    body = envelope("GetData", {"connectorId": "Products", **({"token": token} if token else {})})
    for emulator in (Emulator(small, dialect="profit7"), Emulator(small, setup=Setup(auth="classic"))):
        answer = Client(emulator).post(GET, data=body, content_type="text/xml")
        assert fault(answer)[1] == message
        assert "ffff" not in answer.text


def test_good_token_in_the_body(http: Client) -> None:
    body = envelope("GetData", {"token": f"\n{DEMO_TOKEN.xml()}\n", "connectorId": "Products", "take": "1"})
    assert PRODUCT1 in payload(http.post(GET, data=body, content_type="text/xml"))


def test_bad_token_in_the_header_wins_over_a_good_one_in_the_body(http: Client) -> None:
    parameters = {"token": DEMO_TOKEN.xml(), "connectorId": "Products"}
    answer = post(http, GET, "GetData", parameters, Authorization="AfasToken not-base64")
    assert fault(answer)[1] == "Token could not be parsed"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        f'<s:Envelope xmlns:s="{SOAP11}"/>'.encode(),
        f'<s:Envelope xmlns:s="{SOAP11}"><s:Body/></s:Envelope>'.encode(),
        f'<s:Envelope xmlns:s="{SOAP11}"><s:Body><a/><b/></s:Body></s:Envelope>'.encode(),
        envelope("GetData", {"connectorId": "Products", "skip": "many"}).encode(),
        envelope("GetData", {}).replace("</GetData>", "<filtersXml><Filters/></filtersXml></GetData>").encode(),
    ],
)
def test_what_is_no_request(http: Client, authorized: dict[str, str], body: bytes) -> None:
    code, message, number, _ = fault(http.post(GET, data=body, content_type="text/xml", headers=authorized))
    assert (code, message, number) == ("soap:Client", "Server was unable to read request.", "")


def test_an_envelope_of_no_known_version(http: Client) -> None:
    assert fault(http.post(GET, data=b"<html/>", content_type="text/xml"))[0] == "soap:VersionMismatch"


@pytest.mark.parametrize("action", ["urn:Afas.Profit.Services/Execute", "GetData", "urn:other/GetData"])
def test_unknown_action(http: Client, authorized: dict[str, str], action: str) -> None:
    headers = {**authorized, "SOAPAction": action}
    answer = http.post(GET, data=envelope("GetData", {}), content_type="text/xml", headers=headers)
    assert fault(answer)[:2] == ("soap:Client", "Server did not recognize the value of HTTP Header SOAPAction.")


def test_the_action_decides_and_finds_no_parameters_in_another_element(
    http: Client, authorized: dict[str, str]
) -> None:
    headers = {**authorized, "SOAPAction": "urn:Afas.Profit.Services/GetData"}
    body = envelope("GetDataWithOptions", {"connectorId": "Products"})
    answer = http.post(GET, data=body, content_type="text/xml", headers=headers)
    assert fault(answer)[1] == "Connector  does not exist"


def test_a_media_type_that_is_no_soap(http: Client) -> None:
    answer = http.post(GET, data=b"{}", content_type="application/json")
    assert answer.status_code == 415
    assert answer.content_type == "text/html; charset=utf-8"


def test_a_long_answer_leaves_in_blocks(http: Client, small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fields, records = small.fields("Products"), [{"sku": str(n), "title": "<&>", "price": None} for n in range(5000)]
    monkeypatch.setattr(small, "rows", lambda *_: Rows(fields, iter(records)))
    answer = http.post(
        GET,
        data=envelope("GetData", {"connectorId": "Products", "take": "5000"}),
        content_type="text/xml",
        headers={"Authorization": DEMO_TOKEN.header()},
        buffered=False,
    )
    chunks = list(answer.iter_encoded())
    assert len(chunks) > 4
    assert max(map(len, chunks)) < 200_000
    assert html.unescape(b"".join(chunks).decode()).count("<title>&lt;&amp;&gt;</title>") == 5000
