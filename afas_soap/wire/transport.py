"""One session to one environment: the headers every request has, time-outs, repeats, and status -> error."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

import requests
from requests.adapters import BaseAdapter

from afas_soap import __version__
from afas_soap.errors import AfasError, Busy, ProfitError, SettingsError, TransportError
from afas_soap.profit.connectors import Outgoing
from afas_soap.wire import breaks
from afas_soap.wire.answer import Answer
from afas_soap.wire.auth import AfasTokenAuth
from afas_soap.wire.calls import Call
from afas_soap.wire.connecting import PROBLEMS, Unconnected
from afas_soap.wire.link import Link, check_addresses
from afas_soap.wire.masking import Masker
from afas_soap.wire.outcomes import check_size, outcome
from afas_soap.wire.refusals import Refusal, Whom, passes, printable, refused
from afas_soap.wire.request import Request, Speaks
from afas_soap.wire.retry import Patience, Repeatable, repeated
from afas_soap.wire.statuses import Answered, error_from_status, is_success, wrong_content
from afas_soap.wire.tls import TlsAdapter, proxies_for, tls_context
from afas_soap.wire.trace import Exchange, header_shown, open_trace

__all__ = ["Link", "Request", "Speaks", "Transport"]

_ERROR_BODY = 2**20
_TRACE_HEADER = "X-Trace-Identifier"
_Result = TypeVar("_Result")


class Transport:
    """Sends requests over one ``requests`` session. ``adapter`` answers in place of the network.

    Raises ``SettingsError`` before any call for an address that must not get a credential, a ``ca_bundle`` that is
    none, and a trace file that cannot be written.
    """

    def __init__(
        self, link: Link, adapter: BaseAdapter | None = None, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        check_addresses(link)
        self.link = link
        self._masker = Masker(link.token.secrets() if link.token is not None else ())
        self._trace = open_trace(link, self._masker)
        self._sleep = sleep
        self._session = _session(link, adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections and the trace file go."""
        self._session.close()
        if self._trace is not None:
            self._trace.close()

    def ask(self, request: Request) -> Answer:
        """The answer to ``request``, of which the body is still to be read. Everything else is raised as its error."""
        call = Call(request.operation, request.connector, self.link.environment)
        try:
            answer = self._asked(request, call)
        except AfasError as error:
            call.finish(type(error).__name__)
            raise
        if request.read and self.link.retry_total:
            answer.resume_with(lambda: self._asked(request, call))
        return answer

    def write(self, request: Request, read: Callable[[Answer], _Result]) -> _Result:
        """What ``read`` makes of the answer to a write; every error says what became of it (see ``wire.outcomes``)."""
        check_size(request)
        answer = self.ask(request)
        try:
            with answer:
                return read(answer)
        except AfasError as error:
            problem = outcome(error, answered=True)
        raise problem

    def outgoing(self, request: Request) -> Outgoing:
        """What ``request`` is on the wire, with secrets masked; nothing is sent."""
        check_size(request)
        prepared = self._prepared(request)
        headers = {name: self._masker.text(header_shown(name, value)) for name, value in prepared.headers.items()}
        return Outgoing(request.method, request.url, headers, self._masker.bytes(request.body or b""))

    def refused(
        self, error: ProfitError, connector: str | None, trace_id: str | None, *, read: bool = True
    ) -> ProfitError:
        """What ``error`` would have been, had it come with a status of its own: a fault may stand in a 200 answer."""
        self._masked(error)
        refusal = Refusal(error.message, error.number, error.log_reference, trace_id, error.status)
        return refused(refusal, Whom(self.link.environment, connector, read))

    def _asked(self, request: Request, call: Call) -> Answer:
        patience = Patience(read=request.read, total=self.link.retry_total, sleep=self._sleep)
        try:
            return repeated(lambda: self._once(request, call), patience)
        except AfasError as error:
            call.about(self._masked(error))
            if request.read:
                raise
            problem = outcome(error, answered=call.answered)
        raise problem

    def _once(self, request: Request, call: Call) -> Answer:
        call.attempts += 1
        call.answered = False
        prepared = self._prepared(request)
        exchange = self._begun(prepared, call)
        response = self._sent(request, prepared, exchange)
        call.answered = True
        call.trace_id = self._masker.text(printable(response.headers.get(_TRACE_HEADER, ""))) or None
        answer = Answer(response, request.url, call, exchange)
        try:
            if exchange is not None:
                exchange.answer(f"{response.status_code} {response.reason}", response.headers)
            error = self._judged(request, response, answer)
        except BaseException:
            response.close()
            raise
        if error is None:
            return answer
        answer.release()
        # Before it is told that it will be asked again.
        self._masked(error)
        if isinstance(error, Busy) or (isinstance(error, ProfitError) and self.link.retry_locked and passes(error)):
            raise Repeatable(error)
        raise error

    def _masked(self, error: AfasError) -> AfasError:
        """``error``, whatever of the answer its message may hold: a header or an address, say."""
        error.message = self._masker.text(error.message)
        error.args = (error.message,)
        return error

    def _judged(self, request: Request, response: requests.Response, answer: Answer) -> AfasError | None:
        """The error this answer stands for, None for a success in the right language."""
        if is_success(response.status_code):
            return wrong_content(request, response.headers.get("Content-Type", ""), _beginning(answer))
        body = self._masker.bytes(_up_to(_ERROR_BODY, answer))
        answered = Answered(response.status_code, response.headers, body, answer.trace_id)
        return error_from_status(request, answered, self.link.environment)

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        try:
            return self._session.prepare_request(
                requests.Request(
                    request.method,
                    request.url,
                    headers=dict(request.headers),
                    data=request.body,
                    auth=AfasTokenAuth(self.link.token if request.sign else None),
                )
            )
        except (requests.exceptions.RequestException, ValueError) as problem:
            error = breaks.unconnected(problem, request.url).error
        raise error

    def _sent(
        self, request: Request, prepared: requests.PreparedRequest, exchange: Exchange | None
    ) -> requests.Response:
        # Through the adapter, not through session.send, which reads the whole body of a redirect to find its target.
        try:
            return self._session.get_adapter(request.url).send(
                prepared,
                stream=True,
                timeout=(self.link.connect_timeout, self.link.read_timeout),
                proxies=proxies_for(request.url),
            )
        except Unconnected as unconnected:
            broken = breaks.unconnected(unconnected.problem, request.url)
        except PROBLEMS as problem:
            broken = breaks.before_answer(problem, request.url)
        if exchange is not None:
            # What broke tells more than a trace that cannot be written.
            with contextlib.suppress(SettingsError):
                exchange.end(f"no answer: {broken.error}")
        if broken.repeatable and isinstance(broken.error, TransportError):
            raise Repeatable(broken.error)
        raise broken.error

    def _begun(self, prepared: requests.PreparedRequest, call: Call) -> Exchange | None:
        if self._trace is None:
            return None
        exchange = self._trace.begin(call.attempts)
        exchange.request(prepared)
        return exchange


def _session(link: Link, adapter: BaseAdapter | None) -> requests.Session:
    session = requests.Session()
    # The environment is looked at in tls.proxies_for; the rest of what trust_env brings is .netrc, which must not.
    session.trust_env = False
    session.headers.clear()
    session.headers.update(_headers(link))
    chosen = adapter if adapter is not None else TlsAdapter(tls_context(link.ca_bundle))
    for scheme in ("https://", "http://"):
        session.mount(scheme, chosen)
    return session


def _headers(link: Link) -> dict[str, str]:
    """What every request of both protocols carries. No ``Connection: close``: it leads to resets (profit-wire 3.6)."""
    headers = {"User-Agent": f"afas-soap/{__version__}", "Accept-Encoding": "gzip", "Accept": "*/*"}
    if link.integration_id is not None:
        headers["IntegrationId"] = link.integration_id
    if link.language is not None:
        headers["Accept-Language"] = link.language
    for name, value in headers.items():
        if not value.isascii() or not value.isprintable():
            raise SettingsError(f"{name}: a header holds printable ASCII on one line only.")
    return headers


def _beginning(answer: Answer) -> bytes:
    """The first bytes of the body. One that breaks off before them may be asked for again: nobody was given any."""
    try:
        return answer.beginning()
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
