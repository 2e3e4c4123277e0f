"""The SB host through the app: who comes in, what an address is, and what a read and a write answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import Client, TestResponse

from afas_soap.emulator.http.app import Emulator

Call = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    app = Emulator()
    yield app
    app.close()


@pytest.fixture(scope="module")
def call(emulator: Emulator) -> Call:
    """Calls an address with a token of enyoi."""
    token = emulator.sb.token("enyoi")

    def call_(address: str, method: str = "GET", **more: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}  # type: ignore[dict-item] # of tests
        return Client(emulator).open(address, method=method, headers=headers, **more)  # type: ignore[arg-type] # of tests

    return call_


def test_a_read_gives_rows_with_the_headers_of_sb(call: Call) -> None:
    answer = call("/enyoi/api/administrations")
    assert answer.status_code == 200
    assert len(answer.get_json()) >= 3
    assert answer.headers["Server"] == "nginx"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Version"] == "1"
    assert answer.headers["Strict-Transport-Security"] == "max-age=300"


def test_a_tracked_connector_has_a_token_before_its_rows(call: Call) -> None:
    answer = call("/enyoi/api/organisations")
    assert list(answer.get_json()) == ["TrackingToken", "Result"]


@pytest.mark.parametrize("address", ["/ENYOI/API/Administrations", "/Enyoi/api/administrations/"])
def test_an_address_may_be_in_any_case(call: Call, address: str) -> None:
    assert call(address).status_code == 200


def test_a_token_may_stand_in_the_header_of_the_newest_file(emulator: Emulator) -> None:
    headers = {"AccessToken": emulator.sb.token("enyoi")}
    assert Client(emulator).get("/enyoi/api/vatrate", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer none"}, {"Authorization": "Basic eA=="}, {"AccessToken": "none"}]
)
def test_without_a_token_nobody_is_signed_in(emulator: Emulator, headers: dict[str, str]) -> None:
    answer = Client(emulator).get("/enyoi/api/vatrate", headers=headers)
    assert answer.status_code == 401
    body = answer.get_json()
    assert body["Message"] == "Er is geen ingelogde gebruiker."
    assert body["AdditionalInfo"] == {"ExceptionType": "NotAuthenticatedException"}


def test_a_token_of_another_environment_opens_nothing(call: Call) -> None:
    assert call("/atlas/api/vatrate").status_code == 401


@pytest.mark.parametrize("address", ["/enyoi/api/nothing", "/stranger/api/vatrate", "/enyoi/elsewhere", "/enyoi"])
def test_what_is_not_there_is_404_with_a_status_in_text(call: Call, address: str) -> None:
    answer = call(address)
    assert answer.status_code == 404
    assert answer.get_json()["StatusCode"] == "404"


def test_an_unknown_method_names_those_that_there_are(call: Call) -> None:
    answer = call("/enyoi/api/salesinvoice", "PATCH")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST, DELETE"


@pytest.mark.parametrize(("version", "told"), [("2.0", "2"), ("1.0", "1"), ("1", "1"), ("", "2")])
def test_a_version_is_answered_by_its_number_and_the_newest_without_one(call: Call, version: str, told: str) -> None:
    answer = call("/enyoi/api/ledgeraccounts", headers={"Accept-Version": version})
    assert answer.status_code == 200
    assert answer.headers["Content-Version"] == told
    assert ("VatAllowed" in answer.get_json()[0]) is (told == "2")


@pytest.mark.parametrize("version", ["9.0", "x"])
def test_a_version_that_there_is_not_is_400(call: Call, version: str) -> None:
    assert call("/enyoi/api/ledgeraccounts", headers={"Accept-Version": version}).status_code == 400


def test_a_write_goes_to_the_books(call: Call) -> None:
    answer = call("/enyoi/api/salesjournalentry", "POST", data=json.dumps({"AdministrationId": "x"}))
    assert answer.status_code == 400
    assert answer.get_json()["ExceptionCode"] == "DS3100"


def test_what_only_administrators_see_is_at_the_admin_center(emulator: Emulator, call: Call) -> None:
    assert call("/enyoi/api/adminlicenseinformation").status_code == 403
    headers = {"IdentityToken": emulator.sb.token("admin")}
    assert Client(emulator).get("/admin/api/organisations", headers=headers).status_code == 404
    answer = Client(emulator).get("/admin/api/adminlicenseinformation", headers=headers)
    assert [row["Name"] for row in answer.get_json()] == [
        "EnYoi Holding B.V.",
        "Atlas Interior B.V.",
        "Architectenbureau Brauw B.V.",
    ]


def test_profits_own_paths_come_first(call: Call) -> None:
    assert call("/ProfitRestServices/profitversion").status_code == 401
    assert call("/ProfitRestServices/api/vatrate").status_code == 401
    assert "IIS 404.0" in call("/elsewhere").get_data(as_text=True)
