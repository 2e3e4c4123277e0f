"""One suite for every ``Connectors``: what each of them says about the same rows, which are written out here."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from afas_soap.client import ProfitClient
from afas_soap.errors import AccessDenied, AnswerError, NotFound, NotOffered, ProfitError, QueryError
from afas_soap.export.formats import lines
from afas_soap.profit.connectors.capabilities import Connectors, GetData
from afas_soap.profit.fields import Kind
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.questions.where import Expression, F, where_filters
from afas_soap.profit.rows import TYPED, Reading, Record, Value
from afas_soap.wire.profit.rest import RestConnectors

BY_ID = (Sort("Id"),)
NAMES = ("Id", "City", "Amount", "Open", "Since", "File", "Note met blank", "Memo")
ROWS: list[tuple[Value, ...]] = [
    (1, "Ede", Decimal("10.50"), True, datetime.datetime(2024, 2, 1, 10, 0), b"one", "a,b;c", "Bel Jan morgen"),
    (2, "ede", Decimal("-0.5"), False, datetime.datetime(2024, 2, 1, 0, 0), None, None, "QUJD"),
    (
        3,
        "Epe",
        None,
        True,
        datetime.datetime(2023, 12, 31, 23, 59, 59),
        None,
        'it\'s <b> & "q"\r\n]]>',
        "Nog niet!",
    ),
    (4, "Amersfoort", Decimal(100), None, None, None, "50%", None),
    (5, None, Decimal("10.5"), False, datetime.datetime(2024, 2, 29, 0, 0), b"\x00\xff", " x ", "AAAA"),
    (6, "Edam", Decimal(2), True, datetime.datetime(2024, 7, 1, 12, 30, 15), None, "é ☕ 𝄞", " QQ== \r\n"),
]
XML = """
<Filters>
  <Filter FilterId="Filter 1"><Field FieldId="City" OperatorType="10">ed</Field></Filter>
