"""Remote import over SOAP: the requests against literals written from the facts, pieces, and what became of a call
(special-connectors 5). What no fact settles (prefixes, the order of headers) is as zeep and requests have it."""

from __future__ import annotations

import base64
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from afas_soap import __version__
from afas_soap.errors import AccessDenied, Fate, NotOffered, ProfitError, Uncertain, UpdateError
from afas_soap.profit.imports.commandline import Action, Command
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.imports import EnvelopeWithFile, RestImports, SoapImports
from afas_soap.wire.profit.judge import PROFIT

LinkTo = Callable[..., Link]

ID = "0123456789ABCDEF" * 2
ARCHIVE = b"PK\x03\x04 and so on"
COMMAND = Command(Action.IMPORT, "O12345AA", "ImportDossier.csv", "Import <dossier> nieuw", "1")
TOKEN = (
    "PHRva2VuPjx2ZXJzaW9uPjE8L3ZlcnNpb24+PGRhdGE+MDEyMzQ1Njc4OUFCQ0RFRjAxMjM0NTY3ODlBQkNERUYwMTIzNDU2Nzg5QUJDREVG"
    "MDEyMzQ1Njc4OUFCQ0RFRjwvZGF0YT48L3Rva2VuPg=="
)
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
EXECUTE = (
    "<ns0:token>nit</ns0:token>"
    '<ns0:commandLine>/O"O12345AA" IMPORT /N"Import &lt;dossier&gt; nieuw" /F"ImportDossier.csv" /A"1"'
    "</ns0:commandLine>"
    f"<ns0:attachementArchive>{base64.b64encode(ARCHIVE).decode()}</ns0:attachementArchive>"
)
GET_STATE = f"<ns0:token>nit</ns0:token><ns0:commandId>{ID}</ns0:commandId>"
# As AFAS shows them: the one of 1.2 to Execute, and a pending one.
EXECUTED = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">'
    '<soap:Body><ExecuteResponse xmlns="urn:Afas.Profit.Services">'
    f"<ExecuteResult>{ID}</ExecuteResult></ExecuteResponse></soap:Body></soap:Envelope>"
)
STATE = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{soap}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
    '<GetStateResponse xmlns="urn:Afas.Profit.Services"><GetStateResult>{text}</GetStateResult></GetStateResponse>'
    "</soap:Body></soap:Envelope>"
)
FAULT = (
    f'<soap:Envelope xmlns:soap="{SOAP11}"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode>'
    "<faultstring>General message: no</faultstring><detail><ProfitApplicationException><ErrorNumber>-2147180996"
    "</ErrorNumber><Message>General message: no</Message></ProfitApplicationException></detail></soap:Fault>"
    "</soap:Body></soap:Envelope>"
)


class Kept:
    """Keeps what comes in memory, and knows when it was settled."""

    def __init__(self) -> None:
        self.data = b""
        self.settled = 0

    def write(self, data: bytes) -> None:
        self.data += data

    def settle(self) -> None:
        self.settled += 1


def posted(port: int, kind: str, namespace: str, operation: str, parameters: str) -> bytes:
    body = (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        f'<soap-env:Envelope xmlns:soap-env="{namespace}"><soap-env:Body>'
        f'<ns0:{operation} xmlns:ns0="urn:Afas.Profit.Services">{parameters}</ns0:{operation}>'
        "</soap-env:Body></soap-env:Envelope>"
    )
    return (
        f"POST /ProfitServices/cmdconnector.asmx HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\n"
        f"User-Agent: afas-soap/{__version__}\r\n"
        "Accept-Encoding: gzip\r\n"
        "Accept: */*\r\n"
        f"{kind}\r\n"
        f"Content-Length: {len(body.encode())}\r\n"
        f"Authorization: AfasToken {TOKEN}\r\n"
        "\r\n"
        f"{body}"
    ).encode()


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Transport:
    return Transport(link_to(fixed), PROFIT)


def kind(version: str, operation: str) -> str:
    action = f'"urn:Afas.Profit.Services/{operation}"'
    if version == "1.2":
        return f"Content-Type: application/soap+xml; charset=utf-8; action={action}"
    return f"Content-Type: text/xml; charset=utf-8\r\nSOAPAction: {action}"


@pytest.mark.parametrize(("version", "namespace"), [("1.1", SOAP11), ("1.2", SOAP12)])
def test_execute(fixed, transport: Transport, version: str, namespace: str) -> None:
    fixed.xml(EXECUTED)
    assert SoapImports(transport, soap_version=version).execute(COMMAND, io.BytesIO(ARCHIVE)) == ID
    assert fixed.requests == [posted(fixed.port, kind(version, "Execute"), namespace, "Execute", EXECUTE)]


@pytest.mark.parametrize(("version", "namespace"), [("1.1", SOAP11), ("1.2", SOAP12)])
def test_get_state(fixed, transport: Transport, version: str, namespace: str) -> None:
    answer = STATE.format(soap=namespace, text=base64.b64encode(b"the log").decode())
    fixed.xml(answer)
    kept = Kept()
    assert SoapImports(transport, soap_version=version).import_log(ID, kept) == b"the log"
    assert fixed.requests == [posted(fixed.port, kind(version, "GetState"), namespace, "GetState", GET_STATE)]
    assert (kept.data, kept.settled) == (answer.encode(), 1)


