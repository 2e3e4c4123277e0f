"""The validator of JSON Schema: exact about decimals, strict about formats, AFAS' own among them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.sb.checks.schemacheck import Validator

_CENTS = Validator({"type": "number", "multipleOf": Decimal("0.01")})


@pytest.mark.parametrize("amount", ["0.07", "40.55", "100.26", "-200", "1E+2", "123456789012345678901234567890.89"])
def test_two_decimals_pass_whatever_a_float_makes_of_them(amount: str) -> None:
    assert not list(_CENTS.faults(Decimal(amount)))


def test_every_amount_to_two_hundred_passes_and_none_with_a_third_decimal_does() -> None:
    """jsonschema refuses one in nine of the first."""
    assert not any(any(_CENTS.faults(Decimal(cents) / 100)) for cents in range(20_001))
    assert all(any(_CENTS.faults(Decimal(mills) / 1000)) for mills in range(10_001) if mills % 10)


def test_three_decimals_do_not_pass() -> None:
    [fault] = _CENTS.faults(Decimal("100.255"))
    assert (fault.path, fault.rule) == ((), "multipleOf")


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("DateTime?", "2024-01-01T00:00:00Z", "2024-02-30T00:00:00Z"),
        ("DateTime?", "2024-01-01T00:00:00.1234567+01:00", "2024-01-01"),
        ("decimal?", "-12.50", "12,50"),
        ("bool?", "True", "yes"),
        ("Guid?", "8AFB1A9A-1613-5e2b-ab19-20c0f4f3e216", "8afb1a9a16135e2bab1920c0f4f3e216"),
        ("uuid", "8afb1a9a-1613-5e2b-ab19-20c0f4f3e216", ""),
        ("date", "2024-02-29", "2023-02-29"),
        ("email", "user@example.com", "user"),
    ],
)
def test_formats_are_checked(form: str, good: str, bad: str) -> None:
    validator = Validator({"format": form})
    assert not list(validator.faults(good))
    assert [(fault.rule, fault.facet) for fault in validator.faults(bad)] == [("format", form)]


def test_a_fault_has_the_comment_of_the_nearest_schema_around_it() -> None:
    validator = Validator(
        {
            "$comment": "outer",
            "properties": {"a": {"type": "array", "items": {"$comment": "inner", "required": ["b"]}}},
            "required": ["c"],
        }
    )
    assert [(fault.path, fault.facet, fault.comment) for fault in validator.faults({"a": [{}]})] == [
        ((), "c", "outer"),
        (("a", 0), "b", "inner"),
    ]
