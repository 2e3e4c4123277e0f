"""Which texts are a date, a date-time or a time."""

from __future__ import annotations

import datetime

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.updates.moment import MOMENTS, form, moment_doubt, moment_fault

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
