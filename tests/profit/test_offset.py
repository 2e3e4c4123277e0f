"""Offsets behind date-times: Amsterdam's own, another's, and what time-zone data do not agree about."""

from __future__ import annotations

import pytest

from afas_soap.profit.offset import ForeignOffset, clock, has_offset, moment_clock


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-01-01T00:00:00+01:00", "2019-01-01T00:00:00"),
        ("2024-07-01T10:00:00+02:00", "2024-07-01T10:00:00"),
        ("2024-07-01T10:00:00.1234567+02:00", "2024-07-01T10:00:00.123456"),
        ("2024-07-01+02:00", "2024-07-01T00:00:00"),
        # The hour that comes twice, and the one that never comes: .NET and Python write another offset each.
        ("2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00"),
        ("2024-10-27T02:30:00+01:00", "2024-10-27T02:30:00"),
        ("2024-03-31T02:30:00+01:00", "2024-03-31T02:30:00"),
        ("2024-03-31T02:30:00+02:00", "2024-03-31T02:30:00"),
        ("1995-10-15T10:00:00+01:00", "1995-10-15T10:00:00"),
        ("1944-07-01T10:00:00+02:00", "1944-07-01T10:00:00"),
        ("1935-05-05T10:00:00+00:00", "1935-05-05T10:00:00"),
        # Before 1996 .NET on Windows has today's summer time, and before 1941 everybody an offset of his own: behind a
        # midnight it was added, and a midnight it may have moved.
        ("1995-10-15T00:00:00+02:00", "1995-10-15T00:00:00"),
        ("1995-10-15T01:00:00+02:00", "1995-10-15T00:00:00"),
        ("1950-07-01T00:00:00+02:00", "1950-07-01T00:00:00"),
        ("1935-05-05T00:20:00+00:20", "1935-05-05T00:00:00"),
        ("1935-05-05T01:00:00+01:00", "1935-05-05T00:00:00"),
        ("1900-01-01T00:00:00+00:20", "1900-01-01T00:00:00"),
        ("1900-01-01T00:00:00+00:19:32", "1900-01-01T00:00:00"),
        ("1900-01-01T00:00:00+00:00", "1900-01-01T00:00:00"),
        ("1900-01-01T00:00:00+01:00", "1900-01-01T00:00:00"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59+01:00", "9999-12-31T23:59:59"),
    ],
)
def test_amsterdams_own(text: str, expected: str) -> None:
    """It says nothing new: the clock counts."""
    assert has_offset(text)
    assert clock(text).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "2019-01-01T00:00:00+00:00",
        "2019-01-01T00:00:00+02:00",
        "2024-07-01T10:00:00+01:00",
        "2024-07-01T10:00:00-05:00",
        "1950-07-01T00:00:00+00:00",
        "1995-10-15T10:00:00+02:00",
        "1935-05-05T10:00:00+00:20",
        "1900-01-01T00:00:00+03:00",
        "1900-01-01T00:00:00-01:00",
    ],
)
def test_any_other(text: str) -> None:
    """Nobody knows what it says, and the message says so without the value."""
    with pytest.raises(ForeignOffset, match="not Amsterdam's then") as caught:
        clock(text)
    assert text not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-01T08:00:00+00:00", "2024-07-01T10:00:00"),
        ("2024-02-01T04:00:00-05:00", "2024-02-01T10:00:00"),
        ("2024-02-01T10:00:00+01:00", "2024-02-01T10:00:00"),
        ("2024-03-31T02:30:00+01:00", "2024-03-31T02:30:00"),
        ("1950-06-30T23:00:00+00:00", "1950-07-01T00:00:00"),
        ("1950-07-01T01:00:00+02:00", "1950-07-01T00:00:00"),
        ("2024-07-01T00:00:00.25+02:00", "2024-07-01T00:00:00.250000"),
        # As --aware writes it, and as a DataSet in Amsterdam makes local time of that.
        ("1900-01-01T00:00:00+00:00", "1900-01-01T00:00:00"),
        ("1900-01-01T00:20:00+00:20", "1900-01-01T00:00:00"),
        ("1899-12-31T19:04:00-04:56", "1900-01-01T00:00:00"),
        ("1944-07-01T00:00:00+02:00", "1944-07-01T00:00:00"),
        ("1944-06-30T22:00:00+00:00", "1944-07-01T00:00:00"),
    ],
)
def test_the_moment(text: str, expected: str) -> None:
    """Whichever offset it is told with."""
    assert moment_clock(text).isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "2024-07-01T10:00:00", "2024-07-01T10:00:00Z", "2024-02-30T10:00:00+01:00", "2024-07-01T10:00+02:00"]
)
def test_none_at_all(text: str) -> None:
    """What has none, and what is no date."""
    for read in (clock, moment_clock):
        with pytest.raises(ValueError) as caught:
            read(text)
        assert not isinstance(caught.value, ForeignOffset)


def test_outside_the_years_there_are() -> None:
    """A moment that no clock of ours can show."""
    with pytest.raises(OverflowError):
        moment_clock("0001-01-01T00:00:00+05:00")
