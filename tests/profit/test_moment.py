"""Amsterdam time on every machine, and which texts are a date, a date-time or a time."""

from __future__ import annotations

import datetime
import shutil
import subprocess
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.moment import MOMENTS, amsterdam, form, in_amsterdam, iso, moment_doubt, moment_fault

UTC = datetime.UTC
LMT = datetime.timezone(datetime.timedelta(minutes=19, seconds=32))

FORMS = [
    ("2024-02-29", "date"), (" 2024-02-29\r\n", "date"), ("0001-01-01", "date"), ("9999-12-31", "date"),
    ("2024-02-29T00:00:00", "dateTime"), ("2024-02-29T23:59:59.9999999", "dateTime"),
    ("1900-01-01T10:00:00.5", "dateTime"), ("10:00:00", "time"), ("23:59:59.1234567", "time"), ("00:00:00", "time"),
]  # fmt: skip
NO_FORMS = [
    "", "x", "2023-02-29", "2023-02-29T10:00:00", "2024-13-01", "2024-2-29", "24-02-29", "12024-02-29", "-2024-02-29",
    "0000-01-01", "20240229", "29-02-2024", "2024-02-29 10:00:00", "2024-02-29t10:00:00", "2024-02-29T10:00",
    "2024-02-29T10:00:00.", "2024-02-29T10:00:00,5", "2024-02-29T10:00:00.12345678", "2024-02-29T23:60:00",
    "2024-02-29T23:59:60", "2024-02-29T25:00:00", "10:00", "1:00:00", "24:00:00", "٢024-02-29", "\u00a02024-02-29",
    "2024-02-29\v", "2024-W09-4", "1709164800000", "/Date(1709161200000+0100)/", "0000-00-00 00:00:00",
]  # fmt: skip
ZONED = [
    "2024-02-28T23:00:00.000Z", "2024-02-28T23:00:00Z", "2024-02-29T00:00:00+01:00", "2024-02-28T18:00:00-05:00",
    "2024-02-29T00:00:00+0100", "2024-02-29T00:00:00+01", "2024-02-29T00:00:00.1234567+01:00", "2024-02-29Z",
    "2024-02-29+01:00", "2024-02-29-05:00", "2024-02-29T00:00Z", "2024-02-29 00:00:00 +01:00", "2024-02-29z",
    "2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00+01:00[Europe/Amsterdam]", "10:00:00Z", "10:00:00+01:00",
    "10:00+01:00", "10:00:00.5Z", " 10:00:00Z ", "0001-01-01T00:00:00Z", "2024-02-29T24:00:00Z", "2024-02-30T00:00:00Z",
    "Wed, 28 Feb 2024 23:00:00 GMT", "Thu Feb 29 2024 00:00:00 GMT+0100 (Central European Standard Time)",
    "2024-02-29 00:00:00 CET", "2024-02-29T00:00:00 UTC",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_forms(text: str, expected: str) -> None:
    """Those of profit-wire 3.5, with fractions, and blanks round them, which XML lets stand."""
    assert form(text) == expected
    assert moment_fault(text, "") is None


@pytest.mark.parametrize("text", NO_FORMS)
@pytest.mark.parametrize("declared", ["", *MOMENTS])
def test_no_forms(text: str, declared: str) -> None:
    """XSD would take year 12024 and eight decimals, which .NET does not, and other programs much more."""
    assert form(text) == ""
    assert moment_fault(text, declared) == ("wrong-type", "")


@pytest.mark.parametrize("text", ZONED)
@pytest.mark.parametrize("declared", ["", *MOMENTS])
def test_a_zone_is_told_as_one(text: str, declared: str) -> None:
    """In whichever spelling: what is wrong is the zone, and the remedy is another time."""
    assert form(text) == ""
    fault = moment_fault(text, declared)
    assert fault is not None
    assert fault[0] == "zone"
    assert "no UTC" in fault[1]
    assert "Give Amsterdam time without a zone" in fault[1]


def test_a_long_text_is_no_date_with_a_zone() -> None:
    """And is not searched for one."""
    assert moment_fault("x" * 100 + "2024-02-29Z", "date") == ("wrong-type", "")


@pytest.mark.parametrize("text", ["2024-02-28T24:00:00", "2024-02-28T24:00:00.000"])
def test_hour_24_has_its_remedy(text: str) -> None:
    """XSD takes it for midnight of the next day, and not every reader does."""
    fault = moment_fault(text, "dateTime")
    assert fault is not None
    assert fault[0] == "wrong-type"
    assert "midnight is T00:00:00 of the next day" in fault[1]


@pytest.mark.parametrize(
    ("declared", "texts"),
    [
        ("", {"2024-02-29", "2024-02-29T10:00:00", "10:00:00"}),
        ("date", {"2024-02-29", "2024-02-29T10:00:00"}),
        ("dateTime", {"2024-02-29", "2024-02-29T10:00:00", "10:00:00"}),
        ("time", {"10:00:00"}),
    ],
)
def test_what_stands_where(declared: str, texts: set[str]) -> None:
    """Metainfo has one word for all three, so that SOAP takes what REST cannot refuse and AFAS' examples have."""
    every = {"2024-02-29", "2024-02-29T10:00:00", "10:00:00"}
    assert {text for text in every if moment_fault(text, declared) is None} == texts
    assert all(moment_fault(text, declared) == ("wrong-type", "") for text in every - texts)


@pytest.mark.parametrize(
    ("text", "declared", "rule"),
    [
        ("0001-01-01T00:00:00", "dateTime", "no-date"),
        ("0001-01-01T00:00:00.0000000", "", "no-date"),
        (" 0001-01-01", "date", "no-date"),
        ("10:00:00", "dateTime", "time-alone"),
    ],
)
def test_doubts(text: str, declared: str, rule: str) -> None:
    """What .NET writes for a date that nobody set, and a time whose day nobody tells."""
    doubt = moment_doubt(text, declared)
    assert doubt is not None
    assert doubt[0] == rule


@pytest.mark.parametrize(
    ("text", "declared"),
    [("0001-01-02", "date"), ("1900-01-01T00:00:00", "dateTime"), ("10:00:00", ""), ("10:00:00", "time")],
)
def test_no_doubt(text: str, declared: str) -> None:
    """The first days of others are dates, and over REST a time may be one."""
    assert moment_doubt(text, declared) is None


XSD = xmlschema.XMLSchema10(
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    + "".join(f'<xs:element name="{kind}" type="xs:{kind}"/>' for kind in MOMENTS)
    + "</xs:schema>"
)


@given(
    st.datetimes().map(datetime.datetime.isoformat)
    | st.dates().map(str)
    | st.times().map(str)
    | st.text(alphabet="0129-:T.Z+ ", max_size=25)
)
def test_what_is_taken_is_one_for_xml_schema(text: str) -> None:
    """xmlschema is the judge; it takes more."""
    kind = form(text)
    if kind:
        assert XSD.elements[kind].type.is_valid(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.datetime(2024, 2, 29), "2024-02-29T00:00:00"),
        (datetime.datetime(2024, 2, 28, 23, tzinfo=UTC), "2024-02-29T00:00:00"),
        (datetime.datetime(2024, 7, 1, 22, tzinfo=UTC), "2024-07-02T00:00:00"),
        (datetime.datetime(2024, 2, 29, 12, 0, 0, 5, tzinfo=UTC), "2024-02-29T13:00:00.000005"),
        # Before 1977 an hour before UTC: midnight as Windows has it, and as others do, is on its day.
        (datetime.datetime(1899, 12, 31, 23, tzinfo=UTC), "1900-01-01T00:00:00"),
        (datetime.datetime(1900, 1, 1, tzinfo=LMT), "1900-01-01T00:40:28"),
        (datetime.datetime(1943, 7, 1, tzinfo=UTC), "1943-07-01T01:00:00"),
        (datetime.datetime(1976, 12, 31, 22, 59, 59, tzinfo=UTC), "1976-12-31T23:59:59"),
        (datetime.datetime(1976, 12, 31, 23, tzinfo=UTC), "1977-01-01T00:00:00"),
        (datetime.datetime(1977, 7, 1, tzinfo=UTC), "1977-07-01T02:00:00"),
    ],
)
def test_in_amsterdam(value: datetime.datetime, text: str) -> None:
    assert in_amsterdam(value).isoformat() == text


