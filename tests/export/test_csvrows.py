"""CSV back to rows: what is CSV at all, and what is wrong with it."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Collection
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AnswerError, CutOff
from afas_soap.export.csvrows import csv_rows, delimiter_in
from afas_soap.export.formats import lines
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import TYPED, Reading, Record

FIELDS = Fields(
    "X",
    (Field("A"), Field("N", Kind.INT, "int"), Field("D", Kind.DECIMAL, "decimal"), Field("T", Kind.DATETIME, "date")),
)


def read(
    text: str, fields: Fields | None = None, *, delimiter: str = ",", reading: Reading = TYPED, size: int = 0
) -> list[Record]:
    data = text.encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    rows = csv_rows(pieces, delimiter=delimiter, fields=fields, connector="X", reading=reading)
    assert rows.fields is not None
    return list(rows)


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        ("A,B\n1,2\n", ","),
        ("A;B\n1,5;2,5\n", ";"),
        ("A\tB\n1\t2\n", "\t"),
        ("A|B\n1|2\n", "|"),
        ("A,B\n", ","),
        ('"A,B",C\r\n"1\n2",3\r\n', ","),
        ('A,B\n"1,\n', ","),
        ("A,B;C\n1,2;3\n", ","),
        ("A,,B\n1,2,3\n", ","),
        ("A,B\n\n1,2\n", ","),
    ],
)
def test_what_separates(head: str, delimiter: str) -> None:
    """The sign that gives the header and the first row the same number of values, the most of them."""
    assert delimiter_in(head) == delimiter


@pytest.mark.parametrize(
    "head",
    [
        "",
        "A,B",
        "A\n1\n",
        "A,B\n1\n",
        "De dienst is weg, probeer later\n",
        "Error: x,\nmore text\n",
        "\x1f\x8b\x08,\x00\n",
        '"A,B\n1,2\n',
        "\n",
    ],
)
def test_what_does_not_look_like_it(head: str) -> None:
    """A sentence, one column, a header alone that may be anything, a value that is not closed."""
    assert delimiter_in(head) is None


@pytest.mark.parametrize(
    ("head", "certain", "columns", "delimiter"),
    [
        ("A\n1\n", True, (), ","),
        ("A\n1\n", False, ("A", "B"), ","),
        ("A\n1\n", False, ("B",), None),
        (" A , B \n1,2\n", True, (), ","),
        ("A;B\n", True, (), ";"),
    ],
)
def test_what_is_known_beforehand(head: str, certain: bool, columns: Collection[str], delimiter: str | None) -> None:
    """The file's name, or its columns."""
    assert delimiter_in(head, certain=certain, columns=columns) == delimiter


@pytest.mark.parametrize("size", [0, 1, 5])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_typed_or_text(size: int, end: str) -> None:
    """With columns their types, in their order; without, the text; an empty value is None."""
    text = f'T,A,D,N{end}2024-02-01T10:00:00,"a ""b"",\nc",100.0,7{end},,,{end}'
    when = datetime.datetime(2024, 2, 1, 10)
    assert read(text, FIELDS, size=size) == [
        {"A": 'a "b",\nc', "N": 7, "D": Decimal("100.0"), "T": when},
        {"A": None, "N": None, "D": None, "T": None},
    ]
    assert read(text, size=size)[0] == {"T": "2024-02-01T10:00:00", "A": 'a "b",\nc', "D": "100.0", "N": "7"}


def test_dates_and_files() -> None:
    """As the caller names them, with columns given and without; the columns say so."""
    reading = Reading(dates=("T",), files=("A",))
    rows = csv_rows([b"T,A\n2024-02-01T00:00:00,aGFsbG8=\n"], delimiter=",", fields=FIELDS, reading=reading)
    assert rows.fields is not None
    assert (rows.fields["T"].kind, rows.fields["A"].kind) == (Kind.DATE, Kind.BYTES)
    assert [(row["T"], row["A"]) for row in rows] == [(datetime.date(2024, 2, 1), b"hallo")]
    assert read("A\naGFsbG8=\n", reading=Reading(files=("A",))) == [{"A": b"hallo"}]


