"""What became of a write: done, not sent, refused, or uncertain; and that only what was not sent is sent again."""

from __future__ import annotations

import functools
import gzip
import json
import re
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    Fate,
    NotFound,
    ProfitError,
    QueryError,
    SettingsError,
    SignInError,
    TransportError,
    Uncertain,
    UpdateError,
)
from afas_soap.limits import CALL_BYTES
from afas_soap.profit.updates.update import Action, Element, Update
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.wire.http import outcomes
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.outcomes import Stage
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

LinkTo = Callable[..., Link]
told = functools.partial(outcomes.told, advice="Look it up.")
Connectors = RestConnectors | SoapConnectors

INSERT = update_from_plain("KnSubject", {"StId": 4, "Ds": "Offerte"}, root="KnSubject")
RESULT = (
    '&lt;?xml version="1.0"?&gt;\n'
    "&lt;results&gt;&lt;KnSubject&gt;&lt;SbId&gt;7&lt;/SbId&gt;&lt;/KnSubject&gt;&lt;/results&gt;\n"
)
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
    "<soap:Body>{body}</soap:Body></soap:Envelope>"
)
DONE = ENVELOPE.format(
    body=f'<ExecuteResponse xmlns="urn:Afas.Profit.Services"><ExecuteResult>{RESULT}</ExecuteResult></ExecuteResponse>'
)
FAULT = ENVELOPE.format(
    body="<soap:Fault><faultcode>soap:Server</faultcode><faultstring>{message}</faultstring>"
    "<detail><ProfitApplicationException><ErrorNumber>-2147220469</ErrorNumber><Message>{message}</Message>"
    "</ProfitApplicationException></detail></soap:Fault>"
)
REFUSAL = (
    '{{"externalMessage":"{message}","errorNumber":-2147220469,'
    '"profitLogReference":"B8213AF1C3C54E579686406A8DE71C6C"}}'
)


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture(params=["rest", "soap"])
def connectors(request: pytest.FixtureRequest, fixed, link_to: LinkTo, naps: list[float]) -> Connectors:
    """Each protocol, with pauses that take no time."""
    transport = Transport(link_to(fixed), PROFIT, sleep=naps.append)
    return RestConnectors(transport) if request.param == "rest" else SoapConnectors(transport)


def _refuse(fixed, connectors: Connectors, message: str, status: str = "500 Error") -> None:
    if isinstance(connectors, RestConnectors):
        fixed.json(REFUSAL.format(message=message), status, "X-Trace-Identifier: spoor-1")
    else:
        fixed.xml(FAULT.format(message=message), status, "X-Trace-Identifier: spoor-1")


def _done(fixed, connectors: Connectors) -> None:
    if isinstance(connectors, RestConnectors):
        fixed.json('{"results":{"KnSubject":{"SbId":"7"}}}', "201 Created", "X-Trace-Identifier: spoor-1")
    else:
        fixed.xml(DONE, "200 OK", "X-Trace-Identifier: spoor-1")


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _error(connectors: Connectors) -> AfasError:
    with pytest.raises(AfasError) as caught:
        connectors.send(INSERT)
    assert (caught.value.operation, caught.value.connector, caught.value.environment) == (
        "insert",
        "KnSubject",
        "12345-test",
    )
    return caught.value


def test_done_gives_the_same_receipt_on_both_protocols(fixed, connectors: Connectors) -> None:
    _done(fixed, connectors)
    receipt = connectors.send(INSERT)
    assert receipt.keys == ({"SbId": "7"},)
    assert receipt["SbId"] == "7"
    assert receipt.trace_id == "spoor-1"
    assert len(fixed.requests) == 1


def test_a_receipt_whose_packing_ends_too_early_is_uncertain(fixed, connectors: Connectors) -> None:
    rest = isinstance(connectors, RestConnectors)
    packed = gzip.compress(b'{"results":{"KnSubject":{"SbId":"7"}}}' if rest else DONE.encode())[:-1]
    kind = "application/json" if rest else "text/xml"
    fixed.reply(packed, kind, "201 Created" if rest else "200 OK", "Content-Encoding: gzip")
    assert isinstance(_error(connectors), Uncertain)
    assert len(fixed.requests) == 1


