"""The app round both hosts: addresses, trace, gzip, limits, faults, and that no token shows."""

from __future__ import annotations

import gzip
import json
import logging
import zlib
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import DEMO_TOKEN, Emulator, Setup
from afas_soap.emulator.http.faults import parse_faults
from afas_soap.errors import SettingsError

ROWS = "/ProfitRestServices/connectors/Products"
GET = "/ProfitServices/AppConnectorGet.asmx"
ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<GetData xmlns="urn:Afas.Profit.Services"><connectorId>Products</connectorId><take>9</take></GetData>'
    "</s:Body></s:Envelope>"
)


def rows(http: Client, **headers: str) -> TestResponse:
    return http.get(ROWS, headers={"Authorization": DEMO_TOKEN.header(), **headers})


def soap(http: Client, **headers: str) -> TestResponse:
    headers = {"Authorization": DEMO_TOKEN.header(), **headers}
    return http.post(GET, data=ENVELOPE, content_type="text/xml", headers=headers)


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/profitservices/appconnectorget.asmx", "/PROFITSERVICES/AppConnectorGET.ASMX", GET])
@pytest.mark.parametrize("query", ["wsdl", "WSDL", "wSdL", "WSDL="])
def test_a_wsdl_has_the_address_of_its_request(http: Client, path: str, query: str) -> None:
    answer = http.get(f"{path}?{query}", base_url="http://localhost:8077")
    assert answer.content_type == "text/xml; charset=utf-8"
    assert answer.text.count(f'location="http://localhost:8077{path}"') == 2
    assert "afas.online" not in answer.text


