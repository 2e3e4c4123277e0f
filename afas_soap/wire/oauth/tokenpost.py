"""One request to the token endpoint, sent in the place of the OAuth library's own session.

It sees to what the library does not: a nonce, the server's clock, and answers that have no word of OAuth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import requests
from requests.auth import AuthBase

from afas_soap.errors import AfasError, AnswerError, Busy, SignInError
from afas_soap.wire.http.authorizer import Way
from afas_soap.wire.http.judge import Answered, is_success
from afas_soap.wire.http.link import Link, shown
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.retry import Repeatable
from afas_soap.wire.oauth.advice import refused
from afas_soap.wire.oauth.challenge import NONCE_HEADER, NONCE_WANTED, OAuthError, oauth_error
from afas_soap.wire.oauth.clock import Clock
from afas_soap.wire.profit.statuses import error_from_status

_NO_WORDS = {
    401: "AFAS did not take the client (401) and did not say why: check client_id, its proof, and the environment.",
    404: "There is no OAuth at {where} (404): check rest_url, and that this Profit has OAuth.",
}


class TakesNonce(Protocol):
    """A key whose proofs hold the newest nonce."""

    nonce: str | None


class TokenPost:
    """What the library takes for its session, for one grant. ``timed`` is whether its requests carry a time."""

    def __init__(self, way: Way, key: TakesNonce | None, clock: Clock, *, link: Link, timed: bool) -> None:
        self._way = way
        self._key = key
        self._clock = clock
        self._link = link
        self._timed = timed
        self._where = ""
        self._failure: Exception | None = None
        self._error: OAuthError | None = None

    def failed(self) -> Exception:
        """Why there is no grant; ``Repeatable`` where asking again may help. What the library raised tells no more."""
        if self._failure is not None:
            return self._failure
        if self._error is not None:
            return refused(self._error, self._clock.complaint())
        return AnswerError(f"{self._where} gave an answer that is neither a token nor an error of OAuth.")

    def request(
        self,
        method: str,
        url: str,
        *,
        auth: AuthBase,
        data: Mapping[str, str],
        headers: Mapping[str, str],
        timeout: object,
    ) -> requests.Response:
        """Called by the library, once. ``timeout`` is its own, and the way has one."""
        self._where = shown(url)
        try:
            response = self._answered(requests.Request(method, url, auth=auth, data=data, headers=dict(headers)))
            self._judge(response, url)
        except (AfasError, Repeatable) as problem:
            # Without where it was raised: the names in these frames and in the library's stand for secrets.
            self._failure = problem.with_traceback(None)
        else:
            return response
        raise _Stopped

    def _answered(self, request: requests.Request) -> requests.Response:
        """The answer; to a second request when the first one told which nonce or time it wants, each once."""
        told = {"nonce": False, "time": False}
        while True:
            issued = self._clock.theirs()
            response = self._way.post(request)
            self._clock.hear(response.headers.get("Date"))
            late = self._clock.is_wrong(issued)
            nonce = self._hear_nonce(response)
            self._error = oauth_error(response.status_code, response.headers, response.content)
            if self._error is None:
                return response
            if nonce and self._error.error == NONCE_WANTED and not told["nonce"]:
                told["nonce"] = True
            elif late and self._timed and not told["time"]:
                told["time"] = True
            else:
                return response

    def _hear_nonce(self, response: requests.Response) -> bool:
        nonce = response.headers.get(NONCE_HEADER)
        if self._key is None or not nonce:
            return False
        self._key.nonce = nonce
        return True

    def _judge(self, response: requests.Response, url: str) -> None:
        """Raise what an answer stands for that has no word of OAuth."""
        if is_success(response.status_code) or self._error is not None:
            return
        request = Request(Accepts.JSON, "token", None, url, read=False, verb="POST")
        answered = Answered(response.status_code, response.headers, response.content, None)
        error = error_from_status(request, answered, self._link.environment)
        if isinstance(error, Busy):
            raise Repeatable(error)
        known = _NO_WORDS.get(response.status_code)
        raise error if known is None else SignInError(known.format(where=shown(url))).of_write(error.outcome)


class _Stopped(Exception):  # noqa: N818 - it carries nothing
    """Ends the library's part; what happened is kept here, away from the library's frames."""
