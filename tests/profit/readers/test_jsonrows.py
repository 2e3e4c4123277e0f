"""Records from REST's rows: their columns in order, and a value of each type."""

import datetime
import json
import zoneinfo
from collections.abc import Iterable
from decimal import Decimal

import pytest

from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.rows import TYPED, Reading, Record

# The answer of profit-wire 3.3, with its layout.
PROJECTS = """{"skip":0,"take":2,"rows":[
  {"ProjectId":"910004","Description":"Inrichting webshop","UnitId":1,"CheckedOut":false,\
"DateStart":"2024-02-01T00:00:00Z","DateReady":null},
  {"ProjectId":"910005","Description":"Beheer 2024","UnitId":1,"CheckedOut":false,\
"DateStart":"2024-03-01T00:00:00Z","DateReady":null}]}
"""
PROJECT_FIELDS = Fields(
    "Profit_Projects",
    (
        Field("ProjectId"),
        Field("Description"),
        Field("UnitId", Kind.INT, "int"),
        Field("CheckedOut", Kind.BOOL, "boolean"),
        Field("DateStart", Kind.DATETIME, "date"),
        Field("DateReady", Kind.DATETIME, "date"),
    ),
)
PROJECT_RECORDS = [
    {
        "ProjectId": "910004",
        "Description": "Inrichting webshop",
        "UnitId": 1,
        "CheckedOut": False,
        "DateStart": datetime.datetime(2024, 2, 1),
        "DateReady": None,
    },
    {
        "ProjectId": "910005",
        "Description": "Beheer 2024",
        "UnitId": 1,
        "CheckedOut": False,
        "DateStart": datetime.datetime(2024, 3, 1),
        "DateReady": None,
    },
]
AB = Fields("X", (Field("A"), Field("B")))


def records(
    body: str | bytes | Iterable[bytes], fields: Fields | None = None, reading: Reading = TYPED
) -> list[Record]:
    """All records of the answer."""
    if isinstance(body, str):
        body = body.encode()
    return list(json_rows([body] if isinstance(body, bytes) else body, fields=fields, reading=reading))


def until_trouble(chunks: Iterable[bytes], fields: Fields | None = None) -> tuple[list[Record], AnswerError | None]:
    """The records before the trouble, and the trouble."""
    given: list[Record] = []
    try:
        for record in json_rows(chunks, fields=fields):
            given.append(record)
    except AnswerError as error:
        return given, error
    return given, None


def column(kind: Kind, declared: str = "", *, known: bool = True) -> Fields:
    return Fields("X", (Field("A", kind, declared or kind, known),))


