"""Which texts are a value of each type, and how it is spelt."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.profit.schemas.lexical import canonical
from afas_soap.profit.schemas.updateschema import TYPES
from afas_soap.profit.updates.fieldvalue import field_text

TAKEN = [
    ("string", "", ""), ("string", " a ", " a "),
    ("long", "7", "7"), ("long", "-7", "-7"), ("long", "+7", "7"), ("long", "-0", "0"), ("long", "\t7\r\n", "7"),
    ("long", "0" * 5000 + "7", "7"),
    ("long", "9223372036854775807", "9223372036854775807"), ("long", "-9223372036854775808", "-9223372036854775808"),
    ("boolean", "true", "true"), ("boolean", "True", "true"), ("boolean", "TRUE", "true"), ("boolean", "1", "true"),
    ("boolean", "false", "false"), ("boolean", "FALSE", "false"), ("boolean", " 0 ", "false"),
    ("decimal", "1.50", "1.50"), ("decimal", "-0.5", "-0.5"), ("decimal", "12", "12"), ("decimal", "5.", "5."),
    ("decimal", " +1.5 ", "+1.5"), ("decimal", "9" * 99, "9" * 99),
    ("date", "2023-01-22", "2023-01-22"), ("date", "2024-02-29T00:00:00", "2024-02-29T00:00:00"),
    ("dateTime", " 2023-01-22\n", "2023-01-22"), ("dateTime", "09:30:00", "09:30:00"), ("time", "23:59:59", "23:59:59"),
    ("base64Binary", "aGFs\nbG8=", "aGFs\nbG8="), ("base64Binary", " aGFs \r\n\tbG8=\n", " aGFs \r\n\tbG8=\n"),
    ("base64Binary", "aGE=", "aGE="), ("base64Binary", "YQ==", "YQ=="),
]  # fmt: skip
REFUSED = [
    ("long", "1.0"), ("long", "true"), ("long", "9223372036854775808"), ("long", "-9223372036854775809"),
    ("long", "zeven"), ("long", "\u0661"), ("long", "1_000"), ("long", "\u00a07"), ("long", "+ 7"), ("long", "1e3"),
    ("boolean", "ja"), ("boolean", "2"), ("boolean", "-1"), ("boolean", "t"), ("boolean", "\u00a0true"),
    ("decimal", ".5"), ("decimal", "-.5"), ("decimal", "45,00"), ("decimal", "false"), ("decimal", "1.234,00"),
    ("decimal", "1e3"), ("decimal", "."), ("decimal", "1_0"), ("decimal", "\u0661"), ("decimal", "INF"),
    ("date", "2023-02-31"), ("date", "10:00:00"), ("dateTime", "2023-01-22T24:00:00"), ("time", "2023-01-22"),
    ("dateTime", "2023-01-22T10:00:00Z"),
    ("base64Binary", "a"), ("base64Binary", "\u00e9==="), ("base64Binary", "data:image/png;base64,iVBORw0KGgo="),
    ("base64Binary", "aGFsbG8"), ("base64Binary", "abcd=="), ("base64Binary", "ab=c"), ("base64Binary", "a==="),
    ("base64Binary", "aGE-_w=="), ("base64Binary", "dit is geen bestand"), ("base64Binary", "aGE\u00a0="),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "spelt"), TAKEN)
def test_taken(kind: str, text: str, spelt: str) -> None:
    assert canonical(text, kind) == spelt


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_refused(kind: str, text: str) -> None:
    assert canonical(text, kind) is None


def test_every_type_is_known() -> None:
    assert {kind for kind, *_ in TAKEN} == set(TYPES)


@given(
    st.one_of(
        st.integers(-(2**63), 2**63 - 1).map(lambda value: ("long", value)),
        st.decimals(allow_nan=False, allow_infinity=False).map(lambda value: ("decimal", value)),
        st.floats(allow_nan=False, allow_infinity=False).map(lambda value: ("decimal", value)),
        st.booleans().map(lambda value: ("boolean", value)),
        st.dates().map(lambda value: ("date", value)),
        st.datetimes().map(lambda value: ("dateTime", value)),
        st.times().map(lambda value: ("time", value)),
        st.binary(min_size=1).map(lambda value: ("base64Binary", value)),
    )
)
def test_what_python_values_are_spelt_as_is_taken(case: tuple[str, int | float | bool | datetime.date | bytes]) -> None:
    kind, value = case
    text = field_text(value)
    assert text is not None
    assert canonical(text, kind) == text
