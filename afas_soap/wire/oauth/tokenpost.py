"""One request to the token endpoint, repeated for a nonce or the server's time, and what a refusal of it is.

Answers that have no word of OAuth are told as those of any call; what is no answer at all, as the way tells it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import requests

from afas_soap.errors import AfasError, Busy, SignInError
from afas_soap.wire.http.authorizer import TokenReply, Way
from afas_soap.wire.http.judge import Answered, is_success
from afas_soap.wire.http.link import Link, shown
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.retry import Repeatable
from afas_soap.wire.oauth.challenge import NONCE_HEADER, NONCE_WANTED, OAuthError, oauth_error, refused
from afas_soap.wire.oauth.clock import AGAIN, Clock
from afas_soap.wire.profit.statuses import error_from_status

_NO_WORDS = {
    401: "AFAS did not take the client (401) and did not say why: check client_id, its proof, and the environment.",
    404: "There is no OAuth at {where} (404): check rest_url, and that this Profit has OAuth.",
}

Made = Callable[[int], requests.Request]
"""Makes a request that is signed at that time."""


class TakesNonce(Protocol):
    """A key whose proofs hold the newest nonce."""

    nonce: str | None


class TokenPost:
    """Asks for one grant. ``timed`` is whether its requests carry a time."""

    def __init__(self, way: Way, key: TakesNonce | None, clock: Clock, *, link: Link, timed: bool) -> None:
        self._way = way
        self._key = key
        self._clock = clock
        self._link = link
        self._timed = timed

    def ask(self, url: str, made: Made) -> TokenReply:
        """The success that ``url`` answers. ``Repeatable`` where asking again may help; ``SignInError`` and others of
        ours for everything else."""
        try:
            reply, error = self._answered(made)
            self._judge(reply, error, url)
        except (AfasError, Repeatable) as problem:
            # Without where it was raised: the names in those frames stand for what came.
            failure = problem.with_traceback(None)
        else:
            return reply
        raise failure

    def _answered(self, made: Made) -> tuple[TokenReply, OAuthError | None]:
        """The answer; to a further request when one told which nonce or time is wanted: a nonce once, the time as often
        as late answers to other calls may set the clock back meanwhile."""
        told, times = False, 0
        while True:
            issued = self._clock.theirs()
            reply = self._way.post(made(issued))
            self._clock.hear(reply.headers.get("Date"))
            late = self._clock.is_wrong(issued)
            nonce = self._hear_nonce(reply)
            error = oauth_error(reply.status, reply.headers, reply.body)
            if error is None:
                return reply, None
            if nonce and error.error == NONCE_WANTED and not told:
                told = True
            elif late and self._timed and times < AGAIN:
                times += 1
            else:
                return reply, error

    def _hear_nonce(self, reply: TokenReply) -> bool:
        nonce = reply.headers.get(NONCE_HEADER)
        if self._key is None or not nonce:
            return False
        self._key.nonce = nonce
        return True

    def _judge(self, reply: TokenReply, error: OAuthError | None, url: str) -> None:
        """Raise what an answer stands for that is no success."""
        if error is not None:
            raise refused(error, self._clock.complaint())
        if is_success(reply.status):
            return
        request = Request(Accepts.JSON, "token", None, url, read=False, verb="POST")
        answered = Answered(reply.status, reply.headers, reply.body, None)
        problem = error_from_status(request, answered, self._link.environment)
        if isinstance(problem, Busy):
            raise Repeatable(problem)
        known = _NO_WORDS.get(reply.status)
        raise problem if known is None else SignInError(known.format(where=shown(url))).of_write(problem.outcome)
