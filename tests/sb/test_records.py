"""Rows of SB as typed records: both shapes of an answer, both spellings of an amount, names in any case."""

from __future__ import annotations

import dataclasses
import datetime
import json
import logging
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import AfasError, AnswerError, CutOff, SBError
from afas_soap.profit.fields import Kind as Types
from afas_soap.profit.rows import Record
from afas_soap.sb.operation import Column, Kind, Operation, Source, Verb
from afas_soap.sb.records import Answered, Records
from afas_soap.sb.table import shipped

ROWS = Operation(
    "rows",
    Verb.GET,
    "1.0",
    Source.FILE_6 | Source.FILE_8,
    (
        Column("Id", Kind.UUID),
        Column("Name"),
        Column("Amount", Kind.NUMBER),
        Column("Count", Kind.INTEGER),
        Column("IsArchived", Kind.BOOLEAN),
        Column("StartDate", Kind.MOMENT),
        Column("Day", Kind.DATE),
        Column("Blob", Kind.OBJECT),
        Column("Old", sources=Source.FILE_6),
        Column("Seen", sources=Source.SAMPLE),
    ),
)
USUAL = ("Id", "Name", "Amount", "Count", "IsArchived", "StartDate", "Day", "Blob")


class Read:
    """All of an answer."""

    def __init__(self, body: bytes, operation: Operation = ROWS, chunk: int = 64, *, read_keys: bool = False) -> None:
        self.counts: list[int] = []
        self.shape = Records(operation, read_keys=read_keys)
        pieces = (body[at : at + chunk] for at in range(0, len(body), chunk))
        self.answer = Answered(pieces, self.shape, self.counts.append)
        self.records: list[Record] = []
        self.error: AfasError | None = None
        try:
            for batch in self.answer.batches:
                self.records += batch
        except AfasError as error:
            self.error = error

    @property
    def names(self) -> tuple[str, ...]:
        return self.shape.fields.names


def body(*rows: object) -> bytes:
    return json.dumps(list(rows), separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ('[{"Name":"a"},{"Name":"b"}]', None),
        ('{"TrackingToken":"202401291327472","Result":[{"Name":"a"},{"Name":"b"}]}', "202401291327472"),
        ('{"Result":[{"Name":"a"},{"Name":"b"}],"TrackingToken":202401291327472}', "202401291327472"),
        ('{"Result":[{"Name":"a"},{"Name":"b"}],"TrackingToken":null}', None),
        ('{"Result":[{"Name":"a"},{"Name":"b"}],"TrackingToken":""}', None),
        (' {"Else":{"Result":[]}, "Result" : [ {"Name":"a"} , {"Name":"b"} ] } ', None),
    ],
)
def test_rows_come_bare_or_beside_a_token_wherever_that_stands(text: str, token: str | None) -> None:
    read = Read(text.encode())
    assert read.error is None
    assert [record["Name"] for record in read.records] == ["a", "b"]
    assert read.answer.token == token
    assert read.counts == [2]


def test_a_token_that_is_none_is_an_error() -> None:
    read = Read(b'{"TrackingToken":true,"Result":[]}')
    with pytest.raises(AnswerError, match='"TrackingToken" in the answer is no text'):
        _ = read.answer.token


