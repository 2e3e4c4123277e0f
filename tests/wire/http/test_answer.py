"""Bodies as they arrive. What came before one broke off is handed on. A packed one is unpacked in pieces, and cut off
it is no end, judged by what ``gzip`` packs."""

from __future__ import annotations

import collections
import gzip
import socket
import struct
from collections.abc import Callable, Iterator

import pytest
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import TransportError
from afas_soap.wire.http.answer import unpacked
from afas_soap.wire.http.request import Accepts, Request
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT

PLAIN = bytes(range(256)) * 40
PACKED = gzip.compress(PLAIN)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    yield from (data[start : start + size] for start in range(0, len(data), size))


def all_of(data: bytes, size: int = 100, largest: int = 1000) -> bytes:
    pieces = list(unpacked(chunks(data, size), largest))
    assert all(len(piece) > 0 for piece in pieces)
    return b"".join(pieces)


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("largest", [1, 300, 1_000_000])
def test_unpacked_in_pieces(size: int, largest: int) -> None:
    """Whatever it came in, and however little room there is."""
    assert all_of(PACKED, size, largest) == PLAIN
    assert all(len(piece) <= max(largest, 258) for piece in unpacked(chunks(PACKED, size), largest))


def test_nothing_is_nothing() -> None:
    """A body of no bytes is complete, whatever its header says; one of an empty text as well."""
    assert all_of(b"") == b""
    assert all_of(gzip.compress(b"")) == b""


@pytest.mark.parametrize("size", [1, 50, 100_000])
def test_one_behind_the_other(size: int) -> None:
    """As RFC 1952 has it (2.2)."""
    assert all_of(PACKED + gzip.compress(b"x") + PACKED, size) == PLAIN + b"x" + PLAIN


@pytest.mark.parametrize("size", [1, 100_000])
@pytest.mark.parametrize("behind", [b"\0" * 20, b"\r\n", b"garbage"])
def test_something_else_behind_a_whole_one(behind: bytes, size: int) -> None:
    """Passed over, and read to its end."""
    pieces = chunks(PACKED + behind, size)
    assert b"".join(unpacked(pieces, 1000)) == PLAIN
    assert list(pieces) == []


@pytest.mark.parametrize("data", [b'{"rows":[]}', b"\x1f\x8b\xff" + b"x" * 20, PACKED[:-5] + b"\0" * 5])
def test_what_is_no_gzip(data: bytes) -> None:
    """From the beginning, further on, and by its checksum."""
    with pytest.raises(urllib3.exceptions.DecodeError):
        all_of(data)


@given(st.binary(max_size=2000), st.integers(1, 3000), st.integers(1, 50))
def test_whatever_was_cut_off_is_told(plain: bytes, cut: int, size: int) -> None:
    """At any byte, behind all that could be unpacked."""
    packed = gzip.compress(plain)
    given: list[bytes] = []
    with pytest.raises(urllib3.exceptions.ProtocolError):
        given.extend(unpacked(chunks(packed[: min(cut, len(packed) - 1)], size), 1000))
    assert plain.startswith(b"".join(given))


def test_cut_off_in_the_second() -> None:
    """The first is whole, and is not all."""
    with pytest.raises(urllib3.exceptions.ProtocolError):
        all_of(PACKED + PACKED[:-1])


def reset(connection: socket.socket) -> None:
    """End it by a reset, as a machine does that dies, and not by an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


BODY = b"{" + bytes(range(256)) * 2400
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LENGTH = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY)


def handed_on(fixed, link_to: Callable[..., Link], *steps: object, patience: float = 10.0) -> tuple[bytes, str]:
    """What is handed on of an answer that nobody asks for again, and what is said then."""
    fixed.raw(*steps)
    came = bytearray()
    with Transport(link_to(fixed, retry_total=0.0, read_timeout=patience), PROFIT) as transport:
        request = Request(Accepts.JSON, "rows", "X", f"{fixed.rest_url}/connectors/X")
        with transport.ask(request) as answer, pytest.raises(TransportError) as caught:
            collections.deque(map(came.extend, answer.chunks()), maxlen=0)
    return bytes(came), str(caught.value)


@pytest.mark.parametrize("came", [1, 500, 16_384, 16_385, 60_000, 300_000, len(BODY) - 1])
@pytest.mark.parametrize("end", ["end", "reset", "silence"])
def test_what_came_before_a_break_is_handed_on(fixed, link_to: Callable[..., Link], came: int, end: str) -> None:
    """All of it, and then the break, however little it was and whatever broke it."""
    steps = {"end": (None,), "reset": (0.2, reset), "silence": (1.0, None)}[end]
    patience = 0.3 if end == "silence" else 10.0
    found, said = handed_on(fixed, link_to, LENGTH + BODY[:came], *steps, patience=patience)
    assert found == BODY[:came]
    assert ("silent for too long" if end == "silence" else "broke off half-way") in said


@pytest.mark.parametrize("came", [1, 500, 60_000, 300_000])
def test_what_came_of_a_chunk_is_handed_on(fixed, link_to: Callable[..., Link], came: int) -> None:
    """As of a body with a length."""
    framed = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%X\r\n" % len(BODY)
    assert handed_on(fixed, link_to, framed + BODY[:came], None)[0] == BODY[:came]


@pytest.mark.parametrize("behind", [b"", b"\r", b"\r\n", b"\r\n5"])
def test_the_ends_of_lines_are_none_of_the_body(fixed, link_to: Callable[..., Link], behind: bytes) -> None:
    """Of a chunk whose own end did not come, all or nothing is handed on."""
    framed = HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n5\r\nefghi"
    assert handed_on(fixed, link_to, framed + behind, None)[0] in (b"abcd", b"abcdefghi")


def test_what_came_of_a_packed_one_is_handed_on(fixed, link_to: Callable[..., Link]) -> None:
    """As far as it could be unpacked."""
    packed = gzip.compress(BODY)
    framed = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    found, _ = handed_on(fixed, link_to, framed + packed[:1000], None)
    assert found
    assert BODY.startswith(found)
