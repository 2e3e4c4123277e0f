"""What became of a write: done, not sent, refused, or uncertain; and that only what was not sent is sent again."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    NotFound,
    ProfitError,
    QueryError,
    SettingsError,
    TransportError,
    Uncertain,
    UpdateError,
)
from afas_soap.profit.update import Action, Element, Update
from afas_soap.profit.updateplain import update_from_plain
from afas_soap.wire.answer import Answer
from afas_soap.wire.outcomes import MAX_CALL, check_size, outcome
from afas_soap.wire.request import Request, Speaks
from afas_soap.wire.rest import RestConnectors
from afas_soap.wire.soap import SoapConnectors
from afas_soap.wire.transport import Link, Transport

LinkTo = Callable[..., Link]
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
def connectors(request: pytest.FixtureRequest, fixed, link_to: LinkTo, naps: list[float]) -> Connectors:  # type: ignore[no-untyped-def]
    """Each protocol, with pauses that take no time."""
    transport = Transport(link_to(fixed), sleep=naps.append)
    return RestConnectors(transport) if request.param == "rest" else SoapConnectors(transport)


def _refuse(fixed, connectors: Connectors, message: str, status: str = "500 Error") -> None:  # type: ignore[no-untyped-def]
    if isinstance(connectors, RestConnectors):
        fixed.json(REFUSAL.format(message=message), status, "X-Trace-Identifier: spoor-1")
    else:
        fixed.xml(FAULT.format(message=message), status, "X-Trace-Identifier: spoor-1")


def _done(fixed, connectors: Connectors) -> None:  # type: ignore[no-untyped-def]
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


def test_done_gives_the_same_receipt_on_both_protocols(fixed, connectors: Connectors) -> None:  # type: ignore[no-untyped-def]
    _done(fixed, connectors)
    receipt = connectors.send(INSERT)
    assert receipt.keys == ({"SbId": "7"},)
    assert receipt["SbId"] == "7"
    assert receipt.trace_id == "spoor-1"
    assert len(fixed.requests) == 1


def test_done_without_anything_to_tell(fixed, connectors: Connectors) -> None:  # type: ignore[no-untyped-def]
    """REST answers 200 or 201 without a body, SOAP an empty result (profit-wire 3.6 and 4.2)."""
    if isinstance(connectors, RestConnectors):
        fixed.reply("", "application/xml; charset=utf-8", "201 Created")
    else:
        body = '<ExecuteResponse xmlns="urn:Afas.Profit.Services"><ExecuteResult /></ExecuteResponse>'
        fixed.xml(ENVELOPE.format(body=body))
    assert connectors.send(INSERT).keys == ()


def test_refused_is_profits_own_word_and_is_not_repeated(fixed, connectors: Connectors, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    _refuse(fixed, connectors, "The entered value for 'Employee' does not exist.")
    error = _error(connectors)
    assert type(error) is ProfitError
    assert error.message == "The entered value for 'Employee' does not exist."
    assert (error.number, error.trace_id) == (-2147220469, "spoor-1")
    assert len(fixed.requests) == 1
    assert naps == []


def test_a_fault_in_a_200_answer_is_refused_too(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    soap = SoapConnectors(Transport(link_to(fixed)))
    _refuse(fixed, soap, "Type mismatch", "200 OK")
    assert type(_error(soap)) is ProfitError


@pytest.mark.parametrize(
    ("status", "kind"),
    [("401 Unauthorized", AccessDenied), ("403 Forbidden", AccessDenied), ("404 Not Found", NotFound),
     ("413 Too Large", ProfitError)],
)  # fmt: skip
def test_a_status_before_profit_is_not_sent(
    fixed, connectors: Connectors, status: str, kind: type[ProfitError]
) -> None:  # type: ignore[no-untyped-def]
    fixed.reply("", "application/xml; charset=utf-8", status)
    error = _error(connectors)
    assert type(error) is kind
    assert error.status == int(status[:3])
    assert "2,049" not in error.message
    assert len(fixed.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [("401 Unauthorized", AccessDenied), ("403 Forbidden", AccessDenied), ("404 Not Found", NotFound)],
)
def test_such_a_status_is_not_sent_whatever_is_said_beside_it(
    fixed,  # type: ignore[no-untyped-def]
    connectors: Connectors,
    status: str,
    kind: type[ProfitError],
) -> None:
    _refuse(fixed, connectors, "Nee.", status)
    error = _error(connectors)
    assert type(error) is kind
    assert (error.message, error.number) == ("Nee.", -2147220469)


@pytest.mark.parametrize("told", ["body", "header"])
def test_a_503_that_tells_when_to_come_back_was_not_begun_and_is_repeated(
    fixed,  # type: ignore[no-untyped-def]
    connectors: Connectors,
    naps: list[float],
    told: str,
) -> None:
    body = '{"error":{"code":"503","message":"Onderhoud."},"retry_after":7}' if told == "body" else "{}"
    fixed.json(body, "503 Unavailable", *(["Retry-After: 7"] if told == "header" else []))
    _done(fixed, connectors)
    assert connectors.send(INSERT).keys == ({"SbId": "7"},)
    assert len(fixed.requests) == 2
    assert naps == [7.0]


def test_a_503_for_longer_than_one_waits_was_not_sent(fixed, connectors: Connectors) -> None:  # type: ignore[no-untyped-def]
    fixed.json('{"retry_after":7200}', "503 Unavailable")
    error = _error(connectors)
    assert type(error) is Busy
    assert error.retry_after == 7200


@pytest.mark.parametrize("status", ["502 Bad Gateway", "504 Timeout", "503 Unavailable", "429 Too Many", "500 Error",
                                    "400 Bad Request", "302 Found"])  # fmt: skip
def test_a_status_that_says_nothing_documented_is_uncertain_and_never_repeated(
    fixed,  # type: ignore[no-untyped-def]
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
    ["Command timeout expired.", "The maximum duration for performing the assignment has been exceeded."],
)
def test_profit_gave_up_waiting_which_says_nothing_of_the_work(fixed, connectors: Connectors, message: str) -> None:  # type: ignore[no-untyped-def]
    _refuse(fixed, connectors, message)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert error.message.startswith(message)
    # Advice for reads is none for updates.
    assert "page_size" not in error.message
    assert (error.number, error.trace_id, error.status) == (-2147220469, "spoor-1", 500)


@pytest.mark.parametrize("body", ["<html>Proxy</html>", "[1]", '{"results":{"KnSubject":7}}', "<results/>"])
def test_a_success_that_is_no_receipt_is_uncertain(fixed, connectors: Connectors, body: str) -> None:  # type: ignore[no-untyped-def]
    media = (
        "text/html" if "html" in body else "text/xml" if isinstance(connectors, SoapConnectors) else "application/json"
    )
    fixed.reply(body, media)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert len(fixed.requests) == 1


def test_a_soap_answer_without_a_body_is_uncertain(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    fixed.xml("")
    assert type(_error(SoapConnectors(Transport(link_to(fixed))))) is Uncertain


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
) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(*steps)
    error = _error(connectors)
    assert type(error) is Uncertain
    assert error.sent
    assert len(fixed.requests) == 1
    assert naps == []


def test_silence_is_uncertain(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(2.0)
    error = _error(RestConnectors(Transport(link_to(fixed, read_timeout=0.2))))
    assert type(error) is Uncertain
    assert "silent for too long" in error.message


def test_no_connection_was_not_sent_and_is_repeated(fixed, link_to: LinkTo, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    link = link_to(fixed)
    fixed.close()
    error = _error(RestConnectors(Transport(link, sleep=naps.append)))
    assert type(error) is TransportError
    assert not error.sent
    assert len(naps) == 3


def test_a_certificate_that_is_not_trusted_was_not_sent(secure, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    link = link_to(secure, rest_url=f"https://127.0.0.1:{secure.port}/ProfitRestServices", soap_url="")
    error = _error(RestConnectors(Transport(link)))
    assert type(error) is TransportError
    assert not error.sent
    assert not secure.requests


def test_an_address_of_the_other_protocol_stays_uncertain_and_is_hinted_at(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    """A read is told that the addresses are swapped; of a write nothing is sure."""
    link = link_to(fixed, soap_url=fixed.rest_url, rest_url=fixed.soap_url)
    fixed.reply("", "text/html", "500 Error")
    error = _error(SoapConnectors(Transport(link)))
    assert type(error) is Uncertain
    assert "address of the REST services" in error.message
    fixed.xml(FAULT.format(message="x"), "500 Error")
    assert type(_error(RestConnectors(Transport(link)))) is Uncertain
    fixed.xml(FAULT.format(message="x"), "404 Not Found")
    assert type(_error(RestConnectors(Transport(link)))) is NotFound


def test_a_locked_journal_is_repeated_only_on_request(fixed, link_to: LinkTo, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    for locked in ("Dagboek 20 is vergrendeld door gebruiker 12345.jansen.", "The journal is locked by another user."):
        patient = RestConnectors(Transport(link_to(fixed, retry_locked=True), sleep=naps.append))
        _refuse(fixed, patient, locked)
        _done(fixed, patient)
        assert patient.send(INSERT)["SbId"] == "7"
        _refuse(fixed, patient, locked)
        assert type(_error(RestConnectors(Transport(link_to(fixed), sleep=naps.append)))) is ProfitError
    assert len(fixed.requests) == 6
    _refuse(fixed, patient, "There is no value entered in mandatory field 'Dagboek' (JoCo)")
    assert type(_error(patient)) is ProfitError
    assert len(fixed.requests) == 7
    assert len(naps) == 2


def test_what_never_left_stays_what_it_is() -> None:
    for error in (QueryError("x"), SettingsError("x"), UpdateError("x"), TransportError("x"), Uncertain("x")):
        assert outcome(error) is error
    assert isinstance(outcome(AnswerError("x.")), Uncertain)


def test_a_call_over_75_mb_is_refused_before_it_is_sent(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    check_size(Request(Speaks.REST, "insert", "KnSubject", "http://127.0.0.1/", body=b" " * MAX_CALL))
    large = Element({"FileName": "groot.bin", "FileStream": bytes(70_000_000)})
    update = Update("KnSubject", "KnSubject", (large,))
    for connectors in (RestConnectors(Transport(link_to(fixed))), SoapConnectors(Transport(link_to(fixed)))):
        for call in (connectors.send, connectors.outgoing):
            with pytest.raises(UpdateError, match=r"is 89\.0 MB once it is spelt, and Profit takes 75 MB"):
                call(update)
    assert not fixed.requests


def test_a_deletes_action_is_what_the_error_calls_it(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    fixed.html("502 Bad Gateway")
    gone = update_from_plain("KnSubject", {"@SbId": 7}, action=Action.DELETE, root="KnSubject")
    with pytest.raises(Uncertain) as caught:
        RestConnectors(Transport(link_to(fixed))).send(gone)
    assert caught.value.operation == "delete"


@pytest.mark.parametrize("status", ["201 Created", "500 Error", "503 Unavailable"])
def test_a_trace_that_cannot_be_written_after_the_call_leaves_it_uncertain(
    fixed,  # type: ignore[no-untyped-def]
    link_to: LinkTo,
    tmp_path: Path,
    status: str,
) -> None:
    """As when another thread closes the client in the middle."""
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"))
    body = b'{"externalMessage":"Nee.","retry_after":1}'
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    fixed.raw(lambda _: transport.close(), head.encode() + body)
    error = _error(RestConnectors(transport))
    assert type(error) is Uncertain
    assert error.message.startswith("trace: the file")
    assert len(fixed.requests) == 1


def test_a_trace_that_cannot_be_written_hides_no_break(fixed, link_to: LinkTo, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"))
    fixed.raw(lambda _: transport.close(), None)
    error = _error(RestConnectors(transport))
    assert type(error) is Uncertain
    assert "broke before an answer" in error.message


def test_a_trace_that_cannot_be_written_before_the_call_sends_nothing(fixed, link_to: LinkTo, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"))
    _done(fixed, RestConnectors(transport))
    transport.close()
    assert type(_error(RestConnectors(transport))) is SettingsError
    assert not fixed.requests


def test_a_trace_that_cannot_be_written_within_the_answer_leaves_it_uncertain(
    fixed,  # type: ignore[no-untyped-def]
    link_to: LinkTo,
    tmp_path: Path,
) -> None:
    transport = Transport(link_to(fixed, trace=tmp_path / "trace"))
    head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    request = Request(Speaks.REST, "insert", "KnSubject", transport.link.rest_url, read=False, body=b"{}")

    def read(answer: Answer) -> bytes:
        transport.close()
        return answer.whole(99)

    fixed.raw(head + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
    with pytest.raises(Uncertain, match="trace: the file"):
        transport.write(request, read)