</Filters>
"""


def read(connectors: Connectors, query: Query, reading: Reading = TYPED) -> list[Record]:
    with connectors.rows("Orders", query, reading) as rows:
        return list(rows)


def ids(connectors: Connectors, query: Query) -> list[Value]:
    return [record["Id"] for record in read(connectors, query)]


def where(expression: Expression, take: int = 100) -> Query:
    return Query(where_filters(expression), BY_ID, take=take)


# --- rows and columns ---


def test_every_value_has_its_type_and_every_column_is_there_in_its_order(connectors: Connectors) -> None:
    records = read(connectors, Query(order_by=BY_ID, take=100))
    assert [tuple(record) for record in records] == [NAMES] * 6
    assert [tuple(record.values()) for record in records] == ROWS
    for record, row in zip(records, ROWS, strict=True):
        assert [type(value) for value in record.values()] == [type(value) for value in row]


def test_the_columns_and_their_kinds(connectors: Connectors) -> None:
    fields = connectors.fields("Orders")
    kinds = [Kind.INT, Kind.TEXT, Kind.DECIMAL, Kind.BOOL, Kind.DATETIME, Kind.BYTES, Kind.TEXT, Kind.TEXT]
    assert fields.names == NAMES
    assert [field.kind for field in fields] == kinds
    assert fields.connector == "Orders"
    with connectors.rows("Orders", Query(take=1)) as rows:
        assert rows.fields is not None
        assert rows.fields.names == NAMES
        assert [field.kind for field in rows.fields] == kinds


@pytest.mark.parametrize("spelt", ["ORDERS", "orders"])
def test_the_case_of_an_id_does_not_matter(connectors: Connectors, spelt: str) -> None:
    """Known of UpdateConnectors, inferred of GetConnectors (profit-wire 15.7)."""
    assert connectors.fields(spelt).names == NAMES
    with connectors.rows(spelt, where(F.Id == 6)) as rows:
        assert [tuple(record.values()) for record in rows] == ROWS[5:]
    client = ProfitClient(connectors)
    assert [row["Id"] for row in client.rows(spelt, order_by=["Id"], page_size=2)] == [1, 2, 3, 4, 5, 6]
    assert client.get_data(spelt, None, 0, 1).count("<Id>1</Id>") == 1


def test_the_version_is_the_dialects(connectors: Connectors, profit) -> None:
    assert connectors.version() == {"profit6": "6.22.5", "profit9": "9.22.5"}[profit.dialect]


def test_dates_by_name_are_dates(connectors: Connectors) -> None:
    two = where(F.Since.isin(["2024-02-01T00:00:00", "2024-02-29T00:00:00"]))
    records = read(connectors, two, Reading(dates=("Since",)))
    assert [record["Since"] for record in records] == [datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)]
    assert {type(record["Since"]) for record in records} == {datetime.date}


def test_a_date_that_is_not_at_midnight_is_an_error_that_names_row_and_column(connectors: Connectors) -> None:
    with pytest.raises(AnswerError, match=r"(?i)row 1.*Since"):
        read(connectors, where(F.Id == 1), Reading(dates=("Since",)))


def test_a_blob_is_text_whatever_it_looks_like(connectors: Connectors) -> None:
    records = read(connectors, Query(order_by=BY_ID, take=100))
    assert [record["Memo"] for record in records] == [row[7] for row in ROWS]
    assert ids(connectors, where(F.Memo.contains("jan"))) == [1]


def test_a_blob_that_the_caller_knows_as_a_file_is_bytes(connectors: Connectors) -> None:
    known = where(F.Memo.isin(["QUJD", "AAAA"]))
    assert [record["Memo"] for record in read(connectors, known, Reading(files=("Memo",)))] == [b"ABC", b"\0\0\0"]
    with connectors.rows("Orders", known, Reading(files=("Memo",))) as rows:
        assert rows.fields is not None
        assert rows.fields["Memo"].kind is Kind.BYTES
    with pytest.raises(AnswerError, match=r"(?i)row 1.*Memo.* is no base64"):
        read(connectors, where(F.Id == 3), Reading(files=("Memo",)))


def test_a_client_reads_files_by_name(connectors: Connectors) -> None:
    client = ProfitClient(connectors)
    known = F.Memo == "QUJD"
    assert next(client.rows("Orders", where=known, take=1, files=["Memo"]))["Memo"] == b"ABC"
    # What the caller knows of one read is not the connector's own.
    assert next(client.rows("Orders", where=known, take=1))["Memo"] == "QUJD"
    with pytest.raises(QueryError, match="files: the column 'Id' is int, not a text in base64"):
        list(client.rows("Orders", take=1, files=["Id"]))


def test_aware_date_times_have_their_amsterdam_offset(connectors: Connectors) -> None:
    winter, summer = read(connectors, where(F.Id.isin([1, 6])), Reading(aware=True))
    assert isinstance(winter["Since"], datetime.datetime)
    assert isinstance(summer["Since"], datetime.datetime)
    assert winter["Since"].isoformat() == "2024-02-01T10:00:00+01:00"
    assert summer["Since"].isoformat() == "2024-07-01T12:30:15+02:00"


@pytest.mark.parametrize("format_", ["jsonl", "csv", "xml"])
def test_an_aware_file_has_offsets_that_everybody_reads(connectors: Connectors, format_: str) -> None:
    """The same over both protocols: no offset with seconds for 1900, and the hours of clock changes as they stand."""
    with connectors.rows("Emulator_Types", Query(order_by=BY_ID, take=9), Reading(aware=True)) as rows:
        assert rows.fields is not None
        text = "".join(lines(format_, rows, rows.fields))
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+[+-][\d:]+", text) == [
        "2024-02-01T10:00:00+01:00",
        "2024-02-01T00:00:00+01:00",
        "2024-03-31T02:30:00+01:00",
        "2024-10-27T02:30:00+02:00",
        "2024-02-29T23:59:59+01:00",
        "1900-01-01T00:00:00+00:00",
        "2024-07-01T12:30:15+02:00",
    ]


@pytest.mark.parametrize("format_", ["jsonl", "json", "csv"])
def test_decimals_keep_a_point_in_files(connectors: Connectors, format_: str) -> None:
    """In every row, over both protocols, with all digits; whole numbers have none."""
    with connectors.rows("Emulator_Types", Query(order_by=BY_ID, take=12), Reading()) as rows:
        assert rows.fields is not None
        names = rows.fields.names
        text = "".join(lines(format_, rows, rows.fields))
    if format_ == "csv":
        columns = list(zip(*csv.reader(io.StringIO(text, newline="")), strict=True))
        amounts, wholes = (columns[names.index(name)][1:] for name in ("Amount", "Whole"))
    else:
        amounts, wholes = (re.findall(rf'"{name}":([^,]*)', text) for name in ("Amount", "Whole"))
    empty = "" if format_ == "csv" else "null"
    assert list(amounts) == [
        "-0.5", "0.5", "-1234567.89", "1234567890123456.7890123456", "0.0", "0.1", "0.3", empty, empty, "1.0", "100.0",
        "-100.0",
    ]  # fmt: skip
    assert not any("." in whole for whole in wholes)


def test_untyped_every_value_is_text_or_nothing(connectors: Connectors) -> None:
    records = read(connectors, Query(order_by=BY_ID, take=100), Reading(typed=False))
    assert {type(value) for record in records for value in record.values()} == {str, type(None)}
    assert [(each["Id"], each["City"], each["Note met blank"]) for each in records] == [
        (str(row[0]), row[1], row[6]) for row in ROWS
    ]


# --- filters ---

OPERATORS = [
    (Operator.EQUALS, "City", "EDE", [1, 2]),
    (Operator.EQUALS, "Amount", "10.500", [1, 5]),
    (Operator.EQUALS, "Open", "true", [1, 3, 6]),
    (Operator.EQUALS, "Since", "2024-07-01T12:30:15", [6]),
    (Operator.GREATER_OR_EQUAL, "Id", "4", [4, 5, 6]),
    (Operator.GREATER_OR_EQUAL, "Since", "2024-02-01T00:00:00", [1, 2, 5, 6]),
    (Operator.LESS_OR_EQUAL, "Id", "2", [1, 2]),
    (Operator.GREATER, "Amount", "10.5", [4]),
    (Operator.LESS, "Amount", "2", [2]),
    (Operator.CONTAINS, "City", "ME", [4]),
    (Operator.NOT_EQUAL, "City", "ede", [3, 4, 5, 6]),
    (Operator.EMPTY, "City", None, [5]),
    (Operator.EMPTY, "Since", None, [4]),
    (Operator.NOT_EMPTY, "City", None, [1, 2, 3, 4, 6]),
    (Operator.STARTS_WITH, "City", "eD", [1, 2, 6]),
    (Operator.NOT_CONTAINS, "City", "d", [3, 4, 5]),
    (Operator.NOT_STARTS_WITH, "City", "ed", [3, 4, 5]),
    (Operator.ENDS_WITH, "City", "E", [1, 2, 3]),
    (Operator.NOT_ENDS_WITH, "City", "e", [4, 5, 6]),
    (Operator.QUICK_FILTER, "City", "mers", [4]),
    # Values with the signs that lists and XML are made of.
    (Operator.EQUALS, "Note met blank", "a,b;c", [1]),
    (Operator.CONTAINS, "Note met blank", ",", [1]),
    (Operator.CONTAINS, "Note met blank", '<b> & "q"', [3]),
    (Operator.STARTS_WITH, "Note met blank", "é ☕ 𝄞", [6]),
    (Operator.ENDS_WITH, "Note met blank", " ", [5]),
    (Operator.EQUALS, "Note met blank", "50%", [4]),
]


def test_the_table_below_has_all_fifteen_operators() -> None:
    assert {int(operator) for operator, *_ in OPERATORS} == set(range(1, 16))


@pytest.mark.parametrize(("operator", "column", "value", "expected"), OPERATORS)
def test_operators(
    connectors: Connectors, operator: Operator, column: str, value: str | None, expected: list[int]
) -> None:
    query = Query(((Condition(column, operator, value),),), BY_ID, take=100)
    assert ids(connectors, query) == expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (Operator.STARTS_WITH, "ed%", [1, 2, 6]),
        (Operator.STARTS_WITH, "%d%", [1, 2, 6]),
        (Operator.CONTAINS, "e%", [1, 2, 3, 6]),
        (Operator.CONTAINS, "%e", [1, 2, 3]),
        (Operator.CONTAINS, "%d%", [1, 2, 6]),
        (Operator.ENDS_WITH, "%de", [1, 2]),
        (Operator.NOT_CONTAINS, "%d%", [3, 4, 5]),
        (Operator.NOT_STARTS_WITH, "%ed%", [3, 4, 5]),
        (Operator.NOT_STARTS_WITH, "ed%", [3, 4, 5]),
        (Operator.NOT_ENDS_WITH, "%de", [3, 4, 5, 6]),
        (Operator.NOT_EQUAL, "%de%", [3, 4, 5, 6]),
        (Operator.NOT_EQUAL, "ed%", [3, 4, 5]),
        (Operator.EQUALS, "ed%", []),
    ],
)
def test_a_percent_sign_at_an_end_is_a_wildcard(
    connectors: Connectors, operator: Operator, value: str, expected: list[int]
) -> None:
    """As other people's clients send it (profit-wire 15.1)."""
    assert ids(connectors, Query(((Condition("City", operator, value),),), BY_ID, take=100)) == expected
    xml = f'<Filters><Filter><Field FieldId="City" OperatorType="{int(operator)}">{value}</Field></Filter></Filters>'
    found = texts(ProfitClient(connectors).get_data("Orders", xml, 0, 100))
    assert sorted(str(text) for text in found) == [str(number) for number in expected]


