"""A request as a value: what is sent, before the headers that every request has, and the media type it accepts."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Accepts(enum.Enum):
    """What kind of answer a request is content with. Its value is what the content type of a good answer holds, which
    for bytes may be any."""

    XML = "xml"
    JSON = "json"
    BYTES = ""

    @property
    def media(self) -> str:
        """What the content type of a good answer holds."""
        return self.value


class Pieces(Protocol):
    """A body that is too large to be held: its length in bytes, and its pieces, from the first one each time that they
    are asked for, since an attempt may be repeated."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``read`` is true when repeating it changes nothing at the service: the method does not tell, reads over
    SOAP are POSTs. ``sign`` is false when the credential goes another way than the ``Authorization`` header: then it
    stands in ``body``, which does not show. ``verb`` is the method where the body does not tell it. One that is not
    ``patient`` is never repeated. ``resumes`` is false for an answer that is another one each time, of which whoever
    reads it sees to a break. ``largest`` is how many bytes of body the service takes of this call, None for as
    many as of any. ``what`` is what a write is called, and ``remedy`` what to do when nobody knows what became of
    it."""

    accepts: Accepts
    operation: str
    connector: str | None
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Pieces | None = field(default=None, repr=False)
    read: bool = True
    sign: bool = True
    verb: str = ""
    patient: bool = True
    resumes: bool = True
    largest: int | None = None
    what: str = "update"
    remedy: str = ""

    @property
    def method(self) -> str:
        """A request with a body is a POST, unless it says otherwise."""
        return self.verb or ("GET" if self.body is None else "POST")

    def advice(self, service: str) -> str:
        """What is said of a write of which nobody knows what ``service`` made of it."""
        return self.remedy or (
            f"The {self.what} was sent, and whether {service} booked it is not known: look it up before you send it "
            "again."
        )

    @property
    def whole_body(self) -> bytes:
        """The body in one piece, for who shows it."""
        return self.body if isinstance(self.body, bytes) else b"".join(self.body or ())
