"""Documents over SOAP: the subject service and the report service, whose answers are base64 in one text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from afas_soap.errors import NotOffered
from afas_soap.profit.documents.attachmentdata import contents_of, data_events
from afas_soap.profit.documents.attachmentlist import attachments_from_info
from afas_soap.profit.documents.content import Attachment, Content, Facts, Size
from afas_soap.profit.documents.sniffing import sniffed
from afas_soap.profit.documents.xmlcontent import soap_content
from afas_soap.profit.questions.filterxml import filters_to_xml
from afas_soap.profit.questions.query import Filter
from afas_soap.profit.readers.envelope import simple_result
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.soapcalls import Parameters, SoapCalls

_Part = TypeVar("_Part")

_SUBJECT = "AppConnectorSubject"
_REPORT = "AppConnectorReport"


class SoapDocuments:
    """``Documents`` over SOAP; the arguments are those of ``SoapCalls``."""

    def __init__(self, transport: Transport, *, soap_version: str = "1.1", token_in_body: bool = False) -> None:
        self._calls = SoapCalls(transport, soap_version=soap_version, token_in_body=token_in_body)

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """``GetSubjectAttachmentInfo``."""
        asked = self._calls.ask(_SUBJECT, "GetSubjectAttachmentInfo", None, {"subjectID": subject})
        with asked as answer, self._calls.faults(answer, None):
            result = simple_result(answer.whole(self._calls.transport.link.max_document))
        return attachments_from_info(result, subject)

    def attachment(self, subject: int, file_id: str) -> Content:
        """``GetAttachment``, which tells neither name nor type: the first bytes tell the type."""
        return self._content(_SUBJECT, "GetAttachment", {"subjectID": subject, "fileId": file_id})

    def attachment_data(self, subject: int) -> Iterator[Content]:
        """``GetSubjectAttachmentData``: one answer with all of them, read document by document."""
        answer = self._calls.ask(_SUBJECT, "GetSubjectAttachmentData", None, {"subjectID": subject})
        return contents_of(answer.ending(self._checked(answer, data_events(answer.chunks()))))

    def report(self, report: str, filters: tuple[Filter, ...]) -> Content:
        """``AppConnectorReport.Execute``. AFAS' older service has ``logonAs`` as well, which is left out
        (special-connectors 3)."""
        parameters = {"reportID": report, "filtersXml": filters_to_xml(filters) or None}
        return self._content(_REPORT, "Execute", parameters)

    def image(self, image: str, size: Size) -> Content:
        """Not offered."""
        raise NotOffered("SOAP has no pictures; REST has.", offered_by="rest")

    def file(self, file_id: str, name: str) -> Content:
        """Not offered."""
        raise NotOffered("SOAP has no files beside attachments; REST has.", offered_by="rest")

    def _content(self, service: str, operation: str, parameters: Parameters) -> Content:
        answer = self._calls.ask(service, operation, None, parameters)
        facts = Facts()
        chunks = sniffed(soap_content(answer.chunks(), operation), facts)
        return Content(answer.ending(self._checked(answer, chunks)), facts, answer.close)

    def _checked(self, answer: Answer, parts: Iterator[_Part]) -> Iterator[_Part]:
        with self._calls.faults(answer, None):
            yield from parts