def test_done_without_anything_to_tell(fixed, connectors: Connectors) -> None:
    """REST answers 200 or 201 without a body, SOAP an empty result (profit-wire 3.6 and 4.2)."""
    if isinstance(connectors, RestConnectors):
        fixed.reply("", "application/xml; charset=utf-8", "201 Created")
    else:
        body = '<ExecuteResponse xmlns="urn:Afas.Profit.Services"><ExecuteResult /></ExecuteResponse>'
        fixed.xml(ENVELOPE.format(body=body))
    assert connectors.send(update_from_plain("KnUser", {"@UsId": "x"}, root="KnUser")).keys == ()


def test_refused_is_profits_own_word_and_is_not_repeated(fixed, connectors: Connectors, naps: list[float]) -> None:
    _refuse(fixed, connectors, "The entered value for 'Employee' does not exist.")
    error = _error(connectors)
    assert type(error) is ProfitError
    assert error.message == "The entered value for 'Employee' does not exist."
    assert (error.number, error.trace_id) == (-2147220469, "spoor-1")
    assert len(fixed.requests) == 1
    assert naps == []


def test_a_fault_in_a_200_answer_is_refused_too(fixed, link_to: LinkTo) -> None:
    soap = SoapConnectors(Transport(link_to(fixed), PROFIT))
    _refuse(fixed, soap, "Type mismatch", "200 OK")
    assert type(_error(soap)) is ProfitError


BARE = [
    ("400 Bad Request", ProfitError),
    ("401 Unauthorized", AccessDenied),
    ("403 Forbidden", AccessDenied),
    ("404 Not Found", NotFound),
    ("413 Too Large", ProfitError),
]


@pytest.mark.parametrize(("status", "kind"), BARE)
def test_afas_bare_status_is_not_sent(fixed, connectors: Connectors, status: str, kind: type[ProfitError]) -> None:
    fixed.reply("", "application/xml; charset=utf-8", status)
    error = _error(connectors)
    assert (type(error), error.fate) == (kind, Fate.NOT_SENT)
    assert error.status == int(status[:3])
    assert "2,049" not in error.message
    assert len(fixed.requests) == 1


@pytest.mark.parametrize("status", [status for status, _ in BARE])
def test_a_bare_status_that_breaks_off_is_not_bare(fixed, connectors: Connectors, status: str) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: 9\r\n\r\n"
    fixed.raw(head.encode(), None)
    assert type(_error(connectors)) is Uncertain


@pytest.mark.parametrize("status", [status for status, _ in BARE])
@pytest.mark.parametrize("length", ["abc", "-5", "0, x", ""])
def test_a_length_that_is_none_does_not_tell_that_there_is_no_body(
    fixed, connectors: Connectors, status: str, length: str
) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {length}\r\n\r\n"
    fixed.raw(head.encode(), None)
    assert type(_error(connectors)) is Uncertain