def test_amsterdam_time_stays_as_it_is() -> None:
    """What was read with its zone can be written back: the clock shows the same, whoever made the zone."""
    for value in (datetime.datetime(1900, 1, 1), datetime.datetime(1943, 7, 1), datetime.datetime(2024, 3, 31, 2, 30)):
        for zone in (amsterdam(), zoneinfo.ZoneInfo.no_cache("Europe/Amsterdam")):
            assert in_amsterdam(value.replace(tzinfo=zone)) == value


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00+01:00"),
        ("1900-01-01T00:00:00", "1900-01-01T00:00:00+01:00"),
        ("1937-07-01T00:00:00", "1937-07-01T00:00:00+01:00"),
        ("1944-07-01T12:00:00", "1944-07-01T12:00:00+01:00"),
        ("1946-07-01T12:00:00", "1946-07-01T12:00:00+01:00"),
        ("1976-12-31T23:59:59.500000", "1976-12-31T23:59:59.500000+01:00"),
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
    assert iso(value.replace(tzinfo=amsterdam())) == text
    assert iso(value) == moment
    assert XSD.elements["dateTime"].type.is_valid(text)


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


def test_an_offset_of_somebody_else_stays() -> None:
    """Only Amsterdam's is written so."""
    assert iso(datetime.datetime(1900, 1, 1, tzinfo=UTC)) == "1900-01-01T00:00:00+00:00"


def test_javascript_reads_every_offset() -> None:
    """node is the judge: an offset with seconds is no date for it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not here")
    texts = [iso(datetime.datetime(year, 7, 1, tzinfo=amsterdam())) for year in (1850, 1900, 1938, 1943, 1976, 2024)]
    program = "console.log(process.argv.slice(1).map(text => isNaN(new Date(text))).join())"
    done = subprocess.run([node, "-e", program, *texts, "1900-01-01T00:00:00+00:19:32"], capture_output=True, text=True)
    assert done.stdout.strip() == ",".join(["false"] * len(texts) + ["true"])
