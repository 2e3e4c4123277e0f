"""Documents over REST: the subject, report, image and file connectors, whose answers are base64 in a JSON object."""

from __future__ import annotations

from collections.abc import Iterator

from afas_soap.errors import AnswerError, NotOffered, ProfitError
from afas_soap.profit.documents.attachmentlist import LISTING, attachments_from_rows
from afas_soap.profit.documents.binarycontent import binary_content, facts_of_headers
from afas_soap.profit.documents.content import Attachment, Content, Facts, Size
from afas_soap.profit.documents.filename import escaped_name
from afas_soap.profit.documents.jsoncontent import json_content
from afas_soap.profit.documents.sniffing import sniffed
from afas_soap.profit.questions.query import Condition, Filter, Operator, Query
from afas_soap.profit.questions.restquery import filter_string
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.restcalls import RestCalls, connector_segment

_ALL = -1


class RestDocuments:
    """``Documents`` over REST. ``binary`` asks for reports, pictures and files as they are (``SendFileAsBinary``)."""

    def __init__(self, transport: Transport, *, binary: bool = False) -> None:
        self._calls = RestCalls(transport)
        self._connectors = RestConnectors(transport)
        self._binary = binary

    def attachments(self, subject: int) -> tuple[Attachment, ...]:
        """The rows of a GetConnector: REST has no call for it."""
        condition = Condition("subject_id", Operator.EQUALS, str(subject))
        with self._connectors.rows(LISTING, Query(((condition,),), (), _ALL, _ALL)) as rows:
            return attachments_from_rows(rows, subject)

    def attachment(self, subject: int, file_id: str) -> Content:
        """``GET /subjectconnector/{subject}/{file}``."""
        # Nothing public shows the header of ``binary`` for subjects (special-connectors 2).
        return self._content("attachment", f"subjectconnector/{subject}/{file_id}", binary=False)

    def attachment_data(self, subject: int) -> Iterator[Content]:
        """Not offered."""
        raise NotOffered("REST gives attachments one by one only; SOAP gives all of an item.", offered_by="soap")

    def report(self, report: str, filters: tuple[Filter, ...]) -> Content:
        """``GET /reportconnector/{report}``."""
        return self._content("report", f"reportconnector/{report}{filter_string(filters)}", binary=self._binary)

    def image(self, image: str, size: Size) -> Content:
        """``GET /imageconnector/{image}?format=0|1|2``."""
        path = f"imageconnector/{connector_segment(image)}?format={int(size)}"
        return self._content("image", path, binary=self._binary)

    def file(self, file_id: str, name: str) -> Content:
        """``GET /fileconnector/{file}/{name}``, the name in AFAS' own escaping."""
        return self._content("file", f"fileconnector/{file_id}/{escaped_name(name)}", binary=self._binary)

    def _content(self, operation: str, path: str, *, binary: bool) -> Content:
        answer = self._calls.ask_document(operation, path, binary=binary)
        facts = Facts()
        chunks = _as_it_is(answer, facts) if binary else json_content(answer.chunks(), facts)
        return Content(answer.ending(self._read(answer, sniffed(chunks, facts))), facts, answer.close)

    def _read(self, answer: Answer, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from chunks
        except ProfitError as error:
            refused = self._calls.refused(error, None, answer)
        else:
            return
        raise refused


def _as_it_is(answer: Answer, facts: Facts) -> Iterator[bytes]:
    """What answers ``SendFileAsBinary``. Nothing in bytes says whether they are all, so the answer has to."""
    headers = answer.headers
    if not answer.is_framed:
        raise AnswerError(
            "The answer does not say where it ends, so nobody could tell whether the document is whole: leave "
            "send_file_as_binary out."
        )
    length = "" if "Content-Encoding" in headers else headers.get("Content-Length", "")
    told = facts_of_headers(headers.get("Content-Type", ""), headers.get("Content-Disposition", ""), length)
    yield from binary_content(answer.chunks(), facts, told)