@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
def test_nor_does_it_of_an_update_that_is_answered_without_one(fixed, link_to: LinkTo, status: str) -> None:
    connectors = RestConnectors(Transport(link_to(fixed), PROFIT))
    update = update_from_plain("KnSubjectReaction", {"SbId": 1}, root="KnSubjectReaction")
    fixed.raw(f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n".encode(), None)
    assert connectors.send(update).keys == ()
    fixed.raw(f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n".encode(), None)
    with pytest.raises(Uncertain):
        connectors.send(update)


@pytest.mark.parametrize("status", [status for status, _ in BARE])
@pytest.mark.parametrize(
    ("body", "media"),
    [
        ("<html><h1>Forbidden</h1></html>", "text/html"),
        ('{"message":"Unauthorized"}', "application/json"),
        ('{"statusCode":404,"message":"Resource not found"}', "application/json"),
        ("<Error><Code>AccessDenied</Code></Error>", "application/xml"),
        (" ", "application/xml"),
        ("", "text/html"),
        ("", "text/plain"),
        ("", "application/xml-dtd"),
    ],
)
def test_the_same_status_of_somebody_else_is_uncertain(
    fixed, connectors: Connectors, status: str, body: str, media: str
) -> None:
    """A gateway, a cache or a firewall gives these, too, also when Profit has worked."""
    fixed.reply(body, media, status)
    error = _error(connectors)
    assert (type(error), error.fate) == (Uncertain, Fate.UNCERTAIN)
    assert len(fixed.requests) == 1


@pytest.mark.parametrize(("status", "advice"), [("401 No", "refused the token"), ("404 No", "check (soap|rest)_url")])
@pytest.mark.parametrize("body", ["", '{"message":"Nee, zegt de poort"}'])
def test_a_foreign_401_or_404_keeps_its_advice(
    fixed, connectors: Connectors, status: str, advice: str, body: str
) -> None:
    fixed.reply(body, "application/json", status)
    error = _error(connectors)
    assert re.search(advice, error.message)
    assert ("Nee, zegt de poort" in error.message) is bool(body)


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found"])
def test_profits_whole_form_has_the_status_500_over_rest(fixed, connectors: Connectors, status: str) -> None:
    """Over SOAP the fault with Profit's own detail tells, whatever the status is."""
    _refuse(fixed, connectors, "Nee.", status)
    error = _error(connectors)
    assert error.number == -2147220469
    assert error.fate is (Fate.UNCERTAIN if isinstance(connectors, RestConnectors) else Fate.REFUSED)


AWAY = '{"error":{"code":"503","message":"Onderhoud."},"retry_after":7}'


def test_afas_whole_503_was_not_begun_and_is_repeated(fixed, connectors: Connectors, naps: list[float]) -> None:
    fixed.json(AWAY, "503 Unavailable", "Retry-After: 9")
    _done(fixed, connectors)
    assert connectors.send(INSERT).keys == ({"SbId": "7"},)
    assert len(fixed.requests) == 2
    assert naps == [7.0]


@pytest.mark.parametrize(
    ("body", "media"),
    [
        ("", "text/html"),
        ("", "application/json"),
        ("<html>Back soon</html>", "text/html"),
        ("{}", "application/json"),
        ('{"retry_after":7}', "application/json"),
        ('{"error":"Too busy","retry_after":7}', "application/json"),
        ('{"error":{"code":"503","message":"Away"}}', "application/json"),
        (AWAY, "text/html"),
    ],
)
@pytest.mark.parametrize("header", [(), ("Retry-After: 7",)])
def test_any_other_503_is_uncertain_and_never_repeated(
    fixed, connectors: Connectors, naps: list[float], body: str, media: str, header: tuple[str, ...]
) -> None:
    """Proxies and caches send them, also behind a back end that has worked."""
    fixed.reply(body, media, "503 Unavailable", *header)
    assert type(_error(connectors)) is Uncertain
    assert len(fixed.requests) == 1
    assert naps == []


def test_a_503_for_longer_than_one_waits_was_not_sent(fixed, connectors: Connectors) -> None:
    fixed.json(AWAY.replace("7}", "7200}"), "503 Unavailable")
    error = _error(connectors)
    assert (type(error), error.fate) == (Busy, Fate.NOT_SENT)
    assert error.retry_after == 7200


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 Timeout", "503 Unavailable", "429 Too Many", "500 Error",
                                    "400 Bad Request", "302 Found"])  # fmt: skip
def test_a_status_that_says_nothing_documented_is_uncertain_and_never_repeated(
    fixed,
    connectors: Connectors,
    naps: list[float],
    status: str,
) -> None:
    fixed.html(status)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert error.sent
    assert "whether Profit booked it is not known" in error.message
    assert len(fixed.requests) == 1
    assert naps == []


@pytest.mark.parametrize(
    "message",
    [
        "Command timeout expired.",
        "De maximale tijdsduur voor het uitvoeren van de opdracht is verstreken.",
        "Thread was being aborted.",
    ],
)
def test_profit_gave_up_waiting_which_says_nothing_of_the_work(fixed, connectors: Connectors, message: str) -> None:
    """More such sentences, and those that only look so, stand in ``tests/test_gaveup.py``."""
    _refuse(fixed, connectors, message)
    error = _error(connectors)
    assert (type(error), error.fate) == (Uncertain, Fate.UNCERTAIN)
    assert error.message.startswith(message)
    # Advice for reads is none for updates.
    assert "page_size" not in error.message
    assert (error.number, error.trace_id, error.status) == (-2147220469, "spoor-1", 500)


WHOLE = {
    "externalMessage": "Nee.",
    "errorNumber": -2147220469,
    "profitLogReference": "B8213AF1C3C54E579686406A8DE71C6C",
}


@pytest.mark.parametrize("missing", ["", "externalMessage", "errorNumber", "profitLogReference"])
@pytest.mark.parametrize("status", ["400 Bad", "409 Conflict", "422 Unprocessable", "500 Error", "501 Not"])
def test_rest_refuses_in_its_whole_form_alone(fixed, link_to: LinkTo, missing: str, status: str) -> None:
    members = {name: value for name, value in WHOLE.items() if name != missing}
    fixed.json(json.dumps(members), status)
    error = _error(RestConnectors(Transport(link_to(fixed), PROFIT)))
    whole = not missing and status.startswith("500")
    assert (type(error), error.fate) == ((ProfitError, Fate.REFUSED) if whole else (Uncertain, Fate.UNCERTAIN))
    if "externalMessage" in members:
        assert error.message.startswith("Nee.")


