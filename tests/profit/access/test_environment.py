"""Addresses and ids, all literals from profit-wire 1.1 and 6.3."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afas_soap.errors import SettingsError
from afas_soap.profit.access.environment import Environment, EnvironmentKind, check_integration_id


@pytest.mark.parametrize(
    ("text", "soap", "rest", "name"),
    [
        (
            "12345",
            "https://12345.soap.afas.online/profitservices",
            "https://12345.rest.afas.online/profitrestservices",
            "12345",
        ),
        (
            "12345-test",
            "https://12345.soaptest.afas.online/profitservices",
            "https://12345.resttest.afas.online/profitrestservices",
            "12345-test",
        ),
        (
            "123456-accept",
            "https://123456.soapaccept.afas.online/profitservices",
            "https://123456.restaccept.afas.online/profitrestservices",
            "123456-accept",
        ),
        (
            "12345-cursus",
            "https://12345.soapcursus.afas.online/profitservices",
            "https://12345.restcursus.afas.online/profitrestservices",
            "12345-cursus",
        ),
    ],
)
def test_addresses(text: str, soap: str, rest: str, name: str) -> None:
    """The number and the kind stand in the host name; the path is AFAS' own."""
    environment = Environment.parse(text)
    assert (environment.soap_url, environment.rest_url, environment.name) == (soap, rest, name)


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("O12345AA", "12345", EnvironmentKind.PRODUCTION),
        ("T12345AB", "12345", EnvironmentKind.TEST),
        ("A123456AC", "123456", EnvironmentKind.ACCEPT),
        ("o12345aa", "12345", EnvironmentKind.PRODUCTION),
        (" 12345-TEST\n", "12345", EnvironmentKind.TEST),
        ("12345-production", "12345", EnvironmentKind.PRODUCTION),
        ("1234", "1234", EnvironmentKind.PRODUCTION),
        ("1234567", "1234567", EnvironmentKind.PRODUCTION),
    ],
)
def test_forms(text: str, number: str, kind: EnvironmentKind) -> None:
    """Names and ids, in either case, with blanks around them; only the digits of an id go into the host name."""
    assert Environment.parse(text) == Environment(number, kind)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-test",
        "123",
        "12345678",
        "12345-live",
        "12345-",
        "X12345AA",
        "O12345A",
        "O12345",
        "12345 test",
        "１２３４５",
    ],
)
def test_refused(text: str) -> None:
    """Anything else is refused, and the message lists what is accepted."""
    with pytest.raises(SettingsError, match=r"environment.*12345-accept.*O12345AA"):
        Environment.parse(text)


def test_a_token_in_the_wrong_place_is_not_repeated() -> None:
    """Somebody who swaps two variables must not find the token in a log."""
    with pytest.raises(SettingsError) as caught:
        Environment.parse("ab" * 32)
    assert "abab" not in str(caught.value)
    with pytest.raises(SettingsError) as caught:
        check_integration_id("ab" * 32)
    assert "abab" not in str(caught.value)


@pytest.mark.parametrize("text", ["12345_123456", "1_2", " 12345_123456 "])
def test_integration_id(text: str) -> None:
    """Subscription number, underscore, project number."""
    assert check_integration_id(text) == text.strip()


@pytest.mark.parametrize("text", ["", "12345", "_1", "1_", "1_2_3", "1__2", "a_1", "1-2", "１_２", "1_2\nX: y"])
def test_integration_id_refused(text: str) -> None:
    """The message shows the form; a line break, which would make a second header, is refused too."""
    with pytest.raises(SettingsError, match=r"integration_id.*12345_123456"):
        check_integration_id(text)


@given(st.text())
def test_any_text_is_an_environment_or_a_settings_error(text: str) -> None:
    """No text gets past into a host name that holds anything but digits."""
    try:
        environment = Environment.parse(text)
    except SettingsError:
        return
    assert environment.number.isascii()
    assert environment.number.isdigit()
    assert Environment.parse(environment.name) == environment


@pytest.mark.parametrize("name", ["12345", "12345-test", "12345-accept", "12345-cursus"])
def test_an_environment_is_known_by_either_of_its_hosts(name: str) -> None:
    environment = Environment.parse(name)
    for url in (environment.soap_url, environment.rest_url):
        assert Environment.of_host(urlsplit(url).hostname or "") == environment
    for host in ("profit.example", "12345.soap.afas.online.example", "x12345.rest.afas.online", ""):
        assert Environment.of_host(host) is None
