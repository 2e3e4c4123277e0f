"""A transport for a service that is not Profit: another judge is all it takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from afas_soap.errors import AfasError, AnswerError, Busy, Fate, ProfitError, Uncertain, UpdateError
from afas_soap.wire.http.judge import Answered, is_success
from afas_soap.wire.http.transport import Accepts, Link, Request, Transport
from afas_soap.wire.profit.judge import PROFIT


class Elsewhere:
    """A service that takes ten bytes, calls 418 busy and 409 a no that passes, and answers in bytes."""

    service = "Elsewhere"
    trace_header = "X-Spoor"

    def check(self, request: Request) -> None:
        if len(request.body or b"") > 10:
            raise UpdateError("too long")

    def error(self, request: Request, answered: Answered, environment: str) -> AfasError:
        kinds = {418: Busy, 409: ProfitError}
        fate = Fate.REFUSED if answered.status in kinds else Fate.UNCERTAIN
        kind = kinds.get(answered.status, AnswerError)
        return kind(f"{environment} {answered.status} {answered.media} {answered.body.decode()}").of_write(fate)

    def wrong_content(self, request: Request, status: int, media: str, beginning: bytes) -> AnswerError | None:
        return AnswerError(f"{media} {beginning.decode()}") if request.accepts.media not in media else None

    def passes(self, error: AfasError) -> bool:
        return "409" in error.message


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture
def transport(fixed, link_to: Callable[..., Link], naps: list[float]) -> Transport:
    return Transport(link_to(fixed, retry_locked=True), Elsewhere(), sleep=naps.append)


def _request(fixed, accepts: Accepts = Accepts.BYTES, **changes: object) -> Request:
    return Request(accepts, "file", "X", fixed.rest_url, **changes)


def test_its_refusals_are_told_in_its_own_terms(fixed, transport: Transport) -> None:
    fixed.reply("nee", "text/plain; charset=utf-8", "400 Bad Request")
    with pytest.raises(AnswerError, match=r"^12345-test 400 text/plain nee"):
        transport.ask(_request(fixed))


def test_what_it_calls_busy_or_passing_is_asked_again(fixed, transport: Transport, naps: list[float]) -> None:
    fixed.reply("", "text/plain", "418 Teapot")
    fixed.reply("", "text/plain", "409 Conflict")
    fixed.reply(b"\x00\xff", "image/png", "200 OK", "X-Spoor: spoor-1")
    with transport.ask(_request(fixed)) as answer:
        assert (answer.whole(10), answer.trace_id) == (b"\x00\xff", "spoor-1")
    assert len(naps) == 2


def test_a_success_of_another_kind_is_judged_before_it_is_read(fixed, transport: Transport) -> None:
    fixed.reply("<a/>", "text/xml")
    with pytest.raises(AnswerError, match=r"^text/xml <a/>"):
        transport.ask(_request(fixed, Accepts.JSON))


def test_a_write_is_checked_by_it_and_uncertain_by_its_name(fixed, transport: Transport) -> None:
    for call in (transport.outgoing, lambda request: transport.write(request, lambda answer: answer.whole(10))):
        with pytest.raises(UpdateError, match="too long"):
            call(_request(fixed, body=b" " * 11, read=False))
    assert not fixed.requests
    fixed.reply("nee", "text/plain", "400 Bad Request")
    with pytest.raises(Uncertain, match="whether Elsewhere booked it is not known"):
        transport.write(_request(fixed, body=b"{}", read=False), lambda answer: answer.whole(10))


def test_an_answer_that_changed_is_told_by_its_name(fixed, transport: Transport) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 70000\r\n\r\n"
    fixed.raw(head + b"a" * 60_000, None)
    fixed.raw(head + b"b" * 70_000)
    with (
        transport.ask(_request(fixed)) as answer,
        pytest.raises(AnswerError, match="asked again Elsewhere gave another answer"),
    ):
        list(answer.chunks())


def test_profit_takes_bytes_of_any_kind_and_no_page(fixed, link_to: Callable[..., Link]) -> None:
    """An HTML page is somebody else's, whatever was asked for."""
    with Transport(link_to(fixed), PROFIT) as transport:
        fixed.reply(b"\x89PNG", "image/png")
        with transport.ask(_request(fixed)) as answer:
            assert answer.whole(10) == b"\x89PNG"
        fixed.html()
        with pytest.raises(AnswerError, match=r"answered with an HTML page: check rest_url\."):
            transport.ask(_request(fixed))


def test_what_a_success_is() -> None:
    assert [status for status in (199, 200, 299, 300) if is_success(status)] == [200, 299]