class TestRecords:
    """What an answer as Profit writes it becomes."""

    def test_as_documented(self) -> None:
        """Typed, in column order, the Z dropped, null is None; the fields are those given."""
        rows = json_rows([PROJECTS.encode()], fields=PROJECT_FIELDS)
        assert rows.fields == PROJECT_FIELDS
        assert list(rows) == PROJECT_RECORDS

    @pytest.mark.parametrize(
        "body",
        [
            json.dumps(json.loads(PROJECTS)),
            json.dumps(json.loads(PROJECTS), separators=(",", ":")),
            json.dumps(json.loads(PROJECTS), indent=2),
            json.dumps(json.loads(PROJECTS), indent="\t").replace("\n", "\r\n"),
            "\ufeff" + PROJECTS,
            " \t\r\n" + PROJECTS + " \t\r\n" * 30_000,
        ],
        ids=["blanks", "one line", "pretty", "tabs and CRLF", "BOM", "white space around"],
    )
    def test_any_layout(self, body: str) -> None:
        """Profit 6 may print it prettily, Profit 7 writes one line."""
        assert records(body, PROJECT_FIELDS) == PROJECT_RECORDS

    @pytest.mark.parametrize(
        "body",
        [
            '{"rows":[{"A":"1"}]}',
            '{"rows":[{"A":"1"}],"skip":0,"take":-1}',
            '{"take":1,"more":{"rows":[{"A":"2"},{"A":"3"}],"x":"},{"},"rows":[{"A":"1"}],"end":[[1],{},"]}",null]}',
            '{"ro\\u0077s":[{"A":"1"}]}',
        ],
    )
    def test_members_in_any_order(self, body: str) -> None:
        """Others are passed over, whatever they hold."""
        assert records(body, column(Kind.TEXT)) == [{"A": "1"}]

    @pytest.mark.parametrize("body", ['{"skip":0,"take":0,"rows":[]}', '{"rows":[ \n ]}', '{"rows":[],"skip":{}}'])
    def test_no_rows(self, body: str) -> None:
        """Zero records, no error."""
        assert records(body, AB) == []
        assert records(body) == []

    def test_order_absent_and_empty(self) -> None:
        """Every column is there in column order; absent, null and "" are None."""
        body = '{"rows":[{"B":"2","A":"1"},{"B":"2"},{},{"A":"","B":null}]}'
        assert [list(record.items()) for record in records(body, AB)] == [
            [("A", "1"), ("B", "2")],
            [("A", None), ("B", "2")],
            [("A", None), ("B", None)],
            [("A", None), ("B", None)],
        ]

    def test_no_columns(self) -> None:
        """A connector without columns has empty rows."""
        assert records('{"rows":[{},{}]}', Fields("X", ())) == [{}, {}]

    def test_texts(self) -> None:
        """Escapes, characters beyond the BMP, quotes, backslashes, braces, and text that looks like rows."""
        text = 'é € 😀 \\ " / },{ }],[{ \u0000 \n \ud83c\udf68 <&> "\\'.replace("\ud83c\udf68", "🍨")
        for ascii_only in (True, False):
            body = json.dumps({"rows": [{"A": text, "B": text}] * 3}, ensure_ascii=ascii_only)
            assert records(body, AB) == [{"A": text, "B": text}] * 3

    def test_text_that_separates_rows(self) -> None:
        """A ``},{`` in a text, the last one of a piece too, with more rows behind it than a piece holds."""
        rows = [{"A": "},{" * (number % 50), "B": "x" * 300} for number in range(1000)]
        assert records(json.dumps({"rows": rows}, separators=(",", ":")), AB) == [
            {**row, "A": row["A"] or None} for row in rows
        ]

    def test_large_chunks_and_small_ones(self) -> None:
        """The records do not depend on how the bytes come in."""
        body = json.dumps({"rows": [{"A": str(number), "B": "é" * 50} for number in range(3000)]}).encode()
        expected = [{"A": str(number), "B": "é" * 50} for number in range(3000)]
        for size in (7, 1000, 65536, len(body)):
            chunks = [body[at : at + size] for at in range(0, len(body), size)]
            assert records([b"", *chunks, b""], AB) == expected


