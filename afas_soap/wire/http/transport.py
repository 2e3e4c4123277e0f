"""HTTP transport of calls to one environment: signed, repeated where that may help, and judged.

It serves any service. What an answer means, a judge says (``wire.http.judge``), and what signs a request, an authorizer
does (``wire.http.authorizer``); both are handed in. A call goes through three loops, each in a method of its own:

1. ``_asked``: attempts, with backoff between them (``wire.http.retry``). Repeated is what the judge calls busy, a
   connection that broke, and a refusal that passes, if its caller wants to wait for that. A read is repeated until its
   time is up, a write only when its error says that it certainly did not arrive.
2. ``_once``: one attempt, which is sent once more for each reason to refuse its credential that is cured now: a nonce,
   a clock, a token. A write as well, for it was not accepted; but not behind ``LATEST``, for a journal knows the time
   of its first attempt.
3. ``_attempted``: one exchange: signed, sent, and judged by its status and headers, by the first bytes of a success, so
   that nobody was given any, and by the body of anything else. The rest of a success is still to be read.

An answer to a read that breaks off later is asked for again by whoever reads it (``Answer.resume_with``).

How a write ended depends on how far it was (``wire.http.outcomes``), so its stage is set where it changes: ``SIGNING``
whenever the credential is asked, which may ask others in turn, ``SENDING`` just before the first byte, ``ANSWERED``
with the first of the answer. Two places make an error of a problem and a stage: ``_asked``, and ``write`` for what goes
wrong while its answer is read.

No secret gets out. A server may send back what it was sent, so every text out of an answer is masked before it is told,
logged or judged, and the masker learns what signs a request before that is sent. Errors are raised behind the block
(CONTRIBUTING.md), for those of requests hold the request, with its headers.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self, TypeVar

import requests
from requests.adapters import BaseAdapter

from afas_soap.errors import AfasError, Busy, Fate, SBError, SignInError, TransportError, printable
from afas_soap.profit.access.secret import Secret
from afas_soap.wire.http.answer import Answer
from afas_soap.wire.http.authorizer import Cure, Reply, Signature, SignedWith
from afas_soap.wire.http.deadline import Deadline
from afas_soap.wire.http.judge import Answered, Judge, is_success
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.network_errors import Overdue
from afas_soap.wire.http.outcomes import Stage, told
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.retry import Patience, Repeatable, repeated
from afas_soap.wire.http.session import HttpSession
from afas_soap.wire.tracing.calls import Call
from afas_soap.wire.tracing.trace import header_shown

__all__ = ["Accepts", "Link", "Request", "Transport"]

LATEST = 60.0
"""Seconds after which a write that was refused for its credential is not repeated, beside ``retry_total``. Whoever
reckons until when it may arrive adds both."""

_ERROR_BODY = 2**20
# How many headers with a credential are still masked: a proof is another one each time, and several are under way.
_REMEMBERED = 32
_Result = TypeVar("_Result")
_Error = TypeVar("_Error", bound=AfasError)


@dataclasses.dataclass(slots=True)
class _Sending:
    """One request on its way, its line in the log, and how far its latest attempt is, or was when it ended."""

    request: Request
    call: Call
    stage: Stage = Stage.SIGNING


class Transport:
    """Sends requests over one ``requests`` session to the service that ``judge`` knows. ``adapter`` answers in place of
    the network.

    Raises what ``HttpSession`` raises before any call.
    """

    def __init__(
        self,
        link: Link,
        judge: Judge,
        adapter: BaseAdapter | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.link = link
        self._judge = judge
        self._http = HttpSession(link, adapter)
        self._masker = self._http.masker
        self._sent: collections.deque[Secret] = collections.deque(maxlen=_REMEMBERED)
        self._concealed: collections.deque[str] = collections.deque(maxlen=_REMEMBERED)
        self._authorizer = link.authorizer
        if self._authorizer is not None:
            self._authorizer.connect(self._http)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections and the trace file go."""
        self._http.close()

    def sign_in(self) -> None:
        """See to it that the credential is at hand, so that the next call need not wait for a token. What is raised is
        told as for a write: nothing was sent."""
        if self._authorizer is None:
            return
        call = Call("sign in", None, self.link.environment)
        try:
            with _unanswered():
                self._authorizer.headers("POST", self.link.rest_url)
        except AfasError as error:
            call.about(self.masked(error))
            problem = told(error, Stage.SIGNING, advice="")
        else:
            return
        raise problem

    def ask(self, request: Request) -> Answer:
        """The answer to ``request``, of which the body is still to be read. Everything else is raised as its error."""
        call = Call(request.operation, request.connector, self.link.environment)
        try:
            answer = self._asked(request, call)
        except AfasError as error:
            call.finish(type(error).__name__)
            raise
        if request.read and request.patient and request.resumes and self.link.retry_total:
            answer.resume_with(lambda: self._asked(request, call), self._judge.service)
        return answer

    def write(self, request: Request, read: Callable[[Answer], _Result]) -> _Result:
        """What ``read`` makes of the answer to a write; every error has its fate (``wire.http.outcomes``)."""
        self._judge.check(request)
        answer = self.ask(request)
        try:
            with answer:
                return read(answer)
        except Exception as error:  # noqa: BLE001 - whatever it is, the update was sent
            if isinstance(error, AfasError):
                # It may hold words of the answer, which may repeat what was sent.
                self.masked(error)
            problem = told(error, Stage.ANSWERED, advice=request.advice(self._judge.service))
        raise self._known(problem, request)

    def outgoing(self, request: Request) -> Request:
        """``request`` with every header that it would have on the wire, and secrets masked; nothing is sent."""
        self._judge.check(request)
        authorizer = self._authorizer if request.sign else None
        auth = SignedWith(None if authorizer is None else lambda _method, _url: authorizer.shown())
        prepared = self._http.prepare(_unsigned(request, auth))
        headers = {name: self._masker.text(header_shown(name, value)) for name, value in prepared.headers.items()}
        return dataclasses.replace(request, headers=headers, body=self._masker.bytes(request.whole_body))

    def conceal(self, secret: Secret) -> None:
        """Mask this as well, in whatever is told, logged or traced from here on: what a request has in its address."""
        if secret.reveal() not in self._concealed:
            self._concealed.append(secret.reveal())
        self._learn()

    def _learn(self) -> None:
        signing = self._authorizer.secrets() if self._authorizer is not None else ()
        self._masker.learn((*signing, *(sent.reveal() for sent in tuple(self._sent)), *tuple(self._concealed)))

    def masked(self, error: _Error) -> _Error:
        """``error`` without secrets, whatever of an answer its message may hold: a header or an address, say."""
        error.message = self._masker.text(error.message)
        error.args = (error.message,)
        if isinstance(error, SignInError):
            error.error = self._hidden(error.error)
            error.error_description = self._hidden(error.error_description)
        if isinstance(error, SBError):
            error.errors = tuple(map(self._masker.text, error.errors))
        return error

    def _asked(self, request: Request, call: Call) -> Answer:
        sending = _Sending(request, call)
        total = self.link.retry_total if request.patient else 0.0
        patience = Patience(read=request.read, total=total, sleep=self._sleep)
        try:
            return repeated(lambda: self._once(sending), patience)
        except Exception as error:
            if isinstance(error, AfasError):
                call.about(self.masked(error))
                if request.read:
                    error.fate = None
            if request.read:
                raise
            problem = told(error, sending.stage, advice=request.advice(self._judge.service))
        raise self._known(problem, request)

    def _known(self, problem: Exception, request: Request) -> Exception:
        """``problem``, knowing which call it ended."""
        if isinstance(problem, AfasError):
            problem.about(operation=request.operation, connector=request.connector, environment=self.link.environment)
        return problem

    def _once(self, sending: _Sending) -> Answer:
        """One attempt. A request whose credential was refused for a reason that is cured now is sent once more for each
        such reason, a write as well: it was not accepted."""
        tried: list[Cure] = []
        while True:
            answer, error, cure = self._attempted(sending, tried)
            if error is None:
                return answer
            answer.release()
            # Before it is told that it will be asked again.
            self.masked(error)
            if cure is Cure.NONE or error.fate is Fate.STORED:
                raise self._repeatable(error)
            # A new token may need a new nonce.
            tried = [Cure.TOKEN] if cure is Cure.TOKEN else [*tried, cure]

    def _attempted(self, sending: _Sending, tried: Sequence[Cure]) -> tuple[Answer, AfasError | None, Cure]:
        request, call = sending.request, sending.call
        call.attempts += 1
        prepared, signature = self._signed(sending)
        exchange = self._http.begin(prepared, call.attempts)
        deadline = Deadline(self.link.longest(read=request.read))
        sending.stage = Stage.SENDING
        response = self._http.send(prepared, exchange, deadline=deadline)
        sending.stage = Stage.ANSWERED
        call.trace_id = self._masker.text(printable(response.headers.get(self._judge.trace_header, ""))) or None
        answer = Answer(response, request.url, call, exchange, deadline)
        try:
            if exchange is not None:
                exchange.answer(f"{response.status_code} {response.reason}", response.headers)
            reply = self._reply(response, answer, signature)
            cure = self._cured(reply, tried, sending)
            return answer, self._judged(request, reply, answer), cure
        except BaseException:
            deadline.cancel()
            response.close()
            raise

    def _reply(self, response: requests.Response, answer: Answer, signature: Signature) -> Reply:
        body = b""
        if not is_success(response.status_code):
            body = self._masker.bytes(_up_to(_ERROR_BODY, answer))
        return Reply(signature, response.status_code, response.headers, body)

    def _cured(self, reply: Reply, tried: Sequence[Cure], sending: _Sending) -> Cure:
        if self._authorizer is None:
            return Cure.NONE
        with _before(sending):
            return self._authorizer.answered(reply, tried)

    def _judged(self, request: Request, reply: Reply, answer: Answer) -> AfasError | None:
        """The error this answer stands for, None for a success in the right language."""
        if is_success(reply.status):
            media = reply.headers.get("Content-Type", "")
            return self._judge.wrong_content(request, reply.status, media, _beginning(answer))
        refusal = self._authorizer.refusal(reply) if self._authorizer is not None else None
        if refusal is not None:
            return refusal
        answered = Answered(reply.status, reply.headers, reply.body, answer.trace_id, answer.ended and answer.is_framed)
        return self._judge.error(request, answered, self.link.environment)

    def _check_late(self, call: Call) -> None:
        """A journal has the time of the first attempt, so a write is not repeated at any time after it."""
        if call.attempts > 1 and call.seconds > self.link.retry_total + LATEST:
            raise TransportError(
                f"The update was not accepted, and it took more than {LATEST:.0f} seconds to see to its credential: it "
                "was not sent once more. Send it again."
            )

    def _repeatable(self, error: AfasError) -> Exception:
        if isinstance(error, Busy) or (self.link.retry_locked and self._judge.passes(error)):
            return Repeatable(error)
        return error

    def _hidden(self, text: str | None) -> str | None:
        return None if text is None else self._masker.text(text)

    def _signed(self, sending: _Sending) -> tuple[requests.PreparedRequest, Signature]:
        """The request as it will be sent, and what signs it, for which a token may have to be got first."""
        request = sending.request
        auth = SignedWith(self._authorizer.headers if request.sign and self._authorizer is not None else None)
        with _before(sending):
            prepared = self._http.prepare(_unsigned(request, auth))
            if not request.read:
                self._check_late(sending.call)
        if self._authorizer is not None:
            # What a server might send back of it: its values without the scheme in front.
            self._sent.extend(Secret(value.rpartition(" ")[2]) for value in auth.signature.values())
            self._learn()
        return prepared, auth.signature


