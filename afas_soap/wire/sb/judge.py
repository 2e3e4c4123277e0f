"""SB's judge (strategy): what ``wire.http.transport`` is handed to know what an answer of SB means.

A status alone says nothing about a write (small-business.md 0): ``Failed`` comes with 200 and with 400, and
``PartiallySucceeded`` with 400. What a body says is read by ``sb.errorbody``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from afas_soap.errors import AccessDenied, AfasError, AnswerError, Busy, Fate, NotFound, SBError, printable
from afas_soap.sb.errorbody import refusal_in
from afas_soap.wire.http.judge import Answered, media_type
from afas_soap.wire.http.link import shown
from afas_soap.wire.http.request import Request
from afas_soap.wire.sb.fates import of_write

_AWAY = (429, 502, 503, 504)
# Which words SB has for it is not known (ours): any that name it, in either language.
_OF_VERSION = re.compile(r"\b(version|versie|accept-version)\b", re.IGNORECASE)
_REDIRECT = range(300, 400)
_ADVICE: Mapping[int, tuple[type[AccessDenied] | type[NotFound], str]] = {
    401: (AccessDenied, "SB refused the access token (401): it ran out, was withdrawn, or is of another environment."),
    403: (AccessDenied, "SB does not allow this (403): whoever signed in has not the right to it."),
    404: (NotFound, "There is nothing at this address (404): check the domain and the customer environment."),
    405: (NotFound, "This address does not take such a request (405): check the domain and the customer environment."),
}


class SbJudge:
    """See ``wire.http.judge.Judge``."""

    service = "SB"
    trace_header = "X-Trace-Identifier"

    def check(self, request: Request) -> None:
        """SB names no limit of a call."""

    def error(self, request: Request, answered: Answered, environment: str) -> AfasError:
        """By what its body says, then by its status."""
        error = _with_version(_error(request, answered, environment), request)
        return error if request.read else of_write(error, request, answered)

    def wrong_content(self, request: Request, status: int, media: str, beginning: bytes) -> AfasError | None:
        """Anything but JSON where JSON is asked for, an HTML page above all."""
        kind = media_type(media)
        if request.accepts.media in kind and "html" not in kind and status == 200:
            return None
        what = "an HTML page" if "html" in kind else f"{status} and the content type {printable(kind)[:100]!r}"
        return AnswerError(f"{shown(request.url)} answered with {what}, which SB does not: check the address.")

    def passes(self, error: AfasError) -> bool:
        """No refusal of SB is known to pass."""
        return False


def _error(request: Request, answered: Answered, environment: str) -> AfasError:
    refusal = refusal_in(answered.body, answered.status, answered.trace_id)
    if refusal is not None and refusal.fate is Fate.STORED:
        # Whatever the status says.
        return refusal
    if answered.status in _REDIRECT:
        return AnswerError(
            f"{shown(request.url)} redirects ({answered.status}), and a redirect is never followed, because the token "
            "would go along: check the address."
        )
    if answered.status in _AWAY:
        return Busy(f"SB ({environment}) is away for a while ({answered.status}).", status=answered.status)
    if refusal is not None and refusal.result is not None:
        # Who asks was looked at before, so the status is that of the result.
        return refusal
    known = _ADVICE.get(answered.status)
    if known is not None:
        kind, advice = known
        said = f" It says: {refusal.message}" if refusal is not None else ""
        trace = refusal.trace_id if refusal is not None else answered.trace_id
        return kind(advice + said, trace_id=trace, status=answered.status)
    if refusal is not None:
        return refusal
    return AnswerError(f"{shown(request.url)} answered {answered.status} and did not say why.")


def _with_version(error: AfasError, request: Request) -> AfasError:
    """The ``error`` of a read with the version that was asked for, where it is about that: who named none has the
    newest that we know, which an older SB does not. Of a write its sender tells the others that there are."""
    version = request.headers.get("Accept-Version")
    if not request.read or request.connector is None or version is None or not isinstance(error, (SBError, NotFound)):
        return error
    if not _OF_VERSION.search(error.message) or (isinstance(error, SBError) and error.result is not None):
        return error
    remedy = (
        f"Asked for was version {version} of {request.connector}: name another one with version= (CLI: --version); "
        "'afas sb resources' lists those that are known."
    )
    said = error.message if error.message.endswith((".", "!", "?")) else f"{error.message}."
    return error.retold(type(error), f"{said} {remedy}")


SB = SbJudge()
