"""JSON with places: values as they are, and the line and position of each."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afas_soap.emulator.sb.validation.jsontext import NotJsonError, parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        ("[]", []),
        (' [1, -2.50, 1e2, "a\\u00e9\\"", true, false, null] ', [1, Decimal("-2.50"), 100, 'aé"', True, False, None]),
        ('{"a": {"b": [{"c": 1}]}, "a": 2}', {"a": 2}),
    ],
)
def test_values(text: str, value: object) -> None:
    assert parse(text.encode()).value == value


def test_places_end_with_the_value_as_in_the_sample_of_afas() -> None:
    text = '{\n  "RelationType": "organisation",\n  "RelationId": "",\n  "Lines": [\n    {"Amount": 100.255}\n  ]\n}'
    parsed = parse(text.encode())
    assert str(parsed.place("RelationId")) == "Path 'RelationId', line 3, position 18."
    assert str(parsed.place("")) == "Path '', line 1, position 1."
    assert str(parsed.place("Lines[0]")) == "Path 'Lines[0]', line 5, position 5."
    assert str(parsed.place("Lines[0].Amount")) == "Path 'Lines[0].Amount', line 5, position 22."


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b'{"a"', b'{"a":', b'{"a":1', b'{"a":1,}', b"{1:2}", b"[1", b"[1,]", b"[1 2]", b'"abc', b"01",
        b"nul", b"NaN", b"1 2", b"\xff", b"[" * 40, b'{"a' + b"\n" + b'":1}',
    ],
)  # fmt: skip
def test_what_is_no_json(content: bytes) -> None:
    with pytest.raises(NotJsonError, match=r"Path '.*', line \d+, position \d+\."):
        parse(content)
