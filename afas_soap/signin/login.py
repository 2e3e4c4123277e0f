"""A person's sign-in: an address for the browser, the redirect that comes back, and the code in it for tokens.

AFAS compares the port of a redirect URI (authentication.md), so the redirect is received on exactly the host, port and
path of the one that the app connector has; or it is pasted, where the browser is on another machine.
"""

from __future__ import annotations

import contextlib
import hmac
import http.server
import os
import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import SplitResult, parse_qsl, urlsplit

from afas_soap.errors import AfasError, SettingsError, SignInError, printable
from afas_soap.profit.access.credentials import AuthorizationCode
from afas_soap.profit.access.secret import Secret
from afas_soap.signin.store import Entry
from afas_soap.wire.http.link import is_loopback
from afas_soap.wire.oauth.challenge import OAuthError, refused
from afas_soap.wire.oauth.dpop import DpopKey
from afas_soap.wire.oauth.tokenanswer import Grant

PATIENCE = 300.0
"""Seconds that the browser has."""

_GLANCE = 0.2
_PORTS = {"http": 80, "https": 443}
_PAGE = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>afas-soap</title>
<body style="font: 1.2em sans-serif; margin: 4em"><h1>{title}</h1><p>{text}</p></body></html>
"""
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    # The address holds the code: it goes nowhere else.
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Connection": "close",
}


class Exchange(Protocol):
    """Where a code becomes tokens."""

    def authorization_request(self, state: str) -> tuple[str, Secret]:
        """The address to open in a browser, and the PKCE verifier that belongs to it."""
        ...

    def by_code(self, code: Secret, verifier: Secret) -> Grant:
        """Tokens for a code."""
        ...


class Session(Protocol):
    """Who signs in: at Profit or at SB."""

    @property
    def credential(self) -> object:
        """How; a person's is ``AuthorizationCode``."""
        ...

    def endpoint(self, key: DpopKey | None, /) -> Exchange:
        """Where the code goes, for tokens that are bound to ``key``."""
        ...

    def begin(self, grant: Grant, key: DpopKey | None, /) -> Entry:
        """Keep what came."""
        ...


def sign_in(session: Session, browse: Callable[[str], object], *, patience: float = PATIENCE) -> Entry:
    """Have ``browse`` open AFAS' login page, wait for the redirect, and keep the tokens.

    ``SettingsError`` when the redirect cannot be received here, ``SignInError`` when nobody signs in in time or AFAS
    says no; whatever happens, it can be tried again at once.
    """
    attempt = Attempt(session)
    with Receiver(attempt.redirect_uri) as receiver:
        browse(attempt.url)
        query = receiver.wait(patience)
    return attempt.finish(query)


class Attempt:
    """One sign-in under way."""

    def __init__(self, session: Session) -> None:
        credential = session.credential
        if not isinstance(credential, AuthorizationCode):
            raise SettingsError(
                "auth: only authorization-code and public sign in with a browser; a service needs none."
            )
        self.redirect_uri = credential.redirect_uri
        self._session = session
        self._state = Secret(secrets.token_urlsafe(32), "state")
        self._key = DpopKey.generate() if credential.dpop else None
        self._endpoint = session.endpoint(self._key)
        self._url, self._verifier = _asked(self._endpoint, self._state)

    @property
    def url(self) -> str:
        """What the browser opens."""
        return self._url.reveal()

    def finish(self, query: Secret) -> Entry:
        """Tokens for what came back in the query of the redirect."""
        grant = self._endpoint.by_code(code_in(query, self._state), self._verifier)
        return self._session.begin(grant, self._key)

    def pasted(self, redirected: Secret) -> Entry:
        """Tokens for the address that the browser was sent to, as a person copied it from its address bar."""
        return self.finish(_query_of(redirected, self.redirect_uri))


def _asked(endpoint: Exchange, state: Secret) -> tuple[Secret, Secret]:
    """The address with the state in it, out of sight, and the verifier."""
    url, verifier = endpoint.authorization_request(state.reveal())
    return Secret(url, "address of a sign-in"), verifier


