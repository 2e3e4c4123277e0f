"""Error mapping, HTTP status -> error: the one place. Source: profit-wire 3.6 (REST) and 7 (SOAP)."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from afas_soap.errors import AccessDenied, AfasError, AnswerError, Busy, Fate, NotFound, ProfitError, printable
from afas_soap.limits import CALL_BYTES, QUERY_STRING
from afas_soap.profit.readers.envelope import read_fault
from afas_soap.profit.readers.errorbody import error_from_json
from afas_soap.wire.http.judge import Answered, media_type
from afas_soap.wire.http.link import shown
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.profit.fates import fate_of_answer, is_bare
from afas_soap.wire.profit.refusals import Refusal, Whom, refused

# All that AFAS documents for an update (profit-wire 3.6); a 202 says "later", a 204 or 205 is no service's of AFAS'.
_BOOKED = (200, 201)
# All that AFAS documents for a read: of the others 204 has nothing, and 206 a part, which may look whole.
_READ = 200
_REDIRECT = range(300, 400)
_BUSY = (429, 502, 503, 504)
# Mostly the address or the token is wrong, whoever says so.
_ADVISED = (401, 403, 404)
# Calls for a document, of SOAP the last one: what is not there for them is mostly not there for this user.
_DOCUMENTS = ("attachment", "report", "image", "file", "GetAttachment")
_NO_DOCUMENT = (
    "AFAS gives this answer for a file that is not on disk, and for one that the token's user has no right to: sign in "
    "to Profit as that user and open it there."
)
_PAGE_OF_404 = re.compile(rb"\b404\b")


@dataclass(frozen=True, slots=True)
class _Services:
    """The services of one protocol: its name, the setting that holds their address, what the content type of their
    answers holds, and by what an address, in small letters, is known as theirs (profit-wire 1.1)."""

    name: str
    setting: str
    media: str
    path: str
    host: str


_SOAP = _Services("SOAP", "soap_url", "xml", "/profitservices", ".soap")
_REST = _Services("REST", "rest_url", "json", "/profitrestservices", ".rest")
# Over SOAP everything is XML; whatever else is asked for, REST gives.
_ASKED: Mapping[Accepts, _Services] = {Accepts.XML: _SOAP, Accepts.JSON: _REST, Accepts.BYTES: _REST}


def error_from_status(request: Request, answered: Answered, environment: str) -> AfasError:
    """The error that an answer with this status stands for; of a write it knows what became of that."""
    if request.read:
        return _error(request, answered, environment)
    fate = fate_of_answer(request, answered)
    error = _error(request, answered, environment)
    if fate is Fate.UNCERTAIN and answered.status in _ADVISED:
        error.message = _with_advice(error, _STATUSES[answered.status](request, answered, environment))
    return error.of_write(fate)


def _error(request: Request, answered: Answered, environment: str) -> AfasError:
    if answered.status in _REDIRECT:
        return _redirected(request, answered)
    if answered.status in _BUSY:
        return _busy(answered, environment)
    refusal = _refusal_in(answered)
    other = refusal is not None and _speaks_other(request, answered)
    if other and request.read:
        return _swapped(request, answered)
    if refusal is not None and not other:
        error = refused(refusal, Whom(environment, request.connector, request.read))
        if isinstance(error, NotFound) and request.operation in _DOCUMENTS:
            error.message = f"{error.message}{'' if error.message.endswith('.') else '.'} {_NO_DOCUMENT}"
        return error
    return _STATUSES.get(answered.status, _unexplained)(request, answered, environment)


def _with_advice(error: AfasError, advice: AfasError) -> str:
    """What somebody says who need not be Profit, and what the status mostly means."""
    said = error.message
    return said if said == advice.message else f"{said}{'' if said.endswith('.') else '.'} {advice.message}"


def wrong_content(request: Request, status: int, content_type: str, beginning: bytes) -> AnswerError | None:
    """The error for a success that is not in the protocol's language, None when it is."""
    media = media_type(content_type)
    if not request.read and status not in _BOOKED:
        return AnswerError(f"{shown(request.url)} answered {status}, which Profit does not give for an update.")
    if not beginning and not request.read and "html" not in media:
        # Most updates are answered without a body, whose type then says nothing (profit-wire 3.6).
        return None
    if "html" in media or beginning.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html")):
        return AnswerError(f"{shown(request.url)} answered with an HTML page: {_check(request)}")
    if request.read and status != _READ:
        return AnswerError(f"{shown(request.url)} answered {status}, which Profit does not give: {_check(request)}")
    if request.accepts.media not in media:
        said = f"the content type {printable(media)[:100]!r}" if media else "no content type"
        return AnswerError(
            f"{shown(request.url)} answered with {said}, which is not {_asked(request).name}: {_check(request)}"
        )
    return None


def _redirected(request: Request, answered: Answered) -> AnswerError:
    location = answered.headers.get("Location", "")
    try:
        target = printable(shown(urljoin(request.url, location))) if location else "nowhere"
    except ValueError:
        target = "an address that is none"
    return AnswerError(
        f"{shown(request.url)} redirects to {target} ({answered.status}), and a redirect is never followed, because "
        f"the token would go along: {_check(request)}"
    )


