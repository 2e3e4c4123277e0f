"""One value: what Profit writes becomes the Python value, what it cannot have written is refused, and one spelling."""

import base64
import datetime
import zoneinfo
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.fields import Field, Kind
from afas_soap.profit.offset import ForeignOffset
from afas_soap.profit.rows import TYPED, Reading, Value
from afas_soap.profit.values import json_reader, spell, text_reader

UNTYPED = Reading(typed=False)
AWARE = Reading(aware=True)
AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")
NOON = datetime.datetime(2009, 6, 15, 13, 45, 30)


def read(kind: Kind, text: str, reading: Reading = TYPED) -> Value:
    reader = text_reader(Field("C", kind), reading)
    assert reader is not None
    return reader(text)


def from_json(kind: Kind, value: object, reading: Reading = TYPED) -> Value:
    return json_reader(Field("C", kind), reading)(value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.INT, "0", 0),
        (Kind.INT, "-12", -12),
        (Kind.INT, "+12", 12),
        (Kind.INT, "007", 7),
        (Kind.INT, " \r\n12\t", 12),
        (Kind.INT, "9" * 100, int("9" * 100)),
        # Profit 6 leaves out the zero before the point, Profit 7 does not (profit-wire 2.5).
        (Kind.DECIMAL, "-.5", Decimal("-0.5")),
        (Kind.DECIMAL, "-0.5", Decimal("-0.5")),
        (Kind.DECIMAL, ".5", Decimal("0.5")),
        (Kind.DECIMAL, "5.", Decimal(5)),
        (Kind.DECIMAL, "+5", Decimal(5)),
        (Kind.DECIMAL, "21.0000000000", Decimal(21)),
        (Kind.DECIMAL, "0.1234567890123456789012345678", Decimal("0.1234567890123456789012345678")),
        (Kind.DECIMAL, "1.5E+003", Decimal(1500)),
        (Kind.DECIMAL, "1e-7", Decimal("0.0000001")),
        (Kind.DECIMAL, "\n1.5 ", Decimal("1.5")),
        (Kind.BOOL, "true", True),
        (Kind.BOOL, "false", False),
        (Kind.BOOL, "1", True),
        (Kind.BOOL, "0", False),
        (Kind.BOOL, " true\n", True),
        (Kind.DATETIME, "2009-06-15T13:45:30", NOON),
        # The Z is there on REST only and means nothing (profit-wire 3.3).
        (Kind.DATETIME, "2009-06-15T13:45:30Z", NOON),
        (Kind.DATETIME, " 2009-06-15T13:45:30Z\n", NOON),
        (Kind.DATETIME, "2009-06-15T13:45:30.5", NOON.replace(microsecond=500000)),
        (Kind.DATETIME, "2009-06-15T13:45:30.123456Z", NOON.replace(microsecond=123456)),
        (Kind.DATETIME, "2009-06-15T13:45:30.123456999", NOON.replace(microsecond=123456)),
        (Kind.DATETIME, "2009-06-15", datetime.datetime(2009, 6, 15)),
        (Kind.DATETIME, "0001-01-01T00:00:00", datetime.datetime(1, 1, 1)),
        (Kind.DATETIME, "9999-12-31T23:59:59", datetime.datetime(9999, 12, 31, 23, 59, 59)),
        (Kind.DATE, "2009-06-15T00:00:00", datetime.date(2009, 6, 15)),
        (Kind.DATE, "2009-06-15T00:00:00Z", datetime.date(2009, 6, 15)),
        (Kind.DATE, "2009-06-15", datetime.date(2009, 6, 15)),
        (Kind.BYTES, "QUZBUw==", b"AFAS"),
        (Kind.BYTES, "QUZB\r\nUw ==\n", b"AFAS"),
        (Kind.BYTES, " \n", None),
    ],
)
def test_text_becomes_a_value(kind: Kind, text: str, value: Value) -> None:
    """The value and its exact type; all digits of a decimal are kept."""
    result = read(kind, text)
    assert result == value
    assert type(result) is type(value)


def test_a_decimal_keeps_its_digits() -> None:
    """21.00 is not 21 on the wire, and equal all the same."""
    assert str(read(Kind.DECIMAL, "21.00")) == "21.00"


NO_INTS = ["", " ", "1.0", "1e3", "1_000", "1 000", "- 1", "--1", "٣", "\u00a01", "0x1F", "NaN", "9" * 5000]
NO_DECIMALS = ["", ".", "-", "1,5", "1_0.5", "1.5.5", "1 5", "NaN", "sNaN", "Infinity", "INF", "٣.٥", "1e", "1e9999"]
NO_DATETIMES = [
    "2009-06-15T13:45",
    "2009-06-15T13:45:3",
    "20090615T134530",
    "2009-W25-1T13:45:30",
    "15-06-2009",
    "2009-06-15_13:45:30",
    "2009-06-15T13:45:30.",
    "2009-06-15T13:45:30.1234567890",
    "2009-06-15Z",
    "2009-06-15T13:45:30,5",
    "2009-06-15T24:00:00",
    "2009-06-15T23:60:00",
    "2009-02-30T00:00:00",
    "2009-02-30",
    "٢٠٠٩-06-15T13:45:30",
    "0000-01-01T00:00:00",
    "2009-06-15T13:45:30ZZ",
    "2009-06-15T13:45:30z",
    "2009-02-30T00:00:00.5",
]


