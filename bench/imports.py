"""A 75 MB archive sent as an import over a loopback port: memory above start, beside the same call with 1 KB."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from afas_soap.profit.access.token import AfasToken
from afas_soap.profit.imports.commandline import Action, Command
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.imports import SoapImports
from afas_soap.wire.profit.judge import PROFIT

MEGABYTE = 2**20
SIZE = 75 * MEGABYTE
MOST = 8.0
_TO_KILOBYTES = 1 if sys.platform != "darwin" else 1024

_ANSWER = (
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    b'<ExecuteResponse xmlns="urn:Afas.Profit.Services"><ExecuteResult>0123456789ABCDEF0123456789ABCDEF</ExecuteResult>'
    b"</ExecuteResponse></soap:Body></soap:Envelope>"
)

Verdict = tuple[bool, str]


def imports() -> list[Verdict]:
    """The bound as a verdict."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        archive = Path(name, "archive.zip")
        with archive.open("wb") as file:
            for _ in range(SIZE // MEGABYTE):
                file.write(os.urandom(MEGABYTE))
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports", str(listener.getsockname()[1]), str(archive)],
            check=True,
            capture_output=True,
            text=True,
        )
    figures: dict[str, float] = json.loads(done.stdout)
    print(
        f"an import of {SIZE // MEGABYTE} MB: {figures['memory']:.1f} MB above start, {figures['cpu']:.2f} s of CPU, "
        f"{figures['wall']:.2f} s"
    )
    return [
        (figures["memory"] <= MOST, f"an import of 75 MB: {figures['memory']:.1f} MB above start, at most {MOST:.0f}")
    ]


def _serve(listener: socket.socket) -> None:
    """Take each request to its end, keep nothing of it, and answer."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as lines:
            while lines.readline().strip():
                length = 0
                while (line := lines.readline()) not in (b"\r\n", b""):
                    head, _, value = line.partition(b":")
                    length = int(value) if head.lower() == b"content-length" else length
                while length:
                    length -= len(lines.read(min(length, 65536)))
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
                    % (len(_ANSWER), _ANSWER)
                )


def sent(port: str, path: str) -> dict[str, float]:
    """One import of 1 KB, so that everything is loaded, then the one that counts."""
    link = Link(
        soap_url=f"http://127.0.0.1:{port}",
        rest_url="",
        environment="bench",
        authorizer=ClassicAuthorizer(AfasToken("0" * 64)),
    )
    command = Command(Action.IMPORT, "O12345AA", "a.csv", "Bench")
    small = Path(path).with_name("small.zip")
    small.write_bytes(bytes(1024))
    with Transport(link, PROFIT) as transport:
        soap = SoapImports(transport)
        with small.open("rb") as file:
            soap.execute(command, file)
        before, wall, cpu = _memory(), time.perf_counter(), time.process_time()
        with Path(path).open("rb") as file:
            soap.execute(command, file)
        return {
            "memory": _memory() - before,
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
        }


def _memory() -> float:
    """The most that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _TO_KILOBYTES / 1024


if __name__ == "__main__":
    print(json.dumps(sent(sys.argv[1], sys.argv[2])))
