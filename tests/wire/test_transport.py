"""One exchange: what becomes of answers, good ones and others."""

from __future__ import annotations

import gzip
import logging
import socket
import struct
from collections.abc import Callable
from typing import NoReturn

import pytest
from requests.adapters import BaseAdapter

from afas_soap.errors import (
    AccessDenied,
    AnswerError,
    Busy,
    NotFound,
    ProfitError,
    SettingsError,
    TransportError,
)
from afas_soap.wire.transport import Link, Request, Speaks, Transport

LinkTo = Callable[..., Link]


def _soap(server, body: bytes | None = b"<question/>") -> Request:  # type: ignore[no-untyped-def]
    return Request(Speaks.SOAP, "GetData", "Profit_Debtor", f"{server.soap_url}/appconnectorget.asmx", {}, body)


def _rest(server, **changes: object) -> Request:  # type: ignore[no-untyped-def]
    return Request(
        Speaks.REST, "rows", "Profit_Debtor", f"{server.rest_url}/connectors/Profit_Debtor?skip=0", **changes
    )


def _reset(connection: socket.socket) -> None:
    """Close with RST, as a broken peer does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Transport:  # type: ignore[no-untyped-def]
    """Never sleeps."""
    return Transport(link_to(fixed), sleep=lambda _: None)


def _error(transport: Transport, request: Request) -> Exception:
    with pytest.raises(Exception) as caught, transport.ask(request) as answer:
        answer.whole(10_000)
    return caught.value


# --- bodies ------------------------------------------------------------------------------------------------------


def test_an_answer_is_streamed_and_the_connection_used_again(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        fixed.json('{"rows":[]}')
        with transport.ask(_rest(fixed)) as answer:
            assert b"".join(answer.chunks()) == b'{"rows":[]}'
    assert fixed.connections == 1


def test_a_look_at_the_beginning_takes_nothing_away(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json('{"rows":[]}')
    with transport.ask(_rest(fixed)) as answer:
        assert answer.beginning() == answer.beginning() == answer.whole(100)


def test_gzip_is_unpacked_and_unpacked_bytes_count(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json(gzip.compress(b" " * 100_000 + b"{}"), "200 OK", "Content-Encoding: gzip")
    with transport.ask(_rest(fixed)) as answer, pytest.raises(AnswerError, match="longer than 50,000 bytes"):
        answer.whole(50_000)


def test_a_gzip_bomb_arrives_in_pieces(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json(gzip.compress(b" " * 20_000_000), "200 OK", "Content-Encoding: gzip")
    with transport.ask(_rest(fixed)) as answer:
        sizes = [len(chunk) for chunk in answer.chunks()]
    assert sum(sizes) == 20_000_000
    assert max(sizes) <= 2**20


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", None), "broke off"),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                None,
            ),
            "broke off",
        ),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                0.1,
                _reset,
            ),
            "broke off",
        ),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                b"Content-Length: 5\r\n\r\n{nix}",
            ),
            "gzip",
        ),
    ],
    ids=["short", "no last chunk", "reset", "no gzip"],
)
def test_a_body_that_breaks_off_is_no_end_of_data(
    fixed,
    link_to: LinkTo,
    steps: tuple[object, ...],
    sentence: str,  # type: ignore[no-untyped-def]
) -> None:
    fixed.raw(*steps)
    # Not repeated, so that what is raised is what this answer did.
    error = _error(Transport(link_to(fixed, retry_total=0.0)), _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert sentence in str(error)
    assert error.connector == "Profit_Debtor"


def test_a_body_that_falls_silent(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    """Once something has come: before that it would be asked for again."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    fixed.raw(head + b" " * 70_000, 1.0, None)
    with (
        Transport(link_to(fixed, read_timeout=0.1, retry_total=0.0)) as transport,
        transport.ask(_rest(fixed)) as answer,
    ):
        chunks = answer.chunks()
        with pytest.raises(TransportError, match="silent for too long") as caught:
            list(chunks)
    assert caught.value.sent


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_an_html_page_is_no_answer(fixed, transport: Transport, content_type: str) -> None:  # type: ignore[no-untyped-def]
    """Whatever its content type says."""
    fixed.reply("\n<!DOCTYPE html><html>Onderhoud</html>", content_type)
    error = _error(transport, _rest(fixed))
    assert isinstance(error, AnswerError)
    assert "HTML page: check rest_url" in str(error)
    assert "Onderhoud" not in str(error)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/octet-stream"])
