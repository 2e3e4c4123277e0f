"""Amsterdam time on every machine, and the offsets that stand behind it in a file."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest
import xmlschema

from afas_soap.profit.amsterdam import clock_of, in_amsterdam, iso, offset, zone

UTC = datetime.UTC
LMT = datetime.timezone(datetime.timedelta(minutes=19, seconds=32))
XSD_DATE_TIME = xmlschema.XMLSchema10.builtin_types()["dateTime"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.datetime(2024, 2, 29), "2024-02-29T00:00:00"),
        (datetime.datetime(2024, 2, 28, 23, tzinfo=UTC), "2024-02-29T00:00:00"),
        (datetime.datetime(2024, 7, 1, 22, tzinfo=UTC), "2024-07-02T00:00:00"),
        (datetime.datetime(2024, 2, 29, 12, 0, 0, 5, tzinfo=UTC), "2024-02-29T13:00:00.000005"),
        # Midnight of 1900 as Windows has it, with Amsterdam's own time, and with Brussels': none is a day early.
        (datetime.datetime(1899, 12, 31, 23, tzinfo=UTC), "1900-01-01T01:00:00"),
        (datetime.datetime(1930, 6, 30, 22, 40, 28, tzinfo=UTC), "1930-07-01T00:40:28"),
        (datetime.datetime(1900, 1, 1, tzinfo=LMT), "1900-01-01T01:40:28"),
        (datetime.datetime(1900, 1, 1, tzinfo=UTC), "1900-01-01T02:00:00"),
        (datetime.datetime(1940, 5, 15, 23, 39, 59, tzinfo=UTC), "1940-05-16T01:39:59"),
        (datetime.datetime(1940, 5, 15, 23, 40, tzinfo=UTC), "1940-05-16T01:40:00"),
        (datetime.datetime(1943, 1, 14, 23, tzinfo=UTC), "1943-01-15T00:00:00"),
        (datetime.datetime(1943, 6, 30, 22, tzinfo=UTC), "1943-07-01T00:00:00"),
        (datetime.datetime(1944, 9, 20, 22, tzinfo=UTC), "1944-09-21T00:00:00"),
        (datetime.datetime(1946, 6, 30, 23, tzinfo=UTC), "1946-07-01T00:00:00"),
        (datetime.datetime(1946, 12, 31, 22, 59, 59, tzinfo=UTC), "1946-12-31T23:59:59"),
        (datetime.datetime(1946, 12, 31, 23, tzinfo=UTC), "1947-01-01T00:00:00"),
        (datetime.datetime(1976, 7, 1, tzinfo=UTC), "1976-07-01T01:00:00"),
        (datetime.datetime(1977, 7, 1, tzinfo=UTC), "1977-07-01T02:00:00"),
    ],
)
def test_in_amsterdam(value: datetime.datetime, text: str) -> None:
    assert in_amsterdam(value).isoformat() == text


def test_amsterdam_time_stays_as_it_is() -> None:
    """What was read with its zone can be written back: the clock shows the same, whoever made the zone."""
    for value in (datetime.datetime(1900, 1, 1), datetime.datetime(1943, 7, 1), datetime.datetime(2024, 3, 31, 2, 30)):
        for same in (zone(), zoneinfo.ZoneInfo.no_cache("Europe/Amsterdam")):
            assert in_amsterdam(value.replace(tzinfo=same)) == value


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00+00:00"),
        ("1900-01-01T00:00:00", "1900-01-01T00:00:00+00:00"),
        ("1937-07-01T00:00:00", "1937-07-01T00:00:00+00:00"),
        ("1940-05-16T00:00:00", "1940-05-16T00:00:00+00:00"),
        ("1940-05-16T01:40:00", "1940-05-16T01:40:00+02:00"),
        # The hour that comes twice, and the one that never comes.
        ("1942-11-02T02:30:00", "1942-11-02T02:30:00+02:00"),
        ("1943-03-29T02:30:00", "1943-03-29T02:30:00+01:00"),
        ("1944-09-20T12:00:00", "1944-09-20T12:00:00+02:00"),
        ("1946-07-01T12:00:00", "1946-07-01T12:00:00+01:00"),
        ("1976-07-01T23:59:59.500000", "1976-07-01T23:59:59.500000+01:00"),
        ("1977-07-01T12:00:00", "1977-07-01T12:00:00+02:00"),
        ("2024-02-01T10:00:00", "2024-02-01T10:00:00+01:00"),
    ],
)
@pytest.mark.parametrize("data", ["this machine's", "Brussels'"])
def test_offsets_that_everybody_reads(moment: str, text: str, data: str, request: pytest.FixtureRequest) -> None:
    """The same whatever the time-zone data say: PyPI's tzdata takes Amsterdam for another name of Brussels."""
    if data == "Brussels'":
        request.getfixturevalue("brussels")
    value = datetime.datetime.fromisoformat(moment)
    assert iso(value.replace(tzinfo=zone())) == text
    assert offset(value) == datetime.datetime.fromisoformat(text).utcoffset()
    assert iso(value) == moment
    assert XSD_DATE_TIME.is_valid(text)


