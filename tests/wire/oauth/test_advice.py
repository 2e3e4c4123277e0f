"""OAuth's errors keep their words and say what to do."""

from __future__ import annotations

import pytest

from afas_soap.wire.oauth.advice import refused
from afas_soap.wire.oauth.challenge import OAuthError


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        ("invalid_client", "a secret lives 180 days"),
        ("invalid_grant", "afas auth login"),
        ("invalid_request", "redirect_uri"),
        ("unauthorized_client", "authentication type"),
        ("unsupported_grant_type", "Profit's version"),
        ("access_denied", "ask for the rights"),
        ("invalid_dpop_proof", "clock"),
        ("use_dpop_nonce", "try again later"),
        ("invalid_token", "another environment"),
        ("insufficient_scope", "rights"),
        ("server_error", "try again later"),
        ("temporarily_unavailable", "try again later"),
        ("something_new", "Check the app connector"),
    ],
)
def test_every_error_says_what_to_do(error: str, advice: str) -> None:
    found = refused(OAuthError(error, "Zo zegt AFAS het."))
    assert (found.error, found.error_description) == (error, "Zo zegt AFAS het.")
    assert found.message.startswith(f"AFAS said no ({error}: Zo zegt AFAS het). ")
    assert advice in found.message


def test_without_a_description() -> None:
    found = refused(OAuthError("invalid_client"))
    assert found.message.startswith("AFAS said no (invalid_client). ")
    assert found.error_description is None


def test_a_clock_that_may_be_the_cause_is_named() -> None:
    assert refused(OAuthError("invalid_client"), "The clock is off.").message.endswith(" The clock is off.")
