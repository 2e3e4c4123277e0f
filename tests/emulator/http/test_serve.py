"""The emulator on a real socket: addresses, keep-alive, broken connections, and a stop that leaves nothing behind."""

from __future__ import annotations

import contextlib
import itertools
import logging
import socket
import threading
import time
import tracemalloc
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.profit.rows import Rows

ROWS = "/ProfitRestServices/connectors/Products"
HEADERS = {"Authorization": DEMO_TOKEN.header()}


def raw(server: Server, *, more: str = "") -> socket.socket:
    """A connection on which the rows were asked."""
    address = urlsplit(server.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=10)
    request = f"GET {ROWS} HTTP/1.1\r\nHost: x\r\nAuthorization: {HEADERS['Authorization']}\r\n{more}\r\n"
    connection.sendall(request.encode())
    return connection


def everything(connection: socket.socket) -> bytes:
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_addresses(emulator: Emulator) -> None:
    with serve(emulator) as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        assert server.soap_url == f"{server.url}/ProfitServices"
        assert server.rest_url == f"{server.url}/ProfitRestServices"
        assert requests.get(f"{server.rest_url}/profitversion", headers=HEADERS, timeout=10).json() == {
            "version": "7.22.5"
        }


def test_ipv6(emulator: Emulator) -> None:
    try:
        server = serve(emulator, "::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with server:
        assert server.url.startswith("http://[::1]:")
        assert requests.get(f"{server.soap_url}/appconnectorget.asmx?WSDL", timeout=10).status_code == 200


def test_a_stop_leaves_no_thread_and_no_port(emulator: Emulator) -> None:
    before = set(threading.enumerate())
    server = serve(emulator)
    requests.get(server.url, timeout=10)
    server.close()
    server.close()
    assert set(threading.enumerate()) <= before
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", server.port))


def test_one_connection_carries_several_answers(emulator: Emulator) -> None:
    with serve(emulator) as server, requests.Session() as session:
        seen = set()
        for _ in range(3):
            answer = session.get(server.url + ROWS, headers=HEADERS, timeout=10, stream=True)
            seen.add(answer.raw._connection.sock.getsockname())
            assert answer.headers["Transfer-Encoding"] == "chunked"
            assert "Date" in answer.headers
            assert len(answer.json()["rows"]) == 2
        assert len(seen) == 1


def test_several_callers_at_once(emulator: Emulator) -> None:
    emulator.faults.add(parse_faults(["slow:60"]).next("rest", ""))
    with serve(emulator) as server:
        with raw(server):
            # While one waits, another is answered.
            _until(lambda: not len(emulator.faults))
            assert requests.get(server.url + ROWS, headers=HEADERS, timeout=10).status_code == 200
        started = time.monotonic()
    assert time.monotonic() - started < 10


def _until(condition: Any) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen within ten seconds")


def test_an_answer_cut_off_has_no_last_chunk(small: Any) -> None:
    with serve(Emulator(small, faults=parse_faults(["cut:40"]))) as server:
        answer = everything(raw(server))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert b"Transfer-Encoding: chunked" in head
        assert body == b'28\r\n{"skip":0,"take":100,"rows":[{"sku":"pro\r\n'
        assert len(requests.get(server.url + ROWS, headers=HEADERS, timeout=10).json()["rows"]) == 2


def test_an_answer_cut_off_below_its_content_length(small: Any) -> None:
    with serve(Emulator(small, faults=parse_faults(["cut:10,framing=length"] * 2))) as server:
        head, _, body = everything(raw(server)).partition(b"\r\n\r\n")
        assert b"Content-Length: 1010" in head
        assert body == b'{"skip":0,'
        with pytest.raises(requests.exceptions.ChunkedEncodingError):
            requests.get(server.url + ROWS, headers=HEADERS, timeout=10)


@pytest.mark.parametrize("fault", ["reset", "reset:10"])
def test_a_reset_connection(small: Any, fault: str) -> None:
    with serve(Emulator(small, faults=parse_faults([fault] * 2))) as server:
        with pytest.raises(ConnectionResetError):
            everything(raw(server))
        with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            requests.get(server.url + ROWS, headers=HEADERS, timeout=10)
        assert requests.get(server.url + ROWS, headers=HEADERS, timeout=10).status_code == 200


def test_a_slow_answer_outlasts_a_time_out(small: Any) -> None:
    with serve(Emulator(small, faults=parse_faults(["slow:60", "slow:60,after=5"]))) as server:
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(server.url + ROWS, headers=HEADERS, timeout=(10, 0.2))
        with raw(server) as connection:
            connection.settimeout(0.2)
            arrived: list[bytes] = []
            with pytest.raises(TimeoutError):
                arrived.extend(iter(lambda: connection.recv(65536), b""))
            assert b"".join(arrived).endswith(b'5\r\n{"ski\r\n')


def test_an_app_that_fails_prints_nothing(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: Any, start_response: Any) -> list[bytes]:
        raise RuntimeError(f"on purpose: {environ['HTTP_AUTHORIZATION']}")

    caplog.set_level(logging.DEBUG, "afas_soap.emulator")
    with serve(broken) as server:
        assert requests.get(server.url, headers={"Authorization": "Bearer s3same"}, timeout=10).status_code == 500
    assert capfd.readouterr() == ("", "")
    assert "RuntimeError in test_serve.py, line " in caplog.text
    # An error may repeat what it was given.
    assert "s3same" not in caplog.text


@pytest.mark.no_cover
def test_many_rows_do_not_enlarge_the_process(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """60,000 rows are 6 to 10 MB on the wire, over each protocol."""
    fields = small.fields("Products")
    record = {"sku": "s" * 20, "title": "t" * 40, "price": "1.00"}
    monkeypatch.setattr(small, "rows", lambda *_: Rows(fields, itertools.repeat(record, 60_000)))
    with serve(Emulator(small)) as server:
        for read in (_read_rest, _read_soap):
            tracemalloc.start()
            assert read(server) > 4_000_000
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 2_000_000


def _read_rest(server: Server) -> int:
    return _size(
        requests.get(server.url + ROWS, headers={**HEADERS, "Accept-Encoding": "identity"}, stream=True, timeout=10)
    )


def _read_soap(server: Server) -> int:
    body = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetData '
        'xmlns="urn:Afas.Profit.Services"><connectorId>Products</connectorId><take>9</take></GetData></s:Body></s:Envelope>'
    )
    headers = {**HEADERS, "Accept-Encoding": "identity", "Content-Type": "text/xml"}
    url = f"{server.soap_url}/appconnectorget.asmx"
    return _size(requests.post(url, data=body, headers=headers, stream=True, timeout=10))


def _size(answer: requests.Response) -> int:
    with answer:
        assert answer.status_code == 200
        return sum(map(len, answer.iter_content(65536)))


def test_a_slow_answer_that_begins_while_the_server_stops_is_ended_too(small: Any) -> None:
    """Woken before the stop only, it would wait its time out, and the process with it."""
    others = set(threading.enumerate())
    app = Emulator(small, faults=parse_faults(["slow:60"]))
    server = serve(app)
    wake, asking = app.wake, threading.Thread(target=_ask_in_vain, args=(server,))

    def wake_and_let_one_begin() -> None:
        wake()
        if asking.ident is None:
            asking.start()
            time.sleep(0.5)

    app.wake = wake_and_let_one_begin
    began = time.monotonic()
    server.close()
    asking.join(timeout=30)
    for thread in set(threading.enumerate()) - others:
        thread.join(timeout=30)
    assert time.monotonic() - began < 30


def _ask_in_vain(server: Server) -> None:
    with contextlib.suppress(requests.RequestException):
        requests.get(f"{server.url}{ROWS}", headers=HEADERS, timeout=20)
