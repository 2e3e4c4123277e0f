"""The bytes of a REST answer as they come: what is no answer, values without end, and rows before the rest is there."""

import json
import re
import tracemalloc
from collections.abc import Iterable, Iterator

import pytest

from afas_soap.errors import AnswerError, CutOff, QueryError
from afas_soap.profit.fields import Field, Fields, Kind
from afas_soap.profit.readers.jsonrows import json_rows
from afas_soap.profit.rows import TYPED, Reading, Record

AB = Fields("X", (Field("A"), Field("B")))


def records(
    body: str | bytes | Iterable[bytes], fields: Fields | None = None, reading: Reading = TYPED
) -> list[Record]:
    """All records of the answer."""
    if isinstance(body, str):
        body = body.encode()
    return list(json_rows([body] if isinstance(body, bytes) else body, fields=fields, reading=reading))


def column(kind: Kind, declared: str = "", *, known: bool = True) -> Fields:
    return Fields("X", (Field("A", kind, declared or kind, known),))


class TestNoAnswer:
    """What is no answer of a GetConnector: an error that says so, never fewer rows."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (b"", "the answer is empty"),
            (b" \r\n", "the answer is empty"),
            (b"\xef\xbb\xbf", "the answer is empty"),
            (b"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"),
            (b"\n<HTML>", "HTML"),
            (b'<?xml version="1.0"?><soap:Envelope/>', "XML"),
            (b"<AfasGetConnector/>", "XML"),
            (b"[1]", "array"),
            (b"Service unavailable", "no JSON"),
            (b'"rows"', "no JSON"),
            (b"{}", '"rows"'),
            (b'{"message":5}', '"rows"'),
            (b'{"rows":null}', "no array"),
            (b'{"rows":{"A":1}}', "no array"),
            (b'{"rows":[],"rows":[]}', "twice"),
            (b'{"rows":[1]}', "row 1 is no object"),
            (b'{"rows":[{"A":"1","B":"2"},[]]}', "row 2 is no object"),
            (b'{"rows":[{"A":"1","B":"2"},null,{}]}', "row 2 is no object"),
            (b'{"rows":[{"A":"1","C":"2"}]}', "row 1: column C is not"),
            (b'{"rows":[{"A":"1","B":"2"},{"A":"1","B":"2","C":"3"}]}', "row 2: column C is not"),
            (b'{"rows":[{"A":"1","A":"2"}]}', "row 1: column A stands in it twice"),
            (b'{"rows":[{"A":"1","B":"2","A":"1"}]}', "row 1: column A stands in it twice"),
            (b'{"rows":[{"A":"1","B":"2","\\u0041":null}]}', "row 1: column A stands in it twice"),
            (b'{"rows":[{"A":"\\"","B":"\\"","A":"\\""}]}', "row 1: column A stands in it twice"),
            (b'{"rows":[{"A":"1","B":"2"},{"A":"\\\\","B":"2","B":"\\\\\\""}]}', "row 2: column B stands in it twice"),
            (b'{"rows":[]}x', "behind its end"),
            (b'{"rows":[]}{"rows":[]}', "behind its end"),
            (b'{"rows":[]},', "behind its end"),
            (b'{"rows":[]}\x00', "behind its end"),
        ],
    )
    def test_said_what_it_is(self, body: bytes, message: str) -> None:
        """In one readable sentence."""
        with pytest.raises(AnswerError, match=re.escape(message)) as caught:
            records(body, AB)
        assert not isinstance(caught.value, CutOff)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"rows":[}',
            b'{"rows":[,]}',
            b'{"rows":[{},]}',
            b'{"rows":[{}:{}]}',
            b'{"rows":[{} {}]}',
            b'{"rows":[{}]]}',
            b'{"rows":[{}}}',
            b'{"rows":[{"A"}]}',
            b'{"rows":[{"A":}]}',
            b'{"rows":[{"A":1,}]}',
            b'{"rows":[{A:1}]}',
            b"{'rows':[]}",
            b'{"skip":0,}',
            b'{"skip"}',
            b'{"skip":01,"rows":[]}',
            b'{"skip":-,"rows":[]}',
            b'{"skip":"\t","rows":[]}',
            b'{"skip":0 "rows":[]}',
            b'{"skip":0]',
            b'{"skip":0:"rows"}',
            b'{"rows":[{"A":"\x01"}]}',
            b'{"rows":[{"A":"a\nb"}]}',
            b'{"rows":[{"A":"\\x"}]}',
            b'{"rows":[{"A":"\\u12g4"}]}',
            b'{"rows":[{"A":NaN}]}',
            b'{"rows":[{"A":Infinity}]}',
            b'{"rows":[{"A":-Infinity}]}',
            b'{"skip":NaN,"rows":[]}',
            b'{"rows":[{"A":.5}]}',
            b'{"rows":[{"A":+1}]}',
            b'{"rows":[{"A":TRUE}]}',
            b'{"rows":[{"A":"\\ud800"}]}',
            b'{"rows":[{"A":"\\uDC00\\uD800"}]}',
            b'{"rows":[{"\\ud800":"A"}]}',
            b'{"rows":[{"A":"\xff"}]}',
            b'{"rows":[{"A":"\xed\xa0\x80"}]}',
            b'{"rows":[{"A":"\xc3"}]}',
            b"\xff\xfe{\x00}\x00",
            b'{"rows":[{"A":' + b"[" * 100_000 + b"]" * 100_000 + b"}]}",
            b'{"x":' + b'{"x":' * 100_000 + b"1" + b"}" * 100_000 + b',"rows":[]}',
            b'{"rows":[{"A":1e99999999}]}',
            b'{"rows":[{"A":1e999999999999999999999}]}',
            b'{"rows":[{"A":1e-99999999}]}',
            b'{"rows":[{"A":' + b"1" * 5000 + b"}]}",
        ],
    )
    @pytest.mark.parametrize("fields", [None, AB, column(Kind.DECIMAL)], ids=["own", "texts", "decimal"])
    @pytest.mark.parametrize("before", [b"", b'{"A":null},'], ids=["first", "second"])
    def test_refused(self, body: bytes, fields: Fields | None, before: bytes) -> None:
        """Not JSON, or JSON that cannot be a value: refused wherever it stands."""
        body = body.replace(b'"rows":[', b'"rows":[' + before)
        with pytest.raises(AnswerError) as caught:
            records(body, fields)
        assert not isinstance(caught.value, CutOff)
        # A byte at a time, or so that a long one comes in some hundred pieces.
        size = max(1, len(body) // 300)
        with pytest.raises(AnswerError) as caught:
            records((body[at : at + size] for at in range(0, len(body), size)), fields)
        assert not isinstance(caught.value, CutOff)

    def test_cut_off_within_what_no_reader_takes(self) -> None:
        """What is missing would not mend it."""
        for piece in (100_015, 997):
            body = b'{"rows":[{"A":' + b"[" * 100_000
            with pytest.raises(AnswerError, match="no well-formed JSON") as caught:
                records((body[at : at + piece] for at in range(0, len(body), piece)), AB)
            assert not isinstance(caught.value, CutOff)

    def test_a_page_is_known_by_its_beginning_in_whatever_chunks(self) -> None:
        with pytest.raises(AnswerError, match="an HTML page"):
            records([b"\xef\xbb\xbf", b"<", b"!DOC", b"type", b" html><html>"])

    def test_an_answer_that_ends_within_a_character(self) -> None:
        """Behind its end, where nothing stands any more, too."""
        for body in (b'{"rows":[{"A":"\xc3', b'{"rows":[]}\xe2\x82'):
            with pytest.raises(CutOff, match="within a character"):
                records(body)

    def test_names_are_said_briefly(self) -> None:
        """A column that is not in the fields may have any name."""
        with pytest.raises(AnswerError) as caught:
            records('{"rows":[{"' + "x" * 100_000 + '":1}]}', AB)
        assert len(str(caught.value)) < 300
        with pytest.raises(AnswerError, match="column"):
            records('{"rows":[{"a\\nb\\u001b":1}]}', AB)

    def test_errors_name_the_connector(self) -> None:
        """The connector asked for stands in the error, not its values in the message."""
        rows = json_rows([b'{"rows":[{"A":17,"B":"geheim"}]}'], fields=AB, connector="Profit_Debtor")
        with pytest.raises(AnswerError) as caught:
            list(rows)
        assert caught.value.connector == "Profit_Debtor"
        assert "17" not in str(caught.value)
        assert "geheim" not in str(caught.value)


class TestLargeValues:
    """``max_value`` is the limit of one value, in bytes."""

    @pytest.mark.parametrize("fields", [None, AB])
    @pytest.mark.parametrize("text", ["x" * 1000, "é" * 500, "\n" * 1000, "€" * 333 + "x"])
    def test_limit(self, fields: Fields | None, text: str) -> None:
        """Exactly the limit is read, one byte less is refused, however it is spelt; other values do not count."""
        for ascii_only in (True, False):
            body = json.dumps({"rows": [{"A": text, "B": text[:300]}, {"A": "1", "B": text}]}, ensure_ascii=ascii_only)
            chunks = [body.encode()[at : at + 64] for at in range(0, len(body.encode()), 64)]
            for parts in ([body.encode()], chunks):
                assert len(records(parts, fields, Reading(max_value=1000))) == 2
                with pytest.raises(AnswerError, match=r"row 1.*max_value \(999 bytes\)"):
                    records(parts, fields, Reading(max_value=999))

    def test_refused_before_it_is_read(self) -> None:
        """A value without end is not waited for."""

        def endless() -> Iterator[bytes]:
            yield b'{"rows":[{"A":"1","B":"2"},{"A":"'
            for _ in range(200):
                yield b"x" * 1000
            pytest.fail("read on")

        rows = json_rows(endless(), fields=AB, reading=Reading(max_value=10_000))
        assert next(rows) == {"A": "1", "B": "2"}
        with pytest.raises(AnswerError, match=r"row 2.*max_value"):
            next(rows)

    def test_large_value_in_small_chunks(self) -> None:
        """16 MiB in 4 KiB chunks are read once, not once a chunk."""
        value = "0123456789abcde\n" * 2**20
        body = json.dumps({"skip": 0, "rows": [{"A": value, "B": None}]}).encode()
        chunks = (body[at : at + 4096] for at in range(0, len(body), 4096))
        assert records(chunks, AB) == [{"A": value, "B": None}]


class TestStream:
    """Rows come as the bytes come, and the bytes are let go."""

    def test_first_row_before_the_rest(self) -> None:
        """A row is given before bytes behind it are asked for, from the first one on."""
        asked: list[int] = []

        def chunks() -> Iterator[bytes]:
            for number, chunk in enumerate([b'{"rows":[{"A":"1","B":"2"},{"A"', b':"3","B":"4"},', b"{}]}"]):
                asked.append(number)
                yield chunk

        rows = json_rows(chunks(), fields=AB)
        assert asked == []
        assert next(rows) == {"A": "1", "B": "2"}
        assert asked == [0]
        assert next(rows) == {"A": "3", "B": "4"}
        assert asked == [0, 1]
        assert list(rows) == [{"A": None, "B": None}]

    def test_close(self) -> None:
        """Closes what gives the bytes, once; also when it has no close, and when nothing was read."""
        closed: list[str] = []

        def chunks() -> Iterator[bytes]:
            try:
                yield b'{"rows":[{"A":"1","B":"2"},'
                yield b'{"A":"3","B":"4"}]}'
            finally:
                closed.append("closed")

        rows = json_rows(chunks(), fields=AB)
        next(rows)
        rows.close()
        rows.close()
        assert closed == ["closed"]
        with pytest.raises(QueryError, match="closed before their end"):
            list(rows)
        json_rows([b""], fields=AB).close()
        json_rows(chunks(), fields=AB).close()

    def test_trouble_below_goes_through(self) -> None:
        """An error of the connection stays what it is, behind the rows that were whole."""

        def chunks() -> Iterator[bytes]:
            yield b'{"rows":[{"A":"1","B":"2"},{"A":"3","B":"4"}'
            raise ConnectionResetError

        rows = json_rows(chunks(), fields=AB)
        assert next(rows) == {"A": "1", "B": "2"}
        with pytest.raises(ConnectionResetError):
            list(rows)

    @pytest.mark.no_cover
    @pytest.mark.parametrize("chunk", [1000, 65536, 2**24])
    def test_memory_does_not_grow(self, chunk: int) -> None:
        """Four thousand rows of 700 bytes take less than 2 MB beyond what was handed over."""
        row = json.dumps({"A": "é" * 100, "B": "x" * 480})
        body = f'{{"rows":[{",".join([row] * 4_000)}]}}'.encode()
        chunks = (body[at : at + chunk] for at in range(0, len(body), chunk))
        next(json_rows([body[:5000]], fields=AB))
        tracemalloc.start()
        try:
            count = sum(1 for _ in json_rows(chunks, fields=AB))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert count == 4_000
        assert peak < 2_000_000 + chunk

    @pytest.mark.parametrize("wrong", [b'{"A":"x"y","B":"z"}', b'{"A":"x","B":"z"', b'{"A":["z"}', b'{"A":"x,"B":"z"}'])
    def test_a_wrong_row_does_not_swallow_the_rest(self, wrong: bytes) -> None:
        """A quote or bracket too many or too few turns strings inside out: found out soon, not at the end."""
        row = json.dumps({"A": "Jansen", "B": "x" * 500}).encode()

        def chunks() -> Iterator[bytes]:
            yield b'{"rows":[' + row + b"," + wrong
            for _ in range(40):
                yield (b"," + row) * 120
            pytest.fail("read on")

        rows = json_rows(chunks(), fields=AB)
        assert next(rows)["A"] == "Jansen"
        with pytest.raises(AnswerError, match="no well-formed JSON, behind row 1"):
            next(rows)

    def test_a_long_row_is_no_wrong_row(self) -> None:
        """Looked at on the way, and read to its end."""
        row = {"A": "é" * 2**20, "B": "\n" * 2**20}
        body = json.dumps({"rows": [row, row]}).encode()
        assert records((body[at : at + 50_000] for at in range(0, len(body), 50_000)), AB) == [row, row]

    def test_memory_with_every_mixture_of_types(self) -> None:
        """Empty here and there in every combination: nothing is kept for each combination."""
        fields = Fields("X", tuple(Field(f"C{number}", Kind.INT, "int") for number in range(13)))

        def row(number: int) -> str:
            return json.dumps({f"C{bit}": bit if number >> bit & 1 else None for bit in range(13)})

        body = f'{{"rows":[{",".join(map(row, range(2**13)))}]}}'.encode()
        tracemalloc.start()
        try:
            assert sum(1 for _ in json_rows([body], fields=fields)) == 2**13
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 2_000_000
