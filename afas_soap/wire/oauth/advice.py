"""OAuth's errors -> ``SignInError``, with AFAS' own words and what to do (RFC 6749 and 9449; authentication.md)."""

from __future__ import annotations

from collections.abc import Mapping

from afas_soap.errors import SignInError
from afas_soap.wire.oauth.challenge import OAuthError

_AGAIN = "Sign in again: 'afas auth login'."
_ADVICE: Mapping[str, str] = {
    "invalid_client": (
        "The client is not known here, or it did not prove itself: check client_id and the environment; a secret lives "
        "180 days unless the app connector says otherwise, a private key must belong to the certificate or JWKS that "
        "the app connector has, and one of type classic takes no OAuth."
    ),
    "invalid_grant": f"The code or refresh token was used before, ran out, or is another client's. {_AGAIN}",
    "invalid_request": (
        "AFAS misses something or found it twice: check redirect_uri against the app connector, and that the client "
        "proves itself in one way only."
    ),
    "unauthorized_client": (
        "The app connector does not allow this kind of signing in: check auth, for a person's client is no service's, "
        "and the app connector's authentication type."
    ),
    "unsupported_grant_type": "This Profit does not know this kind of signing in: check auth, and Profit's version.",
    "access_denied": "Whoever signed in did not allow it, or may not: try again, or ask for the rights.",
    "invalid_dpop_proof": "The proof was not accepted: check this machine's clock, and the addresses against AFAS'.",
    "use_dpop_nonce": (
        "The server wanted another nonce each time: try again later; a client without dpop has to set that."
    ),
    "invalid_token": (
        "The access token was refused, and a new one as well: it may be of another environment, or the app connector "
        "does not take OAuth (its authentication type must be OAuth or hybrid)."
    ),
    "insufficient_scope": "The token does not allow this call: check the rights of the app connector's user.",
    "server_error": "AFAS' own fault: try again later.",
    "temporarily_unavailable": "AFAS is busy: try again later.",
}
_UNKNOWN = "Check the app connector in Profit."


def refused(found: OAuthError, complaint: str = "") -> SignInError:
    """The error for AFAS' words; ``complaint`` is a sentence about our clock, which may be the cause."""
    said = f"{found.error}: {found.description}" if found.description else found.error
    sentences = (f"AFAS said no ({said.removesuffix('.')}).", _ADVICE.get(found.error, _UNKNOWN), complaint)
    return SignInError(" ".join(filter(None, sentences)), error=found.error, error_description=found.description)
