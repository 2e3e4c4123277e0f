"""A gateway in front of the emulator, on a port: it passes on what is asked, and answers a write in words of its own.

One lets the write through and one swallows it; nobody who reads only the answer can tell which. Loaded by the tests
that need it.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.emulator.store import Store
from afas_soap.profit.questions.query import Condition, Operator, Query

_OF_A_CONNECTION = ("connection", "transfer-encoding", "content-length", "host")
_RESET = struct.pack("ii", 1, 0)


class Answer(Protocol):
    """What stands in place of an answer."""

    reset: bool
    stays: bool

    def on(self, protocol: str) -> bytes | None: ...


@dataclass
class Write:
    """A write that arrived: its path and body, and the status it got from the emulator, None where it did not go."""

    path: str
    body: bytes
    status: int | None = None


class Gateway:
    """``instead`` says what a write is answered with, None for the emulator's own answer."""

    def __init__(self, port: int, *, through: bool) -> None:
        self.through = through
        self.instead: Callable[[Write], Answer | None] = lambda _write: None
        self.writes: list[Write] = []
        self._emulator = port
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                self.behind = http.client.HTTPConnection("127.0.0.1", gateway._emulator, timeout=30)

            def finish(self) -> None:
                self.behind.close()
                super().finish()

            def log_message(self, *_arguments: object) -> None:
                """Nothing."""

            def do_GET(self) -> None:
                gateway.serve(self)

            do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_arguments: object) -> None:
                """A client that went away is none of its business."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def addresses(self) -> dict[str, str]:
        """The settings that lead here."""
        base = f"http://127.0.0.1:{self.port}"
        return {"soap_url": f"{base}/ProfitServices", "rest_url": f"{base}/ProfitRestServices"}

    @property
    def booked(self) -> int:
        """How many writes the emulator took."""
        return sum(write.status in (200, 201) for write in self.writes)

    def answers_once(self, form: Answer) -> None:
        """Answer the next write with ``form`` and all others as the emulator does, and forget those before it."""
        forms = iter([form])
        self.writes.clear()
        self.instead = lambda _write: next(forms, None)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self, handler: Any) -> None:
        """Answer one request; ``handler.behind`` is its connection to the emulator."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        write = Write(handler.path, body) if _is_write(handler.command, handler.path) else None
        form = self.instead(write) if write is not None else None
        if write is not None:
            self.writes.append(write)
        if form is None or self.through:
            status, headers, content = self._passed_on(handler, body)
            if write is not None:
                write.status = status
        if form is None:
            _relay(handler, status, headers, content)
        else:
            _end(handler, form, "soap" if "/profitservices/" in handler.path.lower() else "rest")

    def _passed_on(self, handler: Any, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in _OF_A_CONNECTION}
        handler.behind.request(handler.command, handler.path, body or None, headers)
        answer = handler.behind.getresponse()
        return answer.status, answer.getheaders(), answer.read()


def _is_write(verb: str, path: str) -> bool:
    # A question over SOAP is a POST as well.
    return verb != "GET" and ("/connectors/" in path.lower() or "appconnectorupdate" in path.lower())


def _relay(handler: Any, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
    handler.send_response_only(status)
    for name, value in headers:
        if name.lower() not in _OF_A_CONNECTION:
            handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def _end(handler: Any, form: Answer, protocol: str) -> None:
    raw = form.on(protocol)
    assert raw is not None, "a form is not tried where it has no bytes"
    if form.stays:
        handler.wfile.write(raw)
        return
    # Told, as a server does that closes: else the next call may be sent into a connection that is about to end.
    handler.wfile.write(re.sub(rb"\A(HTTP/1\.1 [^\r]*\r\n)", rb"\1Connection: close\r\n", raw))
    handler.close_connection = True
    if form.reset:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        handler.connection.close()


@dataclass
class Site:
    """One emulator with both gateways in front of it, and what it has booked."""

    store: Store
    gateways: Mapping[str, Gateway]
    straight: Mapping[str, str]
    """The settings that lead to the emulator itself."""
    token: str = field(default=DEMO_TOKEN.xml(), repr=False)

    def subjects(self, text: str) -> int:
        """How many dossier items have this subject."""
        return sum(1 for _ in self._rows("Subject", text))

    def subject_of(self, number: str) -> str | None:
        """The subject of a dossier item, None when it is gone."""
        return next((str(row["Subject"]) for row in self._rows("SubjectId", number)), None)

    def _rows(self, column: str, value: str) -> Iterator[Any]:
        with self.store.rows("Profit_Subjects", Query(((Condition(column, Operator.EQUALS, value),),))) as rows:
            yield from rows


@contextlib.contextmanager
def site() -> Iterator[Site]:
    """A fresh one."""
    with Store() as store, serve(Emulator(store)) as server:
        gateways = {"through": Gateway(server.port, through=True), "swallow": Gateway(server.port, through=False)}
        try:
            yield Site(store, gateways, {"soap_url": server.soap_url, "rest_url": server.rest_url})
        finally:
            for gateway in gateways.values():
                gateway.close()
