"""Statuses and refusals: what each becomes, over both protocols."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap.errors import (
    AccessDenied,
    AnswerError,
    NotFound,
    ProfitError,
)
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT

LinkTo = Callable[..., Link]


def _soap(server, body: bytes | None = b"<question/>") -> Request:
    return Request(Accepts.XML, "GetData", "Profit_Debtor", f"{server.soap_url}/appconnectorget.asmx", {}, body)


def _rest(server, **changes: object) -> Request:
    return Request(
        Accepts.JSON, "rows", "Profit_Debtor", f"{server.rest_url}/connectors/Profit_Debtor?skip=0", **changes
    )


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Transport:
    """Never sleeps."""
    return Transport(link_to(fixed), PROFIT, sleep=lambda _: None)


def _error(transport: Transport, request: Request) -> Exception:
    with pytest.raises(Exception) as caught, transport.ask(request) as answer:
        answer.whole(10_000)
    return caught.value


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_never_followed_and_names_its_target(fixed, transport: Transport, status: str) -> None:
    fixed.reply("moved", "text/plain", status, "Location: https://elders.example.nl/pad?sleutel=geheim")
    error = _error(transport, _soap(fixed))
    assert isinstance(error, AnswerError)
    assert "redirects to https://elders.example.nl/pad (" in str(error)
    assert "geheim" not in str(error)
    assert len(fixed.requests) == 1


def test_a_redirect_without_or_with_a_strange_target(fixed, transport: Transport) -> None:
    fixed.reply("", "text/plain", "302 Found")
    assert "redirects to nowhere" in str(_error(transport, _soap(fixed)))
    fixed.reply("", "text/plain", "302 Found", "Location: https://[elders/")
    assert "an address that is none" in str(_error(transport, _soap(fixed)))


def test_401_and_403_are_refusals_and_are_never_repeated(fixed, transport: Transport) -> None:
    for status, words in (("401 Unauthorized", "another environment"), ("403 Forbidden", "IP addresses")):
        fixed.reply("", "application/xml; charset=utf-8", status, "X-Trace-Identifier: spoor-1")
        error = _error(transport, _rest(fixed))
        assert isinstance(error, AccessDenied)
        assert words in str(error)
        assert error.trace_id == "spoor-1"
        assert (error.operation, error.connector, error.environment) == ("rows", "Profit_Debtor", "12345-test")
    assert len(fixed.requests) == 2


def test_404_names_what_may_be_wrong(fixed, transport: Transport) -> None:
    fixed.reply("", "application/xml", "404 Not Found")
    error = _error(transport, _rest(fixed))
    assert isinstance(error, NotFound)
    assert error.status == 404
    assert "check rest_url" in str(error)
    assert "2,049" in str(error)
    fixed.html("404 Not Found")
    assert "2,049" not in str(_error(transport, _soap(fixed)))


def test_413_names_the_limit(fixed, transport: Transport) -> None:
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


def test_a_refusal_is_the_same_over_both_protocols(fixed, transport: Transport) -> None:
    fixed.json(REFUSAL, "500 Internal Server Error", "X-Trace-Identifier: spoor-2")
    fixed.xml(
        FAULT.format(message="The entered value for 'Employee' does not exist."),
        "500 No",
        "X-Trace-Identifier: spoor-2",
    )
    for request in (_rest(fixed), _soap(fixed)):
        error = _error(transport, request)
        assert type(error) is ProfitError
        assert error.message == "The entered value for 'Employee' does not exist."
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
        # What is not supported here is no connector (Outputmode 2: profit-wire 2.2), so the app connector is all right.
        ("General message: Outputmode 2 is not supported.", ProfitError, "not supported."),
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
    remedy: str,
) -> None:
    fixed.json(f'{{"externalMessage":"{text}","errorNumber":-2147180996,"profitLogReference":null}}', "500 No")
    fixed.xml(FAULT.format(message=text), "500 No")
    for request in (_rest(fixed), _soap(fixed)):
        error = _error(transport, request)
        assert type(error) is kind
        assert str(error).startswith(text)
        assert remedy in str(error)
    assert len(fixed.requests) == 2


def test_a_refusal_on_one_line_without_control_characters(fixed, transport: Transport) -> None:
    fixed.json('{"externalMessage":"eerste\\r\\ntweede\\u001b[31m","errorNumber":1}', "500 No")
    assert _error(transport, _rest(fixed)).message == "eerste tweede [31m"
    fixed.json('{"externalMessage":"' + "x" * 5000 + '"}', "500 No")
    assert len(str(_error(transport, _rest(fixed)))) < 2100
    fixed.json('{"externalMessage":"\\u0001","errorNumber":1}', "500 No")
    assert _error(transport, _rest(fixed)).message == "Profit refused and gave no message."


def test_an_echoed_token_does_not_show(fixed, transport: Transport) -> None:
    fixed.json('{"externalMessage":"bad ' + "0123456789ABCDEF" * 4 + '"}', "500 No")
    assert _error(transport, _rest(fixed)).message == "bad ***"


def test_500_without_a_word_hints_at_swapped_addresses(fixed, transport: Transport) -> None:
    fixed.html("500 Internal Server Error")
    error = _error(transport, _soap(fixed))
    assert isinstance(error, AnswerError)
    assert "answered 500 with an HTML page and did not say why" in str(error)
    assert "soap_url is not the address of the REST services" in str(error)


@pytest.mark.parametrize("reply", ["empty", "json"])
def test_soap_posted_to_the_rest_services(fixed, link_to: LinkTo, reply: str) -> None:
    """HTTP 500 without a fault (profit-wire 7)."""
    if reply == "json":
        fixed.json(REFUSAL, "500 Internal Server Error")
    else:
        fixed.reply("", "text/plain", "500 Internal Server Error")
    link = link_to(fixed, soap_url=fixed.rest_url, rest_url=fixed.soap_url)
    request = Request(Accepts.XML, "GetData", "X", f"{link.soap_url}/appconnectorget.asmx", {}, b"<q/>")
    error = _error(Transport(link, PROFIT), request)
    assert isinstance(error, NotFound)
    assert "soap_url holds the address of the REST services" in str(error)
    assert "swapped" in str(error)


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error"])
def test_rest_asked_of_the_soap_services(fixed, link_to: LinkTo, status: str) -> None:
    """An HTML page of IIS (profit-wire 7)."""
    fixed.html(status)
    link = link_to(fixed, soap_url=fixed.rest_url, rest_url=fixed.soap_url)
    error = _error(Transport(link, PROFIT), Request(Accepts.JSON, "rows", "X", f"{link.rest_url}/connectors/X"))
    assert isinstance(error, NotFound)
    assert "rest_url holds the address of the SOAP services" in str(error)


def test_an_echoed_token_does_not_show_from_elsewhere_either(fixed, transport: Transport) -> None:
    secret = "0123456789ABCDEF" * 4
    fixed.reply("", "text/plain", "302 Found", f"Location: https://elders/{secret}", f"X-Trace-Identifier: {secret}")
    assert "redirects to https://elders/*** (302)" in str(_error(transport, _rest(fixed)))
    fixed.reply("", "text/plain", "401 No", f"X-Trace-Identifier: a {secret}\x1b[31m")
    error = _error(transport, _rest(fixed))
    assert isinstance(error, AccessDenied)
    assert error.trace_id == "a *** [31m"


def test_an_error_body_is_read_up_to_a_limit(fixed, transport: Transport) -> None:
    fixed.json(b'{"externalMessage":"' + b"x" * 3_000_000 + b'"}', "500 No")
    assert isinstance(_error(transport, _rest(fixed)), AnswerError)


def test_an_error_that_breaks_off_is_still_that_error(fixed, transport: Transport) -> None:
    fixed.raw(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\nx", None)
    assert isinstance(_error(transport, _rest(fixed)), AccessDenied)
