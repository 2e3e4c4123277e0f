"""The REST host: rows with their defaults, metainfo, version, and what is refused how (profit-wire 3)."""

from __future__ import annotations

import json
import types
import urllib.parse
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.errors import ProfitError, QueryError

BASE = "/ProfitRestServices"
HEADERS = {
    "Cache-Control": "no-store, no-cache",
    "Strict-Transport-Security": "max-age=31536000",
    "X-AFAS-Proxy-Version": "4.3.0.0",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "deny",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Content-Type, Accept, Authorization, OnlineSessionId, Accept-Language",
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Max-Age": "1728000",
}


def get(http: Client, path: str, **headers: str) -> TestResponse:
    return http.get(BASE + path, headers={"Authorization": DEMO_TOKEN.header(), **headers})


def refused(answer: TestResponse) -> tuple[str, int]:
    """Message and number; the reference is 32 hexadecimal digits."""
    assert answer.status_code == 500
    assert answer.content_type == "application/json; charset=utf-8"
    body = json.loads(answer.data)
    assert set(body) == {"externalMessage", "errorNumber", "profitLogReference"}
    assert len(body["profitLogReference"]) == 32
    int(body["profitLogReference"], 16)
    return body["externalMessage"], body["errorNumber"]


def is_bare(answer: TestResponse, status: int) -> bool:
    """No body, and the headers AFAS documents for such an answer."""
    assert answer.status_code == status
    assert answer.data == b""
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Content-Length"] == "0"
    return all(answer.headers[name] == value for name, value in HEADERS.items())


# --- rows -------------------------------------------------------------------------------------------------------------


def test_rows_on_one_line(http: Client) -> None:
    answer = get(http, "/connectors/Mixed")
    assert answer.status_code == 200
    assert answer.content_type == "application/json; charset=utf-8"
    assert answer.text.rstrip("\n") == (
        '{"skip":0,"take":100,"rows":['
        '{"Id":1,"Btw.nummer":"a \\"b\\" <c> & d","Amount":-0.5,"Open":true,"Since":"2024-02-01T10:00:00Z"},'
        '{"Id":2,"Btw.nummer":null,"Amount":null,"Open":false,"Since":null}]}'
    )
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["X-AFAS-Proxy-Stats"].startswith("init(0ms), before response(0ms), complete(")


def test_profit_6_means_the_same(http: Client, small: Any) -> None:
    old = get(Client(Emulator(small, dialect="profit6")), "/connectors/Mixed")
    assert json.loads(old.data) == json.loads(get(http, "/connectors/Mixed").data)


def test_rows_are_let_go(http: Client, small: Any) -> None:
    get(http, "/connectors/Products").close()
    assert small.closed == 1


@pytest.mark.parametrize(
    ("query", "skip", "take"),
    [
        ("", 0, 100),
        ("?skip=1", 1, 100),
        ("?skip=1&take=1", 1, 1),
        ("?skip=-1&take=-1", -1, -1),
        ("?skip=-1&take=2", -1, -1),
        ("?skip=-5", 0, 100),
        ("?skip=-5&take=1", 0, 1),
        ("?skip=abc&take=1", 0, 1),
        ("?SKIP=1&Take=2", 1, 2),
    ],
)
def test_skip_and_take_are_echoed(http: Client, query: str, skip: int, take: int) -> None:
    body = json.loads(get(http, f"/connectors/Products{query}").data)
    assert (body["skip"], body["take"]) == (skip, take)


def test_a_take_of_0_gives_one_row(http: Client) -> None:
    assert len(json.loads(get(http, "/connectors/Products?skip=0&take=0").data)["rows"]) == 1


def test_the_documented_refusal(http: Client) -> None:
    answer = get(http, "/connectors/Products?skip=2&take=-1")
    assert refused(answer) == ("An unexpected error has occurred.", -2147180999)


def test_filters_and_sorts_reach_the_store(http: Client, small: Any) -> None:
    get(
        http,
        "/connectors/Mixed?filterfieldids=Id,Amount;Id&filtervalues=1,5;2&operatortypes=1,4;1"
        "&orderbyfieldids=-Id,%5B'Btw.nummer'%5D&skip=0&take=5",
    )
    (query,) = small.asked
    assert [[(c.column, int(c.operator), c.value) for c in group] for group in query.filters] == [
        [("Id", 1, "1"), ("Amount", 4, "5")],
        [("Id", 1, "2")],
    ]
    assert [(sort.column, sort.descending) for sort in query.order_by] == [("Id", True), ("Btw.nummer", False)]


