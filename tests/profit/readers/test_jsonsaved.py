"""Rows in JSON that was saved: several answers in one file, and JSON as ``afas`` writes it."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pytest

from afas_soap.errors import AnswerError, Busy, CutOff, ProfitError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.jsonpage import Layout
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.readers.jsonsaved import SavedArray, SavedObjects, SavedPages, layout_of
from afas_soap.profit.rows import TYPED, Reading, Record

FIELDS = Fields(
    "X",
    (
        Field("A"),
        Field("N", Kind.INT, "int"),
        Field("D", Kind.DECIMAL, "decimal"),
        Field("B", Kind.BOOL, "boolean"),
        Field("T", Kind.DATETIME, "date"),
    ),
)
ROW = {"A": "x", "N": 1, "D": Decimal("100.0"), "B": True, "T": datetime.datetime(2024, 2, 1, 10)}
ONE = '{"A":"x","N":1,"D":100.0,"B":true,"T":"2024-02-01T10:00:00"}'


def read(text: str, fields: Fields | None = FIELDS, *, size: int = 0, reading: Reading = TYPED) -> list[Record]:
    """The rows of a file, read in pieces of ``size`` bytes."""
    rows = layout_of(text)
    assert rows is not None
    data = text.encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    return list(json_rows(pieces, fields=fields, layout=Layout(rows), reading=reading))


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ('{"skip":0,"take":2,"rows":[]}', SavedPages),
        ('{ "rows" : []}', SavedPages),
        ('{"rows":5}', SavedPages),
        ('{"skip":0,"nested":{"a":[1,2]},"rows":[', SavedPages),
        ('{"skip":0,"take":2,"ro', SavedObjects),
        ('{"skip":0', SavedObjects),
        (ONE, SavedObjects),
        ('{"A":"rows"}', SavedObjects),
        ("{}", SavedObjects),
        ("[{}", SavedArray),
        ("[\n{}", SavedArray),
        ("[ ]", SavedArray),
        ("[", SavedArray),
        ("[1]", None),
        ("A,B\n", None),
        ("<a/>", None),
        ("", None),
    ],
)
def test_which_it_is(text: str, layout: type | None) -> None:
    """By how it begins."""
    assert layout_of(text) is layout


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{ONE}\n",
        f"{ONE}\n{ONE}",
        f"{ONE}\r\n{ONE}\r\n",
        f"{ONE}\n\n\n{ONE}\n",
        f"{ONE}{ONE}",
        f"{ONE} {ONE}",
        f"{ONE}\n\ufeff{ONE}\n",
        f"[\n{ONE},\n{ONE}\n]\n",
        f"[{ONE},{ONE}]",
        f"[\n{ONE}\n]\n[\n{ONE}\n]\n",
        f"[]\n[\n{ONE}\n]\n\ufeff[{ONE}]",
        f'{{"skip":0,"take":1,"rows":[{ONE}]}}{{"skip":1,"take":1,"rows":[{ONE}]}}',
        f'{{"skip":0,"take":1,"rows":[{ONE}]}}\n\ufeff{{"rows":[{ONE}],"skip":1}}\n{{"rows":[]}}',
        json.dumps(json.loads(ONE), indent=2) + "\n" + json.dumps(json.loads(ONE), indent=2),
    ],
)
@pytest.mark.parametrize("size", [0, 1, 7])
def test_two_rows(text: str, size: int) -> None:
    """However they stand there, and in pieces of any size."""
    assert read(text, size=size) == [ROW, ROW]


def test_many_and_long_rows() -> None:
    """More than a piece holds of both: every one of them, in its order."""
    many = [{"A": f"}}\n{{{number}" * (5_000 if number % 500 == 0 else 1), "N": number} for number in range(2_000)]
    text = "".join(json.dumps(row) + "\n" for row in many)
    found = read(text, Fields("X", FIELDS.columns[:2]))
    assert found == many
    assert read(text, None) == many


def test_what_a_text_holds_is_no_end_of_a_row() -> None:
    """Neither braces, nor a line feed, which JSON does not let stand in a text."""
    assert read('{"A":"}{"}{"A":"},{"}\n{"A":"}\\n{"}', None) == [{"A": "}{"}, {"A": "},{"}, {"A": "}\n{"}]
    with pytest.raises(AnswerError, match="no well-formed JSON"):
        read('{"A":"1"}\n{"A":"}\n{"}\n{"A":"2"}\n', None)


@pytest.mark.parametrize("text", ['{"A":"2024-02-01T10:00:00Z"}\n', '[{"A":"2024-02-01T10:00:00Z"}]'])
def test_a_date_time_with_a_z_is_text_where_no_type_is_known(text: str) -> None:
    """Only REST's own layout has date-times with a Z; what afas wrote with one was a text, and keeps it."""
    assert read(text, None) == [{"A": "2024-02-01T10:00:00Z"}]
    assert read('{"skip":0,"take":1,"rows":[{"A":"2024-02-01T10:00:00Z"}]}', None) == [
        {"A": datetime.datetime(2024, 2, 1, 10)}
    ]


