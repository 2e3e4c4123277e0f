"""One page asked again, and end to end: whatever breaks half-way, each row comes once."""

from __future__ import annotations

import contextlib
import itertools
import logging
import socket
import threading
import zoneinfo
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import pytest

from afas_soap.client import ProfitClient
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.faults import parse_fault
from afas_soap.emulator.http.serve import Server, serve
from afas_soap.errors import AnswerError, CutOff
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.rows import Record, Rows
from afas_soap.reading.page import one_page

FIELDS = Fields("X", (Field("Id"),))
FILES = Fields("X", (Field("Id", Kind.BYTES, "blob"),))
AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")
CUT = object()


class Pages:
    """Answers that begin with these values, or rows; ``None`` or ``CUT`` is where one is cut off."""

    def __init__(self, *answers: list[Any], fields: Fields | None = FIELDS) -> None:
        self.answers = list(answers)
        self.fields = fields
        self.columns: list[tuple[Fields | None, bool]] = []

    def ask(self) -> AbstractContextManager[Rows]:
        answer = self.answers.pop(0)
        return contextlib.nullcontext(Rows(self.fields if answer else None, self._records(answer)))

    def _records(self, answer: list[Any]) -> Iterator[Record]:
        for value in answer:
            if value is None or value is CUT:
                raise CutOff("too short")
            yield value if isinstance(value, dict) else {"Id": value}

    def note(self, fields: Fields | None, *, empty: bool) -> None:
        self.columns.append((fields, empty))

    def read(self) -> list[object]:
        return [record["Id"] for record in self.one_page()]

    def one_page(self) -> Iterator[Record]:
        """Row by row."""
        return itertools.chain.from_iterable(one_page(self.ask, self.note))


def test_the_columns_are_told_before_the_first_row_and_with_each_answer() -> None:
    pages = Pages(["a", None], ["a", "b"])
    reading = pages.one_page()
    assert pages.columns == []
    assert next(reading) == {"Id": "a"}
    assert pages.columns == [(FIELDS, False)]
    assert list(reading) == [{"Id": "b"}]
    assert pages.columns == [(FIELDS, False)] * 2


def test_an_answer_without_rows_is_told_as_empty() -> None:
    pages = Pages([])
    assert pages.read() == []
    assert pages.columns == [(None, True)]


def test_asked_again_a_page_may_end_where_it_was_cut_off() -> None:
    pages = Pages(["a", "b", None], ["a", "b"])
    assert pages.read() == ["a", "b"]
    assert pages.columns[-1] == (FIELDS, False)


def test_an_answer_cut_off_among_the_rows_already_given_is_one_more_break() -> None:
    assert Pages(["a", "b", None], ["a", None], ["a", "b", "c"]).read() == ["a", "b", "c"]


def test_rows_in_another_order_are_other_rows() -> None:
    with pytest.raises(AnswerError, match="cut off after 2 rows"):
        Pages(["a", "b", None], ["b", "a", "c"]).read()


NEXT_TO_EQUAL = [
    (-1, -2),
    (Decimal("-1.00"), Decimal("-2.00")),
    (0, 2**61 - 1),
    (1, True),
    (1, Decimal(1)),
    (1, "1"),
    (True, "True"),
    (Decimal("1.0"), Decimal("1.00")),
    (Decimal("1"), "Decimal('1')"),
    ("a", b"a"),
    ("", 0),
    (b"", 0),
    ("", {"Id": None}),
    ("None", {"Id": None}),
    # What hash(None) is from Python 3.12 on.
    (0xFCA86420, {"Id": None}),
    (datetime(2024, 2, 1), date(2024, 2, 1)),
    # The hour that does not exist, and the one behind it: the same instant.
    (datetime(2024, 3, 31, 2, 30, tzinfo=AMSTERDAM), datetime(2024, 3, 31, 3, 30, tzinfo=AMSTERDAM)),
    ({"Id": "a", "B": "b"}, {"Id": "b", "B": "a"}),
    ({"Id": None, "B": "b"}, {"Id": "b", "B": None}),
]


@pytest.mark.parametrize("fields", [FIELDS, FILES, None], ids=["columns", "files", "no schema"])
@pytest.mark.parametrize(("one", "other"), NEXT_TO_EQUAL, ids=repr)
def test_rows_that_python_takes_for_the_same_are_other_rows(one: object, other: object, fields: Fields | None) -> None:
    """``hash(-1) == hash(-2)``, and what compares equal has one hash whatever a reader sees."""
    for first, second in ((one, other), (other, one)):
        with pytest.raises(AnswerError, match="cut off after 1 rows"):
            Pages([first, CUT], [second, "c"], fields=fields).read()
        assert Pages([first, CUT], [first, "c"], fields=fields).read()[1:] == ["c"]


def test_without_a_schema_the_column_that_a_value_stands_in_counts() -> None:
    with pytest.raises(AnswerError, match="cut off after 1 rows"):
        Pages([{"Id": "x", "A": "y"}, CUT], [{"Id": "x", "B": "y"}], fields=None).read()


def test_fewer_rows_than_were_given_are_other_rows() -> None:
    with pytest.raises(AnswerError, match="cut off after 2 rows"):
        Pages(["a", "b", None], ["a"]).read()


def test_who_changes_the_rows_it_gets_changes_nothing_of_what_must_come_again() -> None:
    reading = Pages(["a", "b", None], ["a", "b", "c"]).one_page()
    for record in reading:
        last = dict(record)
        record.clear()
    assert last == {"Id": "c"}