PYTHONS: dict[str, Callable[[str, str], bool]] = {
    "contains": str.__contains__,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "__eq__": str.__eq__,
}


@pytest.mark.parametrize("value", ["50%", "%", "0%", "%50", "5%0", "_", "5_%", "50", "b;c", "a,b;c", "*", "?", "[5]"])
@pytest.mark.parametrize("asked", PYTHONS)
def test_an_expression_means_its_value_sign_by_sign_or_is_refused(
    connectors: Connectors, asked: str, value: str
) -> None:
    """Profit has no spelling for a percent sign that is no wildcard: the client sends none, and says so."""
    column = F["Note met blank"]
    if "%" in value:
        with pytest.raises(QueryError, match="pick the rows in your program"):
            # Equal takes the sign as it is, and its opposite does not.
            where(~getattr(column, asked)(value))
        if asked != "__eq__":
            return
    meant = [row[0] for row in ROWS if row[6] is not None and PYTHONS[asked](str(row[6]), value)]
    assert ids(connectors, where(getattr(column, asked)(value))) == meant
    if "%" not in value:
        others = [row[0] for row in ROWS if row[0] not in meant]
        assert ids(connectors, where(~getattr(column, asked)(value))) == others


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ((F.City == "Ede") & (F.Amount > 0), [1]),
        ((F.City == "Epe") | (F.City == "Edam"), [3, 6]),
        (((F.City == "Ede") & (F.Open == True)) | (F.Id >= 5) & (F.City == None), [1, 5]),  # noqa: E711, E712
        (((F.Id == 1) | (F.Id == 2)) & ((F.City == "Ede") & (F.Amount < 0)), [2]),
        (~((F.City == "Ede") | (F.Open == True)), [4, 5]),  # noqa: E712
        ((F["Note met blank"] == "a,b;c") | (F["Note met blank"] == "50%") & F.City.startswith("A"), [1, 4]),
        (F.Id.isin([2, 4, 6, 99]), [2, 4, 6]),
    ],
)
def test_and_within_a_filter_or_between_filters(
    connectors: Connectors, expression: Expression, expected: list[int]
) -> None:
    assert ids(connectors, where(expression)) == expected


