"""What an answer says about a credential, in OAuth's words: in ``WWW-Authenticate``, or as JSON (RFC 6750 and 9449).

A connector that wants a nonce says ``use_dpop_nonce``. Whether it does so as 400 with JSON, as AFAS' token endpoint
does, or as 401 in ``WWW-Authenticate``, as RFC 9449 has it, is not known, so both are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from afas_soap.errors import printable

NONCE_WANTED = "use_dpop_nonce"
TOKEN_REFUSED = "invalid_token"  # noqa: S105 - OAuth's word
NONCE_HEADER = "DPoP-Nonce"

_REFUSED = (400, 401)
_OF_TOKENS = (NONCE_WANTED, TOKEN_REFUSED, "invalid_dpop_proof", "insufficient_scope")
# A header may hold several challenges, each a scheme with parameters, all of them separated by commas.
_PARAMETER = re.compile(r'\b(error|error_description)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))', re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")


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
