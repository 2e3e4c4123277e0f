"""Credentials as values: what contradicts itself is refused when it is made, and nothing secret shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from afas_soap.errors import SettingsError
from afas_soap.profit.access.credentials import (
    ALGORITHMS,
    ASSERTION_TYPES,
    AuthorizationCode,
    ClientCertificate,
    ClientCredentials,
    ClientSecret,
    PrivateKey,
)
from afas_soap.profit.access.secret import Secret

SECRET = Secret("geheim-0123456789")
REDIRECT = "http://localhost:8321/callback"


def test_what_a_client_assertion_may_be() -> None:
    """AFAS takes three algorithms and two types (authentication.md)."""
    assert ALGORITHMS == ("RS256", "PS256", "ES256")
    assert ASSERTION_TYPES == ("JWT", "client-authentication+jwt")
    for algorithm in (None, *ALGORITHMS):
        for kind in ASSERTION_TYPES:
            assert PrivateKey(SECRET, algorithm=algorithm, type=kind).type == kind


def test_another_algorithm_is_refused() -> None:
    with pytest.raises(SettingsError, match="algorithm: AFAS takes RS256, PS256, ES256"):
        PrivateKey(SECRET, algorithm="HS256")


def test_another_type_is_refused() -> None:
    with pytest.raises(SettingsError, match="assertion type: AFAS takes JWT and client-authentication"):
        PrivateKey(SECRET, type="jwt")


def test_the_usual_forms() -> None:
    assert ClientSecret(SECRET).basic is False
    key = PrivateKey(SECRET)
    assert (key.key_id, key.algorithm, key.type, key.to_base) == (None, None, "JWT", False)
    assert ClientCredentials("a", key).dpop is False
    assert AuthorizationCode("a", REDIRECT, key).dpop is False


def test_a_public_client_needs_dpop() -> None:
    with pytest.raises(SettingsError, match="needs DPoP"):
        AuthorizationCode("a", REDIRECT)
    assert AuthorizationCode("a", REDIRECT, dpop=True).proof is None


@pytest.mark.parametrize(
    "uri",
    ["", "localhost:8321/callback", "ftp://localhost/", "http:///callback", f"{REDIRECT}#x", "http://[", "http://h:x"],
)
def test_what_is_no_redirect_uri_is_refused(uri: str) -> None:
    with pytest.raises(SettingsError, match="redirect_uri: an address such as"):
        AuthorizationCode("a", uri, ClientSecret(SECRET))


@pytest.mark.parametrize("uri", [REDIRECT, "https://example.nl/x?y=z", "http://[::1]:8321"])
def test_redirect_uris(uri: str) -> None:
    assert AuthorizationCode("a", uri, ClientSecret(SECRET)).redirect_uri == uri


def test_nothing_secret_shows() -> None:
    for value in (ClientCredentials("a", ClientSecret(SECRET)), AuthorizationCode("a", REDIRECT, PrivateKey(SECRET))):
        assert "geheim" not in repr(value)
        assert "hidden" in repr(value)


def test_a_certificate_is_two_files() -> None:
    assert ClientCertificate(Path("a.pem"), Path("b.pem")).key == Path("b.pem")
