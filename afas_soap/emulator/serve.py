"""The emulator on a port: cheroot, with connections that can be broken on purpose. It prints nothing."""

from __future__ import annotations

import logging
import os
import socket
import struct
import threading
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from cheroot import wsgi
from cheroot.server import HTTPConnection

from afas_soap.emulator.app import Emulator
from afas_soap.emulator.tls import Tls

_LOG = logging.getLogger("afas_soap.emulator")
_THREADS = 8
# struct linger: two ints, but two shorts on Windows.
_LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


class _Connection(HTTPConnection):
    """A connection that ends in a reset when its answer ended so."""

    reset = False

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


class _HttpServer(wsgi.Server):
    ConnectionClass = _Connection
    # How long a stop may go unnoticed, in seconds.
    expiration_interval = 0.05

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        # Without the traceback: it would name nothing but our own faults, and cheroot writes it to stderr.
        _LOG.debug("server: %s", msg)


class Server:
    """A running server; a context manager that stops it. ``url`` ends without a slash."""

    def __init__(self, app: WSGIApplication, host: str, port: int, *, tls: Tls | None = None) -> None:
        self._app = app
        self._server = _HttpServer((host, port), app, numthreads=_THREADS, server_name="Profit", shutdown_timeout=2)
        self._server.gateway = _Gateway
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