@pytest.mark.parametrize(
    "body",
    ['{"message":"Endpoint request timed out"}', '{"message":"Internal Server Error"}', '{"message":"Invalid json"}',
     '{"error":{"message":"Backend","code":500}}'],
)  # fmt: skip
@pytest.mark.parametrize("status", ["400 Bad Request", "429 Too Many", "500 Error", "502 Bad Gateway", "504 Time-out"])
def test_any_other_message_is_uncertain(fixed, connectors: Connectors, body: str, status: str) -> None:
    fixed.json(body, status)
    error = _error(connectors)
    known = isinstance(connectors, RestConnectors) and "Invalid" in body and status.startswith("400")
    assert (type(error), error.fate) == ((ProfitError, Fate.REFUSED) if known else (Uncertain, Fate.UNCERTAIN))


@pytest.mark.parametrize(
    "detail",
    ["", "<detail />", "<detail><ProfitApplicationException><Message>x</Message></ProfitApplicationException></detail>",
     "<detail><ErrorNumber>-2147220469</ErrorNumber></detail>",
     "<detail><ProfitApplicationException><ErrorNumber>?</ErrorNumber></ProfitApplicationException></detail>"],
)  # fmt: skip
@pytest.mark.parametrize("status", ["200 OK", "400 Bad", "500 Error"])
def test_a_fault_without_profits_own_detail_is_uncertain(fixed, link_to: LinkTo, detail: str, status: str) -> None:
    fault = f"<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Nee.</faultstring>{detail}</soap:Fault>"
    fixed.xml(ENVELOPE.format(body=fault), status)
    error = _error(SoapConnectors(Transport(link_to(fixed), PROFIT)))
    assert (type(error), error.fate) == (Uncertain, Fate.UNCERTAIN)
    assert error.message.startswith(("Nee.", "x."))


PROFITS = FAULT[FAULT.index("<soap:Fault>") : FAULT.index("</soap:Body>")].format(message="Nee.")


@pytest.mark.parametrize(
    "answer",
    [ENVELOPE.format(body=PROFITS + DONE[DONE.index("<ExecuteResponse") : DONE.index("</soap:Body>")]),
     ENVELOPE.format(body=PROFITS + PROFITS),
     DONE.replace("<soap:Body>", f"<soap:Header>{PROFITS}</soap:Header><soap:Body>"),
     DONE.replace(RESULT, PROFITS)],
)  # fmt: skip
@pytest.mark.parametrize("status", ["200 OK", "500 Error"])
def test_a_fault_that_is_not_all_of_the_body_is_uncertain(fixed, link_to: LinkTo, answer: str, status: str) -> None:
    fixed.xml(answer, status)
    assert type(_error(SoapConnectors(Transport(link_to(fixed), PROFIT)))) is Uncertain


def test_white_space_and_comments_beside_a_fault_are_nothing(fixed, link_to: LinkTo) -> None:
    fixed.xml(ENVELOPE.format(body=f"\n <!-- x --> {PROFITS}\n"), "500 Error")
    assert _error(SoapConnectors(Transport(link_to(fixed), PROFIT))).fate is Fate.REFUSED


def test_a_refusal_in_the_other_protocols_language_is_uncertain(fixed, link_to: LinkTo) -> None:
    fixed.json(json.dumps(WHOLE), "500 Error")
    assert type(_error(SoapConnectors(Transport(link_to(fixed), PROFIT)))) is Uncertain
    fixed.xml(FAULT.format(message="Nee."), "500 Error")
    assert type(_error(RestConnectors(Transport(link_to(fixed), PROFIT)))) is Uncertain


@pytest.mark.parametrize("body", ["<html>Proxy</html>", "[1]", '{"results":{"KnSubject":7}}', "<results/>"])
def test_a_success_that_is_no_receipt_is_uncertain(fixed, connectors: Connectors, body: str) -> None:
    media = (
        "text/html" if "html" in body else "text/xml" if isinstance(connectors, SoapConnectors) else "application/json"
    )
    fixed.reply(body, media)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert len(fixed.requests) == 1


