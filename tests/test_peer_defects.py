"""Defects that other AFAS and SOAP clients have: each line of the list is held by a test, here or where it is named.

====================================================  ==================================================================
defect seen                                           held by
====================================================  ==================================================================
wrong operator codes                                  profit/test_query.py: the table is that of the facts, and of the
                                                      OpenAPI files
``X-PROFIT-ERROR`` needed, 403 counted as temporary   here, and wire/test_statuses.py: 401 and 403 are never repeated
filter values split again on commas                   here; profit/test_restquery.py: questions survive the round trip
"SOAP has no OR"                                      contract/test_contract.py: and within a filter or between filters
everything read unless told otherwise                 here; test_paging.py: everything only when asked for
validation that changes values                        here
only the last of several sort fields survives         contract/test_contract.py: several sort fields in both directions
the result of an update dropped                       with updates, which are not there yet
the WSDL fetched, no time-outs                        here; wire/test_retry.py: every call has a time-out
pages read without a sort                             here; test_reading.py: several pages without a sort are refused
read errors lose AFAS' message                        here; wire/test_statuses.py: the same over both protocols
a home-made cipher                                    here
dumps with the token                                  test_review_secrets.py
AND mixed with OR flattened                           here; profit/test_where.py: the filters hold for the rows
values not URL-encoded                                here; wire/test_review_answers.py: one part of the path
the page size grew with every page                    here; test_paging.py: any skip, take and page size
prints, or returns an error as a value                here; test_client.py: the library prints nothing
tests that need a live environment                    conftest.py: no connection but to this machine
times read as UTC                                     here; profit/test_values.py: aware is Amsterdam
zeep's time-outs, cut texts, answers in messages      here; wire/test_retry.py
addresses swapped                                     here; wire/test_statuses.py
the payload's root taken from the name                with updates, which are not there yet
====================================================  ==================================================================
"""

from __future__ import annotations

import ast
import copy
import itertools
import json
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from hypothesis import given
from hypothesis import strategies as st

import afas_soap
from afas_soap import F, ProfitClient
from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator
from afas_soap.emulator.http.serve import serve
from afas_soap.errors import AccessDenied, AnswerError, NotFound, ProfitError, QueryError
from afas_soap.profit.questions.query import Condition, Operator, Query, Sort
from afas_soap.profit.questions.restquery import query_string
from afas_soap.profit.questions.where import where_filters

