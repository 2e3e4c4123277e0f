"""An HTTP server, cheroot, for the emulator: its connections can be broken on purpose. It prints nothing."""

from __future__ import annotations

import logging
import os
import socket
import ssl
import struct
import sys
import threading
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from cheroot import wsgi
from cheroot.server import HTTPConnection

from afas_soap.emulator.http.app import Emulator
from afas_soap.emulator.http.tls import Tls

_LOG = logging.getLogger("afas_soap.emulator")
# Whoever is slow, in sending or in taking, holds a thread of his own. As soon as all are held there are so many more,
# up to so many in all.
_THREADS = 8
_MOST_THREADS = 256
# Connections that the system takes in before the server does: of five, which is cheroot's own number, a crowd takes
# all, and the next client asks again a second later.
_WAITING = 128
# struct linger: two ints, but two shorts on Windows.
_LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class _Connection(HTTPConnection):
    """A connection that shakes hands in the thread that reads it, and ends in a reset when its answer ended so."""

    reset = False
    shaken = False

    def communicate(self) -> bool:
        """Shake hands, or answer a request; whether the connection stays open."""
        try:
            return self._communicate()
        finally:
            self.server.let_go()

    def _communicate(self) -> bool:
        if self.shaken or not isinstance(self.socket, ssl.SSLSocket):
            return bool(super().communicate())  # type: ignore[no-untyped-call] # cheroot's stub says nothing of it
        self.shaken = True
        try:
            self.socket.do_handshake()
        except OSError as error:
            # Errors of TLS and a time-out are among them.
            self.server.error_log(f"no handshake: {error}")
            return False
        return True

    def close(self) -> None:
        """Close as usual, or reset."""
        if not self.reset:
            super().close()
        else:
            # Without lingering, closing sends RST; the orderly shutdown that cheroot does otherwise would send FIN.
            self.rfile.close()
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self.socket.close()
        # What the client did not take is let go of. cheroot leaves its writer open, which from Python 3.13 on complains
        # on stderr when it is thrown away with bytes in it.
        self.wfile.raw.close()


class _Gateway(wsgi.Gateway_10):
    """Turns the app's ConnectionResetError into one. An answer cut off needs nothing: cheroot just closes."""

    def respond(self) -> None:
        # Chunks that the app did not read would be taken for the next request on the connection.
        self.req.close_connection = self.req.close_connection or self.req.chunked_read
        try:
            super().respond()
        except ConnectionResetError:
            self.req.conn.reset = True
            raise


def _fault() -> str:
    """What is being caught, and where it was raised."""
    kind, _, trace = sys.exc_info()
    places = [f"{Path(place.filename).name}, line {place.lineno}" for place in extract_tb(trace)]
    return f"{getattr(kind, '__name__', 'an error')} in {places[-1] if places else 'an unknown place'}"


class _HttpServer(wsgi.Server):
    ConnectionClass = _Connection
    # How long a stop may go unnoticed, in seconds.
    expiration_interval = 0.05

    def __init__(self, address: tuple[str, int], app: WSGIApplication) -> None:
        super().__init__(
            address, app, numthreads=_THREADS, max=_MOST_THREADS, server_name="Profit", request_queue_size=_WAITING,
            shutdown_timeout=2,
        )  # fmt: skip
        self.gateway = _Gateway
        self._counting = threading.Lock()
        self._held, self._threads = 0, _THREADS

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: FBT001, FBT002 - cheroot's
        # cheroot writes it to stderr. Of our own faults the place only: an error may repeat what a request held.
        _LOG.debug("server: %s", _fault() if traceback else msg)

    def process_conn(self, conn: HTTPConnection) -> None:
        """Give a connection to a thread, a new one as soon as it has something to say: until then it takes none."""
        if conn.last_used is None:
            self.put_conn(conn)
            return
        with self._counting:
            # Counted here, and not by the threads that look idle: one that takes a connection up looks so for a moment.
            self._held += 1
            if self._threads < min(self._held, _MOST_THREADS):
                self.requests.grow(_THREADS)
                self._threads += _THREADS
        super().process_conn(conn)

    def let_go(self) -> None:
        """A thread is done with a connection, for now or for good."""
        with self._counting:
            self._held -= 1


class Server:
    """A running server; a context manager that stops it. ``url`` ends without a slash."""

    def __init__(self, app: WSGIApplication, host: str, port: int, *, tls: Tls | None = None) -> None:
        self._app = app
        self._server = _HttpServer((host, port), app)
        if tls is not None:
            self._server.ssl_adapter = tls.adapter(host)
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve, name="afas-emulator", daemon=True)
        self._thread.start()
        name = f"[{host}]" if ":" in host else host
        self.port: int = self._server.bind_addr[1]
        self.url = f"{'http' if tls is None else 'https'}://{name}:{self.port}"

    @property
    def soap_url(self) -> str:
        """The base address of the SOAP host."""
        return f"{self.url}/ProfitServices"

    @property
    def rest_url(self) -> str:
        """The base address of the REST host."""
        return f"{self.url}/ProfitRestServices"

    def sb_url(self, environment: str = "enyoi") -> str:
        """The base address of a customer environment of SB, or of ``admin``."""
        return f"{self.url}/{environment}"

    @property
    def emulator(self) -> Emulator:
        """The emulator that is served. ``TypeError`` when it is another app."""
        if not isinstance(self._app, Emulator):
            raise TypeError("another app is served here")
        return self._app

    def close(self) -> None:
        """Stop serving and wait until it has stopped. The app stays open. Safe to call twice."""
        stopping = threading.Thread(target=self._server.stop, name="afas-emulator-stop")
        stopping.start()
        while stopping.is_alive():
            # Again and again, because a slow answer may begin while the server stops.
            if isinstance(self._app, Emulator):
                self._app.wake()
            stopping.join(0.05)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(app: WSGIApplication, host: str = "127.0.0.1", port: int = 0, *, tls: Tls | None = None) -> Server:
    """Serve ``app`` on ``host`` and ``port`` in threads of its own; port 0 takes a free one. Without ``tls`` it is
    plain HTTP."""
    return Server(app, host, port, tls=tls)
