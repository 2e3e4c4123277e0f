"""What is sent, before headers that every request has."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Speaks(enum.Enum):
    """What kind of answer a request is content with, and what to call it."""

    SOAP = "SOAP"
    REST = "REST"

    @property
    def setting(self) -> str:
        """The setting that holds this protocol's address."""
        return "soap_url" if self is Speaks.SOAP else "rest_url"

    @property
    def media(self) -> str:
        """What the content type of a good answer holds."""
        return "xml" if self is Speaks.SOAP else "json"


@dataclass(frozen=True, slots=True)
class Request:
    """One call. ``read`` is true when repeating it changes nothing in Profit: the method does not tell, SOAP reads are
    POSTs. ``sign`` is false when the credential goes another way than the ``Authorization`` header: then it
    stands in ``body``, which does not show. ``verb`` is the method where the body does not tell it. One that is not
    ``patient`` is never repeated."""

    speaks: Speaks
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