FOREIGN = str(ForeignOffset())


@pytest.mark.parametrize(
    ("kind", "phrase", "texts"),
    [
        (Kind.INT, "is no whole number", NO_INTS),
        (Kind.DECIMAL, "is no decimal", [*NO_DECIMALS, "1" * 5000, "1." + "0" * 5000]),
        (Kind.BOOL, "is no boolean", ["", "True", "TRUE", "2", "yes", "waar", "-1"]),
        (Kind.DATETIME, "is no date-time", ["", "2009-06-15 13:45:30", *NO_DATETIMES]),
        (Kind.DATETIME, FOREIGN, ["2009-06-15T13:45:30+01:00", "2009-06-15T13:45:30-05:00", "2009-06-15+00:00"]),
        (Kind.DATE, FOREIGN, ["2009-06-15T00:00:00+00:00"]),
        (Kind.DATE, "is no date-time", ["", "2009-02-30", "2009-6-15"]),
        (
            Kind.DATE,
            "is a date-time that is not midnight, so it is no date",
            ["2009-06-15T13:45:30", "2009-06-15T00:00:00.000001"],
        ),
        (Kind.BYTES, "is no base64", ["QUZBUw", "QUZBUw=", "QUZBUw===", "Q!ZB", "QUZBé", "=QUZ", "QU==ZB", "QUZ\vB"]),
    ],
)
def test_what_does_not_fit_is_refused(kind: Kind, phrase: str, texts: list[str]) -> None:
    """A ValueError of a phrase; the value, which may be personal, is neither in it nor in what led to it."""
    for text in texts:
        with pytest.raises(ValueError) as caught:
            pytest.fail(f"{text!r} was read as {read(kind, text)!r}")
        assert str(caught.value) == phrase, text
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_text_and_untyped_stay_as_they_are() -> None:
    """No reader at all: nothing is stripped."""
    assert text_reader(Field("C"), TYPED) is None
    assert text_reader(Field("C", Kind.DECIMAL), UNTYPED) is None


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        # The night of 30 to 31 March 2024, from 02:00 to 03:00; half past two never came, and is read as it stands.
        ("2024-03-31T01:59:59", "2024-03-31T00:59:59"),
        ("2024-03-31T02:30:00", "2024-03-31T01:30:00"),
        ("2024-03-31T03:00:00", "2024-03-31T01:00:00"),
        # The night of 26 to 27 October 2024, from 03:00 back to 02:00; of the two times half past two it is the first.
        ("2024-10-27T01:59:59", "2024-10-26T23:59:59"),
        ("2024-10-27T02:30:00", "2024-10-27T00:30:00"),
        ("2024-10-27T03:00:00", "2024-10-27T02:00:00"),
    ],
)
@pytest.mark.parametrize("zulu", ["", "Z"])
def test_aware_is_amsterdam_whatever_the_z_says(text: str, zulu: str, utc: str) -> None:
    """The clock shows the same, in winter an hour before UTC and in summer two."""
    value = read(Kind.DATETIME, text + zulu, AWARE)
    assert isinstance(value, datetime.datetime)
    assert value.replace(tzinfo=None) == datetime.datetime.fromisoformat(text)
    assert str(value.tzinfo) == "Europe/Amsterdam"
    assert value.astimezone(datetime.UTC).replace(tzinfo=None).isoformat() == utc
    assert from_json(Kind.DATETIME, text + zulu, AWARE) == value
    with pytest.raises(ValueError, match="is no date-time"):
        read(Kind.DATETIME, "gisteren", AWARE)