def _busy(answered: Answered, environment: str) -> Busy:
    body = error_from_json(answered.body)
    said = f": {printable(body.message)}" if body is not None and body.message else ""
    wait = _first(body.retry_after if body is not None else None, _retry_after(answered.headers.get("Retry-After")))
    until = f" It says to come back after {wait:.0f} seconds." if wait is not None else ""
    message = f"Profit ({environment}) is away for a while ({answered.status}){said}"
    ending = "" if message.endswith(".") else "."
    return Busy(message + ending + until, retry_after=wait, trace_id=answered.trace_id, status=answered.status)


def _first(*numbers: float | None) -> float | None:
    return next((number for number in numbers if number is not None), None)


def _retry_after(header: str | None) -> float | None:
    """Seconds from a ``Retry-After`` header, which holds seconds or an HTTP date."""
    if not header:
        return None
    if re.fullmatch("[0-9]{1,10}", header.strip()):
        return float(header)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _refusal_in(answered: Answered) -> Refusal | None:
    """What Profit says in the body, be it JSON or a SOAP fault; None when it says nothing."""
    read = _read_json(answered.body) or _read_soap(answered.body)
    if read is None:
        return None
    message, number, log_reference = read
    return Refusal(message, number, log_reference, answered.trace_id, answered.status)


def _read_json(body: bytes) -> tuple[str, int | None, str | None] | None:
    found = error_from_json(body)
    return None if found is None else (found.message or "", found.number, found.log_reference)


def _read_soap(body: bytes) -> tuple[str, int | None, str | None] | None:
    fault = read_fault(body)
    return None if fault is None else (fault.message, fault.number, fault.log_reference)


def _speaks_other(request: Request, answered: Answered) -> bool:
    """Whether the other protocol's service refused: it does so in its own language."""
    media = answered.headers.get("Content-Type", "").lower()
    return _other(request).media in media and _looks_swapped(request)


def _looks_swapped(request: Request) -> bool:
    """Whether the address is, by its name, that of the other protocol."""
    parts, other = urlsplit(request.url.lower()), _other(request)
    return other.path in parts.path or other.host in (parts.hostname or "")


def _swapped(request: Request, answered: Answered) -> NotFound:
    return NotFound(
        f"{_asked(request).setting} holds the address of the {_other(request).name} services ({shown(request.url)}): "
        "the SOAP and REST addresses seem to be swapped.",
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _unauthorized(request: Request, answered: Answered, environment: str) -> AfasError:
    return AccessDenied(
        f"Profit refused the token (401): it is not known in {environment}, it may belong to another environment, be "
        "withdrawn or have expired, or its app connector does not have this connector, or takes OAuth alone.",
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _forbidden(request: Request, answered: Answered, environment: str) -> AfasError:
    return AccessDenied(
        "Profit refused this machine (403): the app connector takes calls from certain IP addresses only.",
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _absent(request: Request, answered: Answered, environment: str) -> AfasError:
    if _looks_swapped(request):
        return _swapped(request, answered)
    if request.operation in _DOCUMENTS:
        return _no_document(request, answered)
    has_query = request.read and _asked(request) is _REST
    too_long = f" A query over {QUERY_STRING:,} characters gets this answer, too." if has_query else ""
    return NotFound(
        f"There is nothing at {shown(request.url)} (404): {_check(request)}{too_long}",
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _no_document(request: Request, answered: Answered) -> NotFound:
    return NotFound(
        f"There is nothing at {shown(request.url)} ({answered.status}): {_NO_DOCUMENT} When nothing at all is found, "
        + _check(request),
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _too_large(request: Request, answered: Answered, environment: str) -> AfasError:
    return ProfitError(
        f"Profit refused the request because it is over {CALL_BYTES // 2**20} MB (413).",
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _malformed(request: Request, answered: Answered, environment: str) -> AfasError:
    if request.read or not is_bare(answered):
        return _unexplained(request, answered, environment)
    return ProfitError(
        "The request was not taken (400): it cannot be read, or the service was away. Nothing was booked.",
        trace_id=answered.trace_id,
        status=answered.status,
    )


def _unexplained(request: Request, answered: Answered, environment: str) -> AfasError:
    if request.read and _looks_swapped(request):
        return _swapped(request, answered)
    html = "html" in answered.headers.get("Content-Type", "").lower()
    if html and request.operation in _DOCUMENTS and _PAGE_OF_404.search(answered.body):
        # Met for names that the FileConnector does not know (special-connectors 4).
        return _no_document(request, answered)
    page = " with an HTML page" if html else ""
    return AnswerError(f"{shown(request.url)} answered {answered.status}{page} and did not say why. {_hint(request)}")


_STATUSES: Mapping[int, Callable[[Request, Answered, str], AfasError]] = {
    400: _malformed,
    401: _unauthorized,
    403: _forbidden,
    404: _absent,
    413: _too_large,
}


def _check(request: Request) -> str:
    return f"check {_asked(request).setting}."


def _hint(request: Request) -> str:
    # SOAP posted to the REST services gives exactly this (profit-wire 7).
    return f"Check that {_asked(request).setting} is not the address of the {_other(request).name} services."


def _asked(request: Request) -> _Services:
    return _ASKED[request.accepts]


def _other(request: Request) -> _Services:
    return _SOAP if _asked(request) is _REST else _REST
