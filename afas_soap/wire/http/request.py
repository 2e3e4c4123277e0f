"""A request as a value: what is sent, before the headers that every request has, and the media type it accepts."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


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


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``read`` is true when repeating it changes nothing at the service: the method does not tell, reads over
    SOAP are POSTs. ``sign`` is false when the credential goes another way than the ``Authorization`` header: then it
    stands in ``body``, which does not show. ``verb`` is the method where the body does not tell it. One that is not
    ``patient`` is never repeated."""

    accepts: Accepts
    operation: str
    connector: str | None
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    read: bool = True
    sign: bool = True
    verb: str = ""
    patient: bool = True

    @property
    def method(self) -> str:
        """A request with a body is a POST, unless it says otherwise."""
        return self.verb or ("GET" if self.body is None else "POST")