def test_filterjson_reaches_the_store(http: Client, small: Any) -> None:
    text = (
        '{"Filters":{"Filter":[{"@FilterId":"Filter 1","Field":'
        '[{"@FieldId":"Btw.nummer","@OperatorType":"10","#text":"a,b;c"}]}]}}'
    )
    get(http, f"/connectors/Mixed?filterjson={urllib.parse.quote(text)}")
    (query,) = small.asked
    assert [[(c.column, int(c.operator), c.value) for c in group] for group in query.filters] == [
        [("Btw.nummer", 10, "a,b;c")]
    ]


def test_the_older_short_form_of_a_filter(http: Client, small: Any) -> None:
    assert get(http, "/connectors/Mixed/Id,Open/1,true?take=7").status_code == 200
    (query,) = small.asked
    assert [[(c.column, int(c.operator), c.value) for c in group] for group in query.filters] == [
        [("Id", 1, "1"), ("Open", 1, "true")]
    ]
    assert (query.skip, query.take) == (0, 7)
    assert is_bare(get(http, "/connectors/Mixed/Id,Open/1"), 400)
    assert is_bare(get(http, "/connectors/Mixed/Id,/1,2"), 400)


def test_a_column_with_a_dot_is_sorted_by_in_brackets_only(http: Client) -> None:
    assert get(http, "/connectors/Mixed?orderbyfieldids=['Btw.nummer']").status_code == 200
    answer = get(http, "/connectors/Mixed?orderbyfieldids=Id,Btw.nummer")
    assert refused(answer) == ("General message: Invalid Index field", -2147180996)


def test_a_query_string_over_2049_characters_is_not_found(http: Client) -> None:
    fits = "?skip=0&take=1&x="
    fits += "x" * (2049 - len(fits))
    assert get(http, f"/connectors/Products{fits}").status_code == 200
    assert is_bare(get(http, f"/connectors/Products{fits}x"), 404)


@pytest.mark.parametrize("query", ["take=many", "filterfieldids=Id&filtervalues=1,2", "filterjson={", "take=1&take=2"])
def test_a_query_that_cannot_be_read(http: Client, query: str) -> None:
    assert is_bare(get(http, f"/connectors/Products?{query}"), 400)


def test_unknown_columns(http: Client) -> None:
    for query in ("filterfieldids=Ydi&filtervalues=1", "orderbyfieldids=Ydi"):
        message, _ = refused(get(http, f"/connectors/Mixed?{query}"))
        assert message == "Connector field 'Ydi' not found"


# --- metainfo and version ---------------------------------------------------------------------------------------------


def test_catalogue(http: Client) -> None:
    answer = get(http, "/MetaInfo")
    assert answer.text == (
        '{"updateConnectors":[{"id":"KnSubject","description":"Dossieritem"}],"getConnectors":'
        '[{"id":"Products","description":"Producten"},{"id":"Mixed","description":""},'
        '{"id":"Nothing","description":""}],"customConnectors":[{"id":"AppConnectorSubject",'
        '"description":"AppConnectorSubject"}],"info":{"envid":"O12345AA","appName":"Small",'
        '"group":"Users (12345.USER)","tokenExpiry":"0"}}'
    )


def test_profit_6_has_no_custom_connectors_and_prints_pretty(small: Any) -> None:
    answer = get(Client(Emulator(small, dialect="profit6")), "/metainfo")
    assert set(json.loads(answer.data)) == {"updateConnectors", "getConnectors", "info"}
    assert answer.text.startswith('{\n  "updateConnectors"')


def test_catalogue_lists_what_the_app_connector_contains(small: Any) -> None:
    http = Client(Emulator(small, setup=Setup(allowed={"Mixed"})))
    body = json.loads(get(http, "/metainfo").data)
    assert [entry["id"] for entry in body["getConnectors"]] == ["Mixed"]
    assert body["updateConnectors"] == []


def test_columns(http: Client) -> None:
    body = json.loads(get(http, "/metainfo/get/Mixed").data)
    assert body["name"] == "Mixed"
    assert [(field["id"], field["dataType"]) for field in body["fields"]] == [
        ("Id", "int"),
        ("Btw.nummer", "string"),
        ("Amount", "decimal"),
        ("Open", "boolean"),
        ("Since", "date"),
    ]


def test_columns_of_an_update_connector(http: Client) -> None:
    assert get(http, "/metainfo/update/KnSubject").text == '{"id":"KnSubject","fields":[]}'


