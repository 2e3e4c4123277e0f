"""Connectors over REST, read from a server of fixed bytes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

import pytest

from afas_soap.errors import AccessDenied, AnswerError, CutOff, NotOffered, ProfitError, QueryError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors

LinkTo = Callable[..., Link]


def _column(name: str, kind: str) -> str:
    return (
        f'{{"id":"{name}","fieldId":"U001","dataType":"{kind}","label":"{name}","length":10,"controlType":1,'
        '"decimals":0,"decimalsFieldId":""}'
    )


COLUMNS = [_column("ItemCode", "string"), _column("Price", "decimal"), _column("Blocked", "boolean")]
METAINFO = (
    '{"name":"Profit_Article","description":"Profit_Article","fields":['
    + ",".join([*COLUMNS, _column("Since", "date")])
    + "]}"
)
ROWS = (
    '{"skip":0,"take":100,"rows":[{"ItemCode":"A & B","Price":-0.5,"Blocked":true,"Since":"2024-02-01T00:00:00Z"},'
    '{"ItemCode":"C","Price":null,"Blocked":null,"Since":null}]}'
)
RECORDS = [
    {"ItemCode": "A & B", "Price": Decimal("-0.5"), "Blocked": True, "Since": datetime.datetime(2024, 2, 1)},
    {"ItemCode": "C", "Price": None, "Blocked": None, "Since": None},
]


@pytest.fixture
def rest(fixed, link_to: LinkTo) -> RestConnectors:
    return RestConnectors(Transport(link_to(fixed), PROFIT, sleep=lambda _: None))


def test_rows_typed_by_metainfo_which_is_asked_once(fixed, rest: RestConnectors) -> None:
    fixed.json(METAINFO)
    for _ in range(2):
        fixed.json(ROWS)
        assert list(rest.rows("Profit_Article", Query(take=2))) == RECORDS
    assert [request.split(b" ")[1] for request in fixed.requests] == [
        b"/ProfitRestServices/metainfo/get/Profit_Article",
        b"/ProfitRestServices/connectors/Profit_Article?skip=0&take=2",
        b"/ProfitRestServices/connectors/Profit_Article?skip=0&take=2",
    ]


def test_the_catalogue_and_the_version(fixed, rest: RestConnectors) -> None:
    fixed.json(
        '{"updateConnectors":[{"id":"KnSubject","description":"Dossieritem"}],'
        '"getConnectors":[{"id":"Profit_Article","description":"Artikelen"}],'
        '"customConnectors":[],"info":{"envid":"T12345AC","appName":"Demo","group":"","tokenExpiry":"0"}}'
    )
    catalogue = rest.catalogue()
    assert [(entry.id, entry.description) for entry in catalogue.get_connectors] == [("Profit_Article", "Artikelen")]
    assert catalogue.environment_id == "T12345AC"
    fixed.json('{"version":"22.22.5"}')
    assert rest.version() == "22.22.5"


def test_a_name_that_is_no_column_is_refused_before_the_call(fixed, rest: RestConnectors) -> None:
    fixed.json(METAINFO)
    with pytest.raises(QueryError, match=r"no column 'Prise'\. The nearest: Price\. It has no column 'Zwart'"):
        rest.rows("Profit_Article", Query(((Condition("Prise", Operator.EQUALS, "1"),),), (Sort("Zwart"),), take=1))
    assert len(fixed.requests) == 1


def test_a_column_that_went_away_since(fixed, rest: RestConnectors) -> None:
    """Metainfo has it, Profit says no: then there is nothing to add to what Profit says."""
    fixed.json(METAINFO)
    fixed.json('{"externalMessage":"Connector field \'Price\' not found","errorNumber":-2147180996}', "500 No")
    with pytest.raises(ProfitError) as caught:
        rest.rows("Profit_Article", Query(order_by=(Sort("Price"),), take=1))
    assert caught.value.message == "Connector field 'Price' not found"


def test_a_column_that_went_away_between_two_reads(fixed, rest: RestConnectors) -> None:
    """What was known is asked again: it is the error of any other column that is not there."""
    fixed.json(METAINFO.replace("Price", "Prise"))
    rest.fields("Profit_Article")
    fixed.json('{"externalMessage":"Connector field \'Prise\' not found","errorNumber":-2147180996}', "500 No")
    fixed.json(METAINFO)
    with pytest.raises(QueryError, match=r"no column 'Prise'\. The nearest: Price\."):
        rest.rows("Profit_Article", Query(order_by=(Sort("Prise"),), take=1))


@pytest.mark.parametrize(("column", "value"), [("Price", "2.500,00"), ("Price", "ja")])
def test_a_value_that_is_none_of_its_columns_kind_is_refused_before_the_call(
    fixed, rest: RestConnectors, column: str, value: str
) -> None:
    fixed.json(METAINFO)
    with pytest.raises(QueryError, match=rf"The filter '{column} = {value}' does not fit its column"):
        rest.rows("Profit_Article", Query(((Condition(column, Operator.EQUALS, value),),), take=1))
    assert len(fixed.requests) == 1


def test_a_connector_that_is_not_in_the_app(fixed, rest: RestConnectors) -> None:
    fixed.json('{"externalMessage":"GetConnector not supported for this app or the user is not authorized"}', "500 No")
    with pytest.raises(AccessDenied, match="Add Profit_Niets to the app connector") as caught:
        rest.rows("Profit_Niets", Query(take=1))
    assert caught.value.connector == "Profit_Niets"


@pytest.mark.parametrize("end", [20, -3])
def test_an_answer_that_ends_too_soon(fixed, rest: RestConnectors, end: int) -> None:
    fixed.json(METAINFO)
    fixed.json(ROWS[:end])
    with pytest.raises(CutOff) as caught:
        list(rest.rows("Profit_Article", Query(take=2)))
    assert caught.value.connector == "Profit_Article"


def test_an_answer_that_is_no_json(fixed, rest: RestConnectors) -> None:
    fixed.json(METAINFO)
    fixed.json("[}")
    with pytest.raises(AnswerError) as caught:
        list(rest.rows("Profit_Article", Query(take=2)))
    assert caught.value.connector == "Profit_Article"


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_be_another_address(fixed, rest: RestConnectors, name: str) -> None:
    with pytest.raises(QueryError):
        rest.fields(name)
    assert not fixed.requests


def test_what_rest_has_not(rest: RestConnectors) -> None:
    with pytest.raises(NotOffered) as caught:
        rest.get_data(GetData("Profit_Article", options="<options><Outputmode>2</Outputmode></options>"))
    assert caught.value.offered_by == "soap"


# --- SOAP's operations, translated -------------------------------------------------------------------------------

SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
    '<xs:choice maxOccurs="unbounded"><xs:element name="Profit_Article"><xs:complexType><xs:sequence>'
    '<xs:element name="ItemCode" type="xs:string" minOccurs="0"/>'
    '<xs:element name="Price" type="xs:decimal" minOccurs="0"/>'
    '<xs:element name="Blocked" type="xs:boolean" minOccurs="0"/>'
    '<xs:element name="Since" type="xs:dateTime" minOccurs="0"/>'
    "</xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType></xs:element></xs:schema>"
)
FIRST = (
    "<Profit_Article><ItemCode>A &amp; B</ItemCode><Price>-0.5</Price><Blocked>true</Blocked>"
    "<Since>2024-02-01T00:00:00</Since></Profit_Article>"
)


def test_get_data_is_spelt_as_afas_xml(fixed, rest: RestConnectors) -> None:
    fixed.json(METAINFO)
    fixed.json(ROWS)
    filters = '<Filters><Filter><Field FieldId="ItemCode" OperatorType="10">A</Field></Filter></Filters>'
    result = b"".join(rest.get_data(GetData("Profit_Article", filters, 0, 2)))
    second = "<Profit_Article><ItemCode>C</ItemCode></Profit_Article>"
    assert result.decode() == f"<AfasGetConnector>{SCHEMA}{FIRST}{second}</AfasGetConnector>\n"
    assert b"?skip=0&take=2&filterfieldids=ItemCode&filtervalues=A&operatortypes=10 " in fixed.requests[1]


def test_options_over_rest(fixed, rest: RestConnectors) -> None:
    fixed.json(METAINFO)
    fixed.json(ROWS)
    options = (
        "<options><Outputmode>1</Outputmode><Metadata>0</Metadata><Outputoptions>3</Outputoptions><Skip>9</Skip>"
        '<Index><Field FieldId="ItemCode" OperatorType="0"/></Index></options>'
    )
    result = b"".join(rest.get_data(GetData("Profit_Article", None, 0, 2, options)))
    second = "<Profit_Article><ItemCode>C</ItemCode><Price/><Blocked/><Since/></Profit_Article>"
    assert result.decode() == f"<AfasGetConnector>{FIRST}{second}</AfasGetConnector>\n"
    # The take of the parameters wins over Take in the options; the skip, which is 0, leaves it to Skip.
    assert b"?skip=9&take=2&orderbyfieldids=-ItemCode " in fixed.requests[1]


@pytest.mark.parametrize(
    ("skip", "take", "sent"),
    [
        (-1, 5, b"?skip=-1&take=-1 "),
        (-1, -1, b"?skip=-1&take=-1 "),
        (-7, 5, b"?skip=0&take=5 "),
        (3, 5, b"?skip=3&take=5 "),
    ],
)
def test_skip_and_take_as_soap_means_them(fixed, rest: RestConnectors, skip: int, take: int, sent: bytes) -> None:
    """Measured over SOAP: profit-wire 2.3."""
    fixed.json(METAINFO)
    fixed.json(ROWS)
    b"".join(rest.get_data(GetData("Profit_Article", None, skip, take)))
    assert sent in fixed.requests[1]


def test_a_take_in_the_options_is_at_most_a_thousand(fixed, rest: RestConnectors) -> None:
    """Measured over SOAP, where the parameter has no such limit: profit-wire 2.3."""
    fixed.json(METAINFO)
    fixed.json(ROWS)
    b"".join(rest.get_data(GetData("Profit_Article", None, 0, 0, "<options><Take>5000</Take></options>")))
    assert b"?skip=0&take=1000 " in fixed.requests[1]


def test_a_take_of_nought_is_no_rows_and_no_question(fixed, rest: RestConnectors) -> None:
    """Over REST it gave one row (profit-wire 3.2)."""
    fixed.json(METAINFO)
    result = b"".join(rest.get_data(GetData("Profit_Article")))
    assert result.decode() == f"<AfasGetConnector>{SCHEMA}</AfasGetConnector>\n"
    assert len(fixed.requests) == 1


def test_a_negative_take_is_for_profit_to_refuse(fixed, rest: RestConnectors) -> None:
    fixed.json(METAINFO)
    fixed.json('{"externalMessage":"An unexpected error has occurred.","errorNumber":-2147180999}', "500 No")
    with pytest.raises(ProfitError, match="unexpected error"):
        rest.get_data(GetData("Profit_Article", None, 2, -1))
    assert b"?skip=2&take=-1 " in fixed.requests[1]


def test_a_large_document_comes_in_pieces(fixed, rest: RestConnectors) -> None:
    row = '{"ItemCode":"' + "x" * 1000 + '","Price":1,"Blocked":true,"Since":null}'
    fixed.json(METAINFO)
    fixed.json('{"skip":0,"take":500,"rows":[' + ",".join([row] * 500) + "]}")
    pieces = list(rest.get_data(GetData("Profit_Article", None, 0, 500)))
    assert len(pieces) > 5
    assert b"".join(pieces).count(b"<Profit_Article>") == 500


def test_close_lets_go(fixed, rest: RestConnectors) -> None:
    """Twice does no harm, and asking again opens a connection anew."""
    rest.close()
    rest.close()
    fixed.json('{"version":"22.22.5"}')
    assert rest.version() == "22.22.5"


# --- updates -----------------------------------------------------------------------------------------------------


def _sent(request: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


def test_an_update_is_one_call_with_its_verb_and_its_body(fixed, rest: RestConnectors) -> None:
    for action, verb in ((Action.INSERT, "POST"), (Action.UPDATE, "PUT")):
        fixed.json('{"results":{"KnSubject":{"SbId":"1957"}}}', "201 Created")
        update = update_from_plain(
            "KnSubject", {"@SbId": 1957, "Ds": "één", "St": True}, action=action, root="KnSubject"
        )
        assert rest.send(update)["SbId"] == "1957"
        first, headers, body = _sent(fixed.requests[-1])
        assert first == f"{verb} /ProfitRestServices/connectors/KnSubject HTTP/1.1"
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert headers["Authorization"].startswith("AfasToken ")
        assert body == '{"KnSubject":{"Element":{"@SbId":1957,"Fields":{"Ds":"één","St":true}}}}'.encode()


def test_a_delete_has_no_body_and_a_receipt_of_several_records_keeps_their_order(fixed, rest: RestConnectors) -> None:
    fixed.reply("", "application/xml; charset=utf-8", "200 OK")
    gone = update_from_plain("KnSubject", {"@SbId": 1957}, action=Action.DELETE, root="KnSubject")
    assert rest.send(gone).keys == ()
    first, headers, body = _sent(fixed.requests[-1])
    assert first == "DELETE /ProfitRestServices/connectors/KnSubject/KnSubject/@SbId/1957 HTTP/1.1"
    assert "Content-Type" not in headers
    assert body == b""
    fixed.json('{"results":{"KnCustomK01":[{"SqNo":"4"},{"SqNo":"5"}]}}', "201 Created")
    several = update_from_plain("KnCustomK01", [{"U001": "a"}, {"U001": "b"}], root="KnCustomK01")
    assert rest.send(several).keys == ({"SqNo": "4"}, {"SqNo": "5"})


def test_what_would_be_sent_shows_no_secret_and_sends_nothing(fixed, rest: RestConnectors) -> None:
    outgoing = rest.outgoing(update_from_plain("KnSubject", {"Ds": "x"}, root="KnSubject"))
    assert (outgoing.method, outgoing.url) == ("POST", f"{fixed.rest_url}/connectors/KnSubject")
    assert outgoing.headers["Authorization"] == "AfasToken ***"
    assert outgoing.body == b'{"KnSubject":{"Element":{"Fields":{"Ds":"x"}}}}'
    assert not fixed.requests


def test_a_schema_is_made_from_metainfo(fixed, rest: RestConnectors) -> None:
    fixed.json(
        '{"id":"FiEntries","name":"FiEntryPar","description":"x","fields":[{"fieldId":"Year","primaryKey":false,'
        '"dataType":"int","label":"Boekjaar","mandatory":true,"length":10,"decimals":0,"values":null}],"objects":[]}'
    )
    schema = rest.schema("FiEntries")
    assert '<xsd:element name="FiEntryPar">' in schema
    assert fixed.requests[0].startswith(b"GET /ProfitRestServices/metainfo/update/FiEntries HTTP/1.1")
