"""Updates on a socket: worked off when they arrived wholly, whoever waits, and never when they did not."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.emulator.store import Store
from afas_soap.profit.questions.query import Query

HEADERS = {"Authorization": DEMO_TOKEN.header()}
PATH = "/ProfitRestServices/connectors/KnSubject"
# White space behind JSON and XML means nothing: without it, a body that broke off could be told by its syntax alone.
NOTE = b'{"KnSubject":{"Element":{"Fields":{"StId":4,"Ds":"Offerte"}}}}' + b" " * 1000
ENVELOPE = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    b'<Execute xmlns="urn:Afas.Profit.Services">'
    b"<connectorType>KnSubject</connectorType><connectorVersion>1</connectorVersion><dataXml>&lt;KnSubject>&lt;Element>"
    b"&lt;Fields Action='insert'>&lt;StId>4&lt;/StId>&lt;Ds>Offerte&lt;/Ds>&lt;/Fields>&lt;/Element>&lt;/KnSubject>"
    b"</dataXml></Execute></s:Body></s:Envelope>" + b" " * 1000
)
CALLS = [
    pytest.param(f"POST {PATH}", "application/json", NOTE, id="rest"),
    pytest.param("POST /ProfitServices/appconnectorupdate.asmx", "text/xml", ENVELOPE, id="soap"),
]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store() as opened:
        yield opened


def booked(store: Store) -> int:
    return len(list(store.rows("Profit_Subjects", Query(skip=120))))


def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen within ten seconds")


def connect(server: Server) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def head(line: str, content_type: str, framing: str) -> bytes:
    text = (
        f"{line} HTTP/1.1\r\nHost: x\r\nAuthorization: {HEADERS['Authorization']}\r\nContent-Type: {content_type}\r\n"
    )
    return f"{text}{framing}\r\n\r\n".encode()


@pytest.mark.parametrize(("line", "content_type", "body"), CALLS)
def test_a_body_that_did_not_arrive_wholly_is_not_worked_off(
    store: Store, line: str, content_type: str, body: bytes
) -> None:
    """All but the last byte, which is a blank: what arrived could be read and booked."""
    with serve(Emulator(store)) as server:
        for sent in (body[: len(body) // 2], body[:-1]):
            with connect(server) as connection:
                connection.sendall(head(line, content_type, f"Content-Length: {len(body)}") + sent)
                connection.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda connection=connection: connection.recv(65536), b""))
            assert b"201" not in answer[:20]
            assert b"<ExecuteResult>" not in answer
        assert booked(store) == 0
        with connect(server) as connection:
            connection.sendall(head(line, content_type, f"Content-Length: {len(body)}\r\nConnection: close") + body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert b"25121" in answer
    assert booked(store) == 1


@pytest.mark.parametrize(("line", "content_type", "body"), CALLS)
def test_chunks_that_end_too_soon_are_not_worked_off(store: Store, line: str, content_type: str, body: bytes) -> None:
    with serve(Emulator(store)) as server:
        chunk = f"{len(body):x}\r\n".encode() + body + b"\r\n"
        with connect(server) as connection:
            connection.sendall(head(line, content_type, "Transfer-Encoding: chunked") + chunk)
            connection.shutdown(socket.SHUT_WR)
            b"".join(iter(lambda: connection.recv(65536), b""))
        assert booked(store) == 0
        with connect(server) as connection:
            framing = "Transfer-Encoding: chunked\r\nConnection: close"
            connection.sendall(head(line, content_type, framing) + chunk + b"0\r\n\r\n")
            assert b"25121" in b"".join(iter(lambda: connection.recv(65536), b""))
    assert booked(store) == 1


@pytest.mark.parametrize("path", [PATH, "/ProfitServices/appconnectorupdate.asmx", "/ProfitRestServices/nothing"])
def test_a_call_that_is_too_large_is_refused_before_its_body_arrives(store: Store, path: str) -> None:
    """Even without a token: what nobody reads would be held in memory otherwise, to get it out of the way."""
    with serve(Emulator(store)) as server, connect(server) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {75 * 2**20 + 1}\r\n\r\n".encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_chunks_that_nobody_read_are_not_taken_for_the_next_call(store: Store) -> None:
    with serve(Emulator(store)) as server, connect(server) as connection:
        refused = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        connection.sendall(refused + b"4\r\nGET \r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answer


@pytest.mark.parametrize(("line", "content_type", "body"), CALLS)
def test_an_update_is_worked_off_after_the_delay_though_its_client_is_gone(
    store: Store, line: str, content_type: str, body: bytes
) -> None:
    with serve(Emulator(store, setup=Setup(write_delay=0.3))) as server:
        with connect(server) as connection:
            connection.sendall(head(line, content_type, f"Content-Length: {len(body)}") + body)
        until(lambda: booked(store) == 1)


def test_a_stop_lets_a_delayed_update_finish_at_once(store: Store) -> None:
    app = Emulator(store, setup=Setup(write_delay=3600))
    answers: list[requests.Response] = []
    with serve(app) as server:
        asking = threading.Thread(target=lambda: answers.append(_post(server)))
        asking.start()
        # Until the body was received, nothing is to be finished.
        until(lambda: _waiting(app))
    asking.join(timeout=10)
    assert booked(store) == 1


def _post(server: Server) -> requests.Response | None:
    with contextlib.suppress(requests.RequestException):
        return requests.post(f"{server.url}{PATH}", data=NOTE, headers=HEADERS, timeout=20)
    return None


def _waiting(app: Emulator) -> bool:
    return bool(app._awake._cond._waiters)


def test_several_clients_at_once_each_get_a_number_of_their_own(store: Store) -> None:
    with serve(Emulator(store, setup=Setup(write_delay=0.05))) as server:
        told: list[str] = []

        def many() -> None:
            for _ in range(5):
                answer = requests.post(f"{server.url}{PATH}", data=NOTE, headers=HEADERS, timeout=20)
                told.append(json.loads(answer.content)["results"]["KnSubject"]["SbId"])

        threads = [threading.Thread(target=many) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(map(int, told)) == list(range(25121, 25146))
    assert booked(store) == 25


def test_an_address_is_taken_as_it_was_sent(store: Store) -> None:
    for code in ("a/b", "a,b"):
        store.remember("FbItemArticle", {"ItCd": code})
    with serve(Emulator(store)) as server:
        for spelt in ("a%2Fb", "a%2Cb"):
            url = f"{server.rest_url}/connectors/FbItemArticle/FbItemArticle/@ItCd/{spelt}"
            assert requests.delete(url, headers=HEADERS, timeout=10).status_code == 200


def test_a_state_outlives_the_server(tmp_path: Path) -> None:
    for number in (25121, 25122):
        with Store(state=tmp_path / "state") as store, serve(Emulator(store)) as server:
            answer = requests.post(f"{server.url}{PATH}", data=NOTE, headers=HEADERS, timeout=10)
            assert answer.json() == {"results": {"KnSubject": {"SbId": str(number)}}}
