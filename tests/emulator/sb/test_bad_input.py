"""What nobody should send to SB, through the app: it is refused, and no fault of the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import Emulator
from afas_soap.sb.table import shipped

Call = Callable[..., TestResponse]
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO")
WRITES = [operation for operation in shipped().operations if operation.fields]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def call() -> Iterator[Call]:
    app = Emulator()
    token = app.sb.token("enyoi")

    def call_(address: str, method: str = "GET", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return Client(app).open(f"/enyoi/{address}", method=method, headers=headers, buffered=True, **more)

    yield call_
    app.close()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "address", ["api/organisations", "api/organisation", "api/blob/3b642fed-f4ec-4463-986a-745531ccbbb8", "app/token"]
)
def test_a_method_that_is_not_there_is_405_with_those_that_are(call: Call, address: str, method: str) -> None:
    answer = call(address, method)
    assert answer.status_code < 500
    assert (answer.status_code == 405) is ("Allow" in answer.headers)
    if method not in ("GET", "POST", "PUT", "DELETE"):
        assert answer.status_code == 405


@pytest.mark.parametrize(
    "address",
    ["api", "api/", "api//", "api/organisations/1", "api/%00", "api/%ff", "api/blob", "api/blob/", "api/blob/x/y", "x"],
)
def test_an_address_of_nothing_is_404(call: Call, address: str) -> None:
    assert call(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "filter=%ff",
        "filter=%00",
        "filter=%ED%A0%80",
        "take=%D9%A3",
        "skip=1e3",
        "sort=%00",
        "TrackingToken=%ff",
        "&&=&",
    ],
)
def test_a_query_of_nonsense_is_no_fault_of_the_server(call: Call, query: str) -> None:
    assert call(f"api/organisations?{query}").status_code in (200, 400)


@pytest.mark.parametrize("version", ["1.0.0", "-1", "١", "1" * 50, "1.", "null"])
def test_a_version_that_is_none_is_400(call: Call, version: str) -> None:
    assert call("api/organisations", headers={"Accept-Version": version.encode().decode("latin-1")}).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"{}" * 2])
def test_a_body_that_is_none_is_refused_as_json(call: Call, body: bytes) -> None:
    for operation in WRITES:
        answer = call(operation.path, operation.verb, data=body, headers={"Accept-Version": operation.version})
        assert answer.status_code == 400
        assert answer.get_json()["ExceptionCode"] == "DS3100"


@pytest.mark.parametrize("number", ["1e999", "1e999999999", "-1e999999999", "1e-999999999", "1e9999999999999999999"])
def test_a_number_that_no_decimal_holds_is_refused_as_one(call: Call, number: str) -> None:
    """Wherever a number may stand in a body, and where a text is read as one."""
    for operation in WRITES:
        for field in operation.fields:
            name, members = field.name, [member.name for member in field.members] or [""]
            for member in members:
                value = f'{{"{member}": {number}}}' if member else number
                body = f'{{"{name}": {f"[{value}]" if field.many else value}}}'
                answer = call(operation.path, operation.verb, data=body, headers={"Accept-Version": operation.version})
                assert answer.status_code == 400, (operation.title, name, member)
    line = {"LedgerAccountId": "x", "VatType": "high", "AmountVat": number, "AmountExcludingVat": number}
    answer = call("api/purchasejournalentry", "POST", data=json.dumps({"InvoiceLine": [line]}))
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["\ud800", "\x00", "é" * 300, "'; DROP TABLE organisations"])
def test_a_name_of_any_letters_is_read_back_or_refused(call: Call, name: str) -> None:
    answer = call("api/organisation", "POST", data=json.dumps({"Name": name}))
    assert answer.status_code in (200, 400)
    rows = call("api/organisations").get_json()["Result"]
    assert len(rows) > 3


@given(st.sampled_from(WRITES), st.data())
def test_whatever_stands_in_a_body_is_no_fault_of_the_server(call: Call, operation: Any, data: st.DataObject) -> None:
    names = [field.name for field in operation.fields]
    body = data.draw(st.dictionaries(st.sampled_from(names), JSON, max_size=len(names)))
    headers = {"Accept-Version": operation.version}
    answer = call(operation.path, operation.verb, data=json.dumps(body), headers=headers)
    assert answer.status_code in (200, 400)
    answer.get_json()


@given(st.sampled_from(["filter", "sort", "take", "skip", "trackingtoken"]), st.text(max_size=20))
def test_whatever_stands_in_a_query_is_no_fault_of_the_server(call: Call, name: str, text: str) -> None:
    answer = call("api/organisations", query_string={name: text})
    assert answer.status_code in (200, 400)


def test_forms_that_are_none_get_no_token(call: Call) -> None:
    for data in (b"", b"grant_type", b"%ff=%ff", b"grant_type=refresh_token&grant_type=refresh_token"):
        answer = call("app/token", "POST", data=data, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 400
        assert answer.get_json()["error"] == "invalid_request"
    assert call("app/token", "POST", data=b"x", content_type="multipart/form-data; boundary=b").status_code == 400