def _unsigned(request: Request, auth: SignedWith) -> requests.Request:
    # A sized body goes out with its length, piece by piece: requests and urllib3 iterate over it.
    return requests.Request(request.method, request.url, headers=dict(request.headers), data=request.body, auth=auth)


@contextlib.contextmanager
def _before(sending: _Sending) -> Iterator[None]:
    """Whatever goes wrong within is no answer to the request, and nothing of that was sent, or it was not accepted."""
    stage, sending.stage = sending.stage, Stage.SIGNING
    with _unanswered():
        yield
    sending.stage = stage


@contextlib.contextmanager
def _unanswered() -> Iterator[None]:
    """A break within came while something else was asked: it says nothing of the request itself."""
    try:
        yield
    except TransportError as problem:
        broken = TransportError(problem.message)
    else:
        return
    raise broken


def _beginning(answer: Answer) -> bytes:
    """The first bytes of the body. One that breaks off before them may be asked for again: nobody was given any."""
    try:
        return answer.beginning()
    except Overdue:
        raise
    except TransportError as problem:
        broken = problem
    raise Repeatable(broken)


def _up_to(limit: int, answer: Answer) -> bytes:
    """The first ``limit`` bytes of the body, or what came of it: an error that breaks off is still that error."""
    body = bytearray()
    try:
        for chunk in answer.chunks():
            body += chunk
            if len(body) >= limit:
                break
    except TransportError:
        pass
    return bytes(body[:limit])
