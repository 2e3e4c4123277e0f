"""Answers that say too little: rows without a schema, columns that changed meanwhile, a limit meant for values."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator

import pytest

from afas_soap.errors import AnswerError, CutOff, QueryError, TransportError
from afas_soap.profit.connectors.capabilities import GetData
from afas_soap.profit.fields import Field, Fields
from afas_soap.profit.questions.query import Query
from afas_soap.profit.readers.inline import inline_schema
from afas_soap.wire.http.transport import Link, Transport
from afas_soap.wire.profit.judge import PROFIT
from afas_soap.wire.profit.rest import RestConnectors
from afas_soap.wire.profit.soap import SoapConnectors

XSI = "http://www.w3.org/2001/XMLSchema-instance"

LinkTo = Callable[..., Link]


def metainfo(*columns: str) -> str:
    fields = [{"id": column, "fieldId": "U1", "dataType": "string", "label": column} for column in columns]
    return json.dumps({"name": "Debtors", "description": "", "fields": fields})


def envelope(text: str) -> str:
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        '<GetDataWithOptionsResponse xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>'
        f"{escaped}</GetDataWithOptionsResult></GetDataWithOptionsResponse></soap:Body></soap:Envelope>"
    )


@pytest.fixture
def rest(fixed, link_to: LinkTo) -> Iterator[RestConnectors]:
    with Transport(link_to(fixed), PROFIT) as transport:
        yield RestConnectors(transport)


@pytest.fixture
def soap(fixed, link_to: LinkTo) -> Iterator[SoapConnectors]:
    with Transport(link_to(fixed), PROFIT) as transport:
        yield SoapConnectors(transport)


@pytest.mark.parametrize("typed", [True, False])
def test_rows_without_the_schema_that_was_asked_for_are_refused(fixed, soap: SoapConnectors, typed: bool) -> None:
    """As text with the columns that happen to be filled they would look like rows of another shape."""
    fixed.xml(envelope("<AfasGetConnector><Debtors><Id>1</Id></Debtors></AfasGetConnector>\n"))
    rows = soap.rows("Debtors", Query(take=1))
    with pytest.raises(AnswerError, match="rows without the schema"):
        list(rows)


@pytest.mark.parametrize("text", ["", "<AfasGetConnector></AfasGetConnector>\n", "<AfasGetConnector/>"])
def test_no_rows_and_no_schema_are_no_rows(fixed, soap: SoapConnectors, text: str) -> None:
    fixed.xml(envelope(text))
    assert list(soap.rows("Debtors", Query(take=1))) == []


def test_a_new_column_is_an_error_once_and_then_known(fixed, rest: RestConnectors) -> None:
    """A client that lives for months must not refuse a connector for ever because somebody gave it a column."""
    answer = '{"skip":0,"take":1,"rows":[{"Id":"1","New":"x"}]}'
    fixed.json(metainfo("Id"))
    fixed.json(answer)
    with pytest.raises(AnswerError, match="column New is not among"):
        list(rest.rows("Debtors", Query(take=1)))
    fixed.json(metainfo("Id", "New"))
    fixed.json(answer)
    assert list(rest.rows("Debtors", Query(take=1))) == [{"Id": "1", "New": "x"}]
    assert [request.split(b" ")[1].rpartition(b"/")[2] for request in fixed.requests] == [
        b"Debtors",
        b"Debtors?skip=0&take=1",
        b"Debtors",
        b"Debtors?skip=0&take=1",
    ]


def test_a_small_max_value_does_not_refuse_metainfo(fixed, link_to: LinkTo) -> None:
    """It limits a single value, and a list of columns is longer than one."""
    fixed.json(metainfo(*(f"Column{number}" for number in range(50))))
    with Transport(link_to(fixed, max_value=100), PROFIT) as transport:
        assert len(RestConnectors(transport).fields("Debtors")) == 50


def test_a_version_longer_than_max_value(fixed, link_to: LinkTo) -> None:
    fixed.xml(envelope("22.22.5").replace("GetDataWithOptions", "GetProductVersion"))
    with Transport(link_to(fixed, max_value=10), PROFIT) as transport:
        assert SoapConnectors(transport).version() == "22.22.5"


NIL = envelope("").replace("<GetDataWithOptionsResult>", f'<GetDataWithOptionsResult xmlns:i="{XSI}" i:nil="true">')


def test_a_nil_result_is_no_answer_without_rows(fixed, soap: SoapConnectors) -> None:
    """Whoever keeps two systems equal would delete everything."""
    fixed.xml(NIL, "200 OK", "X-Trace-Identifier: trace")
    with pytest.raises(AnswerError, match="is nil") as caught:
        soap.rows("Debtors", Query(take=1))
    assert caught.value.connector == "Debtors"
    calls = [
        GetData("Debtors", take=1),
        GetData("Debtors", skip=-1),
        GetData("Debtors", options="<options><Take>5</Take></options>"),
    ]
    for call in calls:
        fixed.xml(NIL.replace("WithOptions", "" if call.options is None else "WithOptions"))
        with pytest.raises(AnswerError, match="is nil"):
            list(soap.get_data(call))
    fixed.xml(NIL.replace("WithOptions", ""))
    assert list(soap.get_data(GetData("Debtors"))) == []


def test_nil_columns_are_asked_for_with_a_row(fixed, soap: SoapConnectors) -> None:
    """No rows were asked for, so nothing is missing; the row that is asked for next must not be nil."""
    fixed.xml(NIL)
    fixed.xml(NIL)
    with pytest.raises(AnswerError, match="is nil"):
        soap.fields("Debtors")
    assert len(fixed.requests) == 2


ROWS = json.dumps({"skip": 0, "take": 9, "rows": [{"Id": str(number)} for number in range(3000)]}).encode()


@pytest.mark.parametrize("cut", [10, 200, 2000])
def test_packed_rows_that_end_too_early_are_never_the_end_of_the_data(fixed, link_to: LinkTo, cut: int) -> None:
    """The length is right, the packing was cut off before it was sent: it is a break, here one that nobody repeats."""
    fixed.json(metainfo("Id"))
    fixed.json(gzip.compress(ROWS)[:cut], "200 OK", "Content-Encoding: gzip")
    given: list[object] = []
    with (
        Transport(link_to(fixed, retry_total=0.0), PROFIT) as transport,
        pytest.raises(TransportError, match="broke off half-way"),
    ):
        given.extend(RestConnectors(transport).rows("Debtors", Query(take=3000)))
    assert given == [{"Id": str(number)} for number in range(len(given))]


@pytest.mark.parametrize("cut", [1, 60, 2000, len(ROWS) - 1])
@pytest.mark.parametrize("framing", ["Connection: close", "Transfer-Encoding: chunked", f"Content-Length: {len(ROWS)}"])
def test_rows_cut_off_in_every_framing_are_an_error_behind_whole_rows(
    fixed, link_to: LinkTo, framing: str, cut: int
) -> None:
    fixed.json(metainfo("Id"))
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{framing}\r\n\r\n".encode()
    body = ROWS[:cut]
    fixed.raw(head + (b"%x\r\n%s\r\n" % (len(body), body) if "chunked" in framing else body), None)
    given: list[object] = []
    with (
        Transport(link_to(fixed, retry_total=0.0), PROFIT) as transport,
        pytest.raises((CutOff, TransportError), match=r"ends before its end|broke off half-way"),
    ):
        given.extend(RestConnectors(transport).rows("Debtors", Query(take=3000)))
    assert given == [{"Id": str(number)} for number in range(len(given))]


@pytest.mark.parametrize(
    "name", ["a/b", "../metainfo", "..%2f", "%2e%2e", "a?take=-1", "a#b", "a\r\nX: y", "a b", "é", "a\\b", "a;b", "a&b"]
)
def test_a_name_stays_one_part_of_the_path(fixed, rest: RestConnectors, name: str) -> None:
    fixed.json(metainfo("Id"))
    fixed.json('{"skip":0,"take":1,"rows":[]}')
    assert list(rest.rows(name, Query(take=1))) == []
    paths = [request.split(b"\r\n")[0].split(b" ")[1] for request in fixed.requests]
    assert paths[0].startswith(b"/ProfitRestServices/metainfo/get/")
    assert paths[1].startswith(b"/ProfitRestServices/connectors/")
    assert paths[1].endswith(b"?skip=0&take=1")
    for path, parts in zip(paths, (4, 3), strict=True):
        assert path.partition(b"?")[0].count(b"/") == parts
        assert b".." not in path.replace(b"..%", b"").replace(b"%2F..", b"")
    assert all(b"X: y" not in request for request in fixed.requests)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_would_go_up_is_refused(rest: RestConnectors, name: str) -> None:
    with pytest.raises(QueryError):
        rest.rows(name, Query(take=1))


def test_cookies_are_not_kept(fixed, rest: RestConnectors) -> None:
    for _ in range(2):
        fixed.json('{"version":"1"}', "200 OK", "Set-Cookie: session=1; Path=/")
        rest.version()
    assert not any(b"cookie" in request.lower() for request in fixed.requests)


def test_envelopes_written_by_many_threads_at_once_are_each_their_own(fixed, link_to: LinkTo) -> None:
    """zeep says nothing of threads: it is asked for one envelope per thread, all at the same moment."""
    with Transport(link_to(fixed), PROFIT) as transport:
        connectors = SoapConnectors(transport)
        wrong: list[str] = []
        together = threading.Barrier(8)

        def write(number: int) -> None:
            together.wait()
            for turn in range(30):
                wanted = {"connectorId": f"C{number}-{turn}", "filtersXml": "x", "skip": number, "take": turn}
                body = connectors._calls._envelopes("AppConnectorGet").message("GetData", wanted).body.decode()
                if f">C{number}-{turn}<" not in body or f"skip>{number}<" not in body or f"take>{turn}<" not in body:
                    wrong.append(body)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


GZIP = ("200 OK", "Content-Encoding: gzip")
SCHEMA = f"<AfasGetConnector>{inline_schema(Fields('Debtors', (Field('Id'),)))}</AfasGetConnector>"


def _short(whole: str) -> list[bytes]:
    """The same packed, cut off: in its head, in the middle, before its last byte."""
    packed = gzip.compress(whole.encode())
    return [packed[:5], packed[: len(packed) // 2], packed[:-1]]


@pytest.mark.parametrize("cut", range(3))
def test_columns_whose_packing_ends_too_early_are_asked_for_again(fixed, link_to: LinkTo, cut: int) -> None:
    """The first call of a read, over both protocols: like a connection that broke."""
    with Transport(link_to(fixed), PROFIT, sleep=lambda _: None) as transport:
        fixed.json(_short(metainfo("Id"))[cut], *GZIP)
        fixed.json(gzip.compress(metainfo("Id").encode()), *GZIP)
        assert RestConnectors(transport).fields("Debtors").names == ("Id",)
        fixed.xml(_short(envelope(SCHEMA))[cut], *GZIP)
        fixed.xml(gzip.compress(envelope(SCHEMA).encode()), *GZIP)
        assert SoapConnectors(transport).fields("Debtors").names == ("Id",)
    assert len(fixed.requests) == 4


@pytest.mark.parametrize("cut", [5, 40, 2000, -1])
def test_rows_whose_packing_ends_too_early_go_on_behind_those_given(fixed, link_to: LinkTo, cut: int) -> None:
    """Each row comes once."""
    fixed.json(metainfo("Id"))
    packed = gzip.compress(ROWS.replace(b'"take": 9', b'"take": 3000'))
    fixed.json(packed[:cut], *GZIP)
    fixed.json(packed, *GZIP)
    with Transport(link_to(fixed), PROFIT, sleep=lambda _: None) as transport:
        rows = list(RestConnectors(transport).rows("Debtors", Query(take=3000)))
    assert rows == [{"Id": str(number)} for number in range(3000)]
    assert len(fixed.requests) == 3


def test_columns_that_are_cut_off_are_asked_for_again(fixed, soap: SoapConnectors) -> None:
    """The answer is whole as far as its length says, and the document in it is not."""
    whole = envelope(SCHEMA)
    fixed.xml(whole[: whole.index("Id")])
    fixed.xml(whole)
    assert soap.fields("Debtors").names == ("Id",)
    for _ in range(4):
        fixed.xml(whole[: whole.index("Id")])
    with pytest.raises(CutOff):
        soap.fields("Others")
    assert len(fixed.requests) == 6