KEYS = '{"results":{"KnSubject":{"SbId":"7"}}}'


@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
@pytest.mark.parametrize(
    "body",
    ["", "null", '""', "{}", "[]", "0", '{"results":{}}', '{"results":null}', '{"results":""}', '{"KnSubject":{}}',
     '{"results":{"KnSubject":[]}}', '{"results":{"KnSubject":{"SbId":""}}}', '{"results":{"KnSubject":{"SbId":null}}}',
     '{"results":{"KnSubject":{"Id":"7"}}}', '{"results":{"FbSales":{"OrNu":"1"}}}', '{"skip":0,"take":1,"rows":[]}',
     '{"results":{"KnSubject":[{"SbId":"7"},{}]}}', '{"status":"ok"}', '{"message":"Accepted"}', json.dumps(WHOLE)],
)  # fmt: skip
def test_a_success_without_this_updates_receipt_is_uncertain(fixed, link_to: LinkTo, status: str, body: str) -> None:
    fixed.json(body, status)
    error = _error(RestConnectors(Transport(link_to(fixed), PROFIT)))
    assert (type(error), error.fate) == (Uncertain, Fate.UNCERTAIN)
    if body == json.dumps(WHOLE):
        assert error.message.startswith("Nee.")
        assert (error.number, error.log_reference) == (-2147220469, "B8213AF1C3C54E579686406A8DE71C6C")


@pytest.mark.parametrize("status", ["202 Accepted", "203 Other", "204 Nothing", "205 Reset", "206 Partial", "299 X"])
def test_no_other_success_books_anything(fixed, connectors: Connectors, status: str) -> None:
    rest = isinstance(connectors, RestConnectors)
    body = "" if status[:3] in ("204", "205") else KEYS if rest else DONE
    fixed.reply(body, "application/json" if rest else "text/xml", status)
    assert type(_error(connectors)) is Uncertain


@pytest.mark.parametrize(
    "body",
    [KEYS, '{"KnSubject":{"SbId":"7"}}', '{"results":{"knsubject":{"SbId":"7"}}}',
     '{"results":{"KnSubject":[{"SbId":"7","Extra":null}]}}'],
)  # fmt: skip
@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
def test_a_receipt_of_this_update_is_done(fixed, link_to: LinkTo, body: str, status: str) -> None:
    fixed.json(body, status)
    assert RestConnectors(Transport(link_to(fixed), PROFIT)).send(INSERT)["SbId"] == "7"


@pytest.mark.parametrize(
    ("connector", "action", "body", "done"),
    [
        ("KnCourseMember", Action.INSERT, "", True),
        ("KnCourseMember", Action.INSERT, '{"results":{"KnCourseMember":{"CdId":"1"}}}', True),
        ("KnCourseMember", Action.INSERT, "null", False),
        ("KnCourseMember", Action.INSERT, '{"results":{}}', False),
        ("KnSubject", Action.DELETE, "", True),
        ("KnSubject", Action.DELETE, '{"results":{"FbSales":{"OrNu":"1"}}}', False),
        ("KnSubject", Action.UPDATE, "", False),
        ("knsubject", Action.INSERT, "", False),
    ],
)
def test_an_empty_success_is_done_where_no_keys_are_documented(
    fixed, link_to: LinkTo, connector: str, action: Action, body: str, done: bool
) -> None:
    update = update_from_plain(connector, {"@Id": 1}, action=action, root=connector)
    fixed.reply(body, "application/json" if body else "application/xml", "200 OK")
    rest = RestConnectors(Transport(link_to(fixed), PROFIT))
    if done:
        rest.send(update)
    else:
        with pytest.raises(Uncertain):
            rest.send(update)


def _answer(operation: str, result: str, attributes: str = "") -> str:
    return ENVELOPE.format(
        body=f'<{operation}Response xmlns="urn:Afas.Profit.Services" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<{operation}Result{attributes}>{result}</{operation}Result></{operation}Response>"
    )


