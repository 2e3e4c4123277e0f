"""REST's rows, damaged in every small way and made up at random: ``json.loads`` on the whole answer is the judge."""

import datetime
import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.rows import Record

# Like property tests: see tests/conftest.py.
pytestmark = pytest.mark.no_cover

MIXED = Fields(
    "X",
    (
        Field("Text"),
        Field("Int", Kind.INT, "int"),
        Field("Dec", Kind.DECIMAL, "decimal"),
        Field("Bool", Kind.BOOL, "boolean"),
        Field("Date", Kind.DATETIME, "date"),
    ),
)


def until_trouble(chunks: Iterable[bytes], fields: Fields | None = None) -> tuple[list[Record], AnswerError | None]:
    """The records before the trouble, and the trouble."""
    given: list[Record] = []
    try:
        for record in json_rows(chunks, fields=fields):
            given.append(record)
    except AnswerError as error:
        return given, error
    return given, None


class RefusedError(Exception):
    """The judge says no."""


def judged(data: bytes, fields: Fields | None) -> list[dict[str, object]]:
    """The records by ``json.loads``, or RefusedError."""
    try:
        document = json.loads(
            data.decode().removeprefix("\ufeff"),
            parse_float=Decimal,
            parse_constant=refuse,
            object_pairs_hook=without_doubles,
        )
        json.dumps(document, default=str, ensure_ascii=False).encode()
    except (ValueError, ArithmeticError):
        raise RefusedError from None
    rows = document.get("rows") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RefusedError
    return [own_types(row) if fields is None else typed(row, fields) for row in rows]


def refuse(_constant: str) -> NoReturn:
    raise ValueError


