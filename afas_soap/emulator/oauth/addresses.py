"""URI comparison: the address a request went to, and whether two are the same one."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from werkzeug import Request

REST = "/ProfitRestServices"
TOKEN = f"{REST}/oauth/token"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_PLAIN = re.compile("[A-Za-z0-9._~-]")


def origin(request: Request) -> str:
    """Scheme, host and port as the client wrote them."""
    return f"{request.scheme}://{request.host}"


def address(request: Request) -> str:
    """The address of the request without its query, with the path as it was sent where the server tells it."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    path = urlsplit(raw).path if isinstance(raw, str) else ""
    return origin(request) + (path or quote(request.path, safe="/:@!$&'()*+,;=~"))


def same_target(one: str, other: str) -> bool:
    """Whether two addresses are one as DPoP and audiences see it: scheme and host without case, a default port or none,
    letters escaped or not (RFC 9449 4.3)."""
    first = _normal(one)
    return first is not None and first == _normal(other)


def _parts(text: str) -> SplitResult:
    """The parts of an address. Raises ``ValueError``, also for blanks and control signs, which ``urlsplit`` leaves out
    without a word."""
    if not text.isprintable() or " " in text:
        raise ValueError
    return urlsplit(text)


def _normal(text: str) -> tuple[str, str, int | None, str] | None:
    try:
        parts = _parts(text)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port or _DEFAULT_PORTS.get(parts.scheme), _ESCAPE.sub(_escape, parts.path)


def _escape(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    return sign if _PLAIN.fullmatch(sign) else match[0].upper()


def same_redirect(one: str, other: str) -> bool:
    """Whether two redirect URIs are one: scheme and host without case, path, query and port exactly
    (authentication.md).

    A port that is not written is no port, also where it would be the default one (inferred: "exactly").
    """
    first = _redirect(one)
    return first is not None and first == _redirect(other)


def _redirect(text: str) -> tuple[str, ...] | None:
    try:
        parts = _parts(text)
    except ValueError:
        return None
    if not parts.scheme or not parts.netloc or "#" in text:
        return None
    # The user part, which may be there, has a case; the host behind it has none.
    user, _, host = parts.netloc.rpartition("@")
    return parts.scheme, user, host.lower(), parts.path, parts.query, str("?" in text)