@pytest.fixture
def brussels(tmp_path: Path) -> Iterator[None]:
    """Time-zone data in which Amsterdam is Brussels."""
    found = next((Path(folder) / "Europe" / "Brussels" for folder in zoneinfo.TZPATH if Path(folder).is_dir()), None)
    if found is None or not found.is_file():
        pytest.skip("no time-zone data of the system are here")
    (tmp_path / "Europe").mkdir()
    shutil.copy(found, tmp_path / "Europe" / "Amsterdam")
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.mark.no_cover
def test_whole_hours_are_those_of_amsterdam() -> None:
    """Time-zone data that know Amsterdam's own time before 1940 are the judge of all that was since."""
    if datetime.datetime(1900, 1, 1, tzinfo=zone()).utcoffset() != LMT.utcoffset(None):
        pytest.skip("these time-zone data take Amsterdam for Brussels")
    clock, hours = datetime.datetime(1940, 5, 16, 1, 40), 0
    while clock.year < 1950:
        assert offset(clock) == clock.replace(tzinfo=zone()).utcoffset(), clock
        utc = clock.replace(tzinfo=UTC)
        assert in_amsterdam(utc) == utc.astimezone(zone()).replace(tzinfo=None), utc
        clock, hours = clock + datetime.timedelta(hours=1), hours + 1
    assert hours > 80_000


@pytest.mark.parametrize("data", ["Europe/Amsterdam", "Europe/Brussels", "Etc/GMT-1"])
def test_no_midnight_of_old_is_a_day_early(data: str) -> None:
    """Whoever turns what we write into local time, and whoever gives midnight by time-zone data of its own."""
    theirs = zoneinfo.ZoneInfo(data)
    for day in range(0, 90 * 366, 10):
        midnight = datetime.datetime(1850, 1, 1) + datetime.timedelta(days=day)
        written = datetime.datetime.fromisoformat(iso(midnight.replace(tzinfo=zone())))
        assert written.astimezone(theirs).date() == midnight.date()
        given = midnight.replace(tzinfo=theirs).astimezone(UTC)
        assert in_amsterdam(given).date() == midnight.date()


def test_an_offset_of_somebody_else_stays() -> None:
    """Only Amsterdam's is written so."""
    assert iso(datetime.datetime(1900, 1, 1, tzinfo=UTC)) == "1900-01-01T00:00:00+00:00"


def test_javascript_reads_every_offset() -> None:
    """node is the judge: an offset with seconds is no date for it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    texts = [iso(datetime.datetime(year, 7, 1, tzinfo=zone())) for year in (1850, 1900, 1938, 1943, 1976, 2024)]
    program = "console.log(process.argv.slice(1).map(text => isNaN(new Date(text))).join())"
    done = subprocess.run([node, "-e", program, *texts, "1900-01-01T00:00:00+00:19:32"], capture_output=True, text=True)
    assert done.stdout.strip() == ",".join(["false"] * len(texts) + ["true"])


@pytest.mark.parametrize(
    "clock",
    [
        *("0001-01-02T00:00:00", "1900-01-01T00:00:00", "1940-05-15T12:00:00", "1940-05-16T02:00:00"),
        *("1942-11-02T02:30:00", "1944-07-01T00:00:00", "1946-12-31T23:30:00", "1947-01-01T00:00:00"),
        *("2024-02-29T00:00:00", "2024-07-01T10:00:00.000005", "9999-12-30T23:59:59"),
    ],
)
@pytest.mark.parametrize("minutes", [0, 20, 60, 120, -300, 330])
def test_what_was_written_comes_back(clock: str, minutes: int) -> None:
    """Told with any offset."""
    written = datetime.datetime.fromisoformat(iso(datetime.datetime.fromisoformat(clock).replace(tzinfo=zone())))
    told = written.astimezone(datetime.timezone(datetime.timedelta(minutes=minutes)))
    assert clock_of(told).isoformat() == clock
