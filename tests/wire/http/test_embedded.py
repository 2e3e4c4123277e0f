"""A WSGI application in this process, asked as any other server."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from afas_soap.connections import EMBEDDED_REST_URL, EMBEDDED_SOAP_URL
from afas_soap.errors import AccessDenied, TransportError
from afas_soap.profit.access.token import AfasToken
from afas_soap.wire.http.embedded import WsgiAdapter
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.classic import ClassicAuthorizer
from afas_soap.wire.profit.judge import PROFIT

App = Callable[[WSGIEnvironment, StartResponse], object]
JSON = [("Content-Type", "application/json")]


@pytest.fixture
def embedded(token: AfasToken) -> Callable[[App], Transport]:
    def make(app: App) -> Transport:
        link = Link(EMBEDDED_SOAP_URL, EMBEDDED_REST_URL, "emulator", authorizer=ClassicAuthorizer(token))
        return Transport(link, PROFIT, WsgiAdapter(app), sleep=lambda _: None)

    return make


REST = Request(Accepts.JSON, "rows", "X", f"{EMBEDDED_REST_URL}/connectors/Profit%20X?skip=0")


def test_what_the_application_is_told(embedded: Callable[[App], Transport]) -> None:
    seen: list[WSGIEnvironment] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.append(environ)
        seen[-1]["body"] = environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [b"<a/>"]

    transport = embedded(app)
    with transport.ask(
        Request(Accepts.XML, "x", None, f"{EMBEDDED_SOAP_URL}/a%20b.asmx?q=%20", {"SOAPAction": '"a"'}, b"<b/>")
    ) as answer:
        assert answer.whole(10) == b"<a/>"
    (environ,) = seen
    told = {name: environ[name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "HTTP_HOST")}
    assert told == {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/ProfitServices/a b.asmx",
        "QUERY_STRING": "q=%20",
        "SERVER_NAME": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
    }
    assert environ["body"] == b"<b/>"
    assert environ["CONTENT_LENGTH"] == "4"
    assert environ["HTTP_SOAPACTION"] == '"a"'
    assert environ["HTTP_AUTHORIZATION"].startswith("AfasToken ")


def test_the_path_is_told_as_it_was_sent_as_well(embedded: Callable[[App], Transport]) -> None:
    """A slash in a name and one between names are the same once they are decoded."""
    seen: list[object] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.append((environ["PATH_INFO"], environ["RAW_URI"]))
        start_response("200 OK", JSON)
        return [b"{}"]

    base = EMBEDDED_REST_URL.removeprefix("https://").removeprefix("http://").partition("/")[2]
    for path in ("fileconnector/A/3%2F4_2F.txt", "imageconnector/A?format=0"):
        with embedded(app).ask(Request(Accepts.JSON, "file", None, f"{EMBEDDED_REST_URL}/{path}")):
            pass
    assert seen == [
        (f"/{base}/fileconnector/A/3/4_2F.txt", f"/{base}/fileconnector/A/3%2F4_2F.txt"),
        (f"/{base}/imageconnector/A", f"/{base}/imageconnector/A?format=0"),
    ]


def test_the_answer_is_made_while_it_is_read_and_closed_after(embedded: Callable[[App], Transport]) -> None:
    made: list[int] = []
    closed: list[bool] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            for number in range(1000):
                made.append(number)
                yield b" " * 10_000

        def close(self) -> None:
            closed.append(True)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Body:
        start_response("200 OK", JSON)
        return Body()

    answer = embedded(app).ask(REST)
    assert len(next(answer.chunks())) > 0
    assert len(made) < 50
    answer.close()
    assert closed == [True]


def test_a_generator_that_starts_its_response_late_and_gzip(embedded: Callable[[App], Transport]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [*JSON, ("Content-Encoding", "gzip")])
        yield b""
        yield gzip.compress(b"{}")

    with embedded(app).ask(REST) as answer:
        assert answer.whole(10) == b"{}"


def test_an_error_status(embedded: Callable[[App], Transport]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("403 Forbidden", [])
        return []

    with pytest.raises(AccessDenied):
        embedded(app).ask(REST)


def test_a_connection_that_breaks_before_the_answer_is_asked_again(embedded: Callable[[App], Transport]) -> None:
    calls: list[int] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        calls.append(1)
        if len(calls) < 3:
            raise ConnectionResetError
        start_response("200 OK", JSON)
        return [b"{}"]

    with embedded(app).ask(REST) as answer:
        assert answer.whole(10) == b"{}"
    assert len(calls) == 3


def test_a_connection_that_breaks_half_way(embedded: Callable[[App], Transport]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", JSON)
        yield b" " * 100_000
        raise ConnectionResetError

    with embedded(app).ask(REST) as answer, pytest.raises(TransportError, match="broke off") as caught:
        answer.whole(10**6)
    assert caught.value.sent


def test_an_answer_shorter_than_it_said(embedded: Callable[[App], Transport]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [*JSON, ("Content-Length", "200000")])
        return [b" " * 100_000]

    with embedded(app).ask(REST) as answer, pytest.raises(TransportError, match="broke off"):
        answer.whole(10**6)


def test_write_is_not_offered(embedded: Callable[[App], Transport]) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", JSON)(b"{}")
        return []

    with pytest.raises(NotImplementedError):
        embedded(app).ask(REST)


def test_close_can_be_called_twice_and_ends_no_application(embedded: Callable[[App], Transport]) -> None:
    """There is no connection to let go of: the application belongs to whoever made it."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", JSON)
        return [b"{}"]

    transport = embedded(app)
    transport.close()
    transport.close()
    with transport.ask(REST) as answer:
        assert answer.whole(10) == b"{}"


class Halves:
    """A body in two pieces, as often as it is asked for."""

    def __len__(self) -> int:
        return 6

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"one", b"two")


def test_a_body_in_pieces_is_read_as_one(embedded: Callable[[App], Transport]) -> None:
    seen: list[object] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        seen.extend((environ["CONTENT_LENGTH"], environ["wsgi.input"].read()))
        start_response("200 OK", JSON)
        return [b"{}"]

    request = Request(Accepts.JSON, "send", "X", f"{EMBEDDED_REST_URL}/connectors/X", body=Halves())
    with embedded(app) as transport, transport.ask(request) as answer:
        answer.whole(100)
        assert transport.outgoing(request).body == b"onetwo"
    assert seen == ["6", b"onetwo"]
