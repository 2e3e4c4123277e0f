"""A clock that is off is noticed by the ``Date`` of an answer, named, and made up for."""

from __future__ import annotations

import logging
from email.utils import formatdate

import pytest

from afas_soap.wire.oauth.clock import Clock

NOW = 1_800_000_000.0


@pytest.mark.parametrize("off", [0, 59, -59])
def test_a_difference_that_does_no_harm_is_left_alone(off: int) -> None:
    clock = Clock(lambda: NOW)
    assert clock.hear(formatdate(NOW + off, usegmt=True)) is False
    assert clock.theirs() == NOW
    assert clock.complaint() == ""


@pytest.mark.parametrize(("off", "way"), [(600, "600 seconds slow"), (-600, "600 seconds fast")])
def test_ten_minutes_are_named_and_made_up_for(off: int, way: str, caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(lambda: NOW)
    assert clock.hear(formatdate(NOW + off, usegmt=True)) is True
    assert clock.hear(formatdate(NOW + off + 1, usegmt=True)) is False, "known by now"
    assert clock.theirs() == NOW + off
    assert way in clock.complaint()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_clock_that_was_set_right() -> None:
    clock = Clock(lambda: NOW)
    clock.hear(formatdate(NOW + 600, usegmt=True))
    assert clock.hear(formatdate(NOW, usegmt=True)) is True
    assert (clock.theirs(), clock.complaint()) == (NOW, "")


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Jan 2026 00:00:00 GMT"])
def test_no_date_tells_nothing(date: str | None) -> None:
    clock = Clock(lambda: NOW)
    assert clock.hear(date) is False
    assert clock.theirs() == NOW