def without_doubles(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len(found) < len(members):
        raise ValueError
    return found


def own_types(row: dict[str, object]) -> dict[str, object]:
    return {name: date_or_text(value) if isinstance(value, str) else scalar(value) for name, value in row.items()}


def scalar(value: object) -> object:
    if isinstance(value, dict | list):
        raise RefusedError
    return value


def date_or_text(text: str) -> object:
    try:
        return date_time(text) if text.endswith("Z") else text or None
    except RefusedError:
        return text


def date_time(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z?", value):
        raise RefusedError
    try:
        return datetime.datetime.strptime(value.rstrip("Z"), "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        raise RefusedError from None


def typed(row: dict[str, object], fields: Fields) -> dict[str, object]:
    if not row.keys() <= set(fields.names):
        raise RefusedError
    return {field.name: TYPES[field.kind](row.get(field.name)) for field in fields}


def of(*types: type) -> Callable[[object], object]:
    def read(value: object) -> object:
        if type(value) not in types:
            raise RefusedError
        return value

    return read


def or_none(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value in (None, "") else read(value)


def whole(value: object) -> object:
    if isinstance(value, Decimal) and value.is_finite() and value == int(value):
        return int(value)
    return of(int)(value)


TYPES: dict[Kind, Callable[[object], object]] = {
    Kind.TEXT: or_none(of(str)),
    Kind.INT: or_none(whole),
    Kind.DECIMAL: or_none(of(int, Decimal)),
    Kind.BOOL: or_none(of(bool)),
    Kind.DATETIME: or_none(date_time),
}

FUZZED = {
    "one line": (
        '{"skip":0,"take":3,"rows":[{"Text":"},{","Int":1,"Dec":-1.50,"Bool":true,"Date":"2024-02-01T10:00:00Z"},'
        '{"Text":"é€😀\\u00e9\\n\\\\","Int":null,"Dec":0,"Bool":false,"Date":null},'
        '{"Text":null,"Int":-20,"Dec":1e2,"Bool":null,"Date":"2024-12-31T23:59:59Z"}]}'
    ).encode(),
    "pretty": (
        b'\xef\xbb\xbf{\r\n  "rows" : [\r\n    {\r\n      "Text": "a\\"b",\r\n      "Int": 7\r\n    },\r\n    { },'
        b'\r\n    {\r\n      "Dec": 0.10,\r\n      "Text": ""\r\n    }\r\n  ],\r\n  "more": {"a": ["}", 1]}\r\n}'
    ),
}


def compare(data: bytes, chunks: Iterable[bytes]) -> None:
    """Equal records, or both refuse; without fields and with them."""
    parts = list(chunks)
    for fields in (None, MIXED):
        given, error = until_trouble(parts, fields)
        try:
            expected = judged(data, fields)
        except RefusedError:
            assert error is not None, data
            continue
        assert error is None, (data, error)
        assert given == expected, data
        assert [list(map(type, record.values())) for record in given] == [
            [
                Decimal if fields is not None and name == "Dec" and value is not None else type(value)
                for name, value in record.items()
            ]
            for record in expected
        ]


@pytest.mark.parametrize("body", FUZZED.values(), ids=list(FUZZED))
class TestFuzz:
    """Made-up answers, damaged in every small way."""

    def test_whole(self, body: bytes) -> None:
        """The judge takes them, so that the damage is what is refused."""
        assert len(judged(body, MIXED)) == 3
        compare(body, [body])

    def test_split_at_every_byte(self, body: bytes) -> None:
        """In two chunks, and in chunks of a byte each."""
        for at in range(len(body) + 1):
            compare(body, [body[:at], body[at:]])
        compare(body, [body[at : at + 1] for at in range(len(body))])

    @pytest.mark.parametrize("fields", [None, MIXED], ids=["own types", "typed"])
    def test_cut_at_every_byte(self, body: bytes, fields: Fields | None) -> None:
        """CutOff behind the rows that were whole; without anything it is empty."""
        expected = judged(body, fields)
        for at in range(3, len(body)):
            given, error = until_trouble([body[:at]], fields)
            assert isinstance(error, CutOff) or body[:at] == b"\xef\xbb\xbf", body[:at]
            assert given == expected[: len(given)]
            whole_rows = body[:at].decode(errors="ignore").count("},\r\n    {") + body[:at].count(b"},{") - 1
            assert len(given) >= min(whole_rows, 2)

    def test_every_bit_flipped(self, body: bytes) -> None:
        """Equal records or both refuse."""
        for bit in range(len(body) * 8):
            flipped = bytearray(body)
            flipped[bit // 8] ^= 1 << bit % 8
            compare(bytes(flipped), [bytes(flipped)])

    def test_every_bit_flipped_in_small_chunks(self, body: bytes) -> None:
        """The same where every row is longer than a chunk."""
        for bit in range(0, len(body) * 8, 3):
            flipped = bytearray(body)
            flipped[bit // 8] ^= 1 << bit % 8
            compare(bytes(flipped), [bytes(flipped[at : at + 20]) for at in range(0, len(flipped), 20)])


TEXTS = st.text(
    st.one_of(st.sampled_from('{}[],:"\\ /\n\tZ019'), st.characters(exclude_categories=("Cs",))), max_size=12
)
VALUES = {
    "Text": TEXTS,
    "Int": st.integers(-(10**20), 10**20),
    "Dec": st.decimals(allow_nan=False, allow_infinity=False, places=3),
    "Bool": st.booleans(),
    "Date": st.datetimes(datetime.datetime(1, 1, 1)).map(lambda value: f"{value:%Y-%m-%dT%H:%M:%S}Z".rjust(20, "0")),
}
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in VALUES.items()}), max_size=12
)


@given(
    rows=ROWS,
    layout=st.sampled_from([(",", ":", None), (", ", ": ", None), (",", " : ", 1), (" ,", ":", "\t")]),
    ascii_only=st.booleans(),
    size=st.integers(1, 200),
    members=st.permutations(["skip", "take", "rows"]),
)
def test_any_rows(
    rows: list[dict[str, object]],
    layout: tuple[str, str, int | str | None],
    ascii_only: bool,
    size: int,
    members: list[str],
) -> None:
    """Any rows in any layout, from chunks of any size, as the judge reads them."""
    document = {name: rows if name == "rows" else 7 for name in members}
    comma, colon, indent = layout
    body = re.sub(
        r'"\\u0000<([^>]*)>"',
        r"\1",
        json.dumps(
            document,
            separators=(comma, colon),
            indent=indent,
            ensure_ascii=ascii_only,
            default=lambda value: f"\x00<{value:f}>",
        ),
    ).encode()
    compare(body, [body[at : at + size] for at in range(0, len(body), size)])