def test_a_date_has_no_zone() -> None:
    """Aware or not."""
    assert read(Kind.DATE, "2024-03-31T00:00:00Z", AWARE) == datetime.date(2024, 3, 31)


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        (Kind.TEXT, "AFAS", "AFAS"),
        (Kind.INT, 3, 3),
        (Kind.INT, Decimal("3.0"), 3),
        (Kind.INT, Decimal("1E+2"), 100),
        (Kind.DECIMAL, Decimal("3.50"), Decimal("3.5")),
        (Kind.DECIMAL, 3, Decimal(3)),
        (Kind.BOOL, True, True),
        (Kind.BOOL, False, False),
        (Kind.DATETIME, "2009-06-15T13:45:30Z", NOON),
        (Kind.DATE, "2009-06-15T00:00:00Z", datetime.date(2009, 6, 15)),
        (Kind.BYTES, "QUZBUw==", b"AFAS"),
    ],
)
def test_json_becomes_a_value(kind: Kind, given: object, value: Value) -> None:
    """What JSON gives, in the column's own type."""
    result = from_json(kind, given)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("kind", "phrase", "values"),
    [
        (Kind.TEXT, "is no text", [1, Decimal("1.5"), True, [], {}]),
        (Kind.INT, "is no whole number", ["1", True, Decimal("1.5"), []]),
        (Kind.DECIMAL, "is no decimal", ["1.5", True, {}]),
        (Kind.BOOL, "is no boolean", [1, 0, "true", []]),
        (Kind.DATETIME, "is no text, so it is no datetime", [1, True, []]),
        (Kind.DATETIME, "is no date-time", ["2009"]),
        (Kind.BYTES, "is no text, so it is no bytes", [1]),
        (Kind.BYTES, "is no base64", ["Q"]),
    ],
)
def test_json_of_another_type_is_refused(kind: Kind, phrase: str, values: list[object]) -> None:
    """A number in quotes is no number, and 1 no boolean: Profit writes neither (profit-wire 3.3)."""
    for value in values:
        with pytest.raises(ValueError, match=f"^{phrase}$"):
            from_json(kind, value)


def test_json_of_an_unknown_type_becomes_text() -> None:
    """Whatever it is, as SOAP would have it; but an object is no value."""
    reader = json_reader(Field("C", Kind.TEXT, "guid", known=False), TYPED)
    assert [reader(value) for value in ("a", 12, Decimal("21.00"), True, False)] == [
        "a",
        "12",
        "21.00",
        "true",
        "false",
    ]
    with pytest.raises(ValueError, match=r"^is an object or array$"):
        reader({"a": 1})


@pytest.mark.parametrize("kind", Kind)
def test_untyped_json_stays_text(kind: Kind) -> None:
    """Numbers were parsed as their text; booleans become it here."""
    assert [from_json(kind, value, UNTYPED) for value in ("-.50", True, False)] == ["-.50", "true", "false"]
    with pytest.raises(ValueError, match=r"^is an object or array$"):
        from_json(kind, [], UNTYPED)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  as it is\n", "  as it is\n"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-12, "-12"),
        (Decimal("21.00"), "21"),
        (Decimal("100"), "100"),
        (Decimal("1E+2"), "100"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0.50"), "-0.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("0E+3"), "0"),
        (datetime.datetime(2024, 2, 1, 10), "2024-02-01T10:00:00"),
        (datetime.datetime(2024, 2, 1, 10, 0, 0, 500000), "2024-02-01T10:00:00.500000"),
        (
            datetime.datetime(2024, 2, 1, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),
            "2024-02-01T10:00:00+01:00",
        ),
        # Not +00:19:32, which is no offset for XML Schema, .NET, pandas or JavaScript.
        (datetime.datetime(1900, 1, 1, tzinfo=AMSTERDAM), "1900-01-01T00:00:00+00:00"),
        (datetime.datetime(2024, 7, 1, tzinfo=AMSTERDAM), "2024-07-01T00:00:00+02:00"),
        (datetime.date(2024, 2, 1), "2024-02-01"),
        (b"", ""),
        (b"AFAS" * 30, base64.b64encode(b"AFAS" * 30).decode()),
    ],
)
def test_one_spelling(value: Value, text: str) -> None:
    """Plain digits, no exponent, no zeros at the end, nothing of the locale, base64 on one line."""
    assert spell(value) == text
    assert "\n" not in text.strip()


DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)


@given(DECIMALS)
def test_decimals_come_back(value: Decimal) -> None:
    """Spelt and read is equal, and equal decimals have one spelling."""
    text = spell(value)
    assert read(Kind.DECIMAL, text) == value
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    assert spell(Decimal((sign, (*digits, 0), exponent - 1))) == text
    assert "E" not in text


@given(st.datetimes())
def test_datetimes_come_back(value: datetime.datetime) -> None:
    """To the microsecond, with and without the Z."""
    assert read(Kind.DATETIME, spell(value)) == value
    assert read(Kind.DATETIME, spell(value) + "Z") == value
    assert read(Kind.DATE, spell(value.date())) == value.date()


@given(st.integers(), st.binary(min_size=1), st.booleans())
def test_the_others_come_back(number: int, data: bytes, flag: bool) -> None:
    """Whole numbers, bytes and booleans."""
    assert read(Kind.INT, spell(number)) == number
    assert read(Kind.BYTES, spell(data)) == data
    assert read(Kind.BOOL, spell(flag)) is flag


@given(st.text(alphabet="0123456789-+.:TZeE _WxNaf\n", max_size=24), st.sampled_from(Kind))
def test_nothing_but_a_value_error_comes_out(text: str, kind: Kind) -> None:
    """What is read is spelt the same when it is read once more."""
    reader = text_reader(Field("C", kind), TYPED) or str
    try:
        value = reader(text)
    except ValueError:
        return
    assert value is None or reader(spell(value)) == value
