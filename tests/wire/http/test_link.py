"""Addresses that may get a credential, and those that must not."""

from __future__ import annotations

import logging

import pytest

from afas_soap.errors import SettingsError
from afas_soap.wire.http.link import Link, check_addresses, is_loopback, shown
from afas_soap.wire.profit.classic import ClassicAuthorizer


def _link(url: str, *, allow_http: bool = False) -> Link:
    return Link(soap_url=url, rest_url="", environment="x", allow_http=allow_http)


@pytest.mark.parametrize(
    "url",
    [
        "https://12345.soap.afas.online/profitservices",
        "http://localhost:8080/ProfitServices",
        "http://127.0.0.1:8080/ProfitServices",
        "http://127.9.9.9/ProfitServices",
        "http://[::1]:80/ProfitServices",
    ],
)
def test_https_and_loopback_are_fine(url: str, caplog: pytest.LogCaptureFixture) -> None:
    check_addresses(_link(url))
    assert not caplog.records


@pytest.mark.parametrize(
    "url",
    [
        "http://12345.soap.afas.online/profitservices",
        "http://10.0.0.1/x",
        "http://localhost.example.nl/x",
        # A name that a resolver may ask the network for.
        "http://profit.localhost/x",
        # Other spellings of this machine, which libraries read differently.
        "http://127.1/x",
        "http://0x7f.1/x",
        "http://127.0.0.1.example.nl/x",
    ],
)
def test_other_http_is_refused_before_any_call(url: str) -> None:
    with pytest.raises(SettingsError, match="use https, or say allow_http"):
        check_addresses(_link(url))


def test_allowed_http_warns(caplog: pytest.LogCaptureFixture) -> None:
    check_addresses(_link("http://server:8080/ProfitServices", allow_http=True))
    assert [(record.levelno, record.name) for record in caplog.records] == [(logging.WARNING, "afas_soap.wire")]
    assert "soap_url is http" in caplog.text


@pytest.mark.parametrize(
    "url",
    ["ftp://host/x", "12345.soap.afas.online", "https://", "https://host:99999/x", "https://host:0/x", "https://["],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="soap_url: an address looks like"):
        check_addresses(_link(url))


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="no user name or password") as caught:
        check_addresses(_link("https://user:geheim@host/x"))
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://host/x?wsdl", "https://host/x#part"])
def test_an_address_ends_before_its_query(url: str) -> None:
    with pytest.raises(SettingsError, match="https://host/x is enough"):
        check_addresses(_link(url))


def test_the_rest_address_is_checked_as_well() -> None:
    with pytest.raises(SettingsError, match="rest_url"):
        check_addresses(Link(soap_url="", rest_url="http://host/x", environment="x"))


def test_loopback_is_told_by_address_not_by_looks() -> None:
    assert not is_loopback("http://127.0.0.1.example.nl/")
    assert not is_loopback("http://128.0.0.1/")
    assert is_loopback("http://LOCALHOST/")


def test_a_shown_address_has_no_query_and_no_user() -> None:
    assert shown("https://user:geheim@host:8443/a/b?filtervalues=Jansen#x") == "https://host:8443/a/b"
    assert shown("http://[::1]:81/a") == "http://[::1]:81/a"


def test_a_link_does_not_show_its_token() -> None:
    from afas_soap.profit.access.token import AfasToken

    link = Link(
        soap_url="", rest_url="", environment="x", authorizer=ClassicAuthorizer(AfasToken("0123456789ABCDEF" * 4))
    )
    assert "0123456789" not in repr(link)
