"""An HTTP session to one environment: default headers, TLS, proxies, time-outs, the trace, and one exchange at a time.

Everything that is sent goes through it: the calls of ``wire.http.transport``, and the token requests of a credential.
It sends once, and decides nothing: whoever calls it repeats.

``requests`` prepares and pools, and no more. ``Session.send`` is passed by, since it follows redirects, where a
credential would go along, and reads the body of one; ``trust_env`` is off, since ``.netrc`` would replace a credential,
and of the environment only the proxies count (``wire.http.tls``).

When there is no answer, the question is whether the request may have arrived. The exceptions of ``requests`` do not
tell, so connections are watched (``wire.http.connecting``): what happened before one stood was not sent. From then on
the request may have arrived, whatever the exception is, unless TLS says that it was not looked at
(``wire.http.network_errors``).

Two clocks run. A time-out of the socket begins anew with each byte (``connect_timeout``, ``read_timeout``); a deadline
ends an answer as a whole, also while somebody reads it (``wire.http.deadline``). A token request has less of both, for
others wait for it.

The masker is made here, from the credential's secrets, and is the one of the trace; whoever signs teaches it more. The
errors raised here are made anew, from an address and words of ours: those of ``requests`` hold the request with its
headers.
"""

from __future__ import annotations

import contextlib
import datetime
import importlib
import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, quote_plus, urlencode

import requests
import urllib3
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from afas_soap.errors import AfasError, AnswerError, Fate, SettingsError, SignInError, TransportError
from afas_soap.profit.access.credentials import ClientCertificate
from afas_soap.version import __version__
from afas_soap.wire.http import network_errors
from afas_soap.wire.http.authorizer import TokenReply
from afas_soap.wire.http.connecting import PROBLEMS, Unconnected, until
from afas_soap.wire.http.deadline import Deadline
from afas_soap.wire.http.judge import is_success
from afas_soap.wire.http.link import Link, check_addresses, shown
from afas_soap.wire.http.retry import Repeatable
from afas_soap.wire.http.tls import TlsAdapter, proxies_for, tls_context
from afas_soap.wire.tracing.masking import MASK, Masker
from afas_soap.wire.tracing.trace import Exchange, open_trace

_LARGEST = 2**20
# AFAS works for minutes on a question; a token is there at once, and others may be waiting for it.
_TOKEN_TIMEOUT = 60.0
# Of a token request and its answer only these may show; what else they hold, or will hold one day, may not.
_PLAIN_FIELDS = frozenset({"grant_type", "client_id", "redirect_uri", "client_assertion_type"})
_PLAIN_MEMBERS = frozenset({"token_type", "expires_in", "scope"})


class Lasting(Protocol):
    """What is good for some time only."""

    def check(self, now: datetime.datetime) -> None:
        """Raise ``SignInError`` when it is not good at ``now``."""
        ...