@pytest.mark.parametrize("raw", [f"[{ONE}]", f"{ONE}\n"])
def test_values_as_their_text(raw: str) -> None:
    """As ``--raw`` writes them; in REST's own answers a number is a number."""
    text = raw.replace(":1,", ':"1",').replace("100.0", '"100.00"').replace("true", '"true"')
    assert read(text) == [ROW]
    with pytest.raises(AnswerError, match="column N: a text of 1 characters is no whole number"):
        read(f'{{"rows":[{text.strip().strip("[]")}]}}')


@pytest.mark.parametrize("text", [f"{ONE}\n{ONE}\n", f"[\n{ONE},\n{ONE}\n]\n", f'{{"rows":[{ONE}]}}{{"rows":[{ONE}]}}'])
def test_cut_off_anywhere(text: str) -> None:
    """Where it can be seen, which at the end of a line or of a page it cannot."""
    for end in range(1, len(text)):
        given: list[Record] = []
        try:
            for row in json_rows([text[:end].encode()], fields=FIELDS, layout=Layout(layout_of(text) or SavedPages)):
                given.append(row)
        except CutOff:
            continue
        assert text[:end].rstrip("\n")[-1] in "}]"
        assert given == [ROW] * text[:end].count('"A"')


@pytest.mark.parametrize("names", [["externalMessage"], ["message"], ["externalMessage", "errorNumber"]])
@pytest.mark.parametrize("reading", [TYPED, Reading(typed=False)])
def test_a_refusal(names: list[str], reading: Reading) -> None:
    """Profit's message, number and log reference, in the file of a refusal, or behind pages."""
    body = json.dumps({name: -2147180996 if name == "errorNumber" else "Nee." for name in names})
    for text in (body, f"{body}\n{body}\n", f'{{"rows":[]}}\n{body}'):
        with pytest.raises(ProfitError) as caught:
            read(text, None, reading=reading)
        assert caught.value.message == "Nee."
        assert caught.value.number == (-2147180996 if "errorNumber" in names else None)


def test_a_refusal_with_a_number_of_any_length() -> None:
    """It is Profit's message all the same."""
    with pytest.raises(ProfitError, match="Nee"):
        read('{"externalMessage":"Nee","errorNumber":' + "9" * 5000 + ',"x":1.5}', None, reading=Reading(typed=False))


def test_away_for_a_while() -> None:
    """The documented 503, saved."""
    with pytest.raises(Busy, match="maintenance") as caught:
        read('{"error":{"code":"503","message":"maintenance"},"retry_after":7200}', None)
    assert caught.value.retry_after == 7200
    with pytest.raises(Busy, match="away for a while"):
        read('{"retry_after":7200}', None)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"skip":0,"take":100}',
        '{"name":"X","fields":[{"id":"A"}]}',
        '{"results":{"KnSubject":{"SbId":"1"}}}',
        '{"error":"invalid_token","error_description":"x"}',
        '{"error":"x"}',
    ],
)
def test_what_is_no_record(text: str) -> None:
    """Metainfo, a receipt, a gateway's error: a file of rows it is not."""
    with pytest.raises(AnswerError, match='JSON without "rows"'):
        read(text, None)


def test_a_record_that_looks_like_a_refusal() -> None:
    """Where its columns are known, or others follow, it is one."""
    known = Fields("X", (Field("message"), Field("Id", Kind.INT, "int")))
    assert read('{"message":"hallo"}', known) == [{"message": "hallo", "Id": None}]
    assert read('{"message":"hallo","Id":1}\n{"message":"dag","Id":2}\n', None) == [
        {"message": "hallo", "Id": 1},
        {"message": "dag", "Id": 2},
    ]
    assert read('{"error":"a","Id":1}\n{"error":null,"Id":2}\n', None)[1] == {"error": None, "Id": 2}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"A":"x"}]{"A":"x"}', "goes on behind its end"),
        ('{"rows":[]}[]', "JSON array"),
        ('{"rows":5}', "no array"),
        ('{"A":"x"}\n5\n', "row 2 is no object"),
        ('{"A":"x"}\n}\n', "no well-formed JSON"),
        ('[{"A":"x"},5]', "row 2 is no object"),
        ('{"A":"x","A":"y"}\n', "column A stands in it twice"),
        ('{"A":"x"}\n{"":1}\n', "row 2: holds a column without a name"),
        ('[{"":1}]', "row 1: holds a column without a name"),
        ('{"rows":[{"":1}]}', "row 1: holds a column without a name"),
    ],
)
def test_what_is_wrong_is_told(text: str, reason: str) -> None:
    """With its row."""
    with pytest.raises(AnswerError, match=reason):
        read(text, None)