def test_asking_again_is_logged_without_a_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="afas_soap.rows"):
        Pages(["geheim", None], ["geheim"]).read()
    assert "after 1 rows" in caplog.text
    assert "geheim" not in caplog.text


# --- end to end ---


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """A Profit in which things go wrong on demand."""
    app = Emulator()
    yield app
    app.close()


@pytest.fixture(scope="module")
def server(emulator: Emulator) -> Iterator[Server]:
    """Its port."""
    with serve(emulator) as running:
        yield running


@pytest.mark.parametrize(
    "faults",
    [["cut:300"], ["cut:6000", "reset:7000"], ["cut:6000,framing=length", "cut:7000,framing=length"], ["reset"]],
    ids=" ".join,
)
@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize("by", ["order_by", "key"])
def test_whatever_breaks_each_row_comes_once(
    emulator: Emulator, server: Server, protocol: str, faults: list[str], by: str
) -> None:
    with ProfitClient.connect(
        protocol=protocol, soap_url=server.soap_url, rest_url=server.rest_url, token=DEMO_TOKEN
    ) as profit:

        def ids() -> list[object]:
            sort = {"key": "DebtorId"} if by == "key" else {"order_by": ["DebtorId"]}
            return [row["DebtorId"] for row in profit.rows("Profit_Debtor", page_size=60, **sort)]

        whole = ids()
        for text in faults:
            emulator.faults.add(parse_fault(text))
        assert ids() == whole
    assert len(emulator.faults) == 0
    assert len(set(whole)) == len(whole) > 100


def _soap(rows: str) -> bytes:
    schema = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
        '<xs:choice maxOccurs="unbounded"><xs:element name="X"><xs:complexType><xs:sequence>'
        '<xs:element name="Amt" type="xs:decimal" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>'
        "</xs:choice></xs:complexType></xs:element></xs:schema>"
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
        '<soap:Body><GetDataWithOptionsResponse xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>'
        + escape(f"<AfasGetConnector>{schema}{rows}")
    ).encode()


SOAP_END = (
    escape("</AfasGetConnector>").encode()
    + b"</GetDataWithOptionsResult></GetDataWithOptionsResponse></soap:Body></soap:Envelope>"
)
AMOUNTS = (
    b'{"name":"X","description":"","fields":[{"id":"Amt","fieldId":"U001","dataType":"decimal","label":"","length":9}]}'
)
METAINFO = (
    b'{"name":"X","description":"","fields":[{"id":"Id","fieldId":"U001","dataType":"int","label":"","length":9}]}'
)
WHOLE = b'{"skip":0,"take":9,"rows":[{"Id":1},{"Id":2},{"Id":3}]}'


def _answer(listener: socket.socket, *bodies: bytes) -> None:
    """One answer for each connection, without a length: it ends where the connection does."""
    for body in bodies:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as request:
            length = 0
            while (line := request.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            request.read(length)
            kind = b"text/xml" if body.startswith(b"<") else b"application/json"
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\nConnection: close\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (WHOLE, [1, 2, 3]),
        (b'{"skip":0,"take":9,"rows":[{"Id":1},{"Id":2}]}', [1, 2]),
        (b'{"skip":0,"take":9,"rows":[{"Id":2},{"Id":3}]}', None),
    ],
    ids=["whole", "ends there", "begins otherwise"],
)
def test_an_answer_that_ends_too_soon_as_if_it_were_whole(again: bytes, expected: list[int] | None) -> None:
    """Nothing on the way tells that it is not whole; only its rows do."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer, args=(listener, METAINFO, WHOLE[:45], again))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with ProfitClient.connect(protocol="rest", rest_url=url, token="0" * 64) as profit:
            rows = profit.rows("X", order_by=["Id"], page_size=9)
            if expected is None:
                with pytest.raises(AnswerError, match="data changed"):
                    list(rows)
            else:
                assert [row["Id"] for row in rows] == expected
        thread.join()


def _amounts(protocol: str, *amounts: str, whole: bool) -> bytes:
    if protocol == "rest":
        rows = ",".join(f'{{"Amt":{amount}}}' for amount in amounts)
        return f'{{"skip":0,"take":9,"rows":[{rows}'.encode() + (b"]}" if whole else b",")
    return _soap("".join(f"<X><Amt>{amount}</Amt></X>" for amount in amounts)) + (SOAP_END if whole else b"")


@pytest.mark.parametrize("protocol", ["soap", "rest"])
@pytest.mark.parametrize(("before", "after"), [("-1.00", "-2.00"), ("0", "2305843009213693951"), ("1.0", "1.00")])
@pytest.mark.parametrize("by", [{"order_by": ["Amt"]}, {"take": 5}, {}], ids=["sorted", "one page", "unsorted"])
def test_an_amount_with_the_hash_of_another_is_another_row(
    protocol: str, before: str, after: str, by: dict[str, Any]
) -> None:
    """Asked again the page begins with another amount: the data changed, and a row would be given twice or never."""
    answers = [_amounts(protocol, before, whole=False), _amounts(protocol, after, "5", whole=True)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bodies = [AMOUNTS, *answers] if protocol == "rest" else answers
        thread = threading.Thread(target=_answer, args=(listener, *bodies))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        profit = ProfitClient.connect(protocol=protocol, rest_url=url, soap_url=url, token="0" * 64)
        with profit, pytest.raises(AnswerError, match="cut off after 1 rows"):
            list(profit.rows("X", page_size=9, **by))
        thread.join()