def test_a_store_that_cannot_describe_updates(small: Any) -> None:
    http = Client(Emulator(types.SimpleNamespace(catalogue=small.catalogue)))
    assert refused(get(http, "/metainfo/update/KnSubject"))[1] == -2147180996


def test_version(http: Client) -> None:
    assert get(http, "/ProfitVersion").text == '{"version":"7.22.5"}'


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/connectors/Profit_Debtr", "/metainfo/get/Profit_Debtr"])
def test_unknown_connector(http: Client, path: str) -> None:
    text = "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
    assert refused(get(http, path)) == (text, -2147180996)


def test_unknown_update_connector(http: Client) -> None:
    message, number = refused(get(http, "/metainfo/update/KnSubjekt"))
    assert (
        message == "General message: Deze UpdateConnector wordt niet ondersteund of de gebruiker is niet geautoriseerd."
    )
    assert number == -2147180996


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("nl-nl", "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd."),
        ("en-us", "GetConnector not supported for this app or the user is not authorized"),
        (
            "en-us;q=0.5, nl",
            "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd.",
        ),
        ("fr-fr", "General message: Deze connector wordt niet ondersteund of de gebruiker is niet geautoriseerd."),
    ],
)
def test_connector_outside_the_app_connector(small: Any, wanted: str, message: str) -> None:
    http = Client(Emulator(small, setup=Setup(allowed=set())))
    answer = get(http, "/connectors/Products", **{"Accept-Language": wanted})
    assert refused(answer) == (message, -2147180996)


def test_the_language_of_the_environment(small: Any) -> None:
    http = Client(Emulator(small, setup=Setup(allowed=set(), language="en")))
    assert refused(get(http, "/connectors/Products"))[0].startswith("GetConnector not supported")


@pytest.mark.parametrize("header", [None, "Bearer abc", "AfasToken " + "PHRva2VuLz4="])
def test_bad_credentials(http: Client, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    assert is_bare(http.get(f"{BASE}/connectors/Products", headers=headers), 401)
    assert is_bare(http.get(f"{BASE}/nothing/here", headers=headers), 401)


def test_a_token_that_is_not_base64(small: Any) -> None:
    """From Profit 7 an error 500; before, plain XML was taken (profit-wire 1.4)."""
    header = {"Authorization": f"AfasToken {DEMO_TOKEN.xml()}"}
    new, old = Client(Emulator(small)), Client(Emulator(small, dialect="profit6"))
    answer = new.get(f"{BASE}/connectors/Products", headers=header)
    assert refused(answer) == ("Token could not be parsed", -2147180996)
    assert old.get(f"{BASE}/connectors/Products", headers=header).status_code == 200
    assert is_bare(old.get(f"{BASE}/connectors/Products", headers={"Authorization": "AfasToken <x>"}), 401)


@pytest.mark.parametrize(
    "path", ["", "/", "/connectors", "/connectors/Products/sku", "/metainfo/get", "/metainfo/put/Products", "/bi/Model"]
)
def test_wrong_address(http: Client, path: str) -> None:
    assert is_bare(get(http, path), 404)


def test_soap_sent_to_the_rest_host_is_500_without_a_fault(http: Client, authorized: dict[str, str]) -> None:
    for path in ("/appconnectorget.asmx", "/connectors/Products"):
        answer = http.post(BASE + path, data=b"<x/>", content_type="text/xml; charset=utf-8", headers=authorized)
        assert is_bare(answer, 500)


def test_a_store_that_takes_no_updates_refuses_them(http: Client, authorized: dict[str, str]) -> None:
    for connector in ("KnSubject", "Products"):
        assert refused(http.post(f"{BASE}/connectors/{connector}", json={}, headers=authorized)) == (
            "General message: Deze UpdateConnector wordt niet ondersteund of de gebruiker is niet geautoriseerd.",
            -2147180996,
        )


def test_what_the_store_refuses_is_a_refusal_over_rest(
    http: Client, small: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = iter([ProfitError("Type mismatch", number=-2147220469), ProfitError("Blocked period"), QueryError("ours")])

    def refuse(*_: object) -> None:
        raise next(errors)

    monkeypatch.setattr(small, "rows", refuse)
    assert refused(get(http, "/connectors/Products")) == ("Type mismatch", -2147220469)
    assert refused(get(http, "/connectors/Products")) == ("Blocked period", -2147180999)
    # What is only ours to say is not repeated to the caller.
    assert refused(get(http, "/connectors/Products")) == ("An unexpected error has occurred.", -2147180999)
