"""A read that breaks off goes on behind what was given, or says that the data changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AccessDenied, AnswerError, TransportError
from afas_soap.wire.http.network_errors import Silence
from afas_soap.wire.http.request import Request, Speaks
from afas_soap.wire.http.resume import ATTEMPTS, resumed
from afas_soap.wire.http.transport import Link, Transport

LinkTo = Callable[..., Link]
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
    assert b"".join(resumed(next(tries), lambda: next(tries))) == BODY


def test_it_is_asked_again_three_times_and_no_more() -> None:
    asked: list[int] = []

    def again() -> Iterator[bytes]:
        asked.append(1)
        return pieces(BODY, 100, 1000)

    with pytest.raises(TransportError, match="broke"):
        list(resumed(again(), again))
    assert len(asked) == 1 + ATTEMPTS


@pytest.mark.parametrize("other", [b"", BODY[:999], b"x" + BODY[1:], BODY[:999] + b"x" + BODY[1000:]])
def test_another_beginning_is_an_error_and_no_row_of_it_is_given(other: bytes) -> None:
    got: list[bytes] = []
    with pytest.raises(AnswerError, match="the data changed meanwhile"):
        got.extend(resumed(pieces(BODY, 1000, 1000), lambda: iter([other])))
    assert b"".join(got) in (b"", BODY[:1000])


def test_what_comes_behind_the_given_part_may_be_new() -> None:
    assert b"".join(resumed(pieces(BODY, 100, 1000), lambda: iter([BODY[:1000], b"new"]))) == BODY[:1000] + b"new"


def test_a_refusal_while_asking_again_is_raised() -> None:
    def again() -> Iterator[bytes]:
        raise AccessDenied("no")

    with pytest.raises(AccessDenied):
        list(resumed(pieces(BODY, 100, 1000), again))


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
        list(resumed(silent(), again))


def test_over_the_wire_a_cut_answer_is_asked_again_with_the_same_request(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    body = b"[" + b"1," * 100_000 + b"1]"
    fixed.raw(_head(len(body)) + body[:150_000], None)
    fixed.raw(_head(len(body)) + body[:180_000], None)
    fixed.raw(_head(len(body)) + body)
    link = link_to(fixed)
    with Transport(link) as transport, transport.ask(Request(Speaks.REST, "rows", None, link.rest_url)) as answer:
        assert b"".join(answer.chunks()) == body
    assert len(fixed.requests) == 3
    assert fixed.requests[0] == fixed.requests[2]


def test_without_time_for_repeats_it_is_not_asked_again(fixed, link_to: LinkTo) -> None:  # type: ignore[no-untyped-def]
    fixed.raw(_head(99_999) + b"[" * 70_000, None)
    link = link_to(fixed, retry_total=0.0)
    with (
        Transport(link) as transport,
        transport.ask(Request(Speaks.REST, "rows", None, link.rest_url)) as answer,
        pytest.raises(TransportError),
    ):
        list(answer.chunks())
    assert len(fixed.requests) == 1
