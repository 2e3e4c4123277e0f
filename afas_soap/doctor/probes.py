"""Requests without a credential: whether the token endpoint is there, and what the time is at the other end."""

from __future__ import annotations

import email.utils
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests

from afas_soap.doctor.finding import Finding, Grade, failed, skipped
from afas_soap.doctor.remedies import LATER, LET_IN, remedy_for
from afas_soap.errors import AccessDenied, AfasError, AnswerError, Busy, NotFound
from afas_soap.limits import CLOCK_SKEW
from afas_soap.wire.http.authorizer import TokenReply
from afas_soap.wire.http.link import shown
from afas_soap.wire.http.retry import Repeatable
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.oauth.challenge import oauth_error

_OAUTH = "OAuth"
_SWITCH_ON = (
    "Ask AFAS' administrator whether this Profit is new enough, and set the app connector's authentication type to "
    "hybrid or OAuth; check rest_url."
)
_LOOK = "Check rest_url, and see what stands at that address."
_SET_CLOCK = "Set this machine's clock right (NTP): signatures with a time in them are refused by it."
# It names a grant and no client, so no Profit gives a token for it. What one before Profit 9 says to that is not known;
# that it says it in OAuth's words is inferred.
_NOBODY = {"grant_type": "client_credentials"}
_BUSY = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one request was answered: ``answer`` is None when there is no answer, for the reason ``error``."""

    answer: TokenReply | None
    error: AfasError | None = None


def token_endpoint(http: HttpSession, rest_url: str) -> Heard:
    """Ask the token endpoint for a token that nobody gets."""
    return _heard(http, requests.Request("POST", f"{rest_url}/oauth/token", data=_NOBODY))


def any_answer(http: HttpSession, url: str) -> Heard:
    """Ask for anything at all; any answer has the time in it."""
    return _heard(http, requests.Request("GET", f"{url}/"))


def _heard(http: HttpSession, request: requests.Request) -> Heard:
    try:
        return Heard(http.post(request))
    except Repeatable as problem:
        return Heard(None, problem.error)
    except AfasError as error:
        return Heard(None, error)


def oauth(heard: Heard, url: str, *, wanted: bool) -> Finding:
    """What the token endpoint's answer tells. That there is none is an error where OAuth is ``wanted``."""
    where = shown(url)
    if heard.answer is None:
        assert heard.error is not None, "one of them is there"
        error, remedy = heard.error, remedy_for(heard.error)
    else:
        status = heard.answer.status
        said = oauth_error(status, heard.answer.headers, heard.answer.body)
        if said is not None:
            return Finding(_OAUTH, Grade.OK, f"{where} answers as a token endpoint does ({status} {said.error}).")
        make, remedy = _ANSWERS.get(status, (_strange, _LOOK))
        error = make(where, status)
    return failed(_OAUTH, error, remedy) if wanted else Finding(_OAUTH, Grade.WARNING, error.message, remedy)


def _refused(where: str, status: int) -> AfasError:
    return AccessDenied(f"{where} refused this machine (403), whoever signs in.", status=status)


def _absent(where: str, status: int) -> AfasError:
    return NotFound(
        f"There is no token endpoint at {where} (404): this Profit is too old for OAuth, or it is not switched on.",
        status=status,
    )


def _away(where: str, status: int) -> AfasError:
    return Busy(f"The token endpoint at {where} is away for a while ({status}).", status=status)


def _strange(where: str, status: int) -> AfasError:
    return AnswerError(f"{where} answered {status}, and not as a token endpoint does (400 with an error in JSON).")


_ANSWERS: Mapping[int, tuple[Callable[[str, int], AfasError], str]] = {
    403: (_refused, LET_IN),
    404: (_absent, _SWITCH_ON),
    **dict.fromkeys(_BUSY, (_away, LATER)),
}


def clock(heard: Heard | None, now: Callable[[], float]) -> Finding:
    """Our clock against the ``Date`` of an answer that came just now; None for no answer."""
    if heard is None or heard.answer is None:
        return skipped("clock", "nobody answered who could tell the time.")
    try:
        theirs = email.utils.parsedate_to_datetime(heard.answer.headers.get("Date", "")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return skipped("clock", "the answer does not tell the time (no Date header).")
    off = theirs - now()
    if abs(off) <= CLOCK_SKEW:
        return Finding("clock", Grade.OK, f"Within {CLOCK_SKEW:.0f} seconds of the server's.")
    way = "behind" if off > 0 else "ahead of"
    message = f"This machine's clock is {abs(off):,.0f} seconds {way} the server's, and {CLOCK_SKEW:.0f} are allowed."
    return Finding("clock", Grade.WARNING, message, _SET_CLOCK)
