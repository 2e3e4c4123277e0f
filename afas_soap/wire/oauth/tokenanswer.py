"""The access token response: what the token endpoint gives (RFC 6749, 5.1; authentication.md)."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

from afas_soap.profit.access.secret import Secret

_KINDS = {"bearer": "Bearer", "dpop": "DPoP"}
# Of a token without an expires_in nobody says how long it lasts; a refused one is renewed in any case.
_UNTOLD_LIFE = 300.0
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
