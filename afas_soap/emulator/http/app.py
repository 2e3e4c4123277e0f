"""Service virtualization: a small Profit as one WSGI app, its two hosts, SB beside it, and faults on the way to them.

What it does not imitate stands in the explanation "The emulator". It never shows a token: none is logged, and no answer
repeats what a request held, except names of connectors and columns.
"""

from __future__ import annotations

import hashlib
import importlib
import itertools
import logging
import threading
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug import Request, Response
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.http import http_date

from afas_soap.emulator.appconnector import AppConnector
from afas_soap.emulator.credentials import AcceptedTokens
from afas_soap.emulator.dialects import NEWEST, dialect_called
from afas_soap.emulator.http.answers import bare, gzipped, not_found_page, without_body
from afas_soap.emulator.http.fault_injection import reset, spoil, stand_in
from afas_soap.emulator.http.faults import Fault, Faults
from afas_soap.emulator.http.rest import RestHost
from afas_soap.emulator.http.soap import SoapHost
from afas_soap.emulator.imports.jobs import AS_EVER, Behaviour, Jobs
from afas_soap.emulator.oauth.entrance import Entrance
from afas_soap.emulator.oauth.refusal import ReplayStoreDown
from afas_soap.emulator.oauth.setup import SignIn
from afas_soap.emulator.onetimepasswords import Mailbox, OneTimePasswords
from afas_soap.emulator.refusals import DUTCH, TIMED_OUT, UNEXPECTED, Refused
from afas_soap.emulator.sb.setup import SbSetup, is_for_sb
from afas_soap.emulator.store import Store
from afas_soap.limits import CALL_BYTES, IMPORT_BYTES, TOKEN_DIGITS
from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.connectors.capabilities import Connectors

if TYPE_CHECKING:
    from afas_soap.emulator.oauth.authorization import AuthorizationServer
    from afas_soap.emulator.sb.host import SbHost

DEMO_TOKEN = AfasToken("0" * TOKEN_DIGITS)
"""The one token a fresh emulator accepts. It opens nothing else, so everybody may know it."""

_LOG = logging.getLogger("afas_soap.emulator")
# What stands round the archive of an import.
_ENVELOPE = 2**20
_PROFIT = {"profitservices": "soap", "profitrestservices": "rest"}
# Faults that are Profit's own refusals.
_REFUSALS = {"500": UNEXPECTED, "timeout": TIMED_OUT}


class Host(Protocol):
    """One of those that answer, each below addresses of its own."""

    def respond(self, request: Request, path: str, /, *, language: str, reference: str) -> Response:
        """The answer; ``path`` is what stands behind the host's base, ``reference`` the log reference."""
        ...

    def refuse(self, request: Request, refused: Refused, /, *, language: str, reference: str) -> Response:
        """The answer to a call that is refused, whatever it was."""
        ...


@dataclass(frozen=True, slots=True)
class Setup(SignIn):
    """How this Profit is set up; how one signs in stands in ``SignIn``.

    ``allowed`` names the connectors of the app connector (all when None; ``GetXMLSchema`` is one that schemas need,
    ``AppConnectorSubject`` and ``AppConnectorReport`` are those that documents need), ``blocked`` the GetConnectors
    AFAS blocked, ``switched_off`` the .asmx files that are not there. ``language`` is the environment's own, ``nl`` or
    ``en``. ``write_delay`` is how many seconds pass between the arrival of an update and its being worked off,
    ``imports`` how remote imports go. ``mailbox`` is handed the mails with one-time passwords; without one nobody gets
    any. ``sb`` is how the SB beside this Profit is set up.
    """

    allowed: Collection[str] | None = None
    blocked: Collection[str] = ()
    switched_off: Collection[str] = ()
    language: str = DUTCH
    write_delay: float = 0.0
    imports: Behaviour = AS_EVER
    mailbox: Mailbox | None = None
    sb: SbSetup = field(default_factory=SbSetup)


