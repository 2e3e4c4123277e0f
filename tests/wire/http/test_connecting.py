"""A write that went out is never taken for one that stayed here, whatever the exceptions look like."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from afas_soap.errors import AfasError, TransportError, Uncertain
from afas_soap.profit.updates.updateplain import update_from_plain
from afas_soap.wire.http import session as http
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors

INSERT = update_from_plain("KnSubject", {"StId": 4, "Ds": "Offerte"}, root="KnSubject")


class Tunnel:
    """A proxy that answers CONNECT, and leads every tunnel to one port."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._led, args=(client,), daemon=True).start()

    def _led(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self._to)) as server:
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=_pumped, args=(client, server), daemon=True).start()
            _pumped(server, client)


def _pumped(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def tunnel(secure, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tunnel]:
    """A proxy before the TLS server; one would not be used for this machine."""
    made = Tunnel(secure.port)
    monkeypatch.setattr(http, "proxies_for", lambda _url: {"https": made.address})
    yield made
    made.close()


@pytest.fixture
def rest(secure, link_to: Callable[..., Link], ca_bundle: Path) -> RestConnectors:
    url = f"https://127.0.0.1:{secure.port}/ProfitRestServices"
    return RestConnectors(
        Transport(link_to(secure, soap_url="", rest_url=url, ca_bundle=ca_bundle), PROFIT, sleep=lambda _: None)
    )


def _error(rest: RestConnectors) -> AfasError:
    with pytest.raises(AfasError) as caught:
        rest.send(INSERT)
    return caught.value


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _unencrypted(connection: socket.socket) -> None:
    with socket.socket(fileno=socket.dup(connection.fileno())) as below:
        below.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.usefixtures("tunnel")
@pytest.mark.parametrize("steps", [(None,), (_reset,)], ids=["closed", "reset"])
def test_a_break_behind_a_proxy_is_uncertain(secure, rest: RestConnectors, steps) -> None:
    """``urllib3`` calls it an error of the proxy, as one that gives no tunnel is."""
    secure.raw(*steps)
    assert type(_error(rest)) is Uncertain
    assert len(secure.requests) == 1


@pytest.mark.usefixtures("tunnel")
def test_a_second_call_through_the_tunnel_is_uncertain_as_well(secure, rest: RestConnectors) -> None:
    secure.json('{"results":{"KnSubject":{"SbId":"7"}}}', "201 Created")
    rest.send(INSERT)
    secure.raw(None)
    assert type(_error(rest)) is Uncertain
    assert len(secure.requests) == 2


def test_a_call_within_the_handling_of_another_error_is_uncertain(secure, rest: RestConnectors) -> None:
    """Python hangs the error that is being handled on the new one, as its context."""
    secure.raw(None)
    try:
        raise ConnectionRefusedError
    except ConnectionRefusedError:
        assert type(_error(rest)) is Uncertain
    assert len(secure.requests) == 1


@pytest.mark.parametrize(
    "steps",
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", None),
        (b"\x00\x01\r\n\r\n", None),
        (b"HTTP/1.1 201 Created\r\n" + b"a: b\r\n" * 200 + b"\r\n", None),
        (_unencrypted, 0.2, None),
    ],
    ids=["two lengths", "no HTTP", "many headers", "without TLS"],
)
def test_an_answer_that_cannot_be_read_is_uncertain(secure, rest: RestConnectors, steps) -> None:
    secure.raw(*steps)
    assert type(_error(rest)) is Uncertain
    assert len(secure.requests) == 1


def test_a_kept_connection_that_breaks_is_uncertain(secure, rest: RestConnectors) -> None:
    secure.json('{"results":{"KnSubject":{"SbId":"7"}}}', "201 Created")
    rest.send(INSERT)
    secure.raw(None)
    assert type(_error(rest)) is Uncertain
    assert (len(secure.requests), secure.connections) == (2, 1)


@pytest.mark.parametrize("offered", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["closed", "no TLS"])
def test_tls_that_does_not_come_to_stand_was_not_sent(offered: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(offered)

        threading.Thread(target=refuse, daemon=True).start()
        link = Link("", f"https://127.0.0.1:{listener.getsockname()[1]}/ProfitRestServices", "x")
        error = _error(RestConnectors(Transport(link, PROFIT, sleep=lambda _: None)))
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    assert type(error) is TransportError
    assert not error.sent
