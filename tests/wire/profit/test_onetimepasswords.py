"""One-time passwords: the requests against literals written from the facts (profit-wire 6.4), sent once, unsigned, and
with nothing of them to be seen. What no fact settles (prefixes, order of headers) is as zeep and requests have it."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap import __version__
from afas_soap.errors import (
    AccessDenied,
    AfasError,
    Fate,
    NotOffered,
    ProfitError,
    QueryError,
    TransportError,
    Uncertain,
)
from afas_soap.profit.access.onetimepassword import AppKeys, OneTimePasswords
from afas_soap.profit.access.secret import Secret
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.authorizer import Cure, Reply, Signature
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.onetimepasswords import (
    RestOneTimePasswords,
    SoapOneTimePasswords,
    Unsigned,
    without_trace,
)

LinkTo = Callable[..., Link]
Call = Callable[[OneTimePasswords], object]

API_KEY = "8B4406A0041C4A319D6594224186383F"
ENVIRONMENT_KEY = "941C8D1742366C922BFF7B81946526EE"
PASSWORD = "34264813"
DATA = "979D703A5D92417998F36ECE577E10CD2822304B4E687A46AAB4598889FA5804"
TOKEN = f"<token><version>1</version><data>{DATA}</data></token>"
ESCAPED = TOKEN.replace("<", "&lt;").replace(">", "&gt;")
SECRETS = (API_KEY, ENVIRONMENT_KEY, PASSWORD, DATA)
KEYS = AppKeys("12345.jansen", Secret(API_KEY), Secret(ENVIRONMENT_KEY))

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
ANSWER = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{soap}"><soap:Body>'
    '<{name}Response xmlns="urn:Afas.Profit.Services">{inner}</{name}Response></soap:Body></soap:Envelope>'
)
FAULT = (
    f'<soap:Envelope xmlns:soap="{SOAP11}"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode>'
    "<faultstring>General message: no</faultstring><detail><ProfitApplicationException><ErrorNumber>-2147180996"
    "</ErrorNumber><Message>General message: no</Message></ProfitApplicationException></detail></soap:Fault>"
    "</soap:Body></soap:Envelope>"
)
REFUSAL = '{"externalMessage":"General message: no","errorNumber":-2147180996,"profitLogReference":"%s"}' % ("A" * 32)
SHARED = (
    "<ns0:userId>12345.jansen</ns0:userId>"
    f"<ns0:apiKey>{API_KEY}</ns0:apiKey>"
    f"<ns0:environmentKey>{ENVIRONMENT_KEY}</ns0:environmentKey>"
)
REDEEMED = f"<GetTokenFromOTPResult>{ESCAPED}</GetTokenFromOTPResult>"

# operation: the call, its parameters, what the answer holds, and what comes of it
OVER_SOAP: dict[str, tuple[Call, str, str, object]] = {
    "GenerateOTP": (
        lambda profit: profit.request(KEYS, "uit <Utrecht>"),
        f"{SHARED}<ns0:description>uit &lt;Utrecht&gt;</ns0:description>",
        "",
        None,
    ),
    "GetTokenFromOTP": (
        lambda profit: profit.redeem(KEYS, Secret(PASSWORD)),
        f"{SHARED}<ns0:otp>{PASSWORD}</ns0:otp>",
        REDEEMED,
        AfasToken(DATA),
    ),
    "DeleteToken": (lambda profit: profit.delete(AfasToken(DATA)), f"<ns0:token>{ESCAPED}</ns0:token>", "", None),
}
BODY = f'{{"apiKey": "{API_KEY}", "userId": "12345.jansen", "apiToken": "{ENVIRONMENT_KEY}"'
OVER_REST: dict[str, tuple[Call, str, str, object]] = {
    "otprequest": (lambda profit: profit.request(KEYS), f"{BODY}}}", "", None),
    "otpvalidation": (
        lambda profit: profit.redeem(KEYS, Secret(PASSWORD)),
        f'{BODY}, "otp": "{PASSWORD}"}}',
        '{"token":"' + TOKEN + '\\r\\n"}',
        AfasToken(DATA),
    ),
}
CALLS = [("soap", name) for name in OVER_SOAP] + [("rest", name) for name in OVER_REST]


def posted(port: int, path: str, headers: str, body: str) -> bytes:
    """A request without a credential."""
    return (
        f"POST /{path} HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\n"
        f"User-Agent: afas-soap/{__version__}\r\n"
        "Accept-Encoding: gzip\r\n"
        f"{headers}\r\n"
        f"Content-Length: {len(body.encode())}\r\n"
        "\r\n"
        f"{body}"
    ).encode()


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Transport:
    """As the client has it; the token that the link had is left out."""
    return Transport(without_trace(link_to(fixed), API_KEY, ENVIRONMENT_KEY, PASSWORD, DATA), PROFIT)


def over(protocol: str, transport: Transport) -> OneTimePasswords:
    return RestOneTimePasswords(transport) if protocol == "rest" else SoapOneTimePasswords(transport)


@pytest.mark.parametrize("operation", OVER_SOAP)
@pytest.mark.parametrize(("version", "namespace"), [("1.1", SOAP11), ("1.2", SOAP12)])
def test_over_soap(fixed, transport: Transport, operation: str, version: str, namespace: str) -> None:
    call, parameters, inner, expected = OVER_SOAP[operation]
    action = f'"urn:Afas.Profit.Services/{operation}"'
    kind = {
        "1.1": f"Content-Type: text/xml; charset=utf-8\r\nSOAPAction: {action}",
        "1.2": f"Content-Type: application/soap+xml; charset=utf-8; action={action}",
    }[version]
    body = (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        f'<soap-env:Envelope xmlns:soap-env="{namespace}"><soap-env:Body>'
        f'<ns0:{operation} xmlns:ns0="urn:Afas.Profit.Services">{parameters}</ns0:{operation}>'
        "</soap-env:Body></soap-env:Envelope>"
    )
    fixed.xml(ANSWER.format(soap=namespace, name=operation, inner=inner))
    assert call(SoapOneTimePasswords(transport, soap_version=version)) == expected
    assert fixed.requests == [posted(fixed.port, "ProfitServices/tokenconnector.asmx", f"Accept: */*\r\n{kind}", body)]


@pytest.mark.parametrize("operation", OVER_REST)
@pytest.mark.parametrize("status", ["200 OK", "201 Created"])
def test_over_rest(fixed, transport: Transport, operation: str, status: str) -> None:
    call, body, answer, expected = OVER_REST[operation]
    if answer:
        fixed.json(answer, status)
    else:
        # As the OpenAPI file shows it.
        fixed.reply("", "application/xml; charset=utf-8", status)
    assert call(RestOneTimePasswords(transport)) == expected
    headers = "Accept: application/json\r\nContent-Type: application/json; charset=utf-8"
    assert fixed.requests == [posted(fixed.port, f"ProfitRestServices/{operation}", headers, body)]


def test_a_description_is_left_out_over_soap_and_not_offered_over_rest(fixed, transport: Transport) -> None:
    fixed.xml(ANSWER.format(soap=SOAP11, name="GenerateOTP", inner=""))
    SoapOneTimePasswords(transport).request(KEYS)
    assert b"description" not in fixed.requests[0]
    with pytest.raises(NotOffered, match="no description") as caught:
        RestOneTimePasswords(transport).request(KEYS, "uit Utrecht")
    assert caught.value.offered_by == "soap"
    with pytest.raises(QueryError):
        SoapOneTimePasswords(transport).request(KEYS, "a\0b")
    assert len(fixed.requests) == 1


def test_rest_deletes_no_tokens(fixed, transport: Transport) -> None:
    with pytest.raises(NotOffered, match="REST deletes no tokens") as caught:
        RestOneTimePasswords(transport).delete(AfasToken(DATA))
    assert caught.value.offered_by == "soap"
    assert fixed.requests == []


ADVICE = {
    "GenerateOTP": "look for the mail before you ask for another",
    "otprequest": "look for the mail before you ask for another",
    "GetTokenFromOTP": "The password may be used up: request a new one.",
    "otpvalidation": "The password may be used up: request a new one.",
    "DeleteToken": "The token may be gone",
}


@pytest.mark.parametrize(("protocol", "operation"), CALLS)
@pytest.mark.parametrize("reply", ["nothing", "cut", "gateway", "page", "202", "another operation", "timeout"])
def test_a_lost_answer_is_uncertain_and_nothing_is_sent_again(
    fixed, transport: Transport, protocol: str, operation: str, reply: str
) -> None:
    answer = ANSWER.format(soap=SOAP11, name=operation, inner=REDEEMED if operation == "GetTokenFromOTP" else "")
    cut = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 999\r\n\r\n" + answer.encode()[:-20]
    {
        "nothing": lambda: fixed.raw(None),
        "cut": lambda: fixed.raw(cut, None),
        "gateway": lambda: fixed.reply("", "text/plain", "503 Away"),
        "page": lambda: fixed.html(),
        "202": lambda: fixed.reply("", "text/xml", "202 Accepted"),
        "another operation": lambda: (fixed.xml if protocol == "soap" else fixed.json)("<a/>"),
        "timeout": lambda: fixed.reply('{"message":"Gateway timeout"}', "application/json", "504 Gateway Timeout"),
    }[reply]()
    call = (OVER_SOAP if protocol == "soap" else OVER_REST)[operation][0]
    if (operation, reply) == ("otprequest", "another operation"):
        # What a body without an error means there is not known: AFAS shows none.
        call(over(protocol, transport))
        return
    with pytest.raises(Uncertain) as caught:
        call(over(protocol, transport))
    assert ADVICE[operation] in caught.value.message
    assert "The update was sent" not in caught.value.message
    assert (caught.value.fate, caught.value.operation) == (Fate.UNCERTAIN, operation)
    assert len(fixed.requests) == 1


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("status", ["500 No", "200 OK"])
def test_a_refusal(fixed, transport: Transport, protocol: str, status: str) -> None:
    (fixed.xml if protocol == "soap" else fixed.json)(FAULT if protocol == "soap" else REFUSAL, status)
    with pytest.raises(ProfitError, match="General message: no") as caught:
        over(protocol, transport).redeem(KEYS, Secret(PASSWORD))
    assert (caught.value.number, caught.value.fate) == (-2147180996, Fate.REFUSED)
    assert len(fixed.requests) == 1


@pytest.mark.parametrize("protocol", ["soap", "rest"])
def test_an_address_that_is_not_let_in(fixed, transport: Transport, protocol: str) -> None:
    fixed.reply("", "application/xml; charset=utf-8", "403 Forbidden")
    with pytest.raises(AccessDenied) as caught:
        over(protocol, transport).request(KEYS)
    assert caught.value.fate is Fate.NOT_SENT


def test_nobody_listens(fixed, transport: Transport) -> None:
    fixed.close()
    with pytest.raises(TransportError) as caught:
        RestOneTimePasswords(transport).request(KEYS)
    assert not isinstance(caught.value, Uncertain)
    assert caught.value.fate is Fate.NOT_SENT


@pytest.mark.parametrize(("protocol", "operation"), CALLS)
@pytest.mark.parametrize("reply", ["done", "echo", "fault", "redirect", "header", "half a token", "nothing"])
def test_nothing_of_it_shows(
    fixed,
    link_to: LinkTo,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    *,
    protocol: str,
    operation: str,
    reply: str,
) -> None:
    """Not in a log, an error, a traceback with its local names, or a trace."""
    for name in (None, "urllib3", "zeep", "requests", "afas_soap"):
        caplog.set_level(logging.DEBUG, name)
    trace = tmp_path / "trace.txt"
    transport = Transport(without_trace(link_to(fixed, trace=trace), *SECRETS[:3], DATA), PROFIT)
    call, _, answer, expected = (OVER_SOAP if protocol == "soap" else OVER_REST)[operation]
    all_of_it = f"{' '.join(SECRETS)} {TOKEN}".replace("<", "&lt;")
    done = ANSWER.format(soap=SOAP11, name=operation, inner=answer) if protocol == "soap" else answer
    half = done.replace(DATA, DATA[:40])
    {
        "done": lambda: (fixed.xml if protocol == "soap" else fixed.json)(done),
        "echo": lambda: fixed.json(json.dumps({"externalMessage": all_of_it}), "500 No"),
        "fault": lambda: fixed.xml(FAULT.replace("no<", f"{all_of_it}<"), "500 No"),
        "redirect": lambda: fixed.reply("", "text/plain", "302 Found", f"Location: https://elders/?{API_KEY}&{DATA}"),
        "header": lambda: fixed.reply("x", f"text/{DATA}", "200 OK", f"X-Trace-Identifier: {PASSWORD}"),
        "half a token": lambda: (fixed.xml if protocol == "soap" else fixed.json)(half),
        "nothing": lambda: fixed.raw(None),
    }[reply]()
    shown = ""
    try:
        assert call(over(protocol, transport)) == expected
    except AfasError as error:
        below = error.__traceback__.tb_next if error.__traceback__ is not None else None
        told = traceback.TracebackException(type(error), error, below, capture_locals=True)
        shown = "".join(told.format()) + repr(pickle.dumps(error)) + repr(vars(error))
    transport.close()
    assert caplog.records
    written = (caplog.text + shown).lower()
    assert not [secret for secret in (*SECRETS, DATA[:40]) if secret.lower() in written]
    assert not trace.exists()


def test_what_signs_nothing() -> None:
    nothing = Unsigned(("geheim",))
    assert "geheim" not in repr(nothing)
    assert (dict(nothing.headers("POST", "x")), dict(nothing.shown()), nothing.secrets()) == ({}, {}, ("geheim",))
    reply = Reply(Signature(), 401, {}, b"")
    assert (nothing.answered(reply, []), nothing.refusal(reply)) == (Cure.NONE, None)