PACKAGE = Path(afas_soap.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
BOTH = pytest.mark.parametrize("protocol", ["soap", "rest"])
Connect = Callable[..., ProfitClient]
Answer = tuple[str, list[tuple[str, str]], bytes]


class Wire:
    """What goes to the emulator, kept; ``instead`` answers in its place when it gives something."""

    def __init__(self) -> None:
        self.emulator = Emulator()
        self.asked: list[tuple[str, str, str]] = []
        self.instead: Callable[[str], Answer | None] = lambda path: None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        self.asked.append((environ["REQUEST_METHOD"], path, query))
        answer = self.instead(path)
        if answer is None:
            return self.emulator(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(answer[0], answer[1])
        return [answer[2]]


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.emulator.close()


@pytest.fixture
def connect(wire: Wire) -> Iterator[Connect]:
    """A client of the emulator over a port."""
    with serve(wire) as server:
        given = {"soap_url": server.soap_url, "rest_url": server.rest_url, "token": DEMO_TOKEN, "retry_total": 5.0}
        yield lambda **settings: ProfitClient.connect(**{**given, **settings})


def fault(message: str, detail: str = "") -> bytes:
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault>'
        f"<faultcode>soap:Server</faultcode><faultstring>{message}</faultstring><detail>{detail}</detail>"
        "</soap:Fault></soap:Body></soap:Envelope>"
    ).encode()


REFERENCE = "923A9F6F4D5875E0D7B96982F6E4E0D2"
PROFIT_DETAIL = (
    "<ProfitApplicationException><ErrorNumber>-2147220469</ErrorNumber><Message>Nee.</Message>"
    f"<Detail>Log reference...: {REFERENCE}</Detail></ProfitApplicationException>"
)
REFUSED: dict[str, Answer] = {
    "soap": ("500 Error", [("Content-Type", "text/xml")], fault("Nee.", PROFIT_DETAIL)),
    "rest": (
        "500 Error",
        [("Content-Type", "application/json")],
        json.dumps({"externalMessage": "Nee.", "errorNumber": -2147220469, "profitLogReference": REFERENCE}).encode(),
    ),
}


@BOTH
@pytest.mark.parametrize("header", [[], [("X-PROFIT-ERROR", "SWV0cyBhbmRlcnM=")]])
def test_a_refusal_needs_no_header_and_keeps_all_that_was_said(
    wire: Wire, connect: Connect, protocol: str, header: list[tuple[str, str]]
) -> None:
    status, headers, body = REFUSED[protocol]
    wire.instead = lambda path: (status, [*headers, *header, ("X-Trace-Identifier", "t-1")], body)
    with connect(protocol=protocol) as profit, pytest.raises(ProfitError) as caught:
        profit.version()
    error = caught.value
    assert (error.message, error.number, error.log_reference, error.trace_id, error.status) == (
        "Nee.",
        -2147220469,
        REFERENCE,
        "t-1",
        500,
    )


@BOTH
@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_no_access_is_not_asked_again(wire: Wire, connect: Connect, protocol: str, status: str) -> None:
    wire.instead = lambda path: (status, [("Content-Length", "0")], b"")
    with connect(protocol=protocol) as profit, pytest.raises(AccessDenied):
        profit.version()
    assert len(wire.asked) == 1


@BOTH
@pytest.mark.parametrize("value", ["Jansen, Piet", "a;b", "a,b;c", "x & y", "<p>", "100%", "a+b c", "é€", "\"'"])
def test_a_separator_in_a_value_breaks_no_filter(connect: Connect, protocol: str, value: str) -> None:
    """The value of the first row is changed by no way to Profit: it is not found, and neither is anything else."""
    with connect(protocol=protocol) as profit:
        name = next(profit.rows("Profit_Debtor", take=1))["DebtorName"]
        where = (F.DebtorName == value) | (F.DebtorName == cast("str", name))
        found = {row["DebtorName"] for row in profit.rows("Profit_Debtor", where=where, order_by=["DebtorId"])}
    assert found == {name}


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40))
def test_what_stands_in_a_query_string_is_encoded(value: str) -> None:
    """Read back by Python's own parser, which knows nothing of ours."""
    query = Query(((Condition("Name", Operator.EQUALS, value),),), (Sort("Name"),), 0, 10)
    text = query_string(query)
    assert set(text) <= set("?&=%-._~" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    read = dict(urllib.parse.parse_qsl(text[1:], keep_blank_values=True))
    if "filterjson" in read:
        field = json.loads(read["filterjson"])["Filters"]["Filter"][0]["Field"][0]
        assert field == {"@FieldId": "Name", "@OperatorType": "1", "#text": value}
    else:
        assert read["filtervalues"] == value
        assert read["filterfieldids"] == "Name"
        assert read["operatortypes"] == "1"


@BOTH
def test_pages_have_a_size_that_stays_and_a_sort(wire: Wire, connect: Connect, protocol: str) -> None:
    """Never -1 unless told so, the same take on every page, and no second page without a sort."""
    bodies: list[tuple[str, str]] = []
    with connect(protocol="rest") as profit:
        assert len(list(profit.rows("Profit_Debtor", order_by=["DebtorId"], page_size=50))) == 180
        bodies = [(path, query) for _, path, query in wire.asked if "/connectors/" in path]
    assert [dict(urllib.parse.parse_qsl(query))["take"] for _, query in bodies] == ["50"] * 4
    assert [dict(urllib.parse.parse_qsl(query))["skip"] for _, query in bodies] == ["0", "50", "100", "150"]
    assert {dict(urllib.parse.parse_qsl(query))["orderbyfieldids"] for _, query in bodies} == {"DebtorId"}
    with connect(protocol=protocol) as profit, pytest.raises(QueryError, match="lose and double rows"):
        list(profit.rows("Profit_Debtor", page_size=50))


@BOTH
def test_what_is_asked_with_stays_as_it_was(connect: Connect, protocol: str) -> None:
    where = ((Condition("DebtorName", Operator.NOT_EQUAL, " Ede "),), (Condition("DebtorId", Operator.GREATER, "0"),))
    order_by: list[str | Sort] = ["-DebtorId", Sort("DebtorName")]
    dates: list[str] = []
    before = copy.deepcopy((where, order_by, dates))
    with connect(protocol=protocol) as profit:
        list(profit.rows("Profit_Debtor", where=where, order_by=order_by, dates=dates, page_size=100))
    assert (where, order_by, dates) == before


@pytest.mark.parametrize("value", [" Ede", "Ede ", "007", "1,50", "TRUE", "é", "a\tb", "2024-01-01"])
def test_no_value_is_trimmed_or_rewritten(value: str) -> None:
    assert where_filters(F.City == value) == ((Condition("City", Operator.EQUALS, value),),)


def test_no_wsdl_is_asked_for(wire: Wire, connect: Connect) -> None:
    with connect(protocol="soap") as profit:
        list(profit.rows("Profit_Debtor", take=3))
        profit.get_data("Profit_Debtor", None, 0, 1)
        profit.fields("Profit_Debtor")
        profit.version()
        profit.schema("KnSubject")
    assert len(wire.asked) == 4  # the columns are known by then
    assert {method for method, _, _ in wire.asked} == {"POST"}
    assert not [query for _, _, query in wire.asked if "wsdl" in query.lower()]


def imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.no_cover
def test_nothing_here_encrypts() -> None:
    """A key that lies beside what it hides hides nothing: the token is in a variable, a file or the caller's hands."""
    names = {name for source in SOURCES for name in imported(source)}
    roots = {name.partition(".")[0] for name in names}
    assert "requests" in roots
    assert not roots & {"Crypto", "Cryptodome", "nacl", "pyaes", "simplecrypt", "secretstorage"}
    # Signatures and certificates are OAuth's; what hides something is not imported.
    used = {name.removeprefix("cryptography.") for name in names if name.startswith("cryptography.")}
    signing = tuple(f"hazmat.primitives.{name}" for name in ("asymmetric", "serialization", "hashes"))
    harmless = ("x509", "exceptions", *signing)
    assert all(name.startswith(harmless) or name == "hazmat.primitives" for name in used), used


def calls(source: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


@pytest.mark.no_cover
def test_the_library_never_prints() -> None:
    printing = [
        (source.name, call.lineno)
        for source in SOURCES
        for call in calls(source)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert printing == []
    outside = [source for source in SOURCES if "cli" not in source.relative_to(PACKAGE).parts[0]]
    assert len(outside) > 50
    streams = {
        (source.name, node.attr)
        for source in outside
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr")
    }
    # Where WSGI wants an application to write its errors; ours writes none.
    assert streams == {("embedded.py", "stderr")}


@pytest.mark.no_cover
def test_zeep_is_always_strict() -> None:
    """``strict=False`` cuts a text at 10,000,000 bytes, silently."""
    settings = [
        {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        for source in SOURCES
        for call in calls(source)
        if ast.unparse(call.func) == "zeep.Settings"
    ]
    assert settings == [{"strict": "True", "forbid_dtd": "True", "forbid_entities": "True"}]


@BOTH
def test_a_text_of_more_than_ten_million_bytes_is_whole(wire: Wire, connect: Connect, protocol: str) -> None:
    text = "0123456789" * 1_100_000
    schema = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="AfasGetConnector"><xs:complexType>'
    )
    schema += '<xs:choice maxOccurs="unbounded"><xs:element name="Long"><xs:complexType><xs:sequence>'
    schema += '<xs:element name="Text" type="xs:string"/></xs:sequence></xs:complexType></xs:element></xs:choice>'
    schema += "</xs:complexType></xs:element></xs:schema>"
    rows = f"<AfasGetConnector>{schema}<Long><Text>{text}</Text></Long></AfasGetConnector>\n"
    soap = (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><GetDataWithOptionsResponse '
        'xmlns="urn:Afas.Profit.Services"><GetDataWithOptionsResult>'
        + rows.replace("<", "&lt;").replace(">", "&gt;")
        + "</GetDataWithOptionsResult></GetDataWithOptionsResponse></soap:Body></soap:Envelope>"
    )
    rest = {"metainfo": {"fields": [{"id": "Text", "dataType": "string"}]}, "connectors": {"rows": [{"Text": text}]}}

    def instead(path: str) -> Answer:
        if protocol == "soap":
            return "200 OK", [("Content-Type", "text/xml")], soap.encode()
        return "200 OK", [("Content-Type", "application/json")], json.dumps(rest[path.split("/")[2]]).encode()

    wire.instead = instead
    with connect(protocol=protocol) as profit:
        assert [row["Text"] == text for row in profit.rows("Long", take=1)] == [True]


PERSONAL = "Geheimenstein"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/xml", f"<a>{PERSONAL}</a>"),
        ("text/xml", f"<a>{PERSONAL}"),
        ("text/xml", f"{PERSONAL}"),
        ("text/html", f"<html>{PERSONAL}</html>"),
        ("application/json", f'{{"{PERSONAL}": "{PERSONAL}"}}'),
        ("application/json", f'{{"rows":[{{"DebtorId":{{"x":"{PERSONAL}"}}}}]}}'),
        ("application/json", f'{{"rows":[{{"DebtorId":"{PERSONAL}}}'),
        ("text/plain", PERSONAL),
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "500 Error"])
@BOTH
def test_no_error_holds_the_answer(
    wire: Wire, connect: Connect, protocol: str, status: str, content_type: str, body: str
) -> None:
    def instead(path: str) -> Answer | None:
        return None if "metainfo" in path else (status, [("Content-Type", content_type)], body.encode())

    wire.instead = instead
    with connect(protocol=protocol, retry_total=0.0) as profit, pytest.raises((AnswerError, ProfitError)) as caught:
        list(profit.rows("Profit_Debtor", take=1))
    assert PERSONAL not in f"{caught.value} {caught.value!r} {vars(caught.value)}"


def test_and_and_or_mean_what_they_say_in_every_nesting() -> None:
    """All expressions of three conditions and two joins, against Python's own and, or and not on all eight cases."""
    columns = ("A", "B", "C")
    for first, second, left, negated in itertools.product(
        "&|", "&|", (True, False), itertools.product((0, 1), repeat=3)
    ):
        parts = [f"{'~' if no else ''}(F.{name} == 'x')" for name, no in zip(columns, negated, strict=True)]
        text = f"({parts[0]} {first} {parts[1]}) {second} {parts[2]}"
        if not left:
            text = f"{parts[0]} {first} ({parts[1]} {second} {parts[2]})"
        filters = where_filters(eval(text))
        for case in itertools.product((True, False), repeat=3):
            values = dict(zip(columns, case, strict=True))
            python = text.replace("~", " not ").replace("&", "and").replace("|", "or")
            for name, holds in values.items():
                python = python.replace(f"(F.{name} == 'x')", f"({holds})")
            found = any(all(values[c.column] is (c.operator is Operator.EQUALS) for c in each) for each in filters)
            assert found is bool(eval(python)), text


@BOTH
def test_times_are_those_of_amsterdam_whatever_the_z(connect: Connect, protocol: str) -> None:
    with connect(protocol=protocol) as profit:
        plain = next(profit.rows("Profit_Projects", take=1, order_by=["ProjectId"]))
        aware = next(profit.rows("Profit_Projects", take=1, order_by=["ProjectId"], aware=True))
    times = [name for name, value in plain.items() if isinstance(value, datetime)]
    assert times
    for name in times:
        local, zoned = cast("datetime", plain[name]), cast("datetime", aware[name])
        assert local.tzinfo is None
        assert zoned.replace(tzinfo=None) == local
        assert zoned.utcoffset() in (timedelta(hours=1), timedelta(hours=2))


@pytest.mark.parametrize(("protocol", "setting"), [("soap", "soap_url"), ("rest", "rest_url")])
def test_swapped_addresses_are_recognised(wire: Wire, protocol: str, setting: str) -> None:
    with (
        serve(wire) as server,
        ProfitClient.connect(
            protocol=protocol, soap_url=server.rest_url, rest_url=server.soap_url, token=DEMO_TOKEN
        ) as profit,
        pytest.raises(NotFound, match=rf"{setting} holds the address .* seem to be swapped"),
    ):
        profit.version()