def code_in(query: Secret, state: Secret) -> Secret:
    """The code in the query of a redirect. ``SignInError`` for AFAS' no, and for a redirect that is not ours."""
    found = dict(parse_qsl(query.reveal(), keep_blank_values=True))
    # In constant time: how long it takes to see a difference says nothing about where it is.
    ours = hmac.compare_digest(found.get("state", "").encode(errors="replace"), state.reveal().encode())
    error, description = found.get("error"), found.get("error_description")
    code = Secret(found.get("code", ""), "code")
    found.clear()
    if not ours:
        raise SignInError(
            "What came back does not belong to this sign-in (its state is another one): start again, and do not use "
            "an address from anywhere else."
        )
    if error:
        raise refused(OAuthError(printable(error), printable(description) if description else None))
    if not code.reveal():
        raise SignInError("AFAS sent the browser back without a code: sign in again.")
    return code


class Receiver:
    """Waits on the address of a redirect URI for the one request that counts."""

    def __init__(self, redirect_uri: str) -> None:
        self._parts = urlsplit(redirect_uri)
        if self._parts.scheme != "http" or not is_loopback(redirect_uri):
            raise SettingsError(
                "redirect_uri: only http on localhost, 127.0.0.1 or [::1] can be received here; with --no-browser the "
                "address is pasted instead."
            )
        self._came: queue.Queue[Secret] = queue.Queue()
        self._servers: list[_Server] = []
        for host in self._hosts():
            self._servers.append(self._listening(host))

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def wait(self, patience: float) -> Secret:
        """The query of the redirect. ``SignInError`` when none comes in time."""
        until = time.monotonic() + patience
        while (left := until - time.monotonic()) > 0:
            # In glances, so that a signal is seen on every system.
            with contextlib.suppress(queue.Empty):
                return self._came.get(timeout=min(_GLANCE, left))
        raise SignInError(f"Nobody signed in within {patience:.0f} seconds: try again when there is time for it.")

    def is_meant(self, target: str) -> bool:
        """Whether a request is the one that is waited for."""
        return target.partition("?")[0] == (self._parts.path or "/")

    def came(self, target: str) -> None:
        """Called when it has been answered. Its query is kept, out of sight."""
        self._came.put(Secret(target.partition("?")[2], "redirect"))

    def _hosts(self) -> list[str]:
        host = self._parts.hostname or ""
        # A browser may look for localhost at either address.
        return ["127.0.0.1", "::1"] if host == "localhost" and _has_ipv6() else [_address(host)]

    def _listening(self, host: str) -> _Server:
        port = self._parts.port or _PORTS["http"]
        try:
            return _Server((host, port), self)
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
        for server in self._servers:
            server.server_close()
        raise SettingsError(
            f"redirect_uri: port {port} of this machine cannot be used ({reason}). Another program has it, perhaps a "
            "sign-in that is still waiting: end that, or register another redirect URI in AFAS."
        )


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # On Windows it would share the port with whoever has it.
    allow_reuse_address = os.name != "nt"

    def __init__(self, address: tuple[str, int], receiver: Receiver) -> None:
        self.receiver = receiver
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away is no error, and standard error is not ours."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server
    # A browser may open a connection and never use it.
    timeout = 10.0

    def do_GET(self) -> None:
        """Called by ``http.server``."""
        if not self.server.receiver.is_meant(self.path):
            self._page(404, "Not here", "This address only waits for AFAS' answer to a sign-in.")
            return
        try:
            self._page(200, "Received", "AFAS' answer has arrived. You may close this page and go back to afas.")
        finally:
            # Last: whoever waits ends this server.
            self.server.receiver.came(self.path)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name there
        """Nothing: the line would hold the code."""

    def _page(self, status: int, title: str, text: str) -> None:
        body = _PAGE.format(title=title, text=text).encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _query_of(redirected: Secret, redirect_uri: str) -> Secret:
    """The query of a pasted address, which may have been folded by a terminal."""
    try:
        came = urlsplit("".join(redirected.reveal().split()))
        fits = _place(came) == _place(urlsplit(redirect_uri))
    except ValueError:
        fits = False
    if not fits:
        # Of what was pasted nothing is repeated: it may hold a code, or anything else.
        failure: AfasError = SignInError(
            f"What was pasted is not the address that AFAS sends the browser to: it begins with {redirect_uri} and "
            "holds everything behind it, as the address bar shows it."
        )
    else:
        return Secret(came.query, "redirect")
    came = urlsplit("")
    raise failure


def _place(parts: SplitResult) -> tuple[str, str, int | None, str]:
    """What AFAS compares: scheme and host without case, port and path exactly."""
    return parts.scheme.lower(), parts.hostname or "", parts.port or _PORTS.get(parts.scheme.lower()), parts.path


def _address(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else host


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
