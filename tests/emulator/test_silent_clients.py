"""Clients that connect and say nothing, or not enough: they keep nobody else out, and no stop up."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.http.tls import ThrowAwayAuthority, Tls, write_files
from afas_soap.emulator.store import Store

MANY = 12
"""More than the server has threads."""


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """The certificate that proves the server of ``server``, beside those of a client."""
    return tmp_path / "ca.pem"


@pytest.fixture
def server(emulator: Emulator, ca: Path) -> Iterator[Server]:
    """A server that lets a client take a minute over each word."""
    authority = ThrowAwayAuthority()
    write_files(ca.parent, authority)
    with serve(emulator, tls=Tls(authority, demands_certificate=True)) as server:
        server._server.timeout = 60
        yield server


def ask(server: Server, ca: Path) -> int:
    shown = (str(ca.parent / "client.pem"), str(ca.parent / "client-key.pem"))
    headers = {"Authorization": DEMO_TOKEN.header()}
    url = f"{server.rest_url}/profitversion"
    return requests.get(url, headers=headers, verify=str(ca), cert=shown, timeout=20).status_code


def silent(port: int, _ca: Path) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20)


def silent_behind_its_handshake(port: int, ca: Path) -> socket.socket:
    context = ssl.create_default_context(cafile=str(ca))
    context.load_cert_chain(ca.parent / "client.pem", ca.parent / "client-key.pem")
    return context.wrap_socket(silent(port, ca), server_hostname="localhost")


@pytest.mark.parametrize("connect", [silent, silent_behind_its_handshake])
def test_they_keep_nobody_out(server: Server, ca: Path, connect: Callable[[int, Path], socket.socket]) -> None:
    """The server would wait a minute for each of them, and the call of the other waits a third of that."""
    with contextlib.ExitStack() as held:
        for _ in range(MANY):
            held.enter_context(connect(server.port, ca))
        assert ask(server, ca) == 200
        # Nor does a stop wait for them.
        server.close()


def test_half_a_handshake_holds_its_own_thread_only(server: Server, ca: Path) -> None:
    with silent(server.port, ca) as slow:
        # The beginning of a ClientHello of 512 bytes.
        slow.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
        assert ask(server, ca) == 200


def test_they_keep_nobody_out_of_plain_http(emulator: Emulator) -> None:
    with serve(emulator) as server, contextlib.ExitStack() as held:
        server._server.timeout = 60
        for _ in range(MANY):
            held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
        headers = {"Authorization": DEMO_TOKEN.header()}
        assert requests.get(f"{server.rest_url}/profitversion", headers=headers, timeout=20).status_code == 200


def dripping_body(server: Server) -> bytes:
    """The head of an update and one byte of its body: a thread reads on, for as long as another byte comes in time."""
    return (
        b"POST /ProfitRestServices/connectors/KnSubject HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n"
        b"Authorization: " + DEMO_TOKEN.header().encode() + b"\r\n\r\n{"
    )


def dripping_head(server: Server) -> bytes:
    return b"GET /ProfitRestServices/profitversion HTTP/1.1\r\nHost: lo"


def one_who_takes_nothing(server: Server) -> bytes:
    """More than the machine holds for a client that does not read, in one answer."""
    return (
        b"GET /ProfitRestServices/connectors/Profit_Debtor?skip=-1&take=-1 HTTP/1.1\r\nHost: localhost\r\n"
        b"Authorization: " + DEMO_TOKEN.header().encode() + b"\r\n\r\n"
    )


@pytest.fixture(scope="module")
def large() -> Iterator[Store]:
    """With so many rows that an answer with all of them waits for whoever reads it."""
    with Store(rows={"Profit_Debtor": 20_000}) as store:
        yield store


@pytest.mark.parametrize("say", [dripping_body, dripping_head, one_who_takes_nothing])
@pytest.mark.parametrize("many", [MANY, 40])
def test_those_who_drip_hold_threads_of_their_own(large: Store, say: Callable[[Server], bytes], many: int) -> None:
    """The server would wait a minute for each next byte; the others wait for nobody."""
    with serve(Emulator(large)) as server, contextlib.ExitStack() as held:
        server._server.timeout = 60
        for _ in range(many):
            slow = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            slow.sendall(say(server))
        headers = {"Authorization": DEMO_TOKEN.header()}
        for _ in range(3):
            answer = requests.get(f"{server.rest_url}/profitversion", headers=headers, timeout=20)
            assert answer.status_code == 200


def test_a_stop_does_not_wait_for_who_drips(emulator: Emulator) -> None:
    with serve(emulator) as server, contextlib.ExitStack() as held:
        server._server.timeout = 60
        for _ in range(MANY):
            slow = held.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            slow.sendall(dripping_body(server))
        assert requests.get(server.url, timeout=20).status_code == 404
        server.close()


def test_one_that_goes_before_its_handshake_leaves_nothing(server: Server, ca: Path) -> None:
    before = set(threading.enumerate())
    for farewell in (b"", b"\x16", b"GET / HTTP/1.1\r\n\r\n"):
        with silent(server.port, ca) as gone:
            gone.sendall(farewell)
    assert ask(server, ca) == 200
    assert set(threading.enumerate()) == before
