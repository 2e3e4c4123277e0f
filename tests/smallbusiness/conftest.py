"""A small SB for the tests of reading: rows of one connector, sorted and paged, with whatever goes wrong meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from afas_soap.sb.table import Table
from afas_soap.sbclient import SBClient
from afas_soap.wire.http.embedded import WsgiAdapter
from afas_soap.wire.http.link import Link
from afas_soap.wire.http.transport import Transport
from afas_soap.wire.sb.calls import SbCalls
from afas_soap.wire.sb.judge import SB

Row = dict[str, object]


class Site:
    """``rows`` are sorted by what a question says; ``cap`` is the most that it gives, whatever it is asked; ``before``
    is called with the number of each call before it is answered, ``answer`` may replace the body, ``breaks`` has what
    breaks off an answer half-way."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.cap: int | None = None
        self.pages = True
        self.status = "200 OK"
        self.asked: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.before: Callable[[int], None] = lambda number: None
        self.answer: Callable[[int, bytes], bytes] = lambda number, body: body
        self.token: str | None = None
        self.breaks: dict[int, OSError] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = dict(parse_qsl(environ["QUERY_STRING"].replace("+", "%2B")))
        self.asked.append(query)
        self.paths.append(environ["PATH_INFO"])
        self.headers.append({name: value for name, value in environ.items() if name.startswith("HTTP_")})
        self.before(len(self.asked))
        rows: object = self._page(query)
        if self.token is not None:
            rows = {"TrackingToken": self.token, "Result": rows}
        body = self.answer(len(self.asked), json.dumps(rows).encode())
        start_response(self.status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return self._sent(body, self.breaks.get(len(self.asked)))

    def _sent(self, body: bytes, problem: OSError | None) -> Iterator[bytes]:
        """The body; with a ``problem`` its first half."""
        end = len(body) if problem is None else len(body) // 2
        yield from (body[at : min(at + 100, end)] for at in range(0, end, 100))
        if problem is not None:
            raise problem

    def _page(self, query: dict[str, str]) -> list[Row]:
        rows = [*self.rows]
        if "sort" in query:
            name, direction = query["sort"].split(" ")
            rows.sort(key=lambda row: str(row.get(name)), reverse=direction == "descending")
        if not self.pages:
            return rows
        skip, take = int(query.get("skip", 0)), int(query.get("take", len(rows)))
        return rows[skip : skip + (take if self.cap is None else min(take, self.cap))]


@pytest.fixture
def site() -> Site:
    return Site()


def client_of(
    site: Site, base: str = "http://127.0.0.1:8080/Enyoi", trace: Path | None = None, table: Table | None = None
) -> SBClient:
    link = Link(soap_url="", rest_url=base, environment="demo/enyoi", retry_total=0.0, trace=trace)
    return SBClient(SbCalls(Transport(link, SB, WsgiAdapter(site))), table=table)


@pytest.fixture
def sb(site: Site) -> Iterator[SBClient]:
    with client_of(site) as client:
        yield client


@pytest.fixture
def opened(site: Site) -> Callable[..., SBClient]:
    """Another client of the same site, at this address, with this trace."""
    return lambda base, trace=None: client_of(site, base, trace)