class TestTypes:
    """A value of each type, by name or by JSON's own."""

    @pytest.mark.parametrize(
        ("kind", "literal", "value"),
        [
            (Kind.TEXT, '"abc"', "abc"),
            (Kind.INT, "12", 12),
            (Kind.INT, "-7", -7),
            (Kind.INT, "12.0", 12),
            (Kind.INT, "1e3", 1000),
            (Kind.DECIMAL, "0.1", Decimal("0.1")),
            (Kind.DECIMAL, "12.50", Decimal("12.50")),
            (Kind.DECIMAL, "-5", Decimal(-5)),
            (Kind.DECIMAL, "1E+2", Decimal(100)),
            (
                Kind.DECIMAL,
                "1234567890123456789012345678.0123456789",
                Decimal("1234567890123456789012345678.0123456789"),
            ),
            (Kind.BOOL, "true", True),
            (Kind.BOOL, "false", False),
            (Kind.DATETIME, '"2024-02-01T10:11:12Z"', datetime.datetime(2024, 2, 1, 10, 11, 12)),
            (Kind.DATETIME, '"2024-02-01T10:11:12"', datetime.datetime(2024, 2, 1, 10, 11, 12)),
            (Kind.DATETIME, '"2024-02-01T10:11:12.5Z"', datetime.datetime(2024, 2, 1, 10, 11, 12, 500_000)),
            (Kind.DATE, '"2024-02-01T00:00:00Z"', datetime.date(2024, 2, 1)),
            (Kind.BYTES, '"AP8="', b"\x00\xff"),
            (Kind.BYTES, '"AP\\r\\n8="', b"\x00\xff"),
            *((kind, literal, None) for kind in Kind for literal in ("null", '""')),
        ],
    )
    def test_fits(self, kind: Kind, literal: str, value: object) -> None:
        """The value and its Python type."""
        for rows in (f'[{{"A":{literal}}}]', f'[{{}},{{"A":{literal}}}]'):
            found = records(f'{{"rows":{rows}}}', column(kind))[-1]["A"]
            assert found == value
            assert type(found) is type(value)

    @pytest.mark.parametrize(
        ("kind", "literal", "message"),
        [
            (Kind.TEXT, "17", "row 2, column A: a number is no text"),
            (Kind.TEXT, "true", "row 2, column A: a boolean is no text"),
            (Kind.TEXT, "[]", "row 2, column A: an object or array is no text"),
            (Kind.INT, '"geheim"', "row 2, column A: a text of 6 characters is no whole number"),
            (Kind.INT, "1.5", "row 2, column A: a number is no whole number"),
            (Kind.INT, "true", "row 2, column A: a boolean is no whole number"),
            (Kind.DECIMAL, '"1.5"', "row 2, column A: a text of 3 characters is no decimal"),
            (Kind.DECIMAL, "false", "row 2, column A: a boolean is no decimal"),
            (Kind.BOOL, "1", "row 2, column A: a number is no boolean"),
            (Kind.BOOL, '"true"', "row 2, column A: a text of 4 characters is no boolean"),
            (Kind.DATETIME, '"gisteren"', "row 2, column A: a text of 8 characters is no date-time"),
            (Kind.DATETIME, '"2024-02-30T00:00:00Z"', "row 2, column A: a text of 20 characters is no date-time"),
            (Kind.DATETIME, "20240201", "row 2, column A: a number is no text, so it is no datetime"),
            (Kind.DATETIME, "[]", "row 2, column A: an object or array is no text, so it is no datetime"),
            (Kind.DATETIME, '{"A":1}', "row 2, column A: an object or array is no text, so it is no datetime"),
            (Kind.DATE, '"2024-02-01T10:00:00Z"', "is a date-time that is not midnight, so it is no date"),
            (Kind.BYTES, '"*"', "row 2, column A: a text of 1 characters is no base64"),
            (Kind.BYTES, '{"x":1}', "row 2, column A: an object or array is no text, so it is no bytes"),
            (Kind.INT, '{"A":1}', "row 2, column A: an object or array is no whole number"),
        ],
    )
    def test_misfits(self, kind: Kind, literal: str, message: str) -> None:
        """Row, column and what it is, never the value; the rows before it are given."""
        body = f'{{"rows":[{{"A":null}},{{"A":{literal}}},{{"A":null}}]}}'.encode()
        given, error = until_trouble([body], column(kind))
        assert given == [{"A": None}]
        assert error is not None
        assert message in str(error)
        assert not isinstance(error, CutOff)

    @pytest.mark.parametrize(
        ("literal", "value"),
        [('"x"', "x"), ("12", "12"), ("12.50", "12.50"), ("true", "true"), ("false", "false"), ("null", None)],
    )
    def test_unknown_type_is_text(self, literal: str, value: str | None) -> None:
        """Whatever JSON makes of a type that no table knows, it is read as text."""
        assert records(f'{{"rows":[{{"A":{literal}}}]}}', column(Kind.TEXT, "money", known=False)) == [{"A": value}]

    @pytest.mark.parametrize("fields", [None, *(column(kind) for kind in Kind)])
    def test_as_it_came(self, fields: Fields | None) -> None:
        """``typed=False``: numbers with all their digits, booleans as words, date-times with their Z."""
        body = (
            '{"rows":[{"A":"x"},{"A":12},{"A":-0.50},{"A":1e400},{"A":true},{"A":false},{"A":null},{"A":""},'
            '{"A":"2024-02-01T10:00:00Z"}]}'
        )
        assert [record["A"] for record in records(body, fields, Reading(typed=False))] == [
            "x",
            "12",
            "-0.50",
            "1e400",
            "true",
            "false",
            None,
            None,
            "2024-02-01T10:00:00Z",
        ]
        with pytest.raises(AnswerError, match=r"row 1, column A: an object or array is"):
            records('{"rows":[{"A":[]}]}', fields, Reading(typed=False))

    def test_named_dates(self) -> None:
        """Columns named in the reading become dates, in ``fields`` too; other columns stay."""
        rows = json_rows([PROJECTS.encode()], fields=PROJECT_FIELDS, reading=Reading(dates=("DateStart", "UnitId")))
        assert rows.fields is not None
        assert rows.fields["DateStart"].kind is Kind.DATE
        assert rows.fields["UnitId"].kind is Kind.INT
        assert next(rows)["DateStart"] == datetime.date(2024, 2, 1)

    def test_named_files(self) -> None:
        """Texts become the bytes of which they are the base64, with columns that are known and without."""
        body = '{"rows":[{"A":"QUJD","B":"QUJD"},{"A":"","B":null}]}'
        known = Fields("X", (Field.from_metainfo("A", "blob"), Field.from_metainfo("B", "blob")))
        for fields in (known, None):
            first, second = records(body, fields, Reading(files=("A",)))
            assert first == {"A": b"ABC", "B": "QUJD"}
            assert second == {"A": None, "B": None}
            with pytest.raises(AnswerError, match=r"row 1, column A: a text of 13 characters is no base64"):
                records(
                    '{"rows":[{"A":"Bel Jan, meteen","B":""}]}'.replace(", meteen", " vlug!"),
                    fields,
                    Reading(files=("A",)),
                )

    def test_aware(self) -> None:
        """The Z is to be ignored: the time is Amsterdam's (profit-wire 3.3)."""
        (first, _) = records(PROJECTS, PROJECT_FIELDS, Reading(aware=True))
        amsterdam = zoneinfo.ZoneInfo("Europe/Amsterdam")
        assert first["DateStart"] == datetime.datetime(2024, 2, 1, tzinfo=amsterdam)
        assert isinstance(first["DateStart"], datetime.datetime)
        assert first["DateStart"].utcoffset() == datetime.timedelta(hours=1)

    def test_json_s_own_types(self) -> None:
        """Without fields: the columns that stand in the row; exactly a date-time with Z is one, all else stays."""
        body = """{"rows":[{"B":1,"A":1.50,"C":true,"D":"2024-02-01T10:00:00Z","E":null,"F":""},
            {"A":"2024-02-01T10:00:00","B":"2024-02-30T10:00:00Z","C":"Z","D":"1Z","E":"x 2024-02-01T10:00:00Z"},{}]}"""
        rows = json_rows([body.encode()], fields=None)
        assert rows.fields is None
        assert [list(record.items()) for record in rows] == [
            [
                ("B", 1),
                ("A", Decimal("1.50")),
                ("C", True),
                ("D", datetime.datetime(2024, 2, 1, 10)),
                ("E", None),
                ("F", None),
            ],
            [
                ("A", "2024-02-01T10:00:00"),
                ("B", "2024-02-30T10:00:00Z"),
                ("C", "Z"),
                ("D", "1Z"),
                ("E", "x 2024-02-01T10:00:00Z"),
            ],
            [],
        ]

    def test_json_s_own_types_with_dates(self) -> None:
        """A named column is a date without fields too; a zone is given on request."""
        body = '{"rows":[{"A":"2024-07-01T00:00:00Z","B":"2024-07-01T00:00:00Z"},{"A":null}]}'
        first, second = records(body, None, Reading(dates=("A",), aware=True))
        assert first["A"] == datetime.date(2024, 7, 1)
        assert isinstance(first["B"], datetime.datetime)
        assert first["B"].utcoffset() == datetime.timedelta(hours=2)
        assert second == {"A": None}
        with pytest.raises(AnswerError, match=r"row 1, column A: .* not midnight"):
            records('{"rows":[{"A":"2024-07-01T10:00:00Z"}]}', None, Reading(dates=("A",)))
        with pytest.raises(AnswerError, match=r"row 1, column A: an object or array"):
            records('{"rows":[{"A":{"B":1}}]}')


