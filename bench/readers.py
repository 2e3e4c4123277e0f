"""The readers, each in a process of its own: ``python -m bench.readers NAME PORT ROWS`` prints its figures."""

from __future__ import annotations

import http.client
import json
import os
import resource
import sys
import time
import xml.parsers.expat
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from bench.answers import COLUMNS, CONNECTOR

TOKEN = "0" * 64
DATES = [name for name, xsd in COLUMNS.items() if xsd == "dateTime"]

# What reads one answer; made once, so that opening a session or loading a WSDL is not counted as reading.
Read = Callable[[], Iterator[object]]
READERS: dict[str, Callable[[int], Read]] = {}


def reader(function: Callable[[int], Read]) -> Callable[[int], Read]:
    """Put a reader into the table under its name."""
    READERS[function.__name__] = function
    return function


def _client(protocol: str, port: int) -> Read:
    from afas_soap import ProfitClient

    url = f"http://127.0.0.1:{port}"
    profit = ProfitClient.connect(
        protocol=protocol, soap_url=f"{url}/ProfitServices", rest_url=f"{url}/ProfitRestServices", token=TOKEN
    )
    return lambda: profit.rows(CONNECTOR, everything=True)


@reader
def soap(port: int) -> Read:
    """This client over SOAP, typed records."""
    return _client("soap", port)


@reader
def rest(port: int) -> Read:
    """This client over REST, typed records."""
    return _client("rest", port)


@reader
def zeep(port: int) -> Read:
    """zeep with xml_huge_tree, then lxml: rows as untyped dicts."""
    from lxml import etree
    from zeep import Client, Settings

    wsdl = str(Path(__file__).parent.parent / "wsdl_cache" / "appconnectorget.wsdl")
    client = Client(wsdl, settings=Settings(xml_huge_tree=True))
    service = client.create_service(
        "{urn:Afas.Profit.Services}ConnectorAppGetSoap", f"http://127.0.0.1:{port}/ProfitServices/x.asmx"
    )

    def read() -> Iterator[object]:
        text = service.GetDataWithOptions(connectorId=CONNECTOR, skip=-1, take=-1, options="")
        tree = etree.fromstring(text, etree.XMLParser(huge_tree=True))
        for element in tree.iterchildren(CONNECTOR):
            yield {child.tag: child.text for child in element}

    return read


def received(port: int, method: str, path: str) -> Iterator[bytes]:
    """The body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body=b"" if method == "POST" else None)
    answer = connection.getresponse()
    while chunk := answer.read(65536):
        yield chunk
    connection.close()


@reader
def expat(port: int) -> Read:
    """Bare expat: an outer parser hands the result text to an inner one without handlers; no rows are built."""

    def read() -> Iterator[object]:
        inner = xml.parsers.expat.ParserCreate()
        outer = xml.parsers.expat.ParserCreate()
        outer.buffer_text = True
        outer.buffer_size = 65536

        def start(name: str, _attributes: dict[str, str]) -> None:
            if name.endswith("Result"):
                outer.CharacterDataHandler = lambda text: inner.Parse(text, False)

        def end(name: str) -> None:
            if name.endswith("Result"):
                outer.CharacterDataHandler = None

        outer.StartElementHandler = start
        outer.EndElementHandler = end
        for chunk in received(port, "POST", "/x"):
            outer.Parse(chunk, False)
            yield None
        outer.Parse(b"", True)
        inner.Parse("", True)

    return read


@reader
def jsonloads(port: int) -> Read:
    """json.loads with Decimal, then the date-times."""

    def read() -> Iterator[object]:
        rows = json.loads(b"".join(received(port, "GET", "/connectors/x")), parse_float=Decimal)["rows"]
        for row in rows:
            for name in DATES:
                if row[name] is not None:
                    row[name] = datetime.fromisoformat(row[name][:-1])
            yield row

    return read


def _resident() -> int:
    """Bytes of this process in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _ask(port: int, path: str) -> float:
    """Tell the server something; it answers when the first byte of its last answer with rows went out."""
    return float(b"".join(received(port, "GET", path)))


def measure(name: str, port: int, size: int) -> dict[str, float]:
    """Read ten rows, then ``size`` rows; CPU seconds, bytes above start, seconds from first byte to first row."""
    read = READERS[name](port)
    _ask(port, "/size/10")
    for _ in read():
        pass
    _ask(port, f"/size/{size}")
    before = _resident()
    began = time.process_time()
    count, first = 0, 0.0
    for _ in read():
        if not count:
            first = time.monotonic()
        count += 1
    return {
        "cpu": time.process_time() - began,
        "memory": max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before),
        "first": first - _ask(port, "/sent"),
        "rows": count,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