@pytest.mark.parametrize("token", [" ", "1\\n2", "9" * 4097])
def test_a_token_that_could_not_be_sent_again_is_an_error(token: str) -> None:
    read = Read(f'{{"TrackingToken":"{token}","Result":[]}}'.encode())
    with pytest.raises(AnswerError, match='"TrackingToken" in the answer is blank, too long'):
        _ = read.answer.token


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ('[{"Name":"a"},{"Na', CutOff, "ends before its end, behind row 1"),
        ('{"Result":[{"Name":"a"}]', CutOff, "ends before its end, behind row 1"),
        ("", AnswerError, "the answer is empty"),
        ("<html>", AnswerError, "the answer is no JSON of rows"),
        ("{}", AnswerError, 'a JSON object without "Result"'),
        ('{"Result":null}', AnswerError, '"Result" in the answer is no array'),
        ("[1]", AnswerError, "row 1 is no object"),
        ('[{"Name":"a"}]]', AnswerError, "goes on behind its end"),
        ('[{"Name":"a","Name":"b"}]', AnswerError, "row 1: column Name stands in it twice"),
        ('[{"Amount":"1,50"}]', AnswerError, "row 1, column Amount: a text of 4 characters is no decimal"),
        ('[{"Amount":"1-2"}]', AnswerError, "row 1, column Amount: a text of 3 characters is no decimal"),
        ('[{"Amount":true}]', AnswerError, "row 1, column Amount: a boolean is no number"),
        ('[{"Count":"1.5"}]', AnswerError, "row 1, column Count: a text of 3 characters is no whole number"),
        ('[{"IsArchived":2}]', AnswerError, "row 1, column IsArchived: a number is no boolean"),
        ('[{"StartDate":5}]', AnswerError, "row 1, column StartDate: a number is no text, so it is no date-time"),
        ('[{"Day":"2024-01-31T10:00:00Z"}]', AnswerError, "is a date-time that is not midnight"),
        ('[{"Name":"\\ud800"}]', AnswerError, "half of a surrogate pair"),
        ('[{"Blob":{"A":"\\ud800"}}]', AnswerError, "row 1, column Blob: an object or array holds half of a surrogate"),
        ('[{"Blob":{"A":1,"A":2}}]', AnswerError, "holds an object in which a name stands twice"),
        ('[{"Blob":' + "[" * 600 + "]" * 600 + "}]", AnswerError, "row 1, column Blob: an object or array is nested"),
    ],
)
def test_what_is_no_answer_is_an_error_that_says_why_and_holds_no_value(
    text: str, kind: type[AfasError], message: str
) -> None:
    read = Read(text.encode())
    assert type(read.error) is kind
    assert message in str(read.error)
    assert read.counts == []


def test_an_error_body_in_place_of_rows_is_sbs_own_refusal() -> None:
    read = Read(b'{"result":"Failed","traceId":"a-b","instances":[],"errors":["FeatureToggle not enabled"]}')
    assert isinstance(read.error, SBError)
    assert read.error.result == "Failed"
    assert "FeatureToggle not enabled" in str(read.error)


def test_values_have_the_type_of_their_column_however_json_has_them() -> None:
    rows = [
        {"Amount": 47, "Count": 3, "IsArchived": True, "StartDate": "2024-01-31T00:00:00Z", "Day": "2024-01-31"},
        {"Amount": "47.10", "Count": "3", "IsArchived": "False", "StartDate": "2024-01-31", "Day": None},
        {"Amount": -1.5, "Count": 3.0, "IsArchived": "", "StartDate": "", "Day": "2024-01-31T00:00:00Z"},
        {"Amount": "", "Count": None, "IsArchived": None, "StartDate": "2024-01-31T13:30:00.1230000Z", "Day": ""},
    ]
    read = Read(body(*rows))
    day, midnight = datetime.date(2024, 1, 31), datetime.datetime(2024, 1, 31)
    values = [
        [record[name] for name in ("Amount", "Count", "IsArchived", "StartDate", "Day")] for record in read.records
    ]
    assert read.error is None
    assert values == [
        [Decimal(47), 3, True, midnight, day],
        [Decimal("47.10"), 3, False, midnight, None],
        [Decimal("-1.5"), 3, None, None, day],
        [None, None, None, datetime.datetime(2024, 1, 31, 13, 30, 0, 123000), None],
    ]
    assert [type(record["Amount"]) for record in read.records] == [Decimal, Decimal, Decimal, type(None)]


@pytest.mark.parametrize("amounts", [[100.26, 0.07, 0.0], ["100.26", "0.07", "0.0"], ["100.26", 0.07, "0.0"]])
def test_an_amount_is_the_same_decimal_from_a_number_and_from_a_text(amounts: list[object]) -> None:
    read = Read(body(*({"Amount": amount} for amount in amounts)), chunk=4096)
    assert [record["Amount"] for record in read.records] == [Decimal("100.26"), Decimal("0.07"), Decimal("0.0")]


def test_no_digit_of_a_long_amount_is_lost() -> None:
    read = Read(b'[{"Amount":12345678901234567890.12},{"Amount":"12345678901234567890.12"}]')
    assert [record["Amount"] for record in read.records] == [Decimal("12345678901234567890.12")] * 2


def test_a_text_column_takes_whatever_comes() -> None:
    rows = [{"Name": value} for value in ("x", "", None, 47, 2.5, True, {"a": [1, None, False, "q\"'"]})]
    read = Read(body(*rows))
    assert [record["Name"] for record in read.records] == [
        *("x", None, None, "47", "2.5", "true", '{"a":[1,null,false,"q\\"\'"]}')
    ]