@pytest.mark.parametrize("fields", [None, FIELDS], ids=["text", "typed"])
def test_what_the_caller_names_shows_in_the_columns(fields: Fields | None) -> None:
    """A file out of any text, a date out of a date-time: whoever writes them declares what they are."""
    text = b"A,T\nQUJD,2024-02-01T00:00:00\n"
    rows = csv_rows([text], delimiter=",", fields=fields, reading=Reading(files=("A",), dates=("T",)))
    assert rows.fields is not None
    assert rows.fields["A"].kind is Kind.BYTES
    assert rows.fields["T"].kind is (Kind.TEXT if fields is None else Kind.DATE)
    assert next(rows)["A"] == b"ABC"


def test_columns_that_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """Read as empty, and said."""
    caplog.set_level(logging.WARNING)
    assert read("N\n1\n", FIELDS) == [{"A": None, "N": 1, "D": None, "T": None}]
    assert caplog.messages == ["the CSV leaves out columns, which are read as empty: A, D, T"]


def test_a_header_that_comes_again() -> None:
    """So files are added to one another; of one column it may be a value."""
    assert read("A,B\n1,2\nA,B\n3,4\n") == [{"A": "1", "B": "2"}, {"A": "3", "B": "4"}]
    assert read("A\n1\nA\n") == [{"A": "1"}, {"A": "A"}]


def test_an_empty_value_alone() -> None:
    """Quoted it is a row, an empty line is none."""
    assert read('A\n""\n\nx\n') == [{"A": None}, {"A": "x"}]


@pytest.mark.parametrize(
    ("text", "fields", "reason"),
    [
        ("A,\n", None, "header of the CSV holds a column without a name"),
        ("A,B,A\n", None, "holds column A twice"),
        ("A,C\n", FIELDS, "column C is not among"),
        ("A,B\n1,2\n1\n", None, "row 2: 1 values stand there, and the header has 2"),
        ("N\nx\n", FIELDS, "row 1, column N: a text that is no whole number"),
        ('A,B\n"1"2,3\n', None, "row 1: this is no CSV with ','"),
    ],
)
def test_what_is_wrong(text: str, fields: Fields | None, reason: str) -> None:
    """With its row and column, and no value."""
    with pytest.raises(AnswerError, match=reason):
        read(text, fields)


def test_no_utf8() -> None:
    """As Excel writes it."""
    with pytest.raises(AnswerError, match="no UTF-8: save it as UTF-8"):
        list(csv_rows([b"A,B\nCaf\xe9,1\n"], delimiter=","))
    with pytest.raises(AnswerError, match="no UTF-8"):
        list(csv_rows([b"A,B\n1,\xc3"], delimiter=","))


def test_too_large() -> None:
    """In bytes of UTF-8, as everywhere."""
    assert read("A\néé\n", reading=Reading(max_value=4)) == [{"A": "éé"}]
    with pytest.raises(AnswerError, match=r"row 1, column A: a text that is more than max_value \(4 bytes\)"):
        read("A\nééx\n", reading=Reading(max_value=4))


@pytest.mark.parametrize("text", ["A,B\n1,2\n3,4\n", 'A,B\n"1","2\n3"\n'])
def test_cut_off_anywhere(text: str) -> None:
    """But at the end of a row, where nothing tells."""
    for end in range(4, len(text)):
        if text[:end] in ("A,B\n", "A,B\n1,2\n"):
            continue
        with pytest.raises(CutOff):
            read(text[:end])


def test_a_large_value() -> None:
    """Over Python's own limit of 128 KiB, in many pieces."""
    large = "x" * 1_000_000
    assert read(f"A,B\n{large},1\n", size=65536) == [{"A": large, "B": "1"}]


@given(
    st.lists(
        st.fixed_dictionaries({"A": st.none() | st.text("a;,\t\r\n\"'é|", min_size=1), "B": st.none() | st.just("A")}),
        max_size=5,
    ),
    st.sampled_from(",;\t|"),
    st.integers(1, 9),
)
def test_what_formats_writes_comes_back(rows: list[Record], delimiter: str, size: int) -> None:
    """Whatever stands in the values, and however the bytes come."""
    text = "".join(lines("csv", rows, Fields("X", (Field("A"), Field("B"))), delimiter=delimiter))
    assert delimiter_in(text) == delimiter
    assert read(text, delimiter=delimiter, size=size) == [row for row in rows if row != {"A": "A", "B": "B"}]
