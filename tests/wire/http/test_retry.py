"""Asking again: when, how long, and when not."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from typing import NoReturn

import pytest
from requests.adapters import BaseAdapter

from afas_soap.errors import (
    Busy,
    SettingsError,
    TransportError,
    Uncertain,
)
from afas_soap.wire.http.transport import Link, Request, Speaks, Transport

LinkTo = Callable[..., Link]


def _soap(server, body: bytes | None = b"<question/>") -> Request:  # type: ignore[no-untyped-def]
    return Request(Speaks.SOAP, "GetData", "Profit_Debtor", f"{server.soap_url}/appconnectorget.asmx", {}, body)


def _rest(server, **changes: object) -> Request:  # type: ignore[no-untyped-def]
    return Request(
        Speaks.REST, "rows", "Profit_Debtor", f"{server.rest_url}/connectors/Profit_Debtor?skip=0", **changes
    )


def _reset(connection: socket.socket) -> None:
    """Close with RST, as a broken peer does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _error(transport: Transport, request: Request) -> Exception:
    with pytest.raises(Exception) as caught, transport.ask(request) as answer:
        answer.whole(10_000)
    return caught.value


@pytest.fixture
def naps() -> list[float]:
    """How long each pause was."""
    return []


@pytest.fixture
def patient(fixed, link_to: LinkTo, naps: list[float]) -> Transport:  # type: ignore[no-untyped-def]
    """Two minutes of patience, and pauses that take no time."""
    return Transport(link_to(fixed), sleep=naps.append)


BUSY = '{"error":{"code":"503","message":"Onderhoud."},"retry_after":%d}'


def test_busy_is_repeated_as_the_body_says(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.json(BUSY % 7, "503 Service Unavailable", "Retry-After: 50")
    fixed.json("{}")
    with patient.ask(_rest(fixed)) as answer:
        assert answer.whole(10) == b"{}"
    assert naps == [7.0]


def test_busy_is_repeated_as_the_header_says(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.html("503 Service Unavailable")
    fixed.reply("", "text/html", "503 Service Unavailable", "Retry-After: 9")
    fixed.reply("", "text/html", "503 Service Unavailable", "Retry-After: Mon, 01 Jan 2024 00:00:00 GMT")
    fixed.reply("", "text/html", "503 Service Unavailable", "Retry-After: straks²")
    fixed.xml("<a/>")
    with patient.ask(_soap(fixed)) as answer:
        assert answer.whole(10) == b"<a/>"
    assert 0.8 <= naps[0] <= 1.0
    # A date in the past is now, and now is a second.
    assert naps[1:3] == [9.0, 1.0]
    assert len(naps) == 4


def test_busy_for_longer_than_our_patience_is_an_error_at_once(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.json(BUSY % 7200, "503 Service Unavailable", "X-Trace-Identifier: spoor-3")
    error = _error(patient, _rest(fixed))
    assert isinstance(error, Busy)
    assert error.retry_after == 7200
    assert error.trace_id == "spoor-3"
    assert error.message == (
        "Profit (12345-test) is away for a while (503): Onderhoud. It says to come back after 7200 seconds."
    )
    assert not naps


def test_busy_stops_at_the_stated_total(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    for _ in range(5):
        fixed.json(BUSY % 50, "503 Service Unavailable")
    assert isinstance(_error(patient, _rest(fixed)), Busy)
    assert naps == [50.0, 50.0]


def test_a_connection_that_broke_is_asked_again_a_few_times(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(None)
    fixed.raw(_reset)
    fixed.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n", None)
    fixed.json("{}")
    with patient.ask(_rest(fixed)) as answer:
        assert answer.whole(10) == b"{}"
    assert len(naps) == 3
    for _ in range(9):
        fixed.raw(None)
    error = _error(patient, _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert "broke before an answer" in str(error)
    assert len(naps) == 6


def test_what_must_not_happen_twice_is_not_sent_twice(fixed, patient: Transport, naps: list[float]) -> None:  # type: ignore[no-untyped-def]
    """A break may hide a booking, and so may any answer of a server that is away but does not tell for how long."""
    fixed.raw(None)
    fixed.json("{}", "503 Service Unavailable")
    for sent in (1, 2):
        assert isinstance(_error(patient, _rest(fixed, read=False)), Uncertain)
        assert len(fixed.requests) == sent
    assert not naps


def test_every_call_has_a_time_out(link_to: LinkTo, fixed) -> None:  # type: ignore[no-untyped-def]
    """960 seconds without a byte, because AFAS itself stops at 900 and says so (profit-wire 2.6)."""
    seen: list[object] = []

    class Adapter(BaseAdapter):
        def send(self, *_: object, **keywords: object) -> NoReturn:  # type: ignore[override]
            seen.append(keywords["timeout"])
            raise OSError

        def close(self) -> None: ...

    with pytest.raises(TransportError):
        Transport(Link(fixed.soap_url, fixed.rest_url, "x", retry_total=0.0), Adapter()).ask(_rest(fixed))
    assert seen == [(10.0, 960.0)]


def test_silence_before_an_answer(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(1.0, None)
    error = _error(Transport(link_to(fixed, read_timeout=0.1, retry_total=0.0)), _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert "silent for too long" in str(error)


def test_a_header_that_cannot_be_sent_is_a_setting(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingsError, match="Accept-Language"):
        Transport(link_to(fixed, language="nl\r\nX: y"))
    with pytest.raises(SettingsError, match="IntegrationId"):
        Transport(link_to(fixed, integration_id="12345_ë"))
