"""Answers with documents on real sockets: whole, cut off, framed in whatever way, and refused in whatever form."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap.errors import (
    AccessDenied,
    AfasError,
    AnswerError,
    Busy,
    CutOff,
    NotFound,
    ProfitError,
    TransportError,
)
from afas_soap.profit.connectors.capabilities import Documents
from afas_soap.profit.documents.content import Content, Facts, Size
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.documents.rest import RestDocuments
from afas_soap.wire.profit.documents.soap import SoapDocuments
from afas_soap.wire.profit.judge import PROFIT

LinkTo = Callable[..., Link]

FILE = "5C055C034516ED67972E0A852E03C5B9"
PLAIN = b"%PDF-1.7\n" + bytes(range(256)) * 300
TEXT = base64.b64encode(PLAIN).decode()
SOAP = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<GetAttachmentResponse xmlns="urn:Afas.Profit.Services"><GetAttachmentResult>{}</GetAttachmentResult>'
    "</GetAttachmentResponse></s:Body></s:Envelope>"
)
REST = '{{"filename":"Zoë.pdf","mimetype":"application/pdf","filedata":"{}"}}'
PAGE_OF_404 = "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body/></html>"


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Iterator[Transport]:
    with Transport(link_to(fixed, retry_total=5.0), PROFIT, sleep=lambda _: None) as transport:
        yield transport


@pytest.fixture(params=["soap", "rest"])
def protocol(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def documents(transport: Transport, protocol: str) -> Documents:
    return SoapDocuments(transport) if protocol == "soap" else RestDocuments(transport)


def whole(content: Content) -> bytes:
    with content:
        return b"".join(content)


def spelt(protocol: str, text: str = TEXT) -> tuple[bytes, str]:
    """A whole body and its content type."""
    return (SOAP if protocol == "soap" else REST).format(text).encode(), (
        "text/xml; charset=utf-8" if protocol == "soap" else "application/json; charset=utf-8"
    )


def head(kind: str, *lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {kind}", *lines, "", ""]).encode()


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%X\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("framing", ["length", "chunked", "chunked by 7", "gzip", "close", "one byte first"])
def test_whatever_way_it_is_framed(fixed, documents: Documents, protocol: str, framing: str) -> None:
    body, kind = spelt(protocol)
    length = f"Content-Length: {len(body)}"
    match framing:
        case "length":
            fixed.raw(head(kind, length) + body)
        case "gzip":
            packed = gzip.compress(body)
            fixed.raw(head(kind, f"Content-Length: {len(packed)}", "Content-Encoding: gzip") + packed)
        case "close":
            fixed.raw(head(kind, "Connection: close") + body, None)
        case "one byte first":
            fixed.raw(head(kind, length) + body[:1], 0.05, body[1:])
        case _:
            size = 7 if "7" in framing else 1000
            fixed.raw(head(kind, "Transfer-Encoding: chunked") + chunked(body, size))
    content = documents.attachment(7, FILE)
    assert whole(content) == PLAIN
    assert content.facts == Facts("" if protocol == "soap" else "Zoë.pdf", "application/pdf", None)


def test_a_connection_serves_the_next_call(fixed, documents: Documents, protocol: str) -> None:
    for _ in range(3):
        fixed.reply(*spelt(protocol))
        assert whole(documents.attachment(7, FILE)) == PLAIN
    assert fixed.connections == 1


def test_one_that_broke_is_asked_for_again_and_goes_on(fixed, documents: Documents, protocol: str) -> None:
    """Behind what was given, which must be the same: two halves of two reports are no report."""
    body, kind = spelt(protocol)
    fixed.raw(head(kind, f"Content-Length: {len(body)}") + body[:70_000], None)
    fixed.reply(body, kind)
    assert whole(documents.attachment(7, FILE)) == PLAIN
    other = spelt(protocol, base64.b64encode(PLAIN[::-1]).decode())[0]
    fixed.raw(head(kind, f"Content-Length: {len(body)}") + body[:70_000], None)
    fixed.reply(other, kind)
    with pytest.raises(AnswerError, match="gave another answer than before: the data changed meanwhile"):
        whole(documents.attachment(7, FILE))


def test_cut_off_for_good(fixed, documents: Documents, protocol: str) -> None:
    body, kind = spelt(protocol)
    for _ in range(12):
        fixed.raw(head(kind, f"Content-Length: {len(body)}") + body[:50_000], None)
    with pytest.raises(TransportError):
        whole(documents.attachment(7, FILE))
    # Nothing says where it ends, so only the document can tell.
    fixed._steps.clear()
    fixed.raw(head(kind, "Connection: close") + body[:50_000], None)
    with pytest.raises(CutOff):
        whole(documents.attachment(7, FILE))


def test_closed_before_its_end(fixed, documents: Documents, protocol: str) -> None:
    fixed.reply(*spelt(protocol))
    with documents.attachment(7, FILE) as content:
        assert next(content)
    content.close()
    fixed.reply(*spelt(protocol))
    documents.attachment(7, FILE).close()


@pytest.mark.parametrize("name", ["", "_empty"])
def test_recorded_lists(fixed, transport: Transport, afas: Path, name: str) -> None:
    fixed.xml((afas / "soap" / f"SubjectConnector-GetSubjectAttachmentInfoResponse{name}.xml").read_bytes())
    found = [(each.subject, each.name) for each in SoapDocuments(transport).attachments(7)]
    assert found == ([] if name else [(7, "example.pdf")])


def test_recorded_documents(fixed, transport: Transport, afas: Path) -> None:
    """One picture by both operations, told by its first bytes."""
    documents = SoapDocuments(transport)
    fixed.xml((afas / "soap" / "SubjectConnector-GetAttachmentResponse.xml").read_bytes())
    one = documents.attachment(7, FILE)
    plain = whole(one)
    assert one.facts == Facts("", "image/jpeg")
    fixed.xml((afas / "soap" / "SubjectConnector-GetSubjectAttachmentDataResponse.xml").read_bytes())
    assert [(each.facts.name, whole(each)) for each in documents.attachment_data(7)] == [("image.jpg", plain)]
    fixed.xml((afas / "soap" / "SubjectConnector-GetSubjectAttachmentDataResponse_empty.xml").read_bytes())
    assert list(documents.attachment_data(7)) == []


def test_refusals_within_a_success(fixed, documents: Documents, protocol: str) -> None:
    """They are what they would have been with a status of their own, and know the trace id."""
    fault = "<s:Fault><faultcode>s:Server</faultcode><faultstring>{}</faultstring></s:Fault>"
    for said, kind in (("Geen rechten.", ProfitError), ("De token is ongeldig: token niet gevonden", AccessDenied)):
        if protocol == "soap":
            body = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
            fixed.xml(body.format(fault.format(said)), "200 OK", "X-Trace-Identifier: abc")
        else:
            fixed.json(f'{{"externalMessage":"{said}","errorNumber":-1}}', "200 OK", "X-Trace-Identifier: abc")
        with pytest.raises(kind) as caught:
            whole(documents.attachment(7, FILE))
        assert type(caught.value) is kind
        assert caught.value.trace_id == "abc"


def test_busy_within_a_success(fixed, transport: Transport) -> None:
    fixed.json('{"error":{"message":"away"},"retry_after":30}')
    with pytest.raises(Busy, match="away"):
        whole(RestDocuments(transport).attachment(7, FILE))


ASKS: tuple[Callable[[Documents], Content], ...] = (
    lambda documents: documents.attachment(7, FILE),
    lambda documents: documents.report(FILE, ()),
    lambda documents: documents.image(FILE, Size.ORIGINAL),
    lambda documents: documents.file(FILE, "x.pdf"),
)


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("binary", [False, True])
def test_404_says_what_afas_says(
    fixed, transport: Transport, ask: Callable[[Documents], Content], *, binary: bool
) -> None:
    """And so does HTTP 500 with the page of a 404, which a client in production met."""
    documents = RestDocuments(transport, binary=binary)
    advice = "for one that the token's user has no right to: sign in to Profit as that user and open it there"
    for answer in (
        lambda: fixed.reply("", "text/plain", "404 Not Found"),
        lambda: fixed.reply(PAGE_OF_404, "text/html", "404 Not Found"),
        lambda: fixed.reply(PAGE_OF_404, "text/html", "500 Internal Server Error"),
        lambda: fixed.json('{"externalMessage":"Bestand niet gevonden"}', "404 Not Found"),
        lambda: fixed.json('{"externalMessage":"Bestand niet gevonden."}', "404 Not Found"),
    ):
        answer()
        with pytest.raises(NotFound, match=advice):
            ask(documents)


@pytest.mark.parametrize("ask", ASKS)
def test_other_pages_are_no_404(fixed, transport: Transport, ask: Callable[[Documents], Content]) -> None:
    documents = RestDocuments(transport)
    fixed.reply("<html><body>Runtime Error in line 4040</body></html>", "text/html", "500 Internal Server Error")
    with pytest.raises(AnswerError, match="answered 500 with an HTML page"):
        ask(documents)
    fixed.reply(PAGE_OF_404, "text/html")
    with pytest.raises(AnswerError, match="answered with an HTML page"):
        ask(documents)
    fixed.reply("404", "text/plain", "500 Internal Server Error")
    with pytest.raises(AnswerError, match="answered 500 and did not say why"):
        ask(documents)


def test_a_page_of_404_for_anything_else_is_an_error_of_the_server(fixed, transport: Transport) -> None:
    fixed.reply(PAGE_OF_404, "text/html", "500 Internal Server Error")
    with pytest.raises(AnswerError, match="answered 500 with an HTML page"):
        SoapDocuments(transport).attachments(7)


@pytest.mark.parametrize("status", ["201 Created", "202 Accepted", "204 No Content", "206 Partial Content", "299 Odd"])
def test_no_other_status_is_a_document(fixed, documents: Documents, protocol: str, status: str) -> None:
    """A part may look whole, as nothing does."""
    fixed.reply(*(spelt(protocol) if "204" not in status else (b"", spelt(protocol)[1])), status)
    with pytest.raises(AnswerError, match=rf"answered {status[:3]}, which Profit does not give: check {protocol}_url"):
        whole(documents.attachment(7, FILE))


class TestAsItIs:
    """Answers to ``SendFileAsBinary: 1``."""

    def test_the_document_itself(self, fixed, transport: Transport) -> None:
        documents = RestDocuments(transport, binary=True)
        fixed.reply(PLAIN, "application/pdf", "200 OK", 'Content-Disposition: attachment; filename="x.pdf"')
        content = documents.file(FILE, "x.pdf")
        assert whole(content) == PLAIN
        assert content.facts == Facts("x.pdf", "application/pdf", len(PLAIN))
        fixed.raw(head("application/octet-stream", "Transfer-Encoding: chunked") + chunked(PLAIN, 1000))
        content = documents.report(FILE, ())
        assert whole(content) == PLAIN
        assert content.facts == Facts("", "application/pdf", None)
        fixed.reply(b"", "application/octet-stream")
        assert whole(documents.report(FILE, ())) == b""

    def test_the_wrapper_after_all(self, fixed, transport: Transport) -> None:
        fixed.reply(*spelt("rest"))
        content = RestDocuments(transport, binary=True).image(FILE, Size.ORIGINAL)
        assert whole(content) == PLAIN
        assert content.facts == Facts("Zoë.pdf", "application/pdf", None)

    def test_its_length_is_not_that_of_what_is_packed(self, fixed, transport: Transport) -> None:
        packed = gzip.compress(PLAIN)
        fixed.reply(packed, "application/pdf", "200 OK", "Content-Encoding: gzip")
        content = RestDocuments(transport, binary=True).report(FILE, ())
        assert whole(content) == PLAIN
        assert content.facts.length is None

    def test_one_that_does_not_say_where_it_ends(self, fixed, transport: Transport) -> None:
        """Half of it would look whole."""
        fixed.raw(head("application/pdf", "Connection: close") + PLAIN[:50_000], None)
        with pytest.raises(AnswerError, match=r"nobody could tell whether the document is whole: leave send_file_as_"):
            whole(RestDocuments(transport, binary=True).report(FILE, ()))

    def test_cut_off(self, fixed, transport: Transport) -> None:
        for _ in range(12):
            fixed.raw(head("application/pdf", f"Content-Length: {len(PLAIN)}") + PLAIN[:50_000], None)
        with pytest.raises(TransportError):
            whole(RestDocuments(transport, binary=True).report(FILE, ()))

    @pytest.mark.parametrize(
        ("status", "body", "line"),
        [
            ("206 Partial Content", PLAIN[:100], f"Content-Range: bytes 0-99/{len(PLAIN)}"),
            ("204 No Content", b"", "X: y"),
            ("203 Non-Authoritative Information", PLAIN, "X: y"),
        ],
    )
    def test_no_other_status(self, fixed, transport: Transport, status: str, body: bytes, line: str) -> None:
        fixed.reply(body, "application/pdf", status, line)
        with pytest.raises(AnswerError, match=f"answered {status[:3]}, which Profit does not give"):
            whole(RestDocuments(transport, binary=True).report(FILE, ()))

    def test_half_a_wrapper(self, fixed, transport: Transport) -> None:
        """Whose length fits."""
        fixed.json(spelt("rest")[0][:30])
        with pytest.raises(CutOff):
            whole(RestDocuments(transport, binary=True).report(FILE, ()))

    def test_a_length_that_nobody_can_count(self, fixed, transport: Transport) -> None:
        """It is none, and the document would end anywhere."""
        fixed.raw(head("application/pdf", f"Content-Length: {'9' * 5000}") + PLAIN[:50_000], None)
        with pytest.raises(AnswerError, match="nobody could tell whether the document is whole"):
            whole(RestDocuments(transport, binary=True).report(FILE, ()))

    def test_a_refusal_is_no_document(self, fixed, transport: Transport) -> None:
        fixed.json('{"externalMessage":"Nee","errorNumber":-1,"profitLogReference":"A1"}')
        with pytest.raises(ProfitError, match="Nee") as caught:
            whole(RestDocuments(transport, binary=True).report(FILE, ()))
        assert caught.value.log_reference == "A1"
        fixed.html()
        with pytest.raises(AnswerError, match="answered with an HTML page"):
            RestDocuments(transport, binary=True).report(FILE, ())


def test_no_secret_of_an_answer_is_told(fixed, documents: Documents, protocol: str, token) -> None:
    """A server that sends back what it was sent."""
    secret = token.header().removeprefix("AfasToken ")
    if protocol == "soap":
        body = (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>x</faultcode>'
            f"<faultstring>You said {secret}</faultstring></s:Fault></s:Body></s:Envelope>"
        )
        fixed.xml(body)
    else:
        fixed.json(f'{{"externalMessage":"You said {secret}"}}')
    with pytest.raises(AfasError) as caught:
        whole(documents.attachment(7, FILE))
    assert secret not in str(caught.value)


def test_a_list_that_is_not_on_the_app_connector_is_named(fixed, transport: Transport) -> None:
    """REST reads it with a GetConnector of AFAS', which nobody asked for by its name."""
    for body, status in (
        ('{"externalMessage":"Deze connector wordt niet ondersteund."}', "500 Internal Server Error"),
        ("", "401 Unauthorized"),
        ("", "404 Not Found"),
    ):
        fixed.json(body, status)
        with pytest.raises(ProfitError) as caught:
            RestDocuments(transport).attachments(7)
        assert "Profit_Subject_Attachments" in str(caught.value), (status, str(caught.value))
