"""The requests for documents against literals written from the facts (special-connectors 1 to 4), not by the package.
What no fact settles, such as the prefixes of namespaces, is as zeep and requests have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from afas_soap.errors import AfasError
from afas_soap.profit.connectors.capabilities import Documents
from afas_soap.profit.documents.content import Size
from afas_soap.profit.questions.query import Condition, Operator
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.documents.rest import RestDocuments
from afas_soap.wire.profit.documents.soap import SoapDocuments
from afas_soap.wire.profit.judge import PROFIT

LinkTo = Callable[..., Link]
Ask = Callable[[Documents], object]

FILE = "5C055C034516ED67972E0A852E03C5B9"
REPORT = "CF761B2F7099455B8C5227639C447689"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
ENVELOPE = (
    "<?xml version='1.0' encoding='utf-8'?>\n"
    '<soap-env:Envelope xmlns:soap-env="{namespace}"><soap-env:Body>'
    '<ns0:{operation} xmlns:ns0="urn:Afas.Profit.Services">{parameters}</ns0:{operation}>'
    "</soap-env:Body></soap-env:Envelope>"
)
FILTERS = (
    (Condition("U002", Operator.EQUALS, "A & B"), Condition("KnSbjSbId", Operator.GREATER_OR_EQUAL, "7")),
    (Condition("U003", Operator.NOT_EMPTY),),
)
LISTED = ((Condition("U002", Operator.EQUALS, "202600031"), Condition("KnSbjSbId", Operator.GREATER_OR_EQUAL, "7")),)
FILTERS_XML = (
    '&lt;Filters&gt;&lt;Filter FilterId="Filter 1"&gt;'
    '&lt;Field FieldId="U002" OperatorType="1"&gt;A &amp;amp; B&lt;/Field&gt;'
    '&lt;Field FieldId="KnSbjSbId" OperatorType="2"&gt;7&lt;/Field&gt;'
    '&lt;/Filter&gt;&lt;Filter FilterId="Filter 2"&gt;'
    '&lt;Field FieldId="U003" OperatorType="9"/&gt;'
    "&lt;/Filter&gt;&lt;/Filters&gt;"
)


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Iterator[Transport]:
    with Transport(link_to(fixed), PROFIT) as transport:
        yield transport


def sent(fixed, ask: Callable[[], object]) -> tuple[str, dict[str, str], str]:
    """The first line of the one request that ``ask`` sends, its headers and its body; the answer is a refusal."""
    fixed.reply("", "text/plain", "403 Forbidden")
    with pytest.raises(AfasError):
        ask()
    (request,) = fixed.requests
    head, _, body = request.decode().partition("\r\n\r\n")
    line, *headers = head.split("\r\n")
    return line, dict(header.split(": ", 1) for header in headers), body


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("ask", "asmx", "operation", "parameters"),
    [
        (
            lambda documents: documents.attachments(49946),
            "appconnectorsubject.asmx",
            "GetSubjectAttachmentInfo",
            "<ns0:subjectID>49946</ns0:subjectID>",
        ),
        (
            lambda documents: list(documents.attachment(49946, FILE)),
            "appconnectorsubject.asmx",
            "GetAttachment",
            f"<ns0:subjectID>49946</ns0:subjectID><ns0:fileId>{FILE}</ns0:fileId>",
        ),
        (
            lambda documents: list(documents.attachment_data(49946)),
            "appconnectorsubject.asmx",
            "GetSubjectAttachmentData",
            "<ns0:subjectID>49946</ns0:subjectID>",
        ),
        (
            lambda documents: list(documents.report(REPORT, ())),
            "appconnectorreport.asmx",
            "Execute",
            f"<ns0:reportID>{REPORT}</ns0:reportID>",
        ),
        (
            lambda documents: list(documents.report(REPORT, FILTERS)),
            "appconnectorreport.asmx",
            "Execute",
            f"<ns0:reportID>{REPORT}</ns0:reportID><ns0:filtersXml>{FILTERS_XML}</ns0:filtersXml>",
        ),
    ],
)
def test_over_soap(
    fixed, transport: Transport, version: str, ask: Ask, asmx: str, operation: str, parameters: str
) -> None:
    line, headers, body = sent(fixed, lambda: ask(SoapDocuments(transport, soap_version=version)))
    action = f"urn:Afas.Profit.Services/{operation}"
    assert line == f"POST /ProfitServices/{asmx} HTTP/1.1"
    if version == "1.1":
        assert (headers["Content-Type"], headers["SOAPAction"]) == ("text/xml; charset=utf-8", f'"{action}"')
    else:
        assert headers["Content-Type"] == f'application/soap+xml; charset=utf-8; action="{action}"'
    assert headers["Authorization"].startswith("AfasToken ")
    namespace = SOAP11 if version == "1.1" else SOAP12
    assert body == ENVELOPE.format(namespace=namespace, operation=operation, parameters=parameters)


@pytest.mark.parametrize(
    ("ask", "path"),
    [
        (lambda documents: documents.attachment(49946, FILE), f"subjectconnector/49946/{FILE}"),
        (lambda documents: documents.report(REPORT, ()), f"reportconnector/{REPORT}"),
        (
            lambda documents: documents.report(REPORT, LISTED),
            f"reportconnector/{REPORT}?filterfieldids=U002%2CKnSbjSbId&filtervalues=202600031%2C7&operatortypes=1%2C2",
        ),
        (lambda documents: documents.image("4A/b", Size.ORIGINAL), "imageconnector/4A%2Fb?format=0"),
        (lambda documents: documents.image(FILE, Size.THUMBNAIL), f"imageconnector/{FILE}?format=1"),
        (lambda documents: documents.image(FILE, Size.MEDIUM), f"imageconnector/{FILE}?format=2"),
        (
            lambda documents: documents.file(FILE, "offerte_2026-01 (ë+%).pdf"),
            f"fileconnector/{FILE}/offerte_5F2026_2D01%20%28%C3%AB_2B_25%29.pdf",
        ),
    ],
)
@pytest.mark.parametrize("binary", [False, True])
def test_over_rest(fixed, transport: Transport, ask: Ask, path: str, *, binary: bool) -> None:
    """With the header that asks for the document as it is, but for attachments: nothing public shows it there."""
    line, headers, body = sent(fixed, lambda: ask(RestDocuments(transport, binary=binary)))
    assert line.replace(",", "%2C").replace(";", "%3B") == f"GET /ProfitRestServices/{path} HTTP/1.1"
    as_it_is = binary and "subjectconnector" not in path
    assert headers.get("SendFileAsBinary") == ("1" if as_it_is else None)
    assert headers["Accept"] == ("*/*" if as_it_is else "application/json")
    assert headers["Authorization"].startswith("AfasToken ")
    assert body == ""


def test_the_list_over_rest(fixed, transport: Transport) -> None:
    """Rows of AFAS' GetConnector, of which the columns are asked as for any other."""
    fixed.json(
        '{"name":"Profit_Subject_Attachments","description":"","fields":['
        + ",".join(
            f'{{"id":"{name}","fieldId":"U1","dataType":"{kind}","label":"","length":0,"controlType":1,"decimals":0}}'
            for name, kind in (
                ("attachment_id", "int"),
                ("subject_id", "int"),
                ("file_id", "string"),
                ("file_name", "string"),
            )
        )
        + "]}"
    )
    fixed.json(
        f'{{"skip":-1,"take":-1,"rows":[{{"attachment_id":1,"subject_id":7,"file_id":"{FILE}","file_name":"x.pdf"}}]}}'
    )
    (found,) = RestDocuments(transport).attachments(7)
    assert (found.subject, found.file_id, found.name, found.reaction) == (7, FILE, "x.pdf", None)
    assert fixed.requests[1].split(b" ")[1] == (
        b"/ProfitRestServices/connectors/Profit_Subject_Attachments?skip=-1&take=-1&filterfieldids=subject_id"
        b"&filtervalues=7&operatortypes=1"
    )
