"""A whole SOAP request as payload."""

from __future__ import annotations

import pytest

from afas_soap.errors import UpdateError
from afas_soap.profit.updates.updatexml import update_from_xml

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
PAYLOAD = '<KnSubject><Element><Fields Action="update"><Ds>a &amp; b</Ds></Fields></Element></KnSubject>'
SECRET = "0123456789ABCDEF" * 4


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def request(
    data: str = escaped(PAYLOAD), *, kind: str = "<connectorType>KnSubject</connectorType>", soap: str = SOAP11
) -> str:
    """What AFAS' own samples post (profit-wire 4.1)."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="{soap}"><soap:Header/><soap:Body>'
        '<Execute xmlns="urn:Afas.Profit.Services">'
        f"<token><![CDATA[<token><version>1</version><data>{SECRET}</data></token>]]></token>{kind}"
        f"<connectorVersion>1</connectorVersion><dataXml>{data}</dataXml></Execute></soap:Body></soap:Envelope>"
    )


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
@pytest.mark.parametrize(
    "data",
    [
        escaped(PAYLOAD),
        f"\n  <![CDATA[{PAYLOAD}]]>\n",
        f"<![CDATA[\n<?xml version='1.0' encoding='utf-16'?>\n{PAYLOAD}]]>",
    ],
)
@pytest.mark.parametrize(
    "kind", ["<connectorType>KnSubject</connectorType>", "<connectorType>\nknsubject </connectorType>", ""]
)
def test_the_update_in_it(soap: str, data: str, kind: str) -> None:
    """Escaped or as CDATA, over both versions of SOAP."""
    found = update_from_xml(request(data, kind=kind, soap=soap).encode(), "KnSubject")
    assert found.as_text() == update_from_xml(PAYLOAD, "KnSubject").as_text()


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        (request(kind="<connectorType>FbSales</connectorType>"), "another-connector", "for the connector FbSales, and"),
        (request(""), "request", "dataXml holds no text"),
        (request(PAYLOAD), "request", "dataXml holds no text"),
        (request("&lt;KnSubject>"), "xml", "ends before its end"),
        (request().replace("dataXml", "filtersXml"), "request", "no request of AppConnectorUpdate"),
        (request().replace("Execute", "GetData"), "request", "no request of AppConnectorUpdate"),
        (f'<soap:Envelope xmlns:soap="{SOAP11}"><soap:Body/></soap:Envelope>', "request", "no request"),
        (f'<soap:Envelope xmlns:soap="{SOAP11}"/>', "request", "no request"),
    ],
)
def test_what_is_no_such_request(text: str, rule: str, words: str) -> None:
    """It says what is missing, and shows no token."""
    with pytest.raises(UpdateError, match=words) as caught:
        update_from_xml(text, "KnSubject")
    assert [(problem.path, problem.rule) for problem in caught.value.problems] == [("Envelope", rule)]
    assert caught.value.connector == "KnSubject"
    assert SECRET not in str(caught.value)


def test_a_request_in_a_request() -> None:
    """One level is unpacked."""
    with pytest.raises(UpdateError):
        update_from_xml(request(escaped(request())), "KnSubject")


def test_rows_below_a_record() -> None:
    """As the payload alone."""
    data = escaped(
        '<KnSubject><Element SbId="1"><Fields Action="update"/><Objects><KnSubjectLink><Element>'
        '<Fields Action="insert"><ToBC>1</ToBC></Fields></Element></KnSubjectLink></Objects></Element></KnSubject>'
    )
    found = update_from_xml(request(data), "KnSubject", sub_object="KnSubjectLink")
    assert found.sub_object == "KnSubjectLink"