class Emulator:
    """The WSGI app. Safe for several threads when the store is.

    ``store`` is what it serves, the seed data when None; ``dialect`` is ``profit6``, ``profit7`` or ``profit9``;
    ``tokens`` are the classic tokens it accepts, until one-time passwords bring others. ``faults`` is what goes wrong,
    and may be added to while the app runs.
    ``authorization`` gives access tokens to the clients of ``setup``.
    """

    def __init__(
        self,
        store: Connectors | None = None,
        *,
        dialect: str = NEWEST,
        tokens: Collection[AfasToken] = (DEMO_TOKEN,),
        faults: Faults | None = None,
        setup: Setup = Setup(),
    ) -> None:
        spoken = dialect_called(dialect)
        self._own_store: Store | None = None
        if store is None:
            store = self._own_store = Store(dialect=dialect)
        self.store = store
        self.dialect = dialect
        self.faults = Faults() if faults is None else faults
        self._setup = setup
        allowed = None if setup.allowed is None else frozenset(name.casefold() for name in setup.allowed)
        blocked = frozenset(name.casefold() for name in setup.blocked)
        self.imports = Jobs(self.store, self.store.catalogue().environment_id, setup.imports, setup.clock)
        app_connector = AppConnector(self.store, spoken.spelling, allowed, blocked, self._pause, self.imports)
        self._entrance = Entrance(setup, spoken)
        switched_off = frozenset(name.lower() for name in setup.switched_off)
        accepted = AcceptedTokens(tokens)
        passwords = OneTimePasswords(accepted, setup.mailbox, setup.clock, closed=not self._entrance.classic)
        self._hosts: dict[str, Host] = {
            "soap": SoapHost(app_connector, accepted, self._entrance, passwords, switched_off),
            "rest": RestHost(app_connector, accepted, self._entrance, passwords),
        }
        self._numbers = itertools.count(1)
        self._awake = threading.Event()
        self._opening = threading.Lock()

    @property
    def sb(self) -> SbHost:
        """The SB beside this Profit, loaded when it is first asked."""
        with self._opening:
            if "sb" not in self._hosts:
                host = importlib.import_module("afas_soap.emulator.sb.host").SbHost
                self._hosts["sb"] = host(self._setup.sb, self._setup.clock, self._pause)
            found: SbHost = self._hosts["sb"]  # type: ignore[assignment] # the one host of that name
            return found

    @property
    def authorization(self) -> AuthorizationServer:
        """The authorization server, loaded when it is first asked."""
        return self._entrance.server()

    def close(self) -> None:
        """Let go of the store, unless it was given, and end every slow answer."""
        self.wake()
        if "sb" in self._hosts:
            self.sb.close()
        if self._own_store is not None:
            self._own_store.close()

    def wake(self) -> None:
        """End the slow answers that are waiting now, and work the updates off that are."""
        waiting, self._awake = self._awake, threading.Event()
        waiting.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request.

        A fault of kind ``cut`` raises ``ConnectionAbortedError`` behind the last byte, ``reset`` raises
        ``ConnectionResetError``: what ``serve`` makes of them happens on the socket.
        """
        if not environ.get("wsgi.input_terminated"):
            # cheroot says that it does not end the body; werkzeug would take the word for a yes, and a body that broke
            # off for a whole one.
            environ.pop("wsgi.input_terminated", None)
        request = Request(environ)
        request.max_content_length = _most_bytes(request.path)
        number = next(self._numbers)
        protocol, path = self._located(request.path)
        fault = self.faults.next(protocol, request.path, request.method)
        if fault is not None:
            _LOG.debug("request %d meets the fault %s", number, fault.kind)
        answer = self._planned(fault, protocol, request, number)
        if answer is None or (fault is not None and fault.works):
            right = self._answer(protocol, path, request, number)
            if answer is None:
                answer = right
            else:
                right.close()
        if fault is not None and fault.resets:
            answer.close()
            raise reset()
        if self.dialect != "profit6":
            # Since Profit 7 (profit-wire 1.4); what it looks like is not published.
            answer.headers["X-Trace-Identifier"] = _digits("trace", number).lower()
        if self._setup.clock is not time.time:
            # The server would put the system's time there.
            answer.headers["Date"] = http_date(self._setup.clock())
        if answer.status_code == 200 and request.accept_encodings["gzip"] > 0:
            gzipped(answer)
        if fault is not None:
            spoil(answer, fault, self._awake)
        return answer(environ, start_response)

    def _answer(self, protocol: str, path: str, request: Request, number: int) -> Response:
        if (request.content_length or 0) > _most_bytes(request.path):
            # Whatever was asked: the server would read a body that is left, all at once, to get it out of the way.
            return bare(413)
        host = self._host(protocol)
        if host is None:
            return not_found_page()
        try:
            return host.respond(request, path, language=self._language(request), reference=_digits("log", number))
        except ReplayStoreDown:
            # 503, and not 401 (authentication.md). With what body is not known, so that no time is told.
            return bare(503)
        except RequestEntityTooLarge:
            return bare(413)
        except ClientDisconnected:
            # The body did not arrive wholly: nothing of it is worked off, and nobody waits for an answer.
            return bare(400)

    def _planned(self, fault: Fault | None, protocol: str, request: Request, number: int) -> Response | None:
        """The answer that stands in for the right one; None when nothing else was planned."""
        if fault is None:
            return None
        host = self._host(protocol)
        if fault.kind in _REFUSALS and host is not None:
            refused, reference = Refused(_REFUSALS[fault.kind]), _digits("log", number)
            return host.refuse(request, refused, language=self._language(request), reference=reference)
        answer = stand_in(fault)
        return without_body(answer) if protocol == "sb" and fault.kind == "503" and answer is not None else answer

    def _host(self, protocol: str) -> Host | None:
        return self.sb if protocol == "sb" else self._hosts.get(protocol)

    def _located(self, path: str) -> tuple[str, str]:
        """Which host a path is for, and what stands behind its base; both in any case, as IIS takes them. Of SB it is
        the whole path, and Profit's own come first."""
        base, _, rest = path.removeprefix("/").partition("/")
        found = _PROFIT.get(base.lower())
        if found is not None:
            return found, rest
        whole = path.removeprefix("/")
        return ("sb", whole) if is_for_sb(whole, self._setup.sb) else ("", rest)

    def _pause(self) -> None:
        if self._setup.write_delay:
            self._awake.wait(self._setup.write_delay)

    def _language(self, request: Request) -> str:
        """``nl`` or ``en``: no message is known in another language."""
        wanted = (request.accept_languages.best or "")[:2].lower()
        return wanted if wanted in ("nl", "en") else self._setup.language


def _most_bytes(path: str) -> int:
    """What Profit takes of a call to ``path``. That an import may be larger stands in AFAS' help (special-connectors
    5.1), and that the archive is meant, which grows by a third in base64, is inferred."""
    return IMPORT_BYTES // 3 * 4 + _ENVELOPE if path.lower().endswith("/cmdconnector.asmx") else CALL_BYTES


def _digits(purpose: str, number: int) -> str:
    """32 hexadecimal digits: the same for the same request of a run, so that tests can name them."""
    return hashlib.sha256(f"{purpose} {number}".encode()).hexdigest()[:32].upper()