@pytest.mark.parametrize(
    ("asmx", "operation"),
    [
        ("appconnectordata", "Execute"),
        ("appconnectorversioninfo", "GetProductVersion"),
        ("appconnectorversion", "GetProductVersion"),
    ],
)
def test_every_service_has_a_wsdl_and_a_page(http: Client, asmx: str, operation: str) -> None:
    assert f'name="{operation}SoapIn"' in http.get(f"/ProfitServices/{asmx}.asmx?WSDL").text
    page = http.get(f"/ProfitServices/{asmx}.asmx")
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/elsewhere",
        "/ProfitServices",
        "/ProfitServices/appconnectorimage.asmx?WSDL",
        "/ProfitServices/connectors/Products",
        "/ProfitServices/metainfo",
    ],
)
def test_what_is_not_there_is_a_page_of_iis(http: Client, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=utf-8")
    assert "404.0 - Not Found" in answer.text


def test_a_service_can_be_switched_off(small: Any) -> None:
    http = Client(Emulator(small, setup=Setup(switched_off={"AppConnectorVersionInfo.asmx"})))
    assert http.post("/ProfitServices/appconnectorversioninfo.asmx").status_code == 404
    assert http.get("/ProfitServices/appconnectorversioninfo.asmx?wsdl").status_code == 404
    assert http.get("/ProfitServices/appconnectorversion.asmx?wsdl").status_code == 200


def test_rest_paths_in_any_case(http: Client, authorized: dict[str, str]) -> None:
    assert http.get("/profitrestservices/CONNECTORS/Products/", headers=authorized).status_code == 200


# --- trace, gzip, limits ----------------------------------------------------------------------------------------------


def test_every_answer_of_profit_7_has_a_trace(small: Any) -> None:
    new, old = Client(Emulator(small)), Client(Emulator(small, dialect="profit6"))
    seen = set()
    for call in (rows, soap, lambda http: http.get(GET), lambda http: http.get(ROWS), lambda http: http.get("/")):
        seen.add(call(new).headers["X-Trace-Identifier"])
        assert "X-Trace-Identifier" not in call(old).headers
    assert len(seen) == 5


@pytest.mark.parametrize("call", [rows, soap])
@pytest.mark.parametrize("accept", ["gzip", "gzip, deflate, br", "deflate, GZIP;q=0.5"])
def test_gzip(http: Client, call: Any, accept: str) -> None:
    plain, packed = call(http), call(http, **{"Accept-Encoding": accept})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in packed.headers
    assert gzip.decompress(packed.data) == plain.data


@pytest.mark.parametrize("accept", ["identity", "gzip;q=0", "br"])
def test_no_gzip_for_who_does_not_take_it(http: Client, accept: str) -> None:
    assert "Content-Encoding" not in rows(http, **{"Accept-Encoding": accept}).headers


def test_every_block_of_a_gzip_can_be_unpacked_at_once(http: Client) -> None:
    headers = {"Authorization": DEMO_TOKEN.header(), "Accept-Encoding": "gzip"}
    answer = http.get(ROWS, headers=headers, buffered=False)
    unpacker = zlib.decompressobj(wbits=31)
    first = next(iter(answer.response))
    assert unpacker.decompress(first).startswith(b'{"skip"')
    answer.close()


def test_refusals_and_small_answers_have_a_length(http: Client) -> None:
    answer = http.get(ROWS, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["Content-Length"]) == (401, "0")
    version = http.get("/ProfitRestServices/profitversion", headers={"Authorization": DEMO_TOKEN.header()})
    assert version.headers["Content-Length"] == str(len('{"version":"7.22.5"}'))


def test_a_call_over_75_mb_is_refused_unread(http: Client, authorized: dict[str, str]) -> None:
    length = {"CONTENT_LENGTH": str(75 * 1024 * 1024 + 1)}
    answer = http.post(GET, content_type="text/xml", headers=authorized, environ_overrides=length)
    assert (answer.status_code, answer.data) == (413, b"")


# --- faults -----------------------------------------------------------------------------------------------------------


def spoilt(small: Any, *faults: str) -> Client:
    return Client(Emulator(small, faults=parse_faults(faults)))


def test_503_on_both_hosts_and_then_the_answer(small: Any) -> None:
    http = spoilt(small, "503:retry=1", "503:retry=2")
    first = rows(http)
    assert (first.status_code, first.headers["Retry-After"]) == (503, "1")
    assert json.loads(first.data) == {
        "error": {"code": "503", "message": "Service temporarily unavailable due to scheduled maintenance."},
        "retry_after": 1,
    }
    second = soap(http)
    assert (second.status_code, json.loads(second.data)["retry_after"]) == (503, 2)
    assert soap(http).status_code == 200


def test_500_is_a_refusal_of_each_protocol(small: Any) -> None:
    http = spoilt(small, "500,times=3")
    assert json.loads(rows(http).data)["errorNumber"] == -2147180999
    assert "<ErrorNumber>-2147180999</ErrorNumber>" in soap(http).text
    assert http.get("/").status_code == 404


def test_an_html_page_with_status_200(small: Any) -> None:
    http = spoilt(small, "html", "html:502")
    answer = soap(http)
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert rows(http).status_code == 502


def test_a_reset_raises(small: Any) -> None:
    http = spoilt(small, "reset", "reset:5")
    with pytest.raises(ConnectionResetError):
        rows(http)
    late = rows(http)
    with pytest.raises(ConnectionResetError):
        late.get_data()
    assert rows(http).status_code == 200


def test_a_cut_answer_raises_behind_its_last_byte_and_lets_the_rows_go(small: Any) -> None:
    http = spoilt(small, "cut:30")
    answer = http.get(ROWS, headers={"Authorization": DEMO_TOKEN.header()}, buffered=False)
    arrived: list[bytes] = []
    with pytest.raises(ConnectionAbortedError):
        arrived.extend(answer.response)
    assert b"".join(arrived) == b'{"skip":0,"take":100,"rows":[{"sku":"product1"'[:30]
    answer.close()
    assert small.closed == 1


def test_a_slow_answer_ends_when_the_emulator_is_woken(small: Any) -> None:
    emulator = Emulator(small, faults=parse_faults(["slow:0.01"]))
    assert rows(Client(emulator)).status_code == 200
    emulator.wake()


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_the_store_that_was_given_is_left_open(small: Any) -> None:
    Emulator(small).close()
    assert small.closed == 0


def test_the_seed_data_is_served_when_no_store_is_given() -> None:
    emulator = Emulator()
    http = Client(emulator)
    answer = http.get("/ProfitRestServices/metainfo", headers={"Authorization": DEMO_TOKEN.header()})
    assert "Profit_Debtor" in answer.text
    emulator.close()


def test_an_unknown_dialect() -> None:
    with pytest.raises(SettingsError, match="profit6, profit7, profit9"):
        Emulator(dialect="profit8")


def test_no_token_shows(small: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Not in an answer, a log at any level, or the repr of what holds one."""
    secrets = DEMO_TOKEN.secrets()
    caplog.set_level(logging.DEBUG)
    emulator = Emulator(small, faults=parse_faults(["500", "html", "503,call=3"]))
    http = Client(emulator)
    answers = [rows(http), soap(http), rows(http), rows(http, Authorization=f"AfasToken {DEMO_TOKEN.xml()}")]
    body = ENVELOPE.replace("<connectorId>", f"<token><![CDATA[{DEMO_TOKEN.xml()}]]></token><connectorId>X")
    answers.append(http.post(GET, data=body, content_type="text/xml"))
    answers.append(http.post(GET, data=body + "<", content_type="text/xml"))
    shown = caplog.text + repr(emulator) + repr(vars(emulator))
    for answer in answers:
        shown += answer.text + repr(answer.headers)
    for secret in secrets:
        assert secret not in shown