def test_emptiness_is_no_log(fixed, transport: Transport) -> None:
    fixed.xml(STATE.format(soap=SOAP11, text=""))
    assert SoapImports(transport).import_log(ID, Kept()) == b""


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 64 * 1024 * 3 - 1, 64 * 1024 * 3, 64 * 1024 * 3 + 1])
def test_the_pieces_are_as_long_as_they_say_and_come_again(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    body = EnvelopeWithFile(b"<a>", io.BytesIO(data), b"</a>")
    whole = b"<a>" + base64.b64encode(data) + b"</a>"
    assert len(body) == len(whole)
    assert b"".join(body) == whole
    assert b"".join(body) == whole


# --- what became of it ---


def test_a_break_before_the_answer_is_uncertain_and_never_repeated(fixed, transport: Transport) -> None:
    fixed.raw(None)
    with pytest.raises(Uncertain, match="The import was sent, and whether Profit took it is not known"):
        SoapImports(transport).execute(COMMAND, io.BytesIO(ARCHIVE))
    assert len(fixed.requests) == 1


def test_what_certainly_was_not_begun_is_sent_again_from_its_first_byte(fixed, transport: Transport) -> None:
    fixed.json('{"error":{"code":"503","message":"Onderhoud."},"retry_after":1}', "503 Service Unavailable")
    fixed.xml(EXECUTED)
    transport._sleep = lambda seconds: None
    assert SoapImports(transport).execute(COMMAND, io.BytesIO(ARCHIVE)) == ID
    first, second = fixed.requests
    assert first == second


def test_a_refused_credential_is_access_denied(fixed, transport: Transport) -> None:
    fixed.reply("", "application/xml", "403 Forbidden")
    with pytest.raises(AccessDenied) as caught:
        SoapImports(transport).execute(COMMAND, io.BytesIO(ARCHIVE))
    assert caught.value.fate is Fate.NOT_SENT


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_a_fault_is_a_refusal_whatever_its_status(fixed, transport: Transport, status: str) -> None:
    fixed.xml(FAULT, status)
    with pytest.raises(ProfitError) as caught:
        SoapImports(transport).execute(COMMAND, io.BytesIO(ARCHIVE))
    assert (caught.value.number, caught.value.fate) == (-2147180996, Fate.REFUSED)


@pytest.mark.parametrize("result", ["", "no id", "<nested/>"])
def test_an_answer_that_is_no_id_is_uncertain(fixed, transport: Transport, result: str) -> None:
    fixed.xml(EXECUTED.replace(ID, result))
    with pytest.raises(Uncertain):
        SoapImports(transport).execute(COMMAND, io.BytesIO(ARCHIVE))


def test_a_log_that_is_cut_is_kept_as_far_as_it_came_and_not_asked_for_again(fixed, transport: Transport) -> None:
    answer = STATE.format(soap=SOAP11, text=base64.b64encode(b"x" * 3000).decode()).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {len(answer)}\r\n\r\n".encode()
    fixed.raw(head + answer[:2000], None)
    kept = Kept()
    with pytest.raises(Uncertain):
        SoapImports(transport).import_log(ID, kept)
    assert len(fixed.requests) == 1
    assert kept.settled == 0
    assert answer.startswith(kept.data)


def test_a_log_with_wrong_base64_is_kept_before_it_is_looked_at(fixed, transport: Transport) -> None:
    answer = STATE.format(soap=SOAP11, text="!!!!")
    fixed.xml(answer)
    kept = Kept()
    with pytest.raises(Uncertain):
        SoapImports(transport).import_log(ID, kept)
    assert (kept.data, kept.settled) == (answer.encode(), 1)


def test_a_log_that_is_too_large_to_read_is_kept_all_the_same(
    fixed, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Link, "max_document", 100)
    answer = STATE.format(soap=SOAP11, text="AAAA" * 1000)
    fixed.xml(answer)
    kept = Kept()
    with pytest.raises(Uncertain, match="it was kept, and is not read"):
        SoapImports(transport).import_log(ID, kept)
    assert kept.data == answer.encode()


def test_rest_has_none() -> None:
    rest = RestImports()
    with pytest.raises(NotOffered) as caught:
        rest.execute(COMMAND, io.BytesIO())
    assert caught.value.offered_by == "soap"
    with pytest.raises(NotOffered):
        rest.import_log(ID, Kept())


# --- size ---


class Large(io.BytesIO):
    """A file that says that it is larger than it is."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return 201 * 2**20 if whence == 2 else super().seek(offset, whence)


def test_what_profit_would_not_take_is_refused_before_it_is_sent(fixed, transport: Transport) -> None:
    with pytest.raises(UpdateError, match=r"This import is 268\.0 MB once it is spelt"):
        SoapImports(transport).execute(COMMAND, Large())
    assert not fixed.requests


def test_the_trace_has_the_whole_request_without_the_token(fixed, link_to: LinkTo, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    fixed.xml(EXECUTED)
    with Transport(link_to(fixed, trace=trace), PROFIT) as transport:
        SoapImports(transport).execute(COMMAND, io.BytesIO(ARCHIVE))
    written = trace.read_text()
    assert EXECUTE in written
    assert TOKEN not in written


@pytest.mark.no_cover
def test_its_pieces_take_little_memory(tmp_path: Path) -> None:
    """What the bench measures of 75 MB on the wire, of less and by Python's own count."""
    large = tmp_path / "large.zip"
    large.write_bytes(bytes(8 * 2**20))
    with large.open("rb") as file:
        body = EnvelopeWithFile(b"<a>", file, b"</a>")
        tracemalloc.start()
        try:
            assert sum(map(len, body)) == len(body)
            assert tracemalloc.get_traced_memory()[1] < 2**20
        finally:
            tracemalloc.stop()