@pytest.mark.parametrize(
    "body",
    [
        _answer("GetDataWithOptions", ""),
        _answer("GetData", RESULT),
        _answer("Execute", "", ' xsi:nil="true"'),
        _answer("Execute", "&lt;results/&gt;"),
        _answer("Execute", RESULT.replace("KnSubject", "FbSales")),
        _answer("Execute", RESULT.replace("SbId", "OrNu")),
        _answer("Execute", "OK"),
        _answer("Execute", RESULT)
        .replace("<ExecuteResponse", "<UpdateResponse")
        .replace("/ExecuteResp", "/UpdateResp"),
        ENVELOPE.format(body='<ExecuteResponse xmlns="urn:Afas.Profit.Services" />'),
        ENVELOPE.format(body=""),
    ],
)
def test_a_soap_success_without_this_updates_receipt_is_uncertain(fixed, link_to: LinkTo, body: str) -> None:
    fixed.xml(body)
    assert type(_error(SoapConnectors(Transport(link_to(fixed), PROFIT)))) is Uncertain


def test_an_empty_result_over_soap_is_done_and_told(fixed, link_to: LinkTo, caplog: pytest.LogCaptureFixture) -> None:
    fixed.xml(_answer("Execute", ""))
    assert SoapConnectors(Transport(link_to(fixed), PROFIT)).send(INSERT).keys == ()
    assert "KnSubject: booked, and Profit told no keys, where REST documents SbId" in caplog.messages
    caplog.clear()
    fixed.xml(_answer("Execute", ""))
    gone = update_from_plain("KnSubject", {"@SbId": 7}, action=Action.DELETE, root="KnSubject")
    assert SoapConnectors(Transport(link_to(fixed), PROFIT)).send(gone).keys == ()
    assert not caplog.messages


CHUNKS = b"HTTP/1.1 201 Created\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("chunk", [b"-5\r\nabcde\r\n", b"zz\r\nabc\r\n", b"5;\r\nab"])
def test_what_nobody_thought_of_is_uncertain(fixed, connectors: Connectors, chunk: bytes) -> None:
    """``http.client`` raises what its ``int`` does for such a chunk."""
    media = b"application/json" if isinstance(connectors, RestConnectors) else b"text/xml"
    fixed.raw(CHUNKS % media + chunk, None)
    assert type(_error(connectors)) is Uncertain
    assert len(fixed.requests) == 1


