"""A plain socket server in a process of its own: stored bytes out, as fast as they are taken.

``GET /size/N`` says how many rows the answers from then on hold. A POST gets the SOAP answer, ``GET .../metainfo/...``
metainfo, any other GET the REST answer, and ``GET /sent`` when the first byte of the last answer with rows went out.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from pathlib import Path


class Server:
    """Serves one folder of stored answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = "10"
        self.sent = 0.0

    def run(self) -> None:
        """Print the port, then serve until killed."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            print(listener.getsockname()[1], flush=True)
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while True:
                request = lines.readline().split()
                if not request:
                    return
                length = 0
                while (line := lines.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                lines.read(length)
                try:
                    self._answer(connection, request[0].decode(), request[1].decode())
                except (BrokenPipeError, ConnectionResetError):
                    return

    def _answer(self, connection: socket.socket, method: str, path: str) -> None:
        if path == "/sent" or path.startswith("/size/"):
            self.size = path.removeprefix("/size/") if path != "/sent" else self.size
            body = repr(self.sent).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return
        name = f"soap-{self.size}" if method == "POST" else "metainfo" if "metainfo" in path else f"rest-{self.size}"
        kind = "text/xml" if method == "POST" else "application/json"
        file = self.folder / name
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {file.stat().st_size}\r\n\r\n"
        )
        connection.sendall(head.encode())
        with file.open("rb") as stored:
            if name != "metainfo":
                self.sent = time.monotonic()
            connection.sendfile(stored)


if __name__ == "__main__":
    Server(Path(sys.argv[1])).run()
