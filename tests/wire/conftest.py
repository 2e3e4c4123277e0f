"""A server of fixed bytes: it answers what it was told to, whatever it is asked, and keeps what it was sent."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.transport import Link
from afas_soap.wire.profit.classic import ClassicAuthorizer

TLS = Path(__file__).parent / "tls"
DATA = "0123456789ABCDEF" * 4

# What a queued answer is: bytes to send, seconds to wait, or an action on the connection; None closes it.
Step = bytes | float | Callable[[socket.socket], None] | None


class FixedServer:
    """Answers each request with the next queued steps, over one or more connections, one at a time."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._steps: list[tuple[Step, ...]] = []
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._done = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def soap_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ProfitServices"

    @property
    def rest_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ProfitRestServices"

    def raw(self, *steps: Step) -> None:
        """The next answer, as it is."""
        self._steps.append(steps)

    def reply(self, body: bytes | str, content_type: str, status: str = "200 OK", *headers: str) -> None:
        """The next answer, with a length."""
        data = body.encode() if isinstance(body, str) else body
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(data)}", *headers]
        self.raw("\r\n".join([*lines, "", ""]).encode() + data)

    def xml(self, body: bytes | str, status: str = "200 OK", *headers: str) -> None:
        self.reply(body, "text/xml; charset=utf-8", status, *headers)

    def json(self, body: bytes | str, status: str = "200 OK", *headers: str) -> None:
        self.reply(body, "application/json; charset=utf-8", status, *headers)

    def html(self, status: str = "200 OK") -> None:
        self.reply("<!DOCTYPE html>\n<html><body>IIS 404.0 - Not Found</body></html>", "text/html", status)

    def close(self) -> None:
        self._done = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while not self._done:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._connected, args=(connection,), daemon=True).start()

    def _connected(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self._context is not None:
                with self._context.wrap_socket(connection, server_side=True) as secure:
                    self._talk(secure)
            else:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        while (request := _request(connection)) is not None:
            self.requests.append(request)
            for step in self._steps.pop(0) if self._steps else (None,):
                if step is None:
                    return
                if callable(step):
                    step(connection)
                elif isinstance(step, float):
                    time.sleep(step)
                else:
                    connection.sendall(step)


def _request(connection: socket.socket) -> bytes | None:
    """One whole request, by its Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def fixed() -> Iterator[FixedServer]:
    """A server of fixed bytes on loopback."""
    server = FixedServer()
    yield server
    server.close()


@pytest.fixture
def secure() -> Iterator[FixedServer]:
    """The same over TLS, with a certificate of the CA in ``tls/ca.pem``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    server = FixedServer(context)
    yield server
    server.close()


@pytest.fixture
def secured_by() -> Iterator[Callable[[ssl.SSLContext], FixedServer]]:
    """Makes a server with a context of the test's own, which gets the certificate."""
    servers: list[FixedServer] = []

    def make(context: ssl.SSLContext) -> FixedServer:
        context.load_cert_chain(TLS / "server.pem")
        servers.append(FixedServer(context))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def ca_bundle() -> Path:
    """The CA that signed the test server's certificate."""
    return TLS / "ca.pem"


@pytest.fixture
def token() -> AfasToken:
    """A token that means nothing to anybody."""
    return AfasToken(DATA)


@pytest.fixture
def link_to(token: AfasToken) -> Callable[..., Link]:
    """Makes a link to a server, with anything else by name; ``token`` stands for what signs with it."""

    def make(server: FixedServer, **settings: object) -> Link:
        signs = settings.pop("token", token)
        chosen: dict[str, object] = {
            "soap_url": server.soap_url,
            "rest_url": server.rest_url,
            "environment": "12345-test",
            "authorizer": ClassicAuthorizer(signs) if isinstance(signs, AfasToken) else None,
            "connect_timeout": 5.0,
            "read_timeout": 5.0,
            **settings,
        }
        return Link(**chosen)

    return make


@pytest.fixture(scope="session")
def judges(module_of: Callable[[str], ModuleType]) -> ModuleType:
    """The module with the authorization server that judges by a JOSE library of its own."""
    return module_of("judge.py")


@pytest.fixture
def judge(judges: ModuleType) -> Iterator[object]:
    """That server, without any client."""
    server = judges.Judge()
    yield server
    server.close()


@pytest.fixture(scope="session")
def forms(module_of: Callable[[str], ModuleType]) -> ModuleType:
    """The module of the forms that a gateway may answer a write with."""
    return module_of("wire/forms.py")


@pytest.fixture(scope="module")
def site(module_of: Callable[[str], ModuleType]) -> Iterator[object]:
    """An emulator, with a gateway in front of it that lets writes through, and one that swallows them."""
    with module_of("wire/gateways.py").site() as site:
        yield site