def test_a_wrong_content_type_is_no_answer(fixed, transport: Transport, content_type: str) -> None:  # type: ignore[no-untyped-def]
    fixed.reply("{}", content_type)
    error = _error(transport, _rest(fixed))
    assert isinstance(error, AnswerError)
    assert f"content type '{content_type}', which is not REST" in str(error)


def test_no_content_type_is_no_answer(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert "answered with no content type, which is not SOAP" in str(_error(transport, _soap(fixed)))


# --- redirects ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_never_followed_and_names_its_target(fixed, transport: Transport, status: str) -> None:  # type: ignore[no-untyped-def]
    fixed.reply("moved", "text/plain", status, "Location: https://elders.example.nl/pad?sleutel=geheim")
    error = _error(transport, _soap(fixed))
    assert isinstance(error, AnswerError)
    assert "redirects to https://elders.example.nl/pad (" in str(error)
    assert "geheim" not in str(error)
    assert len(fixed.requests) == 1


def test_a_redirect_without_or_with_a_strange_target(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.reply("", "text/plain", "302 Found")
    assert "redirects to nowhere" in str(_error(transport, _soap(fixed)))
    fixed.reply("", "text/plain", "302 Found", "Location: https://[elders/")
    assert "an address that is none" in str(_error(transport, _soap(fixed)))


# --- statuses ----------------------------------------------------------------------------------------------------


def test_401_and_403_are_refusals_and_are_never_repeated(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    for status, words in (("401 Unauthorized", "another environment"), ("403 Forbidden", "IP addresses")):
        fixed.reply("", "application/xml; charset=utf-8", status, "X-Trace-Identifier: spoor-1")
        error = _error(transport, _rest(fixed))
        assert isinstance(error, AccessDenied)
        assert words in str(error)
        assert error.trace_id == "spoor-1"
        assert (error.operation, error.connector, error.environment) == ("rows", "Profit_Debtor", "12345-test")
    assert len(fixed.requests) == 2


def test_404_names_what_may_be_wrong(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.reply("", "application/xml", "404 Not Found")
    error = _error(transport, _rest(fixed))
    assert isinstance(error, NotFound)
    assert error.status == 404
    assert "check rest_url" in str(error)
    assert "2,049" in str(error)
    fixed.html("404 Not Found")
    assert "2,049" not in str(_error(transport, _soap(fixed)))


def test_413_names_the_limit(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.reply("", "text/plain", "413 Too Large")
    error = _error(transport, _rest(fixed))
    assert isinstance(error, ProfitError)
    assert "75 MB" in str(error)


REFUSAL = (
    '{"externalMessage":"The entered value for \'Employee\' does not exist.","errorNumber":-2147220469,'
    '"profitLogReference":"B8213AF1C3C54E579686406A8DE71C6C"}'
)
FAULT = """<?xml version="1.0" encoding="utf-8"?><soap:Envelope \
xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode>\
<faultstring>{message}</faultstring><detail><ProfitApplicationException><ErrorNumber>-2147220469</ErrorNumber>\
<Message>{message}</Message><Detail>Description.....: {message}
Log reference...: B8213AF1C3C54E579686406A8DE71C6C</Detail></ProfitApplicationException></detail></soap:Fault>\
</soap:Body></soap:Envelope>"""


def test_a_refusal_is_the_same_over_both_protocols(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json(REFUSAL, "500 Internal Server Error", "X-Trace-Identifier: spoor-2")
    fixed.xml(
        FAULT.format(message="The entered value for 'Employee' does not exist."),
        "500 No",
        "X-Trace-Identifier: spoor-2",
    )
    for request in (_rest(fixed), _soap(fixed)):
        error = _error(transport, request)
        assert type(error) is ProfitError
        assert str(error) == "The entered value for 'Employee' does not exist."
        assert error.number == -2147220469
        assert error.log_reference == "B8213AF1C3C54E579686406A8DE71C6C"
        assert error.trace_id == "spoor-2"
        assert error.status == 500
    assert len(fixed.requests) == 2


@pytest.mark.parametrize(
    ("text", "kind", "remedy"),
    [
        (
            "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd.",
            AccessDenied,
            "Add Profit_Debtor to the app connector",
        ),
        ("GetConnector not supported for this app or the user is not authorized", AccessDenied, "app connector"),
        ("Connector Profit_Debtor does not exist", NotFound, "Check the spelling"),
        ("Token could not be parsed", AccessDenied, "cannot read the token"),
        ("The token is not base64", AccessDenied, "cannot read the token"),
        ("Ongeldige gebruikersnaam", AccessDenied, "not known in 12345-test"),
        ("invalid username", AccessDenied, "not known in 12345-test"),
        ("De inloggegevens niet gevonden", AccessDenied, "not known in 12345-test"),
        ("Out of memory", ProfitError, "fewer columns or a smaller page"),
        ("Out of String space", ProfitError, "fewer columns or a smaller page"),
        ("Command timeout expired.", ProfitError, "fewer columns or a smaller page"),
        (
            "The maximum duration for performing the assignment has been exceeded.",
            ProfitError,
            "fewer columns or a smaller page",
        ),
        ("This GetConnector (definition) is blocked", ProfitError, "AFAS blocks"),
        ("General message: Invalid Index field", ProfitError, "sort order"),
    ],
)
def test_known_refusals_get_their_kind_and_remedy(
    fixed,
    transport: Transport,
    text: str,
    kind: type[ProfitError],
    remedy: str,  # type: ignore[no-untyped-def]
) -> None:
    fixed.json(f'{{"externalMessage":"{text}","errorNumber":-2147180996,"profitLogReference":null}}', "500 No")
    fixed.xml(FAULT.format(message=text), "500 No")
    for request in (_rest(fixed), _soap(fixed)):
        error = _error(transport, request)
        assert type(error) is kind
        assert str(error).startswith(text)
        assert remedy in str(error)
    assert len(fixed.requests) == 2


def test_a_refusal_on_one_line_without_control_characters(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json('{"externalMessage":"eerste\\r\\ntweede\\u001b[31m","errorNumber":1}', "500 No")
    assert str(_error(transport, _rest(fixed))) == "eerste tweede [31m"
    fixed.json('{"externalMessage":"' + "x" * 5000 + '"}', "500 No")
    assert len(str(_error(transport, _rest(fixed)))) < 2100
    fixed.json('{"externalMessage":"\\u0001","errorNumber":1}', "500 No")
    assert str(_error(transport, _rest(fixed))) == "Profit refused and gave no message."


def test_an_echoed_token_does_not_show(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json('{"externalMessage":"bad ' + "0123456789ABCDEF" * 4 + '"}', "500 No")
    assert str(_error(transport, _rest(fixed))) == "bad ***"


def test_500_without_a_word_hints_at_swapped_addresses(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.html("500 Internal Server Error")
    error = _error(transport, _soap(fixed))
    assert isinstance(error, AnswerError)
    assert "answered 500 with an HTML page and did not say why" in str(error)
    assert "soap_url is not the address of the REST services" in str(error)


@pytest.mark.parametrize("reply", ["empty", "json"])
def test_soap_posted_to_the_rest_services(fixed, link_to: LinkTo, reply: str) -> None:  # type: ignore[no-untyped-def]
    """HTTP 500 without a fault (profit-wire 7)."""
    if reply == "json":
        fixed.json(REFUSAL, "500 Internal Server Error")
    else:
        fixed.reply("", "text/plain", "500 Internal Server Error")
    link = link_to(fixed, soap_url=fixed.rest_url, rest_url=fixed.soap_url)
    request = Request(Speaks.SOAP, "GetData", "X", f"{link.soap_url}/appconnectorget.asmx", {}, b"<q/>")
    error = _error(Transport(link), request)
    assert isinstance(error, NotFound)
    assert "soap_url holds the address of the REST services" in str(error)
    assert "swapped" in str(error)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
def test_rest_asked_of_the_soap_services(fixed, link_to: LinkTo, status: str) -> None:  # type: ignore[no-untyped-def]
    """An HTML page of IIS (profit-wire 7)."""
    fixed.html(status)
    link = link_to(fixed, soap_url=fixed.rest_url, rest_url=fixed.soap_url)
    error = _error(Transport(link), Request(Speaks.REST, "rows", "X", f"{link.rest_url}/connectors/X"))
    assert isinstance(error, NotFound)
    assert "rest_url holds the address of the SOAP services" in str(error)


def test_an_echoed_token_does_not_show_from_elsewhere_either(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    secret = "0123456789ABCDEF" * 4
    fixed.reply("", "text/plain", "302 Found", f"Location: https://elders/{secret}", f"X-Trace-Identifier: {secret}")
    assert "redirects to https://elders/*** (302)" in str(_error(transport, _rest(fixed)))
    fixed.reply("", "text/plain", "401 No", f"X-Trace-Identifier: a {secret}\x1b[31m")
    error = _error(transport, _rest(fixed))
    assert isinstance(error, AccessDenied)
    assert error.trace_id == "a *** [31m"


def test_an_error_body_is_read_up_to_a_limit(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.json(b'{"externalMessage":"' + b"x" * 3_000_000 + b'"}', "500 No")
    assert isinstance(_error(transport, _rest(fixed)), AnswerError)


def test_an_error_that_breaks_off_is_still_that_error(fixed, transport: Transport) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\nx", None)
    assert isinstance(_error(transport, _rest(fixed)), AccessDenied)


# --- repeating ---------------------------------------------------------------------------------------------------


@pytest.fixture
def naps() -> list[float]:
    """How long each pause was."""
    return []


@pytest.fixture
def patient(fixed, link_to: LinkTo, naps: list[float]) -> Transport:  # type: ignore[no-untyped-def]
    """Two minutes of patience, and pauses that take no time."""
    return Transport(link_to(fixed), sleep=naps.append)


BUSY = '{"error":{"code":"503","message":"Onderhoud."},"retry_after":%d}'


def test_busy_is_repeated_as_the_body_says(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.json(BUSY % 7, "503 Service Unavailable", "Retry-After: 50")
    fixed.json("{}")
    with patient.ask(_rest(fixed)) as answer:
        assert answer.whole(10) == b"{}"
    assert naps == [7.0]


def test_busy_is_repeated_as_the_header_says(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.html("503 Service Unavailable")
    fixed.reply("", "text/html", "503 Service Unavailable", "Retry-After: 9")
    fixed.reply("", "text/html", "503 Service Unavailable", "Retry-After: Mon, 01 Jan 2024 00:00:00 GMT")
    fixed.reply("", "text/html", "503 Service Unavailable", "Retry-After: straks²")
    fixed.xml("<a/>")
    with patient.ask(_soap(fixed)) as answer:
        assert answer.whole(10) == b"<a/>"
    assert 0.8 <= naps[0] <= 1.0
    # A date in the past is now, and now is a second.
    assert naps[1:3] == [9.0, 1.0]
    assert len(naps) == 4


def test_busy_for_longer_than_our_patience_is_an_error_at_once(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.json(BUSY % 7200, "503 Service Unavailable", "X-Trace-Identifier: spoor-3")
    error = _error(patient, _rest(fixed))
    assert isinstance(error, Busy)
    assert error.retry_after == 7200
    assert error.trace_id == "spoor-3"
    assert str(error) == (
        "Profit (12345-test) is away for a while (503): Onderhoud. It says to come back after 7200 seconds."
    )
    assert not naps


def test_busy_stops_at_the_stated_total(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    for _ in range(5):
        fixed.json(BUSY % 50, "503 Service Unavailable")
    assert isinstance(_error(patient, _rest(fixed)), Busy)
    assert naps == [50.0, 50.0]


def test_a_connection_that_broke_is_asked_again_a_few_times(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(None)
    fixed.raw(_reset)
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n", None)
    fixed.json("{}")
    with patient.ask(_rest(fixed)) as answer:
        assert answer.whole(10) == b"{}"
    assert len(naps) == 3
    for _ in range(9):
        fixed.raw(None)
    error = _error(patient, _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert "broke before an answer" in str(error)
    assert len(naps) == 6


def test_what_must_not_happen_twice_is_not_sent_twice(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(None)
    fixed.json(BUSY % 1, "503 Service Unavailable")
    assert isinstance(_error(patient, _rest(fixed, read=False)), TransportError)
    assert isinstance(_error(patient, _rest(fixed, read=False)), Busy)
    assert not naps


def test_every_call_has_a_time_out(link_to: LinkTo, fixed) -> None:  # type: ignore[no-untyped-def]
    """960 seconds without a byte, because AFAS itself stops at 900 and says so (profit-wire 2.6)."""
    seen: list[object] = []

    class Adapter(BaseAdapter):
        def send(self, *_: object, **keywords: object) -> NoReturn:  # type: ignore[override]
            seen.append(keywords["timeout"])
            raise OSError

        def close(self) -> None: ...

    with pytest.raises(TransportError):
        Transport(Link(fixed.soap_url, fixed.rest_url, "x", retry_total=0.0), Adapter()).ask(_rest(fixed))
    assert seen == [(10.0, 960.0)]


def test_silence_before_an_answer(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(1.0, None)
    error = _error(Transport(link_to(fixed, read_timeout=0.1, retry_total=0.0)), _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert "silent for too long" in str(error)


def test_a_header_that_cannot_be_sent_is_a_setting(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsError, match="Accept-Language"):
        Transport(link_to(fixed, language="nl\r\nX: y"))
    with pytest.raises(SettingsError, match="IntegrationId"):
        Transport(link_to(fixed, integration_id="12345_ë"))


# --- logs --------------------------------------------------------------------------------------------------------


def test_one_line_per_call(fixed, transport: Transport, caplog: pytest.LogCaptureFixture) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level(logging.INFO, "afas_soap.calls")
    fixed.json(BUSY % 1, "503 Service Unavailable")
    fixed.json("{}", "200 OK", "X-Trace-Identifier: spoor-4")
    with transport.ask(_rest(fixed)) as answer:
        answer.whole(10)
    fixed.json("", "403 Forbidden")
    _error(transport, _soap(fixed))
    lines = [record.getMessage() for record in caplog.records if record.name == "afas_soap.calls"]
    assert len(lines) == 2
    # The bytes of the first attempt's body count: they were received.
    assert lines[0].startswith("12345-test rows Profit_Debtor: ")
    assert lines[0].endswith(", 2 attempts, trace spoor-4")
    assert lines[1].startswith("12345-test GetData Profit_Debtor: 0 bytes, ")
    assert lines[1].endswith(", 1 attempt, no trace id, AccessDenied")


def test_an_address_that_requests_will_not_take() -> None:
    link = Link("", "https://*.afas.online/profitrestservices", "x")
    with pytest.raises(SettingsError, match=r"The address https://\*\.afas\.online/profitrestservices"):
        Transport(link).ask(Request(Speaks.REST, "x", None, link.rest_url))