def test_an_object_is_its_json_without_the_read_key_unless_that_is_wanted() -> None:
    told = {"Id": "a", "readKey": "eyJ", "Size": 1.10, "More": [{"ReadKey": "eyJ"}]}
    rows = body({"Blob": told}, {"Blob": None}, {"Blob": "text"}, {"Blob": 5})
    assert [record["Blob"] for record in Read(rows).records] == [
        *('{"Id":"a","Size":1.1,"More":[{}]}', None, "text", "5")
    ]
    with_keys = Read(rows, read_keys=True).records[0]["Blob"]
    assert with_keys == '{"Id":"a","readKey":"eyJ","Size":1.1,"More":[{"ReadKey":"eyJ"}]}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"Id":"a","READKEY":"eyJ"}', '{"Id":"a"}'),
        (' [{"ReadKey":"eyJ", "Size": 1.10}]', '[{"Size":1.10}]'),
        ('{"More":"{\\"readkey\\": \\"eyJ\\"}"}', '{"More":"{}"}'),
        ('{"Id": "a"}', '{"Id": "a"}'),
        ('{"ReadKey":"eyJ","readKey":"eyJ"}', "{}"),
        ('{"ReadKey":"eyJ","ReadKey":"eyJ"}', '{"ReadKey":"***","ReadKey":"***"}'),
        ('{"ReadKey" : "eyJ', '{"ReadKey" : "***"'),
        ('{"Size":1e999999999,"ReadKey":"ey\\"J"}', '{"Size":1e999999999,"ReadKey":"***"}'),
        ('{"Half":"\\ud800","ReadKey":"eyJ"}', '{"Half":"\\ud800","ReadKey":"***"}'),
        ("[" * 5000 + '{"More":"{\\"ReadKey\\":\\"eyJ\\",', "[" * 5000 + '{"More":"{\\"ReadKey\\":\\"***\\",'),
        ("{ReadKey is what we want}", "{ReadKey is what we want}"),
        ('"ReadKey": in a sentence', '"ReadKey": in a sentence'),
    ],
)
def test_a_text_that_is_json_has_no_read_key_either(text: str, told: str) -> None:
    """In a column of objects, in one that nobody knows, in a blob that is listed as a text, and within an object."""
    rows = body({"Blob": text, "Other": text, "Inner": {"Text": text}})
    listed = dataclasses.replace(ROWS, columns=(Column("Blob"),))
    for operation in (ROWS, listed):
        (record,) = Read(rows, operation).records
        assert (record["Blob"], record["Other"]) == (told, told)
        assert json.loads(str(record["Inner"])) == {"Text": told}
        assert Read(rows, operation, read_keys=True).records[0]["Blob"] == text