def test_a_fault_of_our_own_after_the_call_is_uncertain(
    fixed, connectors: Connectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names where it happened, and no value."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("geheim")

    module = "rest" if isinstance(connectors, RestConnectors) else "soap"
    monkeypatch.setattr(f"afas_soap.wire.profit.{module}.receipt_from_{'json' if module == 'rest' else 'xml'}", broken)
    _done(fixed, connectors)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert "ZeroDivisionError in test_outcomes.py" in error.message
    assert "geheim" not in error.message


def test_ctrl_c_during_a_call_stays_what_it_is(fixed, connectors: Connectors, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Answer, "whole", interrupted)
    _done(fixed, connectors)
    with pytest.raises(KeyboardInterrupt):
        connectors.send(INSERT)


def _drip(body: bytes) -> tuple[bytes | float, ...]:
    return tuple(step for byte in body for step in (bytes([byte]), 0.05))


@pytest.mark.parametrize(
    "steps",
    [
        (b"HTTP/1.1 201 Created\r\nX-Slow: ", *_drip(b"." * 200)),
        (b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n", *_drip(b" " * 200)),
        (b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n" + KEYS.encode(), *_drip(b" " * 200)),
        (CHUNKS % b"application/json", *_drip(b"1\r\n \r\n" * 40)),
        (b"HTTP/1.1 500 Error\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n", *_drip(b" " * 200)),
    ],
    ids=["head", "length", "to the end", "chunked", "refusal"],
)
def test_an_answer_that_drips_ends(fixed, link_to: LinkTo, steps: tuple[bytes | float, ...]) -> None:
    """Each byte is soon enough for ``read_timeout``; a body that ends with its connection only looks complete."""
    fixed.raw(*steps)
    error = _error(RestConnectors(Transport(link_to(fixed, call_timeout=0.4), PROFIT)))
    assert type(error) is Uncertain
    assert len(fixed.requests) == 1


def test_a_deadline_is_over_with_its_answer(fixed, link_to: LinkTo) -> None:
    """Its connection serves the next call."""
    rest = RestConnectors(Transport(link_to(fixed, call_timeout=0.3), PROFIT))
    for wait in (0.0, 0.4):
        time.sleep(wait)
        fixed.json(KEYS, "201 Created")
        assert rest.send(INSERT)["SbId"] == "7"
    assert fixed.connections == 1


def test_writes_have_a_deadline_and_reads_have_none_unless_it_is_set(fixed, link_to: LinkTo) -> None:
    link = link_to(fixed)
    assert (link.longest(read=False), link.longest(read=True)) == (1000.0, None)
    link = link_to(fixed, call_timeout=3.0)
    assert (link.longest(read=False), link.longest(read=True)) == (3.0, 3.0)


def test_a_read_that_drips_ends_where_that_is_set(fixed, link_to: LinkTo) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n"
    fixed.raw(head, *_drip(b" " * 200))
    with pytest.raises(TransportError, match=r"did not come to its end in time \(call_timeout\)") as caught:
        RestConnectors(Transport(link_to(fixed, call_timeout=0.3), PROFIT)).version()
    assert caught.value.fate is None
    assert len(fixed.requests) == 1


def test_errors_of_reads_have_no_fate(fixed, connectors: Connectors) -> None:
    for _ in range(2):  # SOAP has two addresses for it
        fixed.html("404 Not Found")
    with pytest.raises(NotFound) as caught:
        connectors.version()
    assert caught.value.fate is None


def test_a_soap_answer_without_a_body_is_uncertain(fixed, link_to: LinkTo) -> None:
    fixed.xml("")
    assert type(_error(SoapConnectors(Transport(link_to(fixed), PROFIT)))) is Uncertain


@pytest.mark.parametrize(
    "steps",
    [
        (_reset,),
        (None,),
        (b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{", None),
        (b"HTTP/1.1 201 Created\r\nContent-Type: text/xml\r\nContent-Length: 90\r\n\r\n", None),
        (b"HTTP/1.1 500 Error\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{", None),
    ],
    ids=["reset", "closed", "cut off", "cut off before the body", "refusal cut off"],
)
def test_a_break_after_the_request_went_out_is_uncertain(
    fixed, connectors: Connectors, steps, naps: list[float]
) -> None:
    fixed.raw(*steps)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert error.sent
    assert len(fixed.requests) == 1
    assert naps == []


def test_silence_is_uncertain(fixed, link_to: LinkTo) -> None:
    fixed.raw(2.0)
    error = _error(RestConnectors(Transport(link_to(fixed, read_timeout=0.2), PROFIT)))
    assert type(error) is Uncertain
    assert "silent for too long" in error.message


def test_no_connection_was_not_sent_and_is_repeated(fixed, link_to: LinkTo, naps: list[float]) -> None:
    link = link_to(fixed)
    fixed.close()
    error = _error(RestConnectors(Transport(link, PROFIT, sleep=naps.append)))
    assert type(error) is TransportError
    assert not error.sent
    assert len(naps) == 3


def test_a_certificate_that_is_not_trusted_was_not_sent(secure, link_to: LinkTo) -> None:
    link = link_to(secure, rest_url=f"https://127.0.0.1:{secure.port}/ProfitRestServices", soap_url="")
    error = _error(RestConnectors(Transport(link, PROFIT)))
    assert type(error) is TransportError
    assert not error.sent
    assert not secure.requests


def test_an_address_of_the_other_protocol_stays_uncertain_and_is_hinted_at(fixed, link_to: LinkTo) -> None:
    """A read is told that the addresses are swapped; of a write nothing is sure."""
    link = link_to(fixed, soap_url=fixed.rest_url, rest_url=fixed.soap_url)
    fixed.reply("", "text/html", "500 Error")
    error = _error(SoapConnectors(Transport(link, PROFIT)))
    assert type(error) is Uncertain
    assert "address of the REST services" in error.message
    fixed.xml(FAULT.format(message="x"), "500 Error")
    assert type(_error(RestConnectors(Transport(link, PROFIT)))) is Uncertain
    fixed.xml(FAULT.format(message="x"), "404 Not Found")
    assert type(_error(RestConnectors(Transport(link, PROFIT)))) is Uncertain


def test_a_locked_journal_is_repeated_only_on_request(fixed, link_to: LinkTo, naps: list[float]) -> None:
    for locked in ("Dagboek 20 is vergrendeld door gebruiker 12345.jansen.", "The journal is locked by another user."):
        patient = RestConnectors(Transport(link_to(fixed, retry_locked=True), PROFIT, sleep=naps.append))
        _refuse(fixed, patient, locked)
        _done(fixed, patient)
        assert patient.send(INSERT)["SbId"] == "7"
        _refuse(fixed, patient, locked)
        assert type(_error(RestConnectors(Transport(link_to(fixed), PROFIT, sleep=naps.append)))) is ProfitError
    assert len(fixed.requests) == 6
    _refuse(fixed, patient, "There is no value entered in mandatory field 'Dagboek' (JoCo)")
    assert type(_error(patient)) is ProfitError
    assert len(fixed.requests) == 7
    assert len(naps) == 2


def test_where_a_write_ends_tells_what_became_of_it() -> None:
    for error in (QueryError("x"), UpdateError("x"), TransportError("x"), SignInError("x")):
        assert told(error, Stage.SENDING) is error
        assert error.fate is Fate.NOT_SENT
    for error in (AnswerError("x."), SettingsError("x."), TransportError("x.", sent=True), Busy("x.", status=502)):
        assert type(told(error, Stage.SENDING)) is Uncertain
    # Whatever comes once an answer began came too late, unless it is the answer's own no.
    assert type(told(QueryError("x."), Stage.ANSWERED)) is Uncertain
    no = ProfitError("Nee.").of_write(Fate.REFUSED)
    assert told(no, Stage.ANSWERED) is no
    # And before anything left nothing is uncertain.
    assert told(TransportError("x.", sent=True), Stage.SIGNING).fate is Fate.NOT_SENT
    assert type(told(AnswerError("x."), Stage.SIGNING)) is SignInError
    fault = ZeroDivisionError()
    assert told(fault, Stage.SIGNING) is fault
    assert type(told(fault, Stage.SENDING)) is Uncertain


@pytest.mark.no_cover
def test_a_call_over_75_mb_is_refused_before_it_is_sent(fixed, link_to: LinkTo) -> None:
    PROFIT.check(Request(Accepts.JSON, "insert", "KnSubject", "http://127.0.0.1/", body=b" " * CALL_BYTES))
    large = Element({"FileName": "groot.bin", "FileStream": bytes(70_000_000)})
    update = Update("KnSubject", "KnSubject", (large,))
    for connectors in (
        RestConnectors(Transport(link_to(fixed), PROFIT)),
        SoapConnectors(Transport(link_to(fixed), PROFIT)),
    ):
        for call in (connectors.send, connectors.outgoing):
            with pytest.raises(UpdateError, match=r"is 89\.0 MB once it is spelt, and Profit takes 75 MB"):
                call(update)
    assert not fixed.requests


def test_a_deletes_action_is_what_the_error_calls_it(fixed, link_to: LinkTo) -> None:
    fixed.html("502 Bad Gateway")
    gone = update_from_plain("KnSubject", {"@SbId": 7}, action=Action.DELETE, root="KnSubject")
    with pytest.raises(Uncertain) as caught:
        RestConnectors(Transport(link_to(fixed), PROFIT)).send(gone)
    assert caught.value.operation == "delete"


@pytest.mark.parametrize("status", ["201 Created", "500 Error", "503 Unavailable"])
def test_a_trace_that_cannot_be_written_after_the_call_leaves_it_uncertain(
    fixed,
    link_to: LinkTo,
    tmp_path: Path,
    status: str,
) -> None:
    """As when another thread closes the client in the middle."""
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"), PROFIT)
    body = AWAY.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    fixed.raw(lambda _: transport.close(), head.encode() + body)
    error = _error(RestConnectors(transport))
    assert type(error) is Uncertain
    assert error.message.startswith("trace: the file")
    assert len(fixed.requests) == 1


def test_a_trace_that_cannot_be_written_hides_no_break(fixed, link_to: LinkTo, tmp_path: Path) -> None:
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"), PROFIT)
    fixed.raw(lambda _: transport.close(), None)
    error = _error(RestConnectors(transport))
    assert type(error) is Uncertain
    assert "broke before an answer" in error.message


def test_a_trace_that_cannot_be_written_before_the_call_sends_nothing(fixed, link_to: LinkTo, tmp_path: Path) -> None:
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"), PROFIT)
    _done(fixed, RestConnectors(transport))
    transport.close()
    assert type(_error(RestConnectors(transport))) is SettingsError
    assert not fixed.requests


def test_a_trace_that_cannot_be_written_within_the_answer_leaves_it_uncertain(
    fixed,
    link_to: LinkTo,
    tmp_path: Path,
) -> None:
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"), PROFIT)
    head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    request = Request(Accepts.JSON, "insert", "KnSubject", transport.link.rest_url, read=False, body=b"{}")

    def read(answer: Answer) -> bytes:
        transport.close()
        return answer.whole(99)

    fixed.raw(head + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
    with pytest.raises(Uncertain, match="trace: the file"):
        transport.write(request, read)
