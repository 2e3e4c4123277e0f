"""The judge that a transport is handed (dependency inversion): what an answer means, only its service can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from afas_soap.errors import AfasError
from afas_soap.wire.http.request import Request

_OK = range(200, 300)


def is_success(status: int) -> bool:
    """Whether the body is what was asked for."""
    return status in _OK


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is no success: its status, headers, and body up to a limit with secrets masked; ``ended`` is
    whether that came to its end."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    trace_id: str | None
    ended: bool = True

    @property
    def media(self) -> str:
        """The content type without its parameters, in small letters."""
        return media_type(self.headers.get("Content-Type", ""))


def media_type(content_type: str) -> str:
    """A content type without its parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()


class Judge(Protocol):
    """A service, as far as the wire has to know it. It asks nobody and keeps nothing."""

    @property
    def service(self) -> str:
        """Its name, for messages."""
        ...

    @property
    def trace_header(self) -> str:
        """The header of its answers that names a call in its own log."""
        ...

    def check(self, request: Request) -> None:
        """Raise ``UpdateError`` for a write that the service would not take, before it is sent."""
        ...

    def error(self, request: Request, answered: Answered, environment: str) -> AfasError:
        """The error that an answer which is no success stands for; of a write it says what became of that."""
        ...

    def wrong_content(self, request: Request, status: int, media: str, beginning: bytes) -> AfasError | None:
        """The error for a success that is not what the request accepts, None when it is. ``media`` is its content type,
        ``beginning`` the first of its body."""
        ...

    def passes(self, error: AfasError) -> bool:
        """Whether a refusal has a reason that passes, so that a write may be sent again for as long as one likes."""
        ...