class HttpSession:
    """Sends what is prepared, once. ``adapter`` answers in place of the network.

    Raises ``SettingsError`` before any call for an address that must not get a credential, a file of certificates that
    is none, and a trace file that cannot be written.
    """

    def __init__(self, link: Link, adapter: BaseAdapter | None = None) -> None:
        check_addresses(link)
        self.link = link
        self.masker = Masker()
        if link.authorizer is not None:
            self.masker.learn(link.authorizer.secrets())
        self._trace = open_trace(link.trace, link.environment, self.masker)
        self._session = _session(link, adapter)
        self._good = _lasting(link.client_certificate) if adapter is None else None

    def close(self) -> None:
        """Let the connections and the trace file go."""
        self._session.close()
        if self._trace is not None:
            self._trace.close()

    def prepare(self, request: requests.Request) -> requests.PreparedRequest:
        """``request`` as it will be sent. ``SettingsError`` for an address or header that cannot be."""
        try:
            return self._session.prepare_request(request)
        except (requests.exceptions.RequestException, ValueError) as problem:
            error = network_errors.unconnected(problem, request.url or "").error
        raise error

    def begin(self, prepared: requests.PreparedRequest, attempt: int, shown: bytes | None = None) -> Exchange | None:
        """Write ``prepared`` to the trace, if there is one, with ``shown`` in place of its body."""
        if self._trace is None:
            return None
        exchange = self._trace.begin(attempt)
        exchange.request(prepared, shown)
        return exchange

    def send(
        self,
        prepared: requests.PreparedRequest,
        exchange: Exchange | None,
        *,
        longest: float = math.inf,
        deadline: Deadline | None = None,
    ) -> requests.Response:
        """The answer, its body still to be read; ``longest`` is how many seconds of silence it is waited for at most,
        and ``deadline`` ends it as a whole. ``Repeatable`` or its error when there is none; ``SignInError``, and
        nothing is sent, for a client certificate that is not good now."""
        url = prepared.url or ""
        deadline = deadline or Deadline(None)
        # Through the adapter, not through session.send, which reads the whole body of a redirect to find its target.
        try:
            if self._good is not None and url.startswith("https:"):
                self._good.check(datetime.datetime.now(datetime.UTC))
            with until(deadline):
                return self._session.get_adapter(url).send(
                    prepared,
                    stream=True,
                    timeout=(self.link.connect_timeout, min(longest, self.link.read_timeout)),
                    proxies=proxies_for(url),
                )
        except SignInError as problem:
            broken = network_errors.Break(problem, repeatable=False)
        except Unconnected as unconnected:
            broken = network_errors.unconnected(unconnected.problem, url)
        except PROBLEMS as problem:
            broken = network_errors.before_answer(problem, url) if not deadline.expired else network_errors.dripped(url)
        deadline.cancel()
        if exchange is not None:
            # What broke tells more than a trace that cannot be written.
            with contextlib.suppress(SettingsError):
                exchange.end(f"no answer: {broken.error}")
        if broken.repeatable and isinstance(broken.error, TransportError):
            raise Repeatable(broken.error)
        raise broken.error

    def post(self, request: requests.Request) -> TokenReply:
        """See ``wire.http.authorizer.Way``. No text that may not show gets a name here: a traceback may show what names
        stand for."""
        prepared = self.prepare(request)
        exchange = self.begin(prepared, 1, urlencode(_shown_form(prepared)).encode())
        response = self.send(prepared, exchange, longest=_TOKEN_TIMEOUT)
        try:
            return self._received(response, prepared, exchange)
        except AfasError as problem:
            # A refresh token is used up by now, whatever went wrong.
            problem.fate = Fate.UNCERTAIN
            raise

    def _received(
        self, response: requests.Response, prepared: requests.PreparedRequest, exchange: Exchange | None
    ) -> TokenReply:
        """The answer to a token request read, and written to the trace. What was sent is masked in it: a server may
        send that back, in the address of a redirect for one, or in words about it."""
        sent = Masker(_hidden(prepared))
        headers = CaseInsensitiveDict({name: sent.text(value) for name, value in response.headers.items()})
        with contextlib.closing(response):
            if exchange is not None:
                exchange.answer(f"{response.status_code} {sent.text(response.reason or '')}", headers)
            reply = TokenReply(response.status_code, headers, self._read(response, prepared, sent))
        if exchange is not None:
            exchange.chunk(_shown_answer(reply))
            exchange.end(f"complete, {len(reply.body)} bytes")
        return reply

    def _read(self, response: requests.Response, prepared: requests.PreparedRequest, sent: Masker) -> bytes:
        """The body; that of a refusal without what was sent."""
        try:
            body = _whole(response)
        except TimeoutError:
            failure: AfasError = TransportError(
                f"The answer of {shown(prepared.url or '')} did not come to its end in {_TOKEN_TIMEOUT:.0f} seconds.",
                sent=True,
            )
        except (urllib3.exceptions.HTTPError, OSError) as problem:
            failure = network_errors.within_answer(problem, prepared.url or "")
        else:
            if len(body) <= _LARGEST:
                return body if is_success(response.status_code) else self.masker.bytes(sent.bytes(body))
            # No local name is to hold it where this is raised.
            body = b""
            failure = AnswerError(f"The answer to a token request is longer than {_LARGEST:,} bytes.")
        raise failure


def _whole(response: requests.Response) -> bytes:
    """The body, or a little more than the limit of it. ``TimeoutError`` when it comes in drops: each on its own is
    soon enough for the socket, and meanwhile whoever asks holds the lock that all others wait for."""
    until, body = time.monotonic() + _TOKEN_TIMEOUT, bytearray()
    while len(body) <= _LARGEST and (piece := response.raw.read1(_LARGEST, decode_content=True)):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)


def _form(prepared: requests.PreparedRequest) -> list[tuple[str, str]]:
    """The fields of a token request, of which one service sends some as JSON."""
    body = prepared.body
    text = body.decode() if isinstance(body, bytes) else str(body or "")
    if "json" in str(prepared.headers.get("Content-Type", "")):
        return [(name, str(value)) for name, value in json.loads(text).items()]
    return parse_qsl(text, keep_blank_values=True)


def _shown_form(prepared: requests.PreparedRequest) -> list[tuple[str, str]]:
    return [(name, value if name in _PLAIN_FIELDS else MASK) for name, value in _form(prepared)]


def _hidden(prepared: requests.PreparedRequest) -> list[str]:
    """Every text of a token request that must not show, also as it stands in the form, which a server may escape."""
    plain = [value for name, value in _form(prepared) if name not in _PLAIN_FIELDS]
    fields = [*plain, *map(quote_plus, plain)]
    headers = [prepared.headers.get(name, "").rpartition(" ")[2] for name in ("Authorization", "DPoP")]
    return [*fields, *headers]


def _shown_answer(reply: TokenReply) -> bytes:
    """The body of a refusal; of a token answer which members it has, and what is no secret of them."""
    if not is_success(reply.status):
        return reply.body
    try:
        members = json.loads(reply.body)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict):
        return MASK.encode()
    return json.dumps({name: value if name in _PLAIN_MEMBERS else MASK for name, value in members.items()}).encode()


def _lasting(shown: ClientCertificate | None) -> Lasting | None:
    if shown is None:
        return None
    lasting: Lasting | None = importlib.import_module("afas_soap.wire.http.validity").validity(Path(shown.certificate))
    return lasting


def _session(link: Link, adapter: BaseAdapter | None) -> requests.Session:
    session = requests.Session()
    # The environment is looked at in tls.proxies_for; the rest of what trust_env brings is .netrc, which must not.
    session.trust_env = False
    session.headers.clear()
    session.headers.update(_headers(link))
    chosen = adapter if adapter is not None else TlsAdapter(tls_context(link.ca_bundle, link.client_certificate))
    for scheme in ("https://", "http://"):
        session.mount(scheme, chosen)
    return session


def _headers(link: Link) -> Mapping[str, str]:
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
