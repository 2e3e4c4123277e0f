"""The SOAP host's documents: the subject service and the report service (special-connectors 1 and 3).

The recorded results are XML of two blanks a level; what Profit says of an item without attachments, of a file that is
not there and of a report with a start screen is not published.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from afas_soap.emulator.appconnector import REPORT_CONNECTOR, SUBJECT_CONNECTOR, AppConnector
from afas_soap.emulator.documents.transfer import base64_text
from afas_soap.emulator.refusals import UNEXPECTED, UNREADABLE, Refused
from afas_soap.errors import QueryError
from afas_soap.profit.questions.filterxml import filters_from_xml

_LOG = logging.getLogger("afas_soap.emulator")
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,10}\s*")


def attachment_info(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    """``GetSubjectAttachmentInfo``: ids and names."""
    files = app_connector.documents(SUBJECT_CONNECTOR).attachments(_subject(parameters))
    lines = (f"  <Attachment fileId={quoteattr(file.file_id)} filename={_attribute(file.name)} />\n" for file in files)
    yield from _listed("SubjectAttachmentInfo", lines)


def attachment_data(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    """``GetSubjectAttachmentData``: names and content, without ids."""
    yield from _listed("SubjectAttachmentData", _with_data(app_connector, _subject(parameters)))


def _with_data(app_connector: AppConnector, subject: int) -> Iterator[str]:
    for content in app_connector.documents(SUBJECT_CONNECTOR).attachment_data(subject):
        yield f"  <Attachment filename={_attribute(content.facts.name)}>\n    <Data>"
        yield from base64_text(content)
        yield "</Data>\n  </Attachment>\n"


def attachment(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    """``GetAttachment``: the base64 alone; without ``fileId`` of the first attachment (inferred: the older form)."""
    documents = app_connector.documents(SUBJECT_CONNECTOR)
    file_id = _parameter(parameters, "fileId", "").strip()
    yield from base64_text(documents.attachment(_subject(parameters), file_id))


def report(app_connector: AppConnector, parameters: Mapping[str, str]) -> Iterator[str]:
    """``Execute``: the base64 of a report. ``logonAs`` of AFAS' older service is taken and not looked at."""
    documents = app_connector.documents(REPORT_CONNECTOR)
    try:
        filters = filters_from_xml(_parameter(parameters, "filtersXml", ""))
    except QueryError:
        raise Refused(UNEXPECTED) from None
    yield from base64_text(documents.report(_parameter(parameters, "reportID", "").strip(), filters))


def _listed(name: str, lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, None)
    if first is None:
        yield f"<{name} />"
        return
    yield f"<{name}>\n{first}"
    yield from lines
    yield f"</{name}>"


def _attribute(name: str) -> str:
    # Always in double quotes, as .NET writes them.
    return f'"{escape(name, {chr(34): "&quot;"})}"'


def _subject(parameters: Mapping[str, str]) -> int:
    text = _parameter(parameters, "subjectID", "0")
    if not _NUMBER.fullmatch(text):
        raise Refused(UNREADABLE, code="Client")
    return int(text)


def _parameter(parameters: Mapping[str, str], name: str, default: str) -> str:
    """A parameter in whatever case: AFAS' help and working code spell them differently (special-connectors 1)."""
    if name in parameters:
        return parameters[name]
    spelt = next((each for each in parameters if each.lower() == name.lower()), None)
    if spelt is None:
        return default
    _LOG.info("the parameter %s came as %s: taken here, and perhaps not at AFAS", name, spelt)
    return parameters[spelt]
