"""One page asked again, and end to end: whatever breaks half-way, each row comes once."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from afas_soap.client import ProfitClient
from afas_soap.emulator.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.faults import parse_fault
from afas_soap.emulator.serve import Server, serve
from afas_soap.errors import AnswerError, CutOff
from afas_soap.onepage import one_page
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.rows import Record, Rows

FIELDS = Fields("X", (Field("Id"),))


class Pages:
    """Answers that begin with these rows; ``None`` is where one is cut off."""

    def __init__(self, *answers: list[str | None]) -> None:
        self.answers = list(answers)
        self.columns: list[tuple[Fields | None, bool]] = []

    def ask(self) -> AbstractContextManager[Rows]:
        answer = self.answers.pop(0)
        return contextlib.nullcontext(Rows(FIELDS if answer else None, self._records(answer)))

    def _records(self, answer: list[str | None]) -> Iterator[Record]:
        for name in answer:
            if name is None:
                raise CutOff("too short")
            yield {"Id": name}

    def note(self, fields: Fields | None, *, empty: bool) -> None:
        self.columns.append((fields, empty))

    def read(self) -> list[object]:
        return [record["Id"] for record in one_page(self.ask, self.note)]


def test_the_columns_are_told_before_the_first_row_and_with_each_answer() -> None:
    pages = Pages(["a", None], ["a", "b"])
    reading = one_page(pages.ask, pages.note)
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
            return [row["DebtorId"] for row in profit.rows("Profit_Debtor", page_size=60, **sort)]  # type: ignore[arg-type]

        whole = ids()
        for text in faults:
            emulator.faults.add(parse_fault(text))
        assert ids() == whole
    assert len(emulator.faults) == 0
    assert len(set(whole)) == len(whole) > 100


METAINFO = (
    b'{"name":"X","description":"","fields":[{"id":"Id","fieldId":"U001","dataType":"int","label":"","length":9}]}'
)
WHOLE = b'{"skip":0,"take":9,"rows":[{"Id":1},{"Id":2},{"Id":3}]}'


def _answer(listener: socket.socket, *bodies: bytes) -> None:
    """One answer for each connection, without a length: it ends where the connection does."""
    for body in bodies:
        connection, _ = listener.accept()
        with connection:
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" + body)


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
