"""One exchange: what becomes of answers, good ones and others."""

from __future__ import annotations

import gzip
import logging
import socket
import struct
from collections.abc import Callable

import pytest

from afas_soap.errors import (
    AnswerError,
    SettingsError,
    TransportError,
)
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT

LinkTo = Callable[..., Link]


def _soap(server, body: bytes | None = b"<question/>") -> Request:
    return Request(Accepts.XML, "GetData", "Profit_Debtor", f"{server.soap_url}/appconnectorget.asmx", {}, body)


def _rest(server, **changes: object) -> Request:
    return Request(
        Accepts.JSON, "rows", "Profit_Debtor", f"{server.rest_url}/connectors/Profit_Debtor?skip=0", **changes
    )


def _reset(connection: socket.socket) -> None:
    """Close with RST, as a broken peer does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.fixture
def transport(fixed, link_to: LinkTo) -> Transport:
    """Never sleeps."""
    return Transport(link_to(fixed), PROFIT, sleep=lambda _: None)


def _error(transport: Transport, request: Request) -> Exception:
    with pytest.raises(Exception) as caught, transport.ask(request) as answer:
        answer.whole(10_000)
    return caught.value


def test_an_answer_is_streamed_and_the_connection_used_again(fixed, transport: Transport) -> None:
    for _ in range(3):
        fixed.json('{"rows":[]}')
        with transport.ask(_rest(fixed)) as answer:
            assert b"".join(answer.chunks()) == b'{"rows":[]}'
    assert fixed.connections == 1


def test_a_look_at_the_beginning_takes_nothing_away(fixed, transport: Transport) -> None:
    fixed.json('{"rows":[]}')
    with transport.ask(_rest(fixed)) as answer:
        assert answer.beginning() == answer.beginning() == answer.whole(100)


def test_gzip_is_unpacked_and_unpacked_bytes_count(fixed, transport: Transport) -> None:
    fixed.json(gzip.compress(b" " * 100_000 + b"{}"), "200 OK", "Content-Encoding: gzip")
    with transport.ask(_rest(fixed)) as answer, pytest.raises(AnswerError, match="longer than 50,000 bytes"):
        answer.whole(50_000)


def test_a_gzip_bomb_arrives_in_pieces(fixed, transport: Transport) -> None:
    fixed.json(gzip.compress(b" " * 20_000_000), "200 OK", "Content-Encoding: gzip")
    with transport.ask(_rest(fixed)) as answer:
        sizes = [len(chunk) for chunk in answer.chunks()]
    assert sum(sizes) == 20_000_000
    assert max(sizes) <= 2**20


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{", None), "broke off"),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                None,
            ),
            "broke off",
        ),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                0.1,
                _reset,
            ),
            "broke off",
        ),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                b"Content-Length: 5\r\n\r\n{nix}",
            ),
            "gzip",
        ),
    ],
    ids=["short", "no last chunk", "reset", "no gzip"],
)
def test_a_body_that_breaks_off_is_no_end_of_data(
    fixed,
    link_to: LinkTo,
    steps: tuple[object, ...],
    sentence: str,
) -> None:
    fixed.raw(*steps)
    # Not repeated, so that what is raised is what this answer did.
    error = _error(Transport(link_to(fixed, retry_total=0.0), PROFIT), _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert sentence in str(error)
    assert error.connector == "Profit_Debtor"


def test_a_body_that_falls_silent(fixed, link_to: LinkTo) -> None:
    """Once something has come: before that it would be asked for again."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    fixed.raw(head + b" " * 70_000, 1.0, None)
    with (
        Transport(link_to(fixed, read_timeout=0.1, retry_total=0.0), PROFIT) as transport,
        transport.ask(_rest(fixed)) as answer,
    ):
        chunks = answer.chunks()
        with pytest.raises(TransportError, match="silent for too long") as caught:
            list(chunks)
    assert caught.value.sent


@pytest.mark.parametrize("content_type", ["text/html", "application/json"])
def test_an_html_page_is_no_answer(fixed, transport: Transport, content_type: str) -> None:
    """Whatever its content type says."""
    fixed.reply("\n<!DOCTYPE html><html>Onderhoud</html>", content_type)
    error = _error(transport, _rest(fixed))
    assert isinstance(error, AnswerError)
    assert "HTML page: check rest_url" in str(error)
    assert "Onderhoud" not in str(error)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/octet-stream"])
def test_a_wrong_content_type_is_no_answer(fixed, transport: Transport, content_type: str) -> None:
    fixed.reply("{}", content_type)
    error = _error(transport, _rest(fixed))
    assert isinstance(error, AnswerError)
    assert f"content type '{content_type}', which is not REST" in str(error)


def test_no_content_type_is_no_answer(fixed, transport: Transport) -> None:
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    assert "answered with no content type, which is not SOAP" in str(_error(transport, _soap(fixed)))


def test_one_line_per_call(fixed, transport: Transport, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "afas_soap.calls")
    fixed.json('{"error":{"code":"503","message":"Onderhoud."},"retry_after":1}', "503 Service Unavailable")
    fixed.json("{}", "200 OK", "X-Trace-Identifier: spoor-4")
    with transport.ask(_rest(fixed)) as answer:
        answer.whole(10)
    fixed.json("", "403 Forbidden")
    _error(transport, _soap(fixed))
    lines = [record.getMessage() for record in caplog.records if record.name == "afas_soap.calls"]
    assert len(lines) == 2
    # The bytes of the first attempt's body count: they were received.
    assert lines[0].startswith("12345-test rows Profit_Debtor: ")
    assert lines[0].endswith(", 2 attempts, trace spoor-4")
    assert lines[1].startswith("12345-test GetData Profit_Debtor: 0 bytes, ")
    assert lines[1].endswith(", 1 attempt, no trace id, AccessDenied")


def test_an_address_that_requests_will_not_take() -> None:
    link = Link("", "https://*.afas.online/profitrestservices", "x")
    with pytest.raises(SettingsError, match=r"The address https://\*\.afas\.online/profitrestservices"):
        Transport(link, PROFIT).ask(Request(Accepts.JSON, "x", None, link.rest_url))
