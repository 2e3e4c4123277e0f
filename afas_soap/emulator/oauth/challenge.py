"""Challenges (``WWW-Authenticate``): 401 and its like, for bad credentials at either server (authentication.md)."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug import Response

from afas_soap.emulator.http.answers import bare, json_bytes, rest_answer
from afas_soap.emulator.oauth.refusal import OAuthRefused


def offered() -> Response:
    """To who shows nothing: both schemes, without an error."""
    return _unauthorized(("Bearer", 'DPoP algs="ES256"'))


def rejected(scheme: str, error: str = "invalid_token") -> Response:
    """To who shows a token that is not taken; ``scheme`` is ``Bearer`` or ``DPoP``."""
    return _unauthorized((f'{scheme} error="{error}"',))


def other_nonce(nonce: str, status: int) -> Response:
    """To who shows a proof without a nonce, or with one that is too old.

    400 with JSON is what AFAS tells of, 401 what RFC 9449 has for a resource server: which of them a connector sends is
    not known. In the second, another scheme stands in front of the one that matters.
    """
    if status == 400:
        return oauth_error(OAuthRefused("use_dpop_nonce", headers={"DPoP-Nonce": nonce}))
    answer = _unauthorized(("Bearer", 'DPoP error="use_dpop_nonce", algs="ES256"'))
    answer.headers["DPoP-Nonce"] = nonce
    return answer


def oauth_error(refused: OAuthRefused) -> Response:
    """A refusal of the authorization server, as JSON."""
    answer = oauth_answer(refused.document(), status=refused.status)
    answer.headers.update(refused.headers)
    return answer


def oauth_answer(document: dict[str, object] | dict[str, str], *, status: int = 200) -> Response:
    """An answer of the token endpoint, which nobody may keep."""
    answer = rest_answer(json_bytes(document, "profit7"), status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Pragma"] = "no-cache"
    return answer


def _unauthorized(challenges: Iterable[str]) -> Response:
    answer = bare(401)
    for challenge in challenges:
        answer.headers.add("WWW-Authenticate", challenge)
    return answer
