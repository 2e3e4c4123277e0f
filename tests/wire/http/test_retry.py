"""Asking again: when, how long, and when not; a read that breaks off goes on behind what was given."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import BaseAdapter

from afas_soap.errors import (
    AccessDenied,
    AnswerError,
    Busy,
    SettingsError,
    TransportError,
    Uncertain,
)
from afas_soap.wire.http.network_errors import Silence
from afas_soap.wire.http.retry import ATTEMPTS, resumed
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


def _error(transport: Transport, request: Request) -> Exception:
    with pytest.raises(Exception) as caught, transport.ask(request) as answer:
        answer.whole(10_000)
    return caught.value


@pytest.fixture
def naps() -> list[float]:
    """How long each pause was."""
    return []


@pytest.fixture
def patient(fixed, link_to: LinkTo, naps: list[float]) -> Transport:
    """Two minutes of patience, and pauses that take no time."""
    return Transport(link_to(fixed), PROFIT, sleep=naps.append)


BUSY = '{"error":{"code":"503","message":"Onderhoud."},"retry_after":%d}'


def test_busy_is_repeated_as_the_body_says(fixed, patient: Transport, naps: list[float]) -> None:
    fixed.json(BUSY % 7, "503 Service Unavailable", "Retry-After: 50")
    fixed.json("{}")
    with patient.ask(_rest(fixed)) as answer:
        assert answer.whole(10) == b"{}"
    assert naps == [7.0]


def test_busy_is_repeated_as_the_header_says(fixed, patient: Transport, naps: list[float]) -> None:
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


def test_busy_for_longer_than_our_patience_is_an_error_at_once(fixed, patient: Transport, naps: list[float]) -> None:
    fixed.json(BUSY % 7200, "503 Service Unavailable", "X-Trace-Identifier: spoor-3")
    error = _error(patient, _rest(fixed))
    assert isinstance(error, Busy)
    assert error.retry_after == 7200
    assert error.trace_id == "spoor-3"
    assert error.message == (
        "Profit (12345-test) is away for a while (503): Onderhoud. It says to come back after 7200 seconds."
    )
    assert not naps


def test_busy_stops_at_the_stated_total(fixed, patient: Transport, naps: list[float]) -> None:
    for _ in range(5):
        fixed.json(BUSY % 50, "503 Service Unavailable")
    assert isinstance(_error(patient, _rest(fixed)), Busy)
    assert naps == [50.0, 50.0]


def test_a_connection_that_broke_is_asked_again_a_few_times(fixed, patient: Transport, naps: list[float]) -> None:
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


def test_what_must_not_happen_twice_is_not_sent_twice(fixed, patient: Transport, naps: list[float]) -> None:
    """A break may hide a booking, and so may any answer of a server that is away but does not tell for how long."""
    fixed.raw(None)
    fixed.json("{}", "503 Service Unavailable")
    for sent in (1, 2):
        assert isinstance(_error(patient, _rest(fixed, read=False)), Uncertain)
        assert len(fixed.requests) == sent
    assert not naps


def test_every_call_has_a_time_out(link_to: LinkTo, fixed) -> None:
    """960 seconds without a byte, because AFAS itself stops at 900 and says so (profit-wire 2.6)."""
    seen: list[object] = []

    class Adapter(BaseAdapter):
        def send(self, *_: object, **keywords: object) -> NoReturn:
            seen.append(keywords["timeout"])
            raise OSError

        def close(self) -> None: ...

    with pytest.raises(TransportError):
        Transport(Link(fixed.soap_url, fixed.rest_url, "x", retry_total=0.0), PROFIT, Adapter()).ask(_rest(fixed))
    assert seen == [(10.0, 960.0)]


def test_silence_before_an_answer(fixed, link_to: LinkTo) -> None:
    fixed.raw(1.0, None)
    error = _error(Transport(link_to(fixed, read_timeout=0.1, retry_total=0.0), PROFIT), _rest(fixed))
    assert isinstance(error, TransportError)
    assert error.sent
    assert "silent for too long" in str(error)


def test_a_header_that_cannot_be_sent_is_a_setting(fixed, link_to: LinkTo) -> None:
    with pytest.raises(SettingsError, match="Accept-Language"):
        Transport(link_to(fixed, language="nl\r\nX: y"), PROFIT)
    with pytest.raises(SettingsError, match="IntegrationId"):
        Transport(link_to(fixed, integration_id="12345_ë"), PROFIT)


# --- an answer that breaks off -------------------------------------------------------------------------------

BODY = bytes(range(256)) * 300


def pieces(data: bytes, size: int, until: int | None = None) -> Iterator[bytes]:
    """The data in pieces, breaking behind ``until`` bytes."""
    data, broken = (data, False) if until is None else (data[:until], True)
    for start in range(0, len(data), size):
        yield data[start : start + size]
    if broken:
        raise TransportError("broke", sent=True)


@given(
    st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, len(BODY))), max_size=ATTEMPTS), st.integers(1, 90_000)
)
def test_every_byte_is_given_once_wherever_it_breaks(breaks: list[tuple[int, int]], size: int) -> None:
    """Each try is cut into other pieces, and breaks earlier or later than the one before."""
    tries = iter([*(pieces(BODY, piece, until) for piece, until in breaks), pieces(BODY, size)])
    assert b"".join(resumed(next(tries), lambda: next(tries), service="Profit")) == BODY


def test_it_is_asked_again_three_times_and_no_more() -> None:
    asked: list[int] = []

    def again() -> Iterator[bytes]:
        asked.append(1)
        return pieces(BODY, 100, 1000)

    with pytest.raises(TransportError, match="broke"):
        list(resumed(again(), again, service="Profit"))
    assert len(asked) == 1 + ATTEMPTS


@pytest.mark.parametrize("other", [b"", BODY[:999], b"x" + BODY[1:], BODY[:999] + b"x" + BODY[1000:]])
def test_another_beginning_is_an_error_and_no_row_of_it_is_given(other: bytes) -> None:
    got: list[bytes] = []
    with pytest.raises(AnswerError, match="the data changed meanwhile"):
        got.extend(resumed(pieces(BODY, 1000, 1000), lambda: iter([other]), service="Profit"))
    assert b"".join(got) in (b"", BODY[:1000])


def test_what_comes_behind_the_given_part_may_be_new() -> None:
    told = resumed(pieces(BODY, 100, 1000), lambda: iter([BODY[:1000], b"new"]), service="Profit")
    assert b"".join(told) == BODY[:1000] + b"new"


def test_a_refusal_while_asking_again_is_raised() -> None:
    def again() -> Iterator[bytes]:
        raise AccessDenied("no")

    with pytest.raises(AccessDenied):
        list(resumed(pieces(BODY, 100, 1000), again, service="Profit"))


def _head(length: int) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % length


def test_silence_is_not_asked_again() -> None:
    """Profit may still be working on it, and every wait is a long one."""

    def silent() -> Iterator[bytes]:
        yield b"x"
        raise Silence("silent", sent=True)

    def again() -> Iterator[bytes]:
        raise AssertionError("asked again")

    with pytest.raises(TransportError, match="silent"):
        list(resumed(silent(), again, service="Profit"))


def test_over_the_wire_a_cut_answer_is_asked_again_with_the_same_request(fixed, link_to: LinkTo) -> None:
    body = b"[" + b"1," * 100_000 + b"1]"
    fixed.raw(_head(len(body)) + body[:150_000], None)
    fixed.raw(_head(len(body)) + body[:180_000], None)
    fixed.raw(_head(len(body)) + body)
    link = link_to(fixed)
    with (
        Transport(link, PROFIT) as transport,
        transport.ask(Request(Accepts.JSON, "rows", None, link.rest_url)) as answer,
    ):
        assert b"".join(answer.chunks()) == body
    assert len(fixed.requests) == 3
    assert fixed.requests[0] == fixed.requests[2]


def test_without_time_for_repeats_it_is_not_asked_again(fixed, link_to: LinkTo) -> None:
    fixed.raw(_head(99_999) + b"[" * 70_000, None)
    link = link_to(fixed, retry_total=0.0)
    with (
        Transport(link, PROFIT) as transport,
        transport.ask(Request(Accepts.JSON, "rows", None, link.rest_url)) as answer,
        pytest.raises(TransportError),
    ):
        list(answer.chunks())
    assert len(fixed.requests) == 1
