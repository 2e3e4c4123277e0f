"""What the addresses tell before anybody is asked."""

from __future__ import annotations

import pytest

from afas_soap.doctor.addresses import addresses, environment_asked
from afas_soap.doctor.finding import Finding, Grade
from afas_soap.errors import SettingsError
from afas_soap.profit.access.environment import Environment
from afas_soap.settings import Settings, resolve

DATA = "FEDCBA9876543210" * 4
SOAP = "https://12345.soaptest.afas.online/profitservices"
REST = "https://12345.resttest.afas.online/profitrestservices"


def settings(**given: object) -> Settings:
    return resolve({"token": DATA, **given}, {})


def found(**given: object) -> dict[str, Finding]:
    return {one.check: one for one in addresses(settings(**given))}


def test_addresses_of_an_environment_are_right() -> None:
    right = found(environment="12345-test")
    assert {check: one.weight for check, one in right.items()} == {"addresses": Grade.OK, "environment": Grade.OK}
    assert SOAP in right["addresses"].message
    assert "12345-test (test)" in right["environment"].message


def test_swapped_addresses_are_each_an_error() -> None:
    both = list(addresses(settings(soap_url=REST, rest_url=SOAP)))
    assert [one.check for one in both] == ["addresses", "addresses", "environment"]
    assert [type(one.error) for one in both[:2]] == [SettingsError, SettingsError]
    assert "soap_url holds the address of the REST services" in both[0].message
    assert "rest_url holds the address of the SOAP services" in both[1].message
    assert "Swap" in both[0].remedy


def test_swapped_paths_on_a_host_of_ones_own_are_seen() -> None:
    assert found(soap_url="http://127.0.0.1:1/ProfitRestServices")["addresses"].weight is Grade.ERROR


@pytest.mark.parametrize("host", ["profit.restaurant.example", "www.soaps.example", "my.rest.example"])
def test_a_host_of_ones_own_may_have_any_name(host: str) -> None:
    """Only AFAS' own hosts tell by their name whose address they are."""
    for given in (
        {"soap_url": f"https://{host}/profitservices"},
        {"rest_url": f"https://{host}/ProfitRestServices", "protocol": "rest"},
    ):
        assert found(**given)["addresses"].weight is Grade.OK


@pytest.mark.parametrize("kind", ["", "test", "accept", "cursus"])
def test_a_host_of_afas_tells_whatever_the_path(kind: str) -> None:
    assert found(soap_url=f"https://12345.rest{kind}.afas.online/x")["addresses"].weight is Grade.ERROR
    other = {"rest_url": f"https://12345.soap{kind}.AFAS.online/x", "protocol": "rest"}
    assert found(**other)["addresses"].weight is Grade.ERROR


def test_an_address_of_another_environment_is_an_error() -> None:
    other = found(environment="12345", rest_url=REST)["environment"]
    assert other.weight is Grade.ERROR
    assert "rest_url leads to 12345-test, and 12345 is meant" in other.message
    assert "soap_url" in found(soap_url=SOAP, rest_url="https://54321.resttest.afas.online/x")["environment"].remedy


def test_a_host_of_ones_own_is_a_note() -> None:
    assert found(soap_url="http://127.0.0.1:1/ProfitServices")["environment"].weight is Grade.NOTE
    beside = found(environment="12345", soap_url="http://127.0.0.1:1/ProfitServices")["environment"]
    assert beside.weight is Grade.NOTE
    assert "soap_url is not AFAS' own" in beside.message


def test_which_environment_is_meant_follows_from_its_addresses() -> None:
    assert environment_asked(settings(soap_url=SOAP)) == Environment.parse("12345-test")
    assert environment_asked(settings(soap_url="http://127.0.0.1/x")) is None