@pytest.mark.parametrize("name", ["ReadKey", "readkey"])
@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("late", [True, False])
def test_a_row_whose_column_is_the_read_key(
    name: str, listed: bool, late: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no column, whether the first row has it or a later one, unless read keys are wanted."""
    columns = (*ROWS.columns, Column("ReadKey")) if listed else ROWS.columns
    operation = dataclasses.replace(ROWS, columns=columns)
    key = {name: "eyJ.geheim"}
    rows = body({"Name": "a", **({} if late else key)}, {"Name": "b", **key})
    read = Read(rows, operation)
    assert [record["Name"] for record in read.records] == ["a", "b"]
    assert (read.names, set(read.records[1])) == (USUAL, set(USUAL))
    assert caplog.text == ""
    assert "eyJ.geheim" in Read(rows, operation, read_keys=True).records[1].values()


def test_a_record_has_every_usual_column_and_the_seldom_ones_when_the_first_rows_have_them() -> None:
    assert Read(b"[]").names == USUAL
    assert Read(body({"Name": "a"})).names == USUAL
    assert Read(body({"Name": "a", "Seen": "x", "Old": None})).names == (*USUAL, "Old", "Seen")
    assert set(Read(body({"Name": "a"})).records[0]) == set(USUAL)


def test_the_columns_of_an_operation_that_only_an_old_file_has_are_that_files() -> None:
    old = Operation("rows", Verb.GET, "1.0", Source.FILE_6, ROWS.columns)
    assert Read(b"[]", old).names == (*USUAL, "Old")
    nobodys = Operation("rows", Verb.GET, "1.0", Source(0), ROWS.columns)
    assert Read(b"[]", nobodys).names == (*USUAL, "Old", "Seen")


def test_what_no_file_lists_is_kept_behind_the_others_in_jsons_own_type() -> None:
    row = {"Extra": "2024-01-31T00:00:00Z", "Name": "a", "more": 5, "Nested": {"ReadKey": 1, "b": 2}, "None": ""}
    read = Read(body(row, row))
    assert read.names == (*USUAL, "Extra", "more", "Nested", "None")
    assert [read.records[1][name] for name in read.names[-4:]] == ["2024-01-31T00:00:00Z", 5, '{"b":2}', None]
    assert not read.shape.fields["more"].known
    assert read.shape.fields["Amount"].kind is Types.DECIMAL


def test_names_are_the_tables_whatever_their_case() -> None:
    read = Read(body({"name": "a", "AMOUNT": 1.5}, {"name": "b", "AMOUNT": 2.5}), chunk=4096)
    assert read.names == USUAL
    assert [(record["Name"], record["Amount"]) for record in read.records] == [
        *(("a", Decimal("1.5")), ("b", Decimal("2.5")))
    ]


def test_a_name_in_two_cases_keeps_both_values() -> None:
    read = Read(body({"name": "x", "Name": "y"}))
    assert read.error is None
    assert (read.records[0]["Name"], read.records[0]["name"]) == ("y", "x")


def test_the_sample_of_contacts_spells_names_otherwise_and_is_read_all_the_same() -> None:
    row = {"Id": "1", "FirstName": "Cas", "EmailAddress": "cas@voorbeeld.nl", "OrganisatieIsArchived": False}
    read = Read(body(row), shipped().operation("contacts", Verb.GET))
    record = read.records[0]
    assert (record["Firstname"], record["Emailaddress"], record["OrganisatieIsArchived"]) == (
        *("Cas", "cas@voorbeeld.nl", False),
    )


def test_rows_that_leave_out_what_is_empty_have_none_there() -> None:
    read = Read(body({"Name": "a", "Amount": 1.5}, {"name": "b"}, {"Amount": "2.5"}), chunk=4096)
    assert read.error is None
    assert [(record["Name"], record["Amount"], record["Count"]) for record in read.records] == [
        *(("a", Decimal("1.5"), None), ("b", None, None), (None, Decimal("2.5"), None))
    ]


def test_a_column_that_comes_late_is_in_its_record_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    rows = [{"Name": "a"}, *({"Name": "b", "Late": 5, "Later": None} for _ in range(3))]
    with caplog.at_level(logging.WARNING):
        read = Read(body(*rows), chunk=16)
    assert read.names == USUAL
    assert read.records[-1]["Late"] == 5
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["rows"]
    assert "a later row has the column Late" in caplog.text


def test_rows_with_and_without_a_late_column_are_read_together() -> None:
    rows = body({"Name": "a"}, {"Name": "b"}, *([{"Name": "c", "Late": 5}, {"Name": "d"}] * 2))
    first = rows.index(b'{"Name":"c"')
    answer = Answered([rows[:first], rows[first:]], Records(ROWS), list[int]().append)
    records = [record for batch in answer.batches for record in batch]
    assert [record.get("Late", "none") for record in records] == ["none", "none", 5, "none", 5, "none"]


def test_a_row_too_many_at_once_is_read_one_by_one() -> None:
    shape = Records(ROWS, max_value=40)
    answer = Answered([body({"Name": "a" * 20}, {"Name": "b" * 50})], shape, list[int]().append)
    assert [record["Name"] for record in next(answer.batches)] == ["a" * 20]
    with pytest.raises(AnswerError, match="a value of more than max_value"):
        next(answer.batches)


def _rows() -> Iterator[dict[str, object]]:
    for number in range(40):
        yield {"Id": str(number), "Name": None if number % 3 else "x", "Amount": number + 0.25, "Blob": None}


@given(st.integers(1, 400), st.booleans())
def test_where_the_bytes_are_cut_into_pieces_does_not_matter(chunk: int, wrapped: bool) -> None:
    text = json.dumps({"TrackingToken": "1", "Result": [*_rows()]} if wrapped else [*_rows()]).encode()
    read = Read(text, chunk=chunk)
    assert read.error is None
    assert [record["Amount"] for record in read.records] == [Decimal(number) + Decimal("0.25") for number in range(40)]
