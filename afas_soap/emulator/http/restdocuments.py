"""The REST host's documents: the subject, report, image and file connectors (special-connectors 2 to 4).

404 is what is not there and what may not be seen, with one message for neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from werkzeug import Request as HttpRequest
from werkzeug import Response

from afas_soap.emulator.appconnector import REPORT_CONNECTOR, SUBJECT_CONNECTOR, AppConnector, HasDocuments
from afas_soap.emulator.documents.contents import NotOnDisk
from afas_soap.emulator.documents.filename import plain_name
from afas_soap.emulator.documents.transfer import base64_text
from afas_soap.emulator.http.answers import bare, page, rest_answer
from afas_soap.emulator.refusals import Refused
from afas_soap.errors import NotFound, QueryError
from afas_soap.profit.documents.content import Content, Size
from afas_soap.profit.questions.restquery import query_from_string

_Parameters = Mapping[str, str]
_SIZES: Mapping[str, Size] = {str(int(size)): size for size in Size}


def respond(app_connector: AppConnector, request: HttpRequest, parts: Sequence[str]) -> Response | None:
    """The answer; ``parts`` are those of the path as it was sent. None for an address of no document."""
    connector = _CONNECTORS.get(parts[0].lower())
    if connector is None:
        return None
    on_app_connector, ask, binary = connector
    try:
        documents = app_connector.documents(on_app_connector)
    except Refused:
        return bare(404)
    try:
        content = ask(documents, request, parts[1:])
    except NotOnDisk:
        # What a client met in production (special-connectors 4): when it comes is not known.
        return page(500, "404 - File or directory not found.")
    except (NotFound, _NoAddress):
        return bare(404)
    except QueryError:
        return bare(400)
    if binary and request.headers.get("SendFileAsBinary", "").strip() == "1":
        return _binary(content)
    pretty = app_connector.dialect == "profit6"
    answer = rest_answer(_json(content, _NAMES[parts[0].lower()], pretty=pretty))
    answer.call_on_close(content.close)
    return answer


class _NoAddress(Exception):  # noqa: N818 - an answer, not an error
    """An address that is none of this connector's."""


def _binary(content: Content) -> Response:
    """The bytes themselves; which headers come with them is not known, so the type and the length alone do."""
    answer = rest_answer(content, content_type=content.facts.media_type)
    if content.facts.length is not None:
        answer.content_length = content.facts.length
    answer.call_on_close(content.close)
    return answer


def _json(content: Content, names: Sequence[str], *, pretty: bool) -> Iterator[bytes]:
    """The object member by member; files and attachments have a name, and it stands in front (special-connectors 2)."""
    texts = {"filename": content.facts.name, "mimetype": content.facts.media_type}
    gap, blank = ("\n  ", " ") if pretty else ("", "")
    for number, name in enumerate(names):
        yield f"{',' if number else '{'}{gap}{json.dumps(name)}:{blank}".encode()
        if name == "filedata":
            yield b'"'
            yield from (piece.encode() for piece in base64_text(content))
            yield b'"'
        else:
            yield json.dumps(texts[name], ensure_ascii=False).encode()
    yield b"\n}" if pretty else b"}"


def _attachment(documents: HasDocuments, request: HttpRequest, parts: Sequence[str]) -> Content:
    """By the path, as clients ask, or by parameters, as AFAS' OpenAPI file says."""
    subject, file_id = _either(request, parts, ("subjectid", "fileid"))
    if not (subject.isdecimal() and len(subject) < 11):
        raise QueryError("SubjectId is a whole number.")
    return documents.attachment(int(subject), file_id)


def _report(documents: HasDocuments, request: HttpRequest, parts: Sequence[str]) -> Content:
    if len(parts) != 1:
        raise _NoAddress
    filters = query_from_string(request.query_string.decode("utf-8", "replace")).filters
    return documents.report(unquote(parts[0]), filters)


def _image(documents: HasDocuments, request: HttpRequest, parts: Sequence[str]) -> Content:
    if len(parts) != 1:
        raise _NoAddress
    size = _SIZES.get(_parameters(request).get("format", ""))
    if size is None:
        raise QueryError("format is 0, 1 or 2.")
    return documents.image(unquote(parts[0]), size)


def _file(documents: HasDocuments, request: HttpRequest, parts: Sequence[str]) -> Content:
    file_id, text = _either(request, parts, ("fileid", "filename"))
    name = plain_name(text)
    if name is None:
        raise _NoAddress
    return documents.file(file_id, name)


def _either(request: HttpRequest, parts: Sequence[str], names: tuple[str, str]) -> tuple[str, str]:
    """The two parts of an address, or the two parameters that stand for them."""
    if len(parts) == 2:
        try:
            return unquote(parts[0]), unquote(parts[1], errors="strict")
        except UnicodeDecodeError:
            raise _NoAddress from None
    parameters = _parameters(request)
    if parts or not all(parameters.get(name) for name in names):
        raise _NoAddress
    return parameters[names[0]], parameters[names[1]]


def _parameters(request: HttpRequest) -> _Parameters:
    return {name.lower(): value for name, value in request.args.items()}


_Ask = Callable[[HasDocuments, HttpRequest, Sequence[str]], Content]
# What must be on the app connector, what is asked, and whether it may come as bytes: of attachments that is not known.
_CONNECTORS: Mapping[str, tuple[str, _Ask, bool]] = {
    "subjectconnector": (SUBJECT_CONNECTOR, _attachment, False),
    "reportconnector": (REPORT_CONNECTOR, _report, True),
    "imageconnector": ("", _image, True),
    "fileconnector": (SUBJECT_CONNECTOR, _file, True),
}
_WITH_NAME, _WITHOUT = ("filename", "mimetype", "filedata"), ("filedata", "mimetype")
_NAMES: Mapping[str, Sequence[str]] = {
    "subjectconnector": _WITH_NAME,
    "reportconnector": _WITHOUT,
    "imageconnector": _WITHOUT,
    "fileconnector": _WITH_NAME,
}
