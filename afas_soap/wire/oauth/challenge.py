"""Challenges: what an answer says about a credential in OAuth's words (RFC 6749, 6750 and 9449), and what to do.

They stand in ``WWW-Authenticate``, or in JSON. AFAS' own words go along in the error (authentication.md).

A connector that wants a nonce says ``use_dpop_nonce``. Whether it does so as 400 with JSON, as AFAS' token endpoint
does, or as 401 in ``WWW-Authenticate``, as RFC 9449 has it, is not known, so both are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from afas_soap.errors import SignInError, printable
from afas_soap.limits import SECRET_DAYS

NONCE_WANTED = "use_dpop_nonce"
TOKEN_REFUSED = "invalid_token"  # noqa: S105 - OAuth's word
NONCE_HEADER = "DPoP-Nonce"

_REFUSED = (400, 401)
_OF_TOKENS = (NONCE_WANTED, TOKEN_REFUSED, "invalid_dpop_proof", "insufficient_scope")
# A header may hold several challenges, each a scheme with parameters, all of them separated by commas.
_PARAMETER = re.compile(r'\b(error|error_description)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))', re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")

_AGAIN = "Sign in again: 'afas auth login'."
_ADVICE: Mapping[str, str] = {
    "invalid_client": (
        "The client is not known here, or it did not prove itself: check client_id and the environment; a secret lives "
        f"{SECRET_DAYS} days unless the app connector says otherwise, a private key must belong to the certificate or "
        "JWKS that the app connector has, and one of type classic takes no OAuth."
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


@dataclass(frozen=True, slots=True)
class OAuthError:
    """``error`` and, where there is one, ``error_description``, each on one line."""

    error: str
    description: str | None = None


def oauth_error(status: int, headers: Mapping[str, str], body: bytes) -> OAuthError | None:
    """The error in an answer of the token endpoint, None when there is none in OAuth's words. A wish for a nonce is
    taken first: an answer may offer several schemes, and only one of them the reason."""
    return _first(status, [*_in_header(headers.get("WWW-Authenticate", "")), *_in_json(body)])


def credential_error(status: int, headers: Mapping[str, str], body: bytes) -> OAuthError | None:
    """The same in the answer of a connector. Any service may call a member of its JSON ``error``, which says nothing
    about what became of a write: there only what OAuth says of an access token counts."""
    told = [one for one in _in_json(body) if one.error in _OF_TOKENS]
    return _first(status, [*_in_header(headers.get("WWW-Authenticate", "")), *told])


def refused(found: OAuthError, complaint: str = "") -> SignInError:
    """The error for AFAS' words; ``complaint`` is a sentence about our clock, which may be the cause."""
    said = f"{found.error}: {found.description}" if found.description else found.error
    sentences = (f"AFAS said no ({said.removesuffix('.')}).", _ADVICE.get(found.error, _UNKNOWN), complaint)
    return SignInError(" ".join(filter(None, sentences)), error=found.error, error_description=found.description)


def _first(status: int, found: list[OAuthError]) -> OAuthError | None:
    if status not in _REFUSED:
        return None
    wanted = [one for one in found if one.error == NONCE_WANTED]
    return next(iter(wanted + found), None)


def _in_header(header: str) -> Iterator[OAuthError]:
    error: str | None = None
    description: str | None = None
    for match in _PARAMETER.finditer(header):
        value = _ESCAPED.sub(r"\1", match[2]) if match[2] is not None else match[3]
        if match[1].lower() == "error_description":
            description = printable(value)
            continue
        if error is not None:
            yield OAuthError(error, description)
            description = None
        error = printable(value)
    if error:
        yield OAuthError(error, description)


def _in_json(body: bytes) -> Iterator[OAuthError]:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return
    error = members.get("error") if isinstance(members, dict) else None
    if isinstance(error, str) and error:
        description = members.get("error_description")
        yield OAuthError(printable(error), printable(description) if isinstance(description, str) else None)
