"""An attachment of 70 MB to disk over both protocols, beside a bare loop over the same bytes and beside lxml and zeep,
which hold all of it: each in a process of its own."""

from __future__ import annotations

import base64
import binascii
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

MEGABYTE = 2**20
SIZES = {"small": 3 * 10_000, "large": 3 * (70 * MEGABYTE // 3)}
ROUNDS = 5
FILE_ID = "5C055C034516ED67972E0A852E03C5B9"
TOKEN = "0" * 64
CHUNK = 16 * 1024
HEAD = {
    "soap": '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/'
    '"><soap:Body><GetAttachmentResponse xmlns="urn:Afas.Profit.Services"><GetAttachmentResult>',
    "rest": '{"filename":"scan.pdf","mimetype":"application/pdf","filedata":"',
}
TAIL = {
    "soap": "</GetAttachmentResult></GetAttachmentResponse></soap:Body></soap:Envelope>",
    "rest": '"}',
}
MOST_MEMORY = 2 * MEGABYTE
# reader: what it is measured against, and how many times that it may take
BOUNDS = {
    "soap length": ("bare soap", 1.4),
    "rest length": ("bare rest", 1.4),
    "soap chunked": ("bare soap", 1.8),
    "rest chunked": ("bare rest", 1.8),
}
MOST_OF_LXML = 0.6

Figures = dict[str, float]
Save = Callable[[Path], object]


# --- the server: stored bytes out, as fast as they are taken ---


def store(folder: Path) -> None:
    """Every answer, and the same with its chunks framed."""
    for size, length in SIZES.items():
        text = base64.b64encode(b"%PDF-1.7" + os.urandom(length - 8))
        for protocol in HEAD:
            body = HEAD[protocol].encode() + text + TAIL[protocol].encode()
            (folder / f"{protocol}-{size}-length").write_bytes(body)
            with (folder / f"{protocol}-{size}-chunked").open("wb") as file:
                for at in range(0, len(body), CHUNK):
                    piece = body[at : at + CHUNK]
                    file.write(b"%X\r\n%b\r\n" % (len(piece), piece))
                file.write(b"0\r\n\r\n")


def serve(folder: Path) -> None:
    """Print the port, then serve ``/SIZE/FRAMING/...`` until killed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, folder), daemon=True).start()


def _answer(connection: socket.socket, folder: Path) -> None:
    with connection, connection.makefile("rb") as lines:
        while request := lines.readline().split():
            length = 0
            while (line := lines.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            lines.read(length)
            protocol, kind = ("soap", "text/xml") if request[0] == b"POST" else ("rest", "application/json")
            _, size, framing, *_ = request[1].decode().split("/")
            file = folder / f"{protocol}-{size}-{framing}"
            framed = f"Content-Length: {file.stat().st_size}" if framing == "length" else "Transfer-Encoding: chunked"
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}; charset=utf-8\r\n{framed}\r\n\r\n".encode())
            with file.open("rb") as stored:
                connection.sendfile(stored)


# --- the readers ---


def _client(protocol: str, port: int, size: str, framing: str) -> Save:
    from afas_soap import ProfitClient

    url = f"http://127.0.0.1:{port}/{size}/{framing}"
    profit = ProfitClient.connect(
        protocol=protocol, soap_url=f"{url}/ProfitServices", rest_url=f"{url}/ProfitRestServices", token=TOKEN
    )
    return lambda path: profit.attachment(1, FILE_ID).save(path)


def _received(port: int, protocol: str, size: str) -> Iterator[bytes]:
    """The bytes of an answer with a length, as the system gives them."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        method = "POST" if protocol == "soap" else "GET"
        connection.sendall(f"{method} /{size}/length/x HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, rest = data.partition(b"\r\n\r\n")
        left = int(next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")).split()[1])
        if rest:
            yield rest
        left -= len(rest)
        while left:
            rest = connection.recv(65536)
            left -= len(rest)
            yield rest


def _bare(protocol: str, port: int, size: str) -> Save:
    """What nobody can do without: recv, a2b_base64, write. Nothing is checked."""
    begin, end = len(HEAD[protocol]), ord(TAIL[protocol][0])

    def save(path: Path) -> None:
        with path.open("wb") as file:
            held, passed = b"", begin
            for chunk in _received(port, protocol, size):
                data = held + chunk[passed:]
                passed = max(0, passed - len(chunk))
                stop = data.find(end)
                data = data if stop < 0 else data[:stop]
                whole = len(data) // 4 * 4
                file.write(binascii.a2b_base64(data[:whole]))
                held = data[whole:]
                if stop >= 0:
                    break

    return save


def _lxml(port: int, size: str) -> Save:
    """The whole answer, its tree, its text, its bytes."""
    import requests
    from lxml import etree

    def save(path: Path) -> None:
        answer = requests.post(f"http://127.0.0.1:{port}/{size}/length/x", data=b"", timeout=60)
        root = etree.fromstring(answer.content, etree.XMLParser(huge_tree=True))
        path.write_bytes(base64.b64decode(root[0][0][0].text))

    return save


def _zeep(port: int, size: str) -> Save:
    """Stock zeep on the shipped WSDL."""
    from zeep import Client, Settings

    wsdl = str(Path(__file__).parent.parent / "wsdl_cache" / "appconnectorsubject.wsdl")
    client = Client(wsdl, settings=Settings(xml_huge_tree=True))
    (binding, *_) = (str(name) for name in client.wsdl.bindings)
    service = client.create_service(binding, f"http://127.0.0.1:{port}/{size}/length/x.asmx")
    return lambda path: path.write_bytes(
        base64.b64decode(service.GetAttachment(subjectID=1, fileId=FILE_ID), validate=True)
    )


READERS: dict[str, Callable[[int, str], Save]] = {
    **{
        f"{protocol} {framing}": lambda port, size, protocol=protocol, framing=framing: _client(
            protocol, port, size, framing
        )
        for protocol in HEAD
        for framing in ("length", "chunked")
    },
    **{f"bare {protocol}": lambda port, size, protocol=protocol: _bare(protocol, port, size) for protocol in HEAD},
    "lxml": _lxml,
    "zeep": _zeep,
}


# --- measuring ---


def measure(name: str, port: int, folder: Path) -> Figures:
    """Save a small document, then the large one; CPU seconds and bytes above start."""
    read = READERS[name]
    read(port, "small")(folder / "small")
    save, target = read(port, "large"), folder / "large"
    before = _peak_from_here()
    began, wall = time.process_time(), time.monotonic()
    save(target)
    cpu, wall = time.process_time() - began, time.monotonic() - wall
    assert target.stat().st_size == SIZES["large"], f"{name} saved {target.stat().st_size} bytes"
    return {"cpu": cpu, "wall": wall, "memory": _peak() - before}


def _peak_from_here() -> int:
    """Forget the most memory that this process had until now: what its imports took, say. Bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    # Not what getrusage tells, which counts what the parent had when it began this process.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _run(name: str, port: str, folder: str) -> Figures:
    command = [sys.executable, "-m", "bench.documents", name, port, folder]
    figures: Figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def documents() -> list[tuple[bool, str]]:
    """Medians of interleaved rounds, and every bound."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as saved:
        store(Path(folder))
        server = subprocess.Popen([sys.executable, "-m", "bench.documents", folder], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            runs = [{name: _run(name, port, saved) for name in READERS} for _ in range(ROUNDS)]
        finally:
            server.kill()
            server.communicate()
    medians = {
        name: {key: statistics.median(run[name][key] for run in runs) for key in runs[0][name]} for name in READERS
    }
    print(f"An attachment of {SIZES['large'] / MEGABYTE:.0f} MB to disk, medians of {ROUNDS}\n")
    print(f"{'reader':<14} {'CPU s':>8} {'wall s':>8} {'MB above start':>15}")
    for name, figures in medians.items():
        print(f"{name:<14} {figures['cpu']:>8.3f} {figures['wall']:>8.3f} {figures['memory'] / MEGABYTE:>15.1f}")
    return list(_judged(medians))


def _judged(medians: dict[str, Figures]) -> Iterator[tuple[bool, str]]:
    for name, (beside, most) in BOUNDS.items():
        ratio = medians[name]["cpu"] / medians[beside]["cpu"]
        yield ratio <= most, f"attachment: {name} / {beside} {ratio:.2f}, at most {most}"
        memory = medians[name]["memory"]
        yield memory <= MOST_MEMORY, f"attachment: {name} memory {memory / MEGABYTE:.1f} MB, at most 2 MB"
    ratio = medians["soap length"]["cpu"] / medians["lxml"]["cpu"]
    yield ratio <= MOST_OF_LXML, f"attachment: soap / lxml {ratio:.2f}, at most {MOST_OF_LXML}"


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve(Path(sys.argv[1]))
    else:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