@pytest.mark.parametrize(
    ("document", "take", "refused"),
    [
        ('{"skip":0,"take":2,"rows":[{"A":1},{"A":2}]}', 5, True),
        ('{"rows":[{"A":1},{"A":2}],"take":2}', 5, True),
        ('{"skip":0,"take":2,"rows":[{"A":1},{"A":2}]}', 2, False),
        ('{"skip":0,"take":5,"rows":[{"A":1},{"A":2}]}', 5, False),
        # Fewer rows than the limit that was applied: the data is at its end.
        ('{"skip":0,"take":3,"rows":[{"A":1},{"A":2}]}', 5, False),
        ('{"skip":0,"take":"2","rows":[{"A":1},{"A":2}]}', 5, False),
        ('{"rows":[{"A":1},{"A":2}]}', 5, False),
        ('{"skip":-1,"take":-1,"rows":[{"A":1},{"A":2}]}', -1, False),
        ('{"skip":0,"take":2,"rows":[{"A":1},{"A":2}]}', None, False),
    ],
)
def test_a_limit_that_profit_applied_by_itself_is_no_end_of_the_data(document: str, take: int, refused: bool) -> None:
    """A full page of its own making would look like a short page of ours, and what is behind it be lost."""
    rows = json_rows([document.encode()], fields=Fields("X", (Field("A", Kind.INT, "int"),)), take=take)
    if refused:
        with pytest.raises(AnswerError, match="gives 2 at most"):
            list(rows)
    else:
        assert list(rows) == [{"A": 1}, {"A": 2}]
