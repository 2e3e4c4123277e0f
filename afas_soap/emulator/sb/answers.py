"""HTTP responses of SB as they leave: its headers, its JSON, and its error bodies. Source: small-business.md 3.1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from werkzeug import Response

JSON = "application/json"

_HEADERS = (
    ("Server", "nginx"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-XSS-Protection", "1; mode=block"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Strict-Transport-Security", "max-age=300"),
)

USER_FILTER = "Ongeldig gebruikersfilter."
NO_USER = "Er is geen ingelogde gebruiker."
NO_RIGHTS = "De ingelogde gebruiker heeft niet voldoende rechten."
# Not documented: that there is nothing, and what of a request makes no sense (inferred).
NOTHING_HERE = "De gevraagde resource bestaat niet."


class SbRefusedError(Exception):
    """A request that SB refuses, with the members of its error body. ``allowed`` are the methods for a 405."""

    def __init__(self, status: int, message: str, kind: str, allowed: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.allowed = allowed


def not_signed_in() -> SbRefusedError:
    """Nobody is signed in, or no longer."""
    return SbRefusedError(401, NO_USER, "NotAuthenticatedException")


def no_rights() -> SbRefusedError:
    """Somebody is signed in who may not do this."""
    return SbRefusedError(403, NO_RIGHTS, "NotAuthorizedException")


def not_found() -> SbRefusedError:
    """There is nothing at this address."""
    return SbRefusedError(404, NOTHING_HERE, "NotFoundException")


def not_allowed(allowed: str) -> SbRefusedError:
    """Something is here, and takes other methods; the text is inferred."""
    return SbRefusedError(405, "De methode wordt niet ondersteund.", "MethodNotAllowedException", allowed)


def bad(message: str) -> SbRefusedError:
    """A request that the user got wrong."""
    return SbRefusedError(400, message, "AntaUserException")


def bad_filter() -> SbRefusedError:
    """A filter that is none: whatever is wrong with it, SB says the same."""
    return bad(USER_FILTER)


def answered(body: bytes | Iterator[bytes], status: int = 200, *, version: str = "1", media: str = JSON) -> Response:
    """An answer of SB. One in pieces is chunked, and of one piece the length is told."""
    answer = Response(body, status=status, headers=list(_HEADERS), content_type=media)
    answer.headers["Content-Version"] = version
    if isinstance(body, bytes):
        answer.content_length = len(body)
    return answer


def refused(refusal: SbRefusedError, reference: str) -> Response:
    """The documented error body. ``StatusCode`` of a 404 is text there (3.1)."""
    body = {
        "StatusCode": str(refusal.status) if refusal.status == 404 else refusal.status,
        "Message": refusal.message,
        "TraceId": reference.lower(),
        "AdditionalInfo": {"ExceptionType": refusal.kind},
    }
    answer = answered(spelt(body), refusal.status)
    if refusal.allowed:
        answer.headers["Allow"] = refusal.allowed
    return answer


def empty(status: int) -> Response:
    """An answer without a body, as a fault of the server has it."""
    return answered(b"", status)


def spelt(value: object) -> bytes:
    """``value`` as JSON; a ``Decimal`` is a number, with the digits that it has."""
    return spelling(value).encode()


def spelling(value: object) -> str:
    """``spelt`` as text."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        members = (f"{json.dumps(str(name), ensure_ascii=False)}:{spelling(one)}" for name, one in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(spelling, value))}]"
    return json.dumps(value, ensure_ascii=False)
