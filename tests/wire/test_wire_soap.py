"""Connectors over SOAP, read from a server of fixed bytes."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import logging
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    CutOff,
    NotFound,
    NotOffered,
    ProfitError,
    QueryError,
    SettingsError,
)
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.rows import Reading
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.soap import SoapConnectors

LinkTo = Callable[..., Link]

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
)
TAIL = "</soap:Body></soap:Envelope>"
SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
    '<xs:choice maxOccurs="unbounded"><xs:element name="Profit_Article"><xs:complexType><xs:sequence>'
    '<xs:element name="ItemCode" type="xs:string" minOccurs="0"/>'
    '<xs:element name="Price" type="xs:decimal" minOccurs="0"/>'
    '<xs:element name="Blocked" type="xs:boolean" minOccurs="0"/>'
    '<xs:element name="Since" type="xs:dateTime" minOccurs="0"/>'
    "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
)
ROWS = (
    "<Profit_Article><ItemCode>A &amp; B</ItemCode><Price>-.5</Price><Blocked>true</Blocked>"
    "<Since>2024-02-01T00:00:00</Since></Profit_Article><Profit_Article><ItemCode>C</ItemCode></Profit_Article>"
)
RECORDS = [
    {"ItemCode": "A & B", "Price": Decimal("-0.5"), "Blocked": True, "Since": datetime.datetime(2024, 2, 1)},
    {"ItemCode": "C", "Price": None, "Blocked": None, "Since": None},
]
DOCUMENT = f"<AfasGetConnector>{SCHEMA}{ROWS}</AfasGetConnector>\n"
NO_ROWS = f"<AfasGetConnector>{SCHEMA}</AfasGetConnector>\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _result(operation: str, text: str) -> str:
    inside = f"<{operation}Result>{_escaped(text)}</{operation}Result>"
    return f'{HEAD}<{operation}Response xmlns="urn:Afas.Profit.Services">{inside}</{operation}Response>{TAIL}'


def _fault(text: str) -> str:
    return f"{HEAD}<soap:Fault><faultcode>soap:Server</faultcode><faultstring>{text}</faultstring></soap:Fault>{TAIL}"


@pytest.fixture
def soap(fixed, link_to: LinkTo) -> SoapConnectors:
    return SoapConnectors(Transport(link_to(fixed), PROFIT, sleep=lambda _: None))


def test_rows(fixed, soap: SoapConnectors, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "afas_soap.calls")
    fixed.xml(_result("GetDataWithOptions", DOCUMENT), "200 OK", "X-Trace-Identifier: spoor-1")
    with soap.rows("Profit_Article", Query(take=2)) as rows:
        assert rows.fields is not None
        assert rows.fields.names == ("ItemCode", "Price", "Blocked", "Since")
        assert list(rows) == RECORDS
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("12345-test GetDataWithOptions Profit_Article: 2 rows, ")
    assert line.endswith(", 1 attempt, trace spoor-1")


def test_rows_in_soap_12(fixed, link_to: LinkTo) -> None:
    body = _result("GetDataWithOptions", DOCUMENT).replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
    )
    fixed.reply(body, "application/soap+xml; charset=utf-8")
    soap = SoapConnectors(Transport(link_to(fixed), PROFIT), soap_version="1.2")
    assert list(soap.rows("Profit_Article", Query(take=2))) == RECORDS


def test_rows_that_are_left_alone_let_go(fixed, soap: SoapConnectors, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "afas_soap.calls")
    fixed.xml(_result("GetDataWithOptions", f"<AfasGetConnector>{SCHEMA}{ROWS * 5000}</AfasGetConnector>\n"))
    with soap.rows("Profit_Article", Query(take=2)) as rows:
        next(rows)
    # Those of the first chunk, of which one was looked at.
    assert "109 rows, 16384 bytes, " in caplog.text
    assert "not read to its end" in caplog.text


def test_a_take_of_none_is_a_hundred_as_over_rest(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    assert list(soap.rows("Profit_Article", Query())) == []
    assert b"<ns0:take>100</ns0:take>" in fixed.requests[0]


def test_fields_come_from_an_answer_without_rows_and_are_asked_once(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    fields = soap.fields("Profit_Article")
    assert [(field.name, field.declared) for field in fields] == [
        ("ItemCode", "string"),
        ("Price", "decimal"),
        ("Blocked", "boolean"),
        ("Since", "dateTime"),
    ]
    assert soap.fields("Profit_Article") is fields
    (sent,) = fixed.requests
    assert b"<ns0:skip>0</ns0:skip><ns0:take>0</ns0:take>" in sent


def test_fields_of_a_row_where_no_rows_say_nothing(fixed, soap: SoapConnectors) -> None:
    """The second recorded form of an answer without rows is an empty result (profit-wire 2.4)."""
    fixed.xml(_result("GetDataWithOptions", ""))
    fixed.xml(_result("GetDataWithOptions", DOCUMENT))
    assert soap.fields("Profit_Article").names == ("ItemCode", "Price", "Blocked", "Since")
    assert b"<ns0:take>1</ns0:take>" in fixed.requests[1]


def test_no_fields_at_all(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetDataWithOptions", ""))
    fixed.xml(_result("GetDataWithOptions", ""))
    with pytest.raises(NotOffered, match="no columns of Profit_Article over SOAP") as caught:
        soap.fields("Profit_Article")
    assert caught.value.offered_by == "rest"


def test_columns_of_earlier_rows_are_known(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetDataWithOptions", DOCUMENT))
    list(soap.rows("Profit_Article", Query(take=2)))
    # An entirely empty answer gets them.
    fixed.xml(_result("GetDataWithOptions", ""))
    rows = soap.rows("Profit_Article", Query(skip=2, take=2), Reading(dates=("Since",)))
    assert rows.fields is not None
    assert [field.kind.value for field in rows.fields] == ["str", "decimal", "bool", "date"]
    assert list(rows) == []
    # A name that is none of them is refused before any call.
    with pytest.raises(QueryError, match=r"no column 'Itemcode'\. The nearest: ItemCode\."):
        soap.rows("Profit_Article", Query(order_by=(Sort("Itemcode"),), take=2))
    assert len(fixed.requests) == 2


def test_named_dates_do_not_change_what_is_known(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetDataWithOptions", DOCUMENT))
    rows = soap.rows("Profit_Article", Query(take=2), Reading(dates=("Since",)))
    assert next(rows)["Since"] == datetime.date(2024, 2, 1)
    rows.close()
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    assert soap.fields("Profit_Article")["Since"].kind.value == "datetime"


def test_named_files_do_not_change_what_is_known(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    rows = soap.rows("Profit_Article", Query(take=2), Reading(files=("ItemCode",)))
    assert rows.fields is not None
    assert rows.fields["ItemCode"].kind.value == "bytes"
    rows.close()
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    assert soap.fields("Profit_Article")["ItemCode"].kind.value == "str"


def test_an_unknown_column_is_answered_with_the_nearest(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_fault("Connector field 'Prise' not found"), "500 Internal Server Error", "X-Trace-Identifier: spoor-2")
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    query = Query(((Condition("Prise", Operator.GREATER, "1"),),), take=2)
    with pytest.raises(QueryError) as caught:
        soap.rows("Profit_Article", query)
    assert caught.value.message == "Profit_Article has no column 'Prise'. The nearest: Price."
    assert ("trace id", "spoor-2") in caught.value.facts
    assert caught.value.connector == "Profit_Article"


def test_a_column_that_went_away_since(fixed, soap: SoapConnectors) -> None:
    """What was known is asked again: it is the error of any other column that is not there."""
    fixed.xml(_result("GetDataWithOptions", DOCUMENT.replace("Price", "Prise")))
    list(soap.rows("Profit_Article", Query(take=2)))
    fixed.xml(_fault("Connector field 'Prise' not found"), "500 Internal Server Error")
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    with pytest.raises(QueryError, match=r"no column 'Prise'\. The nearest: Price\."):
        soap.rows("Profit_Article", Query(((Condition("Prise", Operator.GREATER, "1"),),), take=2))
    assert soap.fields("Profit_Article").names == ("ItemCode", "Price", "Blocked", "Since")


@pytest.mark.parametrize(
    ("column", "value", "kind", "message"),
    [
        ("Price", "2.500,00", QueryError, "The filter 'Price > 2.500,00' does not fit its column: Price is a number"),
        ("Blocked", "ja", QueryError, "The filter 'Blocked > ja' does not fit its column: Blocked is a boolean (bool)"),
        ("Price", "2.5", ProfitError, "Type mismatch: 'Price > 2.5' is about a column of kind decimal."),
    ],
)
def test_a_refused_value_is_explained(
    fixed, soap: SoapConnectors, column: str, value: str, kind: type[AfasError], message: str
) -> None:
    """Nothing was known before the call; the columns are asked behind the refusal."""
    fixed.xml(_fault("Type mismatch"), "500 Internal Server Error", "X-Trace-Identifier: spoor-3")
    fixed.xml(_result("GetDataWithOptions", NO_ROWS))
    with pytest.raises(kind) as caught:
        soap.rows("Profit_Article", Query(((Condition(column, Operator.GREATER, value),),), take=2))
    assert type(caught.value) is kind
    assert caught.value.message.startswith(message)
    assert ("trace id", "spoor-3") in caught.value.facts
    # Once they are known, no call is made.
    asked = len(fixed.requests)
    if kind is QueryError:
        with pytest.raises(QueryError) as again:
            soap.rows("Profit_Article", Query(((Condition(column, Operator.GREATER, value),),), take=2))
        assert (again.value.message, len(fixed.requests)) == (caught.value.message, asked)


def test_get_data_gives_the_result_text(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetData", DOCUMENT))
    assert b"".join(soap.get_data(GetData("Profit_Article", None, 0, 2))) == DOCUMENT.encode()
    text = 'ItemCode;Price\r\n"A";1\r\n'
    fixed.xml(_result("GetDataWithOptions", text).replace("\r", "&#xD;"))
    call = GetData("Profit_Article", None, 0, 2, "<options><Outputmode>2</Outputmode></options>")
    assert b"".join(soap.get_data(call)) == text.encode()


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_fault_is_the_same_refusal_whatever_its_status(fixed, soap: SoapConnectors, status: str) -> None:
    text = "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
    asks: list[Callable[[], object]] = [
        lambda: soap.rows("Profit_Article", Query(take=1)),
        lambda: list(soap.get_data(GetData("Profit_Article"))),
        soap.version,
        lambda: soap.schema("KnSubject"),
    ]
    for ask in asks:
        fixed.xml(_fault(text), status, "X-Trace-Identifier: spoor-3")
        with pytest.raises(AccessDenied, match="app connector") as caught:
            ask()
        assert str(caught.value).startswith(text)
        assert caught.value.trace_id == "spoor-3"
        assert caught.value.environment == "12345-test"
        assert caught.value.operation


def test_an_echoed_token_in_a_fault_does_not_show(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_fault("bad " + "0123456789ABCDEF" * 4))
    with pytest.raises(ProfitError) as caught:
        soap.version()
    assert caught.value.message == "bad ***"


def test_an_answer_that_ends_too_soon(fixed, soap: SoapConnectors, caplog: pytest.LogCaptureFixture) -> None:
    """With a length that agrees: only the XML tells."""
    caplog.set_level(logging.INFO, "afas_soap.calls")
    whole = _result("GetDataWithOptions", DOCUMENT)
    fixed.xml(whole[: whole.index("C&lt;/ItemCode")])
    rows = soap.rows("Profit_Article", Query(take=2))
    assert next(rows) == RECORDS[0]
    with pytest.raises(CutOff) as caught:
        next(rows)
    assert (caught.value.operation, caught.value.connector) == ("GetDataWithOptions", "Profit_Article")
    assert "1 rows" in caplog.text
    assert ", CutOff" in caplog.text


def test_an_answer_that_is_unreadable_from_the_start(fixed, soap: SoapConnectors) -> None:
    fixed.xml('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(AnswerError) as caught:
        soap.rows("Profit_Article", Query(take=2))
    assert caught.value.connector == "Profit_Article"


def test_the_version_from_either_address(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("GetProductVersion", "22.22.5"))
    assert soap.version() == "22.22.5"
    fixed.html("404 Not Found")
    fixed.xml(_result("GetProductVersion", "22.22.5"))
    assert soap.version() == "22.22.5"
    assert fixed.requests[2].startswith(b"POST /ProfitServices/appconnectorversion.asmx ")


def test_the_version_where_the_service_itself_says_no(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_fault("Connector AppConnectorVersion does not exist"), "500 No")
    with pytest.raises(NotFound, match="does not exist"):
        soap.version()
    assert len(fixed.requests) == 1


XSD = '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:element name="KnSubject"/></xsd:schema>'
DATA = (
    '<AfasDataConnector><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/><ConnectorData><Id>KnSubject</Id>'
    f"<Schema>{_escaped(XSD)}</Schema></ConnectorData></AfasDataConnector>\n"
)


@pytest.mark.parametrize("result", [DATA, base64.b64encode(DATA.encode()).decode()], ids=["plain", "base64"])
def test_a_schema_plain_and_as_base64(fixed, soap: SoapConnectors, result: str) -> None:
    fixed.xml(_result("Execute", result))
    assert soap.schema("KnSubject") == XSD


def test_a_schema_that_is_not_there(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("Execute", "<AfasDataConnector/>"))
    with pytest.raises(NotFound, match="no schema for KnNiets"):
        soap.schema("KnNiets")
    fixed.xml(_result("Execute", "geen xml"))
    with pytest.raises(AnswerError, match="neither XML nor base64"):
        soap.schema("KnNiets")


def test_the_name_in_a_schema_question_is_escaped(fixed, soap: SoapConnectors) -> None:
    fixed.xml(_result("Execute", DATA))
    soap.schema("<a&b>")
    # Once for the parameter's own XML, once more for the envelope.
    assert b"&lt;UpdateConnectorId&gt;&amp;lt;a&amp;amp;b&amp;gt;&lt;/UpdateConnectorId&gt;" in fixed.requests[0]


def test_what_soap_has_not(soap: SoapConnectors) -> None:
    with pytest.raises(NotOffered) as caught:
        soap.catalogue()
    assert caught.value.offered_by == "rest"


def test_a_text_that_xml_cannot_carry_is_refused_before_any_call(fixed, soap: SoapConnectors) -> None:
    with pytest.raises(QueryError, match="control character") as caught:
        soap.get_data(GetData("geheim\0", None, 0, 1))
    assert "geheim" not in str(caught.value)
    assert not fixed.requests


def test_settings_that_contradict_themselves(fixed, link_to: LinkTo) -> None:
    with pytest.raises(SettingsError, match=r"1\.1, 1\.2"):
        SoapConnectors(Transport(link_to(fixed), PROFIT), soap_version="1.3")
    with pytest.raises(SettingsError, match="needs a token"):
        SoapConnectors(Transport(link_to(fixed, token=None), PROFIT), token_in_body=True)


def test_close_lets_go(fixed, soap: SoapConnectors) -> None:
    """Twice does no harm, and asking again opens a connection anew."""
    soap.close()
    soap.close()
    fixed.xml(_result("GetProductVersion", "22.22.5"))
    assert soap.version() == "22.22.5"


# --- updates -----------------------------------------------------------------------------------------------------

CHANGE = update_from_plain(
    "KnSubject", {"@SbId": 1957, "Ds": "a & b", "Da": None}, action=Action.UPDATE, root="KnSubject"
)
DATA_XML = (
    '<KnSubject xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Element SbId="1957"><Fields Action="update">'
    '<Ds>a &amp; b</Ds><Da xsi:nil="true"/></Fields></Element></KnSubject>'
)


def _recorded(afas: Path, name: str) -> bytes:
    return (afas / "soap" / f"UpdateConnector-ExecuteResponse{name}.xml").read_bytes()


def test_an_update_is_one_execute_with_the_xml_as_text(fixed, soap: SoapConnectors) -> None:
    body = '<ExecuteResponse xmlns="urn:Afas.Profit.Services"><ExecuteResult /></ExecuteResponse>'
    fixed.xml(
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        f"<soap:Body>{body}</soap:Body></soap:Envelope>"
    )
    assert soap.send(CHANGE).keys == ()
    head, _, sent = fixed.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /ProfitServices/appconnectorupdate.asmx HTTP/1.1")
    assert b'SOAPAction: "urn:Afas.Profit.Services/Execute"' in head
    call = etree.fromstring(sent).find(".//{urn:Afas.Profit.Services}Execute")
    assert call is not None
    assert [(etree.QName(child).localname, child.text) for child in call] == [
        ("connectorType", "KnSubject"),
        ("connectorVersion", "1"),
        ("dataXml", DATA_XML),
    ]


@pytest.mark.parametrize(
    ("name", "connector", "keys"),
    [
        ("", "KnSalesRelationOrg", ({"DbId": "100001"},)),
        ("_empty", "KnSubject", ()),
        ("_multiple", "KnSalesRelationPer", ({"DbId": "100002"}, {"DbId": "100003"})),
    ],
)
def test_the_recorded_answers_of_an_update(
    fixed,
    soap: SoapConnectors,
    afas: Path,
    name: str,
    connector: str,
    keys: tuple[dict[str, str], ...],
) -> None:
    fixed.xml(_recorded(afas, name))
    assert soap.send(dataclasses.replace(CHANGE, connector=connector, root=connector)).keys == keys


def test_what_would_be_sent_shows_no_secret_and_sends_nothing(fixed, link_to: LinkTo) -> None:
    for in_body in (False, True):
        soap = SoapConnectors(Transport(link_to(fixed), PROFIT), token_in_body=in_body)
        outgoing = soap.outgoing(CHANGE)
        assert (outgoing.method, outgoing.url) == ("POST", f"{fixed.soap_url}/appconnectorupdate.asmx")
        assert b"0123456789ABCDEF" not in outgoing.body
        assert (b"***" in outgoing.body) is in_body
        assert outgoing.headers.get("Authorization") == (None if in_body else "AfasToken ***")
    assert not fixed.requests
