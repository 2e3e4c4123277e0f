"""What an answer says in OAuth's words, wherever it says it."""

from __future__ import annotations

import pytest

from afas_soap.wire.oauth.challenge import OAuthError, credential_error, oauth_error, refused


@pytest.mark.parametrize(
    ("header", "error", "description"),
    [
        ('Bearer error="invalid_token"', "invalid_token", None),
        ("Bearer error=invalid_token", "invalid_token", None),
        ('DPoP error="invalid_token", error_description="Not \\"the\\" key"', "invalid_token", 'Not "the" key'),
        ('Bearer realm="a, b=c", DPoP algs="ES256", error="use_dpop_nonce"', "use_dpop_nonce", None),
        # The wish for a nonce is the one that can be met.
        ('Bearer error="invalid_token", DPoP error="use_dpop_nonce", error_description="x"', "use_dpop_nonce", "x"),
        ('DPoP error="use_dpop_nonce", Bearer error="invalid_token"', "use_dpop_nonce", None),
        ('bearer ERROR = "invalid_token"', "invalid_token", None),
        ('Bearer error="in\tvalid\x1b[0m"', "in valid [0m", None),
    ],
)
def test_in_the_header(header: str, error: str, description: str | None) -> None:
    assert oauth_error(401, {"WWW-Authenticate": header}, b"") == OAuthError(error, description)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"error":"use_dpop_nonce"}', OAuthError("use_dpop_nonce")),
        (b'{"error":"invalid_grant","error_description":"Used\\nup"}', OAuthError("invalid_grant", "Used up")),
        (b'{"error":"x","error_description":7}', OAuthError("x")),
        (b'{"error":7}', None),
        (b'{"error":""}', None),
        (b'["error"]', None),
        (b"", None),
        (b"<html>error=1</html>", None),
        (b"\xff", None),
        (b"[" * 200_000, None),
        (b'{"error":' * 100_000, None),
        # AFAS' own.
        (b'{"externalMessage":"Nee","errorNumber":1}', None),
    ],
)
def test_in_the_body(body: bytes, found: OAuthError | None) -> None:
    assert oauth_error(400, {}, body) == found


@pytest.mark.parametrize("header", ["", "Bearer, DPoP", 'Basic realm="error"', 'Bearer error=""'])
def test_an_offer_is_no_error(header: str) -> None:
    """Without credentials AFAS offers both schemes, and no error code."""
    assert oauth_error(401, {"WWW-Authenticate": header}, b"") is None


@pytest.mark.parametrize("status", [200, 403, 500, 503])
def test_other_statuses_say_nothing_about_a_credential(status: int) -> None:
    """503 is the replay store that is down: it is never a bad token."""
    header = {"WWW-Authenticate": 'DPoP error="invalid_token"'}
    assert oauth_error(status, header, b'{"error":"invalid_token"}') is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error":"use_dpop_nonce"}', "use_dpop_nonce"),
        (b'{"error":"invalid_token"}', "invalid_token"),
        # Of whoever stands in front of Profit, say: that says nothing about what became of a write.
        (b'{"status":400,"error":"Bad Request"}', None),
        (b'{"error":"server_error"}', None),
    ],
)
def test_a_connector_may_have_errors_of_its_own(body: bytes, error: str | None) -> None:
    found = credential_error(400, {}, body)
    assert (None if found is None else found.error) == error
    told = credential_error(401, {"WWW-Authenticate": 'Bearer error="something_new"'}, body)
    assert told is not None
    assert told.error == ("use_dpop_nonce" if error == "use_dpop_nonce" else "something_new")


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
