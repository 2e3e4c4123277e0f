"""Answers whose text is odd and whose meaning is not: blanks in front, refusals with 200, control characters."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest

from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AnswerError, Busy, NotFound, ProfitError, QueryError, Uncertain
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.questions.query import Query, Sort
from afas_soap.profit.updates.update import Action
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.documents.soap import SoapDocuments
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

LinkTo = Callable[..., Link]
SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
    '<xs:choice maxOccurs="unbounded"><xs:element name="Debtors"><xs:complexType><xs:sequence><xs:element name="Id" '
    'type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:choice></xs:complexType>'
    "</xs:element></xs:schema>"
)
METAINFO = '{"name":"Debtors","description":"","fields":[{"id":"Id","dataType":"string"}]}'
UPDATE = update_from_plain("KnSubject", {"StId": 4}, action=Action.INSERT, root="KnSubject")
FRONTS = ["\n", "\r\n \t", "\ufeff", "\ufeff\r\n", "\n\ufeff\n"]
LOG_REFERENCE = "0123456789ABCDEF0123456789ABCDEF"


def envelope(text: str, operation: str = "GetDataWithOptions") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<{operation}Response xmlns="urn:Afas.Profit.Services"><{operation}Result>'
        f"{escaped}</{operation}Result></{operation}Response></soap:Body></soap:Envelope>"
    )


def document(value: str) -> str:
    return f"<AfasGetConnector>{SCHEMA}<Debtors><Id>{value}</Id></Debtors></AfasGetConnector>\n"


@pytest.fixture
def rest(fixed, link_to: LinkTo) -> RestConnectors:
    return RestConnectors(Transport(link_to(fixed), PROFIT, sleep=lambda _: None))


@pytest.fixture
def soap(fixed, link_to: LinkTo) -> SoapConnectors:
    return SoapConnectors(Transport(link_to(fixed), PROFIT, sleep=lambda _: None))


@pytest.mark.parametrize("front", FRONTS)
def test_blanks_in_front_of_an_answer_with_rows(fixed, soap: SoapConnectors, front: str) -> None:
    """Outside and inside, where a declaration may stand as well."""
    inside = f'{front}<?xml version="1.0" encoding="utf-16"?>{document("1")}'
    for answer in (front + envelope(document("1")), envelope(inside), front + envelope(inside)):
        fixed.xml(answer)
        assert list(soap.rows("Debtors", Query(take=1))) == [{"Id": "1"}]
        fixed.xml(answer)
        assert "<Id>1</Id>" in b"".join(soap.get_data(GetData("Debtors", None, 0, 1))).decode()


@pytest.mark.parametrize("front", FRONTS)
def test_blanks_in_front_of_a_receipt(fixed, soap: SoapConnectors, front: str) -> None:
    """A booked insert is done, and not uncertain."""
    receipt = '<?xml version="1.0"?>\n<results><KnSubject><SbId>7</SbId></KnSubject></results>\n'
    for answer in (front + envelope(receipt, "Execute"), envelope(front + receipt, "Execute")):
        fixed.xml(answer)
        assert soap.send(UPDATE).keys == ({"SbId": "7"},)


@pytest.mark.parametrize(
    "text",
    ["General message: The file does not exist or the user is not authorized for it.", "Het bestand bestaat niet."],
)
def test_what_is_not_there_or_may_not_be_had_is_not_found(fixed, link_to: LinkTo, text: str) -> None:
    """The texts are inferred; over REST AFAS says 404 for both."""
    fault = f"<soap:Fault><faultcode>soap:Server</faultcode><faultstring>{text}</faultstring></soap:Fault>"
    envelope_ = "http://schemas.xmlsoap.org/soap/envelope/"
    fixed.xml(f'<soap:Envelope xmlns:soap="{envelope_}"><soap:Body>{fault}</soap:Body></soap:Envelope>', status=500)
    documents = SoapDocuments(Transport(link_to(fixed), PROFIT, sleep=lambda _: None))
    with pytest.raises(NotFound, match="sign in to Profit as that user"):
        b"".join(documents.attachment(1, "A" * 32))


@pytest.mark.parametrize("front", FRONTS)
def test_blanks_in_front_of_a_fault(fixed, soap: SoapConnectors, front: str) -> None:
    """The same refusal as without."""
    fault = (
        f"{front}<?xml version='1.0'?><soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body>"
        "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Nee.</faultstring></soap:Fault></soap:Body>"
        "</soap:Envelope>"
    )
    for status in ("200 OK", "500 Internal Server Error"):
        fixed.xml(fault, status)
        with pytest.raises(ProfitError, match="Nee"):
            soap.rows("Debtors", Query(take=1))


@pytest.mark.parametrize("front", FRONTS[:4])
def test_blanks_in_front_of_json(fixed, rest: RestConnectors, front: str) -> None:
    """In metainfo and in rows."""
    fixed.json(METAINFO)
    fixed.json(front + '{"skip":0,"take":1,"rows":[{"Id":"1"}]}')
    assert list(rest.rows("Debtors", Query(take=1))) == [{"Id": "1"}]


def body(message: str) -> str:
    return json.dumps({"externalMessage": message, "errorNumber": -2147220469, "profitLogReference": LOG_REFERENCE})


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("The entered value for 'Employee' does not exist.", ProfitError),
        ("Connector Debtors does not exist", NotFound),
        ("Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd.", AccessDenied),
    ],
)
def test_a_refusal_with_200_in_place_of_rows(
    fixed, rest: RestConnectors, message: str, kind: type[ProfitError]
) -> None:
    """What it would have been with 500: its kind, number, log reference and trace id, and the remedy."""
    answers = []
    for status in ("200 OK", "500 Internal Server Error"):
        fixed.json(METAINFO)
        fixed.json(body(message), status, "X-Trace-Identifier: abc")
        with pytest.raises(ProfitError) as caught:
            list(rest.rows("Debtors", Query(take=1)))
        assert type(caught.value) is kind
        assert (caught.value.number, caught.value.log_reference) == (-2147220469, LOG_REFERENCE)
        assert caught.value.trace_id == "abc"
        answers.append(caught.value.message)
        rest = RestConnectors(rest._transport)
    assert answers[0] == answers[1]


def test_a_refusal_with_200_in_place_of_metainfo_and_others(fixed, rest: RestConnectors) -> None:
    """Whatever was asked."""
    for ask in (rest.version, rest.catalogue, lambda: rest.fields("Debtors"), lambda: rest.schema("KnSubject")):
        fixed.json(body("Nee."))
        with pytest.raises(ProfitError) as caught:
            ask()
        assert (caught.value.message, caught.value.number) == ("Nee.", -2147220469)
        fixed.json('{"nothing":"of the kind"}')
        with pytest.raises(AnswerError):
            ask()


def test_an_absence_with_200(fixed, rest: RestConnectors) -> None:
    """It says when to come back."""
    away = '{"error":{"code":"503","message":"Onderhoud."},"retry_after":60}'
    fixed.json(METAINFO)
    fixed.json(away)
    with pytest.raises(Busy, match="Onderhoud") as caught:
        list(rest.rows("Debtors", Query(take=1)))
    assert caught.value.retry_after == 60
    fixed.json(away)
    with pytest.raises(Busy, match="Onderhoud"):
        rest.version()


def test_a_refusal_with_200_of_a_column(fixed, rest: RestConnectors) -> None:
    """The nearest names, as with 500: the column went away since metainfo was asked."""
    fixed.json(METAINFO.replace("Id", "Nr"))
    rest.fields("Debtors")
    fixed.json(body("Connector field 'Nr' not found"))
    fixed.json(METAINFO)
    with pytest.raises(QueryError, match="no column 'Nr'"):
        list(rest.rows("Debtors", Query(order_by=(Sort("Nr"),), take=1)))


def test_a_refusal_with_200_of_a_write(fixed, rest: RestConnectors) -> None:
    """Nobody knows what it means there; its message is kept."""
    fixed.json(body("Nee."))
    with pytest.raises(Uncertain, match="Nee"):
        rest.send(UPDATE)


CONTROLS = [("&#x1;", 1), ("&#1;&#x00002;", 2), ("\x0b", 1), ("&#xFFFF;\x1f", 2)]


@pytest.mark.parametrize(("value", "count"), CONTROLS)
@pytest.mark.parametrize("outside", [False, True])
def test_a_control_character(
    fixed, soap: SoapConnectors, value: str, count: int, outside: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """In the rows, where it stands escaped, and in the envelope: an error that names the option, or replaced."""
    answer = envelope(document("VALUE")).replace("VALUE", value if outside else value.replace("&", "&amp;"))
    client = ProfitClient(soap)
    fixed.xml(answer)
    with pytest.raises(AnswerError, match="replace_controls=True reads it with U"):
        list(client.rows("Debtors", take=1))
    fixed.xml(answer)
    caplog.set_level(logging.WARNING)
    assert list(client.rows("Debtors", take=1, replace_controls=True)) == [{"Id": "\ufffd" * count}]
    what = "character" if count == 1 else "characters"
    assert caplog.messages == [f"Debtors: {count} {what} that XML cannot carry replaced by U+FFFD"]


def test_control_characters_of_all_pages_are_counted_together(
    fixed, soap: SoapConnectors, caplog: pytest.LogCaptureFixture
) -> None:
    """Once, when the rows end."""
    for value in ("a&#x1;", "b&#x1;"):
        fixed.xml(envelope(document(value)))
    fixed.xml(envelope(f"<AfasGetConnector>{SCHEMA}</AfasGetConnector>"))
    caplog.set_level(logging.WARNING)
    with ProfitClient(soap).rows("Debtors", order_by=["Id"], page_size=1, replace_controls=True) as rows:
        assert [row["Id"] for row in rows] == ["a\ufffd", "b\ufffd"]
    assert caplog.messages == ["Debtors: 2 characters that XML cannot carry replaced by U+FFFD"]


def test_columns_of_a_row_that_holds_one(fixed, soap: SoapConnectors) -> None:
    """They are known whatever stands in it."""
    fixed.xml(envelope(""))
    fixed.xml(envelope(document("&#x1;")))
    assert soap.fields("Debtors").names == ("Id",)


def test_advice_where_the_option_helps_only(fixed, soap: SoapConnectors) -> None:
    """Not for a result that is passed on as it is, nor for a receipt."""
    fixed.xml(envelope("x").replace(">x<", ">&#x1;<"))
    with pytest.raises(AnswerError, match="invalid character number") as caught:
        b"".join(soap.get_data(GetData("Debtors", None, 0, 1)))
    assert "replace_controls" not in str(caught.value)
    fixed.xml(envelope(document("\xe9")).encode("latin-1").replace(b"\xc3", b""))
    with pytest.raises(AnswerError, match="a byte stands there that is no UTF-8") as caught:
        list(soap.rows("Debtors", Query(take=1)))
    assert "replace_controls" not in str(caught.value)