# --- sort, skip and take ---


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ([Sort("Id")], [1, 2, 3, 4, 5, 6]),
        ([Sort("Id", True)], [6, 5, 4, 3, 2, 1]),
        ([Sort("City"), Sort("Id")], [5, 4, 6, 1, 2, 3]),
        ([Sort("City"), Sort("Id", True)], [5, 4, 6, 2, 1, 3]),
        ([Sort("City", True), Sort("Amount")], [3, 2, 1, 6, 4, 5]),
        ([Sort("Amount", True), Sort("Id", True)], [4, 5, 1, 6, 2, 3]),
        ([Sort("Open"), Sort("Since"), Sort("Id")], [4, 2, 5, 3, 1, 6]),
        ([Sort("Note met blank", True), Sort("Id")], [6, 3, 1, 4, 5, 2]),
    ],
)
def test_several_sort_fields_in_both_directions(
    connectors: Connectors, order_by: list[Sort], expected: list[int]
) -> None:
    assert ids(connectors, Query(order_by=tuple(order_by), take=100)) == expected


@pytest.mark.parametrize(
    ("skip", "take", "expected"),
    [
        (0, 2, [1, 2]),
        (2, 3, [3, 4, 5]),
        (5, 10, [6]),
        (6, 10, []),
        (1000, 1, []),
        (-1, -1, [1, 2, 3, 4, 5, 6]),
        (0, None, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_skip_and_take(connectors: Connectors, skip: int, take: int | None, expected: list[int]) -> None:
    assert ids(connectors, Query(order_by=BY_ID, skip=skip, take=take)) == expected


def test_no_rows_still_have_columns(connectors: Connectors) -> None:
    with connectors.rows("Orders", where(F.Id > 6)) as rows:
        assert rows.fields is not None
        assert rows.fields.names == NAMES
        assert list(rows) == []


def test_rows_that_are_let_go_of_half_way_disturb_nothing(connectors: Connectors) -> None:
    with connectors.rows("Orders", Query(order_by=BY_ID, take=100)) as rows:
        assert next(rows)["Id"] == 1
    with pytest.raises(QueryError, match="closed before their end"):
        list(rows)
    assert ids(connectors, Query(order_by=BY_ID, take=1)) == [1]


def test_rows_come_once(connectors: Connectors) -> None:
    with ProfitClient(connectors).rows("Orders", order_by=["Id"]) as rows:
        assert len(list(rows)) == len(ROWS)
        with pytest.raises(QueryError, match="read to their end"):
            list(rows)


def test_the_values_of_numpy_and_pandas_ask_for_the_same_rows(connectors: Connectors) -> None:
    assert ids(connectors, where(F.Id == np.int64(2))) == ids(connectors, where(F.Id == 2))
    moment = read(connectors, where(F.Id == 1))[0]["Since"]
    assert isinstance(moment, datetime.datetime)
    for value in (pd.Timestamp(moment), np.datetime64(moment, "ns"), pd.Timestamp(moment, tz="Europe/Amsterdam")):
        assert ids(connectors, where(F.Since == value)) == ids(connectors, where(F.Since == moment)) != []


def test_two_reads_may_be_open_at_once(connectors: Connectors) -> None:
    with (
        connectors.rows("Orders", Query(order_by=BY_ID, take=100)) as up,
        connectors.rows("Orders", Query(order_by=(Sort("Id", True),), take=100)) as down,
    ):
        assert [(one["Id"], other["Id"]) for one, other in zip(up, down, strict=True)] == [
            (1, 6), (2, 5), (3, 4), (4, 3), (5, 2), (6, 1),
        ]  # fmt: skip


# --- refusals ---


def test_an_unknown_connector(connectors: Connectors) -> None:
    """SOAP says so; REST does not tell it from one that is not in the app connector (profit-wire 3.6 and 7)."""
    expected = AccessDenied if isinstance(connectors, RestConnectors) else NotFound
    with pytest.raises(expected, match="Ordesr") as raised:
        connectors.rows("Ordesr", Query(take=1))
    assert raised.value.number == -2147180996
    with pytest.raises(expected, match="Ordesr"):
        connectors.fields("Ordesr")


@pytest.mark.parametrize(
    "query",
    [
        Query(((Condition("Cty", Operator.EQUALS, "Ede"),),), BY_ID, take=5),
        Query(order_by=(Sort("Cty"),), take=5),
    ],
    ids=["filter", "sort"],
)
def test_an_unknown_column_is_explained_the_same_by_every_client(connectors: Connectors, query: Query) -> None:
    """Before the columns are known, who answers decides whether it is refused by Profit or before it is asked."""
    with pytest.raises((QueryError, ProfitError)):
        read(connectors, query)
    client = ProfitClient(connectors)
    client.fields("Orders")
    with pytest.raises(QueryError, match=r"Orders has no column 'Cty'.* nearest: City"):
        client.rows("Orders", where=query.filters, order_by=query.order_by, take=5)


def test_a_take_below_zero_without_everything_is_profits_own_refusal(connectors: Connectors) -> None:
    """skip=2&take=-1 is AFAS' own example of an error, with this number (profit-wire 2.3)."""
    with pytest.raises(ProfitError, match="An unexpected error has occurred") as raised:
        read(connectors, Query(order_by=BY_ID, skip=2, take=-1))
    assert raised.value.number == -2147180999


# --- through the client ---


@pytest.mark.parametrize("size", [1, 2, 4, 6, 7])
def test_pages_of_any_size_give_the_same_rows(connectors: Connectors, size: int) -> None:
    by_skip = ProfitClient(connectors).rows("Orders", order_by=["Id"], page_size=size)
    assert [tuple(record.values()) for record in by_skip] == ROWS


@pytest.mark.parametrize("size", [2, 3, 6, 7])
def test_by_key_of_any_size_gives_the_same_rows(connectors: Connectors, size: int) -> None:
    client = ProfitClient(connectors)
    assert [tuple(record.values()) for record in client.rows("Orders", key="Id", page_size=size)] == ROWS
    raw = client.rows("Orders", key="Id", page_size=size, typed=False)
    assert [record["Id"] for record in raw] == ["1", "2", "3", "4", "5", "6"]


def test_a_text_key_goes_by_the_collation_of_the_database(connectors: Connectors) -> None:
    rows = ProfitClient(connectors).rows("Orders", key="City", page_size=3, where=F.City != None)  # noqa: E711
    cities = [str(record["City"]) for record in rows]
    assert sorted(cities) == ["Amersfoort", "Edam", "Ede", "Epe", "ede"]
    assert [city.lower() for city in cities] == ["amersfoort", "edam", "ede", "ede", "epe"]


def test_everything_in_one_call(connectors: Connectors) -> None:
    rows = ProfitClient(connectors).rows("Orders", everything=True, order_by=["-Id"])
    assert [record["Id"] for record in rows] == [6, 5, 4, 3, 2, 1]


# --- the SOAP operations ---


def texts(result: str, column: str = "Id") -> list[str | None]:
    root = ElementTree.fromstring(result)
    assert root.tag == "AfasGetConnector"
    return [row.findtext(column) for row in root.findall("Orders")]


def test_get_data_gives_the_result_text_with_its_schema(connectors: Connectors) -> None:
    result = ProfitClient(connectors).get_data("Orders", XML, 0, 100)
    assert sorted(str(text) for text in texts(result)) == ["1", "2", "6"]
    assert re.search(r"<xs:schema\b.*<xs:element name=\"Id\" type=\"xs:(int|long)\"", result, re.DOTALL)


def test_get_data_means_by_skip_and_take_what_soap_does(connectors: Connectors) -> None:
    client = ProfitClient(connectors)
    assert texts(client.get_data("Orders", None, 0, 0)) == []
    assert len(texts(client.get_data("Orders", None, -1, 0))) == 6
    assert len(texts(client.get_data("Orders", None, -1, -1))) == 6
    assert len(texts(client.get_data("Orders", None, 4, 100))) == 2


def test_get_data_with_options_sorts_and_leaves_out_the_schema(connectors: Connectors) -> None:
    options = """<options><Outputmode>1</Outputmode><Metadata>0</Metadata><Outputoptions>2</Outputoptions>
      <Index><Field FieldId="City" OperatorType="0"/><Field FieldId="Id" OperatorType="1"/></Index></options>"""
    client = ProfitClient(connectors)
    result = client.get_data_with_options("Orders", "", 0, 100, options)
    assert texts(result) == ["3", "1", "2", "6", "4", "5"]
    assert "schema" not in result
    pieces = client.get_data_with_options("Orders", "", 0, 100, options, stream=True)
    assert b"".join(pieces).decode() == result


@pytest.mark.parametrize("take", [0, 100])
def test_without_schema_and_rows_there_is_the_root_alone(connectors: Connectors, take: int) -> None:
    """A client of many years takes an entirely empty text for an error (profit-wire 15.5)."""
    nobody = '<Filters><Filter FilterId="F"><Field FieldId="City" OperatorType="1">Nergens</Field></Filter></Filters>'
    options = "<options><Outputmode>1</Outputmode><Metadata>0</Metadata><Outputoptions>2</Outputoptions></options>"
    client = ProfitClient(connectors)
    assert client.get_data_with_options("Orders", nobody, 0, take, options) == "<AfasGetConnector />\n"
    assert "<xs:schema" in client.get_data("Orders", nobody, 0, take)


@pytest.mark.parametrize(
    ("skip", "take", "inside", "rows"),
    [
        (0, 0, "<Skip>1</Skip><Take>2</Take>", 2),
        (0, 3, "<Skip>4</Skip><Take>1</Take>", 2),
        (2, 1, "<Skip>1</Skip><Take>5</Take>", 1),
        (0, 0, "<Skip>-1</Skip>", 6),
        (-5, 0, "", 6),
        (-5, 2, "", 2),
        (0, 0, "<Take>0</Take>", 0),
    ],
)
def test_skip_and_take_in_the_options_count_where_the_parameter_is_nought(
    connectors: Connectors, skip: int, take: int, inside: str, rows: int
) -> None:
    index = '<Index><Field FieldId="Id" OperatorType="1"/></Index>'
    options = f"<options><Metadata>0</Metadata>{inside}{index}</options>"
    result = ProfitClient(connectors).get_data_with_options("Orders", "", skip, take, options)
    assert len(texts(result)) == rows


def test_empty_fields_are_left_out_or_there_as_the_options_say(connectors: Connectors) -> None:
    options = "<options><Outputmode>1</Outputmode><Metadata>0</Metadata><Outputoptions>{}</Outputoptions></options>"
    only = '<Filters><Filter><Field FieldId="Id" OperatorType="1">4</Field></Filter></Filters>'
    client = ProfitClient(connectors)
    found = {}
    for number in (2, 3):
        result = client.get_data_with_options("Orders", only, 0, 9, options.format(number))
        (row,) = ElementTree.fromstring(result)
        found[number] = [element.tag for element in row]
    assert found[2] == ["Id", "City", "Amount", "Note_x0020_met_x0020_blank"]
    assert found[3] == ["Id", "City", "Amount", "Open", "Since", "File", "Note_x0020_met_x0020_blank", "Memo"]


def test_text_output_is_no_ones_here(connectors: Connectors) -> None:
    """Outputmode 2: Profit may have dropped it, the emulator refuses it, REST has no word for it."""
    call = GetData("Orders", None, 0, 1, "<options><Outputmode>2</Outputmode></options>")
    with pytest.raises((ProfitError, NotOffered)):
        list(connectors.get_data(call))
