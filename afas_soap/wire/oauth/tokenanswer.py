"""The access token response: what the token endpoint gives (RFC 6749, 5.1; authentication.md)."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from afas_soap.profit.access.secret import Secret

_KINDS = {"bearer": "Bearer", "dpop": "DPoP"}
# Of a token without an expires_in nobody says how long it lasts; a refused one is renewed in any case.
_UNTOLD_LIFE = 300.0
# An access token for an app token of SB lasts "about 10 minutes" (small-business.md 1).
_APP_LIFE = 600.0
# Nothing is known of one that lasts longer than a year, and a time that no calendar has helps nobody.
_LONGEST_LIFE = 366 * 86400.0


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token endpoint gave. ``kind`` is ``Bearer`` or ``DPoP``, ``expires_in`` in seconds."""

    access_token: Secret
    kind: str
    expires_in: float
    refresh_token: Secret | None = None


def granted(body: bytes) -> Grant | None:
    """The grant in the body of a success, None for what is none. Nothing is raised: the names here stand for what is
    secret, and an error of JSON holds the whole text."""
    try:
        members = json.loads(body)
        refresh = members.get("refresh_token")
        return Grant(
            Secret(_token(members.get("access_token")), "access token"),
            _KINDS[str(members.get("token_type")).lower()],
            _life(members.get("expires_in")),
            Secret(_token(refresh), "refresh token") if refresh is not None else None,
        )
    except (AttributeError, LookupError, RecursionError, ValueError):
        # AttributeError: JSON, and no object.
        return None


def app_granted(body: bytes) -> Grant | None:
    """The token that SB gives for an app token, None for what is none. The shape of that answer is documented nowhere
    (small-business.md 8): taken are a JSON text, and an object with the token under one of its likely names. Nothing is
    raised, as above."""
    try:
        found = json.loads(body)
        members = found if isinstance(found, dict) else {"token": found}
        told = {str(name).lower().replace("_", ""): value for name, value in members.items()}
        text = next(told[name] for name in ("accesstoken", "identitytoken", "token") if name in told)
        life = told.get("expiresin")
        return Grant(Secret(_token(text), "access token"), "Bearer", _APP_LIFE if life is None else _life(life))
    except (RecursionError, StopIteration, ValueError):
        return None


def _token(value: object) -> str:
    if not isinstance(value, str) or not value or not all("!" <= sign <= "~" for sign in value):
        raise ValueError
    return value


def _life(value: object) -> float:
    if value is None:
        return _UNTOLD_LIFE
    seconds = float(str(value))
    if not math.isfinite(seconds) or seconds <= 0:
        raise ValueError
    return min(seconds, _LONGEST_LIFE)
