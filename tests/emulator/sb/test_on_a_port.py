"""SB on a real socket, asked with our own calls."""

from __future__ import annotations

import contextlib
import http.client
import json
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server
from afas_soap.errors import AccessDenied, SBError, TransportError
from afas_soap.sb.operation import Verb
from afas_soap.sb.table import shipped
from afas_soap.wire.sb.calls import SbCalls

Calls = Callable[..., SbCalls]
IDENTIFIER = "8522fea1-a067-4851-9b8e-a7b7080ac3af"


def rows(calls: SbCalls, connector: str, query: str = "") -> list[dict[str, object]]:
    """The rows that a read gives, whichever way they come."""
    operation = shipped().operation(connector, Verb.GET)
    with calls.ask(operation, query) as answer:
        found = json.loads(answer.whole(2**24))
    listed: list[dict[str, object]] = found["Result"] if isinstance(found, dict) else found
    return listed


def test_rows_come_over_a_socket(sb_server: Server, sb_calls: Calls) -> None:
    assert len(rows(sb_calls(sb_server), "organisations", "?take=3&skip=1")) == 3


def test_a_connection_stays_open_and_rows_come_in_chunks(sb_server: Server) -> None:
    """As AFAS' sample of the headers has it, a refusal too."""
    token = sb_server.emulator.sb.token("enyoi")
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", sb_server.port, timeout=20)) as connection:
        for signed, status in ((f"Bearer {token}", 200), ("", 401), (f"Bearer {token}", 200)):
            connection.request("GET", "/enyoi/api/vatrate", headers={"Authorization": signed})
            answer = connection.getresponse()
            assert (answer.status, answer.getheader("Server")) == (status, "nginx")
            assert not answer.will_close
            assert (answer.getheader("Transfer-Encoding") == "chunked") is (status == 200)
            json.loads(answer.read())


def test_a_write_that_is_refused_says_why(sb_server: Server, sb_calls: Calls) -> None:
    operation = shipped().operation("salesjournalentry", Verb.POST)
    with pytest.raises(SBError, match="Invalid JSON request"):
        sb_calls(sb_server).write(operation, b"{}", IDENTIFIER, lambda answer: answer.whole(2**20))


def test_a_token_that_ran_out_lets_nobody_in(sb_server: Server, sb_calls: Calls) -> None:
    calls = sb_calls(sb_server, retry_total=0.0)
    sb_server.emulator.sb.tokens.expire()
    with pytest.raises(AccessDenied, match="geen ingelogde gebruiker"):
        rows(calls, "vatrate")


def test_a_fault_can_befall_sb_alone(sb_server: Server, sb_calls: Calls) -> None:
    sb_server.emulator.faults.add(parse_fault("cut:40,protocol=sb"))
    with pytest.raises(TransportError, match="broke off half-way"):
        rows(sb_calls(sb_server, retry_total=0.0), "vatrate")


def test_many_write_while_others_read(sb_server: Server, sb_calls: Calls) -> None:
    """Each change is told once, by tokens that hang together."""
    operation = shipped().operation("organisation", Verb.POST)
    organisations = shipped().operation("organisations", Verb.GET)

    def write(writer: int) -> None:
        calls = sb_calls(sb_server)
        for number in range(10):
            body = json.dumps({"Name": f"Firm {writer} {number}"}).encode()
            calls.write(operation, body, str(uuid.uuid4()), lambda answer: answer.whole(2**20))

    def follow(seen: list[str]) -> None:
        calls, token = sb_calls(sb_server), ""
        while len(set(seen)) < 40:
            with calls.ask(organisations, f"?TrackingToken={token}") as answer:
                found = json.loads(answer.whole(2**24))
            token = found["TrackingToken"]
            seen += [row["Name"] for row in found["Result"] if row["Name"].startswith("Firm ")]

    seen: list[str] = []
    with ThreadPoolExecutor(5) as pool:
        for done in [pool.submit(follow, seen), *(pool.submit(write, writer) for writer in range(4))]:
            done.result()
    assert sorted(seen) == sorted(f"Firm {writer} {number}" for writer in range(4) for number in range(10))


def test_the_dialect_of_6_0_has_no_newer_connectors_and_amounts_in_text(
    sb_serving: Callable[..., Server], sb_calls: Calls
) -> None:
    calls = sb_calls(sb_serving(dialect="6.0"), retry_total=0.0)
    assert isinstance(rows(calls, "debtorbalance")[0]["OutstandingAmount"], str)
    with pytest.raises(SBError, match="versie bestaat niet"):
        rows(calls, "salesinvoices")
